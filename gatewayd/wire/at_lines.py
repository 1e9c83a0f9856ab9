"""The lines that modems write: what a final result is, what announces a text, what is said by itself. No state."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

DAMAGED_DIGITS_MIN = 20


class Kind(Enum):
    OK = "ok"
    ERROR = "error"  # bare ERROR, COMMAND NOT SUPPORT and their like
    CME = "cme"
    CMS = "cms"
    PROMPT = "prompt"
    TIMEOUT = "timeout"
    CLOSED = "closed"  # the prompt was gone when the PDU was to be written: nothing was written


@dataclass(frozen=True, slots=True)
class Result:
    """How the command ended. `code` is the number of a +CME/+CMS ERROR, if it was one."""

    kind: Kind
    lines: tuple[str, ...] = ()
    code: int | None = None
    text: str = ""  # the final line as it came; of a "sure" command without its line, the last one heard meanwhile
    took_s: float = 0.0
    echoed: bool = False  # the modem repeated the command

    @property
    def ok(self) -> bool:
        return self.kind is Kind.OK


PRINTABLE = re.compile(r"[\x20-\x7e]*")
UNPRINTABLE = re.compile(r"[^\x20-\x7e]")
PREFIXED = re.compile(r"(?:[+^*#$%_&][A-Z][A-Z0-9_]* ?(?::|$)|DST:|MODEM:)", re.IGNORECASE)
_NEWS = re.compile(r'(?<=.)(?=\+C(?:MT|DS)I ?: ?"\w+" ?, ?\d)')
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_DIGIT = re.compile(r"[0-9A-Fa-f]")
_EXTENDED_ERROR = re.compile(r"\+(CME|CMS) ERROR ?: ?(.*)", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,5}(?![0-9A-Za-z])")
_PLAIN_ERRORS = frozenset(
    {"ERROR", "COMMAND NOT SUPPORT", "COMMAND NOT SUPPORTED", "NA", "TOO MANY PARAMETERS", "INVALID COMMAND LINE"}
)
NUMERIC = {"0": Kind.OK, "4": Kind.ERROR}  # after V0
PDU_HEADER = re.compile(r'\+(?:CMT|CDS|CBM) ?: ?(?:(?:"[^"]*"|[0-9A-F]{0,40}) ?, ?){0,2}\d{1,4}', re.IGNORECASE)
TEXT_HEADER = re.compile(r'\+(?:CMT: ?".*".*|CBM: ?\d+,.*)', re.IGNORECASE)
RESETS = frozenset(
    {"RDY", "^SYSSTART", "^SHUTDOWN", "NORMAL POWER DOWN", "UNDER-VOLTAGE POWER DOWN", "OVER-VOLTAGE POWER DOWN"}
)
# Bare words that a modem says by itself, so that they do not end up as lines of an identity answer.
SPONTANEOUS = frozenset(
    {
        "RING", "NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "CALL READY", "SMS READY", "CONNECT",
        "UNDER-VOLTAGE WARNNING", "UNDER-VOLTAGE WARNING", "OVER-VOLTAGE WARNNING", "SMS DONE", "PB DONE", "PBREADY",
        "MODEM:STARTUP", "+PBREADY", "OPL UPDATING", "PNN UPDATING",
    }
)  # fmt: skip


def in_words(header: str) -> bool:
    """Whether the line behind this +CMT header is a text as somebody wrote it (text mode), and no PDU."""
    return PDU_HEADER.fullmatch(header) is None


def pdu_like(line: str) -> bool:
    """A PDU, or what noise has left of one: better shown raw than lost."""
    digits = len(_DIGIT.findall(line))
    return _HEX.fullmatch(line) is not None or (digits >= DAMAGED_DIGITS_MIN and digits >= len(line) * 9 // 10)


def unglued(line: str) -> list[str]:
    """The line, and the news of a text as lines of their own where something else stands in front of it."""
    return _NEWS.split(line)


def final_result(line: str) -> Result | None:
    """The final result that this whole line is, or None."""
    if line == "OK":
        return Result(Kind.OK, text=line)
    upper = line.upper()
    if upper in _PLAIN_ERRORS or upper.startswith("MODEM ERROR:"):
        return Result(Kind.ERROR, text=line)
    match = _EXTENDED_ERROR.fullmatch(line)
    if match is None:
        return None
    number = _NUMBER.match(match[2])  # some say the words behind it as well
    code = int(number[0]) if number else None
    return Result(Kind.CMS if match[1].upper() == "CMS" else Kind.CME, code=code, text=line)


def reference_of(line: str) -> str | None:
    """The message reference in "+CMGS: <mr>[,<scts or ackpdu>]", modulo 256 (Huawei CDMA counts further)."""
    number = line.partition(":")[2].partition(",")[0].strip()
    return str(int(number) % 256) if number.isascii() and number.isdecimal() and len(number) <= 9 else None
