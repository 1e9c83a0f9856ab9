"""Which page goes next in a call, and when a call is late."""

from __future__ import annotations

from gatewayd.wire.tap_calls import SUSPECTS_MAX, Suspects, Waiting, late_after_s, next_of


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


def test_a_page_that_has_ended_calls_goes_last_of_those_as_urgent() -> None:
    assert order(Waiting("a", 1, 1.0, ended=1), Waiting("b", 1, 5.0), Waiting("c", 2, 0.0)) == "bac"


def test_a_page_at_which_calls_end_while_others_are_taken_is_at_fault_itself() -> None:
    suspects = Suspects()
    assert suspects.ended_at(("7", 1), "4712", others=True) == "page"
    assert suspects.ended_at(("7", 1), "4712", others=False) == "either", "nothing has been taken since"
    suspects.taken(("8", 1))
    assert suspects.ended_at(("7", 1), "4712", others=False) == "page"
    assert suspects.times(("7", 1)) == 3
    suspects.taken(("7", 1))
    assert suspects.times(("7", 1)) == 0


def test_where_calls_end_at_every_page_the_line_is_at_fault() -> None:
    suspects = Suspects()
    assert suspects.ended_at(("7", 1), "4712", others=False) == "either", "nobody can know yet"
    assert suspects.ended_at(("9", 1), "4712", others=False) == "either", "the same pager, and nothing else was tried"
    assert suspects.ended_at(("8", 1), "4711", others=False) == "line"
    assert suspects.ended_at(("7", 1), "4712", others=False) == "line"


def test_so_many_pages_are_remembered() -> None:
    suspects = Suspects()
    for number in range(3 * SUSPECTS_MAX):
        suspects.ended_at((str(number), 1), "4712", others=True)
    assert sum(suspects.times((str(number), 1)) for number in range(3 * SUSPECTS_MAX)) == SUSPECTS_MAX
