"""Which page goes next in a call, and when a call is late."""

from __future__ import annotations

from gatewayd.wire.tap_calls import Waiting, late_after_s, next_of


def order(*waiting: Waiting) -> str:
    left, keys = list(waiting), ""
    while (page := next_of(left)) is not None:
        left.remove(page)
        keys += page.key
    return keys


def test_the_most_urgent_first_then_the_oldest() -> None:
    assert order(Waiting("a", 2, 5.0), Waiting("b", 0, 9.0), Waiting("c", 2, 4.0)) == "bca"
    assert order() == ""


def test_the_rest_of_a_text_goes_before_what_is_as_urgent_and_in_its_order() -> None:
    assert order(Waiting("z", 1, 9.0, 3), Waiting("b", 1, 1.0), Waiting("y", 1, 9.0, 2), Waiting("a", 0, 9.0)) == "ayzb"


def test_a_call_is_late_after_twenty_seconds_or_half_as_long_again_as_usual() -> None:
    assert late_after_s([]) == 20
    assert late_after_s([2.0, 3.0, 2.5]) == 20
    assert late_after_s([30.0, 28.0, 300.0]) == 45, "one that took very long changes nothing"
