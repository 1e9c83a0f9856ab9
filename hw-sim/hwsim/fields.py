"""Fields that several TPDUs share: addresses, time stamps, validity (3GPP TS 23.040 9.1.2.5, 9.2.3.11, 9.2.3.12).

Decoding is strict: what a handset or an SC might forgive raises Malformed here, so that a mistake is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hwsim import alphabet

_DIGITS = "0123456789*#abc"
_NIBBLE = {char: code for code, char in enumerate(_DIGITS)}
INTERNATIONAL = 0x91
NATIONAL = 0xA1
UNKNOWN = 0x81
ALPHANUMERIC = 0xD0


class Malformed(ValueError):
    """The octets are no valid TPDU; the sentence says which rule is broken."""


@dataclass(frozen=True, slots=True)
class Address:
    """A TP address: type of address octet and its digits or letters, without "+"."""

    type: int
    value: str

    @property
    def alphanumeric(self) -> bool:
        """Type of number 101 (23.040 9.1.2.5)."""
        return self.type & 0x70 == 0x50

    @property
    def international(self) -> bool:
        """Type of number 001."""
        return self.type & 0x70 == 0x10

    def __str__(self) -> str:
        return "+" + self.value if self.international else self.value


def address_of(written: str) -> Address:
    """ "+447700900111" is international, digits alone are of unknown type, anything else is alphanumeric."""
    if written.startswith("+") and written[1:].isdigit():
        return Address(INTERNATIONAL, written[1:])
    if written and all(char in _DIGITS for char in written):
        return Address(UNKNOWN, written)
    return Address(ALPHANUMERIC, written)


def swapped(octets: bytes) -> str:
    """Hexadecimal digits with the semi-octets of each octet exchanged."""
    digits = octets.hex()
    return "".join([digits[i + 1] + digits[i] for i in range(0, len(digits), 2)])


def digits_of(octets: bytes, count: int) -> str:
    """`count` semi-octet digits; an odd last one must be followed by the filler 1111."""
    nibbles = swapped(octets)
    if count % 2 and nibbles[-1] != "f":
        raise Malformed("odd number of digits without the filler F")
    digits = nibbles[:count]
    if digits.isdecimal():
        return digits
    if "f" in digits:
        raise Malformed("filler F inside an address")
    return digits.translate({ord("a"): "*", ord("b"): "#", ord("c"): "a", ord("d"): "b", ord("e"): "c"})


def semi_octets(digits: str) -> bytes:
    """Digits as swapped semi-octets, filled with F."""
    nibbles = [_NIBBLE[char] for char in digits]
    if len(nibbles) % 2:
        nibbles.append(0xF)
    return bytes([nibbles[i] | nibbles[i + 1] << 4 for i in range(0, len(nibbles), 2)])


def take_address(data: bytes, at: int) -> tuple[Address, int]:
    """A TP address (length in semi-octets) at `at`, and where the next field begins."""
    if at + 2 > len(data):
        raise Malformed("address is cut off")
    count, kind = data[at], data[at + 1]
    end = at + 2 + (count + 1) // 2
    if end > len(data):
        raise Malformed("address is cut off")
    if count > 20:
        raise Malformed("address longer than 20 semi-octets")
    if not kind & 0x80:
        raise Malformed("type of address without its top bit")
    octets = data[at + 2 : end]
    if kind & 0x70 == 0x50:
        septets = alphabet.unpack(octets, count * 4 // 7)
        return Address(kind, alphabet.text_of(septets).rstrip("\x00")), end
    return Address(kind, digits_of(octets, count) if count else ""), end


def put_address(address: Address) -> bytes:
    """A TP address with its length in semi-octets."""
    if address.alphanumeric:
        septets = alphabet.septets_of(address.value)
        packed = alphabet.pack(septets)
        return bytes([(len(septets) * 7 + 3) // 4, address.type]) + packed
    return bytes([len(address.value), address.type]) + semi_octets(address.value)


def take_sca(data: bytes) -> tuple[Address | None, int]:
    """The SC address in front of a PDU (length in octets, 24.011 8.2.5.1), None if empty; and the TPDU's start."""
    if not data:
        raise Malformed("empty PDU")
    size = data[0]
    if size == 0:
        return None, 1
    if size == 1 or size > 11 or 1 + size > len(data):
        raise Malformed("SC address has an impossible length")
    kind = data[1]
    if not kind & 0x80:
        raise Malformed("type of SC address without its top bit")
    octets = data[2 : 1 + size]
    filled = octets[-1] >> 4 == 0xF
    return Address(kind, digits_of(octets, len(octets) * 2 - filled)), 1 + size


def put_sca(address: Address | None) -> bytes:
    """The SC address as it stands in front of a PDU."""
    if address is None:
        return b"\x00"
    digits = semi_octets(address.value)
    return bytes([len(digits) + 1, address.type]) + digits


def _semi_decimal(octet: int) -> int:
    low, high = octet & 15, octet >> 4
    if low > 9 or high > 9:
        raise Malformed("time stamp with a digit above 9")
    return low * 10 + high


def take_time(octets: bytes) -> float:
    """Epoch seconds of a seven-octet time stamp (23.040 9.2.3.11); the zone counts quarters of an hour."""
    if len(octets) != 7:
        raise Malformed("time stamp is cut off")
    year, month, day, hour, minute, second = [_semi_decimal(octet) for octet in octets[:6]]
    quarters = _semi_decimal(octets[6] & 0xF7)
    if octets[6] & 0x08:
        quarters = -quarters
    try:
        moment = datetime(2000 + year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError as wrong:
        raise Malformed(f"time stamp: {wrong}") from None
    return moment.timestamp() - quarters * 900


def put_time(epoch_s: float, quarters: int = 0) -> bytes:
    """The seven-octet time stamp of epoch seconds, shown in a zone of `quarters` of an hour."""
    moment = local_time(epoch_s, quarters)
    parts = (moment.year % 100, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    octets = [value // 10 | value % 10 << 4 for value in parts]
    zone = abs(quarters) // 10 | abs(quarters) % 10 << 4
    return bytes([*octets, zone | 0x08 if quarters < 0 else zone])


def local_time(epoch_s: float, quarters: int) -> datetime:
    """Wall clock time of a zone."""
    return datetime.fromtimestamp(int(epoch_s), UTC) + timedelta(minutes=15 * quarters)


def relative_validity_s(octet: int) -> int:
    """Seconds of a relative TP-VP (23.040 9.2.3.12.1)."""
    if octet <= 143:
        return (octet + 1) * 300
    if octet <= 167:
        return 12 * 3600 + (octet - 143) * 1800
    if octet <= 196:
        return (octet - 166) * 86400
    return (octet - 192) * 7 * 86400


def enhanced_validity_s(octets: bytes) -> int | None:
    """Seconds of an enhanced TP-VP, None if it names none (23.040 9.2.3.12.3)."""
    kind = octets[0]
    if kind & 0xB8:
        raise Malformed("enhanced validity with reserved bits or an extension")
    form = kind & 7
    if form == 0:
        return None
    if form == 1:
        return relative_validity_s(octets[1])
    if form == 2:
        if octets[1] == 0:
            raise Malformed("enhanced validity of zero seconds")
        return octets[1]
    if form == 3:
        hours, minutes, seconds = [_semi_decimal(octet) for octet in octets[1:4]]
        return hours * 3600 + minutes * 60 + seconds
    raise Malformed("enhanced validity of a reserved kind")
