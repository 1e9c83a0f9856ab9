"""Which channels could take work now, whom to ask first, and how each of them is.

One that needs a human, or took none of the texts that it was given last, is asked when the others are busy, or not at
all: it is left to those that work, but for a try now and then by which its recovery shows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from gatewayd.channels.contract import Health
from gatewayd.clock import SECOND, Clock
from gatewayd.delivery.choice import TRUSTED, Doubt
from gatewayd.delivery.outcome import Accepted, Outcome
from gatewayd.hand import Hand
from gatewayd.model import Priority
from gatewayd.store import lanes as store_lanes
from gatewayd.store.db import Row, Store
from gatewayd.ways import Standing

TOLD_S = 1.0  # a shorter wait is nobody's business
COUNTED_MAX = 200  # texts that go before one
BACKLOG = 20  # due texts for each channel that can take them: more hands are worth a try
RESORTS = (TRUSTED, Doubt(1, "it needs a human"), Doubt(3, "it took none of its last texts"))


class Muster:
    """`hands` are the channels that are open, by name; `paced`: see Purse.paced."""

    def __init__(
        self, hands: Mapping[str, Hand], store: Store, clock: Clock, paced: Callable[[str, int], tuple[int, int]]
    ) -> None:
        self.coming: dict[str, Standing] = {}  # they are ways that are not up
        self._hands = hands
        self._store = store
        self._clock = clock
        self._paced = paced

    def up(self) -> tuple[str, ...]:
        """Names of the channels that could take work now, idle ones first."""
        return tuple(hand.channel.name for hand in self._able())

    def ways(self, wanted: str) -> tuple[str, ...]:
        """As `up`, for one text: those that take any, and the one that it wants."""
        return tuple(h.channel.name for h in self._able() if h.takes_any or h.channel.name == wanted)

    def _able(self) -> list[Hand]:
        now = self._clock.monotonic()
        able = [h for h in self._hands.values() if h.channel.ready() and h.rest_until <= now]
        return sorted(able, key=lambda h: (h.resort, h.out > 0, h.given))

    def in_turn(self, first: Collection[str]) -> list[Hand]:
        """All of them, in the order in which they are to look for work: who may try again, then these `first`."""
        return sorted(
            self._hands.values(),
            key=lambda h: (not self._tries(h), h.channel.name not in first, h.resort, h.out > 0, h.given),
        )

    def lanes_of(self, hand: Hand) -> tuple[str, ...]:
        """What it is to take now."""
        if hand.resort < len(RESORTS) - 1:
            return hand.lanes
        return hand.lanes_without(self._better(hand), now=self._clock.monotonic())

    def tries(self, hand: Hand, *, now: int) -> Priority | None:
        """The most urgent text that may be spent on finding out whether it works again; None: none is."""
        if not self._tries(hand):
            return None
        able = sum(h.channel.window for h in self._better(hand) if h.channel.ready())
        limit = BACKLOG * max(able, 1)
        waits = self._store.peek(store_lanes.ahead, hand.lanes, Priority.LOW, but=0, now=now, limit=limit)
        return Priority.CRITICAL if waits >= limit else Priority.NORMAL

    def _tries(self, hand: Hand) -> bool:
        return hand.resort == len(RESORTS) - 1 and not hand.out and hand.streak.may_try(self._clock.monotonic())

    def _better(self, hand: Hand) -> list[Hand]:
        return [h for h in self._hands.values() if h is not hand and h.resort < len(RESORTS) - 1]

    def heed(self, hand: Hand, outcome: Outcome) -> None:
        """What an outcome says of its channel."""
        if isinstance(outcome, Accepted):
            self.proven(hand)
        else:
            hand.streak.saw(outcome, self._clock.monotonic(), refusals=hand.radio)

    def proven(self, hand: Hand) -> None:
        """It has sent: from now on it has its share again, and not all that it missed."""
        if hand.resort:
            hand.given = max(hand.given, min((h.given for h in self._better(hand)), default=0.0))
        hand.streak.ends()

    def takes_any(self, name: str) -> bool:
        hand = self._hands.get(name)
        return hand is not None and hand.takes_any

    def standings(self) -> dict[str, Standing]:
        """How each channel is, idle ones first."""
        found, able = dict[str, Standing](), self.up()
        for name in dict.fromkeys((*able, *self._hands)):
            hand = self._hands[name]
            health, up = self.health_of(hand), name in able
            trouble = "" if up else health.reason or health.state
            found[name] = Standing(
                up, hand.takes_any, trouble, hand.channel.sim, health.operator, hand.out, RESORTS[hand.resort],
                self._tries(hand),
            )  # fmt: skip
        return self.coming | found

    def awaited(self, message: Row) -> str:
        """What a queued text that is due waits for, and until when, for people; "" where nothing keeps it."""
        lane, critical = message["channel"], message["priority"] == Priority.CRITICAL
        told = {name: self._keeps(hand, critical=critical) for name, hand in self._hands.items() if lane in hand.lanes}
        told |= {name: self.coming[name].trouble for name in lane.split(store_lanes.PARTING) if name in self.coming}
        kept = [f"{name}: {why}" for name, why in told.items()] if "" not in told.values() else []
        before = self._store.peek(store_lanes.before, message, now=self._clock.now(), limit=COUNTED_MAX)
        if before:
            more = "at least " if before >= COUNTED_MAX else ""
            kept.append(f"{more}{before} text{'s go' if before > 1 else ' goes'} before it")
        return "; ".join(kept)

    def _keeps(self, hand: Hand, *, critical: bool) -> str:
        """Why it takes nothing now."""
        health, now = self.health_of(hand), self._clock.now()
        if health.state != "up":
            return f"{health.state}: {health.reason}" if health.reason else health.state
        if (pause_s := hand.channel.pause_s(critical=critical)) >= TOLD_S:
            return f"its pace: the next one in {pause_s:.0f} s"
        free_at = self._paced(hand.channel.name, now)[0 if critical else 1]
        wait_s = (free_at - now) / SECOND
        return f"its bucket is empty: the next one in {wait_s:.0f} s" if wait_s >= TOLD_S else ""

    def healths(self) -> dict[str, Health]:
        """How each channel is; one that rests after a bad answer says so, and why."""
        return {name: self.health_of(hand) for name, hand in self._hands.items()}

    def health_of(self, hand: Hand) -> Health:
        now, health = self._clock.monotonic(), hand.health
        if not health.concern and (concern := hand.streak.concern(now)):
            note = "; ".join(filter(None, (f"needs a human: {concern}", health.note)))
            health = replace(health, concern=concern, note=note)
        left_s = hand.rest_until - now
        if health.state != "up" or not hand.rest_reason or left_s <= 0:
            return health
        return replace(health, state="resting", reason=f"{hand.rest_reason}; tried again in {left_s:.0f} s")
