"""What mishaps can be told, looked at before they happen, which may be much later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hwsim.faults import FaultError, cms_code, flag, number, octet, octets_of, phone_number, read, share, whole, words
from hwsim.radio import RSSI_MAX, RSSI_UNKNOWN
from hwsim.smpp_listener import SHOWS

Options = dict[str, Callable[[object], Any]]
OCTETS_MAX, TIMES_MAX, COMMAND_MAX = 1_000_000, 10_000, 0xFFFF_FFFF


def _span(value: object) -> float | None:
    return None if value is None else number(value)


def _up_to(limit: int) -> Callable[[object], float]:
    def some(value: object) -> float:
        if number(value) > limit:
            raise FaultError(f"not a number of at most {limit}: {value!r}")
        return number(value)

    return some


def _whole_up_to(limit: int) -> Callable[[object], int]:
    def some(value: object) -> int:
        if whole(value) > limit:
            raise FaultError(f"not a number of at most {limit}: {value!r}")
        return whole(value)

    return some


def _one_of(*names: str) -> Callable[[object], str]:
    def name(value: object) -> str:
        if not isinstance(value, str) or value not in names:
            raise FaultError(f"one of {', '.join(names)}, not {value!r}")
        return value

    return name


def _stat(value: object) -> int:
    if int(number(value)) not in range(8):
        raise FaultError(f"0 to 7: {value!r}")
    return int(number(value))


def _rssi(value: object) -> int:
    if not (number(value) < RSSI_MAX + 1 or value == RSSI_UNKNOWN):
        raise FaultError(f"0 to {RSSI_MAX}, or {RSSI_UNKNOWN}: {value!r}")
    return int(number(value))


def _code(value: object) -> int | None:
    return None if value is None else cms_code(value)


_SPAN: Options = {"seconds": _span}
_ON: Options = {"on": flag}
OPTIONS: dict[str, Options] = {
    "reset": {**_SPAN, "noise": flag, "profile": flag, "text_mode": flag},
    "hangup": {"back_after_s": number, "power": flag},
    "freeze": _SPAN,
    "thaw": {},
    "noise": {"hex": octets_of, "octets": _up_to(OCTETS_MAX)},
    "urc": {"text": words},
    "ring": {"caller": phone_number, "seconds": number},
    "stutter": {"octets": number, "seconds": number},
    "echo_on": {},
    "numeric": {},
    "text_mode": _ON,
    "half_open_prompt": {},
    "registration": {**_SPAN, "stat": _stat},
    "signal": {"rssi": _rssi, "noise": number, "fades_per_h": number},
    "storage_full": {"memory": _one_of("SM", "ME", "MT", "BM", "SR"), "free": number},
    "sim": {"present": flag},
    "sim_busy": {"seconds": number},
    "notifications_off": {},
    "mute": {**_SPAN, **_ON},
    "centre": {"sca": words},
    "sim_state": {**_SPAN, "state": _one_of("ready", "pin2", "failure", "wrong")},
    "sim_swap": {"with": words, "number": phone_number, "pin": words},
    "credit": {"messages": number, "cms": cms_code},
    "lte_only": {**_ON, "cms": _code},
    "access": {"act": number},
    "line": {**_SPAN, "way": _one_of("out", "in", "both"), "flip": share, "drop": share, "nul": share},
    "baud": {"rate": number},
    "brown_out": {"times": number, "every_s": number},
    "slow_death": {**_ON, "dies_after_s": _span, "start_s": number, "double_every_s": number},
    "foreign": {"text": words, "hex": octets_of, "times": _up_to(TIMES_MAX), "every_s": number},
}


_ACCOUNT: Options = {"account": words, "binds": whole}
SMPP_OPTIONS: dict[str, Options] = {
    "tls": {"shows": _one_of(*SHOWS)},
    "drop": {**_ACCOUNT, "reset": flag, "refuse": flag, "back_after_s": number},
    "unbind": _ACCOUNT,
    "silence": {**_ACCOUNT, **_SPAN, "new": flag},
    "mute_enquire": {**_ACCOUNT, **_ON},
    "garbage": {**_ACCOUNT, "hex": octets_of, "octets": _whole_up_to(OCTETS_MAX)},
    "split": {"octets": whole, "gap_s": number},
    "gather": {"seconds": number},
    "enquire": _ACCOUNT,
    "unknown_command": {**_ACCOUNT, "command": _whole_up_to(COMMAND_MAX)},
    "bad_delivery": {**_ACCOUNT, "how": _one_of("cut", "no_nul", "sm_length", "parameter")},
    "alert": {**_ACCOUNT, "number": phone_number, "available": octet},
    "orphan_receipt": {"account": words, "message_id": words, "state": words, "style": words, "number": phone_number},
    "outbind": {"account": words, "to": words},
}
TAP_OPTIONS: dict[str, Options] = {
    "tap_hang_up": {"line": words},
    "tap_line_noise": {"octets": _whole_up_to(OCTETS_MAX)},
    "tap_echo": _ON,
    "tap_split": {"octets": whole, "gap_s": number},
}
DIAL_OPTIONS: dict[str, Options] = {
    "lose_carrier": {},
    "ring": {},
    "line_noise": {"octets": _whole_up_to(OCTETS_MAX)},
    "unplug": {"back_after_s": number},
    "dialtone": _ON,
}


def look_at(description: Mapping[str, object], table: Mapping[str, Options] = OPTIONS) -> None:
    """Raises FaultError for an unknown kind of mishap, an option it has not, or a value of the wrong sort."""
    kind = description.get("kind")
    if not isinstance(kind, str) or kind not in table:
        raise FaultError(f"unknown mishap {kind!r}; there are {', '.join(table)}")
    for name, value in description.items():
        if name == "kind":
            continue
        if name not in table[kind]:
            there = f"; there are {', '.join(table[kind])}" if table[kind] else ""
            raise FaultError(f"mishap {kind!r} has no option {name!r}{there}")
        try:
            read(name, table[kind][name], value)
        except FaultError as wrong:
            raise FaultError(f"{kind}: {wrong}") from None
