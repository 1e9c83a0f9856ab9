"""Replies that do more than take a page: pass it on, close it, ask; and texts that must do nothing at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hwsim.phone import Habit

from tests.house import ANNA, PEOPLE, POLICY, House, play

TOGETHER = POLICY.replace('page = ["anna"]', 'page = ["anna", "ben"]')
GERMAN = PEOPLE.replace('full_name = "Anna"', 'full_name = "Anna"\nlanguage = "de-AT"')
SERVICES = '[[services]]\nname = "network"\npolicy = "default"\ntitle = "The network"\n'
WHO = """
[[teams]]
name = "core"
members = ["cara", "ben"]
[[policies]]
name = "late"
fallback = ["anna"]
steps = [{page = ["cara"], wait_s = 300}]
[[rotas]]
name = "desk"
title = "Front desk"
zone = "Europe/London"
fallback = ["ben"]
gaps = true
[[rotas.layers]]
name = "always"
people = ["ben"]
start = 2026-01-05
"""
SILENT_REPORTS = {"kind": "report", "when": "never", "delay_s": 0, "statuses": [0]}


# --- pass it on


def test_a_no_pages_the_next_person_at_once_and_says_who(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        begun = house.seconds
        house.anna.reply("no")
        await house.text(house.ben, "10 CRITICAL")
        assert house.seconds - begun < 15, "not after the five minutes of the step"
        assert await house.text(house.anna, "10: ") == "10: passed on. Next: Ben"
        house.ben.reply("ok")
        await house.text(house.ben, "10 is yours")
        await house.text(house.anna, "taken by Ben")
        assert "incident_refused" in house.events()

    play(tmp_path, story)


def test_who_refused_is_left_alone_until_nobody_else_is_there(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        house.anna.reply("busy 10")
        await house.text(house.ben, "10 CRITICAL")
        house.ben.reply("pass")
        await house.text(house.cara, "10 CRITICAL")
        assert await house.text(house.ben, "10: ") == "10: passed on. Next: Cara"
        await house.pass_time(60)
        assert len(house.anna.texts("10 CRITICAL")) == len(house.ben.texts("10 CRITICAL")) == 1
        house.cara.reply("no")
        await house.until(lambda: len(house.anna.texts("10 CRITICAL")) == 2)
        assert len(house.ben.texts("10 CRITICAL")) == 2, "nobody to page is not an outcome"
        assert (await house.incident())["state"] == "open"

    play(tmp_path, story)


def test_who_refused_is_paged_again_in_the_next_round(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        house.anna.reply("no")
        await house.text(house.ben, "10 CRITICAL")
        await house.pass_time(200)
        assert len(house.anna.texts("10 CRITICAL")) == 1
        await house.until(lambda: len(house.anna.texts("10 CRITICAL")) == 2, 1_500)

    play(tmp_path, story)


def test_a_colleague_who_was_paged_with_him_is_the_next(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        await house.text(house.ben, "10 CRITICAL")
        house.anna.reply("no")
        assert await house.text(house.anna, "10: ") == "10: passed on. Next: Ben"
        await house.pass_time(60)
        assert not house.cara.texts("10 CRITICAL"), "Ben is being asked already"
        assert len(house.ben.texts("10 CRITICAL")) == 1

    play(tmp_path, story, policy=TOGETHER)


def test_a_no_with_more_words_is_asked_back_and_changes_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        for text in ("no I am at the cinema", "not ok", "ok but I can't"):
            before = len(house.anna.texts("Not clear"))
            house.anna.reply(text)
            await house.until(lambda n=before: len(house.anna.texts("Not clear")) == n + 1)
        assert "Reply ok 10 to take it, no 10 to pass it on" in house.anna.texts("Not clear")[-1].text
        assert (await house.incident())["state"] == "open"
        assert not house.ben.texts("10 CRITICAL")

    play(tmp_path, story)


def test_a_no_after_the_ok_is_told_that_it_is_still_theirs(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        house.anna.reply("ok")
        await house.text(house.anna, "10 is yours")
        house.anna.reply("no 10")
        await house.text(house.anna, "10 is with you already, so nobody else was paged")
        assert (await house.incident())["acknowledged_by"] == "anna"

    play(tmp_path, story)


def test_no_then_ok_takes_it_after_all(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        house.anna.reply("no")
        await house.text(house.ben, "10 CRITICAL")
        house.anna.reply("ok 10 I can after all")
        await house.text(house.anna, "10 is yours")
        await house.text(house.ben, "10 taken by Anna")

    play(tmp_path, story)


# --- close it


def test_done_closes_it_and_the_others_are_told(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.ben, "10 CRITICAL", 310)
        house.anna.reply("ok")
        await house.text(house.anna, "10 is yours")
        await house.pass_time(600)
        house.anna.reply("Done.")
        assert await house.text(house.anna, "10 is closed") == "10 is closed: edge2 uplink down. Ben told"
        await house.text(house.ben, "10 cleared by Anna")
        assert (await house.incident())["state"] == "resolved"
        house.anna.reply("done 10")
        await house.text(house.anna, "10 is over already")

    play(tmp_path, story)


def test_done_is_for_who_was_paged(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        house.cara.send("+447700900001", "done 10")
        await house.text(house.cara, "No incident of yours has code 10")
        house.stranger.send("+447700900001", "done 10")
        await house.pass_time(30)
        assert (await house.incident())["state"] == "open"

    play(tmp_path, story)


def test_done_with_two_in_hand_asks_which(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", summary="edge2 down")
        await house.alert("b", summary="disk full")
        await house.text(house.anna, "disk full")
        await house.text(house.anna, "edge2 down")
        house.anna.reply("ok all")
        await house.text(house.anna, "are yours")
        house.anna.reply("fixed")
        assert (await house.text(house.anna, "Which one?")).endswith("Reply done 10")
        house.anna.reply("fixed 47")
        await house.text(house.anna, "47 is closed")
        assert [(await house.incident(n))["state"] for n in (1, 2)] == ["acknowledged", "resolved"]

    play(tmp_path, story)


def test_a_done_that_may_mean_what_the_monitor_has_just_cleared_closes_nothing_else(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", summary="edge2 down")
        await house.alert("b", summary="disk full")
        await house.text(house.anna, "disk full")
        await house.text(house.anna, "edge2 down")
        house.anna.reply("ok all")
        await house.text(house.anna, "are yours")
        await house.alert("a", summary="edge2 down", status="resolved")
        await house.pass_time(2)
        house.anna.reply("done")
        assert (await house.text(house.anna, "Which one?")).endswith("Reply done 47")
        assert (await house.incident(2))["state"] == "acknowledged"
        await house.pass_time(120)
        house.anna.reply("done")
        await house.text(house.anna, "47 is closed")

    play(tmp_path, story)


# --- only ask


def test_more_tells_all_there_is_room_for(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        body = {
            "key": "a", "service": "network", "severity": "critical", "summary": "edge2 uplink down",
            "status": "firing", "details": {"instance": "edge2.example:9100", "runbook": "page 12", "novel": "x" * 400},
        }  # fmt: skip
        await house.post("/api/v1/alerts", body)
        await house.text(house.anna, "10 CRITICAL")
        await house.pass_time(120)
        house.anna.reply("more")
        words = await house.text(house.anna, "10: CRITICAL")
        assert words.startswith("10: CRITICAL network: edge2 uplink down. Since 04:12 UTC, 2 min, nobody has it. ")
        assert "instance=edge2.example:9100" in words
        assert "runbook=page 12" in words
        assert "novel" not in words, "it has no room"
        assert (await house.incident())["state"] == "open"

    play(tmp_path, story)


def test_who_says_whom_an_alert_would_page(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.ben.send("+447700900001", "who is on call for the network?")
        assert await house.text(house.ben, "network: ") == "network: Anna"
        house.ben.send("+447700900001", "who kitchen")
        assert await house.text(house.ben, "kitchen") == "There is no service kitchen. There are: network"

    play(tmp_path, story, config=SERVICES)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("who core", "core: Cara and Ben"),
        ("who is on call for the core team?", "core: Cara and Ben"),
        ("who desk", "desk: Ben"),
        ("who front desk", "desk: Ben"),
        ("who late", "late: Cara"),
        ("who netwrok", "There is no service netwrok. There are: network"),
        ("who dsk", "There is no service dsk. There are: desk, network"),
    ],
)
def test_who_knows_teams_rotas_and_policies_as_well(tmp_path: Path, asked: str, told: str) -> None:
    async def story(house: House) -> None:
        house.anna.send("+447700900001", asked)
        assert await house.text(house.anna, told[:4]) == told

    play(tmp_path, story, config=SERVICES + WHO)


def test_without_a_rota_off_changes_nothing_and_stop_silences_nobody(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.anna.send("+447700900001", "off")
        await house.text(house.anna, "You are not on call now, so nothing was changed")
        house.anna.send("+447700900001", "STOP")
        await house.text(house.anna, "You are still paged. Nobody else has been told: ask your operator")
        assert [e for e in house.events() if e.endswith("_asked")] == ["duty_not_asked", "stop_asked"]
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")

    play(tmp_path, story)


def test_the_answer_is_in_the_engineers_language_and_the_words_too(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "10 KRITISCH")
        house.anna.reply("hä?")
        await house.text(house.anna, "Nicht verstanden")
        house.anna.reply("Alles klar, bin unterwegs")
        assert await house.text(house.anna, "10: deins") == "10: deins. edge2 uplink down"
        assert "10: deins. edge2 uplink down" in [t["text"] for t in (await house.incident())["messages"]]

    play(tmp_path, story, people=GERMAN)


# --- which one is meant


def test_both_answer_in_the_same_second_and_one_has_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        await house.text(house.ben, "10 CRITICAL")
        house.anna.reply("ok")
        house.ben.reply("ok")
        await house.until(lambda: house.anna.texts("10 is ") and house.ben.texts("10 is "))
        first = (await house.incident())["acknowledged_by"]
        winner, other = (house.anna, house.ben) if first == "anna" else (house.ben, house.anna)
        assert winner.texts("10 is yours")
        assert other.texts(f"10 is with {first.capitalize()} already")
        assert house.events().count("incident_acknowledged") == 1

    play(tmp_path, story, policy=TOGETHER)


def test_a_bare_ok_means_what_was_delivered(tmp_path: Path) -> None:
    """The second page is still on its way to a phone out of reach of the network: Anna cannot have read it."""

    async def story(house: House) -> None:
        await house.alert("a", summary="edge2 down")
        await house.text(house.anna, "edge2 down")
        await house.until(lambda: "receipt" in house.events())
        house.street.fault(None, SILENT_REPORTS)
        await house.alert("b", summary="disk full")
        await house.text(house.anna, "disk full")
        house.anna.reply("ok")
        await house.text(house.anna, "10 is yours")
        assert [(await house.incident(n))["state"] for n in (1, 2)] == ["acknowledged", "open"]

    play(tmp_path, story)


def test_a_late_ok_to_what_is_over_does_not_hit_what_has_just_begun(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", summary="edge2 down")
        await house.text(house.anna, "edge2 down")
        await house.alert("a", summary="edge2 down", status="resolved")
        await house.text(house.anna, "10 cleared")
        await house.alert("b", summary="disk full")
        await house.text(house.anna, "disk full")
        house.anna.reply("ok")  # typed while the second page came in
        await house.text(house.anna, "47 disk full")
        assert (await house.incident(2))["state"] == "open"
        await house.pass_time(6)
        house.anna.reply("ok 10")
        await house.text(house.anna, "10 is over already")
        assert (await house.incident(2))["state"] == "open"
        await house.pass_time(90)
        house.anna.reply("ok")
        await house.text(house.anna, "47 is yours")

    play(tmp_path, story)


def test_a_bare_ok_after_the_end_hears_that_it_is_over(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        await house.alert(status="resolved")
        await house.text(house.anna, "10 cleared")
        await house.pass_time(6)
        house.anna.reply("ok")
        await house.text(house.anna, "10 is over already")

    play(tmp_path, story)


def test_a_page_sent_back_with_the_ok_says_which_one_is_meant(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", summary="edge2 down")
        await house.alert("b", summary="disk full")
        page = await house.text(house.anna, "disk full")
        await house.text(house.anna, "edge2 down")
        house.anna.reply(f"Liked “{page}”")
        await house.text(house.anna, "47 is yours")
        house.anna.reply("ok thanks, will look at 10 as well")
        await house.text(house.anna, "10 is yours")

    play(tmp_path, story)


# --- machines and strangers


def test_an_absence_note_takes_nothing_and_gets_no_answer(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.anna.habits.append(Habit(text="Auto-reply: ok, I am on holiday until Monday", after_s=1.0, times=None))
        await house.alert()
        await house.text(house.ben, "10 CRITICAL", 320)
        await house.pass_time(600)
        assert {t.text[:11] for t in house.anna.texts("")} == {"10 CRITICAL"}, "pages, and nothing else"
        assert (await house.incident())["state"] == "open"
        assert {t["result"] for t in (await house.get("/api/v1/inbox", all="true"))["texts"]} == {"automatic"}

    play(tmp_path, story)


def test_a_gateway_that_sends_our_words_back_falls_silent(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        page = await house.text(house.anna, "10 CRITICAL")
        house.anna.reply(f"Message received: {page}")
        house.anna.reply(page)
        told = await house.text(house.anna, "Not clear, so nothing was done. Reply ok 10")
        house.anna.reply(told)
        house.anna.reply(f"Message received: {told}")
        await house.pass_time(60)
        assert len(house.anna.texts("")) == 2, "the page, and how to answer it"
        assert (await house.incident())["state"] == "open"

    play(tmp_path, story)


def test_a_thumb_under_another_text_of_ours_takes_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        page = await house.text(house.anna, "10 CRITICAL")
        await house.post("/api/v1/people/anna/test-page", {})
        test = await house.text(house.anna, "Test page")
        house.anna.reply(f"Liked “{test}”")
        await house.text(house.anna, "Not clear, so nothing was done. Reply ok 10")
        assert (await house.incident())["state"] == "open"
        house.anna.reply(f"Gefällt mir: „{page}“")
        await house.text(house.anna, "10 is yours")

    play(tmp_path, story)


def test_a_stranger_changes_nothing_and_wakes_nobody(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        for text in ("ok 10", "no 10", "done 10", "off", "stop", "who", "?"):
            house.stranger.send("+447700900001", text)
            house.stranger.send("+447700900001", text, sender="ANNA")
        await house.pass_time(120)
        assert (await house.incident())["state"] == "open"
        assert not house.stranger.texts("")
        assert len(house.anna.texts("")) == 1
        assert not house.ben.texts("")
        assert house.anna.number == ANNA

    play(tmp_path, story)
