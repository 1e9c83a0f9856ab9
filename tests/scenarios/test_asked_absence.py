"""Who is away says so by text: nobody's turn moves before the phone has proved it and those who take it have agreed."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.house import EPOCH, House, play
from tests.scenarios.test_asked_duty import GERMAN_BEN, TWO_PHONES, TWO_ROTAS, code_in, on_call, outcomes, said
from tests.scenarios.test_hand_over import MONDAY, TITLED, change, until
from tests.scenarios.test_rota import paged

THREE = TITLED.replace('people = ["anna", "ben"]', 'people = ["anna", "ben", "cara"]')
GATE = "+447700900001"


async def changes(house: House) -> list[dict[str, Any]]:
    return list((await house.get("/api/v1/changes"))["changes"])


async def anna_is_to_be_away(house: House, words: str = "away until tue 18:00") -> str:
    """As far as Ben is asked. Returns his code."""
    asks = await said(house, house.anna, words, "Reply yes")
    await said(house, house.anna, f"yes {code_in(asks)}", "Ben is asked now")
    return code_in(await house.text(house.ben, "Anna is away"))


# --- away


def test_who_is_on_call_is_away_when_whoever_takes_it_has_agreed(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.anna, "away until mon 8:00", "Reply yes")
        assert re.fullmatch(
            r"Reply yes \d{4} to be away until Mon 23 Nov 08:00\. Ben must agree to take NOC first", asks
        )
        assert (await on_call(house))["person"] == "anna"
        answer = await said(house, house.anna, f"yes {code_in(asks)}", "asked now")
        assert answer == "Ben is asked now. You have your duty until all agree"
        question = await house.text(house.ben, "Anna is away")
        assert re.fullmatch(
            r"Anna is away until Mon 23 Nov 08:00 and asks you to take NOC Sun 22 Nov 04:1\d - Mon 23 Nov 08:00\."
            r" Reply yes \d{4} or no \d{4}",
            question,
        )
        assert (await on_call(house))["person"] == "anna"
        assert not await changes(house)
        took = await said(house, house.ben, f"yes {code_in(question)}", "You have NOC")
        assert re.fullmatch(
            r"Anna is away until Mon 23 Nov 08:00\. You have NOC Sun 22 Nov 04:1\d - Mon 23 Nov 08:00", took
        )
        assert await house.text(house.anna, "You are away") == (
            "You are away until Mon 23 Nov 08:00. To end it: back. NOC: Ben"
        )
        (booked,) = await changes(house)
        assert (booked["kind"], booked["person"], booked["by"]) == ("absence", "anna", "")
        held = await on_call(house)
        assert (held["person"], held["why"]) == ("ben", "anna is absent, and they are next in 'weeks'")
        await house.alert()
        await house.until(lambda: paged(house) == ["ben"])
        await house.pass_time(120)
        assert not house.ben.texts("You are on call"), "told once is enough"
        assert not house.anna.texts("has NOC now")
        assert {"duty_asked", "duty_echoed", "duty_settled", "cover_changed", "hand_over"} <= set(house.events())

    play(tmp_path, story, policy=TITLED, modems=1)


def test_a_forged_away_changes_nothing_and_asks_nobody_but_anna(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.anna.send(GATE, "away until tue 18:00")  # somebody else, with her number
        await house.text(house.anna, "Reply yes")
        await house.pass_time(700)
        assert not house.ben.texts("")
        assert not await changes(house)
        assert outcomes(house) == ["no answer"]

    play(tmp_path, story, policy=TITLED, modems=1)


def test_the_code_counts_from_the_phone_that_has_it_alone_and_is_not_to_be_guessed(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        code = code_in(await said(house, house.anna, "away until tue 18:00", "Reply yes"))
        at_home = house.street.add_phone("+447700900121", "Anna at home")
        await said(house, at_home, f"yes {code}", f"Code {code} counts only from the phone that got it")
        assert not house.ben.texts("")
        for n in (1, 2):
            await said(house, house.anna, f"yes {1000 + (int(code) + n - 1000) % 9000}", "o")
        await house.text(house.anna, "Too many wrong codes")
        await said(house, house.anna, f"yes {code}", "is used or too old")
        await said(house, house.anna, "away until tue 18:00", "Too many wrong codes")
        await house.pass_time(3700)
        await said(house, house.anna, "away until tue 18:00", "Reply yes")

    play(tmp_path, story, policy=TITLED, people=TWO_PHONES, modems=1)


@pytest.mark.parametrize("answer", ["no", "silence", "guesses"])
def test_without_every_yes_it_stays_where_it_is(tmp_path: Path, answer: str) -> None:
    async def story(house: House) -> None:
        code = await anna_is_to_be_away(house)
        if answer == "no":
            assert await said(house, house.ben, f"no {code}", "keeps") == "Anna keeps NOC"
            assert await house.text(house.anna, "cannot take") == (
                "Ben cannot take NOC. You are not booked as away. Perhaps: swap NAME UNTIL"
            )
        else:
            if answer == "silence":
                await house.pass_time(16 * 60)
                await house.text(house.ben, "Anna keeps NOC")
            else:
                for n in (1, 2, 3):
                    await said(house, house.ben, f"yes {1000 + (int(code) + n - 1000) % 9000}", "o")
            assert await house.text(house.anna, "has not answered") == (
                "Ben has not answered. You are not booked as away, and NOC stays with you"
            )
        assert (await on_call(house))["person"] == "anna"
        assert not await changes(house)

    play(tmp_path, story, policy=TITLED, modems=1)


def test_who_takes_a_later_turn_is_told_and_may_hand_it_on(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.ben, "away 23 nov - 26 nov", "Reply yes")
        assert re.fullmatch(
            r"Reply yes \d{4} and you are away from Mon 23 Nov 00:00 until Fri 27 Nov 00:00\. NOC goes to Cara", asks
        ), "his turn begins in more than 24 hours: nobody need agree, Cara is told"
        assert not house.cara.texts("")
        assert await said(house, house.ben, f"yes {code_in(asks)}", "You are away") == (
            "You are away from Mon 23 Nov 00:00 until Fri 27 Nov 00:00. To end it: back. NOC: Cara"
        )
        assert await house.text(house.cara, "Ben is away") == (
            "Ben is away from Mon 23 Nov 00:00 until Fri 27 Nov 00:00. You have NOC Mon 23 Nov 09:00 -"
            " Fri 27 Nov 00:00. If you cannot: swap NAME UNTIL"
        )
        assert (await on_call(house))["person"] == "anna"
        code = code_in(await said(house, house.cara, "swap anna fri 0:00", "Reply yes"))
        await said(house, house.cara, f"yes {code}", "Anna is asked now")
        await until(house, MONDAY + timedelta(seconds=5))
        assert (await on_call(house))["person"] == "cara"
        await house.text(house.cara, "You are on call for NOC until Fri 27 Nov 00:00")

    play(tmp_path, story, policy=THREE, modems=1)


def test_without_a_turn_in_it_the_phone_alone_proves_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.ben, "sick until tonight 10", "Reply yes")
        assert re.fullmatch(
            r"Reply yes \d{4} and you are away until Sun 22 Nov 22:00\. No turn of yours is in it", asks
        )
        await said(house, house.ben, "away until tonight 10", asks)
        assert await said(house, house.ben, f"away {code_in(asks)}", "away") == (
            "You are away until Sun 22 Nov 22:00. To end it: back"
        )
        assert await said(house, house.ben, "away until 18:00", "already") == (
            "You are booked as away until Sun 22 Nov 22:00 already. To end it: back"
        )
        assert [(c["kind"], c["person"]) for c in await changes(house)] == [("absence", "ben")]

    play(tmp_path, story, policy=THREE, modems=1)


def test_each_who_takes_something_soon_is_asked_in_turn_and_all_or_none_of_it_is_booked(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for last in ("no", "yes"):
            asks = await said(house, house.anna, "away until tue 18:00", "Reply yes")
            assert "Cara, Ben must agree to take db, NOC first" in asks
            await said(house, house.anna, f"yes {code_in(asks)}", "Cara is asked now")
            await house.pass_time(20)
            cara = code_in(house.cara.texts("asks you to take db")[-1].text)
            await said(house, house.cara, f"yes {cara}", "Ben is asked as well, nothing is changed until all agree")
            assert (await on_call(house, "db"))["person"] == "anna"
            await house.pass_time(20)
            ben = code_in(house.ben.texts("asks you to take NOC")[-1].text)
            await said(house, house.ben, f"{last} {ben}", "Anna keeps NOC" if last == "no" else "You have NOC")
            if last == "no":
                await house.text(house.anna, "Ben cannot take NOC. You are not booked as away")
                await house.text(house.cara, "Anna keeps db")
                assert not await changes(house)
        await house.text(house.cara, "You have db")
        await house.text(house.anna, "You are away until Tue 24 Nov 18:00")
        assert (await on_call(house))["person"] == "ben"
        assert (await on_call(house, "db"))["person"] == "cara"

    play(tmp_path, story, policy=TWO_ROTAS, modems=1)


def test_the_last_one_cannot_be_away(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        assert await said(house, house.anna, "away until tue 18:00", "Nobody else") == (
            "Nobody else could take NOC then, so you are not booked as away. Call the operator"
        )
        await said(house, house.anna, "away until 2029-01-01 9:00", "too far ahead")
        assert "duty_asked" not in house.events()

    alone = TITLED.replace('people = ["anna", "ben"]', 'people = ["anna"]')
    alone = alone.replace('zone = "Europe/London"\nfallback = ["cara"]', 'zone = "Europe/London"\nfallback = ["anna"]')
    play(tmp_path, story, policy=alone, modems=1)


def test_what_changed_between_the_question_and_the_yes_is_told(tmp_path: Path) -> None:
    changed = "The rota has changed meanwhile, so nothing was done about NOC"

    async def story(house: House) -> None:
        code = await anna_is_to_be_away(house)
        await change(house, kind="override", rota="noc", person="cara", since="now", until="+2h")
        await said(house, house.ben, f"yes {code}", changed)
        await house.text(house.anna, changed)
        assert [c["kind"] for c in await changes(house)] == ["override"]
        assert outcomes(house) == ["not done"]

    play(tmp_path, story, policy=TITLED, modems=1)


def test_a_restart_in_the_middle_forgets_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.anna, "away until tue 18:00", "Reply yes")
        await house.crash()
        await house.wake()
        await said(house, house.anna, f"yes {code_in(asks)}", "Ben is asked now")
        code = code_in(await house.text(house.ben, "Anna is away"))
        await house.crash()
        await house.wake()
        await said(house, house.ben, f"yes {code}", "You have NOC")
        await house.crash()
        await house.wake()
        assert (await on_call(house))["person"] == "ben"

    play(tmp_path, story, policy=TITLED, modems=1)


def test_what_is_open_goes_over_with_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        house.anna.reply("ok")
        await house.text(house.anna, "10 is yours")
        code = await anna_is_to_be_away(house)
        assert (await said(house, house.ben, f"yes {code}", "You have NOC")).endswith(". Open: 10")

    play(tmp_path, story, policy=TITLED, modems=1)


def test_each_reads_it_in_his_own_language(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.ben, "bin krank bis morgen 8 Uhr", "Antworte yes")
        assert "dann bist du bis Mo 23. Nov 08:00 abwesend" in asks
        await said(house, house.ben, "abwesend", "Bis wann? Schreib away fr 18:00")
        asks = await said(house, house.anna, "away until mon 8:00", "Reply yes")
        await said(house, house.anna, f"yes {code_in(asks)}", "asked now")
        question = await house.text(house.ben, "Anna ist bis Mo 23. Nov 08:00 abwesend und bittet dich um NOC")
        await said(house, house.ben, f"ja {code_in(question)}", "Du hast NOC")

    play(tmp_path, story, policy=TITLED, people=GERMAN_BEN, modems=1)


@pytest.mark.parametrize(
    "words",
    ["I am away from my desk, will look in 5 min", "away for lunch until 1, ok 42", "back online", "cover letter",
     "override worked, fixed 42", "ok, away until fri", "not away until fri", "Ben is away until fri",
     "away until fri, Ben", "back in 5", "is anna away until fri", "why is she away until fri?"],
)  # fmt: skip
def test_what_is_about_something_else_asks_for_nothing(tmp_path: Path, words: str) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        house.anna.send(GATE, words)
        await house.pass_time(40)
        assert "duty_asked" not in house.events()
        assert not await changes(house)

    play(tmp_path, story, policy=TITLED, modems=1)


def test_who_writes_no_time_reads_how_it_is_written_unless_a_page_waits(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        shown = "Until when? Write away fri 18:00, away 24 dec - 2 jan or away 3 days"
        for words in ("away", "Holiday?", "away until soon", "away until 6", "away until friday?"):
            assert await said(house, house.anna, words, "Until when?") == shown
        await house.pass_time(3600)
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        await said(house, house.anna, "away", "Reply ok CODE to take an incident")
        await said(house, house.anna, "away until tue", "Reply yes")
        assert (await house.incident())["state"] == "open"

    play(tmp_path, story, policy=TITLED, modems=1)


def test_only_so_much_may_be_open_at_once(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for words in ("away until tue", "away until wed", "off"):
            await said(house, house.anna, words, "Reply yes")
        await said(house, house.anna, "away until fri", "Too much is open already")

    play(tmp_path, story, policy=TITLED, modems=1)


def test_a_machine_that_answers_each_text_gets_one_code_and_moves_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.anna.send(GATE, "I'm on holiday until Monday")
        await house.text(house.anna, "Reply yes")
        for _ in range(4):  # it answers the question, too
            await house.pass_time(5)
            house.anna.send(GATE, "I'm on holiday until Monday")
        await house.pass_time(60)
        assert len(house.anna.texts("")) == 1
        assert not house.ben.texts("")
        assert not await changes(house)
        house.ben.send(GATE, "I'm on holiday until Monday. I will reply when I return")
        await house.pass_time(30)
        assert not house.ben.texts("")

    play(tmp_path, story, policy=TITLED, modems=1)


def test_where_hand_overs_want_to_be_confirmed_who_agreed_need_not_confirm_it_again(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await said(house, house.ben, f"yes {await anna_is_to_be_away(house)}", "You have NOC")
        await house.pass_time(300)
        assert (await on_call(house))["person"] == "ben"
        assert not house.ben.texts("Reply ok")
        asks = await said(house, house.anna, "back", "Reply yes")
        await said(house, house.anna, f"yes {code_in(asks)}", "You have NOC now")
        await house.pass_time(300)
        assert (await on_call(house))["person"] == "anna"
        assert not house.anna.texts("Reply ok")

    play(tmp_path, story, policy=TITLED.replace('title = "NOC"', 'title = "NOC"\nconfirm = true'), modems=1)


# --- back


def test_who_is_back_takes_the_duty_again_when_the_phone_has_proved_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await said(house, house.ben, f"yes {await anna_is_to_be_away(house)}", "You have NOC")
        asks = await said(house, house.anna, "I'm back", "Reply yes")
        assert re.fullmatch(r"Reply yes \d{4} and you are back, and take NOC from Ben", asks)
        await house.pass_time(30)
        assert (await on_call(house))["person"] == "ben", "a forged one would move pages to somebody who is asleep"
        assert await said(house, house.anna, f"yes {code_in(asks)}", "not away any more") == (
            "You are not away any more. You have NOC now"
        )
        told = await house.text(house.ben, "Anna is back")
        assert re.fullmatch(r"Anna is back and has NOC Sun 22 Nov 04:1\d - Mon 23 Nov 09:00", told)
        assert (await on_call(house))["person"] == "anna"
        await house.pass_time(120)
        assert not house.anna.texts("You are on call")
        assert await said(house, house.anna, "back", "not booked") == (
            "You are not booked as away, so nothing was changed"
        )

    play(tmp_path, story, policy=TITLED, modems=1)


def test_who_was_away_without_a_turn_is_back_at_once_whoever_booked_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await change(house, kind="absence", person="ben", since="now", until="+2h")
        await said(house, house.ben, "back", "You are not away any more")
        assert not await changes(house)
        await change(house, kind="absence", person="ben", since="+2h", until="+4h")
        assert (await said(house, house.ben, "back", "called off")).startswith("Your absence from Sun 22 Nov 06:1")
        assert not await changes(house)

    play(tmp_path, story, policy=THREE, modems=1)


def test_two_texts_that_cross_move_it_once(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        code = await anna_is_to_be_away(house)
        off = code_in(await said(house, house.anna, "off", "Reply yes"))
        await said(house, house.ben, f"yes {code}", "You have NOC")
        await said(house, house.anna, f"yes {off}", "The rota has changed meanwhile")
        assert (await on_call(house))["person"] == "ben"

    play(tmp_path, story, policy=TITLED, modems=1)


def test_its_end_is_a_hand_over_like_any_other(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.anna, "away 2h", "Reply yes")
        await said(house, house.anna, f"yes {code_in(asks)}", "asked now")
        code = code_in(await house.text(house.ben, "Anna is away"))
        await said(house, house.ben, f"yes {code}", "You have NOC")
        await until(house, EPOCH + timedelta(hours=3))
        await house.text(house.anna, "You are on call for NOC until")
        assert (await on_call(house))["person"] == "anna"

    play(tmp_path, story, policy=TITLED, modems=1)


def test_what_an_absence_leaves_alone_is_a_sentence_behind_the_question(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.cara, "away until tue 18:00", "Reply yes")
        assert re.search(
            r"No turn of yours is in it\. (The fallback|Step 1) of policy 'default' has nobody else", asks
        ), asks

    play(tmp_path, story, policy=TITLED, modems=1)
