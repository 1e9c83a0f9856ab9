"""An answer that never comes must not silence the house: urgent texts that nobody can take cut the wait short."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import ANNA, House, play

LOST = {"kind": "no_answer", "times": 1, "submitted": True}


@pytest.mark.parametrize(("priority", "within_s"), [("critical", 70), ("high", 130)])
def test_the_next_text_waits_for_a_lost_answer_as_long_as_it_has_patience(
    tmp_path: Path, priority: str, within_s: int
) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", LOST)
        await house.post("/api/v1/messages", {"to": ANNA, "text": "disk 95%"})
        await house.until(lambda: copies(house, "disk 95%"), 10)
        await house.post("/api/v1/messages", {"to": ANNA, "text": "disk 99%", "priority": priority})
        await house.text(house.anna, "disk 99%", within_s)

    play(tmp_path, story, modems=1)


@pytest.mark.parametrize("modems", [1, 2])
def test_an_ok_is_not_left_unread_when_a_report_tells_what_the_lost_answer_would(tmp_path: Path, modems: int) -> None:
    """A modem is left in peace while it owes an answer, and what comes in meanwhile lies on its card."""

    async def story(house: House) -> None:
        for n in range(1, modems + 1):
            house.street.fault(f"modem{n}", LOST)
        await house.alert()
        await house.text(house.anna, "edge2")
        await house.pass_time(10)
        carrier = (await house.message())["attempts"][0]["channel"]
        house.anna.send(f"+44770090000{carrier.removeprefix('modem')}", "ok")
        await house.until(lambda: "incident_acknowledged" in house.events(), 80)
        await house.text(house.anna, "is yours", 60)
        await house.pass_time(300)
        assert copies(house, "edge2 uplink down. Reply") == ["10 CRITICAL network: edge2 uplink down. Reply ok 10"]
        assert not house.ben.texts("edge2")

    play(tmp_path, story, modems=modems)


async def critical(house: House, words: str, **fields: str) -> None:
    await house.post("/api/v1/messages", {"to": ANNA, "text": words, "priority": "critical"} | fields)


def copies(house: House, words: str) -> list[str]:
    return [entry["text"] for entry in house.street.ledger.accepted(to=ANNA) if words in entry["text"]]


@pytest.mark.parametrize("modems", [1, 2])
def test_urgent_texts_do_not_wait_for_a_lost_answer_that_silences_every_modem(tmp_path: Path, modems: int) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "report", "when": "normal", "delay_s": 20, "statuses": [0]})
        for n in range(1, modems + 1):
            house.street.fault(f"modem{n}", LOST)
        for n in range(modems + 1):
            await critical(house, f"fault {n}.")
        await house.until(lambda: not house.daemon.dispatch.up(), 60)
        await house.text(house.anna, f"fault {modems}.", 100 - house.seconds)
        await house.pass_time(400)
        for n in range(modems + 1):
            assert copies(house, f"fault {n}.") == [f"fault {n}."], "its report came in time: nothing goes twice"
            message = await house.message(n + 1)
            assert message["state"] == "delivered"
            assert [attempt["state"] for attempt in message["attempts"]] == ["accepted"]
        assert len(house.daemon.dispatch.up()) == modems

    play(tmp_path, story, modems=modems)


def test_a_page_whose_answer_was_lost_on_the_only_modem_goes_again_marked(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {**LOST, "submitted": False})
        await critical(house, "core is down")
        await house.text(house.anna, "(rpt) core is down", 100)
        await house.pass_time(400)
        assert copies(house, "core") == ["(rpt) core is down"]

    play(tmp_path, story, modems=1)


def test_while_another_modem_works_the_answer_is_waited_for(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "late", "seconds": 170, "times": 1, "blocking": False})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "disk 95%", "channel": "modem1"})
        await house.until(lambda: house.street.ledger.accepted(to=ANNA), 10)
        house.street.network.settings.latency_s = 3.0
        for n in range(60):
            await critical(house, f"fault {n}.")
        await house.pass_time(150)
        assert not house.anna.texts("fault 59."), "critical texts wait all the time"
        await house.until(lambda: len(house.daemon.dispatch.up()) == 2, 30)
        (attempt,) = (await house.message())["attempts"]
        assert attempt["state"] == "accepted"
        assert attempt["settled_by"] != "late answer"
        assert copies(house, "disk") == ["disk 95%"]

    play(tmp_path, story)


def test_texts_that_are_not_urgent_wait_for_the_answer(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "late", "seconds": 170, "times": 1, "blocking": False})
        for words in ("disk 95%", "disk 96%"):
            await house.post("/api/v1/messages", {"to": ANNA, "text": words})
        await house.text(house.anna, "disk 96%", 200)
        assert house.seconds > 165
        assert (await house.message())["attempts"][0]["state"] == "accepted"

    play(tmp_path, story, modems=1)


def test_a_network_that_answers_each_text_late_is_cut_off_but_once(tmp_path: Path) -> None:
    """Its modem is not restarted again before something was accepted, so it is never given up to a human."""

    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "late", "seconds": 75, "blocking": False})
        for n in range(4):
            await critical(house, f"fault {n}.")
        await house.until(lambda: all(copies(house, f"fault {n}.") for n in range(4)), 700)
        await house.pass_time(1200)
        for n in range(4):
            marked = [text for text in copies(house, f"fault {n}.") if text.startswith("(rpt)")]
            assert len(copies(house, f"fault {n}.")) - len(marked) <= 1
            assert len(marked) <= 1
        assert not any(health.concern for health in house.daemon.dispatch.healths().values())

    play(tmp_path, story, modems=1)
