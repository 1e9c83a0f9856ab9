"""One case of a core: what was said to it, and how much of that was damaged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from proofs.fuzz.damage import damaged


class Breach(Exception):
    """The core did not keep a promise; the sentence says which."""


def must(holds: object, promise: str) -> None:
    if not holds:
        raise Breach(promise)


@dataclass(slots=True)
class Course:
    """`said` is everything that came in, in order; `fates` counts how it ended, to show that not all is refused."""

    dice: Random
    said: list[bytes] = field(default_factory=list)
    damaged: int = 0
    fates: Counter[str] = field(default_factory=Counter)

    def damage(self, samples: Sequence[bytes]) -> bytes:
        """One sample, damaged."""
        return self.say(damaged(self.dice.choice(samples), self.dice, samples), hurt=True)

    def say(self, octets: bytes, *, hurt: bool = False) -> bytes:
        self.said.append(octets)
        self.damaged += hurt
        return octets

    def maybe(self, chance: float) -> bool:
        return self.dice.random() < chance


@dataclass(frozen=True, slots=True)
class Core:
    """`play` raises whatever breaks a promise. `short` and `long`: how many damaged pieces these forms play."""

    name: str
    play: Callable[[Course], None]
    short: int
    long: int = 1_000_000
