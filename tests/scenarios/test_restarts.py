"""The daemon ends in the middle of something, in order or by SIGKILL, and goes on where it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gatewayd.store.db import StoreError
from tests.house import ANNA, EACH_ALONE, House, play


async def end(house: House, how: str) -> None:
    await (house.crash() if how == "killed" else house.sleep())


@pytest.mark.parametrize("how", ["killed", "stopped"])
def test_in_the_middle_of_an_escalation(tmp_path: Path, how: str) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        await house.pass_time(200)
        await end(house, how)
        await house.pass_time(30)
        await house.wake()
        await house.text(house.ben, "edge2", 110)
        assert 300 <= house.seconds <= 345, "Anna's step kept its length"
        assert len(house.anna.texts()) == 1

    play(tmp_path, story)


def test_a_step_that_ended_while_we_were_dead_is_made_up_for_at_once(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        await house.crash()
        await house.pass_time(1000)
        await house.wake()
        await house.text(house.ben, "edge2", 20)
        assert len(house.ben.texts()) == 1

    play(tmp_path, story)


def test_killed_with_a_text_on_the_air_and_the_report_settles_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "latency", "seconds": 2, "times": 1})
        house.street.fault(None, {"kind": "report", "when": "normal", "delay_s": 20, "statuses": [0], "times": 1})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "core is down", "priority": "critical"})
        await house.until(lambda: "attempt_started" in house.events())
        await house.pass_time(0.5)
        await house.crash()
        await house.pass_time(4)
        await house.wake()
        await house.pass_time(300)
        assert [t.text for t in house.anna.texts()] == ["core is down"]
        message = await house.message()
        assert (message["state"], message["attempts"][0]["settled_by"]) in (
            ("delivered", "receipt"),
            ("delivered", "late answer"),
        )

    play(tmp_path, story)


def test_killed_with_a_text_that_never_went_out_repeats_it_marked(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "no_answer", "submitted": False, "times": 1})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "core is down", "priority": "critical"})
        await house.until(lambda: "attempt_started" in house.events())
        await house.pass_time(5)
        await house.crash()
        await house.wake()
        await house.text(house.anna, "core is down", 90)
        assert [t.text for t in house.anna.texts()] == ["(rpt) core is down"]

    play(tmp_path, story)


def test_killed_while_a_report_is_awaited(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "report", "when": "normal", "delay_s": 60, "statuses": [0], "times": 1})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "disk 95%"})
        await house.text(house.anna, "disk")
        await house.pass_time(5)
        await house.crash()
        await house.pass_time(120)
        await house.wake()
        await house.until(lambda: "message_delivered" in house.events(), 120)

    play(tmp_path, story)


def test_killed_between_two_parts_the_rest_follows_by_the_same_modem(tmp_path: Path) -> None:
    long = "a long story " * 30

    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "latency", "seconds": 3})
        await house.post("/api/v1/messages", {"to": ANNA, "text": long, "priority": "critical"})
        await house.until(lambda: house.events().count("attempt_accepted") == 1, 20)
        await house.pass_time(0.01)
        await house.crash()
        await house.wake()
        await house.text(house.anna, "a long story", 300)
        message = await house.message()
        assert len({a["channel"] for a in message["attempts"]}) == 1
        assert len(house.anna.texts("a long story")) == 1

    play(tmp_path, story)


def test_killed_again_and_again_loses_no_alert(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for n in range(6):
            await house.alert(f"k{n}", summary=f"k{n} down")
            await house.crash()
            await house.wake()
        for n in range(6):
            await house.text(house.anna, f"k{n} down", 120)

    play(tmp_path, story, config=EACH_ALONE)


def test_a_text_bound_to_a_modem_that_does_not_come_back_goes_by_the_other(tmp_path: Path) -> None:
    """Modem 2 could not take it, so it was given to modem 1; after the restart modem 1 is dead."""

    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "hangup", "back_after_s": 36_000})
        house.street.fault("modem2", {"kind": "hangup", "back_after_s": 100})
        await house.until(lambda: not house.daemon.dispatch.up(), 30)
        await house.post("/api/v1/messages", {"to": ANNA, "text": "core is down", "priority": "critical"})
        await house.crash()
        with closing(sqlite3.connect(house.directory / "state" / "gatewayd.db")) as books, books:
            books.execute("UPDATE message SET channel = 'modem1', reason = 'by modem1'")
        await house.wake(modems_up=False)
        await house.text(house.anna, "core is down", 300)

    play(tmp_path, story)


def test_nothing_is_written_once_the_store_is_closed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A stop shortly before a page that its only modem cannot send would have been called held up."""

    async def story(house: House) -> None:
        await house.pass_time(60)
        house.street.fault("modem1", {"kind": "hangup", "back_after_s": 60})
        await house.pass_time(1)
        await house.alert()
        await house.pass_time(house.daemon.config.delivery.sick_s - 2)
        await house.sleep()
        await house.pass_time(30)
        assert not [record.message for record in caplog.records if record.levelname == "ERROR"]
        with pytest.raises(StoreError, match="closed"):
            await house.daemon.store.write_first(lambda _: None)
        await house.wake(modems_up=False)
        await house.text(house.anna, "edge2", 120)

    play(tmp_path, story, modems=1)
