"""Which of the waiting pages goes next, and when a call is late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

LATE_S_MIN = 20.0
LATE_TIMES = 1.5


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page that waits for the line. `urgency`: the smaller, the sooner; `since`: when it was due."""

    key: str
    urgency: int
    since: float
    part: int = 1  # of a text that was split; parts go in their order


def next_of(waiting: Iterable[Waiting]) -> Waiting | None:
    """The page whose turn it is: the most urgent, of these the rest of a text that was begun, then the oldest."""
    return min(waiting, key=lambda page: (page.urgency, page.part == 1, page.since, page.part), default=None)


def late_after_s(let_in_s: Iterable[float]) -> float:
    """After so long without being let in, a call is later than those before it, which were let in after `let_in_s`."""
    return max(LATE_S_MIN, LATE_TIMES * median(tuple(let_in_s) or (0.0,)))
