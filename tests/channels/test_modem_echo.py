"""An echo that comes back by itself does not take a modem off the air."""

from __future__ import annotations

import asyncio

import pytest

from gatewayd.channels.modem import Modem
from gatewayd.delivery.outcome import Accepted, Deferred, Outcome
from tests.channels.fake_modem import FakeModem
from tests.channels.house import RecordingHouse, booked, submission, until
from tests.channels.story import tell


class Echo:
    """What a modem does with its echo; `sticky`: it says OK to ATE0 and goes on."""

    def __init__(self, fake: FakeModem, *, sticky: bool = False) -> None:
        self.on = True
        self._fake = fake
        self._sticky = sticky
        fake.on_command = self._hear

    def _hear(self, command: str) -> bool:
        if self.on:
            self._fake.say_raw(command.encode() + b"\r")
        if command == "ATE0":
            self.on = self._sticky
        return False


async def sent(modem: Modem, number: int) -> Outcome:
    """By as many tries as the house would make."""
    for _ in range(5):
        await until(modem.ready)
        outcome = await modem.send(submission(number), booked)
        if not isinstance(outcome, Deferred):
            break
        await asyncio.sleep(outcome.after_s)
    return outcome


@pytest.mark.parametrize("every_s", [5, 20, 120])
def test_a_modem_whose_echo_comes_back_is_only_told_to_leave_it(every_s: int) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        echo, loop = Echo(fake), asyncio.get_running_loop()
        for number in range(1, 11):
            echo.on = True
            began = loop.time()
            assert await sent(modem, number) == Accepted(str(number))
            assert loop.time() - began < 0.1
            await asyncio.sleep(every_s)
        assert house.resets == []
        assert fake.heard.count("AT+CFUN?") == 1
        assert len(fake.pdus) == 10

    tell(story)


def test_one_that_does_not_leave_it_any_more_is_served_with_it() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        Echo(fake, sticky=True)
        for number in range(1, 5):
            assert await sent(modem, number) == Accepted(str(number))
            await asyncio.sleep(100)
        assert fake.heard.count("ATE0") == 3
        assert house.resets == []

    tell(story)


def test_an_echo_is_left_off_when_it_can_be() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        echo = Echo(fake)
        await until(lambda: not echo.on, within_s=70)
        assert isinstance(await modem.send(submission(1), booked), Accepted)
        assert house.resets == []

    tell(story)


@pytest.mark.parametrize("gone", ["notifications", "PDU mode"])
def test_when_more_than_the_echo_is_gone_all_is_set_anew(gone: str) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        Echo(fake)
        if gone == "PDU mode":
            fake.text_mode = True
        else:
            fake.answers["AT+CNMI?"] = "+CNMI: 0,0,0,0,0\r\n\r\nOK"
        await until(lambda: house.resets, within_s=70)
        fake.answers["AT+CNMI?"] = "+CNMI: 2,1,0,1,0\r\n\r\nOK"
        await until(modem.ready)
        assert isinstance(await sent(modem, 1), Accepted)

    tell(story)
