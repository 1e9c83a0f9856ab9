"""How long a phone's receipt may take before its page goes on to the next device; and routes that give none. Pure.

A receipt that is overdue is no failure: the text may yet arrive, so the page stays, and another device is asked as
well. What is usual for a phone is learnt from its last receipts; a route that gave hardly any receipt lately is
receipt-less, and then only the steps' times decide. Of a bureau by TAP that is known before its first page.
"""

from __future__ import annotations

from collections.abc import Sequence

from gatewayd.model import SECOND

SAMPLES = 30  # of the last receipts of a phone
FEW = 5  # fewer than this tell nothing
MARGIN = 1.5
EXTRA_US = 5 * SECOND
MEMORY = 64  # when a route's counts reach this they are halved: what was long ago fades
TRIALS_MIN = 8
SHARE_MIN = 0.2
BY_TAP = "tap:"  # so begins the account of a bureau by TAP, whose protocol knows no receipts


def patience_us(delays_us: Sequence[int], *, usual_s: int, s_min: int, s_max: int) -> int:
    """The 95th percentile of the phone's receipts and a margin, within bounds; `usual_s` while little is known."""
    known = sorted(delay for delay in delays_us if delay >= 0)
    if len(known) < FEW:
        return min(max(usual_s, s_min), s_max) * SECOND
    p95 = known[min(len(known) - 1, int(len(known) * 0.95))]
    return min(max(int(p95 * MARGIN) + EXTRA_US, s_min * SECOND), s_max * SECOND)


def gives_none(sim: str, heard: int, missed: int) -> bool:
    """Whether the route counts as receipt-less."""
    return sim.startswith(BY_TAP) or (heard + missed >= TRIALS_MIN and heard < SHARE_MIN * (heard + missed))


def joins_parts(sim: str) -> bool:
    """Whether a phone joins the parts of a text that goes so, and drops one that it has; a pager shows each alone."""
    return not sim.startswith(BY_TAP)


def counted(heard: int, missed: int, *, came: bool) -> tuple[int, int]:
    """The counts after one more text whose receipt came, or did not come in time."""
    heard, missed = (heard + 1, missed) if came else (heard, missed + 1)
    return (heard // 2, missed // 2) if heard + missed >= MEMORY else (heard, missed)
