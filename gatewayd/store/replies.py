"""SQL of what was said to a person of late, and what they wrote."""

from __future__ import annotations

from gatewayd.store.db import Reader, Row


def texts_to(reader: Reader, person: str, *, since: int, limit: int) -> list[str]:
    """The newest texts of any kind to this person (or to "team:noc")."""
    rows = reader.all(
        "SELECT text FROM message WHERE person = :person AND created_at > :since ORDER BY created_at DESC LIMIT :limit",
        person=person,
        since=since,
        limit=limit,
    )
    return [row["text"] for row in rows]


def results_of(reader: Reader, person: str, *, since: int) -> list[Row]:
    """What came from this person, and what became of it: (text, result, received_at)."""
    return reader.all(
        "SELECT text, result, received_at FROM incoming WHERE person = :person AND person <> ''"
        " AND received_at > :since",
        person=person,
        since=since,
    )


def acted_since(reader: Reader, person: str, *, since: int, limit: int) -> list[Row]:
    """What came from this person since then and changed an incident, the newest first."""
    return reader.all(
        "SELECT sim, sender, sent_at, received_at, text, result, incident_id FROM incoming WHERE person = :person"
        " AND received_at > :since AND result IN ('acknowledged', 'refused', 'closed') ORDER BY id DESC LIMIT :limit",
        person=person,
        since=since,
        limit=limit,
    )


def copies_to(reader: Reader, person: str, *, since: int) -> int:
    row = reader.one(
        "SELECT COUNT(*) AS n FROM message WHERE person = :person AND kind = 'copy' AND created_at > :since",
        person=person,
        since=since,
    )
    return int(row["n"]) if row else 0


def told(reader: Reader, person: str, number: str, words: str, *, since: int) -> bool:
    """Whether that was said to this number of theirs of late."""
    row = reader.one(
        "SELECT 1 AS yes FROM message WHERE person = :person AND created_at > :since AND recipient = :number"
        " AND text = :words LIMIT 1",
        person=person,
        number=number,
        words=words,
        since=since,
    )
    return row is not None
