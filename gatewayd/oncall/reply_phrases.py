"""The words of a reply as the tables know them, and its numbers as codes or as amounts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gatewayd.oncall import reply_words as words
from gatewayd.oncall.languages import ENGLISH
from gatewayd.oncall.reply_text import HIDDEN, Token
from gatewayd.oncall.reply_words import UNIT_SIGNS, UNITS, Kind, Phrase

PHRASE_MAX = 5  # words
MORE_MAX = 4  # words between a number and its unit
_BORDER = re.compile(r"[,.;!\n–—-]")
_CODE = re.compile(r"#?([1-9]\d{1,7})")

Vocabulary = Mapping[Phrase, tuple[Kind, str]]


def kind_at(said: list[Token], at: int, known: Vocabulary) -> tuple[Kind | None, str, int]:
    """The longest entry that begins here: (what it means, its language, how many words)."""
    for length in range(min(PHRASE_MAX, len(said) - at), 0, -1):
        found = known.get(tuple(token.word for token in said[at : at + length]))
        if found is not None:
            return *found, length
    return None, ENGLISH, 1


def entries(said: list[Token], known: Vocabulary) -> Iterator[tuple[Kind | None, str, int]]:
    """One behind the other, as `kind_at` finds them: "wird erledigt" is one, and closes nothing."""
    at = 0
    while at < len(said):
        yield (found := kind_at(said, at, known))
        at += found[2]


def polite(rest: list[Token], known: Vocabulary) -> bool:
    """Nothing is left but "please" and the like."""
    at = 0
    while at < len(rest):
        kind, _, length = kind_at(rest, at, known)
        if kind != "polite":
            return False
        at += length
    return True


def harmless(said: list[Token], at: int) -> int:
    """How many words from here only look like a negative: "no problem"."""
    return stands(said, at, words.harmless())


def stands(said: list[Token], at: int, entries: frozenset[Phrase]) -> int:
    """How many words the longest of these entries has that begins here; 0: none does."""
    lengths = range(min(PHRASE_MAX, len(said) - at), 0, -1)
    return next((n for n in lengths if tuple(t.word for t in said[at : at + n]) in entries), 0)


def closed(text: str, said: list[Token], at: int, known: Vocabulary) -> bool:
    """Whether what stands before this word is a clause of its own: "taking 10 now", not "taking 10 things home"."""
    between = text[said[at - 1].end : said[at].start] if 0 < at < len(said) else ""
    if at >= len(said) or _BORDER.search(between):
        return True
    if ":" in between:
        return False  # "Accepted: Stand-up" is a title
    word, following = said[at].word, said[at + 1].word if at + 1 < len(said) else ""
    if (
        word in words.CLOSERS
        or (digits(word) and amount(said, at))
        or not word.isalnum()
        or (word in words.BEFORE_TIMES and digits(following))
    ):
        return True
    return kind_at(said, at, known)[0] in ("polite", "and", "ack", "take", "close")


def amount(said: list[Token], at: int) -> bool:
    """ "10 min", "10 more minutes", "10 to 15 min"."""
    behind = at + 1
    while behind < min(len(said), at + MORE_MAX) and said[behind].word in words.MORE:
        behind += 1
        behind += behind < len(said) and bool(code_of(said[behind].word))
    following = said[behind].word if behind < len(said) else ""
    return following in UNITS or following.startswith(UNIT_SIGNS)


def in_minutes(said: list[Token], at: int) -> bool:
    """ "There in 10", "give me 10", "20 mins"."""
    before = at - 1
    if before > 0 and said[before].word in words.DESIGNATORS:
        before -= 1  # "sobre las 10"
    return (before >= 0 and said[before].word in words.BEFORE_TIMES) or amount(said, at)


def code_of(word: str) -> str:
    """The code that a word is; codes never begin with 0."""
    found = _CODE.fullmatch(word)
    return found[1] if found else ""


def digits(word: str) -> bool:
    return HIDDEN in word or any(sign.isdigit() for sign in word)
