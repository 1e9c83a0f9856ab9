"""The simulator in a process of its own, on a pty: hang-up, a new device behind the same link, and the speed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gatewayd.channels.modem import Modem, ModemSettings
from gatewayd.clock import Clock
from gatewayd.delivery.outcome import Accepted
from tests.channels.house import RecordingHouse, booked, submission, until

HWSIM = Path(__file__).parents[2] / "hw-sim"


class Process:
    """The simulator's process, its modem's path, and its control socket."""

    def __init__(self, port: str, control: str) -> None:
        self.port = port
        self._control = control.removeprefix("unix:")

    async def post(self, path: str, body: dict[str, object]) -> None:
        reader, writer = await asyncio.open_unix_connection(self._control)
        data = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(data)}\r\n\r\n"
        writer.write(head.encode() + data)
        assert b"200" in await reader.readline()
        writer.close()
        await writer.wait_closed()


@pytest.fixture
async def simulator(tmp_path: Path) -> AsyncIterator[Process]:
    arguments = ["--dir", str(tmp_path), "--phone", "+447700900123:Anna", "--control", f"unix:{tmp_path}/control"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hwsim", *arguments, cwd=HWSIM, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 10))
    yield Process(ready["modems"]["modem1"]["address"], ready["control"])
    process.terminate()
    await process.wait()


async def test_a_modem_that_goes_away_for_a_while(simulator: Process) -> None:
    house = RecordingHouse()
    modem = Modem(ModemSettings(name="m1", port=simulator.port), house, Clock())
    task = asyncio.create_task(modem.run())
    loop = asyncio.get_running_loop()
    await until(modem.ready, within_s=2.0)
    began = loop.time()
    for number in range(200):
        assert isinstance(await modem.send(submission(number), booked), Accepted)
    assert loop.time() - began < 2.0  # 250 a second are wanted; this leaves room for a busy machine
    await simulator.post("/modems/modem1/hangup", {"back_after_s": 1.0, "power": True})
    gone = loop.time()
    await until(lambda: not modem.ready(), within_s=0.5)
    await until(modem.ready, within_s=1.0 + 3.0)
    assert isinstance(await modem.send(submission(1000), booked), Accepted)
    assert loop.time() - gone < 1.0 + 3.0
    await simulator.post("/phones/%2B447700900123/reply", {"text": "ok 42"})
    await until(lambda: house.texts)
    assert house.texts[0].text == "ok 42"
    await modem.drain(5.0)
    with contextlib.suppress(asyncio.CancelledError):
        await task
