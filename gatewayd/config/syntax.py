"""What keeps a text from being TOML, in words for whoever wrote it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

_PLACED = re.compile(r"(.*) \((?:at line (\d+), column (\d+)|at end of document)\)", re.DOTALL)
_LIST = "a list is not closed, or a comma is missing in it"
_BRACES = "what stands in { } stands on one line, without a comma at its end"
_ZERO = 'a number does not begin with 0; what is not a number stands in "quotes"'


def fault(error: Exception, text: str) -> tuple[int | None, str]:
    """The line, and what is wrong there, by what tomllib says of the text."""
    if isinstance(error, RecursionError):
        return None, "nested too deeply"
    placed = _PLACED.fullmatch(str(error))
    if not placed:
        return None, f"not TOML: {error}"
    line = int(placed[2]) if placed[2] else text.rstrip("\n").count("\n") + 1
    column = int(placed[3] or 0)
    told = text.split("\n")[line - 1] if placed[2] else ""
    if twice := _twice(placed[1], told):
        return line, f"not TOML: {twice}"
    where = f" (column {column})" if column else ""
    plain = next((say(where) for said, fits, say in _SLIPS if said == placed[1] and fits(told, column)), None)
    return line, f"not TOML: {plain or placed[1] + where}"


def _twice(said: str, told: str) -> str:
    """A key or a table that was there before."""
    if not said.startswith(("Cannot overwrite a value", "Cannot declare", "Cannot mutate")):
        return ""
    if key := re.match(r"\s*([\w.-]+)\s*=", told):
        return f"'{key[1]}' stands in this table twice"
    table = re.match(r"\s*\[+\s*([^\]]+?)\s*\]", told)
    return f"[{table[1]}] stands in the file twice: put all of it in one place" if table else ""


def _from(sign: str) -> Callable[[str, int], bool]:
    """Whether this (a regular expression) stands at the column."""
    return lambda told, column: re.match(sign, told[max(column - 1, 0) :]) is not None


# What tomllib says, what stands there, and what it mostly is; the first that fits.
_SLIPS: tuple[tuple[str, Callable[[str, int], bool], Callable[[str], str]], ...] = (
    ("Illegal character '\\n'", _from(""), lambda _: "a quote is not closed on this line"),
    (
        "Invalid value",
        _from("[\u2018-\u201f\u00ab\u00bb]"),
        lambda at: f'quotes are straight, as in "text", not \u201ccurly\u201d{at}',
    ),
    ("Invalid value", _from("(?i)(true|false)"), lambda at: f"true and false are written small{at}"),
    ("Invalid value", _from(""), lambda at: f'no value{at}: text stands in "quotes"'),
    (
        "Expected '=' after a key in a key/value pair",
        _from(r"\s*:"),
        lambda _: "write name = value, with '=' and not ':'",
    ),
    (
        "Expected newline or end of document after a statement",
        _from(r",\d"),
        lambda at: f"a decimal number has a point, 1.5{at}",
    ),
    (
        "Expected newline or end of document after a statement",
        lambda told, column: re.search(r"=\s*[+-]?0$", told[: column - 1]) is not None and told[column - 1].isdigit(),
        lambda at: f"{_ZERO}{at}",
    ),
    ("Unclosed array", _from(""), lambda at: f"{_LIST}{at}"),
    (
        "Invalid initial character for a key part",
        lambda told, _: "{" in told or "}" in told,
        lambda at: f"{_BRACES}{at}",
    ),
)
