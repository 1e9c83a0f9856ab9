"""The times of a calendar's event: as they are written, in whose zone, and how its end follows from its begin."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gatewayd.oncall import civil
from gatewayd.oncall.ical_parts import Part, Property
from gatewayd.oncall.ical_zones import described, zone_of

ZONES_MAX = 50  # that a file may describe itself
UTC = ZoneInfo("UTC")
_STAMP = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z?))?")
_DURATION = re.compile(
    r"\+?P(?:([0-9]{1,3})W)?(?:([0-9]{1,4})D)?(?:T(?:([0-9]{1,5})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,8})S)?)?"
)


class LeftOutError(Exception):
    """This event is left out, and why."""


@dataclass(frozen=True, slots=True)
class Time:
    """What the wall shows, and where; `is_day`: a date alone."""

    zone: ZoneInfo
    wall: datetime
    is_day: bool = False

    def instant(self, *, last: bool = False) -> int:
        return civil.instant_of(self.zone, self.wall, last=last)

    def instants(self) -> set[int]:
        """All that somebody may mean by it who writes in UTC, which differ where the clocks change."""
        found = {self.instant(), self.instant(last=True)}
        for fold in (0, 1):
            shift = self.wall.replace(tzinfo=self.zone, fold=fold).utcoffset() or timedelta()
            found.add(civil.instant_of(UTC, self.wall - shift))
        return found


@dataclass(frozen=True, slots=True)
class Length:
    """From a begin to its end: so much by the clock on the wall (None: none of it), then so much as time passes."""

    zone: ZoneInfo  # in which it ends
    by_wall: timedelta | None
    passing: int = 0

    def end(self, begin: Time) -> int:
        """In a doubled hour the last occurrence."""
        if self.by_wall is None:
            return begin.instant() + self.passing
        return civil.instant_of(self.zone, begin.wall + self.by_wall, last=True) + self.passing


@dataclass(slots=True)
class Clock:
    """How the times of one file are read, and what was assumed on the way."""

    zone: ZoneInfo
    assumed: dict[str, None] = field(default_factory=dict)
    _described: dict[tuple[int, str], ZoneInfo | None] = field(default_factory=dict)

    def of(self, event: Part, name: str, calendar: Part) -> Time:
        """Of a property that holds one time. Raises LeftOutError."""
        return self.read((event.values.get(name, [({}, "")])[0][0], event.text(name)), name, calendar)

    def every(self, event: Part, name: str, calendar: Part) -> list[tuple[Time, Length | None]]:
        """Of properties that hold several, and how long they last where that is told. Raises LeftOutError."""
        found: list[tuple[Time, Length | None]] = []
        for parameters, value in event.values.get(name, []):
            for one in value.split(","):
                begins, _, ends = one.strip().partition("/")
                begin = self.read((parameters, begins), name, calendar)
                length = None
                if ends[:1] in ("P", "+"):
                    length = _duration(ends, begin.zone)
                elif ends:
                    end = self.read((parameters, ends), name, calendar)
                    length = Length(end.zone, end.wall - begin.wall)
                found.append((begin, length))
        return found

    def length(self, event: Part, begin: Time, calendar: Part) -> Length:
        """How long each of its times lasts. Raises LeftOutError."""
        if "DTEND" in event.values:
            end = self.of(event, "DTEND", calendar)
            return Length(end.zone, end.wall - begin.wall)
        if "DURATION" in event.values:
            return _duration(event.text("DURATION"), begin.zone)
        if begin.is_day:
            return Length(begin.zone, timedelta(days=1))
        raise LeftOutError("it has no end")

    def read(self, written: Property, name: str, calendar: Part) -> Time:
        """One time. Raises LeftOutError."""
        parameters, text = written
        wall, form = _wall(text, name)
        if form == "Z":
            return Time(UTC, wall)
        named = parameters.get("TZID")
        if named is None or form == "day":
            return Time(self._floating(calendar), wall, is_day=form == "day")
        return Time(self._called(named, calendar), wall)

    def _floating(self, calendar: Part) -> ZoneInfo:
        """The zone of times without one: the calendar's, if it names one, or the rota's."""
        own = zone_of(calendar.text("X-WR-TIMEZONE")) if "X-WR-TIMEZONE" in calendar.values else None
        zone, whose = (self.zone, "the rota's") if own is None else (own, "the calendar's")
        self.assumed[f"times without a zone are those of {zone.key}, {whose}"] = None
        return zone

    def _called(self, name: str, calendar: Part) -> ZoneInfo:
        """By its name, or as the calendar describes it."""
        known = zone_of(name)
        if known is not None:
            return known
        key = (id(calendar), name)
        if key not in self._described and len(self._described) < ZONES_MAX:
            zones = (p for p in calendar.parts if p.name == "VTIMEZONE" and p.text("TZID") == name.strip())
            self._described[key] = next((described(zone) for zone in zones), None)
        found = self._described.get(key)
        if found is None:
            raise LeftOutError(f"its zone {shown(name)} is not known")
        self.assumed[f"the zone {shown(name)} is as the calendar describes it"] = None
        return found


def last(text: str, begin: Time) -> Time | None:
    """The UNTIL of a rule; None: it has no end. Raises LeftOutError."""
    year = text[:4]
    if not text or (year.isdecimal() and int(year) >= civil.YEAR_MAX):
        return None
    wall, form = _wall(text, "UNTIL")
    if form == "day" or (begin.is_day and (wall.hour, wall.minute) == (0, 0)):
        return Time(begin.zone, wall, is_day=True)
    return Time(UTC if form == "Z" else begin.zone, wall)


def _wall(text: str, name: str) -> tuple[datetime, str]:
    """What the wall shows, and "Z" for UTC, "day" for a date alone. Raises LeftOutError."""
    found = _STAMP.fullmatch(text)
    if found is None:
        raise LeftOutError(f"its {name} is missing or cannot be read")
    try:
        numbers = [int(part or 0) for part in found.groups()[:6]]
        wall = datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001 - wall time; its zone is told beside it
    except ValueError:
        raise LeftOutError(f"its {name} is no time that there is") from None
    if not civil.YEAR_MIN < wall.year < civil.YEAR_MAX:
        raise LeftOutError(f"its {name} is out of this world")
    return wall, "day" if found[4] is None else found[7]


def _duration(text: str, zone: ZoneInfo) -> Length:
    found = _DURATION.fullmatch(text)
    if not found or not any(found.groups()):
        raise LeftOutError("its duration cannot be read")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    by_wall = timedelta(weeks=weeks, days=days)
    passing = timedelta(hours=hours, minutes=minutes, seconds=seconds) // timedelta(microseconds=1)
    return Length(zone, by_wall or None, passing)


def shown(text: str) -> str:
    """As it is told in a sentence."""
    kept = "".join(char for char in text if char.isprintable())
    return f"'{kept[:40]}'" if len(kept) <= 40 else f"'{kept[:39]}…'"
