"""Hours of the week in civil time, as a bureau's contract tells them: "mon-fri 08:00-18:00". Pure.

What the clock on the wall shows decides, so a day on which the clocks change needs no thought: an hour that is skipped
is nobody's hour, and one that comes twice is open twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES = 24 * 60
AHEAD_DAYS = 15  # a weekly hour that the clocks skip is there again a week later
_UTC = ZoneInfo("UTC")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(r"(?:([a-z,-]+) +)?(\d\d):(\d\d)-(\d\d):(\d\d)")
_WRITE = 'write days and times, as in "mon-fri 08:00-18:00", "sat,sun 10:00-14:00", "22:00-06:00"'


@dataclass(frozen=True, slots=True)
class Span:
    """On these days (0 = Monday) from `begin` to `end`, in minutes of the day; an end before it is the next day's."""

    days: frozenset[int]
    begin: int
    end: int

    def holds(self, weekday: int, minute: int) -> bool:
        if self.begin < self.end:
            return weekday in self.days and self.begin <= minute < self.end
        return (weekday in self.days and minute >= self.begin) or ((weekday - 1) % 7 in self.days and minute < self.end)


def span(text: str) -> Span:
    """ "mon-fri 08:00-18:00"; without days every day. ValueError, with a sentence, for anything else."""
    found = _FORM.fullmatch(text.strip().lower())
    if not found:
        raise ValueError(_WRITE)
    begin, end = (int(found[n]) * 60 + int(found[n + 1]) for n in (2, 4))
    if begin >= MINUTES or end > MINUTES or int(found[3]) > 59 or int(found[5]) > 59:
        raise ValueError("a day has the times 00:00 to 24:00")
    if begin == end:
        raise ValueError('begins when it ends; the whole day is "00:00-24:00"')
    return Span(frozenset(_days(found[1])) if found[1] else frozenset(range(7)), begin, end)


def _days(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise ValueError(f"the days are {', '.join(DAYS)}; {_WRITE}")
        length = (DAYS.index(last or first) - DAYS.index(first)) % 7  # "sat-mon" goes over the end of the week
        yield from ((DAYS.index(first) + n) % 7 for n in range(length + 1))


@dataclass(frozen=True, slots=True)
class Hours:
    """When something may be used. No span at all: always. Times are microseconds UTC."""

    spans: tuple[Span, ...] = ()
    zone: ZoneInfo = _UTC

    def open(self, now: int) -> bool:
        if not self.spans:
            return True
        wall = self._wall(now)
        minute = wall.hour * 60 + wall.minute
        return any(one.holds(wall.weekday(), minute) for one in self.spans)

    def opens_at(self, now: int) -> int | None:
        """`now` while it is open, else when it is next; None: not within two weeks."""
        if self.open(now):
            return now
        today = self._wall(now).date()
        for ahead in range(-1, AHEAD_DAYS):  # a day of before may begin now, by the second of two equal hours
            day = today + timedelta(days=ahead)
            found = [at for at in self._edges(day) if at > now and self.open(at)]
            if found:
                return min(found)
        return None

    def told(self, at: int) -> str:
        """A time in the zone of these hours: "Mon 23 Nov 08:00 Europe/London"."""
        return f"{self._wall(at):%a %d %b %H:%M} {self.zone.key}"

    def _edges(self, day: date) -> Iterator[int]:
        """Instants of that day at which it may begin to be open."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        for one in self.spans:
            if day.weekday() in one.days:
                begins = midnight.replace(hour=one.begin // 60, minute=one.begin % 60)
                yield from {_instant(begins), _instant(begins.replace(fold=1))}
        first, last = _instant(midnight), _instant(midnight + timedelta(days=1))
        before = self._wall(first).utcoffset()
        if before != self._wall(last).utcoffset():  # the wall clock jumps, perhaps into an hour
            while last - first > 1_000_000:
                middle = (first + last) // 2
                first, last = (middle, last) if self._wall(middle).utcoffset() == before else (first, middle)
            yield -(-first // 1_000_000) * 1_000_000

    def _wall(self, now: int) -> datetime:
        return (_EPOCH + timedelta(microseconds=now)).astimezone(self.zone)


def _instant(civil: datetime) -> int:
    return (civil.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1)
