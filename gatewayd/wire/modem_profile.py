"""What is wanted of a modem, and what bring-up found out about it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Literal

from gatewayd.wire.profiles import BY_NAME, GENERIC, REGISTRATION, Habits

Registration = Literal["unknown", "searching", "home", "roaming", "denied", "none"]
SAME_IMEI = 14  # digits: the last of 15 is a check digit, the last two of 16 a version of software
SAME_ICCID = 18  # digits: some modems leave the check digit out, or fill up with an F


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the configuration says. `channel` only stands in for the name of a SIM that tells none."""

    channel: str
    pin: str | None = field(default=None, repr=False)
    imei: str = field(default="", repr=False)  # the only modem that is wanted; "" = whichever is there
    iccid: str = field(default="", repr=False)  # the only SIM that may be given the PIN
    smsc: str | None = None
    storage: str | None = None
    stored_reports: bool = False  # +CDSI rather than +CDS where both can be had


@dataclass(slots=True)
class Profile:
    """One modem with its SIM as it is now. Looks and listings keep it true."""

    manufacturer: str = ""
    model: str = ""
    revision: str = ""
    vendor: str = ""  # the name of its Habits; "" = none that are known
    imei: str = field(default="", repr=False)
    iccid: str = field(default="", repr=False)
    iccid_digest: str = ""
    sim: str = ""
    smsc: str = ""
    echoes: bool = False  # it cannot be told to leave the echo
    one_line: bool = False  # it takes several commands in one line
    acknowledges: bool = False  # CSMS=1: each +CMT and +CDS wants a +CNMA
    storages: tuple[str, ...] = ()  # what a listing has to look through, the chosen one first
    selected: str = ""  # <mem1> now
    used: int | None = None
    size: int | None = None
    listing_complete: bool = True  # False: the last listing could not see all; soon again
    listing_broke_off: bool = False  # the last one: what came is known, and the modem may still be at it
    listed: frozenset[str] = frozenset()  # the storages that the last listing saw all of
    sizes: dict[str, int] = field(default_factory=dict)  # slots of each storage, as far as they were told
    counts: dict[str, int] = field(default_factory=dict)  # texts in each storage, when it was selected last
    walks: bool = True  # False: its slots are numbered oddly, a storage is listed however full it is
    lists: bool = True  # False: +CMGL hangs here, slots are read one by one
    list_asked: bool = False  # a +CMGL has had no answer yet
    notify: tuple[int, ...] = ()  # +CNMI as read back; empty: none works, the storage must be polled
    registration_commands: tuple[str, ...] = REGISTRATION
    registration_told: frozenset[str] = frozenset()  # those of them that have answered
    registration: Registration = "unknown"
    operator: str = ""
    signal_dbm: int | None = None

    @property
    def habits(self) -> Habits:
        return BY_NAME.get(self.vendor, GENERIC)

    @property
    def gap_s(self) -> float:
        return self.habits.gap_s

    @property
    def prompts(self) -> bool:
        return self.habits.prompts

    @property
    def registered(self) -> bool:
        """Whether it may send; a modem that cannot say is believed to."""
        return self.registration in {"home", "roaming"} or not self.registration_commands

    def identity(self) -> dict[str, str]:
        """What may be shown of it; numbers by their tails."""
        known = {
            "manufacturer": self.manufacturer,
            "model": self.model,
            "revision": self.revision,
            "profile": self.habits.name,
            "imei": tail(self.imei),
            "iccid": tail(self.iccid),
        }
        return {name: value for name, value in known.items() if value}


def tail(number: str) -> str:
    """Enough of a number to know it again, and no more."""
    return f"...{number[-4:]}" if number else ""


def same_imei(one: str, other: str) -> bool:
    return one[:SAME_IMEI] == other[:SAME_IMEI]


def same_card(one: str, other: str) -> bool:
    return one[:SAME_ICCID] == other[:SAME_ICCID]


def card_digest(iccid: str) -> str:
    """The same, whether the modem tells the check digit (ITU-T E.118) or leaves it out."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(iccid)))
    checked = sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
    return digest(iccid[:-1] if checked else iccid)


def digest(*parts: str) -> str:
    """32 hex digits that tell two secrets apart without telling them."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def sim_id(number: str) -> str:
    """The stable opaque name of a SIM, from its IMSI (or ICCID)."""
    return "sim-" + hashlib.sha256(number.encode()).hexdigest()[:12]


def fields(line: str) -> list[str]:
    """The values after "+XXX:", without spaces and quotes; commas inside quotes stay."""
    values, quoted, value = [], False, ""
    for sign in line.partition(":")[2]:
        if sign == '"':
            quoted = not quoted
        elif sign == "," and not quoted:
            values.append(value.strip())
            value = ""
        else:
            value += sign
    return [*values, value.strip()]


def number(value: str) -> int | None:
    """A decimal number of at most nine digits, or None."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= 9 else None
