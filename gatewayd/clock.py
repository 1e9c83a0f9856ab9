"""The only watch in the house.

Pure code gets `now` as an argument, SQL gets `:now`; the shells ask one `Clock`. Wall times are integer
microseconds UTC (they are stored and compared); waits inside the process are monotonic seconds. Both come from
here, so that a test can put daemon and street on a virtual loop and let a night pass in a millisecond.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache

SECOND = 1_000_000  # microseconds: the unit of every stored time


class Clock:
    """Wall time in microseconds UTC and monotonic seconds; `step` tells how far the wall moved by itself.

    `now` follows a wall that was set only from the next `step` on, so that whoever asks for the step can move what is
    booked in the same breath: nothing is ever booked by the new time and then moved as if it were old.
    """

    def __init__(self) -> None:
        self._offset_us = self._wall_us() - self._mono_us()

    def _wall_us(self) -> int:
        return time.time_ns() // 1000

    def _mono_us(self) -> int:
        return time.monotonic_ns() // 1000

    def now(self) -> int:
        """Microseconds since 1970 UTC, as of the last `step`."""
        return self._mono_us() + self._offset_us

    def monotonic(self) -> float:
        """Seconds that never jump."""
        return self._mono_us() / SECOND

    def step(self) -> int:
        """Microseconds by which the wall clock was set since the last call (0 when it only ticked)."""
        offset = self._wall_us() - self._mono_us()
        stepped, self._offset_us = offset - self._offset_us, offset
        return stepped


class LoopClock(Clock):
    """A clock that reads a (virtual) event loop: wall = epoch + loop.time() + what `set_wall` added."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, epoch: datetime) -> None:
        self._loop = loop
        self._epoch_us = int(epoch.timestamp() * SECOND)
        self._set_us = 0
        super().__init__()

    def _wall_us(self) -> int:
        return self._epoch_us + self._mono_us() + self._set_us

    def _mono_us(self) -> int:
        return int(self._loop.time() * SECOND)

    def set_wall(self, by_us: int) -> None:
        """What an operator or NTP does: move the wall, leave the monotonic time alone."""
        self._set_us += by_us


async def pause(seconds: float) -> None:
    """Let time pass on the running loop. For back-off between attempts at a device, never for polling."""
    await asyncio.sleep(seconds)


async def until_set(event: asyncio.Event, timeout_s: float | None) -> None:
    """Until the event or the time. Not wait_for: on 3.11 it swallows a cancellation that comes in the event's turn."""
    with suppress(TimeoutError):
        async with asyncio.timeout(None if timeout_s is None else max(timeout_s, 0.001)):  # a timer is no finer
            await event.wait()


def iso(at_us: int | None) -> str | None:
    """RFC 3339 UTC with milliseconds, as the API and the journal show times."""
    if at_us is None:
        return None
    seconds, rest_us = divmod(at_us, SECOND)
    return f"{_second(seconds)}.{rest_us // 1000:03d}Z"


@lru_cache(maxsize=16)  # a log has many lines of one second
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").removesuffix("+00:00")
