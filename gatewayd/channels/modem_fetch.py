"""What comes in over a modem is fetched, one short job at a time, so that a text may go out between two."""

from __future__ import annotations

from gatewayd.channels.modem_inbox import Inbox
from gatewayd.channels.modem_pace import Duty
from gatewayd.channels.modem_rescue import Rescue
from gatewayd.channels.modem_settings import ModemSettings
from gatewayd.channels.modem_talk import Talk
from gatewayd.clock import Clock
from gatewayd.wire.modem_profile import Profile
from gatewayd.wire.modem_steps import watched
from gatewayd.wire.modem_storage import empty, listing, read, settled

REREAD_S = 5.0  # a slot that was announced and could not be read, or not whole


class Fetch:
    """Replies first: reading goes before listing, listing before deleting."""

    def __init__(self, settings: ModemSettings, clock: Clock, inbox: Inbox, rescue: Rescue) -> None:
        self.listing = Duty()
        self._settings = settings
        self._clock = clock
        self._inbox = inbox
        self._rescue = rescue

    def due(self, now: float) -> bool:
        return self._inbox.may_read or bool(self._inbox.deletes) or now >= self.listing.at

    async def one(self, talk: Talk, profile: Profile, now: float) -> None:
        """The next of what is due."""
        inbox = self._inbox
        if inbox.may_read:
            if not inbox.took(await talk.run(watched(read(profile, inbox.reads.popleft())))):
                self.listing.ask(now, in_s=REREAD_S)
        elif now >= self.listing.at:
            await self._list(talk, profile, now)
        else:
            slot = inbox.deletes.popleft()
            inbox.emptied(slot, await talk.run(watched(empty(profile, slot, inbox.doubted(slot)))))
        if profile.listing_broke_off:
            await talk.run(settled(profile))

    async def _list(self, talk: Talk, profile: Profile, now: float) -> None:
        found = await talk.run(watched(listing(profile)))
        told = bool(profile.notify) and not self._rescue.polls
        self.listing.begin(self._clock.monotonic(), again_s=self._settings.listing_s(told=told))
        self._inbox.listed(found, profile.listed)
        if not profile.listing_complete:
            self.listing.ask(now, in_s=REREAD_S)
