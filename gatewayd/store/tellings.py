"""SQL of tellings: the texts by which those who have an incident hear of what joins it, and whether one was heard."""

from __future__ import annotations

from collections.abc import Sequence

from gatewayd.clock import SECOND
from gatewayd.store import messages
from gatewayd.store.db import Reader, Row, Tx
from gatewayd.store.news import KIND

LOOK_S = 300  # a text of it that no channel has taken by then counts as not heard
_BATCH = 500


def begin(tx: Tx, alerts: Sequence[Row]) -> int:
    """These are told of, in the texts that are put to it. Returns its number."""
    number = tx.new_id("telling")
    for first in range(0, len(alerts), _BATCH):
        few = {f"a{n}": alert["id"] for n, alert in enumerate(alerts[first : first + _BATCH])}
        places = ", ".join(f":{name}" for name in few)
        tx.run(f"UPDATE alert SET told_in = :number WHERE id IN ({places})", number=number, **few)
    return number


def put(tx: Tx, number: int, message_id: int, incident_id: int, *, now: int) -> None:
    """One of its texts."""
    tx.run(
        "INSERT INTO telling (message_id, number, incident_id) VALUES (:message, :number, :incident)",
        message=message_id,
        number=number,
        incident=incident_id,
    )
    messages.set_wait(tx, KIND, message_id, now + LOOK_S * SECOND)


def of(reader: Reader, message_id: int) -> Row | None:
    return reader.one("SELECT * FROM telling WHERE message_id = :id", id=message_id)


def went_on(reader: Reader, telling: Row, person: str) -> bool:
    """Whether a later text of it went to the same person."""
    found = reader.one(
        "SELECT 1 AS yes FROM telling t JOIN message m ON m.id = t.message_id"
        " WHERE t.number = :number AND t.message_id > :message AND m.person = :person LIMIT 1",
        number=telling["number"],
        message=telling["message_id"],
        person=person,
    )
    return found is not None


def unheard(reader: Reader, telling: Row) -> Row | None:
    """The worst that fires of what it told of, when none of its texts was heard, or may yet be."""
    return reader.one(
        "SELECT * FROM alert WHERE incident_id = :incident AND told_in = :number AND status = 'firing'"
        " AND severity IN ('critical', 'error') AND NOT EXISTS (SELECT 1 FROM telling t JOIN message m"
        " ON m.id = t.message_id WHERE t.number = :number AND (m.state = 'delivered'"
        " OR m.state IN ('sent', 'unconfirmed') AND m.unheard_at IS NULL"
        " OR m.state IN ('queued', 'started', 'in_doubt') AND EXISTS"
        " (SELECT 1 FROM wait w WHERE w.kind = :kind AND w.subject = m.id)))"
        " ORDER BY CASE severity WHEN 'critical' THEN 0 ELSE 1 END, id LIMIT 1",
        incident=telling["incident_id"],
        number=telling["number"],
        kind=KIND,
    )


def readers(reader: Reader, telling: Row) -> list[str]:
    """To whom it was sent."""
    rows = reader.all(
        "SELECT DISTINCT m.person AS person FROM telling t JOIN message m ON m.id = t.message_id"
        " WHERE t.number = :number ORDER BY m.person",
        number=telling["number"],
    )
    return [row["person"] for row in rows]


def heard_of(reader: Reader, incident_id: int) -> list[str]:
    """Who was told of anything that joined it, as far as is known."""
    rows = reader.all(
        "SELECT DISTINCT m.person AS person FROM telling t JOIN message m ON m.id = t.message_id"
        " WHERE t.incident_id = :id AND m.state IN ('started', 'sent', 'in_doubt', 'delivered', 'unconfirmed')"
        " ORDER BY m.person",
        id=incident_id,
    )
    return [row["person"] for row in rows]
