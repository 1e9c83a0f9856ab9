"""Times as people write them, on the clock of a zone.

    now    +8h  +90m  +3d  +2w    17:00    mon 09:00    tomorrow 09:00    2026-12-24    2026-12-24 17:00
    2026-12-24T17:00Z    2026-12-24T17:00+02:00

Days and weeks that are added keep the time of day, hours and minutes are as long as they are. As an end a day alone is
its midnight at the end, and a time that comes twice is its second occurrence (civil.entered).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gatewayd.oncall import civil
from gatewayd.oncall.civil import DAY_MINUTES, DAY_NAMES, HOUR, MINUTE

CHARACTERS_MAX = 40
FORMS = "write it as 2026-12-24 17:00, mon 09:00, 17:00, tomorrow 09:00, +3d, +8h, or 2026-12-24T17:00Z"
AHEAD_DAYS_MAX = 4_000
_AHEAD = re.compile(r"\+\s?([0-9]{1,5})\s?(m|min|h|d|w)")
_DAY = re.compile(rf"(?:(today|tomorrow|(?:{'|'.join(DAY_NAMES)})(?:[a-z]*day)?)\.?)?\s?([0-9]{{1,2}}:[0-9]{{2}})?")
_DATED = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[t ]\s?([0-9]{1,2}:[0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6})[0-9]*)?)?\s?(z|[+-][0-9]{2}:?[0-9]{2})?)?"
)


def read(text: str, zone: ZoneInfo, *, after: int, ends: bool = False) -> int:
    """The instant. `after`: from when "+3d" counts and what "17:00" comes after; `ends`: it is the end of something.

    Raises ValueError with a sentence.
    """
    said = " ".join(text.lower().split())
    if not said or len(said) > CHARACTERS_MAX:
        raise ValueError(f"is no time; {FORMS}")
    if said == "now":
        return after
    if found := _AHEAD.fullmatch(said):
        return _ahead(zone, int(found[1]), found[2], after, ends=ends)
    if found := _DATED.fullmatch(said):
        return _dated(zone, found, ends=ends)
    if found := _DAY.fullmatch(said):
        return _next(zone, found[1] or "", found[2], after, ends=ends)
    raise ValueError(f"'{said}' is no time; {FORMS}")


def _ahead(zone: ZoneInfo, number: int, unit: str, after: int, *, ends: bool) -> int:
    """To the minute: nobody who says "+2h" means the seconds of now. "+0h" is now."""
    if not number:
        return after
    if unit in ("h", "m", "min"):
        at = after + number * (HOUR if unit == "h" else MINUTE)
    else:
        days = number * (7 if unit == "w" else 1)
        if days > AHEAD_DAYS_MAX:
            raise ValueError(f"is more than {AHEAD_DAYS_MAX} days ahead")
        wall = civil.wall(zone, after).replace(tzinfo=None) + timedelta(days=days)
        at = civil.instant_of(zone, wall, last=ends)
    return (at + (MINUTE - 1 if ends else 0)) // MINUTE * MINUTE


def _dated(zone: ZoneInfo, found: re.Match[str], *, ends: bool) -> int:
    day, clock, second, fraction, offset = found.groups()
    try:
        written = date.fromisoformat(day)
    except ValueError:
        raise ValueError(f"{day} is no day that there is") from None
    if not civil.YEAR_MIN < written.year < civil.YEAR_MAX:
        raise ValueError(f"{day} is out of this world")
    if clock is None:
        return civil.instant(zone, written.toordinal(), DAY_MINUTES if ends else 0, last=ends)
    if int(second or 0) > 59:
        raise ValueError(f"'{second}' is no second")
    past = timedelta(
        minutes=_minutes(clock), seconds=int(second or 0), microseconds=int((fraction or "0").ljust(6, "0"))
    )
    wall = datetime.fromordinal(written.toordinal()) + past
    if offset is None:
        return civil.instant_of(zone, wall, last=ends)
    try:
        aware = datetime.fromisoformat(f"{wall.isoformat()}{offset.upper()}")
    except ValueError:
        raise ValueError(f"'{offset}' is no offset from UTC") from None
    return (aware - datetime.fromisoformat("1970-01-01T00:00Z")) // timedelta(microseconds=1)


def _next(zone: ZoneInfo, day: str, clock: str | None, after: int, *, ends: bool) -> int:
    """The first such time after that instant."""
    minute = _minutes(clock) if clock else DAY_MINUTES if ends else 0
    for ordinal in _days(day, civil.day_of(zone, after)):
        at = civil.instant(zone, ordinal, minute, last=ends)
        if at > after or day in ("today", "tomorrow"):
            return at
    raise AssertionError("one of eight days comes after")


def _days(day: str, today: int) -> Iterator[int]:
    if day == "tomorrow":
        yield today + 1
    elif day == "today":
        yield today
    else:
        for ordinal in range(today, today + 9):
            if not day or DAY_NAMES[civil.weekday(ordinal)] == day[:3]:
                yield ordinal


def _minutes(clock: str) -> int:
    return civil.minutes_of(clock.rjust(5, "0"))
