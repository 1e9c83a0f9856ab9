"""A hundred texts in doubt at once, and nearly as many reports that say of none of them which one they mean."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from gatewayd.channels.contract import Receipt
from gatewayd.clock import SECOND, Clock
from gatewayd.delivery.outcome import Uncertain
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.model import NewMessage, Priority
from gatewayd.queue import Queue
from gatewayd.store import messages
from gatewayd.store.sqlite import SqliteStore
from gatewayd.store.transaction import Transaction
from gatewayd.ways import Ways

PAGER, SIM, NOW = "4711", "smpp:us@north", 1_800_000_000 * SECOND


def cost(home: Path, doubts: int, quotes: str) -> int:
    """How many instructions of its machine the database needs when the patience of the first is over."""
    store = SqliteStore(home, Clock(), inline=True)
    store.open()
    queue = Queue(DeliverySettings(), ways=Ways(lambda _: ("north",)), woken=lambda: None, dice=lambda: 0.0)
    store._write.execute("BEGIN IMMEDIATE")
    tx = Transaction(store._write, store._counters, {})
    for number in range(1, doubts + 1):
        new = NewMessage("text", PAGER, f"text {number:03}", Priority.NORMAL, expires_at=NOW + 3600 * SECOND)
        message = messages.get(tx, queue.enqueue(tx, new, now=NOW))
        assert message is not None
        queue.book(tx, str(number), message, part=1, parts=1, channel="north", sim=SIM, reference_before=None, now=NOW)
    for number in range(1, doubts + 1):
        queue.answered(tx, str(number), Uncertain("link lost", "no answer"), by="answer", now=NOW)
    for number in range(1, doubts):
        found = queue.receipt(tx, receipt(f"id{number}", quotes), now=NOW)
        assert found.verdict == "ambiguous"
    count = itertools.count()
    store._write.set_progress_handler(lambda: next(count) < 0, 1)
    queue.patience_over(tx, 1, now=NOW + 300 * SECOND)
    store._write.set_progress_handler(None, 1)
    store._write.execute("ROLLBACK")
    store._write.close()
    return next(count)


def receipt(name: str, quotes: str) -> Receipt:
    return Receipt(
        "north", sim=SIM, reference=name, recipient=PAGER, status=0, sent_at=None, done_at=None, raw="",
        kind="delivered", references=(name,), quotes=quotes,
    )  # fmt: skip


@pytest.mark.parametrize("quotes", ["", "text"])
def test_what_none_of_them_settles_is_asked_once_for_all(tmp_path: Path, quotes: str) -> None:
    for directory in ("few", "many"):
        (tmp_path / directory).mkdir()
    few, many = cost(tmp_path / "few", 20, quotes), cost(tmp_path / "many", 100, quotes)
    print(f"{few} instructions with 20 in doubt, {many} with 100")
    assert many < 8 * few
