"""Texts pass to other channels when theirs cannot take them or is gone, and to one that has come up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from gatewayd import stranded
from gatewayd.chores import Chores
from gatewayd.dispatch import Dispatch
from gatewayd.queue import Queue
from gatewayd.store.db import Tx


class Transfers:
    """`configured` names the channels of the configuration, whether they are open or not."""

    def __init__(self, queue: Queue, dispatch: Dispatch, chores: Chores, *, configured: Callable[[], set[str]]) -> None:
        self._queue = queue
        self._dispatch = dispatch
        self._chores = chores
        self._configured = configured

    def lost(self, channel: str) -> None:
        self._chores.write_soon(partial(self.move, channel), f"move from {channel}")

    def came(self, channel: str) -> None:
        if self._dispatch.takes_any(channel) or not self._queue.ways.plain:
            self._chores.write_soon(partial(self._bring_forward, channel), f"bring forward to {channel}")

    def move(self, channel: str, tx: Tx, *, now: int) -> None:
        """Queued texts of a channel that cannot take them now, or that is not there any more."""
        self._queue.channel_lost(tx, channel, now=now)
        if channel not in self._configured():
            stranded.strand(tx, channel, now=now)
            tx.after_commit(self._dispatch.woken)

    def _bring_forward(self, channel: str, tx: Tx, *, now: int) -> None:
        if self._queue.ways.plain:
            stranded.bring_forward(tx, channel, now=now)
        else:
            self._queue.ways.place_again(tx, now=now)
        tx.after_commit(self._dispatch.woken)
