"""The register of commands, and the final results they return."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwsim.at_line import RUN, TEST, Request
from hwsim.traits import Personality

if TYPE_CHECKING:
    from hwsim.modem import Modem

CME_WORDS = {
    3: "operation not allowed",
    4: "operation not supported",
    10: "SIM not inserted",
    11: "SIM PIN required",
    12: "SIM PUK required",
    13: "SIM failure",
    14: "SIM busy",
    15: "SIM wrong",
    16: "incorrect password",
    20: "memory full",
    21: "invalid index",
    30: "no network service",
    50: "incorrect parameters",
    100: "unknown",
    515: "please wait, init in progress",
}
CMS_WORDS = {
    1: "Unassigned (unallocated) number",  # to 127: 24.011 E.2
    8: "Operator determined barring",
    10: "Call barred",
    21: "Short message transfer rejected",
    27: "Destination out of order",
    28: "Unidentified subscriber",
    29: "Facility rejected",
    30: "Unknown subscriber",
    38: "Network out of order",
    41: "Temporary failure",
    42: "Congestion",
    47: "Resources unavailable, unspecified",
    50: "Requested facility not subscribed",
    69: "Requested facility not implemented",
    81: "Invalid short message transfer reference value",
    95: "Semantically incorrect message",
    96: "Invalid mandatory information",
    97: "Message type non-existent or not implemented",
    98: "Message not compatible with short message protocol state",
    99: "Information element non-existent or not implemented",
    111: "Protocol error, unspecified",
    127: "Interworking, unspecified",
    128: "Telematic interworking not supported",  # to 255: 23.040 9.2.3.22
    129: "Short message Type 0 not supported",
    130: "Cannot replace short message",
    143: "Unspecified TP-PID error",
    144: "Data coding scheme (alphabet) not supported",
    145: "Message class not supported",
    159: "Unspecified TP-DCS error",
    160: "Command cannot be actioned",
    161: "Command unsupported",
    175: "Unspecified TP-Command error",
    176: "TPDU not supported",
    192: "SC busy",
    193: "No SC subscription",
    194: "SC system failure",
    195: "Invalid SME address",
    196: "Destination SME barred",
    197: "SM Rejected-Duplicate SM",
    198: "TP-VPF not supported",
    199: "TP-VP not supported",
    300: "ME failure",
    301: "SMS service of ME reserved",
    302: "operation not allowed",
    303: "operation not supported",
    304: "invalid PDU mode parameter",
    305: "invalid text mode parameter",
    310: "SIM not inserted",
    311: "SIM PIN required",
    313: "SIM failure",
    314: "SIM busy",
    315: "SIM wrong",
    312: "PH-SIM PIN required",
    316: "SIM PUK required",
    317: "SIM PIN2 required",
    318: "SIM PUK2 required",
    320: "memory failure",
    321: "invalid memory index",
    322: "memory full",
    330: "SMSC address unknown",
    331: "no network service",
    332: "network timeout",
    340: "no +CNMA acknowledgement expected",
    500: "unknown error",
}


@dataclass(frozen=True, slots=True)
class Final:
    """A final result code. `kind` is a word, or CME or CMS with a code (27.007 9.2, 27.005 3.2.5)."""

    kind: str
    code: int = 0

    def words(self, cmee: int, numeric_cms_always: bool) -> str:
        """The result as +CMEE has it: 0 plain, 1 numbers, 2 words. +CMS ERROR is not hidden by 0 on most modems."""
        if self.kind not in {"CME", "CMS"}:
            return self.kind
        if cmee == 0 and not (self.kind == "CMS" and numeric_cms_always):
            return "ERROR"
        if cmee == 2:
            table = CME_WORDS if self.kind == "CME" else CMS_WORDS
            return f"+{self.kind} ERROR: {table.get(self.code, self.code)}"
        return f"+{self.kind} ERROR: {self.code}"


OK = Final("OK")
ERROR = Final("ERROR")
Handler = Callable[["Modem", Request], Final | None]
REGISTRY: dict[str, Handler] = {}
# What only some have: what the names of their makers begin with.
MAKERS: dict[str, tuple[str, ...]] = {}


def cme(code: int) -> Final:
    """+CME ERROR."""
    return Final("CME", code)


def cms(code: int) -> Final:
    """+CMS ERROR."""
    return Final("CMS", code)


def command(*names: str) -> Callable[[Handler], Handler]:
    """Registers a handler under its names."""

    def register(handler: Handler) -> Handler:
        for name in names:
            REGISTRY[name] = handler
        return handler

    return register


def handler(kind: Personality, name: str) -> Handler | None:
    """Who answers this command, None if such a modem does not know it."""
    if name in kind.absent or not kind.maker.startswith(MAKERS.get(name, "")):
        return None
    return REGISTRY.get(name)


def whole(value: str, allowed: range | tuple[int, ...] | None = None) -> int:
    """A whole number among those allowed; raises ValueError."""
    if not value.isascii() or not value.isdigit():
        raise ValueError(value)
    number = int(value)
    if allowed is not None and number not in allowed:
        raise ValueError(value)
    return number


def given(modem: Modem, request: Request, now: int | str, default: int | str = 0, place: int = 0) -> str:
    """A parameter as it was written. Left out, it stays what it is (27.007 4.1); some types take the bare command for
    a wish for the default."""
    values = request.values()
    if len(values) > place and values[place]:
        return values[place]
    return str(default if request.form == RUN and modem.personality.bare_resets else now)


_CMS_FOR_SIM = {10: 310, 11: 311, 12: 316, 13: 313, 14: 314, 15: 315}


def sms_trouble(modem: Modem) -> Final | None:
    """The +CMS ERROR that SMS commands earn while the card is not ready."""
    trouble = modem.sim_trouble()
    return cms(_CMS_FOR_SIM[trouble]) if trouble is not None else None


def at_once(modem: Modem, request: Request) -> Final | None:
    """OK to whether an SMS command is known, or the trouble of the card; None: it has to be done."""
    return OK if request.form == TEST else sms_trouble(modem)


_WITH_CARD = ("+CM", "+CN", "+CR", "+CIMI", "+COPS", "+CPMS", "+CSCA", "+CSMS")


def too_early(modem: Modem, request: Request) -> Final | None:
    """What some types answer just after the radio is on, and to what needs the card before +CPIN? was asked."""
    main = modem.main
    if request.name[0] not in "+^#*$%_":
        return None
    if main.refused_left:
        main.refused_left -= 1
        return cme(515)
    if modem.personality.needs_cpin and not main.pin_asked:
        main.pin_asked = request.name == "+CPIN"
        return ERROR if request.name.startswith(_WITH_CARD) else None
    return None
