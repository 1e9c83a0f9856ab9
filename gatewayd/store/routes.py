"""SQL of what was learnt about ways: how long a phone's receipts take, which routes give none."""

from __future__ import annotations

from gatewayd.store.db import Reader, Tx


def delays(reader: Reader, person: str, recipient: str, *, limit: int) -> list[int]:
    """Microseconds from the attempt to its receipt, of this phone's last delivered texts."""
    rows = reader.all(
        "SELECT a.receipt_at - a.started_at AS delay FROM message m JOIN attempt a ON a.message_id = m.id"
        " WHERE m.person = :person AND m.recipient = :recipient AND a.receipt = 'delivered'"
        " ORDER BY m.created_at DESC LIMIT :limit",
        person=person,
        recipient=recipient,
        limit=limit,
    )
    return [row["delay"] for row in rows]


def counts(reader: Reader, sim: str) -> tuple[int, int]:
    """(texts whose receipt came, texts whose receipt did not come in time) of late."""
    row = reader.one("SELECT heard, missed FROM route WHERE sim = :sim", sim=sim)
    return (row["heard"], row["missed"]) if row else (0, 0)


def count(tx: Tx, sim: str, heard: int, missed: int) -> None:
    tx.run(
        "INSERT INTO route (sim, heard, missed) VALUES (:sim, :heard, :missed)"
        " ON CONFLICT (sim) DO UPDATE SET heard = :heard, missed = :missed",
        sim=sim,
        heard=heard,
        missed=missed,
    )
