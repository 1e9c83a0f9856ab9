"""Lone working: who is on site alone."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from gatewayd.clock import iso
from gatewayd.intake.faults import Fault, IntakeError
from gatewayd.store import site_visits
from gatewayd.store.db import Reader, Row
from gatewayd.web.call import Call
from gatewayd.web.changes import zone_of
from gatewayd.web.people_shapes import SiteVisitIn
from gatewayd.web.rotas import known_person, when
from gatewayd.web.shapes import NoQuery, NothingIn

SHOWN_MAX = 100


async def listing(call: Call) -> web.Response:
    call.query(NoQuery)
    rows = await call.doors.store.read(site_visits.listing, limit=SHOWN_MAX)
    return call.answer({"site_visits": [_shown(row) for row in rows]})


async def start(call: Call) -> web.Response:
    asked = await call.read(SiteVisitIn)
    known_person(asked.person, call.doors.directory(), "person")
    now = call.now()
    until = when("until", asked.until, zone_of(asked.person, call), after=now, ends=True)
    if until <= now:
        raise IntakeError(Fault("until", "is over already"))
    number = await call.doors.store.write(
        call.doors.rounds().visit, asked.person, until=until, every_s=asked.every_s, place=asked.place,
        tell=asked.tell, by=call.token.name, now=now,
    )  # fmt: skip
    row = await call.doors.store.read(_one, number)
    assert row is not None, "it was begun just now"
    return call.answer(_shown(row), 201)


async def heard(call: Call) -> web.Response:
    """Somebody has spoken with them."""
    await call.read(NothingIn)
    number = call.number("site visit")
    await call.doors.store.write(call.doors.rounds().heard, number, by=call.token.name, now=call.now())
    return call.answer({"id": number, "state": "watched"})


async def end(call: Call) -> web.Response:
    call.query(NoQuery)
    number = call.number("site visit")
    await call.doors.store.write(call.doors.rounds().end_visit, number, by=call.token.name, now=call.now())
    return call.answer({"id": number, "state": "ended"})


def _one(reader: Reader, number: int) -> Row | None:
    return next((row for row in site_visits.listing(reader, limit=SHOWN_MAX) if row["id"] == number), None)


def _shown(row: Row) -> dict[str, Any]:
    state = "ended" if row["ended_at"] else ("watched", "asked", "asked again", "alarm")[row["asked"]]
    names = ("id", "person", "place", "every_s", "tell", "started_by", "ended_by")
    return {name: row[name] for name in names} | {
        "state": state,
        "until": iso(row["until"]),
        "started_at": iso(row["started_at"]),
        "heard_at": iso(row["heard_at"]),
        "ended_at": iso(row["ended_at"]) if row["ended_at"] else None,
        "alarms": row["alarms"],
        "incident": row["incident_id"],
    }
