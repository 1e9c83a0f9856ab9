"""A dialled call: the modem's commands and results around a `TapCall` (V.250; what modems really do).

    IDLE -start-> INIT -OK-> RESTING -> ... -> DIALLING -CONNECT-> ONLINE -> CARRIER -> ESCAPED -> HANGING -> DOWN
                    the init strings             ATDT                the call   its end    +++        ATH
                    one silent or "0": ATQ0V1
                                                   | no result in time
                                                   +-> ABORTING -> HANGING

In ONLINE every octet belongs to the call, except that a line "NO CARRIER" is the modem's: from then on nothing of the
call may be written, for the modem would read it as commands. A modem that does not answer a command, or by a number,
may be as it was stored (Q1, V0): it is told to speak, and the command counts as done. If it does not answer then either
it may still be online since a crash: once, it is called back with +++ and hung up.

Whatever the modem says instead of CONNECT, nothing was sent: the call fails, and each of its pages is deferred.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Literal

from gatewayd.wire import tap
from gatewayd.wire.tap_codes import Verdict

LINE_OCTETS_MAX = 256
SPEAK = "ATQ0V1"
SPEAK_WAIT_S = 2.0
BUSY_S = 10.0  # a line answered, and is free soon; who calls doubles it each time, as exchanges and modems want

_NUMBER = re.compile(r"[0-9A-DTPW*#,@!() -]{1,40}", re.IGNORECASE)
_COMMAND = re.compile(r"AT[ -~]{0,60}", re.IGNORECASE)
_CONNECT = re.compile(r"CONNECT(?: +(\d{2,7}))?(?:[ /].*)?")
_UNPRINTABLE = re.compile(rb"[^ -~]")
_CARRIER_LOST = re.compile(rb"(?:^|[^ -~])NO CARRIER$")


@dataclass(frozen=True, slots=True)
class DialSettings:
    """The line to one bureau. `number` as the modem dials it, with pauses (",") and what the exchange wants."""

    number: str = field(repr=False)
    init: tuple[str, ...] = ("ATZ", "ATE0V1Q0")
    dial: str = "ATDT"
    hang_up: Literal["escape", "dtr"] = "escape"  # "dtr": the caller can drop DTR, and AT&D2 is set
    answer_wait_s: float = 5.0  # for OK
    rest_s: float = 0.5  # between OK and the next command; some need it after ATZ
    connect_wait_s: float = 60.0
    carrier_wait_s: float = 3.0  # for the other end to hang up first
    guard_s: float = 1.1  # silence on both sides of +++

    def __post_init__(self) -> None:
        """Refuse what would be read as further commands; the number is not repeated. It says the operator's keys."""
        if not _NUMBER.fullmatch(self.number):
            raise ValueError("dial: 1 to 40 digits and signs for dialling")
        if not all(_COMMAND.fullmatch(command) for command in (*self.init, self.dial)):
            raise ValueError("init and dial_command: printable commands that begin with AT")
        waits = (self.answer_wait_s, self.connect_wait_s, self.carrier_wait_s, self.guard_s)
        if min(waits) <= 0 or self.rest_s < 0:
            raise ValueError("every wait is longer than 0 s")


class Phase(Enum):
    IDLE = "idle"
    INIT = "init"
    RESTING = "resting"
    DIALLING = "dialling"
    ABORTING = "aborting"
    ONLINE = "online"
    CARRIER = "carrier"
    ESCAPED = "escaped"
    HANGING = "hanging"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Connected:
    """The modems hear each other; `line_bps` as the modem tells it, 0 when it does not."""

    line_bps: int


@dataclass(frozen=True, slots=True)
class DropDtr:
    """The caller is to drop DTR now, and to raise it again after `Down`."""


@dataclass(frozen=True, slots=True)
class Down:
    """The line is free. Not `clean`: the modem did not say so; close the port and drop DTR."""

    clean: bool


Event = Connected | DropDtr | Down | tap.Event


def _no(reason: str, code: str, after_s: float, trouble: Literal["line", "modem", "bureau"]) -> Verdict:
    return Verdict("deferred", reason, code, "channel", after_s, trouble)


