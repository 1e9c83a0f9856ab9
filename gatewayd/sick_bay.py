"""Which channels are in trouble, and since when; what waits for one that nobody relieves is looked at (detour.py).

A row of downs and rests with nothing accepted between them is one trouble. A channel that took a text, or came up and
has not been resting, is well.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from gatewayd import detour
from gatewayd.clock import SECOND, Clock
from gatewayd.delivery.outcome import Deferred
from gatewayd.hand import Hand
from gatewayd.metrics import CHANNEL_UP
from gatewayd.queue import Queue
from gatewayd.store import journal
from gatewayd.store.db import Store, StoreError

log = logging.getLogger("gatewayd.dispatch")

REFUSED_S = 1.0  # by the disk: then it is looked again
LOOK_APART_S = 0.5
REST_S_FIRST = 5.0  # of a channel after an answer that speaks of the channel; doubled with each further one in a row
REST_TOLD_S = 2.0  # a shorter rest is nobody's business
FORGOTTEN_S = 60.0  # able for so long: the next rest begins a trouble of its own


class SickBay:
    """`hands` are the channels that are open; `keep` holds on to a task until it is done; `rested`: a rest is over."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        queue: Callable[[], Queue],
        hands: Mapping[str, Hand],
        *,
        keep: Callable[[asyncio.Task[None]], None],
        rested: Callable[[Hand], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._queue = queue
        self._hands = hands
        self._keep = keep
        self._rested = rested
        self._began = clock.monotonic()
        self._left: dict[str, float] = {}  # channels that were closed, and when; "": the last that takes any text
        self._looks: set[str] = set()  # channels that will be looked at
        self._closed = False

    def close(self) -> None:
        """Nothing more is sent."""
        self._closed = True

    def left(self, hand: Hand) -> None:
        for wanted in (hand.channel.name, *(("",) if hand.takes_any else ())):
            self._left[wanted] = self._clock.monotonic()

    def troubled(self, hand: Hand, *, tried_s: float = 0.0) -> None:
        """It is going down, or to rest, having tried in vain for so long; told before it is noted."""
        now = self._clock.monotonic()
        forgotten = hand.health.state == "up" and now - hand.rest_until > FORGOTTEN_S
        if hand.troubled_at is None or forgotten:
            hand.troubled_at = now - tried_s
        self._look_in(hand, self._queue().settings.sick_s - (now - hand.troubled_at))

    def rest(self, hand: Hand, outcome: Deferred) -> Deferred:
        """The channel rests, shortly at first: one bad answer tells little. The text is to wait no longer than it."""
        name, now = hand.channel.name, self._clock.monotonic()
        self.troubled(hand)
        if outcome.after_s < REST_TOLD_S:
            hand.rest_until = now + max(outcome.after_s, 0.1)
            return outcome
        hand.rests += 1
        rest_s = min(outcome.after_s, REST_S_FIRST * 2.0 ** min(hand.rests - 1, 16))
        hand.rest_until, hand.rest_reason = now + rest_s, f"{outcome.reason} ({outcome.code})"
        told = {"event": "channel_rests", "channel": name, "code": outcome.code, "rest_s": rest_s}
        log.warning("%s", outcome.reason, extra=told)
        if hand.rests == 1:  # the next ones in a row say nothing new
            self._keep(asyncio.create_task(self._write_down(hand, outcome, rest_s)))
        CHANNEL_UP.labels(name).set(0)
        asyncio.get_running_loop().call_later(rest_s, self._rested, hand)
        return replace(outcome, after_s=rest_s)

    async def _write_down(self, hand: Hand, outcome: Deferred, rest_s: float) -> None:
        """What texts waited for that were not tried."""
        now = self._clock.now()
        line = partial(
            journal.write, channel=hand.channel.name, code=outcome.code, reason=outcome.reason,
            until=now + int(rest_s * SECOND),
        )  # fmt: skip
        with contextlib.suppress(StoreError):  # the log has it
            await self._store.write_first(line, "channel_rests", now=now)

    def up(self, hand: Hand) -> None:
        if not hand.rests:
            hand.troubled_at = None
        else:
            hand.rest_until = max(hand.rest_until, self._clock.monotonic())

    def sick_s(self, wanted: str) -> float:
        """For how long no channel could take a text that wants this one ("" = any); 0 when one can."""
        now = self._clock.monotonic()
        able = (h for h in self._hands.values() if (h.channel.name == wanted if wanted else h.takes_any))
        return min((hand.sick_s(now=now) for hand in able), default=now - self._left.get(wanted, self._began))

    def _look_in(self, hand: Hand, wait_s: float) -> None:
        if hand.channel.name not in self._looks and not self._closed:
            self._looks.add(hand.channel.name)
            asyncio.get_running_loop().call_later(max(wait_s, LOOK_APART_S), self._look, hand)

    def _look(self, hand: Hand) -> None:
        self._looks.discard(hand.channel.name)
        now = self._clock.monotonic()
        sick_s, patience_s = hand.sick_s(now=now), self._queue().settings.sick_s
        if self._closed or not sick_s or self._hands.get(hand.channel.name) is not hand:
            return
        if sick_s < patience_s:  # it was well in between
            self._look_in(hand, patience_s - sick_s)
            return
        lanes = hand.lanes_without(self._hands.values(), now=now)
        self._keep(asyncio.create_task(self._pass_by(hand, lanes)))

    async def _pass_by(self, hand: Hand, lanes: tuple[str, ...]) -> None:
        try:
            await self._store.write_first(detour.channel_sick, lanes, now=self._clock.now())
        except StoreError:  # it told so itself
            self._look_in(hand, REFUSED_S)
