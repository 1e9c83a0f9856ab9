"""What a reply begins with: one verb and its codes, in any order. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from gatewayd.oncall import reply_numerals as numerals
from gatewayd.oncall import reply_words as words
from gatewayd.oncall.languages import ENGLISH
from gatewayd.oncall.reply_phrases import Vocabulary, amount, closed, code_of, harmless, kind_at, stands
from gatewayd.oncall.reply_text import Token

CODES_MAX = 20
NOD_CHARS = 5  # "ok ok", "ok roger" say nothing more; "ok looking at the router" does
_AFTER_SIGHS = frozenset({"ack", "take", "self", "soon", "hello", "sigh", "polite"})
WITH_CODES = frozenset({"ack", "close", "refuse", "more"})


@dataclass(slots=True)
class Lead:
    """What a text begins with: one verb and codes in any order. `said`: where what stands behind the verb begins;
    `end`: where the rest does; `note`: where the note does, which may hold more words of the same verb ("ok, on my
    way"). `idiom`: "no problem" stood before the verb. `ahead`: "all" did. `fine`: the verb may also say that
    something is well ("all ok"). `bound`: the verb means `ok` only
    where the clause ends behind it and its codes ("taking 10", "copy"). `around`: codes stand on both sides of it."""

    verb: words.Verb | None = None
    language: str = ENGLISH
    codes: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    all: bool = False
    both: bool = False
    letter: bool = False
    idiom: bool = False
    ahead: bool = False
    fine: bool = False
    bound: bool = False
    around: bool = False
    said: int = 0
    end: int = 0
    note: int = 0


def read_lead(text: str, said: list[Token], known: Vocabulary) -> Lead:
    """`said`: words of `text`, or those from one on."""
    lead = Lead()
    codes: list[str] = []
    alike: list[str] = []
    note: int | None = None
    at = before = 0
    while at < len(said):
        kind, language, length = kind_at(said, at, known)
        spelled, signs = _spelled(said, at, known) if lead.verb is None or lead.verb in WITH_CODES else ("", 0)
        if signs:
            alike.append(spelled)
            note, length = None, signs
        elif code := code_of(said[at].word):
            if amount(said, at):
                break  # "ok 42 20 min": the number belongs to the note
            lead.around = lead.around or (lead.verb is not None and before > 0)
            before += lead.verb is None
            codes.append(code)
            note = None
        elif lead.verb is None and (idiom := harmless(said, at)) and kind != "ack":
            lead.idiom, length = True, idiom
        elif kind == "take" and lead.verb in (None, "ack") and (codes or lead.all or _object(said, at + length, known)):
            lead.bound = lead.bound or lead.verb is None
            lead.said = lead.said if lead.verb else at + length
            lead.verb, lead.language = "ack", lead.language if lead.verb else language
        elif lead.verb is None and (acting := _acts(said, at, known)):
            lead.verb, lead.language, lead.said = "ack", language, at + acting
            lead.bound, length = length == 1 and said[at].word in words.BARE, acting
        elif lead.verb is None and kind in words.VERBS and not _preposition(text, said[at]):
            lead.verb, lead.language, lead.said = cast(words.Verb, kind), language, at + length
            word = said[at].word
            lead.letter = length == 1 and len(word) == 1 and word.isascii() and word.isalpha()
            lead.fine = word in words.FINE
            lead.bound = tuple(token.word for token in said[at : at + length]) in words.ending()
        elif lead.verb is not None and kind == lead.verb:
            lead.letter = lead.fine = False
            note = at if (length > 1 or len(said[at].word) > NOD_CHARS) and note is None else note
        elif kind in ("all", "both") and (lead.verb is not None or not codes):
            lead.all, lead.both, lead.ahead = True, lead.both or kind == "both", lead.ahead or lead.verb is None
        elif not (length := _led_over(text, said, at, lead, codes, known)):
            break
        at += length
    lead.codes, lead.end = tuple(dict.fromkeys(codes))[:CODES_MAX], at
    lead.alike = tuple(dict.fromkeys(alike))[:CODES_MAX]
    lead.note = at if note is None else note
    return lead


def _acts(said: list[Token], at: int, known: Vocabulary) -> int:
    """ "I will look", "bin gleich dran", "我在看": of how many words what somebody says of what they do. 0: it is not;
    nor is "am I looking", or "I ok"."""
    kind, _, length = kind_at(said, at, known)
    spoken = kind == "self"
    if kind not in ("self", "soon"):
        return 0
    behind = at + length
    while behind < len(said) and (found := kind_at(said, behind, known))[0] == "soon":
        behind += found[2]
    kind, _, length = kind_at(said, behind, known)
    acts = kind == "ack" and said[behind].word not in words.FINE and said[behind].word != said[at].word
    return behind - at + length if acts or (kind == "act" and spoken) else 0


def _preposition(text: str, token: Token) -> bool:
    """The French "à" is no "a"."""
    return token.word == "a" and text[token.start : token.end] in ("à", "À")


def _led_over(text: str, said: list[Token], at: int, lead: Lead, codes: list[str], known: Vocabulary) -> int:
    """How many words from here only lead to what follows: "hi", "please", "and", "number" or "to" before 10, "is"
    before "fixed". 0: none does."""
    kind, _, length = kind_at(said, at, known)
    behind = at + length
    following = kind_at(said, behind, known)[0]
    if kind in ("polite", "hello") and lead.verb is None and not (codes and kind == "hello"):
        return length
    if kind == "sigh":
        return length if lead.verb is None and not codes and following in _AFTER_SIGHS else 0
    if kind == "polite":
        return length if lead.verb == following == "ack" else 0
    if kind == "and":
        if not (lead.verb or codes or at):
            return 0
        behind += _object(said, behind, known) - 1 if _object(said, behind, known) else 0
        return length if _object(said, behind, known) or following in words.VERBS or following == "take" else 0
    if codes and lead.verb is None and said[at].word in words.COPULAS | words.BY_NOW:
        more = at + 1
        while more < len(said) and said[more].word in words.COPULAS | words.BY_NOW:
            more += 1
        return more - at if kind_at(said, more, known)[0] == "close" else 0
    passed = _object(said, at, known) - 1
    if passed <= 0 or lead.letter:
        return 0
    if all(token.word in words.DESIGNATORS for token in said[at : at + passed]):
        return passed
    return passed if lead.verb == "ack" and closed(text, said, at + passed + 1, known) else 0


def _object(said: list[Token], at: int, known: Vocabulary) -> int:
    """Where a code stands from here, or "all", with "the", "number" or "to" before it: the number of words up to it."""
    behind = at
    while behind < len(said) and said[behind].word in words.DESIGNATORS | words.TOWARDS:
        behind += 1
    if behind == len(said):
        return 0
    found = code_of(said[behind].word) and not amount(said, behind)
    return behind - at + 1 if found or kind_at(said, behind, known)[0] in ("all", "both") else 0


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
