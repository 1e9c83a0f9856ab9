"""What waits for an ok for long, is moved in its last minute, or is of a rota that leaves the file meanwhile."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.house import House, play
from tests.scenarios.test_asked_duty import AT, anna_asks_ben, code_in, on_call, outcomes, said
from tests.scenarios.test_confirm import CONFIRMED, THREE, asked
from tests.scenarios.test_hand_over import TITLED, change, until
from tests.scenarios.test_rota import paged

LONG = CONFIRMED.replace('hand_over = "04:30"', 'hand_over = "04:30"\nevery = 40').replace("2026-11-21", "2026-10-13")
FORTNIGHT = AT + timedelta(days=14)


async def held_at(house: House, at: str) -> str:
    return str((await house.get("/api/v1/oncall", rota="noc", at=at))["rotas"][0]["person"])


async def without_the_rota(house: House) -> None:
    toml = house.toml[: house.toml.index("[[rotas]]")] + house.toml[house.toml.index("[[modems]]") :]
    house.path.write_text(toml.replace('"rota:noc"', '"cara"').replace('"backup:noc"', '"cara"'))
    assert await house.daemon.reload() == []


# --- for long


def test_who_keeps_a_turn_of_weeks_keeps_it_until_there_is_an_ok(tmp_path: Path) -> None:
    """In steps of a fortnight; at their border nobody is without, and nobody is asked anew."""

    async def story(house: House) -> None:
        code = code_in(await asked(house))
        await house.pass_time(2_000)
        await house.crash()
        await until(house, FORTNIGHT - timedelta(minutes=3))
        await house.wake()
        assert (await on_call(house))["person"] == "anna"
        await until(house, FORTNIGHT - timedelta(seconds=30))
        assert [await held_at(house, f"2026-12-06T04:{at}Z") for at in ("29:59", "30:00", "30:01")] == ["anna"] * 3
        await until(house, FORTNIGHT)
        await house.alert()
        await house.until(lambda: paged(house) == ["anna"])
        await house.pass_time(60)
        assert len(house.ben.texts("Reply ok")) == 1 + len(house.ben.texts("You have not confirmed"))
        assert not house.ben.texts("You are on call")
        await said(house, house.ben, f"ok {code}", "You have NOC until Fri 1 Jan 04:30. Open: 10")
        assert (await on_call(house))["person"] == "ben"
        await house.pass_time(3_600)
        assert (await on_call(house))["person"] == "ben"

    play(tmp_path, story, policy=LONG, modems=1)


def test_a_gateway_that_was_off_over_the_border_leaves_it_where_it_was(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await asked(house)
        await house.crash()
        await until(house, FORTNIGHT + timedelta(minutes=20))
        await house.wake()
        await house.alert()
        await house.until(lambda: paged(house) == ["anna"])
        assert (await on_call(house))["person"] == "anna"
        assert not house.ben.texts("You are on call")

    play(tmp_path, story, policy=LONG, modems=1)


# --- in the last minute


def test_at_the_next_hand_over_there_is_no_instant_with_somebody_who_was_not_asked(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await asked(house)
        await until(house, AT + timedelta(minutes=59, seconds=30))
        assert [await held_at(house, f"2026-11-22T05:{at}Z") for at in ("29:59", "30:00", "30:01")] == ["anna"] * 3
        await until(house, AT + timedelta(hours=1))
        await house.alert()
        await house.until(lambda: paged(house) == ["anna"])
        asks = await house.text(house.cara, "and you have NOC")
        await said(house, house.cara, f"ok {code_in(asks)}", "You have NOC until Mon 23 Nov 04:30. Open: 10")
        assert (await on_call(house))["person"] == "cara"

    play(tmp_path, story, policy=THREE, modems=1)


def test_who_is_to_have_it_longer_by_a_change_in_the_last_minute_has_it_and_nobody_is_asked_yet(
    tmp_path: Path,
) -> None:
    async def story(house: House) -> None:
        await until(house, AT - timedelta(seconds=30))
        await change(house, kind="override", rota="noc", person="anna", since="now", until="05:30")
        await until(house, AT + timedelta(seconds=30))
        assert not house.ben.texts("")
        assert (await on_call(house))["person"] == "anna"
        await until(house, AT + timedelta(minutes=59, seconds=30))
        await change(house, kind="override", rota="noc", person="anna", since="now", until="06:00")
        await until(house, AT + timedelta(hours=1, seconds=30))
        assert not house.ben.texts("")
        await until(house, AT + timedelta(hours=1, minutes=29, seconds=30))
        assert await held_at(house, "2026-11-22T06:00Z") == "anna"
        asks = await house.text(house.ben, "Reply ok", 60)
        assert (await on_call(house))["person"] == "anna"
        await said(house, house.ben, f"ok {code_in(asks)}", "You have NOC")

    play(tmp_path, story, policy=CONFIRMED, modems=1)


def test_who_gets_it_by_a_change_in_the_last_minute_is_asked_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await until(house, AT - timedelta(seconds=30))
        await change(house, kind="override", rota="noc", person="cara", since="now", until="06:00")
        await house.text(house.cara, "You are on call for NOC until Sun 22 Nov 06:00")
        await until(house, AT + timedelta(seconds=30))
        assert (await on_call(house))["person"] == "cara"
        assert not house.ben.texts("")

    play(tmp_path, story, policy=CONFIRMED, modems=1)


# --- a rota that leaves the file


def test_a_rota_that_leaves_the_file_ends_what_waits_for_an_ok_and_both_sides_read_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        code = code_in(await asked(house))
        await house.alert()
        await house.text(house.anna, "10 CRITICAL")
        await without_the_rota(house)
        told = "The rota has changed meanwhile, so nothing was done about noc"
        assert await house.text(house.ben, "The rota") == told
        assert await house.text(house.anna, "The rota") == told
        await said(house, house.ben, f"ok {code}", f"Code {code} is used or too old and does nothing")
        assert (await house.incident())["state"] == "open"
        assert outcomes(house) == ["the rota is gone"]
        await house.pass_time(3_700)
        assert not house.anna.texts("has not confirmed")
        house.anna.reply("ok 10")
        await house.text(house.anna, "10 is yours")

    play(tmp_path, story, policy=CONFIRMED, modems=1)


@pytest.mark.parametrize("answer", ["yes", "no", "silence"])
@pytest.mark.parametrize("words", ["off", "swap ben 18:00", "away until mon 8:00"])
def test_a_rota_that_leaves_the_file_while_somebody_is_asked_moves_nothing(
    tmp_path: Path, words: str, answer: str
) -> None:
    async def story(house: House) -> None:
        if words.startswith("away"):
            asks = await said(house, house.anna, words, "Reply yes")
            await said(house, house.anna, f"yes {code_in(asks)}", "Ben is asked now")
            code = code_in(await house.text(house.ben, "Anna is away"))
        else:
            code = await anna_asks_ben(house, words)
        await without_the_rota(house)
        told = "The rota has changed meanwhile, so nothing was done about noc"
        if words.startswith("away") and answer != "yes":
            told = "ot booked as away"
        if answer == "silence":
            await house.pass_time(1_000)
        else:
            house.ben.send("+447700900001", f"{answer} {code}")
        await house.text(house.ben, told)
        await house.text(house.anna, told)
        assert not (await house.get("/api/v1/changes"))["changes"]
        assert not [text for phone in (house.anna, house.ben) for text in phone.texts("keeps")]

    play(tmp_path, story, policy=TITLED, modems=1)
