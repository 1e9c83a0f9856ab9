"""Numbers: normalised or refused, never guessed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.numbers import (
    Dialling,
    NumberError,
    masked,
    normalise,
    of_another_country,
    prefix,
    same_subscriber,
    without_trunk_zero,
)

UK = Dialling("44", "0")
ITALY = Dialling("39", "")


@pytest.mark.parametrize(
    "written",
    ["+447700900123", "+44 7700 900123", "+44 (0)7700 900123", "00447700900123", "0044 7700-900.123", "07700 900123",
     "(07700) 900123", "＋４４ ７７００ ９００１２３", " 07700900123 "],
)  # fmt: skip
def test_one_number_however_it_is_written(written: str) -> None:
    assert normalise(written, UK) == "+447700900123"


def test_a_country_without_trunk_prefix() -> None:
    assert normalise("0612345678", ITALY) == "+390612345678"


@pytest.mark.parametrize(
    "wrong", ["", "+", "00", "anna", "+44770090012x", "+0447700900123", "123", "+1234567890123456", "short:1",
              "short:123456789", "short:x1", "+44 7700 900123 ext 4", "7700900123", "٠٧٧٠٠٩٠٠١٢٣", "+٤٤٧٧٠٠٩٠٠١٢٣"]
)  # fmt: skip
def test_refused(wrong: str) -> None:
    with pytest.raises(NumberError):
        normalise(wrong, UK)


@pytest.mark.parametrize("written", ["+4407700900111", "004407700900111", "+44 07700 900111"])
def test_country_and_trunk_prefix_together_are_refused(written: str) -> None:
    with pytest.raises(NumberError, match=r"after '\+44' the '0' of national numbers is left out"):
        normalise(written, UK)


def test_without_a_country_nothing_is_guessed() -> None:
    with pytest.raises(NumberError):
        normalise("07700900123")
    assert normalise("short:60777") == "60777"


@given(st.text(max_size=30))
def test_anything_is_e164_or_a_refusal(text: str) -> None:
    try:
        number = normalise(text, UK)
    except NumberError:
        return
    assert re.fullmatch(r"\+[1-9][0-9]{6,14}|[0-9]{2,8}", number, re.ASCII)
    if number.startswith("+"):
        assert normalise(number) == number, "what is normal stays"


@given(st.from_regex(r"[1-9][0-9]{9,13}", fullmatch=True))
def test_one_subscriber_by_any_spelling(digits: str) -> None:
    assert same_subscriber("+" + digits, digits)
    assert same_subscriber("+" + digits, "0" + digits[-10:])
    assert not same_subscriber("+" + digits, "+" + digits[:-1] + str((int(digits[-1]) + 1) % 10))


def test_short_codes_are_equal_or_others() -> None:
    assert same_subscriber("60777", "60777")
    assert not same_subscriber("60777", "+447700960777")


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("+4407700900123", "+447700900123"),
        ("+490151234567", "+49151234567"),
        ("+447700900123", "+447700900123"),
        ("+39061234567", "+39061234567"),
        ("+22501234567", "+22501234567"),
        ("4407700900123", "4407700900123"),
        ("07700900123", "07700900123"),
        ("+0440770090", "+0440770090"),
        ("", ""),
    ],
)
def test_a_zero_behind_the_country_code_is_left_out_where_no_number_begins_with_it(shown: str, read: str) -> None:
    assert without_trunk_zero(shown) == read


def test_logs_show_three_digits() -> None:
    assert masked("+447700900123") == "...123"
    assert masked("123") == "..."


@pytest.mark.parametrize(
    ("written", "dialling", "kept"),
    [
        ("+4477", Dialling(), "+4477"),
        ("+4", Dialling(), "+4"),
        ("+35", Dialling(), "+35"),
        ("0770", UK, "+44770"),
        ("0", UK, "+44"),
        ("0044770", UK, "+44770"),
        ("07700900", UK, "+447700900"),
        ("06", ITALY, "+3906"),
        ("60777", UK, "60777"),
        ("60777", Dialling(), "60777"),
    ],
)
def test_the_beginning_of_numbers_as_they_are_kept(written: str, dialling: Dialling, kept: str) -> None:
    assert prefix(written, dialling) == kept


@pytest.mark.parametrize(
    ("written", "dialling", "why"),
    [
        ("0770", Dialling(), r"write it with its country code, as in '\+4477'"),
        ("447700900", Dialling(), r"write it with its country code, as in '\+4477'"),
        ("447700900", UK, "a national number begins with '0' here"),
        ("+0770", UK, "no country code begins with 0"),
        ("+440770", UK, r"after '\+44' the '0' of national numbers is left out"),
        ("+289", UK, "no country has a code that begins with 28"),
        ("00", UK, "no country code begins with 0"),
    ],
)
def test_what_no_number_begins_with_is_refused(written: str, dialling: Dialling, why: str) -> None:
    with pytest.raises(NumberError, match=why):
        prefix(written, dialling)


@given(st.sampled_from(["+447700900123", "+390612345678", "+12125550123", "+37061234567"]), st.integers(2, 13))
def test_every_beginning_of_a_good_number_is_one(number: str, length: int) -> None:
    assert prefix(number[:length], UK) == number[:length]


@pytest.mark.parametrize(
    ("number", "senders"),
    [
        ("+447700900111", ["447700900111", "00447700900111", "07700900111", "7700900111", "011447700900111"]),
        ("+79161234567", ["79161234567", "89161234567", "9161234567", "81079161234567"]),
        ("+36201234567", ["36201234567", "06201234567"]),
        ("+5491112345678", ["541112345678", "5491112345678", "01112345678"]),
        ("+12025550143", ["12025550143", "2025550143"]),
        ("60777", ["60777"]),
    ],
)
def test_ways_to_write_a_number_without_a_plus(number: str, senders: list[str]) -> None:
    assert [s for s in senders if of_another_country(s, number) or not same_subscriber(number, s)] == []


@pytest.mark.parametrize(
    ("number", "sender"),
    [
        ("+447700900111", "337700900111"),
        ("+447700900111", "17700900111"),
        ("+447700900111", "017700900111"),
        ("+447700900111", "00337700900111"),
        ("+447700900111", "87700900111"),
        ("+79161234567", "449161234567"),
    ],
)
def test_the_end_alone_does_not_make_a_number_from_elsewhere_the_same(number: str, sender: str) -> None:
    assert same_subscriber(number, sender), "its end is the same"
    assert of_another_country(sender, number)
