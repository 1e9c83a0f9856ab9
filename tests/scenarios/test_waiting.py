"""Incidents that are kept and wake nobody: silences, maintenance, holds, inhibitions, the morning's digest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gatewayd.clock import SECOND
from gatewayd.config.file import ConfigError, parse
from gatewayd.model import Severity
from gatewayd.oncall.triage import Match
from gatewayd.web.client import Client, ClientError
from tests.house import EPOCH, PEOPLE, POLICY, House, play

RULES = """
[[calendars]]
name = "office"
zone = "Europe/London"
working = [{ days = "mon-fri", hours = "08:30-17:30" }]
[[rules]]
name = "flapping"
services = ["link-*"]
hold_s = 120
[[rules]]
name = "morning"
severities = ["info", "warning"]
calendar = "office"
digest = "08:30"
[[rules]]
name = "day"
severities = ["critical"]
calendar = "office"
during = "working hours"
policy = "everybody"
[[inhibitions]]
name = "site-first"
by = { services = ["site"] }
of = { services = ["host-*"] }
[[maintenance]]
name = "backup-window"
services = ["tape"]
zone = "Europe/London"
when = [{ days = "sun", hours = "04:00-05:00" }]
[[policies]]
name = "everybody"
fallback = ["cara"]
[[policies.steps]]
page = ["anna", "ben"]
"""
MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
BEFORE = MONDAY - timedelta(hours=2)
NOW = int(EPOCH.timestamp()) * SECOND


def paged(house: House) -> list[str]:
    return [str(p["person"]) for p in house.daemon.store.peek(lambda r: r.all("SELECT person FROM page ORDER BY id"))]


async def silence(house: House, seconds: int, **match: Any) -> int:
    now = house.clock.now()
    until = now + seconds * SECOND
    return await house.daemon.store.write(
        house.daemon.desk.silence, Match(**match), until=until, reason="we know", by="operator", now=now
    )


def test_a_fault_that_clears_by_itself_wakes_nobody(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert(service="link-7")
        await house.pass_time(60)
        await house.alert(service="link-7", status="resolved")
        await house.pass_time(600)
        assert not house.street.ledger.accepted()
        assert house.events().count("incident_held") == 1

    play(tmp_path, story, config=RULES)


def test_one_that_stays_is_told_when_its_time_is_over(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        began = house.seconds
        await house.alert(service="link-7")
        await house.text(house.anna, "edge2 uplink down", 200)
        assert 119 <= house.seconds - began <= 130

    play(tmp_path, story, config=RULES)


def test_one_that_gets_worse_is_not_held_anew(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        began = house.seconds
        await house.alert("a", severity="error", service="link-7")
        await house.pass_time(90)
        await house.alert("a", severity="critical", service="link-7")
        await house.text(house.anna, "CRITICAL", 100)
        assert 119 <= house.seconds - began <= 130

    play(tmp_path, story, config=RULES)


@pytest.mark.parametrize("step_s", [-7200, 7200], ids=["back", "on"])
@pytest.mark.parametrize("asleep", [False, True], ids=["running", "asleep"])
def test_a_hold_lasts_as_long_though_the_clock_is_set(tmp_path: Path, step_s: int, *, asleep: bool) -> None:
    async def story(house: House) -> None:
        await house.alert("a", severity="error", service="link-7", summary="link 7 flaps")
        await house.pass_time(60)
        if asleep:
            await house.sleep()
        house.clock.set_wall(step_s * SECOND)
        if asleep:
            await house.wake()
        began = house.seconds
        await house.text(house.anna, "link 7 flaps", 140)
        assert asleep or 29 <= house.seconds - began <= 70
        await house.alert("a", severity="critical", service="link-7", summary="link 7 is down")
        await house.text(house.anna, "link 7 is down", 10)

    play(tmp_path, story, config=RULES, modems=1)


def test_a_silence_ends_when_it_says_though_the_clock_is_set(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await silence(house, 3600, services=["network"])
        await house.alert()
        await house.pass_time(60)
        house.clock.set_wall(1800 * SECOND)
        await house.pass_time(1700)
        assert not house.anna.texts("")
        await house.text(house.anna, "edge2", 120)

    play(tmp_path, story, config=RULES, modems=1)


def test_low_severity_waits_for_the_morning_and_comes_in_one_text(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", severity="warning", summary="Disk 80 % full", service="db")
        await house.alert("b", severity="info", summary="Certificate ends in 30 days", service="web")
        await house.alert("c", severity="warning", summary="Gone by the morning", service="db")
        await house.pass_time(3600)
        assert not house.street.ledger.accepted()
        await house.alert("c", severity="warning", summary="Gone by the morning", service="db", status="resolved")
        await house.pass_time((MONDAY - BEFORE).total_seconds() - 3700)
        assert not house.street.ledger.accepted()
        words = await house.text(house.anna, "2 open: ", 300)
        assert "Disk 80 % full" in words
        assert "Certificate" in words
        assert house.seconds >= (MONDAY - BEFORE).total_seconds()
        await house.pass_time(3600)
        assert len(house.street.ledger.accepted()) == 1
        house.anna.send("+447700900001", "ok all")
        await house.until(lambda: house.events().count("incident_acknowledged") == 2, 60)
        await house.pass_time(3 * 3600)
        assert len(house.anna.texts("2 open")) == 1

    play(tmp_path, story, config=RULES, began=BEFORE)


def test_what_nobody_took_is_in_the_next_digest_too(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", severity="warning", summary="Disk 80 % full", service="db")
        await house.text(house.anna, "Disk 80 % full", 2 * 86_400)
        await house.pass_time(86_400)
        await house.until(lambda: len(house.anna.texts("Disk 80 % full")) == 2, 600)

    play(tmp_path, story, config=RULES, began=BEFORE)


def test_what_gets_worse_does_not_wait_for_the_morning(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", severity="warning", service="db")
        await house.alert("a", severity="critical", service="db")
        await house.text(house.anna, "CRITICAL")

    play(tmp_path, story, config=RULES)


def test_a_silence_keeps_it_and_its_end_tells_what_still_fires(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await silence(house, 3600, services=["network"])
        await house.alert("a")
        await house.alert("b", service="db", summary="other")
        await house.text(house.anna, "other")
        await house.pass_time(3000)
        assert not house.anna.texts("edge2")
        await house.text(house.anna, "edge2 uplink down", 900)

    play(tmp_path, story, config=RULES)


def test_a_silence_stops_what_pages_already_and_can_be_taken_back(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2 uplink down")
        number = await silence(house, 7200, services=["net*"], severities=[Severity.CRITICAL])
        await house.pass_time(1200)
        assert paged(house) == ["anna"]
        await house.crash()
        await house.wake()
        await house.alert("late", summary="while it is silent")
        desk, now = house.daemon.desk, house.clock.now()
        await house.daemon.store.write(desk.waiting_room.end_silence, number, by="operator", now=now)
        await house.text(house.anna, "while it is silent")
        await house.until(lambda: len(house.anna.texts("edge2 uplink down")) == 2)

    play(tmp_path, story, config=RULES)


def test_maintenance_by_the_week(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert(service="tape")
        await house.pass_time(2400)
        assert not house.anna.texts("edge2")
        await house.text(house.anna, "edge2 uplink down", 900)
        assert house.clock.now() >= NOW + 48 * 60 * SECOND

    play(tmp_path, story, config=RULES)


def test_a_greater_fault_stands_before_the_smaller_and_its_end_lets_them_out(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("site", service="site", summary="Site Leeds is dark")
        await house.text(house.anna, "Leeds")
        for n in range(5):
            await house.alert(f"h{n}", service=f"host-{n}", summary=f"host {n} is down")
        await house.pass_time(600)
        assert not house.anna.texts("host")
        for n in range(1, 5):
            await house.alert(f"h{n}", service=f"host-{n}", summary=f"host {n} is down", status="resolved")
        await house.alert("site", service="site", summary="Site Leeds is dark", status="resolved")
        await house.text(house.anna, "host 0 is down", 60)
        assert not house.anna.texts("host 1")

    play(tmp_path, story, config=RULES)


def test_what_nobody_is_told_of_stands_before_nothing(tmp_path: Path) -> None:
    """A warning of the site waits for the morning; so does nobody's critical host for that."""

    async def story(house: House) -> None:
        await house.alert("ups", service="site", severity="warning", summary="UPS at 80 %")
        await house.alert("h1", service="host-1", summary="host 1 is down")
        await house.text(house.anna, "host 1 is down")
        await silence(house, 3600, services=["site"])
        await house.alert("site", service="site", summary="Site Leeds is dark")
        await house.alert("h2", service="host-2", summary="host 2 is down")
        await house.text(house.anna, "host 2 is down")

    play(tmp_path, story, config=RULES)


