"""What a bureau takes for one pager in an hour, and for everybody in a quarter of an hour.

Kept in the store, so that a restart does not forget what was used.
"""

from __future__ import annotations

from dataclasses import dataclass

from gatewayd.delivery.allowance import HOUR_US, QUARTER_US, Held, Used, may_go
from gatewayd.store import allowances
from gatewayd.store.db import Reader, Row, Tx


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one channel; None: it has none."""

    per_hour: int | None = None  # for one recipient
    per_quarter: int | None = None  # for all
    per_hour_all: int | None = None  # for all


def room(reader: Reader, message: Row, *, channel: str, limits: Limits, now: int) -> Held | None:
    """Held when it may not go now. Nothing is counted."""
    subject = allowances.subject(reader, message["id"], since=now - HOUR_US)
    return _judged(reader, message, subject, channel, limits, now)


def take(tx: Tx, message: Row, *, channel: str, part: int, limits: Limits, now: int) -> Held | None:
    """Count one page; Held, and nothing counted, when it may not go now."""
    subject = allowances.subject(tx, message["id"], since=now - HOUR_US)
    held = _judged(tx, message, subject, channel, limits, now) if part == 1 else None  # what was begun is finished
    if held is None:
        about = _about(tx, message, subject)
        allowances.use(tx, channel, message["recipient"], about, now=now, before=now - HOUR_US)
    return held


def _about(reader: Reader, message: Row, subject: Row | None) -> str:
    """The service of a page, or of the news of one."""
    return subject["service"] if subject else allowances.news_of(reader, message["id"])


def _judged(reader: Reader, message: Row, subject: Row | None, channel: str, limits: Limits, now: int) -> Held | None:
    about = _about(reader, message, subject)
    first = subject is not None and subject["before"] == 0
    latest: Held | None = None
    for most, span_us, recipient in (
        (limits.per_hour, HOUR_US, message["recipient"]),
        (limits.per_quarter, QUARTER_US, None),
        (limits.per_hour_all, HOUR_US, None),
    ):
        if most is None:
            continue
        used = [
            Used(row["at"], row["about"]) for row in allowances.used(reader, channel, recipient, since=now - span_us)
        ]
        held = may_go(
            used, about=about, priority=message["priority"], first=first, per_hour=most, now=now, span_us=span_us
        )
        if held is not None and (latest is None or held.until > latest.until):
            latest = held
    return latest
