"""What a person's text means. Pure; it knows neither who wrote it nor what is open."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

_ACK = {"ok", "okay", "ack", "acknowledge", "acknowledged", "a", "y", "yes", "k", "👍", "👌", "✅", "✔"}
_ACK_PHRASES = (["on", "it"], ["got", "it"], ["on", "my", "way"])
_LIST = {"list", "status"}
_ALL = {"all"}
_CODE = re.compile(r"#?(\d{2,8})")
_SUBJECT = re.compile(r"^\s*(re|fw|fwd|aw)\s*:")
_SIGNATURE = re.compile(r"^\s*(--|—|sent from my |gesendet von )", re.IGNORECASE)
_UNITS = {"min", "mins", "minute", "minutes", "h", "hr", "hrs", "hour", "hours", "am", "pm", "s", "sec", "seconds"}
CODES_MAX = 20


@dataclass(frozen=True, slots=True)
class Reply:
    """`codes` empty and `all` false: the verb alone was said."""

    verb: Literal["ack", "list", "unknown"]
    codes: tuple[str, ...] = ()
    all: bool = False
    note: str = ""


def read(text: str) -> Reply:
    """Read one text: a verb and codes in any order, then a note.

    Case, width, punctuation, emoji colours, quoted lines and signatures do not matter. A number counts as a code only
    beside the verb; a bare number alone acknowledges nothing.
    """
    words = _words(text)
    if not words:
        return Reply("list") if "?" in text else Reply("unknown")
    codes: list[str] = []
    verb: Literal["ack", "list"] | None = None
    letter = False
    everything = False
    position = 0
    while position < len(words):
        word = words[position]
        code = _CODE.fullmatch(word)
        if code and position + 1 < len(words) and words[position + 1] in _UNITS:
            break  # "ok 42 20 min": the number belongs to the note
        if code and len(codes) < CODES_MAX:
            codes.append(code[1])
        elif verb is None and word in _ACK:
            verb, letter = "ack", len(word) == 1 and word.isalpha()
        elif verb is None and (phrase := _phrase(words[position:])):
            verb = "ack"
            position += phrase - 1
        elif verb is None and word in _LIST and position == 0:
            verb = "list"
        elif verb == "ack" and word in _ACK:
            pass
        elif verb == "ack" and word in _ALL:
            everything = True
        elif not (verb and word in ("and", "&", "+")):
            break
        position += 1
    noted = position < len(words)
    if verb is None or (noted and (everything or (letter and not codes))):
        return Reply("unknown")  # "a fuse has blown" takes nothing, and "ok all but 52" must be asked back
    return Reply(verb, tuple(dict.fromkeys(codes)), everything, " ".join(words[position:]))


def _phrase(words: list[str]) -> int:
    return next((len(p) for p in _ACK_PHRASES if words[: len(p)] == p), 0)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    lines: list[str] = []
    for line in plain.splitlines():
        if _SIGNATURE.match(line):
            break
        if not line.lstrip().startswith(">"):
            lines.append(_SUBJECT.sub("", line))
    kept = "".join(_readable(sign) for sign in " ".join(lines))
    return re.findall(r"#?\d+|[^\s\d#]+", kept)[:60]


def _readable(sign: str) -> str:
    """Punctuation parts words; variation selectors and skin tones vanish; emoji stand alone."""
    if sign in "👍👌✅✔":
        return f" {sign} "
    kind = unicodedata.category(sign)
    if kind in ("Mn", "Cf", "Sk") and not sign.isalnum():
        return ""
    if kind == "Nd":
        return str(unicodedata.digit(sign))
    if sign == "#" or kind[0] in "LN":
        return sign
    return " "
