"""When a fault that fires again is the same incident, and when one that comes and goes is over. Pure."""

from __future__ import annotations

from gatewayd.model import SECOND

SOON_US = 600 * SECOND  # what fires again within this is the same incident, with the same code
QUIET_US = 300 * SECOND  # and is over when nothing of it has fired for so long; each relapse doubles it
DOUBLINGS_MAX = 2


def quiet_us(relapses: int) -> int:
    """For how long nothing of an incident must fire before it is over. `relapses`: how often it was opened again
    after people had been told that it was clear; as long as it never was, it is over at once."""
    return QUIET_US << min(relapses - 1, DOUBLINGS_MAX) if relapses > 0 else 0
