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
