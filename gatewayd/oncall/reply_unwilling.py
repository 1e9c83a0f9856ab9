"""Whether who says `ok` means somebody else, another time, or not all of it. Pure; the words are in `reply_doubts`."""

from __future__ import annotations

from itertools import pairwise

from gatewayd.oncall import reply_doubts as doubts
from gatewayd.oncall import reply_plights, reply_states, reply_tools
from gatewayd.oncall import reply_words as words
from gatewayd.oncall.reply_leads import Lead
from gatewayd.oncall.reply_phrases import Vocabulary, amount, closed, code_of, digits, harmless, kind_at, polite, stands
from gatewayd.oncall.reply_text import HAN, Token

FEW = 2  # words


def holds_back(text: str, said: list[Token], lead: Lead, known: Vocabulary) -> bool:
    """`said` acknowledges by its verb; whether anything beside it says otherwise."""
    return (
        negative(said, known)
        or _doubtful(said, known)
        or _given_away(text, said, lead, known)
        or _asks_another(said, lead, known)
        or _others_part(said, lead, known)
        or _alone(said[lead.end :], known)
        or _conditional(text, said, lead, known)
        or (not _acting(said, known) and reply_tools.without(said, lead.end))
        or (not _acting(said, known, later=True) and reply_plights.befallen(text, said, lead.end))
        or reply_states.unable(text, said, lead.end, acting=_acting(said, known))
        or _half_taken(text, said, lead, known)
    )


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


def _doubtful(said: list[Token], known: Vocabulary) -> bool:
    """Beside the `ok` there is a word of refusal, a but, "later", "somebody else" or "asleep"."""
    at = 0
    while at < len(said):
        if passed := harmless(said, at) or stands(said, at, doubts.fine()) or _leaves_minutes(said, at):
            at += passed
            continue
        kind, _, length = kind_at(said, at, known)
        if kind == "refuse" or stands(said, at, doubts.doubts()):
            return True
        if any(sign in said[at].word for sign in doubts.SIGNS):
            return True
        within = range(at + 1, at + length)
        if any(n + stands(said, n, doubts.doubts()) > at + length for n in within):
            return True  # "I'm on a plane", "I'm looking forward to it"
        at += length
    return False


def _leaves_minutes(said: list[Token], at: int) -> int:
    """How many words of "laisse-moi cinq minutes" ask to be left nothing but time."""
    length = stands(said, at, doubts.leave_me())
    behind = [token.word for token in said[at + length : at + length + 2]]
    minutes = any(word.startswith("min") or word.endswith("min") for word in behind)
    return length if length and minutes and (behind[0] in doubts.SOME or digits(behind[0])) else 0


def _given_away(text: str, said: list[Token], lead: Lead, known: Vocabulary) -> bool:
    """Whether one of several is left out, or somebody else is to have it: "except 47", "Ben has 47", "call Ben"."""
    at = _behind_thanks(said, lead, known)
    first, second = (said[n].word if n < len(said) else "" for n in (at, at + 1))
    if first in doubts.CALLS and second and second not in doubts.CALLS_ME and not _parted(text, said, at + 1):
        return True
    if lead.codes and first in doubts.COPULAS and kind_at(said, at + 1, known)[0] not in ("ack", "close"):
        return True
    if first in doubts.FOR and (len(lead.codes) > 1 or (lead.codes and _one_name(said[at + 1 :], known))):
        return True
    return any(leaves_out(said, n, known) for n in range(lead.end, len(said)))


def _alone(rest: list[Token], known: Vocabulary) -> bool:
    """ "Ok wait", "ok call me please", "ok I'm in the pub"."""
    kind, _, own = kind_at(rest, 0, known) if rest else (None, "", 0)
    for at in (0, own) if kind == "self" else (0,):
        length = stands(rest, at, doubts.alone())
        if length and polite(rest[at + length :], known):
            return True
    return False


def _asks_another(said: list[Token], lead: Lead, known: Vocabulary) -> bool:
    """ "Tell Ben", "can Ben do it", "Ben can do it"."""
    rest = [token.word for token in said[lead.end :]]
    first, second, third, *_ = *rest, "", "", ""
    kinds = [kind_at(said, n, known) for n in range(lead.end, len(said))]
    own = any(kind == "ack" and length > 1 for kind, _, length in kinds)
    looks = lead.end > 0 and said[lead.end - 1].word in words.LOOKS
    if ("on", "call") in pairwise(rest) and first not in doubts.OWN_TURN:
        return True
    if len(rest) in (2, 3) and rest[-1] in doubts.TURNS and rest[-2] not in doubts.OWN_TURN:
        return True  # "Ben's turn", "it's Ben's week"
    if (second, third) == ("got", "it") and first not in doubts.OWN_TURN:
        return True
    if second in {"soll", "sollte", "should"} and first not in doubts.OWN | doubts.DO and third in {"", *doubts.DO}:
        return True
    if (
        first in doubts.TELLS
        and not looks
        and second
        and "me" not in rest
        and second not in doubts.CALLS_ME
        and not own
    ):
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


