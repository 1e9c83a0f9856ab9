"""SQL of what fires of an incident: which alert gives its words, and which its owner has not heard of.

Of each alert of a taken incident its owner has read the words, or not (UNNAMED); one that joined is told of (UNTOLD).
"""

from __future__ import annotations

from gatewayd.store import messages
from gatewayd.store.db import Reader, Row, Tx
from gatewayd.store.incidents import NEVER

REST = "joined"  # a wait of an incident whose owner heard of a new alert just now
UNTOLD = "untold"  # a wait of an alert: it is never due itself, the incident's is
UNNAMED = "unnamed"  # as UNTOLD: at most counted so far
_WORST_FIRST = "CASE severity WHEN 'critical' THEN 0 WHEN 'error' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END, id"


def speaks_for(reader: Reader, incident: Row) -> Row | None:
    """The firing alert whose words the incident has; when none fires any more, the worst, and of those the oldest."""
    return reader.one(
        "SELECT id, severity, summary FROM alert WHERE incident_id = :id AND status = 'firing'"
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
    return messages.due_at(reader, REST, incident_id) is not None


def taken(tx: Tx, incident: Row) -> None:
    """Whoever takes it now has read of the alert that it speaks of, and of no other."""
    forget(tx, incident["id"])
    tx.run("UPDATE alert SET told_in = NULL WHERE incident_id = :id AND told_in IS NOT NULL", id=incident["id"])
    speaks = speaks_for(tx, incident)
    tx.run(
        "INSERT INTO wait (kind, subject, due_at) SELECT :kind, id, :never FROM alert"
        " WHERE incident_id = :incident AND status = 'firing' AND id <> :speaks",
        kind=UNNAMED,
        never=NEVER,
        incident=incident["id"],
        speaks=speaks["id"] if speaks else 0,
    )


def mark(tx: Tx, kind: str, alert_id: int) -> None:
    messages.set_wait(tx, kind, alert_id, NEVER)


def names_one(reader: Reader, incident_id: int) -> bool:
    """Whether anything fires whose words its owner has read."""
    return bool(
        reader.one(
            "SELECT 1 AS yes FROM alert WHERE incident_id = :incident AND status = 'firing' AND NOT EXISTS"
            " (SELECT 1 FROM wait WHERE kind = :kind AND subject = alert.id) LIMIT 1",
            incident=incident_id,
            kind=UNNAMED,
        )
    )


def marked(reader: Reader, kind: str, incident_id: int) -> list[Row]:
    """Those that fire and are not told of, or not named, the worst first, of those the oldest; `joined`: of late."""
    return reader.all(
        "SELECT id, severity, summary, details,"
        " EXISTS (SELECT 1 FROM wait u WHERE u.kind = :untold AND u.subject = alert.id) AS joined"
        " FROM alert JOIN wait ON kind = :kind AND subject = id"
        f" WHERE incident_id = :incident AND status = 'firing' ORDER BY {_WORST_FIRST}",
        kind=kind,
        untold=UNTOLD,
        incident=incident_id,
    )


def told(tx: Tx, incident_id: int) -> None:
    """None that joined is left to tell of."""
    _forget(tx, UNTOLD, incident_id)


def forget(tx: Tx, incident_id: int) -> None:
    """None of it is left to tell of, or to name."""
    _forget(tx, UNTOLD, incident_id)
    _forget(tx, UNNAMED, incident_id)


def _forget(tx: Tx, kind: str, incident_id: int) -> None:
    tx.run(
        "DELETE FROM wait WHERE kind = :kind AND subject IN (SELECT id FROM alert WHERE incident_id = :incident)",
        kind=kind,
        incident=incident_id,
    )
