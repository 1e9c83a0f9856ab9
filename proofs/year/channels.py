"""Modems and a bureau as the house sees them (channels/contract.py), with the year's air behind them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC
from functools import partial
from itertools import count

from gatewayd.channels.contract import Book, Health, House, Incoming, Receipt, Submission
from gatewayd.clock import SECOND, pause
from gatewayd.delivery.outcome import Accepted, Deferred, Outcome, Uncertain, Withdrawn
from proofs.year.air import Air, Sim, Text
from proofs.year.behaviour import EPOCH, WORLD
from proofs.year.chance import Spans, around
from tests.channels.plain import PlainChannel

assert EPOCH.tzinfo is UTC
EPOCH_US = int(EPOCH.timestamp()) * SECOND


def stamp(at: float) -> int:
    """As a service centre writes it: whole seconds."""
    return EPOCH_US + int(at) * SECOND


class Door:
    """The way into the house; shut while it is restarted. What comes in meanwhile waits where it is."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.house: House

    async def enter(self) -> House:
        await self.open.wait()
        return self.house


class _Channel(PlainChannel):
    """`gone`: when it cannot be used. `end` takes it down for good."""

    def __init__(self, name: str, sim: str, gone: Spans, notice_s: float, door: Door) -> None:
        self.name = name
        self.sim = sim
        self._gone = gone
        self._notice_s = notice_s
        self._door = door
        self._ended = False

    def recall(self, attempt_id: str, reference: str | None, recipient: str) -> None:
        """Nothing is promised, and nothing is done."""

    async def drain(self, _: float) -> None:
        self._ended = True

    async def run(self) -> None:
        """Tell how it is, at each change."""
        for begins, ends in (*self._gone.spans, (float("inf"), 0.0)):
            if ends and ends <= now():
                continue
            if begins > now():
                self._door.house.health(self.name, Health(state="up", sim=self.sim, registration="home"))
            await pause(min(max(0.0, begins + self._notice_s - now()), 1e9))
            self._door.house.health(self.name, Health(state="down", reason="no answer", sim=self.sim))
            await pause(max(0.0, ends - now()))


class Modem(_Channel):
    """What it carries goes to its SIM's network."""

    def __init__(self, sim: Sim, air: Air, door: Door) -> None:
        super().__init__(sim.name, f"sim-{sim.name}", sim.gone, WORLD.radio.sick_notice_s, door)
        self._card = sim
        self._air = air
        self._references = count(1)
        sim.heard = self._heard

    def ready(self) -> bool:
        """It is not known at once that a modem answers no more."""
        begun = max((b for b, e in self._gone.spans if b <= now() < e), default=None)
        return not self._ended and (begun is None or now() < begun + self._notice_s)

    async def send(self, submission: Submission, book: Book) -> Outcome:
        await pause(0.7)
        if not await book():
            return Withdrawn()
        text = _text(submission)
        of = self._air.dice("radio", text)
        reference = next(self._references) % 256
        put = partial(self._air.submit, self._card, text, self._report(reference, submission.recipient))
        if now() in self._gone or of.random() < WORLD.radio.answer_lost:
            if of.random() < WORLD.radio.answer_lost_taken:
                put()
            await pause(WORLD.radio.sick_answer_s)
            return Uncertain("no answer", "silence")
        await pause(around(of, WORLD.radio.takes_s, WORLD.radio.takes_spread))
        if now() in self._card.congested and of.random() < WORLD.radio.congested_refused:
            return Deferred("congestion", "42", 30.0, "channel")
        put()
        return Accepted(str(reference))

    def _report(self, reference: int, recipient: str) -> Callable[[int], None]:
        sent_at = now()

        def told(status: int) -> None:
            spawn(self._reported(reference, recipient, sent_at, status))

        return told

    async def _reported(self, reference: int, recipient: str, sent_at: float, status: int) -> None:
        done_at = now()
        await pause(self._gone.free_from(done_at) - done_at)
        house = await self._door.enter()
        await house.receipt(
            Receipt(self.name, self.sim, str(reference), recipient, status, stamp(sent_at), stamp(done_at), raw="")
        )

    def _heard(self, sender: str, words: str, at: float) -> None:
        text = Incoming(self.name, self.sim, sender, sender_alphanumeric=False, text=words, sent_at=stamp(at), raw="")
        spawn(self._received(text))

    async def _received(self, text: Incoming) -> None:
        house = await self._door.enter()
        await house.received(text)


class Bureau(_Channel):
    """Takes several at once and reports nothing."""

    window = 4

    def __init__(self, name: str, air: Air, door: Door) -> None:
        super().__init__(name, f"tap:{name}", air.bureau_down, 0.0, door)
        self._air = air

    def ready(self) -> bool:
        return not self._ended and now() not in self._gone

    async def send(self, submission: Submission, book: Book) -> Outcome:
        if not await book():
            return Withdrawn()
        await pause(WORLD.bureau.takes_s)
        if now() in self._gone:
            return Uncertain("the line went away", "silence")
        self._air.page(_text(submission))
        return Accepted(None)


def _text(submission: Submission) -> Text:
    return Text(
        submission.recipient,
        submission.segment,
        int(submission.message_id),
        submission.validity_s,
        submission.part,
        submission.parts,
    )


_RUNNING: set[asyncio.Future[None]] = set()


def spawn(work: object) -> None:
    """Run it beside the rest; a fault in it is a fault of the proof and ends it."""
    task = asyncio.ensure_future(work)  # type: ignore[call-overload]
    _RUNNING.add(task)
    task.add_done_callback(_ended)


def _ended(task: asyncio.Future[None]) -> None:
    _RUNNING.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        task.get_loop().call_exception_handler({"message": "a task of the year failed", "exception": error})


def now() -> float:
    return asyncio.get_running_loop().time()
