"""What the books say of a PIN that failed: once is enough for each SIM, unless it has more tries than that one left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gatewayd.clock import Clock
from gatewayd.store import incoming
from gatewayd.store.sqlite import SqliteStore


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path, Clock())
    store.open()
    yield store
    await store.close()


@pytest.mark.parametrize(
    ("left", "now", "again"),
    [(None, None, False), (None, 3, False), (2, None, False), (2, 2, False), (2, 1, False), (2, 3, True), (1, 2, True)],
)
async def test_after_a_failure(store: SqliteStore, left: int | None, now: int | None, again: bool) -> None:
    assert await store.write(incoming.book_pin, "card", "pin", 3, now=1)
    assert not await store.write(incoming.book_pin, "card", "pin", 3, now=2), "it hangs"
    await store.write(incoming.note_tries, "card", "pin", left)
    assert await store.write(incoming.book_pin, "card", "pin", now, now=3) is again
    assert not await store.write(incoming.book_pin, "card", "pin", now, now=4), "it has failed, or hangs"
    assert store.peek(incoming.pin_failed, "card", "pin")
    await store.write(incoming.pin_good, "card", "pin")
    assert not store.peek(incoming.pin_failed, "card", "pin")
    assert await store.write(incoming.book_pin, "card", "pin", None, now=5)
