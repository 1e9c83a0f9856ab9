"""How a part is written for one bureau; what it refuses of the manner is written in another way for a day.

Rather a page that may come too late, or that the bureau takes for one like any other, than none.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from gatewayd.channels.contract import Submission
from gatewayd.channels.smpp_cut import letters_of, width
from gatewayd.channels.smpp_settings import SmppSettings
from gatewayd.clock import Clock
from gatewayd.wire.smpp_pdu import Message
from gatewayd.wire.smpp_submit import PRIORITY_MAX, Validity, submit_message
from gatewayd.wire.smpp_text import write_part
from gatewayd.wire.udh import Concat

INVALID_EXPIRY, INVALID_PRIORITY = 0x62, 0x06
AGAIN_S = 86_400.0  # after so long the configured way is tried again
_NEXT_VALIDITY: dict[Validity, Validity] = {"relative": "absolute", "absolute": "none"}
_PRIORITIES = {0: 3, 1: 2, 2: 1, 3: 0}  # ours is 0 for critical, SMPP's 3 for the most urgent
_log = logging.getLogger("gatewayd.channels.smpp")


class Writing:
    """`write` raises SmppError for what cannot be written."""

    def __init__(self, settings: SmppSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._manner = settings.manner()
        self._priority_most = PRIORITY_MAX
        self._validity_until = self._priority_until = float("-inf")  # monotonic; so long it is written as taken last

    def write(self, submission: Submission) -> Message:
        settings, now = self._settings, self._clock.monotonic()
        concat = None
        if submission.parts > 1:
            concat = Concat(submission.concat_reference, width(settings), submission.parts, submission.part)
        letters = letters_of(submission, settings)
        content = write_part(submission.segment, letters, default=settings.alphabet, concat=concat, long=settings.long)
        if now >= self._validity_until:
            self._manner = replace(self._manner, validity=settings.validity)
        if now >= self._priority_until:
            self._priority_most = PRIORITY_MAX
        return submit_message(
            submission.recipient,
            content,
            self._manner,
            validity_s=submission.validity_s,
            report=submission.report,
            priority=min(_PRIORITIES.get(submission.priority, 0), self._priority_most),
            reference=int(submission.attempt_id) & 0xFFFF,
            now_us=self._clock.now(),
        )

    def otherwise(self, status: int, submission: Submission, refused: Message) -> Message | None:
        """What was refused so, written in the next way; None: there is none."""
        ways: dict[int, Callable[[Message], bool]] = {
            INVALID_EXPIRY: self._other_validity,
            INVALID_PRIORITY: self._other_priority,
        }
        other = ways.get(status)
        return self.write(submission) if other is not None and other(refused) else None

    def _other_validity(self, refused: Message) -> bool:
        was: Validity = "relative" if refused.validity_period.endswith("R") else "absolute"
        if not refused.validity_period:
            return False
        if self._manner.validity == was:  # else it was refused to another text before
            self._manner = replace(self._manner, validity=_NEXT_VALIDITY[was])
            self._validity_until = self._clock.monotonic() + AGAIN_S
            self._tell("a validity period that is %s, the next one is %s", was, self._manner.validity)
        return True

    def _other_priority(self, refused: Message) -> bool:
        """3, then 1, for a bureau that knows two levels, then 0."""
        if refused.priority_flag == 0:
            return False
        if self._priority_most >= refused.priority_flag:
            self._priority_most = refused.priority_flag // 2
            self._priority_until = self._clock.monotonic() + AGAIN_S
            self._tell("a priority_flag of %d, the highest is now %d", refused.priority_flag, self._priority_most)
        return True

    def _tell(self, words: str, *what: object) -> None:
        told = {"event": "smpp_manner", "channel": self._settings.name}
        _log.warning(f"%s refuses {words}", self._settings.name, *what, extra=told)
