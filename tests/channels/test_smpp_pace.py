"""The window and the pace: as much as the bureau takes and not more, and no page fails for it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gatewayd.delivery.outcome import Accepted, Deferred
from gatewayd.metrics import REGISTRY
from tests.channels.house import booked
from tests.channels.smpp_street import Block, live, until


@pytest.mark.parametrize(("window", "binds"), [(1, 1), (7, 1), (10, 3)])
def test_the_window_is_full_and_never_fuller(window: int, binds: int) -> None:
    """An answer takes 0.5 s: as many pages as fit into the windows go in each."""

    async def story(block: Block) -> None:
        await until(lambda: len(block.entries("bind")) == binds)
        await asyncio.sleep(0.1)
        began = asyncio.get_running_loop().time()
        done = await block.gives(20 * window * binds)
        assert all(isinstance(outcome, Accepted) for _, outcome in done)
        took_s = asyncio.get_running_loop().time() - began
        assert 10 <= took_s <= 11
        per_session = {entry["session"] for entry in block.entries("accepted")}
        assert len(per_session) == binds

    live(story, window=window, binds=binds, centre={"latency_s": 0.5, "window": window, "binds_max": 3})


@pytest.mark.parametrize("policy", ["throttle", "stall"])
def test_a_window_of_the_bureau_that_is_smaller_than_ours(policy: str) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        done = await block.gives(100)
        assert all(isinstance(outcome, Accepted) for _, outcome in done)
        assert block.street.ledger.duplicates() == []

    live(story, window=10, centre={"latency_s": 0.1, "window": 2, "window_policy": policy})


@pytest.mark.parametrize(("configured", "status"), [(True, "RTHROTTLED"), (False, "RTHROTTLED"), (False, "RMSGQFUL")])
def test_two_thousand_pages_in_ten_seconds(configured: bool, status: str) -> None:
    """The rate is the bureau's, told by configuration or learned; nothing fails and nothing counts as a try."""

    async def story(block: Block) -> None:
        await block.ready()
        began = asyncio.get_running_loop().time()
        done = await block.gives(2000)
        took_s = asyncio.get_running_loop().time() - began
        refused = len(block.entries("refused"))
        assert all(isinstance(outcome, Accepted) for _, outcome in done)
        assert len(block.entries("accepted")) == 2000
        assert block.street.ledger.duplicates() == []
        assert took_s <= (10.5 if configured else 11.5), took_s
        assert refused <= (20 if configured else 200), refused

    rate: dict[str, Any] = {"rate_per_s": 200} if configured else {}
    live(story, window=50, centre={"rate_per_s": 200, "rate_status": status, "window": 50, "latency_s": 0.02}, **rate)


def test_each_throttle_answer_is_counted() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        labels = {"channel": block.smpp.name, "of": "bureau"}
        before = REGISTRY.get_sample_value("gatewayd_bureau_throttled_total", labels) or 0
        block.fault("throttle", times=7)
        await block.gives(3)
        assert len(block.entries("refused")) == 7
        assert REGISTRY.get_sample_value("gatewayd_bureau_throttled_total", labels) == before + 7

    live(story)


def test_the_first_pages_are_the_first_after_a_throttle() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        block.fault("throttle", times=10)
        out = [block.sending() for _ in range(10)]
        await asyncio.gather(*out)
        assert all(isinstance(task.result(), Accepted) for task in out)
        assert [entry["text"] for entry in block.entries("accepted")] == [block.text(n) for n in range(1, 11)]

    live(story)


@pytest.mark.parametrize("kind", ["throttle", "queue_full"])
def test_a_long_bar_hands_the_pages_back_as_not_tried(kind: str) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        block.fault(kind)
        began = asyncio.get_running_loop().time()
        out = [block.sending() for _ in range(5)]
        outcomes = await asyncio.gather(*out)
        assert 9 <= asyncio.get_running_loop().time() - began <= 11
        for outcome in outcomes:
            assert isinstance(outcome, Deferred)
            assert (outcome.scope, outcome.after_s >= 0.5) == ("channel", True)
        assert block.entries("accepted") == []
        assert len(block.entries("refused")) < 60
        block.street.clear_bureau_faults("north")
        await asyncio.sleep(15)
        await block.works()

    live(story)


def test_the_dispatcher_is_told_when_there_is_room() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        assert block.smpp.room() >= 1
        await block.send()
        assert 0.9 <= block.smpp.pause_s() <= 1.01
        assert block.smpp.room() == 0
        await asyncio.sleep(1.01)
        assert (block.smpp.pause_s(), block.smpp.room()) == (0, 1)

    live(story, rate_per_s=1)


def test_a_page_that_is_being_booked_has_its_room() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        gate = asyncio.Event()

        async def slow() -> bool:
            await gate.wait()
            return await booked()

        out = [asyncio.create_task(block.smpp.send(block.part(), slow)) for _ in range(3)]
        await asyncio.sleep(0.1)
        assert block.smpp.room() == 0
        gate.set()
        assert all(isinstance(outcome, Accepted) for outcome in await asyncio.gather(*out))

    live(story, window=3)


def test_what_is_critical_passes_those_that_wait_for_a_bureau_that_throttles() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        block.fault("throttle")
        others = [block.sending(priority=2) for _ in range(10)]
        await asyncio.sleep(3)
        assert block.smpp.room() == 0
        await until(lambda: block.smpp.room(critical=True) > 0)
        urgent = [block.sending(priority=0) for _ in range(3)]
        await asyncio.sleep(2)
        block.street.clear_bureau_faults("north")
        await asyncio.gather(*others, *urgent)
        texts = [entry["text"] for entry in block.entries("accepted")]
        assert texts[:3] == [block.text(number) for number in (11, 12, 13)]
        assert len(texts) == 13
        assert len(block.entries("refused")) < 60

    live(story)


def test_what_is_critical_has_room_while_others_wait_for_a_rate_that_was_learnt() -> None:
    """Each place of the rate has somebody who waits for it."""

    async def story(block: Block) -> None:
        await block.ready()
        others = [block.sending(priority=2) for _ in range(120)]
        await asyncio.sleep(2)
        for _ in range(4):
            began = asyncio.get_running_loop().time()
            await until(lambda: block.smpp.room(critical=True) > 0)
            assert isinstance(await block.sending(priority=0), Accepted)
            assert asyncio.get_running_loop().time() - began < 1.1
            assert sum(not task.done() for task in others) > 5
        await asyncio.gather(*others)

    live(story, window=50, centre={"rate_per_s": 20, "window": 50, "latency_s": 0.02})


def test_the_most_urgent_of_those_that_wait_goes_back_in_time() -> None:
    """What stands in front may have been given last: each has its own patience."""

    async def story(block: Block) -> None:
        await block.ready()
        block.fault("throttle")
        other = block.sending(priority=2)
        await asyncio.sleep(5)
        urgent = block.sending(priority=0)
        began = asyncio.get_running_loop().time()
        assert isinstance(await other, Deferred)
        assert 4 <= asyncio.get_running_loop().time() - began <= 6
        assert isinstance(await urgent, Deferred)

    live(story)
