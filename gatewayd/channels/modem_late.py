"""Submissions whose answer may still come, and the quiet in which a modem is left until it has.

Nobody knows whether such a text went out. What is written to the modem meanwhile could cut the answer off, and what is
sent after it could be taken for what the answer speaks of: so nothing is written, and then it is made sure.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from gatewayd.channels.contract import House, LateAnswer, Submission
from gatewayd.channels.modem_ear import Ear
from gatewayd.channels.modem_inbox import Inbox
from gatewayd.channels.modem_outcome import outcome_of
from gatewayd.delivery.outcome import Outcome
from gatewayd.wire.modem_errors import Verdict

STRAY_OK_S = 1.0  # after an OK that told nothing

_log = logging.getLogger("gatewayd.channels.modem")


class Late:
    """At most one submission of this line has no answer; `quiet_until` is set while nothing may be written."""

    def __init__(self, channel: str, house: House, inbox: Inbox, ear: Ear, sim: Callable[[], str]) -> None:
        self.quiet_until: float | None = None
        self.silent = False  # the one that the quiet is for was not answered at all
        self.first_line = True  # what is heard before the first bring-up was meant for an earlier process
        self._unresolved: str | None = None  # the attempt
        self._channel = channel
        self._house = house
        self._inbox = inbox
        self._ear = ear
        self._sim = sim

    @property
    def awaited(self) -> bool:
        return self._unresolved is not None

    def answered(self) -> None:
        """Answers come in order: an older one will not come any more."""
        self._unresolved = None

    def begin(self, submission: Submission, verdict: Verdict, now: float, *, wait_s: float) -> bool:
        """Its fate is open. True when the modem is to be left quiet from now on."""
        if verdict.code not in {"timeout", "interrupted", "ok without +CMGS"}:
            return False  # it was answered: nothing more will come
        self._unresolved = submission.attempt_id
        if verdict.code == "interrupted":
            return False  # the line or the modem begins anew by itself
        self.silent = verdict.code == "timeout"
        self.quiet_until = now + (wait_s if self.silent else STRAY_OK_S)
        return True

    def deliver(self) -> None:
        """Late answers to the house: for the attempt that waits, or for one of an earlier process."""
        while self._ear.late:
            verdict = self._ear.late.popleft()
            attempt, self._unresolved = self._unresolved, None
            if attempt is None and not self.first_line:
                told = {"event": "answer_to_nothing", "channel": self._channel}
                _log.warning("it belongs to nothing: %s", verdict.code, extra=told)
                continue
            self._tell(attempt, outcome_of(verdict))

    def orphan(self, submission: Submission, outcome: Outcome) -> None:
        """Who sent it stopped waiting; the house still wants to know what became of it."""
        self._tell(submission.attempt_id, outcome)

    def _tell(self, attempt: str | None, outcome: Outcome) -> None:
        answer = LateAnswer(self._channel, self._sim(), attempt, outcome)
        self._inbox.carry(self._house.late_answer(answer))
