"""Times in SMPP 3.4 (7.1.1): "YYMMDDhhmmsstnnp", absolute with a zone in quarters of an hour, or relative (p is R)."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta

_PARTS = ((0, 2), (2, 4), (4, 6), (6, 8), (8, 10), (10, 12))
_RELATIVE_MAX = (99, 12, 31, 23, 59, 59)
QUARTERS_MAX = 48


class BadTime(ValueError):
    """The sixteen characters are no time; the sentence says why."""


def moment_of(written: str, now: float) -> float:
    """Epoch seconds of a schedule_delivery_time or validity_period of 16 characters."""
    digits, sign = written[:15], written[15:]
    if not (digits.isascii() and digits.isdigit() and len(digits) == 15) or sign not in {"+", "-", "R"}:
        raise BadTime(f"{written!r} is not of the form YYMMDDhhmmsstnnp")
    parts = [int(digits[start:end]) for start, end in _PARTS]
    tenths, quarters = int(digits[12]), int(digits[13:15])
    if sign == "R":
        if tenths or quarters:
            raise BadTime(f"{written!r}: tenths and zone of a relative time are 0 and 00")
        return _later(now, parts, written)
    if quarters > QUARTERS_MAX:
        raise BadTime(f"{written!r}: a zone is at most {QUARTERS_MAX} quarters of an hour")
    year, month, day, hour, minute, second = parts
    try:
        local = datetime(2000 + year, month, day, hour, minute, second, tenths * 100_000, tzinfo=UTC)
    except ValueError as wrong:
        raise BadTime(f"{written!r}: {wrong}") from None
    shift = timedelta(minutes=15 * quarters)
    return (local - shift if sign == "+" else local + shift).timestamp()


def _later(now: float, parts: list[int], written: str) -> float:
    if any(part > most for part, most in zip(parts, _RELATIVE_MAX, strict=True)):
        raise BadTime(f"{written!r}: a part of it is too large")
    years, months, days, hours, minutes, seconds = parts
    start = datetime.fromtimestamp(now, UTC)
    month = start.month - 1 + months
    year, month = start.year + years + month // 12, month % 12 + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    later = start.replace(year=year, month=month, day=day)
    return (later + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)).timestamp()


def written(epoch_s: float, quarters: int = 0) -> str:
    """The absolute form, in a zone of so many quarters of an hour."""
    local = datetime.fromtimestamp(epoch_s, UTC) + timedelta(minutes=15 * quarters)
    return f"{local:%y%m%d%H%M%S}{local.microsecond // 100_000}{abs(quarters):02d}{'-' if quarters < 0 else '+'}"


def short_date(epoch_s: float, digits: int = 10, quarters: int = 0) -> str:
    """A receipt's date: YYMMDDhhmm, with seconds (12), or with the century too (14)."""
    local = datetime.fromtimestamp(epoch_s, UTC) + timedelta(minutes=15 * quarters)
    return f"{local:%Y%m%d%H%M%S}" if digits == 14 else f"{local:%y%m%d%H%M%S}"[:digits]
