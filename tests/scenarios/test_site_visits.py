"""Somebody is on site alone: asked for a sign of life, missed when none comes, and never given up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gatewayd.cli import COMMANDS, arguments, rounds
from gatewayd.web.client import Client, ClientError
from tests.house import House, play
from tests.scenarios.test_rota import ROTA

NUMBER = "+447700900001"
QUICK = "[site_visits]\nevery_s = 1800\nanswer_within_s = 600\nagain_within_s = 300\n"
ASKED = "are you all right"


def texts(phone: Any) -> list[str]:
    return [text.text for text in phone.texts("")]


async def typed(house: House, *words: str) -> Any:
    args = arguments.parser().parse_args(["site-visit", *words])
    async with Client(house.daemon.config.socket) as client:
        return await COMMANDS[f"site-visit {args.action}"][0](client, args)


async def visits(house: House) -> list[dict[str, Any]]:
    return list((await house.get("/api/v1/site-visits"))["site_visits"])


def test_a_visit_by_text_asks_only_who_has_not_just_written_and_ends_with_home(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.anna.send(NUMBER, "visit 2h at Leeds DC")
        words = await house.text(house.anna, "On site")
        assert words == "On site at Leeds DC until 06:12. I ask every 30 min, any reply will do. When you are out: home"
        await house.pass_time(1700)
        house.anna.send(NUMBER, "?")
        await house.pass_time(600)
        assert not house.anna.texts(ASKED), "who has just written is not asked"
        assert await house.text(house.anna, ASKED, 1300) == (
            "Anna, are you all right? Reply ok within 10 min, or home when you are out"
        )
        house.anna.reply("all fine, rack 4")
        await house.pass_time(1000)
        assert len(house.anna.texts(ASKED)) == 1
        assert not house.anna.texts("Not understood"), "a sign of life is not bothered with an answer"
        house.anna.send(NUMBER, "home?")
        await house.text(house.anna, "On site at Leeds DC until 06:12")
        assert [v["state"] for v in await visits(house)] != ["ended"], "a question ends nothing"
        house.anna.send(NUMBER, "Home safe, thanks")
        ended = await house.text(house.anna, "Your visit ended at")
        assert ended.endswith("Nobody watches now. Not you? Write visit 1h")
        await house.pass_time(2400)
        assert [v["state"] for v in await visits(house)] == ["ended"]
        assert texts(house.ben) == texts(house.cara) == []

    play(tmp_path, story, policy=ROTA, config=QUICK, modems=1)


def test_whoever_does_not_answer_is_asked_on_every_device_and_then_looked_for_until_a_human_answers(
    tmp_path: Path,
) -> None:
    async def story(house: House) -> None:
        made = await typed(house, "start", "anna", "--until", "+3h", "--place", "Leeds DC")
        assert rounds.visit(made).out.startswith("site visit 1: anna is watched until 2026-11-22 07:1")
        await house.text(house.anna, "On site at Leeds DC until 07:1")
        began = house.seconds
        await house.text(house.anna, ASKED, 1900)
        await house.text(house.anna, "no answer from you", 700)
        words = await house.text(house.ben, "site-visits", 400)
        assert "CRITICAL site-visits: Anna, on site at Leeds DC, has not answered since 04:1" in words
        assert 2690 < house.seconds - began < 2760
        assert not house.anna.texts("CRITICAL"), "nobody is asked to look for themselves, though Anna is on call"
        await house.pass_time(5400)
        assert len(house.cara.texts("has not answered")) >= 3, "it never gives up"
        house.cara.reply("ok")
        await house.text(house.cara, "is yours")
        assert (await visits(house))[0]["state"] == "alarm"

    play(tmp_path, story, policy=ROTA, config=QUICK, modems=1)


def test_a_text_of_theirs_is_told_to_those_who_look_and_closes_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        body = {"person": "anna", "until": "+3h", "every_s": 300, "tell": "cara"}
        await house.post("/api/v1/site-visits", body)
        await house.text(house.cara, "has not answered since", 1300)
        assert texts(house.ben) == []
        house.anna.send(NUMBER, "sorry, no signal in the cellar")
        told = await house.text(house.cara, "no signal in the cellar")
        code = (await house.incident())["code"]
        assert told.startswith(f"{code}: Anna wrote at 04:3")
        assert told.endswith(f"Still open: ring them, then done {code}")
        assert (await house.incident())["state"] == "open"
        house.anna.send(NUMBER, f"done {code}")
        await house.text(house.anna, f"No incident of yours has code {code}")
        house.cara.send(NUMBER, f"done {code}")
        await house.until(lambda: "incident_resolved" in house.events())
        await house.text(house.anna, ASKED, 400)

    play(tmp_path, story, policy=ROTA, config=QUICK, modems=1)


@pytest.mark.parametrize("before", ["", "sorry, no signal"])
def test_that_they_are_out_after_the_alarm_is_told_once_to_those_who_look(tmp_path: Path, before: str) -> None:
    async def story(house: House) -> None:
        await house.post("/api/v1/site-visits", {"person": "anna", "until": "+3h", "every_s": 300, "tell": "cara"})
        await house.text(house.cara, "has not answered since", 1300)
        if before:
            house.anna.send(NUMBER, before)
            await house.text(house.cara, f": {before}. Still open")
        house.anna.send(NUMBER, "home")
        await house.text(house.cara, ": home. Still open: ring them, then done 10")
        await house.text(house.anna, "Your visit ended")
        await house.pass_time(60)
        assert len(house.cara.texts(": home. Still open")) == 1
        assert (await house.incident())["state"] == "open"

    play(tmp_path, story, policy=ROTA, config=QUICK, modems=1)


def test_a_silence_keeps_no_alarm_and_a_restart_forgets_nobody(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.post("/api/v1/silences", {"services": ["*"], "until": "+1d", "reason": "quiet"})
        await house.post("/api/v1/site-visits", {"person": "anna", "until": "+3h", "every_s": 300})
        await house.text(house.anna, ASKED, 400)
        await house.crash()
        await house.pass_time(1200)
        await house.wake()
        await house.text(house.anna, "no answer from you", 120)
        await house.text(house.ben, "has not answered", 400)

    play(tmp_path, story, policy=ROTA, config=QUICK, modems=1)


def test_a_silence_that_is_made_during_the_alarm_stops_nobody_from_looking(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.post("/api/v1/site-visits", {"person": "anna", "until": "+3h", "every_s": 300})
        await house.text(house.ben, "has not answered", 1400)
        await house.post("/api/v1/silences", {"services": ["*"], "until": "+1d", "reason": "quiet"})
        assert (await house.incident())["held_for"] == ""
        await house.pass_time(5400)
        assert len(house.cara.texts("has not answered")) >= 3, "it never gives up"

    play(tmp_path, story, policy=ROTA, config=QUICK, modems=1)


def test_an_alarm_that_comes_back_is_kept_by_no_silence_and_pages_nobody_who_is_looked_for(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.post("/api/v1/silences", {"services": ["*"], "until": "+1d", "reason": "quiet"})
        await house.post("/api/v1/site-visits", {"person": "anna", "until": "+3h", "every_s": 300})
        await house.text(house.ben, "has not answered", 1400)
        house.ben.reply("ok")
        await house.text(house.ben, "is yours")
        await house.until(lambda: len(house.ben.texts("has not answered")) >= 3, 4 * 3600 + 900)
        await house.until(lambda: house.cara.texts("has not answered"), 1800)
        assert (await house.incident())["held_for"] == ""
        assert not house.anna.texts("CRITICAL")

    play(tmp_path, story, policy=ROTA, config=QUICK, modems=1)


def test_at_the_end_of_their_time_the_word_is_asked_for_and_a_bare_ok_takes_no_incident(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.post("/api/v1/site-visits", {"person": "anna", "until": "+15m"})
        last = await house.text(house.anna, "your time on site was until", 960)
        assert last.endswith("Reply home, or visit 1h to stay, within 10 min")
        await house.alert()
        await house.text(house.anna, "edge2 uplink down")
        house.anna.send(NUMBER, "ok")
        assert "Reply ok" in await house.text(house.anna, "Which one?")
        assert (await house.incident())["state"] == "open"
        house.anna.send(NUMBER, "visit 1h")
        await house.text(house.anna, "On site until")
        assert len(await visits(house)) == 1

    play(tmp_path, story, policy=ROTA, config=QUICK, modems=1)


def test_what_cannot_be_is_refused_and_somebody_else_may_say_that_they_are_well(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for body, words in (
            ({"person": "zoe", "until": "+1h"}, "no person"),
            ({"person": "anna", "until": "+3d"}, "16 hours at most"),
            ({"person": "anna", "until": "+1h", "tell": "nobody"}, "no policy and no person"),
            ({"person": "anna", "until": "+1h", "tell": "anna"}, "somebody else"),
        ):
            with pytest.raises(ClientError, match=words):
                await house.post("/api/v1/site-visits", body)
        await house.post("/api/v1/site-visits", {"person": "anna", "until": "+1h"})
        assert (await house.get("/readyz"))["checks"]["site visits"] == "1 watched"
        await house.text(house.anna, ASKED, 1900)
        await typed(house, "heard", "1")
        assert (await visits(house))[0]["state"] == "watched"
        await typed(house, "end", "1")
        await house.text(house.anna, "Your visit ended")
        with pytest.raises(ClientError, match="over already"):
            await typed(house, "end", "1")
        house.anna.send(NUMBER, "home")
        await house.text(house.anna, "No visit of yours is watched")

    play(tmp_path, story, policy=ROTA, config=QUICK, modems=1)


def test_a_text_that_waited_tells_only_that_they_were_well_when_it_was_written(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.anna.send(NUMBER, "visit 3h at Leeds")
        await house.text(house.anna, "On site")
        await house.pass_time(1200)
        house.street.fault("modem1", {"kind": "registration", "stat": 0})
        await house.pass_time(60)
        house.anna.send(NUMBER, "all fine here")  # at 04:33
        await house.pass_time(1200)
        house.street.fault("modem1", {"kind": "registration", "stat": 1})
        await house.text(
            house.anna, "Your text is from 04:33, too old to count. Reply ok, or home when you are out", 60
        )
        words = await house.text(house.ben, "site-visits", 300)
        assert "has not answered since 04:33" in words
        assert house.seconds < 2760, "no later than if they had not written"
        house.anna.send(NUMBER, "sorry, no signal down there")
        await house.text(house.ben, "10: Anna wrote at 04:5")
        assert [v["state"] for v in await visits(house)] == ["watched"]

    play(tmp_path, story, policy=ROTA, config=QUICK, modems=2)


def test_the_home_of_an_earlier_visit_does_not_end_the_next_one(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.anna.send("+447700900002", "visit 3h at Leeds")
        await house.pass_time(300)
        house.street.fault("modem1", {"kind": "registration", "stat": 0})
        await house.pass_time(60)
        house.anna.send(NUMBER, "home")
        await house.pass_time(300)
        await typed(house, "end", "1")
        await house.pass_time(3600)
        house.anna.send("+447700900002", "visit 3h at York")
        await house.text(house.anna, "On site at York")
        house.street.fault("modem1", {"kind": "registration", "stat": 1})
        await house.text(house.anna, "Your text is from 04:18, too old to count", 300)
        assert [(v["place"], v["state"]) for v in await visits(house)] == [("York", "watched"), ("Leeds", "ended")]
        house.anna.send("+447700900002", "home")
        await house.text(house.anna, "Your visit ended at 05:2")

    play(tmp_path, story, policy=ROTA, config=QUICK, modems=2)


def test_whoever_is_watched_changes_the_time_or_the_place_in_his_own_words(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for words, told in (
            ("visit 1h at Leeds", "On site at Leeds until 05:12"),
            ("visit 2hrs", "On site at Leeds until 06:12"),
            ("visit York", "On site at York until 06:12"),
            ("visit", "You are watched at York until 06:12"),
            ("visit until 6am", "On site at York until 06:00"),
        ):
            house.anna.send(NUMBER, words)
            await house.text(house.anna, told)

    play(tmp_path, story, policy=ROTA, config=QUICK, modems=1)


def test_who_has_nothing_that_shows_words_cannot_be_asked_and_is_not_watched(tmp_path: Path) -> None:
    bureau = f'[[tap]]\nname = "south"\nend = "unix:{tmp_path}/south"\nnumeric_pagers = ["47*"]\n'
    dora = '[[people]]\nname = "dora"\ndevices = [{ kind = "pager", number = "4711", channel = "south" }]\n'

    async def story(house: House) -> None:
        with pytest.raises(ClientError, match="dora' has no device that shows words"):
            await typed(house, "start", "dora", "--until", "+2h")
        assert await visits(house) == []

    play(tmp_path, story, policy=ROTA, config=QUICK + bureau + dora, modems=1)
