"""A channel that takes several texts at once: each is on disk before it goes, the most urgent goes next, and one that
cannot be booked costs no other one anything."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from gatewayd.channels.contract import Book, Submission
from gatewayd.clock import SECOND
from gatewayd.delivery.outcome import Accepted, Outcome, Withdrawn
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.dispatch import Dispatch
from gatewayd.model import NewMessage, Priority
from gatewayd.queue import Queue
from gatewayd.store import journal, messages
from gatewayd.store.sqlite import SqliteStore
from gatewayd.ways import Ways
from tests import virtual
from tests.channels.plain import PlainChannel
from tests.channels.virtual import clock

WINDOW = 4


class Bureau(PlainChannel):
    """Answers a text only when it is told to."""

    name, sim, window = "north", "smpp:us", WINDOW

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.sent: list[str] = []
        self._open: list[asyncio.Future[None]] = []
        self.silent = True

    async def send(self, submission: Submission, book: Book) -> Outcome:
        if not await book():
            return Withdrawn()
        row = self._store.peek(messages.get_attempt, int(submission.attempt_id))
        assert row is not None, "its bytes would be on the wire before its row is on the disk"
        assert row["state"] == "started"
        self.sent.append(submission.segment)
        if self.silent:
            self._open.append(asyncio.get_running_loop().create_future())
            await self._open[-1]
        return Accepted(submission.attempt_id)

    def answer(self, count: int) -> None:
        for _ in range(count):
            self._open.pop(0).set_result(None)


class Office:
    def __init__(self, directory: Path) -> None:
        self._clock = clock()
        self.store = SqliteStore(directory, self._clock, inline=True)
        self.store.open()
        self.bureau = Bureau(self.store)
        ways = Ways(lambda _: ("north",))
        self.queue = Queue(DeliverySettings(), ways=ways, woken=lambda: self.dispatch.woken(), dice=lambda: 0.5)
        self.dispatch = Dispatch(self.store, self._clock, lambda: self.queue)

    def open(self) -> None:
        self.dispatch.add(self.bureau)

    async def text(self, words: str, priority: Priority = Priority.NORMAL, to: str = "+447700900111") -> int:
        now = self._clock.now()
        new = NewMessage("text", to, words, priority, expires_at=now + 3600 * SECOND)
        return await self.store.write(self.queue.enqueue, new, now=now)

    async def withdraw(self, number: int) -> None:
        await self.store.write_first(self.queue.withdraw, number, by="anna", now=self._clock.now())

    def states(self) -> dict[str, str]:
        rows = self.store.peek(lambda reader: reader.all("SELECT text, state FROM message"))
        return {row["text"]: row["state"] for row in rows}


def tell(directory: Path, story: Callable[[Office], Awaitable[None]]) -> None:
    async def whole() -> None:
        office = Office(directory)
        await story(office)
        await office.dispatch.stop(5)
        assert office.store.peek(lambda reader: list(journal.breaks(reader))) == []
        await office.store.close()

    virtual.run(whole())


def test_a_critical_text_goes_next_whatever_waits(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        for number in range(12):
            await office.text(f"text {number}")
        office.open()
        await asyncio.sleep(1)
        assert office.bureau.sent == [f"text {number}" for number in range(WINDOW)]
        await office.text("core is down", Priority.CRITICAL)
        await asyncio.sleep(1)
        office.bureau.answer(2)
        await asyncio.sleep(1)
        assert office.bureau.sent[WINDOW:] == ["core is down", "text 4"]
        office.bureau.silent = False
        office.bureau.answer(WINDOW)
        await asyncio.sleep(1)
        assert set(office.states().values()) == {"sent"}

    tell(tmp_path, story)


def test_what_is_taken_back_before_its_booking_is_not_sent(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        numbers = [await office.text(f"text {number}") for number in range(WINDOW)]
        office.open()
        withdrawal = asyncio.ensure_future(office.withdraw(numbers[1]))  # it and the looks at the queue are both begun
        await asyncio.sleep(1)
        await withdrawal
        assert sorted(office.bureau.sent) == ["text 0", "text 2", "text 3"]
        assert office.states()["text 1"] == "withdrawn"
        office.bureau.answer(3)

    tell(tmp_path, story)


def test_one_that_cannot_be_booked_costs_the_others_nothing(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        office.store._write.execute(
            "CREATE TRIGGER no BEFORE INSERT ON attempt WHEN NEW.recipient = '+447700900999'"
            " BEGIN SELECT RAISE (ABORT, 'no'); END"
        )
        for number in range(9):
            await office.text(f"text {number}", to="+447700900999" if number == 2 else "+447700900111")
        office.bureau.silent = False
        office.open()
        await asyncio.sleep(0.5)
        assert office.bureau.sent[:3] == ["text 0", "text 1", "text 3"], "its fellows went at once"
        await asyncio.sleep(30)
        assert {words: state for words, state in office.states().items() if state != "sent"} == {"text 2": "queued"}
        office.store._write.execute("DROP TRIGGER no")
        await asyncio.sleep(5)
        assert sorted(office.bureau.sent) == [f"text {number}" for number in range(9)], "each of them once"
        assert set(office.states().values()) == {"sent"}

    tell(tmp_path, story)


def test_a_channel_that_leaves_ends_with_its_last_answer(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        await office.text("text 0")
        await office.text("text 1")
        office.open()
        await asyncio.sleep(1)
        leaving = asyncio.ensure_future(office.dispatch.remove("north"))
        await office.text("text 2")
        await asyncio.sleep(100)
        assert not leaving.done()
        office.bureau.answer(2)
        await asyncio.sleep(1)
        assert leaving.done()
        assert office.states() == {"text 0": "sent", "text 1": "sent", "text 2": "queued"}

    tell(tmp_path, story)
