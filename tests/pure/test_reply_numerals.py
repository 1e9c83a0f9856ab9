"""What stands in the place of a code and is not written in digits."""

from __future__ import annotations

import pytest

from gatewayd.oncall import reply_numerals
from gatewayd.oncall.replies import read

ALIKE = {
    "en": "ok 1O|ok l0|Ok ten|OK1O|1O ok|ten ok|ok ten thanks|ok I0|done ten|no 1O|ok ten on my way",
    "cy": "iawn deg",
    "de": "ok zehn|ja zehn",
    "fr": "oui dix",
    "es": "vale diez",
    "pl": "tak dziesięć",
    "zh": "好 十|收到，十",
}
FORTY_SEVEN = {
    "en": "ok forty-seven|ok forty seven",
    "cy": "iawn pedwar deg saith",
    "de": "ok siebenundvierzig",
    "fr": "oui quarante-sept",
    "es": "vale cuarenta y siete",
    "pl": "tak czterdzieści siedem",
    "zh": "好 四十七",
}
NOTES = (
    "ok ten minutes|ok ten more minutes|ok 10 min|ok once more|ok ten sam router|ok in ten|ok one moment"
    "|ok I'll look|ok oil is low|ok ill look|ok sw1O again"
)


def each(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in table.items() for text in texts.split("|")]


@pytest.mark.parametrize(("language", "text"), each(ALIKE))
def test_what_looks_or_sounds_like_a_code_may_be_one(language: str, text: str) -> None:
    said = read(text, language)
    assert (said.codes, said.alike) == ((), ("10",))


@pytest.mark.parametrize(("language", "text"), each(FORTY_SEVEN))
def test_numbers_are_spoken_in_every_language(language: str, text: str) -> None:
    assert read(text, language).alike == ("47",)


def test_every_number_of_two_digits_is_known() -> None:
    assert set(reply_numerals.spoken().values()) == {str(n) for n in range(10, 100)}


@pytest.mark.parametrize("text", ["ok 🔟", "ok ⑩", "ok ❿", "ok ①⓪", "🔟 ok", "ok １０"])
def test_digits_of_any_shape_are_digits(text: str) -> None:
    assert read(text).codes == ("10",)


@pytest.mark.parametrize("text", NOTES.split("|"))
def test_an_ordinary_note_has_no_such_code(text: str) -> None:
    assert read(text, "pl").verb == "ack"
    assert read(text).alike == ()


@pytest.mark.parametrize("text", ["ok ten, done 47", "ok done ten", "off 1O", "ok 4", "ok 1O?"])
def test_what_fits_no_rule_is_asked_back(text: str) -> None:
    assert read(text).verb == "unclear"
