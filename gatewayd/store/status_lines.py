"""SQL of the status line: what is known of a big fault, until when it holds."""

from __future__ import annotations

from gatewayd.store.db import Reader, Row, Tx


def add(tx: Tx, text: str, *, until: int, by: str, now: int) -> None:
    end(tx, now=now)
    tx.run(
        "INSERT INTO status_line (id, text, set_by, set_at, until) VALUES (:id, :text, :by, :now, :until)",
        id=tx.new_id("status_line"),
        text=text,
        by=by,
        now=now,
        until=until,
    )


def end(tx: Tx, *, now: int) -> bool:
    """Whether there was one."""
    return tx.run("UPDATE status_line SET ended_at = :now WHERE ended_at IS NULL AND until > :now", now=now) > 0


def current(reader: Reader, *, now: int) -> Row | None:
    """The one that holds now; what is over says nothing."""
    return reader.one(
        "SELECT * FROM status_line WHERE ended_at IS NULL AND until > :now AND set_at <= :now ORDER BY id DESC LIMIT 1",
        now=now,
    )
