"""What goes into the books together leaves them as if it had gone one by one."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from gatewayd.channels.contract import Receipt
from gatewayd.clock import SECOND, Clock
from gatewayd.delivery.outcome import Accepted, Deferred, Outcome, Refused, Uncertain
from gatewayd.delivery.plan import Plan
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.delivery.status import StatusClass
from gatewayd.desk import Desk
from gatewayd.model import NewMessage, Priority, Report, Severity
from gatewayd.oncall import codes
from gatewayd.queue import Queue
from gatewayd.sorting import Answer, Booking, Sorter, Told
from gatewayd.store import incidents, journal, messages
from gatewayd.store.db import Reader, Tx
from gatewayd.store.sqlite import SqliteStore
from gatewayd.ways import Ways
from tests.web.front import DIRECTORY

BUREAU, SIM, NUMBERS = "north", "smpp:us@north", [f"+4477009001{n:02}" for n in range(8)]
HOURLY, HOURLY_SIM = "south", "smpp:us@south"
MODEMS = {"modem1": "89440001", "modem2": "89440002", "modem3": "89440003"}  # and their SIMs
COMES_ROUND = 5  # texts of a SIM until the network's references repeat, so that they do so within one night
TP_STATUS: dict[StatusClass, int] = {
    "delivered": 0x00,
    "pending": 0x30,
    "forwarded": 0x01,
    "failed": 0x46,
    "gave_up": 0x63,
}
REPORTS: list[StatusClass] = ["delivered"] * 6 + ["pending", "forwarded", "failed", "gave_up"]


class Books:
    """One ledger; `together` or, as the measure, one by one."""

    def __init__(self, directory: Path, *, together: bool) -> None:
        self.store = SqliteStore(directory, Clock(), inline=True)
        self.store.open()
        ways = Ways(lambda _: (BUREAU, HOURLY))
        ways.furnish(Plan(per_hour={HOURLY: 3}), DeliverySettings())
        self.queue = Queue(DeliverySettings(), ways=ways, woken=lambda: None, dice=lambda: 0.5)
        self.desk = Desk(DIRECTORY, DeliverySettings(), self.queue)
        self._sorter = Sorter(lambda: self.queue)
        self._together = together

    async def write(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await self.store.write(function, *args, **kwargs)

    async def book(self, bookings: Sequence[Booking]) -> list[bool]:
        if self._together:
            return list(await self.write(self._sorter.book, bookings))
        return [await self.write(self._book, b) for b in bookings]

    def _book(self, tx: Tx, b: Booking) -> bool:
        said = {"part": b.part, "parts": b.parts, "channel": b.channel, "sim": b.sim, "now": b.now}
        return self.queue.book(tx, b.attempt_id, b.message, reference_before=b.reference_before, **said)

    async def answered(self, answers: Sequence[Answer]) -> list[int | None]:
        if self._together:
            return list(await self.write(self._sorter.answered, answers))
        return [await self.write(self._answered, a) for a in answers]

    def _answered(self, tx: Tx, a: Answer) -> int | None:
        self.queue.answered(tx, a.booking.attempt_id, a.outcome, by="answer", now=a.now)
        if a.resting is not None:
            self.queue.channel_lost(tx, a.booking.channel, now=a.now, resting=a.resting)
        return journal.incident_of(tx, a.booking.message["id"])

    async def reported(self, reports: Sequence[tuple[Receipt, int]]) -> list[Told]:
        if self._together:
            return list(await self.write(self._sorter.reported, reports))
        return [await self.write(self._reported, *r) for r in reports]

    def _reported(self, tx: Tx, receipt: Receipt, now: int) -> Told:
        found = self.queue.receipt(tx, receipt, now=now)
        if found.attempt is None:
            return Told(found.verdict)
        number = found.attempt.message_id
        attempt = messages.get_attempt(tx, found.attempt.id)
        assert attempt is not None
        answered = (attempt["started_at"], attempt["ended_at"]) if attempt["settled_by"] == "answer" else None
        return Told(found.verdict, journal.incident_of(tx, number), number, found.attempt.id, answered)

    def pages(self) -> dict[str, Any]:
        """All that is in them but the order in which it was written."""
        return self.store.peek(_pages)


def _pages(reader: Reader) -> dict[str, Any]:
    keys = {"message": "id", "attempt": "id", "wait": "kind, subject", "resting": "recipient", "route": "sim"}
    keys |= {"page": "id", "allowance": "channel, recipient, at", "incident": "id"}
    told = {
        table: [dict(row) for row in reader.all(f"SELECT * FROM {table} ORDER BY {key}")] for table, key in keys.items()
    }
    reports = [dict(row) for row in reader.all("SELECT * FROM receipt")]
    told["receipt"] = sorted([{k: v for k, v in row.items() if k != "id"} for row in reports], key=str)
    lines = reader.all("SELECT at, event, incident_id, message_id, attempt_id, facts FROM journal ORDER BY seq")
    told["journal"] = sorted([tuple(dict(row).values()) for row in lines], key=lambda line: str(line[3]))
    told["breaks"] = list(journal.breaks(reader))
    return told


class Night:
    """The same things happen in both; chance decides which, and never looks at the books but through `due`."""

    def __init__(self, seed: int, books: Books) -> None:
        self.chance = random.Random(seed)
        self.books = books
        self.now = 1_800_000_000 * SECOND
        self.attempts = 0
        self.open: list[Booking] = []
        self.names: list[tuple[str, str, str, int]] = []  # account, name, recipient, and when the network had it
        self.references: Counter[str] = Counter()  # of each SIM: what its network counted
        self.told: list[Any] = []

    async def pass_by(self) -> None:
        await self.books.write(incidents.lay_out_codes, codes.pool())
        for _ in range(14):
            self.now += self.chance.randrange(1, 20) * SECOND
            for what in (self.take_in, self.book, self.answer, self.meddle, self.report):
                if self.chance.random() < 0.8:
                    await what()

    async def take_in(self) -> None:
        for _ in range(self.chance.randrange(1, 9)):
            number, chance = self.chance.choice(NUMBERS), self.chance.random()
            if chance < 0.2:
                report = Report(
                    source="t", key=str(self.chance.random()), group="", service="db", severity=Severity.CRITICAL,
                    summary="disk full", status="firing", details={}, starts_at=None,
                )  # fmt: skip
                await self.books.write(self.books.desk.report, report, now=self.now)
                continue
            new = NewMessage(
                kind="text", recipient=number, text="page " * (60 if chance > 0.9 else 1),
                priority=Priority(self.chance.randrange(4)), report=self.chance.random() < 0.7,
                expires_at=self.now + self.chance.choice([10, 3600]) * SECOND,
            )  # fmt: skip
            await self.books.write(self.books.queue.enqueue, new, now=self.now)

    async def book(self) -> None:
        in_hand = [(b.message["id"], b.message["round"]) for b in self.open]
        due = self.books.store.peek(messages.next_few, ("", BUREAU), now=self.now, in_hand=in_hand, limit=6)
        if due and self.chance.random() < 0.2:  # between the look and the booking somebody takes it back
            await self.books.write(_withdraw, self.books.queue, due[0]["id"], now=self.now)
        bookings = []
        for row in due:
            self.attempts += 1
            channel, sim = self._way()
            before = str(self.references[sim] % COMES_ROUND) if self.references[sim] and channel in MODEMS else None
            bookings.append(Booking(self.attempts, row, 1, row["parts"], channel, sim, before, self.now))
        booked = await self.books.book(bookings)
        self.told.append(booked)
        self.open += [b for b, yes in zip(bookings, booked, strict=True) if yes]

    def _way(self) -> tuple[str, str]:
        chance = self.chance.random()
        if chance < 0.5:
            return self.chance.choice([*MODEMS.items()])
        return (HOURLY, HOURLY_SIM) if chance < 0.6 else (BUREAU, SIM)

    async def answer(self) -> None:
        some = [b for b in self.open if self.chance.random() < 0.7]
        answers = []
        for b in some:
            outcome = self._outcome(b)
            if isinstance(outcome, Uncertain) and b.channel in MODEMS:
                self.names.append((b.sim, self._counted(b), b.message["recipient"], self.now))
            if isinstance(outcome, Accepted) and outcome.reference:
                self.names.append((b.sim, outcome.reference, b.message["recipient"], self.now))
                if self.chance.random() < 0.1:
                    await self._reports([self._receipt(*self.names[-1], "delivered")])  # it overtakes the answer
            of_channel = isinstance(outcome, Deferred) and outcome.scope == "channel"
            answers.append(Answer(b, outcome, self.now, resting=True if of_channel else None))
        self.told.append(await self.books.answered(answers))
        self.open = [b for b in self.open if b not in some]

    def _outcome(self, b: Booking) -> Outcome:
        chance = self.chance.random()
        if chance < 0.75:
            if b.channel in MODEMS:
                return Accepted(self._counted(b))
            name = f"{b.attempt_id:X}" if chance > 0.03 else None
            return Accepted(name, aliases=(name, f"0{name}") if name else (), spelling=f"0{name}" if name else None)
        if chance < 0.85:
            return Deferred("busy", "x", 5.0, self.chance.choice(["message", "recipient", "channel"]))
        return Refused("no", "y") if chance < 0.9 else Uncertain("no answer", "timeout")

    def _counted(self, b: Booking) -> str:
        self.references[b.sim] += 1
        return str(self.references[b.sim] % COMES_ROUND)

    async def meddle(self) -> None:
        for b in self.open:
            if self.chance.random() < 0.2:
                await self.books.write(self.books.queue.patience_over, b.message["id"], now=self.now)

    async def report(self) -> None:
        some = [*{*self.names[-6:], *self.chance.sample(self.names, min(len(self.names), 5))}]
        some = self.chance.sample(sorted(some), len(some))
        some += some[:1] if self.chance.random() < 0.3 else []
        reports = [self._receipt(*known, self.chance.choice(REPORTS)) for known in some]
        if self.chance.random() < 0.3:
            sim = self.chance.choice([SIM, *MODEMS.values()])
            reports.append(self._receipt(sim, "nobody" if sim == SIM else "3", NUMBERS[0], self.now, "delivered"))
        await self._reports(reports)

    async def _reports(self, reports: list[Receipt]) -> None:
        self.told.append(await self.books.reported([(one, self.now) for one in reports]))

    def _receipt(self, sim: str, name: str, recipient: str, sent_at: int, kind: StatusClass) -> Receipt:
        for channel, own in MODEMS.items():
            if own == sim:
                stamp = self.chance.choice([None, sent_at, sent_at, sent_at - 7 * SECOND, sent_at + 3600 * SECOND])
                return Receipt(channel, sim, name, recipient, TP_STATUS[kind], stamp, None, "")
        channel = BUREAU if sim == SIM else HOURLY
        return Receipt(channel, sim, name, recipient, 2, None, None, "", kind=kind, references=(name, f"0{name}"))


def _withdraw(tx: Tx, queue: Queue, message_id: int, *, now: int) -> None:
    queue.withdraw(tx, message_id, by="test", now=now)


@pytest.mark.parametrize("seed", range(24))
def test_together_is_as_one_by_one(tmp_path: Path, seed: int) -> None:
    async def passed(name: str, *, together: bool) -> tuple[list[Any], dict[str, Any]]:
        night = Night(seed, Books(tmp_path / name, together=together))
        await night.pass_by()
        pages = night.books.pages()
        await night.books.store.close()
        return night.told, pages

    together, alone = (asyncio.run(passed(name, together=name == "together")) for name in ("together", "alone"))
    assert together[0] == alone[0]
    for table, rows in together[1].items():
        assert rows == alone[1][table], table
