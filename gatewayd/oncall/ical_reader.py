"""Overrides from a calendar that somebody keeps elsewhere: each event names in its title who has the duty.

Lenient with what calendars write, strict with what is damaged: a file that was cut off raises CalendarError and counts
for nothing, since fewer overrides than meant would page the wrong person. What cannot be read of a sound file is left
out with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gatewayd.oncall import civil
from gatewayd.oncall.changes import CHANGE_DAYS_MAX
from gatewayd.oncall.cover import Override
from gatewayd.oncall.ical_zones import zone_of

OCTETS_MAX = 1_048_576
LINE_CHARS_MAX = 16_384
EVENTS_MAX = 2_000
DEPTH_MAX = 8
SENTENCES_MAX = 50
NOTE_CHARS_MAX = 200
_STAMP = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z?))?")
_DURATION = re.compile(
    r"\+?P(?:([0-9]{1,3})W)?(?:([0-9]{1,4})D)?(?:T(?:([0-9]{1,5})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,8})S)?)?"
)


class CalendarError(Exception):
    """This is no calendar, or it is damaged; nothing of it was taken."""


class _LeftOutError(Exception):
    """This event is left out, and why."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of it. `left_out` are sentences for the operator; what is over or cancelled is not told of."""

    overrides: tuple[Override, ...]
    left_out: tuple[str, ...]


