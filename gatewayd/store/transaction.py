"""What a function of the store is given: reads, one function's view of the running batch, and ids."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from gatewayd.store.db import Row, Values


class Reads:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def one(self, sql: str, **values: Any) -> Row | None:
        cursor = self._connection.execute(sql, values)
        row = cursor.fetchone()
        return None if row is None else _named(cursor, [row])[0]

    def all(self, sql: str, **values: Any) -> list[Row]:
        cursor = self._connection.execute(sql, values)
        return _named(cursor, cursor.fetchall())


def _named(cursor: sqlite3.Cursor, rows: list[tuple[Any, ...]]) -> list[Row]:
    """As dicts: a sqlite3.Row goes through its columns one by one whenever it is asked for one."""
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in rows]


class Counters:
    """Ids in memory, written down once for each commit; what a rolled back function took is a gap, never a twin."""

    def __init__(self, reads: Reads) -> None:
        self._last: dict[str, int] = {row["name"]: row["value"] for row in reads.all("SELECT name, value FROM counter")}
        self._moved: set[str] = set()

    def next(self, name: str) -> int:
        self._last[name] = self._last.get(name, 0) + 1
        self._moved.add(name)
        return self._last[name]

    def write(self, connection: sqlite3.Connection) -> None:
        for name in self._moved:
            connection.execute(
                "INSERT INTO counter (name, value) VALUES (:name, :value)"
                " ON CONFLICT (name) DO UPDATE SET value = :value",
                {"name": name, "value": self._last[name]},
            )
        self._moved.clear()

    def all_again(self) -> None:
        """The batch that carried them is gone: the next one writes them all."""
        self._moved.update(self._last)


class Transaction(Reads):
    """One function's view of the running batch."""

    def __init__(self, connection: sqlite3.Connection, counters: Counters, notes: dict[str, Any]) -> None:
        super().__init__(connection)
        self._counters = counters
        self.notes = notes
        self.effects: list[Callable[[], None]] = []

    def run(self, sql: str, **values: Any) -> int:
        return self._connection.execute(sql, values).rowcount

    def run_many(self, sql: str, rows: Sequence[Values]) -> None:
        self._connection.executemany(sql, rows)

    def new_id(self, name: str) -> int:
        return self._counters.next(name)

    def after_commit(self, effect: Callable[[], None]) -> None:
        self.effects.append(effect)
