"""Submissions whose answer may still come, and the quiet in which a modem is left until it has.

Nobody knows whether such a text went out. What is written to the modem meanwhile could cut the answer off, and what is
sent after it could be taken for what the answer speaks of: so nothing is written, and then it is made sure.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from gatewayd.channels.contract import House, LateAnswer, Submission
from gatewayd.channels.modem_ear import Ear
from gatewayd.channels.modem_inbox import Inbox
from gatewayd.channels.modem_outcome import outcome_of
from gatewayd.channels.modem_references import References
from gatewayd.clock import Clock
from gatewayd.delivery.outcome import Accepted, Outcome
from gatewayd.wire.modem_errors import Verdict
from gatewayd.wire.modem_profile import Profile
from gatewayd.wire.modem_send import SPENT

STRAY_OK_S = 6.0  # after an OK that told nothing: its reference may follow,
STRAY_OK_LEARNT_S = 1.0  # which it never did
STRAY_OKS = 3  # times before that is believed
AFTER_ERROR_S = 300.0  # within this a reference may still follow an error

_log = logging.getLogger("gatewayd.channels.modem")


class Late:
    """At most one submission of this line has no answer; `quiet_until` is set while nothing may be written."""

    def __init__(
        self, channel: str, house: House, clock: Clock, inbox: Inbox, ear: Ear, sim: Callable[[], str]
    ) -> None:
        self.quiet_until: float | None = None
        self.silent = False  # the one that the quiet is for was not answered at all
        self.first_line = True  # what is heard before the first bring-up was meant for an earlier process
        self._unresolved: str | None = None  # the attempt
        self._failed: tuple[str, float] | None = None  # the last attempt, when it ended with an error, and when
        self._references = References()
        self._stray_oks = 0  # in a row, and no reference followed
        self._channel = channel
        self._house = house
        self._clock = clock
        self._inbox = inbox
        self._ear = ear
        self._sim = sim

    @property
    def awaited(self) -> bool:
        return self._unresolved is not None

    def spent(self, profile: Profile) -> str:
        """The reference that the next text is not answered with, if this modem counts."""
        self._references.met(profile)
        return self._references.spent(self._clock.monotonic())

    def saw(self, submission: Submission, verdict: Verdict) -> Verdict:
        """How a text that was submitted has ended, in the light of those before it.

        Answers come in order: an older one will not come any more.
        """
        self._failed = None
        if verdict.code == SPENT and self._references.believes():
            verdict = replace(verdict, fate="accepted", reason="", code="ok")
        for attempt in self._references.saw(submission.attempt_id, verdict, self._clock.monotonic()):
            if attempt == submission.attempt_id:
                verdict = replace(verdict, fate="accepted", reason="", code="ok")
            else:
                self._tell(attempt, Accepted(verdict.reference, SPENT))
        if verdict.fate == "accepted":
            self._unresolved = None
        elif verdict.fate in {"deferred", "refused"}:
            self._failed = (submission.attempt_id, self._clock.monotonic())
        return verdict

    def begin(self, submission: Submission, verdict: Verdict, now: float, *, wait_s: float) -> bool:
        """Its fate is open. True when the modem is to be left quiet from now on."""
        if verdict.code not in {"timeout", "interrupted", "ok without +CMGS", SPENT}:
            return False  # it was answered: nothing more will come
        self._unresolved = submission.attempt_id
        if verdict.code in {"interrupted", SPENT}:
            return False  # the line or the modem begins anew by itself; or all that is usual has been waited
        self.silent = verdict.code == "timeout"
        if not self.silent:
            self._stray_oks += 1
            wait_s = STRAY_OK_S if self._stray_oks <= STRAY_OKS else STRAY_OK_LEARNT_S
        self.quiet_until = now + wait_s
        return True

    def deliver(self) -> None:
        """Late answers to the house: for the attempt that waits, or that failed, or for one of an earlier process."""
        while self._ear.late:
            verdict = self._ear.late.popleft()
            if verdict.reference and verdict.reference == self._references.spent(self._clock.monotonic()):
                self._references.said_again()
                _log.info("an answer was said twice", extra={"event": "answer_again", "channel": self._channel})
                continue
            attempt, self._unresolved = self._unresolved, None
            if attempt is None and verdict.fate == "accepted":
                attempt = self._went_out_after_all()
            elif attempt is not None and verdict.fate == "accepted":
                self._stray_oks = 0
            if attempt is None and not self.first_line:
                told = {"event": "answer_to_nothing", "channel": self._channel}
                _log.warning("it belongs to nothing: %s", verdict.code, extra=told)
                continue
            self._tell(attempt, outcome_of(verdict))

    def _went_out_after_all(self) -> str | None:
        """The attempt that ended with an error, with nothing submitted since: whose else could the reference be?"""
        failed, self._failed = self._failed, None
        return failed[0] if failed is not None and self._clock.monotonic() - failed[1] <= AFTER_ERROR_S else None

    def orphan(self, submission: Submission, outcome: Outcome) -> None:
        """Who sent it stopped waiting; the house still wants to know what became of it."""
        self._tell(submission.attempt_id, outcome)

    def _tell(self, attempt: str | None, outcome: Outcome) -> None:
        answer = LateAnswer(self._channel, self._sim(), attempt, outcome)
        self._inbox.carry(self._house.late_answer(answer))
