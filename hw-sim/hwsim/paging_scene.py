"""Pagers, groups and bureaus of a scene file. README.md has an example."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hwsim.phone import habit_of
from hwsim.settings_by_name import configure
from hwsim.smpp_centre import Account
from hwsim.smpp_listener import Listener
from hwsim.smpp_tls import Tls, make_certificate
from hwsim.street import Street
from hwsim.tap_scene import add_dialup, add_line, only

PAGER = {"number", "name", "cap", "kind", "max_chars", "two_way", "on", "script"}
GROUP = {"number", "name", "cap", "members"}
BUREAU = {"name", "settings", "smpp", "account", "line", "tap", "faults"}
SMPP = {"end", "tls", "certificate", "key", "ca"}
ACCOUNT = {"system_id", "password", "numbers", "sources", "system_type", "kinds", "rate_per_s", "window"}


def build_paging(scene: dict[str, Any], street: Street, directory: Path) -> None:
    """Adds the scene's pagers, groups and bureaus; raises ValueError, TypeError or KeyError if it is wrong."""
    for table in scene.get("pager", []):
        _pager(street, table)
    for table in scene.get("group", []):
        only(table, GROUP, "a group")
        street.add_group(table["number"], table["members"], cap=table.get("cap", ""), name=table.get("name", ""))
    for number, table in enumerate(scene.get("bureau", []), 1):
        _bureau(street, directory, number, table)
    for number, table in enumerate(scene.get("dialup", []), 1):
        add_dialup(street, directory, number, table)


def _pager(street: Street, table: dict[str, Any]) -> None:
    only(table, PAGER, "a pager")
    options = {name: table[name] for name in ("cap", "kind", "max_chars", "two_way") if name in table}
    pager = street.add_pager(table["number"], table.get("name", ""), **options)
    pager.on = table.get("on", True)
    pager.habits = [habit_of(habit) for habit in table.get("script", [])]


def _bureau(street: Street, directory: Path, number: int, table: dict[str, Any]) -> None:
    only(table, BUREAU, "a bureau")
    name = table.get("name", f"bureau{number}")
    bureau = street.add_bureau(name)
    centre = street.centres[name]
    configure(bureau.settings, table.get("settings", {}), "a bureau")
    smpp = dict(table.get("smpp", {}))
    ends = smpp.pop("ends", [])
    configure(centre.settings, smpp, "smpp")
    for end in ends:
        centre.listeners.append(_listener(centre, directory, name, end))
    for account in table.get("account", []):
        only(account, ACCOUNT, "an account")
        values = dict(account)
        if "kinds" in values:
            values["kinds"] = tuple(values["kinds"])
        centre.add_account(Account(**values))
    configure(street.terminals[name].settings, table.get("tap", {}), "tap")
    for line in table.get("line", []):
        add_line(street.terminals[name], directory, line)
    for fault in table.get("faults", []):
        street.bureau_fault(name, fault)


def _listener(centre: Any, directory: Path, name: str, end: str | dict[str, Any]) -> Listener:
    """ "tcp:2775", or a table: `end` with `tls` (true, or the certificate's name) or certificate and key by path."""
    if isinstance(end, str):
        return Listener(centre, end)
    only(end, SMPP, "an SMPP end")
    if end.get("tls"):
        host = "localhost" if end["tls"] is True else str(end["tls"])
        return Listener(centre, end["end"], make_certificate(directory, f"{name}-{host}", host))
    tls = Tls(end["certificate"], end["key"], end.get("ca", "")) if "certificate" in end else None
    return Listener(centre, end["end"], tls)