RESULTS: dict[str, Verdict] = {
    "BUSY": _no("the bureau is engaged (BUSY); if it always is, look at dial", "busy", BUSY_S, "bureau"),
    "NO ANSWER": _no("the bureau does not answer (NO ANSWER): look at dial", "no answer", 60.0, "bureau"),
    "NO CARRIER": _no("no modem answered the call (NO CARRIER): look at dial", "no carrier", 30.0, "bureau"),
    "VOICE": _no("a voice answered (VOICE): look at dial", "voice", 900.0, "bureau"),
    "NO DIALTONE": _no("no dial tone (NO DIALTONE): look at line and dial_command", "no dial tone", 120.0, "line"),
    "NO DIAL TONE": _no("no dial tone (NO DIAL TONE): look at line and dial_command", "no dial tone", 120.0, "line"),
    "ERROR": _no("the modem refuses to dial (ERROR): look at dial_command and dial", "error", 60.0, "modem"),
    "DELAYED": _no("the modem does not dial again yet (DELAYED); look at dial", "delayed", 300.0, "modem"),
    "BLACKLISTED": _no("the number is barred in the modem (BLACKLISTED): look at dial", "blacklisted", 1800.0, "modem"),
}
_BARRED = re.compile(r"(DELAYED|BLACKLISTED) ((?:\d{1,2}:)?\d{1,2}:\d{2})")  # a number that failed lately, and how long
_BARRED_S_MAX = 1800.0
_NO_RESULT = _no("no result of dialling: look at dial and connect_wait_s", "dial timeout", 60.0, "line")
_MODEM_SILENT = _no("the modem does not answer", "modem silent", 30.0, "modem")
_MODEM_REFUSES = _no("", "init", 300.0, "modem")
_MODEM_NUMERIC = _no("the modem answers 0 and not OK: look at init and its switches", "modem numeric", 300.0, "modem")
_PORT_GONE = _no("the port is gone", "port", 5.0, "modem")


def verdict_of(result: str) -> Verdict | None:
    """None: it is no end of dialling. DELAYED may say hours, minutes and seconds, BLACKLISTED hours and minutes."""
    barred = _BARRED.fullmatch(result)
    if barred is None:
        return RESULTS.get(result)
    word, told = barred.groups()
    hours, minutes, seconds = (int(one) for one in [*told.split(":"), "0"][:3])
    verdict = RESULTS[word]
    until_s = 3600.0 * hours + 60 * minutes + seconds
    words = verdict.reason.replace(f"({word})", f"({word} {told})")
    return replace(verdict, reason=words, after_s=min(max(until_s, BUSY_S), _BARRED_S_MAX))


