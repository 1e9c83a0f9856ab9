"""SQL of news: the texts that say what became of an incident, and the devices on which people were shown its pages."""

from __future__ import annotations

from collections.abc import Sequence

from gatewayd.store import folds, messages
from gatewayd.store.db import Reader, Row, Tx

KIND = "news"  # of its wait
KINDS = ("taken", "joined", "cleared", "digest")
PASSED_ON = "news_passed_on"


def lost(tx: Tx, message: Row, *, now: int) -> None:
    """It will not reach its person: whoever decides about its pages, or about this piece of news, decides now."""
    if message["kind"] in KINDS:
        messages.set_wait(tx, KIND, message["id"], now)
    else:
        messages.wake_pages(tx, message["id"], now=now)


def shown(reader: Reader, incident_id: int) -> dict[str, Row]:
    """By person, the text of this incident's own pages that was delivered last; else the last one that a network took
    and no receipt is overdue of; else the last that may have got there."""
    rows = reader.all(
        "SELECT m.person, m.recipient, m.wanted_channel FROM page p JOIN message_page mp ON mp.page_id = p.id"
        " JOIN message m ON m.id = mp.message_id AND m.person = p.person WHERE p.incident_id = :id"
        " AND (m.state IN ('started', 'sent', 'in_doubt', 'delivered', 'unconfirmed')"
        " OR EXISTS (SELECT 1 FROM attempt a WHERE a.message_id = m.id"
        " AND a.state IN ('accepted', 'in_doubt', 'started') AND a.receipt NOT IN ('failed', 'gave_up')))"
        " ORDER BY CASE WHEN m.state = 'delivered' THEN 2"
        " WHEN m.state IN ('sent', 'unconfirmed') AND m.unheard_at IS NULL THEN 1 ELSE 0 END, m.id",
        id=incident_id,
    )
    return {row["person"]: row for row in rows}


def of_end(reader: Reader, incident: Row, person: str) -> list[Row]:
    """Texts to them alone that say who has it now, or that it is over; the newest first."""
    kind, since = ("cleared", "resolved_at") if incident["state"] == "resolved" else ("taken", "acknowledged_at")
    return reader.all(
        "SELECT m.* FROM journal j JOIN message m ON m.id = j.message_id WHERE j.incident_id = :id"
        " AND j.event = 'message_queued' AND m.person = :person AND m.kind = :kind AND m.created_at >= :since"
        " ORDER BY m.id DESC",
        id=incident["id"],
        person=person,
        kind=kind,
        since=incident[since],
    )


def incident_of(reader: Reader, message_id: int) -> int | None:
    """None: of several, folded into one text."""
    row = reader.one(
        "SELECT incident_id FROM journal WHERE message_id = :id AND event = 'message_queued' LIMIT 1", id=message_id
    )
    return row["incident_id"] if row else None


def may_go_on(reader: Reader, message: Row) -> bool:
    """Whether it is true still, and was not passed on before."""
    if reader.one(
        "SELECT 1 FROM journal WHERE message_id = :id AND event = :event LIMIT 1", id=message["id"], event=PASSED_ON
    ):
        return False
    if message["kind"] == "cleared":
        return True
    fold = folds.of_message(reader, message["id"])
    if fold is not None:
        return bool(folds.news(reader, fold))
    return (
        reader.one(
            "SELECT 1 FROM incident WHERE id = :id AND state = 'acknowledged'", id=incident_of(reader, message["id"])
        )
        is not None
    )


def end_on_the_way(reader: Reader, names: Sequence[str], incident_id: int, *, since: int) -> bool:
    """Whether a text to one of these that tells of the end may yet arrive, or is being gathered."""
    return any(
        reader.one(
            "SELECT 1 FROM message WHERE person = :person AND created_at >= :since AND kind = 'cleared'"
            " AND ended_at IS NULL UNION ALL SELECT 1 FROM fold f JOIN fold_entry e ON e.fold_id = f.id"
            " WHERE f.person = :person AND f.kind = 'cleared' AND f.message_id IS NULL AND e.incident_id = :incident"
            " LIMIT 1",
            person=name,
            since=since,
            incident=incident_id,
        )
        for name in names
    )
