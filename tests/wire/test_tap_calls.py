"""Which pages go in the next call, and when one is late."""

from __future__ import annotations

from gatewayd.wire.tap_calls import Waiting, for_next_call, late_after_s


def keys(*waiting: Waiting, pages_max: int = 10, pager_pages_max: int | None = None) -> str:
    return "".join(page.key for page in for_next_call(waiting, pages_max=pages_max, pager_pages_max=pager_pages_max))


def test_the_most_urgent_first_then_the_oldest() -> None:
    assert keys(Waiting("a", "1", 2, 5.0), Waiting("b", "1", 0, 9.0), Waiting("c", "2", 2, 4.0)) == "bca"


def test_no_more_than_the_call_takes() -> None:
    assert keys(*(Waiting(key, "1", 1, at) for at, key in enumerate("abcd")), pages_max=3) == "abc"
    assert keys() == ""


def test_parts_keep_their_order() -> None:
    assert keys(Waiting("y", "1", 1, 1.0, 2), Waiting("x", "1", 1, 1.0, 1), Waiting("z", "1", 1, 1.0, 3)) == "xyz"


def test_one_pager_does_not_fill_the_call() -> None:
    flapping = [Waiting(key, "1", 1, at) for at, key in enumerate("abcd")]
    assert keys(*flapping, Waiting("o", "2", 1, 9.0), pages_max=3, pager_pages_max=2) == "abo"


def test_a_call_is_late_after_twenty_seconds_or_half_as_long_again_as_usual() -> None:
    assert late_after_s([]) == 20
    assert late_after_s([2.0, 3.0, 2.5]) == 20
    assert late_after_s([30.0, 28.0, 300.0]) == 45, "one that took very long changes nothing"
