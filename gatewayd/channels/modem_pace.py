"""How fast a modem may send, and how long to wait before a port is opened again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from gatewayd.channels.modem_talk import TICK_S
from gatewayd.clock import Clock, pause

RETRY_S_MIN = 0.1
MISSING_S_MAX = 1.0  # a path that is not there costs one stat(2) to look for
SOCKET_S_MAX = 2.0
LONG_AGO = -1e9  # monotonic; what was sent before a restart may lie before its zero


class Pace:
    """A token bucket kept as one number (GCRA): `burst` texts at once, `rate_per_minute` in the long run."""

    def __init__(self, rate_per_minute: float | None, burst: int) -> None:
        self._interval_s = 60.0 / rate_per_minute if rate_per_minute else 0.0
        self._credit_s = self._interval_s * (burst - 1)
        self._full_at = LONG_AGO

    def next_at(self, now: float) -> float:
        """When the next text may go; not later than `now` means at once."""
        return self._full_at - self._credit_s if self._interval_s else now

    def sent(self, now: float) -> None:
        if self._interval_s:
            self._full_at = max(now, self._full_at) + self._interval_s


class Backoff:
    """0.1 s, doubled with each failure in a row, up to the limit; a missing device is looked for each second."""

    def __init__(self, s_max: float) -> None:
        self._s_max = s_max
        self._next_s = RETRY_S_MIN

    def reset(self) -> None:
        self._next_s = RETRY_S_MIN

    def after_loss(self) -> float:
        """An open line ended, or the modem on it did not answer."""
        seconds, self._next_s = self._next_s, min(self._next_s * 2, self._s_max)
        return min(seconds, self._s_max)

    def after_failure(self, path: Path | None) -> float:
        """The port could not be opened."""
        seconds = self.after_loss()
        if path is None:
            return min(seconds, SOCKET_S_MAX)
        if not path.exists():
            self._next_s = min(self._next_s, MISSING_S_MAX)  # its return starts from here
            return min(seconds, MISSING_S_MAX)
        return min(seconds, SOCKET_S_MAX) if path.is_socket() else seconds


class Duty:
    """Something to be done every now and then, and soon when asked for, but not more often than `spacing_s`."""

    def __init__(self, *, spacing_s: float = 1.0, at: float = float("inf")) -> None:
        self.at = at
        self._spacing_s = spacing_s
        self._last = float("-inf")

    def ask(self, now: float, *, in_s: float = 0.0) -> None:
        """Let it be due in `in_s` seconds, or as soon as the spacing allows."""
        self.at = min(self.at, max(now + in_s, self._last + self._spacing_s))

    def begin(self, now: float, *, again_s: float = float("inf")) -> None:
        """It is being done; the next time is `again_s` from now."""
        self._last, self.at = now, now + again_s


async def rest(seconds: float, path: Path | None, clock: Clock, *, over: Callable[[], bool]) -> None:
    """Let time pass before a port is opened again; ends early when it is over, or the path comes or goes."""
    there = _is_there(path)
    end = clock.monotonic() + seconds
    while not over() and (left := end - clock.monotonic()) > 0:
        await pause(min(max(TICK_S, left), 0.5))
        if _is_there(path) != there:
            return


def _is_there(path: Path | None) -> bool:
    """True for what is no path."""
    return path is None or path.exists()


class Nap:
    """The sleep of the task that owns a port, with nothing to do: until a time, or until it is woken."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sleeping: asyncio.Future[None] | None = None

    def wake(self) -> None:
        if self._sleeping is not None and not self._sleeping.done():
            self._sleeping.set_result(None)

    async def until(self, at: float) -> None:
        loop = asyncio.get_running_loop()
        self._sleeping = loop.create_future()
        timer = loop.call_later(max(TICK_S, at - self._clock.monotonic()), self.wake)
        try:
            await self._sleeping
        finally:
            timer.cancel()
            self._sleeping = None
