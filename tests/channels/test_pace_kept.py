"""A pace that was used up before the daemon began is used up: by a TAP bureau as by a modem."""

from __future__ import annotations

import asyncio

import pytest

from gatewayd.channels.modem import Modem
from gatewayd.channels.modem_pace import Pace
from gatewayd.channels.modem_settings import ModemSettings
from gatewayd.channels.tap import Tap
from gatewayd.channels.tap_settings import TapSettings
from tests.channels import virtual
from tests.channels.house import RecordingHouse

USED_S_AGO = (70.0, 50.0, 20.0)


def test_a_bureau_is_called_no_sooner_after_a_restart() -> None:
    async def story() -> None:
        clock = virtual.clock()
        settings = TapSettings(name="north", end="unix:/nowhere", pages_per_minute=1.0, burst=3)  # type: ignore[call-arg]
        fresh = Tap(settings, RecordingHouse(), clock)
        assert (fresh.room(), fresh.room(critical=True)) == (2, 3)
        used = Tap(settings, RecordingHouse(), clock, used_s_ago=USED_S_AGO)
        assert (used.room(), used.room(critical=True)) == (0, 0), "three of three minutes are used"
        await asyncio.sleep(used.pause_s(critical=True))
        assert (used.room(), used.room(critical=True)) == (0, 1), "the last place is for what is critical"
        assert asyncio.get_running_loop().time() == pytest.approx(180 - 70 + settings.t3_s)
        await asyncio.sleep(used.pause_s())
        assert (used.room(), used.room(critical=True)) == (1, 2)

    virtual.run(story())


def test_a_modem_sends_no_sooner_after_a_restart() -> None:
    async def story() -> None:
        settings = ModemSettings(name="m1", port="unix:/nowhere", rate_per_minute=1.0, burst=1)
        assert Modem(settings, RecordingHouse(), virtual.clock()).pause_s() == 0
        used = Modem(settings, RecordingHouse(), virtual.clock(), used_s_ago=(20.0,))
        assert used.pause_s() == pytest.approx(40.0)

    virtual.run(story())


def test_what_was_used_before_the_clock_began_counts_as_well() -> None:
    """A monotonic clock is young after a boot."""
    pace = Pace(1.0, 1)
    pace.sent(5.0 - 20.0)
    assert pace.next_at(5.0) == pytest.approx(45.0)
