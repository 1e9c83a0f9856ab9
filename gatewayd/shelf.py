"""What waits in the queue, looked up once for all channels that look at about the same time.

Where many modems end their texts together, each would read past all that the others have just taken. What was read
for one of them lies here for a moment for the next; the booking asks the books again in any case.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from gatewayd.clock import SECOND
from gatewayd.model import Priority
from gatewayd.store import lanes as store_lanes
from gatewayd.store import messages
from gatewayd.store.db import Row, Store
from gatewayd.store.messages import InHand, Lanes

FRESH_S = 0.02
READ_MAX = 64  # texts at once


@dataclass(slots=True)
class _Lot:
    """Texts of one lane and priority, in their order, as far as they were read."""

    rows: deque[Row] = field(default_factory=deque)
    last: Row | None = None  # that was read
    next_read: int = 1  # doubled each time, for who asks once asks seldom
    whole: bool = False


class Shelf:
    """`paced` tells when a channel may send something critical, and when anything else; see Purse.paced."""

    def __init__(self, store: Store, paced: Callable[[str, int], tuple[int, int]]) -> None:
        self._store = store
        self._paced = paced
        self._fresh_until = float("-inf")  # monotonic
        self._bound: set[str] = set()  # lanes in which anything waits
        self._lots: dict[tuple[str, Priority], _Lot] = {}

    def clear(self) -> None:
        """Something was queued, or moved: what lies here need not be all, or in order."""
        self._fresh_until = float("-inf")

    def look(
        self, channel: str, lanes: Lanes, room: int, *, others: int, one_by_one: bool, in_hand: InHand, now: int,
        ticks: float, highest: Priority = Priority.CRITICAL,
    ) -> tuple[list[Row], float | None]:  # fmt: skip
        """The next texts for a channel; if there are fewer than it has room for, how long until one is due.

        There is `room` for critical ones, and for any as long as they are no more than `others` with these.
        `highest`: none that is more urgent, where they are looked for one by one.
        """
        critical_at, other_at = self._paced(channel, now)
        if critical_at > now:
            return [], (critical_at - now) / SECOND
        lowest = Priority.LOW if other_at <= now and others > 0 else Priority.CRITICAL
        if one_by_one:
            row = self._next(lanes, highest, lowest, in_hand=in_hand, now=now, ticks=ticks)
            found = [] if row is None else [row]
        else:
            few = messages.next_few
            found = self._store.peek(few, lanes, now=now, in_hand=in_hand, limit=room, lowest=lowest)
            found = found[: max(others, sum(row["priority"] == Priority.CRITICAL for row in found))]
        if found and len(found) >= min(room, others):
            return found, None
        due = self._store.peek(messages.next_due, lanes, now=now)
        if other_at > now:
            due = other_at if due is None else min(due, other_at)
        return found, None if due is None else max(0.001, (due - now) / SECOND)

    def _next(
        self, lanes: Lanes, highest: Priority, lowest: Priority, *, in_hand: InHand, now: int, ticks: float
    ) -> Row | None:
        """Taken from here: nobody else finds it here then."""
        if ticks >= self._fresh_until:
            self._lots.clear()
            self._bound = self._store.peek(store_lanes.bound) | {""}
            self._fresh_until = ticks + FRESH_S
        own = [lane for lane in lanes if lane in self._bound]
        for priority in Priority:
            if not highest <= priority <= lowest:
                continue
            lots = [self._lot(lane, priority, in_hand=in_hand, now=now) for lane in own]
            due = [lot for lot in lots if lot.rows and lot.rows[0]["due_at"] <= now]
            if due:
                return min(due, key=lambda lot: (lot.rows[0]["due_at"], lot.rows[0]["id"])).rows.popleft()
        return None

    def _lot(self, lane: str, priority: Priority, *, in_hand: InHand, now: int) -> _Lot:
        """With a text in front that may be taken, when there is one."""
        lot = self._lots.setdefault((lane, priority), _Lot())
        while True:
            while lot.rows and (
                (lot.rows[0]["id"], lot.rows[0]["round"]) in in_hand or lot.rows[0]["expires_at"] <= now
            ):
                lot.rows.popleft()
            if lot.rows or lot.whole:
                return lot
            rows = self._store.peek(store_lanes.waiting, lane, priority, after=lot.last, limit=lot.next_read)
            lot.rows.extend(rows)
            lot.whole = len(rows) < lot.next_read
            lot.last = rows[-1] if rows else lot.last
            lot.next_read = min(2 * lot.next_read, READ_MAX)
