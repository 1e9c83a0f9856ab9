"""The references that a modem gives its texts: one that says an answer twice, and one that does not count them."""

from __future__ import annotations

from collections.abc import Sequence

from gatewayd.wire.modem_errors import Verdict
from gatewayd.wire.modem_profile import Profile

AGAIN_WITHIN_S = 30.0  # of its text a reference may be said again
SAME_BELIEVED = 2  # texts in a row with the reference of the one before: this modem does not count


class References:
    """Of one channel, as long as the process lives; a modem that begins anew may count anew."""

    def __init__(self) -> None:
        self._last = ""
        self._said_at = 0.0
        self._same = 0
        self._says_twice = False  # it was heard to say an answer again
        self._doubts: list[str] = []  # attempts that were answered with the reference before theirs, and not else
        self._profile = Profile()

    def met(self, profile: Profile) -> None:
        """What is up now."""
        if profile is self._profile:
            return
        if profile.imei != self._profile.imei:
            self._same, self._doubts, self._says_twice = 0, [], False
        self._last, self._profile = "", profile

    def spent(self, now: float) -> str:
        """The reference that would be that of the text before, said again; "" when none would.

        Who gives a 0 twice gives nothing else (some modems): the next one would be 1.
        """
        counts = self._same < SAME_BELIEVED and self._last != "0"
        return self._last if counts and now - self._said_at <= AGAIN_WITHIN_S else ""

    def said_again(self) -> None:
        """It repeated an answer when nothing was out."""
        self._says_twice = True

    def believes(self) -> bool:
        """Whether a reference of the text before is the answer when nothing else came: more modems do not count
        than say things twice, and of those most have shown it before.
        """
        return not self._says_twice

    def saw(self, attempt: str, verdict: Verdict, now: float) -> Sequence[str]:
        """Take note of an answer. Returns the attempts that were in doubt and need be no more: it does not count."""
        if verdict.reference is None:
            return ()
        if verdict.reference != self._last:
            self._same, self._doubts = 0, []
        else:
            self._same += 1
            if verdict.fate == "uncertain":
                self._doubts.append(attempt)
        self._last, self._said_at = verdict.reference, now
        if self._same < SAME_BELIEVED:
            return ()
        settled, self._doubts = self._doubts, []
        return settled
