"""SQL of proof of life: who texts whom, the loops that run, and what real traffic proved."""

from __future__ import annotations

from gatewayd.store.db import Reader, Row, Tx

LOOKED_AT = 2_000  # receipts, and texts that came in: what is older than these is long ago
KEPT = 200  # loops of a pair: an older text is nobody's any more


def pairs(reader: Reader) -> list[Row]:
    return reader.all("SELECT * FROM proof ORDER BY id")


def pair(reader: Reader, number: int) -> Row | None:
    return reader.one("SELECT * FROM proof WHERE id = :id", id=number)


def add_pair(tx: Tx, sender: str, hearer: str) -> int:
    number = tx.new_id("proof")
    tx.run(
        "INSERT INTO proof (id, sender, hearer) VALUES (:id, :sender, :hearer)",
        id=number,
        sender=sender,
        hearer=hearer,
    )
    return number


def forget_pair(tx: Tx, number: int) -> None:
    tx.run("DELETE FROM proof WHERE id = :id", id=number)


def begin(tx: Tx, proof_id: int, token: str, message_id: int, *, now: int) -> int:
    """A loop that runs."""
    number = tx.new_id("proof_loop")
    tx.run(
        "INSERT INTO proof_loop (id, proof_id, token, message_id, begun_at)"
        " VALUES (:id, :proof, :token, :message, :now)",
        id=number,
        proof=proof_id,
        token=token,
        message=message_id,
        now=now,
    )
    tx.run("DELETE FROM proof_loop WHERE proof_id = :proof AND id <= :old", proof=proof_id, old=number - KEPT)
    return number


def loop(reader: Reader, number: int) -> Row | None:
    return reader.one("SELECT * FROM proof_loop WHERE id = :id", id=number)


def loop_of(reader: Reader, token: str) -> Row | None:
    return reader.one("SELECT * FROM proof_loop WHERE token = :token", token=token)


def heard(tx: Tx, number: int, *, now: int) -> None:
    tx.run("UPDATE proof_loop SET heard_at = :now WHERE id = :id", now=now, id=number)


def end(tx: Tx, number: int, result: str, *, now: int) -> None:
    tx.run("UPDATE proof_loop SET ended_at = :now, result = :result WHERE id = :id", now=now, result=result, id=number)


def works(tx: Tx, proof_id: int, *, now: int) -> None:
    tx.run("UPDATE proof SET failed = '', suspect = '', good_at = :now WHERE id = :id", now=now, id=proof_id)


def fails(tx: Tx, proof_id: int, why: str, suspect: str) -> None:
    tx.run("UPDATE proof SET failed = :why, suspect = :suspect WHERE id = :id", why=why, suspect=suspect, id=proof_id)


def sent_well(reader: Reader, channel: str, *, since: int) -> bool:
    """Whether a text of somebody else arrived by it, as its receipt says."""
    return (
        reader.one(
            "SELECT 1 FROM receipt r JOIN attempt a ON a.id = r.attempt_id JOIN message m ON m.id = a.message_id"
            " WHERE r.id > (SELECT MAX(id) FROM receipt) - :looked_at AND r.channel = :channel"
            " AND r.class = 'delivered' AND r.received_at > :since AND m.kind <> 'proof' LIMIT 1",
            looked_at=LOOKED_AT,
            channel=channel,
            since=since,
        )
        is not None
    )


def heard_well(reader: Reader, channel: str, *, since: int) -> bool:
    """Whether anybody's text came in by it."""
    return (
        reader.one(
            "SELECT 1 FROM incoming WHERE id > (SELECT MAX(id) FROM incoming) - :looked_at AND channel = :channel"
            " AND received_at > :since LIMIT 1",
            looked_at=LOOKED_AT,
            channel=channel,
            since=since,
        )
        is not None
    )


def on_air_since(reader: Reader, message_id: int) -> int | None:
    row = reader.one("SELECT MIN(started_at) AS at FROM attempt WHERE message_id = :id", id=message_id)
    return row["at"] if row else None
