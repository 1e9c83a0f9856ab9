"""A calendar file (RFC 5545) as parts within parts: its events, its zones. What they mean is for the reader to know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

OCTETS_MAX = 1_048_576
LINE_OCTETS_MAX = 32_768
DEPTH_MAX = 8

Property = tuple[dict[str, str], str]  # parameters, value
_NONE: list[Property] = [({}, "")]


class CalendarError(Exception):
    """This is no calendar, or it is damaged; nothing of it was taken."""


@dataclass(slots=True)
class Part:
    """What stands between BEGIN and END: properties with their parameters, and parts within."""

    name: str
    values: dict[str, list[Property]] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    def text(self, name: str) -> str:
        """The first value of that name, "" where there is none."""
        value = self.values.get(name, _NONE)[0][1]
        return re.sub(r"\\(.)", lambda m: " " if m[1] in "nN" else m[1], value).strip()

    def parameter(self, name: str, key: str) -> str | None:
        """The "Europe/London" of "DTSTART;TZID=Europe/London:..."."""
        return self.values.get(name, _NONE)[0][0].get(key)


def calendars(octets: bytes) -> list[Part]:
    """The calendars of the file, once all of it was found to be whole. Raises CalendarError."""
    inside: list[Part] = []
    found: list[Part] = []
    for line in _lines(octets):
        name, parameters, value = _property(line)
        if name == "BEGIN":
            part = Part(value.strip().upper())
            if not inside and part.name != "VCALENDAR":
                raise CalendarError("this is no calendar")
            (inside[-1].parts if inside else found).append(part)
            inside.append(part)
            if len(inside) > DEPTH_MAX:
                raise CalendarError("its parts are too deep within each other")
        elif name == "END":
            if not inside or inside.pop().name != value.strip().upper():
                raise CalendarError("it is damaged: a part ends that did not begin")
        elif inside:
            inside[-1].values.setdefault(name, []).append((parameters, value))
    if inside:
        raise CalendarError("it was cut off: a part has no end")
    if not found:
        raise CalendarError("this is no calendar")
    return found


def _lines(octets: bytes) -> Iterator[str]:
    """Content lines, unfolded before they are read: a fold may part the octets of one character (RFC 5545 3.1).

    Octets that are no UTF-8 become the sign for it: a name with it is nobody's.
    """
    if len(octets) > OCTETS_MAX:
        raise CalendarError(f"it is larger than {OCTETS_MAX} bytes")
    held: list[bytes] = []
    length = 0
    for line in re.split(b"\r\n|\r|\n", octets.removeprefix(b"\xef\xbb\xbf")):
        if line[:1] not in (b" ", b"\t"):
            yield b"".join(held).decode(errors="replace")
            held, length = [line], len(line)
        else:
            held.append(line[1:])
            length += len(line)
        if length > LINE_OCTETS_MAX:
            raise CalendarError(f"a line is longer than {LINE_OCTETS_MAX} bytes")
    yield b"".join(held).decode(errors="replace")


def _property(line: str) -> tuple[str, dict[str, str], str]:
    """ "DTSTART;TZID=Europe/London:2026..." -> name, parameters, value; a line that is none has an empty name."""
    parts, begin, quoted = [], 0, False
    for place, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif not quoted and char in ";:":
            parts.append(line[begin:place])
            begin = place + 1
            if char == ":":
                pairs = (part.partition("=") for part in parts[1:])
                return parts[0].strip().upper(), {k.upper(): v.strip('"') for k, _, v in pairs}, line[begin:]
    return "", {}, ""