@pytest.mark.parametrize("way", ["worse", "taken long ago", "silenced"])
def test_two_that_stand_before_each_other_do_not_both_wait(tmp_path: Path, way: str) -> None:
    async def story(house: House) -> None:
        await house.alert("a", service="site-a", severity="error", summary="uplink lost")
        await house.text(house.anna, "uplink lost")
        await house.alert("b", service="site-b", severity="error", summary="power low")
        await house.pass_time(60)
        assert not house.anna.texts("power low")
        if way == "worse":
            await house.alert("a", service="site-a", severity="critical", summary="uplink is gone")
            await house.text(house.anna, "uplink is gone", 120)
        elif way == "silenced":
            await silence(house, 7200, services=["site-a"])
            await house.text(house.anna, "power low", 120)
        else:
            house.anna.send("+447700900001", "ok")
            await house.text(house.anna, "is yours")
            await house.until(lambda: len(house.anna.texts("Reply ok")) == 2, 5 * 3600)

    both = RULES.replace('by = { services = ["site"] }', 'by = { services = ["site-*"] }').replace("host-*", "site-*")
    play(tmp_path, story, config=both)


def test_a_digest_of_a_step_that_names_nobody_goes_to_the_next(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", severity="warning", summary="Disk 80 % full", service="db")
        await house.text(house.cara, "Disk 80 % full", 2 * 86_400)

    nobody = (
        RULES.replace('digest = "08:30"', 'digest = "08:30"\npolicy = "empty"', 1)
        + """
[[policies]]
name = "empty"
fallback = ["cara"]
steps = [{ page = ["backup:lonely"], wait_s = 60 }]
[[rotas]]
name = "lonely"
zone = "Europe/London"
fallback = ["anna"]
[[rotas.layers]]
name = "weeks"
people = ["anna"]
start = 2026-11-16
hand_over = "mon 09:00"
"""
    )
    play(tmp_path, story, config=nobody, began=BEFORE)


def test_by_day_everybody_is_paged_at_once(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.pass_time((MONDAY - BEFORE).total_seconds() + 60)
        await house.alert()
        await house.text(house.anna, "edge2")
        await house.text(house.ben, "edge2")

    play(tmp_path, story, config=RULES, began=BEFORE)


def test_what_was_taken_and_still_fires_comes_back(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        house.anna.send("+447700900001", "ok")
        await house.text(house.anna, "is yours")
        await house.pass_time(14_000)
        assert len(house.anna.texts("Reply ok")) == 1
        await house.until(lambda: len(house.anna.texts("Reply ok")) == 2, 600)
        assert "incident_back" in house.events()

    play(tmp_path, story)


def test_an_incident_without_a_deadline_is_found(tmp_path: Path) -> None:
    """A fault of ours, or of somebody's hand in the database."""

    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        await house.daemon.store.write(lambda tx: tx.run("DELETE FROM wait WHERE kind = 'escalate'"))
        await house.text(house.ben, "edge2", 400)
        assert "deadline_missing" in house.events()

    play(tmp_path, story)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('[[rules]]\nname = "a"\npolicy = "nobody"', "no policy 'nobody'"),
        ('[[rules]]\nname = "a"\ncalendar = "x"\nduring = "working hours"', "no calendar 'x'"),
        ('[[rules]]\nname = "a"\nduring = "other hours"', "needs a calendar"),
        ('[[rules]]\nname = "a"\ndigest = "08:30"', "08:30 of which clock"),
        ('[[maintenance]]\nname = "a"\nzone = "UTC"\nwhen = [{}]', "says of nothing"),
        ('[[inhibitions]]\nname = "a"\nby = {}\nof = { services = ["x"] }', "one incident silences the house"),
    ],
)
def test_rules_that_make_no_sense_are_refused(lines: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        parse(f'{POLICY}[[modems]]\nname = "m"\nport = "/dev/ttyUSB9"\n{PEOPLE}{lines}\n', now=NOW)


def test_a_silence_over_http(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        made = await house.post("/api/v1/silences", {"labels": {"site": "leeds"}, "until": "+2h", "reason": "works"})
        details = {"site": "leeds"}
        body = {"key": "a", "service": "db", "severity": "critical", "summary": "Disk full", "details": details}
        told = await house.post("/api/v1/alerts", {**body, "status": "firing"})
        assert "nobody is paged" in str(told)
        (shown,) = (await house.get("/api/v1/silences"))["silences"]
        assert (shown["id"], shown["labels"], shown["made_by"]) == (made["id"], details, "operator")
        assert (await house.incident())["held_for"] == "silence"
        async with Client(house.daemon.config.socket) as client:
            await client.delete(f"/api/v1/silences/{made['id']}")
            with pytest.raises(ClientError, match="over already"):
                await client.delete(f"/api/v1/silences/{made['id']}")
            for bad, said in (({}, "names nothing"), ({"services": ["x"], "until": "yesterday"}, "is no time")):
                with pytest.raises(ClientError, match=said):
                    await client.post("/api/v1/silences", {"until": "+1h", "reason": "x", **bad})
        await house.text(house.anna, "Disk full")
        assert (await house.incident())["held_for"] == ""

    play(tmp_path, story)
