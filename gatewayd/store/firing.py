"""SQL of what fires of an incident: which alert gives its words, and which its owner has not heard of."""

from __future__ import annotations

from gatewayd.store.db import Reader, Row, Tx
from gatewayd.store.incidents import NEVER

REST = "joined"  # a wait of an incident whose owner heard of a new alert just now
UNTOLD = "untold"  # a wait of an alert: it is never due itself, the incident's is
_WORST_FIRST = "CASE severity WHEN 'critical' THEN 0 WHEN 'error' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END, id"


def speaks_for(reader: Reader, incident: Row) -> Row | None:
    """The firing alert whose words the incident has; when none fires any more, the worst, and of those the oldest."""
    return reader.one(
        "SELECT severity, summary FROM alert WHERE incident_id = :id AND status = 'firing'"
        f" ORDER BY CASE WHEN severity = :severity AND summary = :summary THEN 0 ELSE 1 END, {_WORST_FIRST} LIMIT 1",
        id=incident["id"],
        severity=incident["severity"],
        summary=incident["summary"],
    )


def reword(tx: Tx, incident_id: int, *, severity: str, summary: str) -> None:
    tx.run(
        "UPDATE incident SET severity = :severity, summary = :summary WHERE id = :id",
        severity=severity,
        summary=summary,
        id=incident_id,
    )


def worst_over(reader: Reader, incident_id: int) -> str | None:
    """The severity of the worst of its alerts that are over."""
    row = reader.one(
        f"SELECT severity FROM alert WHERE incident_id = :id AND status = 'resolved' ORDER BY {_WORST_FIRST} LIMIT 1",
        id=incident_id,
    )
    return row["severity"] if row else None


def rests(reader: Reader, incident_id: int) -> bool:
    return reader.one("SELECT 1 FROM wait WHERE kind = :kind AND subject = :id", kind=REST, id=incident_id) is not None


def to_tell(tx: Tx, alert_id: int) -> None:
    tx.run(
        "INSERT INTO wait (kind, subject, due_at) VALUES (:kind, :id, :never) ON CONFLICT DO NOTHING",
        kind=UNTOLD,
        id=alert_id,
        never=NEVER,
    )


def untold(reader: Reader, incident_id: int) -> list[Row]:
    """Those that fire and are not told of, the worst first, of those the oldest."""
    return reader.all(
        "SELECT id, severity, summary FROM alert JOIN wait ON kind = :kind AND subject = id"
        f" WHERE incident_id = :incident AND status = 'firing' ORDER BY {_WORST_FIRST}",
        kind=UNTOLD,
        incident=incident_id,
    )


def told(tx: Tx, incident_id: int) -> None:
    """Nothing of it is left to tell."""
    tx.run(
        "DELETE FROM wait WHERE kind = :kind AND subject IN (SELECT id FROM alert WHERE incident_id = :incident)",
        kind=UNTOLD,
        incident=incident_id,
    )
