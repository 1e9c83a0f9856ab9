"""How long a visit or a status lasts, as people write it in their language."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.oncall.civil import HOUR, MINUTE
from gatewayd.oncall.languages import LANGUAGES
from gatewayd.oncall.said_lengths import at_the_end, place, taken_out
from tests.pure.rotas import utc

NOON = utc("2026-11-24 12:00")
LONDON = ZoneInfo("Europe/London")
SIX = 6 * HOUR

VISITS = [
    ("en", "2h at Leeds DC", 2 * HOUR, "Leeds DC"),
    ("en", "2h30 Leeds", 150 * MINUTE, "Leeds"),
    ("en", "for 2 hours at Stoke on Trent", 2 * HOUR, "Stoke on Trent"),
    ("en", "Leeds in 20 min", None, "Leeds in 20 min"),
    ("cy", "2 awr yn Leeds", 2 * HOUR, "Leeds"),
    ("cy", "am 90 munud", 90 * MINUTE, ""),
    ("cy", "Caerdydd tan 18:00", SIX, "Caerdydd"),
    ("cy", "2h at Leeds", 2 * HOUR, "Leeds"),
    ("de", "2 Stunden in Leeds", 2 * HOUR, "Leeds"),
    ("de", "2 Std., Leeds", 2 * HOUR, "Leeds"),
    ("de", "2 Std 30 min Leeds", 150 * MINUTE, "Leeds"),
    ("de", "Leeds für 90 Minuten", 90 * MINUTE, "Leeds"),
    ("de", "bis 18 Uhr", SIX, ""),
    ("de", "Leeds bis 18.30 Uhr", SIX + 30 * MINUTE, "Leeds"),
    ("de", "Leeds, 18 Uhr", SIX, "Leeds"),
    ("de", "bis 18", SIX, ""),
    ("de", "Leeds, bin in 20 min da", None, "Leeds bin in 20 min da"),
    ("de", "until 6pm", SIX, ""),
    ("fr", "2 heures à Leeds", 2 * HOUR, "Leeds"),
    ("fr", "2h30 à l'usine", 150 * MINUTE, "l'usine"),
    ("fr", "usine pendant 45 mn", 45 * MINUTE, "usine"),
    ("fr", "jusqu'à 18h", SIX, ""),
    ("fr", "jusqu’à 18 h 00, Leeds", SIX, "Leeds"),
    ("fr", "Leeds jusqu'à 18h30", SIX + 30 * MINUTE, "Leeds"),
    ("fr", "Leeds 18h30", SIX + 30 * MINUTE, "Leeds"),
    ("fr", "dans 20 minutes", None, "20 minutes"),
    ("es", "2 horas en Leeds", 2 * HOUR, "Leeds"),
    ("es", "durante 90 minutos", 90 * MINUTE, ""),
    ("es", "Leeds hasta las 18:00", SIX, "Leeds"),
    ("es", "hasta las 18h", SIX, ""),
    ("es", "hasta 2 horas", 2 * HOUR, ""),
    ("pl", "2 godz", 2 * HOUR, ""),
    ("pl", "na 2 godz. w Leeds", 2 * HOUR, "Leeds"),
    ("pl", "Leeds, 3 godziny", 3 * HOUR, "Leeds"),
    ("pl", "do 18:00", SIX, ""),
    ("pl", "Leeds do godz. 18", SIX, "Leeds"),
    ("pl", "do 18", SIX, ""),
    ("pl", "za 20 minut", None, "za 20 minut"),
    ("zh", "2小时", 2 * HOUR, ""),
    ("zh", "2个小时 利兹", 2 * HOUR, "利兹"),
    ("zh", "在利兹两小时", 2 * HOUR, "利兹"),
    ("zh", "一个半小时", 90 * MINUTE, ""),
    ("zh", "半小时", 30 * MINUTE, ""),
    ("zh", "90分钟", 90 * MINUTE, ""),
    ("zh", "利兹到18点", SIX, "利兹"),
    ("zh", "到下午6点半", SIX + 30 * MINUTE, ""),
    ("zh", "18:00", SIX, ""),
    ("zh", "2小时后到", None, "2小时后"),
    ("zh", "2h at Leeds", 2 * HOUR, "Leeds"),
]


@pytest.mark.parametrize(("language", "text", "lasts", "where"), VISITS)
def test_what_stands_behind_the_word_visit(language: str, text: str, lasts: int | None, where: str) -> None:
    until, rest = taken_out(text, language, LONDON, NOON)
    assert (until, place(rest, language)) == (None if lasts is None else NOON + lasts, where)


@pytest.mark.parametrize(
    ("language", "text", "lasts", "rest"),
    [
        ("en", "mail is down for 3h", 3 * HOUR, "mail is down"),
        ("en", "mail was down for 3 hours.", 3 * HOUR, "mail was down"),
        ("en", "back in 2h", None, "back in 2h"),
        ("cy", "post i lawr am 3 awr", 3 * HOUR, "post i lawr"),
        ("de", "Mail steht für 3 Std.", 3 * HOUR, "Mail steht"),
        ("de", "seit 3 Stunden gestört", None, "seit 3 Stunden gestört"),
        ("fr", "panne de courrier, pendant 3 heures", 3 * HOUR, "panne de courrier"),
        ("es", "correo caído durante 3 horas", 3 * HOUR, "correo caído"),
        ("pl", "poczta nie działa przez 3 godz", 3 * HOUR, "poczta nie działa"),
        ("pl", "mail is down for 3h", 3 * HOUR, "mail is down"),
        ("zh", "利兹断网，持续3小时", 3 * HOUR, "利兹断网"),
    ],
)
def test_a_length_at_the_end_of_a_status_is_its_life(language: str, text: str, lasts: int | None, rest: str) -> None:
    assert at_the_end(text, language) == (lasts, rest)


@pytest.mark.parametrize(("language", "text"), [("en", "until 6"), ("de", "Leeds bis 6"), ("pl", "do 25:00")])
def test_an_end_that_may_be_two_times_or_none_is_asked_back(language: str, text: str) -> None:
    with pytest.raises(ValueError, match="is "):
        taken_out(text, language, LONDON, NOON)


@given(st.text(max_size=80) | st.text("bis do到 0123456789hmin:.uhr小时半点", max_size=40), st.sampled_from(LANGUAGES))
def test_nothing_else_than_a_time_that_cannot_be_breaks_it(text: str, language: str) -> None:
    at_the_end(text, language)
    try:
        until, rest = taken_out(text, language, LONDON, NOON)
    except ValueError:
        return
    assert until is not None or rest == text
    assert len(place(rest, language)) <= len(text)
