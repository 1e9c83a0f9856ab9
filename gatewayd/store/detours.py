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


def mark_after_call(tx: Tx, message_id: int) -> None:
    """This text to one pager says what a call to its team's group has said, or may have: then it is marked."""
    tx.run(
        "UPDATE message SET perhaps_there = 1 WHERE id = :id AND EXISTS (SELECT 1 FROM message_page mp"
        " JOIN message_page o ON o.page_id = mp.page_id JOIN message g ON g.id = o.message_id"
        " JOIN attempt a ON a.message_id = g.id WHERE mp.message_id = :id AND g.person <> message.person"
        " AND g.wanted_channel = message.wanted_channel AND a.state IN ('started', 'accepted', 'in_doubt')"
        " AND a.receipt NOT IN ('failed', 'gave_up'))",
        id=message_id,
    )
