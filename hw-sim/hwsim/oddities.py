"""Messages that a real network brings and a careful gateway survives: classes, ports, indications, national tables,
16-bit references, parts in another order, parts that are missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hwsim import alphabet
from hwsim.faults import FaultError, flag, octet, octets_of, read, whole
from hwsim.shifts import LANGUAGES, Tables
from hwsim.tpdu import USER_DATA_OCTETS_MAX, Concat, UserData, take_user_data

PORTS_16, SPECIAL_INDICATION = 0x05, 0x01  # information elements (23.040 9.2.3.24.4, .2)
PARTS_MAX, PORT_MAX = 255, 0xFFFF


@dataclass(slots=True)
class Oddity:
    """What is unusual about a message. Numbers are those of 23.038 and 23.040."""

    message_class: int | None = None  # 0 flash, 1 to the modem, 2 to the card, 3 to the terminal
    dcs: int | None = None  # instead of the one that class and alphabet make
    hex: str | None = None  # user data as octets, 8-bit coding
    port: int | None = None  # application port, for binary messages (WAP push is 2948)
    waiting: int | None = None  # a voice mail indication of so many messages
    language: str | None = None  # turkish, spanish or portuguese: its single shift table
    locking: bool = False  # and its locking shift table
    ref_bits: int = 8
    order: list[int] = field(default_factory=list)  # parts in this order; 1 is the first
    missing: list[int] = field(default_factory=list)  # parts that get lost
    repeated: list[int] = field(default_factory=list)  # parts that come twice


def _port(value: object) -> int:
    if whole(value) > PORT_MAX:
        raise FaultError(f"not a number from 0 to {PORT_MAX}: {value!r}")
    return whole(value)


def _sequence(value: object) -> list[int]:
    if not isinstance(value, list) or not all(type(seq) is int and 1 <= seq <= PARTS_MAX for seq in value):
        raise FaultError(f"no list of parts, of which 1 is the first: {value!r}")
    return value


def _among(*allowed: object) -> Callable[[object], Any]:
    def one(value: object) -> object:
        if isinstance(value, bool) or value not in allowed:
            raise FaultError(f"one of {', '.join(map(str, allowed))}, not {value!r}")
        return value

    return one


def _hex(value: object) -> str:
    return octets_of(value).hex()


_KINDS: dict[str, Callable[[object], Any]] = {
    "message_class": _among(*range(4)),
    "dcs": octet,
    "hex": _hex,
    "port": _port,
    "waiting": octet,
    "language": _among(*LANGUAGES),
    "locking": flag,
    "ref_bits": _among(8, 16),
    "order": _sequence,
    "missing": _sequence,
    "repeated": _sequence,
}


def oddity_of(options: object) -> Oddity:
    """From a request or a scene; raises FaultError, which names the field."""
    if not isinstance(options, dict):
        raise FaultError(f"'odd' is no table: {options!r}")
    unknown = set(options) - set(_KINDS)
    if unknown:
        raise FaultError(f"'odd' has no {sorted(unknown)[0]!r}; there are {', '.join(_KINDS)}")
    return Oddity(**{name: read(name, _KINDS[name], value) for name, value in options.items()})


def parts_with(odd: Oddity, text: str, ref: int) -> list[UserData]:
    """User data of each part, in the order in which they go."""
    tables = Tables()
    if odd.language:
        number = LANGUAGES[odd.language]
        tables = Tables(number, number if odd.locking else 0)
    units, alphabet_bits = _units(odd, text, tables)
    extra = tables.header() + _elements(odd)
    coding = odd.dcs
    if coding is None:
        coding = alphabet_bits | (0x10 | odd.message_class if odd.message_class is not None else 0)
    pieces = _pieces(units, len(extra), odd.ref_bits, septets=alphabet_bits == 0)
    if len(pieces) > PARTS_MAX:
        raise ValueError("a text of more than 255 parts")
    made = []
    for seq, piece in enumerate(pieces, 1):
        concat = Concat(ref & (1 << odd.ref_bits) - 1, len(pieces), seq, odd.ref_bits) if len(pieces) > 1 else None
        header = (concat.element() if concat else b"") + extra
        made.append(_user_data(coding, header, piece, septets=alphabet_bits == 0))
    order = odd.order or list(range(1, len(made) + 1))
    for name, named in (("order", order), ("missing", odd.missing), ("repeated", odd.repeated)):
        if max(named, default=0) > len(made):
            raise FaultError(f"{name!r}: a message of {len(made)} has no part {max(named)}")
    left_out = set(range(1, len(made) + 1)) - {*order, *odd.missing}
    if left_out:
        raise FaultError(
            f"'order' leaves out part {min(left_out)} of {len(made)}; what gets lost is named in 'missing'"
        )
    return [made[seq - 1] for seq in order if seq not in odd.missing for _ in range(1 + (seq in odd.repeated))]


def _units(odd: Oddity, text: str, tables: Tables) -> tuple[list[bytes], int]:
    """What must not be cut in half, and the alphabet's bits of the data coding scheme."""
    if odd.hex is not None:
        return [bytes([octet]) for octet in bytes.fromhex(odd.hex)], 0x04
    if tables != Tables():
        return [tables.septets_of(char) for char in text], 0x00
    if alphabet.fits(text):
        return [alphabet.septets_of(char) for char in text], 0x00
    return [char.encode("utf-16-be", "replace") for char in text], 0x08


def _elements(odd: Oddity) -> bytes:
    ports = b""
    if odd.port is not None:
        ports = bytes([PORTS_16, 4]) + odd.port.to_bytes(2, "big") + b"\x00\x00"
    waiting = bytes([SPECIAL_INDICATION, 2, 0x80, min(odd.waiting, 255)]) if odd.waiting is not None else b""
    return ports + waiting


def _room(header: int, *, septets: bool) -> int:
    """Units beside a header of so many octets (its own length octet is added)."""
    whole = header + 1 if header else 0
    return (USER_DATA_OCTETS_MAX * 8 - whole * 8) // 7 if septets else USER_DATA_OCTETS_MAX - whole


def _pieces(units: list[bytes], extra: int, ref_bits: int, *, septets: bool) -> list[bytes]:
    if sum(len(unit) for unit in units) <= _room(extra, septets=septets):
        return [b"".join(units)]
    room = _room(extra + (6 if ref_bits == 16 else 5), septets=septets)
    pieces = [b""]
    for unit in units:
        if len(pieces[-1]) + len(unit) > room:
            pieces.append(b"")
        pieces[-1] += unit
    return pieces


def _user_data(dcs: int, elements: bytes, body: bytes, *, septets: bool) -> UserData:
    header = bytes([len(elements)]) + elements if elements else b""
    if not septets:
        octets = header + body
        return _read(dcs, len(octets), octets, bool(header))
    skipped = (len(header) * 8 + 6) // 7
    octets = header + alphabet.pack(body, skipped * 7 - len(header) * 8)
    return _read(dcs, skipped + len(body), octets, bool(header))


def _read(dcs: int, udl: int, octets: bytes, has_header: bool) -> UserData:
    """As a handset reads it; a `dcs` that nobody can read is carried all the same."""
    try:
        return take_user_data(dcs, udl, octets, has_header)
    except ValueError:
        return UserData(dcs, udl, octets, has_header, None, "")
