"""Stories of a rota: days and nights, hand-overs, offices on three continents, and what is looked at later."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.tale import GROUP, PAGERS, TEAM, Tale, person, point, policy, tell, weekly

DAY_AND_NIGHT = (
    policy("rota:noc 300")
    + policy("team:noc 300", name="everybody")
    + '[[teams]]\nname = "noc"\nmembers = ["anna", "ben", "cara"]\n'
    + weekly("anna", "ben")
    + """
[[calendars]]
name = "office"
zone = "Europe/London"
holidays = "GB-ENG"
working = [{ days = "mon-fri", hours = "09:00-17:30" }]
[[rules]]
name = "day"
severities = ["critical"]
calendar = "office"
during = "working hours"
policy = "everybody"
[[rules]]
name = "morning"
severities = ["warning"]
calendar = "office"
digest = "09:00"
"""
)


@point(3)
@pytest.mark.parametrize(
    ("at", "all_of_them"),
    [
        ("2026-11-24 11:00", True),
        ("2026-11-24 17:29", True),
        ("2026-11-24 17:31", False),
        ("2026-11-24 03:00", False),
        ("2026-11-28 11:00", False),
        ("2026-12-25 11:00", False),
        ("2026-08-31 11:00", False),
        ("2026-03-30 09:01", True),
    ],
    ids=["tuesday", "before five thirty", "after it", "night", "saturday", "Christmas", "bank holiday", "summer time"],
)
def test_by_day_the_whole_team_and_by_night_the_engineer_on_call(tmp_path: Path, at: str, *, all_of_them: bool) -> None:
    async def story(tale: Tale) -> None:
        on_call = await tale.on_call()
        await tale.fault("edge2 down")
        await tale.hears(on_call, "edge2 down")
        await tale.pass_time(10)
        assert {name for name in ("anna", "ben", "cara") if tale.heard(name)} == (
            {"anna", "ben", "cara"} if all_of_them else {on_call}
        )

    tell(tmp_path, story, DAY_AND_NIGHT, at=at)


@point(3, 10)
def test_what_is_not_urgent_waits_for_the_morning_and_comes_as_one_text(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        for n in range(3):
            await tale.fault(f"disk{n} at 80 %", severity="warning")
        await tale.minutes(2)
        assert tale.silent("anna", "ben", "cara")
        on_call = await tale.on_call()
        await tale.hears(on_call, "3 open", 90)
        assert len(tale.heard(on_call)) == 1

    tell(tmp_path, story, DAY_AND_NIGHT, at="2026-11-24 08:57")


@point(11)
def test_the_phone_goes_round_and_both_sides_hear_of_it(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        assert await tale.on_call() == "anna"
        await tale.fault("edge2 down")
        await tale.hears("anna", "edge2 down")
        tale.says("anna", "ok")
        await tale.wait_until("2026-11-23 09:00")
        told = await tale.hears("ben", "You are on call for NOC until Mon 30 Nov 09:00")
        assert "Anna hands over: 1 open" in told
        assert await tale.hears("anna", "has NOC now") == "Ben has NOC now"
        await tale.fault("edge3 down")
        await tale.hears("ben", "edge3 down")
        assert not tale.heard("anna", "edge3 down")

    tell(tmp_path, story, policy("rota:noc 300"), weekly("anna", "ben", "cara"), at="2026-11-23 08:58")


@point(11)
def test_everybody_has_the_phone_as_often_as_the_others(tmp_path: Path) -> None:
    """A year ahead: nobody carries more than a week more than anybody else, and there is no hole."""

    async def story(tale: Tale) -> None:
        shown = await tale.get("/api/v1/rotas/noc", since="2027-01-04", until="2027-12-20")
        hours = {load["person"]: load["hours"] for load in shown["figures"]["total"]}
        assert set(hours) == {"anna", "ben", "cara"}
        assert max(hours.values()) - min(hours.values()) <= 7 * 24 + 1
        spans = shown["spans"]
        assert all(before["until"] == after["since"] for before, after in pairwise(spans))
        assert shown["holes"] == []

    tell(tmp_path, story, policy("rota:noc 300"), weekly("anna", "ben", "cara"))


@point(11)
def test_a_holiday_is_a_swap_and_the_duty_comes_back(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.change(kind="absence", person="anna", since="now", until="+2h")
        await tale.hears("ben", "You are on call")
        await tale.fault("edge2 down")
        await tale.hears("ben", "edge2 down")
        assert not tale.heard("anna", "edge2 down")
        assert await tale.on_call() == "ben"

    tell(tmp_path, story, policy("rota:noc 300"), weekly("anna", "ben", "cara"))


SUN = policy("rota:sun 300") + (
    '[[rotas]]\nname = "sun"\ntitle = "World"\nzone = "UTC"\nfallback = ["dan"]\n'
    + "".join(
        f'[[rotas.layers]]\nname = "{who}"\nzone = "{zone}"\npeople = ["{who}"]\nstart = 2026-01-05\n'
        f'when = [{{ hours = "{hours}" }}]\n'
        for who, zone, hours in (
            ("anna", "Australia/Sydney", "08:00-18:00"),
            ("ben", "Europe/London", "07:00-17:00"),
            ("cara", "America/Denver", "09:00-17:00"),
        )
    )
)


@point(19)
@pytest.mark.parametrize(
    ("utc", "who"),
    [
        ("2026-06-10 23:00", "anna"),
        ("2026-06-10 07:30", "anna"),
        ("2026-06-10 08:30", "ben"),
        ("2026-06-10 16:30", "cara"),
        ("2026-12-10 06:30", "anna"),
        ("2026-12-10 07:30", "ben"),
        ("2026-12-10 17:30", "cara"),
        ("2026-12-10 23:30", "anna"),
    ],
)
def test_follow_the_sun_wakes_whoever_is_at_work(tmp_path: Path, utc: str, who: str) -> None:
    """Sydney, London, Denver: in June and in December, with three clocks that change on different days."""

    async def story(tale: Tale) -> None:
        await tale.fault("edge2 down")
        await tale.hears(who, "edge2 down")
        assert tale.silent(*({"anna", "ben", "cara", "dan"} - {who}))

    tell(tmp_path, story, SUN.replace('"UTC"\nfallback', '"UTC"\ngaps = true\nfallback'), at=utc, zone="UTC")


@point(19)
def test_sydney_hands_over_to_london_with_what_is_open(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge2 down")
        await tale.hears("anna", "edge2 down")
        tale.says("anna", "ok")
        await tale.hears("ben", "You are on call for World", 900)
        assert "Anna hands over: 1 open" in tale.heard("ben")[0]

    sun = SUN.replace('"UTC"\nfallback', '"UTC"\ngaps = true\nfallback')
    tell(tmp_path, story, sun, at="2026-06-10 07:59", zone="UTC")


@point(20)
def test_the_service_decides_the_team_and_its_rota_the_person(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("db1 full", service="database")
        await tale.fault("edge2 down", service="network")
        await tale.hears("cara", "db1 full")
        await tale.hears("ben", "edge2 down")
        assert not tale.heard("ben", "db1 full")
        assert not tale.heard("cara", "edge2 down")
        assert tale.silent("anna", "dan")

    rotas = weekly("anna", "ben") + weekly("cara", name="dba")
    policies = policy("rota:noc 300") + policy("rota:dba 300", name="dba")
    tell(tmp_path, story, policies, '[[services]]\nname = "database"\npolicy = "dba"\n', rotas)


GROUPED = policy("team:noc 300") + (
    f'[[teams]]\nname = "noc"\nmembers = ["anna", "ben", "cara"]\n'
    f'group = {{ number = "{GROUP}", channel = "north", wait_s = 120 }}\n'
)
WITH_PAGERS = "".join(person(name, "phone", "pager") for name in PAGERS)


@point(2)
def test_one_call_reaches_every_pager_of_the_team(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge2 down")
        for name in ("anna", "ben", "cara"):
            await tale.beeps(name, "edge2 down")
        calls = [e for e in tale.street.ledger.entries if e["event"] == "accepted" and e.get("protocol") == "tap"]
        assert [call["to"] for call in calls] == [GROUP]
        tale.says("ben", "ok")
        await tale.hears("ben", "is yours")
        await tale.minutes(2)
        assert tale.silent("anna", "cara")

    tell(tmp_path, story, GROUPED, people=WITH_PAGERS, pagers=True)


@point(7)
def test_a_pager_that_is_called_three_times_beeps_once_and_it_is_one_page(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        tale.street.bureaus["north"].settings.repeat_s = [120.0, 600.0]
        await tale.fault("edge2 down")
        await tale.beeps("anna", "edge2 down")
        tale.says("anna", "ok")
        await tale.hears("anna", "is yours")
        await tale.minutes(11)
        aired = [e for e in tale.street.ledger.entries if e["event"] == "aired"]
        assert len(aired) == 3
        assert len(tale.beeped("anna")) == 1
        pages = (await tale.incident())["pages"]
        assert [page["person"] for page in pages] == ["anna"]

    tell(
        tmp_path, story, policy("anna 3000"), people=person("anna", "pager 3000", "phone") + person("dan"), pagers=True
    )


@point(7)
def test_a_pager_that_missed_the_first_call_shows_the_second(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        tale.street.bureaus["north"].settings.repeat_s = [120.0, 600.0]
        tale.tube("anna", inside=True)
        await tale.fault("edge2 down")
        await tale.minutes(1)
        tale.tube("anna", inside=False)
        await tale.beeps("anna", "edge2 down", 70)
        tale.says("anna", "ok")
        await tale.hears("anna", "is yours")
        await tale.minutes(11)
        assert len(tale.beeped("anna")) == 1

    tell(
        tmp_path, story, policy("anna 3000"), people=person("anna", "pager 3000", "phone") + person("dan"), pagers=True
    )


@point(8)
def test_a_number_that_only_one_network_reaches_is_sent_to_by_that_sim(tmp_path: Path) -> None:
    """Cara's pager takes texts from the second SIM's network alone; the first modem is free and is not used for it."""

    async def story(tale: Tale) -> None:
        for n in range(4):
            await tale.fault(f"edge{n} down")
        await tale.until(lambda: len(tale.heard("cara", "down")) == 4, 60)
        senders = {text.sender for text in tale.phones["cara"].texts("down")}
        assert senders == {"+447700900002"}

    route = '[[routes]]\nnumber = "+447700900113"\nonly = ["modem2"]\nbecause = "that network"\n'
    tell(tmp_path, story, policy("cara 300"), "[storms]\npage_texts = 100\n", route, modems=2)


@point(6)
def test_the_manager_sees_every_text_to_somebody_and_sends_one_again(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge1 down")
        await tale.hears("anna", "edge1 down")
        tale.says("anna", "ok")
        await tale.hears("anna", "is yours")
        await tale.fault("edge2 down")
        await tale.hears("anna", "edge2 down")
        await tale.pass_time(5)
        listed = (await tale.get("/api/v1/messages"))["messages"]
        sent = [message for message in listed if message["person"] == "anna"]
        assert [message["kind"] for message in sent] == ["page", "answer", "page"]
        await tale.post(f"/api/v1/messages/{sent[0]['id']}/resend")
        await tale.until(lambda: len(tale.heard("anna", "edge2 down. Reply")) == 2)
        assert tale.heard("anna", "edge2 down. Reply")[1].startswith("(rpt) ")
        assert "message_resent" in tale.events()

    tell(tmp_path, story, policy("anna 300"))


@point(13)
def test_the_journal_tells_the_night_for_the_review(tmp_path: Path) -> None:
    """Who was told, when, why it was them, what they wrote, who took it, when it was over: unbroken."""

    async def story(tale: Tale) -> None:
        code = await tale.fault("edge2 down")
        await tale.hears("ben", "edge2 down", 70)
        tale.says("ben", f"ok {code} driving in, 20 min")
        await tale.hears("ben", "is yours")
        await tale.over("edge2 down")
        await tale.hears("ben", "cleared")
        told = await tale.get("/api/v1/journal", incident=1, verify="true")
        events = [line["event"] for line in told["lines"]]
        wanted = ["incident_opened", "page_planned", "page_planned", "incident_acknowledged", "incident_resolved"]
        assert [event for event in events if event in wanted] == wanted
        taken = next(line for line in told["lines"] if line["event"] == "incident_acknowledged")
        assert "driving in, 20 min" in str(taken)
        assert "no answer in time" in str(told["lines"])
        assert told["chain"]["whole"]

    tell(tmp_path, story, policy("anna 60", "ben 300"))


@point(5, 6)
def test_of_each_text_it_is_known_when_the_phone_had_it(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge2 down")
        await tale.hears("anna", "edge2 down")
        await tale.pass_time(10)
        message = await tale.message()
        assert message["state"] == "delivered"
        assert [attempt["receipt"] for attempt in message["attempts"]] == ["delivered"]

    tell(tmp_path, story, policy("anna 300"), people=TEAM)
