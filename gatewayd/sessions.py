"""What limits of a bureau's sessions ask of the ledger: when it was used last, what is urgent, what has to wait."""

from __future__ import annotations

import logging
from collections.abc import Callable

from gatewayd.clock import SECOND, Clock, pause
from gatewayd.delivery.allowance import Held
from gatewayd.queue import Queue
from gatewayd.store import lanes
from gatewayd.store.db import Store, StoreError

RETRY_S = 1.0

log = logging.getLogger("gatewayd.sessions")


class Sessions:
    """See fleet.Books."""

    def __init__(self, store: Store, clock: Clock, queue: Callable[[], Queue]) -> None:
        self._store = store
        self._clock = clock
        self._queue = queue

    def since_use_s(self, channel: str) -> float:
        """How long ago something was sent by it; far from exact when that is long ago."""
        last = self._store.peek(lanes.last_use, channel)
        return float("inf") if last is None else max(0.0, (self._clock.now() - last) / SECOND)

    def used_s_ago(self, channel: str, within_s: float) -> list[float]:
        """How long ago each text of this time was sent by it, the first one first."""
        now = self._clock.now()
        since = now - int(within_s * SECOND)
        return [max(0.0, (now - at) / SECOND) for at in self._store.peek(lanes.begun_since, channel, since)]

    def urgent(self, channel: str, *, takes_any: bool) -> bool:
        return self._store.peek(lanes.urgent, channel, takes_any=takes_any, now=self._clock.now())

    async def put_off(self, channel: str, message_id: str, wait_s: float, reason: str) -> None:
        """This text is not to be looked at for so long; while the disk takes nothing, it is asked again soon."""
        now = self._clock.now()
        held = Held(now + int(wait_s * SECOND), f"{channel}: {reason}", waits=True)
        try:
            await self._store.write_first(self._queue().hold, int(message_id), channel, held, now=now)
        except StoreError as error:
            log.error("a text cannot be put off: %s", error, extra={"event": "put_off_failed", "channel": channel})
            await pause(RETRY_S)
