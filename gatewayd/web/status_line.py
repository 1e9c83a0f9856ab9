"""The status line: for everybody who asks, and how it is set."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from gatewayd.clock import iso
from gatewayd.store import status_lines
from gatewayd.store.db import Row
from gatewayd.web.call import Call
from gatewayd.web.people_shapes import StatusLineIn
from gatewayd.web.problems import JSON_HEADERS
from gatewayd.web.rotas import UTC, when
from gatewayd.web.shapes import NoQuery

NOTHING = "Nothing is reported at present."


async def page(call: Call) -> web.Response:
    """Without a token: the sentence, and until when it holds."""
    row = call.doors.store.peek(status_lines.current, now=call.now())
    told = (
        f"{row['text']}\nAs of {iso(row['set_at'])}, until {iso(row['until'])} at the latest.\n"
        if row
        else f"{NOTHING}\n"
    )
    headers = {**JSON_HEADERS, "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-cache"}
    return web.Response(body=told.encode(), headers=headers)


async def one(call: Call) -> web.Response:
    call.query(NoQuery)
    return _answer(call)


async def put(call: Call) -> web.Response:
    asked = await call.read(StatusLineIn)
    until = when("until", asked.until, UTC, after=call.now(), ends=True)
    await call.doors.store.write(
        call.doors.rounds().put_status, asked.text, until=until, by=call.token.name, now=call.now()
    )
    return _answer(call)


async def end(call: Call) -> web.Response:
    call.query(NoQuery)
    await call.doors.store.write(call.doors.rounds().end_status, by=call.token.name, now=call.now())
    return _answer(call)


def _answer(call: Call) -> web.Response:
    row = call.doors.store.peek(status_lines.current, now=call.now())
    return call.answer({"status_line": _shown(row) if row else None})


def _shown(row: Row) -> dict[str, Any]:
    times = {name: iso(row[name]) for name in ("set_at", "until")}
    return {"text": row["text"], "set_by": row["set_by"]} | times
