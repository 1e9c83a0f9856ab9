"""One modem by which two bureaus are dialled: a queue for the line, the critical first."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from gatewayd.channels.supervise import Supervisor
from gatewayd.channels.tap import Tap, TapSettings
from gatewayd.channels.tap_shared import SharedLine
from gatewayd.delivery.outcome import Accepted
from tests.channels import virtual
from tests.channels.house import RecordingHouse, until
from tests.channels.tap_story import CRITICAL, NORMAL, Bureau
from tests.channels.tap_terminal import Terminal

NORTH, SOUTH = "5551000", "5552000"


def tell(
    story: Callable[[Bureau, Bureau], Awaitable[None]], *, takes_s: float = 0.0, busy_s: float = 0.0, **changes: object
) -> None:
    """`changes` are of both; for `busy_s` somebody else has the line at first."""

    async def whole(path: Path) -> None:
        terminal, line = Terminal(path, modem=True, takes_s=takes_s), SharedLine()
        terminal.listen()
        if busy_s:
            await line.take("somebody else", lambda: False)
            asyncio.get_running_loop().call_later(busy_s, line.free)
        bureaus, tasks = [], []
        for name, number in (("north", NORTH), ("south", SOUTH)):
            house = RecordingHouse()
            settings = TapSettings(**{"name": name, "end": f"unix:{path}", "dial": number, **changes})  # type: ignore[arg-type]
            tap = Tap(settings, house, virtual.clock(), line=line)
            tasks.append(asyncio.create_task(Supervisor([tap], house, virtual.clock()).run()))
            bureaus.append(Bureau(terminal, tap, house))
        try:
            for bureau in bureaus:
                await bureau.up()
            await story(*bureaus)
        finally:
            for task in tasks:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            terminal.unplug()

    with tempfile.TemporaryDirectory() as directory:
        virtual.run(whole(Path(directory) / "line"))


def dialled(terminal: Terminal) -> list[str]:
    return [command.removeprefix("ATDT") for command in terminal.commands if command.startswith("ATDT")]


def test_both_are_called_one_after_the_other() -> None:
    async def story(north: Bureau, south: Bureau) -> None:
        pages = [bureau.page(f"{n} for all") for n in range(6) for bureau in (north, south)]
        assert await asyncio.gather(*pages) == [Accepted(None, "211")] * 12
        assert dialled(north.terminal) == [NORTH, SOUTH], "a call for each, whole"
        assert {health.state for bureau in (north, south) for health in bureau.house.healths} == {"up"}

    tell(story)


def test_a_critical_page_ends_the_call_of_another_that_has_less_urgent_ones() -> None:
    async def story(north: Bureau, south: Bureau) -> None:
        calm = [north.page(f"{n} can wait", priority=NORMAL) for n in range(9)]
        await until(lambda: north.terminal.texts)
        urgent = south.page("99 CRITICAL core down", priority=CRITICAL)
        await urgent
        assert len(north.terminal.texts) <= 4, "at most the page that was out, and the one behind it"
        await asyncio.gather(*calm)
        assert dialled(north.terminal) == [NORTH, SOUTH, NORTH]
        assert sorted(north.terminal.texts) == sorted(["99 CRITICAL core down", *(f"{n} can wait" for n in range(9))])

    tell(story, takes_s=2.0, hold_s=100)


@pytest.mark.parametrize("joins", [False, True])
def test_a_critical_page_does_not_wait_until_another_bureau_answers(joins: bool) -> None:
    """`joins`: its bureau waits for the line already, with what is not urgent."""

    async def story(north: Bureau, south: Bureau) -> None:
        north.terminal.dialled = [None, "CONNECT 2400"]
        calm = [north.page(f"{n} can wait", priority=NORMAL) for n in range(3)]
        await until(lambda: dialled(north.terminal))
        if joins:
            calm.append(south.page("can wait as well", priority=NORMAL))
            await asyncio.sleep(5)
            assert dialled(north.terminal) == [NORTH]
        began = south.now
        assert isinstance(await south.page("99 CRITICAL core down", priority=CRITICAL), Accepted)
        assert south.now - began < 20
        assert [type(outcome) for outcome in await asyncio.gather(*calm)] == [Accepted] * len(calm)
        assert dialled(north.terminal) == [NORTH, SOUTH, NORTH]
        assert {health.state for bureau in (north, south) for health in bureau.house.healths} == {"up"}

    tell(story)


def test_a_critical_page_waits_for_no_other_that_is_critical_to_be_called_off() -> None:
    async def story(north: Bureau, south: Bureau) -> None:
        north.terminal.dialled = [None, "CONNECT 2400"]
        first = north.page("1 CRITICAL", priority=CRITICAL)
        await until(lambda: dialled(north.terminal))
        second = south.page("2 CRITICAL", priority=CRITICAL)
        await asyncio.gather(first, second)
        assert dialled(north.terminal)[:2] == [NORTH, SOUTH]
        assert "down" in north.states, "it was dialled as long as it may be"

    tell(story, connect_wait_s=30.0)


def test_of_those_that_wait_the_one_with_a_critical_page_is_next() -> None:
    async def story() -> None:
        line, had = SharedLine(), []

        async def call(name: str, *, urgent: bool) -> None:
            assert await line.take(name, lambda: urgent)
            had.append(name)
            await asyncio.sleep(1)
            line.free()

        calm = [asyncio.create_task(call(name, urgent=False)) for name in ("first", "second", "third", "leaves")]
        await asyncio.sleep(0.5)
        urgent = asyncio.create_task(call("urgent", urgent=True))
        calm.pop().cancel()
        await asyncio.gather(*calm, urgent)
        assert had == ["first", "urgent", "second", "third"]

    virtual.run(story())


def test_a_bureau_that_leaves_while_it_waits_keeps_nobody() -> None:
    async def story(north: Bureau, south: Bureau) -> None:
        first = north.page("1 goes")
        await until(lambda: dialled(north.terminal))
        waits = south.page("2 waits")
        await asyncio.sleep(0.1)
        await south.tap.drain(5.0)
        assert not isinstance(await waits, Accepted)
        await first
        assert isinstance(await north.page("3 goes as well"), Accepted)

    tell(story, takes_s=2.0)


def test_who_waits_for_the_line_says_so_and_for_how_long() -> None:
    async def story(north: Bureau, south: Bureau) -> None:
        calm = [north.page(f"{n} for the north", priority=NORMAL) for n in range(3)]
        await until(lambda: north.terminal.texts)
        await south.page("9 for the south", priority=NORMAL)
        await asyncio.gather(*calm)
        assert [(health.state, health.note) for health in south.house.healths] == [
            ("up", ""),
            ("up", "waits for the line, 5 s"),
            ("up", "waits for the line, 10 s"),
            ("up", ""),
        ]
        assert {health.note for health in north.house.healths} == {""}

    tell(story, takes_s=4.0, hold_s=100)


def test_a_bureau_that_cannot_be_looked_at_yet_is_starting() -> None:
    async def story(north: Bureau, south: Bureau) -> None:
        for bureau in (north, south):
            told = [(health.state, health.note) for health in bureau.house.healths]
            assert (told[0], told[-1]) == (("starting", "waits for the line, 5 s"), ("up", ""))

    tell(story, busy_s=7.0)
