"""Whether a modem gets its work done, as opposed to whether it answers to AT.

Texts are accepted, the storage is drained, notifications stay as they were set. What it says of itself is no witness.
"""

from __future__ import annotations

from collections import deque

from gatewayd.wire.modem_errors import Verdict

FAULTS_MAX = 3  # of the modem, in a row
FAILED_TEXTS = 3  # of any kind that is not about the text or its recipient, in a row,
FAILED_S = 600.0  # and for so long
UNANSWERED = ("timeout", "interrupted")  # these are met as what they are
FULL_SHARE = 0.8
FULL_S = 600.0  # a storage that is nearly full for so long is not drained
LOST_MAX = 3  # notifications lost so often
LOST_S = 3600.0  # within this time: the storage is polled as well
REVIVED_MAX = 8  # so often it had to come up anew, whatever ended it; a trouble counts once
REVIVED_S = 3 * 3600.0  # within this time: it heals, and does not stay well
REVIVED_FEW = 4  # fewer within this time: it does


class Progress:
    """What became of the last texts, and how full the storage is. Each method tells whether that is a trouble."""

    def __init__(self) -> None:
        self._faults = 0
        self._failed = 0
        self._failing_since: float | None = None
        self._full_since: float | None = None
        self._lost: deque[float] = deque(maxlen=LOST_MAX)
        self._revived: deque[float] = deque(maxlen=REVIVED_MAX)
        self._restless = False

    def sent(self, verdict: Verdict, now: float) -> bool:
        """True: texts have failed for so long, or faults of the modem so often, that it is the modem."""
        if verdict.fate == "accepted":
            self._faults, self._failed, self._failing_since = 0, 0, None
            return False
        doubtful = verdict.fate == "uncertain" and verdict.code not in UNANSWERED
        about_it = verdict.trouble == "modem" or verdict.scope == "channel" or doubtful
        if not about_it or verdict.trouble == "subscription":
            return False
        self._faults = self._faults + 1 if verdict.trouble == "modem" else 0
        self._failed += 1
        if self._failing_since is None:
            self._failing_since = now
        lasting = self._failed >= FAILED_TEXTS and now - self._failing_since >= FAILED_S
        return self._faults >= FAULTS_MAX or lasting

    def looked(self, used: int | None, size: int | None, now: float) -> bool:
        """True: what came in does not leave the storage, and soon nothing will come in."""
        if not size or used is None or used < size * FULL_SHARE:
            self._full_since = None
            return False
        if self._full_since is None:
            self._full_since = now
        return now - self._full_since >= FULL_S

    @property
    def drained(self) -> bool:
        return self._full_since is None

    def notifications_lost(self, now: float) -> None:
        """+CNMI was not as it had been set."""
        self._lost.append(now)

    def revived(self, now: float) -> None:
        """It is well again after a trouble, or came up by itself."""
        self._revived.append(now)

    def restless(self, now: float) -> bool:
        """True: it comes up again and again. No remedy of ours ends that."""
        lately = sum(now - at < REVIVED_S for at in self._revived)
        self._restless = lately >= (REVIVED_FEW if self._restless else REVIVED_MAX)
        return self._restless

    def polls(self, now: float) -> bool:
        """Whether the modem loses its notifications so often that they are not relied upon."""
        return len(self._lost) == LOST_MAX and now - self._lost[0] < LOST_S
