"""An event loop whose time jumps to the next timer when nothing else is ready: three minutes pass in no time."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

from gatewayd.clock import LoopClock

T = TypeVar("T")


class _Jump(selectors.DefaultSelector):
    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        assert timeout is not None, "everybody waits for nobody"
        self.loop.passed += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.passed = 0.0
        jump = _Jump()
        jump.loop = self
        super().__init__(jump)

    def time(self) -> float:
        return self.passed


def clock() -> LoopClock:
    return LoopClock(asyncio.get_running_loop(), epoch=datetime(2026, 11, 22, tzinfo=UTC))


def run(story: Coroutine[Any, Any, T]) -> T:
    """Run it to its end in virtual time."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(story)
    finally:
        loop.close()
