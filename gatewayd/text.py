"""Texts as the air carries them: the GSM 7-bit alphabet, UCS-2, and the cutting of a long text into segments.

Sources: 3GPP TS 23.038 6.2 (alphabets), TS 23.040 9.2.3.24 (room that a header leaves). "UCS-2" means UTF-16 here, as
every phone of this century reads it. Septets are unpacked in this file: one septet in each octet.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, cast

Alphabet = Literal["gsm7", "ucs2"]

ESCAPE = 0x1B

# TS 23.038 6.2.1, in the order of the codes; 0x1B is the escape to the extension table.
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)

# TS 23.038 6.2.1.1. The form feed is its "page break".
EXTENSION: Mapping[int, str] = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}

_ENCODE: dict[int, int | bytes] = {ord(sign): code for code, sign in enumerate(BASIC) if code != ESCAPE}
_ENCODE |= {ord(sign): bytes((ESCAPE, code)) for code, sign in EXTENSION.items()}

# A sign may be cut in two where a phone cuts a long text: each half is kept, in a form that any store takes, as one of
# the last signs for private use, which nobody writes.
_HALF_AT = 0x10F800  # and 2048 from there on
_ESCAPE_WAITS = chr(_HALF_AT - 1)
_HALVES = re.compile(f"[{_ESCAPE_WAITS}-\U0010ffff]")
_ESCAPED = re.compile(f"{_ESCAPE_WAITS}([^{_ESCAPE_WAITS}-\U0010ffff])")

# Signs that a reader takes for the same thing. No letters: a name without its accents is another name. No
# superscripts and fractions either: "10²" must not arrive as "102".
_PLAIN_SIGNS = {
    "'": "‘’‚‛′‹›`´ʹʼ",
    '"': "“”„‟″«»",
    "-": "‐‑‒–—―−⁃﹣·",
    "*": "•‣◦∙▪●∗",
    " ": "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    "\n": "\u2028\u2029",
    "": "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff",
    "...": "…",
    "->": "→➔➜⟶",
    "<-": "←⟵",
    "<->": "↔⟷",
    "=>": "⇒",
    "<=": "≤",
    ">=": "≥",
    "!=": "≠",
    "~": "≈∼",
    "+/-": "±",
    "x": "×",
    "/": "÷⁄∕",
    "|": "¦│",
    ":": "∶",
}
_PLAIN = str.maketrans({sign: plain for plain, signs in _PLAIN_SIGNS.items() for sign in signs})

# LF, CR, TAB and FF travel (as line end, space and page break); the others mean nothing to a phone.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")

# They turn the writing direction around until further notice: a reader would see another text than was written. The
# marks (LRM, RLM, ALM) stay; they only say to which side a full stop belongs.
STEERING = re.compile("[\u202a-\u202e\u2066-\u2069]")

# Letters, signs and marks that show nothing, though their category says otherwise.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}

_MARK = "..."  # the end of a truncated text; ASCII, so that it never changes the alphabet
_SENTENCE = re.compile("[.!?] |。")

# Room of one segment: alone, and as a part of a long text with an 8-bit or a 16-bit reference.
_ALONE = {"gsm7": 160, "ucs2": 70}
_PART = {("gsm7", 8): 153, ("gsm7", 16): 152, ("ucs2", 8): 67, ("ucs2", 16): 66}


class TextError(ValueError):
    """This text cannot be sent; the message says why."""


class TooLongError(TextError):
    """It would go if it were shorter."""


class Fit(NamedTuple):
    """A text cut to what the air carries."""

    alphabet: Alphabet
    segments: tuple[str, ...]  # one element for each part; joined they are the text (after transliteration)
    units: int  # septets or UTF-16 units used by the text, headers not counted
    units_left: int  # what the last segment still has room for
    altered: bool  # something was replaced, left out or cut (tidied line ends and tabs do not count)
    lost: int = 0  # characters for which "?" stands


def fit(
    text: str,
    *,
    segments_max: int = 4,
    reference_bits: Literal[8, 16] = 8,
    truncate: bool = False,
    transliterate: bool = True,
) -> Fit:
    """Choose the alphabet and cut the text into segments.

    CR LF and CR become LF, a tab becomes a space. With `transliterate`, typographic signs become plain ones, but only
    if the whole text then fits the GSM 7-bit alphabet; letters are never changed. What turns the writing direction
    around is left out. With `truncate`, a text that is too long is cut to `segments_max` and ends with "...". Raises
    TextError for a text that shows nothing, lone surrogates, control characters, and for a text that needs more than
    `segments_max` segments.
    """
    if not 1 <= segments_max <= 255:
        raise TextError(f"segments_max is {segments_max}, must be 1 to 255")
    plain = body = _tidy(text)
    septets = gsm7_septets(plain)
    if septets is None:
        _refuse_unsendable(text)
        body = STEERING.sub("", plain)
        septets = gsm7_septets(body)
        if septets is None and transliterate:
            candidate = unicodedata.normalize("NFC", body).translate(_PLAIN)
            septets = gsm7_septets(candidate)
            body = body if septets is None else candidate
    if not visible(body):
        raise TextError("nothing in it can be seen" if text else "empty text")

    alphabet: Alphabet = "ucs2" if septets is None else "gsm7"
    units = utf16_units(body) if septets is None else len(septets)
    alone, part = _ALONE[alphabet], _PART[alphabet, reference_bits]
    altered = body != plain
    if units <= alone:
        return Fit(alphabet, (body,), units, alone - units, altered)

    segments = _split(body, alphabet, part)
    if len(segments) > segments_max:
        if not truncate:
            allowed = "1 is" if segments_max == 1 else f"{segments_max} are"
            raise TooLongError(f"needs {len(segments)} segments, at most {allowed} allowed")
        part = alone if segments_max == 1 else part
        segments = _split(body, alphabet, part)[:segments_max]
        segments[-1] = _split(segments[-1], alphabet, part - len(_MARK))[0] + _MARK
        altered = True
    sizes = [_units(segment, alphabet) for segment in segments]
    return Fit(alphabet, tuple(segments), sum(sizes), part - sizes[-1], altered)


def shortened(text: str, fits: Callable[[str], bool]) -> str:
    """The longest that `fits` with "..." where something was left out: before the last sentence, which tells how to
    answer; at the end where there is none, or where more than half of the room would be for it."""
    ends = [found.end() for found in _SENTENCE.finditer(text)]
    last = text[ends[-1] :].strip() if ends else ""
    kept = _begin(text, f"{_MARK} {last}", fits) if last else ""
    return kept if len(kept) > 2 * len(last) else _begin(text, _MARK, fits)


def _begin(text: str, tail: str, fits: Callable[[str], bool]) -> str:
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle].rstrip() + tail) else (low, middle - 1)
    return text[:low].rstrip() + tail


def visible(text: str) -> bool:
    """Whether a reader would see anything of it. A sign that is newer than our tables counts."""
    for sign in text:
        kind = unicodedata.category(sign)
        if sign not in _BLANK and (kind[0] not in "CZ" or kind in ("Cn", "Co")):
            return True
    return False


def gsm7_septets(text: str) -> bytes | None:
    """The text as unpacked septets with its escapes (TS 23.038 6.2.1); None when the alphabet lacks a character."""
    try:
        # typeshed knows only whole numbers as values; the C code takes bytes too, and that makes the escape pairs
        return codecs.charmap_encode(text, "strict", cast("dict[int, int]", _ENCODE))[0]
    except UnicodeEncodeError:
        return None


def gsm7_text(septets: bytes, *, base: str = BASIC, extension: Mapping[int, str] = EXTENSION) -> str:
    """The text of unpacked septets. `base` and `extension` may be national tables (TS 23.038 annex A).

    An escaped code without a sign in `extension` shows the sign of `base`; a doubled or a last escape shows a space
    (TS 23.038 6.2.1 and 6.2.1.1). An octet above 0x7F becomes U+FFFD. Never raises.
    """
    first, *escaped = septets.split(b"\x1b")
    signs = [codecs.charmap_decode(first, "replace", base)[0]]
    doubled = False
    for run in escaped:
        if doubled:
            # the second escape of a pair: what follows it is not escaped
            doubled = False
            signs.append(codecs.charmap_decode(run, "replace", base)[0])
        elif not run:
            doubled = True
            signs.append(" ")
        else:
            signs.append(extension.get(run[0]) or codecs.charmap_decode(run[:1], "replace", base)[0])
            signs.append(codecs.charmap_decode(run[1:], "replace", base)[0])
    return "".join(signs)


def utf16_text(octets: bytes, *, part: bool = False) -> str:
    """High octet first. Half a pair at either end of a `part` stands for itself until `whole`; any other is U+FFFD."""
    if not part:
        return octets.decode("utf-16-be", "replace")
    tail = octets[-2:] if len(octets) % 2 == 0 and octets and 0xD8 <= octets[-2] < 0xDC else b""
    head = octets[:2] if len(octets) > 1 and 0xDC <= octets[0] < 0xE0 else b""
    inner = octets[len(head) : len(octets) - len(tail)].decode("utf-16-be", "replace")
    return _half(head) + inner + _half(tail)


def gsm7_part(septets: bytes) -> str:
    """`gsm7_text` of one part of a text: an escape at its end waits for the next part, see `whole`."""
    escapes = len(septets) - len(septets.rstrip(b"\x1b"))
    return gsm7_text(septets[:-1]) + _ESCAPE_WAITS if escapes % 2 else gsm7_text(septets)


def whole(text: str) -> str:
    """Parts put together: two halves of a sign on either side of a seam are that sign, and one alone is U+FFFD (an
    escape, a space).
    """
    if _HALVES.search(text) is None:
        return text
    text = _ESCAPED.sub(lambda found: EXTENSION.get(BASIC.find(found[1]), found[1]), text).replace(_ESCAPE_WAITS, " ")
    halves = _HALVES.sub(lambda found: chr(ord(found[0]) - _HALF_AT + 0xD800), text)
    return halves.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "replace")


def _half(unit: bytes) -> str:
    return chr(int.from_bytes(unit, "big") - 0xD800 + _HALF_AT) if unit else ""


def utf16_units(text: str) -> int:
    """How many 16-bit units the text takes; a sign beyond U+FFFF takes two."""
    return len(text.encode("utf-16-be", "surrogatepass")) // 2


def _tidy(text: str) -> str:
    """One kind of line end, no tabs."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\t", " ")


