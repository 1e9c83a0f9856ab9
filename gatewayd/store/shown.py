"""SQL of what a person could read, and when."""

from __future__ import annotations

from gatewayd.store.db import Reader, Row

_PARTS = (
    "SELECT m.id * 1000 + a.round AS text, a.started_at AS gone_at, r.done_at AS done_at, r.received_at AS heard_at"
    " FROM {source} JOIN attempt a ON a.message_id = m.id"
    " AND a.state IN ('started', 'accepted', 'in_doubt') LEFT JOIN receipt r ON r.attempt_id = a.id"
    " AND r.class = 'delivered' AND r.forms = '[]'"  # a bureau writes whole minutes, in a zone of its own
    " WHERE {of}"
)


def _parts(reader: Reader, source: str, of: str, **values: str | int) -> list[Row]:
    """The parts of these texts that went out: (text, gone_at, done_at, heard_at)."""
    return reader.all(_PARTS.format(source=source, of=of), **values)


def pages(reader: Reader, incident_id: int, person: str, *, after: int = 0) -> list[Row]:
    """Of this incident's pages to them, as `_parts`. `after`: only of pages newer than that one."""
    return _parts(
        reader,
        "page p JOIN message_page mp ON mp.page_id = p.id JOIN message m ON m.id = mp.message_id",
        "p.incident_id = :id AND p.person = :person AND p.id > :after",
        id=incident_id,
        person=person,
        after=after,
    )


def news(reader: Reader, incident_id: int, person: str, *, after: int) -> list[Row]:
    """Of what told them of alerts that joined it, newer than that text; as `_parts`."""
    return _parts(
        reader,
        "telling t JOIN message m ON m.id = t.message_id",
        "t.incident_id = :id AND m.person = :person AND m.id > :after",
        id=incident_id,
        person=person,
        after=after,
    )


def answers(reader: Reader, person: str, code: str, *, after: int) -> list[Row]:
    """Of answers to them that have the code (110 is not 10), newer than that text; as `_parts`."""
    return _parts(
        reader,
        "message m",
        "m.person = :person AND m.kind = 'answer' AND m.id > :after AND ' ' || m.text || ' ' GLOB :has",
        person=person,
        after=after,
        has=f"*[^0-9]{code}[^0-9]*",
    )


def text(reader: Reader, message_id: int) -> list[Row]:
    """Of one text, as `_parts`."""
    return _parts(reader, "message m", "m.id = :id", id=message_id)


def texts_with(reader: Reader, person: str, kind: str, word: str, *, since: int) -> list[Row]:
    """Of texts of this kind to them that hold the word, as `_parts`."""
    return _parts(
        reader,
        "message m",
        "m.person = :person AND m.kind = :kind AND m.created_at >= :since AND m.text LIKE :holds",
        person=person,
        kind=kind,
        since=since,
        holds=f"%{word}%",
    )


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


def parts_in_doubt(reader: Reader, message_id: int, round_: int) -> set[int]:
    """Numbers of the parts of this round that may have been shown already."""
    rows = reader.all(
        "SELECT DISTINCT part FROM attempt WHERE message_id = :id AND round = :round AND state = 'in_doubt'",
        id=message_id,
        round=round_,
    )
    return {row["part"] for row in rows}


def account_of(reader: Reader, message_id: int, round_: int) -> str:
    """By whose account its last part of this round went; "" when none did."""
    row = reader.one(
        "SELECT sim FROM attempt WHERE message_id = :id AND round = :round ORDER BY id DESC LIMIT 1",
        id=message_id,
        round=round_,
    )
    return str(row["sim"]) if row else ""
