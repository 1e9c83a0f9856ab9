"""Incidents: what people are paged about, who took it, and what was sent."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from gatewayd.clock import iso
from gatewayd.intake.faults import Fault, IntakeError
from gatewayd.near import did_you_mean
from gatewayd.store import journal, views
from gatewayd.store.db import Reader, Row, Tx
from gatewayd.web import incident_texts
from gatewayd.web.call import Call
from gatewayd.web.doors import Desk
from gatewayd.web.messages import receipt as shown_receipt
from gatewayd.web.messages import shown as shown_message
from gatewayd.web.shapes import AckIn, IncidentsQuery, ResolveIn

ALERTS_SHOWN_MAX = 1_000


async def listing(call: Call) -> web.Response:
    query = call.query(IncidentsQuery)
    found, pages = await call.doors.store.read(_with_pages, query)
    return call.answer({"incidents": [_shown(row, pages) for row in found]})


async def one(call: Call) -> web.Response:
    """With its alerts and every text that was made of it."""
    found = await call.doors.store.read(_detail, call.number("incident"))
    if found is None:
        raise call.unknown("incident")
    row, pages, alerts, messages, receipts = found
    detail = {
        "alerts": [_alert(alert) for alert in alerts],
        "messages": [
            shown_message(m, call) | {"receipts": [shown_receipt(r) for r in receipts.get(m["id"], ())]}
            for m in messages
        ],
    }
    return call.answer(_shown(row, pages) | detail)


async def acknowledge(call: Call) -> web.Response:
    """Like a person's reply, ahead of intake and also when the disk is full: it lessens the work."""
    asked = await call.read(AckIn)
    number, by = call.number("incident"), _person(call, asked.by)
    await call.doors.store.write_first(
        _acknowledge, call.doors.desk(), number, by=by, token=call.token.name, note=asked.note, now=call.now()
    )
    return _state(call, number)


async def resolve(call: Call) -> web.Response:
    """As `acknowledge`."""
    asked = await call.read(ResolveIn)
    number, by = call.number("incident"), _person(call, asked.by)
    await call.doors.store.write_first(
        _resolve, call.doors.desk(), number, by=by, token=call.token.name, now=call.now()
    )
    return _state(call, number)


def _person(call: Call, by: str | None) -> str:
    if by is None:
        return call.token.name
    directory = call.doors.directory()
    if directory.person(by) is None:
        meant = did_you_mean(by, (p.name for p in directory.people))
        raise IntakeError(Fault("by", f"there is no person '{by}'{meant}"))
    return by


def _acknowledge(tx: Tx, desk: Desk, number: int, *, by: str, token: str, note: str, now: int) -> None:
    desk.acknowledge(tx, number, by=by, now=now, note=note)
    _on_behalf(tx, number, by=by, token=token, now=now)


def _resolve(tx: Tx, desk: Desk, number: int, *, by: str, token: str, now: int) -> None:
    desk.resolve(tx, number, by=by, now=now)
    _on_behalf(tx, number, by=by, token=token, now=now)


def _on_behalf(tx: Tx, number: int, *, by: str, token: str, now: int) -> None:
    """The desk books the person; the journal must also know whose word that was."""
    if by != token:
        journal.write(tx, "on_behalf", now=now, incident_id=number, private={"person": by, "token": token})


def _state(call: Call, number: int) -> web.Response:
    row = call.doors.store.peek(views.incident, number)
    assert row is not None
    return call.answer({"id": number, "code": row["code"], "state": row["state"]})


def _with_pages(reader: Reader, asked: IncidentsQuery) -> tuple[list[Row], dict[int, list[Row]]]:
    found = views.incidents(reader, state=asked.state, code=asked.code, before=asked.before, limit=asked.limit)
    return found, _pages(reader, [row["id"] for row in found])


def _detail(
    reader: Reader, number: int
) -> tuple[Row, dict[int, list[Row]], list[Row], list[Row], dict[int, list[Row]]] | None:
    row = views.incident(reader, number)
    if row is None:
        return None
    alerts = views.alerts(reader, number, limit=ALERTS_SHOWN_MAX)
    messages = incident_texts.texts(reader, row)
    receipts = {m["id"]: views.receipts(reader, m["id"]) for m in messages}
    return row, _pages(reader, [number]), alerts, messages, receipts


def _pages(reader: Reader, numbers: list[int]) -> dict[int, list[Row]]:
    by_incident: dict[int, list[Row]] = {}
    for page in views.pages(reader, numbers):
        by_incident.setdefault(page["incident_id"], []).append(page)
    return by_incident


def _shown(row: Row, pages: dict[int, list[Row]]) -> dict[str, Any]:
    names = (
        "id",
        "code",
        "service",
        "severity",
        "summary",
        "source",
        "state",
        "acknowledged_by",
        "held_for",
        "held_why",
    )
    times = ("opened_at", "acknowledged_at", "resolved_at", "held_until")
    return (
        {name: row[name] for name in names}
        | {name: iso(row[name]) for name in times}
        | {
            "alerts_count": row["alerts"],
            "pages": [
                {name: page[name] for name in ("person", "state", "reason")} for page in pages.get(row["id"], ())
            ],
        }
    )


def _alert(row: Row) -> dict[str, Any]:
    names = ("key", "status", "severity", "summary", "count")
    times = ("starts_at", "first_at", "last_at", "resolved_at")
    return (
        {name: row[name] for name in names}
        | {name: iso(row[name]) for name in times}
        | {"details": json.loads(row["details"])}
    )
