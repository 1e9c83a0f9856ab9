"""TAP lines and telephone modems of a scene file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hwsim.settings_by_name import configure
from hwsim.street import Street
from hwsim.tap_lines import TelephoneLine, line_of
from hwsim.tap_terminal import Terminal

LINE = {"name", "end", "number", "lines"}
DIALUP = {"name", "end", "settings", "faults"}


def only(table: dict[str, Any], allowed: set[str], what: str) -> None:
    """Raises ValueError for a key that the table has not."""
    unknown = set(table) - allowed
    if unknown:
        raise ValueError(f"{what} has no {sorted(unknown)[0]!r}; there are {', '.join(sorted(allowed))}")


def add_line(terminal: Terminal, directory: Path, table: dict[str, Any]) -> None:
    """A line with an `end` (a pty in the directory if it has none), or with a telephone `number`."""
    only(table, LINE, "a line")
    name = table.get("name", f"{terminal.bureau.name}-line{len(terminal.lines) + 1}")
    if "number" in table:
        terminal.lines.append(TelephoneLine(terminal, name, table["number"], table.get("lines", 1)))
    else:
        where = table.get("end", f"pty:{directory / name}")
        terminal.lines.append(line_of(terminal, name, where, table.get("lines", 100)))


def add_dialup(street: Street, directory: Path, number: int, table: dict[str, Any]) -> None:
    """A telephone modem, on a pty in the directory if it has no `end`."""
    only(table, DIALUP, "a dialup")
    name = table.get("name", f"dial{number}")
    dialup = street.add_dialup(name, table.get("end", f"pty:{directory / name}"))
    configure(dialup.settings, table.get("settings", {}), "a dialup")
    for fault in table.get("faults", []):
        street.dialup_fault(name, fault)
