"""Dice with names: who asks for the same thing gets the same number, whatever was asked before (so that two policies
live through one year), and times at which something holds.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from random import Random

DAY_S = 86_400.0
YEAR_S = 365 * DAY_S


def dice(*names: object) -> Random:
    return Random("/".join(map(str, names)))


def around(of: Random, median: float, spread: float) -> float:
    """A length that is rarely much longer: log-normal."""
    return of.lognormvariate(math.log(median), spread)


class Spans:
    """Times, in seconds since the beginning, at which something holds."""

    def __init__(self, spans: Iterable[tuple[float, float]] = ()) -> None:
        merged: list[tuple[float, float]] = []
        for begin, end in sorted(spans):
            if merged and begin <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            elif end > begin:
                merged.append((begin, end))
        self.spans = merged
        self._begins = [begin for begin, _ in merged]

    def until(self, at: float) -> float | None:
        """When that which holds at `at` is over; None: nothing holds."""
        place = bisect_right(self._begins, at) - 1
        return self.spans[place][1] if place >= 0 and at < self.spans[place][1] else None

    def __contains__(self, at: float) -> bool:
        return self.until(at) is not None

    def free_from(self, at: float) -> float:
        """The first time, from `at` on, at which it does not hold."""
        until = self.until(at)
        return at if until is None else until

    def __or__(self, other: Spans) -> Spans:
        return Spans([*self.spans, *other.spans])

    def hours(self) -> float:
        return sum(end - begin for begin, end in self.spans) / 3600


def now_and_then(of: Random, days: int, *, per_year: float, median_s: float, spread: float) -> Spans:
    """It begins so often in a year, and lasts about so long."""
    spans: list[tuple[float, float]] = []
    at = 0.0
    while True:
        at += of.expovariate(per_year / YEAR_S)
        if at >= days * DAY_S:
            return Spans(spans)
        spans.append((at, at + around(of, median_s, spread)))