def _conditional(text: str, said: list[Token], lead: Lead, known: Vocabulary) -> bool:
    """ "Ok if Ben can't", "I'll take 10 unless ..."; but "ok looking if it is up". And the Spanish "si" without its
    accent, when no comma parts it from what follows: "si quieres llamo a Ben"."""
    at = _behind_thanks(said, lead, known)
    if at == len(said):
        return False
    if any(sign in token.word for token in said[lead.end :] for sign in doubts.CONDITION_SIGNS):
        return True
    if then := stands(said, at, doubts.until_then()):
        works = (token.word.startswith(doubts.WORKS) for token in said[at + then : at + then + FEW + 1])
        return not any(works)  # "ok, after the reboot it runs"
    if said[at].word in doubts.CONDITIONS:
        return at == 0 or said[at - 1].word not in words.LOOKS
    before = said[lead.end - 1] if lead.end else None
    twice = lead.end > 1 and said[lead.end - 2].word == "si"  # "si si ya voy"
    bare = before is not None and text[before.start : before.end].casefold() == "si" and not twice
    return bare and at == lead.end and text[said[at - 1].end : said[at].start].isspace()


def _others_part(said: list[Token], lead: Lead, known: Vocabulary) -> bool:
    """What follows the `ok` is about somebody else ("you take it"), or a question and no codes stand before it."""
    at = _behind_thanks(said, lead, known)
    word = said[at].word if at < len(said) else ""
    if word in doubts.OTHERS or word.startswith(doubts.OTHER_SIGNS):
        return True
    if word in doubts.SOMEBODY and not _acting(said, known):
        return True
    if lead.codes or harmless(said, at):
        return False  # "ok why not"
    return word in doubts.INTERROGATIVES or word.startswith(doubts.INTERROGATIVE_SIGNS)


def _acting(said: list[Token], known: Vocabulary, *, later: bool = False) -> bool:
    """Somewhere they say what they do now: "on my way", "restarting"; not a nod alone, nor, unless `later` counts as
    well, what they will do."""
    at = 0
    while at < len(said):
        kind, _, length = kind_at(said, at, known)
        entry = {token.word for token in said[at : at + length]}
        does = length > 1 or said[at].word in words.LOOKS or said[at].word.endswith("ing")
        heard = said[at].word in words.NODS or stands(said, at, words.received()) == length
        if later and kind == "self" and kind_at(said, at + length, known)[0] == "act":
            return True
        if kind == "ack" and does and not heard and (later or entry.isdisjoint(words.LATER)):
            return True
        at += length
    return False


def _half_taken(text: str, said: list[Token], lead: Lead, known: Vocabulary) -> bool:
    """ "10 mine 12 Ben", "taking 10 things home", "taking 10 minutes"; and "all ok", "ok now", by which nobody says
    that they act."""
    rest = said[lead.end :]
    if lead.around and not polite(rest[1:] if rest and rest[0].word in words.CLOSERS else rest, known):
        return True
    if lead.bound and not closed(text, said, lead.end, known):
        return True
    if lead.fine and ((lead.ahead and not lead.both) or _is_now(text, said, lead.end)):
        return True
    if lead.end < len(said) and not lead.codes and "?" in text[said[lead.end - 1].end : said[lead.end].start]:
        return True  # "restarting? call us"
    taken = lead.end > 0 and said[lead.end - 1].word in doubts.TAKES
    return taken and lead.end < len(said) and amount(said, lead.end)


def _behind_thanks(said: list[Token], lead: Lead, known: Vocabulary) -> int:
    """Where the rest begins, less its "thanks" and "mate"."""
    at = lead.end
    while at < len(said) and (found := kind_at(said, at, known))[0] == "polite":
        at += found[2]
    return at


def _parted(text: str, said: list[Token], at: int) -> bool:
    """Whether something but space stands before this word: "réveillé, je regarde" calls nobody."""
    return not text[said[at - 1].end : said[at].start].isspace()


def _is_now(text: str, said: list[Token], at: int) -> bool:
    """ "Ok now"; not "ok, now"."""
    return at == len(said) - 1 and said[at].word in words.BY_NOW and text[said[at - 1].end : said[at].start].isspace()


def only_asks(text: str, said: list[Token], lead: Lead) -> bool:
    """Whether so few words follow that a question mark is about the `ok` itself: "checking 10 now?"; not "ok 10 what
    happened?"."""
    rest = said[lead.end :]
    few = 0 < len(rest) <= FEW and rest[0].word not in doubts.INTERROGATIVES
    return few and text.rstrip().endswith("?")


def _one_name(rest: list[Token], known: Vocabulary) -> bool:
    """ "For Ben"; not "for now"."""
    return bool(rest) and rest[0].word not in doubts.NOW and polite(rest[1:], known)
