"""What the time stamps of the network say about our clock. Pure.

A service centre stamps a text before we have it. So a stamp that lies in our future proves that our clock is behind;
one that lies in our past proves nothing, for the text may have waited. Only where both ends are ours - the centre
stamped a submission between our writing it and its answer - a stamp says as well that the clock is ahead.

One stamp is no witness: a centre may be wrong by its time zone, or by its battery. Two that agree are: two submissions
of ours, or texts of two people. Where the centres of two SIMs differ, one that agrees with our clock is right, for two
clocks are hardly wrong by the same. What strangers send says nothing, and of people nothing that our centre denies.
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
LATELY_US = 24 * 3600 * SECOND  # what another SIM's centre said before that is old
FAR_US = 7 * 24 * 3600 * SECOND  # so far off nobody's text is believed
STAMPS_SINCE = 1_577_836_800 * SECOND  # 2020: an older clock was never set
STAMPS_UNTIL = 2_840_140_800 * SECOND  # 2060: two digits of such a year are rather of the century before
KEPT_MAX = 16  # of each sort, and of each SIM
SIMS_MAX = 64
ANSWER_US_MAX = 300 * SECOND  # an answer that took longer, or less than nothing, was measured across a step


@dataclass(frozen=True, slots=True)
class _Witness:
    """`base` is the error it tells of, on the scale of a time that is never set; `scale`: our clock on that scale."""

    who: str
    base: int
    scale: int
    ticks: int


class Witnesses:
    """`now` is our clock, `ticks` a time that is never set, both in microseconds."""

    def __init__(self) -> None:
        self._arrivals: deque[_Witness] = deque(maxlen=KEPT_MAX)
        self._answers: dict[str, deque[_Witness]] = {}  # by SIM

    def arrived(self, stamp: int, *, who: str, now: int, ticks: int) -> None:
        """A text or a report that was stamped somewhere, some time ago. What one sends is one witness, however much."""
        if _sane(stamp) and abs(stamp - now) <= FAR_US:
            self._arrivals.append(_Witness(who, stamp - ticks, now - ticks, ticks))

    def answered(self, stamp: int, *, sim: str, written_at: int, answered_at: int, now: int, ticks: int) -> None:
        """A submission of ours that the service centre stamped between these two times of our clock."""
        if not (0 <= answered_at - written_at <= ANSWER_US_MAX and _sane(stamp)):
            return
        error = max(stamp - answered_at, min(stamp - written_at, 0))
        if sim not in self._answers and len(self._answers) >= SIMS_MAX:
            del self._answers[next(iter(self._answers))]
        of_sim = self._answers.setdefault(sim, deque(maxlen=KEPT_MAX))
        of_sim.append(_Witness(sim, error + now - ticks, now - ticks, ticks))

    def error_us(self, *, now: int, ticks: int) -> int | None:
        """How far our clock is behind (+) or ahead (-). None: too few agree.

        What was heard before the clock was set may say that it is right now, but not that it is wrong: while a machine
        sleeps, the time that is never set may have stood still.
        """
        scale = now - ticks
        answers = [list(of_sim) for of_sim in self._answers.values()]
        fresh = _judged(
            [w for w in self._arrivals if abs(scale - w.scale) < STEP_US],
            [[w for w in of_sim if abs(scale - w.scale) < STEP_US] for of_sim in answers],
            scale,
        )
        if fresh is not None:
            return fresh
        known = _judged(list(self._arrivals), answers, scale)
        return known if known is not None and abs(known) <= TRUST_US else None


def _sane(stamp: int) -> bool:
    return STAMPS_SINCE <= stamp < STAMPS_UNTIL


def _judged(arrivals: Sequence[_Witness], answers: Sequence[Sequence[_Witness]], scale: int) -> int | None:
    """`answers`: of each SIM, the newest last."""
    told = [of_sim for of_sim in answers if of_sim]
    since = max((of_sim[-1].ticks for of_sim in told), default=0) - LATELY_US
    told = [of_sim for of_sim in told if of_sim[-1].ticks >= since]
    newest = [of_sim[-1] for of_sim in told]
    sure = [
        one.base - scale
        for one, of_sim in zip(newest, told, strict=True)
        if any(other is not one and abs(other.base - one.base) <= AGREE_US for other in (*of_sim, *newest))
    ]
    if sure:
        least = min(sure, key=abs)
        return least if abs(least) <= TRUST_US or max(sure) - min(sure) <= AGREE_US else None
    allowed = [a for a in arrivals if all(abs(a.base - one.base) <= AGREE_US for one in newest)]
    lags: dict[str, int] = {}
    for witness in (*allowed, *newest):
        lags[witness.who] = max(witness.base, lags.get(witness.who, witness.base))
    ranked = sorted(lags.values(), reverse=True)
    agreed = next((one for one, other in pairwise(ranked) if one - other <= AGREE_US), None)
    return None if agreed is None or agreed - scale < -TRUST_US else agreed - scale
