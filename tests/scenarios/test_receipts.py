"""Delivery reports: early, late, twice, of nobody, with a reference that was used before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gatewayd.channels.contract import Receipt
from tests.house import ANNA, House, play


def report(house: House, reference: str, *, to: str = ANNA, status: int = 0, channel: str = "modem1") -> Receipt:
    sim = house.daemon.dispatch._hands[channel].channel.sim
    return Receipt(channel, sim, reference, to, status, house.clock.now(), house.clock.now(), "")


async def verdicts(house: House) -> list[str]:
    rows: list[Any] = house.daemon.store.peek(lambda books: books.all("SELECT verdict FROM receipt ORDER BY id"))
    return [row["verdict"] for row in rows]


@pytest.mark.parametrize("when", ["early", "twice", "normal"])
def test_delivered_is_delivered_however_the_report_comes(tmp_path: Path, when: str) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "report", "when": when, "delay_s": 1, "statuses": [0], "times": 1})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "disk 95%"})
        await house.pass_time(60)
        message = await house.message()
        assert (message["state"], message["attempts"][0]["receipt"]) == ("delivered", "delivered")
        assert len(house.anna.texts()) == 1

    play(tmp_path, story)


def test_a_report_while_the_answer_is_awaited_saves_the_repeat(tmp_path: Path) -> None:
    """The network took it and says so by its report in 5 s; only +CMGS is lost. Nothing rings twice."""

    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "no_answer", "submitted": True, "times": 1})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "core is down", "priority": "critical",
                                              "channel": "modem1"})  # fmt: skip
        await house.pass_time(900)
        assert [t.text for t in house.anna.texts()] == ["core is down"]
        assert (await house.message())["state"] == "delivered"

    play(tmp_path, story)


def test_reports_of_nobody_change_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "report", "when": "never", "delay_s": 0, "statuses": [0]})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "disk 95%", "channel": "modem1"})
        await house.text(house.anna, "disk")
        await house.pass_time(10)
        reference = int((await house.message())["attempts"][0]["reference"])
        await house.daemon.inbox.receipt(report(house, str((reference + 7) % 256)))
        await house.daemon.inbox.receipt(report(house, str(reference), to="+447700900777"))
        await house.daemon.inbox.receipt(report(house, str(reference), channel="modem2"))
        assert await verdicts(house) == ["unknown", "unknown", "unknown"]
        assert (await house.message())["state"] == "sent"
        await house.daemon.inbox.receipt(report(house, str(reference), status=0x30))
        assert (await house.message())["state"] == "sent", "the centre still tries"
        await house.daemon.inbox.receipt(report(house, str(reference)))
        await house.daemon.inbox.receipt(report(house, str(reference), status=0x46))
        assert (await verdicts(house))[3:] == ["applied", "applied", "repeated"]
        assert (await house.message())["state"] == "delivered", "what came later takes nothing back"

    play(tmp_path, story)


def test_references_begin_again_after_256_and_the_newest_is_meant(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "report", "when": "never", "delay_s": 0, "statuses": [0]})
        house.street.fault(None, {"kind": "wrong_reference", "mr": 9})
        for n in range(2):
            await house.post("/api/v1/messages", {"to": ANNA, "text": f"note {n}", "channel": "modem1"})
            await house.text(house.anna, f"note {n}")
            await house.pass_time(1200)
        await house.daemon.inbox.receipt(report(house, "9"))
        states = [(await house.message(n))["attempts"][0]["receipt"] for n in (1, 2)]
        assert states in ([None, "delivered"], ["", "delivered"])

    play(tmp_path, story)


def test_no_report_ever_ends_as_unconfirmed_and_stays_quiet(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "report", "when": "never", "delay_s": 0, "statuses": [0]})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "disk 95%", "validity_s": 300})
        await house.pass_time(300 + 3600 + 60)
        assert (await house.message())["state"] == "unconfirmed"
        assert len(house.anna.texts()) == 1

    play(tmp_path, story)


def test_a_part_that_came_back_is_a_text_that_did_not_arrive(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "report", "when": "normal", "delay_s": 2, "statuses": [0x46], "skip": 1,
                                  "times": 1})  # fmt: skip
        await house.post("/api/v1/messages", {"to": ANNA, "text": "a long story " * 30})
        await house.until(lambda: "message_undelivered" in house.events(), 120)

    play(tmp_path, story)
