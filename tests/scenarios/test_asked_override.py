"""Who has a rota until then, by text: nothing moves before the phone has proved it and the one named has agreed."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.house import House, play
from tests.scenarios.test_asked_absence import THREE, changes
from tests.scenarios.test_asked_duty import AT, SOON, TWO_ROTAS, anna_asks_ben, code_in, on_call, outcomes, said
from tests.scenarios.test_hand_over import MONDAY, TITLED, change, until

# --- override


def test_an_override_is_made_when_its_phone_has_proved_it_and_the_one_named_agrees(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.cara, "override ben until tue 18:00", "Reply yes")
        assert re.fullmatch(r"Reply yes \d{4} and Ben is asked to take NOC from Anna until Tue 24 Nov 18:00", asks)
        assert not house.ben.texts("")
        assert await said(house, house.cara, f"yes {code_in(asks)}", "asked now") == (
            "Ben is asked now. NOC stays with Anna until Ben agrees"
        )
        question = await house.text(house.ben, "Cara asks you")
        assert re.fullmatch(r"Cara asks you to take NOC until Tue 24 Nov 18:00\. Reply yes \d{4} or no \d{4}", question)
        assert (await on_call(house))["person"] == "anna"
        assert not house.anna.texts("")
        assert await said(house, house.ben, f"yes {code_in(question)}", "You have") == (
            "You have NOC until Tue 24 Nov 18:00"
        )
        assert await house.text(house.anna, "Ben has") == ("Ben has NOC until Tue 24 Nov 18:00. To have it back: on")
        assert await house.text(house.cara, "Ben has") == "Ben has NOC until Tue 24 Nov 18:00"
        held = await on_call(house)
        assert (held["person"], held["why"]) == ("ben", "an override")
        assert [(c["kind"], c["person"], c["rota"]) for c in await changes(house)] == [("override", "ben", "noc")]
        await until(house, MONDAY + timedelta(hours=2))
        assert (await on_call(house))["person"] == "ben", "it lasts beyond the hand-over"
        assert not house.anna.texts("has NOC now")

    play(tmp_path, story, policy=TITLED, modems=1)


@pytest.mark.parametrize("answer", ["no", "silence"])
def test_without_his_yes_it_stays_and_who_asked_is_told(tmp_path: Path, answer: str) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.cara, "override noc ben until tue 18:00", "Reply yes")
        await said(house, house.cara, f"yes {code_in(asks)}", "asked now")
        code = code_in(await house.text(house.ben, "Cara asks you"))
        if answer == "no":
            assert await said(house, house.ben, f"no {code}", "keeps") == "Anna keeps NOC"
            await house.text(house.cara, "Ben cannot take NOC. It stays with Anna")
        else:
            await house.pass_time(16 * 60)
            await house.text(house.cara, "Ben has not answered. NOC stays with Anna")
        assert not house.anna.texts("")
        assert not await changes(house)

    play(tmp_path, story, policy=TITLED, modems=1)


def test_only_who_has_turns_may_ask_and_only_for_who_is_there(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        db_only = "You have no turns there, so nothing was changed"
        assert await said(house, house.ben, "override db ben until tue", "no turns") == db_only
        assert await said(house, house.ben, "cover anna db until tue", "no turns") == db_only
        await said(house, house.anna, "override cara until tue 18:00", "Which one? Reply override cara noc")
        await said(house, house.anna, "override noc anna until 6:00", "You are on call for NOC until")
        await change(house, kind="absence", person="ben", since="now", until="+2h")
        await said(house, house.anna, "override noc ben until tue 18:00", "Ben is away until")
        await said(house, house.anna, "override noc bob until tue 18:00", "Nobody is called bob")
        assert "duty_asked" not in house.events()

    play(tmp_path, story, policy=TWO_ROTAS, modems=1)


def test_what_cannot_be_overridden_is_said_in_plain_words(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for words, answer in (
            ("override", "Until when? Write on until 18:00"),
            ("override ben", "Until when? Write on until 18:00"),
            ("override ben until 2027-01-01 9:00", "too far ahead"),
            ("on until 24 dec 2027", "too far ahead"),
            ("cover bob until 18:00", "Nobody is called bob"),
        ):
            await said(house, house.anna, words, answer)
            await house.pass_time(600)
        await said(house, house.cara, "cover ben until 18:00", "Ben has no duty of yours until Sun 22 Nov 18:00")
        await said(house, house.anna, "cover anna until 18:00", "You have it yourself")
        assert "duty_asked" not in house.events()

    play(tmp_path, story, policy=TITLED, modems=1)


def test_a_holder_who_changed_meanwhile_was_not_asked_about(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.cara, "override ben until mon 8:00", "Reply yes")
        await change(house, kind="override", rota="noc", person="cara", since="now", until="+1h")
        await said(house, house.cara, f"yes {code_in(asks)}", "The rota has changed meanwhile")
        assert not house.ben.texts("")
        assert outcomes(house) == ["not done"]

    play(tmp_path, story, policy=TITLED, modems=1)


# --- on and off with a time


def test_on_with_a_time_lasts_until_then_whoevers_turn_it_is(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.cara, "on noc until wed 18:00", "Reply yes")
        assert re.fullmatch(r"Reply yes \d{4} and you take NOC from Anna until Wed 25 Nov 18:00", asks)
        assert (await on_call(house))["person"] == "anna"
        assert await said(house, house.cara, f"yes {code_in(asks)}", "You have") == (
            "You have NOC until Wed 25 Nov 18:00"
        )
        await house.text(house.anna, "Cara has NOC until Wed 25 Nov 18:00. To have it back: on")
        assert await house.text(house.ben, "Cara has") == "Cara has NOC until Wed 25 Nov 18:00", "his turn is in it"
        await until(house, MONDAY + timedelta(hours=2))
        assert (await on_call(house))["person"] == "cara"
        await said(house, house.cara, "on until wed 18:00", "You are on call for NOC until Wed 25 Nov 18:00 already")

    play(tmp_path, story, policy=THREE, modems=1)


def test_who_was_displaced_has_it_back_by_on(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.cara, "on until wed 18:00", "Reply yes")
        await said(house, house.cara, f"yes {code_in(asks)}", "You have")
        asks = await said(house, house.anna, "on", "Reply yes")
        await said(house, house.anna, f"yes {code_in(asks)}", "You have NOC")
        await house.text(house.cara, "Anna has NOC")
        assert (await on_call(house))["person"] == "anna"

    play(tmp_path, story, policy=THREE, modems=1)


def test_off_with_a_time_asks_whoever_is_next_for_that_time(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.anna, "off until 18:00", "Reply yes")
        assert "Ben is asked to take NOC until Sun 22 Nov 18:00" in asks
        await said(house, house.anna, f"yes {code_in(asks)}", "Ben is asked now")
        code = code_in(await house.text(house.ben, "Anna asks you to take NOC until Sun 22 Nov 18:00"))
        await said(house, house.ben, f"yes {code}", "You have NOC until Sun 22 Nov 18:00")
        assert await house.text(house.anna, "Ben has") == "Ben has NOC until Sun 22 Nov 18:00. To have it back: on"
        await said(house, house.anna, "off until fri 18:00", "to be away until Fri 27 Nov 18:00. Ben must agree")

    play(tmp_path, story, policy=THREE, modems=1)


# --- cover


def test_who_covers_somebody_takes_it_when_the_phone_has_proved_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.ben, "cover anna until 18:00", "Reply yes")
        assert re.fullmatch(r"Reply yes \d{4} and you take NOC from Anna until Sun 22 Nov 18:00", asks)
        await house.pass_time(30)
        assert (await on_call(house))["person"] == "anna"
        await said(house, house.ben, f"yes {code_in(asks)}", "You have NOC until Sun 22 Nov 18:00")
        await house.text(house.anna, "Ben has NOC until Sun 22 Nov 18:00. To have it back: on")
        assert (await on_call(house))["person"] == "ben"
        assert [(c["kind"], c["person"], c["by"]) for c in await changes(house)] == [("swap", "anna", "ben")]

    play(tmp_path, story, policy=TITLED, modems=1)


def test_a_swap_of_a_later_turn_is_taken_back_as_its_answer_says(tmp_path: Path) -> None:
    turn = "NOC (Sun 22 Nov 04:30 - Mon 23 Nov 04:30) until Mon 23 Nov 04:30"

    async def story(house: House) -> None:
        asks = await said(house, house.ben, "swap cara tue 04:30", "Reply yes")
        await said(house, house.ben, f"yes {code_in(asks)}", "Cara is asked now")
        code = code_in(await house.text(house.cara, f"Ben asks you to take {turn}"))
        await said(house, house.cara, f"yes {code}", f"You have {turn}")
        told = await house.text(house.ben, "Cara has NOC")
        assert told == f"Cara has {turn}. To have it back: cover cara Mon 23 Nov 04:30"
        asks = await said(house, house.ben, told.rpartition("back: ")[2], "Reply yes")
        await said(house, house.ben, f"yes {code_in(asks)}", f"You have {turn}")
        await until(house, AT + timedelta(minutes=1))
        assert (await on_call(house))["person"] == "ben"

    play(tmp_path, story, policy=SOON, modems=1)


def test_a_long_swap_names_the_turns_that_it_moves_and_no_others(tmp_path: Path) -> None:
    """Weeks of Anna and of Ben: what is his in between stays his, and nobody is told otherwise."""

    async def story(house: House) -> None:
        turns = "NOC (- Mon 23 Nov 09:00, Mon 30 Nov 09:00 - Mon 7 Dec 09:00, +1) until Mon 21 Dec 09:00"
        asks = await said(house, house.anna, "swap cara 2026-12-24", "Reply yes")
        assert turns in asks
        await said(house, house.anna, f"yes {code_in(asks)}", "Cara is asked now")
        code = code_in(await house.text(house.cara, f"Anna asks you to take {turns}"))
        await said(house, house.cara, f"yes {code}", f"You have {turns}")
        await house.text(house.anna, f"Cara has {turns}")

    play(tmp_path, story, policy=TITLED, modems=1)


def test_who_gave_it_away_reads_how_to_have_it_back(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await said(house, house.ben, f"yes {await anna_asks_ben(house)}", "You have NOC")
        assert await house.text(house.anna, "Ben has") == ("Ben has NOC until Mon 23 Nov 09:00. To have it back: on")

    play(tmp_path, story, policy=TITLED, modems=1)
