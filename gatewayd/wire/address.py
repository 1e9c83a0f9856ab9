"""Addresses: who sent it, whom it goes to, which service centre (3GPP TS 23.040 9.1.2.3 and 9.1.2.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gatewayd.text import gsm7_text
from gatewayd.wire.octets import Octets, PduError
from gatewayd.wire.septets import unpack

_RECIPIENT = re.compile(r"\+?[0-9]{1,20}")
_DIGITS_MAX = 20
_SERVICE_CENTRE_OCTETS_MAX = 11  # its type octet and 20 digits

_INTERNATIONAL = 0x10  # type of number, in the bits 6 to 4 of the type octet
_ALPHANUMERIC = 0x50

_SIGNS = str.maketrans("abcde", "*#abc")  # the hex digits of TS 23.040 9.1.2.3 that are no figures


@dataclass(frozen=True, slots=True)
class Address:
    """A number ("+44...", or digits alone, with * # a b c) or, from a bureau, letters."""

    value: str
    alphanumeric: bool = False


def write_recipient(recipient: str) -> bytes:
    """Length, type and digits of a TP-DA. PduError unless it is 1 to 20 ASCII digits, perhaps after a "+"."""
    if not _RECIPIENT.fullmatch(recipient):
        raise PduError(f"recipient {recipient!r} is not a number of 1 to 20 digits")
    digits = recipient.removeprefix("+")
    kind = 0x81 if digits == recipient else 0x91
    padded = digits + "F" * (len(digits) % 2)
    swapped = "".join([high + low for low, high in zip(padded[::2], padded[1::2], strict=True)])
    return bytes((len(digits), kind)) + bytes.fromhex(swapped)


def read_address(octets: Octets) -> Address:
    """A TP-OA, TP-DA or TP-RA: its length counts half octets, also where it holds letters."""
    length = octets.octet("address length")
    if length > _DIGITS_MAX:
        raise PduError(f"address of {length} digits, at most {_DIGITS_MAX} are possible")
    kind = octets.octet("type of address") & 0x70
    value = octets.take((length + 1) // 2, "address")
    if kind == _ALPHANUMERIC:
        return Address(gsm7_text(unpack(value, length * 4 // 7)), alphanumeric=True)
    return Address(_number(value.hex(), kind, length))


def read_service_centre(octets: Octets) -> str:
    """The address before the TPDU (3GPP TS 27.005 3.1), its length in octets; "" when there is none or it is odd."""
    length = octets.octet("service centre length")
    if length > _SERVICE_CENTRE_OCTETS_MAX:
        raise PduError(f"service centre of {length} octets, at most {_SERVICE_CENTRE_OCTETS_MAX} are possible")
    value = octets.take(length, "service centre")
    if length < 2:
        return ""
    try:
        return _number(value[1:].hex(), value[0] & 0x70, 2 * length - 2)
    except PduError:
        return ""  # nobody needs it to read the message


def _number(pairs: str, kind: int, length: int) -> str:
    swapped = "".join([high + low for low, high in zip(pairs[::2], pairs[1::2], strict=True)])
    # some networks count the filler as a digit
    digits = swapped[:length].removesuffix("f")
    if "f" in digits:
        raise PduError(f"filler inside the number {digits}")
    return ("+" if kind == _INTERNATIONAL and digits else "") + digits.translate(_SIGNS)
