"""Every type of modem on the street: brought up, a text sent with its report, a reply heard; or refused politely."""

from __future__ import annotations

import pytest

from gatewayd.delivery.outcome import Accepted
from tests.channels.house import until
from tests.channels.street import ANNA, Block, live

FAMILIES = {
    "generic": "generic",
    "huawei-e173": "huawei",
    "huawei-e1752": "huawei",
    "zte-k3565z": "zte",
    "sim800": "simcom",
    "sim7600": "simcom",
    "quectel-ec25": "quectel",
    "telit-le910": "telit",
    "telit-le910-patient": "telit",
    "cinterion-ehs6": "cinterion",
    "wavecom-q24": "wavecom",
    "ublox-sara": "u-blox",
    "sierra-mc7304": "sierra",
    "nrf9160": "nordic",
    "nokia-s60": "nokia",
}
WITHOUT_TEXTS = {"nokia-s60"}


@pytest.mark.parametrize("personality", sorted(FAMILIES.keys() - WITHOUT_TEXTS))
def test_each_is_brought_up_sends_and_hears(personality: str) -> None:
    async def story(block: Block) -> None:
        await block.ready(within_s=90)
        told = block.house.healths[-1]
        assert told.identity["profile"] == FAMILIES[personality]
        assert told.identity["imei"].startswith("...")
        assert (told.registration, told.signal_dbm is not None, told.note) == ("home", True, "")
        outcome = await block.send()
        assert outcome == Accepted(str(block.taken(1)[0]["mr"]))
        await until(lambda: block.house.receipts, within_s=90)
        assert (block.house.receipts[0].recipient, block.house.receipts[0].status) == (ANNA, 0)
        block.anna.reply("OK 42, on my way")
        await until(lambda: block.texts(), within_s=90)
        assert block.texts() == ["OK 42, on my way"]

    live(story, personality=personality)


@pytest.mark.parametrize("personality", sorted(FAMILIES.keys() - WITHOUT_TEXTS - {"nrf9160"}))
def test_each_takes_its_pin_once(personality: str) -> None:
    async def story(block: Block) -> None:
        await block.ready(within_s=120)
        assert block.house.pins_tried == 1

    live(story, personality=personality, sim_pin="4711", pin="4711")
