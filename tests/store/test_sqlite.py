"""The memory on a real disk: what was answered is there after SIGKILL, one failure rolls back only itself."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from gatewayd.clock import Clock, pause
from gatewayd.store import journal, sqlite
from gatewayd.store.db import Reader, StoreError, StoreFull, Tx
from gatewayd.store.sqlite import SqliteStore

WRITER = """
import asyncio, sys
from pathlib import Path
from gatewayd.clock import Clock
from gatewayd.store import journal
from gatewayd.store.sqlite import SqliteStore

async def one(store, number):
    seq = await store.write(journal.write, "test", now=number, number=number)
    sys.stdout.write(f"{seq}\\n"); sys.stdout.flush()

async def main():
    store = SqliteStore(Path(sys.argv[1]), Clock())
    store.open()
    for number in range(100_000):
        await asyncio.gather(*(one(store, number * 10 + k) for k in range(10)))

asyncio.run(main())
"""


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path, Clock())
    store.open()
    yield store
    store._write.execute("PRAGMA query_only = OFF")
    await store.close()


def note(tx: Tx, number: int) -> int:
    return journal.write(tx, "test", now=number, number=number)


def lines(reader: Reader) -> list[int]:
    return [row["at"] for row in journal.rows(reader, limit=10_000)]


@pytest.mark.parametrize("after_lines", [1, 7, 200])
def test_what_was_answered_is_there_after_sigkill(tmp_path: Path, after_lines: int) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    answered = [int(writer.stdout.readline()) for _ in range(after_lines)]
    writer.send_signal(signal.SIGKILL)
    answered += [int(line) for line in writer.stdout.read().split("\n")[:-1]]
    writer.wait()
    writer.stdout.close()
    store = SqliteStore(tmp_path, Clock())
    store.open()
    kept = {row["seq"] for row in store.peek(journal.rows, limit=1_000_000)}
    assert set(answered) <= kept
    assert list(journal.breaks(store._peek)) == []
    asyncio.run(store.close())


async def test_one_that_fails_takes_back_only_itself(store: SqliteStore) -> None:
    def fail(tx: Tx, number: int) -> None:
        note(tx, number)
        raise LookupError("no")

    told = await asyncio.gather(
        store.write(note, 1), store.write(fail, 2), store.write(note, 3), store.write_first(fail, 4),
        store.write_first(note, 5), return_exceptions=True,
    )  # fmt: skip
    assert [type(t) for t in told] == [int, LookupError, int, LookupError, int]
    assert sorted(store.peek(lines)) == [1, 3, 5]
    assert list(journal.breaks(store._peek)) == []


async def test_what_waits_together_is_written_together_in_its_order(store: SqliteStore) -> None:
    calls: list[list[int]] = []

    def note_each(tx: Tx, numbers: list[int]) -> list[int]:
        calls.append(numbers)
        return [note(tx, number) for number in numbers]

    asked = [*(store.write_each(note_each, n) for n in range(3)), store.write_first(note, 7)]
    told = await asyncio.gather(*asked, store.write_each(note_each, 8), store.write_each(note_each, 9, patient=True))
    assert calls == [[0, 1, 2], [8], [9]]
    assert told == [1, 2, 3, 4, 5, 6]
    assert store.peek(lines) == [0, 1, 2, 7, 8, 9]


async def test_one_of_several_that_fails_costs_the_others_nothing(store: SqliteStore) -> None:
    done: list[int] = []

    def note_each(tx: Tx, numbers: list[int]) -> list[int]:
        for number in numbers:
            note(tx, number)
            tx.after_commit(partial(done.append, number))
            if number == 3:
                raise LookupError("no")
        return numbers

    told = await asyncio.gather(*(store.write_each(note_each, n) for n in range(6)), return_exceptions=True)
    assert [type(t) for t in told] == [int, int, int, LookupError, int, int]
    assert store.peek(lines) == done == [0, 1, 2, 4, 5]
    assert list(journal.breaks(store._peek)) == []


async def test_outcomes_go_before_intake_and_effects_before_answers(store: SqliteStore) -> None:
    seen: list[str] = []

    def work(tx: Tx, name: str) -> None:
        seen.append(f"run {name}")
        tx.after_commit(lambda: seen.append(f"after {name}"))

    async def ask(name: str, *, first: bool) -> None:
        await (store.write_first if first else store.write)(work, name)
        seen.append(f"answered {name}")

    await asyncio.gather(ask("alert", first=False), ask("outcome", first=True))
    assert seen[:2] == ["run outcome", "run alert"]
    for name in ("alert", "outcome"):
        assert seen.index(f"after {name}") < seen.index(f"answered {name}")


async def test_what_comes_a_few_turns_of_the_loop_apart_shares_one_commit(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "GATHER_S_MAX", 10.0)  # this machine may be busy with something else
    commits = 0

    def count() -> None:
        nonlocal commits
        commits += 1

    async def later(number: int) -> None:
        for _ in range(2 * number):
            await pause(0)
        await store.write(note, number)

    store.committed = count
    await asyncio.gather(*(later(number) for number in range(10)))
    assert store.peek(lines) == [*range(10)]
    assert commits == 1


async def test_a_stream_without_a_pause_keeps_nobody_waiting(store: SqliteStore) -> None:
    stream: list[asyncio.Task[int]] = []

    async def go_on() -> None:
        while True:
            stream.append(asyncio.create_task(store.write(note, len(stream) + 1)))
            await pause(0)

    going = asyncio.create_task(go_on())
    await store.write(note, 0)
    assert not going.done()
    going.cancel()
    await asyncio.gather(*stream)
    assert store.peek(lines) == [*range(len(stream) + 1)]


async def test_a_failing_effect_does_not_stop_the_others(store: SqliteStore) -> None:
    seen: list[int] = []

    def work(tx: Tx) -> None:
        tx.after_commit(lambda: 1 // 0)
        tx.after_commit(lambda: seen.append(1))

    await store.write(work)
    assert seen == [1]


async def test_nothing_uncommitted_is_seen(store: SqliteStore) -> None:
    during: list[list[int]] = []

    def work(tx: Tx) -> None:
        note(tx, 1)
        during.append(store.peek(lines))

    await store.write(work)
    assert (during, store.peek(lines)) == ([[]], [1])


async def test_ids_are_never_given_twice(tmp_path: Path) -> None:
    def take(tx: Tx, *, fail: bool = False) -> int:
        number = tx.new_id("thing")
        if fail:
            raise LookupError
        return number

    given: list[int] = []
    for _ in range(2):
        store = SqliteStore(tmp_path, Clock())
        store.open()
        told = await asyncio.gather(*(store.write(take, fail=n % 3 == 0) for n in range(60)), return_exceptions=True)
        given += [t for t in told if isinstance(t, int)]
        await store.close()
    assert len(set(given)) == len(given) == 80


async def test_full_refuses_intake_frees_the_ballast_and_lays_it_again(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ballast = tmp_path / "ballast"
    assert ballast.stat().st_size == sqlite.BALLAST_BYTES
    (used,) = store._write.execute("PRAGMA page_count").fetchone()
    store._write.execute(f"PRAGMA max_page_count = {used + 2}")
    monkeypatch.setattr(store, "_room", lambda: 0)
    kept = 0
    with pytest.raises(StoreFull):
        for number in range(10_000):
            await store.write(note, number)
            kept += 1
    assert store.peek(lines) == list(range(kept)), "what was answered, and nothing else"
    assert not ballast.exists()
    assert not store.writable()
    with pytest.raises(StoreFull):
        await store.write(note, 1)
    store._write.execute(f"PRAGMA max_page_count = {used + 100}")
    await store.write_first(note, -1)
    monkeypatch.undo()
    store._look_again_at = 0
    assert store.writable()
    assert ballast.exists()
    await store.write(note, -2)
    assert list(journal.breaks(store._peek)) == []


async def test_read_only_refuses_and_recovers(store: SqliteStore) -> None:
    await store.write(note, 1)
    store._write.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreFull):
        await store.write(note, 2)
    with pytest.raises(StoreFull):
        await store.write_first(note, 3)
    assert store.peek(lines) == [1], "reading goes on"
    store._write.execute("PRAGMA query_only = OFF")
    await store.write_first(note, 4)
    assert store.peek(lines) == [1, 4]


async def test_a_function_that_breaks_the_transaction_does_not_stop_the_store(store: SqliteStore) -> None:
    """Whatever SQLite does to the savepoint, the next change is taken."""
    told = await asyncio.gather(
        store.write(lambda tx: tx.run("ROLLBACK")), store.write(note, 1), return_exceptions=True
    )  # fmt: skip
    assert any(isinstance(t, StoreError) for t in told)
    await asyncio.wait_for(store.write(note, 2), 5)
    assert 2 in store.peek(lines)


@pytest.mark.parametrize("changes", [1, 12])
async def test_changes_whose_ids_cannot_be_kept_are_refused_and_leave_nothing(store: SqliteStore, changes: int) -> None:
    """Alone, when its commit needs no thread, as among others; what follows goes through, with ids of its own."""

    def numbered(tx: Tx) -> int:
        note(tx, tx.new_id("thing"))
        return tx.new_id("thing")

    await store.write(numbered)
    store._write.execute("CREATE TRIGGER deaf BEFORE INSERT ON counter BEGIN SELECT RAISE(ABORT, 'not now'); END")
    refused = await asyncio.gather(*(store.write(numbered) for _ in range(changes)), return_exceptions=True)
    assert [str(error) for error in refused] == ["not now"] * changes
    assert store.peek(lines) == [1]
    store._write.execute("DROP TRIGGER deaf")
    assert await store.write(numbered) > 2
    assert len(store.peek(lines)) == 2


async def test_a_row_tells_its_columns_by_name_and_nothing_as_none(store: SqliteStore) -> None:
    def told(reader: Reader) -> list[object]:
        row = reader.one("SELECT :a AS a, 7 AS b, CAST(:c AS TEXT) AS c", a=None, c="x")
        return [dict(row or {}), reader.one("SELECT 1 WHERE 0"), reader.all("SELECT 1 AS n UNION SELECT 2")]

    assert store.peek(told) == [{"a": None, "b": 7, "c": "x"}, None, [{"n": 1}, {"n": 2}]]


def test_a_second_daemon_is_refused(tmp_path: Path) -> None:
    first, second = SqliteStore(tmp_path, Clock()), SqliteStore(tmp_path, Clock())
    first.open()
    with pytest.raises(StoreError, match="another gatewayd"):
        second.open()
    asyncio.run(first.close())


def test_a_newer_schema_is_refused_untouched(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, Clock())
    store.open()
    asyncio.run(store.close())
    with closing(sqlite3.connect(tmp_path / "gatewayd.db")) as books:
        books.execute("PRAGMA user_version = 999")
    again = SqliteStore(tmp_path, Clock())
    with pytest.raises(StoreError, match="newer"):
        again.open()
    again._write.close()
    os.close(again._lock_fd)
    with closing(sqlite3.connect(tmp_path / "gatewayd.db")) as books:
        assert books.execute("PRAGMA user_version").fetchone() == (999,)


async def test_a_backup_while_writing_is_whole(store: SqliteStore, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    writes = [asyncio.create_task(store.write(note, n)) for n in range(300)]
    await store.backup(target)
    await asyncio.gather(*writes)
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with pytest.raises(StoreError):
        await store.backup(tmp_path / "nowhere" / "copy.db")
    assert len(store.peek(lines)) == 300


async def test_a_failed_read_is_a_store_error(store: SqliteStore) -> None:
    with pytest.raises(StoreError):
        store.peek(lambda reader: reader.one("SELECT nothing FROM nowhere"))
    with pytest.raises(StoreError):
        await store.read(lambda reader: reader.one("SELECT nothing FROM nowhere"))
