"""As many reports as doubts: each doubt has one, and a page that was lost is never taken for delivered."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.delivery.receipts import Tried, Waiting, pair
from gatewayd.model import AttemptState

WORDS = ("delivered", "failed", "gave_up")


def doubt(number: int, message: int, round_: int = 0) -> Tried:
    return Tried(number, message, "4711", AttemptState.IN_DOUBT, None, None, 100, 10_000, round=round_)


@st.composite
def evenings(draw: st.DrawFn) -> tuple[list[Tried], dict[int, str], list[Waiting]]:
    """The doubts, what really became of those that the bureau has, and its reports of them, some more than once."""
    one = draw(st.booleans())
    count = draw(st.integers(2, 6))
    doubts = [doubt(number, 1 if one else draw(st.integers(1, 3))) for number in range(1, count + 1)]
    fates = {t.id: draw(st.sampled_from(WORDS)) for t in doubts if draw(st.integers(0, 3))}
    reports = []
    for number, fate in fates.items():
        forms = frozenset({f"R{number}", f"0R{number}"})
        words = draw(st.sampled_from([["forwarded"], [fate], [fate, fate], ["forwarded", fate]]))
        reports += [Waiting(forms if draw(st.booleans()) else frozenset({f"R{number}"}), word, 200) for word in words]
    return doubts, fates, draw(st.permutations(reports))


@given(evenings())
def test_what_was_lost_is_never_settled(evening: tuple[list[Tried], dict[int, str], list[Waiting]]) -> None:
    doubts, fates, reports = evening
    found = pair(doubts, reports)
    if found is None:
        return
    assert found in doubts
    assert set(fates) == {t.id for t in doubts}, "the bureau has all of them"
    assert len({t.message_id for t in doubts}) == 1 or set(fates.values()) == {reports[0].says}


def test_two_rounds_of_one_message_with_other_words_are_left_alone() -> None:
    rounds = [doubt(1, 1), doubt(2, 1, 1)]
    apart = [Waiting(frozenset({"a"}), "delivered", 200), Waiting(frozenset({"b"}), "failed", 200)]
    assert pair(rounds, apart) is None
    assert pair([doubt(1, 1), doubt(2, 1)], apart) is not None


def test_a_report_that_came_before_its_text_went_is_another_texts() -> None:
    early = [Waiting(frozenset({"a"}), "delivered", 50), Waiting(frozenset({"b"}), "delivered", 200)]
    assert pair([doubt(1, 1), doubt(2, 1)], early) is None
