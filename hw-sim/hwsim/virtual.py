"""A loop in virtual time: where it would wait for its next timer, time jumps there. A day of a street takes seconds.

Sockets and pipes inside the process work; a program outside it does not know that time jumps.
"""

from __future__ import annotations

import asyncio
import selectors

PATIENCE_S = 5.0  # real seconds for something outside, when no timer is left


class Stuck(RuntimeError):
    """No timer is left and nothing is ready: nothing will ever happen."""


class _JumpingSelector(selectors.DefaultSelector):
    jumped_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            ready = super().select(PATIENCE_S)
            if not ready:
                raise Stuck("nothing will ever happen")
            return ready
        self.jumped_s += max(timeout, 0.0)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """`asyncio.Runner(loop_factory=VirtualLoop)`; its time begins at 0."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Virtual seconds."""
        return self._jumping.jumped_s
