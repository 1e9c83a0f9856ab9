"""What we answer: in the engineer's language, in one segment where it can be, in the alphabet that has most room."""

from __future__ import annotations

from dataclasses import fields
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd import text
from gatewayd.model import Severity
from gatewayd.oncall import answer_words, answers, wording
from gatewayd.oncall.languages import LANGUAGES
from gatewayd.web import incident_texts
from tests.chance import examples

EVERY = pytest.mark.parametrize("language", LANGUAGES)
LABELS = [
    ("instance", "edge2.example:9100"),
    ("site", "Cardiff"),
    ("novel", "x" * 500),
    ("rack", "7"),
    ("", "?"),
    ("empty", " "),
]


def segments(words: str) -> int:
    return len(text.fit(words, segments_max=255).segments)


def every_answer(language: str) -> dict[str, str]:
    """Each kind of answer, with ordinary contents."""
    one, fault = {"language": language, "segments_max": 3}, "edge2 uplink down"
    return {
        "yours": answers.yours("42", fault, ["Anna", "Ben"], **one),
        "several yours": answers.several_yours(["42", "57"], language=language),
        "closed": answers.closed("42", fault, ["Anna"], **one),
        "several closed": answers.several_closed(["42", "57"], language=language),
        "passed on": answers.passed_on("42", ["Anna", "Ben"], language=language),
        "nobody left": answers.passed_on("42", [], language=language),
        "kept": answers.kept("42", language=language),
        "with you": answers.already("42", "", language=language, over=False),
        "with Ben": answers.already("42", "Ben", language=language, over=False),
        "over": answers.already("42", "", language=language, over=True),
        "unknown code": answers.unknown_code(["77", "78"], language=language),
        "no longer": answers.no_longer("42", language=language),
        "list": answers.listing([("42", fault, ""), ("57", "disk full", "Ben")], asks=True, **one),
        "nothing": answers.listing([], **one),
        "not understood": answers.not_understood(language=language),
        "not clear": answers.not_clear("42", language=language),
        "help": answers.commands(language=language),
        "stop": answers.stop(told=True, language=language),
        "stop untold": answers.stop(told=False, language=language),
        "who": answers.on_call("network", ["Anna", "Ben"], **one),
        "no service": answers.no_service("kitchen", ["network", "mail"], **one),
    }


@EVERY
def test_every_answer_has_room_in_one_segment(language: str) -> None:
    long = {what: words for what, words in every_answer(language).items() if segments(words) > 1}
    assert long == {}


@EVERY
def test_no_language_but_chinese_leaves_the_alphabet_with_most_room(language: str) -> None:
    for what, words in every_answer(language).items():
        assert text.fit(words).alphabet == "gsm7" or language == "zh", what


@EVERY
def test_every_language_fills_in_the_same_facts(language: str) -> None:
    english, other = answer_words.words_of("en"), answer_words.words_of(language)
    for field in fields(answer_words.Words):
        filled = [
            {name for _, name, _, _ in Formatter().parse(getattr(w, field.name)) if name} for w in (english, other)
        ]
        assert filled[0] == filled[1], field.name


@EVERY
def test_what_speaks_of_one_incident_is_found_among_its_texts(language: str) -> None:
    said = every_answer(language)
    for what in (
        "yours",
        "several yours",
        "closed",
        "passed on",
        "nobody left",
        "kept",
        "with you",
        "with Ben",
        "over",
    ):
        assert incident_texts.names(said[what], "42"), said[what]
    for what in ("unknown code", "list", "not clear"):
        assert not incident_texts.names(said[what], "42"), said[what]


def test_some_of_them_as_they_are_read() -> None:
    assert every_answer("en")["passed on"] == "42: passed on. Next: Anna and Ben"
    assert every_answer("de")["yours"] == "42: deins. edge2 uplink down. Anna und Ben informiert"
    assert every_answer("fr")["with Ben"] == "42: déjà pris par Ben"
    assert every_answer("zh")["over"] == "42: 已结束"
    assert answers.not_understood(language="de-AT") == answers.not_understood(language="de")
    assert answers.not_understood(language="ja") == answers.not_understood(), "English where we have no words"


def test_details_are_the_whole_summary_and_what_labels_have_room() -> None:
    words = answers.details(
        "42", Severity.CRITICAL, "network", "edge2 uplink down since the storm", LABELS, since="04:12", minutes=7,
        alerts=3, owner="Ben",
    )  # fmt: skip
    assert words == (
        "42: CRITICAL network: edge2 uplink down since the storm. Since 04:12 UTC, 7 min, 3 alerts, with Ben."
        " instance=edge2.example:9100; site=Cardiff; rack=7"
    )


@examples(100)
@given(
    st.text(st.characters(), max_size=400) | st.text("磁盘ж", max_size=400),
    st.lists(st.tuples(st.text(max_size=40), st.text(max_size=300)), max_size=30),
    st.sampled_from(LANGUAGES),
)
def test_details_never_take_more_than_two_segments(summary: str, labels: list[tuple[str, str]], language: str) -> None:
    words = answers.details(
        "12345678", Severity.CRITICAL, "net", summary, labels, since="04:12", minutes=99_999, alerts=20_000,
        owner="Ben Nevis", language=language,
    )  # fmt: skip
    assert segments(words) <= 2
    assert words.splitlines() == [words]


@pytest.mark.parametrize("sign", ["x", "磁"])
def test_who_asks_for_more_gets_no_less_of_the_summary_than_the_page_had(sign: str) -> None:
    page = wording.page("42", Severity.CRITICAL, "net", sign * 500, alerts=1, segments_max=3)
    words = answers.details(
        "42", Severity.CRITICAL, "net", sign * 500, LABELS, since="04:12", minutes=7, alerts=1, owner="", segments_max=3
    )
    assert segments(words) == 3
    assert words.count(sign) > page.count(sign) - 40, "but for when it began and who has it"
    assert "...." not in words


def test_a_wrong_code_twenty_times_is_still_a_short_answer() -> None:
    words = answers.unknown_code([str(n) for n in range(10_000_000, 10_000_020)])
    assert segments(words) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_what_can_be_asked_for_by_text(language: str) -> None:
    words = every_answer(language)["help"]
    commands = ["ok", "no", "done", "more", "?", "who", "on", "off", "swap", "away", "silence"]
    assert [command for command in commands if command not in words] == []
