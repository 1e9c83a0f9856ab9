"""Files of older versions are brought up to date, and what the tables may hold stays guarded."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib import resources
from pathlib import Path

import pytest

from gatewayd.clock import Clock
from gatewayd.store.sqlite import SqliteStore

GUARDED = {  # a row of each table, and the column whose words are known
    "incident": (
        """INSERT INTO incident (id, code, service, severity, summary, source, grouping, state, policy, opened_at)
        VALUES (1, '42', 's', 'critical', 'down', 'test', '', 'open', '{}', 1)""",
        {"severity": ("critical", "error", "warning", "info"), "state": ("open", "acknowledged", "resolved")},
    ),
    "page": (
        """INSERT INTO page (id, incident_id, person, round, step, state, planned_at, reason)
        VALUES (1, 1, 'anna', 0, 0, 'planned', 1, '')""",
        {"state": ("planned", "reached", "unreachable", "withdrawn")},
    ),
    "message": (
        """INSERT INTO message (id, kind, person, device, recipient, text, priority, state, concat_reference, parts,
        report, origin, created_at, due_at, expires_at)
        VALUES (1, 'page', 'anna', 'mobile', '+447700900111', 'x', 0, 'queued', 1, 1, 1, 'test', 1, 1, 9)""",
        {
            "state": (
                *("queued", "started", "sent", "in_doubt", "failed", "expired", "withdrawn"),
                *("delivered", "undelivered", "unconfirmed"),
            )
        },
    ),
    "attempt": (
        """INSERT INTO attempt (id, message_id, round, part, parts, channel, sim, recipient, state, started_at)
        VALUES (1, 1, 0, 1, 1, 'm1', 'm1', '+447700900111', 'started', 1)""",
        {"state": ("started", "accepted", "refused", "deferred", "in_doubt")},
    ),
}


def scripts() -> list[tuple[int, str]]:
    folder = resources.files("gatewayd.store").joinpath("schema")
    return sorted((int(f.name[:4]), f.read_text()) for f in folder.iterdir() if f.name.endswith(".sql"))


async def brought_up(directory: Path) -> None:
    store = SqliteStore(directory, Clock())
    store.open()
    await store.close()


@pytest.fixture
async def old(tmp_path: Path) -> Path:
    """A file of schema 16 with a row in each guarded table, opened once by today's store."""
    with closing(sqlite3.connect(tmp_path / "gatewayd.db", isolation_level=None)) as books:
        for version, script in scripts():
            if version <= 16:
                books.executescript(f"BEGIN;{script};PRAGMA user_version = {version};COMMIT;")
        for insert, _ in GUARDED.values():
            books.execute(insert)
    await brought_up(tmp_path)
    return tmp_path / "gatewayd.db"


async def test_an_older_file_keeps_its_rows(old: Path) -> None:
    with closing(sqlite3.connect(old)) as books:
        assert books.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert books.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in GUARDED:
            assert books.execute(f"SELECT COUNT(*) FROM {table}").fetchone() == (1,), table


@pytest.mark.parametrize("table", GUARDED)
async def test_a_table_takes_the_words_it_knows_and_no_other(old: Path, table: str) -> None:
    with closing(sqlite3.connect(old, isolation_level=None)) as books:
        for column, words in GUARDED[table][1].items():
            for word in words:
                books.execute(f"UPDATE {table} SET {column} = ?", (word,))
            for wrong in ("", "lost", "QUEUED"):
                with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
                    books.execute(f"UPDATE {table} SET {column} = ?", (wrong,))


async def test_no_change_of_a_state_builds_a_table_of_its_own(tmp_path: Path) -> None:
    """What costs microseconds with every text: SQLite lays out a list behind IN in a new tree for each statement."""
    await brought_up(tmp_path)
    with closing(sqlite3.connect(tmp_path / "gatewayd.db")) as books:
        for table, (insert, columns) in GUARDED.items():
            for statement in (insert, *(f"UPDATE {table} SET {c} = 'x' WHERE id = 1" for c in columns)):
                steps = {row[1] for row in books.execute(f"EXPLAIN {statement}")}
                assert "OpenEphemeral" not in steps, statement
