"""SQL of drills: one runs at a time, and what became of each is kept."""

from __future__ import annotations

from gatewayd.store import messages
from gatewayd.store.db import Reader, Row, Tx

DRILL = "drill"  # the source of its incident, the origin of its texts, and the kind of its wait
NOTE = "drill"


def add(tx: Tx, *, service: str, severity: str, by: str, until: int, now: int) -> int:
    number = tx.new_id("drill")
    tx.run(
        "INSERT INTO drill (id, service, severity, started_by, started_at, until)"
        " VALUES (:id, :service, :severity, :by, :now, :until)",
        id=number,
        service=service,
        severity=severity,
        by=by,
        now=now,
        until=until,
    )
    messages.set_wait(tx, DRILL, number, until)
    tx.notes[NOTE] = number
    return number


def of(tx: Tx, number: int, incident_id: int) -> None:
    tx.run("UPDATE drill SET incident_id = :incident WHERE id = :id", incident=incident_id, id=number)


def get(reader: Reader, number: int) -> Row | None:
    return reader.one("SELECT * FROM drill WHERE id = :id", id=number)


def listing(reader: Reader, *, limit: int) -> list[Row]:
    return reader.all("SELECT * FROM drill ORDER BY id DESC LIMIT :limit", limit=limit)


def running(tx: Tx) -> int:
    """Its number; 0: none. Asked for whenever somebody is paged: read once, and kept in mind."""
    known: int | None = tx.notes.get(NOTE)
    if known is None:
        row = tx.one("SELECT MAX(id) AS id FROM drill WHERE ended_at IS NULL")
        known = tx.notes[NOTE] = int(row["id"] or 0) if row else 0
    return known


def looked_at(tx: Tx, incident: Row, *, now: int) -> bool:
    """Whether this incident is a drill; then what became of it is looked at now."""
    if incident["source"] != DRILL:
        return False
    if number := running(tx):
        messages.set_wait(tx, DRILL, number, now)
    return True


def give_way(tx: Tx, incident: Row, *, now: int) -> None:
    """Somebody is paged in earnest: a drill that runs ends now."""
    if incident["source"] == DRILL or not (number := running(tx)):
        return
    tx.run("UPDATE drill SET gave_way_to = :incident WHERE id = :id", incident=incident["id"], id=number)
    messages.set_wait(tx, DRILL, number, now)


def end(tx: Tx, number: int, verdict: str, *, now: int) -> None:
    tx.run("UPDATE drill SET ended_at = :now, verdict = :verdict WHERE id = :id", now=now, verdict=verdict, id=number)
    messages.end_wait(tx, DRILL, number)
    tx.notes[NOTE] = 0


def answer(reader: Reader, incident: Row) -> tuple[str, int | None]:
    """Who took it, or closed it at once, and when; ("", None): nobody."""
    if incident["acknowledged_by"]:
        return incident["acknowledged_by"], incident["acknowledged_at"]
    row = reader.one("SELECT resolved_by, resolved_at FROM alert WHERE incident_id = :id", id=incident["id"])
    if row is None or row["resolved_by"] in ("", DRILL):
        return "", None
    return row["resolved_by"], row["resolved_at"]


def pages(reader: Reader, incident_id: int) -> list[Row]:
    """Every text of its pages: who, by what, when, and what is known of it; a page without a text once."""
    return reader.all(
        "SELECT p.person, p.step, p.round, p.reason, p.planned_at, p.state AS page_state, m.id AS message_id,"
        " m.person AS whose, m.device, m.channel, m.state, m.created_at, m.ended_at, m.reason AS why,"
        " (SELECT MIN(a.ended_at) FROM attempt a WHERE a.message_id = m.id AND a.state = 'accepted') AS sent_at"
        " FROM page p LEFT JOIN message_page mp ON mp.page_id = p.id LEFT JOIN message m ON m.id = mp.message_id"
        " WHERE p.incident_id = :id ORDER BY p.id, m.id",
        id=incident_id,
    )
