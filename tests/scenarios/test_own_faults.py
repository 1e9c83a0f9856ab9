"""A fault of ours while a text is sent: that text is tried and given up like any other, and nobody waits behind it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gatewayd.channels.contract import Book, Submission
from gatewayd.clock import SECOND
from gatewayd.delivery.outcome import Accepted, Outcome, Refused
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.dispatch import Dispatch
from gatewayd.model import NewMessage, Priority
from gatewayd.queue import Queue
from gatewayd.store import messages, views
from gatewayd.store.sqlite import SqliteStore
from gatewayd.text import Fit, TextError, fit
from gatewayd.ways import Ways
from tests import virtual
from tests.channels.plain import PlainChannel
from tests.channels.virtual import clock

BEFORE, AFTER, UNWRITABLE, UNFIT, SOUND = (f"+44770090000{n}" for n in range(1, 6))


class Faulty(PlainChannel):
    """A channel with a bug that shows at some numbers, before the attempt is booked or after."""

    name, sim = "faulty", "8949"

    def __init__(self, window: int) -> None:
        self.window = window
        self.tried: list[str] = []

    def fit(self, words: str, recipient: str) -> Fit:
        if "unfit" in words:
            raise TextError("no pager shows that")
        return fit(words)

    async def send(self, submission: Submission, book: Book) -> Outcome:
        self.tried.append(submission.recipient)
        if submission.recipient == BEFORE:
            raise KeyError("before the row")
        if submission.recipient == UNWRITABLE:
            return Refused("cannot be written", "pdu")
        assert await book()
        if submission.recipient == AFTER:
            raise ZeroDivisionError("after the row")
        return Accepted("7")


@pytest.mark.parametrize("window", [1, 2, 8])
def test_a_fault_of_ours_costs_one_text_its_tries_and_nobody_else_anything(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, window: int
) -> None:
    async def story() -> None:
        watch = clock()
        store = SqliteStore(tmp_path, watch, inline=True)
        store.open()
        channel = Faulty(window)
        settings = DeliverySettings()
        queue = Queue(settings, ways=Ways(lambda _: ("faulty",)), woken=lambda: dispatch.woken(), dice=lambda: 0.5)
        dispatch = Dispatch(store, watch, lambda: queue)
        dispatch.add(channel)

        async def send(number: str) -> int:
            now = watch.now()
            text = NewMessage(
                kind="text",
                recipient=number,
                text="unfit" if number == UNFIT else "disk full",
                priority=Priority.HIGH,
                expires_at=now + 9999 * SECOND,
            )
            return await store.write(queue.enqueue, text, now=now)

        def outcome(number: int) -> tuple[str, str]:
            row = store.peek(messages.get, number)
            assert row is not None
            return row["state"], row["reason"]

        before, after, unwritable, unfit, sound = [await send(n) for n in (BEFORE, AFTER, UNWRITABLE, UNFIT, SOUND)]
        await asyncio.sleep(5)
        assert outcome(sound)[0] == "sent"
        assert outcome(unwritable) == ("failed", "cannot be written (pdu)")
        assert outcome(unfit) == ("failed", "no pager shows that (text)")
        assert outcome(after)[0] == "in_doubt"
        assert channel.tried.count(AFTER) == channel.tried.count(SOUND) == channel.tried.count(UNWRITABLE) == 1
        await asyncio.sleep(9999)
        assert outcome(before)[0] == "failed"
        assert "KeyError" in outcome(before)[1]
        assert channel.tried.count(BEFORE) == settings.tries_max
        assert len(store.peek(views.attempts, before)) == settings.tries_max
        await dispatch.stop(1)
        await store.close()

    virtual.run(story())
    assert "before the row" in caplog.text
