"""The clock is set, or wrong from the start: what waits for a length of time waits that long."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatewayd.clock import SECOND
from tests.house import ANNA, House, play

HOUR = 3600 * SECOND


@pytest.mark.parametrize("by", [HOUR, -HOUR, 365 * 24 * HOUR], ids=["an hour on", "an hour back", "a year on"])
def test_set_in_the_middle_of_a_step(tmp_path: Path, by: int) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        await house.pass_time(100)
        house.clock.set_wall(by)
        await house.text(house.ben, "edge2", 300)
        assert 299 <= house.seconds <= 310
        assert len(house.anna.texts()) == 1
        assert "clock_step" in house.events()

    play(tmp_path, story)


@pytest.mark.parametrize("by", [HOUR, -HOUR], ids=["an hour on", "an hour back"])
def test_an_alert_right_after_the_clock_was_set_is_told_at_once(tmp_path: Path, by: int) -> None:
    async def story(house: House) -> None:
        await house.pass_time(5)
        house.clock.set_wall(by)
        await house.alert()
        await house.text(house.anna, "edge2", 15)
        await house.pass_time(120)
        assert not house.ben.texts()

    play(tmp_path, story)


@pytest.mark.parametrize("by", [HOUR, -HOUR], ids=["an hour on", "an hour back"])
def test_set_while_a_text_is_in_doubt(tmp_path: Path, by: int) -> None:
    """Its patience is 60 s by any clock."""

    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "no_answer", "submitted": False, "times": 1})
        await house.alert()
        await house.until(lambda: "attempt_started" in house.events())
        await house.pass_time(20)
        house.clock.set_wall(by)
        await house.text(house.anna, "(rpt)", 60)

    play(tmp_path, story)


def test_a_report_after_the_clock_was_set_back_is_still_understood(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "report", "when": "normal", "delay_s": 100, "statuses": [0], "times": 1})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "disk 95%"})
        await house.text(house.anna, "disk")
        house.clock.set_wall(-HOUR)
        await house.until(lambda: "message_delivered" in house.events(), 200)

    play(tmp_path, story)


def test_started_in_the_past_waits_keep_their_length_restart_after_restart(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        await house.crash()
        house.clock.set_wall(-50 * 365 * 24 * HOUR)
        for _ in range(3):
            house.clock.step()  # a new process knows no other time
            await house.wake()
            await house.pass_time(20)
            await house.crash()
        await house.wake()
        assert not house.ben.texts(), "nothing fell due by the clock alone"
        await house.text(house.ben, "edge2", 300)
        assert house.events().count("clock_distrusted") == 1

    play(tmp_path, story)