class DialUp:
    """See the module. The same verbs as `TapCall`, which it runs; `now` is monotonic seconds."""

    def __init__(self, settings: DialSettings, call: tap.TapCall) -> None:
        self.phase = Phase.IDLE
        self.call = call
        self._settings = settings
        self._now = 0.0
        self._deadline: float | None = None
        self._out = bytearray()
        self._line = bytearray()
        self._events: list[Event] = []
        self._commands_done = 0
        self._speaking = False  # it has been told to answer, and to do so in words
        self._called_back = False  # the modem was hung up before the first command was answered

    # -- what the caller says ------------------------------------------------------------------------------------

    def start(self, now: float) -> None:
        """The port is open."""
        assert self.phase is Phase.IDLE, self.phase
        self._now = now
        self._next_command()

    def decide(self, key: str, *, go: bool, now: float) -> bool:
        """As `TapCall.decide`."""
        self._now = now
        went = self.call.decide(key, go=go, now=now)
        self._look_at_call()
        return went

    def stop(self, now: float) -> None:
        """End in order, and soon."""
        self._now = now
        self.call.stop(now)
        if self.phase in {Phase.IDLE, Phase.INIT, Phase.RESTING}:
            self._down(clean=self.phase is not Phase.INIT)
        elif self.phase is Phase.DIALLING:
            self._abort()
        self._look_at_call()

    def lost(self, now: float, *, unsent_octets: int = 0) -> None:
        """The port is gone. `unsent_octets`: how many of ours certainly never left."""
        self._now = now
        if self.phase is Phase.ONLINE:
            self.call.lost(now, unsent_octets=unsent_octets)
        else:
            self.call.fail(_PORT_GONE, now)
        self._down(clean=False)

    def data_to_send(self) -> bytes:
        if self.phase is Phase.ONLINE:
            return self.call.data_to_send()
        data = bytes(self._out)
        self._out.clear()
        return data

    def events(self) -> list[Event]:
        """Everything that happened since the last call, in order."""
        self._gather()
        events, self._events = self._events, []
        return events

    # -- time ----------------------------------------------------------------------------------------------------

    def next_deadline(self) -> float | None:
        return self.call.next_deadline() if self.phase is Phase.ONLINE else self._deadline

    def on_deadline(self, now: float) -> None:
        self._now = now
        if self.phase is Phase.ONLINE:
            self.call.on_deadline(now)
            self._look_at_call()
        elif self._deadline is not None and now >= self._deadline:
            self._late()

    def _late(self) -> None:
        match self.phase:
            case Phase.RESTING:
                self._next_command()
            case Phase.INIT if not self._speaking:
                self._speak()
            case Phase.INIT if not self._commands_done and not self._called_back:
                self._called_back = True
                self._escape()
            case Phase.INIT:
                self._fail(_MODEM_SILENT)
                self._down(clean=False)
            case Phase.DIALLING:
                self._fail(_NO_RESULT)
                self._abort()
            case Phase.CARRIER if self._settings.hang_up == "dtr":
                self._down(clean=False)
            case Phase.CARRIER:
                self._escape()
            case Phase.ABORTING | Phase.ESCAPED:
                self._hang_up()
            case Phase.HANGING:
                self._hung_up(clean=False)

    # -- what the modem says -------------------------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> None:
        """Take octets in any portions; what follows depends only on what was written between them."""
        self._now = now
        start = 0
        for at, octet in enumerate(data, 1):
            code = octet & 0x7F
            if code not in b"\r\n":
                if code and len(self._line) < LINE_OCTETS_MAX:
                    self._line.append(code)
                continue
            line = bytes(self._line)
            self._line.clear()
            if self.phase is not Phase.ONLINE:
                start = at
                self._modem_line(_UNPRINTABLE.sub(b"", line).decode("ascii"))
            elif _CARRIER_LOST.search(line):
                self.call.receive(data[start:at], now)
                self.call.lost(now)
                self._down(clean=True)
                start = at
        if self.phase is Phase.ONLINE:
            self.call.receive(data[start:], now)
            self._look_at_call()

    def _modem_line(self, line: str) -> None:
        result = " ".join(line.upper().split())
        match self.phase:
            case Phase.INIT if result == "0" and self._speaking:
                self._fail(_MODEM_NUMERIC)
                self._down(clean=True)
            case Phase.INIT if result == "0":
                self._speak()
            case Phase.INIT if result == "OK" or (self._speaking and result == "ERROR"):
                self._commands_done += 1
                self._pass_to(Phase.RESTING, self._settings.rest_s)
            case Phase.INIT if result in {"ERROR", "4"}:
                refused = self._settings.init[self._commands_done]
                self._fail(replace(_MODEM_REFUSES, reason=f"the modem answers ERROR to {refused}: look at init"))
                self._down(clean=True)
            case Phase.DIALLING:
                self._dial_result(result)
            case Phase.ABORTING if _CONNECT.fullmatch(result):
                self._pass_to(Phase.CARRIER, self._settings.carrier_wait_s)  # it has just got through
            case Phase.ABORTING if verdict_of(result) or result == "OK":
                self._hang_up()
            case Phase.CARRIER if result in {"NO CARRIER", "OK"}:
                self._down(clean=True)
            case Phase.ESCAPED if result in {"NO CARRIER", "OK", "ERROR"}:
                self._hang_up()
            case Phase.HANGING if result in {"NO CARRIER", "OK", "ERROR"}:
                self._hung_up(clean=True)

    def _dial_result(self, result: str) -> None:
        if match := _CONNECT.fullmatch(result):
            line_bps = int(match[1]) if match[1] else 300 if result == "CONNECT" else 0
            self._pass_to(Phase.ONLINE, None)
            self._events.append(Connected(line_bps))
            self.call.start(self._now, line_bps=line_bps)
        elif (verdict := verdict_of(result)) is not None:
            self._fail(verdict)
            self._down(clean=True)

    # -- steps ---------------------------------------------------------------------------------------------------

    def _pass_to(self, phase: Phase, wait_s: float | None) -> None:
        self.phase = phase
        self._deadline = None if wait_s is None else self._now + wait_s

    def _write(self, command: str, phase: Phase, wait_s: float) -> None:
        self._out += command.encode("ascii")
        self._pass_to(phase, wait_s)

    def _speak(self) -> None:
        self._speaking = True
        self._write(SPEAK + "\r", Phase.INIT, SPEAK_WAIT_S)

    def _next_command(self) -> None:
        settings = self._settings
        self._speaking = False
        if self._commands_done < len(settings.init):
            self._write(settings.init[self._commands_done] + "\r", Phase.INIT, settings.answer_wait_s)
        else:
            self._write(settings.dial + settings.number + "\r", Phase.DIALLING, settings.connect_wait_s)

    def _abort(self) -> None:
        """Any octet ends dialling."""
        self._write("\r", Phase.ABORTING, self._settings.answer_wait_s)

    def _look_at_call(self) -> None:
        """When the call is over, let the other end hang up first; silence meanwhile is the guard before +++."""
        if self.phase is not Phase.ONLINE or self.call.phase is not tap.Phase.OVER:
            return
        self._gather()
        if self._settings.hang_up == "dtr":
            self._events.append(DropDtr())
            self._pass_to(Phase.CARRIER, self._settings.answer_wait_s)
        else:
            self._pass_to(Phase.CARRIER, max(self._settings.carrier_wait_s, self._settings.guard_s))

    def _escape(self) -> None:
        self._write("+++", Phase.ESCAPED, self._settings.guard_s + self._settings.answer_wait_s)

    def _hang_up(self) -> None:
        self._write("ATH\r", Phase.HANGING, self._settings.answer_wait_s)

    def _hung_up(self, *, clean: bool) -> None:
        if self._called_back and self.call.phase is tap.Phase.IDLE:
            self._next_command()  # and now from the beginning
        else:
            self._down(clean=clean)

    def _fail(self, verdict: Verdict) -> None:
        self.call.fail(verdict, self._now)
        self._gather()

    def _down(self, *, clean: bool) -> None:
        if self.phase is not Phase.DOWN:
            self._gather()
            self._events.append(Down(clean))
            self._out.clear()
            self._pass_to(Phase.DOWN, None)

    def _gather(self) -> None:
        self._events += self.call.events()
