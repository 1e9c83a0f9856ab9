"""What the time stamps of the network say about our clock. Pure.

A service centre stamps a text before we have it. So a stamp that lies in our future proves that our clock is behind;
one that lies in our past proves nothing, for the text may have waited. Only where both ends are ours - the centre
stamped a submission between our writing it and its answer - a stamp says as well that the clock is ahead.

One stamp is no witness: the centre of a foreign sender may be wrong by its time zone. Two that agree are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gatewayd.model import SECOND

AGREE_US = 60 * SECOND
DOUBT_US = 60 * SECOND  # an error of more than this is worth telling
TRUST_US = 30 * SECOND  # and of less than this it is over
STEP_US = 5 * SECOND
KEPT_MAX = 16  # of each sort
ANSWER_US_MAX = 300 * SECOND  # an answer that took longer, or less than nothing, was measured across a step


@dataclass(frozen=True, slots=True)
class _Witness:
    """`base` is the error it tells of, on the scale of a time that is never set; `scale`: our clock on that scale."""

    base: int
    scale: int


class Witnesses:
    """`now` is our clock, `ticks` a time that is never set, both in microseconds."""

    def __init__(self) -> None:
        self._arrivals: deque[_Witness] = deque(maxlen=KEPT_MAX)
        self._answers: deque[_Witness] = deque(maxlen=KEPT_MAX)

    def arrived(self, stamp: int, *, now: int, ticks: int) -> None:
        """A text or a report that was stamped somewhere, some time ago."""
        self._arrivals.append(_Witness(stamp - ticks, now - ticks))

    def answered(self, stamp: int, *, written_at: int, answered_at: int, now: int, ticks: int) -> None:
        """A submission of ours that the service centre stamped between these two times of our clock."""
        if not 0 <= answered_at - written_at <= ANSWER_US_MAX:
            return
        error = max(stamp - answered_at, min(stamp - written_at, 0))
        self._answers.append(_Witness(error + now - ticks, now - ticks))

    def error_us(self, *, now: int, ticks: int) -> int | None:
        """How far our clock is behind (+) or ahead (-). None: too few agree.

        What was heard before the clock was set may say that it is right now, but not that it is wrong: while a machine
        sleeps, the time that is never set may have stood still.
        """
        scale = now - ticks
        fresh = _judged(
            [w for w in self._arrivals if abs(scale - w.scale) < STEP_US],
            [w for w in self._answers if abs(scale - w.scale) < STEP_US],
            scale,
        )
        if fresh is not None:
            return fresh
        known = _judged(list(self._arrivals), list(self._answers), scale)
        return known if known is not None and abs(known) <= TRUST_US else None


def _judged(arrivals: Sequence[_Witness], answers: Sequence[_Witness], scale: int) -> int | None:
    newest = answers[-1].base if answers else 0
    if any(abs(witness.base - newest) <= AGREE_US for witness in list(answers)[:-1]):
        return newest - scale
    lags = sorted((witness.base for witness in (*arrivals, *answers)), reverse=True)
    least = next((one for one, other in pairwise(lags) if one - other <= AGREE_US), None)
    return None if least is None or least - scale < -TRUST_US else least - scale
