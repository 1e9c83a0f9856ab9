"""Whoever writes is answered; only what a machine may have written falls silent, and only for a while."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.house import EACH_ALONE, House, play

MODEM = "+447700900001"


async def _answer(house: House, words: str, contains: str) -> str:
    """What comes back to these words and to no others."""
    before = len(house.anna.texts(contains))
    await house.pass_time(2)  # the same words in the same second would be one text
    house.anna.send(MODEM, words)
    await house.until(lambda: len(house.anna.texts(contains)) > before, 60)
    return str(house.anna.texts(contains)[-1].text)


def test_seven_confirmations_use_up_no_answer(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        codes = []
        for n in range(7):
            await house.alert(f"k{n}", summary=f"disk {n} full")
            codes.append((await house.incident(n + 1))["code"])
            await house.text(house.anna, f"disk {n} full")
        for code in codes:
            await _answer(house, f"ok {code}", f"{code} is yours")
        await house.alert("last", summary="core down")
        last = (await house.incident(8))["code"]
        await house.text(house.anna, "core down")
        await _answer(house, "?", f"{last} core down; ")
        await _answer(house, f"more {last}", f"{last}: CRITICAL")
        await _answer(house, "off", "")
        await _answer(house, "ok 999", "No incident of yours has code 999")
        assert "withheld" not in _results(house)

    play(tmp_path, story, config=EACH_ALONE)


def test_after_many_questions_a_mistyped_code_is_still_told(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("a", summary="edge2 down")
        await house.alert("b", summary="disk full")
        await house.text(house.anna, "disk full")
        await house.text(house.anna, "edge2 down")
        await house.pass_time(10)
        for word in ("?", "list", "status", "help", "more", "who"):
            await _answer(house, word, "")
        for _ in range(3):
            await _answer(house, "ok", "Which one?")
            await _answer(house, "yes", "Which one?")
        await _answer(house, "ok 53", "No incident of yours has code 53")
        await _answer(house, "ok stop", "Not clear")
        assert "withheld" not in _results(house)

    play(tmp_path, story, config=EACH_ALONE)


def test_what_is_not_understood_is_answered_six_times_and_then_a_verb_still_is(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for n in range(9):
            house.anna.send(MODEM, f"blah {'x' * n}")
            await house.pass_time(10)
        assert len(house.anna.texts("Not understood")) == 6
        await _answer(house, "?", "Nothing is open")
        await _answer(house, "no 53", "No incident of yours has code 53")
        await house.pass_time(900)
        await _answer(house, "blah", "Not understood")
        assert _results(house)["withheld"] == 3

    play(tmp_path, story)


def test_a_machine_that_says_yes_to_every_answer_stops(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        from hwsim.phone import Habit

        house.anna.habits.append(Habit(text="yes", after_s=1.0, times=None))
        house.anna.send(MODEM, "yes")
        await house.pass_time(1800)
        told = len(house.anna.texts("Nothing is open"))
        assert 6 <= told <= 30
        await house.pass_time(1800)
        assert len(house.anna.texts("Nothing is open")) == told, "it is over for good"

    play(tmp_path, story)


def test_no_phone_gets_more_than_thirty_answers_in_a_quarter_of_an_hour(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for n in range(40):
            house.anna.send(MODEM, f"ok {500 + n}")
            await house.pass_time(10)
        assert len(house.anna.texts("No incident of yours")) == 30

    play(tmp_path, story)


def _results(house: House) -> dict[str, int]:
    def counted(reader: Any) -> dict[str, int]:
        rows = reader.all("SELECT result, COUNT(*) AS n FROM incoming GROUP BY result")
        return {row["result"]: row["n"] for row in rows}

    return house.daemon.store.peek(counted)


def test_a_machine_that_says_no_to_every_answer_stops(tmp_path: Path) -> None:
    """Its first "no" passes the page on; what changes nothing is only answered so often."""

    async def story(house: House) -> None:
        await house.alert(summary="core down")
        await house.text(house.anna, "core down")
        await _answer(house, "no", "passed on")
        for _ in range(40):
            await house.pass_time(3)
            house.anna.send(MODEM, "no")
        assert len(house.anna.texts("passed on")) <= 8
        await house.text(house.ben, "core down")

    play(tmp_path, story)


@pytest.mark.parametrize("words", ["status: all is well", "visit 1h"])
def test_a_machine_that_says_the_same_of_anything_else_stops(tmp_path: Path, words: str) -> None:
    async def story(house: House) -> None:
        for _ in range(60):
            await house.pass_time(3)
            house.anna.send(MODEM, words)
        await house.pass_time(60)
        assert 1 <= len(house.anna.texts()) <= 12

    play(tmp_path, story)
