"""Duty that is moved by text: nothing changes before both have said yes, each from his own phone."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hwsim.phone import Phone

from gatewayd.store import journal
from tests.house import EPOCH, PEOPLE, House, play
from tests.scenarios.test_hand_over import TITLED, change, until
from tests.scenarios.test_rota import paged

AT = EPOCH.replace(hour=4, minute=30)
SOON = TITLED.replace('hand_over = "mon 09:00"', 'hand_over = "04:30"').replace("2026-11-16", "2026-11-21")
GATE = "+447700900001"
ANNA_AT_HOME = "+447700900121"
TWO_PHONES = PEOPLE.replace(
    'devices = [{ number = "+447700900111" }]',
    f'devices = [{{ number = "+447700900111" }}, {{ number = "{ANNA_AT_HOME}" }}]',
)
GERMAN_BEN = PEOPLE.replace('full_name = "Ben"', 'full_name = "Ben"\nlanguage = "de"')
TWO_ROTAS = (
    TITLED
    + """
[[rotas]]
name = "db"
zone = "Europe/London"
fallback = ["cara"]
[[rotas.layers]]
name = "weeks"
people = ["anna", "cara"]
start = 2026-11-16
"""
)


async def said(house: House, phone: Phone, words: str, answer: str) -> str:
    """Somebody writes; returns the answer, once it is there."""
    await house.pass_time(2)  # the same words in the same second would be one text
    before = len(phone.texts(answer))
    phone.send(GATE, words)
    await house.until(lambda: len(phone.texts(answer)) > before)
    return str(phone.texts(answer)[-1].text)


def code_in(words: str) -> str:
    found = re.search(r"(?:yes|ok) (\d{4})\b", words)
    assert found, words
    return found[1]


async def on_call(house: House, rota: str = "noc") -> dict[str, Any]:
    return dict((await house.get("/api/v1/oncall", rota=rota))["rotas"][0])


def outcomes(house: House) -> list[str]:
    lines = house.daemon.store.peek(journal.rows, limit=10_000)
    return [json.loads(line["facts"])["outcome"] for line in lines if line["event"] == "duty_settled"]


async def anna_asks_ben(house: House, words: str = "off") -> str:
    """As far as Ben is asked. Returns his code."""
    asks = await said(house, house.anna, words, "Reply yes")
    await said(house, house.anna, f"yes {code_in(asks)}", "Ben is asked now")
    return code_in(await house.text(house.ben, "Anna asks you to take"))


# --- off


def test_off_is_done_when_both_have_said_yes(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.anna, "off", "Reply yes")
        assert re.fullmatch(
            r"Reply yes \d{4} and Ben is asked to take NOC until Mon 23 Nov 09:00\. It stays with you until Ben agrees",
            asks,
        )
        assert (await on_call(house))["person"] == "anna"
        answer = await said(house, house.anna, f"yes {code_in(asks)}", "asked now")
        assert answer == "Ben is asked now. NOC stays with you until Ben agrees"
        question = await house.text(house.ben, "Anna asks")
        assert re.fullmatch(r"Anna asks you to take NOC until Mon 23 Nov 09:00\. Reply yes \d{4} or no \d{4}", question)
        assert (await on_call(house))["person"] == "anna"
        assert await said(house, house.ben, f"yes {code_in(question)}", "You have") == (
            "You have NOC until Mon 23 Nov 09:00"
        )
        assert await house.text(house.anna, "Ben has NOC") == "Ben has NOC until Mon 23 Nov 09:00. To have it back: on"
        held = await on_call(house)
        assert (held["person"], held["why"]) == ("ben", "covers anna in 'weeks'")
        await house.alert()
        await house.until(lambda: paged(house) == ["ben"])
        await house.pass_time(120)
        assert not house.ben.texts("You are on call"), "told once is enough"
        assert not house.anna.texts("has NOC now")
        assert {"duty_asked", "duty_echoed", "duty_settled", "cover_changed", "hand_over"} <= set(house.events())

    play(tmp_path, story, policy=TITLED, modems=1)


def test_what_is_open_goes_over_with_the_duty(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        house.anna.reply("ok")
        await house.text(house.anna, "10 is yours")
        code = await anna_asks_ben(house)
        assert await said(house, house.ben, f"yes {code}", "You have") == (
            "You have NOC until Mon 23 Nov 09:00. Open: 10"
        )

    play(tmp_path, story, policy=TITLED, modems=1)


def test_a_forged_off_changes_nothing_and_asks_nobody_but_anna(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.anna.send(GATE, "off")  # somebody else, with her number
        await house.text(house.anna, "Reply yes")
        await house.pass_time(700)
        assert not house.ben.texts("")
        assert (await on_call(house))["person"] == "anna"
        assert outcomes(house) == ["no answer"]
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        house.anna.reply("ok")
        await house.text(house.anna, "10 is yours")

    play(tmp_path, story, policy=TITLED, modems=1)


def test_a_code_that_is_guessed_ends_what_was_asked_after_three(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        code = code_in(await said(house, house.anna, "off", "Reply yes"))
        wrong = [str(1000 + (int(code) + n - 1000) % 9000) for n in (1, 2, 3)]
        for guess in wrong[:2]:
            await said(house, house.anna, f"yes {guess}", f"No incident of yours has code {guess}")
        await said(house, house.anna, f"yes {wrong[2]}", "Too many wrong codes")
        await house.pass_time(901)  # so many answers are enough for a while
        await said(house, house.anna, f"yes {code}", f"Code {code} is used or too old")
        await said(house, house.anna, "off", "Too many wrong codes")
        assert not house.ben.texts("")
        assert (await on_call(house))["person"] == "anna"

    play(tmp_path, story, policy=TITLED, modems=1)


def test_the_code_counts_only_from_the_phone_that_got_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        home = house.street.add_phone(ANNA_AT_HOME, "Anna at home")
        code = code_in(await said(house, house.anna, "off", "Reply yes"))
        assert await said(house, home, f"yes {code}", "Code") == (
            f"Code {code} counts only from the phone that got it. Nothing was changed"
        )
        house.cara.send(GATE, f"yes {code}")
        await house.text(house.cara, f"No incident of yours has code {code}")
        house.stranger.send(GATE, f"yes {code}")
        await house.pass_time(30)
        assert not house.ben.texts("")
        await said(house, house.anna, f"off {code}", "Ben is asked now")

    play(tmp_path, story, policy=TITLED, people=TWO_PHONES, modems=1)


def test_a_code_works_once_and_not_for_ever(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        first = code_in(await said(house, house.anna, "off", "Reply yes"))
        await said(house, house.anna, f"yes {first}", "Ben is asked now")
        await said(house, house.anna, f"yes {first}", f"Code {first} is used or too old and does nothing")
        second = code_in(await house.text(house.ben, "Anna asks you"))
        await house.pass_time(16 * 60)
        assert await house.text(house.anna, "Ben has not") == "Ben has not answered. NOC stays with you"
        assert await house.text(house.ben, "keeps") == "Anna keeps NOC"
        await said(house, house.ben, f"yes {second}", f"Code {second} is used or too old")
        assert (await on_call(house))["person"] == "anna"

    play(tmp_path, story, policy=TITLED, modems=1)


def test_a_no_tells_the_one_who_asked(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        code = await anna_asks_ben(house)
        assert await said(house, house.ben, f"no {code}", "keeps") == "Anna keeps NOC"
        assert await house.text(house.anna, "cannot") == "Ben cannot take NOC. It stays with you"
        code = await anna_asks_ben(house)
        assert code_in(await said(house, house.ben, "yes", "For NOC reply")) == code, "his yes needs the code"
        await said(house, house.ben, "no", "Anna keeps NOC")
        assert (await on_call(house))["person"] == "anna"
        assert outcomes(house) == ["declined", "declined"]

    play(tmp_path, story, policy=TITLED, modems=1)


def test_a_restart_in_the_middle_forgets_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.anna, "off", "Reply yes")
        await house.crash()
        await house.wake()
        await said(house, house.anna, f"yes {code_in(asks)}", "Ben is asked now")
        code = code_in(await house.text(house.ben, "Anna asks you"))
        await house.crash()
        await house.wake()
        await said(house, house.ben, f"yes {code}", "You have NOC")
        await house.crash()
        await house.wake()
        assert (await on_call(house))["person"] == "ben"
        await anna_asks_ben_back(house)

    async def anna_asks_ben_back(house: House) -> None:
        asks = await said(house, house.ben, "off", "Reply yes")
        await said(house, house.ben, f"yes {code_in(asks)}", "is asked now")
        await house.crash()
        await house.pass_time(3600)
        await house.wake()
        await house.text(house.ben, "has not answered. NOC stays with you")
        assert (await on_call(house))["person"] == "ben"

    play(tmp_path, story, policy=TITLED, modems=1)


def test_the_last_one_cannot_go_off(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        assert await said(house, house.anna, "off", "Nobody else") == (
            "Nobody else can take NOC now. It stays with you. Call the operator"
        )
        assert await said(house, house.ben, "off", "not on call") == (
            "You are not on call now, so nothing was changed. For later: swap NAME UNTIL"
        )

    alone = TITLED.replace('people = ["anna", "ben"]', 'people = ["anna"]')
    alone = alone.replace('zone = "Europe/London"\nfallback = ["cara"]', 'zone = "Europe/London"\nfallback = ["anna"]')
    play(tmp_path, story, policy=alone, modems=1)


def test_a_successor_who_goes_away_meanwhile_takes_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        code = await anna_asks_ben(house)
        await change(house, kind="absence", person="ben", since="now", until="+2h")
        assert await said(house, house.ben, f"yes {code}", "changed") == (
            "The rota has changed meanwhile, so nothing was done about NOC"
        )
        await house.text(house.anna, "The rota has changed meanwhile, so nothing was done about NOC")
        assert (await on_call(house))["person"] == "anna"
        assert await said(house, house.anna, "swap ben 18:00", "away") == (
            "Ben is away until Sun 22 Nov 06:13. Nothing was changed"
        )

    play(tmp_path, story, policy=TITLED, modems=1)


def test_who_lost_it_meanwhile_is_not_told_that_it_stays_with_them(tmp_path: Path) -> None:
    changed = "The rota has changed meanwhile, so nothing was done about NOC"

    async def story(house: House) -> None:
        await anna_asks_ben(house)
        await change(house, kind="override", rota="noc", person="cara", since="now", until="+2d")
        await house.pass_time(16 * 60)
        await house.text(house.anna, changed)
        await house.text(house.ben, changed)
        assert not house.anna.texts("has not answered")
        assert not house.ben.texts("keeps")
        assert (await on_call(house))["person"] == "cara"

    play(tmp_path, story, policy=TITLED, modems=1)


@pytest.mark.parametrize("answer", ["no", "guesses"])
def test_who_has_lost_it_to_the_one_who_was_asked_reads_that_the_rota_has_changed(tmp_path: Path, answer: str) -> None:
    async def story(house: House) -> None:
        code = int(await anna_asks_ben(house))
        takes = code_in(await said(house, house.ben, "on", "and you take NOC from Anna"))
        await said(house, house.ben, f"yes {takes}", "You have NOC")
        if answer == "no":
            await said(house, house.ben, f"no {code}", "The rota has changed meanwhile")
        else:
            for n, told in ((1, "No incident of yours"), (2, "No incident of yours"), (3, "Too many wrong codes")):
                await said(house, house.ben, f"yes {1000 + (code + n - 1000) % 9000}", told)
        await house.text(house.anna, "The rota has changed meanwhile, so nothing was done about NOC")
        assert not house.anna.texts("cannot take")
        assert not house.anna.texts("has not answered")

    play(tmp_path, story, policy=TITLED, modems=1)


@pytest.mark.parametrize("known", [True, False], ids=["operator known", "no operator"])
def test_stop_silences_nobody_and_tells_an_operator_or_says_that_there_is_none(tmp_path: Path, known: bool) -> None:
    async def story(house: House) -> None:
        told = "The operator has been told" if known else "Nobody else has been told"
        answer = await said(house, house.anna, "STOP", "still paged")
        assert answer.endswith(f"You are on call for NOC and still paged. {told}. To hand over reply off")
        await said(house, house.ben, "stop", f"You are still paged. {told}")
        assert house.events().count("stop_asked") == 2
        await house.pass_time(30)
        asked = [words.text for words in house.cara.texts("no more texts")]
        assert asked == [
            f"{code} INFO gatewayd: {who} asks for no more texts, and is still paged. Reply ok {code}"
            for code, who in ((("10", "Anna"), ("47", "Ben")) if known else ())
        ]
        await house.alert()
        await house.text(house.anna, "CRITICAL")

    own = '[[policies]]\nname = "office"\nfallback = ["cara"]\n[[policies.steps]]\npage = ["cara"]\nwait_s = 900\n'
    report = own + '[self_report]\npolicy = "office"\n' if known else ""
    play(tmp_path, story, policy=TITLED, modems=1, config=report)


# --- on


def test_on_takes_it_when_the_phone_has_proved_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.ben, "on", "Reply yes")
        assert re.fullmatch(r"Reply yes \d{4} and you take NOC from Anna until Mon 23 Nov 09:00", asks)
        await house.pass_time(30)
        assert (await on_call(house))["person"] == "anna", "a forged one would move pages to somebody who is asleep"
        assert await said(house, house.ben, f"yes {code_in(asks)}", "You have") == "You have NOC until Mon 23 Nov 09:00"
        await house.text(house.anna, "Ben has NOC until Mon 23 Nov 09:00")
        assert await said(house, house.ben, "on", "already") == "You are on call for NOC until Mon 30 Nov 09:00 already"

    play(tmp_path, story, policy=TITLED, modems=1)


def test_two_who_come_on_at_once_do_not_take_it_from_each_other(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        ben = code_in(await said(house, house.ben, "on", "Reply yes"))
        cara = code_in(await said(house, house.cara, "on duty", "Reply yes"))
        await said(house, house.ben, f"yes {ben}", "You have NOC")
        await said(house, house.cara, f"yes {cara}", "The rota has changed meanwhile")
        assert (await on_call(house))["person"] == "ben"

    play(tmp_path, story, policy=TITLED, modems=1)


def test_with_two_rotas_it_is_asked_which(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        assert await said(house, house.anna, "off", "Which one") == "Which one? Reply off noc. There are: NOC, db"
        asks = await said(house, house.anna, "off db", "Reply yes")
        assert "Cara is asked to take db" in asks
        await said(house, house.anna, "off to bed", "Not understood")

    play(tmp_path, story, policy=TWO_ROTAS, modems=1)


# --- swap


def test_a_swap_is_asked_as_people_write_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for words, shown in (
            ("swap ben 18:00", "Sun 22 Nov 18:00"),
            ("Swap Ben until tomorrow 8:00", "Mon 23 Nov 08:00"),
            ("swap ben NOC 24 nov 9:00", "Mon 23 Nov 09:00"),  # then her turn is over
        ):
            asks = await said(house, house.anna, words, f"Ben is asked to take NOC until {shown}")
        await said(house, house.anna, f"yes {code_in(asks)}", "Ben is asked now")
        code = code_in(await house.text(house.ben, "Anna asks you to take NOC until Mon 23 Nov 09:00"))
        await said(house, house.ben, f"ok {code}", "You have NOC until Mon 23 Nov 09:00")
        assert (await on_call(house))["person"] == "ben"
        for words in ("swap ben NOC 24 nov 9:00", "swap ben 24 nov 9:00"):
            assert await said(house, house.anna, words, "Ben has") == "Ben has NOC until Tue 24 Nov 09:00"
        assert len((await house.get("/api/v1/changes"))["changes"]) == 1
        await said(house, house.anna, "swap ben 24 nov 8:00", "You have no duty until Tue 24 Nov 08:00")

    play(tmp_path, story, policy=TITLED, modems=1)


def test_what_cannot_be_swapped_is_said_in_plain_words(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for words, answer in (
            ("swap", "Until when?"),
            ("swap ben", "Until when?"),
            ("swap ben soon", "Until when?"),
            ("swap zoe 18:00", "Nobody is called zoe"),
            ("swap anna 18:00", "You have it yourself"),
            ("swap ben 2029-01-01 9:00", "That is too far ahead"),
        ):
            await said(house, house.anna, words, answer)
        assert "duty_asked" not in house.events()

    play(tmp_path, story, policy=TITLED, modems=1)


def test_each_reads_it_in_his_own_language(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.anna, "swap ben mon 08:00", "Reply yes")
        await said(house, house.anna, f"yes {code_in(asks)}", "asked now")
        question = await house.text(house.ben, "Anna bittet")
        code = code_in(question)
        assert question == (
            f"Anna bittet dich, NOC bis Mo 23. Nov 08:00 zu übernehmen. Antworte yes {code} oder no {code}"
        )
        assert await said(house, house.ben, f"ja {code}", "Du hast") == "Du hast NOC bis Mo 23. Nov 08:00"
        await house.text(house.anna, "Ben has NOC until Mon 23 Nov 08:00")
        await said(house, house.ben, "tausche anna morgen 7.30 Uhr", "dann wird Anna gefragt: NOC bis Mo 23. Nov 07:30")

    play(tmp_path, story, policy=TITLED, people=GERMAN_BEN, modems=1)


def test_of_two_swaps_that_cross_only_the_first_is_made(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        to_ben = await anna_asks_ben(house, "swap ben tue 09:00")
        asks = await said(house, house.ben, "swap anna wed 09:00", "Reply yes")
        await said(house, house.ben, f"yes {code_in(asks)}", "Anna is asked now")
        to_anna = code_in(await house.text(house.anna, "Ben asks you to take NOC"))
        await said(house, house.ben, f"yes {to_ben}", "You have NOC")
        await said(house, house.anna, f"yes {to_anna}", "The rota has changed meanwhile")
        await house.text(house.ben, "The rota has changed meanwhile")
        assert (await on_call(house))["person"] == "ben"
        assert outcomes(house) == ["agreed", "not done"]

    play(tmp_path, story, policy=TITLED, modems=1)


def test_a_swap_of_a_later_turn_is_told_now_and_again_when_it_begins(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.ben, "swap cara tue 04:30", "Reply yes")
        await said(house, house.ben, f"yes {code_in(asks)}", "Cara is asked now")
        code = code_in(
            await house.text(house.cara, "Ben asks you to take NOC (Sun 22 Nov 04:30 - Mon 23 Nov 04:30) until")
        )
        await said(house, house.cara, f"yes {code}", "You have NOC (Sun 22 Nov 04:30 - Mon 23 Nov 04:30) until Mon 23")
        assert (await on_call(house))["person"] == "anna"
        await until(house, AT + timedelta(seconds=5))
        await house.text(house.cara, "You are on call for NOC until Mon 23 Nov 04:30. Anna hands over")

    play(tmp_path, story, policy=SOON, modems=1)


# --- and incidents


def test_no_code_of_duty_is_ever_that_of_an_incident(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        code = code_in(await said(house, house.anna, "off", "Reply yes"))
        taken = house.daemon.store.peek(lambda r: r.one("SELECT free_at FROM code WHERE code = :c", c=code))
        assert taken is not None
        assert taken["free_at"] > house.clock.now(), "no incident can get it"
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        await said(house, house.anna, f"ok 10 {code}", "10 is yours: edge2 uplink down. Ben is asked now")
        assert (await house.incident())["acknowledged_by"] == "anna"

    play(tmp_path, story, policy=TITLED, modems=1)


def test_a_bare_ok_is_for_the_incident_of_the_one_who_asked(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await said(house, house.anna, "off", "Reply yes")
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        house.anna.reply("ok")
        await house.text(house.anna, "10 is yours")

    play(tmp_path, story, policy=TITLED, modems=1)


def test_a_bare_ok_of_the_one_who_was_asked_is_asked_back(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        code = await anna_asks_ben(house)
        await house.text(house.ben, "10 CRITICAL", 400)
        assert await said(house, house.ben, "ok", "Which one") == (f"Which one? For 10 reply ok 10, for NOC ok {code}")
        await said(house, house.ben, "ok 10", "10 is yours")
        await said(house, house.ben, f"ok {code}", "You have NOC")

    play(tmp_path, story, policy=TITLED, modems=1)


def test_only_so_much_may_be_open_at_once(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        first = await said(house, house.anna, "off", "Reply yes")
        assert await said(house, house.anna, "off", "Reply yes") == first, "asked twice, it is the same code"
        await said(house, house.anna, "swap ben 18:00", "Reply yes")
        await said(house, house.anna, "swap cara 19:00", "Reply yes")
        await said(house, house.anna, "swap ben 20:00", "Too much is open already")

    play(tmp_path, story, policy=TITLED, modems=1)


def test_without_a_rota_there_is_nothing_to_move(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await said(house, house.anna, "off", "You are not on call now")
        await said(house, house.anna, "on", "You have no turns there")
        await said(house, house.anna, "swap ben 18:00", "You have no turns there")

    play(tmp_path, story, modems=1)
