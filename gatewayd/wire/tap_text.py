"""Texts as pagers show them: 7-bit ASCII, cut to the pager's length; digits alone for numeric pagers.

What ASCII lacks is written as latin.py has it, before the length is counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gatewayd.latin import plain
from gatewayd.text import shortened
from gatewayd.wire.tap_blocks import octets_of

PARTS_MAX = 9
CHARS_MIN = 16  # shorter, a numbered part would hold nothing to read
_NUMBER_ROOM = len("1/9 ")
_MARK_ROOM = len("(rpt) ")  # a part that goes again alone says so
_MARKED_MIN = 60  # where a pager shows less, such a part loses its end to the mark

_NUMERIC = re.compile(r"[0-9U* ()-]+")


class TapTextError(ValueError):
    """This pager cannot show that; the message says why, without the text."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The texts for one pager, in order; `cut`: the end is missing."""

    texts: tuple[str, ...]
    lost: int = 0
    cut: bool = False


def alpha(text: str, *, chars_max: int = 240, parts_max: int = 1) -> Fit:
    """The text for an alphanumeric pager: in one, or in up to `parts_max` numbered ones ("1/3 ..."), or cut before its
    last sentence ("...").

    Raises TapTextError when nothing is left of the text.
    """
    if chars_max < CHARS_MIN or not 1 <= parts_max <= PARTS_MAX:
        raise TapTextError(f"chars_max is at least {CHARS_MIN}, parts_max 1 to {PARTS_MAX}")
    clean = plain(text)
    if not clean.text:
        raise TapTextError("empty text")
    if octets_of(clean.text) <= chars_max:
        return Fit((clean.text,), clean.lost)
    if parts_max == 1:
        return Fit((shortened(clean.text, lambda some: octets_of(some) <= chars_max),), clean.lost, cut=True)
    room = chars_max - _NUMBER_ROOM - (_MARK_ROOM if chars_max >= _MARKED_MIN else 0)
    pieces = _pieces(clean.text, room)
    if cut := len(pieces) > parts_max:
        pieces = _pieces(shortened(clean.text, lambda some: len(_pieces(some, room)) <= parts_max), room)
    return Fit(tuple(f"{n}/{len(pieces)} {piece}" for n, piece in enumerate(pieces, 1)), clean.lost, cut)


def marked(text: str, mark: str, *, part: int, parts: int) -> str:
    """A part that `alpha` has made, with the mark before its words: "2/3 (rpt) ..."."""
    number = f"{part}/{parts} " if parts > 1 else ""
    return f"{number}{plain(mark).text} {text.removeprefix(number)}" if mark else text


def numeric(text: str, *, chars_max: int = 20) -> str:
    """The text for a numeric pager, unchanged; TapTextError unless it shows exactly that."""
    text = text.strip(" ")
    if not _NUMERIC.fullmatch(text) or not any(sign in "0123456789" for sign in text):
        raise TapTextError("a numeric pager shows digits, space, - ( ) U * only, and at least one digit")
    if len(text) > chars_max:
        raise TapTextError(f"{len(text)} characters; this numeric pager shows {chars_max}")
    return text


def _reach(text: str, room: int) -> int:
    """How many characters of the text fit into `room` octets."""
    octets = 0
    for at, sign in enumerate(text):
        octets += octets_of(sign)
        if octets > room:
            return at
    return len(text)


def _piece(text: str, room: int) -> tuple[str, str]:
    """The text in two, the first fitting; between words when one ends in the last third."""
    reach = _reach(text, room)
    if reach < len(text):
        gap = max(text.rfind(" ", 0, reach + 1), text.rfind("\n", 0, reach + 1))
        if gap > reach * 2 // 3:
            reach = gap
    return text[:reach].rstrip(" \n"), text[reach:].lstrip(" \n")


def _pieces(text: str, room: int) -> list[str]:
    pieces: list[str] = []
    while text:
        piece, text = _piece(text, room)
        pieces.append(piece)
    return pieces
