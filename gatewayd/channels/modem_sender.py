"""The texts that wait for a modem, and the putting of one of them on the air."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gatewayd.channels.contract import Book, Submission
from gatewayd.channels.modem_late import Late
from gatewayd.channels.modem_outcome import encode, outcome_of
from gatewayd.channels.modem_pace import Pace
from gatewayd.channels.modem_settings import ModemSettings
from gatewayd.channels.modem_talk import Booking, Question, Talk
from gatewayd.clock import Clock
from gatewayd.delivery.outcome import Accepted, Deferred, Outcome, Refused, Uncertain
from gatewayd.wire import tpdu
from gatewayd.wire.modem_errors import Verdict, Watch
from gatewayd.wire.modem_profile import Profile
from gatewayd.wire.modem_send import Manner, send_pdu
from gatewayd.wire.modem_steps import Interrupted

SLOW_S = 30.0  # an answer that takes longer stops the channel from taking more
USUAL_MARGIN = 1.2  # an answer is given up early only when it takes so much longer than others took,
USUAL_FADES = 0.9  # which is forgotten by and by, with each text that is accepted faster
NO_VALIDITY_S = 86_400.0  # so long texts go without the period that a service centre did not take
ASK_AGAIN_S = 5.0  # from then on: whether urgent texts wait for this channel alone

# Whether a text that has been out for so many seconds is waited for no longer, for the sake of those that wait.
Pressed = Callable[[float], bool]


@dataclass(slots=True)
class _Waiting:
    submission: Submission
    book: Book
    future: asyncio.Future[Outcome]

    def answer(self, outcome: Outcome) -> None:
        if not self.future.done():
            self.future.set_result(outcome)


class Sender:
    """First in, first out, at the pace that is allowed. `slow` while an answer is overdue.

    `late_wait_s`: how long a late answer to the last text may be waited for; no more when that was given up early.
    """

    def __init__(
        self, settings: ModemSettings, clock: Clock, *, on_slow: Callable[[], None], late: Late, pressed: Pressed,
        used_s_ago: Sequence[float] = (),
    ) -> None:  # fmt: skip
        self.slow = False
        self.late_wait_s = settings.late_wait_s
        self._settings = settings
        self._clock = clock
        self._on_slow = on_slow
        self._late = late
        self._pressed = pressed
        self._usual_s = 0.0  # how long answers may take here, by experience
        self._gave_up = False  # an answer early, and nothing was accepted since: the next one has all its time
        self._timer: asyncio.TimerHandle | None = None
        self._queue: deque[_Waiting] = deque()
        self._pace = Pace(settings.rate_per_minute, settings.burst)
        for ago_s in used_s_ago:
            self._pace.sent(clock.monotonic() - ago_s)
        self._watch = Watch()
        self._no_validity: tuple[str, float] = ("", 0.0)  # the card whose service centre took none, and until when

    def __len__(self) -> int:
        return len(self._queue)

    def add(self, submission: Submission, book: Book) -> asyncio.Future[Outcome]:
        waiting = _Waiting(submission, book, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        return waiting.future

    def due_at(self, now: float) -> float | None:
        """When the next one may go; None when none waits."""
        return self._pace.next_at(now) if self._queue else None

    def pause_s(self, now: float) -> float:
        """How long until the pace allows the next one."""
        return max(0.0, self._pace.next_at(now) - now)

    def release(self, outcome: Deferred) -> None:
        """Nothing of these is on the wire: they may go another way."""
        while self._queue:
            self._queue.popleft().answer(outcome)

    async def send_one(self, talk: Talk, profile: Profile) -> tuple[Submission, Verdict] | None:
        """Send the next one and tell who waits for it; the verdict is for the modem's own use."""
        waiting = self._queue.popleft()
        submission = waiting.submission
        if waiting.future.cancelled():
            return None
        try:
            card, until = self._no_validity
            plain = profile.iccid == card and self._clock.monotonic() < until
            pdu = encode(submission, validity=not plain)
        except tpdu.PduError as error:
            waiting.answer(Refused(f"cannot be written as a PDU: {error}", "pdu"))
            return None
        began = self._clock.monotonic()
        self._pace.sent(began)
        self.late_wait_s = self._settings.late_wait_s
        self._timer = asyncio.get_running_loop().call_later(SLOW_S, self._too_slow, talk)
        try:
            sent = await self._send(talk, waiting, pdu, profile)
            if sent is not None and sent[1].fate == "accepted":
                self._gave_up = False
                self._usual_s = max(self._clock.monotonic() - began, self._usual_s * USUAL_FADES)
            return sent
        finally:
            self._timer.cancel()
            self.slow = False

    async def _send(
        self, talk: Talk, waiting: _Waiting, pdu: tpdu.SubmitPdu, profile: Profile
    ) -> tuple[Submission, Verdict] | None:
        submission, booking = waiting.submission, Booking(waiting.book)
        manner = self._manner(profile)

        def ask(question: Question) -> asyncio.Future[bool]:
            asked = booking.ask(question)
            asked.add_done_callback(lambda _: self._late.deliver())  # what was said until now is not of this text
            return asked

        try:
            dialogue = send_pdu(pdu.hex, pdu.tpdu_octets, manner)
            verdict = await talk.run(dialogue, ask=ask, early=booking.start)
            profile.one_line = manner.one_line
            await booking.settled()
        except Interrupted as news:  # the line had ended before the first octet
            waiting.answer(Deferred(str(news), "modem", 1.0, "channel"))
            return None
        except asyncio.CancelledError:
            self._settle(waiting, _when_stopped(talk))
            raise
        except Exception as error:  # noqa: BLE001 - the booking failed: its owner shall know, the port goes on
            if not waiting.future.done():
                waiting.future.set_exception(error)
            return None
        verdict = self._watch.saw(submission.recipient, verdict)
        if verdict.code in {"cms 198", "cms 199"}:  # this service centre takes no validity period
            self._no_validity = (profile.iccid, self._clock.monotonic() + NO_VALIDITY_S)
        if talk.was_submitted:
            verdict = self._late.saw(submission, verdict)
        self._settle(waiting, outcome_of(verdict))
        return submission, verdict

    def _settle(self, waiting: _Waiting, outcome: Outcome) -> None:
        if waiting.future.cancelled() and isinstance(outcome, Accepted | Refused | Uncertain):
            self._late.orphan(waiting.submission, outcome)
        waiting.answer(outcome)

    def _manner(self, profile: Profile) -> Manner:
        settings = self._settings
        return Manner(
            settings.prompt_wait_s,
            settings.submit_wait_s,
            profile.vendor,
            profile.prompts,
            profile.echoes,
            profile.one_line,
            self._late.spent(profile),
            profile.notify,
        )

    def _too_slow(self, talk: Talk) -> None:
        self._timer = asyncio.get_running_loop().call_later(ASK_AGAIN_S, self._too_slow, talk)
        if not self.slow:
            self.slow = True
            self._on_slow()
        elif not self._gave_up and talk.out_s > self._usual_s * USUAL_MARGIN and self._pressed(talk.out_s):
            self._gave_up, self.late_wait_s = True, 0.0
            talk.give_up()


def _when_stopped(talk: Talk) -> Outcome:
    if talk.was_submitted:
        return Uncertain("stopped while the network had it", "stopped")
    return Deferred("stopped", "stopped", 0.0, "channel")
