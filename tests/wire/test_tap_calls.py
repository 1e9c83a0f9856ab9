"""Which pages go in the next call."""

from __future__ import annotations

from gatewayd.wire.tap_calls import Waiting, for_next_call


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
