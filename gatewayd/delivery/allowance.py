"""How many pages a bureau takes for one pager in an hour, or in all in a quarter of one, and who may use them. Pure.

A pager whose hour is used up is silent when it matters, so the hour is shared out: a quarter is kept for what is
critical, and one service alone gets at most half of the rest. The first critical page of a fault always goes: that the
bureau refuses it is the worse case of the two only if we had not asked. Its next ones, as when it flaps, leave to the
others what is kept for what is critical, once its service had its half; and so do the first ones of ever new faults of
one service, once it had all that is not kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gatewayd.model import SECOND, Priority

HOUR_US = 3600 * SECOND
QUARTER_US = 900 * SECOND


@dataclass(frozen=True, slots=True)
class Used:
    """One text that went to this pager in the last hour. `about`: the service it is about; "" for a plain text."""

    at: int
    about: str


@dataclass(frozen=True, slots=True)
class Held:
    """Not now. `until`: when the hour has room for it."""

    until: int
    reason: str
    waits: bool = False  # so shortly that a page waits as well


def may_go(
    used: Sequence[Used],
    *,
    about: str,
    priority: int,
    first: bool,
    per_hour: int,
    now: int,
    span_us: int = HOUR_US,
) -> Held | None:
    """None: it may go. `first`: the first page of its fault for this pager. `per_hour` counts for `span_us`."""
    span = "this hour" if span_us == HOUR_US else f"these {span_us // (60 * SECOND)} minutes"
    recent = sorted((u for u in used if u.at > now - span_us), key=lambda u: u.at)
    kept = per_hour // 4
    share = max(1, (per_hour - kept) // 2)
    own = [u for u in recent if u.about == about] if about else []
    if priority == Priority.CRITICAL and first and len(own) < max(1, per_hour - kept):
        return None
    room = per_hour if priority == Priority.CRITICAL and len(own) < share else per_hour - kept
    if len(recent) >= room:
        return Held(recent[len(recent) - room].at + span_us, f"{len(recent)} of {per_hour} pages of {span} are used")
    if priority != Priority.CRITICAL and len(own) >= share:
        return Held(own[len(own) - share].at + span_us, f"{about} had {len(own)} pages of {span}")
    return None
