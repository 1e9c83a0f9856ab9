"""A street from a TOML file: modems, phones and habits, network settings, faults. README.md has an example."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from hwsim.faults import flag, number, phone_number, read, whole, words
from hwsim.oddities import oddity_of
from hwsim.owner import owner_of
from hwsim.paging_scene import build_paging
from hwsim.personality import PERSONALITIES
from hwsim.phone import checked, habit_of
from hwsim.settings_by_name import configure
from hwsim.street import Street
from hwsim.traits import varied

_LISTS = ("modem", "phone", "pager", "group", "bureau", "dialup", "post", "faults")
_AWAY = {"after_s", "for_s", "every_s"}
_MODEM = {"name", "number", "personality", "end", "pin", "faults", "quirks", "baud"}
_PHONE = {"number", "name", "on", "script", "owner", "away"}
_POST = {"from", "to", "text", "after_s", "every_s", "times", "sender", "pid", "flash", "odd"}


class SceneError(ValueError):
    """The scene cannot be built; the sentence says what is wrong with it."""


def _only(table: dict[str, Any], allowed: set[str], what: str) -> None:
    unknown = set(table) - allowed
    if unknown:
        raise SceneError(f"{what} has no {sorted(unknown)[0]!r}; there are {', '.join(sorted(allowed))}")


def load(path: Path) -> dict[str, Any]:
    """The file's tables; raises SceneError."""
    try:
        scene = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        raise SceneError(f"{path}: {wrong}") from None
    _only(scene, {"network", *_LISTS}, "a scene")
    for name in _LISTS:
        tables = scene.get(name, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise SceneError(f"{path}: {name!r} is no list of tables; each begins with [[{name}]]")
    if not isinstance(scene.get("network", {}), dict):
        raise SceneError(f"{path}: 'network' is no table; it begins with [network]")
    return scene


def build(scene: dict[str, Any], street: Street, directory: Path) -> None:
    """Adds what the scene names to the street; modems without an end get a pty in `directory`."""
    try:
        configure(street.network.settings, scene.get("network", {}))
        for place, table in enumerate(scene.get("modem", []), 1):
            _modem(street, directory, place, table)
        for table in scene.get("phone", []):
            _phone(street, table)
        build_paging(scene, street, directory)
        for fault in scene.get("faults", []):
            street.fault(None, fault)
        for table in scene.get("post", []):
            _post(street, dict(table))
    except SceneError:
        raise
    except KeyError as missing:
        raise SceneError(f"scene: {missing} is missing") from None
    except (ValueError, TypeError) as wrong:
        raise SceneError(f"scene: {wrong}") from None


def _modem(street: Street, directory: Path, place: int, table: dict[str, Any]) -> None:
    _only(table, _MODEM, "a modem")
    name = read("name", words, table.get("name", f"modem{place}"))
    if "/" in name or not name.strip("."):
        raise SceneError(f"'name' is no name of a file: {name!r}")
    personality = table.get("personality", "generic")
    if personality not in PERSONALITIES:
        raise SceneError(f"no personality {personality!r}; there are {', '.join(PERSONALITIES)}")
    end = read("end", words, table.get("end", f"pty:{directory / name}"))
    modem = street.add_modem(
        name,
        table.get("number", default_number(place)),
        varied(PERSONALITIES[personality], table.get("quirks", {})),
        f"usb:{directory}" if end == "usb" else end,
        pin=read("pin", words, table.get("pin", "")),
    )
    modem.line.baud = read("baud", whole, table.get("baud", 0))
    for fault in table.get("faults", []):
        street.fault(name, fault)


def _phone(street: Street, table: dict[str, Any]) -> None:
    _only(table, _PHONE, "a phone")
    phone = street.add_phone(table["number"], table.get("name", ""))
    phone.on = read("on", flag, table.get("on", True))
    phone.habits = [habit_of(habit) for habit in table.get("script", [])]
    if "owner" in table:
        street.own(phone.number, owner_of(table["owner"]))
    for absence in table.get("away", []):
        _only(absence, _AWAY, "an absence")
        phone.away(**absence)


def _post(street: Street, table: dict[str, Any]) -> None:
    """Somebody texts by the clock: `from`, `to`, `text`, `after_s`, `every_s`, `times`, and what `Phone.send` takes."""
    _only(table, _POST, "a post")
    sender = table.pop("from")
    if sender not in street.phones:
        raise SceneError(f"a post is from {sender!r}, and nobody has such a phone")
    after_s, every_s = (read(name, number, table.pop(name, 0.0)) for name in ("after_s", "every_s"))
    times = read("times", whole, table.pop("times", 1))
    if "odd" in table:
        table["odd"] = oddity_of(table["odd"])
    to, text = read("to", phone_number, table.pop("to")), read("text", words, table.pop("text"))
    checked(text, **table)
    first = street.loop.time() + after_s

    def post(turn: int) -> None:
        street.phones[sender].send(to, text, **table)
        if turn + 1 < times:
            street.loop.call_at(first + (turn + 1) * every_s, post, turn + 1)

    if times:
        street.loop.call_at(first, post, 0)


def default_number(place: int) -> str:
    """The number of the n-th modem's SIM if none is given (a range set apart for drama)."""
    return f"+447700900{place:03d}"
