"""By which way a text would go now, and why."""

from __future__ import annotations

from functools import partial
from typing import Any

from aiohttp import web

from gatewayd.clock import SECOND, iso
from gatewayd.delivery.choice import NEVER, Choice
from gatewayd.model import Priority
from gatewayd.web.call import Call
from gatewayd.web.recipients import Recipient, recipients
from gatewayd.web.shapes import WayQuery


async def way(call: Call) -> web.Response:
    """For each recipient, as the channels are now; nothing is sent."""
    query = call.query(WayQuery)
    at = call.now() if query.at is None else int(query.at.timestamp()) * SECOND
    to = recipients([query.to], call.doors.directory(), call.doors.dialling(), call.token)
    explain = partial(call.doors.queue.ways.explain, priority=Priority[query.priority.upper()], now=at)
    found = [(one, call.doors.store.peek(explain, recipient=one.number, wanted=one.channel)) for one in to]
    return call.answer({"ways": [_told(one, choice, query.priority, at) for one, choice in found]})


def _told(to: Recipient, choice: Choice, priority: str, at: int) -> dict[str, Any]:
    return {
        "to": to.label,
        "priority": priority,
        "at": iso(at),
        "by": list(choice.lane),
        "goes_at": iso(choice.at) if choice.lane and choice.at < NEVER else None,
        "reason": choice.reason,
        "channels": [{"channel": channel, "says": says} for channel, says in choice.told],
    }
