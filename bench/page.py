"""Keeps the measured columns of docs/benchmarks.md true."""

from __future__ import annotations

import re
from pathlib import Path

from bench.figures import Figure

PAGE = Path("docs/benchmarks.md")


def between(text: str, name: str, content: str) -> str:
    """The text with what stands between the markers `name` replaced."""
    pattern = re.compile(rf"(<!-- {name}:begin -->\n).*?(<!-- {name}:end -->)", re.DOTALL)
    if not pattern.search(text):
        raise SystemExit(f"{PAGE} has no markers for {name}")
    return pattern.sub(lambda found: f"{found[1]}{content}\n{found[2]}", text)


def write(found: dict[str, list[Figure]], machine: str) -> None:
    """Fill the column "measured" of the rows that were measured, and say on which machine."""
    text = between(PAGE.read_text(), "machine", machine)
    lines = text.splitlines()
    for place, line in enumerate(lines):
        cells = line.split("|")
        name = cells[1].strip().strip("`") if len(cells) > 5 else ""
        if name in found:
            cells[4] = " " + "; ".join(map(str, found[name])) + " "
            lines[place] = "|".join(cells)
    PAGE.write_text("\n".join(lines) + "\n")
