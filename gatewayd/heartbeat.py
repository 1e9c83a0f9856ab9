"""The heartbeat: a request every so often and a text every day, so that our own death is noticed elsewhere.

It beats only while a page posted now would be kept and could leave: whoever watches from outside shall hear of a
gateway that lives and cannot send as well.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from gatewayd.clock import until_set
from gatewayd.metrics import HEARTBEATS
from gatewayd.model import Priority
from gatewayd.notices import Notices
from gatewayd.oncall import alive
from gatewayd.oncall.alive import HeartbeatSettings
from gatewayd.store import journal, messages, own
from gatewayd.store.db import Tx
from gatewayd.web.beat import beat, host_of

KIND = "alive"
VALID_US = 6 * 3600 * 1_000_000  # of the text: later it is no news

log = logging.getLogger("gatewayd.heartbeat")


class Heart:
    """`run` beats until cancelled. `well`: whether there is reason to; `words`: how we are."""

    def __init__(self, settings: HeartbeatSettings, *, well: Callable[[], bool], words: Callable[[], str]) -> None:
        self._settings = settings
        self._well = well
        self._words = words
        self._changed = asyncio.Event()
        self._failing = False

    def furnish(self, settings: HeartbeatSettings) -> None:
        """After a reload."""
        if settings != self._settings:
            self._settings = settings
            self._changed.set()

    async def run(self) -> None:
        while True:
            self._changed.clear()
            settings = self._settings
            if settings.url is not None:
                await self._beat(settings)
            await until_set(self._changed, settings.every_s if settings.url is not None else None)

    async def _beat(self, settings: HeartbeatSettings) -> None:
        if not self._well():
            HEARTBEATS.labels("withheld").inc()
            return
        why = await beat(settings, self._words())
        HEARTBEATS.labels("failed" if why else "done").inc()
        if bool(why) != self._failing:  # its change is told, the rest is counted
            self._failing = bool(why)
            host = host_of(settings.url or "")
            if why:
                log.warning("%s does not take our heartbeat: %s", host, why, extra={"event": "heartbeat_failed"})
            else:
                log.info("%s takes our heartbeat again", host, extra={"event": "heartbeat_taken"})


class Greeting:
    """The text of the day, as functions of `tx`. Built anew at each reload. `channels`: how many are up, of how many;
    and that they are busy, in words."""

    def __init__(
        self, settings: HeartbeatSettings, notices: Notices, channels: Callable[[], tuple[int, int, str]]
    ) -> None:
        self._settings = settings
        self._notices = notices
        self._channels = channels

    def begin(self, tx: Tx, *, now: int) -> None:
        """At a start and after a reload: when it is due next. One that was just missed is sent now."""
        if self._settings.text_to is None:
            messages.end_wait(tx, KIND, 0)
            return
        known = messages.due_at(tx, KIND, 0)
        missed = known is not None and known <= now
        messages.set_wait(tx, KIND, 0, alive.next_at(self._settings, now - alive.LATE_US if missed else now))

    def due(self, tx: Tx, subject: int, *, now: int) -> None:
        if self._settings.text_to is None:
            messages.end_wait(tx, KIND, subject)
            return
        messages.set_wait(tx, KIND, subject, alive.next_at(self._settings, now))
        person = self._settings.text_to
        words = alive.words(*self._channels(), own.open_incidents(tx), self._notices.language(person))
        self._notices.tell(tx, "notice", person, words, priority=Priority.NORMAL, until=now + VALID_US, now=now)
        journal.write(tx, "alive_told", now=now, private={"person": person})
