"""Absences, overrides and covers as people write them on a phone in seven languages; and what is none of these."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.oncall import absence_words, civil, said_change_words, said_changes, said_spans, said_times
from gatewayd.oncall.languages import LANGUAGES
from gatewayd.oncall.said_changes import Known, Wish
from gatewayd.oncall.said_spans import Clock
from tests.chance import examples
from tests.pure.rotas import local, utc

LONDON = civil.zone_named("Europe/London")
NOW = utc("2026-11-22 04:12")  # a Sunday
KNOWN = Known(
    "anna",
    "en",
    {"anna": ("anna",), "ben": ("ben",), "ben example": ("ben",), "cara": ("cara",), "novak": ("dan", "eva")},
    {"noc": "noc", "network": "noc", "data base": "db"},
    {"": LONDON, "noc": LONDON, "db": LONDON},
    NOW,
)

AWAY = {
    "en": """away until fri 18:00 = now, 2026-11-27 18:00 | Away fri 18:00! = now, 2026-11-27 18:00
away 24 dec - 2 jan = 2026-12-24 00:00, 2027-01-03 00:00
away from mon 8:00 to wed = 2026-11-23 08:00, 2026-11-26 00:00
I'm away 24-27 dec = 2026-12-24 00:00, 2026-12-28 00:00 | absent for 3 days = now, 2026-11-25 04:12
sick 2h, sorry = now, 2026-11-22 06:12 | on holiday for 2 weeks = now, 2026-12-06 04:12
off sick tomorrow = 2026-11-23 00:00, 2026-11-24 00:00 | on leave on friday = 2026-11-27 00:00, 2026-11-28 00:00
away today = now, 2026-11-23 00:00 | away until 6pm please = now, 2026-11-22 18:00
away 18:00-20:00 = 2026-11-22 18:00, 2026-11-22 20:00 | away until tonight 10 = now, 2026-11-22 22:00
away from now until 18:00 = now, 2026-11-22 18:00 | away 2026-12-24 - 2027-01-02 = 2026-12-24 00:00, 2027-01-03 00:00
away until 12 dec = now, 2026-12-13 00:00 | away +8h = now, 2026-11-22 12:12""",
    "cy": """i ffwrdd tan Gwener 18:00 = now, 2026-11-27 18:00 | yn sâl tan yfory 8:00 = now, 2026-11-23 08:00
ar wyliau o Llun hyd Gwener = 2026-11-23 00:00, 2026-11-28 00:00 | absennol am 3 diwrnod = now, 2026-11-25 04:12""",
    "de": """abwesend bis Freitag = now, 2026-11-28 00:00 | bin krank bis morgen 8 Uhr = now, 2026-11-23 08:00
Urlaub vom 24.12. bis 2.1. = 2026-12-24 00:00, 2027-01-03 00:00 | weg für 2 Stunden = now, 2026-11-22 06:12
bin im Urlaub 24.-27.12. = 2026-12-24 00:00, 2026-12-28 00:00
habe frei morgen = 2026-11-23 00:00, 2026-11-24 00:00""",
    "fr": """absent jusqu'à vendredi 18h = now, 2026-11-27 18:00 | je suis malade 2 jours = now, 2026-11-24 04:12
en vacances du lundi au vendredi = 2026-11-23 00:00, 2026-11-28 00:00
absente jusqu’à demain 8h30 = now, 2026-11-23 08:30""",
    "es": """ausente hasta el viernes 18:00 = now, 2026-11-27 18:00 | estoy enfermo 3 días = now, 2026-11-25 04:12
de vacaciones del lunes al viernes = 2026-11-23 00:00, 2026-11-28 00:00
ausente hasta mañana a las 8:00 = now, 2026-11-23 08:00""",
    "pl": """nieobecny do piątku 18:00 = now, 2026-11-27 18:00 | nie ma mnie do jutra = now, 2026-11-24 00:00
urlop od poniedziałku do piątku = 2026-11-23 00:00, 2026-11-28 00:00 | chora na 3 dni = now, 2026-11-25 04:12""",
    "zh": """请假到周五 = now, 2026-11-28 00:00 | 我请假到周五18:30 = now, 2026-11-27 18:30
