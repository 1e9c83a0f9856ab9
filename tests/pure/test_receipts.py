"""Which attempt a report speaks of, and what the reports of all parts say together."""

from __future__ import annotations

from itertools import islice, permutations

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.delivery.receipts import FINAL, WINDOW_US, PartTried, Tried, match, roll_up
from gatewayd.model import SECOND, AttemptState, MessageState

ANNA, BEN = "+447700900111", "+447700900112"
NOW = 10_000 * SECOND
tries = st.builds(
    Tried,
    id=st.integers(1, 10_000),
    message_id=st.integers(1, 50),
    recipient=st.sampled_from((ANNA, BEN)),
    state=st.sampled_from(AttemptState),
    reference=st.none() | st.integers(0, 255).map(str),
    reference_before=st.none() | st.integers(0, 255).map(str),
    started_at=st.integers(0, 12_000).map(lambda s: s * SECOND),
    alive_until=st.just(NOW + SECOND),
    receipt=st.sampled_from(("", "pending", "forwarded", *FINAL)),
    perhaps_sent=st.booleans(),
)


def tried(number: int, state: str = "accepted", *, reference: str | None = "7", before: str | None = None,
          at: int = 9_990, to: str = ANNA, receipt: str = "",
          message: int = 0) -> Tried:  # fmt: skip
    return Tried(number, message or number, to, AttemptState(state), reference if state == "accepted" else None, before,
                 at * SECOND, NOW + SECOND, receipt, perhaps_sent=state == "deferred")  # fmt: skip


@given(st.lists(tries, max_size=12, unique_by=lambda t: t.id), st.integers(0, 255).map(str),
       st.none() | st.integers(8_000, 10_000).map(lambda s: s * SECOND))  # fmt: skip
def test_never_guessed(known: list[Tried], reference: str, sent_at: int | None) -> None:
    found = match(reference, ANNA, sent_at, known, now=NOW)
    owner = found.attempt
    if owner is None:
        return
    assert owner.recipient == ANNA
    assert owner.started_at <= NOW
    if found.verdict == "applied":
        assert (owner.state, owner.reference) == (AttemptState.ACCEPTED, reference)
        assert owner.receipt not in FINAL, "a final word is never replaced"
    if found.verdict == "settles":
        assert owner.state is AttemptState.IN_DOUBT or (owner.state is AttemptState.DEFERRED and owner.perhaps_sent)
    if owner.state is AttemptState.DEFERRED:
        assert sent_at is not None
        told = [t for t in known if t.reference == reference and t.state is AttemptState.ACCEPTED]
        assert not any(abs(sent_at - t.started_at) <= WINDOW_US for t in told), "the reference is another text's"
        rivals = [t for t in known if t.state is AttemptState.DEFERRED and t.perhaps_sent and t.recipient == ANNA]
        steps = {t.message_id for t in rivals if t.reference_before == owner.reference_before
                 and t.started_at == owner.started_at}  # fmt: skip
        assert len(steps) == 1


@given(st.lists(tries, max_size=8, unique_by=lambda t: t.id))
def test_the_order_of_the_rows_does_not_matter(known: list[Tried]) -> None:
    shuffled = sorted(known, key=lambda t: -t.id)
    assert match("7", ANNA, None, known, now=NOW) == match("7", ANNA, None, shuffled, now=NOW)


def test_a_doubt_is_settled_only_when_nothing_else_fits() -> None:
    doubt = tried(1, "in_doubt", before="6")
    assert match("7", ANNA, NOW, [doubt], now=NOW).verdict == "settles"
    assert match("7", ANNA, NOW, [doubt, tried(2, "in_doubt", before="6")], now=NOW).verdict == "ambiguous"
    assert match("7", ANNA, NOW, [doubt, tried(2, "started", before="6")], now=NOW).verdict == "early"
    assert match("7", BEN, NOW, [doubt], now=NOW).verdict == "unknown"
    assert match("99", ANNA, NOW, [doubt], now=NOW).verdict == "unknown"
    assert match("7", ANNA, NOW, [doubt, tried(2)], now=NOW).attempt == tried(2), "the owner comes first"


