"""A hand-over that is not confirmed yet, and the rota changes under it: whoever gets or loses the turn reads of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.test_asked_duty import code_in, outcomes
from tests.tale import Tale, policy, tell, weekly

STEPS = policy("rota:noc 300", "backup:noc 300")
ASKS = "confirm = true\nconfirm_within_s = 900"
NOC = weekly("anna", "ben", "cara", more=ASKS)
ELSEWHERE = NOC.replace('["anna", "ben", "cara"]', '["anna", "cara", "ben"]')
DAILY = weekly("anna", "ben", "cara", hand_over="09:00", start="2026-11-22", more=ASKS)
BEFORE = "2026-11-23 08:50"


async def says(tale: Tale, who: str, words: str, answer: str) -> str:
    """Somebody writes; returns the answer, once it is there."""
    await tale.pass_time(5)
    before = len(tale.heard(who, answer))
    tale.says(who, words)
    await tale.until(lambda: len(tale.heard(who, answer)) > before)
    return tale.heard(who, answer)[-1]


async def ben_is_asked(tale: Tale) -> str:
    """It is Monday, 9:00. Returns his code; everybody has read what they are to read by then."""
    await tale.wait_until("2026-11-23 09:00:02")
    asks = await tale.hears("ben", "Reply ok")
    assert asks.endswith("and you have NOC until Mon 30 Nov 09:00. Anna keeps it until then")
    await tale.hears("anna", "Ben is to take NOC. It stays with you until Ben confirms")
    return code_in(asks)


async def proved(tale: Tale, who: str, words: str) -> str:
    """Asked for and echoed. Returns the answer to the echo."""
    asks = await says(tale, who, words, "Reply yes")
    before = len(tale.heard(who))
    tale.says(who, f"yes {code_in(asks)}")
    await tale.until(lambda: len(tale.heard(who)) > before)
    await tale.pass_time(20)
    return tale.heard(who)[before]


async def duty(tale: Tale) -> tuple[str, str]:
    """Who is on call, and why."""
    told: dict[str, Any] = (await tale.get("/api/v1/oncall", rota="noc"))["rotas"][0]
    return told["person"], told["why"]


async def reloaded(tale: Tale, toml: str) -> None:
    tale.path.write_text(toml)
    assert await tale.daemon.reload() == []
    await tale.pass_time(20)


# --- who has said no


def test_who_said_no_is_not_asked_again_before_the_next_hand_over(tmp_path: Path) -> None:
    """Not by a restart, a reload or a change of another rota, nor in the last minute of the turn."""

    async def story(tale: Tale) -> None:
        await tale.change(kind="override", rota="noc", person="cara", since="09:00", until="20:00")
        await tale.wait_until("2026-11-23 09:00:02")
        await tale.hears("cara", "and you have NOC until Mon 23 Nov 20:00. Anna keeps it until then")
        await says(tale, "cara", "no", "Anna keeps NOC")
        await tale.hears("anna", "Cara has not confirmed NOC. It stays with Anna")
        await reloaded(tale, tale.toml + "\n")
        await tale.crash()
        await tale.wake()
        await tale.change(kind="shadowing", person="dan", since="now", until="+2d")
        await tale.wait_until("2026-11-23 19:59:55")
        assert len(tale.heard("cara", "Reply ok")) == 1
        assert len(tale.heard("anna", "Cara is to take NOC")) == 1
        assert await duty(tale) == ("anna", "until cara confirms the hand-over")
        await tale.wait_until("2026-11-23 20:00:05")
        await tale.hears("ben", "and you have NOC until Mon 30 Nov 09:00. Anna keeps it until then")
        assert len(tale.heard("cara")) == 2

    tell(tmp_path, story, STEPS, NOC, at=BEFORE)


def test_who_said_no_may_still_take_it_by_the_code_and_by_nothing_less(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        code = await ben_is_asked(tale)
        await says(tale, "ben", "no", "Anna keeps NOC")
        await tale.pass_time(20)
        await says(tale, "ben", "ok", f"For NOC reply yes {code} or no {code}")  # perhaps it was only polite
        assert (await duty(tale))[0] == "anna"
        await says(tale, "ben", "no", "Anna keeps NOC")
        assert len(tale.heard("anna", "Ben has not confirmed NOC")) == 1
        await tale.minutes(120)
        assert await says(tale, "ben", f"ok {code}", "You have NOC") == "You have NOC until Mon 30 Nov 09:00"
        assert await tale.hears("anna", "has NOC now") == "Ben has NOC now"
        assert await duty(tale) == ("ben", "their turn in 'turns'")

    tell(tmp_path, story, STEPS, NOC, at=BEFORE)


# --- who loses it


def test_who_takes_it_by_on_until_is_told_of_to_the_one_whose_turn_it_is(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        code = await ben_is_asked(tale)
        assert await proved(tale, "cara", "on until 12:00") == "You have NOC until Mon 23 Nov 12:00"
        assert await tale.hears("ben", "Cara has") == "Cara has NOC until Mon 23 Nov 12:00"
        assert await tale.hears("anna", "Cara has") == "Cara has NOC until Mon 23 Nov 12:00. To have it back: on"
        await says(tale, "ben", f"ok {code}", "is used or too old")
        assert await duty(tale) == ("cara", "an override")
        await tale.wait_until("2026-11-23 12:00:02")
        again = await tale.hears("ben", "Cara keeps it until then")
        assert again == f"Reply ok {code_in(again)} and you have NOC until Mon 30 Nov 09:00. Cara keeps it until then"
        assert await duty(tale) == ("cara", "until ben confirms the hand-over")
        await says(tale, "ben", "ok", "You have NOC until Mon 30 Nov 09:00")

    tell(tmp_path, story, STEPS, NOC, at=BEFORE)


@pytest.mark.parametrize("late", [False, True])
def test_an_override_of_the_operators_is_told_to_the_one_who_is_asked(tmp_path: Path, late: bool) -> None:
    async def story(tale: Tale) -> None:
        await ben_is_asked(tale)
        if late:
            await tale.minutes(20)
        await tale.change(kind="override", rota="noc", person="cara", since="now", until="+3h")
        await tale.hears("cara", "You are on call for NOC")
        assert await tale.hears("anna", "has NOC now") == "Cara has NOC now"
        assert await tale.hears("ben", "has NOC now") == "Cara has NOC now"
        await tale.pass_time(60)
        assert [len(tale.heard(who, "has NOC now")) for who in ("anna", "ben", "cara")] == [1, 1, 0]
        assert await duty(tale) == ("cara", "an override")

    tell(tmp_path, story, STEPS, NOC, at=BEFORE)


def test_what_becomes_the_keepers_own_is_told_to_both(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await ben_is_asked(tale)
        await tale.change(kind="override", rota="noc", person="anna", since="now", until="18:00")
        assert await tale.hears("ben", "keeps NOC") == "Anna keeps NOC"
        assert await tale.hears("anna", "You have NOC") == "You have NOC until Mon 23 Nov 18:00"
        assert await duty(tale) == ("anna", "an override")
        await tale.wait_until("2026-11-23 18:00:02")
        await tale.until(lambda: len(tale.heard("ben", "Reply ok")) == 2)

    tell(tmp_path, story, STEPS, NOC, at=BEFORE)


def test_a_file_that_gives_the_turn_to_somebody_else_is_told_to_the_one_who_is_asked(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await ben_is_asked(tale)
        await reloaded(tale, tale.toml.replace(NOC, ELSEWHERE))
        assert await tale.hears("ben", "The rota") == "The rota has changed: Cara is to take NOC, not you"
        code = code_in(await tale.hears("cara", "Reply ok"))
        assert await duty(tale) == ("anna", "until cara confirms the hand-over")
        await says(tale, "cara", f"ok {code}", "You have NOC until Mon 30 Nov 09:00")

    tell(tmp_path, story, STEPS, NOC, at=BEFORE)


def test_the_reason_names_whoever_is_to_confirm_also_after_an_absence(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await ben_is_asked(tale)
        assert await duty(tale) == ("anna", "until ben confirms the hand-over")
        await tale.change(kind="absence", person="ben", since="now", until="20:00")
        assert await tale.hears("ben", "The rota") == "The rota has changed: Cara is to take NOC, not you"
        await tale.hears("cara", "and you have NOC until Mon 23 Nov 20:00. Anna keeps it until then")
        assert await duty(tale) == ("anna", "until cara confirms the hand-over")
        later = (await tale.get("/api/v1/oncall", rota="noc", at="20:30"))["rotas"][0]
        assert (later["person"], later["why"]) == ("anna", "until ben confirms the hand-over")
        await tale.wait_until("2026-11-23 20:00:05")
        await tale.until(lambda: len(tale.heard("ben", "and you have NOC until Mon 30 Nov 09:00")) == 2)
        assert not tale.heard("cara", "The rota"), "her time is over as she was told"

    tell(tmp_path, story, STEPS, NOC, at=BEFORE)


def test_who_never_confirmed_is_told_nothing_more_when_the_turn_is_over(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.wait_until("2026-11-23 09:00:02")
        await tale.hears("ben", "and you have NOC until Tue 24 Nov 09:00")
        await tale.minutes(20)
        heard = len(tale.heard("ben"))
        await tale.wait_until("2026-11-24 09:00:05")
        await tale.hears("cara", "Anna keeps it until then")
        assert len(tale.heard("ben")) == heard

    tell(tmp_path, story, STEPS, DAILY, at=BEFORE)


# --- who hands it on before they have confirmed


def test_away_of_the_one_who_is_asked_asks_whoever_takes_the_turn_instead(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        code = await ben_is_asked(tale)
        asks = await says(tale, "ben", "away until tue 9:00", "Reply yes")
        assert asks.endswith("to be away until Tue 24 Nov 09:00. Cara must agree to take NOC first")
        await says(tale, "ben", f"yes {code_in(asks)}", "Cara is asked now")
        question = await tale.hears("cara", "Ben is away")
        assert "asks you to take NOC Mon 23 Nov 09:0" in question
        assert (await duty(tale))[0] == "anna"
        await says(tale, "cara", f"yes {code_in(question)}", "You have NOC")
        assert await tale.hears("ben", "You are away") == (
            "You are away until Tue 24 Nov 09:00. To end it: back. NOC: Cara"
        )
        assert await tale.hears("anna", "has NOC now") == "Cara has NOC now"
        assert await duty(tale) == ("cara", "ben is absent, and they are next in 'turns'")
        await tale.pass_time(60)
        assert not tale.heard("cara", "Reply ok")
        assert not tale.heard("ben", "The rota")
        await says(tale, "ben", f"ok {code}", "is used or too old")
        await tale.wait_until("2026-11-24 09:00:05")
        await tale.hears("ben", "Cara keeps it until then")

    tell(tmp_path, story, STEPS, NOC, at=BEFORE)


def test_back_before_the_stand_in_has_confirmed_takes_the_turn(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await ben_is_asked(tale)
        await tale.change(kind="absence", person="ben", since="now", until="20:00")
        code = code_in(await tale.hears("cara", "Reply ok"))
        await proved(tale, "ben", "back")
        assert await duty(tale) == ("ben", "their turn in 'turns'")
        assert await tale.hears("anna", "has NOC now") == "Ben has NOC now"
        await tale.hears("cara", "Ben is back and has NOC")
        await says(tale, "cara", f"ok {code}", "is used or too old")

    tell(tmp_path, story, STEPS, NOC, at=BEFORE)


def test_swap_by_the_one_who_is_asked_needs_no_other_yes_than_the_covers(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await ben_is_asked(tale)
        asks = await says(tale, "ben", "swap cara tue 9:00", "Reply yes")
        assert asks.endswith("and Cara is asked to take NOC from Anna until Tue 24 Nov 09:00")
        assert await says(tale, "ben", f"yes {code_in(asks)}", "Cara is asked now") == (
            "Cara is asked now. NOC stays with Anna until Cara agrees"
        )
        question = await tale.hears("cara", "Ben asks you to take NOC until Tue 24 Nov 09:00")
        assert (await duty(tale))[0] == "anna"
        await says(tale, "cara", f"yes {code_in(question)}", "You have NOC until Tue 24 Nov 09:00")
        await tale.hears("ben", "Cara has NOC until Tue 24 Nov 09:00. To have it back: cover cara Tue 24 Nov 09:00")
        await tale.hears("anna", "Cara has NOC until Tue 24 Nov 09:00")
        assert await duty(tale) == ("cara", "covers ben in 'turns'")
        await tale.pass_time(60)
        assert not tale.heard("cara", "Reply ok")
        assert outcomes(tale) == ["agreed", "somebody else has agreed to take it"]

    tell(tmp_path, story, STEPS, NOC, at=BEFORE)


def test_a_swap_that_the_cover_refuses_leaves_it_with_the_keeper_and_the_question_open(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        code = await ben_is_asked(tale)
        await proved(tale, "ben", "swap cara tue 9:00")
        asked = code_in(await tale.hears("cara", "Ben asks you"))
        assert await says(tale, "cara", f"no {asked}", "keeps") == "Anna keeps NOC"
        assert await tale.hears("ben", "cannot") == "Cara cannot take NOC. It stays with Anna"
        await says(tale, "ben", f"ok {code}", "You have NOC until Mon 30 Nov 09:00")

    tell(tmp_path, story, STEPS, NOC, at=BEFORE)


def test_cover_takes_the_turn_of_the_one_who_is_asked(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await ben_is_asked(tale)
        assert await proved(tale, "cara", "cover ben tue 9:00") == "You have NOC until Tue 24 Nov 09:00"
        await tale.hears("ben", "Cara has NOC until Tue 24 Nov 09:00")
        await tale.hears("anna", "Cara has NOC until Tue 24 Nov 09:00")
        assert await duty(tale) == ("cara", "covers ben in 'turns'")

    tell(tmp_path, story, STEPS, NOC, at=BEFORE)


# --- who keeps it


def test_what_the_keeper_hands_on_is_the_keeping_and_the_code_still_counts(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        code = await ben_is_asked(tale)
        await proved(tale, "anna", "swap cara fri 9:00")
        await says(tale, "cara", f"yes {code_in(await tale.hears('cara', 'Anna asks you'))}", "You have NOC")
        await tale.hears("cara", "Ben is to take NOC. It stays with you until Ben confirms")
        assert await duty(tale) == ("cara", "until ben confirms the hand-over")
        assert len(tale.heard("ben")) == 1
        await says(tale, "ben", f"ok {code}", "You have NOC until Mon 30 Nov 09:00")
        assert await tale.hears("cara", "has NOC now") == "Ben has NOC now"
        assert await duty(tale) == ("ben", "their turn in 'turns'")

    tell(tmp_path, story, STEPS, NOC, at=BEFORE)


def test_what_the_incoming_one_takes_lasts_as_long_as_the_rota_says_then(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        code = await ben_is_asked(tale)
        await tale.change(kind="override", rota="noc", person="cara", since="fri 12:00", until="sun 12:00")
        assert await says(tale, "ben", f"ok {code}", "You have NOC") == "You have NOC until Fri 27 Nov 12:00"

    tell(tmp_path, story, STEPS, NOC, at=BEFORE)
