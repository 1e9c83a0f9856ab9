"""By which way a text would go now, and why."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from aiohttp import web

from gatewayd.clock import SECOND, iso
from gatewayd.delivery.choice import NEVER, Choice
from gatewayd.delivery.plan import MILLION
from gatewayd.model import Priority
from gatewayd.purse import Use
from gatewayd.web.call import Call
from gatewayd.web.recipients import Recipient, recipients
from gatewayd.web.shapes import WayQuery


async def way(call: Call) -> web.Response:
    """For each recipient, as the channels are now; nothing is sent."""
    query = call.query(WayQuery)
    at = call.now() if query.at is None else int(query.at.timestamp()) * SECOND
    to = recipients([query.to], call.doors.directory(), call.doors.dialling(), call.token, every_device=True)
    explain = partial(call.doors.queue.ways.explain, priority=Priority[query.priority.upper()], now=at)
    found = [(one, call.doors.store.peek(explain, recipient=one.number, wanted=one.channel)) for one in to]
    uses = {
        channel: call.doors.store.peek(call.doors.queue.ways.use, channel=channel, now=at)
        for channel in {channel for _, choice in found for channel, _ in choice.told}
    }
    return call.answer({"ways": [_told(one, choice, uses, query.priority, at) for one, choice in found]})


def _told(to: Recipient, choice: Choice, uses: Mapping[str, Use], priority: str, at: int) -> dict[str, Any]:
    return {
        "to": to.label,
        "device": to.device,
        "priority": priority,
        "at": iso(at),
        "by": list(choice.lane),
        "goes_at": iso(choice.at) if choice.lane and choice.at < NEVER else None,
        "reason": choice.reason,
        "channels": [{"channel": channel, "says": says} | _left(uses[channel]) for channel, says in choice.told],
    }


def _left(use: Use) -> dict[str, Any]:
    """What is left of the bucket, and used of the month."""
    budget = use.budget
    return {
        "bucket": None if use.at_once is None else {"at_once": use.at_once},
        "budget": None if budget is None else {
            "month": use.month,
            "used": round(budget.used(use.cost, use.parts), 4),
            "cost": use.cost / MILLION,
            "parts": use.parts,
            "cost_max": None if budget.cost is None else budget.cost / MILLION,
            "parts_max": budget.parts,
            "stops": budget.stops,
        },
    }  # fmt: skip
