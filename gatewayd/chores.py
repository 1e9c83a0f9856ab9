"""What runs beside everything else: tasks whose failure ends the house, and writes that wait for the disk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from gatewayd.clock import Clock, pause
from gatewayd.store.db import Store, StoreError

RETRY_S = 1.0

log = logging.getLogger("gatewayd.daemon")


class Chores:
    """`failed` is told which task ended by a fault of ours, and how."""

    def __init__(self, store: Store, clock: Clock, *, failed: Callable[[str], None]) -> None:
        self._store = store
        self._clock = clock
        self._failed = failed
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def write_soon(self, function: Callable[..., object], name: str) -> None:
        """`function(tx, now=)`, as soon as the disk takes it; what the store refuses it tells itself."""
        self.spawn(self._write(function), name)

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _write(self, function: Callable[..., object]) -> None:
        while True:
            try:
                await self._store.write_first(function, now=self._clock.now())
            except StoreError:
                await pause(RETRY_S)
            else:
                return

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.critical("%s ended: %r", task.get_name(), error, exc_info=error, extra={"event": "task_died"})
            self._failed(f"{task.get_name()}: {error!r}")
