"""What happens when the network does not say: never lost, never silently twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import ANNA, House, play


def copies(house: House, words: str) -> list[str]:
    """What the network really accepted for Anna, by its own ledger."""
    return [e["text"] for e in house.street.ledger.accepted(to=ANNA) if words in e["text"]]


@pytest.mark.parametrize("answer_after_s", [25, 40, 75, 90, 135])
def test_a_late_answer_is_waited_for_and_sent_once(tmp_path: Path, answer_after_s: int) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "late", "seconds": answer_after_s, "times": 1})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "disk 95%", "channel": "modem1"})
        await house.until(lambda: house.street.ledger.accepted(to=ANNA), 10)
        await house.pass_time(answer_after_s + 60)
        message = await house.message()
        assert message["state"] == "delivered"
        assert [a["state"] for a in message["attempts"]] == ["accepted"]
        assert copies(house, "disk") == ["disk 95%"]

    play(tmp_path, story)


def test_no_answer_but_a_report_settles_the_doubt(tmp_path: Path) -> None:
    """The network took it and the phone got it; only the answer was lost. Nothing goes twice."""

    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "no_answer", "submitted": True, "times": 1})
        house.street.fault(None, {"kind": "report", "when": "normal", "delay_s": 200, "statuses": [0], "times": 1})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "disk 95%", "channel": "modem1", "priority": "low"})
        await house.pass_time(600)
        message = await house.message()
        assert message["state"] == "delivered"
        assert message["attempts"][0]["state"] == "accepted"
        assert message["attempts"][0]["settled_by"] == "receipt"
        assert copies(house, "disk") == ["disk 95%"]

    play(tmp_path, story)


def test_no_answer_and_no_submission_is_repeated_by_the_other_modem_and_says_so(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "no_answer", "submitted": False, "times": 1})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "core is down", "priority": "critical"})
        await house.text(house.anna, "core is down", 65)
        assert [t.text for t in house.anna.texts()] == ["(rpt) core is down"]
        message = await house.message()
        assert message["repeats"] == 1
        channels = [a["channel"] for a in message["attempts"]]
        assert len(set(channels)) == 2, "the repeat goes by another way"

    play(tmp_path, story)


def test_submitted_and_lost_answer_without_report_is_repeated_once_and_marked(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "no_answer", "submitted": True})
        house.street.fault("modem2", {"kind": "no_answer", "submitted": True})
        house.street.fault(None, {"kind": "report", "when": "never", "delay_s": 0, "statuses": [0]})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "core is down", "priority": "critical"})
        await house.pass_time(3600)
        assert copies(house, "core") == ["core is down", "(rpt) core is down"]
        message = await house.message()
        assert message["state"] == "in_doubt"
        assert [a["state"] for a in message["attempts"]] == ["in_doubt", "in_doubt"]

    play(tmp_path, story)


def test_ok_without_reference_is_not_success(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "ok_only", "submitted": False, "times": 1})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "core is down", "priority": "critical"})
        await house.text(house.anna, "(rpt) core is down", 65)

    play(tmp_path, story)


def test_a_reset_right_after_the_text_leaves_a_doubt_that_the_report_settles(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "reset_after_submit", "submitted": True, "times": 1})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "disk 95%", "channel": "modem1"})
        await house.pass_time(900)
        assert copies(house, "disk")[0] == "disk 95%"
        assert (await house.message())["state"] in ("delivered", "sent")

    play(tmp_path, story)


def test_a_person_settles_the_doubt(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "no_answer", "submitted": False, "times": 1})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "disk 95%", "channel": "modem1", "priority": "low"})
        await house.until(lambda: "attempt_in_doubt" in house.events(), 240)
        await house.post("/api/v1/messages/1/settle", {"sent": False})
        await house.text(house.anna, "disk 95%", 120)
        await house.pass_time(1)
        message = await house.message()
        assert message["state"] in ("sent", "delivered")
        assert [a["state"] for a in message["attempts"]] == ["deferred", "accepted"]

    play(tmp_path, story)


def test_an_acknowledgement_stops_the_repeat(tmp_path: Path) -> None:
    """The port went away right after the text; Anna got it though nobody said so. She answers, so no repeat rings."""

    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "hangup_after_submit", "back_after_s": 3, "submitted": True, "times": 1})
        house.street.fault(None, {"kind": "report", "when": "never", "delay_s": 0, "statuses": [0], "times": 1})
        await house.alert()
        await house.text(house.anna, "edge2")
        house.anna.reply("ok")
        await house.text(house.anna, "is yours", 55)
        await house.pass_time(1800)
        assert (await house.incident())["state"] == "acknowledged"
        assert len(copies(house, "CRITICAL")) == 1

    play(tmp_path, story)


def test_a_silent_modem_costs_a_page_its_patience_and_nothing_else(tmp_path: Path) -> None:
    """Law 7: the other modem takes the page after 60 s, long before the silent one is given up."""

    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "no_answer", "submitted": False})
        house.street.fault("modem2", {"kind": "no_answer", "submitted": False, "times": 1, "to": "+447700900190"})
        await house.alert()
        await house.text(house.anna, "edge2", 65)
        for n in range(10):
            await house.post("/api/v1/messages", {"to": "+447700900191", "text": f"note {n}", "channel": "modem2"})
        await house.until(lambda: len(house.street.ledger.accepted(to="+447700900191")) == 10, 30)

    play(tmp_path, story)
