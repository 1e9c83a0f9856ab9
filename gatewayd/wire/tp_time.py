"""Times inside TPDUs: time stamps and relative validity (3GPP TS 23.040 9.2.3.11 and 9.2.3.12.1)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from gatewayd.wire.octets import PduError

_MINUTE_S = 60
_HOUR_S = 60 * _MINUTE_S
_DAY_S = 24 * _HOUR_S
_WEEK_S = 7 * _DAY_S

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SPOKEN = re.compile(r"(\d\d/\d\d/\d\d, ?\d\d:\d\d:\d\d)(?:([+-])(\d\d))?")
_ZONE_QUARTERS_MAX = 14 * 4  # the clocks furthest from UTC


def validity_octet(validity_s: int) -> int:
    """The relative TP-VP that is at least this long, within 5 minutes to 63 weeks. PduError when nothing is left."""
    if validity_s <= 0:
        raise PduError(f"validity of {validity_s} s: it is already over")
    if validity_s <= 12 * _HOUR_S:
        return _steps(validity_s, 5 * _MINUTE_S) - 1
    if validity_s <= _DAY_S:
        return 143 + _steps(validity_s - 12 * _HOUR_S, 30 * _MINUTE_S)
    if validity_s <= 30 * _DAY_S:
        return 166 + _steps(validity_s, _DAY_S)
    return min(192 + _steps(validity_s, _WEEK_S), 255)


def validity_seconds(octet: int) -> int:
    """What a relative TP-VP says."""
    if octet <= 143:
        return (octet + 1) * 5 * _MINUTE_S
    if octet <= 167:
        return 12 * _HOUR_S + (octet - 143) * 30 * _MINUTE_S
    if octet <= 196:
        return (octet - 166) * _DAY_S
    return (octet - 192) * _WEEK_S


def read_time_stamp(octets: bytes) -> int | None:
    """Microseconds UTC of the seven octets of a TP-SCTS or TP-DT; None when they are no time (networks send zeros)."""
    pairs = octets.hex()
    swapped = "".join([high + low for low, high in zip(pairs[:12:2], pairs[1:12:2], strict=True)])
    zone = octets[6]
    quarters = (zone & 0x07) * 10 + (zone >> 4)  # bit 3 is the sign
    if not swapped.isdecimal() or zone >> 4 > 9 or quarters > _ZONE_QUARTERS_MAX:
        return None
    year, month, day, hour, minute, second = (int(swapped[at : at + 2]) for at in range(0, 12, 2))
    try:
        local = datetime(2000 + year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    offset = timedelta(minutes=-15 * quarters if zone & 0x08 else 15 * quarters)
    return (local - offset - _EPOCH) // timedelta(microseconds=1)


def spoken_time(words: str) -> int | None:
    """Microseconds UTC of a time as text mode writes it, "26/11/22,10:00:00+04" (quarters of an hour east of UTC)."""
    match = _SPOKEN.fullmatch(words.strip())
    if match is None:
        return None
    quarters = int(match[3] or 0)
    sign = 0x08 if match[2] == "-" else 0
    digits = "".join(pair[::-1] for pair in re.findall(r"\d\d", match[1])) + f"{quarters:02d}"[::-1]
    octets = bytearray.fromhex(digits)
    octets[6] |= sign
    return read_time_stamp(bytes(octets))


def _steps(seconds: int, step_s: int) -> int:
    return -(-seconds // step_s)
