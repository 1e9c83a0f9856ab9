"""A month's budget, a SIM's bucket, and a balance: figures by the rules alone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.delivery import balance, budget, every
from gatewayd.delivery.bucket import Bucket
from gatewayd.delivery.budget import Budget
from gatewayd.model import SECOND, Priority

LONDON = ZoneInfo("Europe/London")


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).astimezone(UTC).timestamp()) * SECOND


def test_levels_are_reached_by_money_or_by_parts_whichever_is_first() -> None:
    month = Budget(cost=1_000_000, parts=10)
    assert [month.level(cost, 0) for cost in (799_999, 800_000, 950_000, 1_000_000, 9_000_000)] == [0, 80, 95, 100, 100]
    assert month.level(0, 8) == 80
    assert not month.spent(900_000, 9, next_cost=100_000, next_parts=1)
    assert month.spent(900_000, 9, next_cost=100_001, next_parts=1)
    assert month.spent(0, 9, next_parts=2)
    assert month.told(123_456, 3) == "0.123456 of 1, 3 of 10 parts"


def test_what_is_critical_and_answers_are_never_stopped() -> None:
    assert budget.exempt("page", Priority.CRITICAL)
    assert budget.exempt("answer", Priority.NORMAL)
    assert not budget.exempt("page", Priority.HIGH)
    assert not budget.exempt("proof", Priority.LOW)


def test_a_month_is_that_of_the_wall_clock() -> None:
    assert budget.month_of(at("2026-03-31T23:30:00+00:00"), LONDON) == "2026-04"  # summer time
    assert budget.month_of(at("2026-11-30T23:59:59+00:00"), LONDON) == "2026-11"
    assert budget.month_ends(at("2026-12-05T00:00:00+00:00"), LONDON) == at("2027-01-01T00:00:00+00:00")
    assert budget.month_ends(at("2026-03-30T00:00:00+00:00"), LONDON) == at("2026-03-31T23:00:00+00:00")


@given(st.floats(0.5, 600), st.integers(1, 40), st.lists(st.tuples(st.integers(0, 90), st.booleans()), max_size=80))
def test_a_bucket_never_lets_more_go_than_it_says(per_minute: float, burst: int, tries: list[tuple[int, bool]]) -> None:
    """In any stretch of time: the burst and what came in meanwhile; twice the burst with what is critical."""
    bucket, now, full_at = Bucket(per_minute, burst), 10**15, 0
    went: list[tuple[int, bool]] = []
    for pause_s, critical in tries:
        now += pause_s * SECOND
        if bucket.free_at(full_at, critical=critical, now=now) <= now:
            full_at = bucket.taken(full_at, now=now)
            went.append((now, critical))
        assert bucket.left(full_at, now=now) >= -burst
    for first in range(len(went)):
        for last in range(first, len(went)):
            minutes = (went[last][0] - went[first][0]) / (60 * SECOND)
            size = 2 * burst if any(critical for _, critical in went[: last + 1]) else burst - burst // 4
            assert last - first + 1 <= size + per_minute * minutes + 1


def test_a_clock_that_was_set_back_does_not_close_a_bucket_for_years() -> None:
    bucket = Bucket(10, 5)
    assert bucket.free_at(10**18, critical=False, now=10**15) <= 10**15 + 120 * SECOND


@pytest.mark.parametrize(
    ("said", "sum_"),
    [
        ("Your balance is 5.20 GBP", 5.2),
        ("Your balance is 7.00. Valid to 31.12.2026", 7.0),
        ("Guthaben: 1.234,50 EUR bis 31.12.", 1234.5),
        ("You have 1,234 left", 1234.0),
        ("Bal 0,500", 0.5),
        ("-3.5", -3.5),
        ("no sum", None),
    ],
)
def test_a_balance_is_read(said: str, sum_: float | None) -> None:
    assert balance.amount(said) == sum_


@pytest.mark.parametrize(
    ("named", "sum_"),
    [
        ("7.00.", 7.0), ("7.00,", 7.0), ("12.", 12.0), (" 1.234,50.", 1234.5), ("1,234.", 1234.0), ("1 234,5", 1234.5),
        ("1.234.567", 1234567.0), ("-0.40", -0.4), ("007", 7.0), ("7.00.26", None), ("31.12.2026", None),
        ("1.2.3", None), (".", None), ("", None), ("-", None), ("GBP", None),
    ],
)  # fmt: skip
def test_what_a_pattern_found_is_read_as_a_sum_or_not_at_all(named: str, sum_: float | None) -> None:
    assert balance.number(named) == sum_


@pytest.mark.parametrize(("told", "seconds"), [("6h", 21_600), ("1d", 86_400), ("90m", 5_400), (" 30 s ", 30), (7, 7)])
def test_a_length_of_time_is_read(told: object, seconds: int) -> None:
    assert every.seconds(told) == seconds
    with pytest.raises(ValueError, match="length of time"):
        every.seconds("6 hours")
