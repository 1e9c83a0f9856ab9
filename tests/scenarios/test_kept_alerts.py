"""Alerts of one incident, some of which are kept: it pages while one is not, and says nothing of those that are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.tale import Tale, policy, tell

POLICY = policy("anna 300", "ben 300")
WORK = """
[[maintenance]]
name = "work"
since = 2026-11-22T00:00:00Z
until = 2026-11-22T12:00:00Z
labels = { instance = "h1" }
"""
FLAPS = '[[rules]]\nname = "flaps"\nlabels = { instance = "h1" }\nhold_s = 600\n'


def alert(host: str, severity: str = "critical", status: str = "firing") -> dict[str, Any]:
    labels = {"alertname": "Down", "service": "network", "severity": severity, "instance": host}
    return {
        "status": status, "labels": labels, "annotations": {"summary": f"{host} down"}, "fingerprint": host,
        "startsAt": "2026-11-22T04:12:00Z", "endsAt": "0001-01-01T00:00:00Z",
    }  # fmt: skip


async def group(tale: Tale, *alerts: dict[str, Any]) -> None:
    await tale.post("/api/v1/intake/alertmanager", {"version": "4", "groupKey": "g", "alerts": [*alerts]})


async def silence(tale: Tale, until: str = "+8h") -> None:
    await tale.post("/api/v1/silences", {"labels": {"instance": "h1"}, "until": until, "reason": "disk swap"})


@pytest.mark.parametrize("by", ["silence", "maintenance"])
@pytest.mark.parametrize("severity", ["critical", "error"])
def test_one_that_is_not_kept_lets_the_incident_out(tmp_path: Path, by: str, severity: str) -> None:
    async def story(tale: Tale) -> None:
        if by == "silence":
            await silence(tale)
        await group(tale, alert("h1"))
        await tale.minutes(2)
        assert tale.silent("anna")
        await group(tale, alert("h1"), alert("h2", severity))
        words = await tale.hears("anna", "h2 down", 30)
        assert severity.upper() in words
        await group(tale, alert("h1"), alert("h2", severity))
        await tale.hears("ben", "h2 down", 330)
        assert not tale.heard("anna", "h1 down")

    tell(tmp_path, story, POLICY, WORK if by == "maintenance" else "")


def test_a_service_that_gathers(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.post("/api/v1/silences", {"keys": ["a"], "until": "+8h", "reason": "x"})
        await tale.fault("a")
        await tale.pass_time(20)
        await tale.fault("b")
        await tale.hears("anna", ": b", 30)

    tell(tmp_path, story, policy("anna 300", "ben 300", more="group_s = 60"))


def test_a_kept_one_that_joins_is_silent_until_nothing_keeps_it(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await silence(tale, "+2h")
        await group(tale, alert("h2", "error"))
        await tale.hears("anna", "h2 down", 30)
        await group(tale, alert("h2", "error"), alert("h1"))
        await tale.minutes(1)
        tale.says("anna", "ok")
        await tale.hears("anna", "is yours", 30)
        await tale.minutes(30)
        await group(tale, alert("h2", "error"), alert("h1"))
        assert not tale.heard("anna", "h1 down")
        await tale.hears("anna", "CRITICAL network: h1 down", 6000)

    tell(tmp_path, story, POLICY)


def test_when_only_kept_ones_are_left_it_is_kept(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await silence(tale, "+1h")
        await group(tale, alert("h2"), alert("h1"))
        await tale.hears("anna", "h2 down", 30)
        await group(tale, alert("h2", status="resolved"), alert("h1"))
        await tale.minutes(40)
        assert not tale.heard("ben")
        assert (await tale.incident())["held_for"] == "silence"
        await tale.hears("anna", "h1 down", 1500)

    tell(tmp_path, story, POLICY)


def test_a_silence_of_one_leaves_the_others_their_page(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await group(tale, alert("h1"), alert("h2"))
        await tale.hears("anna", "h1 down", 30)
        await silence(tale)
        assert "h2 down" in await tale.hears("ben", "", 330)
        await group(tale, alert("h1"), alert("h2", status="resolved"))
        await tale.minutes(60)
        assert len(tale.heard("ben", "Reply")) == 1

    tell(tmp_path, story, POLICY)


def test_each_is_held_for_its_own_time(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await group(tale, alert("h2", "error"))
        await tale.hears("anna", "h2 down", 30)
        await tale.minutes(20)
        await group(tale, alert("h2", "error"), alert("h1"))
        await tale.minutes(9)
        assert not tale.heard("anna", "h1 down")
        await tale.hears("anna", "CRITICAL network: h1 down", 90)

    tell(tmp_path, story, POLICY, FLAPS)


MORNING = '[[rules]]\nname = "m"\nseverities = ["warning"]\nzone = "Europe/London"\ndigest = "04:45"\n'


def test_what_is_left_waits_for_the_morning_as_its_rule_says(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await group(tale, alert("h1"), alert("h2", "warning"))
        await tale.hears("anna", "CRITICAL network: h1 down")
        await tale.minutes(2)
        await group(tale, alert("h1", status="resolved"), alert("h2", "warning"))
        await tale.wait_until("2026-11-22 04:44")
        assert len(tale.heard("anna")) == 1 and tale.silent("ben", "dan")
        await tale.hears("anna", "Open: 10 h2 down", 120)
        await group(tale, alert("h3"), alert("h2", "warning"))
        await tale.hears("anna", "CRITICAL network: h3 down")
        await tale.hears("ben", "h3 down", 310)

    tell(tmp_path, story, POLICY, MORNING)


def test_what_is_left_goes_on_where_no_rule_keeps_it(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await group(tale, alert("h1"), alert("h2", "error"))
        await tale.hears("anna", "h1 down")
        await tale.minutes(2)
        await group(tale, alert("h1", status="resolved"), alert("h2", "error"))
        await tale.hears("ben", "ERROR network: h2 down", 200)

    tell(tmp_path, story, POLICY, MORNING)


def test_one_that_comes_and_goes_beside_a_lesser_one_does_not_stop_the_next_person(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await group(tale, alert("h1"), alert("h2", "warning"))
        for _ in range(2):
            await tale.minutes(1)
            await group(tale, alert("h1", status="resolved"), alert("h2", "warning"))
            await tale.minutes(1)
            again = alert("h1") | {"startsAt": f"2026-11-22T04:{12 + int(tale.seconds // 60)}:30Z"}
            await group(tale, again, alert("h2", "warning"))
        await tale.hears("ben", "h1 down", 70)

    tell(tmp_path, story, POLICY, MORNING)


def test_texts_do_not_count_what_is_kept(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await silence(tale, "+10m")
        await group(tale, alert("h1"))
        await group(tale, alert("h1"), alert("h2"), alert("h3"))
        assert await tale.hears("anna", "down") == "10 CRITICAL network: h2 down (+1 more). Reply ok 10"
        assert "(+1 more)" in await tale.hears("ben", "h2 down", 310)
        tale.says("ben", "ok")
        await tale.hears("ben", "10 is yours: h2 down (+1 more)")
        assert await tale.hears("ben", "also", 600) == "10 also CRITICAL: h1 down"

    tell(tmp_path, story, POLICY)


def test_a_silence_of_one_that_is_over_keeps_no_other(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        body = {"service": "network", "severity": "critical", "group": "g"}
        await tale.post("/api/v1/silences", {"keys": ["a"], "until": "+8h", "reason": "x"})
        for key in "ab":
            await tale.post("/api/v1/alerts", {**body, "key": key, "summary": f"{key} down", "status": "firing"})
        await tale.hears("anna", "b down")
        await tale.post("/api/v1/alerts", {**body, "key": "a", "summary": "a down", "status": "resolved"})
        await tale.hears("ben", "b down", 310)

    tell(tmp_path, story, POLICY)


@pytest.mark.parametrize(("severity", "within_s"), [("critical", 150), ("error", 610)])
def test_behind_what_is_only_held_nothing_critical_waits_for_long(
    tmp_path: Path, severity: str, within_s: float
) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("site flaps", service="site")
        await tale.pass_time(5)
        await tale.fault("h1 down", service="host-1", severity=severity)
        await tale.pass_time(115)
        assert tale.silent("anna"), "a fault that clears by itself in a moment wakes nobody"
        await tale.pass_time(within_s - 120)
        assert bool(tale.heard("anna", "h1 down")) == (severity == "critical")
        assert bool(tale.heard("anna", "site flaps")) == (severity == "error")

    tell(tmp_path, story, POLICY, SITE_HELD)


SITE_HELD = """
[[inhibitions]]
name = "site-first"
by = { services = ["site"] }
of = { services = ["host-*"] }
[[rules]]
name = "hold"
services = ["site"]
hold_s = 600
"""
