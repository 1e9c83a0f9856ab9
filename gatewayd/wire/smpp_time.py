"""Times of SMPP: validity periods as they are written (SMPP 3.4 7.1.1), and the dates of receipts as bureaus do."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from gatewayd.wire.smpp_octets import SmppError

_DAY_S = 86_400
_RELATIVE_S_MAX = 31 * _DAY_S - 1  # the day of the format ends at 31, and months differ
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_QUARTERS_MAX = 48

_ABSOLUTE = re.compile(r"(\d{12})\d(\d\d)([+-])")
_MARKS = re.compile(r"[\s:/.T-]+")
_FORMS = {10: (2,), 12: (2, 4), 14: (4,)}  # digits of the year, likeliest first


def relative_period(seconds: int) -> str:
    """So long from when the bureau has it: free of clocks that differ. At most 31 days. SmppError when it is over."""
    if seconds <= 0:
        raise SmppError(f"validity of {seconds} s: it is already over")
    days, rest = divmod(min(seconds, _RELATIVE_S_MAX), _DAY_S)
    return f"0000{days:02}{rest // 3600:02}{rest // 60 % 60:02}{rest % 60:02}000R"


def absolute_time(at_us: int) -> str:
    """A moment (microseconds UTC), for bureaus that refuse relative periods."""
    return (_EPOCH + timedelta(microseconds=at_us)).strftime("%y%m%d%H%M%S") + "000+"


@lru_cache(maxsize=256)  # receipts come in crowds, and of one minute
def read_time(text: str, zone: tzinfo) -> int | None:
    """Microseconds UTC of a date in a receipt, or None when it is none.

    10, 12 or 14 digits, with or without signs between them, are local time in `zone`; the 16 characters of SMPP 7.1.1
    say their own distance from UTC. Twelve digits are YYMMDDhhmmss unless only YYYYMMDDhhmm makes a date of them.
    """
    text = text.strip()
    match = _ABSOLUTE.fullmatch(text)
    if match is not None and int(match[2]) <= _QUARTERS_MAX:
        offset = timedelta(minutes=15 * int(match[2]) * (-1 if match[3] == "-" else 1))
        parsed = _parse(match[1], (2,))
        return _microseconds(parsed.replace(tzinfo=UTC) - offset) if parsed else None
    digits = _MARKS.sub("", text)
    if not (digits.isascii() and digits.isdecimal()):
        return None
    parsed = _parse(digits, _FORMS.get(len(digits), ()))
    return _microseconds(parsed.replace(tzinfo=zone)) if parsed else None


def _parse(digits: str, forms: tuple[int, ...]) -> datetime | None:
    """Two digits of a year are of 1969 to 2068, as POSIX has it. (strptime is slow: each receipt has two dates.)"""
    for long in forms:
        year = int(digits[:long])
        if long == 2:
            year += 1900 if year >= 69 else 2000
        month, day, hour, minute, *second = (int(digits[at : at + 2]) for at in range(long, len(digits), 2))
        try:
            return datetime(year, month, day, hour, minute, second[0] if second else 0)  # noqa: DTZ001 - the caller knows the zone
        except ValueError:
            continue
    return None


def _microseconds(moment: datetime) -> int | None:
    try:
        return (moment - _EPOCH) // timedelta(microseconds=1)
    except OverflowError:
        return None
