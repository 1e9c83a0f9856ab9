"""USSD (3GPP TS 27.007 7.15, TS 22.090): a code such as *100# is sent, the network answers with a sentence.

The answer may come before the OK, or as a URC seconds later, and may be broken into lines. Its letters are plain,
packed septets in hex (Huawei), or UCS-2 in hex, and <dcs> is not always right about it. A session that the network
keeps open for another question is released: nobody will ask one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from gatewayd.text import gsm7_septets, gsm7_text
from gatewayd.wire.at import Command, Kind, Result
from gatewayd.wire.modem_profile import Profile, number
from gatewayd.wire.modem_steps import Dialogue
from gatewayd.wire.septets import pack, unpack

LINES_MAX = 12
DCS = 15  # GSM 7-bit, language unspecified (3GPP TS 23.038 section 5)
RELEASE = "AT+CUSD=2"

Meaning = Literal["over", "asks", "ended", "elsewhere", "unsupported", "silent", "unknown"]
_MEANINGS: dict[int, Meaning] = {0: "over", 1: "asks", 2: "ended", 3: "elsewhere", 4: "unsupported", 5: "silent"}
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_PREFIX = "+CUSD:"


@dataclass(frozen=True, slots=True)
class Answer:
    """`text` "" : the network said nothing. `meaning`: "asks" leaves the session open."""

    meaning: Meaning
    text: str = ""


@dataclass(slots=True)
class Listener:
    """Puts the lines of an answer together. `hear` wants every line that answers nothing else."""

    _lines: list[str] = field(default_factory=list)

    def hear(self, line: str) -> Answer | None:
        """The answer, with the line that completes it."""
        if line.upper().startswith(_PREFIX):
            self._lines = [line]
        elif self._lines:
            self._lines.append(line)
        else:
            return None
        whole = "\n".join(self._lines)
        if whole.count('"') % 2 and len(self._lines) < LINES_MAX:
            return None  # a sentence with line ends in it
        self._lines = []
        return read_answer(whole)

    def forget(self) -> None:
        self._lines = []


def ask(profile: Profile, code: str) -> Dialogue[Answer | None]:
    """Send the code. None: taken, and the answer comes by itself. An Answer when it was given, or refused, at once."""
    packed = _packed(code)
    plain = f'AT+CUSD=1,"{code}",{DCS}'
    forms = [f'AT+CUSD=1,"{packed}",{DCS}', plain] if profile.vendor == "huawei" else [plain, f'AT+CUSD=1,"{code}"']
    result = Result(Kind.ERROR)
    for form in forms:
        result = yield Command(form, timeout_s=20.0, prefix=(_PREFIX,), bare=True)
        if result.ok or result.kind is Kind.TIMEOUT:
            break
    listener = Listener()
    for line in result.lines:
        if (answer := listener.hear(line)) is not None:
            return answer
    if result.ok:
        return None
    return Answer("silent" if result.kind is Kind.TIMEOUT else "unsupported")


def release() -> Dialogue[None]:
    """End the session, whatever it is; a modem that has none may say ERROR."""
    yield Command(RELEASE)


def read_answer(whole: str) -> Answer:
    """`+CUSD: <m>[,<str>,<dcs>]`, with the commas and line ends that a sentence may have."""
    rest = whole.partition(":")[2].strip()
    head, _, tail = rest.partition(",")
    kind = number(head.strip())
    meaning: Meaning = "unknown" if kind is None else _MEANINGS.get(kind, "unknown")
    first, last = tail.find('"'), tail.rfind('"')
    if 0 <= first < last:
        said, after = tail[first + 1 : last], tail[last + 1 :]
    else:  # without quotes
        said, _, after = tail.rpartition(",") if tail.rpartition(",")[1] else (tail, "", "")
    coding = number(after.strip(", \n"))
    return Answer(meaning, _words(said, coding))


def _words(said: str, coding: int | None) -> str:
    """The sentence. What looks like hex is decoded in the way that makes words of it."""
    if _HEX.fullmatch(said) is None or len(said) < 8 or (said.isdecimal() and len(said) < 16):
        return said.strip()  # a short number is a sum, not hex
    octets = bytes.fromhex(said)
    wide = _utf16(octets)
    seven = gsm7_text(unpack(octets, len(octets) * 8 // 7)).rstrip("\r@\0")
    wanted = (wide, seven) if coding is not None and _ucs2(coding) else (seven, wide)
    for words in (*wanted, octets.decode("latin-1")):
        if words and _legible(words):
            return words.strip()
    return said


def _ucs2(coding: int) -> bool:
    """By the coding groups of cell broadcast, which USSD uses (TS 23.038 section 5)."""
    return coding == 0x11 or (coding >> 6 == 0x1 and coding & 0x0C == 0x08)


def _utf16(octets: bytes) -> str:
    if len(octets) % 2:
        return ""
    try:
        return octets.decode("utf-16-be")
    except UnicodeDecodeError:
        return ""


def _legible(words: str) -> bool:
    """Letters that belong together, or a plain sum; no salad of alphabets."""
    plain = sum(sign.isalnum() or sign in " .,:;!?/-+*#()\n\r%'$£€" for sign in words)
    narrow = sum(ord(sign) < 0x0500 for sign in words)
    return plain >= 0.8 * len(words) and narrow >= 0.9 * len(words)


def _packed(code: str) -> str:
    septets = gsm7_septets(code)
    assert septets is not None, "the settings allow digits, * and # only"
    return pack(septets).hex().upper()
