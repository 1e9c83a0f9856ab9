"""SQL of many texts at once: what messages.py and receipts.py do for one, in one statement or one pass for all.

Each takes only what the caller has looked up in the same transaction as the usual case, so nothing here is conditional.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from gatewayd.store.db import Reader, Row, Tx

Values = dict[str, Any]


def _among(values: Collection[Any], letter: str = "v") -> tuple[str, Values]:
    """The words of an IN, and what they stand for."""
    names = {f"{letter}{n}": value for n, value in enumerate(values)}
    return ", ".join(f":{name}" for name in names), names


# --- looked up


def texts(reader: Reader, message_ids: Collection[int]) -> list[Row]:
    """The messages themselves, in no order."""
    places, values = _among(message_ids)
    return reader.all(f"SELECT * FROM message WHERE id IN ({places})", **values)


def queued(reader: Reader, message_ids: Collection[int], *, now: int) -> set[tuple[int, int]]:
    """Id and round of those that still wait, are still valid, and not held up."""
    places, values = _among(message_ids)
    rows = reader.all(
        f"SELECT id, round FROM message WHERE id IN ({places}) AND state = 'queued' AND expires_at > :now"
        " AND unheard_at IS NULL",
        now=now,
        **values,
    )
    return {(row["id"], row["round"]) for row in rows}


def started(reader: Reader, attempt_ids: Collection[int]) -> dict[int, Row]:
    """The messages of those first and only tries that nothing has happened to since, by attempt."""
    places, values = _among(attempt_ids)
    rows = reader.all(
        "SELECT m.id, m.kind, m.person, m.recipient, m.wanted_channel, m.channel, m.report, m.expires_at, m.unheard_at,"
        " a.id AS attempt_id, a.sim, a.started_at FROM attempt a JOIN message m ON m.id = a.message_id"
        f" WHERE a.id IN ({places}) AND a.state = 'started' AND a.round = 0 AND a.parts = 1"
        " AND m.state = 'started' AND m.round = 0 AND m.parts = 1 AND m.tries = 0",
        **values,
    )
    return {row["attempt_id"]: row for row in rows}


def named(reader: Reader, sim: str, references: Collection[str], *, since: int) -> list[Row]:
    """Attempts of that account with one of these names, with what a report about them needs to know."""
    places, values = _among(references)
    return reader.all(
        "SELECT a.*, m.expires_at, m.text, m.perhaps_there, m.kind, m.created_at, m.state AS message_state,"
        " m.round AS message_round, m.parts AS message_parts,"
        " (SELECT COUNT(*) FROM attempt o WHERE o.message_id = m.id) AS tries"
        " FROM attempt a JOIN message m ON m.id = a.message_id"
        f" WHERE a.sim = :sim AND a.reference IN ({places}) AND a.started_at >= :since",
        sim=sim,
        since=since,
        **values,
    )


def unowned(reader: Reader, sim: str, references: Collection[str], *, since: int) -> set[str]:
    """Which of these names a report bears that no attempt owns."""
    if not references:
        return set()
    places, values = _among(references)
    rows = reader.all(
        f"SELECT reference FROM receipt WHERE sim = :sim AND reference IN ({places}) AND attempt_id IS NULL"
        " AND received_at >= :since",
        sim=sim,
        since=since,
        **values,
    )
    return {row["reference"] for row in rows}


def incidents_of(reader: Reader, message_ids: Collection[int]) -> dict[int, int]:
    """The incident that each text pages for; what is no page is missing."""
    places, values = _among(message_ids)
    rows = reader.all(
        "SELECT mp.message_id, MIN(p.incident_id) AS incident FROM message_page mp JOIN page p ON p.id = mp.page_id"
        f" WHERE mp.message_id IN ({places}) GROUP BY mp.message_id",
        **values,
    )
    return {row["message_id"]: row["incident"] for row in rows}


# --- written


class Started(NamedTuple):
    """An attempt as its row has it at first."""

    id: int
    message: int
    round: int
    parts: int
    channel: str
    sim: str
    recipient: str
    before: str | None
    now: int


def start(tx: Tx, attempts: Sequence[Started]) -> None:
    """Book first parts of queued texts."""
    tx.run_many(
        "UPDATE message SET state = 'started', channel = ?, parts = ?, reason = '' WHERE id = ?",
        [(a.channel, a.parts, a.message) for a in attempts],
    )
    tx.run_many(
        "INSERT INTO attempt (id, message_id, round, parts, channel, sim, recipient, reference_before, started_at,"
        " part, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 'started')",
        attempts,
    )


class Taken(NamedTuple):
    """What the network said of an attempt, in the order in which it is written."""

    code: str
    now: int
    reference: str | None
    spelling: str | None
    id: int


def accept(tx: Tx, attempts: Sequence[Taken], message_ids: Collection[int]) -> None:
    """The network took them, which were all of these messages."""
    tx.run_many(
        "UPDATE attempt SET state = 'accepted', code = ?, reason = '', settled_by = 'answer', ended_at = ?,"
        " reference = COALESCE(?, reference), spelling = ? WHERE id = ?",
        attempts,
    )
    places, values = _among(message_ids)
    tx.run(f"UPDATE message SET state = 'sent', reason = '', ended_at = NULL WHERE id IN ({places})", **values)


def reported(tx: Tx, reports: Sequence[Values]) -> None:
    """Of each: attempt, kind, now."""
    tx.run_many("UPDATE attempt SET receipt = :kind, receipt_at = :now WHERE id = :attempt", reports)


def delivered(tx: Tx, reports: Sequence[Values]) -> None:
    """Of each: message, now."""
    tx.run_many(
        "UPDATE message SET state = 'delivered', reason = '', ended_at = :now WHERE id = :message",
        reports,
    )


def keep_reports(tx: Tx, reports: Sequence[Values]) -> None:
    """As receipts.keep; the values bear the names of the columns."""
    tx.run_many(
        "INSERT INTO receipt (id, channel, sim, reference, recipient, status, class, sent_at, done_at, received_at,"
        " attempt_id, verdict, forms, own_reference, quotes, raw) VALUES (:id, :channel, :sim, :reference, :recipient,"
        " :status, :class, :sent_at, :done_at, :received_at, :attempt_id, :verdict, :forms, :own_reference, :quotes,"
        " :raw)",
        reports,
    )


def set_waits(tx: Tx, kind: str, due: Iterable[tuple[int, int]]) -> None:
    """`due`: subject and when."""
    tx.run_many(
        "INSERT INTO wait (kind, subject, due_at) VALUES (?, ?, ?)"
        " ON CONFLICT (kind, subject) DO UPDATE SET due_at = excluded.due_at",
        [(kind, subject, at) for subject, at in due],
    )


def end_waits(tx: Tx, kinds: Sequence[str], subjects: Collection[int]) -> None:
    places, values = _among(subjects)
    words, names = _among(kinds, "k")
    tx.run(f"DELETE FROM wait WHERE kind IN ({words}) AND subject IN ({places})", **values, **names)


def rested(tx: Tx, whose: Collection[str]) -> None:
    """A text went through to each of them, see messages.whose."""
    places, values = _among(whose)
    tx.run(f"DELETE FROM resting WHERE recipient IN ({places})", **values)
