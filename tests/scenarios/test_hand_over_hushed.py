"""Whoever takes a rota is told what is kept back of its services just then: silences, and work that was announced."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.house import PEOPLE, House, play
from tests.scenarios.test_asked_duty import code_in, said
from tests.scenarios.test_hand_over import MONDAY, TITLED, until
from tests.scenarios.test_rota import ROTA
from tests.scenarios.test_silences_by_text import SERVICES

WORK = """
[[maintenance]]
name = "disk-swap"
services = ["db"]
since = 2026-11-23T08:00:00Z
until = 2026-11-23T12:00:00Z
[[maintenance]]
name = "over-by-then"
services = ["db"]
since = 2026-11-22T00:00:00Z
until = 2026-11-22T12:00:00Z
"""
BEGINS = "You are on call for NOC until Mon 30 Nov 09:00. Anna hands over: nothing open"


async def silence(house: House, *services: str, ends: str = "2026-11-23T18:00:00Z", **match: Any) -> None:
    body = {"services": list(services), "until": ends, "reason": "work"}
    await house.post("/api/v1/silences", body | match)


async def ben_reads(house: House) -> str:
    await until(house, MONDAY - timedelta(minutes=1))
    return str(await house.text(house.ben, "You are on call", 240))


def test_of_one_silence_it_says_which_and_until_when(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await silence(house, "network")
        await silence(house, "mail")  # pages Cara, and never by this rota
        await silence(house, "db", ends="2026-11-22T18:00:00Z")  # over by then
        assert await ben_reads(house) == f"{BEGINS}. Silenced: network until Mon 23 Nov 18:00"

    play(tmp_path, story, policy=TITLED, config=SERVICES)


def test_known_work_that_goes_on_is_told_as_well(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        assert await ben_reads(house) == f"{BEGINS}. Silenced: db until Mon 23 Nov 12:00"
        listed = await said(house, house.ben, "silences", "until")
        assert listed == "db until Mon 23 Nov 12:00 (maintenance 'disk-swap')"

    play(tmp_path, story, policy=TITLED, config=SERVICES + WORK)


def test_of_more_than_a_segment_holds_it_says_how_many_and_how_to_read_them(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for service in ("network", "db*", "billing-of-the-third-region"):
            await silence(house, service)
        assert await ben_reads(house) == f"{BEGINS}. Silenced: 3, reply silences"

    play(tmp_path, story, policy=TITLED, config=SERVICES)


@pytest.mark.parametrize(
    ("match", "told"),
    [
        ({"services": ["*"]}, "*"),
        ({"services": [], "severities": ["warning"]}, "warning"),
        ({"services": [], "labels": {"site": "leeds"}}, "leeds"),
        ({"services": ["nobody-has-named-it"]}, "nobody-has-named-it"),
        ({"services": ["mail*"]}, ""),
    ],
)
def test_whatever_may_keep_something_of_the_rota_counts(tmp_path: Path, match: dict[str, Any], told: str) -> None:
    async def story(house: House) -> None:
        await silence(house, *match.pop("services"), **match)
        silenced = f". Silenced: {told} until Mon 23 Nov 18:00" if told else ""
        assert await ben_reads(house) == BEGINS + silenced

    play(tmp_path, story, policy=TITLED, config=SERVICES)


def test_it_is_told_in_the_language_of_whoever_takes_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await silence(house, "network")
        await until(house, MONDAY - timedelta(minutes=1))
        told = await house.text(house.ben, "Du hast Dienst", 240)
        assert told.endswith(". Stumm: network bis Mo 23. Nov 18:00")

    people = PEOPLE.replace('name = "ben"', 'name = "ben"\nlanguage = "de"')
    play(tmp_path, story, policy=TITLED, config=SERVICES, people=people)


def test_who_takes_it_by_text_is_told_too(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await silence(house, "network")
        code = code_in(await said(house, house.ben, "on", "Reply yes"))
        answer = await said(house, house.ben, f"yes {code}", "You have")
        assert answer.endswith(". Silenced: network until Mon 23 Nov 18:00")

    play(tmp_path, story, policy=TITLED, config=SERVICES)


def test_who_confirms_it_is_told_too(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await silence(house, "network")
        await until(house, MONDAY - timedelta(minutes=1))
        asks = await house.text(house.ben, "Reply ok", 240)
        answer = await said(house, house.ben, f"ok {code_in(asks)}", "You have")
        assert answer.endswith(". Silenced: network until Mon 23 Nov 18:00")

    play(tmp_path, story, policy=TITLED.replace('title = "NOC"', 'title = "NOC"\nconfirm = true'), config=SERVICES)


def test_with_nothing_silenced_nothing_is_said_of_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await until(house, MONDAY - timedelta(minutes=1))
        assert "ilence" not in await house.text(house.ben, "You are on call", 240)

    play(tmp_path, story, policy=ROTA)
