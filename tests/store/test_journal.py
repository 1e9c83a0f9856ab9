"""The journal's chain: what was altered or taken out shows; private words can be erased and the chain stays whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gatewayd.clock import Clock
from gatewayd.store import journal
from gatewayd.store.db import Tx
from gatewayd.store.sqlite import SqliteStore


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path, Clock())
    store.open()
    for number in range(1, 6):
        await store.write(journal.write, "test", now=number, number=number, private={"to": f"+4477009001{number}"})
    yield store
    await store.close()


def breaks(store: SqliteStore) -> list[str]:
    return list(journal.breaks(store._peek))


async def test_whole(store: SqliteStore) -> None:
    assert breaks(store) == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journal SET facts = '{}' WHERE seq = 3",
        "UPDATE journal SET at = 99 WHERE seq = 3",
        "UPDATE journal SET event = 'nothing' WHERE seq = 5",
        "UPDATE journal SET private_digest = '' WHERE seq = 3",
        "UPDATE journal SET message_id = 4 WHERE seq = 1",
        "UPDATE journal SET words = '{}' WHERE seq = 3",
    ],
)
async def test_an_alteration_shows(store: SqliteStore, sql: str) -> None:
    await store.write(lambda tx: tx.run(sql))
    assert len(breaks(store)) >= 1


@pytest.mark.parametrize("seq", [1, 3])
async def test_a_line_taken_out_shows(store: SqliteStore, seq: int) -> None:
    def take_out(tx: Tx) -> None:
        tx.run("UPDATE journal SET salt = NULL, words = NULL WHERE seq = :seq", seq=seq)
        tx.run("DELETE FROM journal WHERE seq = :seq", seq=seq)

    await store.write(take_out)
    assert f"line {seq} is missing" in breaks(store)


async def test_erased_words_leave_the_chain_whole_and_no_trace(store: SqliteStore) -> None:
    await store.write(lambda tx: tx.run("UPDATE journal SET salt = NULL, words = NULL WHERE seq <= 3"))
    assert breaks(store) == []
    told = store.peek(journal.rows)
    assert [row["words"] is None for row in told] == [True, True, True, False, False]
    assert not any("+4477" in str(row["facts"]) for row in told)


async def test_lines_go_on_after_a_restart(tmp_path: Path) -> None:
    for now in range(3):
        store = SqliteStore(tmp_path, Clock())
        store.open()
        assert await store.write(journal.write, "test", now=now) == now + 1
        assert breaks(store) == []
        await store.close()
