"""An event of a calendar that repeats: which times there are, without those that were taken out or are otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain

from gatewayd.oncall import civil
from gatewayd.oncall.duty import AHEAD_DAYS
from gatewayd.oncall.ical_parts import CalendarError, Part
from gatewayd.oncall.ical_rules import RuleError, Steps, rule, walls
from gatewayd.oncall.ical_times import Clock, LeftOutError, Length, Time, last

TIMES_MAX = 2_000  # overrides of one file
REPEATS = ("RRULE", "RDATE", "EXDATE", "EXRULE")


@dataclass(frozen=True, slots=True)
class Ahead:
    """Its times by their names; `goes_on`: there are more beyond the horizon."""

    times: dict[str, tuple[Time, Length]]
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Series:
    event: Part
    calendar: Part
    begin: Time
    length: Length
    otherwise: list[tuple[Part, Part]]  # single times that are told by events of their own, with their calendars

    def ahead(self, clock: Clock, steps: Steps, *, now: int, until: int) -> Ahead:
        """Those that end after `now` and begin before `until`. Raises LeftOutError, CalendarError."""
        if "EXRULE" in self.event.values:
            raise LeftOutError("it has an EXRULE, which is not followed")
        is_out = self._taken_out(clock, steps)
        times: dict[str, tuple[Time, Length]] = {}
        ends: dict[str, int] = {}
        goes_on = False
        for begin, length in chain(self._by_date(clock, steps), self._by_rule(steps, now, until)):
            end, name = length.end(begin), name_of(begin)
            if end <= now or is_out(begin):
                continue
            if begin.instant() >= until:
                goes_on = True
            elif name not in ends or end > ends[name]:  # two begin at once where clocks skip the time of the first
                times[name], ends[name] = (begin, length), end
                limited(len(times))
        return Ahead(times, goes_on)

    def _by_rule(self, steps: Steps, now: int, until: int) -> Iterator[tuple[Time, Length]]:
        """Up to the first one that begins after `until`; those long over may be left out."""
        text = self.event.text("RRULE")
        if len(self.event.values.get("RRULE", ())) > 1:
            raise LeftOutError("it has more than one rule")
        try:
            told = rule(text) if text else rule("FREQ=DAILY;COUNT=1")
        except RuleError as why:
            raise LeftOutError(str(why)) from None
        end = last(told.until, self.begin)
        zone, lasts = self.begin.zone, self.length.end(self.begin) - self.begin.instant()
        early = civil.wall(zone, now - lasts - 2 * civil.DAY).replace(tzinfo=None)
        late = civil.wall(zone, until + 2 * civil.DAY).replace(tzinfo=None)
        for wall in walls(told, self.begin.wall, early, late, steps):
            if wall < early:
                continue
            begin = Time(zone, wall, self.begin.is_day)
            if end is not None and (wall.date() > end.wall.date() if end.is_day else begin.instant() > end.instant()):
                return
            yield begin, self.length
            if begin.instant() >= until:
                return

    def _by_date(self, clock: Clock, steps: Steps) -> Iterator[tuple[Time, Length]]:
        for begin, length in clock.every(self.event, "RDATE", self.calendar):
            steps.take()
            yield begin, length or self.length

    def _taken_out(self, clock: Clock, steps: Steps) -> Callable[[Time], bool]:
        out = [time for time, _ in clock.every(self.event, "EXDATE", self.calendar)]
        out += [single_time(clock, *other) for other in self.otherwise]
        steps.take(len(out))
        by_day = {time.wall.date() for time in out if time.is_day or self.begin.is_day}
        walls = {(time.zone.key, time.wall) for time in out if not time.is_day}
        instants: dict[str, set[int]] = {}
        for time in out:
            if not time.is_day:
                instants.setdefault(time.zone.key, set()).add(time.instant())

        def is_out(time: Time) -> bool:
            """By what the wall shows; by the instant where it is written in another zone."""
            if time.is_day or time.wall.date() in by_day:
                return time.wall.date() in by_day
            if (time.zone.key, time.wall) in walls:
                return True
            others = [found for zone, found in instants.items() if zone != time.zone.key]
            return any(not found.isdisjoint(time.instants()) for found in others)

        return is_out


def limited(number: int) -> None:
    """Raises CalendarError where a file comes to more overrides than anybody means."""
    if number > TIMES_MAX:
        raise CalendarError(f"it comes to more than {TIMES_MAX} overrides within {AHEAD_DAYS} days")


def single_time(clock: Clock, event: Part, calendar: Part) -> Time:
    """Which time of its series an event is about. Raises LeftOutError."""
    if event.parameter("RECURRENCE-ID", "RANGE") is not None:
        raise LeftOutError("it changes all times that follow, which is not followed")
    return clock.of(event, "RECURRENCE-ID", calendar)


def name_of(time: Time) -> str:
    """By which a time is known whenever the calendar comes again: the one that the series says, wherever it is now."""
    if time.is_day:
        return f"{time.wall:%Y%m%d}"
    return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time.instant()):%Y%m%dT%H%M%SZ}"
