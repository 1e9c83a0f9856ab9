"""SQL of what goes over with a duty: incidents that are not over and whose policy names the rota."""

from __future__ import annotations

from gatewayd.oncall.directory import BACKUP, ROTA
from gatewayd.store import incidents, journal
from gatewayd.store.db import Reader, Row, Tx

TOLD = "told of it at a hand-over"  # why a page ended that never had a text


def open_of(reader: Reader, rota: str, person: str) -> list[Row]:
    """Of what they were paged about, or told of at a hand-over, as far as its policy names this rota."""
    words = (f'"{ROTA}{rota}"', f'"{BACKUP}{rota}"')
    return [row for row in incidents.open_for(reader, person) if any(word in row["policy"] for word in words)]


def told(tx: Tx, rota: str, outgoing: str, incoming: str, *, now: int) -> list[str]:
    """The incoming one is told what is open of the outgoing one's: from now on these are theirs to take, to close and
    to ask about. Returns the codes."""
    found = open_of(tx, rota, outgoing)
    for row in found:
        if incidents.paged(tx, row["id"], incoming):
            continue
        page = incidents.add_page(tx, row["id"], incoming, round_=-1, step=0, reason=TOLD, now=now)
        incidents.end_page(tx, page, "withdrawn", reason=TOLD, now=now)
        journal.write(tx, "incident_handed_on", now=now, incident_id=row["id"], rota=rota, private={"person": incoming})
    return [row["code"] for row in found]


def has_it(reader: Reader, incident_id: int, person: str) -> bool:
    """Whether they were told of it at a hand-over."""
    found = reader.one(
        "SELECT 1 AS yes FROM page WHERE incident_id = :id AND person = :person AND reason = :told LIMIT 1",
        id=incident_id,
        person=person,
        told=TOLD,
    )
    return found is not None


def pages_by(reader: Reader, rota: str) -> bool:
    """Whether an incident that is not over pages by this rota."""
    found = reader.one(
        "SELECT 1 AS yes FROM incident WHERE state <> 'resolved' AND (policy LIKE :rota OR policy LIKE :backup)"
        " LIMIT 1",
        rota=f'%"{ROTA}{rota}"%',
        backup=f'%"{BACKUP}{rota}"%',
    )
    return found is not None


def look_again(tx: Tx, rota: str, *, now: int) -> None:
    """The duty has changed hands: whatever pages by it is looked at now, and pages whoever has it."""
    tx.run(
        "UPDATE wait SET due_at = :now WHERE kind = 'escalate' AND due_at > :now AND subject IN"
        " (SELECT id FROM incident WHERE state = 'open' AND held_for = ''"
        " AND (policy LIKE :rota OR policy LIKE :backup))",
        rota=f'%"{ROTA}{rota}"%',
        backup=f'%"{BACKUP}{rota}"%',
        now=now,
    )
