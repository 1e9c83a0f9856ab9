"""A bureau that speaks SMPP as a channel: several binds, one pace, one window.

A part is given here when the pace and the windows have room, booked, and written. A throttle answer is no try: the
part waits at the head of the line until the bureau takes it, or goes back after `THROTTLED_S_MAX`, half of the house's
patience at most: it must not come to be in doubt here. When a connection ends, what was written and not answered is
uncertain, and what was not written goes another way.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Literal

from pydantic import SecretStr

from gatewayd.channels.contract import Book, Health, House, LateAnswer, Submission
from gatewayd.channels.modem_talk import TICK_S
from gatewayd.channels.smpp_bind import Bind
from gatewayd.channels.smpp_cut import cut
from gatewayd.channels.smpp_inbox import Inbox
from gatewayd.channels.smpp_recall import Recalls
from gatewayd.channels.smpp_settings import SmppSettings
from gatewayd.channels.smpp_waiting import Part, Waiting
from gatewayd.channels.smpp_writing import Writing
from gatewayd.clock import Clock
from gatewayd.delivery.outcome import Accepted, Deferred, Outcome, Refused, Uncertain, Withdrawn
from gatewayd.metrics import BUREAU_THROTTLED
from gatewayd.model import Priority
from gatewayd.text import Fit
from gatewayd.wire.smpp_events import Answered, Arrived, Ended, Event, NotSent, Unanswered
from gatewayd.wire.smpp_message_id import matching_keys, stored_key
from gatewayd.wire.smpp_octets import SmppError
from gatewayd.wire.smpp_pace import Pace
from gatewayd.wire.smpp_refusals import ALONE, Refusals
from gatewayd.wire.smpp_status import Verdict, classify

__all__ = ["Smpp", "SmppSettings"]

THROTTLED_S_MAX = 10.0
MISSED_S = 60.0  # one of several binds is not there for so long: somebody should look
GARBLED = (0x02, 0x03)  # they speak of one request, and not of the login
PAGE_FIRST_S = 0.1  # a question to the bureau that was answered leaves its place to a text for so long
UNHEARD_S = 600.0  # a bureau that did not answer one is asked no other for so long
NO_THROTTLE = ("", "throttled")
THROTTLES_S = 5.0  # throttle answers for so long are told in the status,
CALM_S = 20.0  # until none has come for so long
GIVEN_S = 0.02  # of sending at the learned rate may be given at once
AHEAD_S = 0.1  # one that is critical is given before its place comes, or those that wait here would have each
_log = logging.getLogger("gatewayd.channels.smpp")


class Smpp:
    """See contract.Channel. `password` is what the daemon read from `password_file` or the credential."""

    def __init__(
        self, settings: SmppSettings, house: House, clock: Clock, *, password: SecretStr | None = None,
        used_s_ago: Sequence[float] = (),
    ) -> None:  # fmt: skip
        self._settings = settings
        self._house = house
        self._clock = clock
        self._writing = Writing(settings, clock)
        self._statuses = settings.own_statuses()
        self._pace = Pace(settings.rate_per_s)
        for ago_s in used_s_ago:
            self._pace.sent(clock.monotonic() - ago_s)
        self.sim = f"smpp:{settings.account or settings.name}"  # whose message ids they are, wherever it listens
        self._inbox = Inbox(settings, self.sim, house, clock)
        self._recalls = Recalls(settings)
        self._ask_at = 0.0  # monotonic; not before then is anything asked back
        self._asking: asyncio.TimerHandle | None = None
        self._health = Health()
        self._waiting = Waiting()
        self._out: dict[str, Part] = {}
        self._refusals = Refusals()
        self._throttled_since = self._throttled_at = float("-inf")  # monotonic; of a spell of throttle answers
        self._throttle = NO_THROTTLE  # its last word on that, and its code
        self._timer: asyncio.TimerHandle | None = None
        self._missing: asyncio.TimerHandle | None = None  # when a bind will have been missed for long
        self._booking = {True: 0, False: 0}  # critical or not: given, and not yet in the line
        self._numbers = count()
        self._draining = False
        self._tasks: list[asyncio.Task[None]] = []
        self._binds = [
            Bind(
                f"{settings.name} {mode}",
                (settings.host, settings.port),
                settings.session(mode, password),
                clock,
                self,
                connect_wait_s=settings.connect_wait_s,
                reopen_s_max=settings.reopen_s_max,
                context=partial(_context, settings) if settings.tls else None,
                tls_name=settings.tls_name,
                statuses=self._statuses,
            )
            for mode in settings.modes
        ]
        self._senders = [bind for bind in self._binds if bind.sends]

    # -- the contract --------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return self._settings.name

    @property
    def window(self) -> int:
        """What waits in the line because the bureau throttles must not keep a critical part from its head."""
        return self._settings.outstanding_max + self.kept

    @property
    def kept(self) -> int:
        return self._settings.outstanding_max

    def ready(self) -> bool:
        return not self._draining and any(bind.bound for bind in self._senders)

    def room(self, *, critical: bool = False) -> int:
        now, booking = self._clock.monotonic(), sum(self._booking.values())
        before = len(self._waiting) + booking
        if critical:
            booking = self._booking[True]
            before = self._waiting.critical + booking
        free = sum(bind.room for bind in self._senders) - before
        if free <= 0 or self.pause_s(critical=critical) > 0:
            return 0
        rate = min((r for r in (self._settings.rate_per_s, self._pace.rate(now)) if r), default=0.0)
        given = max(1, int(rate * GIVEN_S)) - booking
        return max(0, min(free, given)) if rate else free

    def pause_s(self, *, critical: bool = False) -> float:
        now = self._clock.monotonic()
        ahead_s = AHEAD_S if critical and not self._waiting.critical else 0.0
        return max(0.0, self._pace.next_at(now, critical=critical) - now - ahead_s)

    def fit(self, words: str, recipient: str) -> Fit:  # noqa: ARG002 - a number costs no room here
        return cut(words, self._settings)

    async def send(self, submission: Submission, book: Book) -> Outcome:
        if not self.ready():
            return self._not_now()
        try:
            message = self._writing.write(submission)
        except SmppError as error:
            return Refused(f"cannot be written for this bureau: {error}", "pdu", "channel")
        critical = submission.priority == Priority.CRITICAL
        self._booking[critical] += 1
        try:
            booked = await book()
        finally:
            self._booking[critical] -= 1
        if not booked:
            return Withdrawn()
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        waits_until = self._clock.monotonic() + min(THROTTLED_S_MAX, submission.patience_s / 2)
        number = next(self._numbers)
        self._waiting.add(Part(submission.attempt_id, submission, message, future, number, critical, waits_until))
        self._send_waiting()
        return await future

    def recall(self, attempt_id: str, reference: str | None, recipient: str) -> None:
        """cancel_sm; its answer is told and changes nothing, a receipt says what became of the text."""
        if reference is None:
            self._take_back(attempt_id, recipient)
        elif self._settings.recalls:
            try:
                self._recalls.add(attempt_id, reference, recipient)
            except SmppError as error:
                self._inbox.log("smpp_recall_failed", str(error))
            self._ask_back()

    def _take_back(self, attempt_id: str, recipient: str) -> None:
        """It goes no more when it waits here, nor a second time when it is out and the bureau throttles it; if it is
        taken, it is asked back.
        """
        if part := self._out.get(attempt_id):
            part.waits_until, part.unwanted_by = 0, recipient
        for part in self._waiting:
            if part.key == attempt_id:
                part.end(Deferred("not needed any more", "withdrawn", 0))

    async def drain(self, timeout_s: float) -> None:
        self._draining = True
        self._give_back()
        for bind in self._binds:
            bind.leave()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout_s)
        for task in self._tasks:
            task.cancel()

    async def run(self) -> None:
        """Keep all binds until cancelled or drained."""
        self._tasks = [asyncio.create_task(bind.run(), name=bind.label) for bind in self._binds]
        try:
            await asyncio.gather(*self._tasks)
        except asyncio.CancelledError:
            if not self._draining:
                raise
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(self._tasks)
            for timer in (self._missing, self._asking):
                if timer is not None:
                    timer.cancel()
            await self._inbox.finish()
            self._tell(Health(state="down", reason="closed", sim=self.sim))
            self._give_back()

    # -- out -----------------------------------------------------------------------------------------------------------

    def _send_waiting(self) -> None:
        """Write what the pace and the windows allow; what has waited too long goes back. A timer looks again."""
        now = self._clock.monotonic()
        while self._waiting:
            bind = max(self._senders, key=lambda bind: bind.room)
            room = sum(bind.room for bind in self._senders)
            part, at = self._waiting.next(self._pace, self._refusals, now, room=room)
            if at > now or bind.room <= 0:  # an answer, or a connection, makes room
                self._hand_back(now)
                if self._waiting:
                    until = self._waiting.until
                    self._ring_at(min(at, until) if at > now else until)
                return
            self._waiting.take(part)
            if part.outcome.done():
                continue
            try:
                bind.submit(part.message, part.key)
            except SmppError as error:
                part.end(Refused(f"cannot be written for this bureau: {error}", "pdu", "channel"))
                continue
            part.sent_at = now
            self._out[part.key] = part
            self._pace.sent(now)

    def _ask_back(self) -> None:
        """Where the windows have room; half of it is left to texts, and every second turn at a single place."""
        most = max(1, len(self._senders) * self._settings.window // 2)
        while self._recalls and self._recalls.out < most and self._clock.monotonic() >= self._ask_at:
            bind = max(self._senders, key=lambda bind: bind.room)
            if bind.room <= 0:
                return
            key, question = self._recalls.next()
            try:
                bind.submit(question, key)
            except SmppError as error:
                self._recalls.done(key)
                self._inbox.log("smpp_recall_failed", str(error))

    def _asked_back(self, rest_s: float) -> None:
        """A question has left its place: first to a text, then to the next question."""
        self._ask_at = self._clock.monotonic() + rest_s
        if self._asking is not None:
            self._asking.cancel()
        self._asking = asyncio.get_running_loop().call_later(rest_s + TICK_S, self._ask_back)
        self._house.room(self.name)

    def _ring_at(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        wait_s = max(TICK_S, at - self._clock.monotonic())
        self._timer = asyncio.get_running_loop().call_later(wait_s, self._send_waiting)

    def _hand_back(self, now: float) -> None:
        reason, code = self._throttle
        why = f"{self.name} takes no more for now" + (f": {reason}" if reason else "")
        for part in self._waiting.overdue(now):
            after_s = max(1.0, self.pause_s(critical=part.critical))
            part.end(Deferred(why, code, after_s, "channel"))

    def _give_back(self) -> None:
        """Nothing of these was written."""
        while self._waiting:
            self._waiting.take().end(self._not_now())

    def _not_now(self) -> Deferred:
        why = "closing" if self._draining else self._health.reason or self._health.state
        return Deferred(f"{self.name}: {why}", "not ready", 0.5, "channel")

    # -- what the binds tell -------------------------------------------------------------------------------------------

    def heard(self, bind: Bind, event: Event) -> None:
        match event:
            case Answered():
                self._answered(bind, event)
            case Unanswered(pending):
                if self._recalls.done(pending.key):
                    self._asked_back(UNHEARD_S)
                self._end(pending.key, Uncertain("no answer in time", "timeout"))
            case NotSent(pending):
                self._again(pending.key)
            case Ended():
                for pending in event.uncertain:
                    self._recalls.again(pending.key)
                    self._end(pending.key, Uncertain(f"no answer: {event.reason}", "link lost"))
                for pending in event.unsent:
                    self._again(pending.key)
            case Arrived():
                self._inbox.take(bind, event)
            case _:
                self._inbox.note(event)
        self._send_waiting()
        self._ask_back()

    def changed(self) -> None:
        missing = sorted((bind for bind in self._binds if not bind.bound), key=lambda bind: not bind.by_human)
        if any(bind.bound for bind in self._senders):
            reason = f"{missing[0].label}: {missing[0].reason}" if missing else ""
            if missing and not any(bind.bound and bind.hears for bind in self._binds):
                reason += "; no receipt and no reply comes in"
            if any(bind.by_human or bind.missed_s >= MISSED_S for bind in missing):
                concern = reason
            else:
                concern = ""
                self._look_again(missing)
            self._tell(
                Health(
                    state="up",
                    reason=reason,
                    sim=self.sim,
                    registration="home",
                    concern=concern,
                    note=self._health.note,
                    throttles=self._health.throttles,
                )
            )
            self._send_waiting()
            self._ask_back()
            return
        sender = next(bind for bind in missing if bind.sends)
        state: Literal["down", "needs_human"] = "needs_human" if sender.by_human else "down"
        self._tell(Health(state=state, reason=sender.reason, sim=self.sim))
        self._give_back()

    def _look_again(self, missing: list[Bind]) -> None:
        """When the first of them will have been missed for long."""
        if missing and self._missing is None:
            wait_s = MISSED_S - max(bind.missed_s for bind in missing)
            self._missing = asyncio.get_running_loop().call_later(max(wait_s, TICK_S), self._missed)

    def _missed(self) -> None:
        self._missing = None
        self.changed()

    def _tell(self, health: Health) -> None:
        if health == self._health:
            return
        if health.concern and not self._health.concern:
            told = {"event": "bind_missing", "channel": self.name}
            _log.warning("%s goes on without one of its binds: %s", self.name, health.concern, extra=told)
        self._health = health
        self._house.health(self.name, health)

    def _answered(self, bind: Bind, event: Answered) -> None:
        if Recalls.owns(event.pending.key):
            said, attempt_id = classify(event.status, self._statuses).reason, Recalls.attempt(event.pending.key)
            self._inbox.log("smpp_recalled", said)
            granted = not (event.status or event.nack)
            self._inbox.carry(self._house.asked_back(attempt_id, "" if granted else said))
            if self._recalls.done(event.pending.key):
                self._asked_back(PAGE_FIRST_S)
            return
        now = self._clock.monotonic()
        verdict = classify(event.status, self._statuses)
        outcome: Outcome
        part = self._out.get(event.pending.key)
        if verdict.kind == "throttled":
            verdict = self._throttled(part, verdict, now)
            if part is not None and verdict.scope == "channel" and now < part.waits_until and not self._draining:
                self._again(event.pending.key)
                return
        else:
            self._throttle = NO_THROTTLE
            self._pace.accepted(now, part.sent_at if part is not None else now)
            self._refusals.row_ends()
            if part is not None and verdict.fate == "accepted":
                self._refusals.taken(part.submission.recipient, part.sent_at)
        if verdict.kind in ("session", "login") and event.status not in GARBLED:
            bind.renew(f"logged in anew: it answered a text with {verdict.reason} ({verdict.code})")
            if not event.late:
                self._again(event.pending.key)
                return
        if part is not None and (other := self._writing.otherwise(event.status, part.submission, part.message)):
            part.message = other
            self._again(event.pending.key)
            return
        if verdict.fate == "accepted" and event.nack:
            outcome = Uncertain("a generic_nack that says no error", "nack")
        elif verdict.fate == "accepted":
            outcome = self._accepted(event.message_id)
            if event.message_id and part is not None and part.unwanted_by:
                self.recall(event.pending.key, event.message_id, part.unwanted_by)
        elif verdict.fate == "refused":
            outcome = Refused(verdict.reason, verdict.code, verdict.scope, for_good=True)
        else:
            after_s = max(verdict.after_s, self.pause_s()) if verdict.kind == "throttled" else verdict.after_s
            outcome = Deferred(verdict.reason, verdict.code, after_s, verdict.scope)
        if event.late:
            self._inbox.carry(self._house.late_answer(LateAnswer(self.name, self.sim, event.pending.key, outcome)))
        else:
            self._end(event.pending.key, outcome)

    def _throttled(self, part: Part | None, verdict: Verdict, now: float) -> Verdict:
        """What the pace learns of it; and of whom it speaks, the bureau or this number alone."""
        sent_at = part.sent_at if part is not None else now
        alone = self._refusals.refused(part.submission.recipient, sent_at, now) if part is not None else 0
        BUREAU_THROTTLED.labels(self.name, "number" if alone else "bureau").inc()
        if not alone:
            self._throttle = (verdict.reason, verdict.code)
            self._pace.throttled(now, sent_at)
            self._note_throttling(now)
            return verdict
        if alone < ALONE:
            return verdict
        return replace(verdict, scope="message", reason=f"for this number alone: {verdict.reason}")

    def _note_throttling(self, now: float) -> None:
        """In the status, as long as it goes on."""
        if now - self._throttled_at > CALM_S:
            self._throttled_since = now
        self._throttled_at = now
        if now - self._throttled_since >= THROTTLES_S and not self._health.note and self._health.state == "up":
            reason, code = self._throttle
            self._tell(replace(self._health, note=f"throttles: {reason} ({code})", throttles=True))
            asyncio.get_running_loop().call_later(CALM_S, self._throttles_still)

    def _throttles_still(self) -> None:
        left_s = self._throttled_at + CALM_S - self._clock.monotonic()
        if left_s > 0 and self._health.note:
            asyncio.get_running_loop().call_later(max(left_s, TICK_S), self._throttles_still)
        elif self._health.note:
            self._tell(replace(self._health, note="", throttles=False))

    def _accepted(self, name: str) -> Accepted:
        key = stored_key(name, self._settings.ids)
        aliases = matching_keys(name, self._settings.ids)
        return Accepted(key or None, aliases=aliases, spelling=name if name != key else None)

    def _end(self, key: str, outcome: Outcome) -> None:
        part = self._out.pop(key, None)
        if part is None:
            return
        if part.outcome.cancelled() and isinstance(outcome, Accepted | Refused | Uncertain):
            self._inbox.carry(self._house.late_answer(LateAnswer(self.name, self.sim, key, outcome)))
        part.end(outcome)

    def _again(self, key: str) -> None:
        """It certainly was not taken: first in the line, unless there is nobody to write to."""
        part = self._out.pop(key, None)
        if self._recalls.again(key) or part is None or part.outcome.done():
            return
        if not self.ready():
            part.end(self._not_now())
            return
        self._waiting.add(part)


def _context(settings: SmppSettings) -> ssl.SSLContext:
    """TLS 1.2 or newer, with the name checked."""
    return ssl.create_default_context(cafile=settings.tls_ca_file)
