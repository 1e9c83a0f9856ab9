"""The words that go out: short, on one line, and whole in what matters however little room there is."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gatewayd import text
from gatewayd.attribution import MARKS, text_on_air
from gatewayd.model import Severity
from gatewayd.oncall import answers, codes, wording
from gatewayd.web import incident_texts
from tests.chance import examples

CODES = [code for code, _ in codes.pool()]
SUMMARIES = (
    st.text(st.characters(), max_size=400) | st.text("€[]{}|^~\\x", max_size=400) | st.text("диск 磁盘🔥", max_size=400)
)
NAMES = st.text("abc XYZ", min_size=1, max_size=60).filter(str.strip) | st.text("жñ€", min_size=1, max_size=60)
ROOM = st.integers(1, 10)
CODE = st.sampled_from([CODES[0], CODES[89], CODES[500], CODES[-1], "10001", "12345678"])


def segments(words: str) -> int:
    return len(text.fit(words, segments_max=255).segments)


def page(summary: str, *, segments_max: int = 1, alerts: int = 1, service: str = "net") -> str:
    return wording.page("42", Severity.ERROR, service, summary, alerts=alerts, segments_max=segments_max)


# --- what people read


def test_a_page_says_code_urgency_service_fault_and_how_to_answer() -> None:
    assert page("edge2 uplink down") == "42 ERROR net: edge2 uplink down. Reply ok 42"
    assert page("edge2 uplink down", alerts=3) == "42 ERROR net: edge2 uplink down (+2 more). Reply ok 42"
    assert page("It is down.") == "42 ERROR net: It is down. Reply ok 42", "one full stop is enough"


def test_who_took_it_and_that_it_cleared() -> None:
    assert wording.taken("42", "Ben", "edge2 down", segments_max=1) == "42 taken by Ben: edge2 down"
    assert wording.cleared("42", "edge2 down", by="", segments_max=1) == "42 cleared: edge2 down"
    assert wording.cleared("42", "edge2 down", by="Ben", segments_max=1) == "42 cleared by Ben: edge2 down"
    assert answers.already("42", "Ben", over=False) == "42 is with Ben already"
    assert answers.already("42", "", over=True) == "42 is over already"


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ([], ""),
        (["Anna"], ". Anna told"),
        (["Anna", "Ben", "Cara", "Dan"], ". Anna, Ben, Cara and Dan told"),
        (["Anna", "Ben", "Cara", "Dan", "Eve"], ". Anna, Ben, Cara and 2 others told"),
        (["x" * 200, "Ben"], ". 2 told"),
    ],
    ids=["nobody", "one", "four", "five", "no room"],
)
def test_who_takes_it_hears_who_was_told(others: list[str], told: str) -> None:
    assert answers.yours("42", "edge2 down", others, segments_max=1) == f"42 is yours: edge2 down{told}"


def test_a_team_of_two_hundred_makes_no_text_that_cannot_be_sent() -> None:
    words = answers.yours("42", "edge2 down", [f"Person Number {n}" for n in range(200)], segments_max=1)
    assert words == "42 is yours: edge2 down. Person Number 0, Person Number 1, Person Number 2 and 197 others told"


def test_the_list_names_as_many_as_there_is_room_for() -> None:
    rows = [(str(10 + n), f"fault {n} of many on the site", "Ben" if n == 1 else "") for n in range(8)]
    one = answers.listing(rows, asks=True, segments_max=1)
    assert one == (
        "Which one? 10 fault 0 of many on the site; 11 fault 1 of many on the site (Ben);"
        " 12 fault 2 of many on the site +5 more. Reply ok 10"
    )
    assert answers.listing(rows, asks=False, segments_max=3).count("; ") == 7
    assert answers.listing([], asks=False, segments_max=1) == "Nothing is open for you"
    assert answers.unknown_code(["77", "78"]) == "No incident of yours has code 77, 78. Reply ? for the list"


def test_odd_signs_do_not_break_the_line_nor_the_words() -> None:
    assert page("a\nb\r\n\tc\x00d\u2028e") == "42 ERROR net: a b c d e. Reply ok 42"
    assert page("  \n ") == page("\u200b\u2800") == "42 ERROR net: no summary. Reply ok 42"
    for whole in ("👩\u200d💻 on fire", "می\u200cخواهم", "2\u200f!"):
        assert f": {whole}. " in page(whole), "signs that are read as one stay together"
    assert "Java" in text.fit(page("Ja\u200bva")).segments[0]


# --- what is cut

GSM_ROOM = 160 - len("42 ERROR net: . Reply ok 42")
UCS_ROOM = 70 - len("42 ERROR net: . Reply ok 42")


@pytest.mark.parametrize(
    ("sign", "room"),
    [("x", GSM_ROOM), ("€", GSM_ROOM // 2), ("[", GSM_ROOM // 2), ("ж", UCS_ROOM), ("🔥", UCS_ROOM // 2)],
)
def test_a_summary_is_cut_at_the_last_sign_that_has_room(sign: str, room: int) -> None:
    assert page(sign * room) == f"42 ERROR net: {sign * room}. Reply ok 42"
    kept = room - len("...") // (2 if sign in "€[🔥" else 1)
    cut = page(sign * (room + 1))
    assert cut in (f"42 ERROR net: {sign * n}.... Reply ok 42" for n in (kept, kept - 1))
    assert segments(cut) == 1


def test_one_foreign_letter_behind_the_cut_costs_nothing() -> None:
    """What does not fit need not be carried: the page stays in the alphabet that has more room."""
    cut = page("x" * 150 + "ж" * 100)
    assert text.fit(cut).alphabet == "gsm7"
    assert len(cut) == 160


@pytest.mark.parametrize(("segments_max", "most"), [(1, 160), (2, 306), (3, 459), (10, 1530)])
def test_more_segments_hold_more(segments_max: int, most: int) -> None:
    assert len(page("x" * 2_000, segments_max=segments_max)) == most


def test_a_service_that_leaves_no_room_is_cut_before_the_code() -> None:
    assert page("edge2 down", service="ж" * 80) == f"42 ERROR {'ж' * 45}.... Reply ok 42"
    assert page("edge2 down", service="x" * 80, segments_max=1) == f"42 ERROR {'x' * 80}: edge2 down. Reply ok 42"


@examples(150)
@given(CODE, st.sampled_from(Severity), SUMMARIES, SUMMARIES, st.integers(0, 20_000), ROOM)
@example("12345678", Severity.CRITICAL, "ж" * 80, "🔥" * 400, 20_000, 1)
def test_every_page_fits_and_can_be_answered(
    code: str, severity: Severity, service: str, summary: str, alerts: int, segments_max: int
) -> None:
    words = wording.page(code, severity, service[:80], summary, alerts=alerts, segments_max=segments_max)
    assert segments(words) <= segments_max
    assert words.startswith(f"{code} {severity.upper()} ")
    assert words.endswith(f". Reply ok {code}")
    assert words.splitlines() == [words]


@examples(150)
@given(CODE, NAMES, st.lists(NAMES, max_size=30), SUMMARIES, ROOM)
@example("12345678", "ж" * 60, ["ж" * 60] * 200, "🔥" * 400, 1)
def test_every_other_text_fits_and_begins_with_its_code(
    code: str, by: str, others: list[str], summary: str, segments_max: int
) -> None:
    for words in (
        wording.taken(code, by, summary, segments_max=segments_max),
        answers.yours(code, summary, others, segments_max=segments_max),
        wording.cleared(code, summary, by=by, segments_max=segments_max),
        wording.cleared(code, summary, by="", segments_max=segments_max),
    ):
        assert segments(words) <= segments_max
        assert words.startswith(f"{code} ")
        assert incident_texts.names(words, code), "so the incident shows it among its texts"
        assert words.splitlines() == [words]


@examples(150)
@given(
    st.lists(st.tuples(CODE, SUMMARIES, st.just("") | NAMES), min_size=1, max_size=60),
    st.sampled_from(["", "Which one? "]),
    ROOM,
)
def test_every_list_fits_and_says_how_to_answer(
    rows: list[tuple[str, str, str]], question: str, segments_max: int
) -> None:
    words = answers.listing(rows, asks=bool(question), segments_max=segments_max)
    assert segments(words) <= segments_max
    assert words.startswith(question + rows[0][0])
    assert words.endswith(f". Reply ok {rows[0][0]}")


# --- what is said once more


def test_a_repeat_says_so_before_anything_else() -> None:
    words = page("edge2 down")
    assert text_on_air({"repeats": 0, "perhaps_there": 0, "text": words}) == words
    assert (
        text_on_air({"repeats": 1, "perhaps_there": 0, "text": words})
        == text_on_air({"repeats": 3, "perhaps_there": 0, "text": words})
        == f"(rpt) {words}"
    )
    assert text_on_air({"repeats": 0, "perhaps_there": 1, "text": words}) == f"(rpt) {words}"
    assert text_on_air({"repeats": 1, "perhaps_there": 0, "text": words}, "de-AT") == f"(Wdh) {words}"


def test_the_mark_costs_at_most_one_segment_and_no_alphabet() -> None:
    assert {mark for mark in MARKS if text.gsm7_septets(mark) is None} == {"(重) "}
    assert max(map(len, MARKS)) == len("(rpt) ")
    for segments_max in (1, 3, 10):
        full = page("x" * 2_000, segments_max=segments_max)
        assert segments(text_on_air({"repeats": 1, "perhaps_there": 0, "text": full})) == segments_max + 1


# --- whose text it is


@pytest.mark.parametrize(
    ("words", "code", "its"),
    [
        ("42 taken by Ben: 43 disks down", "42", True),
        ("42 taken by Ben: 43 disks down", "43", False),
        ("10, 42 are yours", "42", True),
        ("10, 42, 77 are yours. 99 is over already", "10", True),
        ("10, 42 are yours", "2", False),
        ("42 cleared: x", "42", True),
        ("421 cleared: x", "42", False),
        ("42: deins. 43 disks down", "42", True),
        ("10, 42: gehören dir", "42", True),
        ("42: deins. 43 disks down", "43", False),
        ("42 is a fine number", "42", True),  # of kind 'answer' there is no such text
        ("Which one? 42 edge2; 43 edge3. Reply ok 42", "42", False),
        ("No incident of yours has code 42. Reply ? for the list", "42", False),
    ],
)
def test_a_text_is_of_the_incident_whose_code_it_begins_with(words: str, code: str, its: bool) -> None:
    assert incident_texts.names(words, code) is its
