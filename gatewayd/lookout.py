"""How the house stands: whether a page could be stored and leave, how each part is, and whether all of it turns."""

from __future__ import annotations

from collections.abc import Callable

from gatewayd.airtime import Airtime
from gatewayd.clock import Clock
from gatewayd.dispatch import Dispatch
from gatewayd.due import DueRows
from gatewayd.fleet import Fleet
from gatewayd.rounds import Rounds
from gatewayd.store.db import Store

STUCK_S = 40.0  # a commit or the runner of due rows (which sleeps up to 30 s) that takes longer starves the watchdog


class Lookout:
    """`drain_told_s`: the queue is told as busy from so long on."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        dispatch: Dispatch,
        fleet: Fleet,
        airtime: Airtime,
        due: DueRows,
        rounds: Callable[[], Rounds],
        configured: Callable[[], set[str]],
        drain_told_s: Callable[[], int],
    ) -> None:
        self._store = store
        self._clock = clock
        self._dispatch = dispatch
        self._fleet = fleet
        self._airtime = airtime
        self._due = due
        self._rounds = rounds
        self._configured = configured
        self._drain_told_s = drain_told_s

    def ready(self) -> tuple[bool, dict[str, str]]:
        """Whether a page posted now would be stored and could leave, and how each part is."""
        healths = self._dispatch.healths()
        told = {name: "; ".join(part for part in (h.reason, h.note) if part) for name, h in healths.items()}
        parts = {name: f"{h.state}{f': {told[name]}' if told[name] else ''}" for name, h in healths.items()}
        parts |= self._fleet.waiting() | self._fleet.strays()
        writable = self._store.writable()
        parts["store"] = "writable" if writable else "full or read-only"
        if busy := self._busy():
            parts["queue"] = busy
        parts |= self._store.peek(self._rounds().told)
        able = any(h.state == "up" or (h.state == "resting" and h.throttles) for h in healths.values())
        return writable and able, parts

    def up(self) -> tuple[int, int, str]:
        """How many channels are up, of how many, and how busy the queue is, in words."""
        return len(self._dispatch.up()), len(self._configured()), self._busy()

    def words(self) -> str:
        up, every, busy = self.up()
        return f"{up} of {every} channels up{f'; {busy}' if busy else ''}"

    def turning(self) -> bool:
        """Neither the disk nor the runner of due rows is stuck."""
        now = self._clock.monotonic()
        busy = self._store.busy_since
        return now - self._due.turned_at < STUCK_S and (busy is None or now - busy < STUCK_S)

    def well(self) -> bool:
        return self.turning() and self.ready()[0]

    def _busy(self) -> str:
        return self._airtime.told(self._drain_told_s())
