"""SQL of what a person could read, and when."""

from __future__ import annotations

from gatewayd.store.db import Reader, Row

_PARTS = (
    " a.started_at AS gone_at, r.done_at AS done_at,"
    " r.received_at AS heard_at FROM {source} JOIN attempt a ON a.message_id = m.id"
    " AND a.state IN ('started', 'accepted', 'in_doubt') LEFT JOIN receipt r ON r.attempt_id = a.id"
    " AND r.class = 'delivered' AND r.forms = '[]'"  # a bureau writes whole minutes, in a zone of its own
)


def pages(reader: Reader, incident_id: int, person: str, *, after: int = 0) -> list[Row]:
    """The parts of this incident's pages to them that went out: (text, gone_at, done_at, heard_at). `after`: only of
    pages newer than that one."""
    source = "page p JOIN message_page mp ON mp.page_id = p.id JOIN message m ON m.id = mp.message_id"
    return reader.all(
        "SELECT m.id * 1000 + a.round AS text," + _PARTS.format(source=source)
        + " WHERE p.incident_id = :id AND p.person = :person AND p.id > :after",
        id=incident_id,
        person=person,
        after=after,
    )  # fmt: skip


def news(reader: Reader, incident_id: int, person: str, *, after: int) -> list[Row]:
    """The parts that went out of what told them of alerts that joined it, newer than that text: as `pages`."""
    source = "telling t JOIN message m ON m.id = t.message_id"
    return reader.all(
        "SELECT m.id * 1000 + a.round AS text," + _PARTS.format(source=source)
        + " WHERE t.incident_id = :id AND m.person = :person AND m.id > :after",
        id=incident_id,
        person=person,
        after=after,
    )  # fmt: skip


def answers(reader: Reader, person: str, word: str, *, after: int) -> list[Row]:
    """The parts that went out of answers to them that hold the word, newer than that text: as `pages`."""
    return reader.all(
        "SELECT m.id * 1000 + a.round AS text," + _PARTS.format(source="message m")
        + " WHERE m.person = :person AND m.kind = 'answer' AND m.id > :after AND m.text LIKE :holds",
        person=person,
        after=after,
        holds=f"%{word}%",
    )  # fmt: skip


def text(reader: Reader, message_id: int) -> list[Row]:
    """The parts of one text that went out: as `pages`."""
    return reader.all(
        "SELECT m.id * 1000 + a.round AS text," + _PARTS.format(source="message m") + " WHERE m.id = :id",
        id=message_id,
    )


def texts_with(reader: Reader, person: str, kind: str, word: str, *, since: int) -> list[Row]:
    """The parts that went out of texts of this kind to them that hold the word: as `pages`."""
    return reader.all(
        "SELECT m.id * 1000 + a.round AS text," + _PARTS.format(source="message m")
        + " WHERE m.person = :person AND m.kind = :kind AND m.created_at >= :since AND m.text LIKE :holds",
        person=person,
        kind=kind,
        since=since,
        holds=f"%{word}%",
    )  # fmt: skip


def code_before(reader: Reader, incident: Row) -> int | None:
    """When the incident ended that had this one's code before it."""
    row = reader.one(
        "SELECT resolved_at FROM incident WHERE code = :code AND id < :id AND state = 'resolved'"
        " ORDER BY id DESC LIMIT 1",
        code=incident["code"],
        id=incident["id"],
    )
    return int(row["resolved_at"]) if row else None


def heard_of(reader: Reader, sender: str, *, since: int, limit: int) -> list[Row]:
    """The newest texts of this sender that have a stamp: (sent_at, received_at)."""
    return reader.all(
        "SELECT sent_at, received_at FROM incoming WHERE sender = :sender AND received_at > :since"
        " AND sent_at IS NOT NULL ORDER BY received_at DESC, id DESC LIMIT :limit",
        sender=sender,
        since=since,
        limit=limit,
    )
