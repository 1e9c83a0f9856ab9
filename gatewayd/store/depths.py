"""SQL of the queue's depth, and of how long texts took lately."""

from __future__ import annotations

from gatewayd.model import Priority
from gatewayd.store.db import Reader

COUNTED_MAX = 20_000  # attempts; beyond that nothing is slow
LOOKED_AT = 300  # attempts
URGENT = int(Priority.HIGH)


def waiting(reader: Reader) -> dict[str, tuple[int, int]]:
    """By lane: how many texts wait, and how many of them are urgent."""
    found: dict[str, tuple[int, int]] = {}
    for row in reader.all(
        "SELECT channel, priority, COUNT(*) AS n FROM message WHERE state = 'queued' GROUP BY channel, priority"
    ):
        texts, urgent = found.get(row["channel"], (0, 0))
        more = row["n"] if row["priority"] <= URGENT else 0
        found[row["channel"]] = (texts + row["n"], urgent + more)
    return found


def accepted(reader: Reader, *, since: int) -> dict[str, int]:
    """By channel: how many texts, or parts of them, its network took since then, of the newest of all."""
    rows = reader.all(
        "SELECT channel, COUNT(*) AS n FROM attempt WHERE state = 'accepted' AND ended_at >= :since"
        " AND id > (SELECT MAX(id) FROM attempt) - :looked_at GROUP BY channel",
        since=since,
        looked_at=COUNTED_MAX,
    )
    return {row["channel"]: row["n"] for row in rows}


def waits_since(reader: Reader, lane: str, *, before: int) -> bool:
    """Whether a text waits there that was due before."""
    row = reader.one(
        "SELECT 1 FROM message WHERE state = 'queued' AND channel = :lane AND due_at <= :before"
        " AND created_at <= :before LIMIT 1",
        lane=lane,
        before=before,
    )
    return row is not None


def took_us(reader: Reader) -> dict[str, float]:
    """By channel: from booking to the network's yes, on average of the last texts."""
    rows = reader.all(
        "SELECT channel, AVG(ended_at - started_at) AS took FROM attempt WHERE state = 'accepted'"
        " AND id > (SELECT MAX(id) FROM attempt) - :looked_at AND ended_at >= started_at GROUP BY channel",
        looked_at=LOOKED_AT,
    )
    return {row["channel"]: row["took"] for row in rows}
