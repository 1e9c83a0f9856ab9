"""The words of hand-overs, and of copies for those who learn. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from gatewayd.model import Severity
from gatewayd.oncall import wording

COPY = "(copy) "
CODES_TOLD_MAX = 8


def begins(rota: str, until: str, outgoing: str, codes: Sequence[str], *, segments_max: int) -> str:
    """`You are on call for NOC until Mon 30 Nov 09:00. Anna hands over: 2 open: 42, 57`; "" where it is not known."""
    left = f". {outgoing} hands over: {_open(codes)}" if outgoing else ""
    tail = f" until {until}{left}" if until else left
    return wording.fitted("You are on call for ", rota, tail, segments_max)


def ends(rota: str, incoming: str, *, segments_max: int) -> str:
    """`Ben has NOC now`."""
    return wording.fitted(f"{incoming} has ", rota, " now", segments_max)


def copy(code: str, severity: Severity, service: str, summary: str, *, segments_max: int) -> str:
    """`(copy) 42 CRITICAL network: edge2 uplink down`: without a word of how to answer, for there is no need to."""
    head = f"{COPY}{code} {severity.upper()} "
    return wording.named(head, wording.plain(service), wording.plain(summary), "", segments_max)


def _open(codes: Sequence[str]) -> str:
    if not codes:
        return "nothing open"
    more = f" and {len(codes) - CODES_TOLD_MAX} more" if len(codes) > CODES_TOLD_MAX else ""
    return f"{len(codes)} open: {', '.join(codes[:CODES_TOLD_MAX])}{more}"
