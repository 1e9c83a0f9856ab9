"""Commands about the network and about calls (3GPP TS 27.007 6, 7, 8.5)."""

# ruff: noqa: ARG001 - every command has the signature of the register

from __future__ import annotations

from typing import TYPE_CHECKING

from hwsim.at_line import READ, RUN, TEST, Request
from hwsim.at_ussd import ask, is_code
from hwsim.commands import ERROR, OK, Final, cme, command, given, whole
from hwsim.radio import LTE, REGISTERED, RSSI_UNKNOWN
from hwsim.text_mode import coded, uncoded
from hwsim.voice import kind_of_number

if TYPE_CHECKING:
    from hwsim.modem import Modem

OPERATOR_LONG, OPERATOR_SHORT, OPERATOR_CODE = "Street Mobile", "Street", "23499"
_OPERATOR = (OPERATOR_LONG, OPERATOR_SHORT, OPERATOR_CODE)  # by <format>
NUMERIC, FORMAT_ALONE = 2, 3  # of <format>; of <mode>: nothing but <format> is set
SCAN_S = 20.0
SELECT_S = 8.0


@command("+CREG", "+CGREG", "+CEREG")
def registration(modem: Modem, request: Request) -> Final:
    """27.007 7.2, 10.1.20, 10.1.22."""
    settings = modem.settings.creg
    if request.form == TEST:
        modem.info(f"{request.name}: (0-2)")
    elif request.form == READ:
        wanted = settings[request.name]
        stat = modem.radio.stat_by(request.name)
        place = modem.radio.place(request.name) if wanted == 2 else ""
        modem.info(f"{request.name}: {wanted},{stat}{place}")
    else:
        try:
            settings[request.name] = whole(given(modem, request, settings[request.name]), (0, 1, 2))
        except ValueError:
            return cme(50)
    return OK


@command("+COPS")
def operator(modem: Modem, request: Request) -> Final | None:
    """Operator and its selection; a scan takes its time and blocks the port (27.007 7.3)."""
    if request.form == TEST:
        if modem.radio.functionality != 1:
            return cme(3)
        run = modem.run
        modem.loop.call_later(SCAN_S, _scanned, modem, run)
        return None
    if request.form == READ:
        mode, form = modem.radio.selection, modem.settings.cops_format
        if modem.stat() not in REGISTERED:
            modem.info(f"+COPS: {mode}")
        else:
            name = _OPERATOR[form] if form == NUMERIC else coded(modem, _OPERATOR[form])
            modem.info(f'+COPS: {mode},{form},"{name}",{modem.radio.act}')
        return OK
    values = request.values()
    try:
        mode = whole(given(modem, request, FORMAT_ALONE), (0, 1, 2, 3, 4))
        if len(values) > 1 and values[1]:
            modem.settings.cops_format = whole(values[1], (0, 1, 2))
    except ValueError:
        return cme(50)
    if mode in {1, 4}:
        return _select(modem, mode, values[2]) if len(values) > 2 and values[2] else cme(50)
    if mode != FORMAT_ALONE:
        modem.radio.selection = mode
    if mode == 2:
        modem.radio.register(0)
    elif mode == 0 and modem.radio.registration == 0:
        modem.radio.register(1)
    return OK


def _select(modem: Modem, mode: int, name: str) -> Final | None:
    """By hand: it lets go of what it has and looks for that operator. 4: if that is in vain, for any."""
    form = modem.settings.cops_format
    try:
        here = (name if form == NUMERIC else uncoded(modem, name)) == _OPERATOR[form]
    except ValueError:
        return cme(50)
    modem.radio.selection = mode
    if here and modem.stat() in {1, 5}:
        return OK
    modem.radio.register(0)
    modem.loop.call_later(SELECT_S, _selected, modem, modem.run, here)
    return None


