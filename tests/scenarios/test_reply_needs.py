"""What an answer says is what its reader needs next: who is really asked, what pages, the gravest first."""

from __future__ import annotations

from pathlib import Path

from gatewayd.clock import SECOND
from gatewayd.oncall.triage import Match
from tests.house import House, play

MODEM = "+447700900001"


def test_the_last_to_refuse_is_not_told_that_he_himself_is_next(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        for phone in (house.anna, house.ben, house.cara):
            await house.text(phone, "10 CRITICAL")
            phone.send(MODEM, "no")
        assert "Cara" not in await house.text(house.cara, "10: ")

    play(tmp_path, story)


def test_a_bare_ok_means_the_one_that_pages_and_not_the_silenced(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", summary="edge2 down")
        await house.alert("b", summary="disk full", service="db")
        for words in ("edge2 down", "disk full"):
            await house.text(house.anna, words)
        await house.pass_time(30)
        now = house.clock.now()
        await house.daemon.store.write(
            house.daemon.desk.silence, Match(services=["network"]), until=now + 3600 * SECOND, reason="known",
            by="operator", now=now,
        )  # fmt: skip
        house.anna.send(MODEM, "?")
        assert await house.text(house.anna, "Reply ok") != ""
        house.anna.send(MODEM, "ok")
        await house.text(house.anna, "47 is yours")
        assert [(await house.incident(n))["state"] for n in (1, 2)] == ["open", "acknowledged"]

    play(tmp_path, story)


def test_the_list_of_a_storm_has_one_of_each_service_and_the_critical_first(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for n in range(12):
            await house.alert(f"dc{n}", summary=f"host {n} down", service="dc", severity="error")
        await house.alert("db", summary="database gone", service="db")
        await house.text(house.anna, "database gone", 120)
        await house.text(house.anna, "host", 120)
        house.anna.send(MODEM, "?")
        code = (await house.incident(13))["code"]
        told = await house.text(house.anna, f"Reply ok {code}", 60)
        await house.until(lambda: house.anna.texts("; "), 60)
        told = str(house.anna.texts("; ")[-1].text)
        assert told.startswith(f"{code} database gone; 10 host 0 down; ")

    play(tmp_path, story)


def test_where_no_service_is_named_who_tells_of_the_policy_for_all(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.anna.send(MODEM, "who a")
        assert await house.text(house.anna, "a: ") == "a: Anna"

    play(tmp_path, story)


def test_a_short_visit_is_asked_about_at_its_end(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.anna.send(MODEM, "visit 10m")
        words = await house.text(house.anna, "On site")
        assert words == "On site until 04:22. I ask then, any reply will do. When you are out: home"

    play(tmp_path, story)


def test_what_was_passed_on_is_not_meant_while_something_else_waits(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", summary="edge2 down")
        await house.text(house.anna, "edge2 down")
        house.anna.send(MODEM, "no")
        await house.text(house.anna, "10: passed on")
        await house.alert("b", summary="disk full", service="db")
        await house.text(house.anna, "disk full")
        house.anna.send(MODEM, "ok")
        await house.text(house.anna, "47 is yours")

    play(tmp_path, story)


def test_a_number_in_a_note_that_is_an_old_code_does_not_hide_what_waits(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", summary="edge2 down")
        await house.text(house.anna, "edge2 down")
        await house.alert("a", summary="edge2 down", status="resolved")
        await house.pass_time(3 * 3600)
        await house.alert("b", summary="disk full", service="db")
        await house.text(house.anna, "disk full")
        house.anna.send(MODEM, "ok, back at 10")
        await house.text(house.anna, "Which one? 47 disk full. Reply ok 47")
        house.anna.send(MODEM, "ok, there in 10")
        await house.text(house.anna, "47 is yours")

    play(tmp_path, story)


def test_the_list_of_what_one_has_says_how_to_end_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", summary="edge2 down")
        await house.text(house.anna, "edge2 down")
        house.anna.send(MODEM, "ok")
        await house.text(house.anna, "10 is yours")
        house.anna.send(MODEM, "?")
        assert await house.text(house.anna, "(Anna)") == "10 edge2 down (Anna). Reply done 10"
        house.anna.send(MODEM, "done all")
        await house.text(house.anna, "Which one? 10 edge2 down (Anna). Reply done 10")

    play(tmp_path, story)
