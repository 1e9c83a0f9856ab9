"""TP-Data-Coding-Scheme (3GPP TS 23.038 section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gatewayd.text import Alphabet

_WAITING = ("voicemail", "fax", "email", "other")


@dataclass(frozen=True, slots=True)
class Coding:
    """What a DCS octet says of the body."""

    alphabet: Literal["gsm7", "octets", "ucs2"]
    compressed: bool = False
    message_class: int | None = None  # 0: flash; 1: phone; 2: SIM; 3: terminal
    note: str = ""  # "message waiting: voicemail", "reserved coding 0x0C"


def read_dcs(dcs: int) -> Coding:
    """Every octet has a meaning: reserved codings are read as the GSM 7-bit alphabet, as the standard asks."""
    group = dcs >> 4
    if group < 0x8:  # 00xx general, 01xx the same with automatic deletion
        letters = (dcs >> 2) & 0x3
        return Coding(
            alphabet="octets" if letters == 1 else "ucs2" if letters == 2 else "gsm7",
            compressed=bool(dcs & 0x20),
            message_class=dcs & 0x3 if dcs & 0x10 else None,
            note=f"reserved coding 0x{dcs:02X}" if letters == 3 else "",
        )
    if group == 0xF:
        return Coding(alphabet="octets" if dcs & 0x4 else "gsm7", message_class=dcs & 0x3)
    if group >= 0xC:  # 1100 discard, 1101 store, 1110 store in UCS-2
        state = "message waiting" if dcs & 0x8 else "no message waiting"
        return Coding(alphabet="ucs2" if group == 0xE else "gsm7", note=f"{state}: {_WAITING[dcs & 0x3]}")
    return Coding(alphabet="gsm7", note=f"reserved coding 0x{dcs:02X}")


def write_dcs(alphabet: Alphabet, *, flash: bool) -> int:
    """The general data coding group; `flash` adds message class 0."""
    return (0x08 if alphabet == "ucs2" else 0x00) | (0x10 if flash else 0x00)
