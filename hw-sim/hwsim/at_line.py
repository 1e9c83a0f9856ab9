"""One AT command line, cut into requests (ITU-T V.250 5.3, 5.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass

RUN, READ, TEST, SET = "run", "read", "test", "set"

_EXTENDED = re.compile(r"[+^#*$%_][A-Z0-9]+")
_BASIC = re.compile(r"(&?[A-Z])(\d*)")
_OUTER_COMMA = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')
_QUOTED = re.compile(r'"[^"]*"')
_AGAIN = re.compile(rb"[\s\0]*[Aa]/")
_REGISTER = re.compile(r"S(\d+)(=\d*|\?)?")


class BadLine(ValueError):
    """The line is no valid command line; everything on it is refused."""


@dataclass(frozen=True, slots=True)
class Request:
    """One command: its name in capitals, which form of it, and what stood after "="."""

    name: str
    form: str
    args: str = ""

    def values(self) -> list[str]:
        """Parameters without their quotes; an omitted one is empty."""
        return split_values(self.args)

    def pieces(self) -> list[str]:
        """Parameters as they were written."""
        return [piece.strip() for piece in _OUTER_COMMA.split(self.args)] if self.args else []

    def quoted(self, place: int) -> bool:
        """That parameter stands in quotes from its first character to its last, as a string must (V.250 5.4.2.2)."""
        pieces = self.pieces()
        return place < len(pieces) and _QUOTED.fullmatch(pieces[place]) is not None


def split_values(args: str) -> list[str]:
    """Parameters between commas that stand outside quotes."""
    if not args:
        return []
    if '"' not in args:
        return [value.strip() for value in args.split(",")]
    values: list[str] = []
    current: list[str] = []
    quoted = False
    for char in args:
        if char == '"':
            quoted = not quoted
        elif char == "," and not quoted:
            values.append("".join(current))
            current = []
        elif quoted or char != " ":
            current.append(char)
    values.append("".join(current))
    return values


def _end_of_extended(line: str, at: int) -> int:
    """Where the ";" stands that ends the extended command, or the end of the line."""
    if '"' not in line:
        cut = line.find(";", at)
        return len(line) if cut < 0 else cut
    quoted = False
    for place in range(at, len(line)):
        if line[place] == '"':
            quoted = not quoted
        elif line[place] == ";" and not quoted:
            return place
    return len(line)


def _extended(line: str, at: int) -> tuple[Request, int]:
    found = _EXTENDED.match(line.upper(), at)
    if not found:
        raise BadLine(f"no command name at {line[at:]!r}")
    end = _end_of_extended(line, found.end())
    tail = line[found.end() : end].strip()
    if not tail:
        return Request(found[0], RUN), end
    if tail == "?":
        return Request(found[0], READ), end
    if tail == "=?":
        return Request(found[0], TEST), end
    if tail[0] == "=":
        return Request(found[0], SET, tail[1:].strip()), end
    raise BadLine(f"{found[0]} followed by {tail!r}")


def _basic(line: str, upper: str, at: int) -> tuple[Request, int]:
    if upper[at] == "D":
        return Request("D", RUN, line[at + 1 :].strip()), len(line)
    register = _REGISTER.match(upper, at)
    if register:
        tail = register[2] or ""
        if tail == "?":
            return Request("S", READ, register[1]), register.end()
        return Request("S", SET, f"{register[1]},{tail[1:]}"), register.end()
    found = _BASIC.match(upper, at)
    if not found:
        raise BadLine(f"no command at {line[at:]!r}")
    return Request(found[1], RUN, found[2]), found.end()


def requests_of(line: str) -> list[Request]:
    """The requests of a line without its "AT"; none for "AT" alone."""
    requests: list[Request] = []
    upper = line.upper()
    at = 0
    while at < len(line):
        if line[at] in "; ":
            at += 1
        elif line[at] in "+^#*$%_":
            request, at = _extended(line, at)
            requests.append(request)
        else:
            request, at = _basic(line, upper, at)
            requests.append(request)
    return requests


def repeats(typed: bytes) -> int:
    """How many octets there are up to the end of an "A/", which needs no CR; 0 if it is none (V.250 5.2.4)."""
    found = _AGAIN.match(typed)
    return found.end() if found else 0


def start_of(typed: bytes | bytearray) -> int:
    """Where the "AT" stands that begins the command line, -1 if there is none yet."""
    return typed.upper().find(b"AT")


def printable(raw: bytes, erase: int) -> str:
    """A command line without control characters, with its backspaces (S5) obeyed (V.250 5.2.2)."""
    if erase in raw:
        kept = bytearray()
        for byte in raw:
            if byte != erase:
                kept.append(byte)
            elif kept:
                kept.pop()
        raw = bytes(kept)
    text = raw.decode("latin-1")
    return text if text.isprintable() else "".join([char for char in text if char >= " "])
