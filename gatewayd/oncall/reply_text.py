"""From a text as it came to the words of a reply. Pure.

What a phone, a mail gateway or a habit adds is taken off: signatures, quoted lines, our own page sent back, "Re:".
Words are compared without case, width, accents and apostrophes; what is kept as a note stands as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gatewayd.oncall import page_words, reply_reactions

WORDS_MAX = 200
TEXT_MAX = 4_000  # signs that are looked at; a text of ten segments has 1 530
OURS_MIN = 12  # a shorter text of ours may be a word of theirs
EMOJI = frozenset("👍👎👌✅✔☑🆗🫡❌🚫")
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002ffff]+")
GAP = "[...]"  # stands for words of a long text that did not come
HIDDEN = "\ue000"  # stands for a sign of something that is no word and no code: a time, an address, a number to call

_HALF_CODE = re.compile(r"(?<!\d)#?\d+(?=\[\.\.\.\])")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
_APOSTROPHE = re.compile(r"(?<=\w)['’‘ʼ`´](?=\w)")
_SUBJECT = re.compile(r"^\s*((re|fw|fwd|aw|wg|odp|pd|rv|tr|ateb|回复|答复|转发)\s*:\s*)+", re.IGNORECASE)
_RULE = re.compile(r"^\s*(--|—|__|-{3,}|={3,}|from:|von:|de\s?:|od:|oddi wrth:|发件人:)", re.IGNORECASE)
_WROTE = re.compile(
    r"^\s*(on|am|le|el|dnia|ar|w dniu|在)\b.{4,200}"
    r"(wrote|schrieb|écrit|escribió|napisała?|(y)?sgrifennodd|写道)\b.*:\s*$",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"(^|\s)(sent from (my|outlook|yahoo|the|samsung|proton)\b|sent via\b|get outlook for\b|gesendet (von|mit) mein"
    r"|von mein\w+ \w+ gesendet|envoyé (de|depuis|à partir de) mon\b|enviado (desde|de) mi\b"
    r"|wysłan[eoya]+ z (mojego|iphone|urządzenia|telefonu)|wysłano z\b|anfonwyd o fy\b|发自我的|來自我的|发送自)",
    re.IGNORECASE,
)
_HOW_BAD = "|".join(word for field in ("critical", "error", "warning", "info") for word in page_words.every(field))
_DRILLS = "|".join(page_words.every("drill"))
_MARKS = "|".join(re.escape(mark.strip()) for mark in page_words.every("repeat"))
_PAGE = re.compile(
    rf"(?:(?:{_MARKS})\s*)?(?:(?:{_DRILLS}) )?(?<!\w)([1-9][0-9]{{1,7}}) "
    rf"(?:critical|error|warning|info|(?-i:{_HOW_BAD})) "
    r".*?(?:(?:\b(?:reply|ateb|antworte|réponds|responde|odpisz)|回复) ok \1\b|$)",
    re.IGNORECASE,
)
_NO_CODES = re.compile(
    r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d{1,5})?(?![\d.]*\d)"  # an IP address
    r"|(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)"  # a time
    r"|(?<!\d)\d{1,2}h\d{2}(?!\d)|(?<!\d)\d{1,2}\.\d{2}(?=\s*(?:uhr|am|pm|h)\b)"
    r"|\+\d[\d ()./-]{5,}\d"  # a number to call: with its plus, with a nought in front, or far too long
    r"|(?<!\d)0\d+(?:[ /.-]?\d+)*"
    r"|\d{9,}"
    r"|(?<!\d)\d+(?:[.,]\d+)?\s?(?:%|°|€|£|\$)|[€£$]\s?\d+(?:[.,]\d+)?"
    r"|(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)"
    r"|(?<!\d)\d{1,3}\s?[-–]\s?\d{1,3}(?=\s?(?:(?:m|mins?|minut\w*|h|hrs?|std|godz|mun|munud)\b|分))",  # 10-15 min
    re.IGNORECASE,
)
_NUMBER_SIGN = re.compile(r"№\s*|\bn[°º]\s*(?=\d)", re.IGNORECASE)  # NFKC would make a "no" of it
_OKS = re.compile(r"(?:ok+)+")  # "okk", "okok"
_WORD = re.compile(rf"#?\d+|[{''.join(sorted(EMOJI))}]|[^\s\d#]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word, and where in the body it stands."""

    word: str
    start: int
    end: int
    alone: bool  # nothing but space or punctuation beside it: "42" in "sw42" is not


@dataclass(frozen=True, slots=True)
class Body:
    """What is left of a text. `quoted`: codes of our texts that came back with it; `echo`: they did; `mark`: it is a
    phone's reaction to something that takes nothing."""

    text: str
    quoted: tuple[str, ...]
    echo: bool
    mark: bool = False


