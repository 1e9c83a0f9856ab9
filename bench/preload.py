"""Fills the queue through the daemon's own store code, with the daemon stopped."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bench.parts import PHONE
from gatewayd.clock import SECOND, Clock
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.model import NewMessage, Priority
from gatewayd.queue import Queue
from gatewayd.store.db import Tx
from gatewayd.store.sqlite import SqliteStore
from gatewayd.ways import Ways

IN_ONE_TRANSACTION = 5_000


def preload(state_dir: Path, count: int, *, report: bool = False) -> None:
    """So many queued texts, as a POST of each would have left them: message, journal line and private words."""
    asyncio.run(_preload(state_dir, count, report=report))


async def _preload(state_dir: Path, count: int, *, report: bool) -> None:
    clock = Clock()
    store = SqliteStore(state_dir, clock)
    store.open()
    queue = Queue(DeliverySettings(), ways=Ways(lambda _: ()), woken=lambda: None, dice=lambda: 0.0)

    def fill(tx: Tx, first: int, last: int) -> None:
        now = clock.now()
        for number in range(first, last):
            text = NewMessage(
                kind="text",
                recipient=PHONE,
                text=f"preloaded {number}",
                priority=Priority.NORMAL,
                expires_at=now + 86_400 * SECOND,
                origin="bench",
                report=report,
            )
            queue.enqueue(tx, text, now=now)

    for first in range(0, count, IN_ONE_TRANSACTION):
        await store.write(fill, first, min(count, first + IN_ONE_TRANSACTION))
    await store.close()
