"""What a person's text means. Pure; it knows neither who wrote it nor what is open.

    ok|no|done|more [codes|all] [note]    ?|list|help    on|off|stop    who [service]    swap NAME UNTIL

The words are in `reply_words`, how they are got out of a text in `reply_text`, what machines write in `reply_machines`.
Only an acknowledgement may have a note; a verb that lets go of something is the whole text or it is asked back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from gatewayd.oncall import reply_clauses, said_lengths
from gatewayd.oncall import reply_doubts as doubts
from gatewayd.oncall import reply_machines as machines
from gatewayd.oncall import reply_numerals as numerals
from gatewayd.oncall import reply_words as words
from gatewayd.oncall.reply_text import GAP, HAN, HIDDEN, Token, body, split_signs, tokens
from gatewayd.oncall.reply_words import UNIT_SIGNS, UNITS, Kind, Phrase

CODES_MAX = 20
NOTE_MAX = 400
PHRASE_MAX = 5  # words
ECHO_WORDS_MAX = 3  # what a gateway writes before or behind our own text: "message received:"
_CODE = re.compile(r"#?([1-9]\d{1,7})")
_ASKS = re.compile("[?¿]")
_NO_QUESTION = frozenset({"close", "refuse", "home", "on", "off", "stop", "relief"})
_WITH_CODES = frozenset({"ack", "close", "refuse", "more"})
_MIXED = frozenset({"ack", "close"})
_ONE_DIGIT = re.compile(r"#?\d")
_LOWERING = frozenset({"refuse", "off", "swap", "stop", "relief"})

Verb = words.Verb | Literal["unclear", "unknown", "automatic"]
Vocabulary = Mapping[Phrase, tuple[Kind, str]]


@dataclass(frozen=True, slots=True)
class Reply:
    """`codes` empty and `all` false: the verb alone was said. `both`: all, if there are two.

    "unclear": a verb or a negative was heard, and must be asked back; "automatic": a machine wrote it. `mentioned`:
    numbers of the note, or of our own text sent back with it, that may be codes. `about`: what stands behind "who",
    "swap" and "visit". `language`: the table in which the verb was found. `heard` and `rest`, of "unclear": the verb
    ("" = a negative alone) and the words beside it, if it was not "ack". `then`: what is said of other codes.
    `alike`: what may be meant for codes, "1O" or "ten"; the verb means nothing unless the person has them.
    """

    verb: Verb
    codes: tuple[str, ...] = ()
    all: bool = False
    both: bool = False
    note: str = ""
    mentioned: tuple[str, ...] = ()
    about: str = ""
    language: str = words.ENGLISH
    heard: str = ""
    rest: str = ""
    then: Reply | None = None
    alike: tuple[str, ...] = ()


@dataclass(slots=True)
class _Lead:
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


def read(text: str, language: str = words.ENGLISH, ours: Sequence[str] = ()) -> Reply:
    """Read one text of a person who writes English or `language` (a tag: "de", "zh-Hans").

    `ours`: texts that were sent to this person of late; they mean nothing when they come back. A number counts as a
    code only beside the verb; a bare number alone acknowledges nothing.
    """
    if text.lstrip().startswith(GAP):
        return Reply("unknown")  # "[...]ok 10 minutes ago" takes nothing
    kept = body(text, ours)
    if kept.mark:
        return Reply("unclear")  # a thumb under the answer to something else
    known = words.vocabulary(words.language_of(language))
    said = _words(kept.text, chinese=words.language_of(language) == "zh")
    if machines.surely(kept.text):
        return Reply("automatic")
    if not said:
        if kept.quoted and not re.search(r"[?？]", kept.text):
            return Reply("unclear", kept.quoted)  # our page came back, and nothing else
        nothing: Verb = "list" if re.search(r"[?？]", kept.text) else "automatic" if kept.echo else "unknown"
        return Reply(nothing)
    lead = _lead(said, known)
    reply = _judged(kept.text, said, lead, known)
    if lead.alike and reply.verb == lead.verb and reply.verb in _WITH_CODES and reply.then is None:
        reply = replace(reply, alike=lead.alike)
    elif lead.alike and lead.verb is not None:
        reply = Reply("unclear", lead.codes, heard=lead.verb, rest="?")
    if reply.verb in ("unknown", "unclear"):
        few = len(said) <= ECHO_WORDS_MAX and "?" not in kept.text
        if few and kept.echo and (not kept.quoted or machines.confirms(kept.text)):
            return Reply("automatic")
        if few and kept.quoted and lead.verb is None:
            return Reply("unclear", kept.quoted)  # "coming now" and our page
        if lead.verb is None and machines.probably(kept.text, alone=True):
            return Reply("automatic")
    numbers = [_code(said[n].word) for n in range(lead.end, len(said)) if said[n].alone and not _in_minutes(said, n)]
    mentioned = [*kept.quoted, *(code for code in numbers if code)]
    return replace(reply, mentioned=tuple(dict.fromkeys(mentioned))[:CODES_MAX], language=lead.language)


def _judged(text: str, said: list[Token], lead: _Lead, known: Vocabulary) -> Reply:
    rest = said[lead.end :]
    whole = _polite(rest, known)
    if lead.verb is None:  # "not ok", "sorry, I can't", "no problem"
        return Reply("unclear" if lead.idiom or _negative(said, known) else "unknown")
    if (mixed := _mixed(text, said, lead, known)) is not None:
        return mixed
    if lead.verb == "visit":
        return Reply("visit", about=_note(text, said[lead.said :]))
    if lead.verb in ("who", "swap"):
        return _asked(text, lead, rest)
    if lead.verb == "ack":
        return _acknowledgement(text, said, lead, known)
    if lead.verb in _NO_QUESTION and _ASKS.search(text):
        return Reply("unclear", lead.codes, heard=lead.verb, rest=_note(text, rest) or "?")  # "fixed?" closes nothing
    if lead.all or not whole or (lead.codes and lead.verb in ("on", "off", "stop", "relief")):
        return Reply("unclear", lead.codes, heard=lead.verb, rest=_note(text, rest))
    return Reply(lead.verb, lead.codes)


def _mixed(text: str, said: list[Token], lead: _Lead, known: Vocabulary) -> Reply | None:
    """ "ok 10, done 47": several codes with a verb that takes and one that closes."""
    codes = {_code(t.word) for n, t in enumerate(said) if not _amount(said, n) and not _in_minutes(said, n)}
    kinds = {_kind(said, n, known)[0] for n in range(len(said))}
    if lead.verb not in _MIXED or not kinds >= _MIXED or len(codes - {""}) < 2:
        return None
    pieces = None if _ASKS.search(text) else _pieces(text, said, known)
    clauses = None if pieces is None else reply_clauses.clauses(pieces)
    if clauses is None:
        return Reply("unclear", lead.codes, heard="ack")
    first, *others = (Reply(cast(Verb, verb), of_verb, language=lead.language) for verb, of_verb in clauses.items())
    return replace(first, then=others[0]) if others else first


def _pieces(text: str, said: list[Token], known: Vocabulary) -> list[reply_clauses.Piece] | None:
    """The verbs and codes of a text that has nothing else but an "and" or "please"."""
    found: list[reply_clauses.Piece] = []
    at = end = 0
    while at < len(said):
        kind, _, length = _kind(said, at, known)
        code = "" if _amount(said, at) else _code(said[at].word)
        copula = said[at].word in doubts.COPULAS and _kind(said, at + 1, known)[0] == "close"
        if code or kind in _MIXED:
            parted = bool(found) and reply_clauses.parted(text[end : said[at].start])
            found.append(reply_clauses.Piece("" if code else str(kind), code, parted))
            end = said[at + length - 1].end
        elif kind not in ("and", "polite") and not copula:
            return None
        at += length
    return found


def _acknowledgement(text: str, said: list[Token], lead: _Lead, known: Vocabulary) -> Reply:
    """An `ok`, unless something beside it says otherwise."""
    rest = said[lead.end :]
    whole = _polite(rest, known)
    note = _note(text, said[lead.note :])
    if not doubts.MARKS.isdisjoint(text) or _negative(said, known) or _doubtful(said, known):
        return Reply("unclear", lead.codes, heard="ack")
    if _given_away(said, lead, known) or _alone(rest, known) or _asks_another(said, lead, known):
        return Reply("unclear", lead.codes, heard="ack")
    if whole and _ASKS.search(text):
        return Reply("unclear", lead.codes, heard="ack")  # "ok 10?"
    if machines.probably(text, alone=False):
        return Reply("unclear", lead.codes)  # "OK! Thanks for your message": answered as what was not understood
    if lead.letter and rest and not whole and not lead.codes:
        return Reply("unknown")  # "a fuse has blown" takes nothing
    if lead.all and any(_digits(t.word) or _kind(rest, n, known)[0] == "but" for n, t in enumerate(rest)):
        return Reply("unclear", heard="ack")  # "ok all but 52" must be asked back
    if rest and not lead.all and not _harmless(rest, 0):
        other = _lead(rest, known)
        alone = _polite(rest[other.end :], known)
        if other.verb == "close" and _ASKS.search(text):
            return Reply("unclear", tuple(dict.fromkeys((*lead.codes, *other.codes))), heard="close")
        if other.verb == "close" and alone and not other.alike:
            return Reply("close", tuple(dict.fromkeys((*lead.codes, *other.codes))))
        if (
            other.verb in _LOWERING
            or (other.verb is not None and other.alike)
            or (other.verb is not None and alone and not lead.codes)
        ):
            return Reply("unclear", lead.codes, heard="ack")
    if rest and not lead.codes and _ONE_DIGIT.fullmatch(rest[0].word) and _polite(rest[1:], known):
        return Reply("unclear", heard="ack")  # "ok 4" may have lost a digit
    if rest and not lead.codes and text.rstrip().endswith("?"):
        return Reply("unclear", heard="ack")  # "ok to close it?"
    return Reply("ack", lead.codes, lead.all, lead.both, note)


def _asked(text: str, lead: _Lead, rest: list[Token]) -> Reply:
    """`who network`, `who is on call for network?`, `swap ben 8:00`."""
    if lead.codes:
        return Reply("unclear", lead.codes, heard=lead.verb or "")
    if lead.verb == "swap":
        return Reply("swap", about=_note(text, rest))
    while rest and rest[0].word in words.WHO_FILLERS:
        rest = rest[1:]
    return Reply("who", about=_note(text, rest))


def _lead(said: list[Token], known: Vocabulary) -> _Lead:
    lead = _Lead()
    codes: list[str] = []
    alike: list[str] = []
    note: int | None = None
    at = 0
    while at < len(said):
        kind, language, length = _kind(said, at, known)
        spelled, signs = _spelled(said, at, known) if lead.verb is None or lead.verb in _WITH_CODES else ("", 0)
        if signs:
            alike.append(spelled)
            note, length = None, signs
        elif code := _code(said[at].word):
            if _amount(said, at):
                break  # "ok 42 20 min": the number belongs to the note
            codes.append(code)
            note = None
        elif lead.verb is None and (idiom := _harmless(said, at)) and kind != "ack":
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
    if (code := numerals.looks_like(word)) and not _amount(said, end - 1):
        return code, end - at
    if length := _stands(said, at, numerals.phrases()):
        behind = at + length
        follows = behind == len(said) or _kind(said, behind, known)[0] in ("polite", "and", "ack", "close")
        if follows or (_code(said[behind].word) and not _amount(said, behind)):
            return numerals.spoken()[tuple(t.word for t in said[at:behind])], length
    return "", 0


def _kind(said: list[Token], at: int, known: Vocabulary) -> tuple[Kind | None, str, int]:
    """The longest entry that begins here: (what it means, its language, how many words)."""
    for length in range(min(PHRASE_MAX, len(said) - at), 0, -1):
        found = known.get(tuple(token.word for token in said[at : at + length]))
        if found is not None:
            return *found, length
    return None, words.ENGLISH, 1


def _polite(rest: list[Token], known: Vocabulary) -> bool:
    """Nothing is left but "please" and the like."""
    at = 0
    while at < len(rest):
        kind, _, length = _kind(rest, at, known)
        if kind != "polite":
            return False
        at += length
    return True


def _negative(said: list[Token], known: Vocabulary) -> bool:
    at = 0
    while at < len(said):
        harmless = _harmless(said, at)
        if harmless:
            at += harmless
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
        if harmless := _harmless(said, at) or _stands(said, at, doubts.fine()):
            at += harmless
            continue
        kind, _, length = _kind(said, at, known)
        if kind == "refuse" or _stands(said, at, doubts.doubts()):
            return True
        if any(sign in said[at].word for sign in doubts.SIGNS):
            return True
        at += length
    return False


def _given_away(said: list[Token], lead: _Lead, known: Vocabulary) -> bool:
    """Whether one of several is left out, or somebody else is to have it: "except 47", "Ben has 47", "call Ben"."""
    at = lead.end
    while at < len(said) and (polite := _kind(said, at, known))[0] == "polite":
        at += polite[2]
    first, second = (said[n].word if n < len(said) else "" for n in (at, at + 1))
    if first in doubts.CALLS and second and second not in doubts.CALLS_ME:
        return True
    if lead.codes and first in doubts.COPULAS and _kind(said, at + 1, known)[0] not in ("ack", "close"):
        return True
    if len(lead.codes) > 1 and first in doubts.FOR:
        return True
    return any(_leaves_out(said, n, known) for n in range(lead.end, len(said)))


def _alone(rest: list[Token], known: Vocabulary) -> bool:
    """ "Ok wait", "ok call me please"."""
    length = _stands(rest, 0, doubts.alone())
    return bool(length) and _polite(rest[length:], known)


def _asks_another(said: list[Token], lead: _Lead, known: Vocabulary) -> bool:
    """ "Tell Ben", "can Ben do it", "Ben can do it"."""
    rest = [token.word for token in said[lead.end :]]
    first, second, third, *_ = *rest, "", "", ""
    own = any(_kind(said, n, known)[0] == "ack" and _kind(said, n, known)[2] > 1 for n in range(lead.end, len(said)))
    if first in doubts.TELLS and second and "me" not in rest and second not in doubts.CALLS_ME and not own:
        return True
    if first.startswith(doubts.TELL_SIGNS) and "我" not in first:
        return True
    if first in doubts.CAN and (second == "you" or (second not in doubts.OWN | doubts.DO and third in doubts.DO)):
        return True
    return second in {"can", "could", "kann", "konnte"} and first not in doubts.OWN and third in doubts.DO


def _leaves_out(said: list[Token], at: int, known: Vocabulary) -> bool:
    """A word that keeps the code behind it from being taken."""
    kind, _, length = _kind(said, at, known)
    word = said[at].word
    run = HAN.search(word) and word.endswith(doubts.BEFORE_CODE_SIGNS) and not word.startswith(doubts.OWN_SIGNS)
    if not run and word not in doubts.BEFORE_CODE and (kind != "but" or word in doubts.ONLY):
        return False
    behind = at + (length if kind == "but" else 1)
    while behind < len(said) and said[behind].word in doubts.ARTICLES:
        behind += 1
    return behind < len(said) and bool(_code(said[behind].word)) and not _amount(said, behind)


def _harmless(said: list[Token], at: int) -> int:
    """How many words from here only look like a negative: "no problem"."""
    return _stands(said, at, words.harmless())


def _stands(said: list[Token], at: int, entries: frozenset[Phrase]) -> int:
    """How many words the longest of these entries has that begins here; 0: none does."""
    lengths = range(min(PHRASE_MAX, len(said) - at), 0, -1)
    return next((n for n in lengths if tuple(t.word for t in said[at : at + n]) in entries), 0)


def _amount(said: list[Token], at: int) -> bool:
    following = said[at + 1].word if at + 1 < len(said) else ""
    return following in UNITS or following.startswith(UNIT_SIGNS)


def _in_minutes(said: list[Token], at: int) -> bool:
    """ "There in 10"."""
    return at > 0 and said[at - 1].word in words.WITHIN


def _code(word: str) -> str:
    """The code that a word is; codes never begin with 0."""
    found = _CODE.fullmatch(word)
    return found[1] if found else ""


def _digits(word: str) -> bool:
    return HIDDEN in word or any(sign.isdigit() for sign in word)


def _note(text: str, rest: list[Token]) -> str:
    return text[rest[0].start :].strip(" \t,.;:-–—")[:NOTE_MAX] if rest else ""


def _words(text: str, *, chinese: bool) -> list[Token]:
    """A run of Chinese signs counts as its known words where the person writes Chinese."""
    if not chinese:
        return tokens(text)
    return [
        part for token in tokens(text) for part in ([token] if words.NOT_REFUSED.search(token.word) else _split(token))
    ]


def _split(token: Token) -> Iterator[Token]:
    """Also a visit from its length, which is no known word: "现场两小时"."""
    for visit in (phrase[0] for phrase, kind in words.table("zh").items() if kind == "visit"):
        if token.word.startswith(visit) and said_lengths.begins_with_one(token.word[len(visit) :]):
            border = token.start + len(visit)
            yield Token(visit, token.start, border, alone=True)
            yield Token(token.word[len(visit) :], border, token.end, alone=True)
            return
    yield from split_signs(token, words.signs())
