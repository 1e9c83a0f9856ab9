"""Packing of septets, national tables, and what unknown escapes show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.text import BASIC, EXTENSION, gsm7_septets, gsm7_text
from gatewayd.wire.septets import pack, unpack
from gatewayd.wire.shift_tables import LOCKING, PORTUGUESE, SINGLE, SPANISH, TURKISH
from tests.wire.tpdu_builder import packed


def test_the_well_known_example() -> None:
    assert pack(b"hellohello").hex().upper() == "E8329BFD4697D9EC37"
    assert unpack(bytes.fromhex("E8329BFD4697D9EC37"), 10) == b"hellohello"


def test_all_counts_and_fills_agree_with_strings_of_bits() -> None:
    septets = bytes((37 * at + 11) % 128 for at in range(170))
    for count in range(171):
        for fill in range(7):
            octets = pack(septets[:count], fill)
            assert octets == packed(list(septets[:count]), fill)
            assert unpack(octets, count, fill) == septets[:count]


@given(st.lists(st.integers(0, 127), max_size=200), st.integers(0, 6), st.binary(max_size=3))
def test_surplus_octets_do_not_disturb(septets: list[int], fill: int, surplus: bytes) -> None:
    assert unpack(pack(bytes(septets), fill) + surplus, len(septets), fill) == bytes(septets)


@given(st.text(st.sampled_from(BASIC.replace("\x1b", "") + "".join(EXTENSION.values()))))
def test_septets_and_back(text: str) -> None:
    septets = gsm7_septets(text)
    assert septets is not None
    assert gsm7_text(septets) == text


@pytest.mark.parametrize(
    ("septets", "text"),
    [
        (b"a\x1bab", "aab"),  # no sign there: the base table's
        (b"a\x1b\x0ab", "a\fb"),
        (b"a\x1b", "a "),
        (b"a\x1b\x1bb", "a b"),
        (b"\x1b\x1b\x1b\x65", " €"),
        (b"a\x80\xffb", "a\ufffd\ufffdb"),
        (b"\x1b\xff", "\ufffd"),
        (b"", ""),
    ],
)
def test_odd_septets_show_what_the_standard_says(septets: bytes, text: str) -> None:
    assert gsm7_text(septets) == text


@given(st.binary(max_size=300))
def test_any_octets_give_a_text(septets: bytes) -> None:
    gsm7_text(septets).encode()


def test_the_national_tables_are_whole() -> None:
    for table in LOCKING.values():
        assert len(table) == 128
        assert table[0x1B] == "\x1b"
        assert table[0x20:0x22] == " !"
        assert table[0x30:0x3A] == "0123456789"
        assert table[0x61:0x7B] == "abcdefghijklmnopqrstuvwxyz"
    for single in SINGLE.values():
        assert EXTENSION.items() <= single.items()
    assert [len(SINGLE[table]) for table in (0, TURKISH, SPANISH, PORTUGUESE)] == [10, 17, 19, 37]


@pytest.mark.parametrize(
    ("locking", "single", "septets", "text"),
    [
        (TURKISH, 0, b"\x04 \x0b\x0c\x1c\x1d\x07\x40\x60", "€ Ğğ\u015e\u015fıİç"),
        (0, TURKISH, b"\x1b\x47\x1b\x49\x1b\x53\x1b\x63\x1b\x67\x1b\x69\x1b\x73", "ĞİŞçğış"),
        (0, SPANISH, b"\x1b\x09\x1b\x41\x1b\x49\x1b\x4f\x1b\x55\x1b\x61\x1b\x69\x1b\x6f\x1b\x75", "çÁÍÓÚáíóú"),
        (PORTUGUESE, PORTUGUESE, b"\x04\x09\x1b\x7b\x7b\x1b\x0c\x5e", "êçããôÜ"),
        (TURKISH, 0, b"\x1b\x04", "€"),  # the locking table stands in for the base table
        (PORTUGUESE, 0, b"\x1b\x65\x18", "€€"),
    ],
)
def test_national_tables(locking: int, single: int, septets: bytes, text: str) -> None:
    assert gsm7_text(septets, base=LOCKING[locking], extension=SINGLE[single]) == text
