"""A modem and a bureau in one house: a page by each, one answer for all of it, and a crash with a full window."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hwsim.smpp_centre import Account
from hwsim.smpp_listener import Listener
from hwsim.street import Street

from gatewayd.clock import LoopClock
from tests import crash
from tests.channels.smpp_street import PASSWORD, tell
from tests.house import ANNA, BEN, CARA, EPOCH, House

PAGER = "4711"
OURS = "60000"
PEOPLE = f"""
[[people]]
name = "anna"
full_name = "Anna"
devices = [{{ number = "{ANNA}" }}]
[[people]]
name = "ben"
full_name = "Ben"
devices = [{{ kind = "pager", number = "{PAGER}", channel = "north" }}]
[[people]]
name = "cara"
full_name = "Cara"
devices = [{{ number = "{CARA}" }}]
"""
POLICY = """
default_policy = "default"
[[policies]]
name = "default"
fallback = ["cara"]
[[policies.steps]]
page = ["anna", "ben"]
wait_s = 900
"""


class Office(House):
    """One modem, and one bureau with a two-way pager of Ben's."""

    def __init__(self, directory: Path, *, settings: str = "", centre: dict[str, object] | None = None) -> None:
        (directory / "password").write_text(PASSWORD)
        (directory / "password").chmod(0o600)
        self._port = free_port()
        self._centre = centre or {}
        bureau = (
            f'[[smpp]]\nname = "north"\nhost = "127.0.0.1"\nport = {self._port}\nsystem_id = "gateway"\n'
            f'password_file = "{directory}/password"\nsender = "{OURS}"\nreopen_s_max = 2\n{settings}\n'
        )
        super().__init__(directory, modems=1, config=bureau, policy=POLICY, people=PEOPLE)

    async def begin(self) -> None:
        loop = asyncio.get_running_loop()
        self.clock = LoopClock(loop, epoch=EPOCH)
        self._tasks = crash.Tasks(loop)
        self.street = Street(7, wall=lambda: self.clock.now() / 1e6)
        self.street.add_modem("modem1", "+447700900001", end=f"unix:{self.directory}/m1")
        self.street.add_bureau("north")
        self.north = self.street.centres["north"]
        for name, value in self._centre.items():
            setattr(self.north.settings, name, value)
        self.north.add_account(Account("gateway", PASSWORD, [OURS]))
        self.north.listeners.append(Listener(self.north, f"tcp:{self._port}"))
        self.anna, self.ben, self.cara = (
            self.street.add_phone(number, name) for number, name in ((ANNA, "Anna"), (BEN, "Ben"), (CARA, "Cara"))
        )
        self.pager = self.street.add_pager(PAGER, "Ben", two_way=True)
        await self.street.start()
        self._modems = 2  # channels that come up
        await self.wake()

    def entries(self, event: str, **having: object) -> list[dict[str, Any]]:
        return [
            entry
            for entry in self.street.ledger.entries
            if entry["event"] == event and all(entry.get(key) == value for key, value in having.items())
        ]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def play(directory: Path, story: Callable[[Office], Awaitable[None]], **settings: Any) -> None:
    async def told() -> None:
        office = Office(directory, **settings)
        await office.begin()
        try:
            await story(office)
            assert not (broken := office.broken()), "\n".join(broken)
            assert not (broken := office.entries("violation")), broken
        finally:
            await office.end()

    tell(told())


