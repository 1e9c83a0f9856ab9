"""Civil time: days and times of a zone, and the instants (microseconds UTC) that they are.

Rules are written as wall time with a zone; each boundary becomes an instant once, and everything is compared as
instants. The three odd cases, decided for the whole house:

* a time that comes twice (the doubled hour) is its first occurrence; where a span ends it is its last, so that spans
  overlap there and never leave a hole;
* a time that does not come at all (the skipped hour, a skipped day) is the instant of the transition;
* days are counted as ordinals (`date.toordinal`), times as minutes since the day's midnight; 24:00 and beyond are
  times of the next day.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field

from gatewayd.model import SECOND

MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
DAY_MINUTES = 24 * 60
EPOCH_DAY = date(1970, 1, 1).toordinal()
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
YEAR_MIN, YEAR_MAX = 1970, 2200
_CLOCK = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")


def zone_named(name: str) -> ZoneInfo:
    """The zone of that name in the time zone database. Raises ValueError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:  # "Europe" alone is a directory
        raise ValueError(f"no time zone '{name}': write it as Europe/London") from error


def minutes_of(text: str) -> int:
    """ "08:30" -> 510; "24:00" is the end of the day. Raises ValueError."""
    found = _CLOCK.fullmatch(text)
    minutes = int(found[1]) * 60 + int(found[2]) if found else DAY_MINUTES + 1
    if minutes > DAY_MINUTES:
        raise ValueError(f"'{text}' is no time of day: write it as 08:30")
    return minutes


def clock_of(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def days_named(text: str) -> tuple[int, ...]:
    """ "mon-fri", "sat, sun", "fri-mon", "daily" -> weekdays, Monday is 0. Raises ValueError."""
    if text.strip().lower() == "daily":
        return tuple(range(7))
    days: set[int] = set()
    for item in text.lower().split(","):
        ends = [name.strip() for name in item.split("-")]
        if len(ends) > 2 or not all(name in DAY_NAMES for name in ends):
            raise ValueError(f"'{text}' names no days: write them as mon-fri, or as sat, sun, or as daily")
        start, end = DAY_NAMES.index(ends[0]), DAY_NAMES.index(ends[-1])
        days.update((start + n) % 7 for n in range((end - start) % 7 + 1))
    return tuple(sorted(days))


def _zone_checked(name: str) -> str:
    zone_named(name)
    return name


def _dated(value: object) -> object:
    if not isinstance(value, str | date) or isinstance(value, datetime):
        raise ValueError("write a date alone: 2026-03-02")  # noqa: TRY004 - what pydantic reads as a fault
    return value


Zone = Annotated[str, Field(max_length=64), AfterValidator(_zone_checked)]
Day = Annotated[date, BeforeValidator(_dated), Field(ge=date(YEAR_MIN, 1, 1), lt=date(YEAR_MAX, 1, 1))]


def weekday(ordinal: int) -> int:
    """Monday is 0."""
    return (ordinal + 6) % 7


def instant(zone: ZoneInfo, ordinal: int, minute: int, *, last: bool = False) -> int:
    """The instant at which that day's clock shows that time; `last` takes the second one of a doubled hour."""
    if not 0 <= minute < DAY_MINUTES:
        ordinal, minute = ordinal + minute // DAY_MINUTES, minute % DAY_MINUTES
    offset = _plain_day(zone, ordinal)
    if offset is None:
        return _odd_instant(zone, datetime.fromordinal(ordinal) + timedelta(minutes=minute), last=last)
    return (ordinal - EPOCH_DAY) * DAY + minute * MINUTE - offset


def instant_of(zone: ZoneInfo, wall: datetime, *, last: bool = False) -> int:
    """As `instant`, of a naive date and time to the microsecond."""
    return _odd_instant(zone, wall, last=last)


@lru_cache(maxsize=65_536)
def _plain_day(zone: ZoneInfo, ordinal: int) -> int | None:
    """The zone's offset in microseconds where it is one all that day long, its ends included."""
    midnight = datetime.fromordinal(ordinal)
    first, end = _offsets(zone, midnight), _offsets(zone, midnight + timedelta(days=1))
    return first[0] if first[0] == first[1] == end[0] == end[1] else None


def _offsets(zone: ZoneInfo, wall: datetime) -> tuple[int, int]:
    return _offset(zone, wall), _offset(zone, wall.replace(fold=1))


def _offset(zone: ZoneInfo, wall: datetime) -> int:
    shift = zone.utcoffset(wall)
    assert shift is not None, "a zone has an offset at every time"
    return shift // timedelta(microseconds=1)


@lru_cache(maxsize=4_096)
def _odd_instant(zone: ZoneInfo, wall: datetime, *, last: bool) -> int:
    since = (wall - datetime(1970, 1, 1)) // timedelta(microseconds=1)  # noqa: DTZ001 - wall time has no zone yet
    before, after = _offsets(zone, wall)
    if before >= after:  # once, or twice
        return since - (after if last else before)
    # The time does not come. The transition lies between its two readings; offsets change at whole seconds.
    low, high = (since - after) // SECOND, -((before - since) // SECOND)
    old = _offset_at(zone, low * SECOND)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset_at(zone, middle * SECOND) == old else (low, middle)
    return high * SECOND


def _offset_at(zone: ZoneInfo, at: int) -> int:
    return _offset(zone, _moment(at).astimezone(zone))


def _moment(at: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)  # exact, unlike fromtimestamp of a float


def wall(zone: ZoneInfo, at: int) -> datetime:
    """What the clock on the wall shows at that instant; aware, so that it can be written out."""
    return _moment(at).astimezone(zone)


def day_of(zone: ZoneInfo, at: int) -> int:
    """The ordinal of the day that it is at that instant."""
    ordinal = at // DAY + EPOCH_DAY
    for near in (ordinal, ordinal + 1, ordinal - 1):
        offset = _plain_day(zone, near)
        if offset is not None and 0 <= at + offset - (near - EPOCH_DAY) * DAY < DAY:
            return near
    return wall(zone, at).toordinal()


def entered(zone: ZoneInfo, since: datetime, until: datetime) -> tuple[int, int]:
    """A span that somebody wrote as wall time: in a doubled hour it starts at the first and ends at the last."""
    return instant_of(zone, since), instant_of(zone, until, last=True)


def shown(zone: ZoneInfo, at: int, *, year: bool = False) -> str:
    """ "Mon 2 Mar 09:00", for people; with seconds, and with the zone's name where a time comes twice."""
    there = wall(zone, at)
    text = f"{DAY_NAMES[there.weekday()].capitalize()} {there.day} {MONTH_NAMES[there.month - 1]}"
    text += f" {there.year} {there:%H:%M}" if year else f" {there:%H:%M}"
    if there.second or there.microsecond:
        text += f":{there:%S}"
    offsets = _offsets(zone, there.replace(tzinfo=None, fold=0))
    return text + (f" ({there:%Z})" if offsets[0] != offsets[1] else "")
