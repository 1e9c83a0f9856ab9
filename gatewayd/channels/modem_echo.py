"""An echo that was switched off and is heard again: no reason to set everything up anew."""

from __future__ import annotations

from gatewayd.channels.modem_ear import Ear
from gatewayd.channels.modem_talk import Talk
from gatewayd.wire.modem_bringup import kept
from gatewayd.wire.modem_profile import Profile
from gatewayd.wire.modem_steps import hush, watched

RETURNS_MAX = 3  # since it was brought up


async def quieten(talk: Talk, ear: Ear, profile: Profile) -> bool:
    """Echo off again; a modem that takes it up again and again is served with it.

    False when more of the set-up is gone: it restarted, and nobody saw it.
    """
    await talk.run(watched(hush()))
    ear.echo_back = False
    ear.echo_returns += 1
    ear.look_due = True  # whether it is still registered, should this be a restart
    whole = await talk.run(watched(kept(profile)))
    if ear.echo_back or ear.echo_returns >= RETURNS_MAX:
        ear.echo_back = False
        ear.tolerates_echo = profile.echoes = True
    return whole
