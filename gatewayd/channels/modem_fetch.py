"""What comes in over a modem is fetched, one short job at a time, so that a text may go out between two."""

from __future__ import annotations

import logging
from typing import Literal

from gatewayd.channels.modem_inbox import Inbox
from gatewayd.channels.modem_pace import Duty
from gatewayd.channels.modem_rescue import Rescue
from gatewayd.channels.modem_settings import ModemSettings
from gatewayd.channels.modem_talk import Talk
from gatewayd.clock import Clock
from gatewayd.wire.modem_profile import Profile
from gatewayd.wire.modem_steps import NoAnswer, watched
from gatewayd.wire.modem_storage import Walk, empty, listing, read, settled, stride, walked

REREAD_S = 5.0  # a slot that was announced and could not be read, or not whole
DRAIN_S_MAX = 300.0  # how long what a walk has found is deleted before there is another look

_log = logging.getLogger("gatewayd.channels.modem")


class Fetch:
    """Replies first: reading goes before listing, listing before deleting.

    What is not announced is found by a listing, or, where a storage holds too many for one, by a walk through its
    slots. What a walk has found is deleted before the next listing, which is a short one then.
    """

    def __init__(self, settings: ModemSettings, clock: Clock, inbox: Inbox, rescue: Rescue) -> None:
        self.listing = Duty()
        self._settings = settings
        self._clock = clock
        self._inbox = inbox
        self._rescue = rescue
        self._walks: list[Walk] = []
        self._drain_until = float("-inf")
        self._hung = ""  # the IMEI of one that answered nothing any more after the first listing of a line

    @property
    def due_at(self) -> float:
        """When there is something to do by itself."""
        return float("inf") if self._walks else self.listing.at

    def due(self, now: float) -> bool:
        return self._next(now) != ""

    def _next(self, now: float) -> Literal["read", "walk", "list", "delete", ""]:
        inbox = self._inbox
        if inbox.reads and inbox.has_room:
            return "read"
        if self._walks:
            return "walk" if inbox.has_room else ""
        if now >= self.listing.at and not (inbox.deletes and now < self._drain_until):
            return "list"
        return "delete" if inbox.deletes else ""

    def closed(self) -> None:
        """The port is gone, or the modem is new to us again."""
        self._inbox.closed()
        self.leave()

    def leave(self) -> None:
        """Begin nothing long any more."""
        self._walks.clear()

    async def one(self, talk: Talk, profile: Profile, now: float) -> None:
        """The next of what is due."""
        inbox = self._inbox
        match self._next(now):
            case "read":
                if not inbox.took(await talk.run(watched(read(profile, inbox.reads.popleft())))):
                    self.listing.ask(now, in_s=REREAD_S)
            case "walk":
                await self._walk(talk, profile, self._walks[0])
            case "list":
                await self._list(talk, profile, now)
            case "delete":
                slot = inbox.deletes.popleft()
                inbox.emptied(slot, await talk.run(watched(empty(profile, slot, inbox.doubted(slot)))))
        if profile.listing_broke_off:
            await talk.run(settled(profile))

    async def _list(self, talk: Talk, profile: Profile, now: float) -> None:
        profile.lists = profile.lists and (not self._hung or profile.imei != self._hung)
        try:
            found = await talk.run(watched(listing(profile, self._walks)))
        except NoAnswer:
            self._note_hung(profile)
            raise
        told = bool(profile.notify) and not self._rescue.polls
        self.listing.begin(self._clock.monotonic(), again_s=self._settings.listing_s(told=told))
        self._inbox.listed(found, profile.listed)
        if not profile.listing_complete:
            self.listing.ask(now, in_s=REREAD_S)

    def _note_hung(self, profile: Profile) -> None:
        """+CMGL hangs some for good: one that is plugged in anew must not be killed by it again."""
        if profile.list_asked and not profile.listed and profile.imei:
            self._hung = profile.imei
            told = {"event": "listing_hung", "channel": self._settings.name}
            _log.warning("nothing is answered after a listing: its slots are read one by one from now on", extra=told)

    async def _walk(self, talk: Talk, profile: Profile, walk: Walk) -> None:
        """One step of it. Where it did not meet all there is a listing soon, and it is a short one."""
        stored = await talk.run(watched(stride(profile, walk)))
        if stored is not None:
            self._inbox.found(stored)
        if not walk.over or walk not in self._walks:
            return
        self._walks.remove(walk)
        walked(profile, walk)
        now = self._clock.monotonic()
        self._drain_until = now + DRAIN_S_MAX
        if not profile.walks:
            self.listing.ask(now, in_s=REREAD_S)
