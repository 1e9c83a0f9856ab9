"""A storm on a team that is called by its group's number."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.scenarios.test_group_call import GROUP, Team, play


async def storm(house: Team, count: int) -> None:
    await asyncio.gather(*(house.alert(f"db{n}", summary=f"db {n} down", service="db") for n in range(count)))


def test_a_storm_is_four_calls_of_the_group(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        await storm(house, 40)
        await house.shown("anna", "ben", contains="37 more since 04:12 UTC: db 37")
        assert len(house.taken(GROUP)) == 4
        await house.pass_time(60)
        assert house.taken() == house.taken(GROUP), "nobody's own pager is called while the group's calls stand"
        assert not house.pages(house.anna)
        house.ben.send("+447700900001", "ok all")
        await house.until(lambda: house.events().count("incident_acknowledged") == 40)
        await house.pass_time(900)
        assert not house.pages(house.anna)

    play(tmp_path, story)


def test_nobody_answers_and_each_ones_own_device_is_told_of_the_whole_storm(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        await storm(house, 40)
        await house.shown("anna", "ben", contains="37 more")
        await house.text(house.anna, "37 more since", 300)
        await house.text(house.ben, "37 more since", 300)
        assert len(house.anna.texts()) == len(house.ben.texts()) == 4

    play(tmp_path, story)


def test_a_pager_without_words_shows_no_number_that_could_be_a_code(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        await storm(house, 40)
        await house.until(lambda: len(house.taken(GROUP)) == 4, 120)
        assert house.taken(GROUP)[-1].startswith("00-")

    play(tmp_path, story, tap=True, kind="numeric", settings='numeric_pagers = ["4*"]')