def _selected(modem: Modem, run: int, here: bool) -> None:
    if run != modem.run:
        return
    if modem.radio.selection == 4 and not here:
        modem.radio.selection = 0
    if here or modem.radio.selection == 0:
        modem.radio.register(1)
        modem.finish_later(run, OK)
    else:
        modem.finish_later(run, cme(30))


def _scanned(modem: Modem, run: int) -> None:
    if run == modem.run:
        act = modem.radio.act
        names = f'"{coded(modem, OPERATOR_LONG)}","{coded(modem, OPERATOR_SHORT)}","{OPERATOR_CODE}"'
        modem.info(f"+COPS: (2,{names},{act}),,(0,1,2,3,4),(0,1,2)")
    modem.finish_later(run, OK)


@command("+CSQ")
def signal(modem: Modem, request: Request) -> Final:
    """27.007 8.5; 99 is unknown."""
    if request.form == TEST:
        modem.info("+CSQ: (0-31,99),(0-7,99)")
    else:
        modem.info(f"+CSQ: {modem.radio.signal()},99")
    return OK


@command("+CESQ")
def extended_signal(modem: Modem, request: Request) -> Final:
    """27.007 8.69: what is not measured is 99 or 255."""
    rssi = modem.radio.signal()
    if request.form == TEST:
        modem.info("+CESQ: (0-63,99),(0-7,99),(0-96,255),(0-49,255),(0-34,255),(0-97,255)")
    elif rssi == RSSI_UNKNOWN:
        modem.info("+CESQ: 99,99,255,255,255,255")
    elif modem.radio.act == LTE:
        modem.info(f"+CESQ: 99,99,255,255,20,{rssi * 2 + 14}")
    else:
        modem.info(f"+CESQ: {rssi * 2},99,255,255,255,255")
    return OK


@command("H", "+CHUP")
def hang_up(modem: Modem, request: Request) -> Final:
    """Ends all calls; ATH knows 0 alone (V.250 6.3.6)."""
    if request.args not in {"", "0"}:
        return ERROR
    if request.form != TEST:
        modem.voice.hang_up()
    return OK


@command("D")
def dial(modem: Modem, request: Request) -> Final:
    """A voice call is set up in a moment; a data call finds nobody. The dial string must be a number, or a question to
    the network (`ATD*100#;`)."""
    number = request.args.strip()
    voice = number.endswith(";")
    number = number.rstrip(";").replace(" ", "")
    if not number or not all(char in "0123456789*#+ABCDTPW,!" for char in number.upper()):
        return ERROR
    if is_code(number):
        return ask(modem, number)
    if not modem.registered() or not voice:
        return Final("NO CARRIER")
    modem.voice.add(number)
    return OK


@command("A")
def answer(modem: Modem, request: Request) -> Final:
    """Takes the call that rings."""
    return OK if modem.voice.answer() else Final("NO CARRIER")


@command("+CLCC")
def calls(modem: Modem, request: Request) -> Final:
    """27.007 7.18."""
    if request.form == RUN:
        caller = modem.voice.caller
        if caller:
            modem.info(f'+CLCC: 1,1,4,0,0,"{caller}",{kind_of_number(caller)}')
        for index, number in sorted(modem.voice.calls.items()):
            modem.info(f'+CLCC: {index},0,0,0,0,"{number}",{kind_of_number(number)}')
    return OK


@command("+CPAS")
def activity(modem: Modem, request: Request) -> Final:
    """27.007 8.1."""
    voice = modem.voice
    modem.info("+CPAS: (0-5)" if request.form == TEST else f"+CPAS: {4 if voice.calls else 3 if voice.caller else 0}")
    return OK


@command("+CLIP")
def caller_shown(modem: Modem, request: Request) -> Final:
    """27.007 7.6."""
    if request.form == TEST:
        modem.info("+CLIP: (0,1)")
    elif request.form == READ:
        modem.info(f"+CLIP: {modem.settings.clip},1")
    else:
        try:
            modem.settings.clip = whole(given(modem, request, modem.settings.clip), (0, 1))
        except ValueError:
            return cme(50)
    return OK
