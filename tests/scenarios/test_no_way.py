"""A house of bureaus alone: a text that none of them ever takes is refused, not kept until it is too old."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatewayd.web.client import ClientError
from tests.house import ANNA, STRANGER, House, play
from tests.scenarios.bureau_by_hand import Lodge
from tests.scenarios.bureau_by_hand import play as play_by_hand

PEOPLE = f'[[people]]\nname = "anna"\ndevices = [{{ number = "{ANNA}", channel = "north" }}]\n'
POLICY = '[[policies]]\nname = "p"\nsteps = [{ page = ["anna"] }]\nfallback = ["anna"]\n'
NORTH = '[[smpp]]\nname = "north"\nhost = "127.0.0.1"\nport = 1\nsystem_id = "gateway"\n'
ROUTE = f'[[routes]]\nnumber = "{STRANGER}"\nonly = ["north"]\n'


@pytest.mark.parametrize(
    ("config", "asked", "refused"),
    [
        (NORTH, {"to": STRANGER}, True),
        (NORTH, {"to": "short:60777"}, True),
        (NORTH, {"to": STRANGER, "channel": "north"}, False),
        (NORTH, {"to": "person:anna"}, False),
        (NORTH + "any_phone = true\n", {"to": STRANGER}, False),
        (NORTH + ROUTE, {"to": STRANGER}, False),
        (NORTH + ROUTE, {"to": "+447700900198"}, True),
    ],
    ids=["a phone", "a short code", "its channel said", "a person", "any phone", "a rule for it", "a rule for another"],
)
def test_without_a_modem_a_text_says_its_channel(
    tmp_path: Path, config: str, asked: dict[str, str], refused: bool
) -> None:
    async def story(house: House) -> None:
        if not refused:
            await house.post("/api/v1/messages", asked | {"text": "hello"})
            return
        with pytest.raises(ClientError) as told:
            await house.post("/api/v1/messages", asked | {"text": "hello"})
        assert told.value.status == 400
        assert told.value.message == "say by which channel: there is no modem, and no bureau that takes any phone"
        assert (await house.get("/api/v1/messages"))["messages"] == []

    play(tmp_path, story, modems=0, config=config, policy=POLICY, people=PEOPLE)


UNKNOWN = 0x0B
OTHER = '[[smpp]]\nname = "south"\nhost = "127.0.0.1"\nport = 1\nsystem_id = "gateway"\nany_phone = true\n'


@pytest.mark.parametrize("rule", ["", '[[ways]]\nchannel = "north"\ncost = 0.01\n'])
@pytest.mark.parametrize(
    ("more", "state"),
    [
        ("", "failed"),
        (OTHER, "queued"),
        (OTHER + f'[[routes]]\nnumber = "{STRANGER}"\nnever = ["south"]\n', "failed"),
    ],
    ids=["no other", "another that is down", "another that a rule forbids"],
)
def test_what_no_other_channel_could_carry_has_failed_when_its_bureau_refuses_it(
    tmp_path: Path, more: str, state: str, rule: str
) -> None:
    async def story(lodge: Lodge) -> None:
        lodge.bureau.answering = lambda text: text.answer("", UNKNOWN)
        await lodge.post("/api/v1/messages", {"to": STRANGER, "text": "hello"})
        await lodge.until(lambda: lodge.bureau.texts)
        await lodge.pass_time(5)
        told = await lodge.message(1)
        assert told["state"] == state
        assert "0x0B" in told["reason"]
        assert ("no other channel takes it" in told["reason"]) == (state == "failed")

    settings = "any_phone = true\n" + rule
    play_by_hand(tmp_path, story, settings=settings, config=more, people=PEOPLE, policy=POLICY)
