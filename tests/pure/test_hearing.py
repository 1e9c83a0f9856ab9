"""How long a phone's receipt is waited for, learnt from its last ones; and routes that give none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.delivery.hearing import (
    EXTRA_US,
    FEW,
    MARGIN,
    MEMORY,
    SAMPLES,
    SHARE_MIN,
    TRIALS_MIN,
    counted,
    gives_none,
    patience_us,
)
from gatewayd.model import SECOND

HOUR_US = 3600 * SECOND
SIM = "smpp:north"
delays = st.lists(st.integers(0, HOUR_US), max_size=SAMPLES)
bounds = st.tuples(st.integers(5, 300), st.integers(5, 300)).map(sorted)
usual = st.integers(5, 3600)


def patience(delays_us: list[int], usual_s: int = 90, s_min: int = 20, s_max: int = 300) -> int:
    return patience_us(delays_us, usual_s=usual_s, s_min=s_min, s_max=s_max)


@given(delays_us=delays, usual_s=usual, bounds=bounds)
def test_it_is_never_shorter_or_longer_than_it_may_be(delays_us: list[int], usual_s: int, bounds: list[int]) -> None:
    s_min, s_max = bounds
    assert s_min * SECOND <= patience(delays_us, usual_s, s_min, s_max) <= s_max * SECOND


@given(delays_us=st.lists(st.integers(0, HOUR_US), max_size=FEW - 1), usual_s=usual)
def test_few_receipts_teach_nothing(delays_us: list[int], usual_s: int) -> None:
    assert patience(delays_us, usual_s) == min(max(usual_s, 20), 300) * SECOND


@given(delays_us=st.lists(st.integers(0, HOUR_US), min_size=FEW, max_size=SAMPLES), first=usual, other=usual)
def test_what_was_learnt_counts_and_not_what_was_usual(delays_us: list[int], first: int, other: int) -> None:
    assert patience(delays_us, first) == patience(delays_us, other)


@given(
    delays_us=st.lists(st.integers(0, HOUR_US), min_size=FEW, max_size=SAMPLES),
    longer_us=st.integers(0, HOUR_US),
    which=st.integers(0, SAMPLES - 1),
)
def test_a_receipt_that_took_longer_never_makes_it_shorter(delays_us: list[int], longer_us: int, which: int) -> None:
    slower = list(delays_us)
    slower[which % len(slower)] += longer_us
    assert patience(slower) >= patience(delays_us)


@given(delays_us=st.lists(st.integers(0, HOUR_US), min_size=FEW, max_size=SAMPLES), data=st.data())
def test_the_order_in_which_they_came_does_not_matter(delays_us: list[int], data: st.DataObject) -> None:
    assert patience(data.draw(st.permutations(delays_us))) == patience(delays_us)


@given(delays_us=st.lists(st.integers(0, HOUR_US), min_size=FEW, max_size=SAMPLES))
def test_of_twenty_such_receipts_nineteen_come_in_time(delays_us: list[int]) -> None:
    """Unless the longest wait forbids it."""
    waited_us = patience(delays_us, s_max=10**6)
    assert sum(delay <= waited_us for delay in delays_us) >= 0.95 * len(delays_us)


@pytest.mark.parametrize("delay_s", [12, 40, 150])
@pytest.mark.parametrize("count", [FEW, 12, SAMPLES])
def test_a_steady_phone_has_its_time_and_a_margin(delay_s: int, count: int) -> None:
    assert patience([delay_s * SECOND] * count) == int(delay_s * SECOND * MARGIN) + EXTRA_US


def test_one_night_without_coverage_does_not_teach_a_long_wait() -> None:
    quick = [10 * SECOND] * (SAMPLES - 1)
    assert patience([*quick, 8 * HOUR_US]) == patience([*quick, 10 * SECOND])


@given(delays_us=delays, before_us=st.lists(st.integers(-HOUR_US, -1), max_size=FEW))
def test_a_receipt_from_before_its_text_is_a_clock_and_teaches_nothing(
    delays_us: list[int], before_us: list[int]
) -> None:
    assert patience([*before_us, *delays_us]) == patience(delays_us)


def test_bounds_that_cross_mean_the_longest_wait() -> None:
    """Two keys of the configuration may contradict each other: a page then rather goes on soon."""
    for delays_us in ([], [HOUR_US] * 9):
        assert patience(delays_us, s_min=300, s_max=60) == 60 * SECOND


@given(st.lists(st.booleans(), max_size=400))
def test_what_was_long_ago_fades(came: list[bool]) -> None:
    heard, missed = 0, 0
    for one in came:
        heard, missed = counted(heard, missed, came=one)
        assert 0 <= heard + missed < MEMORY


def test_a_route_is_judged_only_after_some_texts_and_is_believed_again_when_receipts_come() -> None:
    heard, missed = 0, 0
    for _ in range(TRIALS_MIN - 1):
        heard, missed = counted(heard, missed, came=False)
        assert not gives_none(SIM, heard, missed)
    heard, missed = counted(heard, missed, came=False)
    assert gives_none(SIM, heard, missed)
    for _ in range(500):
        heard, missed = counted(heard, missed, came=False)
    needed = 0
    while gives_none(SIM, heard, missed):
        heard, missed = counted(heard, missed, came=True)
        needed += 1
    assert needed <= MEMORY * SHARE_MIN + 4, "years without a receipt are not held against it for years"


def test_a_bureau_by_tap_gives_none_whatever_was_counted() -> None:
    assert gives_none("tap:north", 0, 0)
    assert gives_none("tap:north", MEMORY, 0)


@given(heard=st.integers(0, MEMORY), missed=st.integers(0, MEMORY))
def test_one_receipt_more_never_makes_a_route_one_that_gives_none(heard: int, missed: int) -> None:
    if heard + missed >= TRIALS_MIN and not gives_none(SIM, heard, missed):
        assert not gives_none(SIM, heard + 1, missed)
