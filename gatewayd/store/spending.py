"""SQL of what SIMs sent and cost: buckets, the month, and by which SIM a number was texted last."""

from __future__ import annotations

from gatewayd.store.db import Reader, Row, Tx


def full_at(reader: Reader, sim: str) -> int:
    """When its bucket will be full again; 0 when nothing was taken from it."""
    row = reader.one("SELECT full_at FROM bucket WHERE sim = :sim", sim=sim)
    return row["full_at"] if row else 0


def buckets(reader: Reader) -> list[Row]:
    return reader.all("SELECT sim, channel, full_at FROM bucket ORDER BY full_at")


def fill(tx: Tx, sim: str, channel: str, full_at: int) -> None:
    tx.run(
        "INSERT INTO bucket (sim, channel, full_at) VALUES (:sim, :channel, :at)"
        " ON CONFLICT (sim) DO UPDATE SET channel = :channel, full_at = :at",
        sim=sim,
        channel=channel,
        at=full_at,
    )


def spent(reader: Reader, sim: str, month: str) -> Row | None:
    return reader.one("SELECT * FROM spend WHERE sim = :sim AND month = :month", sim=sim, month=month)


def spent_in(reader: Reader, channel: str, month: str) -> Row | None:
    """By the SIM that was in this channel last."""
    return reader.one(
        "SELECT * FROM spend WHERE channel = :channel AND month = :month ORDER BY id DESC LIMIT 1",
        channel=channel,
        month=month,
    )


def spend_of(reader: Reader, number: int) -> Row | None:
    return reader.one("SELECT * FROM spend WHERE id = :id", id=number)


def on_air(reader: Reader, channel: str) -> int:
    """Parts that went out by it and have no answer yet."""
    row = reader.one(
        "SELECT COUNT(*) AS n FROM attempt WHERE state IN ('started', 'in_doubt') AND channel = :channel"
        " AND state = 'started'",  # the first are the words of an index
        channel=channel,
    )
    return row["n"] if row else 0


def pay(tx: Tx, sim: str, channel: str, month: str, cost: int) -> Row:
    """Count one part; the month as it is now."""
    known = tx.all(
        "UPDATE spend SET parts = parts + 1, cost = cost + :cost, channel = :channel"
        " WHERE sim = :sim AND month = :month RETURNING *",
        sim=sim,
        month=month,
        channel=channel,
        cost=cost,
    )
    return known[0] if known else _first_of_month(tx, sim, channel, month, cost)


def _first_of_month(tx: Tx, sim: str, channel: str, month: str, cost: int) -> Row:
    (row,) = tx.all(
        "INSERT INTO spend (id, sim, channel, month, parts, cost) VALUES (:id, :sim, :channel, :month, 1, :cost)"
        " RETURNING *",
        id=tx.new_id("spend"),
        sim=sim,
        channel=channel,
        month=month,
        cost=cost,
    )
    return row


def told(tx: Tx, number: int, level: int) -> None:
    tx.run("UPDATE spend SET told = :level WHERE id = :id", level=level, id=number)


def conversed(reader: Reader, recipient: str, *, since: int) -> str:
    """The channel that texted it, or was texted by it, last; "" when that is too long ago."""
    row = reader.one(
        "SELECT channel FROM conversation WHERE recipient = :recipient AND at > :since",
        recipient=recipient,
        since=since,
    )
    return row["channel"] if row else ""


def converse(tx: Tx, recipient: str, channel: str, *, now: int) -> None:
    tx.run(
        "INSERT INTO conversation (recipient, channel, at) VALUES (:recipient, :channel, :now)"
        " ON CONFLICT (recipient) DO UPDATE SET channel = :channel, at = :now",
        recipient=recipient,
        channel=channel,
        now=now,
    )
