"""Whose fault a throttle answer is."""

from __future__ import annotations

from gatewayd.wire.smpp_refusals import BEFORE_S, FORGOTTEN_S, OWN_S, Refusals


def full(refusals: Refusals, times: int, *, since: float = 0.0) -> list[int]:
    """A pager that is refused each second, and in between somebody else is texted."""
    told = []
    for n in range(times):
        told.append(refusals.refused("pager", since + n, since + n + 0.1))
        refusals.row_ends()
        refusals.taken("other", since + n + 0.5)
    return told


def test_a_number_that_is_refused_while_others_are_taken_is_refused_for_its_own_sake() -> None:
    refusals = Refusals()
    assert full(refusals, 5) == [0, 1, 2, 3, 4]
    assert refusals.refused("pager", 6.0, 6.1) == 5
    assert refusals.refused("pager", 7.0, 7.1) == 5, "nobody else was texted, but it is known"
    assert refusals.refused("other", 7.5, 7.6) == 0
    assert refusals.refused("pager", 8.0, 8.1) == 0, "nobody is taken now"


def test_what_was_under_way_says_nothing_of_a_number() -> None:
    """A rate in a full window: what was sent before the refusal, or after the next try, is taken."""
    refusals = Refusals()
    assert refusals.refused("a", 0.0, 1.0) == 0
    refusals.taken("b", 0.5)
    assert refusals.refused("a", 1.1, 1.2) == 0
    refusals.taken("c", 1.4)
    assert refusals.refused("a", 1.3, 1.5) == 0
    refusals.taken("a", 2.0)
    assert refusals.refused("a", 2.1, 2.2) == 0, "it was taken itself"


def test_what_is_long_ago_is_forgotten() -> None:
    refusals = Refusals()
    full(refusals, 4)
    assert refusals.refused("pager", 4 + FORGOTTEN_S, 4.2 + FORGOTTEN_S) == 0


def test_who_was_refused_leaves_the_next_place_to_others() -> None:
    refusals = Refusals()
    assert not refusals
    for at, number in enumerate(("a", "b", "a")):
        refusals.refused(number, float(at), float(at))
    assert refusals.after("a") == (2.0 + BEFORE_S, 3)
    assert refusals.after("b") == (1.0 + BEFORE_S, 2)
    assert refusals.after("c")[1] == 0
    refusals.row_ends()
    assert not refusals
    full(refusals, 2, since=10.0)
    assert refusals.after("pager")[0] == 11.1 + OWN_S
