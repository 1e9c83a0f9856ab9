"""At a hand-over both sides are told, once; who learns is told of pages, and need not answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar

from gatewayd.cli import COMMANDS, arguments
from gatewayd.clock import SECOND
from gatewayd.store import journal
from gatewayd.web.client import Client
from tests.house import House, play
from tests.scenarios.test_rota import ROTA, paged

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)  # Anna's week ends, Ben's begins
BEFORE = MONDAY - timedelta(minutes=10)
TITLED = ROTA.replace('name = "noc"\nzone', 'name = "noc"\ntitle = "NOC"\nzone')


async def until(house: House, at: datetime) -> None:
    await house.pass_time(at.timestamp() - house.clock.now() / SECOND)


async def change(house: House, **body: str) -> Any:
    return await house.post("/api/v1/changes", body)


async def typed(house: House, *words: str) -> Any:
    """A command at the terminal; returns what the daemon answers."""
    args = arguments.parser().parse_args(words)
    async with Client(house.daemon.config.socket) as client:
        return await COMMANDS[args.command][0](client, args)


def texts(phone: Any) -> list[str]:
    return [text.text for text in phone.texts("")]


def test_both_are_told_at_the_hand_over_with_what_is_open(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await until(house, MONDAY - timedelta(minutes=2))
        await house.alert()
        await house.text(house.anna, "edge2 uplink down")
        house.anna.reply("ok")
        await house.text(house.anna, "is yours")
        await house.until(lambda: house.clock.now() >= MONDAY.timestamp() * SECOND, 120)
        began = await house.text(house.ben, "You are on call")
        code = (await house.incident())["code"]
        assert began == f"You are on call for NOC until Mon 30 Nov 09:00. Anna hands over: 1 open: {code}"
        assert await house.text(house.anna, "has NOC") == "Ben has NOC now"
        await house.pass_time(3600)
        assert len(house.ben.texts("You are on call")) == len(house.anna.texts("has NOC now")) == 1
        assert house.events().count("hand_over") == 1

    play(tmp_path, story, policy=TITLED, began=BEFORE)


def test_an_override_that_begins_now_is_a_hand_over_and_so_is_its_end(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await change(house, kind="override", rota="noc", person="cara", since="now", until="+2h")
        told = await house.text(house.cara, "You are on call")
        assert told == "You are on call for noc until Sun 22 Nov 06:13. Anna hands over: nothing open"
        assert await house.text(house.anna, "has noc") == "Cara has noc now"
        await house.text(house.anna, "You are on call for noc until Mon 23 Nov 09:00. Cara hands over", 2 * 3600 + 60)
        await house.text(house.cara, "Anna has noc now")

    play(tmp_path, story, policy=ROTA)


def test_a_swap_that_is_typed_changes_who_is_told_and_who_is_paged(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        swap = await typed(house, "swap", "ben", "cara", "mon 09:00", "+2d", "--rota", "noc")
        assert swap["told"] == "cara covers ben on noc from Mon 23 Nov 09:00 to Wed 25 Nov 09:00"
        await until(house, MONDAY + timedelta(seconds=5))
        await house.text(house.cara, "You are on call for noc until Wed 25 Nov 09:00")
        await house.text(house.anna, "Cara has noc now")
        await house.alert()
        await house.until(lambda: paged(house) == ["cara"])
        await typed(house, "call-off", str(swap["id"]))
        await house.text(house.ben, "You are on call for noc until Mon 30 Nov 09:00. Cara hands over: 1 open")
        await house.alert("b")
        await house.until(lambda: paged(house)[-1] == "ben")

    play(tmp_path, story, policy=ROTA, began=BEFORE)


def test_a_hand_over_that_was_slept_through_is_told_at_the_start_and_never_twice(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await until(house, MONDAY - timedelta(minutes=1))
        await house.crash()
        await house.pass_time(600)
        await house.wake()
        await house.text(house.ben, "You are on call")
        await house.text(house.anna, "Ben has noc now")
        await house.crash()
        await house.wake()
        await house.daemon.reload()
        await house.pass_time(600)
        assert len(house.ben.texts("You are on call")) == 1

    play(tmp_path, story, policy=ROTA, began=BEFORE)


def test_a_rota_that_says_so_hands_over_in_silence(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await until(house, MONDAY + timedelta(minutes=2))
        assert texts(house.ben) == texts(house.anna) == []
        assert "hand_over" in house.events()

    play(tmp_path, story, policy=ROTA.replace('name = "noc"\nzone', 'name = "noc"\ntell = false\nzone'), began=BEFORE)


def test_a_reload_that_changes_the_rota_is_a_hand_over_and_one_that_drops_it_is_forgotten(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.path.write_text(house.toml.replace('people = ["anna", "ben"]', 'people = ["ben", "anna"]'))
        assert await house.daemon.reload() == []
        await house.text(house.ben, "You are on call for noc until Mon 23 Nov 09:00. Anna hands over")
        without = house.toml[: house.toml.index("[[rotas]]")] + house.toml[house.toml.index("[[modems]]") :]
        house.path.write_text(without.replace("rota:noc", "anna").replace("backup:noc", "ben"))
        assert await house.daemon.reload() == []
        await house.until(lambda: not house.daemon.store.peek(lambda r: r.all("SELECT * FROM hand_over")))
        assert not house.daemon.store.peek(lambda r: r.all("SELECT * FROM wait WHERE kind = 'hand_over'"))

    play(tmp_path, story, policy=ROTA)


def test_a_clock_that_is_set_does_not_move_the_hand_over(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.clock.set_wall(3 * 3600 * SECOND)
        await house.pass_time(60)
        await until(house, MONDAY - timedelta(minutes=2))
        assert texts(house.ben) == []
        await house.text(house.ben, "You are on call", 240)

    play(tmp_path, story, policy=ROTA, began=MONDAY - timedelta(hours=4))


def test_a_clock_that_was_lost_over_a_restart_tells_nobody_of_a_duty_they_have_not(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        years = 50 * 365 * 24 * 3600 * SECOND
        await house.crash()
        house.clock.set_wall(-years)
        house.clock.step()
        await house.wake()
        await house.pass_time(120)
        house.clock.set_wall(years)
        await house.pass_time(120)
        assert texts(house.anna) == texts(house.ben) == texts(house.cara) == []
        await until(house, MONDAY + timedelta(minutes=1))
        await house.text(house.ben, "You are on call")

    play(tmp_path, story, policy=ROTA, began=BEFORE)


def test_a_clock_that_stays_wrong_tells_who_is_paged_by_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.crash()
        house.clock.set_wall(-50 * 365 * 24 * 3600 * SECOND)
        house.clock.step()
        await house.wake()
        await house.text(house.cara, "You are on call", 700)
        await house.alert()
        await house.until(lambda: paged(house) == ["cara"])

    play(tmp_path, story, policy=ROTA)


def test_who_learns_gets_a_copy_that_asks_for_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await change(house, kind="shadowing", person="cara", of="anna", rota="noc", since="now", until="+1d")
        await house.alert()
        assert (await house.text(house.cara, "edge2")).startswith("(copy) ")
        assert await house.text(house.cara, "edge2") == "(copy) 10 CRITICAL network: edge2 uplink down"
        await house.text(house.ben, "edge2 uplink down", 400)  # who is next is paged as ever, and not shadowed
        assert len(house.cara.texts("(copy)")) == 1
        incident = await house.incident()
        assert [m["kind"] for m in incident["messages"]] == ["page", "copy", "page"]
        assert "cara" not in [page["person"] for page in incident["pages"]]

    play(tmp_path, story, policy=ROTA)


def test_of_a_storm_who_learns_hears_a_part(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await change(house, kind="shadowing", person="cara", since="now", until="+1d")
        for number in range(14):
            await house.alert(f"k{number}", summary=f"fault {number}", service=f"s{number}")
        await house.until(lambda: len(house.cara.texts("(copy)")) == 10, 300)
        await house.pass_time(120)
        assert len(house.cara.texts("(copy)")) == 10
        assert house.events().count("copy_withheld") >= 4

    play(tmp_path, story, policy=ROTA)


def test_the_journal_says_why_it_was_this_person(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.ben, "edge2 uplink down", 400)
        lines = house.daemon.store.peek(journal.rows, limit=1_000)
        planned = [json.loads(line["words"]) for line in lines if line["event"] == "page_planned"]
        assert planned[0] == {"person": "anna", "why": "rota:noc: their turn in 'weeks'"}
        assert planned[1] == {"person": "ben", "why": "backup:noc: anna has the duty, and they would be next"}

    play(tmp_path, story, policy=ROTA)


def test_an_exported_calendar_can_be_taken_over_with_another_person_in_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        async with Client(house.daemon.config.socket) as client:
            feed = await client.get("/api/v1/rotas/noc/calendar.ics")
            events = icalendar.Calendar.from_ical(feed).walk("VEVENT")
            assert {str(event["SUMMARY"]) for event in events} >= {"noc: anna", "noc: ben"}
            turned = feed.replace("noc: anna", "noc: cara").encode()
            taken = await client.post("/api/v1/rotas/noc/overrides.ics", turned)
        assert len(taken["booked"]) > 25, "the turns of anna; those of ben the rota has by itself"
        await house.text(house.cara, "You are on call for noc until Mon 23 Nov 09:00")
        await house.alert()
        await house.until(lambda: paged(house) == ["cara"])

    play(tmp_path, story, policy=ROTA)
