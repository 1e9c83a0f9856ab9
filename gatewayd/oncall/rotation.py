"""Whose turn it is: hand-overs by the calendar, and the turns between them.

A hand-over is one instant for both sides: in a doubled hour the first occurrence of its time, and where the time is
skipped the transition. Turns follow the calendar: where two hand-overs become one instant, because a day was skipped,
the turn between them has no length and passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field

from gatewayd.oncall import civil
from gatewayd.oncall.civil import DAY_MINUTES, DAY_NAMES

WEEK = 7


class HandOver(NamedTuple):
    """ "mon 09:00", or "09:00" for each day (`day` is None then)."""

    day: int | None
    minute: int


def _moment(text: object) -> object:
    if isinstance(text, tuple):  # as settings are dumped; TOML has none
        return text
    if not isinstance(text, str):
        raise ValueError("write a hand-over as 09:00, or as mon 09:00")  # noqa: TRY004 - what pydantic reads as a fault
    words = text.lower().split()
    if not 1 <= len(words) <= 2 or (len(words) == 2 and words[0] not in DAY_NAMES):
        raise ValueError(f"'{text}' is no hand-over: write it as 09:00, or with its day as mon 09:00")
    minute = civil.minutes_of(words[-1])
    if minute == DAY_MINUTES:
        raise ValueError("a hand-over at 24:00 is one of the next day: write 00:00")
    return HandOver(DAY_NAMES.index(words[0]) if len(words) == 2 else None, minute)


def _one_kind(moments: tuple[HandOver, ...]) -> tuple[HandOver, ...]:
    if len({m.day is None for m in moments}) > 1:
        raise ValueError("either all hand-overs have a day, or none")
    if len(set(moments)) < len(moments):
        raise ValueError("a hand-over is there twice")
    return tuple(sorted(moments, key=lambda m: (m.day or 0, m.minute)))


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


HandOvers = Annotated[
    tuple[Annotated[HandOver, BeforeValidator(_moment)], ...],
    BeforeValidator(_several),
    Field(min_length=1, max_length=50),
    AfterValidator(_one_kind),
]


@dataclass(frozen=True, slots=True)
class Rotation:
    """Turns from the first hand-over on or after `start`; turn n ends with the `every`-th hand-over of its own.

    With `until`, the first hand-over on or after that day is the end of it all.
    """

    zone: ZoneInfo
    hand_overs: tuple[HandOver, ...]
    every: int
    start: date
    until: date | None = None

    def hand_over(self, number: int) -> int:
        """The instant of hand-over number n, counted from the first day of the week (or the day) of the start."""
        cycle, place = divmod(number, len(self.hand_overs))
        moment = self.hand_overs[place]
        ordinal = self._anchor() + cycle * self._cycle_days() + (moment.day or 0)
        return civil.instant(self.zone, ordinal, moment.minute)

    def begins(self, turn: int) -> int:
        """The instant at which that turn begins."""
        return self.hand_over(self._first(self.start) + turn * self.every)

    def ends(self) -> int | None:
        """The instant after which there are no turns any more."""
        return None if self.until is None else self.hand_over(self._first(self.until))

    def turn_at(self, at: int) -> int | None:
        """The turn that holds at that instant; None before the first and after the end."""
        end = self.ends()
        if end is not None and at >= end:
            return None
        days = civil.day_of(self.zone, at) - self._anchor()
        # A clock set back over midnight shows the day before once more: two cycles on is past `at` for certain.
        ahead = (days // self._cycle_days() + 2) * len(self.hand_overs)
        turn = (ahead - self._first(self.start)) // self.every
        while turn >= 0 and self.begins(turn) > at:
            turn -= 1
        return turn if turn >= 0 else None

    def turns(self, since: int, until: int) -> list[tuple[int, int | None]]:
        """Turns between two instants, each with the instant from which it holds; the first from `since`."""
        turn = self.turn_at(since)
        found: list[tuple[int, int | None]] = [(since, turn)]
        end = self.ends()
        if end is not None and since >= end:
            return found
        limit = until if end is None else min(until, end)
        following = 0 if turn is None else turn + 1
        while (begin := self.begins(following)) < limit:
            if begin == found[-1][0]:
                found.pop()  # a turn of no length passes
            found.append((begin, following))
            following += 1
        if end is not None and end < until:
            found.append((end, None))
        return found

    def _cycle_days(self) -> int:
        return 1 if self.hand_overs[0].day is None else WEEK

    def _anchor(self) -> int:
        start = self.start.toordinal()
        return start if self._cycle_days() == 1 else start - civil.weekday(start)

    def _first(self, day: date) -> int:
        """The number of the first hand-over on or after that day."""
        cycles, rest = divmod(day.toordinal() - self._anchor(), self._cycle_days())
        before = sum((moment.day or 0) < rest for moment in self.hand_overs)
        return cycles * len(self.hand_overs) + before
