"""What the octets of a text are where its marks cannot be true: a header that is none, letters of another width.

Each answer is plain from the octets alone: what a person may have written by the alphabet that was announced is never
taken for something else.
"""

from __future__ import annotations

from typing import Literal

from gatewayd.wire.udh import read_header

Wide = Literal["", "utf-16-be", "utf-16-le"]

_SHOWN_MIN = 0x20
_WIDE_UNITS = 4  # so many of the first tell the width; two at least


def begins_with_header(octets: bytes) -> bool:
    """Whether a User Data Header is there that ends where it says. A text that begins with a letter has none."""
    if not octets or octets[0] >= len(octets):
        return False
    if octets[0] == 0:
        return not width_of(octets)
    return min(octets[:3]) < _SHOWN_MIN and not read_header(octets[1 : octets[0] + 1]).note


def width_of(octets: bytes) -> Wide:
    """UCS-2 of Latin letters, though an alphabet of one octet was announced: every other octet is 0."""
    if len(octets) < 4 or len(octets) % 2:
        return ""
    first, second = octets[0 : 2 * _WIDE_UNITS : 2], octets[1 : 2 * _WIDE_UNITS : 2]
    if not any(first) and min(second) >= _SHOWN_MIN:
        return "utf-16-be"
    if not any(second) and min(first) >= _SHOWN_MIN:
        return "utf-16-le"
    return ""