@dataclass(slots=True)
class _Event:
    values: dict[str, tuple[dict[str, str], str]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        value = self.values.get(name, ({}, ""))[1]
        return re.sub(r"\\(.)", lambda m: " " if m[1] in "nN" else m[1], value).strip()


def called(people: Iterable[tuple[str, str]]) -> dict[str, str]:
    """How people may be named in a title -> their name: by it, or by a full name that is nobody else's."""
    pairs = list(people)
    full = [whole.casefold() for _, whole in pairs]
    known = {whole.casefold(): name for name, whole in pairs if whole and full.count(whole.casefold()) == 1}
    return known | {name.casefold(): name for name, _ in pairs}


def read_overrides(octets: bytes, *, rota: str, zone: ZoneInfo, people: Mapping[str, str], now: int) -> Imported:
    """The overrides for that rota. `people` is what `called` returns; times without a zone are those of `zone`."""
    newest: dict[str, tuple[int, _Event]] = {}
    for number, event in enumerate(_events(octets)):
        if number >= EVENTS_MAX:
            raise CalendarError(f"there are more than {EVENTS_MAX} events")
        uid = event.text("UID") or f"event {number + 1}"
        version = event.text("SEQUENCE")
        rank = int(version) if re.fullmatch("[0-9]{1,9}", version) else 0
        if uid not in newest or rank >= newest[uid][0]:
            newest[uid] = (rank, event)
    overrides, left_out = [], []
    for uid, (_, event) in newest.items():
        if event.text("STATUS").upper() == "CANCELLED":
            continue
        try:
            override = _override(event, uid, rota, zone, people, now)
        except _LeftOutError as why:
            left_out.append(f"{_shown(event.text('SUMMARY') or uid)}: {why}")
            continue
        if override.until > now:
            overrides.append(override)
    if len(left_out) > SENTENCES_MAX:
        left_out[SENTENCES_MAX:] = [f"and {len(left_out) - SENTENCES_MAX} more"]
    return Imported(tuple(sorted(overrides, key=lambda o: (o.since, o.made_at))), tuple(left_out))


def _override(event: _Event, uid: str, rota: str, zone: ZoneInfo, people: Mapping[str, str], now: int) -> Override:
    if any(name in event.values for name in ("RRULE", "RDATE", "RECURRENCE-ID")):
        raise _LeftOutError("it repeats; write each time as an event of its own")
    title = event.text("SUMMARY")
    person = next((people[form] for form in _forms(title) if form in people), None)
    if person is None:
        raise _LeftOutError("its title names nobody who is known")
    since, until = _span(event, zone)
    if until <= since:
        raise _LeftOutError("it ends before it begins")
    if until - since > CHANGE_DAYS_MAX * civil.DAY:
        raise _LeftOutError(f"it lasts longer than {CHANGE_DAYS_MAX} days")
    made_at = now
    for name in ("LAST-MODIFIED", "DTSTAMP"):
        if name in event.values:
            made_at = min(now, civil.instant_of(*_wall(event, name, zone)))
            break
    return Override(rota, person, since, until, made_at, note=uid[:NOTE_CHARS_MAX])


def _forms(title: str) -> Iterator[str]:
    """How a title may hold a name: alone, behind "noc:" or "On call -", or before "(...)"."""
    whole = " ".join(title.casefold().split())
    yield whole
    for mark in (":", " - "):
        yield whole.rpartition(mark)[2].strip()
    yield whole.partition("(")[0].rpartition(":")[2].strip()


def _span(event: _Event, zone: ZoneInfo) -> tuple[int, int]:
    """In a doubled hour the event starts at the first occurrence and ends at the last."""
    begins_in, begins = _wall(event, "DTSTART", zone)
    since = civil.instant_of(begins_in, begins)
    if "DTEND" in event.values:
        ends_in, ends = _wall(event, "DTEND", zone)
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


def _wall(event: _Event, name: str, zone: ZoneInfo) -> tuple[ZoneInfo, datetime]:
    """The time as written, and in which zone."""
    parameters, _ = event.values.get(name, ({}, ""))
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
    if "TZID" not in parameters or found[4] is None:
        return zone, wall
    named = zone_of(parameters["TZID"])
    if named is None:
        raise _LeftOutError(f"its zone {_shown(parameters['TZID'])} is not known")
    return named, wall


def _events(octets: bytes) -> Iterator[_Event]:
    """The events of the calendar, once all of it was found to be whole."""
    inside: list[str] = []
    events: list[_Event] = []
    seen = False
    for line in _lines(octets):
        name, parameters, value = _property(line)
        if name == "BEGIN":
            inside.append(value.strip().upper())
            if inside[0] != "VCALENDAR":
                break
            if len(inside) > DEPTH_MAX:
                raise CalendarError("its parts are too deep within each other")
            if inside == ["VCALENDAR", "VEVENT"]:
                events.append(_Event())
        elif name == "END":
            if not inside or inside.pop() != value.strip().upper():
                raise CalendarError("it is damaged: a part ends that did not begin")
            seen = seen or not inside
        elif inside == ["VCALENDAR", "VEVENT"]:
            events[-1].values.setdefault(name, (parameters, value))
    if inside and inside[0] == "VCALENDAR":
        raise CalendarError("it was cut off: a part has no end")
    if not seen or inside:
        raise CalendarError("this is no calendar")
    yield from events


def _lines(octets: bytes) -> Iterator[str]:
    """Content lines, unfolded. Octets that are no UTF-8 become the sign for it: a name with it is nobody's."""
    if len(octets) > OCTETS_MAX:
        raise CalendarError(f"it is larger than {OCTETS_MAX} bytes")
    text = octets.removeprefix(b"\xef\xbb\xbf").decode(errors="replace")
    held: list[str] = []
    length = 0
    for line in re.split("\r\n|\r|\n", text):
        if line[:1] not in (" ", "\t"):
            yield "".join(held)
            held, length = [line], len(line)
        else:
            held.append(line[1:])
            length += len(line)
        if length > LINE_CHARS_MAX:
            raise CalendarError(f"a line is longer than {LINE_CHARS_MAX} characters")
    yield "".join(held)


def _property(line: str) -> tuple[str, dict[str, str], str]:
    """ "DTSTART;TZID=Europe/London:2026..." -> name, parameters, value; a line that is none has an empty name."""
    parts, begin, quoted = [], 0, False
    for place, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif not quoted and char in ";:":
            parts.append(line[begin:place])
            begin = place + 1
            if char == ":":
                pairs = (part.partition("=") for part in parts[1:])
                return parts[0].strip().upper(), {k.upper(): v.strip('"') for k, _, v in pairs}, line[begin:]
    return "", {}, ""


def _shown(text: str) -> str:
    kept = "".join(char for char in text if char.isprintable())
    return f"'{kept[:40]}'" if len(kept) <= 40 else f"'{kept[:39]}…'"
