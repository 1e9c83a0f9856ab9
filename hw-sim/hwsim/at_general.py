"""Commands about the line and the modem itself (ITU-T V.250; 3GPP TS 27.007 5, 8, 9)."""

# ruff: noqa: ARG001 - every command has the signature of the register

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from hwsim.at_line import READ, RUN, SET, TEST, Request
from hwsim.commands import ERROR, OK, REGISTRY, Final, cme, command, given, handler, whole
from hwsim.text_mode import TIME, time_text

if TYPE_CHECKING:
    from hwsim.modem import Modem


@command("E", "V", "Q")
def switch(modem: Modem, request: Request) -> Final:
    """ATE, ATV, ATQ: 0 or 1, 0 if left out (V.250 6.2.4-6.2.6)."""
    if request.args not in {"", "0", "1"}:
        return ERROR
    on = request.args == "1"
    name = {"E": "echo", "V": "verbose", "Q": "quiet"}[request.name]
    setattr(modem.settings, name, on)
    return OK


@command("Z", "&F")
def profile(modem: Modem, request: Request) -> Final:
    """ATZ the stored profile, AT&F the factory's; there is one of each."""
    if request.args not in {"", "0"}:
        return ERROR
    modem.restore_profile(factory=request.name == "&F")
    return OK


@command("&W")
def store_profile(modem: Modem, request: Request) -> Final:
    """Keeps echo, V, Q and CMEE for ATZ; what +CSAS kept stays."""
    if request.args not in {"", "0"}:
        return ERROR
    kept = modem.stored_profile
    modem.stored_profile = replace(
        modem.settings, registers=dict(modem.settings.registers), csmp=kept.csmp, broadcasts=kept.broadcasts
    )
    return OK


@command("&D")
def terminal_ready(modem: Modem, request: Request) -> Final:
    """What a DTR that falls means: with 2 it ends calls. A pty has no DTR; closing it counts."""
    if request.args not in {"", "0", "1", "2"}:
        return ERROR
    modem.settings.plain["&D"] = request.args or "0"
    return OK


# Up to which value they go; V.250 6.2.8, 6.3.13 and 6.3.14, and for those it does not have what is in use.
_ACCEPTED = {"X": 4, "L": 3, "M": 3, "T": 0, "P": 0, "B": 99, "&C": 2, "&K": 6, "&S": 2, "&Q": 6, "&V": 1, "&Y": 1}


@command(*_ACCEPTED)
def accepted(modem: Modem, request: Request) -> Final:
    """Line settings without an effect here."""
    return OK if len(request.args) < 4 and int(request.args or 0) <= _ACCEPTED[request.name] else ERROR


@command("O")
def online(modem: Modem, request: Request) -> Final:
    """ATO: there is no data call to return to (V.250 6.3.7)."""
    return Final("NO CARRIER")


_IRA, _OCTET = range(128), range(256)
_REGISTERS = {3: _IRA, 4: _IRA, 5: _IRA, 7: range(1, 256), 8: range(1, 256), 10: range(1, 255)}


@command("S")
def register(modem: Modem, request: Request) -> Final:
    """S registers: read and set. S3 ends lines, S4 follows it in answers, S5 takes a character back."""
    registers = modem.settings.registers
    if request.form == READ:
        asked = int(request.args[:4])
        if asked not in registers:
            return ERROR
        modem.info(f"{registers[asked]:03d}")
        return OK
    number, _, value = request.args.partition(",")
    if not number or not value or len(number) > 3 or len(value) > 3:
        return ERROR  # V.250 5.3.2 leaves open what a missing value does
    wanted = int(value)
    if int(number) not in registers or wanted not in _REGISTERS.get(int(number), _OCTET):
        return ERROR
    registers[int(number)] = wanted
    return OK


@command("I")
def identify(modem: Modem, request: Request) -> Final:
    """ATI: maker, model, revision."""
    kind = modem.personality
    for line in (kind.maker, kind.model, kind.revision):
        modem.info(line)
    return OK


@command("+CGMI", "+GMI", "+CGMM", "+GMM", "+CGMR", "+GMR", "+CGSN", "+GSN")
def identity(modem: Modem, request: Request) -> Final:
    """Maker, model, revision, serial number (27.007 5.1-5.4)."""
    if request.form == TEST:
        return OK
    if request.form == READ:
        return ERROR
    kind = modem.personality
    if request.form == SET and request.name == "+CGSN":
        return _serial(modem, request)
    text = {"I": kind.maker, "M": kind.model, "R": kind.revision, "N": modem.imei}[request.name[-1]]
    if not text:
        return ERROR
    modem.info(text)
    return OK


def _serial(modem: Modem, request: Request) -> Final:
    """<snt> 0 the serial number, 1 the IMEI, 2 with its software version, 3 that version (27.007 5.4)."""
    version = "01"
    try:
        kind = whole(request.args, range(4))
    except ValueError:
        return cme(50)
    shown = (modem.imei, f'+CGSN: "{modem.imei}"', f'+CGSN: "{modem.imei[:14]}{version}"', f'+CGSN: "{version}"')
    modem.info(shown[kind])
    return OK


@command("+CMEE")
def error_form(modem: Modem, request: Request) -> Final:
    """27.007 9.1."""
    if request.form == TEST:
        modem.info("+CMEE: (0,1,2)")
    elif request.form == READ:
        modem.info(f"+CMEE: {modem.settings.cmee}")
    else:
        try:
            modem.settings.cmee = whole(given(modem, request, modem.settings.cmee), (0, 1, 2))
        except ValueError:
            return cme(50)
    return OK


