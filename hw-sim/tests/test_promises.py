"""docs/hw-sim.md keeps its word: a hundred points, each with a test that is there; scenes and types by their names."""

import re
from pathlib import Path

from hwsim.personality import PERSONALITIES
from hwsim.shelf import ORDER, sentence

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "hw-sim.md").read_text("utf-8")
ROW = re.compile(r"^\| (\d+) \| .* \| (test_\w+\.py): `(test_\w+)` \|$", re.MULTILINE)


def test_each_of_the_hundred_points_names_a_test_that_is_there():
    rows = ROW.findall(PAGE)
    assert [int(number) for number, _, _ in rows] == list(range(1, 101))
    for number, file, test in rows:
        assert re.search(rf"^(async )?def {test}\(", (HERE / file).read_text("utf-8"), re.MULTILINE), number


def test_all_scenes_and_types_are_told():
    assert all(f"| `{name}` | {sentence(name)} |" in PAGE for name in ORDER)
    assert [name for name in PERSONALITIES if f"`{name}`" not in PAGE] == []


def test_the_example_in_virtual_time_runs():
    [example] = [block for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if "VirtualLoop" in block]
    exec(compile(example, "docs/hw-sim.md", "exec"), {})
