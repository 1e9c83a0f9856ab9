"""The fitting of texts: alphabet, transliteration, segments, truncation."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.text import BASIC, EXTENSION, STEERING, TextError, fit, gsm7_septets, shortened, utf16_units
from tests.chance import examples

GSM7 = BASIC.replace("\x1b", "").replace("\r", "") + "".join(EXTENSION.values())
EMOJI = "🔥😀👍🚨"

any_text = st.text(
    st.one_of(
        st.sampled_from(GSM7),
        st.characters(exclude_categories=["Cs", "Cc"]),
        st.sampled_from(EMOJI + "\u200d\ufe0f\u0301🇬🇧🇫🇷👩🏽"),
    ),
    min_size=1,
    max_size=400,
)


def units(segment: str, alphabet: str) -> int:
    """Counted the slow way."""
    if alphabet == "gsm7":
        return sum(2 if sign in "\f^{}\\[~]|€" else 1 for sign in segment)
    return sum(2 if ord(sign) > 0xFFFF else 1 for sign in segment)


# ------------------------------------------------------------------------------------------------- alphabets


def test_every_sign_of_the_basic_table_is_one_septet() -> None:
    for code, sign in enumerate(BASIC):
        if code != 0x1B:
            assert gsm7_septets(sign) == bytes((code,))
    assert len(set(BASIC)) == len(BASIC) == 128


def test_every_sign_of_the_extension_table_is_an_escape_pair() -> None:
    assert len(EXTENSION) == 10
    for code, sign in EXTENSION.items():
        assert gsm7_septets(sign) == bytes((0x1B, code))


@pytest.mark.parametrize("sign", ["`", "\x1b", "\0", "ç", "Ж", "😀", "\ud83d", "\x7f"])
def test_signs_outside_the_alphabet_are_not_septets(sign: str) -> None:
    assert gsm7_septets("a" + sign) is None


def test_the_section_sign_is_plain_and_the_backtick_is_not() -> None:
    assert gsm7_septets("§") == b"\x5f"
    assert fit("see `top`").segments == ("see 'top'",)


# ------------------------------------------------------------------------------------------------- refusals


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(TextError, match="empty text"):
        fit("")


@pytest.mark.parametrize(
    "text",
    [
        " ",
        "\n\r\t\f",
        "\u00a0\u3000",
        "\u200b\ufeff",
        "\u202e",
        "\u2066 \u2069",
        "\u2800\u3164",
        "\ufe0f",
        "\U000e0041",
    ],
    ids=ascii,
)
def test_a_text_that_shows_nothing_is_refused(text: str) -> None:
    with pytest.raises(TextError, match="nothing in it can be seen"):
        fit(text)


@pytest.mark.parametrize("text", ["!", "\u200b.", "\u0301", "\ue000", "\U0003ffff", "\u200d👍"], ids=ascii)
def test_one_sign_that_can_be_seen_is_enough(text: str) -> None:
    assert fit(text).segments


@pytest.mark.parametrize("code", [*range(0x09), 0x0B, *range(0x0E, 0x20), *range(0x7F, 0xA0)])
def test_control_characters_are_named_with_their_place(code: int) -> None:
    with pytest.raises(TextError, match=f"control character U\\+{code:04X} at position 4"):
        fit("\r\nab" + chr(code))


@pytest.mark.parametrize("text", ["ab\ud83d", "ab\ude00x", "ab\ude00\ud83d"])
def test_lone_surrogates_are_named_with_their_place(text: str) -> None:
    with pytest.raises(TextError, match=r"lone surrogate U\+D[8E].. at position 2"):
        fit(text)


@pytest.mark.parametrize(
    ("length", "allowed", "message"),
    [
        (1000, 4, "needs 7 segments, at most 4 are allowed"),
        (161, 1, "needs 2 segments, at most 1 is allowed"),
        (320, 1, "needs 3 segments, at most 1 is allowed"),
    ],
)
def test_a_long_text_says_what_it_needs(length: int, allowed: int, message: str) -> None:
    with pytest.raises(TextError, match=message):
        fit("x" * length, segments_max=allowed)


@pytest.mark.parametrize("segments_max", [0, -1, 256])
def test_an_impossible_number_of_segments_is_refused(segments_max: int) -> None:
    with pytest.raises(TextError, match="must be 1 to 255"):
        fit("x", segments_max=segments_max)


# ------------------------------------------------------------------------------------------------- tidying and signs


def test_line_ends_become_one_kind_and_tabs_spaces_without_counting_as_altered() -> None:
    fitted = fit("a\r\nb\rc\td\ne")
    assert fitted.segments == ("a\nb\nc d\ne",)
    assert not fitted.altered


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("“up” – it’s ‘ok’…", "\"up\" - it's 'ok'..."),
        ("a\u00a0b\u202fc\u3000d", "a b c d"),
        ("• one → two", "* one -> two"),
        ("x ≤ 3, y ≠ 4, ±5", "x <= 3, y != 4, +/-5"),
        ("one\u2028two", "one\ntwo"),
        ("soft\u00adhyphen\ufeff", "softhyphen"),
        ("cafe\u0301", "café"),
        ("«ja»", '"ja"'),
    ],
)
def test_typographic_signs_become_plain_ones(text: str, plain: str) -> None:
    fitted = fit(text)
    assert fitted.segments == (plain,)
    assert fitted.alphabet == "gsm7"
    assert fitted.altered


@pytest.mark.parametrize(
    "text",
    ["“Łódź” – down", "Tŷ’r", "диск заполнен…", "磁盘已满…", "10² “x”", "25°C…", "“🔥”", "façade…"],
)
def test_nothing_is_touched_when_it_would_not_save_the_alphabet(text: str) -> None:
    fitted = fit(text)
    assert (fitted.alphabet, fitted.segments, fitted.altered) == ("ucs2", (text,), False)


def test_transliteration_can_be_declined() -> None:
    fitted = fit("it’s", transliterate=False)
    assert (fitted.alphabet, fitted.segments, fitted.altered) == ("ucs2", ("it’s",), False)


@pytest.mark.parametrize(
    ("text", "plain", "alphabet"),
    [
        ("disk \u202e%59\u202c full", "disk %59 full", "gsm7"),
        ("\u202aa\u202bb\u202dc\u2066d\u2067e\u2068f\u2069", "abcdef", "gsm7"),
        ("\u2067диск\u2069 \u202d95", "диск 95", "ucs2"),
        ("\u202eשלום\u202c", "שלום", "ucs2"),
    ],
    ids=ascii,
)
def test_nothing_turns_the_writing_direction_around(text: str, plain: str, alphabet: str) -> None:
    for transliterate in (True, False):
        fitted = fit(text, transliterate=transliterate)
        assert (fitted.segments, fitted.alphabet, fitted.altered) == ((plain,), alphabet, True)


def test_marks_of_right_to_left_scripts_stay() -> None:
    text = "שרת 2\u200f!"
    assert fit(text).segments == (text,)


def test_no_letter_is_ever_changed() -> None:
    for code in range(0x80, 0x3000):
        sign = chr(code)
        if unicodedata.category(sign) in ("Lu", "Ll", "Lo", "Nd", "No") and unicodedata.normalize("NFC", sign) == sign:
            assert fit(sign + "!").segments == (sign + "!",), f"U+{code:04X}"


# ------------------------------------------------------------------------------------------------- segments


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("sign", ["x", "€", "Ж", "😀"])
def test_all_lengths(sign: str, bits: int) -> None:
    alphabet = "gsm7" if sign in "x€" else "ucs2"
    alone, part = {"gsm7": (160, 153), "ucs2": (70, 67)}[alphabet]
    part -= bits == 16
    weight = units(sign, alphabet)
    for length in range(1, 321):
        fitted = fit(sign * length, reference_bits=8 if bits == 8 else 16, segments_max=255)
        assert "".join(fitted.segments) == sign * length
        assert (fitted.alphabet, fitted.units, fitted.altered) == (alphabet, length * weight, False)
        if length * weight <= alone:
            assert fitted.segments == (sign * length,)
            assert fitted.units_left == alone - length * weight
        else:
            whole = part // weight
            assert [len(segment) for segment in fitted.segments[:-1]] == [whole] * (-(-length // whole) - 1)
            assert fitted.units_left == part - weight * len(fitted.segments[-1])


@pytest.mark.parametrize(("bits", "part"), [(8, 153), (16, 152)])
def test_an_escape_pair_is_never_cut(bits: int, part: int) -> None:
    for before in range(part - 3, part + 3):
        text = "x" * before + "€" + "y" * 100
        first = fit(text, reference_bits=8 if bits == 8 else 16).segments[0]
        if before == part - 1:  # the escape would be the last septet
            assert first == "x" * before
        else:
            assert units(first, "gsm7") == part


@pytest.mark.parametrize(
    "cluster",
    ["😀", "e\u0301\u0323", "👩\u200d👩\u200d👧\u200d👦", "❤\ufe0f\u200d🔥", "👍🏽", "1\ufe0f\u20e3", "🇬🇧", "각"],
)
def test_what_a_reader_sees_as_one_sign_stays_together(cluster: str) -> None:
    cluster = unicodedata.normalize("NFD", cluster)
    size = utf16_units(cluster)
    for before in range(67 - size - 1, 68):
        text = "Ж" * before + cluster + "Ж" * 60
        segments = fit(text).segments
        assert "".join(segments) == text
        assert any(cluster in segment for segment in segments), before


def test_flags_are_cut_between_two_flags() -> None:
    text = "Ж" + "🇬🇧🇫🇷🇩🇪" * 10
    for segment in fit(text).segments:
        assert segment.lstrip("Ж")[0] in "🇬🇫🇩"


def test_a_heap_of_marks_longer_than_a_segment_is_cut_anyhow() -> None:
    text = "e" + "\u0323" * 200
    fitted = fit(text)
    assert "".join(fitted.segments) == text
    assert len(fitted.segments) == 3


@given(any_text, st.sampled_from([8, 16]))
def test_segments_are_the_text(text: str, bits: int) -> None:
    fitted = fit(text + "!", reference_bits=8 if bits == 8 else 16, segments_max=255)
    alone, part = {"gsm7": (160, 153), "ucs2": (70, 67)}[fitted.alphabet]
    room = alone if len(fitted.segments) == 1 else part - (bits == 16)
    sizes = [units(segment, fitted.alphabet) for segment in fitted.segments]
    assert max(sizes) <= room
    assert min(sizes) > 0
    assert fitted.units == sum(sizes)
    assert fitted.units_left == room - sizes[-1]
    assert fitted.altered == ("".join(fitted.segments) != text + "!")
    for segment in fitted.segments:
        segment.encode("utf-16-be")  # no half pairs
    if fitted.altered and not STEERING.search(text):
        assert fitted.alphabet == "gsm7"


# ------------------------------------------------------------------------------------------------- truncation


@given(any_text, st.integers(1, 3), st.sampled_from([8, 16]))
@examples(200)
def test_a_truncated_text_is_a_beginning_and_a_mark(text: str, segments_max: int, bits: int) -> None:
    fitted = fit(text + "!", segments_max=segments_max, reference_bits=8 if bits == 8 else 16, truncate=True)
    assert len(fitted.segments) <= segments_max
    joined = "".join(fitted.segments)
    whole = "".join(fit(text + "!", segments_max=255).segments)
    if joined != whole:
        assert fitted.altered
        assert joined.endswith("...")
        assert whole.startswith(joined[:-3])
    assert fitted.units == sum(units(segment, fitted.alphabet) for segment in fitted.segments)
    assert fitted.units_left >= 0


@pytest.mark.parametrize(
    ("sign", "segments_max", "expected"),
    [
        ("x", 1, ["x" * 157 + "..."]),
        ("x", 2, ["x" * 153, "x" * 150 + "..."]),
        ("€", 1, ["€" * 78 + "..."]),
        ("€", 2, ["€" * 76, "€" * 75 + "..."]),
        ("Ж", 1, ["Ж" * 67 + "..."]),
        ("😀", 2, ["😀" * 33, "😀" * 32 + "..."]),
    ],
)
def test_truncation_to_the_unit(sign: str, segments_max: int, expected: list[str]) -> None:
    fitted = fit(sign * 400, segments_max=segments_max, truncate=True)
    assert list(fitted.segments) == expected
    assert fitted.altered


def test_truncation_leaves_alone_what_fits() -> None:
    assert not fit("x" * 306, segments_max=2, truncate=True).altered


@pytest.mark.parametrize(
    ("words", "room", "short"),
    [
        ("47 CRITICAL db1 is down. Reply ok 47", 30, "47 CRITICAL db1... Reply ok 47"),
        ("47 CRITICAL db1 is down。回复 ok 47", 27, "47 CRITICAL db1... 回复 ok 47"),
        ("47 CRITICAL db1 is down. Reply ok 47", 22, "47 CRITICAL db1 is..."),
        ("all of it is one sentence that does not end", 20, "all of it is one..."),
        ("ends with a stop. ", 10, "ends wi..."),
    ],
)
def test_what_is_too_long_loses_its_middle_and_keeps_its_last_sentence(words: str, room: int, short: str) -> None:
    assert shortened(words, lambda some: len(some) <= room) == short


@given(st.text(max_size=200), st.integers(3, 100))
def test_what_is_shortened_fits(words: str, room: int) -> None:
    assert len(shortened(words, lambda some: len(some) <= room)) <= room
