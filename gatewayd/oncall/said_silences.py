"""What a text says of silences: `silence SERVICE 2h`, `unsilence SERVICE`, `silences`. Pure.

The whole text says it, or nothing is read: a verb at its beginning, then a service (or the code of an incident), then
how long. Without a length it is read only where what stands behind the verb is a service that there is, or looks like
one: "silence is golden" is none. A question changes nothing: it asks what is silenced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from gatewayd.near import near
from gatewayd.oncall import reply_machines as machines
from gatewayd.oncall import reply_words as words
from gatewayd.oncall import said_lengths, said_times, silence_words
from gatewayd.oncall.languages import ENGLISH, language_of
from gatewayd.oncall.reply_phrases import PHRASE_MAX, Vocabulary, code_of, kind_at, polite
from gatewayd.oncall.reply_text import GAP, HAN, TEXT_MAX, Token, body, fold, tokens
from gatewayd.oncall.silence_words import Verb

ABOUT_WORDS_MAX = 4
ABOUT_CHARACTERS_MAX = 60
_EDGES = " \t,.;:!。，；：！-–—\"'“”„«»"
_ASKS = re.compile("[?？¿]")
_BARE_HOUR = re.compile(r"(?:0?[1-9]|1[0-2])")
_FIGURE = re.compile(r"(?<!\S)\d")
# Before the service: "silence the network", "mute incident 42".
_MORE_DESIGNATORS = "service for of dienst gwasanaeth servicio usluga"
_LEADING = words.DESIGNATORS | frozenset(_MORE_DESIGNATORS.split())
_PLEASE_SIGNS = "请請"


@dataclass(frozen=True, slots=True)
class Said:
    """`about`: the service or the code as it was written, "" = none; `code`: if it may be one. `until` None: no time
    was said that can be read."""

    verb: Verb
    about: str = ""
    code: str = ""
    until: int | None = None


def read(
    text: str, language: str, zone: ZoneInfo, now: int, *, named: Callable[[], Collection[str]],
    ours: Sequence[str] = (),
) -> Said | None:  # fmt: skip
    """None: it is about something else. `named`: names and titles of the services that there are, asked for when a verb
    was found; `ours`: as in `replies.read`."""
    if GAP in text or not _has_verb(text, language):
        return None
    line = body(text, ours).text
    if not line or machines.surely(line):
        return None
    found = _command(line, language)
    if found is None:
        return None
    verb, behind = found
    services = named()
    if _ASKS.search(behind):
        asked = _plain(_split(_ASKS.sub(" ", behind), language, zone, now)[1], language)
        return Said("silences") if not asked or _names_one(asked, services) else None
    if verb == "silences":
        return None if behind else Said("silences")
    if verb == "unsilence":
        about = _plain(behind, language)
        return Said(verb, about, code_of(about)) if not about or _names_one(about, services) else None
    until, rest, timed = _split(behind, language, zone, now)
    about = _plain(rest, language)
    before = _plain(_FIGURE.split(rest, maxsplit=1)[0], language)
    if until is None and before != about and _names_one(before, services):
        return Said(verb, before, code_of(before))  # "silence db 120 min"
    short = len(about.split()) <= ABOUT_WORDS_MAX and len(about) <= ABOUT_CHARACTERS_MAX
    if about and not (timed and short) and not _names_one(about, services):
        return None
    return Said(verb, about, code_of(about), until)


def key(words: str) -> str:
    """A name of a service as it is compared."""
    return fold(_plain(words, ENGLISH))


def alike(about: str, services: Collection[str]) -> list[str]:
    """Names that may have been meant, the likeliest first."""
    known = {key(name): name for name in services}
    return [known[name] for name in near(key(about), known)]


def means_all(about: str, language: str) -> bool:
    """ "All", "everything", "*" name no service."""
    folded = tuple(fold(about).split())
    known = words.vocabulary(language_of(language))
    return not folded or known.get(folded, ("", ""))[0] in ("all", "both")


def _names_one(about: str, services: Collection[str]) -> bool:
    """Exactly, by a code, or with a slip of the finger."""
    return bool(code_of(about) or key(about) in {key(name) for name in services} or alike(about, services))


def _has_verb(text: str, language: str) -> bool:
    """Most texts have none, and need not be taken apart."""
    folded = fold(text[:TEXT_MAX])
    first = {phrase[0] for phrase in silence_words.verbs(language_of(language))}
    return not first.isdisjoint(folded.split()) or any(sign in folded for sign in _signs(language))


def _command(line: str, language: str) -> tuple[Verb, str] | None:
    """The verb at the beginning, and what stands behind it, without the greetings and thanks around them."""
    said = tokens(line)
    known = words.vocabulary(language_of(language))
    at = _passed(said, 0, known)
    if at == len(said):
        return None
    found = _verb(said, at, language)
    if found is None:
        return None
    verb, start = found
    thanks = (t.start for n, t in enumerate(said) if t.start >= start and polite(said[n:], known))
    return verb, line[start : next(thanks, len(line))].strip(_EDGES)


def _passed(said: list[Token], at: int, known: Vocabulary) -> int:
    """Past "hi" and "please"."""
    while at < len(said):
        kind, _, length = kind_at(said, at, known)
        if kind not in ("hello", "polite"):
            break
        at += length
    return at


def _verb(said: list[Token], at: int, language: str) -> tuple[Verb, int] | None:
    """The longest one that begins here, and where in the text it ends."""
    entries = silence_words.verbs(language_of(language))
    for length in range(min(PHRASE_MAX, len(said) - at), 0, -1):
        verb = entries.get(tuple(token.word for token in said[at : at + length]))
        if verb is not None:
            return verb, said[at + length - 1].end
    run = said[at].word.lstrip(_PLEASE_SIGNS)
    for sign in _signs(language):  # which leave no gap behind them
        if run.startswith(sign):
            return entries[(sign,)], said[at].end - len(run) + len(sign)
    return None


@cache
def _signs(language: str) -> tuple[str, ...]:
    entries = silence_words.verbs(language_of(language))
    return tuple(sorted((p[0] for p in entries if len(p) == 1 and HAN.fullmatch(p[0])), key=len, reverse=True))


def _split(behind: str, language: str, zone: ZoneInfo, now: int) -> tuple[int | None, str, bool]:
    """The end that is said, the rest, and whether there is anything of a time at all.

    An hour that may be of the morning or the evening, and what is over already, are not read.
    """
    head: str | None = None
    for tongue in dict.fromkeys((language_of(language), ENGLISH)):
        found = _until(tongue).search(behind)
        if found is None:
            continue
        head, tail = behind[: found.start()], behind[found.end() :].strip(_EDGES)
        if _BARE_HOUR.fullmatch(tail):
            return None, head, True
        try:
            return said_times.read(tail, language, zone, after=now), head, True
        except ValueError:
            break  # "until 18:00 db"
    try:
        until, rest = said_lengths.taken_out(behind, language, zone, now)
    except ValueError:
        return None, _FIGURE.split(behind, maxsplit=1)[0] if head is None else head, True
    if until is None and head is not None:
        return None, head, True
    return until, rest, until is not None


@cache
def _until(language: str) -> re.Pattern[str]:
    entries = "|".join(map(re.escape, said_lengths.until_words(language)))
    return re.compile(f"(?:{entries})" if language == "zh" else rf"(?<!\S)(?:{entries})(?!\S)", re.IGNORECASE)


def _plain(about: str, language: str) -> str:
    """Without what stands before or behind a service and is no part of its name."""
    left = about.strip(_EDGES).split()
    while len(left) > 1 and fold(left[0]) in _LEADING:
        left = left[1:]
    while left and said_lengths.joins(left[-1], language):
        left = left[:-1]
    return " ".join(left).strip(_EDGES).removeprefix("#")
