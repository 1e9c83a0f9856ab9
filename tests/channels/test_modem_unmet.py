"""A port without a modem behind it: what is heard there is told soon, and stays told while it is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from gatewayd.channels.modem import Modem
from tests.channels.fake_modem import FakeModem
from tests.channels.house import RecordingHouse, until
from tests.channels.story import tell

GPS = "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47"


def _mute(fake: FakeModem) -> None:
    fake._octet = lambda octet: None  # type: ignore[method-assign]


def _plug(fake: FakeModem) -> None:
    fake._octet = lambda octet: fake.say_raw(bytes([octet]))  # type: ignore[method-assign]


def _gps(fake: FakeModem) -> None:
    _mute(fake)

    def say() -> None:
        fake.say(GPS)
        asyncio.get_running_loop().call_later(0.2, say)

    say()


def _garbage(fake: FakeModem) -> None:
    fake._octet = lambda octet: fake.say_raw(b"\xfc\x9e\x80\xff\r")  # type: ignore[method-assign]


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (_gps, "no answer to AT: this is a GPS port, it says NMEA sentences"),
        (_plug, "no answer to AT: it echoes what is written, and answers nothing"),
        (_mute, "no answer to AT: it is silent"),
        (_garbage, "no answer to AT: it says what is no text; is its speed (baud) another?"),
    ],
)
def test_what_a_port_says_that_does_not_answer_is_told(prepare: Callable[[FakeModem], None], said: str) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(lambda: house.healths and said in house.healths[-1].reason, within_s=15)
        before = len(house.healths)
        await asyncio.sleep(120)
        assert all(said in health.reason for health in house.healths[before:])
        assert {health.state for health in house.healths[before:]} >= {"starting", "down"}

    tell(story, prepare=prepare)


def test_when_it_answers_at_last_nothing_of_that_is_left() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        octets, fake._octet = fake._octet, lambda octet: None  # type: ignore[method-assign]
        await until(lambda: house.healths and "silent" in house.healths[-1].reason, within_s=15)
        fake._octet = octets  # type: ignore[method-assign]
        await until(modem.ready, within_s=120)
        assert house.healths[-1].reason == ""

    tell(story)
