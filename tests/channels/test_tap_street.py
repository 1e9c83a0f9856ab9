"""The simulator's terminal, in a process of its own: on TCP, and behind a modem on a pty. By other hands than ours."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gatewayd.channels.tap import Tap, TapSettings
from gatewayd.clock import Clock
from gatewayd.delivery.outcome import Accepted, Refused
from tests.channels.house import RecordingHouse, booked, submission, until

HWSIM = Path(__file__).parents[2] / "hw-sim"


class Street:
    """The simulator's addresses and its control socket."""

    def __init__(self, ready: dict[str, Any]) -> None:
        self.tcp: str = next(iter(ready["bureaus"].values()))["tap"]["tap1"].replace("tcp:", "tcp://", 1)
        self.modem: str = next(iter(ready["dialups"].values()))
        self._control = ready["control"].removeprefix("unix:")

    async def shown(self, pager: str) -> list[str]:
        """What this pager has shown."""
        reader, writer = await asyncio.open_unix_connection(self._control)
        writer.write(f"GET /pagers/{pager} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return [text["text"] for text in json.loads(answer.partition(b"\r\n\r\n")[2])["inbox"]]


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    arguments = ["--dir", str(tmp_path), "--pager", "4711:Anna", "--pager", "4712:Ben", "--tap", "tcp:0"]
    arguments += ["--dial", "5551000", "--control", f"unix:{tmp_path}/control"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hwsim", *arguments, cwd=HWSIM, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    yield Street(json.loads(await asyncio.wait_for(process.stdout.readline(), 10)))
    process.terminate()
    await process.wait()


@contextlib.asynccontextmanager
async def called(house: RecordingHouse, **settings: Any) -> AsyncIterator[Tap]:
    tap = Tap(TapSettings(name="bureau", **settings), house, Clock())
    task = asyncio.create_task(tap.run())
    await until(tap.ready, within_s=10)
    yield tap
    await tap.drain(5.0)
    await asyncio.wait_for(task, 5)


async def pages(tap: Tap) -> None:
    """Two in one call, and one for nobody."""
    given = [
        tap.send(submission(1, recipient="4711", segment="42 CRITICAL db1 down"), booked),
        tap.send(submission(2, recipient="4799", segment="42 CRITICAL db1 down"), booked),
        tap.send(submission(3, recipient="4712", segment="43 WARNING two\nlines"), booked),
    ]
    first, nobody, second = await asyncio.wait_for(asyncio.gather(*given), 60)
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert isinstance(nobody, Refused)
    assert nobody.scope == "recipient"


async def seen(street: Street, pager: str, texts: list[str]) -> None:
    end = asyncio.get_running_loop().time() + 10
    while (shown := await street.shown(pager)) != texts:
        assert asyncio.get_running_loop().time() < end, shown


async def test_over_tcp(street: Street) -> None:
    house = RecordingHouse()
    async with called(house, end=street.tcp) as tap:
        await pages(tap)
        await seen(street, "4711", ["42 CRITICAL db1 down"])
        await seen(street, "4712", ["43 WARNING two\nlines"])
    assert [health.state for health in house.healths] == ["up", "down"]


async def test_dialled(street: Street) -> None:
    """Twice: the modem must be ready to dial again after the first call."""
    house = RecordingHouse()
    async with called(house, end=street.modem, dial="5551000") as tap:
        await pages(tap)
        again = tap.send(submission(4, recipient="4711", segment="44 CRITICAL again"), booked)
        assert isinstance(await asyncio.wait_for(again, 60), Accepted)
        await seen(street, "4711", ["42 CRITICAL db1 down", "44 CRITICAL again"])
    assert [health.state for health in house.healths] == ["up", "down"]
