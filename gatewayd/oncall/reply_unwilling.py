"""Whether who says `ok` means somebody else, another time, or not all of it. Pure; the words are in `reply_doubts`."""

from __future__ import annotations

from gatewayd.oncall import reply_doubts as doubts
from gatewayd.oncall import reply_words as words
from gatewayd.oncall.reply_leads import Lead
from gatewayd.oncall.reply_phrases import Vocabulary, amount, code_of, harmless, kind_at, polite, stands
from gatewayd.oncall.reply_text import HAN, Token


def negative(said: list[Token], known: Vocabulary) -> bool:
    at = 0
    while at < len(said):
        if length := harmless(said, at):
            at += length
            continue
        word = said[at].word
        if word in words.negatives():
            return True
        if (word,) not in known and HAN.search(word) and not words.NEGATIVE_SIGNS.isdisjoint(word):
            return True
        at += 1
    return False


def doubtful(said: list[Token], known: Vocabulary) -> bool:
    """Beside the `ok` there is a word of refusal, a but, "later", "somebody else" or "asleep"."""
    at = 0
    while at < len(said):
        if passed := harmless(said, at) or stands(said, at, doubts.fine()):
            at += passed
            continue
        kind, _, length = kind_at(said, at, known)
        if kind == "refuse" or stands(said, at, doubts.doubts()):
            return True
        if any(sign in said[at].word for sign in doubts.SIGNS):
            return True
        at += length
    return False


def given_away(said: list[Token], lead: Lead, known: Vocabulary) -> bool:
    """Whether one of several is left out, or somebody else is to have it: "except 47", "Ben has 47", "call Ben"."""
    at = lead.end
    while at < len(said) and (polite := kind_at(said, at, known))[0] == "polite":
        at += polite[2]
    first, second = (said[n].word if n < len(said) else "" for n in (at, at + 1))
    if first in doubts.CALLS and second and second not in doubts.CALLS_ME:
        return True
    if lead.codes and first in doubts.COPULAS and kind_at(said, at + 1, known)[0] not in ("ack", "close"):
        return True
    if len(lead.codes) > 1 and first in doubts.FOR:
        return True
    return any(leaves_out(said, n, known) for n in range(lead.end, len(said)))


def alone(rest: list[Token], known: Vocabulary) -> bool:
    """ "Ok wait", "ok call me please"."""
    length = stands(rest, 0, doubts.alone())
    return bool(length) and polite(rest[length:], known)


def asks_another(said: list[Token], lead: Lead, known: Vocabulary) -> bool:
    """ "Tell Ben", "can Ben do it", "Ben can do it"."""
    rest = [token.word for token in said[lead.end :]]
    first, second, third, *_ = *rest, "", "", ""
    kinds = [kind_at(said, n, known) for n in range(lead.end, len(said))]
    own = any(kind == "ack" and length > 1 for kind, _, length in kinds)
    if first in doubts.TELLS and second and "me" not in rest and second not in doubts.CALLS_ME and not own:
        return True
    if first.startswith(doubts.TELL_SIGNS) and "我" not in first:
        return True
    if first in doubts.CAN and (second == "you" or (second not in doubts.OWN | doubts.DO and third in doubts.DO)):
        return True
    return second in {"can", "could", "kann", "konnte"} and first not in doubts.OWN and third in doubts.DO


def leaves_out(said: list[Token], at: int, known: Vocabulary) -> bool:
    """A word that keeps the code behind it from being taken."""
    kind, _, length = kind_at(said, at, known)
    word = said[at].word
    run = HAN.search(word) and word.endswith(doubts.BEFORE_CODE_SIGNS) and not word.startswith(doubts.OWN_SIGNS)
    if not run and word not in doubts.BEFORE_CODE and (kind != "but" or word in doubts.ONLY):
        return False
    behind = at + (length if kind == "but" else 1)
    while behind < len(said) and said[behind].word in doubts.ARTICLES:
        behind += 1
    return behind < len(said) and bool(code_of(said[behind].word)) and not amount(said, behind)
