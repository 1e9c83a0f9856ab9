"""The rules of the house that no other tool holds: sizes, words, and what never goes into the repository."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 500
MEDIAN_LINES_MAX = 250
VAGUE = re.compile(r"(^|_)(utils?|helpers?|managers?|misc|common)($|_)")
FORBIDDEN = re.compile(
    r"(pypi\.org|pythonhosted|registry\.npmjs|deb\.debian\.org|proxy\.golang|/work/|/root/\.|/farm/)", re.I
)


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def sources() -> list[Path]:
    return [p for p in tracked() if p.suffix == ".py"]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_functions_stay_short() -> None:
    long = [
        f"{p.relative_to(ROOT)}:{name} {n}" for p in sources() for name, n in functions(p) if n > FUNCTION_LINES_MAX
    ]
    assert not long, f"over {FUNCTION_LINES_MAX} lines: {long}"


def test_files_stay_short() -> None:
    sizes = {p: len(p.read_text().splitlines()) for p in sources()}
    long = [f"{p.relative_to(ROOT)} {n}" for p, n in sizes.items() if n > FILE_LINES_MAX]
    assert not long, f"over {FILE_LINES_MAX} lines: {long}"
    assert statistics.median(sizes.values()) <= MEDIAN_LINES_MAX


def test_names_are_trade_words() -> None:
    assert not [str(p.relative_to(ROOT)) for p in sources() if VAGUE.search(p.stem)]


def test_every_module_of_the_daemon_says_what_it_is() -> None:
    silent = [
        str(p.relative_to(ROOT))
        for p in sources()
        if p.parts[len(ROOT.parts)] == "gatewayd"
        and p.read_text().strip()
        and not ast.get_docstring(ast.parse(p.read_text()))
    ]
    assert not silent


@pytest.mark.parametrize(
    "path",
    [p for p in tracked() if p.suffix in {".py", ".md", ".toml", ".txt", ".sql", ".service"}],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_nothing_names_a_machine_or_a_registry(path: Path) -> None:
    if path == Path(__file__):
        return
    assert not FORBIDDEN.search(path.read_text())


def test_requirements_carry_hashes_and_no_index() -> None:
    for name in ("run", "test", "peers"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        pins = re.findall(r"^[a-z0-9].*==", text, re.M)
        assert pins
        assert len(re.findall(r"^[a-z0-9].*== ?\S+ \\\n    --hash=sha256:", text, re.M)) == len(pins)
        assert "--index-url" not in text
