"""Silences: whatever fits is kept, and pages nobody for a time."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from gatewayd.clock import iso
from gatewayd.oncall.triage import Match
from gatewayd.store import waiting
from gatewayd.store.db import Row, Tx
from gatewayd.web.call import Call
from gatewayd.web.doors import Desk
from gatewayd.web.rotas import UTC, when
from gatewayd.web.shapes import NoQuery
from gatewayd.web.silence_shapes import SilenceIn


async def listing(call: Call) -> web.Response:
    """Those that hold now."""
    call.query(NoQuery)
    rows = await call.doors.store.read(waiting.silence_rows, now=call.now())
    return call.answer({"silences": [_shown(row) for row in rows]})


async def add(call: Call) -> web.Response:
    asked = await call.read(SilenceIn)
    until = when("until", asked.until, UTC, after=call.now(), ends=True)
    match = Match.model_validate(asked.model_dump(include=set(Match.model_fields)))
    row = await call.doors.store.write(
        _silence, call.doors.desk(), match, until=until, reason=asked.reason, by=call.token.name, now=call.now()
    )
    return call.answer(_shown(row), 201)


async def end(call: Call) -> web.Response:
    """What still fires pages now."""
    call.query(NoQuery)
    number = call.number("silence")
    await call.doors.store.write(call.doors.desk().end_silence, number, by=call.token.name, now=call.now())
    return call.answer({"id": number, "state": "ended"})


def _silence(tx: Tx, desk: Desk, match: Match, *, until: int, reason: str, by: str, now: int) -> Row:
    row = waiting.get_silence(tx, desk.silence(tx, match, until=until, reason=reason, by=by, now=now))
    assert row is not None, "it was booked just now"
    return row


def _shown(row: Row) -> dict[str, Any]:
    fits: dict[str, Any] = {"services": [], "severities": [], "sources": [], "keys": [], "labels": {}}
    told = {name: row[name] for name in ("id", "reason", "made_by")}
    matched: dict[str, Any] = json.loads(row["match"])
    return told | {name: iso(row[name]) for name in ("since", "until")} | fits | matched
