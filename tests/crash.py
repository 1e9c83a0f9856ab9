"""SIGKILL in virtual time: the daemon vanishes between two turns of the loop; only what was committed remains."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from contextvars import ContextVar, copy_context
from typing import Any
from weakref import WeakSet

from gatewayd.daemon import Daemon

_INSIDE: ContextVar[bool] = ContextVar("inside the daemon", default=False)


class Tasks:
    """Every task that a daemon begins, and every task that these begin."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.all: WeakSet[asyncio.Task[Any]] = WeakSet()
        loop.set_task_factory(self._make)

    def _make(self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any], **more: Any) -> asyncio.Task[Any]:
        task = asyncio.Task(work, loop=loop, **more)
        if _INSIDE.get():
            self.all.add(task)
        return task

    async def start(self, daemon: Daemon) -> None:
        self.all.clear()
        context = copy_context()
        context.run(_INSIDE.set, True)
        await self._loop.create_task(daemon.start(), context=context)

    async def kill(self, daemon: Daemon) -> None:
        """No farewell: the store is gone before anybody inside notices."""
        store = daemon.store
        for connection in (store._write, *store._readers):
            connection.close()
        while running := [task for task in self.all if not task.done()]:  # the end of one may begin another
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        for timer in self._loop._scheduled:  # type: ignore[attr-defined]
            if timer._context.get(_INSIDE):  # else a dead house asks its closed store every second of the story
                timer.cancel()
        await daemon.web.stop(0)
        store._committer.shutdown()
        store._longreads.shutdown()
        os.close(store._lock_fd)
