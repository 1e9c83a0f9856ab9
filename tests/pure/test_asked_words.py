"""What is asked about duty: the same facts in every language, in one segment, in the alphabet with most room."""

from __future__ import annotations

from dataclasses import fields
from string import Formatter

import pytest

from gatewayd import text
from gatewayd.oncall import asked_words, civil, confirm_words, duty_words, said_times
from gatewayd.oncall.languages import LANGUAGES
from gatewayd.web import incident_texts
from tests.pure.rotas import utc

EVERY = pytest.mark.parametrize("language", LANGUAGES)
LONDON = civil.zone_named("Europe/London")


def filled(language: str) -> dict[str, str]:
    until = said_times.shown(LONDON, utc("2026-11-25 18:00"), language)
    told: dict[str, str] = {
        "code": "7313", "name": "Anna Example", "holder": "Ben Nevis", "rota": "Network", "rotas": "Network, Database",
        "names": "Anna Smith, Anna Novak",
        "until": until, "incident": "4217", "word": "off", "count": "12", "reason": "disk full", "codes": "42, 57",
    }  # fmt: skip
    confirm = {f.name: confirm_words.said(f.name, language, **told) for f in fields(confirm_words.Words)}
    return {f.name: asked_words.said(f.name, language, **told) for f in fields(asked_words.Words)} | confirm


@EVERY
def test_every_one_has_room_in_one_segment(language: str) -> None:
    assert {w: s for w, s in filled(language).items() if len(text.fit(s, segments_max=9).segments) > 1} == {}


@EVERY
def test_no_language_but_chinese_leaves_the_alphabet_with_most_room(language: str) -> None:
    told = {w: s for w, s in filled(language).items() if text.fit(s).alphabet != "gsm7"}
    assert language == "zh" or not told


@EVERY
def test_every_language_fills_in_the_same_facts(language: str) -> None:
    for tables in (asked_words._WORDS, confirm_words._WORDS):
        for field in fields(tables["en"]):
            both = tables["en"], tables[language]
            names = [{n for _, n, _, _ in Formatter().parse(getattr(w, field.name)) if n} for w in both]
            assert names[0] == names[1], field.name


@EVERY
def test_none_is_taken_for_a_text_of_an_incident(language: str) -> None:
    for what, words in filled(language).items():
        assert not incident_texts.names(words, "4217"), what


@EVERY
def test_a_hand_over_is_told_in_one_segment(language: str) -> None:
    until = said_times.shown(LONDON, utc("2026-11-25 18:00"), language)
    begins = duty_words.begins("Network", until, "Anna", ["42", "57"], language=language, segments_max=3)
    ends = duty_words.ends("Network", "Ben", language=language, segments_max=3)
    for words in (begins, ends):
        assert len(text.fit(words, segments_max=9).segments) == 1
        assert text.fit(words).alphabet == "gsm7" or language == "zh"


def test_long_names_are_cut() -> None:
    words = asked_words.said("declined", "en", name="x" * 80, rota=asked_words.rotas(["y" * 80] * 5))
    x, y = "x" * 21 + "...", "y" * 21 + "..."
    assert words == f"{x} cannot take {y}, {y}, {y} +2. It stays with you"
    assert asked_words.codes([str(n) for n in range(10, 30)], "en") == ". Open: 10, 11, 12, 13, 14, 15, 16, 17 +12"
