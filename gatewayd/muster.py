"""Which channels could take work now, whom to ask first, and how each of them is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from gatewayd.channels.contract import Health
from gatewayd.clock import Clock
from gatewayd.hand import Hand
from gatewayd.ways import Standing


class Muster:
    """`hands` are the channels that are open, by name."""

    def __init__(self, hands: Mapping[str, Hand], clock: Clock) -> None:
        self._hands = hands
        self._clock = clock

    def up(self) -> tuple[str, ...]:
        """Names of the channels that could take work now, idle ones first."""
        return tuple(hand.channel.name for hand in self._able())

    def ways(self, wanted: str) -> tuple[str, ...]:
        """As `up`, for one text: those that take any, and the one that it wants."""
        return tuple(h.channel.name for h in self._able() if h.takes_any or h.channel.name == wanted)

    def _able(self) -> list[Hand]:
        now = self._clock.monotonic()
        able = [h for h in self._hands.values() if h.channel.ready() and h.rest_until <= now]
        return sorted(able, key=lambda h: (h.out > 0, h.given))

    def in_turn(self, first: Collection[str]) -> list[Hand]:
        """All of them, in the order in which they are to look for work: these `first`."""
        return sorted(self._hands.values(), key=lambda h: (h.channel.name not in first, h.out > 0, h.given))

    def takes_any(self, name: str) -> bool:
        hand = self._hands.get(name)
        return hand is not None and hand.takes_any

    def standings(self) -> dict[str, Standing]:
        """How each channel is, idle ones first."""
        found, able = {}, self.up()
        for name in dict.fromkeys((*able, *self._hands)):
            hand = self._hands[name]
            health, up = self.health_of(hand), name in able
            trouble = "" if up else health.reason or health.state
            found[name] = Standing(up, hand.takes_any, trouble, hand.channel.sim, health.operator, hand.out)
        return found

    def healths(self) -> dict[str, Health]:
        """How each channel is; one that rests after a bad answer says so, and why."""
        return {name: self.health_of(hand) for name, hand in self._hands.items()}

    def health_of(self, hand: Hand) -> Health:
        left_s = hand.rest_until - self._clock.monotonic()
        if hand.health.state != "up" or not hand.rest_reason or left_s <= 0:
            return hand.health
        return replace(hand.health, state="resting", reason=f"{hand.rest_reason}; tried again in {left_s:.0f} s")
