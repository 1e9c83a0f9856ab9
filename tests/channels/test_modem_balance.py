"""A card's balance, asked of the simulated operator by USSD in the makers' own forms."""

from __future__ import annotations

import asyncio

import pytest

from gatewayd.channels import modem_balance
from gatewayd.channels.modem import Modem
from gatewayd.delivery.outcome import Accepted
from tests.channels.fake_modem import FakeModem
from tests.channels.house import RecordingHouse, until
from tests.channels.story import tell
from tests.channels.street import Block, live

BALANCE = {"ussd": "*100#", "every": "1d", "wait_s": 20}


@pytest.mark.parametrize("personality", ["generic", "huawei-e173", "sim800", "quectel-ec25", "telit-le910"])
def test_the_house_is_told_what_the_operator_says(personality: str) -> None:
    async def story(block: Block) -> None:
        block.fault("credit", messages=12)
        await block.ready()
        await until(lambda: block.house.balances, within_s=120)
        assert [channel for channel, _ in block.house.balances] == ["m1"]
        assert block.house.balances[0][1] == "Your balance is 1.20"
        await block.send()

    live(story, personality=personality, balance=BALANCE)


def test_it_is_asked_once_in_its_time_whatever_happens_to_the_line() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        await until(lambda: block.house.balances, within_s=120)
        block.fault("hangup", back_after_s=5)
        await until(lambda: not block.modem.ready(), within_s=60)
        await block.ready()
        await asyncio.sleep(3_600)
        assert len(block.house.balances) == 1
        await asyncio.sleep(86_400)
        assert len(block.house.balances) == 2

    live(story, balance=BALANCE)


def test_a_text_does_not_wait_for_the_operators_answer() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        await asyncio.sleep(29.9)  # it is asked 30 s after the modem came up
        began = asyncio.get_running_loop().time()
        for _ in range(3):
            assert isinstance(await block.send(), Accepted)
        took_s = asyncio.get_running_loop().time() - began
        await until(lambda: block.house.balances, within_s=120)
        assert took_s < 15

    live(story, balance=BALANCE)


def test_an_operator_who_says_nothing_is_asked_again_later_and_the_session_is_released() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        block.fault("freeze", seconds=50)
        await asyncio.sleep(1_200)
        assert isinstance(await block.send(), Accepted)
        await until(lambda: block.house.balances, within_s=1_800)

    live(story, balance=BALANCE)


def told(said: str, pattern: str) -> list[float | None]:
    """What is read with this pattern in what the operator says; the modem works before and after it."""

    async def story(fake: FakeModem, house: RecordingHouse, modem: Modem) -> None:
        await until(modem.ready)
        await until(lambda: house.balances, within_s=120)
        assert modem.ready()

    def prepare(fake: FakeModem) -> None:
        fake.answers['AT+CUSD=1,"*100#",15'] = f'+CUSD: 0,"{said}",15\r\n\r\nOK'

    return tell(story, prepare=prepare, balance=BALANCE | {"pattern": pattern}).sums


def test_the_pattern_of_the_manual_reads_the_sum_at_the_end_of_a_sentence() -> None:
    assert told("Your balance is 7.00. Valid to 31.12.2026", "balance is ([0-9.,]+)") == [7.0]
    assert told("Nothing of the kind, 5.00", "balance is ([0-9.,]+)") == [None]


def test_a_pattern_that_would_take_years_is_ended_and_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(modem_balance, "PATTERN_S", 0.5)
    assert told("a" * 450 + "!", "(a+)+$") == [None]
    assert "takes more than 0.5 s" in caplog.text
