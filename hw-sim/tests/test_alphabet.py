"""GSM 7 bit (3GPP TS 23.038 6)."""

import pytest
from hwsim import alphabet
from hypothesis import given
from hypothesis import strategies as st

SEPTETS = st.binary(max_size=160).map(lambda data: bytes([octet & 127 for octet in data]))


def test_hellohello_is_packed_as_everybody_knows_it():
    assert alphabet.pack(alphabet.septets_of("hellohello")).hex().upper() == "E8329BFD4697D9EC37"


def test_the_basic_table_has_its_landmarks():
    for code, char in {0x00: "@", 0x10: "Δ", 0x24: "¤", 0x40: "¡", 0x5B: "Ä", 0x60: "¿", 0x7F: "à"}.items():
        assert alphabet.septets_of(char) == bytes([code])


def test_extension_characters_cost_two_septets():
    assert alphabet.septets_of("€[") == b"\x1b\x65\x1b\x3c"
    assert alphabet.text_of(b"\x1b\x65\x1b\x3c") == "€["


def test_an_unknown_extension_shows_the_basic_character_and_a_last_escape_a_space():
    assert alphabet.text_of(b"\x1b\x41") == "A"
    assert alphabet.text_of(b"A\x1b") == "A "


def test_other_characters_are_refused():
    with pytest.raises(alphabet.NotInAlphabet):
        alphabet.septets_of("ok ✓")
    assert not alphabet.fits("ç")


@given(SEPTETS, st.integers(0, 6))
def test_unpacking_undoes_packing_after_any_fill(septets, fill):
    assert alphabet.unpack(alphabet.pack(septets, fill), len(septets), fill) == septets


@given(st.text(alphabet=sorted(set(alphabet.BASIC) - {"\x1b"} | set(alphabet.EXTENSION.values())), max_size=80))
def test_text_survives(text):
    assert alphabet.text_of(alphabet.septets_of(text)) == text
