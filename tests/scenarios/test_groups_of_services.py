"""One group of a monitor holds alerts of several services: each has its own incident, code and people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.tale import Tale, policy, tell

MONITOR = "/api/v1/intake/alertmanager"
TWO = (
    policy("anna 300", "ben 300", fallback="anna"),
    policy("cara 300", "dan 300", name="db"),
    '[[services]]\nname = "database"\npolicy = "db"\n',
)


def alert(name: str, service: str, status: str = "firing") -> dict[str, Any]:
    labels = {"alertname": "Down", "service": service, "severity": "critical", "instance": name}
    return {"status": status, "fingerprint": name, "labels": labels, "annotations": {"summary": f"{name} down"}}


async def group(tale: Tale, *alerts: dict[str, Any]) -> Any:
    post = {"version": "4", "groupKey": '{}:{alertname="Down"}', "status": "firing", "alerts": list(alerts)}
    return (await tale.post(MONITOR, post))["results"]


async def found(tale: Tale) -> dict[str, str]:
    """Services of the open incidents, and their states."""
    told = await tale.get("/api/v1/incidents")
    return {one["service"]: one["state"] for one in told["incidents"] if one["state"] != "resolved"}


def test_each_service_of_a_group_pages_its_own_people_and_ends_alone(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        assert await group(tale, alert("h1", "network"), alert("h2", "database")) == {"opened": 2}
        assert await tale.hears("anna", "h1") == "10 CRITICAL network: h1 down. Reply ok 10"
        assert await tale.hears("cara", "h2") == "47 CRITICAL database: h2 down. Reply ok 47"
        tale.says("anna", "ok")
        await tale.hears("anna", "10 is yours")
        assert await group(tale, alert("h1", "network"), alert("h2", "database"), alert("h3", "database")) == {
            "repeated": 2,
            "joined": 1,
        }
        await group(tale, alert("h1", "network", "resolved"), alert("h2", "database"), alert("h3", "database"))
        assert await found(tale) == {"database": "open"}
        await tale.hears("dan", "47 CRITICAL database: h2 down (+1 more). Reply ok 47", 320)
        await group(tale, alert("h2", "database", "resolved"), alert("h3", "database", "resolved"))
        await tale.hears("cara", "47 cleared")
        assert await found(tale) == {}
        assert tale.heard("anna")[2:] == ["10 cleared: h1 down"] and not tale.heard("ben")

    tell(tmp_path, story, *TWO)


def test_a_service_that_comes_later_pages_at_once_although_the_group_is_taken(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await group(tale, alert("h1", "network"))
        await tale.hears("anna", "h1")
        tale.says("anna", "ok")
        await tale.hears("anna", "is yours")
        await group(tale, alert("h1", "network"), alert("h2", "database"))
        await tale.hears("cara", "47 CRITICAL database: h2 down. Reply ok 47")
        assert await found(tale) == {"network": "acknowledged", "database": "open"}
        assert not tale.heard("anna", "h2")

    tell(tmp_path, story, *TWO)


def test_an_incident_that_holds_alerts_of_two_services_already_goes_on_as_it_is(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await group(tale, alert("h1", "network"), alert("h2", "network"))  # as it was when h2 joined network's
        assert await group(tale, alert("h1", "network"), alert("h2", "database")) == {"repeated": 2}
        assert await group(tale, alert("h3", "database"), alert("h4", "network")) == {"opened": 1, "joined": 1}
        await group(tale, *(alert(name, "network", "resolved") for name in ("h1", "h4")))
        assert await found(tale) == {"network": "open", "database": "open"}
        await group(tale, alert("h2", "database", "resolved"))
        assert await found(tale) == {"database": "open"}

    tell(tmp_path, story, *TWO)


def test_a_page_says_which_host_it_is_when_the_summary_does_not(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        full = [alert(f"db{n}.example:9100", "network") for n in range(1, 4)]
        for one in full:
            one["annotations"]["summary"] = "Disk 95% full"
        await group(tale, full[0])
        assert await tale.hears("anna", "Disk") == "10 CRITICAL network db1.example: Disk 95% full. Reply ok 10"
        await group(tale, *full)
        told = "10 CRITICAL network db1.example +2: Disk 95% full (+2 more). Reply ok 10"
        assert await tale.hears("ben", "Disk", 320) == told
        await tale.post(
            "/api/v1/alerts", {"key": "x", "service": "database", "summary": "slow", "details": {"host": "db7"}}
        )
        assert await tale.hears("cara", "slow") == "47 ERROR database db7: slow. Reply ok 47"

    tell(tmp_path, story, *TWO)
