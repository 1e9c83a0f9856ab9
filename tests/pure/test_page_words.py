"""Pages and news of them in the language of who reads them: the same facts, one segment, the widest alphabet."""

from __future__ import annotations

from dataclasses import fields
from string import Formatter

import pytest

from gatewayd import text
from gatewayd.model import Severity
from gatewayd.oncall import civil, duty_words, page_words, storm_words, wording
from gatewayd.oncall.languages import LANGUAGES
from gatewayd.oncall.replies import read
from gatewayd.web import incident_texts

EVERY = pytest.mark.parametrize("language", LANGUAGES)
FAULT = "edge2 uplink down"


def page(language: str, alerts: int = 1) -> str:
    return wording.page("42", Severity.CRITICAL, "network", FAULT, alerts=alerts, segments_max=3, language=language)


def every_text(language: str) -> dict[str, str]:
    found = [("42", FAULT), ("57", "db1 disk full")]
    return {
        "page": page(language),
        "page of three": page(language, 3),
        "taken": wording.taken("42", "Ben", FAULT, language, segments_max=3),
        "joined": wording.joined("42", Severity.CRITICAL, FAULT, language, alerts=3, segments_max=3),
        "cleared": wording.cleared("42", FAULT, language, by="", segments_max=3),
        "cleared by": wording.cleared("42", FAULT, language, by="Ben", segments_max=3),
        "digest": wording.digest(found[:1], language, segments_max=3),
        "digest of two": wording.digest(found, language, segments_max=3),
        "digest of many": wording.digest(found * 20, language, segments_max=1),
        "test": wording.test_page("Anna", 7, language, words=True),
        "storm": storm_words.more(
            {"network": 12, "db": 5}, critical=3, since=0, zone=civil.zone_named("UTC"), words_shown=True,
            language=language,
        ),
        "storm over": storm_words.news("cleared", ["42", "57"], by=[], language=language),
        "storm taken": storm_words.news("taken", ["42", "57"], by=["Ben"], language=language),
    }  # fmt: skip


@EVERY
def test_every_text_has_room_in_one_segment(language: str) -> None:
    assert {w: s for w, s in every_text(language).items() if len(text.fit(s, segments_max=9).segments) > 1} == {}


@EVERY
def test_no_language_but_chinese_leaves_the_alphabet_with_most_room(language: str) -> None:
    assert language == "zh" or not {w: s for w, s in every_text(language).items() if text.fit(s).alphabet != "gsm7"}


@EVERY
def test_every_language_fills_in_the_same_facts(language: str) -> None:
    for kind in (page_words, storm_words):
        english, other = kind._WORDS["en"], kind._WORDS[language]
        for field in fields(type(english)):
            names = [{n for _, n, _, _ in Formatter().parse(getattr(w, field.name)) if n} for w in (english, other)]
            assert names[0] == names[1], field.name


@EVERY
def test_a_page_says_how_to_answer_and_news_whose_they_are(language: str) -> None:
    said = every_text(language)
    severe = page_words.words_of(language).critical
    assert said["page"].startswith(f"42 {severe} network: edge2 uplink down")
    assert said["page"].endswith(" ok 42")
    for what in ("taken", "joined", "cleared", "cleared by"):
        assert incident_texts.names(said[what], "42"), said[what]
    assert wording.page("42", Severity.ERROR, "net", "x" * 500, alerts=3, segments_max=1, language=language).endswith(
        " ok 42"
    )


@EVERY
def test_a_page_that_comes_back_says_which_one_is_meant(language: str) -> None:
    for reply in (f"ok\n{page(language)}", f"ok\n> {page(language)}", f"ok {page(language)}"):
        said = read(reply, language)
        assert (said.verb, said.codes or said.mentioned) == ("ack", ("42",)), reply
    alone = read(page(language), language)
    assert (alone.verb, alone.codes) == ("unclear", ("42",)), "and alone it takes nothing"


@EVERY
@pytest.mark.parametrize("severity", Severity)
def test_how_bad_it_is_takes_no_more_room_than_in_english(language: str, severity: Severity) -> None:
    word = page_words.how_bad(severity, language)
    assert text.fit(word, segments_max=1).units <= len(severity.value)
    assert len({page_words.how_bad(other, language) for other in Severity}) == len(Severity)


@EVERY
def test_a_copy_and_a_drill_and_a_repeat_say_so_in_the_same_language(language: str) -> None:
    words = page_words.words_of(language)
    copied = duty_words.copy("42", Severity.ERROR, "network", FAULT, language=language, segments_max=1)
    assert copied == f"{words.copy}42 {words.error} network: {FAULT}"
    assert incident_texts.names(copied, "42")
    drill = wording.page(
        "42", Severity.INFO, "network", FAULT, alerts=1, segments_max=1, drill=True, language=language
    )  # fmt: skip
    assert drill.startswith(f"{words.drill} 42 {words.info} network")
    for back in (drill, words.repeat + drill, words.repeat + page(language)):
        said = read(f"ok {back}", "en")
        assert (said.verb, said.codes or said.mentioned, said.note) == ("ack", ("42",), ""), "whoever reads it"
        assert read(f"👍 “{back}”", language, (back,)).mentioned == ("42",)


@EVERY
def test_what_people_write_of_how_bad_it_is_is_no_page(language: str) -> None:
    for severity in Severity:
        word = page_words.how_bad(severity, language).lower()
        if language == "zh" or word == "info":
            continue
        said = read(f"ok 42 {word} now", language)
        assert (said.verb, said.codes) != ("unclear", ()), word


def test_some_of_them_as_they_are_read() -> None:
    assert page("de") == "42 KRITISCH network: edge2 uplink down. Antworte ok 42"
    assert page("fr", 3) == "42 CRITIQUE network: edge2 uplink down (+2 autres). Réponds ok 42"
    assert every_text("de")["taken"] == "42: übernommen von Ben: edge2 uplink down"
    assert every_text("es")["cleared"] == "42: ha terminado. edge2 uplink down"
    assert every_text("zh")["page"] == "42 紧急 network: edge2 uplink down。回复 ok 42"
    assert page("ja") == page("en"), "English where we have no words"
