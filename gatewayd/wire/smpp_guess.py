"""What the octets of a text are where its marks cannot be true: a header that is none, letters of another width.

Each answer is plain from the octets alone: what a person may have written by the alphabet that was announced is never
taken for something else. Where that cannot be said, it is read as announced.
"""

from __future__ import annotations

import string
from typing import Literal

from gatewayd.text import gsm7_text
from gatewayd.wire.octets import words_in
from gatewayd.wire.septets import unpack
from gatewayd.wire.udh import read_header

Wide = Literal["", "utf-16-be", "utf-16-le"]

_SHOWN_MIN = 0x20
_WIDE_UNITS = 3  # the first of them tell the width; two at least
_LATIN = frozenset(b"\r\n" + bytes(range(0x20, 0x7F)))
# U+5200, U+5F00, U+6700 and such are Chinese letters of every day, and "R", "_", "g" with the octets turned round.
_TWO_MEANINGS = frozenset(b"&0NQRSVX_`bdefghiz}")
_PLAIN = frozenset(string.ascii_letters + string.digits + " .,!?:;'-/#\n+()" + "éèùìòàäöüñ")
_IN_WORDS = frozenset(" -'.,!?")
# The first element of usual headers, and its length.
_ELEMENTS = (b"\x00\x03", b"\x08\x04", b"\x04\x02", b"\x05\x04", b"\x24\x01", b"\x25\x01")


def begins_with_header(octets: bytes, *, wide: bool = False) -> bool:
    """Whether a User Data Header is there that ends where it says. A text that begins with a letter has none.

    `wide`: UCS-2 is announced, so what follows is of even length.
    """
    if not octets or octets[0] >= len(octets):
        return False
    rest_odd = (len(octets) - octets[0] - 1) % 2 == 1
    if octets[0] == 0:
        return not (rest_odd if wide else width_of(octets))
    whole = not read_header(octets[1 : octets[0] + 1]).note
    return whole and min(octets[:3]) < _SHOWN_MIN and not (wide and rest_odd)


def is_damaged_header(octets: bytes, *, wide: bool = False) -> bool:
    """Whether octets that do not begin with a good header may begin with a bad one, or with half of one."""
    if wide:
        half = octets[:1] < b"\x20" and any(element.startswith(octets[1:3]) for element in _ELEMENTS)
        return half or octets[1:3] in _ELEMENTS or len(octets) % 2 == 1
    return octets[:1] < b"\x20" and octets[1:2] < b"\x20"


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


def is_turned_round(octets: bytes) -> bool:
    """UCS-2 of ASCII with the low octet first, and no mark that says so; two characters at least."""
    letters = octets[0::2]
    if len(octets) < 4 or len(octets) % 2 or any(octets[1::2]):
        return False
    return _LATIN.issuperset(letters) and any(chr(sign).isalnum() and sign not in _TWO_MEANINGS for sign in letters)


def is_narrow(octets: bytes) -> bool:
    """ASCII where UCS-2 was announced, which is never of odd length. Of even length it may be Chinese as well."""
    return len(octets) > 1 and len(octets) % 2 == 1 and _LATIN.issuperset(octets)


def words_of_eight_bits(octets: bytes) -> str:
    """The text where GSM 7-bit was announced and there are octets that it has not: UTF-8, or septets that are packed.

    "" when it is neither, or when it may be words of another alphabet.
    """
    if max(octets, default=0) < 0x80:
        return ""
    return words_in(octets) or _packed(octets)


def _packed(octets: bytes) -> str:
    if all(sign.isalpha() or sign in _IN_WORDS for sign in octets.decode("latin-1")):
        return ""
    septets = unpack(octets, len(octets) * 8 // 7)
    if len(septets) % 8 == 0 and septets[-1:] in (b"\0", b"\r"):  # seven bits that were left over
        septets = septets[:-1]
    words = gsm7_text(septets)
    return words if _PLAIN.issuperset(words) else ""
