"""Runs the channels side by side: each in a task of its own, none at the cost of another.

One that crashes is begun anew, and so is one that does not turn any more: a question that nobody answers, a wait that
has no end.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from gatewayd.channels.contract import Channel, Health, House
from gatewayd.clock import Clock, pause
from gatewayd.metrics import CHANNEL_STALLED

RESTART_S_MIN = 1.0
RESTART_S_MAX = 60.0
CALM_S = 300.0  # ran so long without a crash: the next one is met with the shortest wait again
CANCEL_S = 5.0
LOOK_S = 60.0  # between two looks whether a channel turns

_log = logging.getLogger("gatewayd.channels.supervise")


class Stalled(Exception):
    """The task of a channel is alive and does nothing."""


@runtime_checkable
class Turning(Protocol):
    """A channel that can tell whether its task still turns."""

    def stalled(self, now: float) -> bool:
        """Whether it has not turned for longer than anything it does may take. `now` is monotonic."""


class Supervisor:
    """`run` ends when every channel has been drained; cancelling it cancels them all."""

    def __init__(self, channels: Iterable[Channel], house: House, clock: Clock) -> None:
        self._channels = tuple(channels)
        self._house = house
        self._clock = clock

    async def run(self) -> None:
        tasks = [asyncio.create_task(self._keep(channel), name=channel.name) for channel in self._channels]
        try:
            if tasks:
                await asyncio.wait(tasks)
        finally:
            for task in tasks:
                task.cancel()
            if tasks:
                await asyncio.wait(tasks, timeout=CANCEL_S)

    async def drain(self, timeout_s: float) -> None:
        """All at once, each within the time."""
        drained = await asyncio.gather(
            *(channel.drain(timeout_s) for channel in self._channels), return_exceptions=True
        )
        for channel, failure in zip(self._channels, drained, strict=True):
            if isinstance(failure, Exception):
                told = {"event": "draining_failed", "channel": channel.name}
                _log.error("draining failed", exc_info=failure, extra=told)

    async def _keep(self, channel: Channel) -> None:
        """Run it until it returns by itself; a crash is logged, shown, and followed by another try."""
        wait_s = RESTART_S_MIN
        while True:
            started = self._clock.monotonic()
            try:
                await self._run(channel)
            except Exception as crash:  # noqa: BLE001 - whatever it is, the others go on
                _log.exception("channel crashed", extra={"event": "channel_crashed", "channel": channel.name})
                if self._clock.monotonic() - started > CALM_S:
                    wait_s = RESTART_S_MIN
                self._house.health(channel.name, Health(state="down", reason=f"crashed: {type(crash).__name__}"))
                await pause(wait_s)
                wait_s = min(wait_s * 2, RESTART_S_MAX)
            else:
                return

    async def _run(self, channel: Channel) -> None:
        """As the channel's own `run`; raises Stalled when that does not turn any more."""
        if not isinstance(channel, Turning):
            await channel.run()
            return
        running = asyncio.create_task(channel.run(), name=f"{channel.name} runs")
        try:
            while not running.done():
                await asyncio.wait([running], timeout=LOOK_S)
                if not running.done() and channel.stalled(self._clock.monotonic()):
                    CHANNEL_STALLED.labels(channel.name).inc()
                    raise Stalled("its task does not turn any more")
            running.result()
        finally:
            if not running.done():
                running.cancel()
                await asyncio.wait([running], timeout=CANCEL_S)
