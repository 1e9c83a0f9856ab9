"""Even parity in software."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.wire.tap_parity import with_even_parity, without_parity


def parity_errors(data: bytes) -> int:
    """How many octets have an odd number of ones."""
    return sum(octet.bit_count() & 1 for octet in data)


def test_octets_as_a_7e1_port_sends_them() -> None:
    assert with_even_parity(b"ID=\r") == bytes([0xC9, 0x44, 0xBD, 0x8D])
    assert with_even_parity(b"\x02\x03\x06\x15\x1b\x04") == bytes([0x82, 0x03, 0x06, 0x95, 0x1B, 0x84])


@given(st.binary())
def test_parity_there_and_back(data: bytes) -> None:
    seven = without_parity(data)
    assert all(octet < 0x80 for octet in seven)
    assert without_parity(with_even_parity(data)) == seven
    assert parity_errors(with_even_parity(data)) == 0


@given(st.binary(min_size=1), st.data())
def test_one_damaged_bit_shows(data: bytes, draw: st.DataObject) -> None:
    sent = bytearray(with_even_parity(data))
    sent[draw.draw(st.integers(0, len(sent) - 1))] ^= 1 << draw.draw(st.integers(0, 7))
    assert parity_errors(bytes(sent)) == 1
