"""A virtual-time event loop: when nothing is ready, it jumps to the next timer. A night passes in a millisecond."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

RESOLUTION_S = 1e-6  # the kernel's is finer than floats are from 2**24 s on: no timer would come due after 194 days
REAL_S_MAX = 30.0  # a story that needs longer than this hangs


class _Jump(selectors.DefaultSelector):
    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if not ready and timeout != 0 and self.loop.patience_s:
            ready = super().select(self.loop.patience_s)
        if ready or timeout == 0:
            return ready
        if self.loop.abroad:  # a job is out in a thread: time must not run away from it
            return super().select(0.005)
        assert timeout is not None, "everybody waits for nobody"
        self.loop.passed += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """`passed` seconds since the story began; `abroad` counts jobs in executor threads.

    `patience_s`: so long it really waits before each jump: the kernel takes a moment with what is written to a pty.
    """

    def __init__(self, patience_s: float = 0.0) -> None:
        self.patience_s = patience_s
        self.passed = 0.0
        self.abroad = 0
        jump = _Jump()
        jump.loop = self
        super().__init__(jump)
        self._clock_resolution = RESOLUTION_S

    def time(self) -> float:
        return self.passed

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:
        self.abroad += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._home)
        return future

    def _home(self, _: object) -> None:
        self.abroad -= 1


def run(story: Coroutine[Any, Any, T], *, patience_s: float = 0.0) -> T:
    """Play it to its end in virtual time."""
    loop = VirtualLoop(patience_s)
    try:
        return loop.run_until_complete(story)
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.wait_for(loop.shutdown_asyncgens(), 5))
        loop.close()
