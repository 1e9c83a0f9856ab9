"""Replies whose marks are wrong: they are read where the octets say what they are, and nothing else is made of them."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.text import BASIC, gsm7_septets, gsm7_text
from gatewayd.wire.septets import pack
from gatewayd.wire.smpp_pdu import Message
from gatewayd.wire.smpp_text import Incoming, read_content
from tests.pure.reply_corpus import CORPUS

LINES = [line for kinds in CORPUS.values() for lines in kinds.values() for line in lines.split("\n")]
WRITTEN = sorted({text for line in LINES for text in line.split("|") if text})
ASCII = [text for text in WRITTEN if text.isascii() and len(text) > 1]
CONCAT = bytes.fromhex("050003070201")
WIDE_CONCAT = bytes.fromhex("06080400070201")


def came(octets: bytes, coding: int = 0, default: Any = "gsm7", **fields: Any) -> Incoming:
    return read_content(Message(short_message=octets, data_coding=coding, **fields), default)


def octets_of(text: str, coding: int) -> bytes | None:
    """As a bureau writes it in that alphabet, or None."""
    if coding == 0:
        return gsm7_septets(text)
    try:
        return text.encode("utf-16-be" if coding == 8 else "latin-1")
    except UnicodeEncodeError:
        return None


# -- the header --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coding", [0, 3, 8])
def test_a_reply_with_a_header_announced_and_none_there(coding: int) -> None:
    for text in WRITTEN:
        octets = octets_of(text, coding)
        if octets:
            found = came(octets, coding, esm_class=0x40)
            assert found.text == came(octets, coding).text, text
            assert "no header in it" in found.notes


@pytest.mark.parametrize("coding", [0, 3, 8])
@pytest.mark.parametrize("header", [CONCAT, WIDE_CONCAT, bytes.fromhex("0B0504158F00000003070201")])
def test_a_reply_with_a_header_keeps_it(header: bytes, coding: int) -> None:
    for text in WRITTEN:
        octets = octets_of(text, coding)
        if octets:
            found = came(header + octets, coding, esm_class=0x40)
            assert (found.text, found.concat is None) == (came(octets, coding).text, False)


def test_half_a_header_is_no_text() -> None:
    for length in range(len(CONCAT)):
        for coding in (0, 3, 8):
            assert came(CONCAT[:length], coding, esm_class=0x40).text is None
    assert came(bytes.fromhex("0500030702"), esm_class=0x40).text is None
    assert came(bytes.fromhex("050004070201") + b"ok 42", esm_class=0x40).text == "ok 42", "what is damaged is left out"


signs = st.text(st.sampled_from(BASIC.replace("\x1b", "")), min_size=1, max_size=160)
wide_signs = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=70)


@given(signs, st.sampled_from([CONCAT, WIDE_CONCAT]))
def test_a_good_header_is_always_taken_off(text: str, header: bytes) -> None:
    found = came(header + (gsm7_septets(text) or b""), esm_class=0x40)
    assert found.text == came(gsm7_septets(text) or b"").text
    assert found.concat is not None


# -- letters of two octets ---------------------------------------------------------------------------------------------


def test_the_low_octet_first() -> None:
    read = [text for text in ASCII if came(text.encode("utf-16-le"), 8).text == text]
    assert len(read) > 0.99 * len(ASCII)
    for text in ("ok", "kk", "no", "42", "OK 10"):
        assert came(text.encode("utf-16-le"), 8).text == text
    assert came("ok".encode("utf-16-le"), 8).notes == ("read as utf-16-le",)


def test_one_octet_for_each_letter_where_two_were_announced() -> None:
    assert came(b"ok 42", 8).text == "ok 42"
    assert came("收到".encode("utf-16-be"), 8).text == "收到", "which may be e6R0 as well"


def test_the_high_octet_first_is_never_turned_round() -> None:
    for text in WRITTEN:
        assert came(text.encode("utf-16-be"), 8).text == text


def test_chinese_letters_whose_low_octet_is_zero_stay_what_they_are() -> None:
    for length in (1, 2, 3):
        for letters in product("一刀开最怀戀搀攀昀栀稀紀儀匀嘀堀　", repeat=length):
            text = "".join(letters)
            assert came(text.encode("utf-16-be"), 8).text == text


@given(wide_signs)
def test_what_is_not_all_of_that_kind_stays_what_it_is(text: str) -> None:
    octets = text.encode("utf-16-be")
    if any(octets[1::2]):
        assert came(octets, 8).text == octets.decode("utf-16-be").removeprefix("\ufeff")


@pytest.mark.parametrize("codec", ["utf-16-be", "utf-16-le"])
@pytest.mark.parametrize(("coding", "default"), [(0, "gsm7"), (0, "latin1"), (0, "ascii"), (1, "gsm7"), (3, "gsm7")])
def test_two_octets_for_each_letter_where_one_was_announced(codec: str, coding: int, default: str) -> None:
    for text in ASCII:
        assert came(text.encode(codec), coding, default).text == text
    assert came("ok 👍".encode(codec), coding, default).text == "ok 👍"


@given(signs)
def test_a_reply_in_the_announced_alphabet_is_read_so(text: str) -> None:
    octets = gsm7_septets(text) or b""
    if "@" not in text:
        assert came(octets).text == gsm7_text(octets)
    assert came(text.encode("latin-1", "ignore"), 3).text == text.encode("latin-1", "ignore").decode("latin-1")


# -- eight bits in an alphabet of seven --------------------------------------------------------------------------------


def test_packed_septets() -> None:
    read = 0
    for text in WRITTEN:
        septets = gsm7_septets(text)
        if septets is not None:
            found = came(pack(septets)).text
            read += found == text
            assert found == text or found == gsm7_text(pack(septets)).replace("\0", "\ufffd"), text
    assert read > 0.95 * sum(gsm7_septets(text) is not None for text in WRITTEN)
    assert came(pack(b"ok 42")).text == "ok 42"


@pytest.mark.parametrize("codec", ["latin-1", "cp1252"])
def test_words_of_another_alphabet_are_not_unpacked(codec: str) -> None:
    """They cannot be read, but what is ASCII in them can."""
    for text in WRITTEN:
        octets = text.encode(codec, "ignore")
        assert came(octets).text == gsm7_text(octets)


def test_utf_8_is_read() -> None:
    for text in WRITTEN:
        if not text.isascii() and "\u200d" not in text:
            assert came(text.encode()).text == text
