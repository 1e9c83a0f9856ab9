"""Windows of the week, working hours and holidays: `[[calendars]]`, and the windows in which a layer speaks.

A window belongs to the day on which it starts: the night that begins on a holiday is a holiday night, and a window of
Friday that ends on Saturday is Friday's. 08:00-08:00 is 24 hours. Where clocks change a window starts at the first
occurrence of its start and ends at the last of its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Literal, NamedTuple, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from gatewayd.oncall import civil
from gatewayd.oncall.civil import DAY_MINUTES, DAY_NAMES, Day, Zone
from gatewayd.oncall.holidays_of import public_holidays

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}$")]
OPENS_WITHIN_DAYS = 400  # how far ahead the next working hours are looked for


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Hours(NamedTuple):
    """From `start` minutes after midnight to `end`, which may lie on the next day."""

    start: int
    end: int

    def __str__(self) -> str:
        end = self.end if self.end <= DAY_MINUTES else self.end - DAY_MINUTES
        return f"{civil.clock_of(self.start)}-{civil.clock_of(end)}"


def _hours(value: object) -> object:
    if isinstance(value, tuple):  # as settings are dumped; TOML has none
        return value
    if not isinstance(value, str):
        raise ValueError("write hours as 08:30-17:30")  # noqa: TRY004 - what pydantic reads as a fault
    first, _, last = value.partition("-")
    start, end = civil.minutes_of(first.strip()), civil.minutes_of(last.strip())
    if start == DAY_MINUTES:
        raise ValueError("nothing starts at 24:00: write 00:00")
    return Hours(start, end if end > start else end + DAY_MINUTES)


def _days(value: object) -> object:
    if isinstance(value, list) and all(isinstance(day, str) for day in value):
        value = ", ".join(value)
    if not isinstance(value, str | tuple):
        raise ValueError("write days as mon-fri, or as sat, sun")  # noqa: TRY004 - what pydantic reads as a fault
    return civil.days_named(value) if isinstance(value, str) else value


HoursText = Annotated[Hours, BeforeValidator(_hours)]
DaysText = Annotated[tuple[Annotated[int, Field(ge=0, le=6)], ...], BeforeValidator(_days)]
OnHolidays = Literal["as usual", "never", "only", "too"]


class Window(Settings):
    """On those days, in those hours. `holidays`: "never" leaves them out, "only" means those of the days that are
    holidays, "too" adds every holiday, whatever its weekday.
    """

    days: DaysText = tuple(range(7))
    hours: HoursText = Hours(0, DAY_MINUTES)
    holidays: OnHolidays = "as usual"


class WorkingWindow(Window):
    holidays: OnHolidays = "never"


class Calendar(Settings):
    """`[[calendars]]`: when people of one place are at work, and its holidays."""

    name: Name
    zone: Zone
    holidays: str = Field("", max_length=16)  # "GB", "GB-ENG": public holidays of a country or of a part of it
    closed: tuple[Day, ...] = Field((), max_length=400)  # holidays besides
    worked: tuple[Day, ...] = Field((), max_length=400)  # public holidays on which you work
    working: tuple[WorkingWindow, ...] = Field((), max_length=20)
    weekend: DaysText = (5, 6)

    @model_validator(mode="after")
    def _place_known(self) -> Self:
        if self.holidays:
            public_holidays(self.holidays, 2026)  # raises a ValueError that says what is known instead
        return self

    def holiday(self, ordinal: int) -> str | None:
        """The name of the holiday that this day is."""
        day = date.fromordinal(ordinal)
        if day in self.worked:
            return None
        if day in self.closed:
            return "closed"
        return public_holidays(self.holidays, day.year).get(day) if self.holidays else None


def spans_of(
    zone: ZoneInfo, windows: Sequence[Window], calendar: Calendar | None, since: int, until: int
) -> list[tuple[int, int]]:
    """When any of the windows is open between two instants: in order, apart from each other, not clipped."""
    first, last = civil.day_of(zone, since) - 2, civil.day_of(zone, until) + 1
    found = sorted(
        (civil.instant(zone, day, window.hours.start), civil.instant(zone, day, window.hours.end, last=True))
        for window in windows
        for day in _days_of(window, calendar, first, last)
    )
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if end <= since or start >= until or start == end:
            continue
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _days_of(window: Window, calendar: Calendar | None, first: int, last: int) -> Iterator[int]:
    rule = window.holidays if calendar is not None else "as usual"
    for day in range(first, last + 1):
        named = civil.weekday(day) in window.days
        if rule != "as usual" and (named or rule == "too"):
            assert calendar is not None
            holiday = calendar.holiday(day) is not None
            named = {"never": named and not holiday, "only": named and holiday, "too": named or holiday}[rule]
        if named:
            yield day


def open_at(zone: ZoneInfo, windows: Sequence[Window], calendar: Calendar | None, at: int) -> tuple[Window, int] | None:
    """The first of the windows that is open at that instant, and the day to which it belongs."""
    today = civil.day_of(zone, at)
    for window in windows:
        for day in _days_of(window, calendar, today - 2, today + 1):
            start = civil.instant(zone, day, window.hours.start)
            if start <= at < civil.instant(zone, day, window.hours.end, last=True):
                return window, day
    return None


class AtWork(NamedTuple):
    """Whether it is working time, and why."""

    yes: bool
    why: str


def at_work(calendar: Calendar, at: int) -> AtWork:
    """Whether those of this calendar are at work at that instant."""
    zone = civil.zone_named(calendar.zone)
    found = open_at(zone, calendar.working, calendar, at)
    if found:
        window, day = found
        return AtWork(
            yes=True, why=f"working hours of '{calendar.name}': {DAY_NAMES[civil.weekday(day)]} {window.hours}"
        )
    holiday = calendar.holiday(civil.day_of(zone, at))
    return AtWork(
        yes=False, why=f"outside the working hours of '{calendar.name}'" + (f": {holiday}" if holiday else "")
    )


def opens(calendar: Calendar, at: int) -> int | None:
    """The first instant from `at` on that is working time: the morning of a digest."""
    zone = civil.zone_named(calendar.zone)
    for days in (8, OPENS_WITHIN_DAYS):
        found = spans_of(zone, calendar.working, calendar, at, at + days * civil.DAY)
        if found:
            return max(found[0][0], at)
    return None
