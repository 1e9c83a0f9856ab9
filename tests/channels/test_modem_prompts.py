"""A modem that prompts again after the text: it is not waited for as long as for the network, and goes on at once."""

from __future__ import annotations

import asyncio

import pytest

from gatewayd.channels.modem import Modem
from gatewayd.delivery.outcome import Accepted, Uncertain
from tests.channels.fake_modem import FakeModem
from tests.channels.house import RecordingHouse, booked, submission, until
from tests.channels.story import tell
from tests.channels.street import Block, live

PERSONALITIES = ("generic", "huawei-e173", "sim800", "quectel-ec25", "telit-le910")


@pytest.mark.parametrize("personality", PERSONALITIES)
def test_a_stuck_prompt_costs_half_a_minute_and_no_other_text(personality: str) -> None:
    async def story(block: Block) -> None:
        loop = asyncio.get_running_loop()
        await block.ready()
        block.fault("stuck_prompt", times=1)
        began = loop.time()
        outcome = await block.send()
        assert isinstance(outcome, Uncertain)
        await block.ready()
        assert loop.time() - began < 30
        assert await block.send() == Accepted(str(block.taken(2)[0]["mr"]))
        assert loop.time() - began < 60
        assert block.house.resets == []

    live(story, personality=personality)


def test_texts_behind_it_keep_their_turn_and_their_own_answers() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)

        def once_more(pdu: str) -> None:
            fake.on_pdu = fake.accept
            fake.prompt()

        fake.on_pdu = once_more
        outcomes = await asyncio.gather(*(modem.send(submission(number), booked) for number in range(3)))
        assert [type(outcome) for outcome in outcomes] == [Uncertain, Accepted, Accepted]
        assert [outcome.reference for outcome in outcomes[1:]] == ["1", "2"]
        assert bytes(fake.raw).count(b"\x1a") == 3
        assert modem.ready()

    tell(story)


@pytest.mark.parametrize(("after_s", "late"), [(20.5, False), (25.5, True)])
def test_a_reference_after_the_escape_settles_the_text_that_was_left(after_s: float, late: bool) -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        loop = asyncio.get_running_loop()

        def twice_and_late(pdu: str) -> None:
            fake.say_raw(b"\r\n> ")
            loop.call_later(after_s, fake.say, "+CMGS: 77\r\n\r\nOK")

        fake.on_pdu = twice_and_late
        outcome = await modem.send(submission(1), booked)
        if late:
            assert isinstance(outcome, Uncertain)
            await until(lambda: house.late)
            assert house.late[0].attempt_id == "a1"
            outcome = house.late[0].outcome
        assert outcome == Accepted("77")

    tell(story)


def test_a_modem_that_does_it_again_and_again_is_set_up_anew_then_its_radio_then_itself_restarted() -> None:
    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        fake.on_pdu = lambda pdu: fake.prompt()
        remedies = ("ATE0", "AT+CFUN=0", "AT+CFUN=1,1")
        known = fake.heard.count("ATE0")
        for number in range(30):
            if remedies[-1] in fake.heard:
                break
            await until(modem.ready, within_s=60)
            assert isinstance(await modem.send(submission(number), booked), Uncertain)
            await asyncio.sleep(10)
        assert fake.heard.count("ATE0") > known
        assert fake.heard.index("AT+CFUN=0") < fake.heard.index("AT+CFUN=1,1")
        assert fake.heard.count("AT+CFUN=0") == fake.heard.count("AT+CFUN=1,1") == 1

    tell(story)
