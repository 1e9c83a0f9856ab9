"""What a modem's refusal means to the texts of a house: who is to blame for it, and who is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.house import ANNA, BEN, House, play


async def post(house: House, to: str, text: str) -> int:
    answer = await house.post("/api/v1/messages", {"to": to, "text": text, "priority": "critical"})
    return int(answer["messages"][0]["id"])


@pytest.mark.parametrize(("cms", "within_s"), [(300, 400), (313, 1500), (331, 400), (17, 400), (322, 400)])
def test_a_trouble_of_the_modem_counts_against_no_text(tmp_path: Path, cms: int, within_s: float) -> None:
    """Ten minutes of it on the only modem: more than the six tries that a text has, and it is sent all the same.

    A SIM that fails again and again is set up more and more seldom.
    """

    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "refuse", "cms": cms})
        number = await post(house, ANNA, "disk full on db3")
        await house.pass_time(600)
        assert (await house.message(number))["state"] in {"queued", "started"}
        house.street.clear_faults("modem1")
        await house.text(house.anna, "disk full on db3", within_s)
        assert len(house.anna.texts("disk full on db3")) == 1

    play(tmp_path, story, modems=1)


def test_a_vague_error_of_one_recipient_is_his_and_of_two_the_modems(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "refuse", "cms": 500, "to": ANNA})
        lost = await post(house, ANNA, "to Anna")
        await house.until(lambda: len(refused(house)) >= 2, 60)
        kept = await post(house, BEN, "to Ben")
        await house.text(house.ben, "to Ben", 60)
        assert (await house.message(kept))["state"] in {"sent", "delivered"}
        await house.pass_time(900)
        assert (await house.message(lost))["state"] == "failed"

    play(tmp_path, story, modems=1)


def taken(house: House) -> list[str]:
    """What the network took of the disk's texts."""
    return [e["text"] for e in house.street.ledger.accepted(to=ANNA) if "disk" in e["text"]]


def test_a_report_proves_that_a_text_went_out_which_the_modem_denied(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "refuse", "cms": 500, "submitted": True, "times": 1})
        number = await post(house, ANNA, "disk full on db3")
        await house.pass_time(120)
        assert taken(house) == ["disk full on db3"], "its report came before the next try"
        message = await house.message(number)
        assert message["state"] == "delivered"
        assert [(a["state"], a["settled_by"]) for a in message["attempts"]] == [("accepted", "receipt")]

    play(tmp_path, story, modems=1)


def test_what_may_be_the_second_copy_says_so(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "report", "when": "normal", "delay_s": 60, "statuses": [0]})
        house.street.fault("modem1", {"kind": "refuse", "cms": 500, "submitted": True, "times": 1})
        number = await post(house, ANNA, "disk full on db3")
        await house.pass_time(180)
        assert taken(house) == ["disk full on db3", "(rpt) disk full on db3"]
        message = await house.message(number)
        assert message["state"] == "delivered"
        assert [a["state"] for a in message["attempts"]] == ["accepted", "accepted"], "both reports found their try"
        assert message["repeats"] == 0, "a doubt may still be repeated"

    play(tmp_path, story, modems=1)


def refused(house: House) -> list[dict[str, Any]]:
    return [entry for entry in house.street.ledger.entries if entry["event"] == "refused"]


def test_an_octet_that_was_lost_on_the_line_costs_seconds_and_no_text(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "refuse", "cms": 304, "times": 1})
        await post(house, ANNA, "disk full on db3")
        await house.text(house.anna, "disk full on db3", 15)

    play(tmp_path, story, modems=1)


def test_a_text_that_the_modem_finds_wrong_twice_is_refused(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "refuse", "cms": 304, "to": ANNA})
        await house.alert()
        await house.text(house.ben, "edge2", 60)  # the next step, long before Anna's 300 s are over
        assert len(refused(house)) == 2

    play(tmp_path, story, modems=1)


@pytest.mark.parametrize("submitted", [True, False])
def test_a_duplicate_that_the_service_centre_refuses_is_sent(tmp_path: Path, submitted: bool) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "refuse", "cms": 197, "times": 1, "submitted": submitted})
        number = await post(house, ANNA, "disk full on db3")
        await house.pass_time(120)
        assert (await house.message(number))["state"] in {"sent", "delivered"}
        assert len(house.anna.texts("disk full on db3")) == submitted

    play(tmp_path, story, modems=1)
