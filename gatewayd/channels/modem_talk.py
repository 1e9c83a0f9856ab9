"""Runs the dialogues of `gatewayd.wire` over an open line: the shell around the AT core.

Steps are taken in the callback that brought the answer, so that a dialogue of twenty commands wakes its task once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from gatewayd.channels.link import Link
from gatewayd.clock import Clock
from gatewayd.wire.at import AtCore, Command, Event, Kind, Phase, Reset, Result
from gatewayd.wire.modem_steps import (
    BeforeSubmit,
    Dialogue,
    Escape,
    Gap,
    Interrupted,
    Listen,
    MayTryPin,
    PinResult,
    SimOfPin,
    Step,
    Submit,
    Wake,
)

T = TypeVar("T")
Question = BeforeSubmit | MayTryPin | SimOfPin | PinResult
Ask = Callable[[Question], "asyncio.Future[Any]"]

TICK_S = 1e-6  # the clock's step: a timer shorter than that could ring without time having passed

_log = logging.getLogger("gatewayd.channels.modem")


def _nothing() -> None:
    pass


async def _nobody() -> bool:
    return False


def _refuse(_: Question) -> asyncio.Future[Any]:
    return asyncio.ensure_future(_nobody())


class Talk:
    """One line, one dialogue at a time. `on_event` gets everything that is no answer; `on_lost` the end."""

    def __init__(
        self, clock: Clock, link: Link, *, on_event: Callable[[Event], None], on_lost: Callable[[], None]
    ) -> None:
        self.core = AtCore()
        self.gone: str | None = None  # why the line ended
        self.octets = 0  # that came in
        self.was_submitted = False  # whether the last dialogue wrote a PDU
        self._clock = clock
        self._link = link
        self._loop = asyncio.get_running_loop()
        self._on_event = on_event
        self._on_lost = on_lost
        self._dialogue: Dialogue[Any] | None = None
        self._future: asyncio.Future[Any] | None = None
        self._ask: Ask = _refuse
        self._early: Callable[[], None] = _nothing
        self._asked: asyncio.Future[Any] | None = None
        self._listen_until: float | None = None
        self._stepping = False
        self._interruption: str | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        link.start(self._received, self._lost)

    async def run(self, dialogue: Dialogue[T], *, ask: Ask = _refuse, early: Callable[[], None] = _nothing) -> T:
        """What the dialogue returns or raises. `early` is called when a command that leads to a prompt is written."""
        assert self._dialogue is None, "one dialogue at a time"
        if self.gone is not None:
            dialogue.close()
            raise Interrupted(self.gone)
        future: asyncio.Future[T] = self._loop.create_future()
        self._dialogue, self._future, self._ask, self._early = dialogue, future, ask, early
        self._interruption, self.was_submitted = None, False
        self._step(None)
        self._flush()
        try:
            return await future
        finally:
            if self._future is future:  # cancelled from outside
                self._forget().close()
                self._flush()

    def interrupt(self, reason: str) -> None:
        """End the step that waits, as soon as what has come in is dealt with."""
        if self._dialogue is not None and not self._stepping:
            self._interruption = reason
            self._loop.call_soon(self._interrupt_now)

    @property
    def out_s(self) -> float:
        """For how long a text has been out without its answer."""
        return self.core.out_s(self._clock.monotonic())

    def give_up(self) -> None:
        """The answer to the text that is out has had its time."""
        self.core.give_up(self._clock.monotonic())
        self._pump()

    def close(self) -> None:
        """Let go of the line."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._link.close()

    # -- what the line brings ------------------------------------------------------------------------------------

    def _received(self, data: bytes) -> None:
        self.octets += len(data)
        self.core.receive(data, self._clock.monotonic())
        self._pump()

    def _lost(self, reason: str) -> None:
        self.gone = reason
        self.core.abandon()
        self._throw(Interrupted(reason))
        self._on_lost()

    def _timed(self) -> None:
        self._timer = None
        now = self._clock.monotonic()
        self.core.on_deadline(now)
        if self._listen_until is not None and now >= self._listen_until:
            self._listen_until = None
            self._step(None)
        self._pump()

    def _pump(self) -> None:
        for event in self.core.events():
            if isinstance(event, Result):
                if self._dialogue is not None:
                    self._step(event)
            else:
                self._on_event(event)
                if isinstance(event, Reset):
                    self._throw(Interrupted("the modem restarted"))
        self._flush()

    def _interrupt_now(self) -> None:
        reason, self._interruption = self._interruption, None
        if reason is not None and self._dialogue is not None:
            self.core.abandon()
            self._throw(Interrupted(reason))
            self._flush()

    def _flush(self) -> None:
        data = self.core.data_to_send()
        if data:
            self._link.write(data)
        deadline = self.core.next_deadline()
        if self._listen_until is not None and (deadline is None or self._listen_until < deadline):
            deadline = self._listen_until
        if deadline is None or (self._timer is not None and self._timer_at <= deadline):
            return  # a timer that is too early looks again when it rings
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = deadline
        self._timer = self._loop.call_later(max(TICK_S, deadline - self._clock.monotonic()), self._timed)

    # -- the dialogue ------------------------------------------------------------------------------------------------

    def _throw(self, error: Exception) -> None:
        if self._dialogue is not None:
            self._asked, self._listen_until = None, None
            self._step(None, error)

    def _step(self, reply: Any, error: Exception | None = None) -> None:
        """Send the reply in and take steps until one has to wait."""
        dialogue = self._dialogue
        assert dialogue is not None
        self._stepping = True
        try:
            while True:
                step = dialogue.throw(error) if error is not None else dialogue.send(reply)
                error = None
                if self.gone is not None:
                    error = Interrupted(self.gone)
                elif self._waits(step):
                    return
                else:
                    reply = Result(Kind.CLOSED) if isinstance(step, Submit) else None
        except StopIteration as stop:
            future = self._future
            self._forget()
            if future is not None and not future.done():
                future.set_result(stop.value)
        except Exception as failure:  # noqa: BLE001 - whatever it is, it belongs to who runs the dialogue
            future = self._future
            self._forget()
            if future is not None and not future.done():
                future.set_exception(failure)
        finally:
            self._stepping = False

    def _waits(self, step: Step) -> bool:
        """Begin the step; False when it is over already."""
        now = self._clock.monotonic()
        match step:
            case Command():
                self.core.execute(step, now)
                if step.prompt:
                    self._early()
            case Submit():
                self.was_submitted = self.core.submit(
                    step.pdu_hex, step.timeout_s, now, command=step.command, spent=step.spent
                )
                return self.was_submitted
            case Escape():
                self.core.escape(step.wait_s, now)
            case Listen():
                self._listen_until = now + step.for_s
            case Wake():
                self.core.wake()
                return False
            case Gap():
                self.core.gap_s = step.gap_s
                return False
            case BeforeSubmit() | MayTryPin() | SimOfPin() | PinResult():
                asked = self._asked = self._ask(step)
                asked.add_done_callback(self._answered)
        return True

    def _answered(self, asked: asyncio.Future[Any]) -> None:
        if self._asked is not asked:
            return  # nobody waits for it any more
        self._asked = None
        if asked.cancelled() or asked.exception() is not None:
            failure = "cancelled" if asked.cancelled() else repr(asked.exception())
            _log.error("the house could not answer: %s", failure, extra={"event": "question_failed"})
            self._step(reply=False)
        else:
            self._step(asked.result())
        self._pump()

    def _forget(self) -> Dialogue[Any]:
        """The dialogue is over; leave no prompt open behind it."""
        dialogue = self._dialogue
        assert dialogue is not None
        self._dialogue = self._future = self._asked = self._listen_until = None
        self._ask, self._early = _refuse, _nothing
        if self.core.phase is Phase.PROMPTED and self.gone is None:
            self.core.escape(0.0, self._clock.monotonic())
        if self.core.phase is not Phase.IDLE:
            self.core.abandon()
        return dialogue


class Booking:
    """`book()` begun early, awaited once."""

    def __init__(self, book: Callable[[], Awaitable[bool]]) -> None:
        self._book = book
        self._task: asyncio.Future[bool] | None = None

    def start(self) -> None:
        if self._task is None:
            self._task = asyncio.ensure_future(self._book())

    def ask(self, _: Question) -> asyncio.Future[bool]:
        self.start()
        assert self._task is not None
        return self._task

    async def settled(self) -> None:
        """Return when no commit is under way; raises what the booking raised."""
        if self._task is not None and not self._task.done():
            await asyncio.wait([self._task])
        if self._task is not None:
            self._task.result()