def body(text: str, ours: Sequence[str] = ()) -> Body:
    """The words a person wrote, on one line. `ours`: texts that this person got of late."""
    marked = _NUMBER_SIGN.sub("#", text[:TEXT_MAX])
    plain = _HALF_CODE.sub(" ", unicodedata.normalize("NFKC", marked)[:TEXT_MAX])  # one sign may become 18
    quoted: list[str] = []
    if (reaction := reply_reactions.read(plain, _lines(ours))) is not None:
        pages = {page[1] for own in reaction.about if (page := _PAGE.match(own))}
        about_one = len(pages) == 1 and all(_PAGE.match(own) for own in reaction.about)
        if reaction.mark == "👍" and about_one:
            return Body(reaction.mark, tuple(pages), echo=False)
        return Body("", tuple(pages) if reaction.mark and about_one else (), echo=False, mark=True)
    kept: list[str] = []
    over = False
    for line in plain.splitlines():
        over = over or bool(_RULE.match(line) or _WROTE.match(line))
        if over or line.lstrip().startswith((">", "|")):
            quoted += _code_of(line.lstrip(">| "))
        elif cut := _SIGNATURE.search(line):
            kept.append(line[: cut.start()])
            over = True
        else:
            kept.append(_SUBJECT.sub("", line))
    words = " ".join(" ".join(kept).split())
    words, echo = _without(words, ours, quoted)
    if page := _PAGE.search(words):
        quoted.append(page[1])
        words, echo = f"{words[: page.start()]} {words[page.end() :]}".strip(), True
    return Body(words, tuple(dict.fromkeys(quoted)), echo)


def tokens(words: str) -> list[Token]:
    """The folded words of a body, in order."""
    masked = words.replace(GAP, f" {HIDDEN * (len(GAP) - 2)} ")
    masked = _NO_CODES.sub(lambda found: HIDDEN * len(found[0]), masked)
    masked = _APOSTROPHE.sub("\u200b", masked)
    signs: list[str] = []
    at: list[int] = []
    for position, sign in enumerate(masked):
        shown = _shown(sign)
        signs.append(shown)
        at += [position] * len(shown)
    line = "".join(signs)
    found: list[Token] = []
    for match in _WORD.finditer(line):
        if len(found) == WORDS_MAX:
            break
        start, end = at[match.start()], at[match.end() - 1] + 1
        word = "ok" if _OKS.fullmatch(match[0]) else match[0]
        found.append(Token(word, start, end, _alone(masked, start, end)))
    return found


def fold(words: str) -> str:
    """Words as they are compared."""
    return " ".join(token.word for token in tokens(unicodedata.normalize("NFKC", words)))


def split_signs(token: Token, known: frozenset[str]) -> Iterator[Token]:
    """A run of Chinese signs as known words, when it is nothing but known words; else as it stands."""
    left, parts = token.word, list[str]()
    while left:
        head = next((left[:n] for n in range(min(8, len(left)), 0, -1) if left[:n] in known), None)
        if head is None:
            yield token
            return
        parts.append(head)
        left = left[len(head) :]
    start = token.start
    for part in parts:
        yield Token(part, start, start + len(part), alone=True)
        start += len(part)


def _shown(sign: str) -> str:
    """Punctuation parts words; accents, variation selectors and skin tones vanish; emoji stand alone."""
    if sign in EMOJI:
        return f" {sign} "
    if sign == HIDDEN:
        return sign
    if sign == "\U0001f51f":
        return "10"  # the key with a ten
    if HAN.fullmatch(sign):
        return sign
    shown = ""
    for part in unicodedata.normalize("NFD", sign.casefold().translate(_LETTERS)):
        kind = unicodedata.category(part)
        if kind in ("Mn", "Me", "Cf", "Sk") and not part.isalnum():
            continue
        number = unicodedata.numeric(part, 0.5) if kind in ("Nd", "No") else 0.5  # "No": a number in a circle
        if number.is_integer():
            shown += str(int(number))
        elif part == "#" or kind[0] in "LN":
            shown += part
        else:
            shown += " "
    return shown


def _alone(masked: str, start: int, end: int) -> bool:
    before, after = masked[start - 1 : start], masked[end : end + 2]
    left = not before or before.isspace() or before in "(#,;\"'" or bool(HAN.match(before))
    right = not after or after[0].isspace() or (after[0] in ".,;!?):\"'" and not after[1:].isalnum())
    return left and (right or bool(HAN.match(after)))


def _lines(ours: Sequence[str]) -> list[str]:
    return [" ".join(unicodedata.normalize("NFKC", text).split()) for text in ours]


def _without(words: str, ours: Sequence[str], quoted: list[str]) -> tuple[str, bool]:
    """The words less what we wrote ourselves; whether any of it was there."""
    echo = False
    for own in _lines(ours):
        if len(own) < OURS_MIN:
            continue
        at = words.lower().find(own.lower())
        if at >= 0 and len(words.lower()) == len(words):
            quoted += _code_of(own)
            words, echo = f"{words[:at]} {words[at + len(own) :]}".strip(), True
    return words, echo


def _code_of(own: str) -> list[str]:
    """The one code that a text of ours begins with; a number alone is not one."""
    found = re.match(r"\s*(?:\(rpt\)\s*)?([1-9][0-9]{1,7})\b(?=:? [^\W\d])", own)
    return [found[1]] if found else []
