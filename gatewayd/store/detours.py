"""SQL of detours: pages that wait for a channel which cannot take them, and what went by another way meanwhile."""

from __future__ import annotations

from gatewayd.store.db import Reader, Tx

PAGES_MAX = 2000  # of one lane, the most urgent texts

# A later text of the same page (`mp.page_id`) reached its device, or is as good as there where no report is to be had.
SHOWN_SINCE = (
    "EXISTS (SELECT 1 FROM message_page o JOIN message l ON l.id = o.message_id WHERE o.page_id = mp.page_id"
    " AND l.id > mp.message_id AND (l.state = 'delivered' OR l.state IN ('sent', 'unconfirmed')"
    " AND l.unheard_at IS NULL AND NOT EXISTS (SELECT 1 FROM wait w WHERE w.kind = 'hearing' AND w.subject = l.id)))"
)


def pages_in(reader: Reader, lane: str) -> list[int]:
    """Pages among the texts that wait in this lane, and are not known to be held up."""
    rows = reader.all(
        "SELECT id FROM (SELECT id, kind, unheard_at FROM message WHERE state = 'queued' AND channel = :lane"
        " ORDER BY priority, due_at, id LIMIT :few) AS urgent WHERE kind = 'page' AND unheard_at IS NULL",
        lane=lane,
        few=PAGES_MAX,
    )
    return [row["id"] for row in rows]


def marked(reader: Reader, message_id: int) -> bool:
    row = reader.one("SELECT unheard_at FROM message WHERE id = :id AND state = 'queued'", id=message_id)
    return row is not None and row["unheard_at"] is not None


def is_newest(reader: Reader, message_id: int) -> bool:
    """Whether one of its pages has gone by no other device since."""
    row = reader.one(
        "SELECT 1 FROM message_page mp WHERE mp.message_id = :id AND NOT EXISTS (SELECT 1 FROM message_page o"
        " WHERE o.page_id = mp.page_id AND o.message_id > mp.message_id) LIMIT 1",
        id=message_id,
    )
    return row is not None


def shown_on(reader: Reader, incident_id: int) -> dict[int, tuple[str, ...]]:
    """The numbers of phones whose receipts say that they have shown the page, by page. The id of a pager is none: at
    another bureau it is another pager's."""
    rows = reader.all(
        "SELECT DISTINCT mp.page_id, m.recipient FROM page p JOIN message_page mp ON mp.page_id = p.id"
        " JOIN message m ON m.id = mp.message_id"
        " WHERE p.incident_id = :id AND m.state = 'delivered' AND m.recipient LIKE '+%'",
        id=incident_id,
    )
    found: dict[int, tuple[str, ...]] = {}
    for row in rows:
        found[row["page_id"]] = (*found.get(row["page_id"], ()), row["recipient"])
    return found


def mark_copies(tx: Tx, message_id: int) -> None:
    """This text says what a call to the group of its pager's team has said, or may have: then it is marked. So it is
    when another text brings the same to the same phone by another way; and that one as well, if it may yet go later."""
    tx.run(
        "UPDATE message SET perhaps_there = 1 WHERE id = :id AND EXISTS (SELECT 1 FROM message_page mp"
        " JOIN message_page o ON o.page_id = mp.page_id JOIN message g ON g.id = o.message_id"
        " JOIN attempt a ON a.message_id = g.id WHERE mp.message_id = :id AND g.person <> message.person"
        " AND g.wanted_channel = message.wanted_channel AND a.state IN ('started', 'accepted', 'in_doubt')"
        " AND a.receipt NOT IN ('failed', 'gave_up'))",
        id=message_id,
    )
    copies = tx.all(
        "SELECT DISTINCT g.id, g.state FROM message m JOIN message_page mp ON mp.message_id = m.id"
        " JOIN message_page o ON o.page_id = mp.page_id JOIN message g ON g.id = o.message_id"
        " WHERE m.id = :id AND g.id <> :id AND g.person = m.person AND g.recipient = m.recipient"
        " AND m.recipient LIKE '+%' AND g.state NOT IN ('failed', 'undelivered', 'expired', 'withdrawn')",
        id=message_id,
    )
    for number in {message_id, *(g["id"] for g in copies if g["state"] == "queued")} if copies else ():
        tx.run("UPDATE message SET perhaps_there = 1 WHERE id = :id", id=number)
