"""A GSM/LTE modem as a channel: one task owns the port, brings the modem up, sends, fetches, looks, and opens again.

The order of work when several things are due: acknowledgements that the network waits for; a line to put in order; a
call to hang up; the look when its minute is over; then in turns one piece of what comes in and one text that goes
out. Whatever the modem says by itself only sets times for these, with room between them, so that no storm of news
keeps a text waiting.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from functools import partial

from pydantic import SecretStr

from gatewayd.channels.contract import Book, House, Submission
from gatewayd.channels.link import Link, path_of
from gatewayd.channels.modem_balance import BalanceCheck
from gatewayd.channels.modem_ear import Ear
from gatewayd.channels.modem_echo import quieten
from gatewayd.channels.modem_fetch import Fetch
from gatewayd.channels.modem_inbox import Inbox
from gatewayd.channels.modem_late import Late
from gatewayd.channels.modem_pace import Backoff, Duty, Nap, rest
from gatewayd.channels.modem_questions import ask
from gatewayd.channels.modem_rescue import Rescue, trouble_of
from gatewayd.channels.modem_sender import Sender
from gatewayd.channels.modem_settings import ModemSettings, checked_pin
from gatewayd.channels.modem_status import Status
from gatewayd.channels.modem_talk import Talk
from gatewayd.channels.mooring import Ended, Mooring
from gatewayd.channels.ports import Ports
from gatewayd.clock import Clock
from gatewayd.delivery.outcome import Outcome
from gatewayd.text import Fit, fit
from gatewayd.wire.at import Event
from gatewayd.wire.modem_bringup import bring_up, hang_up, kept, look
from gatewayd.wire.modem_errors import Verdict
from gatewayd.wire.modem_notify import acknowledge
from gatewayd.wire.modem_profile import Profile, Wishes
from gatewayd.wire.modem_recovery import Rung, Step, Trouble
from gatewayd.wire.modem_sim import smsc
from gatewayd.wire.modem_steps import Interrupted, NoAnswer, Unusable, resync, watched

__all__ = ["Modem", "ModemSettings"]

WAITING_MAX = 64
SEGMENTS_MAX = 12
RESTARTS_MAX = 5  # during one bring-up
STALLED_S = 900.0  # beside what a submission may take: its task does not turn any more
CLOSE_LOOK_S = 5.0  # at one that is not registered, or that keeps nothing of what it does not tell: that one is also
CHECK_S = 1.0  # asked so often whether it still tells
FIRST_LISTING_S = 0.05  # a text that waited for the modem goes before what waited in it
NOISE_LISTING_S = 2.0

_log = logging.getLogger("gatewayd.channels.modem")


class _ToBeReopened(Exception):
    """A rung of the ladder that ends the line."""


class Modem:
    """See contract.Channel. `pin` is the value that the daemon read from `pin_file` or the credential."""

    def __init__(
        self, settings: ModemSettings, house: House, clock: Clock, *, pin: SecretStr | None = None,
        ports: Ports | None = None, used_s_ago: Sequence[float] = (),
    ) -> None:  # fmt: skip
        self._settings = settings
        self._house = house
        self._clock = clock
        self._wishes = Wishes(
            channel=settings.name,
            pin=checked_pin(pin),
            smsc=settings.smsc,
            storage=settings.storage,
            stored_reports=settings.stored_reports,
            imei=settings.imei or "",
            iccid=settings.iccid or "",
        )
        self._status = Status(settings.name, house, roaming_allowed=settings.roaming_allowed)
        self._mooring = Mooring(settings, ports or Ports(clock), self._status, house, clock)
        self._nap = Nap(clock)
        self._inbox = Inbox(settings.name, house, self._nap.wake)
        self._ear = Ear(self._inbox, self._nap.wake)
        self._ear.on_restart = self._restarted
        self._late = Late(settings.name, house, clock, self._inbox, self._ear, lambda: self.sim)
        self._sender = Sender(
            settings, clock, on_slow=self._overdue, late=self._late, pressed=self._pressed, used_s_ago=used_s_ago
        )  # fmt: skip
        self._balance = BalanceCheck(settings, house, clock, self._inbox, wake=self._nap.wake)
        self._profile = self._met = Profile()  # of the modem that was up last, and of the one that is being met
        self._talk: Talk | None = None
        self._draining = False
        self._closed = asyncio.Event()
        self._rescue = Rescue(settings, clock, self._status)
        self._fetch = Fetch(settings, clock, self._inbox, self._rescue)
        self._looking, self._listing, self._tidying = Duty(), self._fetch.listing, Duty()
        self._checking = Duty()
        self._outgoing_turn = True
        self._was_open = False
        self._unmet = ""  # why the last bring-up failed
        self._turned_at = clock.monotonic()

    # -- the contract --------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return self._settings.name

    @property
    def sim(self) -> str:
        return self._profile.sim

    window, kept = 1, 0

    def room(self, *, critical: bool = False) -> int:  # noqa: ARG002 - it takes one after the other
        return 1

    def pause_s(self, *, critical: bool = False) -> float:  # noqa: ARG002
        return self._sender.pause_s(self._clock.monotonic())

    def fit(self, words: str, recipient: str) -> Fit:  # noqa: ARG002 - a number costs no room here
        return fit(words, segments_max=SEGMENTS_MAX)

    def ready(self) -> bool:
        """Up, registered, and with room for one more."""
        return self._status.up and not self._sender.slow and not self._draining and len(self._sender) < WAITING_MAX

    async def send(self, submission: Submission, book: Book) -> Outcome:
        if not self.ready():
            return self._status.not_now()
        future = self._sender.add(submission, book)
        self._nap.wake()
        return await future

    def recall(self, attempt_id: str, reference: str | None, recipient: str) -> None:
        """SMS-COMMAND could; hardly a network obeys it."""

    async def drain(self, timeout_s: float) -> None:
        self._draining = True
        self._fetch.leave()
        self._sender.release(self._status.not_now())
        self._nap.wake()
        try:
            async with asyncio.timeout(timeout_s):
                await self._closed.wait()
        except TimeoutError:
            _log.warning("closing took too long", extra=self._extra("closing_late"))

    def stalled(self, now: float) -> bool:
        """See supervise.Turning."""
        return now - self._turned_at > STALLED_S + self._settings.submit_wait_s

    async def run(self) -> None:
        """Own the port until cancelled or drained."""
        self._closed.clear()
        self._turned_at = self._clock.monotonic()
        self._mooring.tie()
        backoff = Backoff(self._settings.reopen_s_max)
        try:
            while not self._draining:
                await self._one_session(backoff)
        finally:
            self._mooring.untie()
            self._status.concern = ""
            self._status.tell(state="down", reason="closed")
            self._sender.release(self._status.not_now())
            self._closed.set()

    # -- one opening of the port -----------------------------------------------------------------------------

    async def _one_session(self, backoff: Backoff) -> None:
        """Open, serve until the end of the line, close; then wait as long as the reason deserves."""
        mooring, rescue = self._mooring, self._rescue
        link = await mooring.open()
        if not isinstance(link, Link):
            await rescue.absent(link.reason, in_use=link.trouble in ("in_use", "wrong_modem"))
            self._ended(link)
            await self._rest(link.rest_s or backoff.after_failure(path_of(self._settings.port)))
            return
        rescue.opened()
        if self._was_open:
            self._house.reset(self.name, "the port was opened again")
        self._was_open = True
        ended = Ended("down", "closed", "", None)
        self._met = Profile()
        talk = self._talk = Talk(self._clock, link, on_event=self._heard, on_lost=self._nap.wake)
        try:
            await self._bring_up()
            backoff.reset()
            await self._work()
        except (Interrupted, NoAnswer, Unusable) as news:
            ended = mooring.ended(news, self._met, talk.octets)
            self._unmet = ended.reason if self._ear.starting else ""
            if not self._draining:
                self._ended(ended)  # a remedy takes its time
                trouble = trouble_of(news, moves=ended.moves, starting=self._ear.starting, deaf=self._ear.deaf)
                await rescue.fallen(trouble, ended.reason, talk)
        except _ToBeReopened as news:
            ended = ended._replace(reason=str(news))
        finally:
            talk.close()
            mooring.closed()
            self._talk = None
            self._late.quiet_until = None
            self._fetch.closed()
            self._ear.forget()
        self._ended(ended)
        if not self._draining:
            await self._rest(ended.rest_s if ended.rest_s is not None else backoff.after_loss())

    def _ended(self, ended: Ended) -> None:
        """There is no line now."""
        self._status.no_line(ended.state, ended.reason, ended.trouble, self._mooring.port, self._met)
        self._sender.release(self._status.not_now())

    async def _rest(self, seconds: float) -> None:
        """Back-off between two openings."""
        self._turned_at = float("inf")
        await rest(seconds, path_of(self._mooring.port), self._clock, over=lambda: self._draining)
        self._turned_at = self._clock.monotonic()

    async def _bring_up(self) -> None:
        """From whatever state to ready; a modem that restarts meanwhile is met again on the same line."""
        talk, ear = self._talk, self._ear
        assert talk is not None
        self._status.tell(state="starting", reason=self._unmet)
        self._sender.release(self._status.not_now())
        for _ in range(RESTARTS_MAX):
            ear.forget()
            ear.starting, self._checking.at = True, float("inf")
            try:
                met = self._met = Profile()
                wishes = self._mooring.wishes(self._wishes)
                self._profile = await talk.run(watched(bring_up(wishes, met)), ask=partial(ask, self._house))
                ear.echoes = False
                await talk.run(resync())
                break
            except Interrupted:
                if talk.gone is not None:
                    raise
        else:
            raise NoAnswer("it restarts again and again")
        ear.tolerates_echo = self._profile.echoes = ear.echoes  # some cannot be told to leave it
        ear.starting, self._unmet = False, ""
        ear.acknowledges = self._profile.acknowledges
        await self._mooring.up(self._profile)
        self._inbox.opened(self._profile.sim)
        self._late.deliver()
        self._late.first_line = False
        now = self._clock.monotonic()
        self._looking.begin(now, again_s=self._next_look_s())
        if self._profile.notify and not self._profile.storages:
            self._checking.begin(now, again_s=CHECK_S)
        self._listing.begin(now, again_s=FIRST_LISTING_S)
        self._balance.opened(self._profile.sim, now)
        self._rescue.brought_up()
        if self._profile.registered:
            self._rescue.heal("registered")
        self._status.judge(self._profile)
        if not self._profile.notify:
            _log.warning("no notification works here; the storage is polled", extra=self._extra("notification_missing"))

    def _heard(self, event: Event) -> None:
        self._mooring.hear(event, starting=self._ear.starting)
        self._balance.hear(event)
        self._ear.hear(event)

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
        self._turned_at = now
        self._hear(now)
        if self._ear.restarted:
            await self._again("the modem restarted")
        elif self._ear.lost_setup:
            self._ear.lost_setup = False
            await self._meet(talk, "unsettled", "the modem lost its settings")
        elif self._late.quiet_until is not None:
            await self._be_quiet(talk, self._late.quiet_until, now)
        elif self._ear.echo_back:
            self._ear.lost_setup = not await quieten(talk, self._ear, self._profile)
        elif not await self._duty(talk, now):
            await self._traffic(talk, now)

    def _hear(self, now: float) -> None:
        """What the modem said by itself becomes a time for a duty."""
        ear = self._ear
        if ear.deaf:
            raise NoAnswer("garbage on the line")
        if ear.late:
            self._late.deliver()
        if ear.prompted or ear.ringing:
            self._tidying.ask(now)
        if ear.look_due:
            ear.look_due = False
            self._looking.ask(now)
        if ear.listing_due:
            ear.listing_due = False
            self._listing.ask(now)
        if ear.noisy:
            ear.noisy = False
            self._listing.ask(now, in_s=NOISE_LISTING_S)  # who knows what it was

    async def _again(self, reason: str) -> None:
        """Bring it up on the same line."""
        if self._ear.restarted:
            self._rescue.restarted()
        self._house.reset(self.name, reason)
        self._fetch.closed()
        self._late.quiet_until = None
        await self._bring_up()

    async def _meet(self, talk: Talk, trouble: Trouble, reason: str) -> None:
        """Do what the ladder says about a trouble of this line."""
        await self._follow(await self._rescue.meet(trouble, reason, talk), reason)

    async def _follow(self, step: Step, reason: str) -> None:
        """What comes after a rung: all of the set-up again, or another line, or a rest."""
        if not step.taken or step.rung in (Rung.WAIT, Rung.RESYNC, Rung.HUMAN):
            self._status.judge(self._profile)
            if not self._status.up:
                self._sender.release(self._status.not_now())
        elif step.rung in (Rung.REOPEN, Rung.HOOK):
            raise _ToBeReopened(reason)
        else:
            self._ear.restarted = step.rung is not Rung.REINIT
            if step.rung is Rung.REINIT:
                await self._again(reason)

    async def _duty(self, talk: Talk, now: float) -> bool:
        """What goes before traffic; False when there was nothing."""
        if self._inbox.acknowledgements:
            self._inbox.acknowledgements -= 1
            if not await talk.run(watched(acknowledge())):
                self._looking.ask(now)  # it came too late: the modem may have fallen silent
        elif now >= self._rescue.due_at:
            await self._follow(await self._rescue.meet_again(talk), "it is still in trouble")
        elif now >= self._tidying.at:
            self._tidying.begin(now)
            await self._tidy(talk)
        elif now >= self._looking.at:
            await self._look(talk)
        elif now >= self._checking.at:
            await self._check(talk)
        else:
            return False
        return True

    async def _tidy(self, talk: Talk) -> None:
        """A prompt that nobody asked for has been left by ESC: see that all is well. A call is hung up."""
        ear = self._ear
        if ear.prompted:
            ear.prompted = False
            await talk.run(resync())
        if ear.ringing:
            ear.ringing = False
            await talk.run(watched(hang_up()))

    async def _traffic(self, talk: Talk, now: float) -> None:
        """One piece in or one text out, in turns; sleep when there is neither."""
        may_send_at = self._sender.due_at(now)
        outgoing = may_send_at is not None and may_send_at <= now
        incoming = self._fetch.due(now)
        if outgoing and (self._outgoing_turn or not incoming):
            self._outgoing_turn = False
            await self._send_one(talk)
        elif incoming:
            self._outgoing_turn = True
            await self._fetch.one(talk, self._profile, now)
        elif now >= self._balance.due_at:
            await self._balance.turn(talk, self._profile, now)
        else:
            times = [duty.at for duty in (self._looking, self._checking, self._tidying)]
            times += [self._fetch.due_at, self._rescue.due_at, self._balance.due_at]
            await self._nap.until(min(times if may_send_at is None else [*times, may_send_at]))

    async def _look(self, talk: Talk) -> None:
        now, profile = self._clock.monotonic(), self._profile
        self._looking.begin(now, again_s=self._settings.look_s)
        self._inbox.wary, self._ear.noise = self._ear.noise > 0, 0
        if not await talk.run(watched(look(profile))):
            await self._unsettled(talk)
            return
        self._looking.begin(now, again_s=self._next_look_s())
        found = self._rescue.looked(profile)
        self._status.judge(profile)
        if not self._status.up:
            self._sender.release(self._status.not_now())
        if found is not None:
            await self._meet(talk, *found)

    async def _check(self, talk: Talk) -> None:
        self._checking.begin(self._clock.monotonic(), again_s=CHECK_S)
        if not await talk.run(watched(kept(self._profile))):
            await self._unsettled(talk)

    async def _unsettled(self, talk: Talk) -> None:
        self._ear.lost_setup = True
        await self._rescue.unsettled(talk, self._profile)

    def _next_look_s(self) -> float:
        usual, profile = self._settings.look_s, self._profile
        return usual if profile.registered and profile.storages else min(usual, CLOSE_LOOK_S)

    # -- what an answer tells of the modem ---------------------------------------------------------------

    async def _send_one(self, talk: Talk) -> None:
        sent = await self._sender.send_one(talk, self._profile)
        if sent is None:
            return
        submission, verdict = sent
        if verdict.fate == "uncertain":
            self._begin_quiet(submission, verdict)
        await self._mend(talk, verdict)
        if self._status.health.state == "resting" and self._late.quiet_until is None:
            self._status.judge(self._profile)  # it was overdue, and is no more

    async def _mend(self, talk: Talk, verdict: Verdict) -> None:
        """What is to be done about the modem before the next text."""
        now = self._clock.monotonic()
        if self._rescue.sent(verdict):
            await self._meet(talk, "failing", f"texts fail, the last: {verdict.reason}")
            return
        match verdict.trouble:
            case "sim":
                self._ear.lost_setup = True
            case "network":
                self._looking.ask(now)
            case "full":
                self._listing.ask(now)
            case "smsc":
                await talk.run(watched(smsc(self._profile, self._wishes)))
            case "modem":
                await talk.run(resync())
            case _:
                pass

    def _overdue(self) -> None:
        """A text has been out for long: the others shall not wait behind it."""
        self._status.tell(state="resting", reason="an answer of the network is overdue")
        self._sender.release(self._status.not_now())

    def _pressed(self, out_s: float) -> bool:
        """Texts that wait for this modem alone, or to be read, have lost patience; after a restart no late answer can
        meet them."""
        unread = bool(self._inbox.reads) or self._ear.listing_due
        return self._rescue.may_restart and self._house.pressed(self.name, out_s, unread=unread)

    def _restarted(self) -> None:
        """A sign of a restart that is no proof: what waits now would wait for ever."""
        if self._talk is not None:
            self._talk.interrupt("the modem restarted")

    # -- answers that come late ------------------------------------------------------------------------------

    def _begin_quiet(self, submission: Submission, verdict: Verdict) -> None:
        """Nobody knows whether it went out. Listen on, and write nothing that could cut the answer off."""
        if self._late.begin(submission, verdict, self._clock.monotonic(), wait_s=self._sender.late_wait_s):
            self._status.tell(state="resting", reason="waiting for a late answer")
            self._sender.release(self._status.not_now())

    async def _be_quiet(self, talk: Talk, until: float, now: float) -> None:
        """Until the answer has come or will not come; then make sure that it cannot meet the next text."""
        late = self._late
        if late.awaited and now < until:
            await self._nap.until(until)
            return
        await talk.run(resync())
        late.deliver()
        late.quiet_until = None
        if late.awaited and late.silent:
            await self._meet(talk, "unanswered", "a submission was never answered")
        else:
            self._status.judge(self._profile)

    def _extra(self, event: str) -> dict[str, str]:
        return {"event": event, "channel": self.name}
