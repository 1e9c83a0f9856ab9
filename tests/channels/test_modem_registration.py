"""What the modem says by itself of its registration is followed at once, and costs no more looks than it is worth."""

from __future__ import annotations

import asyncio

import pytest

from gatewayd.channels.modem import Modem
from gatewayd.delivery.outcome import Accepted, Deferred
from tests.channels.fake_modem import FakeModem
from tests.channels.house import RecordingHouse, booked, submission, until
from tests.channels.story import tell

NAMES = ("+CREG", "+CGREG", "+CEREG")


def set_registration(fake: FakeModem, state: int, *, names: tuple[str, ...] = NAMES, aloud: bool = True) -> None:
    for name in names:
        fake.answers[f"AT{name}?"] = f"{name}: 2,{state}\r\n\r\nOK"
        if aloud:
            fake.say(f"{name}: {state}")


@pytest.mark.parametrize(("state", "word"), [(0, "none"), (2, "searching"), (3, "denied"), (5, "roaming")])
def test_a_loss_and_a_gain_are_known_within_a_second(state: int, word: str) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        await asyncio.sleep(20.0)
        set_registration(fake, state)
        await until(lambda: house.healths[-1].registration == word, within_s=1.0)
        assert modem.ready() is (word == "roaming")
        if not modem.ready():
            assert isinstance(await modem.send(submission(1), booked), Deferred)
        await asyncio.sleep(1.0)
        set_registration(fake, 1)
        await until(lambda: house.healths[-1].registration == "home", within_s=1.5)
        assert isinstance(await modem.send(submission(2), booked), Accepted)

    tell(story)


def test_one_of_the_three_may_be_lost() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        await asyncio.sleep(20.0)
        set_registration(fake, 2, names=("+CREG", "+CGREG"))
        await asyncio.sleep(5.0)
        assert {health.state for health in house.healths[-2:]} == {"up"}
        assert modem.ready()

    tell(story)


@pytest.mark.parametrize("unclear", ["+CREG: ", "+CREG: x", "+CREG: 1,2", "+CREG: 44"])
def test_what_is_unclear_is_looked_at(unclear: str) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        await asyncio.sleep(20.0)
        set_registration(fake, 2, aloud=False)
        fake.say(unclear)
        await until(lambda: house.healths[-1].registration == "searching", within_s=1.0)

    tell(story)


def test_a_modem_between_two_cells_is_not_looked_at_all_the_time() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        await asyncio.sleep(20.0)
        before = fake.heard.count("AT+CREG?")
        for second in range(30):
            fake.say(f'+CREG: 1,"00C3","{second % 2:04X}"')
            fake.say(f'+CEREG: 1,"00C3","{second % 2:08X}",7')
            await asyncio.sleep(1.0)
        assert fake.heard.count("AT+CREG?") - before <= 2

    tell(story)
