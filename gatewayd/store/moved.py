"""SQL of numbers that left the configuration while somebody was asked by them."""

from __future__ import annotations

from gatewayd.store.db import Reader, Row, Tx


def asked(reader: Reader) -> list[Row]:
    """Pages of running steps whose newest text went to their person alone: page_id, incident_id, step, person, and
    that text's recipient and channel."""
    return reader.all(
        "SELECT p.id AS page_id, p.incident_id, p.step, p.person, m.recipient, m.channel FROM incident i"
        " JOIN page p ON p.incident_id = i.id AND p.round = i.round AND p.step = i.step"
        " JOIN message m ON m.id = (SELECT MAX(mp.message_id) FROM message_page mp WHERE mp.page_id = p.id)"
        " WHERE i.state = 'open' AND i.held_for = '' AND p.state IN ('planned', 'reached') AND m.person = p.person"
        " ORDER BY p.id"
    )


def numbers_of(reader: Reader, page_id: int) -> set[str]:
    """To which its texts went so far."""
    rows = reader.all(
        "SELECT DISTINCT m.recipient AS number FROM message_page mp JOIN message m ON m.id = mp.message_id"
        " WHERE mp.page_id = :id",
        id=page_id,
    )
    return {row["number"] for row in rows}


def inherit(tx: Tx, incident_id: int, person: str, heir: str) -> None:
    """What this person was sent of the incident is the heir's."""
    tx.run(
        "UPDATE message SET person = :heir WHERE person = :person AND id IN (SELECT mp.message_id FROM message_page mp"
        " JOIN page p ON p.id = mp.page_id WHERE p.incident_id = :id AND p.person = :person)",
        heir=heir,
        person=person,
        id=incident_id,
    )
    tx.run(
        "UPDATE page SET person = :heir WHERE incident_id = :id AND person = :person",
        heir=heir,
        person=person,
        id=incident_id,
    )


def gathering(reader: Reader) -> list[Row]:
    """What is gathered for one device of a person, and is no text yet."""
    return reader.all("SELECT * FROM fold WHERE message_id IS NULL ORDER BY id")


def gather_for(tx: Tx, fold_id: int, *, device: str, recipient: str, channel: str) -> None:
    tx.run(
        "UPDATE fold SET device = :device, recipient = :recipient, channel = :channel WHERE id = :id",
        device=device,
        recipient=recipient,
        channel=channel,
        id=fold_id,
    )
