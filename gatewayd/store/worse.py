"""SQL of incidents that got worse: from when, and what tells a person how they stand now."""

from __future__ import annotations

from gatewayd.store import shown
from gatewayd.store.db import Reader, Row, Tx
from gatewayd.store.waiting import KEPT_ALERT


def note(tx: Tx, incident_id: int, *, now: int) -> None:
    """It is worse from now on: no text that there is so far says so."""
    tx.run(
        "UPDATE incident SET worse_at = :now, worse_page = (SELECT COALESCE(MAX(id), 0) FROM page),"
        " worse_message = (SELECT COALESCE(MAX(id), 0) FROM message) WHERE id = :id",
        now=now,
        id=incident_id,
    )


def told(reader: Reader, incident: Row, person: str) -> list[Row]:
    """The parts that went out of what tells them how it stands: its pages, news and answers since. As `shown.pages`."""
    number, after = incident["id"], incident["worse_message"]
    return [
        *shown.pages(reader, number, person, after=incident["worse_page"]),
        *shown.news(reader, number, person, after=after),
        *shown.answers(reader, person, incident["code"], after=after),
    ]


def paged(reader: Reader, incident: Row, person: str) -> bool:
    """Whether a page is meant to tell them."""
    found = reader.one(
        "SELECT 1 AS yes FROM page WHERE incident_id = :id AND person = :person AND id > :after LIMIT 1",
        id=incident["id"],
        person=person,
        after=incident["worse_page"],
    )
    return found is not None


def joined(reader: Reader, incident_id: int, *, since: int, now: int) -> bool:
    """Whether anything bad has begun to fire in it since then that is not kept."""
    found = reader.one(
        "SELECT 1 AS yes FROM alert WHERE incident_id = :id AND status = 'firing' AND severity IN ('critical', 'error')"
        " AND first_at > :since AND first_at <= :now AND NOT EXISTS"
        " (SELECT 1 FROM wait w WHERE w.kind = :kept AND w.subject = alert.id) LIMIT 1",
        id=incident_id,
        since=since,
        now=now,
        kept=KEPT_ALERT,
    )
    return found is not None
