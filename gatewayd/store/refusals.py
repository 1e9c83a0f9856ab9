"""SQL of pages that a person has passed on."""

from __future__ import annotations

from gatewayd.store.db import Reader, Row, Tx
from gatewayd.store.incidents import REFUSED


def refuse_pages(tx: Tx, incident_id: int, person: str, *, now: int) -> None:
    """This person's pages of the running round end, and any that waits."""
    tx.run(
        "UPDATE page SET state = 'withdrawn', ended_at = :now, reason = :reason WHERE incident_id = :id"
        " AND person = :person AND (state = 'planned' OR round = (SELECT round FROM incident WHERE id = :id))",
        now=now,
        reason=REFUSED,
        id=incident_id,
        person=person,
    )


def refused_by(reader: Reader, incident_id: int, *, round_: int, since: int) -> set[str]:
    """Who has refused it in this round, or since then in an earlier one of the same run."""
    rows = reader.all(
        "SELECT DISTINCT person FROM page WHERE incident_id = :id AND state = 'withdrawn' AND reason = :reason"
        " AND round >= 0 AND (round = :round OR ended_at > :since)",
        id=incident_id,
        reason=REFUSED,
        round=round_,
        since=since,
    )
    return {row["person"] for row in rows}


def has_refused(reader: Reader, incident: Row, person: str) -> bool:
    """Whether they have in this round, and nothing was asked of them since."""
    row = reader.one(
        "SELECT SUM(state = 'withdrawn' AND reason = :reason) AS no, SUM(state IN ('planned', 'reached')) AS asked"
        " FROM page WHERE incident_id = :id AND person = :person AND round = :round",
        id=incident["id"],
        person=person,
        reason=REFUSED,
        round=incident["round"],
    )
    return bool(row and row["no"] and not row["asked"])
