"""A modem and a bureau that takes phones: which of them carries a text, by rule, cost, hours and what was used."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from tests.house import ANNA, BEN, CARA, EACH_ALONE
from tests.scenarios.test_bureau import PAGER, Office, play

# It is Sunday, 04:12 in London. The bureau is the cheaper one; Cara's network is that of the modem's SIM.
PLAN = f"""any_phone = true
[[routes]]
number = "{CARA}"
only = ["modem1"]
because = "that SIM's network"
[[ways]]
channel = "modem1"
cost = 0.04
costs = {{ "+33" = 0.11 }}
[[ways]]
channel = "north"
cost = 0.01
usual_s = 60
"""
HOURS = 'hours = ["mon-fri 08:00-18:00", "sun 04:30-05:00"]\nzone = "Europe/London"\n'


async def send(office: Office, to: str, text: str, **more: Any) -> int:
    answer = await office.post("/api/v1/messages", {"to": to, "text": text, **more})
    return int(answer["messages"][0]["id"])


def carriers(office: Office, text: str) -> list[str]:
    """Which of them the network says brought this text: the modem or the bureau."""
    entries = [e for e in office.entries("accepted") if text in str(e.get("text"))]
    return ["north" if e.get("protocol") == "smpp" else "modem1" for e in entries]


async def arrived(office: Office, number: int, within_s: float = 300) -> dict[str, Any]:
    message: dict[str, Any] = {}

    async def look() -> bool:
        message.update(await office.message(number))
        return message["state"] == "delivered"

    waited = 0.0
    while not await look():
        assert waited < within_s, message
        await office.pass_time(1)
        waited += 1
    return message


def test_what_is_in_no_hurry_goes_by_the_cheap_way_and_what_is_critical_by_the_quick_one(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        cheap = await arrived(office, await send(office, ANNA, "by the cheap one", priority="low"))
        quick = await arrived(office, await send(office, ANNA, "by the quick one", priority="critical"))
        assert (carriers(office, "cheap"), carriers(office, "quick")) == (["north"], ["modem1"])
        assert (cheap["cost"], quick["cost"]) == (0.01, 0.04)
        lines = (await office.get("/api/v1/journal", message=cheap["id"]))["lines"]
        assert lines[0]["facts"]["way"] == "north"
        assert lines[0]["facts"]["why"] == "the cheapest of modem1, north, which are there within 900 s: 0.01"

    play(tmp_path, story, settings=PLAN)


def test_a_number_that_a_rule_binds_goes_by_its_network_alone(tmp_path: Path) -> None:
    """Even when that one is away, and another would take it."""

    async def story(office: Office) -> None:
        await arrived(office, await send(office, CARA, "for her network", priority="low"))
        assert carriers(office, "for her network") == ["modem1"]
        office.street.fault("modem1", {"kind": "hangup", "back_after_s": 1200})
        await office.until(lambda: office.daemon.dispatch.up() == ("north",), 120)
        number = await send(office, CARA, "she waits", validity_s=7200)
        await office.pass_time(900)
        assert carriers(office, "she waits") == []
        await arrived(office, number, 900)
        assert carriers(office, "she waits") == ["modem1"]

    play(tmp_path, story, settings=PLAN)


def test_a_doubt_about_a_bound_number_is_repeated_by_its_network_alone(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        office.street.fault("modem1", {"kind": "no_answer", "submitted": False, "times": 1})
        number = await send(office, CARA, "did it go", priority="critical")
        await arrived(office, number, 600)
        assert [entry["text"] for entry in office.entries("accepted", to=CARA)] == ["(rpt) did it go"]
        assert carriers(office, "did it go") == ["modem1"]

    play(tmp_path, story, settings=PLAN)


def test_before_its_hours_a_bureau_carries_nothing_and_what_is_bound_to_it_waits(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        await arrived(office, await send(office, ANNA, "dear at night", priority="low"))
        assert carriers(office, "dear at night") == ["modem1"], "the patience of low ends before the hours begin"
        waits = await send(office, f"short:{PAGER}", "for the pager", channel="north")
        ends = await send(office, f"short:{PAGER}", "too late", channel="north", validity_s=600)
        message = await office.message(waits)
        assert message["due_at"] == "2026-11-22T04:30:00.000Z"
        assert "its hours begin Sun 22 Nov 04:30 Europe/London" in message["reason"]
        await office.crash()
        await office.wake()
        await office.pass_time(900)
        assert carriers(office, "the pager") == []
        assert (await office.message(ends))["state"] == "expired"
        assert "its hours begin Sun 22 Nov 04:30" in (await office.message(ends))["reason"]
        await arrived(office, waits)
        assert carriers(office, "the pager") == ["north"]
        await office.pass_time(1800)
        await arrived(office, await send(office, ANNA, "dear after hours", priority="low"))
        assert carriers(office, "dear after hours") == ["modem1"]
        assert carriers(office, "too late") == []

    play(tmp_path, story, settings=PLAN + HOURS)


def test_a_page_does_not_wait_for_hours(tmp_path: Path) -> None:
    """Ben's pager is closed: the next person is paged at once, not in the morning."""

    async def story(office: Office) -> None:
        office.toml = office.toml.replace('page = ["anna", "ben"]', 'page = ["ben"]')
        await office.crash()
        await office.wake()
        await office.alert()
        await office.text(office.cara, "edge2", 60)
        assert not office.pager.texts("edge2")
        assert "north is closed: its hours begin" in (await office.message(1))["reason"]

    play(tmp_path, story, settings=PLAN + HOURS)


