"""What a reply begins with: one verb and its codes, in any order. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from gatewayd.oncall import reply_numerals as numerals
from gatewayd.oncall import reply_words as words
from gatewayd.oncall.reply_phrases import Vocabulary, amount, code_of, harmless, kind_at, stands
from gatewayd.oncall.reply_text import Token

CODES_MAX = 20
WITH_CODES = frozenset({"ack", "close", "refuse", "more"})


@dataclass(slots=True)
class Lead:
    """What a text begins with: one verb and codes in any order. `said`: where what stands behind the verb begins;
    `end`: where the rest does; `note`: where the note does, which may hold more words of the same verb ("ok, on my
    way"). `idiom`: "no problem" stood before the verb."""

    verb: words.Verb | None = None
    language: str = words.ENGLISH
    codes: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    all: bool = False
    both: bool = False
    letter: bool = False
    idiom: bool = False
    said: int = 0
    end: int = 0
    note: int = 0


def read_lead(said: list[Token], known: Vocabulary) -> Lead:
    lead = Lead()
    codes: list[str] = []
    alike: list[str] = []
    note: int | None = None
    at = 0
    while at < len(said):
        kind, language, length = kind_at(said, at, known)
        spelled, signs = _spelled(said, at, known) if lead.verb is None or lead.verb in WITH_CODES else ("", 0)
        if signs:
            alike.append(spelled)
            note, length = None, signs
        elif code := code_of(said[at].word):
            if amount(said, at):
                break  # "ok 42 20 min": the number belongs to the note
            codes.append(code)
            note = None
        elif lead.verb is None and (idiom := harmless(said, at)) and kind != "ack":
            lead.idiom, length = True, idiom
        elif lead.verb is None and kind in words.VERBS:
            lead.verb, lead.language, lead.said = cast(words.Verb, kind), language, at + length
            word = said[at].word
            lead.letter = length == 1 and len(word) == 1 and word.isascii() and word.isalpha()
        elif lead.verb is not None and kind == lead.verb:
            lead.letter = False
            note = at if length > 1 and note is None else note
        elif lead.verb is not None and kind in ("all", "both"):
            lead.all, lead.both = True, lead.both or kind == "both"
        elif not ((kind == "and" and (lead.verb or codes)) or (kind == "polite" and lead.verb is None)):
            break
        at += length
    lead.codes, lead.end = tuple(dict.fromkeys(codes))[:CODES_MAX], at
    lead.alike = tuple(dict.fromkeys(alike))[:CODES_MAX]
    lead.note = at if note is None else note
    return lead


def _spelled(said: list[Token], at: int, known: Vocabulary) -> tuple[str, int]:
    """What may be meant for a code, and of how many words: "1O" unless it is an amount, "ten" if little follows."""
    word, end = said[at].word, at + 1
    while end < len(said) and said[end].start == said[end - 1].end and len(word) < numerals.SIGNS_MAX:
        word, end = word + said[end].word, end + 1
    if (code := numerals.looks_like(word)) and not amount(said, end - 1):
        return code, end - at
    if length := stands(said, at, numerals.phrases()):
        behind = at + length
        follows = behind == len(said) or kind_at(said, behind, known)[0] in ("polite", "and", "ack", "close")
        if follows or (code_of(said[behind].word) and not amount(said, behind)):
            return numerals.spoken()[tuple(t.word for t in said[at:behind])], length
    return "", 0