@command("+CSCS")
def charset(modem: Modem, request: Request) -> Final:
    """Character set of text parameters (27.007 5.5)."""
    if request.form == TEST:
        names = ",".join(f'"{name}"' for name in modem.personality.charsets)
        modem.info(f"+CSCS: ({names})")
    elif request.form == READ:
        modem.info(f'+CSCS: "{modem.settings.charset}"')
    else:
        wanted = given(modem, request, modem.settings.charset, modem.personality.charsets[0]).upper()
        if wanted not in modem.personality.charsets:
            return cme(50)
        modem.settings.charset = wanted
    return OK


@command("+CFUN")
def functionality(modem: Modem, request: Request) -> Final:
    """Radio off, on, or a reset (27.007 8.2)."""
    if request.form == TEST:
        modem.info("+CFUN: (0,1,4),(0,1)")
        return OK
    if request.form == READ:
        modem.info(f"+CFUN: {modem.radio.functionality}")
        return OK
    try:
        values = request.values()
        level = whole(given(modem, request, modem.radio.functionality, 1), (0, 1, 4))
        restart = whole(values[1], (0, 1)) if len(values) > 1 else 0
    except ValueError:
        return cme(50)
    if restart:
        _restart(modem)
        return OK
    if level == 1 and modem.radio.functionality != 1:
        modem.main.refused_left = modem.personality.busy_after_cfun
    modem.radio.switch(level)
    return OK


def _restart(modem: Modem) -> None:
    modem.pending_reenumeration_s = modem.personality.reset_reenumerates_s
    # The OK goes out before the lights do.
    modem.loop.call_soon(modem.reset)


@command("+CCLK")
def clock(modem: Modem, request: Request) -> Final:
    """The network's time, whatever was set (27.007 8.15)."""
    if request.form in {SET, RUN} and not TIME.fullmatch(request.args):
        return cme(50)
    if request.form == READ:
        now = modem.network.wall() + modem.network.settings.scts_skew_s
        modem.info(f"+CCLK: {time_text(now, modem.network.settings.zone_quarters)}")
    return OK


@command("+CLAC")
def list_commands(modem: Modem, request: Request) -> Final:
    """All extended commands (27.007 8.37)."""
    if request.form == RUN:
        known = [name for name in sorted(REGISTRY) if name[0] == "+" and handler(modem.personality, name)]
        head = modem.personality.head if modem.settings.verbose else b""
        modem.write(b"".join([head + b"AT" + name.encode() + modem.personality.clac_end for name in known]))
    return OK


@command("+GCAP")
def capabilities(modem: Modem, request: Request) -> Final:
    """V.250 6.1.9."""
    if request.form == RUN:
        modem.info("+GCAP: +CGSM,+DS,+ES")
    return OK


_RANGE = re.compile(r"\(([0-9,-]*)\)")
_KEPT = {
    "+CTZU": ("(0,1)", "0"),
    "+CTZR": ("(0,1)", "0"),
    "+CMUT": ("(0,1)", "0"),
    "+CLVL": ("(0-7)", "4"),
    "+FCLASS": ("(0)", "0"),
    "+IPR": ("(),(0,9600,19200,38400,57600,115200)", "115200"),
    "+ICF": ("(3),(0,1)", "3,1"),
    "+IFC": ("(0-2),(0-2)", "2,2"),
    "+CGATT": ("(0,1)", "1"),
    "+WS46": ("(12,22,25,28,29)", "25"),
    "+CMOD": ("(0)", "0"),
    "+CSTA": ("(129,145)", "129"),
    "+CRC": ("(0,1)", "0"),
    "+COLP": ("(0,1)", "0"),
    "+CCWA": ("(0,1)", "0"),
    "+CGEREP": ("(0-2),(0,1)", "0,0"),
    "+CMER": ("(0-3),(0),(0),(0-2),(0,1)", "0,0,0,0,0"),
    "+CGDCONT": ("", '1,"IP","internet","0.0.0.0",0,0'),
    "+CPWROFF": ("", ""),
}


_SHOWN = {"+CGDCONT": '(1-16),"IP",,,(0-2),(0-4)'}  # strings among its parameters: any will do


@command(*_KEPT)
def kept(modem: Modem, request: Request) -> Final:
    """Settings that are kept and shown and mean nothing to SMS."""
    test, default = _KEPT[request.name]
    if request.form == TEST:
        modem.info(f"{request.name}: {_SHOWN.get(request.name, test)}")
    elif request.form == READ:
        value = modem.settings.plain.get(request.name, default)
        modem.info(value if request.name == "+FCLASS" else f"{request.name}: {value}")
    elif request.form == SET:
        if modem.personality.strict_types and not _within(request.values(), test):
            return cme(50) if request.name.startswith("+C") else ERROR
        modem.settings.plain[request.name] = request.args
    return OK


def _within(values: list[str], test: str) -> bool:
    """Each value is among those that the test command names; of an empty list, or one in words, nothing is known."""
    ranges = [found[1] for found in _RANGE.finditer(test)]
    if ranges and not ranges[0]:
        ranges = ranges[1:]  # +IPR: rates that are found by themselves come first
    if not ranges:
        return True
    return len(values) <= len(ranges) and all(
        not value or any(_among(value, piece) for piece in allowed.split(","))
        for value, allowed in zip(values, ranges, strict=False)
    )


def _among(value: str, piece: str) -> bool:
    first, _, last = piece.partition("-")
    return len(value) < 9 and value.isascii() and value.isdigit() and int(first) <= int(value) <= int(last or first)
