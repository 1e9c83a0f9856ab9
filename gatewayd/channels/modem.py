"""A GSM/LTE modem as a channel: one task owns the port, brings the modem up, sends, fetches, looks, and opens again.

The order of work when several things are due: acknowledgements that the network waits for, a call to hang up, then
in turns one piece of what comes in and one text that goes out, and the look when its minute is over.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import SecretStr

from gatewayd.channels.contract import Book, Health, House, LateAnswer, Submission
from gatewayd.channels.link import LinkError, open_link, path_of
from gatewayd.channels.modem_ear import Ear
from gatewayd.channels.modem_inbox import Inbox
from gatewayd.channels.modem_outcome import encode, outcome_of
from gatewayd.channels.modem_pace import Backoff, Pace
from gatewayd.channels.modem_settings import ModemSettings, checked_pin
from gatewayd.channels.modem_talk import Booking, Question, Talk
from gatewayd.clock import Clock, pause
from gatewayd.delivery.outcome import Accepted, Deferred, Outcome, Refused, Uncertain
from gatewayd.wire import tpdu
from gatewayd.wire.at import Command
from gatewayd.wire.modem_bringup import bring_up, hang_up, look, radio_cycle, soft_reset
from gatewayd.wire.modem_errors import SubscriptionWatch, Verdict
from gatewayd.wire.modem_profile import Profile, Wishes
from gatewayd.wire.modem_send import Manner, send_pdu
from gatewayd.wire.modem_sim import smsc
from gatewayd.wire.modem_steps import (
    BeforeSubmit,
    Fault,
    Interrupted,
    MayTryPin,
    NoAnswer,
    Unusable,
    resync,
    try_each,
)
from gatewayd.wire.modem_storage import delete, listing, read

__all__ = ["Modem", "ModemSettings"]

SLOW_S = 30.0  # a submission that takes longer stops the channel from taking more
WAITING_MAX = 64
RESTARTS_MAX = 5  # during one bring-up
MODEM_FAULTS_MAX = 3  # in a row, then it is restarted
UNREGISTERED_LOOK_S = 5.0

_log = logging.getLogger("gatewayd.channels.modem")


@dataclass(slots=True)
class _Waiting:
    submission: Submission
    book: Book
    future: asyncio.Future[Outcome]


class Modem:
    """See contract.Channel. `pin` is the value that the daemon read from `pin_file` or the credential."""

    def __init__(
        self, settings: ModemSettings, house: House, clock: Clock, *, pin: SecretStr | None = None
    ) -> None:
        self._settings = settings
        self._house = house
        self._clock = clock
        self._wishes = Wishes(
            channel=settings.name,
            pin=checked_pin(pin),
            smsc=settings.smsc,
            storage=settings.storage,
            stored_reports=settings.stored_reports,
        )
        self._health = Health()
        self._profile = Profile()
        self._talk: Talk | None = None
        self._waiting: deque[_Waiting] = deque()
        self._inbox = Inbox(settings.name, house, self._wake)
        self._ear = Ear(self._inbox, self._wake)
        self._ear.on_restart = self._restarted
        self._pace = Pace(settings.rate_per_minute, settings.burst)
        self._subscription = SubscriptionWatch()
        self._faults = Fault(MODEM_FAULTS_MAX)
        self._sleeping: asyncio.Future[None] | None = None
        self._draining = False
        self._closed = asyncio.Event()
        self._look_at = 0.0
        self._list_at = 0.0
        self._outgoing_turn = True
        self._slow = False
        self._without_validity = False
        self._was_open = False
        self._first_bring_up = True  # what is found now was meant for an earlier process
        self._unregistered_since: float | None = None
        self._radio_cycled = False
        self._unresolved: str | None = None  # the attempt whose answer may still come
        self._quiet_until: float | None = None  # nothing is written before: a late answer is awaited
        self._reset_after_quiet = False

    # -- the contract ----------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return self._settings.name

    @property
    def sim(self) -> str:
        return self._profile.sim

    def ready(self) -> bool:
        """Up, registered, and with room for one more."""
        return (
            self._health.state == "up"
            and not self._slow
            and not self._draining
            and len(self._waiting) < WAITING_MAX
        )

    async def send(self, submission: Submission, book: Book) -> Outcome:
        if not self.ready():
            return self._not_now()
        waiting = _Waiting(submission, book, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._wake()
        return await waiting.future

    async def drain(self, timeout_s: float) -> None:
        self._draining = True
        self._release_waiting()
        self._wake()
        try:
            async with asyncio.timeout(timeout_s):
                await self._closed.wait()
        except TimeoutError:
            _log.warning("closing took too long", extra=self._extra())

    async def run(self) -> None:
        """Own the port until cancelled or drained."""
        self._closed.clear()
        backoff = Backoff(self._settings.reopen_s_max)
        try:
            while not self._draining:
                await self._one_session(backoff)
        finally:
            self._release_waiting()
            self._tell(state="down", reason="closed")
            self._closed.set()

    # -- one opening of the port -----------------------------------------------------------------------------

    async def _one_session(self, backoff: Backoff) -> None:
        """Open, serve until the end of the line, close; then wait as long as the reason deserves."""
        settings = self._settings
        try:
            link = await open_link(settings.port, baud=settings.baud, rtscts=settings.rtscts)
        except LinkError as error:
            self._tell(state="down", reason=str(error))
            await self._rest(backoff.after_failure(path_of(settings.port)))
            return
        if self._was_open:
            self._house.reset(self.name, "the port was opened again")
        self._was_open = True
        rest_s: float | None = None
        state: Literal["down", "needs_human"] = "down"
        self._talk = Talk(self._clock, link, on_event=self._ear.hear, on_lost=self._wake)
        try:
            await self._bring_up()
            backoff.reset()
            await self._work()
            reason = "closed"
        except (Interrupted, NoAnswer) as news:
            reason = str(news)
        except Unusable as news:
            reason, rest_s = news.reason, news.again_s
            state = "needs_human" if news.by_human else "down"
        finally:
            self._talk.close()
            self._talk = None
            self._inbox.closed()
            self._ear.forget()
        self._tell(state=state, reason=reason, signal_dbm=None, registration="unknown")
        self._release_waiting()
        if not self._draining:
            await self._rest(rest_s if rest_s is not None else backoff.after_loss())

    async def _rest(self, seconds: float) -> None:
        """Back-off between two openings; ends early when the channel is drained or the path comes or goes."""
        path = path_of(self._settings.port)
        there = path.exists() if path else True
        end = self._clock.monotonic() + seconds
        while not self._draining and (left := end - self._clock.monotonic()) > 0:
            await pause(min(left, 0.5))
            if path and path.exists() != there:
                return

    async def _bring_up(self) -> None:
        """From whatever state to ready; a modem that restarts meanwhile is met again on the same line."""
        assert self._talk is not None
        self._tell(state="starting", reason="")
        for _ in range(RESTARTS_MAX):
            self._ear.restarted = self._ear.lost_setup = False
            self._ear.starting = True
            try:
                profile = await self._talk.run(bring_up(self._wishes), ask=self._ask)
                break
            except Interrupted:
                if self._talk.gone is not None:
                    raise
        else:
            raise NoAnswer("it restarts again and again")
        self._ear.starting = False
        self._profile = profile
        self._ear.acknowledges = profile.acknowledges
        self._inbox.opened(profile.sim)
        await self._deliver_late()
        self._first_bring_up = False
        self._list_at = 0.0
        self._look_at = self._clock.monotonic() + self._settings.look_s
        self._judge_health()
        if not profile.notify:
            _log.warning("no notification works here; the storage is polled", extra=self._extra())

    def _ask(self, question: Question) -> asyncio.Future[Any]:
        """The dialogue's questions about a PIN, passed on to the house."""
        assert not isinstance(question, BeforeSubmit), "only a submission asks this"
        card, value = question.iccid_digest, question.pin_digest
        if isinstance(question, MayTryPin):
            return asyncio.ensure_future(self._house.pin_may_be_tried(card, value))
        return asyncio.ensure_future(self._house.pin_result(card, value, good=question.good))

    # -- the work of the port --------------------------------------------------------------------------------

    async def _work(self) -> None:
        """One job after the other until the line ends (Interrupted) or the channel is drained."""
        while True:
            talk = self._talk
            assert talk is not None
            if talk.gone is not None:
                raise Interrupted(talk.gone)
            if self._draining and not self._inbox.busy and not self._inbox.deletes:
                return
            try:
                await self._next_job(talk, self._clock.monotonic())
            except Interrupted:
                if talk.gone is not None:
                    raise
                self._ear.restarted = True

    async def _next_job(self, talk: Talk, now: float) -> None:
        if self._ear.restarted or self._ear.lost_setup:
            await self._again()
        elif self._ear.late:
            await self._deliver_late()
        elif self._quiet_until is not None:
            await self._be_quiet(talk, self._quiet_until, now)
        elif not await self._duty(talk, now):
            await self._traffic(talk, now)

    async def _again(self) -> None:
        """The modem restarted or lost its set-up: bring it up on the same line."""
        reason = "the modem restarted" if self._ear.restarted else "the modem lost its settings"
        _log.warning("%s", reason, extra=self._extra())
        self._house.reset(self.name, reason)
        self._inbox.closed()
        self._ear.forget()
        self._quiet_until = None
        await self._bring_up()

    async def _duty(self, talk: Talk, now: float) -> bool:
        """What goes before traffic; False when there was nothing."""
        ear, inbox = self._ear, self._inbox
        if ear.deaf:
            raise NoAnswer("garbage on the line")
        if inbox.acknowledgements:
            inbox.acknowledgements -= 1
            await talk.run(try_each(Command("AT+CNMA=0"), Command("AT+CNMA")))
        elif ear.prompted:
            ear.prompted = False
            await talk.run(resync())
        elif ear.ringing:
            ear.ringing = False
            await talk.run(hang_up())
        elif ear.look_due or ear.registration_due or now >= self._look_at:
            await self._look(talk)
        elif ear.listing_due or now >= self._list_at:
            ear.listing_due = False
            await self._list(talk)
        else:
            return False
        return True

    async def _traffic(self, talk: Talk, now: float) -> None:
        """One piece in or one text out, in turns; sleep when there is neither."""
        may_send_at = self._pace.next_at(now) if self._waiting else None
        outgoing = may_send_at is not None and may_send_at <= now
        if outgoing and (self._outgoing_turn or not self._incoming()):
            self._outgoing_turn = False
            await self._send_one(talk, self._waiting.popleft())
        elif self._incoming():
            self._outgoing_turn = True
            await self._fetch_one(talk)
        else:
            times = [self._look_at, self._list_at]
            if may_send_at is not None:
                times.append(may_send_at)
            await self._sleep(min(times))

    def _incoming(self) -> bool:
        return self._inbox.may_read or bool(self._inbox.deletes)

    async def _fetch_one(self, talk: Talk) -> None:
        """Replies first: reading goes before deleting."""
        inbox = self._inbox
        if inbox.may_read:
            stored = await talk.run(read(self._profile, inbox.reads.popleft()))
            if stored is not None:
                inbox.take(stored)
            return
        slot = inbox.deletes.popleft()
        inbox.emptied(slot, done=await talk.run(delete(self._profile, slot)))

    async def _list(self, talk: Talk) -> None:
        """What +CMTI did not tell, or told while nobody listened."""
        settings = self._settings
        self._list_at = self._clock.monotonic() + (settings.look_s if self._profile.notify else settings.poll_s)
        self._inbox.listed(await talk.run(listing(self._profile)))

    async def _look(self, talk: Talk) -> None:
        ear, profile = self._ear, self._profile
        ear.look_due = ear.registration_due = False
        ear.noise = 0
        if not await talk.run(look(profile)):
            ear.lost_setup = True
            return
        now = self._clock.monotonic()
        self._list_at = min(self._list_at, now)
        self._judge_health()
        usual = self._settings.look_s
        self._look_at = now + (usual if profile.registered else min(usual, UNREGISTERED_LOOK_S))
        await self._mend_registration(talk, now)

    async def _mend_registration(self, talk: Talk, now: float) -> None:
        """Off and on again, once, when the network stays away for long."""
        if self._profile.registered:
            self._unregistered_since, self._radio_cycled = None, False
            return
        if self._unregistered_since is None:
            self._unregistered_since = now
        elif now - self._unregistered_since > self._settings.unregistered_s_max and not self._radio_cycled:
            self._radio_cycled = True
            self._house.reset(self.name, "not registered for long: radio off and on")
            await talk.run(radio_cycle())
            self._ear.lost_setup = True

    # -- sending ---------------------------------------------------------------------------------------------

    async def _send_one(self, talk: Talk, waiting: _Waiting) -> None:
        submission = waiting.submission
        if waiting.future.cancelled():
            return
        try:
            pdu = encode(submission, validity=not self._without_validity)
        except tpdu.PduError as error:
            _answer(waiting, Refused(f"cannot be written as a PDU: {error}", "pdu"))
            return
        self._pace.sent(self._clock.monotonic())
        booking = Booking(waiting.book)
        slow = asyncio.get_running_loop().call_later(SLOW_S, self._too_slow)
        verdict = Verdict("deferred", "interrupted", "modem", "channel", 1.0)
        outcome = outcome_of(verdict)
        try:
            verdict = await talk.run(
                send_pdu(pdu.hex, pdu.tpdu_octets, self._manner()), ask=booking.ask, early=booking.start
            )
            await booking.settled()
            verdict = self._subscription.saw(submission.recipient, verdict)
            outcome = outcome_of(verdict)
        except Interrupted as news:  # the line had ended before the first octet
            outcome = Deferred(str(news), "modem", 1.0, "channel")
        except asyncio.CancelledError:
            if talk.was_submitted:
                outcome = Uncertain("stopped while the network had it", "stopped")
            raise
        except Exception as error:  # noqa: BLE001 - the booking failed: the caller shall know, the port goes on
            if not waiting.future.done():
                waiting.future.set_exception(error)
        finally:
            slow.cancel()
            if not _answer(waiting, outcome) and waiting.future.cancelled():
                self._late_for_nobody(submission, outcome)
        await self._mend(talk, submission, verdict)

    def _manner(self) -> Manner:
        settings, profile = self._settings, self._profile
        return Manner(settings.prompt_wait_s, settings.submit_wait_s, profile.vendor, profile.prompts)

    async def _mend(self, talk: Talk, submission: Submission, verdict: Verdict) -> None:
        """What an answer tells of the modem itself, and what to do about it before the next text."""
        if verdict.fate == "accepted":
            self._faults.count = 0
        elif verdict.fate == "uncertain":
            self._begin_quiet(submission, verdict)
        if verdict.code in {"cms 198", "cms 199"}:
            self._without_validity = True
        match verdict.trouble:
            case "sim":
                self._ear.lost_setup = True
            case "network":
                self._ear.registration_due = True
            case "full":
                self._ear.listing_due = True
            case "smsc":
                await talk.run(smsc(self._profile, self._wishes))
            case "modem" if self._faults.again():
                await self._restart_modem(talk, f"{MODEM_FAULTS_MAX} faults in a row, the last: {verdict.reason}")
            case "modem":
                await talk.run(resync())
            case _:
                pass
        if self._slow:
            self._slow = False
            self._judge_health()

    def _too_slow(self) -> None:
        """A text has been out for long: the others shall not wait behind it."""
        self._slow = True
        self._tell(state="resting", reason="an answer of the network is overdue")
        self._release_waiting()

    def _restarted(self) -> None:
        """A sign of a restart that is no proof: what waits now would wait for ever."""
        if self._talk is not None:
            self._talk.interrupt("the modem restarted")

    async def _restart_modem(self, talk: Talk, reason: str) -> None:
        _log.warning("restarting the modem: %s", reason, extra=self._extra())
        self._house.reset(self.name, reason)
        await talk.run(soft_reset())
        self._ear.lost_setup = True

    # -- answers that come late ------------------------------------------------------------------------------

    def _begin_quiet(self, submission: Submission, verdict: Verdict) -> None:
        """Nobody knows whether it went out. Listen on, and write nothing that could cut the answer off."""
        _log.warning(
            "outcome unknown: %s",
            verdict.reason,
            extra=self._extra() | {"message_id": submission.message_id, "attempt_id": submission.attempt_id},
        )
        if verdict.code not in {"timeout", "interrupted", "ok without +CMGS"}:
            return  # it was answered: nothing more will come
        self._unresolved = submission.attempt_id
        if verdict.code == "interrupted":
            return  # the line or the modem begins anew by itself
        silent = verdict.code == "timeout"
        self._quiet_until = self._clock.monotonic() + (self._settings.late_wait_s if silent else 1.0)
        self._reset_after_quiet = silent
        self._tell(state="resting", reason="waiting for a late answer")
        self._release_waiting()

    async def _be_quiet(self, talk: Talk, until: float, now: float) -> None:
        """Until the answer has come or will not come; then make sure that it cannot meet the next text."""
        if self._unresolved is not None and now < until:
            await self._sleep(until)
            return
        await talk.run(resync())
        if self._ear.late:
            await self._deliver_late()
        self._quiet_until = None
        if self._unresolved is not None and self._reset_after_quiet:
            await self._restart_modem(talk, "a submission was never answered")
        else:
            self._judge_health()

    async def _deliver_late(self) -> None:
        """Late answers to the house: for the attempt that waits, or for one of an earlier process."""
        while self._ear.late and self._profile.sim:
            verdict = self._ear.late.popleft()
            attempt, self._unresolved = self._unresolved, None
            if attempt is None and not self._first_bring_up:
                _log.warning("an answer to nothing: %s", verdict.code, extra=self._extra())
                continue
            await self._house.late_answer(LateAnswer(self.name, self.sim, attempt, outcome_of(verdict)))

    def _late_for_nobody(self, submission: Submission, outcome: Outcome) -> None:
        """Who sent it stopped waiting; the house still wants to know what became of it."""
        if isinstance(outcome, Accepted | Refused | Uncertain):
            answer = LateAnswer(self.name, self.sim, submission.attempt_id, outcome)
            self._inbox.carry(self._house.late_answer(answer))

    # -- small things ----------------------------------------------------------------------------------------

    def _judge_health(self) -> None:
        """Up or resting, by what the last look saw."""
        profile = self._profile
        state: Literal["up", "resting"] = "up"
        reason = ""
        if not profile.registered:
            state, reason = "resting", f"not registered: {profile.registration}"
        elif profile.registration == "roaming" and not self._settings.roaming_allowed:
            state, reason = "resting", "roaming is not allowed"
        if state != "up":
            self._release_waiting(reason)
        self._tell(
            always=True,
            state=state,
            reason=reason,
            sim=profile.sim,
            signal_dbm=profile.signal_dbm,
            registration=profile.registration,
            operator=profile.operator,
            storage_used=profile.used,
            storage_size=profile.size,
            identity=profile.identity(),
        )

    def _tell(self, *, always: bool = False, **changes: Any) -> None:
        health = replace(self._health, **changes)
        if health == self._health and not always:
            return
        if (health.state, health.reason) != (self._health.state, self._health.reason):
            _log.info("%s%s", health.state, f": {health.reason}" if health.reason else "", extra=self._extra())
        self._health = health
        self._house.health(self.name, health)

    def _not_now(self, reason: str = "") -> Deferred:
        reason = reason or self._health.reason or self._health.state
        return Deferred(f"{self.name}: {reason}", "not ready", 1.0, "channel")

    def _release_waiting(self, reason: str = "") -> None:
        """Nothing of these is on the wire: they may go another way."""
        while self._waiting:
            _answer(self._waiting.popleft(), self._not_now(reason))

    def _wake(self) -> None:
        if self._sleeping is not None and not self._sleeping.done():
            self._sleeping.set_result(None)

    async def _sleep(self, until: float) -> None:
        """Until something is to be done or the time has come."""
        loop = asyncio.get_running_loop()
        self._sleeping = loop.create_future()
        timer = loop.call_later(max(0.0, until - self._clock.monotonic()), self._wake)
        try:
            await self._sleeping
        finally:
            timer.cancel()
            self._sleeping = None

    def _extra(self) -> dict[str, str]:
        return {"channel": self.name}


def _answer(waiting: _Waiting, outcome: Outcome) -> bool:
    """Tell who waits; False when nobody does any more."""
    if waiting.future.done():
        return False
    waiting.future.set_result(outcome)
    return True
