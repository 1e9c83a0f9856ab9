"""What a person's text means. Pure; it knows neither who wrote it nor what is open.

    ok|no|done|more [codes|all] [note]    ?|list|help    on|off|stop    who [service]    swap NAME UNTIL

The words are in `reply_words`, how they are got out of a text in `reply_text`, what stands first in `reply_leads`, who
means somebody else or another time in `reply_unwilling`, what machines write in `reply_machines`.
Only an acknowledgement may have a note; a verb that lets go of something is the whole text or it is asked back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from gatewayd.oncall import reply_clauses, said_lengths
from gatewayd.oncall import reply_doubts as doubts
from gatewayd.oncall import reply_machines as machines
from gatewayd.oncall import reply_numerals as numerals
from gatewayd.oncall import reply_unwilling as unwilling
from gatewayd.oncall import reply_words as words
from gatewayd.oncall.languages import ENGLISH, language_of
from gatewayd.oncall.reply_leads import CODES_MAX, WITH_CODES, Lead, read_lead
from gatewayd.oncall.reply_names import another_acts
from gatewayd.oncall.reply_phrases import (
    Vocabulary,
    amount,
    code_of,
    digits,
    entries,
    harmless,
    in_minutes,
    kind_at,
    polite,
)
from gatewayd.oncall.reply_text import GAP, HAN, Token, body, split_signs, tokens

NOTE_MAX = 400
ECHO_WORDS_MAX = 3  # what a gateway writes before or behind our own text: "message received:"
_ASKS = re.compile("[?¿]")
_NO_QUESTION = frozenset({"close", "refuse", "home", "on", "off", "stop", "relief"})
_MIXED = frozenset({"ack", "close"})
_AGREES = frozenset("👍👌✅✔☑🆗🫡")  # behind a "done"
_LATIN_FIRST = re.compile(rf"([a-z]+)({HAN.pattern})")  # "ok我来"
_ONE_DIGIT = re.compile(r"#?\d")
_LOWERING = frozenset({"refuse", "off", "swap", "stop", "relief"})

# "silence": see said_silences; "change": see said_changes
Verb = words.Verb | Literal["silence", "change", "unclear", "unknown", "automatic"]


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
    language: str = ENGLISH
    heard: str = ""
    rest: str = ""
    then: Reply | None = None
    alike: tuple[str, ...] = ()


def read(
    text: str, language: str = ENGLISH, ours: Sequence[str] = (), colleagues: frozenset[str] = frozenset()
) -> Reply:
    """Read one text of a person who writes English or `language` (a tag: "de", "zh-Hans").

    `ours`: texts that were sent to this person of late; they mean nothing when they come back. `colleagues`: how the
    others are called, as `reply_names.names_of` has it. A number counts as a
    code only beside the verb; a bare number alone acknowledges nothing.
    """
    if text.lstrip().startswith(GAP):
        return Reply("unknown")  # "[...]ok 10 minutes ago" takes nothing
    kept = body(text, ours)
    if kept.mark:
        return Reply("unclear", kept.quoted)  # a thumb under the answer to something else, or one that points down
    known = words.vocabulary(language_of(language))
    said = _words(kept.text, chinese=language_of(language) == "zh")
    if machines.surely(kept.text):
        return Reply("automatic")
    if not said:
        if kept.quoted and not re.search(r"[?？]", kept.text):
            return Reply("unclear", kept.quoted)  # our page came back, and nothing else
        nothing: Verb = "list" if re.search(r"[?？]", kept.text) else "automatic" if kept.echo else "unknown"
        return Reply(nothing)
    if kept.echo and machines.confirms(kept.text):
        return Reply("automatic")  # "copy" may be a verb
    lead = read_lead(kept.text, said, known)
    if lead.letter and lead.codes and said[0].word in words.LETTERS.get(language_of(language), ""):
        return Reply("unclear", lead.codes, heard="ack")
    reply = _judged(kept.text, said, lead, known, colleagues)
    if lead.alike and reply.verb == lead.verb and reply.verb in WITH_CODES and reply.then is None:
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
    numbers = [code_of(said[n].word) for n in range(lead.end, len(said)) if said[n].alone and not in_minutes(said, n)]
    mentioned = [*kept.quoted, *(code for code in numbers if code)]
    return replace(reply, mentioned=tuple(dict.fromkeys(mentioned))[:CODES_MAX], language=lead.language)


def _judged(text: str, said: list[Token], lead: Lead, known: Vocabulary, colleagues: frozenset[str]) -> Reply:
    rest = said[lead.end :]
    whole = polite(rest, known)
    if lead.verb == "close":
        whole = polite([token for token in rest if token.word not in _AGREES], known)  # "done 👍"
    if lead.verb is None:  # "not ok", "sorry, I can't", "no problem"
        return Reply("unclear" if lead.idiom or unwilling.negative(said, known) else "unknown")
    if (mixed := _mixed(text, said, lead, known)) is not None:
        return mixed
    if lead.verb == "visit":
        return Reply("visit", about=_note(text, said[lead.said :]))
    if lead.verb in ("who", "swap"):
        return _asked(text, lead, rest)
    if lead.verb == "ack":
        taken = _acknowledgement(text, said, lead, known)
        another = taken.verb == "ack" and another_acts(text, said, lead, known, colleagues)
        return Reply("unclear", lead.codes, heard="ack") if another else taken
    if lead.verb in _NO_QUESTION and _ASKS.search(text):
        return Reply("unclear", lead.codes, heard=lead.verb, rest=_note(text, rest) or "?")  # "fixed?" closes nothing
    if lead.all or not whole or (lead.codes and lead.verb in ("on", "off", "stop", "relief")):
        return Reply("unclear", lead.codes, heard=lead.verb, rest=_note(text, rest))
    return Reply(lead.verb, lead.codes)


def _mixed(text: str, said: list[Token], lead: Lead, known: Vocabulary) -> Reply | None:
    """ "ok 10, done 47": several codes with a verb that takes and one that closes."""
    codes = {code_of(t.word) for n, t in enumerate(said) if not amount(said, n) and not in_minutes(said, n)}
    kinds = {kind for kind, _, _ in entries(said, known)}
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
        kind, _, length = kind_at(said, at, known)
        code = "" if amount(said, at) else code_of(said[at].word)
        copula = said[at].word in doubts.COPULAS and kind_at(said, at + 1, known)[0] == "close"
        if code or kind in _MIXED:
            parted = bool(found) and reply_clauses.parted(text[end : said[at].start])
            found.append(reply_clauses.Piece("" if code else str(kind), code, parted))
            end = said[at + length - 1].end
        elif kind not in ("and", "polite") and not copula:
            return None
        at += length
    return found


def _acknowledgement(text: str, said: list[Token], lead: Lead, known: Vocabulary) -> Reply:
    """An `ok`, unless something beside it says otherwise."""
    rest = said[lead.end :]
    whole = polite(rest, known)
    note = _note(text, said[lead.note :])
    if not doubts.MARKS.isdisjoint(text) or unwilling.holds_back(text, said, lead, known):
        return Reply("unclear", lead.codes, heard="ack")
    if _ASKS.search(text) and (whole or unwilling.only_asks(text, said, lead)):
        return Reply("unclear", lead.codes, heard="ack")  # "ok 10?", "10 übernehme ich?"
    if machines.probably(text, alone=False):
        return Reply("unclear", lead.codes)  # "OK! Thanks for your message": answered as what was not understood
    if lead.letter and rest and not whole and not lead.codes:
        return Reply("unknown")  # "a fuse has blown" takes nothing
    if lead.all and any(digits(t.word) or kind_at(rest, n, known)[0] == "but" for n, t in enumerate(rest)):
        return Reply("unclear", heard="ack")  # "ok all but 52" must be asked back
    if rest and not lead.all and not harmless(rest, 0):
        other = read_lead(text, rest, known)
        alone = polite(rest[other.end :], known)
        if other.verb == "close" and _ASKS.search(text):
            return Reply("unclear", tuple(dict.fromkeys((*lead.codes, *other.codes))), heard="close")
        if other.verb == "close" and alone and not other.alike:
            return Reply("close", tuple(dict.fromkeys((*lead.codes, *other.codes))))
        if (
            other.verb in _LOWERING
            or (other.verb is not None and other.alike)
            or (other.verb not in (None, "ack") and alone and not lead.codes)
        ):
            return Reply("unclear", lead.codes, heard="ack")
    if rest and not lead.codes and _ONE_DIGIT.fullmatch(rest[0].word) and polite(rest[1:], known):
        return Reply("unclear", heard="ack")  # "ok 4" may have lost a digit
    if rest and not lead.codes and text.rstrip().endswith("?"):
        return Reply("unclear", heard="ack")  # "ok to close it?"
    return Reply("ack", lead.codes, lead.all, lead.both, note)


def _asked(text: str, lead: Lead, rest: list[Token]) -> Reply:
    """`who network`, `who is on call for network?`, `swap ben 8:00`."""
    if lead.codes:
        return Reply("unclear", lead.codes, heard=lead.verb or "")
    if lead.verb == "swap":
        return Reply("swap", about=_note(text, rest))
    while rest and rest[0].word in words.WHO_FILLERS:
        rest = rest[1:]
    return Reply("who", about=_note(text, rest))


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
    """Also a visit from its length, which is no known word: "现场两小时"; and from an `ok` the sign of a number, which
    may be that of a day: "10号收到"."""
    if mixed := _LATIN_FIRST.fullmatch(token.word):
        border = token.start + len(mixed[1])
        yield replace(token, word=mixed[1], end=border)
        yield from _split(replace(token, word=mixed[2], start=border))
        return
    if token.word[0] in "号號":
        parts = list(split_signs(replace(token, word=token.word[1:], start=token.start + 1), words.signs()))
        if all(words.table("zh").get((part.word,)) in ("ack", "take") for part in parts):
            yield from parts
            return
    for visit in (phrase[0] for phrase, kind in words.table("zh").items() if kind == "visit"):
        if token.word.startswith(visit) and said_lengths.begins_with_one(token.word[len(visit) :]):
            border = token.start + len(visit)
            yield Token(visit, token.start, border, alone=True)
            yield Token(token.word[len(visit) :], border, token.end, alone=True)
            return
    yield from split_signs(token, words.signs() | numerals.signs())