休假12月24日到1月2日 = 2026-12-24 00:00, 2027-01-03 00:00 | 病假3天 = now, 2026-11-25 04:12
请假从周一到周五,谢谢 = 2026-11-23 00:00, 2026-11-28 00:00 | 不在2小时 = now, 2026-11-22 06:12""",
}
AWAYS = [
    (language, *(side.strip() for side in entry.split(" = ")))
    for language, lines in AWAY.items()
    for line in lines.splitlines()
    for entry in line.split(" | ")
]
OTHERS = {
    "en": """override ben until 18:00 = override  ben | override noc ben 18:00 = override noc ben
override Ben Example on the network until 18:00 = override noc ben | override me until 18:00 = override  anna
cover ben until 18:00 = cover  ben | covering for Ben on noc until 18:00 = cover noc ben
cover ben data base until 18:00 = cover db ben | covering noc until 18:00 = on noc | on until 18:00 = on
on noc until 18:00 = on noc | off until 18:00 = off | off noc for 2h = off noc""",
    "cy": """cyflenwi dros Ben tan 18:00 = cover  ben | ar ddyletswydd tan 18:00 = on
dynodi ben tan 18:00 = override  ben""",
    "de": """vertrete Ben bis 18 Uhr = cover  ben | Vertretung für Ben noc bis 18:00 = cover noc ben
einteilen ben noc bis 18:00 = override noc ben | im Dienst bis 18:00 = on | Dienst aus bis 18:00 = off""",
    "fr": """je remplace Ben jusqu'à 18h = cover  ben | en service jusqu'à 18:00 = on
désigner ben jusqu'à 18h = override  ben""",
    "es": """cubro a Ben hasta las 18:00 = cover  ben | de guardia hasta las 18:00 = on
asignar ben hasta 18:00 = override  ben""",
    "pl": "zastępuję Ben do 18:00 = cover  ben | na dyżurze do 18:00 = on | wyznacz ben do 18:00 = override  ben",
    "zh": "我替Ben到18点 = cover  ben | 上班到18点 = on | 指定Ben到18:00 = override  ben | 下班到18点 = off",
}
OTHER_ROWS = [
    (language, *(side.strip() for side in entry.split(" = ")))
    for language, lines in OTHERS.items()
    for line in lines.splitlines()
    for entry in line.split(" | ")
]
NONE = """I am away from my desk, will look in 5 min
away for lunch until 1, ok 42
back online
back in 5 min
back to bed
cover letter
cover page is missing
override worked, fixed 42
override failed
on it
on friday
on my way until 18:00
on call until 18:00
off to bed
off until I feel better
sick of this
Ben is away until fri
not away until fri
away until fri and ok 42
ok away until fri
holiday pay until fri 18:00 is late
cover ben until 18:00?
back?
is ben back
leave it until 18:00
going back
away team
covering all bases until 18:00 ok""".splitlines()


@pytest.mark.parametrize(("language", "written", "meant"), AWAYS)
def test_an_absence_is_read_as_it_is_meant(language: str, written: str, meant: str) -> None:
    since, until = (NOW if at == "now" else local("Europe/London", at) for at in meant.split(", "))
    found = said_changes.read(written, replace(KNOWN, language=language))
    assert found == Wish("away", since=since, until=until)


@pytest.mark.parametrize(("language", "written", "meant"), OTHER_ROWS)
def test_so_is_who_takes_what_until_when(language: str, written: str, meant: str) -> None:
    found = said_changes.read(written, replace(KNOWN, language=language))
    assert found is not None
    assert f"{found.verb} {found.rota} {found.person}".strip() == meant
    assert found.until == (utc("2026-11-22 06:12") if "2h" in written else utc("2026-11-22 18:00"))
    assert not found.lacks


@pytest.mark.parametrize("written", NONE)
def test_what_is_about_something_else_is_no_change(written: str) -> None:
    assert said_changes.read(written, KNOWN) is None