def test_a_critical_page_may_break_the_hours_where_that_is_allowed(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        await office.alert()
        await office.text(office.pager, "edge2")
        office.pager.reply("ok")
        await office.until(lambda: "incident_acknowledged" in office.events())

    play(tmp_path, story, settings=PLAN + HOURS + "critical_any_hour = true\n")


def test_a_flapping_service_does_not_use_up_a_bureau_even_over_a_restart(tmp_path: Path) -> None:
    """Four in a quarter of an hour: one service has one of them, what is critical goes all the same."""

    async def story(office: Office) -> None:
        office.toml = office.toml.replace('page = ["anna", "ben"]', 'page = ["ben"]')
        await office.crash()
        await office.wake()
        await office.alert("disk/1", severity="warning", summary="flap one", service="disk")
        await office.until(lambda: office.pager.texts("flap one"))
        await office.crash()
        await office.wake()
        await office.alert("disk/2", severity="warning", summary="flap two", service="disk")
        await office.text(office.cara, "flap two", 60)
        for number in range(5):
            await office.alert(f"core/{number}", summary=f"core {number} down", service=f"core{number}")
            await office.until(lambda number=number: office.pager.texts(f"core {number} down"))
        assert not office.pager.texts("flap two")

    play(tmp_path, story, settings=PLAN + "per_15_min = 4\n" + EACH_ALONE)


def test_one_service_with_ever_new_critical_faults_does_not_either(tmp_path: Path) -> None:
    """Four in a quarter of an hour: it has three of them, what comes then goes on to whoever is next at once."""

    async def story(office: Office) -> None:
        office.toml = office.toml.replace('page = ["anna", "ben"]', 'page = ["ben"]')
        await office.crash()
        await office.wake()
        for number in range(5):
            await office.alert(f"disk/{number}", summary=f"disk {number} full", service="disk")
            phone = office.pager if number < 3 else office.cara
            await office.until(lambda phone=phone, number=number: phone.texts(f"disk {number} full"), 60)
        assert not office.pager.texts("disk 3 full")
        await office.alert("core", summary="core down", service="core")
        await office.until(lambda: office.pager.texts("core down"))

    play(tmp_path, story, settings=PLAN + "per_15_min = 4\n" + EACH_ALONE)


def test_a_reload_binds_what_waits_anew(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        number = await send(office, f"short:{PAGER}", "sooner now", channel="north", validity_s=86400)
        assert (await office.message(number))["due_at"] == "2026-11-22T04:30:00.000Z"
        office.path.write_text(office.toml.replace("sun 04:30", "sun 04:00"))
        assert (await office.post("/api/v1/admin/reload"))["reloaded"]
        await arrived(office, number)
        assert carriers(office, "sooner now") == ["north"]

    play(tmp_path, story, settings=PLAN + HOURS)


def test_a_reload_without_rules_lets_everything_go(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        waits = await send(office, f"short:{PAGER}", "no rules any more", channel="north", validity_s=86400)
        assert (await office.message(waits))["due_at"] == "2026-11-22T04:30:00.000Z"
        office.path.write_text(office.toml.replace(PLAN + HOURS, "any_phone = true\n"))
        assert (await office.post("/api/v1/admin/reload"))["reloaded"]
        await arrived(office, waits)

    play(tmp_path, story, settings=PLAN + HOURS)


def test_two_ways_of_the_same_merit_share_the_work_and_one_that_goes_away_leaves_it_to_the_other(
    tmp_path: Path,
) -> None:
    async def story(office: Office) -> None:
        texts = [f"text {n:02}" for n in range(20)]
        numbers = await asyncio.gather(*(send(office, BEN, text, priority="low") for text in texts))
        await office.until(lambda: {name for text in texts for name in carriers(office, text)} == {"modem1", "north"})
        office.street.fault("modem1", {"kind": "hangup", "back_after_s": 7200})
        for number in numbers:
            await arrived(office, number, 900)

    same = 'any_phone = true\n[[ways]]\nchannel = "modem1"\ncost = 0.01\n[[ways]]\nchannel = "north"\ncost = 0.01\n'
    play(tmp_path, story, settings="rate_per_s = 0.5\n" + same, centre={"latency_s": 1.0})
