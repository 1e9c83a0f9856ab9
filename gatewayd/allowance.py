"""A bureau's hourly limit for each pager, kept in the store so that a restart does not forget what was used."""

from __future__ import annotations

from gatewayd.delivery.allowance import HOUR_US, Held, Used, may_go
from gatewayd.store import allowances
from gatewayd.store.db import Row, Tx


def take(tx: Tx, message: Row, *, channel: str, part: int, per_hour: int, now: int) -> Held | None:
    """Count one page against its pager's hour; Held, and nothing counted, when it may not go now."""
    subject = allowances.subject(tx, message["id"])
    about = subject["service"] if subject else ""
    since = now - HOUR_US
    used = [Used(row["at"], row["about"]) for row in allowances.used(tx, channel, message["recipient"], since=since)]
    first = subject is not None and subject["before"] == 0
    held = may_go(used, about=about, priority=message["priority"], first=first, per_hour=per_hour, now=now)
    if held is None or part > 1:  # what was begun is finished
        allowances.use(tx, channel, message["recipient"], about, now=now, before=since)
        return None
    return held
