"""Every point of the mission that is about people and phones has a story, and docs/stories.md knows where."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

TOLD = Path("docs/stories.md")
POINTS = (*range(1, 14), 15, 19, 20)
FILES = ("test_a_team_by_night", "test_a_team_round_the_year", "test_audience", "test_clock_change_nights")
STORY = re.compile(r"`(tests/\S+?\.py)::(test_\w+)`")


def _marked() -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for name in FILES:
        module = importlib.import_module(f"tests.scenarios.{name}")
        for story in vars(module).values():
            for number in getattr(story, "points", ()):
                found.setdefault(number, set()).add(story.__name__)
    return found


@pytest.mark.parametrize("number", POINTS)
def test_each_point_has_a_story_that_is_marked_with_its_number(number: int) -> None:
    assert _marked().get(number), f"no story is marked @point({number})"


def test_the_table_names_stories_that_are_there_and_all_that_are_marked() -> None:
    rows = {int(m[1]): m[2] for m in re.finditer(r"^\| (\d+) \|(.*)$", TOLD.read_text(), re.MULTILINE)}
    assert set(POINTS) <= set(rows)
    for row in rows.values():
        for file, name in STORY.findall(row):
            assert re.search(rf"^(async )?def {name}\(", Path(file).read_text(), re.MULTILINE), f"{file} has no {name}"
    for number, names in _marked().items():
        missing = {name for name in names if name not in rows[number]}
        assert not missing, f"point {number} has stories that the table does not name: {missing}"
