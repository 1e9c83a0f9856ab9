"""The blocks of one page: fields, SUB pairs, continuation, checksum (TAP 1.8 sections 3 step 8 and 5)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gatewayd.wire.tap_settings import TapSettings

CR = b"\r"
STX, ETX, ETB, US = b"\x02", b"\x03", b"\x17", b"\x1f"
SUB = 0x1A

PAGER_OCTETS_MAX = 32

_PAGER = re.compile(r"[!-~]+")


class PageError(ValueError):
    """This page cannot be written as TAP; the message says why, without the text."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page for one pager (or for a group: its number is a pager number like any other).

    `key` is the caller's own name for it. `text` is 7-bit text as `tap_text` makes it; "" is a tone-only page.
    """

    key: str
    pager: str = field(repr=False)
    text: str = field(default="", repr=False)


def checksum(data: bytes) -> bytes:
    """The low 12 bits of the sum of the 7-bit values, in three characters from "0" to "?"."""
    total = sum(octet & 0x7F for octet in data)
    return bytes(0x30 + (total >> shift & 0xF) for shift in (8, 4, 0))


def framed(info: bytes, end: bytes) -> bytes:
    body = STX + info + end
    return body + checksum(body) + CR


def octets_of(text: str) -> int:
    """How much room the text takes in a block; a control character counts as the SUB pair it may become."""
    return sum(2 if sign < " " else 1 for sign in text)


def text_room(pager: str, settings: TapSettings) -> int:
    """How many octets of text (`octets_of`) certainly fit one page to this pager number."""
    return settings.blocks_max * settings.info_octets_max - len(pager) - 2 - 2 * (settings.blocks_max - 1)


def blocks_of(page: Page, settings: TapSettings, *, escapes: bool) -> tuple[bytes, ...]:
    """The framed blocks of a page. `escapes`: this terminal has said that it knows SUB pairs. Raises PageError."""
    escapes = escapes or settings.line_breaks == "escape"
    if not _PAGER.fullmatch(page.pager) or len(page.pager) > PAGER_OCTETS_MAX:
        raise PageError(f"a pager number has 1 to {PAGER_OCTETS_MAX} printable ASCII characters")
    fields = [[bytes([octet]) for octet in page.pager.encode("ascii")]]
    fields += [_units(text, escapes=escapes) for text in _texts(page.text, settings, escapes=escapes)]
    units = [unit for units in fields for unit in (*units, CR)]
    framed_blocks = _cut(units, settings)
    if len(framed_blocks) > settings.blocks_max:
        raise PageError(f"needs {len(framed_blocks)} blocks, this terminal takes {settings.blocks_max}")
    return tuple(framed_blocks)


def _texts(text: str, settings: TapSettings, *, escapes: bool) -> list[str]:
    """The text as one field or several, with line breaks as this bureau wants them and no space at its end."""
    if not text.isascii():
        raise PageError("the text is not 7-bit")
    text = text.rstrip(" \n")
    match settings.line_breaks:
        case "fields":
            return text.split("\n")
        case "space":
            return [text.replace("\n", " ")]
        case "auto" if not escapes:
            return [text.replace("\n", " ")]
    return [text]


def _units(text: str, *, escapes: bool) -> list[bytes]:
    """What may not be torn apart: octets and SUB pairs. Controls that cannot be escaped are left out."""
    units = []
    for octet in text.encode("ascii"):
        if 0x20 <= octet < 0x7F:
            units.append(bytes([octet]))
        elif octet < 0x20 and escapes:
            units.append(bytes([SUB, octet + 0x40]))
    return units


def _cut(units: list[bytes], settings: TapSettings) -> list[bytes]:
    made, at = [], 0
    while at < len(units):
        end, octets = at, 0
        while end < len(units) and octets + len(units[end]) <= settings.info_octets_max:
            octets += len(units[end])
            end += 1
        if units[end:] == [CR] and units[end - 1] != CR:
            end -= 1  # the last block shall not be a lone CR
        if end == len(units):
            mark = ETX
        elif units[end - 1] == CR or settings.etb_for_us:
            mark = ETB
        else:
            mark = US
        made.append(framed(b"".join(units[at:end]), mark))
        at = end
    return made
