"""Monitors in a storm: many at once, mixed, repeated, stale, grouped, from two peers."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from tests.house import House, play

MONITOR = "/api/v1/intake/alertmanager"


def am(*alerts: dict[str, Any], group: str = '{}:{alertname="Link"}') -> dict[str, Any]:
    return {"version": "4", "groupKey": group, "status": "firing", "receiver": "gatewayd", "alerts": list(alerts)}


def one(name: str, status: str = "firing", *, starts: str = "2026-11-22T04:00:00Z") -> dict[str, Any]:
    return {"status": status, "labels": {"alertname": "Link", "severity": "critical", "instance": name},
            "annotations": {"summary": f"{name} down"}, "startsAt": starts, "fingerprint": f"f-{name}"}  # fmt: skip


def counted(house: House, what: str) -> int:
    row = house.daemon.store.peek(lambda books: books.one(f"SELECT COUNT(*) AS n FROM {what}"))
    assert row is not None
    return int(row["n"])


def test_five_hundred_alerts_of_one_group_are_one_incident_and_one_text(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.post(MONITOR, am(*(one(f"edge{n}") for n in range(500))))
        await house.text(house.anna, "Reply ok 10")
        await house.pass_time(120)
        assert counted(house, "incident") == 1
        assert counted(house, "alert WHERE status = 'firing'") == 500
        assert len(house.anna.texts()) == 1
        await house.post(MONITOR, am(*(one(f"edge{n}", "resolved") for n in range(499))))
        assert (await house.incident())["state"] == "open", "one still fires"
        await house.post(MONITOR, am(one("edge499", "resolved")))
        await house.text(house.anna, "cleared")

    play(tmp_path, story)


def test_five_hundred_single_posts_at_once_mixed_and_repeated(tmp_path: Path) -> None:
    """250 keys fire, 250 of another clear what never fired; all of it comes twice (a second peer)."""

    async def story(house: House) -> None:
        posts = [house.alert(f"a{n}", summary=f"a{n} down", severity="warning") for n in range(250)]
        posts += [house.alert(f"b{n}", status="resolved") for n in range(250)]
        again = [house.alert(f"a{n}", summary=f"a{n} down", severity="warning") for n in range(250)]
        await asyncio.gather(*posts[:250], *again[:100], *posts[250:])
        await asyncio.gather(*again[100:])
        assert counted(house, "incident WHERE state = 'open'") == 250
        assert counted(house, "alert") == 250
        assert counted(house, "alert WHERE count = 2") == 250
        codes = house.daemon.store.peek(lambda books: books.all("SELECT DISTINCT code FROM incident"))
        assert len(codes) == 250
        assert {len(row["code"]) for row in codes} == {2, 3}

    play(tmp_path, story)


def test_what_is_urgent_overtakes_a_gust_of_what_is_not(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.network.settings.latency_s = 1.0
        for n in range(60):
            await house.alert(f"w{n}", severity="warning", summary=f"w{n} is odd")
        await house.alert("core", severity="critical", summary="core is down")
        before = len(house.anna.texts())
        await house.text(house.anna, "core is down", 20)
        assert len(house.anna.texts()) <= before + 4

    play(tmp_path, story)


def test_a_stale_repeat_of_what_is_over_opens_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.post(MONITOR, am(one("edge1")))
        await house.post(MONITOR, am(one("edge1", "resolved")))
        await house.post(MONITOR, am(one("edge1")))  # the slow peer
        assert counted(house, "incident WHERE state <> 'resolved'") == 0
        await house.post(MONITOR, am(one("edge1", starts="2026-11-22T04:20:00Z")))
        assert counted(house, "incident WHERE state = 'open'") == 1
        await house.post(MONITOR, am(one("edge1", "resolved")))  # of the first occurrence: stale
        assert counted(house, "incident WHERE state = 'open'") == 1

    play(tmp_path, story)


def test_a_fault_that_one_of_two_peers_still_sees_is_paged_again(tmp_path: Path) -> None:
    """One is cut off from Prometheus and ends the alert; the other tells once that it fires, and for hours no more."""

    async def story(house: House) -> None:
        await house.post(MONITOR, am(one("edge1")))
        await house.text(house.anna, "Reply ok")
        await house.post(MONITOR, am(one("edge1", "resolved")))
        await house.pass_time(1)
        await house.post(MONITOR, am(one("edge1")))
        await house.pass_time(30)
        assert counted(house, "incident WHERE state = 'open'") == 0
        await house.crash()
        await house.wake()
        await house.pass_time(15)
        assert counted(house, "incident WHERE state = 'open'") == 1
        await house.post(MONITOR, am(one("edge1", "resolved")))
        assert counted(house, "incident WHERE state = 'open'") == 0

    play(tmp_path, story)


def test_a_peer_that_was_only_slow_wakes_nobody(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for status in ("firing", "resolved", "firing", "resolved"):
            await house.post(MONITOR, am(one("edge1", status)))
        await house.pass_time(120)
        assert counted(house, "incident") == 1

    play(tmp_path, story)


def test_what_the_monitor_lost_sight_of_and_has_again_is_paged_again(tmp_path: Path) -> None:
    """Prometheus was cut off: Alertmanager ended the alert by itself, and gets it back with its first beginning."""

    async def story(house: House) -> None:
        await house.post(MONITOR, am(one("edge1")))
        await house.text(house.anna, "Reply ok")
        await house.post(MONITOR, am(one("edge1", "resolved")))
        await house.pass_time(60)
        heard = len(house.anna.texts("edge1"))
        await house.post(MONITOR, am(one("edge1")))
        assert counted(house, "incident WHERE state = 'open'") == 1
        await house.until(lambda: len(house.anna.texts("edge1")) > heard, 30)

    play(tmp_path, story)


def test_an_alert_that_joins_a_taken_incident_wakes_nobody_unless_it_is_worse(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.post(MONITOR, am(one("edge1")))
        await house.text(house.anna, "Reply ok")
        house.anna.reply("ok")
        await house.text(house.anna, "is yours")
        await house.post(MONITOR, am(one("edge1"), one("edge2")))
        await house.pass_time(700)
        assert not house.ben.texts()
        assert counted(house, "incident") == 1

    play(tmp_path, story)


def test_closed_by_a_person_while_it_still_fires_comes_back_after_five_minutes(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.post(MONITOR, am(one("edge1")))
        await house.post("/api/v1/incidents/1/resolve", {"by": "anna"})
        await house.post(MONITOR, am(one("edge1")))
        assert counted(house, "incident WHERE state = 'open'") == 0
        await house.pass_time(301)
        await house.post(MONITOR, am(one("edge1")))
        assert counted(house, "incident WHERE state = 'open'") == 1

    play(tmp_path, story)
