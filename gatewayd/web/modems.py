"""The fleet at a glance: every configured modem, and sticks that are there and nobody configured."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from gatewayd.channels.contract import Health
from gatewayd.clock import SECOND, iso
from gatewayd.store import balances, proofs
from gatewayd.store import modems as books
from gatewayd.store.db import Reader, Row
from gatewayd.web.call import Call

HOUR_US = 3600 * SECOND


async def listing(call: Call) -> web.Response:
    moored = call.doors.modems
    sent = await call.doors.store.read(books.sent_since, since=call.now() - HOUR_US)
    found = [
        {
            "port": port.names[0],
            "maker": port.shown,
            "profile": port.family.name,
            "imei": moored.imei_at(port.device),
            "why": port.lacks,
        }
        for port in moored.unconfigured()
    ]
    cards = {row["channel"]: _balance(row) for row in call.doors.store.peek(balances.all_of_them)}
    proven = call.doors.store.peek(_proofs)
    told = [
        _modem(name, port, health, sent.get(name, 0)) | {"balance": cards.get(name), "proofs": proven.get(name, [])}
        for name, port, health in moored.at_work()
    ]
    return call.answer({"modems": told, "unconfigured": found})


def _balance(row: Row) -> dict[str, Any]:
    return {"amount": row["amount"], "said": row["said"], "at": iso(row["at"])}


def _proofs(reader: Reader) -> dict[str, list[dict[str, Any]]]:
    """By who texts: who hears, when that last worked, and why it does not."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in proofs.pairs(reader):
        loop = {"heard_by": row["hearer"], "good_at": iso(row["good_at"]), "failed": row["failed"]}
        found.setdefault(row["sender"], []).append(loop)
    return found


def _modem(name: str, port: str, health: Health, sent: int) -> dict[str, Any]:
    names = ("profile", "manufacturer", "model", "revision", "imei", "iccid")
    known = {word: health.identity.get(word, "") for word in names}
    taken = ("state", "trouble", "operator", "registration", "signal_dbm", "storage_used", "storage_size")
    return {"name": name, **known, **{word: getattr(health, word) for word in taken}} | {
        "why": "; ".join(part for part in (health.reason, health.note) if part),
        "port": health.port or port,
        "configured_port": port,
        "sent_last_hour": sent,
    }
