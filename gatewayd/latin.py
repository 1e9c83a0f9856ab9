"""Texts in plain ASCII, for pagers that show nothing else. Pure.

A letter that ASCII lacks is written as its readers would write it, Greek (as in ELOT 743) and Cyrillic (by the English
custom) in Latin letters; what cannot be written becomes "?" and is counted. No text is garbled into another one: "10²"
becomes "10^2", not "102".
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_WRITTEN_AS = {
    "ae": "äæ", "Ae": "ÄÆ", "oe": "öøœ", "Oe": "ÖØŒ", "ue": "ü", "Ue": "Ü", "ss": "ß", "SS": "ẞ",
    "d": "đð", "D": "ĐÐ", "h": "ħ", "H": "Ħ", "i": "ı", "l": "ł", "L": "Ł", "t": "ŧ", "T": "Ŧ", "th": "þ", "Th": "Þ",
    "u": "µ", "deg": "°", "EUR": "€", "GBP": "£", "JPY": "¥", "c": "¢",
    "par.": "§", "(c)": "©", "(r)": "®", "'": "‘’‚‛′‹›´ʹʼ", '"': "“”„‟″«»", "-": "‐‑‒–—―−⁃﹣·", "*": "•‣◦∙▪●∗",
    "->": "→➔➜⟶", "<-": "←⟵", "<->": "↔⟷", "=>": "⇒", "<=": "≤", ">=": "≥", "!=": "≠", "~": "≈∼", "+/-": "±",
    "x": "×", "/": "÷⁄∕", "|": "¦│", ":": "∶", "!": "¡", "?": "¿",
}  # fmt: skip
_PLAIN = {sign: written for written, signs in _WRITTEN_AS.items() for sign in signs}
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SKIN_TONES = frozenset("🏻🏼🏽🏾🏿")

_CYRILLIC = {
    letter: written
    for written, letters in {
        "a": "а", "b": "б", "v": "в", "g": "гґѓ", "d": "д", "e": "еэ", "ye": "є", "yo": "ё", "zh": "ж", "z": "з",
        "dz": "ѕџ", "i": "иі", "yi": "ї", "y": "йы", "j": "ј", "k": "кќ", "l": "л", "lj": "љ", "m": "м", "n": "н",
        "nj": "њ", "o": "о", "p": "п", "r": "р", "s": "с", "t": "т", "c": "ћ", "u": "уў", "f": "ф", "kh": "х",
        "ts": "ц", "ch": "ч", "sh": "ш", "shch": "щ", "yu": "ю", "ya": "я", "dj": "ђ", "": "ь",
    }.items()
    for letter in letters
}  # fmt: skip
_GREEK = {
    letter: written
    for written, letters in {
        "a": "α", "v": "β", "g": "γ", "d": "δ", "e": "ε", "z": "ζ", "i": "ηι", "th": "θ", "k": "κ", "l": "λ",
        "m": "μ", "n": "ν", "x": "ξ", "o": "οω", "p": "π", "r": "ρ", "s": "σς", "t": "τ", "y": "υ", "f": "φ",
        "ch": "χ", "ps": "ψ",
    }.items()
    for letter in letters
}  # fmt: skip
_VOICED = frozenset("αεηιουωβγδζλμνρ")  # before these αυ, ευ and ηυ end in v
_ALONE = {"μ": "u", "Ω": "Ohm"}  # units, where no other Greek letter is beside them


@dataclass(frozen=True, slots=True)
class Plain:
    """A text of printable ASCII and line feeds. `lost`: how many characters had no equal and became "?"."""

    text: str
    lost: int


def legible(text: str) -> bool:
    """Whether a letter or a digit of it is left in ASCII."""
    return any(sign.isalnum() for sign in plain(text).text)


# What a text of ours begins with that tells of the text itself: it may not become "(?) ".
_MARKS = {"(重) ": "(rpt) ", "(抄送) ": "(copy) "}


def plain(text: str) -> Plain:
    """The text in printable ASCII. Line ends become LF, tabs become spaces, other controls go."""
    for mark, written_as in _MARKS.items():
        if text.startswith(mark):
            text = written_as + text.removeprefix(mark)
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text).replace("\t", " "))
    written: list[str] = []
    lost = 0
    raised = ""  # inside a run of superscripts or subscripts
    for at, sign in enumerate(text):
        ascii_form = _letter(text, at)
        if ascii_form is None:
            ascii_form = _ascii(sign)
        if ascii_form is None:
            lost += 1
            ascii_form = "?"
        elif len(ascii_form) > 1 and ascii_form.istitle() and _among_capitals(text, at):
            ascii_form = ascii_form.upper()  # ÄRGER is AERGER
        shift, raised = _shift(sign, ascii_form, written, raised)
        written.append(shift + ascii_form)
    return Plain("".join(written).strip(" \n"), lost)


def _among_capitals(text: str, at: int) -> bool:
    after = text[at + 1 : at + 2]
    return after.isupper() or (not after.isalpha() and text[at - 1 : at].isupper())


def _letter(text: str, at: int) -> str | None:
    """The Greek or Cyrillic letter at this place in Latin ones; None: it is neither."""
    sign = text[at]
    if not "\u0370" <= sign <= "\u1fff" or "\u0530" <= sign < "\u1f00":
        return None
    small, bare = sign.lower(), _base(text, at)[0]
    if small == "ъ":  # mute in Russian, where a vowel follows; else Bulgarian
        written: str | None = "" if _base(text, at + 1)[0] in "еюяи" else "a"
    else:
        written = _CYRILLIC.get(small, _CYRILLIC.get(bare))
    if written is None:
        written = _greek(text, at)
    return written.capitalize() if written and sign != small else written


def _greek(text: str, at: int) -> str | None:
    """In small letters but for a unit; letters that are spoken as one are written as one."""
    before, (letter, accents), after = _base(text, at - 1), _base(text, at), _base(text, at + 1)
    if letter not in _GREEK:
        return None
    if before[0] not in _GREEK and after[0] not in _GREEK and text[at] in _ALONE:
        return _ALONE[text[at]]
    if letter == "υ" and "\u0308" not in accents and "\u0301" not in before[1]:
        if before[0] == "ο":
            return "u"
        if before[0] and before[0] in "αεη":
            return "v" if after[0] in _VOICED else "f"
    if letter == "γ" and after[0] and after[0] in "γξχ":
        return "n"
    if letter == "μ" and after[0] == "π" and before[0] not in _GREEK:
        return "b"
    if letter == "π" and before[0] == "μ" and _base(text, at - 2)[0] not in _GREEK:
        return ""  # the b before it says it
    return _GREEK[letter]


def _base(text: str, at: int) -> tuple[str, str]:
    """The small letter at this place without its accents, and these; "" beyond the ends."""
    parts = unicodedata.normalize("NFD", text[at].lower()) if 0 <= at < len(text) else ""
    return parts[:1], parts[1:]


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
