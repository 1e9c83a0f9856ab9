"""What became of an incident is told where its page was read, and once more elsewhere when that fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.house import ANNA, EACH_ALONE, House, play
from tests.scenarios.test_hearing import SECOND_PHONE, TWO_DEVICES

THIRD_PHONE = "+447700900131"
REFUSED = {"kind": "refuse", "cms": 1, "to": ANNA}
THREE_DEVICES = TWO_DEVICES.replace(
    f'{{ number = "{SECOND_PHONE}" }}', f'{{ number = "{SECOND_PHONE}" }}, {{ number = "{THIRD_PHONE}" }}'
)


def news(house: House, *, of: str) -> list[Any]:
    """The attempts' texts that the network was given for that number, after its pages."""
    told = [e for e in house.street.ledger.entries if e["event"] in ("accepted", "refused") and e.get("to") == of]
    return [e for e in told if " cleared" in e.get("text", "") or " taken by " in e.get("text", "")]


@pytest.mark.parametrize("mended", [False, True], ids=["the number stays dead", "the number works again"])
def test_cleared_goes_to_the_phone_that_woke_her_not_to_the_first_one(tmp_path: Path, mended: bool) -> None:
    async def story(house: House) -> None:
        private = house.street.add_phone(SECOND_PHONE, "Anna's other")
        house.street.fault(None, dict(REFUSED, times=1) if mended else REFUSED)
        await house.alert()
        await house.text(private, "CRITICAL", 60)
        await house.pass_time(60)
        await house.alert(status="resolved")
        await house.text(private, "10 cleared", 60)
        await house.pass_time(300)
        assert (len(private.texts("cleared")), news(house, of=ANNA)) == (1, [])

    play(tmp_path, story, people=TWO_DEVICES)


def test_the_gathered_end_of_several_goes_to_the_phone_that_woke_her(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        private = house.street.add_phone(SECOND_PHONE, "Anna's other")
        house.street.fault(None, dict(REFUSED, times=5))
        for n in range(5):
            await house.alert(f"edge{n}", summary=f"edge{n} down")
        await house.until(lambda: len(private.texts("down")) == 5 or private.texts("more"), 400)
        for n in range(5):
            await house.alert(f"edge{n}", status="resolved")
        await house.text(private, "2 cleared", 400)
        assert not news(house, of=ANNA)

    play(tmp_path, story, people=TWO_DEVICES)


def test_taken_by_goes_to_the_phone_that_woke_him(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        private = house.street.add_phone(SECOND_PHONE, "Anna's other")
        house.street.fault(None, REFUSED)
        await house.alert()
        await house.text(private, "CRITICAL", 60)
        await house.text(house.ben, "CRITICAL", 400)
        house.ben.reply("ok")
        await house.text(private, "10 taken by", 60)
        assert not news(house, of=ANNA)

    play(tmp_path, story, people=TWO_DEVICES)


def test_news_that_fails_goes_to_the_next_phone(tmp_path: Path) -> None:
    """Her first phone was paged, and is gone when it is over; so it is for every later piece of news in a storm."""

    async def story(house: House) -> None:
        private = house.street.add_phone(SECOND_PHONE, "Anna's other")
        for n in range(6):
            await house.alert(f"edge{n}", summary=f"edge{n} down")
        await house.text(house.anna, "more", 300)
        house.street.fault(None, REFUSED)
        for n in range(6):
            await house.alert(f"edge{n}", status="resolved")
        await house.text(private, "3 cleared", 600)
        assert len(private.texts("cleared")) == 4
        assert house.events().count("news_passed_on") == 4

    play(tmp_path, story, people=TWO_DEVICES)


def test_news_is_passed_on_once_and_no_further(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.add_phone(SECOND_PHONE, "Anna's other")
        house.street.add_phone(THIRD_PHONE, "Anna's third")
        await house.alert()
        await house.text(house.anna, "CRITICAL")
        house.street.fault(None, REFUSED)
        house.street.fault(None, dict(REFUSED, to=SECOND_PHONE))
        await house.alert(status="resolved")
        await house.pass_time(3600)
        told = [m for m in (await house.incident())["messages"] if m["kind"] == "cleared"]
        assert [(m["recipient"], m["state"]) for m in told] == [(ANNA, "failed"), (SECOND_PHONE, "failed")]

    play(tmp_path, story, people=THREE_DEVICES)


def test_who_has_one_phone_is_not_told_elsewhere(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "CRITICAL")
        house.street.fault(None, REFUSED)
        await house.alert(status="resolved")
        await house.until(lambda: "message_failed" in house.events(), 60)
        await house.pass_time(60)
        assert "news_passed_on" not in house.events()

    play(tmp_path, story)


def test_taken_is_not_passed_on_when_it_is_over_meanwhile(tmp_path: Path) -> None:
    """Both come back after two minutes: `cleared` is all that is still news then."""

    async def story(house: House) -> None:
        private = house.street.add_phone(SECOND_PHONE, "Anna's other")
        await house.alert()
        await house.text(private, "CRITICAL", 400)
        await house.text(house.ben, "CRITICAL", 400)
        back = {"kind": "report", "when": "normal", "delay_s": 120, "statuses": [0x41], "to": SECOND_PHONE}
        house.street.fault(None, back)
        house.ben.reply("ok")
        await house.text(house.ben, "is yours", 60)
        await house.alert(status="resolved")
        await house.text(house.anna, "10 cleared", 400)
        await house.pass_time(600)
        assert not house.anna.texts("taken")

    play(tmp_path, story, people=TWO_DEVICES)


@pytest.mark.parametrize("told", [True, False], ids=["the end is heard of", "nobody can tell her of the end"])
def test_a_quick_ok_means_the_only_page_when_no_news_of_another_end_can_come(tmp_path: Path, told: bool) -> None:
    async def story(house: House) -> None:
        await house.alert("a", summary="edge2 down")
        await house.text(house.anna, "edge2 down")
        if not told:
            house.street.fault(None, dict(REFUSED, times=1))
        await house.alert("a", summary="edge2 down", status="resolved")
        await house.pass_time(240)
        await house.alert("b", summary="disk full")
        await house.text(house.anna, "disk full", 120)
        house.anna.reply("ok")
        await house.text(house.anna, "47 is yours", 30)
        assert not house.anna.texts("Which one")

    play(tmp_path, story, config=EACH_ALONE)


def test_a_quick_ok_is_asked_back_while_the_end_of_another_is_on_its_way(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", summary="edge2 down")
        await house.text(house.anna, "edge2 down")
        house.street.fault(None, {"kind": "report", "when": "never", "delay_s": 0, "statuses": [0], "times": 1})
        await house.alert("a", summary="edge2 down", status="resolved")
        await house.pass_time(240)
        await house.alert("b", summary="disk full")
        await house.text(house.anna, "disk full", 120)
        house.anna.reply("ok")
        await house.text(house.anna, "Which one?", 30)

    play(tmp_path, story, config=EACH_ALONE)
