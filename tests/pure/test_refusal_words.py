"""Why nothing was done, as the rules say it, is read in every language: the same facts, in one segment."""

from __future__ import annotations

from dataclasses import fields
from string import Formatter

import pytest

from gatewayd import text
from gatewayd.oncall import asked_words, refusal_words
from gatewayd.oncall.changes import CHANGE_DAYS_MAX, refusals
from gatewayd.oncall.civil import DAY
from gatewayd.oncall.cover import Absence, Change, Facts, Override, Swap
from gatewayd.oncall.languages import LANGUAGES
from gatewayd.oncall.rota_faults import Staff
from tests.pure.rotas import rota, utc

EVERY = pytest.mark.parametrize("language", LANGUAGES)
OTHERS = pytest.mark.parametrize("language", LANGUAGES[1:])
NOW = utc("2026-11-22 04:12")
SINCE, UNTIL = utc("2026-11-23 09:00"), utc("2026-11-24 09:00")
WEEKS = {"people": ["anna", "ben"], "start": "2026-11-16"}
STAFF = Staff(
    {"anna": frozenset({"phone", "pager"}), "ben": frozenset({"phone"}), "cara": frozenset({"pager"})},
    {"noc": frozenset({"phone", "pager"})},
)
ABSENT = {
    "cy": "mae anna i ffwrdd o Llun 23 Tach 09:00 tan Maw 24 Tach 09:00 (Europe/London)",
    "de": "anna ist abwesend von Mo 23. Nov 09:00 bis Di 24. Nov 09:00 (Europe/London)",
    "fr": "anna est absent du lun 23 nov 09:00 au mar 24 nov 09:00 (Europe/London)",
    "es": "anna esta ausente del lun 23 nov 09:00 al mar 24 nov 09:00 (Europe/London)",
    "pl": "anna: nieobecnosc od pon 23 lis 09:00 do wt 24 lis 09:00 (Europe/London)",
    "zh": "anna不在: 11月23日周一 09:00至11月24日周二 09:00 (Europe/London)",
}


def against(change: Change, *absences: Absence) -> list[str]:
    plan = rota(WEEKS, fallback=["anna"])
    return refusals([plan], Facts(absences=absences), change, staff=STAFF, now=NOW)


def every_reason() -> list[str]:
    """What the rules say themselves."""
    away = Absence("anna", SINCE, UNTIL)
    said = [
        *against(Swap("anna", "nobody", SINCE, UNTIL, made_at=NOW)),
        *against(Override("db", "anna", SINCE, UNTIL, made_at=NOW)),
        *against(Override("noc", "anna", UNTIL, SINCE, made_at=NOW)),
        *against(Override("noc", "anna", NOW - DAY, NOW, made_at=NOW)),
        *against(Override("noc", "anna", NOW, NOW + (CHANGE_DAYS_MAX + 1) * DAY, made_at=NOW)),
        *against(Override("noc", "ben", SINCE, UNTIL, made_at=NOW)),
        *against(Override("noc", "cara", SINCE, UNTIL, made_at=NOW)),
        *against(Override("noc", "anna", SINCE, UNTIL, made_at=NOW), away),
        *against(away, Absence("ben", SINCE, UNTIL)),
    ]
    english = refusal_words.words_of("en")
    said += [english.too_many.format(count=2_000), english.silences.format(count=1_000)]
    said += [english.step.format(number=2, policy="network"), english.fallback.format(policy="network")]
    return list(dict.fromkeys(said))


def every_refusal(language: str) -> dict[str, str]:
    bare = {reason: refusal_words.read_in(reason, language) for reason in every_reason()}
    # their names and zones are as the file has them
    return {reason: told.replace("Europe/London", "").replace("nobody", "") for reason, told in bare.items()}


def test_every_sentence_is_one_that_the_rules_say() -> None:
    said = every_reason()
    for field in fields(refusal_words.Words):
        assert field.name == "when" or any(refusal_words._SHAPES[field.name].fullmatch(s) for s in said), field.name


@OTHERS
def test_none_stays_in_english(language: str) -> None:
    assert [reason for reason, told in every_refusal(language).items() if told == reason] == []


@OTHERS
def test_times_are_as_the_language_writes_them(language: str) -> None:
    (absent,) = against(Override("noc", "anna", SINCE, UNTIL, made_at=NOW), Absence("anna", SINCE, UNTIL))
    assert absent == "anna is absent from Mon 23 Nov 09:00 to Tue 24 Nov 09:00 (Europe/London)"
    assert refusal_words.read_in(absent, language) == ABSENT[language]


def test_several_are_read_each_and_what_is_not_known_stays() -> None:
    hour = "from Sun 25 Oct 01:30 (BST) to Sun 25 Oct 01:30 (GMT) (Europe/London)"
    said = f"it is over already; the moon is full; 'noc' would have nobody {hour}"
    assert refusal_words.read_in(said, "de-AT") == (
        "es ist schon vorbei; the moon is full;"
        " 'noc' hätte niemanden von So 25. Okt 01:30 (BST) bis So 25. Okt 01:30 (GMT) (Europe/London)"
    )
    assert refusal_words.read_in(said, "en") == said


@EVERY
def test_each_has_room_in_one_segment_and_the_alphabet_with_most_room(language: str) -> None:
    for reason in every_reason():
        told = asked_words.refused("NOC", reason, language)
        assert len(text.fit(told, segments_max=9).segments) == 1, told
        assert text.fit(told).alphabet == "gsm7" or language == "zh", told


@EVERY
def test_every_language_fills_in_the_same_facts(language: str) -> None:
    english, other = refusal_words.words_of("en"), refusal_words.words_of(language)
    for field in fields(refusal_words.Words):
        names = [{n for _, n, _, _ in Formatter().parse(getattr(w, field.name)) if n} for w in (english, other)]
        assert names[0] == names[1], field.name
