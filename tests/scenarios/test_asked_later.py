"""Duty of another time than now, by text: a turn to come is not had yet, and a time that is over hands on nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house import House, play
from tests.scenarios.test_asked_absence import THREE
from tests.scenarios.test_asked_duty import GERMAN_BEN, code_in, on_call, said
from tests.scenarios.test_hand_over import TITLED

# --- times that are over


@pytest.mark.parametrize(
    "words", ["swap ben +0h", "swap ben today 3:00", "swap ben 2026-11-21 18:00", "cover ben until today 3:00",
              "override ben until today 3:00", "on until today 3:00", "away until today 3:00"],
)  # fmt: skip
def test_an_end_that_is_now_or_past_is_said_to_be_over(tmp_path: Path, words: str) -> None:
    async def story(house: House) -> None:
        assert await said(house, house.anna, words, "over") == "That time is over already. Nothing was changed"
        assert "duty_asked" not in house.events()

    play(tmp_path, story, policy=TITLED, modems=1)


def test_it_is_said_in_the_language_of_who_wrote(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        told = "Diese Zeit ist schon vorbei. Nichts wurde geändert"
        assert await said(house, house.ben, "swap anna heute 3:00", "vorbei") == told

    play(tmp_path, story, policy=TITLED, people=GERMAN_BEN, modems=1)


# --- a turn to come


def test_who_hands_on_a_turn_to_come_is_not_told_that_it_stays_with_them(tmp_path: Path) -> None:
    """Anna has it; Ben's turn begins tomorrow."""

    async def story(house: House) -> None:
        asks = await said(house, house.ben, "swap cara tue 18:00", "Reply yes")
        assert re.fullmatch(
            r"Reply yes \d{4} and Cara is asked to take NOC \(Mon 23 Nov 09:00 - Tue 24 Nov 18:00\) until"
            r" Tue 24 Nov 18:00\. Nothing changes without a yes",
            asks,
        )
        answer = await said(house, house.ben, f"yes {code_in(asks)}", "asked now")
        assert answer == "Cara is asked now. Nothing changes until Cara agrees"
        question = await house.text(house.cara, "Ben asks")
        assert await said(house, house.cara, f"no {code_in(question)}", "Nothing") == "Nothing was changed about NOC"
        assert await house.text(house.ben, "cannot take") == "Cara cannot take NOC. Nothing was changed"
        asks = await said(house, house.ben, "swap cara tue 18:00", "Reply yes")
        await said(house, house.ben, f"yes {code_in(asks)}", "asked now")
        await house.pass_time(1_000)
        assert await house.text(house.ben, "not answered") == ("Cara has not answered about NOC. Nothing was changed")
        assert not [text for text in house.ben.texts("") if "with you" in text.text]
        assert not [text for text in house.cara.texts("") if "keeps" in text.text]

    play(tmp_path, story, policy=TITLED, modems=1)


SOON_BEN = THREE.replace('hand_over = "mon 09:00"', 'hand_over = "09:00"').replace("2026-11-16", "2026-11-21")


@pytest.mark.parametrize("answer", ["no", "silence"])
def test_of_a_turn_to_come_nobody_reads_that_who_would_be_away_keeps_it(tmp_path: Path, answer: str) -> None:
    """Anna has it; Ben's turn begins in five hours, so Cara has to agree."""

    async def story(house: House) -> None:
        assert (await on_call(house))["person"] == "anna"
        asks = await said(house, house.ben, "away until mon 8:00", "Reply yes")
        assert await said(house, house.ben, f"yes {code_in(asks)}", "asked now") == (
            "Cara is asked now. Nothing is changed until all agree"
        )
        code = code_in(await house.text(house.cara, "Ben is away"))
        if answer == "no":
            await said(house, house.cara, f"no {code}", "Ben is not booked as away. Nothing was changed")
            await house.text(house.ben, "Cara cannot take NOC. You are not booked as away")
        else:
            await house.pass_time(1_000)
            await house.text(house.cara, "Ben is not booked as away. Nothing was changed")
            assert await house.text(house.ben, "not answered") == "Cara has not answered. You are not booked as away"
        assert not house.cara.texts("keeps")

    play(tmp_path, story, policy=SOON_BEN, modems=1)
