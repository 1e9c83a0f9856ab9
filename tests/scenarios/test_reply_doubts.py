"""What is not plainly an order is asked back, and everything stays as it was."""

from __future__ import annotations

from pathlib import Path

from tests.house import House, play

MODEM = "+447700900001"


async def states(house: House, *numbers: int) -> list[str]:
    return [(await house.incident(n))["state"] for n in numbers]


async def pages(house: House, number: int) -> None:
    for n in range(number):
        await house.alert(f"fault {n}", summary=f"fault {n}", service=f"s{n}")
        await house.text(house.anna, f"fault {n}")
    await house.pass_time(30)


def test_whoever_asks_whether_it_is_fixed_closes_nothing_and_reads_how_it_stands(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await pages(house, 1)
        for words in ("fixed?", "10 fixed?", "done？"):
            house.anna.send(MODEM, words)
            await house.text(house.anna, "Not clear, so nothing was done. Reply ok 10")
            await house.pass_time(10)
        house.anna.send(MODEM, "ok")
        await house.text(house.anna, "10 is yours")
        house.anna.send(MODEM, "fixed?")
        await house.text(house.anna, "10 fault 0 (Anna)")
        assert await states(house, 1) == ["acknowledged"]
        house.anna.send(MODEM, "done 10")
        await house.until(lambda: "incident_resolved" in house.events())
        house.anna.send(MODEM, "10 fixed?")
        await house.text(house.anna, "10 is over already")

    play(tmp_path, story)


def test_two_verbs_in_one_text_each_have_their_own_code(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await pages(house, 3)
        house.anna.send(MODEM, "ok both")
        await house.text(house.anna, "Which one?")
        assert await states(house, 1, 2, 3) == ["open"] * 3
        house.anna.send(MODEM, "ok 10 47 done")
        await house.text(house.anna, "Not clear")
        assert await states(house, 1, 2, 3) == ["open"] * 3
        house.anna.send(MODEM, "ok 10, 47 done")
        assert "47 is closed" in await house.text(house.anna, "10 is yours")
        assert await states(house, 1, 2, 3) == ["acknowledged", "resolved", "open"]

    play(tmp_path, story)


def test_both_takes_two(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await pages(house, 2)
        house.anna.send(MODEM, "ok both")
        await house.until(lambda: house.events().count("incident_acknowledged") == 2)

    play(tmp_path, story)


def test_an_ok_of_somebody_who_will_not_act_takes_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await pages(house, 1)
        for words in ("ok ignore", "ok in hospital", "ok wait", "ok can Ben do it"):
            had = len(house.anna.texts("Not clear"))
            house.anna.send(MODEM, words)
            await house.until(lambda had=had: len(house.anna.texts("Not clear")) > had)
        assert await states(house, 1) == ["open"]
        house.anna.send(MODEM, "ok tell Ben I'm on it")
        await house.text(house.anna, "10 is yours")

    play(tmp_path, story)


def test_what_is_written_for_a_code_takes_no_other_incident(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await pages(house, 2)
        house.anna.send(MODEM, "ok 10")
        await house.text(house.anna, "10 is yours")
        for words in ("ok 1O", "ok ten", "ok 🔟", "ok zwölf", "ok 4"):
            house.anna.send(MODEM, words)
            await house.pass_time(15)
            assert await states(house, 1, 2) == ["acknowledged", "open"], words
        house.anna.send(MODEM, "ok forty-seven")
        await house.text(house.anna, "47 is yours")

    play(tmp_path, story)
