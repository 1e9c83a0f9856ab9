"""The clock is set, or wrong from the start: what waits for a length of time waits that long."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gatewayd import metrics
from gatewayd.clock import SECOND
from gatewayd.model import Incoming
from tests.house import ANNA, House, play
from tests.tale import Tale, policy, tell

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


def _nonsense(house: House, n: int) -> None:
    house.anna.send("+447700900001", f"hello {n}?!")


@pytest.mark.parametrize("by", [HOUR, -HOUR], ids=["an hour on", "an hour back"])
def test_set_while_somebody_has_had_all_answers_of_the_quarter_hour(tmp_path: Path, by: int) -> None:
    async def story(house: House) -> None:
        for n in range(6):
            _nonsense(house, n)
            await house.until(lambda n=n: len(house.anna.texts("Not understood")) == n + 1)
        await house.pass_time(60)
        house.clock.set_wall(by)
        await house.pass_time(60)
        _nonsense(house, 7)
        await house.until(lambda: "answer_withheld" in house.events(), 60)
        assert len(house.anna.texts("Not understood")) == 6
        await house.pass_time(900)
        _nonsense(house, 8)
        await house.until(lambda: len(house.anna.texts("Not understood")) == 7)

    play(tmp_path, story)


def test_set_back_an_hour_brings_no_old_answers_back(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for n in range(6):
            _nonsense(house, n)
        await house.until(lambda: len(house.anna.texts("Not understood")) == 6)
        await house.pass_time(1800)
        house.clock.set_wall(-HOUR)
        await house.pass_time(60)
        _nonsense(house, 7)
        await house.until(lambda: len(house.anna.texts("Not understood")) == 7)

    play(tmp_path, story)


@pytest.mark.parametrize("by", [HOUR, -HOUR], ids=["an hour on", "an hour back"])
def test_set_after_a_person_closed_what_still_fires(tmp_path: Path, by: int) -> None:
    """For 300 s the monitor's reports of it change nothing; after that they mean that it is not over."""

    async def story(house: House) -> None:
        fault = {"key": "edge2", "service": "network", "severity": "critical", "summary": "edge2 uplink down"}
        fault |= {"status": "firing", "starts_at": "2026-11-22T04:12:00Z"}
        await house.post("/api/v1/alerts", fault)
        await house.text(house.anna, "edge2")
        await house.post("/api/v1/incidents/1/resolve", {"by": "ben"})
        await house.pass_time(60)
        house.clock.set_wall(by)
        await house.pass_time(60)
        await house.post("/api/v1/alerts", fault)
        assert house.events().count("incident_opened") == 1, "closed two minutes ago"
        await house.pass_time(200)
        await house.post("/api/v1/alerts", fault)
        assert house.events().count("incident_opened") == 2, "it fires five minutes after it was closed"

    play(tmp_path, story)


@pytest.mark.parametrize("by", [HOUR, -HOUR, 365 * 24 * HOUR], ids=["an hour on", "an hour back", "a year on"])
def test_set_while_a_part_of_a_reply_is_missing(tmp_path: Path, by: int) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        for number in (1, 2):
            part = {"text": f"ok {number}0 ", "raw": "", "concat": (9, 8, 3, number), "sent_at": house.clock.now()}
            await house.daemon.inbox.received(Incoming("modem1", "sim", ANNA, False, **part))
        house.clock.set_wall(by)
        await house.text(house.anna, "10 is yours", 65)
        assert house.seconds > 29

    play(tmp_path, story)


async def _two_reports(house: House) -> None:
    before = house.events().count("message_delivered")
    for _ in range(2):
        await house.post("/api/v1/messages", {"to": ANNA, "text": "disk 95%"})
    await house.until(lambda: house.events().count("message_delivered") == before + 2)
    await house.pass_time(10)


def _error_s() -> float:
    told = re.search(r"^gatewayd_clock_error_seconds (\S+)$", metrics.exposition().decode(), re.M)
    assert told
    return float(told[1])


@pytest.mark.parametrize("skew_s", [600, -600], ids=["behind", "ahead"])
def test_the_network_says_that_the_clock_is_wrong_until_it_is_set(tmp_path: Path, skew_s: int) -> None:
    async def story(house: House) -> None:
        house.street.network.settings.scts_skew_s = skew_s
        await _two_reports(house)
        assert abs(_error_s() - skew_s) < 10
        await _two_reports(house)
        assert house.events().count("clock_distrusted") == 1
        assert "clock_trusted" not in house.events()
        house.clock.set_wall(skew_s * SECOND)
        house.street.network.settings.scts_skew_s = 0
        await house.pass_time(60)
        await _two_reports(house)
        assert abs(_error_s()) < 10
        assert house.events().count("clock_distrusted") == house.events().count("clock_trusted") == 1

    play(tmp_path, story)


def test_a_right_clock_and_texts_that_come_hours_late(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for _ in range(3):
            house.street.network.settings.scts_skew_s = -7200
            house.stranger.send("+447700900001", "an old text")
            await house.pass_time(5)
        assert "clock_distrusted" not in house.events()
        house.street.network.settings.scts_skew_s = 0
        await _two_reports(house)
        await _two_reports(house)
        assert "clock_distrusted" not in house.events()

    play(tmp_path, story)


def test_strangers_whose_centre_is_hours_ahead_do_not_change_how_an_ok_is_read(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for n in range(3):
            ahead = {"text": f"you have won {n}", "raw": "", "sent_at": house.clock.now() + 3 * HOUR}
            await house.daemon.inbox.received(Incoming("modem1", "sim", f"+44771111111{n}", False, **ahead))
        await house.alert()
        await house.text(house.anna, "edge2")
        await house.pass_time(20)
        written = house.clock.now()
        await house.pass_time(100)
        late = {"text": "ok", "raw": "", "sent_at": written}
        await house.daemon.inbox.received(Incoming("modem1", "sim", ANNA, False, **late))
        assert (await house.incident(1))["state"] == "acknowledged"
        assert "clock_distrusted" not in house.events()

    play(tmp_path, story)


def test_nothing_expires_when_a_clock_that_was_behind_is_set_while_we_are_off(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.network.settings.scts_skew_s = 24 * 3600
        await _two_reports(house)
        assert "clock_distrusted" in house.events()
        for modem in ("modem1", "modem2"):
            house.street.fault(modem, {"kind": "hangup", "back_after_s": 120})
        await house.until(lambda: not house.daemon.dispatch.up())
        await house.post("/api/v1/messages", {"to": ANNA, "text": "still to go", "validity_s": 300})
        await house.crash()
        house.clock.set_wall(24 * HOUR)
        house.clock.step()
        house.street.network.settings.scts_skew_s = 0
        await house.wake(modems_up=False)
        await house.text(house.anna, "still to go", 200)

    play(tmp_path, story)


@pytest.mark.parametrize("by", [0, 5 * HOUR], ids=["right", "ahead"])
def test_a_no_under_a_clock_that_is_ahead_stands_no_longer_than_any(tmp_path: Path, by: int) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge2 down")
        await tale.hears("ben", "edge2 down")
        tale.clock.set_wall(by)
        await tale.pass_time(30)
        tale.says("ben", "no")
        await tale.hears("anna", "edge2 down")
        tale.clock.set_wall(-by)
        tale.off("anna")
        await tale.hears("ben", "edge2 down (again)", 1_800)

    tell(tmp_path, story, policy("ben 300", "anna 300", fallback="ben"))
