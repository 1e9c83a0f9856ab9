"""Zones as calendars name them: by the time zone database, with somebody's prefix before it, or as Windows does.

And as they describe them, for names that nobody knows.
"""

from __future__ import annotations

import re
import struct
from calendar import monthrange
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from zoneinfo import ZoneInfo

from gatewayd.oncall.civil import YEAR_MAX, zone_named
from gatewayd.oncall.ical_parts import Part
from gatewayd.oncall.ical_windows import WINDOWS

OBSERVANCES_MAX = 12
YEAR_FIRST = 2000
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_STAMP = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})")


@lru_cache(maxsize=256)
def zone_of(name: str) -> ZoneInfo | None:
    """The zone, or None where the name says nothing."""
    name = name.strip()[:200]
    parts = name.strip("/").split("/")
    for form in (WINDOWS.get(name.casefold(), name), "/".join(parts[-2:]), "/".join(parts[-3:])):
        try:
            return zone_named(form)
        except ValueError:
            continue
    return None


def described(zone: Part) -> ZoneInfo | None:
    """The zone that a VTIMEZONE describes, or None where it says more than this reads, or nothing."""
    onsets: list[tuple[int, int]] = []
    observances = [part for part in zone.parts if part.name in ("STANDARD", "DAYLIGHT")]
    if not 1 <= len(observances) <= OBSERVANCES_MAX:
        return None
    for observance in observances:
        before, after = _offset(observance.text("TZOFFSETFROM")), _offset(observance.text("TZOFFSETTO"))
        begun = _STAMP.fullmatch(observance.text("DTSTART"))
        if before is None or after is None or begun is None or "RDATE" in observance.values:
            return None
        try:
            first = datetime(*(int(part) for part in begun.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 - wall time
            days = _days(first.date(), observance.text("RRULE").upper())
        except ValueError:
            return None
        for day in days:
            wall = datetime.combine(day, first.time()) - datetime(1970, 1, 1)  # noqa: DTZ001 - the same
            onsets.append((int(wall.total_seconds()) - before, after))
    return _zone(sorted(onsets), zone.text("TZID")[:200])


def _offset(text: str) -> int | None:
    found = re.fullmatch(r"([+-])([01][0-9]|2[0-3])([0-5][0-9])([0-5][0-9])?", text)
    if found is None:
        return None
    return (-1 if found[1] == "-" else 1) * (int(found[2]) * 3600 + int(found[3]) * 60 + int(found[4] or 0))


def _days(first: date, rule: str) -> list[date]:
    """The days on which an observance begins: the first alone, or one of each year. ValueError: it cannot be read."""
    if not rule:
        return [first]
    told = dict(part.partition("=")[::2] for part in rule.split(";") if part)
    until = int(told.get("UNTIL", f"{YEAR_MAX}")[:4])
    found = re.fullmatch(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)", told.get("BYDAY", ""))
    month = int(told.get("BYMONTH", first.month))
    odd = told.keys() - {"FREQ", "INTERVAL", "BYDAY", "BYMONTH", "BYMONTHDAY", "UNTIL", "WKST"}
    if odd or told.get("FREQ") != "YEARLY" or told.get("INTERVAL", "1") != "1" or not 1 <= month <= 12:
        raise ValueError("a rule that is not read")
    monthdays = [int(day) for day in told.get("BYMONTHDAY", "").split(",") if day]
    if found is None:
        if "BYDAY" in told or len(monthdays) > 1:
            raise ValueError("a rule that is not read")
        monthdays = monthdays or [first.day]
    elif (found[1] is None) != bool(monthdays):
        raise ValueError("a rule that is not read")
    days = []
    for year in range(max(first.year, YEAR_FIRST), min(until, YEAR_MAX) + 1):
        in_month = [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]
        if found is not None:
            in_month = [day for day in in_month if day.weekday() == WEEKDAYS.index(found[2])]
        if found is not None and found[1]:
            place = int(found[1])
            in_month = in_month[place - 1 :][:1] if place > 0 else in_month[place:][:1]
        else:
            in_month = [day for day in in_month if day.day in monthdays][:1]
        days += [day for day in in_month if day >= first]
    return days


def _zone(onsets: list[tuple[int, int]], name: str) -> ZoneInfo | None:
    """As a file of the time zone database would tell it (RFC 9636): from that second on that offset."""
    if not onsets:
        return None
    offsets = sorted({offset for _, offset in onsets})
    header = struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, 0, 0, 0)
    counts = struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, len(onsets), len(offsets), 2)
    begun = struct.pack(f">{len(onsets)}q", *(begin for begin, _ in onsets))
    kinds = bytes(offsets.index(offset) for _, offset in onsets)
    types = b"".join(struct.pack(">lbb", offset, 0, 0) for offset in offsets)
    return ZoneInfo.from_file(BytesIO(header + counts + begun + kinds + types + b"X\0" + b"\n\n"), key=name)
