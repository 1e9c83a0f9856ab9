"""SQL of pages that count against a pager's hour and a bureau's quarter of one."""

from __future__ import annotations

from gatewayd.store.db import Reader, Row, Tx


def used(reader: Reader, channel: str, recipient: str | None, *, since: int) -> list[Row]:
    """Of one recipient, or of all."""
    if recipient is None:
        return reader.all(
            "SELECT at, about FROM allowance WHERE channel = :channel AND at > :since", channel=channel, since=since
        )
    return reader.all(
        "SELECT at, about FROM allowance WHERE channel = :channel AND recipient = :recipient AND at > :since",
        channel=channel,
        recipient=recipient,
        since=since,
    )


def use(tx: Tx, channel: str, recipient: str, about: str, *, now: int, before: int) -> None:
    """Count one page; what is older than `before` is forgotten."""
    tx.run("DELETE FROM allowance WHERE channel = :channel AND at <= :before", channel=channel, before=before)
    tx.run(
        "INSERT INTO allowance (channel, recipient, at, about) VALUES (:channel, :recipient, :now, :about)",
        channel=channel,
        recipient=recipient,
        about=about,
        now=now,
    )


def news_of(reader: Reader, message_id: int) -> str:
    """The service of the incident that a text tells of; "" when it is of none, or of several."""
    row = reader.one(
        "SELECT i.service FROM journal j JOIN incident i ON i.id = j.incident_id"
        " WHERE j.message_id = :id AND j.event = 'message_queued' LIMIT 1",
        id=message_id,
    )
    return row["service"] if row else ""


def subject(reader: Reader, message_id: int, *, since: int) -> Row | None:
    """The service that a text pages for, and how many texts to that pager went before; None: it is no page.

    Before are those of its incident, and since then those of others that began with the same fault: it flaps.
    """
    return reader.one(
        "SELECT i.service, (SELECT COUNT(*) FROM page q JOIN message_page other ON other.page_id = q.id"
        "   JOIN attempt a ON a.message_id = other.message_id JOIN message m ON m.id = other.message_id"
        "   WHERE m.recipient = own.recipient AND q.incident_id IN (SELECT i.id UNION"
        "     SELECT was.incident_id FROM alert new JOIN alert was ON was.source = new.source AND was.key = new.key"
        "     WHERE new.incident_id = i.id AND was.first_at > :since)) AS before"
        " FROM message_page mp JOIN page p ON p.id = mp.page_id JOIN incident i ON i.id = p.incident_id"
        " JOIN message own ON own.id = mp.message_id WHERE mp.message_id = :id ORDER BY i.id LIMIT 1",
        id=message_id,
        since=since,
    )