def _refuse_unsendable(text: str) -> None:
    """Raise TextError for what neither alphabet carries."""
    if found := _CONTROL.search(text):
        raise TextError(f"control character U+{ord(found[0]):04X} at position {found.start()}")
    try:
        text.encode("utf-16-be")
    except UnicodeEncodeError as error:
        sign = ord(text[error.start])
        raise TextError(f"lone surrogate U+{sign:04X} at position {error.start}") from None


def _units(segment: str, alphabet: Alphabet) -> int:
    septets = gsm7_septets(segment) if alphabet == "gsm7" else None
    return utf16_units(segment) if septets is None else len(septets)


def _split(text: str, alphabet: Alphabet, room: int) -> list[str]:
    """Cut into pieces of at most `room` units, as few as the rules of the alphabet allow."""
    if alphabet == "ucs2":
        return _split_ucs2(text, room)
    septets = gsm7_septets(text)
    assert septets is not None
    pieces = []
    at = sign = 0
    while at < len(septets):
        end = min(at + room, len(septets))
        if septets[end - 1] == ESCAPE:
            end -= 1
        signs = end - at - septets.count(ESCAPE, at, end)
        pieces.append(text[sign : sign + signs])
        at, sign = end, sign + signs
    return pieces


def _split_ucs2(text: str, room: int) -> list[str]:
    pieces = []
    at = 0
    while at < len(text):
        # "ignore" drops the first half of a pair that stands across the border
        reach = text[at : at + room].encode("utf-16-be")[: 2 * room].decode("utf-16-be", "ignore")
        border = end = at + len(reach)
        while at < end < len(text) and _belong_together(text, at, end):
            end -= 1
        if end == at:
            end = border  # one heap of marks longer than a segment: cut it anyhow
        pieces.append(text[at:end])
        at = end
    return pieces


def _belong_together(text: str, start: int, at: int) -> bool:
    """Whether a reader of text[start:] sees text[at - 1] and text[at] as one sign (what matters of Unicode UAX #29)."""
    before, after = text[at - 1], text[at]
    if before == "\u200d" or after in "\u200c\u200d\uff9e\uff9f":
        return True
    if unicodedata.category(after)[0] == "M":  # accents, variation selectors, key caps
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":  # skin tones, tag letters
        return True
    if "\u1160" <= after <= "\u11ff":  # Korean vowels and finals
        return "\u1100" <= before <= "\u11ff" or "\uac00" <= before <= "\ud7a3"
    if _regional(after):  # two of them are a flag
        run = at
        while run > start and _regional(text[run - 1]):
            run -= 1
        return (at - run) % 2 == 1
    return False


def _regional(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"
