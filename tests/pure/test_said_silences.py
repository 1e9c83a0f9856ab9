"""Silences as people ask for them in seven languages, and what is none although the word stands in it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd import text
from gatewayd.oncall import civil, reply_words, said_silences, said_times, silence_words
from gatewayd.oncall.languages import LANGUAGES
from gatewayd.oncall.replies import read as read_reply
from gatewayd.oncall.said_silences import Said
from gatewayd.web import incident_texts
from tests.pure.rotas import utc

LONDON = civil.zone_named("Europe/London")
NOW = utc("2026-11-22 14:12")
SERVICES = ("network", "db", "web.prod", "Customer Database", "数据库")
EVERY = pytest.mark.parametrize("language", LANGUAGES)

ASKED = """
en | silence db 2h | db 16:12
en | Silence DB for 2 hours please | DB 16:12
en | hi, silence: the db 2h, thank you | db 16:12
en | silence db until 18:00 | db 18:00
en | mute Customer Database till 6pm | Customer Database 18:00
en | silence until 18:00 db | db 18:00
en | silence 2h db | db 16:12
en | silence web.prod 1h30 | web.prod 15:42
en | silence db until tomorrow 8:00 | db 08:00
en | silence 42 2h | 42 16:12
en | mute incident #42 for 90 min | 42 15:42
en | silence netwrok 2h | netwrok 16:12
en | silence db until 6 | db -
en | silence db until noon | db -
en | silence db 120 min | db -
en | silence db | db -
en | silence 42 | 42 -
en | silence netwrk | netwrk -
en | silence db 2h\\n> 42 CRITICAL db: disk full. Reply ok 42 | db 16:12
en | silence db 2h\\n-- \\nAnna Example | db 16:12
cy | tawelu db am 2 awr os gwelwch yn dda | db 16:12
cy | distewi db tan 18:00 | db 18:00
de | stumm db 2 Std | db 16:12
de | Stummschalten db bis 18 Uhr, danke | db 18:00
de | stumm schalten network bis morgen 8 Uhr | network 08:00
fr | silence db pendant 2 heures | db 16:12
fr | muet db jusqu'à 18h | db 18:00
es | silenciar db durante 2 horas por favor | db 16:12
es | silencio db hasta las 18:00 | db 18:00
pl | wycisz db na 2 godz | db 16:12
pl | wycisz db do 18:00 | db 18:00
zh | 静音db2小时 | db 16:12
zh | 静音 db 到18点 | db 18:00
zh | 请静音数据库到明天8点 | 数据库 08:00
"""
ORDINARY = """
en | silence is golden | I will silence the pager on my desk | noc was silent 2h | silence of the lambs tonight at 9
en | mute point | my phone was on mute until 6:00 | ok, silenced the pager | speak to you later | speak up
en | the silence was broken at 8:00 by the next alarm that came in | please do not silence db 2h
en | muted | silenced | muted the call for 2h | silence [...] 2h | ok silence db 2h
en | no silence | stop it | end of silence
cy | tawelwch yn y nos | dw i wedi tawelu'r ffôn am 2 awr | tawelu'r plant cyn cysgu | mae'n dawel
de | Stille Nacht, heilige Nacht | stumm wie ein Fisch | mein Telefon war stumm bis 18 Uhr | es war still | Stillstand
fr | silence radio depuis hier | mon portable est en silence | muet comme une carpe | le silence est d'or
es | silencio en la sala | mi móvil estaba en silencio 2h | silencio absoluto | hay silencio en la línea
pl | cisza na sieci | cisza jak makiem zasiał | telefon był wyciszony do 18:00 | cicho wszędzie
zh | 手机静音了2小时 | 我已静音手机 | 很安静 | 静音模式真好用
"""


def rows(table: str) -> list[list[str]]:
    return [[part.strip() for part in line.split("|")] for line in table.strip().splitlines()]


def said(words: str, language: str) -> Said | None:
    words = words.replace("\\n", "\n")
    return said_silences.read(words, language, LONDON, NOW, named=lambda: SERVICES)


@pytest.mark.parametrize(("language", "words", "meaning"), rows(ASKED))
def test_what_people_write_asks_for_what_they_mean(language: str, words: str, meaning: str) -> None:
    found = said(words, language)
    assert found is not None
    ends = "-" if found.until is None else f"{civil.wall(LONDON, found.until):%H:%M}"
    assert (found.verb, f"{found.about} {ends}") == ("silence", meaning)


@pytest.mark.parametrize(("language", "words"), [(line[0], words) for line in rows(ORDINARY) for words in line[1:]])
def test_an_ordinary_sentence_asks_for_none(language: str, words: str) -> None:
    assert said(words, language) is None


@pytest.mark.parametrize("words", ["silence", "Silence!", "mute 2h", "silence for 2 hours", "stumm", "静音"])
def test_without_a_service_it_is_asked_which(words: str) -> None:
    found = said(words, "zh" if words == "静音" else "de")
    assert found is not None
    assert (found.verb, found.about) == ("silence", "")


@pytest.mark.parametrize("words", ["silence db?", "silence db 2h?", "silences", "mute?", "silence?", "whats silenced"])
def test_a_question_only_asks_what_is_silenced(words: str) -> None:
    assert said(words, "en") == Said("silences")


@pytest.mark.parametrize(
    ("language", "words", "about"),
    [
        ("en", "unsilence db", "db"),
        ("en", "Unmute the network, thanks", "network"),
        ("en", "end silence", ""),
        ("en", "speak", ""),
        ("en", "unsilence 42", "42"),
        ("cy", "diwedd tawelwch db", "db"),
        ("de", "stumm aus db", "db"),
        ("fr", "fin du silence db", "db"),
        ("es", "quitar silencio db", "db"),
        ("pl", "odcisz db", "db"),
        ("zh", "取消静音数据库", "数据库"),
    ],
)
def test_it_is_lifted_by_a_word(language: str, words: str, about: str) -> None:
    found = said(words, language)
    assert found is not None
    assert (found.verb, found.about) == ("unsilence", about)


@EVERY
def test_every_word_of_the_tables_is_understood(language: str) -> None:
    for phrase, verb in silence_words.verbs(language).items():
        found = said(" ".join(phrase), language)
        assert found is not None, phrase
        assert found.verb == verb, phrase
        assert phrase not in reply_words.vocabulary(language), f"{phrase} means something else as well"
        assert read_reply(" ".join(phrase), language).verb not in ("ack", "close", "refuse"), phrase


@EVERY
def test_all_is_the_name_of_no_service(language: str) -> None:
    for phrase, (kind, _) in reply_words.vocabulary(language).items():
        assert said_silences.means_all(" ".join(phrase), language) == (kind in ("all", "both")), phrase
    assert said_silences.means_all("*", language)


@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_whatever_is_written_is_read_without_a_fault(words: str, language: str) -> None:
    said(words, language)


VERBS = st.sampled_from([(lang, " ".join(p)) for lang in LANGUAGES for p in silence_words.verbs(lang)])
SCRAPS = st.lists(
    st.sampled_from(["db", "the", "42", "2h", "until", "18:00", "6", "bis", "hasta las", "到", "全部", "?", "-", "all"])
    | st.text(max_size=8),
    max_size=7,
)


@given(VERBS, SCRAPS)
def test_whatever_stands_behind_a_verb_is_read_without_a_fault(verb: tuple[str, str], scraps: list[str]) -> None:
    found = said(f"{verb[1]} {' '.join(scraps)}", verb[0])
    if found is not None and found.until is not None:
        assert found.verb == "silence"
        assert found.until >= NOW


@given(VERBS, SCRAPS, st.sampled_from(["ok", "I will", "no", "noc", "我", "ich habe", "42"]))
def test_a_verb_that_is_not_the_first_word_is_none(verb: tuple[str, str], scraps: list[str], before: str) -> None:
    assert said(f"{before} {verb[1]} {' '.join(scraps)}", verb[0]) is None


# --- what we say


def filled(language: str) -> dict[str, str]:
    until = said_times.shown(LONDON, utc("2026-11-25 18:00"), language)
    told = {
        "code": "7313", "name": "Anna Example", "names": "Anna Example, Ben Nevis", "service": "database", "hours": 24,
        "codes": "42, 57, 112", "services": "network, database, mail", "until": until,
    }  # fmt: skip
    spoken = [f.name for f in fields(silence_words.Words) if f.name not in silence_words.VERBS]
    said = {word: silence_words.said(word, language, **told) for word in spoken}
    return said | {
        "done, with all": said["done"] + said["kept"] + silence_words.said("knows", language, names="Ben"),
        "told, with codes": said["told"] + said["kept"],
        "lifted, with codes": said["lifted_by"] + said["paging"],
    }


@EVERY
def test_every_one_has_room_in_one_segment(language: str) -> None:
    told = {w: s for w, s in filled(language).items() if language != "zh" or "with" not in w}
    assert not {w: s for w, s in told.items() if len(text.fit(s, segments_max=9).segments) > 1}


@EVERY
def test_no_language_but_chinese_leaves_the_alphabet_with_most_room(language: str) -> None:
    told = {w: s for w, s in filled(language).items() if text.fit(s, segments_max=9).alphabet != "gsm7"}
    assert language == "zh" or not told


@EVERY
def test_every_language_fills_in_the_same_facts(language: str) -> None:
    english, other = silence_words._WORDS["en"], silence_words._WORDS[language]
    for field in fields(silence_words.Words):
        names = [{n for _, n, _, _ in Formatter().parse(getattr(w, field.name)) if n} for w in (english, other)]
        assert names[0] == names[1], field.name


@EVERY
def test_none_is_taken_for_a_text_of_an_incident_or_read_when_it_comes_back(language: str) -> None:
    for what, words in filled(language).items():
        assert not incident_texts.names(words, "4217"), what
        read = said_silences.read(words, language, LONDON, NOW, named=lambda: ("database",), ours=(words,))
        assert read is None, what


def test_long_names_are_cut() -> None:
    assert silence_words.said("declined", "en", name="x" * 80, service="db") == (
        f"{'x' * 21}... does not agree. db is not silenced"
    )
    assert silence_words.some([str(n) for n in range(7)]) == "0, 1, 2, 3, 4 +2"


def test_the_page_on_replies_has_every_word() -> None:
    page = (Path(__file__).parents[2] / "docs" / "replies.md").read_text()
    for language in LANGUAGES:
        words = silence_words.words_of(language)
        for verb in silence_words.VERBS:
            assert not [entry for entry in getattr(words, verb).split("|") if f"`{entry}`" not in page], language
