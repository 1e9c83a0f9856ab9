"""How long the air needs for what waits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.delivery.airtime import Drain, Waiting, drain


def test_one_modem_needs_three_seconds_for_each() -> None:
    assert drain([Waiting(("modem1",), 100, 10)], {"modem1": 3.0}) == {"modem1": Drain(300.0, 30.0)}


def test_what_two_share_is_done_in_half_the_time() -> None:
    found = drain([Waiting(("modem1", "modem2"), 100, 0)], {"modem1": 3.0, "modem2": 3.0})
    assert [round(one.all_s) for one in found.values()] == [150, 150]


def test_a_quick_one_takes_more_of_what_is_shared() -> None:
    found = drain([Waiting(("modem", "bureau"), 80, 0)], {"modem": 3.0, "bureau": 1.0})
    assert round(found["bureau"].all_s) == round(found["modem"].all_s) == 60


def test_a_channel_that_is_not_there_takes_nothing() -> None:
    assert drain([Waiting(("gone",), 5, 5)], {"modem": 3.0}) == {"modem": Drain(0.0, 0.0)}


@given(st.integers(0, 10_000), st.lists(st.floats(0.01, 60), min_size=1, max_size=8))
def test_all_that_waits_is_counted_once(texts: int, seconds: list[float]) -> None:
    paces = {f"m{n}": s for n, s in enumerate(seconds)}
    found = drain([Waiting(tuple(paces), texts, texts)], paces)
    carried = sum(found[name].all_s / paces[name] for name in paces)
    assert abs(carried - texts) < 1e-6 * max(texts, 1)
