"""gatewayd/ARCHITECTURE.md leads to files that are there, and has the floors that are checked."""

from __future__ import annotations

import asyncio
import re
import tomllib
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import pytest

from gatewayd.config.file import parse
from gatewayd.daemon import Daemon
from gatewayd.oncall import languages
from tests.pure.test_config import MINIMAL

REPOSITORY = Path(__file__).parents[2]
ONCALL = REPOSITORY / "gatewayd" / "oncall"
LANGUAGES = set(languages.LANGUAGES)
PAGE = (REPOSITORY / "gatewayd" / "ARCHITECTURE.md").read_text()
CONTRACTS = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def floors() -> list[set[str]]:
    """The rooms of the page, floor by floor; a line that begins with a bar or a blank goes on with the floor before."""
    rooms = {path.stem for path in (REPOSITORY / "gatewayd").iterdir()}
    found: list[set[str]] = []
    for line in PAGE.split("```")[1].strip().splitlines():
        names = set(re.findall(r"[a-z_]+", line[:38])) & rooms
        if line.startswith("  | "):
            found[-1] |= names
        elif not line.startswith(" "):
            found.append(names)
    return found


def test_the_floors_are_those_that_are_checked() -> None:
    layers = next(c["layers"] for c in CONTRACTS if c["name"].startswith("floors"))
    assert floors() == [set(re.findall(r"\w+", layer)) for layer in layers if layer != "__main__"]


@pytest.mark.parametrize("named", sorted(set(re.findall(r"`([\w/*]+\.(?:py|toml|sql))`", PAGE))))
def test_every_file_that_is_named_is_there(named: str) -> None:
    places = ("", "gatewayd/", "gatewayd/oncall/", "gatewayd/store/")
    assert any(list(REPOSITORY.glob(place + named)) for place in places), named


def test_every_room_of_several_files_is_told_and_its_files_are_there() -> None:
    table = re.findall(r"^\| `(\w+)/` \|(.*)\|$", PAGE.split("## Inside the rooms")[1].split("\n## ")[0], re.MULTILINE)
    packages = {path.parent.name for path in (REPOSITORY / "gatewayd").glob("*/__init__.py")}
    assert {room for room, _ in table} == packages - {"demo"}
    for room, told in table:
        for name in re.findall(r"`([\w*/.]+)`", told):
            assert list((REPOSITORY / "gatewayd" / room).glob(name if "." in name else f"{name}.py")), (room, name)


def test_every_wait_that_somebody_serves_is_told(tmp_path: Path) -> None:
    async def served() -> set[str]:
        daemon = Daemon(parse(f'state_dir = "{tmp_path}"\n[web]\nlisten = []\n{MINIMAL}'), tmp_path / "gateway.toml")
        await daemon.start()
        try:
            return set(daemon.due._kinds)
        finally:
            await daemon.stop()

    told = re.search(r"`wait` \(([^)]*)\)", PAGE)
    assert told
    assert set(re.findall(r"\w+", told[1])) == asyncio.run(served())


def test_every_table_by_language_has_all_of_them_and_is_named() -> None:
    """Whoever adds a language is told of each table that lacks it."""
    row = next(line for line in PAGE.splitlines() if line.startswith("| a language |"))
    named = {path.stem for glob in re.findall(r"`(?:oncall/)?([\w*]+\.py)`", row) for path in ONCALL.glob(glob)}
    found = {}
    for path in ONCALL.glob("*.py"):
        for name, table in vars(import_module(f"gatewayd.oncall.{path.stem}")).items():
            if isinstance(table, Mapping) and {"en", "de"} <= table.keys():
                found[path.stem, name] = set(table)
    assert found
    assert {table: LANGUAGES - told for table, told in found.items() if told < LANGUAGES} == {}
    assert {stem for stem, _ in found} <= named
