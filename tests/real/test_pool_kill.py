"""A real SIGKILL of a real daemon: neither the bucket nor the month of its SIM is full again afterwards."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gatewayd.web.client import Client
from tests.cli.house import CONFIG, House

HWSIM = Path(__file__).parents[2] / "hw-sim"
SCENE = '[[modem]]\nname = "ours"\nnumber = "+447700900001"\npersonality = "generic"\n'
LIMITS = '[[ways]]\nchannel = "modem1"\ncost = 1\nper_minute = 0.2\nburst = 4\nbudget = 10\n'
SENT_S = 10.0


@pytest.fixture
def port(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "scene.toml").write_text(SCENE)
    words = ["--dir", str(tmp_path / "street"), "--scene", str(tmp_path / "scene.toml")]
    with subprocess.Popen(
        [sys.executable, "-m", "hwsim", *words], cwd=HWSIM, stdout=subprocess.PIPE, text=True
    ) as told:
        assert told.stdout is not None
        try:
            yield json.loads(told.stdout.readline())["modems"]["ours"]["address"]
        finally:
            told.terminate()


async def left(daemon: Client) -> tuple[int, int]:
    """How many parts may go at once, and how many went this month."""
    (way,) = (await daemon.get("/api/v1/way", to="+447700900200"))["ways"]
    (channel,) = way["channels"]
    return channel["bucket"]["at_once"], channel["budget"]["parts"]


async def until(daemon: Client, wanted: tuple[int, int]) -> None:
    async with asyncio.timeout(SENT_S):
        while (found := await left(daemon)) != wanted:
            assert found[1] <= wanted[1], found
            await asyncio.sleep(0.05)


async def send(daemon: Client, text: str, **more: Any) -> None:
    await daemon.post("/api/v1/messages", {"to": "+447700900200", "text": text, **more})


async def test_a_kill_fills_no_bucket_and_forgets_no_money(tmp_path: Path, port: str) -> None:
    toml = (CONFIG + LIMITS).format(home=tmp_path).replace(f"{tmp_path}/no-such-modem", port)
    socket = tmp_path / "state" / "gatewayd.sock"
    with House(tmp_path, toml) as house:
        house.wait_for("modem1 is up")
        async with Client(socket) as daemon:
            for n in range(5):
                await send(daemon, f"text {n}")
            await until(daemon, (1, 3))  # of four one is kept for what is critical
        house.process.kill()
        house.process.wait(10)
    with House(tmp_path, toml) as house:
        house.wait_for("modem1 is up")
        async with Client(socket) as daemon:
            assert await left(daemon) == (1, 3)
            await send(daemon, "urgent", priority="critical")
            await until(daemon, (0, 4))
        assert house.stop() == 0
