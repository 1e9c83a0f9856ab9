"""SQL of the queue's depth, and of how long texts took lately."""

from __future__ import annotations

from gatewayd.model import Priority
from gatewayd.store.db import Reader

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


def took_us(reader: Reader) -> dict[str, float]:
    """By channel: from booking to the network's yes, on average of the last texts."""
    rows = reader.all(
        "SELECT channel, AVG(ended_at - started_at) AS took FROM attempt WHERE state = 'accepted'"
        " AND id > (SELECT MAX(id) FROM attempt) - :looked_at AND ended_at >= started_at GROUP BY channel",
        looked_at=LOOKED_AT,
    )
    return {row["channel"]: row["took"] for row in rows}
