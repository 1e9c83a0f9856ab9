"""A disk that is really full: a file system of a few megabytes, mounted for the test."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatewayd.clock import Clock
from gatewayd.store import journal, sqlite
from gatewayd.store.db import StoreFull
from gatewayd.store.sqlite import SqliteStore

pytestmark = [pytest.mark.peer, pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(tmp_path)], check=True)
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


async def test_a_full_disk_keeps_what_it_answered_and_room_for_outcomes(small: Path) -> None:
    store = SqliteStore(small, Clock())
    store.open()
    rest = small / "somebody_elses.log"
    rest.write_bytes(b"x" * (16 * 2**20 - sqlite.BALLAST_BYTES - 2 * 2**20))
    kept = 0
    with pytest.raises(StoreFull):
        while True:
            await store.write(journal.write, "test", now=kept, private={"text": "x" * 2_000})
            kept += 1
    assert not (small / "ballast").exists()
    for number in range(200):
        store._look_again_at = 0
        assert not store.writable(), "the ballast's room is not for intake"
        await store.write_first(journal.write, "outcome", now=number)
    rest.unlink()
    store._look_again_at = 0
    assert store.writable()
    rows = store.peek(journal.rows, limit=1_000_000)
    assert [row["event"] for row in rows].count("test") == kept
    assert list(journal.breaks(store._peek)) == []
    await store.close()
