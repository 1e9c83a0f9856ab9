"""Phone numbers: normalised or refused, never guessed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

SHORT_DIGITS_MAX = 8
_SEPARATORS = re.compile(r"[ \u00a0./()-]")
_DIGITS = re.compile(r"[0-9]+")

# Country codes (ITU-T E.164) have one, two or three digits; none is the beginning of another. 28, 83 and 89 are spare.
_COUNTRY = re.compile("1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|(?!28|83|89)[2-9][0-9][0-9]")
# Where no national number begins with 0: a 0 after the country code is a trunk prefix that somebody left there.
_NEVER_ZERO = frozenset({
    1, 7, 20, 27, 30, 31, 32, 33, 34, 36, 40, 41, 43, 44, 45, 46, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61,
    62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98, 211, 212, 213, 218, 231, 232, 233, 234, 243,
    249, 251, 252, 254, 255, 256, 260, 261, 262, 263, 264, 265, 291, 351, 352, 353, 355, 356, 357, 358, 359, 370,
    371, 372, 373, 374, 376, 377, 380, 381, 382, 383, 385, 386, 387, 389, 420, 421, 423, 508, 590, 591, 593, 594,
    595, 596, 680, 686, 850, 852, 855, 856, 880, 886, 961, 962, 963, 964, 966, 967, 970, 971, 972, 976, 977, 994,
    995, 996,
})  # fmt: skip
_TRUNK_8 = frozenset({"7", "370", "375", "992", "993", "998"})
_TRUNK_OF_TWO = frozenset({"36", "52"})  # 06, and 01 as it was
# Where a 0 is part of the number, at home and from abroad.
_KEEPS_ZERO = frozenset({"39", "225", "226", "229", "241", "242", "378"})
# What is dialled for abroad where that is not 00. "": a carrier's digits follow, and nobody can tell where they end.
_ABROAD = {
    "1": "011", "7": "810", "53": "119", "61": "0011", "81": "010", "234": "009", "254": "000", "255": "000",
    "256": "000", "375": "810", "592": "001", "692": "011", "976": "001", "992": "810", "993": "810", "238": "0",
    "685": "0", "55": "", "57": "", "62": "", "65": "", "66": "", "82": "", "591": "", "680": "", "852": "", "855": "",
    "886": "",
}  # fmt: skip
# National numbers where only their form tells a good one from one with a prefix too many: the trunk prefix 8 begins
# good numbers as well in +7 and +370 (+7 812, +370 800), the country code does in +39 and +47 (393... of a mobile), and
# in +54 and +55 digits may be left that mean nothing abroad.
_FORMS = {
    "1": (re.compile("[2-9][0-9]{9}"), "10 digits, the first of them 2 to 9"),
    "7": (re.compile("[3-9][0-9]{9}"), "10 digits, the first of them 3 to 9"),
    "34": (re.compile("[1-9][0-9]{8}(?:[0-9]{4})?"), "9 digits, or 13 of a machine"),
    "39": (re.compile("(?!39[0-9]{9})[0-9]+"), "no second 39 before it"),
    "45": (re.compile("[1-9][0-9]{7}(?:[0-9]{4})?"), "8 digits, or 12 of a machine"),
    "47": (re.compile("0[0-9]{4}|[0-9]{8}(?:[0-9]{4})?"), "8 digits, or 5, or 12 of a machine"),
    "48": (re.compile("[1-9][0-9]{5,9}"), "6 to 10 digits"),
    "54": (re.compile("[1-9][0-9]{9,10}"), "10 digits, or 11 with the 9 of a mobile, and no 15"),
    "55": (re.compile("[1-9][0-9]{7,10}"), "at most 11 digits, and no digits of a carrier"),
    "370": (re.compile("[3-9][0-9]{7}"), "8 digits, the first of them 3 to 9"),
    "375": (re.compile("(?!80?(?:1[5-7]|2[0-9]|33|44)[0-9]{7}$)[1-9][0-9]{5,10}"), "no 8 or 80 before its code"),
    "692": (re.compile("[0-9]{7}"), "7 digits"),
    "992": (re.compile("[0-9]{9}"), "9 digits"),
    "993": (re.compile("[1-9][0-9]{7}"), "8 digits"),
    "998": (re.compile("[0-9]{9}"), "9 digits"),
}


class NumberError(ValueError):
    """Says what is wrong with the number, without repeating all of it."""


@dataclass(frozen=True, slots=True)
class Dialling:
    """How a number without a country is read here; both empty: such a number is refused.

    Countries differ in the trunk prefix ("0" in most of Europe, "06" in Hungary, none in Italy), so both must be told.
    """

    country_code: str = ""  # "44"
    trunk_prefix: str = ""  # "0"


@lru_cache(maxsize=1_000)  # the numbers of a house are few, and come again and again
def normalise(number: str, dialling: Dialling = Dialling()) -> str:
    """E.164 with "+" (ITU-T E.164: at most 15 digits), or `short:` digits for a short code as bare digits.

    Raises NumberError. "+44 (0)7700 900123" loses its "(0)"; what is dialled here for abroad ("00", "011" in +1, "010"
    in +81) is read as "+". A number is refused when it cannot be one, not when we have never heard of such a one.
    """
    text = unicodedata.normalize("NFKC", number).strip()
    if text.startswith("short:"):
        code = text.removeprefix("short:")
        if not _DIGITS.fullmatch(code) or not 2 <= len(code) <= SHORT_DIGITS_MAX:
            raise NumberError("a short code has 2 to 8 digits after 'short:'")
        return code
    bare = _without_optional_zero(text, dialling)
    international = _behind_access_code(bare, dialling)
    digits = bare if international is None else international
    if not digits:
        raise NumberError("the number is empty")
    if not _DIGITS.fullmatch(digits):
        raise NumberError("a number has digits, spaces and a leading '+' only")
    if international is None:
        digits = _with_country(digits, dialling)
    _check(digits, dialling)
    return "+" + digits


def prefix(digits: str, dialling: Dialling = Dialling()) -> str:
    """The beginning of numbers as `normalise` writes them; a few bare digits are those of short codes.

    `digits`: with or without "+". Raises NumberError for what no number can begin with.
    """
    international = _behind_access_code(digits, dialling)
    if international is None and not digits.startswith("0") and len(digits) <= SHORT_DIGITS_MAX:
        return digits
    if international is None and not dialling.country_code:
        raise NumberError("no number begins with that: write it with its country code, as in '+4477'")
    told = _with_country(digits, dialling) if international is None else international
    country = _COUNTRY.match(told)
    if told.startswith("0") or not told:
        raise NumberError("no country code begins with 0")
    if country is None and len(told) > 2:  # else the rest of it may follow
        raise NumberError(f"no country has a code that begins with {told[:2]}")
    if country and told[country.end() :].startswith("0") and _zero_is_trunk(country[0], dialling):
        raise NumberError(f"after '+{country[0]}' the '0' of national numbers is left out")
    return "+" + told


def _without_optional_zero(text: str, dialling: Dialling) -> str:
    """Without separators; and without a "(0)" if it says, after a country code, what is dialled at home only."""
    before, zero, behind = (_SEPARATORS.sub("", part) for part in text.partition("(0)"))
    code = _behind_access_code(before, dialling) if zero else None
    if code is None:
        return before + zero + behind
    if _COUNTRY.fullmatch(code) is None:
        raise NumberError("a '(0)' stands directly after the country code")
    if not _zero_is_trunk(code, dialling):
        raise NumberError(f"whether '+{code} (0)' is dialled with the 0 is not clear: leave it out, or the brackets")
    return before + behind


def _behind_access_code(bare: str, dialling: Dialling) -> str | None:
    """What follows the "+", or what is dialled here in place of it; None for a number without a country."""
    if bare.startswith("+"):
        return bare[1:]
    abroad = _ABROAD.get(dialling.country_code, "00")
    if abroad and bare.startswith(abroad):
        return bare.removeprefix(abroad)
    if bare.startswith("00"):
        raise NumberError(f"from +{dialling.country_code} abroad is not dialled with '00': write '+'")
    return None


def _with_country(digits: str, dialling: Dialling) -> str:
    code, trunk = dialling.country_code, dialling.trunk_prefix
    if not code:
        raise NumberError("write the number with its country code ('+44...'), or 'short:60777' for a short code")
    if _COUNTRY.fullmatch(code) is None:
        raise NumberError(f"there is no country code '{code}' to read national numbers by")
    if code in _KEEPS_ZERO and trunk.startswith("0"):
        raise NumberError(f"in +{code} the 0 is part of the number: there is no trunk prefix to take away")
    if trunk and not digits.startswith(trunk):
        raise NumberError(f"a national number begins with '{trunk}' here; write it with '+' and the country code")
    if not trunk and digits.startswith(code) and code not in _FORMS:
        raise NumberError(f"it begins like the country code {code}: write it with '+{code}'")
    return code + digits.removeprefix(trunk)


def _zero_is_trunk(code: str, dialling: Dialling) -> bool:
    """Whether a 0 after this country code can be nothing but a trunk prefix."""
    told = code == dialling.country_code and dialling.trunk_prefix.startswith("0")
    return int(code) in _NEVER_ZERO or (told and code not in _KEEPS_ZERO)


def _check(digits: str, dialling: Dialling) -> None:
    """Raise NumberError if these digits, the country code first, cannot be a number."""
    country = _COUNTRY.match(digits)
    if digits.startswith("0"):
        raise NumberError("no country code begins with 0")
    if country is None:
        raise NumberError(f"no country has a code that begins with {digits[:2]}")
    code, national = country[0], digits[country.end() :]
    trunk = dialling.trunk_prefix if code == dialling.country_code else ""
    form, description = _FORMS.get(code, (_DIGITS, ""))
    fits = form.fullmatch(national) is not None
    if national.startswith("0") and _zero_is_trunk(code, dialling):
        prefix = trunk if trunk and national.startswith(trunk) else "0"
        raise NumberError(f"after '+{code}' the '{prefix}' of national numbers is left out")
    if not fits and trunk and national.startswith(trunk):
        raise NumberError(f"after '+{code}' the '{trunk}' of national numbers is left out")
    if not fits and description:
        raise NumberError(f"after '+{code}' a number has {description}")
    if not 7 <= len(digits) <= 15:
        raise NumberError(f"{len(digits)} digits; an international number has 7 to 15")


def same_subscriber(one: str, other: str) -> bool:
    """Whether two spellings mean the same subscriber: equal, or the last nine digits agree.

    Networks report "07700900123", "447700900123" and "+447700900123" for one phone, and "+47110" for what begins with
    "00". Short codes must be equal.
    """
    a, b = one.lstrip("+"), other.lstrip("+")
    if a == b or (one[:1] == "+" and b == f"00{a}") or (other[:1] == "+" and a == f"00{b}"):
        return True
    return len(a) >= 9 and len(b) >= 9 and a[-9:] == b[-9:]


def of_another_country(sender: str, number: str) -> bool:
    """Whether a sender that a network writes without "+" is certainly from elsewhere than `number`, which has one.

    "337700900111" is a number of France: only its last digits are those of +447700900111.
    """
    digits = number.lstrip("+")
    country = _COUNTRY.match(digits)
    if country is None or sender.endswith(digits):  # behind whatever is dialled for abroad there
        return False
    code, national = country[0], digits[country.end() :]
    if sender.startswith("00"):
        return not sender.startswith(f"00{code}")
    if sender.startswith("0"):
        return len(sender) > len(national) + (2 if code in _TRUNK_OF_TWO else 1)
    trunk = sender.startswith("8") and code in _TRUNK_8 and len(sender) == len(national) + 1
    return len(sender) > len(national) and not sender.startswith(code) and not trunk


def without_trunk_zero(number: str) -> str:
    """ "+4407700900123" as "+447700900123": some networks write the 0 of national numbers behind the country code.

    The number itself where the 0 is part of it (Italy), or may be.
    """
    digits = number.removeprefix("+")
    country = _COUNTRY.match(digits) if digits != number else None
    if country is None or int(country[0]) not in _NEVER_ZERO:
        return number
    return f"+{country[0]}{digits[country.end() :].removeprefix('0')}"


def masked(number: str) -> str:
    """For logs: the last three digits only."""
    return f"...{number[-3:]}" if len(number) > 4 else "..."
