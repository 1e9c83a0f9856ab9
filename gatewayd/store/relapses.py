"""SQL of faults that come and go: the incident of one that fires again, and its new beginning."""

from __future__ import annotations

from gatewayd.store.db import Reader, Row, Tx
from gatewayd.store.incidents import NEVER

KIND = "quiet"  # of the wait for the end of an incident that comes and goes


def lately(reader: Reader, source: str, key: str, *, since: int) -> Row | None:
    """The incident of the alert with that key which its monitor ended last, if that was after `since`."""
    return reader.one(
        "SELECT i.* FROM alert a JOIN incident i ON i.id = a.incident_id WHERE a.source = :source AND a.key = :key"
        " AND a.status = 'resolved' AND a.resolved_by = 'monitor' AND a.resolved_at > :since"
        " ORDER BY a.id DESC LIMIT 1",
        source=source,
        key=key,
        since=since,
    )


def was_told(reader: Reader, incident_id: int) -> bool:
    """Whether anybody was paged about it, as far as a text went out."""
    return bool(
        reader.one(
            "SELECT 1 AS yes FROM page p JOIN message_page mp ON mp.page_id = p.id"
            " JOIN attempt a ON a.message_id = mp.message_id WHERE p.incident_id = :id LIMIT 1",
            id=incident_id,
        )
    )


def open_again(tx: Tx, incident: Row, *, severity: str, summary: str, told: bool, now: int) -> None:
    """From the first step, with the same code. Where nobody was told of it, it has only begun now."""
    tx.run(
        "UPDATE incident SET state = 'open', severity = :severity, summary = :summary, round = 0, step = 0,"
        " exhausted = 0, resolved_at = NULL, acknowledged_at = NULL, acknowledged_by = NULL,"
        " opened_at = CASE WHEN :told THEN opened_at ELSE :now END, returns = returns + :told WHERE id = :id",
        severity=severity,
        summary=summary,
        told=int(told),
        now=now,
        id=incident["id"],
    )
    tx.run("UPDATE page SET round = -1 WHERE incident_id = :id", id=incident["id"])
    tx.run("UPDATE code SET free_at = :never WHERE code = :code", never=NEVER, code=incident["code"])
