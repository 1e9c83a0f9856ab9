"""Texts as pagers show them: 7-bit ASCII, cut to the pager's length; digits alone for numeric pagers.

A letter that ASCII lacks is written as its readers would write it; what cannot be written becomes "?" and is counted.
No text is garbled into another one: "10²" becomes "10^2", not "102". All this comes before the length is counted.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from gatewayd.text import shortened
from gatewayd.wire.tap_blocks import octets_of

PARTS_MAX = 9
CHARS_MIN = 16  # shorter, a numbered part would hold nothing to read
_NUMBER_ROOM = len("1/9 ")
_MARK_ROOM = len("(rpt) ")  # a part that goes again alone says so
_MARKED_MIN = 60  # where a pager shows less, such a part loses its end to the mark

_WRITTEN_AS = {
    "ae": "äæ", "Ae": "ÄÆ", "oe": "öøœ", "Oe": "ÖØŒ", "ue": "ü", "Ue": "Ü", "ss": "ß", "SS": "ẞ",
    "d": "đð", "D": "ĐÐ", "h": "ħ", "H": "Ħ", "i": "ı", "l": "ł", "L": "Ł", "t": "ŧ", "T": "Ŧ", "th": "þ", "Th": "Þ",
    "u": "µμ", "Ohm": "Ω", "deg": "°", "EUR": "€", "GBP": "£", "JPY": "¥", "c": "¢",
    "par.": "§", "(c)": "©", "(r)": "®", "'": "‘’‚‛′‹›´ʹʼ", '"': "“”„‟″«»", "-": "‐‑‒–—―−⁃﹣·", "*": "•‣◦∙▪●∗",
    "->": "→➔➜⟶", "<-": "←⟵", "<->": "↔⟷", "=>": "⇒", "<=": "≤", ">=": "≥", "!=": "≠", "~": "≈∼", "+/-": "±",
    "x": "×", "/": "÷⁄∕", "|": "¦│", ":": "∶", "!": "¡", "?": "¿",
}  # fmt: skip
_PLAIN = {sign: written for written, signs in _WRITTEN_AS.items() for sign in signs}
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NUMERIC = re.compile(r"[0-9U* ()-]+")
_SKIN_TONES = frozenset("🏻🏼🏽🏾🏿")


class TapTextError(ValueError):
    """This pager cannot show that; the message says why, without the text."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A text of printable ASCII and line feeds. `lost`: how many characters had no equal and became "?"."""

    text: str
    lost: int


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


def plain(text: str) -> Plain:
    """The text in printable ASCII. Line ends become LF, tabs become spaces, other controls go."""
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text).replace("\t", " "))
    written: list[str] = []
    lost = 0
    raised = ""  # inside a run of superscripts or subscripts
    for at, sign in enumerate(text):
        ascii_form = _ascii(sign)
        if ascii_form is None:
            lost += 1
            ascii_form = "?"
        elif len(ascii_form) > 1 and ascii_form.istitle() and text[at + 1 : at + 2].isupper():
            ascii_form = ascii_form.upper()  # ÄRGER is AERGER
        shift, raised = _shift(sign, ascii_form, written, raised)
        written.append(shift + ascii_form)
    return Plain("".join(written).strip(" \n"), lost)


def _ascii(sign: str) -> str | None:
    """The sign in ASCII, "" for what shows nothing, None for what has no equal."""
    if " " <= sign <= "~" or sign == "\n":
        return sign
    if sign in _PLAIN:
        return _PLAIN[sign]
    category = unicodedata.category(sign)
    if category in {"Cc", "Cf", "Mn", "Me"} or sign in _SKIN_TONES:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(sign))
    parts = [_ascii(part) for part in unicodedata.normalize("NFKD", sign) if part != sign]
    if not parts or None in parts:
        return None
    written = "".join(part for part in parts if part)
    return f"({written})" if unicodedata.decomposition(sign).startswith("<circle>") else written


def _shift(sign: str, ascii_form: str, written: list[str], raised: str) -> tuple[str, str]:
    """What must stand before a raised, lowered or broken number so that it does not grow the number before it."""
    tag = unicodedata.decomposition(sign).partition(" ")[0] if sign > "~" else ""
    after_digit = bool(written) and written[-1][-1:].isdigit()
    if tag == "<super>" and ascii_form[:1] and ascii_form[0] in "0123456789+-=(":
        return ("" if raised == tag else "^"), tag
    if tag == "<sub>" and after_digit:
        return ("" if raised == tag else "_"), tag
    if tag == "<fraction>" and after_digit:
        return " ", ""
    if raised and ascii_form[:1].isdigit():
        return " ", ""
    return "", tag if tag == "<sub>" else ""


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
