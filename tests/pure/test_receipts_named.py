"""Which message a bureau's report speaks of: its name in several forms, its number, and how its text began."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.delivery.receipts import FINAL, Match, Tried, match_likely, match_named, match_nameless
from gatewayd.model import SECOND, AttemptState
from gatewayd.wire.smpp_message_id import matching_keys, stored_key

ANNA, BEN = "+447700900111", "+447700900112"
NOW = 10_000 * SECOND


def tried(number: int, name: str | None, to: str, text: str, state: str = "accepted", receipt: str = "") -> Tried:
    return Tried(number, number, to, AttemptState(state), name, None, number * SECOND, NOW, receipt, text)


def meant(
    said: str, to: str, known: Sequence[Tried], *, quotes: str = "", own: int | None = None, says: str = "delivered"
) -> Match:
    """As the house asks, with the forms that "auto" tries."""
    names = matching_keys(said, "auto")
    sure = match_named(names, to, known, quotes=quotes, says=says)
    return sure or match_likely(names, to, known, known, own_reference=own, quotes=quotes, says=says)


def test_a_number_that_is_another_messages_in_hexadecimal_waits_for_its_own() -> None:
    """16 is 10 in hexadecimal: message 10 was Anna's, message 16 is Ben's and has not been answered yet."""
    hers, his = tried(10, "10", ANNA, "message 10"), tried(16, None, BEN, "message 16", "started")
    assert meant("16", BEN, [hers, his], quotes="message 16").verdict == "early"
    assert meant("16", BEN, [hers, his]).verdict == "early"
    assert meant("16", BEN, [hers], quotes="message 16").verdict == "unknown", "another user of the account sent it"
    lost = tried(16, None, BEN, "message 16", "in_doubt")
    assert meant("16", BEN, [hers, lost]) == Match("settles", lost, "the only attempt in doubt that fits")
    answered = tried(16, "16", BEN, "message 16")
    assert meant("16", BEN, [hers, answered]) == Match("applied", answered)


def test_of_one_persons_messages_the_words_tell_or_nobody_does() -> None:
    first, second = tried(10, "10", ANNA, "PROD 42 disk full"), tried(16, None, ANNA, "PROD 17 link down", "in_doubt")
    assert meant("16", ANNA, [first, second], quotes="PROD 17 link down").attempt == second
    assert meant("16", ANNA, [first, second]).verdict == "ambiguous"
    assert meant("16", ANNA, [first, second], own=16).attempt == second, "the bureau repeats our number"
    known = tried(16, "16", ANNA, "PROD 17 link down")
    assert meant("16", ANNA, [first, known]).attempt == known, "as it is written comes first"
    assert meant("16", ANNA, [first, known], quotes="PROD 42 disk full").attempt == first


def test_other_forms_count_when_number_and_words_agree() -> None:
    hers = tried(1, "1a2b", ANNA, "disk full")
    assert meant("6699", ANNA, [hers]).attempt == hers
    assert meant("6699", ANNA, [hers], quotes="disk full").attempt == hers
    assert meant("6699", BEN, [hers], quotes="disk full").verdict == "unknown"
    assert meant("6699", ANNA, [hers], quotes="link down").verdict == "unknown"
    both = [tried(1, "10", ANNA, "disk full"), tried(2, "22", ANNA, "disk full")]
    assert meant("16", ANNA, both).verdict == "ambiguous", "10 in hexadecimal, or hexadecimal for 22"


@pytest.mark.parametrize("to", ["60000", "", "07700900111"])
def test_a_bureau_that_writes_numbers_in_its_own_way_is_understood_by_the_name(to: str) -> None:
    hers = tried(1, "a1", ANNA, "disk full")
    assert meant("A1", to, [hers]).attempt == hers
    assert meant("A1", to, [hers], quotes="disk full").attempt == hers
    assert meant("A1", ANNA, [hers], quotes="words of its own").attempt == hers


def test_a_name_that_comes_again_is_not_the_message_of_long_ago() -> None:
    """The bureau counts from 1 again; only the new message has that number and those words."""
    old, new = tried(1, "16", ANNA, "disk full"), tried(900, None, BEN, "link down", "in_doubt")
    assert meant("16", BEN, [old], quotes="link down").verdict == "unknown"
    assert meant("16", BEN, [old, new], quotes="link down").attempt == new
    assert meant("16", BEN, [old, new]).verdict == "ambiguous"


def test_delivered_after_all() -> None:
    gave_up = tried(1, "a1", ANNA, "disk full", receipt="gave_up")
    assert meant("a1", ANNA, [gave_up]).verdict == "applied"
    assert meant("a1", ANNA, [gave_up], says="failed").verdict == "repeated"
    for final in ("delivered", "failed"):
        assert meant("a1", ANNA, [tried(1, "a1", ANNA, "disk full", receipt=final)]).verdict == "repeated"


tries = st.lists(
    st.builds(
        tried, st.integers(1, 99), st.none() | st.integers(1, 40).map(str), st.sampled_from((ANNA, BEN)),
        st.sampled_from(("disk full", "link down")), st.sampled_from(("accepted", "in_doubt", "started")),
        st.sampled_from(("", *FINAL)),
    ),
    max_size=8, unique_by=lambda t: t.id,
)  # fmt: skip


@given(tries, st.integers(1, 64).map(str), st.sampled_from(("", "disk full", "link down")))
def test_another_form_never_wins_against_number_or_words(known: list[Tried], said: str, quotes: str) -> None:
    found = meant(said, ANNA, known, quotes=quotes)
    owner = found.attempt
    if owner is None or owner.reference == stored_key(said, "auto"):
        return
    assert owner.recipient == ANNA
    assert quotes in owner.text
    if found.verdict == "applied":
        assert not any(
            t.state is not AttemptState.ACCEPTED and t.recipient == ANNA and quotes in t.text for t in known
        ), "one whose name we do not know fits as well"


def nameless(to: str, accepted_s: int, known: Sequence[Tried], *, quotes: str = "") -> Match:
    return match_nameless(to, accepted_s * SECOND, known, quotes=quotes, says="delivered")


def test_a_report_without_a_name_must_mean_one_message_by_number_and_time() -> None:
    early, late = tried(1_000, "a", ANNA, "disk full"), tried(1_300, "b", ANNA, "link down")
    assert nameless(ANNA, 960, [early, late]).attempt == early, "the minute began before it"
    assert nameless(ANNA, 1_260, [early, late]).attempt == late
    assert nameless(BEN, 960, [early, late]).verdict == "unknown"
    assert nameless(ANNA, 3_000, [early, late]).verdict == "ambiguous"
    assert nameless(ANNA, 4_600, [early]).attempt == early, "the hour of summer time"
    assert nameless(ANNA, 1_000 + 2 * 86_400, [early]).verdict == "unknown", "of a message that we have forgotten"
    assert nameless(ANNA, 1_150, [early, late]).verdict == "ambiguous"
    assert nameless(ANNA, 1_150, [early, late], quotes="link down").attempt == late
    assert nameless(ANNA, 1_500, [early]).attempt == early, "the bureau's clock is off"


def test_a_report_without_a_name_twice_is_not_the_next_messages() -> None:
    told, other = tried(1_000, "a", ANNA, "disk full", receipt="delivered"), tried(1_300, "b", ANNA, "link down")
    assert nameless(ANNA, 1_000, [told, other]).verdict == "repeated"
    assert nameless(ANNA, 1_150, [told, other]).verdict == "ambiguous"


def test_a_report_without_a_name_waits_for_an_answer_and_settles_a_doubt() -> None:
    assert nameless(ANNA, 1_000, [tried(1_000, None, ANNA, "disk full", "started")]).verdict == "early"
    assert nameless(ANNA, 1_000, [tried(1_000, None, ANNA, "disk full", "in_doubt")]).verdict == "settles"
    two = [tried(1_000, None, ANNA, "disk full", "in_doubt"), tried(1_010, "b", ANNA, "link down")]
    assert nameless(ANNA, 1_000, two).verdict == "ambiguous"