@pytest.mark.parametrize(
    ("written", "lacks"),
    [("away", "time"), ("Away?", "time"), ("away until soon", "time"), ("away until 6", "time"), ("sick", "time"),
     ("away until friday?", "time"), ("cover ben", "time"), ("cover ben soon", "time"), ("override", "time"),
     ("override noc", "time"), ("override noc until 18:00", "time"), ("cover ben friday 6", "time"),
     ("away from 24 dec", "time"), ("away 8h", "time"),
     ("away until fri, Ben", "time"), ("cover bob until 18:00", "name"), ("override noc bob until 18:00", "name"),
     ("override noc novak 18:00", "name"), ("override noc bob fri 18:00", "name"),
     ("override noc fri 18:00", "time"), ("override noc 18:00", "time")],
)  # fmt: skip
def test_what_lacks_something_is_asked_back(written: str, lacks: str) -> None:
    found = said_changes.read(written, KNOWN)
    assert found is not None
    assert found.lacks == lacks
    assert not found.until


def test_two_who_are_called_so_are_both_named() -> None:
    found = said_changes.read("cover novak until 18:00", KNOWN)
    assert found is not None
    assert found.alike == ("dan", "eva")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_tables_is_understood(language: str) -> None:
    words = said_change_words._WORDS[language]
    known = replace(KNOWN, language=language)
    end = next(iter(words.until.split("|")))
    for entry in words.away.split("|"):
        for text in (f"{entry} {end} 18:00", f"{entry.upper()} {end} 18:00."):
            found = said_changes.read(text, known)
            assert (found and (found.verb, found.until)) == ("away", utc("2026-11-22 18:00")), text
    for entry in words.back.split("|"):
        assert said_changes.read(entry, known) == Wish("back"), entry
    for verb in ("override", "cover"):
        for entry in getattr(words, verb).split("|"):
            found = said_changes.read(f"{entry} ben {end} 18:00", known)
            assert (found and (found.verb, found.person)) == (verb, "ben"), entry


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_we_write_as_an_example_is_read(language: str) -> None:
    told = absence_words.said("no_time", language)
    examples = re.findall(r"away .+?(?=, away| or away| neu away| oder away| ou away| o away| albo away|$)", told)
    assert len(examples) == 3
    for example in examples:
        found = said_changes.read(example, replace(KNOWN, language=language))
        assert found is not None and found.until > NOW, example


PIECES = (
    "away back cover override ben noc until fri 18:00 ok 42 from - 24 dec I am my desk lunch not no , . ? tomorrow 5"
    " min for to 请假 到 bis abwesend now"
)
WORDS = st.sampled_from(PIECES.split())


@examples(400)
@given(st.lists(WORDS, max_size=8).map(" ".join), st.sampled_from(LANGUAGES))
def test_whatever_is_written_the_whole_of_it_is_a_change_or_none(written: str, language: str) -> None:
    found = said_changes.read(written, replace(KNOWN, language=language))
    if found is None or found.lacks or found.code:
        return
    assert not {"ok", "42", "not", "no", "desk", "lunch", "I", "my", "?"} & set(written.split()), written
    assert found.verb == "back" or (found.since >= NOW and found.until > found.since)


@examples(200)
@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_no_text_whatever_is_taken_for_a_change_that_begins_with_no_verb(written: str, language: str) -> None:
    known = replace(KNOWN, language=language)
    assert said_changes.read(f"zzz {written}", known) is None
    said_changes.read(f"away {written}", known)


@examples(200)
@given(st.integers(1, 400 * 24 * 60), st.sampled_from(LANGUAGES))
def test_what_is_shown_as_an_end_is_read_as_that_end(minutes: int, language: str) -> None:
    until = NOW // civil.MINUTE * civil.MINUTE + minutes * civil.MINUTE
    shown = said_times.shown(LONDON, until, language)
    if minutes > 300 * 24 * 60 or "(" in shown:
        return
    end = said_change_words._WORDS[language].until.split("|")[0]
    assert said_spans.end(f"{end} {shown}", Clock(language, LONDON, NOW)) == until


def test_the_page_on_replies_has_every_word() -> None:
    page = (Path(__file__).parents[2] / "docs" / "replies.md").read_text()
    for language, words in said_change_words._WORDS.items():
        for verb in ("away", "back", "override", "cover"):
            missing = [entry for entry in getattr(words, verb).split("|") if f"`{entry}`" not in page]
            assert not missing, f"{language} {verb}: {missing}"