def test_a_page_by_each_and_one_ok_for_both(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        await office.alert()
        await office.text(office.anna, "edge2")
        await office.until(lambda: office.pager.texts("edge2"))
        await office.until(lambda: office.events().count("message_delivered") == 2)
        office.pager.reply("ok")
        await office.until(lambda: "incident_acknowledged" in office.events())
        assert (await office.incident())["state"] == "acknowledged"
        await office.text(office.anna, "Ben")
        await office.pass_time(1800)
        assert not office.cara.texts("edge2"), "nobody else is woken"
        assert len(office.entries("accepted", protocol="smpp")) <= 2

    play(tmp_path, story)


@pytest.mark.parametrize("throttled_on_s", [30, 0])
def test_an_ok_withdraws_what_waits_for_the_bureau(tmp_path: Path, throttled_on_s: int) -> None:
    async def story(office: Office) -> None:
        office.street.bureau_fault("north", {"kind": "throttle"})
        await office.alert()
        await office.text(office.anna, "edge2")
        await office.pass_time(30)
        office.anna.reply("ok")
        await office.until(lambda: "incident_acknowledged" in office.events())
        await office.pass_time(throttled_on_s)
        office.street.clear_bureau_faults("north")
        await office.pass_time(600)
        assert all("Anna" in entry["text"] for entry in office.entries("accepted", protocol="smpp")), "only who has it"

    play(tmp_path, story)


def test_two_pages_answered_with_the_same_word_are_both_acknowledged(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        for number, key in enumerate(("edge1/link", "edge2/link"), 1):
            await office.alert(key, summary=f"{key} down", service=f"service{number}")
            await office.until(lambda key=key: office.pager.texts(f"{key} down"))
            await office.pass_time(40)
            office.pager.reply("ok")
            await office.until(lambda number=number: office.events().count("incident_acknowledged") == number)
            await office.pass_time(80)

    play(tmp_path, story)


@pytest.mark.parametrize(("style", "again"), [("standard", 0), ("parameters-only", 10)])
def test_a_crash_with_a_full_window_loses_nothing_and_receipts_settle_the_doubts(
    tmp_path: Path, style: str, again: int
) -> None:
    """Where receipts quote the text they settle all doubts; where they do not, the window goes again, marked."""

    async def story(office: Office) -> None:
        pages = 60
        for number in range(pages):
            body = {
                "to": f"short:{PAGER}",
                "text": f"page {number:03} for the duty",
                "channel": "north",
                "priority": "low",
            }
            await office.post("/api/v1/messages", body)
        await office.until(lambda: len(office.entries("accepted", protocol="smpp")) >= 20, 60)
        await office.crash()
        before = len(office.entries("accepted", protocol="smpp"))
        assert before < pages
        await office.wake()
        states = [(await office.message(number))["attempts"] for number in range(1, pages + 1)]
        doubtful = sum(any(a["reason"] == "the process ended" for a in attempts) for attempts in states)
        assert 1 <= doubtful <= 10
        await office.pass_time(1200)
        texts = [entry["text"] for entry in office.entries("accepted", protocol="smpp")]
        for number in range(pages):
            assert any(f"page {number:03}" in text for text in texts), f"page {number} is lost"
        unmarked = [text for text in texts if not text.startswith("(rpt)")]
        assert len(unmarked) == len(set(unmarked)), "nothing goes twice without saying so"
        assert {(await office.message(number))["state"] for number in range(1, pages + 1)} == {"delivered"}
        assert len(texts) - pages <= again

    play(tmp_path, story, centre={"latency_s": 1.0, "receipt_delay_s": 20.0, "receipt_style": style})


def test_a_slow_bureau_with_a_wide_window_gets_its_rate(tmp_path: Path) -> None:
    """An answer takes a second; at 20 in a second some twenty pages are always out."""

    async def story(office: Office) -> None:
        pages = 100
        for number in range(pages):
            body = {"to": f"short:{PAGER}", "text": f"page {number:03} for the duty", "channel": "north"}
            await office.post("/api/v1/messages", body)
        await office.until(lambda: len(office.entries("accepted", protocol="smpp")) == pages, 60)
        at = [entry["at"] for entry in office.entries("accepted", protocol="smpp")]
        assert at[-1] - at[0] <= 6
        await office.until(lambda: office.events().count("message_delivered") == pages)

    play(tmp_path, story, settings="rate_per_s = 20\nwindow = 50", centre={"latency_s": 1.0, "window": 50})


def test_a_bureau_that_cannot_be_reached_from_the_start_is_in_the_log_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    nobody = f'[[smpp]]\nname = "south"\nhost = "127.0.0.1"\nport = {free_port()}\nsystem_id = "gateway"\n'

    async def story(office: Office) -> None:
        await office.pass_time(600)
        told = [line.getMessage() for line in caplog.records if "south" in line.getMessage()]
        assert told == ["south is down: cannot be reached: Connection refused"]

    play(tmp_path, story, settings=nobody)


def test_what_a_bureau_throttles_for_longer_than_a_short_patience_is_not_in_doubt(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        office.street.bureau_fault("north", {"kind": "throttle"})
        await office.alert()
        await office.pass_time(40)
        office.street.clear_bureau_faults("north")
        await office.until(lambda: office.pager.texts("edge2"), 60)
        shown = [text.text for text in office.pager.texts("edge2")]
        assert not [text for text in shown if text.startswith("(rpt)")], "nothing was taken, and we knew it"
        assert "message_in_doubt" not in office.events()

    play(tmp_path, story, settings="[delivery]\npatience_critical_s = 5\n")


def test_a_restart_gives_no_text_more_than_the_bureau_allows(tmp_path: Path) -> None:
    """One in ten seconds, and the daemon is killed after each second one."""

    async def story(office: Office) -> None:
        def accepted() -> list[dict[str, Any]]:
            return office.entries("accepted", protocol="smpp")

        for number in range(6):
            await office.post("/api/v1/messages", {"to": "person:ben", "text": f"text {number}"})
        for so_many in (2, 4):
            await office.until(lambda so_many=so_many: len(accepted()) == so_many, 60)
            await office.crash()
            await office.wake()
        await office.until(lambda: len(accepted()) == 6, 60)
        times = [entry["at"] for entry in accepted()]
        assert all(later - before > 9.5 for before, later in pairwise(times)), times
        await office.pass_time(30)

    play(tmp_path, story, settings="rate_per_s = 0.1")
