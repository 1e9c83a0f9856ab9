"""Looking back: texts that came in, and the journal."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

from aiohttp import web

from gatewayd.clock import iso
from gatewayd.intake.faults import Fault, IntakeError
from gatewayd.numbers import masked
from gatewayd.store import journal, views
from gatewayd.store.db import Reader, Row
from gatewayd.web.call import Call
from gatewayd.web.shapes import InboxQuery, JournalQuery

BREAKS_SHOWN_MAX = 20
_NUMBERS = ("to", "from", "number", "recipient", "sender")  # words of the journal that are numbers


async def inbox(call: Call) -> web.Response:
    """Texts nobody could make sense of, so that a human does; `all=true` shows every one."""
    query = call.query(InboxQuery)
    rows = await call.doors.store.read(views.inbox, everything=query.all, before=query.before, limit=query.limit)
    return call.answer({"texts": [_incoming(row, call) for row in rows]})


def _incoming(row: Row, call: Call) -> dict[str, Any]:
    names = ("id", "channel", "person", "text", "note", "result")
    return {name: row[name] for name in names} | {
        "sender": row["sender"] if _sees_numbers(call) else masked(row["sender"]),
        "incident": row["incident_id"],
        "sent_at": iso(row["sent_at"]),
        "received_at": iso(row["received_at"]),
    }


async def journal_lines(call: Call) -> web.Response:
    query = call.query(JournalQuery)
    if query.incident is not None and query.message is not None:
        raise IntakeError(Fault("message", "either 'incident' or 'message', not both"))
    rows, broken = await call.doors.store.read(_journal, query)
    chain = {"whole": not broken, "breaks": broken} if query.verify else None
    return call.answer({"lines": [_line(row, call) for row in rows], "chain": chain})


def _journal(reader: Reader, query: JournalQuery) -> tuple[list[Row], list[str]]:
    if query.after is None and query.incident is None and query.message is None:
        rows = journal.newest(reader, limit=query.limit)
    else:
        rows = journal.rows(
            reader, after=query.after or 0, limit=query.limit, incident_id=query.incident, message_id=query.message
        )
    return rows, list(islice(journal.breaks(reader), BREAKS_SHOWN_MAX)) if query.verify else []


def _line(row: Row, call: Call) -> dict[str, Any]:
    words = json.loads(row["words"]) if row["words"] else None
    if words and not _sees_numbers(call):
        words = {name: masked(str(word)) if name in _NUMBERS else word for name, word in words.items()}
    return {
        "seq": row["seq"],
        "at": iso(row["at"]),
        "event": row["event"],
        "incident": row["incident_id"],
        "message": row["message_id"],
        "attempt": row["attempt_id"],
        "facts": json.loads(row["facts"]),
        "words": words,
        "previous": row["previous"],
        "hash": row["hash"],
    }


def _sees_numbers(call: Call) -> bool:
    return "messages" in call.token.scopes
