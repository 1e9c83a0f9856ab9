"""Telephone numbers as the network compares them."""

from __future__ import annotations

import re

from hwsim.fields import INTERNATIONAL, UNKNOWN, Address

_NUMBER = re.compile(r"\+?[0-9]{1,20}", re.ASCII)


def subscriber(written: object) -> str:
    """A number that somebody can have; raises ValueError."""
    if not isinstance(written, str) or not _NUMBER.fullmatch(written):
        raise ValueError(f"{written!r} is no number: up to 20 digits, with a + in front or not")
    return written


def dialled(address: Address, country: str) -> str:
    """The subscriber number an address means in the network of country code `country`; short codes stay short.

    A foreign number written without its type of number is not guessed at: a real switch would not find it either.
    """
    value = address.value
    if address.alphanumeric:
        return value
    if address.international:
        return "+" + value
    return national(value, country, always=address.type & 0x70 == 0x20)


def national(value: str, country: str, *, always: bool = False) -> str:
    """A number as written by a person: "00" and "0" prefixes are resolved, "+" stays."""
    if value.startswith("+"):
        return value
    if value.startswith("00"):
        return "+" + value[2:]
    if value.startswith("0"):
        return "+" + country + value[1:]
    return "+" + country + value if always else value


def rewritten(address: Address, form: str, country: str) -> Address:
    """The same number as a network may give it back: "national" with its 0, "international", or as it was sent."""
    whole = dialled(address, country)
    if form == "national" and whole.startswith("+" + country):
        return Address(UNKNOWN, "0" + whole[1 + len(country) :])
    if form == "international" and whole.startswith("+"):
        return Address(INTERNATIONAL, whole[1:])
    return address
