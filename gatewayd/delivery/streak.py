"""What became of the last texts that a channel was given: whether it is to be trusted with the next one. Pure.

Only what speaks of the channel counts. What failed together (all that was out when a session ended) is one failure.
"""

from __future__ import annotations

from gatewayd.delivery.outcome import Deferred, Outcome, Refused, Uncertain

FAILED_MAX = 3  # in a row: texts rather go by another channel
TOGETHER_S = 4.0
PASSING_S = 2.0  # a channel that asks for a shorter rest has refused nothing
TRIED_S, TRIED_S_MAX = 60.0, 900.0  # after a failure the next try; this doubles with each
LASTS_S = 900.0  # nothing was accepted for so long although it was tried: a matter for a person
UNPROVEN_S = 4 * 3600.0  # the same, whether it was tried again or not


class Streak:
    """Of failures, with nothing accepted between them. Seconds are monotonic."""

    def __init__(self) -> None:
        self.failed = 0
        self._reason = ""
        self._began = self._last = float("-inf")

    def saw(self, outcome: Outcome, now: float, *, refusals: bool) -> None:
        """How a text ended that was not accepted.

        `refusals`: one for the channel's sake speaks of its SIM, and not of a number or a text.
        """
        reason = _of_channel(outcome, refusals=refusals)
        if not reason or (self.failed and now - self._last < TOGETHER_S):
            return
        self._began = self._began if self.failed else now
        self.failed += 1
        self._last, self._reason = now, reason

    def ends(self) -> None:
        """Something was accepted."""
        self.failed = 0

    @property
    def lasting(self) -> bool:
        return self.failed >= FAILED_MAX

    def may_try(self, now: float) -> bool:
        """Whether a text may be spent again on finding out that it works."""
        return now - self._last >= min(TRIED_S * 2.0 ** min(max(self.failed - FAILED_MAX, 0), 16), TRIED_S_MAX)

    def concern(self, now: float) -> str:
        """Why a person is to look at it; "" while there is no reason to."""
        if not self.lasting or (self._last - self._began < LASTS_S and now - self._began < UNPROVEN_S):
            return ""
        return f"it took none of its last texts: {self._reason}"


def _of_channel(outcome: Outcome, *, refusals: bool) -> str:
    """What it says of the channel; "" when nothing."""
    match outcome:
        case Uncertain(reason):
            return reason
        case Deferred(reason, _, after_s, "channel") if after_s >= PASSING_S:
            return reason
        case Refused(reason, _, "channel") if refusals:
            return reason
        case _:
            return ""
