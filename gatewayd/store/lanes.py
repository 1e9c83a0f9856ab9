"""SQL of lanes: which ways a queued text is bound to, what waits there, and what it cost."""

from __future__ import annotations

from collections.abc import Iterable

from gatewayd.model import Priority
from gatewayd.store import messages
from gatewayd.store.db import Reader, Row, Tx

PARTING = "|"  # between the names of a lane of several channels


def names(lane: str) -> str:
    """Of its channels, for people."""
    return " or ".join(lane.split(PARTING)) if lane else "any"


def bound(reader: Reader) -> set[str]:
    """Lanes in which texts are queued, but the one of any channel."""
    found: set[str] = set()
    last = ""
    while True:  # one step in the index for each, however many texts wait
        row = reader.one(
            "SELECT MIN(channel) AS lane FROM message WHERE state = 'queued' AND channel > :last", last=last
        )
        if row is None or row["lane"] is None:
            return found
        found.add(last := row["lane"])


def waiting(reader: Reader, lane: str, priority: int, *, after: Row | None, limit: int) -> list[Row]:
    """Queued texts of one lane and priority, the first due first, from the one behind `after` on."""
    return reader.all(
        "SELECT * FROM message WHERE state = 'queued' AND channel = :lane AND priority = :priority"
        " AND (due_at, id) > (:due, :id) ORDER BY due_at, id LIMIT :limit",
        lane=lane,
        priority=int(priority),
        due=after["due_at"] if after is not None else 0,
        id=after["id"] if after is not None else 0,
        limit=limit,
    )


def channels(reader: Reader) -> set[str]:
    """Channels that queued texts are bound to, alone or with others."""
    return {channel for lane in bound(reader) for channel in lane.split(PARTING)}


def bound_to(reader: Reader, channel: str) -> list[Row]:
    """Queued texts that this channel, alone or with some others, is to take, though nobody asked for it."""
    return [
        row
        for lane in bound(reader)
        if channel in lane.split(PARTING)
        for row in reader.all(
            "SELECT * FROM message WHERE state = 'queued' AND channel = :lane AND wanted_channel <> :lane LIMIT 1000",
            lane=lane,
        )
    ]


def ahead(reader: Reader, lanes: Iterable[str], priority: int, *, but: int, now: int, limit: int) -> int:
    """How many texts of these lanes that are due by then go before this one (`but`), which is of this priority.

    Up to `limit` for each lane and priority.
    """
    total = 0
    for lane in lanes:
        for urgency in range(priority + 1):
            row = reader.one(
                "SELECT COUNT(*) AS n FROM (SELECT 1 FROM message WHERE state = 'queued' AND channel = :lane"
                " AND priority = :priority AND due_at <= :now AND id <> :but LIMIT :limit) AS some",
                lane=lane,
                priority=urgency,
                but=but,
                now=now,
                limit=limit,
            )
            total += row["n"] if row else 0
    return total


def before(reader: Reader, message: Row, *, now: int, limit: int) -> int:
    """How many due texts of its lane go before this one; up to `limit`."""
    row = reader.one(
        "SELECT COUNT(*) AS n FROM (SELECT 1 FROM message WHERE state = 'queued' AND channel = :lane"
        " AND due_at <= :now AND (priority, due_at, id) < (:priority, :due, :id) LIMIT :limit) AS some",
        lane=message["channel"],
        now=now,
        priority=message["priority"],
        due=message["due_at"],
        id=message["id"],
        limit=limit,
    )
    return row["n"] if row else 0


def bind(tx: Tx, message_id: int, lane: str, *, due_at: int, reason: str) -> None:
    tx.run(
        "UPDATE message SET channel = :lane, due_at = :due, reason = :reason WHERE id = :id AND state = 'queued'",
        lane=lane,
        due=due_at,
        reason=reason[:300],
        id=message_id,
    )


def rests_until(reader: Reader, message: Row) -> int:
    """When its number has rested; 0 when it does not rest."""
    who = messages.whose(message["recipient"], message["wanted_channel"])
    row = reader.one("SELECT until FROM resting WHERE recipient = :who", who=who)
    return row["until"] if row else 0


def fresh(reader: Reader, *, limit: int) -> list[Row]:
    """Queued texts of which nothing was ever tried, the most urgent first."""
    return reader.all(
        "SELECT * FROM message WHERE state = 'queued' AND tries = 0 AND round = 0 AND avoid = '[]'"
        " AND NOT EXISTS (SELECT 1 FROM attempt WHERE message_id = message.id) ORDER BY priority, id LIMIT :limit",
        limit=limit,
    )


LAST_LOOKED_AT = 20_000  # attempts; a use before these is long ago


def last_use(reader: Reader, channel: str) -> int | None:
    """When something was last sent by it."""
    row = reader.one(
        "SELECT MAX(COALESCE(ended_at, started_at)) AS at FROM attempt WHERE channel = :channel"
        " AND id > (SELECT MAX(id) FROM attempt) - :looked_at",
        channel=channel,
        looked_at=LAST_LOOKED_AT,
    )
    return row["at"] if row else None


def begun_since(reader: Reader, channel: str, since: int) -> list[int]:
    """When each of the newest texts, or parts of them, was put on the air there, the first one first."""
    rows = reader.all(
        "SELECT started_at FROM attempt WHERE channel = :channel AND started_at > :since"
        " AND id > (SELECT MAX(id) FROM attempt) - :looked_at ORDER BY started_at",
        channel=channel,
        since=since,
        looked_at=LAST_LOOKED_AT,
    )
    return [row["started_at"] for row in rows]


def urgent(reader: Reader, channel: str, *, takes_any: bool, now: int) -> bool:
    """Whether a critical text waits that it may take, alone or as one of several."""
    served = {lane for lane in bound(reader) if channel in lane.split(PARTING)} | ({""} if takes_any else set())
    return any(ahead(reader, (lane,), Priority.CRITICAL, but=0, now=now, limit=1) for lane in served)


def charge(tx: Tx, attempt_id: int, message_id: int, cost: int) -> None:
    tx.run("UPDATE attempt SET cost = :cost WHERE id = :id", cost=cost, id=attempt_id)
    tx.run("UPDATE message SET cost = cost + :cost WHERE id = :id", cost=cost, id=message_id)
