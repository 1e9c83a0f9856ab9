"""Text for a terminal: compact tables, short times, and nothing in it that could steer the terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping
from typing import Any

WIDTH_MIN = 60


def plain(value: object) -> str:
    """One line without control characters: texts come from strangers."""
    text = "-" if value is None or value == "" else str(value)
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def when(at: object) -> str:
    """2026-11-22T03:04:05.678Z as 2026-11-22 03:04:05Z."""
    text = str(at or "-")
    return f"{text[:10]} {text[11:19]}Z" if len(text) > 20 and text[10] == "T" else text


def table(heads: str, rows: Iterable[Iterable[object]], *, nothing: str = "nothing") -> str:
    """Columns as wide as they need; on a terminal the last one is cut at its edge. `heads` are words."""
    cells = [[plain(cell) for cell in row] for row in rows]
    if not cells:
        return nothing
    cells.insert(0, heads.split())
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells)
    return "\n".join(_cut(line) for line in lines)


def facts(values: Mapping[str, object]) -> str:
    """Names and values below each other; what is not known is left out."""
    told = {name: plain(value) for name, value in values.items() if value not in (None, "", [], {})}
    width = max(map(len, told), default=0)
    return "\n".join(f"{name.ljust(width)}  {value}" for name, value in told.items())


def sections(*parts: tuple[str, str]) -> str:
    """Titled blocks; an empty one is left out, an empty title is none."""
    return "\n\n".join(f"{title}\n{body}" if title else body for title, body in parts if body)


def pairs(values: Mapping[str, Any] | None) -> str:
    """name=value, quoted where a blank would hide the end of it; what is empty is left out."""
    told = {name: plain(value) for name, value in (values or {}).items() if value not in (None, "")}
    return " ".join(f'{name}="{value}"' if " " in value else f"{name}={value}" for name, value in told.items())


def _cut(line: str) -> str:
    if not sys.stdout.isatty():
        return line
    width = max(shutil.get_terminal_size().columns, WIDTH_MIN)
    return line if len(line) <= width else line[: width - 1] + "…"
