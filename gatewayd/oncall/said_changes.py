"""A change of duty that lasts, as the whole of a text from a phone. Pure.

    away UNTIL    away FROM - UNTIL    back    override [ROTA] NAME UNTIL    cover NAME [ROTA] until TIME
    on [ROTA] until TIME    off [ROTA] until TIME

The whole text is one of these or it is none: "I am away from my desk, will look in 5 min" and "cover letter" are about
something else. Nothing is changed here; what is asked back has a verb, and lacks its time or its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

from gatewayd.oncall import reply_words, said_spans
from gatewayd.oncall.languages import language_of
from gatewayd.oncall.reply_phrases import Vocabulary, kind_at
from gatewayd.oncall.reply_text import HAN, Token, fold, tokens
from gatewayd.oncall.said_change_words import every
from gatewayd.oncall.said_spans import Clock
from gatewayd.oncall.said_times import Over

Verb = Literal["away", "back", "override", "cover", "on", "off"]
CHARACTERS_MAX = 160
NAME_WORDS_MAX = 4
ASKED_WORDS_MAX = 4  # behind a word for an end, "until I am well again"
_QUESTION = "?？"
_ENDS = re.compile(r"[\s!?。！？]+$|(?<!\d)\.+$")  # "2.1." ends with none
_SIGNS = " ,;:，；"
_LENGTH = re.compile(r"\d+\s?\w{1,3}")  # "8h" may be a time of day
_CODE = re.compile(r"\d{4}")
_THANKS = ("谢谢", "謝謝", "辛苦了", "请", "請")


@dataclass(frozen=True, slots=True)
class Known:
    """Who writes, in which language, and what may be named. `people`: folded words -> those who are called so;
    `zones` by rota, "" of none."""

    me: str
    language: str
    people: Mapping[str, tuple[str, ...]]
    rotas: Mapping[str, str]
    zones: Mapping[str, ZoneInfo]
    now: int

    def clock(self, rota: str = "") -> Clock:
        return Clock(self.language, self.zones.get(rota, self.zones[""]), self.now)


@dataclass(frozen=True, slots=True)
class Wish:
    """`since` is the instant it was read unless a begin was said. `lacks`: what has to be asked back: until when, as
    none was said or it is "over", or `named` who is nobody, or more than one (`alike`). `code`: "away 7313", nothing
    else stands behind the verb."""

    verb: Verb
    rota: str = ""
    person: str = ""
    since: int = 0
    until: int = 0
    lacks: Literal["", "time", "over", "name"] = ""
    named: str = ""
    code: str = ""
    alike: tuple[str, ...] = field(default=())


def read(text: str, known: Known) -> Wish | None:
    """None: it is about something else."""
    asks = any(sign in text for sign in _QUESTION)
    said = _ENDS.sub("", text.strip())
    if not said or len(said) > CHARACTERS_MAX:
        return None
    for verb, rest in _verbs(said, known.language):
        found = _of_verb(verb, rest, known)
        if found is not None and asks:
            return Wish("away", lacks="time") if verb == "away" else None
        if found is not None:
            return found
    return None


def _of_verb(verb: Verb, rest: str, known: Known) -> Wish | None:
    if verb not in ("on", "off") and _CODE.fullmatch(rest):
        return Wish(verb, code=rest)
    match verb:
        case "away":
            return _away(rest, known)
        case "back":
            return None if rest else Wish("back")
        case "override" | "cover":
            return _for_somebody(verb, rest, known)
        case _:
            return _until_then(verb, rest, known)


def _away(rest: str, known: Known) -> Wish | None:
    clock = known.clock()
    if not rest:
        return Wish("away", lacks="time")
    try:
        since, until = said_spans.read(rest, clock)
    except Over:
        return Wish("away", lacks="over")
    except ValueError:
        few = len(rest.split()) <= ASKED_WORDS_MAX and said_spans.says_when(rest, clock)
        return Wish("away", lacks="time") if few or _LENGTH.fullmatch(rest) else None
    return Wish("away", since=since, until=until)


def _until_then(verb: Verb, rest: str, known: Known) -> Wish | None:
    """`on noc until 18:00`: with a word for an end, or it is the name of a rota and no time."""
    rota, behind = _rota(rest, known)
    clock = known.clock(rota)
    if not behind or not _has_end(behind, clock):
        return None
    try:
        return Wish(verb, rota, since=known.now, until=said_spans.end(behind, clock))
    except Over:
        return Wish(verb, rota, lacks="over")
    except ValueError:
        return None


def _for_somebody(verb: Verb, rest: str, known: Known) -> Wish | None:
    rota, name, alike, behind = "", "", tuple[str, ...](), rest
    if not rest:
        return Wish(verb, lacks="time")
    for _ in range(2):
        behind = _without_of(behind, known)
        if not rota and (found := _rota(behind, known))[0]:
            rota, behind = found
        elif not name and not alike and (called := _person(behind, known, own=verb == "override"))[0]:
            alike, behind = called
            name, alike = (alike[0], ()) if len(alike) == 1 else ("", alike)
    if alike:
        return Wish(verb, rota, lacks="name", named=fold(rest).split(" ")[0], alike=alike)
    clock = known.clock(rota)
    if not name and ((nobody := _nobody(verb, behind, clock, named=bool(rota))) or not rota):
        return nobody
    try:
        until = said_spans.end(behind, clock) if behind else 0
    except Over:
        return Wish(verb, rota, name, lacks="over")
    except ValueError:
        few = len(behind.split()) <= ASKED_WORDS_MAX
        return Wish(verb, rota, name, lacks="time") if few else None
    if not until or not name:
        return Wish("on", rota, since=known.now, until=until) if until and verb == "cover" else Wish(verb, lacks="time")
    return Wish(verb, rota, name, known.now, until)


def _nobody(verb: Verb, rest: str, clock: Clock, *, named: bool) -> Wish | None:
    """ "cover bob until 18:00", where nobody is called so; "cover letter" is about something else. Behind the name of a
    rota (`named`) a time is an end by itself."""
    words = rest.split()
    if _is_time(rest, clock):
        return None
    for length in range(1, min(NAME_WORDS_MAX, len(words) - 1) + 1):
        behind = " ".join(words[length:])
        if _is_time(behind, clock) and (named or _has_end(behind, clock)):
            return Wish(verb, lacks="name", named=" ".join(words[:length]))
    return None


def _is_time(text: str, clock: Clock) -> bool:
    try:
        said_spans.end(text, clock)
    except ValueError:
        return False
    return True


def _has_end(text: str, clock: Clock) -> bool:
    try:
        return said_spans.has_end(text, clock)
    except ValueError:
        return False


# --- words


def _verbs(said: str, language: str) -> Iterator[tuple[Verb, str]]:
    """Each verb that may stand first, that of most words before the others, and what is said behind it, less its
    thanks."""
    words = tokens(said)
    end = len(words)
    vocabulary = reply_words.vocabulary(language_of(language))
    while end > 1 and (found := _polite_before(words, end, vocabulary)):
        end -= found
    line = said[: words[end - 1].end] if words and end < len(words) else said
    if language_of(language) == "zh":
        line = next((line.removesuffix(thanks).rstrip(" ,，") for thanks in _THANKS if line.endswith(thanks)), line)
    if language_of(language) == "zh" and (run := HAN.match(line)):
        for phrase, verb in _phrases("zh"):
            if HAN.fullmatch(phrase) and run[0].startswith(phrase):
                yield verb, _spaced(line[len(phrase) :])
    for phrase, verb in _phrases(language):
        length = len(phrase.split())
        if " ".join(word.word for word in words[: min(length, end)]) == phrase:
            yield verb, line[words[length - 1].end :].strip(_SIGNS)


def _polite_before(words: list[Token], end: int, vocabulary: Vocabulary) -> int:
    """How many words before `end` are a "thanks"."""
    for length in (3, 2, 1):
        if end - length > 0 and kind_at(words[:end], end - length, vocabulary)[::2] == ("polite", length):
            return length
    return 0


@cache
def _phrases(language: str) -> tuple[tuple[str, Verb], ...]:
    """Folded, the longest first; of two that are alike the one that lasts before `on` and `off`."""
    found: dict[str, Verb] = {}
    for words in every(language):
        kinds: tuple[tuple[Verb, str], ...] = (
            ("away", words.away), ("back", words.back), ("override", words.override), ("cover", words.cover),
        )  # fmt: skip
        for verb, entries in kinds:
            found |= {fold(entry): verb for entry in entries.split("|") if fold(entry) not in found}
    for phrase, (kind, _) in reply_words.vocabulary(language_of(language)).items():
        if kind == "on" or kind == "off":
            found.setdefault(" ".join(phrase), kind)
    return tuple(sorted(found.items(), key=lambda entry: -len(entry[0])))


def _without_of(text: str, known: Known) -> str:
    """Less "for", "on", "the" before a name."""
    words = text.split()
    before = {fold(entry) for kept in every(known.language) for entry in kept.of.split("|")}
    while len(words) > 1 and fold(words[0]) in before:
        words = words[1:]
    return " ".join(words)


def _rota(text: str, known: Known) -> tuple[str, str]:
    """The rota that is named first, and what follows."""
    for named, behind in _heads(text):
        if named in known.rotas:
            return known.rotas[named], behind
    return "", text


def _person(text: str, known: Known, *, own: bool) -> tuple[tuple[str, ...], str]:
    """Who is named first, one or more who are called so, and what follows."""
    for named, behind in _heads(text):
        if named in _mine(known.language) and own:
            return (known.me,), behind
        if people := known.people.get(named):
            others = tuple(name for name in people if name != known.me)
            exact = tuple(name for name in people if named == fold(name))
            return (exact or others or people), behind
    return (), text


def _heads(text: str) -> Iterator[tuple[str, str]]:
    words = text.split()
    for length in range(min(NAME_WORDS_MAX, len(words)), 0, -1):
        yield fold(" ".join(words[:length])), " ".join(words[length:])


@cache
def _mine(language: str) -> frozenset[str]:
    return frozenset(fold(entry) for words in every(language) for entry in words.me.split("|"))


def _spaced(line: str) -> str:
    """With a gap between Chinese signs and a name in letters: "Ben到18点"; none where a figure stands."""
    spaced = ""
    for before, sign in zip(" " + line, line, strict=False):
        border = bool(HAN.match(before)) != bool(HAN.match(sign)) and not (before + sign).isspace()
        letters = (before if not HAN.match(before) else sign).isalpha()
        spaced += f" {sign}" if border and letters and " " not in before + sign else sign
    return spaced.strip()
