"""A rota as an iCalendar feed (RFC 5545), for the calendars of phones and offices.

The same shift has the same UID in every export, so that a calendar that fetches it again moves events and makes no
second ones: a shift is known by its rota and by the instant at which it begins.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gatewayd.oncall import civil
from gatewayd.oncall.cover import Facts
from gatewayd.oncall.duty import Span, shifts
from gatewayd.oncall.rota import Plan

LINE_OCTETS_MAX = 75
DOMAIN = "gatewayd"  # of the UIDs
AROUND_DAYS = 400  # to find where the first shift began and the last one ends; an older one is known as "standing"
PRODUCT = "-//gatewayd//rota//EN"


def calendar(plan: Plan, facts: Facts, *, since: int, until: int, now: int, person: str | None = None) -> bytes:
    """The shifts that touch the time from `since` to `until`, whole ones, those of one person or everybody's."""
    oldest, farthest = since - AROUND_DAYS * civil.DAY, until + AROUND_DAYS * civil.DAY
    spans = [span for span in shifts(plan, facts, oldest, farthest) if span.since < until and since < span.until]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(plan.rota.title or plan.name)}",
        f"X-WR-CALNAME:{_text(plan.rota.title or plan.name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for span in spans:
        if person in (None, span.duty.person):
            begun = "standing" if span.since == oldest else _stamp(span.since)
            lines += _event(plan, span, f"{plan.name}-{begun}@{DOMAIN}", now)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def is_ours(uid: str, rota: str) -> bool:
    """Whether an event came out of this rota's own calendar."""
    return uid.startswith(f"{rota}-") and uid.endswith(f"@{DOMAIN}")


def _event(plan: Plan, span: Span, uid: str, now: int) -> list[str]:
    told = [span.duty.why, *(f"{name} shadows" for name in span.duty.shadows)]
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_stamp(now)}",
        f"DTSTART:{_stamp(span.since)}",
        f"DTEND:{_stamp(span.until)}",
        f"SUMMARY:{_text(f'{plan.name}: {span.duty.person}')}",
        f"DESCRIPTION:{_text('; '.join(told))}",
        f"CATEGORIES:{'GAP' if span.duty.is_gap else span.duty.source.upper()}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def folded(line: str) -> bytes:
    """One content line, in lines of 75 octets at most; no character is cut in two."""
    rest, parts = line.encode(), []
    room = LINE_OCTETS_MAX
    while len(rest) > room:
        cut = room
        while rest[cut] & 0xC0 == 0x80:  # within a character
            cut -= 1
        parts.append(rest[:cut])
        rest, room = rest[cut:], LINE_OCTETS_MAX - 1  # the blank of the continuation counts
    return b"\r\n ".join((*parts, rest)) + b"\r\n"


def _text(value: str) -> str:
    """TEXT of RFC 5545: what has a meaning is escaped, what cannot be shown is left out."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        value = value.replace(plain, escaped)
    return "".join(char for char in value if char.isprintable())


def _stamp(at: int) -> str:
    return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at):%Y%m%dT%H%M%SZ}"
