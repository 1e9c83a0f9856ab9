"""The only watch: what it shows, what it keeps to itself until it is asked, and what never jumps."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.clock import SECOND, Clock, LoopClock, iso, pause
from tests import virtual

EPOCH = datetime(2026, 11, 22, 4, 12, tzinfo=UTC)
EPOCH_US = int(EPOCH.timestamp()) * SECOND
HOUR = 3600 * SECOND


@dataclass
class Machine:
    """Its two clocks, and the watch of the house. `passes` is time, `is_set` is what an operator or NTP does."""

    watch: Clock
    passes: Callable[[float], None]
    is_set: Callable[[int], None]


class _Hands:
    passed = 1000.0
    set_us = 0

    def time(self) -> float:
        return self.passed

    def passes(self, seconds: float) -> None:
        self.passed += seconds

    def is_set(self, by_us: int) -> None:
        self.set_us += by_us


@pytest.fixture(params=["the machine's", "a loop's"])
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Machine:
    hands = _Hands()
    if request.param == "a loop's":
        loop_clock = LoopClock(hands, epoch=EPOCH)  # type: ignore[arg-type]  # all it asks of a loop is the time
        return Machine(loop_clock, hands.passes, loop_clock.set_wall)
    ns = 1000
    monkeypatch.setattr(time, "monotonic_ns", lambda: int(hands.passed * SECOND) * ns)
    monkeypatch.setattr(time, "time_ns", lambda: (EPOCH_US + int(hands.passed * SECOND) + hands.set_us) * ns)
    return Machine(Clock(), hands.passes, hands.is_set)


def test_both_clocks_go_at_the_same_pace(machine: Machine) -> None:
    wall, mono = machine.watch.now(), machine.watch.monotonic()
    assert wall == EPOCH_US + 1000 * SECOND
    machine.passes(90.5)
    assert machine.watch.now() - wall == 90_500_000
    assert machine.watch.monotonic() - mono == 90.5
    assert machine.watch.step() == 0, "it only ticked"


@pytest.mark.parametrize("by", [HOUR, -HOUR, -50 * 365 * 24 * HOUR, 1], ids=["on", "back", "to the past", "a hair"])
def test_a_wall_that_was_set_is_shown_when_it_was_asked_for_and_not_before(machine: Machine, by: int) -> None:
    before = machine.watch.now()
    machine.is_set(by)
    machine.passes(10)
    assert machine.watch.now() == before + 10 * SECOND, "nothing is booked by the new time yet"
    assert machine.watch.step() == by
    assert machine.watch.now() == before + 10 * SECOND + by
    assert machine.watch.step() == 0, "a step is told once"


def test_steps_between_two_looks_are_one(machine: Machine) -> None:
    for by in (HOUR, -HOUR // 2, 7):
        machine.is_set(by)
    assert machine.watch.step() == HOUR // 2 + 7
    machine.is_set(HOUR)
    machine.is_set(-HOUR)
    assert machine.watch.step() == 0, "set there and back is no step"


def test_what_is_monotonic_never_jumps(machine: Machine) -> None:
    before = machine.watch.monotonic()
    for by in (HOUR, -24 * HOUR):
        machine.is_set(by)
        assert machine.watch.monotonic() == before
        machine.watch.step()
        assert machine.watch.monotonic() == before


def test_a_watch_that_is_new_takes_the_wall_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that starts after the clock was set knows of no step."""
    right = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: right() - HOUR * 1000)
    watch = Clock()
    assert abs(watch.step()) < SECOND
    assert abs(watch.now() - right() // 1000 + HOUR) < 5 * SECOND


DEEDS = st.lists(
    st.tuples(st.just("passes"), st.integers(0, 10**6))
    | st.tuples(st.just("is set"), st.integers(-(10**15), 10**15))
    | st.tuples(st.just("is asked"), st.just(0))
)


@given(DEEDS)
def test_whatever_happens_no_step_is_lost_and_none_is_told_twice(deeds: list[tuple[str, int]]) -> None:
    hands = _Hands()
    watch = LoopClock(hands, epoch=EPOCH)  # type: ignore[arg-type]
    passed = told = was_set = 0
    for deed, amount in deeds:
        if deed == "passes":
            hands.passes(amount)
            passed += amount
        elif deed == "is set":
            watch.set_wall(amount)
            was_set += amount
        else:
            told += watch.step()
            assert told == was_set
        assert watch.now() == EPOCH_US + (1000 + passed) * SECOND + told
        assert watch.monotonic() == 1000 + passed


def test_the_real_one_agrees_with_the_machine() -> None:
    watch = Clock()
    first = watch.monotonic()
    assert abs(watch.now() - time.time() * SECOND) < 5 * SECOND
    assert abs(watch.monotonic() - time.monotonic()) < 5
    assert watch.monotonic() >= first
    assert abs(watch.step()) < SECOND, "NTP slews it by a hair at most while this runs"


def test_a_pause_lasts_on_the_loop_of_the_story_and_takes_no_time_of_ours() -> None:
    async def story() -> float:
        loop = asyncio.get_running_loop()
        watch = LoopClock(loop, epoch=EPOCH)
        before = watch.now()
        await pause(3600)
        assert watch.now() - before == HOUR
        return loop.time()

    began = time.monotonic()
    assert virtual.run(story()) == 3600
    assert time.monotonic() - began < 60


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (None, None),
        (0, "1970-01-01T00:00:00.000Z"),
        (EPOCH_US, "2026-11-22T04:12:00.000Z"),
        (EPOCH_US + 5_999, "2026-11-22T04:12:00.005Z"),
        (EPOCH_US + 999_999, "2026-11-22T04:12:00.999Z"),
        (EPOCH_US + 59_999_999, "2026-11-22T04:12:59.999Z"),
        (-SECOND, "1969-12-31T23:59:59.000Z"),
    ],
)
def test_times_are_told_in_utc_and_never_before_they_are(at: int | None, told: str | None) -> None:
    assert iso(at) == told


def test_virtual_time_goes_on_for_years() -> None:
    async def story() -> float:
        loop = asyncio.get_running_loop()
        while loop.time() < 20 * 365 * 86_400:
            await pause(86_400.123_456)
        return loop.time()

    assert virtual.run(story()) > 20 * 365 * 86_400
