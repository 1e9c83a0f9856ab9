"""Overrides from a calendar that somebody keeps elsewhere: each event names in its title who has the duty.

Lenient with what calendars write, strict with what is damaged: a file that was cut off raises CalendarError and counts
for nothing, since fewer overrides than meant would page the wrong person. What cannot be read of a sound file is left
out with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gatewayd.oncall import civil
from gatewayd.oncall.changes import CHANGE_DAYS_MAX
from gatewayd.oncall.cover import Override
from gatewayd.oncall.ical_parts import CalendarError, Part, calendars
from gatewayd.oncall.ical_titles import on_duty
from gatewayd.oncall.ical_zones import described, zone_of

EVENTS_MAX = 2_000
ZONES_MAX = 50  # that a file may describe itself
METHODS = ("", "PUBLISH", "REQUEST", "ADD")
SENTENCES_MAX = 50
NOTE_CHARS_MAX = 200
_STAMP = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z?))?")
_DURATION = re.compile(
    r"\+?P(?:([0-9]{1,3})W)?(?:([0-9]{1,4})D)?(?:T(?:([0-9]{1,5})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,8})S)?)?"
)


class _LeftOutError(Exception):
    """This event is left out, and why."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of it: each event is among the overrides or told of in `left_out`, in sentences for the operator.

    `cancelled` are the notes of overrides that are to end, if they were taken over before.
    """

    overrides: tuple[Override, ...]
    left_out: tuple[str, ...]
    cancelled: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reader:
    """What an event is read by, and what was assumed on the way."""

    rota: str
    title: str
    zone: ZoneInfo
    people: Mapping[str, str]
    now: int
    assumed: dict[str, None] = field(default_factory=dict)
    described: dict[tuple[int, str], ZoneInfo | None] = field(default_factory=dict)

    def floating(self, calendar: Part) -> ZoneInfo:
        """The zone of times without one: the calendar's, if it names one, or the rota's."""
        own = zone_of(calendar.text("X-WR-TIMEZONE")) if "X-WR-TIMEZONE" in calendar.values else None
        zone, whose = (self.zone, "the rota's") if own is None else (own, "the calendar's")
        self.assumed[f"times without a zone are those of {zone.key}, {whose}"] = None
        return zone

    def zone_called(self, name: str, calendar: Part) -> ZoneInfo:
        """By its name, or as the calendar describes it."""
        known = zone_of(name)
        if known is not None:
            return known
        key = (id(calendar), name)
        if key not in self.described and len(self.described) < ZONES_MAX:
            zones = (p for p in calendar.parts if p.name == "VTIMEZONE" and p.text("TZID") == name.strip())
            self.described[key] = next((described(zone) for zone in zones), None)
        found = self.described.get(key)
        if found is None:
            raise _LeftOutError(f"its zone {_shown(name)} is not known")
        self.assumed[f"the zone {_shown(name)} is as the calendar describes it"] = None
        return found


def read_overrides(
    octets: bytes, *, rota: str, zone: ZoneInfo, people: Mapping[str, str], now: int, title: str = ""
) -> Imported:
    """The overrides for that rota. `people` is what `called` returns; `title` is the rota's.

    Times without a zone are those of the calendar's, or of `zone`.
    """
    reader = _Reader(rota, title, zone, people, now)
    newest, older = _newest(calendars(octets))
    overrides, left_out, cancelled, over, gone = [], [], [], 0, 0
    for (uid, instance), (_, event, calendar) in newest.items():
        if "CANCELLED" in (event.text("STATUS").upper(), _method(calendar)):
            gone += 1
            if not instance:
                cancelled.append(uid[:NOTE_CHARS_MAX])
            continue
        try:
            override = _override(event, uid, calendar, reader)
        except _LeftOutError as why:
            left_out.append(f"{_shown(event.text('SUMMARY') or uid)}: {why}")
            continue
        if override.until > now:
            overrides.append(override)
        else:
            over += 1
    if len(left_out) > SENTENCES_MAX:
        left_out[SENTENCES_MAX:] = [f"and {len(left_out) - SENTENCES_MAX} more"]
    for number, what in ((gone, "cancelled"), (over, "over"), (older, "replaced by a newer version")):
        if number:
            left_out.append(f"{number} event{' is' if number == 1 else 's are'} {what}")
    overrides.sort(key=lambda o: (o.since, o.made_at))
    return Imported(tuple(overrides), tuple(left_out), tuple(cancelled), tuple(reader.assumed)[:SENTENCES_MAX])


def _newest(found: list[Part]) -> tuple[dict[tuple[str, str], tuple[int, Part, Part]], int]:
    """The last version of each event, of those alike the later, with its calendar; and how many others there are."""
    newest: dict[tuple[str, str], tuple[int, Part, Part]] = {}
    events = [(event, calendar) for calendar in found for event in calendar.parts if event.name == "VEVENT"]
    if len(events) > EVENTS_MAX:
        raise CalendarError(f"there are more than {EVENTS_MAX} events")
    for number, (event, calendar) in enumerate(events):
        key = (event.text("UID") or f"event {number + 1}", event.text("RECURRENCE-ID"))
        version = event.text("SEQUENCE")
        rank = int(version) if re.fullmatch("[0-9]{1,9}", version) else 0
        if key not in newest or rank >= newest[key][0]:
            newest[key] = (rank, event, calendar)
    return newest, len(events) - len(newest)


def _method(calendar: Part) -> str:
    method = calendar.text("METHOD").upper()
    return "CANCELLED" if method == "CANCEL" else method


def _override(event: Part, uid: str, calendar: Part, reader: _Reader) -> Override:
    if _method(calendar) not in METHODS:
        raise _LeftOutError(f"it is a {_shown(_method(calendar))}, which gives nobody a duty")
    if any(name in event.values for name in ("RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")):
        raise _LeftOutError("it repeats; write each time as an event of its own")
    person, why = on_duty(event.text("SUMMARY"), reader.people, (reader.rota, reader.title))
    if person is None:
        raise _LeftOutError(why)
    since, until = _span(event, calendar, reader)
    if until <= since:
        raise _LeftOutError("it ends before it begins")
    if until - since > CHANGE_DAYS_MAX * civil.DAY:
        raise _LeftOutError(f"it lasts longer than {CHANGE_DAYS_MAX} days")
    made_at = reader.now
    for name in ("LAST-MODIFIED", "DTSTAMP"):
        if name in event.values:
            made_at = min(reader.now, civil.instant_of(*_wall(event, name, calendar, reader)))
            break
    return Override(reader.rota, person, since, until, made_at, note=uid[:NOTE_CHARS_MAX])


def _span(event: Part, calendar: Part, reader: _Reader) -> tuple[int, int]:
    """In a doubled hour the event starts at the first occurrence and ends at the last."""
    begins_in, begins = _wall(event, "DTSTART", calendar, reader)
    since = civil.instant_of(begins_in, begins)
    if "DTEND" in event.values:
        ends_in, ends = _wall(event, "DTEND", calendar, reader)
        return since, civil.instant_of(ends_in, ends, last=True)
    if "DURATION" in event.values:
        found = _DURATION.fullmatch(event.text("DURATION"))
        if not found or not any(found.groups()):
            raise _LeftOutError("its duration cannot be read")
        weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        by_clock = civil.instant_of(begins_in, begins + timedelta(weeks=weeks, days=days), last=True)
        return since, by_clock + timedelta(hours=hours, minutes=minutes, seconds=seconds) // timedelta(microseconds=1)
    if len(event.text("DTSTART")) == len("20260302"):
        return since, civil.instant_of(begins_in, begins + timedelta(days=1), last=True)
    raise _LeftOutError("it has no end")


def _wall(event: Part, name: str, calendar: Part, reader: _Reader) -> tuple[ZoneInfo, datetime]:
    """The time as written, and in which zone."""
    found = _STAMP.fullmatch(event.text(name))
    if found is None:
        raise _LeftOutError(f"its {name} is missing or cannot be read")
    try:
        numbers = [int(part or 0) for part in found.groups()[:6]]
        wall = datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001 - wall time; its zone is told beside it
    except ValueError:
        raise _LeftOutError(f"its {name} is no time that there is") from None
    if not civil.YEAR_MIN < wall.year < civil.YEAR_MAX:
        raise _LeftOutError(f"its {name} is out of this world")
    if found[7]:
        return ZoneInfo("UTC"), wall
    named = event.parameter(name, "TZID")
    if named is None or found[4] is None:
        return reader.floating(calendar), wall
    return reader.zone_called(named, calendar), wall


def _shown(text: str) -> str:
    kept = "".join(char for char in text if char.isprintable())
    return f"'{kept[:40]}'" if len(kept) <= 40 else f"'{kept[:39]}…'"
