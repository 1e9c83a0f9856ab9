"""SQL of delivery reports: every one is kept, whether or not an attempt owns it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from gatewayd.store.db import Reader, Row, Tx

WAITING_LOOKED_AT = 200
BEGUN_LOOKED_AT = 5_000


def keep(
    tx: Tx,
    *,
    channel: str,
    sim: str,
    reference: str,
    recipient: str,
    status: int,
    kind: str,
    sent_at: int | None,
    done_at: int | None,
    raw: str,
    verdict: str,
    attempt_id: int | None,
    forms: Sequence[str],
    own_reference: int | None,
    quotes: str,
    now: int,
) -> None:
    tx.run(
        "INSERT INTO receipt (id, channel, sim, reference, recipient, status, class, sent_at, done_at, received_at,"
        " attempt_id, verdict, forms, own_reference, quotes, raw) VALUES (:id, :channel, :sim, :reference, :recipient,"
        " :status, :class, :sent, :done, :now, :attempt, :verdict, :forms, :own, :quotes, :raw)",
        **{"class": kind},
        id=tx.new_id("receipt"),
        channel=channel,
        sim=sim,
        reference=reference,
        recipient=recipient,
        status=status,
        sent=sent_at,
        done=done_at,
        now=now,
        attempt=attempt_id,
        verdict=verdict,
        forms=json.dumps(forms),
        own=own_reference,
        quotes=quotes,
        raw=raw,
    )


# --- the attempts that a report may speak of

_TRIED = "SELECT a.*, m.expires_at, m.text, m.perhaps_there FROM attempt a JOIN message m ON m.id = a.message_id"
_OPEN = " WHERE a.state IN ('started', 'in_doubt') AND a.sim = :sim AND a.started_at >= :since"


def tried_on(reader: Reader, sim: str, reference: str, *, since: int) -> list[Row]:
    """Attempts of that SIM a report could speak of: with its reference, or open ones."""
    return reader.all(
        f"{_TRIED} WHERE a.sim = :sim AND a.reference = :reference AND a.started_at >= :since UNION {_TRIED}{_OPEN}",
        sim=sim,
        reference=reference,
        since=since,
    )


def perhaps_sent(reader: Reader, sim: str, since: int, until: int) -> list[Row]:
    """Attempts of that SIM and time which a modem denied with an error that says too little, the newest of them."""
    return reader.all(
        f"{_TRIED} WHERE a.perhaps_sent = 1 AND a.sim = :sim AND a.started_at BETWEEN :since AND :until"
        " ORDER BY a.started_at DESC LIMIT :few",
        sim=sim,
        since=since,
        until=until,
        few=WAITING_LOOKED_AT,
    )


def named(reader: Reader, sim: str, references: Iterable[str], *, since: int) -> list[Row]:
    """Attempts of that account whose message has one of these names."""
    return [
        row
        for reference in references
        for row in reader.all(
            f"{_TRIED} WHERE a.sim = :sim AND a.reference = :reference AND a.started_at >= :since",
            sim=sim,
            reference=reference,
            since=since,
        )
    ]


def open_on(reader: Reader, sim: str, *, since: int) -> list[Row]:
    """Attempts of that account whose answer has not come, or will not come."""
    return reader.all(f"{_TRIED}{_OPEN}", sim=sim, since=since)


def unnamed(reader: Reader, sim: str, *, since: int) -> list[Row]:
    """Attempts of that account that were taken without a name, and of which nothing final has been told."""
    return reader.all(
        f"{_TRIED} WHERE a.sim = :sim AND a.started_at >= :since AND a.state = 'accepted' AND a.reference IS NULL"
        " AND a.receipt NOT IN ('delivered', 'failed', 'gave_up') AND a.id > (SELECT MAX(id) FROM attempt) - :most",
        sim=sim,
        since=since,
        most=BEGUN_LOOKED_AT,
    )


def awaited(reader: Reader, sim: str, recipient: str) -> list[Row]:
    """Attempts of that account for this recipient, among the newest of all, whose report is still to come."""
    return reader.all(
        f"{_TRIED} WHERE a.id > (SELECT MAX(id) FROM attempt) - :most AND a.recipient = :recipient AND a.sim = :sim"
        " AND a.state = 'accepted' AND a.receipt NOT IN ('delivered', 'failed', 'gave_up')"
        " AND m.state = 'sent' AND m.report = 1",
        sim=sim,
        recipient=recipient,
        most=BEGUN_LOOKED_AT,
    )


def begun(reader: Reader, sim: str, *, since: int) -> list[Row]:
    """Attempts of that account that a report without a name may speak of, among the newest of all."""
    return reader.all(
        f"{_TRIED} WHERE a.id > (SELECT MAX(id) FROM attempt) - :most AND a.sim = :sim AND a.started_at >= :since",
        most=BEGUN_LOOKED_AT,
        sim=sim,
        since=since,
    )


# --- reports that wait for their attempt


def unowned(reader: Reader, sim: str, references: Iterable[str], *, since: int) -> list[Row]:
    """Reports with one of these references that no attempt has owned so far."""
    return [
        row
        for reference in references
        for row in reader.all(
            "SELECT * FROM receipt WHERE sim = :sim AND reference = :reference AND attempt_id IS NULL"
            " AND received_at >= :since ORDER BY id",
            sim=sim,
            reference=reference,
            since=since,
        )
    ]


def waiting(reader: Reader, sim: str, *, since: int) -> list[Row]:
    """Reports that overtook an answer, or fitted several attempts in doubt; the next settlement may tell more."""
    return reader.all(
        "SELECT * FROM receipt WHERE attempt_id IS NULL AND verdict IN ('early', 'ambiguous') AND sim = :sim"
        " AND received_at >= :since ORDER BY id LIMIT :few",
        sim=sim,
        since=since,
        few=WAITING_LOOKED_AT,
    )


def overtook(reader: Reader, channel: str) -> bool:
    """Whether a report says that the text which is out on that channel has arrived, before the channel has answered."""
    row = reader.one(  # in the words of the indexes
        "SELECT 1 AS yes FROM attempt a JOIN receipt r ON r.sim = a.sim AND r.attempt_id IS NULL"
        " AND r.verdict IN ('early', 'ambiguous') AND r.verdict = 'early'"
        " AND r.class = 'delivered' AND r.received_at >= a.started_at"
        " WHERE a.channel = :channel AND a.state IN ('started', 'in_doubt') AND a.state = 'started' LIMIT 1",
        channel=channel,
    )
    return row is not None


def own(tx: Tx, receipt_id: int, attempt_id: int, verdict: str) -> None:
    tx.run(
        "UPDATE receipt SET attempt_id = :attempt, verdict = :verdict WHERE id = :id",
        attempt=attempt_id,
        verdict=verdict,
        id=receipt_id,
    )


def say(tx: Tx, attempt_id: int, kind: str, *, now: int) -> None:
    """Its attempt says it. A final word stays, but for one that gave up too early."""
    tx.run(
        "UPDATE attempt SET receipt = :kind, receipt_at = :now"
        " WHERE id = :id AND (receipt NOT IN ('delivered', 'failed', 'gave_up')"
        " OR receipt = 'gave_up' AND :kind = 'delivered')",
        kind=kind,
        now=now,
        id=attempt_id,
    )
