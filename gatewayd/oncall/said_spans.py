"""From when until when, in a text from a phone and in the words of its person. Pure.

    until fri 18:00   24 dec - 2 jan   from mon 8:00 to wed   24.-27.12.   for 3 days   2h   tomorrow
    bis Freitag   vom 24.12. bis 2.1.   du lundi au vendredi   从周一到周五

An instant is never guessed at: an hour that may be of the morning or the evening ("until 6") is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from gatewayd.oncall import civil, said_lengths, said_times, times
from gatewayd.oncall.languages import language_of
from gatewayd.oncall.said_change_words import every

CHARACTERS_MAX = 80
WHOLE_DAY = 23 * civil.HOUR  # on the day of a change of clocks
_SIGNS = " ,;:!。，；"
_FULL_STOP = re.compile(r"(?<!\d)\.+$|(?<=:\d\d)\.+$")  # "24.12." ends with none
_WEAK = frozenset({"a", "à", "al", "au", "i"})  # these part nothing where no begin is said: "mañana a las 8"
_DASH = re.compile(r"\s?[-–—~]\s?")
_BARE_HOUR = re.compile(r"(?:(?P<before>\S+)\s+)?(?P<hour>\d{1,2})")
_BARE_LENGTH = re.compile(r"(\d{1,2})\s?h(?:rs?)?", re.IGNORECASE)
_BARE_DAY = re.compile(r"(\d{1,2})\.?")
_DAY_AND_REST = re.compile(r"\d{1,2}(\.|st|nd|rd|th)?\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Clock:
    """How its person writes times, and what time it is: on the clock of `zone`."""

    language: str
    zone: ZoneInfo
    now: int

    @property
    def chinese(self) -> bool:
        return language_of(self.language) == "zh"


def read(text: str, clock: Clock) -> tuple[int, int]:
    """When something begins, not before now, and when it ends. Raises ValueError for what is no such time."""
    said = _bare(text)
    if not said or len(said) > CHARACTERS_MAX:
        raise ValueError("is no time")
    for first, last in _parted(said, clock):
        try:
            since = _begin(first, last, clock)
            until = _end(last, clock, after=max(since, clock.now))
        except ValueError:
            continue
        if max(since, clock.now) < until:
            return max(since, clock.now), until
    if has_end(said, clock) or not (day := _whole_day(said, clock)):
        return clock.now, end(said, clock)
    return day


def end(text: str, clock: Clock) -> int:
    """Of something that begins now. Raises ValueError."""
    said = _bare(text)
    if behind := _behind(said, "until", clock):
        return _end(behind, clock, after=clock.now)
    if (length := _length(said, clock)) is not None:
        return length
    return _end(said, clock, after=clock.now)


def has_end(text: str, clock: Clock) -> bool:
    """Whether a word stands first by which an end is meant, or a length: "until fri", "+8h", "2h"."""
    said = _bare(text)
    return said.startswith("+") or bool(_behind(said, "until", clock)) or _length(said, clock) is not None


def says_when(text: str, clock: Clock) -> bool:
    """Whether a word for an end stands first, or one for a begin and some figure, whatever follows."""
    said = f"{_bare(text)} ."
    figures = any(sign.isdigit() for sign in said)
    return bool(_behind(said, "until", clock)) or (figures and bool(_behind(said, "since", clock)))


def _parted(said: str, clock: Clock) -> Iterator[tuple[str, str]]:
    """Both sides of whatever may stand between a begin and an end."""
    if _behind(said, "until", clock) and not _behind(said, "since", clock):
        return
    for found in (*_between(clock.language).finditer(said), *_DASH.finditer(said)):
        first, last = said[: found.start()].strip(_SIGNS), said[found.end() :].strip(_SIGNS)
        weak = found[0].strip().casefold() in _WEAK and not _behind(first, "since", clock)
        if first and last and not weak:
            yield first, last


def _begin(first: str, last: str, clock: Clock) -> int:
    said = _behind(first, "since", clock) or first
    if _phrase(said, "now", clock):
        return clock.now
    if _BARE_DAY.fullmatch(said) and (found := _DAY_AND_REST.fullmatch(last)) and found[2]:
        said = f"{said.rstrip('.')}{found[1] or ''} {found[2]}" if found[1] != "." else f"{said.rstrip('.')}.{found[2]}"
    _no_bare_hour(said, clock)
    return said_times.read(said, clock.language, clock.zone, after=clock.now, ends=False)


def _end(said: str, clock: Clock, *, after: int) -> int:
    _no_bare_hour(said, clock)
    return said_times.read(said, clock.language, clock.zone, after=after)


def _whole_day(said: str, clock: Clock) -> tuple[int, int] | None:
    """A day alone is that day, as far as it is to come."""
    try:
        since = said_times.read(said, clock.language, clock.zone, after=clock.now, ends=False)
        until = said_times.read(said, clock.language, clock.zone, after=clock.now)
    except ValueError:
        return None
    return (max(since, clock.now), until) if until - since >= WHOLE_DAY else None


def _length(said: str, clock: Clock) -> int | None:
    """ "for 2h", "90 min", "3 days"; None: it is none. "8h" alone may be a time of day: raises ValueError."""
    lasting = _behind(said, "lasting", clock)
    amount = lasting or said
    for words in every(clock.language):
        for unit, entries in (("d", words.days), ("w", words.weeks)):
            if found := re.fullmatch(rf"(\d{{1,3}})\s?(?:{_any(entries)})", amount, re.IGNORECASE):
                return times.read(f"+{found[1]}{unit}", clock.zone, after=clock.now, ends=True)
    hours = _BARE_LENGTH.fullmatch(amount)
    if hours and not lasting and int(hours[1]) > said_lengths.HOURS_SAID_MAX:
        raise ValueError("may be a time of day")
    if hours:
        return clock.now + int(hours[1]) * civil.HOUR
    for words in every(clock.language):
        until, rest = said_lengths.at_the_end(f"x {words.lasting.split('|')[0]} {amount}", clock.language)
        if until is not None and rest == "x":
            return clock.now + until
    return None


def _no_bare_hour(said: str, clock: Clock) -> None:
    found = _BARE_HOUR.fullmatch(said)
    before = found["before"].strip(".") if found and found["before"] else ""
    if found and not (before and (said_times.is_month(before, clock.language) or said_times.is_tonight(before))):
        raise ValueError("is of the morning or the evening")


def _bare(text: str) -> str:
    return _FULL_STOP.sub("", text.strip(_SIGNS)).strip(_SIGNS)


def _behind(said: str, kind: str, clock: Clock) -> str:
    """What stands behind a word of that kind; "" where none stands first."""
    found = _first(clock.language, kind).match(said)
    return said[found.end() :].strip(_SIGNS) if found else ""


def _phrase(said: str, kind: str, clock: Clock) -> bool:
    found = _first(clock.language, kind).match(f"{said} ")
    return found is not None and found.end() >= len(said)


@cache
def _first(language: str, kind: str) -> re.Pattern[str]:
    entries = "|".join(getattr(words, kind) for words in every(language))
    return re.compile(rf"(?:{_any(entries)}){_border(language)}", re.IGNORECASE)


@cache
def _between(language: str) -> re.Pattern[str]:
    entries = "|".join(words.until for words in every(language))
    before = "" if language_of(language) == "zh" else r"\s"
    return re.compile(rf"{before}(?:{_any(entries)}){_border(language)}", re.IGNORECASE)


def _border(language: str) -> str:
    return r"\s*" if language_of(language) == "zh" else r"(?:\s+|(?<=['’])(?=\w))"


def _any(entries: str) -> str:
    """The longest first; with either apostrophe, with accents or without."""
    every_way = {way for entry in entries.split("|") for way in (entry, said_times.plain(entry))}
    return "|".join(re.escape(way).replace("'", "['’]?") for way in sorted(every_way, key=len, reverse=True))
