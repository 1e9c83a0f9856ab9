"""A bureau that limits its sessions: so many texts by one bind, and a pause before the next bind or call."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hwsim.tap_lines import TcpLine

from tests.house import ANNA, STRANGER, House
from tests.scenarios.bureau_by_hand import Lodge
from tests.scenarios.bureau_by_hand import play as play_by_hand
from tests.scenarios.test_bureau import PAGER, Office, free_port, play

PAUSE_S = 60
BINDS = f'[[ways]]\nchannel = "north"\nper_session = 4\nsession_pause_s = {PAUSE_S}\n'


async def page(office: Office, text: str, *, channel: str = "north", priority: str = "normal") -> None:
    body = {"to": f"short:{PAGER}", "text": text, "channel": channel, "priority": priority}
    await office.post("/api/v1/messages", body)


def accepted(office: Office, protocol: str) -> list[dict[str, Any]]:
    return office.entries("accepted", protocol=protocol)


def bursts(times: list[float]) -> list[int]:
    """How many came together, with less than the pause between them."""
    found = [1]
    for before, at in pairwise(times):
        if at - before < PAUSE_S - 1:
            found[-1] += 1
        else:
            found.append(1)
    return found


def test_a_bind_carries_so_many_texts_and_the_next_one_comes_after_the_pause(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        for number in range(10):
            await page(office, f"page {number:02}")
        await office.until(lambda: len(accepted(office, "smpp")) == 10, 400)
        entries = accepted(office, "smpp")
        assert bursts([entry["at"] for entry in entries]) == [4, 4, 2]
        assert len({entry["session"] for entry in entries}) == 3
        assert sorted(entry["text"] for entry in entries) == [f"page {number:02}" for number in range(10)]

    play(tmp_path, story, settings=BINDS)


def test_the_pause_outlasts_a_restart_but_a_critical_text_breaks_it(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        for number in range(4):
            await page(office, f"page {number:02}")
        await office.until(lambda: len(accepted(office, "smpp")) == 4)
        await office.pass_time(10)
        await office.crash()
        await office.wake(modems_up=False)
        await page(office, "in no hurry")
        await office.pass_time(30)
        assert len(accepted(office, "smpp")) == 4
        assert "pause" in office.daemon.ready()[1]["north"]
        await page(office, "it burns", priority="critical")
        await office.until(lambda: office.pager.texts("it burns"), 10)
        await office.until(lambda: office.pager.texts("no hurry"), 10)

    play(tmp_path, story, settings=BINDS)


def test_between_two_calls_is_a_pause_that_only_what_is_critical_breaks(tmp_path: Path) -> None:
    port = free_port()

    async def story(office: Office) -> None:
        line = TcpLine(office.street.terminals["north"], "tap1", f"tcp:{port}")
        office.street.terminals["north"].lines.append(line)
        await line.start()
        await office.until(lambda: "south" in office.daemon.dispatch.up(), 120)
        await page(office, "first", channel="south")
        await office.until(lambda: office.pager.texts("first"))
        await office.pass_time(5)
        for number in range(3):
            await page(office, f"later {number}", channel="south")
        await office.pass_time(20)
        assert not office.pager.texts("later")
        assert "its next call is in" in (await office.message(2))["reason"]
        await office.crash()
        await office.wake(modems_up=False)
        await office.pass_time(20)
        assert not office.pager.texts("later"), "a restart does not forget the last call"
        await office.until(lambda: len(office.pager.texts("later")) == 3, 60)
        assert len({entry["call"] for entry in accepted(office, "tap")[1:]}) == 1, "what had to wait goes in one call"
        await office.pass_time(10)
        await page(office, "it burns", channel="south", priority="critical")
        await office.until(lambda: office.pager.texts("it burns"), 10)

    tap = f'[[tap]]\nname = "south"\nend = "tcp://127.0.0.1:{port}"\n'
    play(tmp_path, story, settings=tap + f'[[ways]]\nchannel = "south"\nsession_pause_s = {PAUSE_S}\n')


@pytest.mark.parametrize("of_her", ["any phone", "bound to it"])
def test_the_pause_of_the_only_way_is_a_wait_and_a_page_breaks_it(tmp_path: Path, of_her: str) -> None:
    """No modem: until the next bind nothing is open, and yet there is a way."""
    bound = ', channel = "north"' if of_her == "bound to it" else ""
    people = f'[[people]]\nname = "anna"\ndevices = [{{ number = "{ANNA}"{bound} }}]\n'
    policy = '[[policies]]\nname = "p"\nsteps = [{ page = ["anna"] }]\nfallback = ["anna"]\n'

    async def story(lodge: Lodge) -> None:
        for number in range(4):
            await lodge.post("/api/v1/messages", {"to": "person:anna", "text": f"text {number}"})
        await lodge.until(lambda: len(lodge.bureau.texts) == 4)
        await lodge.pass_time(5)
        assert "pause" in lodge.daemon.ready()[1]["north"]
        to = {"to": STRANGER} | ({"channel": "north"} if bound else {})
        await lodge.post("/api/v1/messages", to | {"text": "in no hurry"})
        await lodge.pass_time(10)
        assert await lodge.state(5) == "queued"
        await lodge.crash()
        await House.wake(lodge, modems_up=False)
        await lodge.pass_time(10)
        assert len(lodge.bureau.texts) == 4, "the pause survives"
        assert await lodge.state(5) == "queued"
        await lodge.alert()
        await lodge.until(lambda: any("CRITICAL" in text.text for text in lodge.bureau.texts), 5)
        await lodge.until(lambda: lodge.bureau.texts[-1].text == "in no hurry", 5)

    settings = BINDS if bound else f"any_phone = true\n{BINDS}"
    play_by_hand(tmp_path, story, settings=settings, people=people, policy=policy)
