"""What a monitor's peers and flushes say late, mixed or twice must neither close a fault nor tell it twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.house import EACH_ALONE, House, play

GROUP = '{}:{alertname="LinkDown"}'


def alert(key: str, minute: int, *, resolved: bool = False) -> dict[str, Any]:
    return {
        "status": "resolved" if resolved else "firing",
        "labels": {"alertname": "LinkDown", "severity": "critical", "instance": key},
        "annotations": {"summary": f"{key} uplink down"},
        "startsAt": f"2026-11-22T03:{minute:02}:00Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "fingerprint": key,
    }


async def webhook(house: House, *alerts: dict[str, Any]) -> dict[str, int]:
    body = {"version": "4", "groupKey": GROUP, "status": "firing", "receiver": "gatewayd", "alerts": list(alerts)}
    return dict((await house.post("/api/v1/intake/alertmanager", body))["results"])


def test_a_late_clear_of_the_occurrence_before_does_not_end_the_one_that_fires(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await webhook(house, alert("edge2", 20))
        await webhook(house, alert("edge2", 30))
        assert await webhook(house, alert("edge2", 20, resolved=True)) == {"ignored": 1}
        assert (await house.incident())["state"] == "open"
        assert await webhook(house, alert("edge2", 30, resolved=True)) == {"resolved": 1}
        assert (await house.incident())["state"] == "resolved"

    play(tmp_path, story)


def test_a_monitor_whose_clock_was_ahead_can_still_clear_its_alert(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        tomorrow = alert("edge2", 20) | {"startsAt": "2030-01-01T00:00:00Z"}
        await webhook(house, tomorrow)
        await house.pass_time(3600)
        await webhook(house, tomorrow)
        set_right = alert("edge2", 20, resolved=True) | {"startsAt": (await house.incident())["opened_at"]}
        assert await webhook(house, set_right) == {"resolved": 1}

    play(tmp_path, story)


def test_one_clears_while_another_begins_in_the_same_post(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await webhook(house, alert("edge2", 20))
        await house.text(house.anna, "edge2")
        assert await webhook(house, alert("edge2", 20, resolved=True), alert("edge3", 30)) == {
            "joined": 1,
            "resolved": 1,
        }
        await house.pass_time(60)
        assert len(house.anna.texts()) == 1, "neither a false 'cleared' nor a second code"
        assert (await house.incident())["state"] == "open"

    play(tmp_path, story)


def test_every_ok_that_took_something_is_answered(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for n in range(9):
            await house.alert(f"link{n}", summary=f"link {n} down")
        codes = [(await house.incident(n + 1))["code"] for n in range(9)]
        await house.until(lambda: len(house.anna.texts("Reply ok")) >= 9, 60)
        for code in codes:
            house.anna.reply(f"ok {code}")
            await house.text(house.anna, f"{code} is yours", 30)

    play(tmp_path, story, config=EACH_ALONE)


def test_all_but_one_is_asked_back(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for n in range(3):
            await house.alert(f"link{n}", summary=f"link {n} down")
        await house.until(lambda: len(house.anna.texts("Reply ok")) >= 3, 60)
        house.anna.reply("ok all but 47")
        await house.text(house.anna, "Not clear", 30)
        assert [(await house.incident(n))["state"] for n in (1, 2, 3)] == ["open"] * 3

    play(tmp_path, story)


def test_the_journal_of_an_incident_tells_its_texts(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        await house.pass_time(5)
        lines = (await house.get("/api/v1/journal", incident=1, limit=100))["lines"]
        told = {line["event"] for line in lines}
        assert {"incident_opened", "message_queued", "attempt_accepted", "receipt", "message_delivered"} <= told

    play(tmp_path, story)
