"""The scenes that come with hwsim, by name. The first line of each file says what it is."""

from __future__ import annotations

from pathlib import Path

SHELF = Path(__file__).with_name("scenes")
ORDER = (
    "quiet-night", "late-answers", "dying-stick", "weak-hub", "odd-post", "mixed-fleet", "prepaid", "lying-network",
    "tired-people", "pager-bureau",
)  # fmt: skip


def scene_file(name: str) -> Path:
    """The file of a ready scene; anything that is no name of one is taken for a path."""
    return SHELF / f"{name}.toml" if name in ORDER else Path(name)


def sentence(name: str) -> str:
    """What the scene is."""
    return scene_file(name).read_text("utf-8").partition("\n")[0].removeprefix("# ")


def menu() -> str:
    """All of them, a line or two each, for --help."""
    return "".join([f"  {name:14} {sentence(name)}\n" for name in ORDER])
