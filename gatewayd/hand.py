"""A channel in the hands of dispatch.py, and what is lost with the process: what it carries now, and how it is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from prometheus_client import Counter, Histogram

from gatewayd import logs
from gatewayd.channels.contract import Channel, Health, Submission
from gatewayd.delivery.outcome import Accepted, Deferred, Outcome, Refused, Uncertain, Withdrawn
from gatewayd.delivery.streak import Streak
from gatewayd.metrics import MODEM_REGISTERED, MODEM_SIGNAL, MODEM_STORAGE_SIZE, MODEM_STORAGE_USED
from gatewayd.store.db import Row

log = logging.getLogger("gatewayd.dispatch")

OUTCOMES = {
    Accepted: "accepted",
    Refused: "refused",
    Deferred: "deferred",
    Uncertain: "in_doubt",
    Withdrawn: "withdrawn",
}


@dataclass(slots=True)
class Hand:
    """A channel and what it does now."""

    channel: Channel
    radio: bool = True  # it has a signal and a registration to tell of
    takes_any: bool = True  # texts that name no channel may go by it
    shared: Callable[[], tuple[str, ...]] = tuple  # lanes of several channels, this one among them
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    settling: asyncio.Semaphore = field(default_factory=asyncio.Semaphore)  # outcomes that may wait for the disk
    health: Health = field(default_factory=Health)
    rest_until: float = 0.0  # monotonic
    task: asyncio.Task[None] | None = None
    out: int = 0  # texts in hand without an outcome
    given: float = 0.0  # texts, each divided by the weight of its channel: who was given least is asked first
    more: bool = True  # may be due: when there is room again, it looks again
    ahead: Row | None = None  # looked up while the message before it is on the air
    trusted: bool = True  # texts may be bound to it; from its loss until it is up again: none
    rests: int = 0  # in a row, with nothing accepted between them
    rest_reason: str = ""
    streak: Streak = field(default_factory=Streak)
    troubled_at: float | None = None  # monotonic; since then it was down or rested, and took nothing
    booked: set[str] = field(default_factory=set)  # attempts in hand whose row is on disk
    carrying: set[asyncio.Task[None]] = field(default_factory=set)  # of a channel that takes several texts at once
    attempts: dict[str, Counter] = field(default_factory=dict)  # by their outcome
    durations: Histogram = field(init=False)

    def room(self, *, critical: bool = False) -> int:
        """How many texts it can be given now; `critical`: of those that are."""
        if not self.channel.ready():
            return 0
        places = self.channel.window - self.out - (0 if critical else self.channel.kept)
        return max(0, min(self.channel.room(critical=critical), places))

    @property
    def lanes(self) -> tuple[str, ...]:
        """What a text for it is bound to in the queue."""
        return (self.channel.name, *self.shared(), *(("",) if self.takes_any else ()))

    @property
    def resort(self) -> int:
        """Whom to ask: 0 like anybody; 1 after the others; 2 only for what none of them can take."""
        if self.streak.lasting:
            return 2
        concerned = self.health.concern or self.health.state == "needs_human"
        return (2 if self.streak.failed else 1) if concerned else 0

    def lanes_without(self, others: Iterable[Hand], *, now: float) -> tuple[str, ...]:
        """Those of its lanes that none of the others can serve at `now` (monotonic)."""
        able = (other for other in others if other.channel.ready() and other.rest_until <= now)
        served = {lane for other in able for lane in other.lanes}
        return tuple(lane for lane in self.lanes if lane not in served)

    def sick_s(self, *, now: float) -> float:
        """For how long it could take nothing; 0 when it can."""
        if self.troubled_at is None or (self.channel.ready() and self.rest_until <= now):
            return 0.0
        return max(now - self.troubled_at, 0.001)

    def looked_ahead(self) -> Row | None:
        """What was found ahead, unless something happened since."""
        ahead, self.ahead = self.ahead, None
        return None if self.wake.is_set() else ahead

    def tell(self, submission: Submission, outcome: Outcome, incident_id: int | None) -> None:
        told = {
            "incident_id": incident_id,
            "message_id": submission.message_id,
            "attempt_id": int(submission.attempt_id),
            "part": submission.part,
            "channel": self.channel.name,
            "code": getattr(outcome, "code", ""),
        }
        logs.tell(log, logging.INFO, f"attempt_{OUTCOMES[type(outcome)]}", told)

    def gauge(self) -> None:
        """What its radio says goes into the metrics."""
        name, health = self.channel.name, self.health
        MODEM_REGISTERED.labels(name).set(health.registration in ("home", "roaming"))
        if health.signal_dbm is not None:
            MODEM_SIGNAL.labels(name).set(health.signal_dbm)
        if health.storage_used is not None:
            MODEM_STORAGE_USED.labels(name).set(health.storage_used)
        if health.storage_size is not None:
            MODEM_STORAGE_SIZE.labels(name).set(health.storage_size)
