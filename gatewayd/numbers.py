"""Phone numbers: normalised or refused, never guessed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_SEPARATORS = re.compile(r"[ \u00a0./()-]")
_DIGITS = re.compile(r"[0-9]+")


class NumberError(ValueError):
    """Says what is wrong with the number, without repeating all of it."""


@dataclass(frozen=True, slots=True)
class Dialling:
    """How a number without a country is read here; both empty: such a number is refused.

    Countries differ in the trunk prefix ("0" in most of Europe, none in Italy), so both must be told.
    """

    country_code: str = ""  # "44"
    trunk_prefix: str = ""  # "0"


def normalise(number: str, dialling: Dialling = Dialling()) -> str:
    """E.164 with "+" (ITU-T E.164: at most 15 digits), or `short:` digits for a short code as bare digits.

    Raises NumberError. "+44 (0)7700 900123" loses its "(0)"; "00" is read as "+".
    """
    text = unicodedata.normalize("NFKC", number).strip()
    if text.startswith("short:"):
        code = text.removeprefix("short:")
        if not _DIGITS.fullmatch(code) or not 2 <= len(code) <= 8:
            raise NumberError("a short code has 2 to 8 digits after 'short:'")
        return code
    international = text.startswith(("+", "00"))
    if international:
        text = text.replace("(0)", "")
    bare = _SEPARATORS.sub("", text)
    digits = bare[1:] if bare.startswith("+") else bare[2:] if bare.startswith("00") else bare
    if not digits:
        raise NumberError("the number is empty")
    if not (digits.isascii() and digits.isdigit()):
        raise NumberError("a number has digits, spaces and a leading '+' only")
    if not international:
        digits = _with_country(digits, dialling)
    elif _has_trunk_prefix_too(digits, dialling):
        code, prefix = dialling.country_code, dialling.trunk_prefix
        raise NumberError(f"after '+{code}' the '{prefix}' of national numbers is left out")
    if digits.startswith("0"):
        raise NumberError("no country code begins with 0")
    if not 7 <= len(digits) <= 15:
        raise NumberError(f"{len(digits)} digits; an international number has 7 to 15")
    return "+" + digits


def _with_country(digits: str, dialling: Dialling) -> str:
    if not dialling.country_code:
        raise NumberError("write the number with its country code ('+44...'), or 'short:60777' for a short code")
    if dialling.trunk_prefix:
        if not digits.startswith(dialling.trunk_prefix):
            raise NumberError(
                f"a national number begins with '{dialling.trunk_prefix}' here; write it with '+' and the country code"
            )
        digits = digits.removeprefix(dialling.trunk_prefix)
    return dialling.country_code + digits


def _has_trunk_prefix_too(digits: str, dialling: Dialling) -> bool:
    code, prefix = dialling.country_code, dialling.trunk_prefix
    return bool(code and prefix) and digits.startswith(code + prefix)


def same_subscriber(one: str, other: str) -> bool:
    """Whether two spellings mean the same subscriber: equal, or the last nine digits agree.

    Networks report "07700900123", "447700900123" and "+447700900123" for one phone. Short codes must be equal.
    """
    a, b = one.lstrip("+"), other.lstrip("+")
    if a == b:
        return True
    return len(a) >= 9 and len(b) >= 9 and a[-9:] == b[-9:]


def masked(number: str) -> str:
    """For logs: the last three digits only."""
    return f"...{number[-3:]}" if len(number) > 4 else "..."
