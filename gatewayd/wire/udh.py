"""The User Data Header: concatenation, ports and national tables (3GPP TS 23.040 9.2.3.24)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gatewayd.wire.octets import Octets, PduError


@dataclass(frozen=True, slots=True)
class Concat:
    """Which part of which long message (9.2.3.24.1 and 9.2.3.24.8)."""

    reference: int
    width: Literal[8, 16]
    total: int
    number: int  # from 1


@dataclass(frozen=True, slots=True)
class Header:
    """The information elements that we understand; all others are skipped."""

    concat: Concat | None = None
    ports: tuple[int, int] | None = None  # destination, originator
    single: int = 0  # National Language Identifier of the single shift table
    locking: int = 0  # and of the locking shift table
    note: str = ""  # why the header was ignored


def concat_header(concat: Concat) -> bytes:
    """The header of one part, its length octet included. PduError when a number does not fit."""
    wide = concat.width == 16
    if not 0 <= concat.reference < (0x10000 if wide else 0x100):
        raise PduError(f"concat reference {concat.reference} does not fit {concat.width} bits")
    if not 1 <= concat.number <= concat.total <= 255:
        raise PduError(f"part {concat.number} of {concat.total}: there can be 1 to 255 parts")
    element = b"\x06\x08\x04" if wide else b"\x05\x00\x03"
    return element + concat.reference.to_bytes(2 if wide else 1, "big") + bytes((concat.total, concat.number))


def read_header(header: bytes) -> Header:
    """The elements of a header, its length octet taken off. Never raises.

    Where the last element is cut off the whole header counts for nothing; of elements that exclude each other or come
    twice the last one counts; an element with an impossible length or value is skipped (9.2.3.24).
    """
    octets = Octets(header)
    concat: Concat | None = None
    ports: tuple[int, int] | None = None
    tables = {0x24: 0, 0x25: 0}
    while octets:
        try:
            element = octets.octet("header")
            data = octets.take(octets.octet("header"), "header")
        except PduError:
            return Header(note="header ignored: its last element is cut off")
        if (element, len(data)) in ((0x00, 3), (0x08, 4)):
            concat = _concat(data) or concat
        elif element == 0x04 and len(data) == 2:
            ports = data[0], data[1]
        elif element == 0x05 and len(data) == 4:
            ports = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:], "big")
        elif element in tables and len(data) == 1:
            tables[element] = data[0]
    return Header(concat, ports, tables[0x24], tables[0x25])


def _concat(data: bytes) -> Concat | None:
    reference, total, number = int.from_bytes(data[:-2], "big"), data[-2], data[-1]
    if not 1 <= number <= total:
        return None
    return Concat(reference, 8 if len(data) == 3 else 16, total, number)
