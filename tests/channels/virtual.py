"""Virtual time for the channels' tests: the loop of the whole house, and a clock on it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from gatewayd.clock import LoopClock
from tests.virtual import VirtualLoop, run

__all__ = ["VirtualLoop", "clock", "run"]


def clock() -> LoopClock:
    return LoopClock(asyncio.get_running_loop(), epoch=datetime(2026, 11, 22, tzinfo=UTC))
