"""By whom texts go while a loop of proof of life fails."""

from __future__ import annotations

from gatewayd.delivery.proof import Known, doubts

NOW = 1_000_000
DELIVERED = "the network says delivered, and it heard nothing"


def good(sender: str, hearer: str, at: int | None = NOW) -> Known:
    return Known(sender, hearer, "", "", at)


def failed(sender: str, hearer: str, suspect: str, why: str = DELIVERED) -> Known:
    return Known(sender, hearer, why, suspect, NOW - 5)


def order(*pairs: Known, also: tuple[str, ...] = ()) -> list[str]:
    """The names of these pairs, whoever is to be used first in front."""
    found = doubts(pairs, since=NOW - 10)
    names = sorted({name for pair in pairs for name in (pair.sender, pair.hearer)} | set(also))
    return sorted(names, key=lambda name: found[name].resort if name in found else 0)


def test_nothing_is_avoided_while_nothing_fails_or_nobody_is_at_fault() -> None:
    assert doubts([good("m1", "m2"), good("m2", "m1", None)], since=NOW - 10) == {}
    assert doubts([failed("m1", "m2", "", "m2 is not there to hear it")], since=NOW - 10) == {}


def test_who_has_proven_that_it_sends_comes_first_though_it_heard_nothing() -> None:
    assert order(failed("m1", "m2", "m2"), good("m2", "m1")) == ["m2", "m1"]
    assert order(failed("m1", "m2", "m2"), good("m2", "m1", None)) == ["m2", "m1"], "nor is anything known against it"


def test_of_three_the_one_that_neither_hears_nor_sends_badly_comes_first() -> None:
    assert order(failed("m1", "m2", "m2"), good("m2", "m3"), good("m3", "m1")) == ["m3", "m2", "m1"]


def test_a_sender_that_reached_another_is_cleared_and_who_is_deaf_is_avoided() -> None:
    assert order(failed("m1", "m2", "m2"), good("m1", "m3"), good("m2", "m1"), good("m3", "m1"))[-1] == "m2"


def test_a_sender_whose_own_fault_it_is_stays_the_last_resort() -> None:
    pairs = (failed("m1", "m2", "m1", "m1 did not send it"), good("m1", "m3"), good("m2", "m1"), good("m3", "m1"))
    assert order(*pairs)[-1] == "m1"


def test_who_was_proven_long_ago_comes_after_who_was_lately_and_a_bureau_is_not_asked() -> None:
    pairs = (failed("m1", "m2", "m2"), good("m2", "m3", NOW - 50), good("m3", "m1"))
    assert order(*pairs, also=("bureau",)) == ["bureau", "m3", "m2", "m1"]
