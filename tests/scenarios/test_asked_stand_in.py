"""What somebody stands in for is not swapped over his head."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.house import House, play
from tests.scenarios.test_asked_duty import code_in, on_call, said
from tests.scenarios.test_hand_over import MONDAY, TITLED, change, until
from tests.scenarios.test_rota import ROTA


def test_who_is_away_swaps_his_later_turns_and_whoever_stands_in_keeps_his(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await change(house, kind="absence", person="anna", since="now", until="mon 8:00")
        assert (await on_call(house))["person"] == "ben"
        asks = await said(house, house.anna, "swap cara 20 dec", "Reply yes")
        assert "(Mon 23 Nov 08:00 - Mon 23 Nov 09:00, Mon 30 Nov 09:00 - Mon 7 Dec 09:00, +1)" in asks
        await said(house, house.anna, f"yes {code_in(asks)}", "Cara is asked")
        await said(house, house.cara, f"yes {code_in(await house.text(house.cara, 'Anna asks'))}", "You have")
        assert (await on_call(house))["person"] == "ben", "nobody has asked him for this night"
        await until(house, MONDAY - timedelta(minutes=30))
        assert (await on_call(house))["person"] == "cara"

    play(tmp_path, story, policy=TITLED, modems=1)


def test_what_somebody_stands_in_for_later_is_not_swapped_over_his_head(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await change(house, kind="absence", person="anna", since="2026-11-30 09:00", until="2026-12-03 09:00")
        refused = "Ben has part of it then, from Mon 30 Nov 09:00, and would lose it. Write an earlier time"
        assert await said(house, house.anna, "swap cara 20 dec", "Ben has") == refused
        assert await said(house, house.cara, "cover anna 20 dec", "Ben has") == refused
        await said(house, house.anna, "swap cara 30 nov 9:00", "Reply yes")

    play(tmp_path, story, policy=TITLED, modems=1)


DB = ROTA[ROTA.index("[[rotas]]") :].replace('"noc"', '"db"').replace('["anna", "ben"]', '["cara", "anna", "ben"]')


def test_of_two_rotas_each_is_told_with_its_own_times(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.anna, "swap ben mon 20:00", "Reply yes")
        await said(house, house.anna, f"yes {code_in(asks)}", "Ben is asked")
        asks = await house.text(house.ben, "Anna asks")
        times = "NOC (- Mon 23 Nov 09:00), db (Mon 23 Nov 09:00 - Mon 23 Nov 20:00)"
        assert asks.startswith(f"Anna asks you to take {times} until Mon 23 Nov 20:00. Reply yes")
        assert times in await said(house, house.ben, f"yes {code_in(asks)}", "You have")
        assert (await on_call(house, "db"))["person"] == "cara"

    play(tmp_path, story, policy=TITLED, modems=1, config=DB)


def test_of_two_rotas_with_the_same_times_it_says_so_once(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        asks = await said(house, house.anna, "swap cara 18:00", "Reply yes")
        assert "asked to take NOC, db until Sun 22 Nov 18:00" in asks

    both = DB.replace('["cara", "anna", "ben"]', '["anna", "ben"]')
    play(tmp_path, story, policy=TITLED, modems=1, config=both)


def test_an_absence_that_is_agreed_to_when_its_turn_is_over_is_not_booked(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await until(house, MONDAY - timedelta(minutes=5))
        asks = await said(house, house.anna, "away until 9:30", "Reply yes")
        await said(house, house.anna, f"yes {code_in(asks)}", "Ben is asked")
        asks = await house.text(house.ben, "Anna is away")
        await until(house, MONDAY + timedelta(minutes=3))
        answer = await said(house, house.ben, f"yes {code_in(asks)}", "changed")
        assert "- Mon 23 Nov 09:00" not in answer
        assert not (await house.get("/api/v1/changes"))["changes"]

    play(tmp_path, story, policy=TITLED, modems=1)
