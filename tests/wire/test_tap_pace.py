"""How many pages a bureau takes in a while: whatever is given and answered when, it never sees more."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.wire.tap_pace import TapPace, Turn
from tests.chance import examples

SPAN_S = 60.0
steps = st.lists(
    st.tuples(st.sampled_from(["critical", "other", "answer", "back"]), st.floats(0, 30), st.integers(0, 9)),
    max_size=80,
)


@dataclass
class Page:
    turn: Turn
    given_at: float
    answered_at: float | None = None


def play(most: int, steps: list[tuple[str, float, int]], *, critical: bool) -> list[Page]:
    """What is given as soon as it may, answered and given back in any order."""
    pace, now, pages = TapPace(most, SPAN_S), 0.0, list[Page]()
    for what, wait_s, which in steps:
        now += wait_s
        out = [page for page in pages if page.answered_at is None]
        if what == "answer" and out:
            page = out[which % len(out)]
            page.answered_at = now
            pace.over(page.turn, now)
        elif what == "back" and out:
            page = out[which % len(out)]
            pages.remove(page)
            pace.give_back(page.turn)
        elif what in ("critical", "other"):
            urgent = critical and what == "critical"
            if pace.free(now, critical=urgent) != 0:
                pages.append(Page(pace.take(), now))
            elif (at := pace.next_at(now, critical=urgent)) is not None:
                assert at > now
                assert pace.free(at, critical=urgent) != 0, "who waits so long finds a place"
        if not critical and most > 1:
            assert (pace.free(now, critical=True) or 0) >= max(1, most // 4), "what is critical goes at once"
    return pages


@given(most=st.integers(1, 12), steps=steps, late=st.floats(0, 1))
@examples(200)
def test_no_minute_of_the_bureau_sees_more_than_the_limit(
    most: int, steps: list[tuple[str, float, int]], late: float
) -> None:
    """It counts a page at some time between our giving it and its answer."""
    pages = play(most, steps, critical=True)
    counted = sorted(p.given_at + late * (p.answered_at - p.given_at) for p in pages if p.answered_at is not None)
    assert all(at >= before + SPAN_S - 1e-9 for before, at in zip(counted, counted[most:], strict=False))


@given(most=st.integers(1, 12), steps=steps)
@examples(200)
def test_no_number_of_other_pages_makes_a_critical_one_wait(most: int, steps: list[tuple[str, float, int]]) -> None:
    play(most, steps, critical=False)


@pytest.mark.parametrize(("most", "others"), [(1, 1), (2, 1), (4, 3), (7, 6), (8, 6), (20, 15)])
def test_a_quarter_is_kept_and_at_least_one_page_where_there_are_two(most: int, others: int) -> None:
    pace = TapPace(most, SPAN_S)
    assert (pace.free(0, critical=False), pace.free(0, critical=True)) == (others, most)


def test_without_a_limit_nothing_waits() -> None:
    pace = TapPace(None)
    for _ in range(100):
        pace.take()
    assert pace.free(0, critical=False) is None
    assert pace.next_at(5.0, critical=False) == 5.0


def test_until_an_answer_comes_nobody_knows_when_the_next_one_may_go() -> None:
    pace = TapPace(1, SPAN_S)
    turn = pace.take()
    assert pace.next_at(100, critical=True) is None
    pace.over(turn, 100)
    assert pace.next_at(100, critical=True) == 160
