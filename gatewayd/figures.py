"""The figures of the house that are counted now and then: what waits, what is open, what a way still has."""

from __future__ import annotations

import logging
from collections.abc import Callable

from gatewayd import metrics
from gatewayd.airtime import Airtime
from gatewayd.clock import SECOND, Clock
from gatewayd.desk import Desk
from gatewayd.dispatch import Dispatch
from gatewayd.rounds import Rounds
from gatewayd.store import lanes, messages, waiting
from gatewayd.store.db import Store
from gatewayd.transfers import Transfers
from gatewayd.ways import Ways

COUNTED_S_MAX = 60.0  # while nothing is booked and nothing waits, figures change by the passing of time alone

log = logging.getLogger("gatewayd.daemon")


class Figures:
    """`count` at each look; it counts when something may have changed. What it finds amiss on its way it sets right."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        dispatch: Dispatch,
        airtime: Airtime,
        ways: Ways,
        transfers: Transfers,
        desk: Callable[[], Desk],
        rounds: Callable[[], Rounds],
        configured: Callable[[], set[str]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._dispatch = dispatch
        self._airtime = airtime
        self._ways = ways
        self._transfers = transfers
        self._desk = desk
        self._rounds = rounds
        self._configured = configured
        self._counted_at = float("-inf")  # monotonic

    async def count(self) -> None:
        began = self._clock.monotonic()
        if self._store.settled_at >= self._counted_at or began >= self._counted_at + COUNTED_S_MAX:
            now = self._clock.now()
            waits = await self._count(now)
            await self._set_right(now)
            self._counted_at = float("-inf") if waits else began

    async def _count(self, now: int) -> bool:
        """Whether any text waits."""
        store = self._store
        found = await store.read(messages.counts, now=now)
        for priority, word in enumerate(("critical", "high", "normal", "low")):
            row = found["waiting"].get(priority)
            metrics.QUEUE_MESSAGES.labels(word).set(row["n"] if row else 0)
            oldest = row["oldest"] if row else None
            metrics.QUEUE_OLDEST_AGE.labels(word).set((now - oldest) / SECOND if oldest is not None else 0)
        metrics.IN_DOUBT.set(found["doubts"])
        await store.read(self._airtime.measure, self._ways.plan, self._dispatch.standings(), now=now)
        store.peek(self._ways.gauge, now=now)
        store.peek(self._rounds().measure)
        for state in ("open", "acknowledged"):
            metrics.INCIDENTS.labels(state).set(found["incidents"].get(state, 0))
        return bool(found["waiting"])

    async def _set_right(self, now: int) -> None:
        for gone in self._store.peek(lanes.channels) - self._configured():
            self._transfers.lost(gone)  # a repeat, or sent again, by a channel that left meanwhile
        if self._store.peek(waiting.without_deadline):
            lost = await self._store.write_first(self._desk().waiting_room.mind_deadlines, now=now)
            log.error("%d open incidents had no next deadline", lost, extra={"event": "deadline_missing"})
