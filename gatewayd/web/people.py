"""People, and when each of their devices was last heard of."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from gatewayd.clock import iso
from gatewayd.oncall.directory import Device, Directory
from gatewayd.store import phones
from gatewayd.store.db import Reader, Row
from gatewayd.web.call import Call
from gatewayd.web.shapes import NoQuery


async def listing(call: Call) -> web.Response:
    """No numbers: whoever may read who is on call need not know how to ring them."""
    call.query(NoQuery)
    return call.answer({"people": await call.doors.store.read(_people, call.doors.directory())})


def _people(reader: Reader, directory: Directory) -> list[dict[str, Any]]:
    watched = {(row["person"], row["number"]): row for row in phones.every(reader)}
    return [
        {
            "name": person.name,
            "full_name": person.full_name,
            "skills": list(person.skills),
            "devices": [
                _device(reader, person.name, device, n, watched.get((person.name, device.number)))
                for n, device in enumerate(person.devices, 1)
            ],
        }
        for person in directory.people
    ]


def _device(reader: Reader, person: str, device: Device, n: int, row: Row | None) -> dict[str, Any]:
    sign = phones.last_sign(reader, person, device)
    state = "heard" if sign else "never heard"
    silent = row is not None and row["silent_at"] is not None
    if row is not None and row["tested_at"] is not None:
        state = "being tested"
    elif silent and row is not None and (sign is None or sign.at < row["silent_at"]):
        state = "silent"
    elif row is not None and row["unknown"]:
        state = "unknown"
    return {
        "name": device.name or f"{device.kind}{n}",
        "kind": device.kind,
        "last_reached_at": iso(sign.at) if sign else None,
        "by": sign.by if sign else "",
        "state": state,
    }
