"""Calendars for tests: events into a file, and what came of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from gatewayd.oncall import civil
from gatewayd.oncall.ical_reader import Imported, read_overrides
from gatewayd.oncall.ical_titles import called
from tests.pure.rotas import utc

LONDON = civil.zone_named("Europe/London")
PEOPLE = called([("anna", "Anna Example"), ("bob", "Bob Example"), ("cara", "")])
NOW = utc("2026-11-01 12:00")


def read(*events: str, head: str = "", now: int = NOW, zone: ZoneInfo = LONDON) -> Imported:
    whole = "".join(f"BEGIN:VEVENT\n{lines.strip()}\nEND:VEVENT\n" for lines in events)
    return file(f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{whole}END:VCALENDAR\n", now=now, zone=zone)


def file(text: str, *, now: int = NOW, zone: ZoneInfo = LONDON) -> Imported:
    octets = text.replace("\n", "\r\n").encode()
    return read_overrides(octets, rota="noc", zone=zone, people=PEOPLE, now=now)


def begins(found: Imported) -> list[str]:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return [f"{o.person} {epoch + timedelta(microseconds=o.since):%m-%d %H:%M}" for o in found.overrides]


def series(rule: str, *more: str, since: str = "20261207T090000", until: str = "20261208T090000") -> str:
    return "\n".join(["UID:s", "SUMMARY:Anna", f"DTSTART:{since}", f"DTEND:{until}", f"RRULE:{rule}", *more])
