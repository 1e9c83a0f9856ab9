"""Which channels are in trouble, and since when; what waits for one that nobody relieves is looked at (detour.py).

A row of downs and rests with nothing accepted between them is one trouble. A channel that took a text, or came up and
has not been resting, is well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from gatewayd import detour
from gatewayd.clock import Clock
from gatewayd.hand import Hand
from gatewayd.queue import Queue
from gatewayd.store.db import Store, StoreError

REFUSED_S = 1.0  # by the disk: then it is looked again
LOOK_APART_S = 0.5
FORGOTTEN_S = 60.0  # able for so long: the next rest begins a trouble of its own


class SickBay:
    """`hands` are the channels that are open; `keep` holds on to a task until it is done."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        queue: Callable[[], Queue],
        hands: Mapping[str, Hand],
        keep: Callable[[asyncio.Task[None]], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._queue = queue
        self._hands = hands
        self._keep = keep
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
