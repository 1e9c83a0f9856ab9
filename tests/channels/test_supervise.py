"""Channels side by side: one that crashes comes back, and no other notices."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gatewayd.channels.contract import Book, Submission
from gatewayd.channels.supervise import RESTART_S_MAX, Supervisor
from gatewayd.delivery.outcome import Deferred, Outcome
from tests.channels import virtual
from tests.channels.house import RecordingHouse
from tests.channels.plain import PlainChannel


class Hand(PlainChannel):
    """A channel that does nothing, or crashes as often as told."""

    def __init__(self, name: str, *, crashes: int = 0, breaks_drain: bool = False) -> None:
        self.name = name
        self.starts: list[float] = []
        self.stopped = asyncio.Event()
        self._crashes = crashes
        self._breaks_drain = breaks_drain

    async def run(self) -> None:
        self.starts.append(asyncio.get_running_loop().time())
        if len(self.starts) <= self._crashes:
            raise RuntimeError("boom")
        await self.stopped.wait()

    async def send(self, submission: Submission, book: Book) -> Outcome:
        return Deferred("", "", 0)

    async def drain(self, timeout_s: float) -> None:
        self.stopped.set()
        if self._breaks_drain:
            raise RuntimeError("boom")


def test_a_crash_is_shown_logged_and_followed_by_another_try(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        house = RecordingHouse()
        bad, good = Hand("bad", crashes=10), Hand("good")
        task = asyncio.create_task(Supervisor([bad, good], house, virtual.clock()).run())
        await asyncio.sleep(1000)
        assert len(good.starts) == 1
        assert len(bad.starts) == 11
        waits = [later - sooner for sooner, later in zip(bad.starts, bad.starts[1:], strict=False)]
        assert waits[0] == pytest.approx(1.0)
        assert waits == sorted(waits)
        assert max(waits) <= RESTART_S_MAX + 1
        assert [health.reason for health in house.healths] == ["crashed: RuntimeError"] * 10
        task.cancel()
        await asyncio.wait([task])

    virtual.run(story())
    assert "boom" in caplog.text


def test_draining_reaches_all_though_one_fails(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        hands = [Hand("a", breaks_drain=True), Hand("b")]
        supervisor = Supervisor(hands, RecordingHouse(), virtual.clock())
        task = asyncio.create_task(supervisor.run())
        await asyncio.sleep(1)
        await supervisor.drain(5.0)
        await asyncio.wait_for(task, 5)

    virtual.run(story())
    assert "draining failed" in caplog.text


def test_cancelling_it_cancels_them() -> None:
    async def story() -> None:
        ended: list[str] = []

        class Watched(Hand):
            async def run(self) -> None:
                try:
                    await super().run()
                finally:
                    ended.append(self.name)

        channels: Any = [Watched("a"), Watched("b")]
        task = asyncio.create_task(Supervisor(channels, RecordingHouse(), virtual.clock()).run())
        await asyncio.sleep(1)
        task.cancel()
        await asyncio.wait([task])
        assert sorted(ended) == ["a", "b"]

    virtual.run(story())
