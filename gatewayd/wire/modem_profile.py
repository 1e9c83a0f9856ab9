"""What is wanted of a modem, and what bring-up found out about it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Literal

Registration = Literal["unknown", "searching", "home", "roaming", "denied", "none"]

VENDORS = (
    "wavecom", "sierra", "siemens", "cinterion", "gemalto", "quectel", "simcom", "huawei", "zte", "telit",
    "u-blox", "nordic", "nokia",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the configuration says. `channel` only stands in for the name of a SIM that tells none."""

    channel: str
    pin: str | None = field(default=None, repr=False)
    smsc: str | None = None
    storage: str | None = None
    stored_reports: bool = False  # +CDSI rather than +CDS where both can be had


@dataclass(slots=True)
class Profile:
    """One modem with its SIM as it is now. Looks and listings keep it true."""

    manufacturer: str = ""
    model: str = ""
    revision: str = ""
    vendor: str = ""
    iccid_digest: str = ""
    sim: str = ""
    smsc: str = ""
    echoes: bool = False  # it cannot be told to leave the echo
    acknowledges: bool = False  # CSMS=1: each +CMT and +CDS wants a +CNMA
    storages: tuple[str, ...] = ()  # what a listing has to look through, the chosen one first
    selected: str = ""  # <mem1> now
    used: int | None = None
    size: int | None = None
    listing_complete: bool = True  # False: the last listing could not see all; soon again
    lists: bool = True  # False: +CMGL hangs here, slots are read one by one
    notify: tuple[int, ...] = ()  # +CNMI as read back; empty: none works, the storage must be polled
    registration_commands: tuple[str, ...] = ("+CREG", "+CGREG", "+CEREG")
    registration: Registration = "unknown"
    operator: str = ""
    signal_dbm: int | None = None

    @property
    def gap_s(self) -> float:
        """Telit loses a command that comes within 20 ms of a final result."""
        return 0.021 if self.vendor == "telit" else 0.0

    @property
    def prompts(self) -> bool:
        return self.vendor != "nordic"

    @property
    def registered(self) -> bool:
        """Whether it may send; a modem that cannot say is believed to."""
        return self.registration in {"home", "roaming"} or not self.registration_commands

    def identity(self) -> dict[str, str]:
        known = {"manufacturer": self.manufacturer, "model": self.model, "revision": self.revision}
        return {name: value for name, value in known.items() if value}


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
