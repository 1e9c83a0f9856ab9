"""Drills: started, stopped, and what became of each."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from gatewayd.clock import SECOND, iso
from gatewayd.model import Severity
from gatewayd.near import did_you_mean
from gatewayd.oncall.directory import Directory
from gatewayd.store import drills, incidents
from gatewayd.store.db import Reader, Row
from gatewayd.web.call import Call
from gatewayd.web.people_shapes import DrillIn
from gatewayd.web.shapes import NoQuery

SHOWN_MAX = 50


async def listing(call: Call) -> web.Response:
    """The newest first, without their pages."""
    call.query(NoQuery)
    rows = await call.doors.store.read(_listed)
    return call.answer({"drills": rows})


async def one(call: Call) -> web.Response:
    call.query(NoQuery)
    return await _told(call, call.number("drill"), 200)


async def start(call: Call) -> web.Response:
    asked = await call.read(DrillIn)
    number = await call.doors.store.write(
        call.doors.rounds().drills.start, asked.service, Severity(asked.severity), within_s=asked.within_s,
        by=call.token.name, now=call.now(),
    )  # fmt: skip
    return await _told(call, number, 201)


async def stop(call: Call) -> web.Response:
    call.query(NoQuery)
    number = call.number("drill")
    await call.doors.store.write(call.doors.rounds().drills.stop, number, by=call.token.name, now=call.now())
    return await _told(call, number, 200)


async def _told(call: Call, number: int, status: int) -> web.Response:
    found = await call.doors.store.read(_report, number, call.doors.directory())
    if found is None:
        raise call.unknown("drill")
    return call.answer(found, status)


def _listed(reader: Reader) -> list[dict[str, Any]]:
    return [_shown(reader, row) for row in drills.listing(reader, limit=SHOWN_MAX)]


def _report(reader: Reader, number: int, directory: Directory) -> dict[str, Any] | None:
    row = drills.get(reader, number)
    if row is None:
        return None
    pages = [_page(page, row) for page in drills.pages(reader, row["incident_id"])]
    shown = _shown(reader, row)
    reached = {page["person"] for page in pages if page["delivered_at"]} | {shown["answered_by"]}
    never = dict.fromkeys(page["person"] for page in pages if page["person"] not in reached)
    return shown | {"pages": pages, "unheard_of": list(never), "warnings": _odd(reader, row, directory)}


def _odd(reader: Reader, row: Row, directory: Directory) -> list[str]:
    """Whoever mistypes a service must not believe that its people were called."""
    incident = incidents.get(reader, row["incident_id"]) if row["incident_id"] else None
    if incident is None or not directory.unnamed(incident["service"]):
        return []
    service, policy = incident["service"], json.loads(incident["policy"])["name"]
    meant = did_you_mean(service, (known.name for known in directory.services))
    return [f"no service and no rule names '{service}': it pages by policy '{policy}', as all that is not named{meant}"]


def _shown(reader: Reader, row: Row) -> dict[str, Any]:
    incident = incidents.get(reader, row["incident_id"]) if row["incident_id"] else None
    answered_by, answered_at = drills.answer(reader, incident) if incident else ("", None)
    names = ("id", "service", "severity", "started_by", "stopped_by")
    return {name: row[name] for name in names} | {
        "state": "over" if row["ended_at"] else "running",
        "verdict": row["verdict"],
        "started_at": iso(row["started_at"]),
        "until": iso(row["until"]),
        "ended_at": iso(row["ended_at"]) if row["ended_at"] else None,
        "incident": row["incident_id"],
        "code": incident["code"] if incident else "",
        "gave_way_to": row["gave_way_to"],
        "kept_for": incident["held_why"] if incident else "",
        "answered_by": answered_by,
        "answered_at": iso(answered_at) if answered_at else None,
        "answered_after_s": _after(answered_at, row),
    }


def _page(page: Row, drill: Row) -> dict[str, Any]:
    delivered_at = page["ended_at"] if page["state"] == "delivered" else None
    return {
        "person": page["person"],
        "step": page["step"] + 1,
        "round": page["round"] + 1,
        "why": page["reason"],
        "paged_after_s": _after(page["created_at"] or page["planned_at"], drill),
        "message": page["message_id"],
        "device": page["device"] or "",
        "via": page["channel"] or "",
        "state": page["state"] or page["page_state"],
        "sent_at": iso(page["sent_at"]) if page["sent_at"] else None,
        "delivered_at": iso(delivered_at) if delivered_at else None,
        "delivered_after_s": _after(delivered_at, drill),
    }


def _after(at: int | None, drill: Row) -> float | None:
    return round((at - drill["started_at"]) / SECOND, 1) if at is not None else None
