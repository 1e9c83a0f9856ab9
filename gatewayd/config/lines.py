"""Where each key of a TOML text stands (tomllib does not tell), and how its tables are walked. Pure."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

KeyPath = tuple[str | int, ...]


def written(at: KeyPath) -> str:
    """`("people", 1, "name")` as `people[1].name`."""
    return "".join(f"[{k}]" if isinstance(k, int) else f".{k}" for k in at).removeprefix(".")


def line_of(lines: Mapping[KeyPath, int], at: KeyPath) -> int | None:
    """The line of the key, or of the nearest table around it."""
    return next((lines[at[:n]] for n in range(len(at), 0, -1) if at[:n] in lines), None)


def tables(holder: object, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The tables of an array of tables, as far as it is one; the schema complains about the rest."""
    items = holder.get(name) if isinstance(holder, dict) else None
    for i, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield i, item


def lines_of(text: str) -> dict[KeyPath, int]:
    """The line (from 1) of each key, table and list item of a valid TOML text."""
    scanner = _Scanner(text)
    # Should it ever get lost: what was found so far is right, the rest is told with the nearest table before.
    with suppress(_LostError):
        scanner.scan()
    return scanner.lines


class _LostError(Exception):
    """The text goes on in a way the scanner does not know."""


class _Scanner:
    """Walks the text once. It trusts tomllib to have accepted it and only follows where things begin."""

    _BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
    _KEY = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|[A-Za-z0-9_-]+')
    _STRING = re.compile(
        r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|\'[^\']*\'',
        re.DOTALL,
    )
    _SCALAR = re.compile(r"[^,\]}\s#]+(?: [0-9][^,\]}\s#]*)?")  # the blank stands between date and time

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._breaks = [m.start() for m in re.finditer("\n", text)]
        self._last: dict[KeyPath, int] = {}  # number of the newest table of each [[array]]
        self.lines: dict[KeyPath, int] = {}

    def scan(self) -> None:
        table: KeyPath = ()
        while self._blank() < len(self._text):
            if self._skip("[["):
                table = self._header(array=True)
            elif self._skip("["):
                table = self._header(array=False)
            else:
                self._pair(table)

    def _header(self, *, array: bool) -> KeyPath:
        line = self._line()
        *around, last = self._keys()
        at: KeyPath = ()
        for key in around:
            at = self._note((*at, key), line)
            if at in self._last:
                at = (*at, self._last[at])
        at = self._note((*at, last), line)
        if array:
            self._last[at] = self._last.get(at, -1) + 1
            at = self._note((*at, self._last[at]), line)
        if not self._skip("]]" if array else "]"):
            raise _LostError
        return at

    def _pair(self, table: KeyPath) -> None:
        line, at = self._line(), table
        for key in self._keys():
            at = self._note((*at, key), line)
        if not self._skip("="):
            raise _LostError
        self._value(at)

    def _value(self, at: KeyPath) -> None:
        self._blank()
        if self._skip("["):
            number = 0
            while not self._skip("]"):
                self._value(self._note((*at, number), self._line()))
                self._skip(",")
                number += 1
        elif self._skip("{"):
            while not self._skip("}"):
                self._pair(at)
                self._skip(",")
        else:
            self._take(self._STRING if self._text[self._at : self._at + 1] in ('"', "'") else self._SCALAR)

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._blank()
            key = self._take(self._KEY)
            keys.append(tomllib.loads(f"key = {key}")["key"] if key[0] in "\"'" else key)
            if not self._skip("."):
                return keys

    def _note(self, at: KeyPath, line: int) -> KeyPath:
        self.lines.setdefault(at, line)
        return at

    def _line(self) -> int:
        return bisect_left(self._breaks, self._blank()) + 1

    def _blank(self) -> int:
        found = self._BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at

    def _skip(self, sign: str) -> bool:
        """Step over blanks and the sign, if it is there."""
        here = self._text.startswith(sign, self._blank())
        self._at += len(sign) * here
        return here

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if not found or not found.group():
            raise _LostError
        self._at = found.end()
        return found.group()
