"""When somebody on site is asked, and when their silence is an alarm."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.oncall.civil import HOUR, MINUTE
from gatewayd.oncall.site_visits import (
    Alarm,
    Ask,
    Said,
    SiteVisitSettings,
    Visit,
    Wait,
    answers,
    decide,
    read,
)
from tests.pure.rotas import utc

NOON = utc("2026-11-24 12:00")
LONDON = ZoneInfo("Europe/London")
SETTINGS = SiteVisitSettings()


@pytest.mark.parametrize(
    ("text", "until", "place"),
    [
        ("2h", NOON + 2 * HOUR, ""),
        ("2h at Leeds DC", NOON + 2 * HOUR, "Leeds DC"),
        ("Leeds DC, 90 min", NOON + 90 * MINUTE, "Leeds DC"),
        ("until 18:00", NOON + 6 * HOUR, ""),
        ("at the mast till 9:30", NOON + 21 * HOUR + 30 * MINUTE, "the mast"),
        ("for 3 hours in rack 14", NOON + 3 * HOUR, "rack 14"),
        ("for 2hrs, Leeds", NOON + 2 * HOUR, "Leeds"),
        ("until 6pm", NOON + 6 * HOUR, ""),
        ("the mast til 5:30 pm.", NOON + 5 * HOUR + 30 * MINUTE, "the mast"),
        ("is down", None, "is down"),
        ("", None, ""),
    ],
)
def test_what_stands_behind_the_word(text: str, until: int | None, place: str) -> None:
    assert read(text, LONDON, NOON) == Said(until, place)


def test_first_a_question_then_one_on_every_device_then_the_alarm() -> None:
    visit = Visit(NOON, 30 * MINUTE, NOON + 2 * HOUR)
    at = NOON + 30 * MINUTE
    assert decide(visit, SETTINGS, NOON) == Wait(at)
    assert decide(visit, SETTINGS, at) == Ask(everywhere=False, over=False, look_at=at + 10 * MINUTE)
    once = Visit(NOON, 30 * MINUTE, NOON + 2 * HOUR, asked=1, asked_at=at)
    assert decide(once, SETTINGS, at + 9 * MINUTE) == Wait(at + 10 * MINUTE)
    assert isinstance(decide(once, SETTINGS, at + 10 * MINUTE), Ask)
    twice = Visit(NOON, 30 * MINUTE, NOON + 2 * HOUR, asked=2, asked_at=at)
    assert decide(twice, SETTINGS, at + 5 * MINUTE) == Alarm()
    assert decide(Visit(NOON, 30 * MINUTE, NOON, asked=3), SETTINGS, at) is None


def test_at_the_end_they_are_asked_for_the_word_but_not_when_they_have_just_written() -> None:
    until = NOON + 10 * MINUTE
    assert decide(Visit(NOON, 30 * MINUTE, until), SETTINGS, NOON) == Wait(until)
    assert decide(Visit(until - MINUTE, 30 * MINUTE, until), SETTINGS, until) == Wait(until + 4 * MINUTE)
    late = Visit(until + MINUTE, 30 * MINUTE, until)
    assert decide(late, SETTINGS, until + 2 * MINUTE) == Wait(until + 31 * MINUTE)
    asked = decide(Visit(NOON, 30 * MINUTE, until), SETTINGS, until)
    assert isinstance(asked, Ask)
    assert asked.over


@given(asked=st.integers(0, 3), written=st.integers(-3 * HOUR, HOUR))
def test_only_what_was_written_after_the_first_question_answers_it(asked: int, written: int) -> None:
    first = NOON
    at = {0: 0, 1: first, 2: first + 10 * MINUTE, 3: first + 15 * MINUTE}[asked]
    visit = Visit(NOON - 30 * MINUTE, 30 * MINUTE, NOON + 2 * HOUR, asked, at)
    assert answers(visit, SETTINGS, NOON + written) == (asked == 0 or written >= 0)
