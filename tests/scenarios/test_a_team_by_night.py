"""Stories of nights: who is woken, by what, and who is left to sleep."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.tale import Tale, person, point, policy, tell, weekly

NIGHT = policy("rota:noc 120", "backup:noc 120") + weekly("anna", "ben", "cara")  # it is Anna's week
ON_CALL, BACKUP, OTHER = "anna", "ben", "cara"


@point(3, 20)
def test_at_night_one_engineer_is_woken_and_the_others_sleep(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge2 down")
        await tale.hears(ON_CALL, "edge2 down")
        tale.says(ON_CALL, "ok")
        await tale.hears(ON_CALL, "is yours")
        await tale.minutes(5)
        assert tale.silent(BACKUP, OTHER, "dan")

    tell(tmp_path, story, NIGHT)


@point(12)
def test_she_sleeps_on_and_the_backup_is_woken_and_then_the_last_resort(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        code = await tale.fault("edge2 down")
        await tale.hears(ON_CALL, "edge2 down")
        await tale.hears(BACKUP, "edge2 down", 130)
        await tale.hears("dan", "edge2 down", 250)
        tale.says("dan", f"ok {code}")
        await tale.hears("dan", "is yours")
        for sleeper in (ON_CALL, BACKUP):
            await tale.hears(sleeper, "taken by Dan")
        assert tale.silent(OTHER)

    tell(tmp_path, story, NIGHT.replace("[[policies]]", "[[policies]]\nrepeat = 0"))


@point(12)
def test_nobody_answers_at_all_and_it_never_gives_up(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge2 down")
        await tale.hears("dan", "edge2 down", 250)
        await tale.minutes(9)
        assert len(tale.heard(ON_CALL, "edge2 down")) >= 3
        assert len(tale.heard("dan", "edge2 down")) >= 3
        tale.says(BACKUP, "ok")
        await tale.hears(BACKUP, "is yours")
        told = {name: len(tale.heard(name, "edge2 down. Reply")) for name in (ON_CALL, "dan")}
        await tale.minutes(9)
        assert told == {name: len(tale.heard(name, "edge2 down. Reply")) for name in (ON_CALL, "dan")}

    tell(tmp_path, story, NIGHT.replace("[[policies]]", "[[policies]]\nrepeat = 0\nexhausted_every_s = 120"))


@point(12)
def test_a_phone_that_is_off_costs_the_backup_nothing_but_minutes(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        tale.off(ON_CALL)
        await tale.fault("edge2 down")
        began = tale.seconds
        await tale.hears(BACKUP, "edge2 down", 120)
        assert tale.seconds - began < 110, "as soon as no receipt came, not after the 120 s of the step"

    tell(tmp_path, story, NIGHT)


@point(1, 5)
def test_in_the_tube_the_second_way_is_tried_and_the_text_is_there_when_she_comes_up(tmp_path: Path) -> None:
    """The pager misses it underground; the network keeps the text, and one ok ends all of it."""

    async def story(tale: Tale) -> None:
        tale.tube("anna", inside=True)
        await tale.fault("edge2 down")
        await tale.hears("ben", "edge2 down", 400)
        assert tale.silent("anna")
        assert not tale.beeped("anna")
        tale.tube("anna", inside=False)
        await tale.hears("anna", "edge2 down", 60)
        tale.says("anna", "ok out of the tunnel")
        await tale.hears("anna", "is yours")
        await tale.hears("ben", "taken by Anna")
        incident = await tale.incident()
        assert incident["acknowledged_by"] == "anna"

    people = person("anna", "phone 60", "pager 60") + person("ben") + person("dan")
    tell(tmp_path, story, policy("anna 240", "ben 600"), people=people, pagers=True)


@point(1, 3)
def test_what_is_urgent_beeps_and_what_is_not_is_a_text(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("disk at 80 %", severity="warning")
        await tale.hears("anna", "disk at 80")
        assert not tale.beeped("anna")
        await tale.fault("edge2 down")
        await tale.beeps("anna", "edge2 down")
        assert not tale.heard("anna", "edge2 down")

    steps = policy("anna 600") + 'devices = { critical = ["pager", "phone"], warning = "phone" }\n'
    people = person("anna", "phone", "pager") + person("dan")
    tell(tmp_path, story, steps, people=people, pagers=True)


@point(1)
def test_where_phones_do_not_work_the_pager_does(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        tale.off("anna")
        await tale.fault("edge2 down")
        await tale.beeps("anna", "edge2 down", 200)
        assert tale.silent("ben")
        tale.phones["anna"].switch(on=True)  # she walks to where there is coverage
        tale.says("anna", "ok")
        await tale.hears("anna", "is yours", 60)
        assert tale.silent("ben")

    people = person("anna", "phone 60", "pager 300") + person("ben") + person("dan")
    tell(tmp_path, story, policy("anna 600", "ben 600"), people=people, pagers=True)


@point(5)
@pytest.mark.parametrize("lie", ["says delivered and keeps it", "says nothing"])
def test_the_network_that_lies(tmp_path: Path, lie: str) -> None:
    """Whatever the network says of it: without an answer the backup is asked, when the step is over at the latest."""

    async def story(tale: Tale) -> None:
        when = "early" if "delivered" in lie else "never"
        tale.street.fault("modem1", {"kind": "report", "when": when, "delay_s": 0, "statuses": [0]})
        if "delivered" in lie:
            tale.street.fault("modem1", {"kind": "lose", "to": tale.phones[ON_CALL].number})
        await tale.fault("edge2 down")
        began = tale.seconds
        await tale.hears(BACKUP, "edge2 down", 130)
        assert tale.seconds - began < 125
        tale.says(BACKUP, "ok")
        await tale.hears(BACKUP, "is yours")

    tell(tmp_path, story, NIGHT)


@point(5)
def test_a_page_does_not_ring_in_the_morning(tmp_path: Path) -> None:
    """Her phone was off all night and Ben took it: the network threw the page away when its time was over."""

    async def story(tale: Tale) -> None:
        tale.off("anna")
        await tale.fault("edge2 down")
        await tale.hears("ben", "edge2 down", 200)
        tale.says("ben", "ok")
        await tale.hears("ben", "is yours")
        await tale.minutes(12)
        tale.phones["anna"].switch(on=True)
        await tale.minutes(2)
        assert not tale.heard("anna", "Reply ok")

    tell(tmp_path, story, policy("anna 300", "ben 300"))


@point(4)
def test_both_engineers_answer_in_the_same_second(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge2 down")
        await asyncio.gather(tale.hears("anna", "edge2 down"), tale.hears("ben", "edge2 down"))
        tale.says("anna", "ok")
        tale.says("ben", "ok")
        await tale.until(lambda: len(tale.heard("anna")) > 1 and len(tale.heard("ben")) > 1)
        answers = sorted((tale.heard("anna")[1], tale.heard("ben")[1]))
        assert ["is with" in answer or "taken by" in answer for answer in answers].count(True) == 1
        assert ["is yours" in answer for answer in answers].count(True) == 1
        assert tale.events().count("incident_acknowledged") == 1

    tell(tmp_path, story, policy("anna ben 300"))


@point(4)
def test_of_two_faults_each_answer_takes_the_one_that_it_names(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        first = await tale.fault("edge2 down", service="network")
        second = await tale.fault("db1 full", service="database")
        await tale.hears("anna", "db1 full")
        tale.says("anna", f"ok {second} on my way")
        await tale.hears("anna", f"{second} is yours")
        await tale.hears("ben", "edge2 down", 130)
        assert not tale.heard("ben", "db1 full")
        tale.says("ben", f"ok {first}")
        await tale.hears("ben", f"{first} is yours")
        owners = {i["summary"]: i["acknowledged_by"] for i in (await tale.get("/api/v1/incidents"))["incidents"]}
        assert owners == {"edge2 down": "ben", "db1 full": "anna"}

    tell(tmp_path, story, policy("anna 120", "ben 300"))


@point(4, 12)
def test_she_passes_it_on_and_the_next_is_woken_at_once(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        code = await tale.fault("edge2 down")
        await tale.hears(ON_CALL, "edge2 down")
        tale.says(ON_CALL, f"no {code}")
        await tale.hears(ON_CALL, "passed on. Next: Ben", 20)
        await tale.hears(BACKUP, "edge2 down", 20)

    tell(tmp_path, story, NIGHT)


@point(9)
@pytest.mark.parametrize("words", ["WIN a new phone now", "ok 10", "stop", "done 10"])
def test_an_unsolicited_text_wakes_nobody_and_changes_nothing(tmp_path: Path, words: str) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge2 down")
        await tale.hears("anna", "edge2 down")
        tale.stranger.send("+447700900001", words)
        await tale.until(lambda: "text_received" in tale.events())
        await tale.minutes(2)
        assert tale.silent("ben", "cara", "dan")
        assert len(tale.heard("anna")) == 1
        assert not tale.stranger.texts("")
        assert (await tale.incident())["state"] == "open"
        (kept,) = (await tale.get("/api/v1/inbox"))["texts"]
        assert (kept["text"], kept["result"]) == (words, "stray")

    tell(tmp_path, story, policy("anna 300", "ben 300"))


@point(9)
def test_by_night_a_text_from_nobody_opens_nothing_even_when_all_is_well(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        tale.stranger.send("+447700900001", "Your parcel waits. Click here")
        await tale.until(lambda: "text_received" in tale.events())
        await tale.minutes(10)
        assert tale.silent("anna", "ben", "cara", "dan")
        assert (await tale.get("/api/v1/incidents"))["incidents"] == []

    tell(tmp_path, story, NIGHT)


@point(10)
def test_a_link_that_flaps_wakes_nobody_until_it_stays_down(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        for _ in range(4):
            await tale.fault("link7 down", service="link-7")
            await tale.minutes(1)
            await tale.over("link7 down")
            await tale.minutes(1)
        assert tale.silent("anna", "ben", "cara", "dan")
        await tale.fault("link7 down", service="link-7")
        began = tale.seconds
        await tale.hears("anna", "link7 down", 150)
        assert 119 < tale.seconds - began < 130
        assert len(tale.heard("anna")) == 1

    tell(tmp_path, story, policy("anna 300"), '[[rules]]\nname = "flaps"\nservices = ["link-*"]\nhold_s = 120\n')


@point(15)
def test_a_cable_is_cut_and_the_engineer_can_still_work(tmp_path: Path) -> None:
    """Thirty-six alerts of four services: a text for each service, two or three for the rest, and one ok is enough."""

    async def story(tale: Tale) -> None:
        for n in range(36):
            await tale.fault(f"host{n} down", service=f"service{n % 4}")
        await tale.minutes(4)
        pages = len(tale.heard("anna"))
        assert 4 <= pages <= 7
        assert tale.silent("ben")
        tale.says("anna", "ok all")
        await tale.hears("anna", "are yours", 60)
        await tale.minutes(6)
        assert tale.silent("ben")
        states = {i["state"] for i in (await tale.get("/api/v1/incidents", limit=100))["incidents"]}
        assert states == {"acknowledged"}

    tell(tmp_path, story, policy("anna 600", "ben 300"))


@point(15)
def test_in_a_storm_the_news_that_it_is_over_is_one_text(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        for n in range(12):
            await tale.fault(f"host{n} down", service="racks")
        await tale.minutes(3)
        for n in range(12):
            await tale.over(f"host{n} down")
        await tale.minutes(4)
        assert 1 <= len(tale.heard("anna", "cleared")) <= 4

    tell(tmp_path, story, policy("anna 900"))