def test_a_report_proves_a_text_that_a_modem_said_it_had_not_sent() -> None:
    denied = tried(1, "deferred", before="6")
    found = match("7", ANNA, 9_992 * SECOND, [denied], now=NOW)
    assert (found.verdict, found.attempt) == ("settles", denied)
    assert match("9", ANNA, 9_992 * SECOND, [denied], now=NOW).verdict == "unknown", "not the next reference"
    assert match("7", ANNA, None, [denied], now=NOW).verdict == "unknown", "nothing says when it was sent"
    assert match("7", ANNA, 9_000 * SECOND, [denied], now=NOW).verdict == "unknown", "long before"
    assert match("7", BEN, 9_992 * SECOND, [denied], now=NOW).verdict == "unknown"
    assert match("7", ANNA, 9_992 * SECOND, [denied, tried(2, to=BEN)], now=NOW).verdict == "unknown", "Ben's reference"
    assert match("7", ANNA, 9_992 * SECOND, [denied, tried(2)], now=NOW).attempt == tried(2), "the owner comes first"
    other = tried(2, "deferred", before="6", at=9_995)
    assert match("7", ANNA, 9_992 * SECOND, [denied, other], now=NOW).verdict == "ambiguous"
    again = tried(2, "deferred", before="6", at=9_995, message=1)
    assert match("7", ANNA, 9_992 * SECOND, [denied, again], now=NOW).attempt == denied, "the same text, the nearer try"
    started = tried(2, "started", before="6", at=9_995, message=1)
    assert match("7", ANNA, 9_992 * SECOND, [denied, started], now=NOW).verdict == "early"
    doubt = tried(2, "in_doubt", before="6", at=9_995)
    assert match("7", ANNA, 9_992 * SECOND, [denied, doubt], now=NOW).verdict == "ambiguous", "it may be either's"


def test_the_first_attempt_after_a_restart_fits_as_well_as_the_one_before_it() -> None:
    """The process was killed with the first before its bytes went out, and killed again with the second on the air."""
    never_out, on_the_air = tried(1, "in_doubt", before="6", at=9_980), tried(2, "in_doubt", before=None, at=9_990)
    assert match("7", ANNA, NOW, [never_out, on_the_air], now=NOW).verdict == "ambiguous"
    waits = tried(2, "started", before=None, at=9_990)
    assert match("7", ANNA, NOW, [never_out, waits], now=NOW).verdict == "early"
    older = tried(3, "in_doubt", before=None, at=9_970)
    assert match("7", ANNA, NOW, [never_out, older], now=NOW).attempt == never_out


def test_the_count_wraps_at_256() -> None:
    assert match("0", ANNA, NOW, [tried(1, "in_doubt", before="255")], now=NOW).verdict == "settles"


def test_the_same_reference_again_means_the_newest_that_is_open() -> None:
    old, new = tried(1, at=5_000), tried(2, at=9_990)
    assert match("7", ANNA, NOW, [old, new], now=NOW).attempt == new
    assert match("7", ANNA, 5_003 * SECOND, [old, new], now=NOW).attempt == old, "the network's time tells"
    told = tried(2, at=9_990, receipt="delivered")
    assert match("7", ANNA, NOW, [told], now=NOW).verdict == "repeated"


def test_national_and_international_are_one_subscriber() -> None:
    assert match("7", "07700900111", NOW, [tried(1)], now=NOW).verdict == "applied"


part_tries = st.lists(
    st.builds(
        PartTried, round=st.integers(0, 2), part=st.integers(1, 3), parts=st.just(3),
        state=st.sampled_from(AttemptState), receipt=st.sampled_from(("", "pending", "forwarded", *FINAL)),
    ),
    max_size=8,
)  # fmt: skip


@given(part_tries)
def test_delivered_only_when_every_part_of_one_round_is(known: list[PartTried]) -> None:
    whole = any(
        {t.part for t in known if t.round == r and t.receipt == "delivered"} == {1, 2, 3} for r in range(3)
    )  # fmt: skip
    assert (roll_up(known) is MessageState.DELIVERED) == whole


@given(part_tries)
def test_the_order_of_attempts_does_not_matter(known: list[PartTried]) -> None:
    assert {roll_up(order) for order in islice(permutations(known), 24)} == {roll_up(known)}


@given(part_tries, st.integers(1, 3))
def test_a_doubt_is_never_success_nor_failure(known: list[PartTried], part: int) -> None:
    only_doubt = [PartTried(5, n, 3, AttemptState.IN_DOUBT, "") for n in range(1, 4)]
    assert roll_up(only_doubt) is MessageState.IN_DOUBT
    assert roll_up([]) is None
    assert roll_up([t for t in only_doubt if t.part != part]) is None, "a part is still to be tried"


def test_a_round_begun_anew_in_other_parts_is_whole_when_all_of_these_are() -> None:
    cut = [PartTried(0, 1, 2, AttemptState.ACCEPTED, ""), PartTried(0, 2, 2, AttemptState.DEFERRED, "")]
    anew = [PartTried(0, n, 3, AttemptState.ACCEPTED, "") for n in (1, 2, 3)]
    assert roll_up([*cut, *anew[:2]]) is None
    assert roll_up([*cut, *anew]) is MessageState.SENT
