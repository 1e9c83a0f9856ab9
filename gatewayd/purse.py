"""What a SIM may still send and spend: its bucket and its month, kept in the store, so that no restart fills them.

They belong to the SIM where it is known, and to the channel where it is not.
"""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from gatewayd.clock import SECOND
from gatewayd.delivery import budget
from gatewayd.delivery.allowance import Held
from gatewayd.delivery.budget import Budget
from gatewayd.delivery.plan import Plan, Way
from gatewayd.metrics import BUCKET_LEFT, BUDGET_USED
from gatewayd.model import Priority
from gatewayd.store import journal, messages, spending
from gatewayd.store.db import Reader, Row, Tx

KIND = "budget"  # of the wait in which a level of a budget is told; its subject is a row of `spend`

log = logging.getLogger("gatewayd.purse")


@dataclass(frozen=True, slots=True)
class Use:
    """For people: what is left of a bucket, what is used of a month. None: there is no such limit."""

    at_once: int | None = None
    month: str = ""
    budget: Budget | None = None
    cost: int = 0
    parts: int = 0


class Purse:
    """`furnish` at each reload. What it keeps in memory only spares looks at what is held anyway."""

    def __init__(self) -> None:
        self._plan = Plan()
        self._full_at: dict[str, int] = {}  # by channel

    def furnish(self, plan: Plan) -> None:
        for channel in self._plan.ways.keys() - plan.ways.keys():
            for gauge in (BUDGET_USED, BUCKET_LEFT):
                with contextlib.suppress(KeyError):  # it never told
                    gauge.remove(channel)
        self._plan = plan

    def resume(self, reader: Reader) -> None:
        self._full_at = {row["channel"]: row["full_at"] for row in spending.buckets(reader)}

    def paced(self, channel: str, *, now: int) -> tuple[int, int]:
        """When its bucket lets a critical text go, and when any other; not later than `now` means at once."""
        way = self._plan.ways.get(channel)
        if way is None or way.bucket is None:
            return now, now
        full_at = self._full_at.get(channel, 0)
        free = [way.bucket.free_at(full_at, critical=critical, now=now) for critical in (True, False)]
        return free[0], free[1]

    def held(self, reader: Reader, message: Row, *, channel: str, sim: str, patience_s: float, now: int) -> Held | None:
        """Held when it may not go by this SIM now. Nothing is counted."""
        way = self._plan.ways.get(channel)
        if way is None:
            return None
        critical = message["priority"] == Priority.CRITICAL
        if (month := way.month) is not None and month.stops and not budget.exempt(message["kind"], message["priority"]):
            row = spending.spent(reader, sim or channel, self._month(way, now))
            used = (row["cost"], row["parts"]) if row else (0, 0)
            parts = message["parts"] + spending.on_air(reader, channel)  # those count in a moment
            if month.spent(*used, next_cost=way.cost_to(message["recipient"]) * parts, next_parts=parts):
                said = f"its budget of {self._month(way, now)} is spent: {month.told(*used)}"
                return Held(budget.month_ends(now, ZoneInfo(way.zone)), said)
        if way.bucket is not None:
            full_at = spending.full_at(reader, sim or channel)
            if (free_at := way.bucket.free_at(full_at, critical=critical, now=now)) > now:
                said = f"its bucket is empty: {way.per_minute:g} a minute, {way.burst} at once"
                return Held(free_at, said, waits=free_at <= now + int(patience_s * SECOND))
        return None

    def is_paced(self, channel: str) -> bool:
        way = self._plan.ways.get(channel)
        return way is not None and way.bucket is not None

    def done_s(self, reader: Reader, message: Row, *, channel: str, sim: str, parts: int, now: int) -> float:
        """How long its bucket needs until so many parts have gone, this text's the last of them."""
        way = self._plan.ways[channel]
        assert way.bucket is not None
        critical = message["priority"] == Priority.CRITICAL
        return way.bucket.done_s(spending.full_at(reader, sim or channel), parts=parts, critical=critical, now=now)

    def take(self, tx: Tx, *, channel: str, sim: str, now: int) -> None:
        """One part leaves the bucket."""
        way = self._plan.ways.get(channel)
        if way is None or way.bucket is None:
            return
        full_at = way.bucket.taken(spending.full_at(tx, sim or channel), now=now)
        spending.fill(tx, sim or channel, channel, full_at)
        tx.after_commit(partial(self._full_at.__setitem__, channel, full_at))

    def pay(self, tx: Tx, attempt: Row, cost: int, *, now: int) -> None:
        """The network took a part: it counts towards its month, and the next level is told once."""
        channel = attempt["channel"]
        way = self._plan.ways.get(channel)
        if way is None or (limit := way.month) is None:
            return
        row = spending.pay(tx, attempt["sim"] or channel, channel, self._month(way, now), cost)
        tx.after_commit(partial(BUDGET_USED.labels(channel).set, limit.used(row["cost"], row["parts"])))
        level = limit.level(row["cost"], row["parts"])
        if level <= row["told"]:
            return
        spending.told(tx, row["id"], level)
        used = limit.told(row["cost"], row["parts"])
        journal.write(tx, "budget_warning", now=now, channel=channel, month=row["month"], per_cent=level, used=used)
        messages.set_wait(tx, KIND, row["id"], now)
        told = {"event": "budget_warning", "channel": channel, "per_cent": level}
        words = "%s has used %d %% of its budget of %s: %s"
        tx.after_commit(partial(log.warning, words, channel, level, row["month"], used, extra=told))

    def use(self, reader: Reader, channel: str, sim: str, *, now: int) -> Use:
        """As it is now; of a SIM that is not known, that of the one before."""
        way = self._plan.ways.get(channel)
        if way is None or (way.bucket is None and way.month is None):
            return Use()
        left = way.bucket.left(spending.full_at(reader, sim or channel), now=now) if way.bucket is not None else None
        if way.month is None:
            return Use(left)
        month = self._month(way, now)
        row = spending.spent(reader, sim, month) if sim else spending.spent_in(reader, channel, month)
        return Use(left, month, way.month, row["cost"] if row else 0, row["parts"] if row else 0)

    def _month(self, way: Way, now: int) -> str:
        return budget.month_of(now, ZoneInfo(way.zone))
