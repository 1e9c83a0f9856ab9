"""What is asked of absences: the same facts in every language, in one segment, in the alphabet with most room."""

from __future__ import annotations

from dataclasses import fields
from string import Formatter

import pytest

from gatewayd import text
from gatewayd.oncall import absence_words, civil, said_times
from gatewayd.oncall.languages import LANGUAGES
from gatewayd.web import incident_texts
from tests.pure.rotas import utc

EVERY = pytest.mark.parametrize("language", LANGUAGES)
LONDON = civil.zone_named("Europe/London")


def filled(language: str) -> dict[str, str]:
    since, until = (said_times.shown(LONDON, utc(at), language) for at in ("2026-11-25 18:00", "2026-11-30 18:00"))
    when = absence_words.said("until", language, until=until)
    told: dict[str, str | int] = {
        "code": "7313", "name": "Anna", "names": "Ben, Cara", "rota": "NOC", "since": since, "until": until,
        "when": when, "duty": f"NOC {since} - {until}", "count": 5,
    }  # fmt: skip
    return {f.name: absence_words.said(f.name, language, **told) for f in fields(absence_words.Words)}


@EVERY
def test_every_one_has_room_in_one_segment(language: str) -> None:
    two = {w: s for w, s in filled(language).items() if len(text.fit(s, segments_max=9).segments) > 1}
    if language == "zh":  # three times in words leave no room
        two = {word: words for word, words in two.items() if word not in ("question", "later")}
    assert two == {}


@EVERY
def test_no_language_but_chinese_leaves_the_alphabet_with_most_room(language: str) -> None:
    told = {w: s for w, s in filled(language).items() if text.fit(s).alphabet != "gsm7"}
    assert language == "zh" or not told


@EVERY
def test_every_language_fills_in_the_same_facts(language: str) -> None:
    english, other = absence_words._WORDS["en"], absence_words._WORDS[language]
    for field in fields(absence_words.Words):
        names = [{n for _, n, _, _ in Formatter().parse(getattr(w, field.name)) if n} for w in (english, other)]
        assert names[0] == names[1], field.name


@EVERY
def test_none_is_taken_for_a_text_of_an_incident(language: str) -> None:
    for what, words in filled(language).items():
        assert not incident_texts.names(words, "4217"), what


def test_long_names_are_cut() -> None:
    words = absence_words.said("declined", "en", name="x" * 80, rota="NOC")
    assert words.startswith("x" * 21 + "... cannot take NOC")
