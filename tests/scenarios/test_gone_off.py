"""Who goes off duty sleeps: as long as it lasts nobody calls them as the backup, nor asks them to take it back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tale import Tale, policy, tell, weekly

FIRST_THEN_BACKUP = policy("rota:noc 300", "backup:noc 300", fallback="dan")
TURNS = weekly("anna", "ben", "cara", more="relief_after = 2")


async def proves(tale: Tale, who: str) -> None:
    """They write the newest code back that they were sent."""
    codes = [found[1] for text in tale.heard(who) if (found := re.search(r"yes (\d{4})", text))]
    tale.says(who, f"yes {codes[-1]}")
    await tale.pass_time(15)


async def goes_off(tale: Tale, who: str, to: str, words: str = "off") -> None:
    """Both agree."""
    tale.says(who, words)
    await tale.hears(who, f"{to.capitalize()} is asked to take NOC")
    await proves(tale, who)
    await tale.hears(to, f"{who.capitalize()} asks you to take NOC")
    await proves(tale, to)
    await tale.hears(who, f"{to.capitalize()} has NOC")


@pytest.mark.parametrize("words", ["off", "relief", "swap ben mon 08:00"])
def test_while_anna_is_off_the_backup_of_ben_is_cara(tmp_path: Path, words: str) -> None:
    async def story(tale: Tale) -> None:
        await goes_off(tale, "anna", "ben", words)
        await tale.fault("h1 down")
        await tale.hears("ben", "h1 down")
        await tale.hears("cara", "h1 down", 310)
        await tale.minutes(5)
        assert not tale.heard("anna", "h1 down"), "she went off because she could not go on"

    tell(tmp_path, story, FIRST_THEN_BACKUP, TURNS)


def test_going_off_one_after_the_other_reaches_everybody_once_and_the_last_stays(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await goes_off(tale, "anna", "ben")
        await goes_off(tale, "ben", "cara")
        await goes_off(tale, "cara", "dan")  # the fallback of the rota
        tale.says("dan", "off")
        await tale.hears("dan", "Nobody else")
        assert await tale.on_call() == "dan"

    tell(tmp_path, story, FIRST_THEN_BACKUP, TURNS)


def test_from_whom_the_duty_is_taken_is_still_the_backup(tmp_path: Path) -> None:
    """Ben comes on by his own wish: Anna has not gone off. Nor has she, once she has taken it back."""

    async def story(tale: Tale) -> None:
        for on, other in (("ben", "anna"), ("anna", "ben")):
            tale.says(on, "on")
            await tale.hears(on, "Reply yes")
            await proves(tale, on)
            held = (await tale.get("/api/v1/oncall"))["rotas"][0]
            assert (held["person"], held["backup"]["person"]) == (on, other)

    tell(tmp_path, story, FIRST_THEN_BACKUP, TURNS)
