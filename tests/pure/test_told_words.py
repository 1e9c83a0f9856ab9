"""What is told of visits, of the status line and of phones: the same facts in every language, in one segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import product
from string import Formatter
from typing import Any

import pytest

from gatewayd import text
from gatewayd.model import Severity
from gatewayd.oncall import (
    alive,
    answers,
    civil,
    notice_words,
    reachability,
    said_times,
    site_visits,
    status_words,
    visit_words,
    wording,
)
from gatewayd.oncall.languages import LANGUAGES
from gatewayd.oncall.own_summaries import read_in
from gatewayd.oncall.page_words import words_of as page_words_of
from gatewayd.oncall.replies import read
from gatewayd.web import incident_texts
from tests.pure.rotas import utc

EVERY = pytest.mark.parametrize("language", LANGUAGES)
KINDS = (visit_words, status_words, notice_words)
WORDS_UNDERSTOOD = ("names", "over")  # of the status line: these come from people
PEOPLE, PLACES = ("Anna", "Ben Nevis", "Krzysztof Nowak", "Hans-Peter"), ("", "Leeds DC", "Site 42, York Road")
CHINESE = ("Anna", "王伟", "欧阳小明"), ("", "Leeds DC", "利兹北区机房")
LONDON = civil.zone_named("Europe/London")


def visits(language: str, name: str, place: str) -> Mapping[str, str]:
    room: dict[str, Any] = {"language": language, "segments_max": 3}
    return {
        "started": site_visits.started(place, "18:00", 1800, lasts_s=7200, **room),
        "started for a moment": site_visits.started(place, "18:00", 1800, lasts_s=600, **room),
        "question": site_visits.question(name, 600, language),
        "last question": site_visits.last_question(name, "18:00", 600, language),
        "urgent": site_visits.urgent(name, 300, language),
        "alarm": wording.page(
            "42", Severity.CRITICAL, "site-visits", site_visits.alarm(name, place, "14:02"), alerts=1, **room
        ),
        "answered": site_visits.answered("42", name, "14:31", "no signal in the cellar", **room),
        "heard": site_visits.heard("42", name, "14:31", "Ben", language),
        "ended": site_visits.ended(name, "17:40", language),
        "too old": site_visits.too_old("14:02", language),
        "runs": site_visits.runs(place, "18:00", **room),
        "nothing runs": site_visits.nothing_runs(language),
        "too long": site_visits.too_long(language),
        "no time": site_visits.no_time(language),
    }


def told(language: str) -> Iterator[tuple[str, str]]:
    """Everything, with usual contents."""
    people, places = CHINESE if language == "zh" else (PEOPLE, PLACES)
    for name, place in product(people, places):
        yield from visits(language, name, place).items()
    status = status_words.words_of(language)
    for field in fields(status):
        if field.name not in WORDS_UNDERSTOOD:
            yield f"status {field.name}", getattr(status, field.name).format(until="18:00", most=300, hours=24)
    heard = said_times.shown(LONDON, utc("2026-11-25 18:00"), language)
    for name, last in product(people, ("", heard)):
        yield "phone test", reachability.test_words(name, language)
        for own in (True, False):
            yield "silent phone", reachability.silent_words(name, "phone1", last, language, own=own)
    for count in (0, 1, 12):
        yield "alive", alive.words(3, 4, "", count, language)
    money = notice_words.words_of(language)
    used = {"channel": "modem12", "percent": 100, "month": "2026-11", "used": "250.5/250, 5000/5000 SMS"}
    yield "budget", money.budget.format(**used) + money.stops
    yield "card", money.low.format(channel="modem12", amount="0.51", below="10")
    for summary in (page_words_of("en").exercise, wording.plain("")):
        yield (
            "drill",
            wording.page(
                "42", Severity.CRITICAL, "database", summary, alerts=1, drill=True, language=language, segments_max=3
            ),
        )


@EVERY
def test_every_one_has_room_in_one_segment(language: str) -> None:
    assert [(w, s) for w, s in told(language) if len(text.fit(s, segments_max=9).segments) > 1] == []


@EVERY
def test_no_language_but_chinese_leaves_the_alphabet_with_most_room(language: str) -> None:
    assert language == "zh" or not [(w, s) for w, s in told(language) if text.fit(s).alphabet != "gsm7"]


@EVERY
def test_every_language_fills_in_the_same_facts(language: str) -> None:
    for kind in KINDS:
        english, other = kind.words_of("en"), kind.words_of(language)
        for field in fields(english):
            names = [{n for _, n, _, _ in Formatter().parse(getattr(w, field.name)) if n} for w in (english, other)]
            assert names[0] == names[1], field.name


@EVERY
def test_what_is_asked_says_what_to_write(language: str) -> None:
    said = visits(language, "Anna", "Leeds DC")
    for what, words in (("started", ["home"]), ("question", ["ok", "home"]), ("last question", ["home", "visit 1h"]),
                        ("urgent", ["ok"]), ("ended", ["visit 1h"]), ("too old", ["ok", "home"]),
                        ("runs", ["visit 2h", "visit until 18:00", "home"])):  # fmt: skip
        assert all(word in said[what] for word in words), said[what]
    for what in ("answered", "heard"):
        assert incident_texts.names(said[what], "42"), said[what]
        assert said[what].endswith("done 42")
    assert status_words.words_of(language).set.find("status: over") > 0


@EVERY
def test_none_of_them_does_anything_when_it_comes_back(language: str) -> None:
    for what, words in told(language):
        if what not in ("alarm", "drill"):
            assert read(words, language, [words]).verb in ("automatic", "unclear", "unknown"), words


def test_a_long_place_is_cut_and_the_word_that_ends_it_is_not() -> None:
    for language in LANGUAGES:
        words = site_visits.started("x" * 300, "18:00", 1800, lasts_s=7200, language=language, segments_max=1)
        assert words.endswith("home")
        assert "..." in words


def test_what_the_house_says_of_a_fault_is_read_in_any_language_and_a_monitor_s_words_stay() -> None:
    alarm = site_visits.alarm("Anna", "Leeds DC", "14:02")
    assert alarm == "Anna, on site at Leeds DC, has not answered since 14:02"
    assert read_in(alarm, "pl") == "Anna, na obiekcie (Leeds DC): brak odpowiedzi od 14:02"
    assert read_in(site_visits.alarm("Anna", "", "14:02"), "de-AT") == "Anna, vor Ort: keine Antwort seit 14:02"
    assert read_in(alarm, "en") == read_in(alarm, "xx") == alarm
    assert read_in("edge2 uplink down", "pl") == "edge2 uplink down"
    assert answers.closed("42", alarm, [], language="de", segments_max=1).startswith("42: geschlossen. Anna, vor Ort")
    assert wording.page(
        "42", Severity.CRITICAL, "db", page_words_of("en").exercise, alerts=1, drill=True, language="de", segments_max=1
    ) == "ÜBUNG 42 KRITISCH db: Übung, es ist nichts kaputt. Antworte ok 42"  # fmt: skip


def test_some_of_them_as_they_are_read() -> None:
    german = visits("de", "Jonas", "Leeds DC")
    assert german["started"] == (
        "Besuch (Leeds DC) bis 18:00. Ich frage alle 30 min nach, jede Antwort zählt. Wieder draußen: home"
    )
    assert german["urgent"] == "Jonas, keine Antwort von dir. Antworte jetzt ok, sonst wird in 5 min nach dir gesucht"
    assert visits("zh", "Anna", "Leeds DC")["started"] == (
        "现场(Leeds DC)至18:00。我每30分钟问一次, 回复任何内容都行。离开后回复 home"
    )
    assert visits("fr", "Anna", "")["ended"] == (
        "Ta visite a pris fin à 17:40, Anna. Personne ne veille plus. Pas toi? Ecris visit 1h"
    )
    assert alive.words(2, 2, "", 1) == "gatewayd is alive: 2 of 2 channels up, 1 open incident."
    assert alive.words(2, 3, "", 0, "pl") == "gatewayd dziala: czynne kanaly 2 z 3, brak otwartych incydentow."
