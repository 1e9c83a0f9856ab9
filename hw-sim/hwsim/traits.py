"""What can differ from modem to modem, as data: every field is a trait, its default what the standards ask for.

The types of modems are in `personality`; a scene changes single traits by name (`quirks`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from math import inf
from typing import Any


@dataclass(frozen=True, slots=True)
class Personality:
    """One type of modem. Fields default to what the standards ask for."""

    name: str
    maker: str = "gatewayd"
    model: str = "HWSIM"
    revision: str = "1.0"
    # Framing
    head: bytes = b"\r\n"  # in front of an information text
    echo: bool = True  # after power-up
    clac_end: bytes = b"\r\n"  # after each line of +CLAC
    prompt: bytes | None = b"\r\n> "  # None: the PDU follows the CR at once (nRF91)
    unknown: str = "ERROR"
    unknown_cme: int = 0  # instead, as +CMEE has it; 0: none
    text_prompts: bool = True  # text mode: the prompt comes again after each CR of a text (27.005 3.5.1)
    text_edits: bool = True  # text mode: a backspace takes the last character back; False: it is one of the text
    esc_answers: bool = True
    centre_cms: int = 330  # the network does not know the service centre of a submission
    lf_is_input: bool = False
    during_command: str = "queue"  # queue, lost or abort: fate of characters that arrive while a command runs
    gap_s: float = 0.0  # a command closer than this to the last final result is lost
    nul_noise: bool = False  # a NUL in front of each unsolicited line
    strict_types: bool = True  # False: quotes around numbers, none around strings, parameters too many: nobody minds
    bare_resets: bool = False  # AT+CREG and its like without "=" set the default; False: all stays as it is
    hex_numbers: bool = True  # +CSCS="HEX": numbers are coded as well, as every string (27.005 3.1)
    bare_address: bool = False  # text mode: <da> is taken without its quotes, too (27.005 3.1 has it a string)
    numeric_cms_always: bool = True  # False: CMEE=0 turns +CMS ERROR into ERROR
    cmee: int = 0
    # Storage
    index_base: int = 1
    sim_slots: int = 30
    me_slots: int = 100
    stores: tuple[str, ...] = ("SM", "ME", "MT", "SR")
    default_stores: tuple[str, str, str] = ("SM", "SM", "SM")
    cpms_names: int = 3
    cpms_test: str | None = None
    empty_read_cms: int | None = 321  # None: OK
    empty_delete_cms: int | None = 321
    full_urc: str | None = None  # a message came and no slot was free
    filled_urc: str | None = None  # the last slot was taken
    cmti_stops_when_full: bool = False
    keeps_unread: bool = False  # +CMGR and +CMGL take a last parameter: 1 leaves a message unread
    # Notifications
    cnmi_test: str = "(0,1,2,3),(0,1,2,3),(0,2,3),(0,1,2),(0,1)"
    cnmi_takes: tuple[tuple[int, ...], ...] = ((0, 1, 2, 3), (0, 1, 2, 3), (0, 2, 3), (0, 1, 2), (0, 1))
    cnmi_default: tuple[int, ...] = (0, 0, 0, 0, 0)
    csms: tuple[int, ...] = (0, 1)
    csms_default: int = 0
    cmt_alpha: bool = True  # False: +CMT without the comma for <alpha> in PDU mode
    cds_comma: bool = False  # "+CDS: ,25"
    cmgs_tail: bool = False  # after the reference, once +CSMS=1: <scts>, in PDU mode <ackpdu> (27.005 3.5.1, 4.3)
    cnma_window_s: float = 15.0
    urc_anytime: bool = False
    class0_direct: bool = False
    ucs2_hex: bool = True
    # Life
    boot_s: float = 3.0
    boot: tuple[tuple[float, str], ...] = ()
    registration_s: float = 0.0  # from CFUN=1 to the unsolicited +CREG
    search_s: float = 0.0  # not registered for so long after power-up and after the radio was off
    busy_after_cfun: int = 0  # so many commands after the radio was switched on get +CME ERROR: 515
    brown_out_urc: str | None = None  # said when the supply sags
    reset_reenumerates_s: float | None = None  # +CFUN=1,1 takes the port away for so long
    sim_busy_s: float = 0.0
    mr_after_reset: int | None = None  # None: goes on counting
    mr_constant: int | None = None
    chatter: tuple[tuple[float, str], ...] = ()  # every so many seconds
    slow_delete_s: float = 0.0
    # Commands
    charsets: tuple[str, ...] = ("GSM", "IRA", "UCS2", "HEX", "8859-1", "UTF-8")
    absent: frozenset[str] = frozenset()
    canned: Mapping[str, str] = field(default_factory=dict)  # whole command -> information text, "" for a bare OK
    packed_ussd: bool = False  # what is asked by +CUSD may be septets packed into hexadecimal; its answer is, then
    act: int = 7  # access technology shown by +COPS?
    not_inserted: str | None = None  # +CPIN? without a card: this text instead of +CME ERROR: 10
    wide_cells: bool = True  # +CREG with <n> 2: four octets of <ci> and <AcT>; False: two, and none
    sim_out: tuple[str, ...] = ()  # said when the card is taken out
    sim_in: tuple[str, ...] = ()
    cpin_ok: bool = True  # False: +CPIN? is answered without OK
    needs_cpin: bool = False  # nothing about texts or the network before +CPIN? was asked
    # USB: its interfaces in order, and whether it tells its serial number
    interfaces: tuple[str, ...] = ("at",)  # at, at2, diag, nmea, silent
    usb_serial: bool = True
    usb_name: str = ""  # as udev writes it, default from maker and model


class UnknownTrait(ValueError):
    """There is no such trait, or it does not take such a value."""


_SIMPLE = {"bool": bool, "int": int, "float": float, "str": str, "bytes": str}


def varied(kind: Personality, quirks: Mapping[str, Any]) -> Personality:
    """The type with some traits changed by name; raises UnknownTrait. Octets are written as text; tuples cannot be
    changed in this way."""
    kinds = {item.name: str(item.type) for item in fields(Personality) if item.name != "name"}
    changed: dict[str, Any] = {}
    for name, value in quirks.items():
        plain = kinds.get(name, "").removesuffix(" | None")
        if plain not in _SIMPLE:
            simple = [trait for trait, what in kinds.items() if what.removesuffix(" | None") in _SIMPLE]
            raise UnknownTrait(f"no quirk {name!r}; there are {', '.join(simple)}")
        if plain == "float" and type(value) is int:
            value = float(value)
        if type(value) is not _SIMPLE[plain]:
            raise UnknownTrait(f"the quirk {name!r} is not a {_SIMPLE[plain].__name__}: {value!r}")
        if isinstance(value, int | float) and not 0 <= value < inf:
            raise UnknownTrait(f"the quirk {name!r} is not a number of at least 0: {value!r}")
        changed[name] = str(value).encode("latin-1") if plain == "bytes" else value
    return replace(kind, **changed)
