"""Between numbers as the house writes them ("+44...", bare digits, letters) and addresses with TON and NPI (5.2.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from gatewayd.wire.smpp_octets import SmppError

UNKNOWN, INTERNATIONAL, NATIONAL, NETWORK, SUBSCRIBER, ALPHANUMERIC, ABBREVIATED = range(7)
ISDN = 1  # the numbering plan of telephones, E.164

_DIGITS = re.compile(r"[0-9]{1,20}")
_NAME = re.compile(r"[\x20-\x7e]{1,11}")  # eleven characters are what phones show
_INTERNATIONAL_DIGITS = re.compile(r"[1-9][0-9]{6,14}")


@dataclass(frozen=True, slots=True)
class Address:
    ton: int
    npi: int
    value: str


@dataclass(frozen=True, slots=True)
class Numbering:
    """How one bureau wants numbers, and how to read its own.

    `short`: TON and NPI of numbers without "+". `plus`: international numbers keep their "+". `bare`: what digits
    without a type are that come in - many bureaus write international numbers so.
    """

    international: tuple[int, int] = (INTERNATIONAL, ISDN)
    short: tuple[int, int] = (UNKNOWN, ISDN)
    plus: bool = False
    bare: Literal["international", "as they are"] = "international"


def recipient_address(number: str, numbering: Numbering) -> Address:
    """SmppError unless it is 1 to 20 ASCII digits, perhaps after a "+"."""
    digits = number.removeprefix("+")
    if not _DIGITS.fullmatch(digits):
        raise SmppError("the recipient is not a number of 1 to 20 digits")
    if digits == number:
        return Address(*numbering.short, digits)
    return Address(*numbering.international, number if numbering.plus else digits)


def sender_address(sender: str, numbering: Numbering) -> Address:
    """A number, or a name of up to 11 characters; "" leaves the sender to the bureau."""
    if not sender:
        return Address(UNKNOWN, UNKNOWN, "")
    if _DIGITS.fullmatch(sender.removeprefix("+")):
        return recipient_address(sender, numbering)
    if not _NAME.fullmatch(sender):
        raise SmppError(f"sender {sender!r}: a name has 1 to 11 plain characters")
    return Address(ALPHANUMERIC, UNKNOWN, sender)


def read_address(address: Address, numbering: Numbering) -> tuple[str, bool]:
    """As the house writes it, and whether it is letters. Never raises."""
    value = address.value.strip().replace("\0", "")
    digits = value.removeprefix("+")
    if address.ton == ALPHANUMERIC or not (digits.isascii() and digits.isdecimal()):
        return value, bool(value)
    if digits != value:
        return value, False
    if (
        address.ton in (UNKNOWN, INTERNATIONAL)
        and digits.startswith("00")
        and _INTERNATIONAL_DIGITS.fullmatch(digits[2:])
    ):
        return "+" + digits[2:], False
    if address.ton == INTERNATIONAL and not digits.startswith("0"):  # no country code does, but ids of pagers do
        return "+" + digits, False
    if address.ton == UNKNOWN and numbering.bare == "international" and _INTERNATIONAL_DIGITS.fullmatch(digits):
        return "+" + digits, False
    return digits, False
