"""A telephone modem on a serial port: commands of the Hayes kind, dialling, carrier, the escape to command mode.

ITU-T V.250 for commands and result codes. What it dials is looked up among the street's telephone lines; a line that is
in use is BUSY. A pty has no DTR: the client's close stands for it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

from hwsim.ends import InProcessEnd, PtyEnd, SocketEnd, end_of
from hwsim.faults import FaultError, Rule, flag, number, read, whole, words

if TYPE_CHECKING:
    from hwsim.tap_call import Call

LINE_OCTETS_MAX = 256
BITS = 10  # of an octet on the line: start, seven, parity, stop
NO_ANSWER_S, NO_DIALTONE_S, PAUSE_S = 30.0, 2.0, 2.0
NUMERIC = {
    "OK": 0, "CONNECT": 1, "RING": 2, "NO CARRIER": 3, "ERROR": 4, "CONNECT 1200": 5, "NO DIALTONE": 6, "BUSY": 7,
    "NO ANSWER": 8, "CONNECT 2400": 10, "CONNECT 4800": 11, "CONNECT 9600": 12,
}  # fmt: skip
RESULTS = ("BUSY", "NO CARRIER", "NO DIALTONE", "NO ANSWER", "ERROR", "VOICE", "silence")
_TOKEN = re.compile(r"D(?P<dial>.*)|S(?P<register>\d+)(?P<set>=\d*|\?)|[&%\\]?[A-Z]\d*|\+[A-Z]+(=[^;]*|\?)?;?")


def _result(value: object) -> str:
    if value not in RESULTS:
        raise FaultError(f"'result' is one of {', '.join(RESULTS)}, not {value!r}")
    return str(value)


DIAL_KINDS: dict[str, dict[str, Callable[[object], Any]]] = {
    "dial": {"result": _result, "seconds": number},
    "connect_slow": {"seconds": number},
    "connect_text": {"text": words},
    "connect_noise": {"octets": whole},
    "carrier_lost": {"seconds": number},
}


class PhoneLine(Protocol):
    """A telephone number that somebody answers."""

    def answer(self) -> Call | None:
        """A call, None if the line is engaged."""


class Mode(Enum):
    """What octets from the client mean."""

    COMMAND = "command"
    DIALLING = "dialling"
    ONLINE = "online"
    ESCAPED = "online, in command mode"


@dataclass(slots=True)
class DialSettings:
    """How the telephone and the modem behave."""

    dial_s: float = 1.0  # from the last digit to CONNECT or BUSY
    speed: int = 1200  # bits per second, told with CONNECT
    paced: bool = False  # octets really take their time at that speed
    dialtone: bool = True


class DialUp:
    """One modem, its port, and its telephone line. All waiting is the loop's."""

    def __init__(
        self, name: str, end: str, loop: asyncio.AbstractEventLoop, dice: Random,
        directory: Callable[[str], PhoneLine | None], book: Callable[..., None],
    ) -> None:  # fmt: skip
        self.name = name
        self.loop = loop
        self.dice = dice
        self.output: Callable[[bytes], None] = lambda _: None
        self.settings = DialSettings()
        self.rules: list[Rule] = []
        self.mode = Mode.COMMAND
        self.dialled = 0
        self.end: PtyEnd | SocketEnd | InProcessEnd = end_of(self, end)
        self._directory = directory
        self._book = book
        self._call: Call | None = None
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._typed = bytearray()
        self._last_line = ""
        self._pluses = 0
        self._last_at = float("-inf")
        self._free_at = {"in": 0.0, "out": 0.0}
        self._factory()

    def _factory(self) -> None:
        self.echo, self.verbose, self.quiet, self.extended, self.dtr = True, True, False, 4, 2
        self.registers = {0: 0, 2: 43, 3: 13, 4: 10, 6: 2, 7: 50, 8: 2, 10: 14, 12: 50}

    def _after(self, name: str, delay_s: float | None, act: Callable[..., None], *args: object) -> None:
        previous = self._timers.pop(name, None)
        if previous:
            previous.cancel()
        if delay_s is not None:
            self._timers[name] = self.loop.call_later(delay_s, act, *args)

    # The port

    def receive(self, data: bytes) -> None:
        """Octets from the client."""
        if self.online:
            self._online(data)
            return
        for at, octet in enumerate(data, 1):
            if self.mode is Mode.DIALLING:
                self._after("dial", None, self._say)
                self.mode = Mode.COMMAND
                self._say("NO CARRIER")  # any character gives the attempt up (V.250 5.6.1)
                return
            if self._type(octet & 0x7F):
                self._online(data[at:])
                return

    @property
    def online(self) -> bool:
        """Octets go over the telephone."""
        return self.mode is Mode.ONLINE

    def closed(self) -> None:
        """The client closed the port: DTR falls."""
        self._typed.clear()
        if self.dtr:
            self._after("dial", None, self._say)
            self._hang_up()
            self.mode = Mode.COMMAND

    def _type(self, octet: int) -> bool:
        """One character of a command line; True if what follows goes over the telephone."""
        if self.echo:
            self.output(bytes([octet]))
        if octet == self.registers[3]:
            line, self._typed = self._typed.decode("latin-1"), bytearray()
            self._command(line.strip())
        elif octet in {8, 127}:
            del self._typed[-1:]
        elif octet >= 0x20 and len(self._typed) < LINE_OCTETS_MAX:
            self._typed.append(octet)
            if self._typed.upper() == b"A/":
                self._typed.clear()
                self._command(self._last_line)
        return self.online

    def _say(self, result: str) -> None:
        if self.quiet:
            return
        if self.verbose:
            self.output(f"\r\n{result}\r\n".encode())
        else:
            self.output(f"{NUMERIC.get(result, 1)}\r".encode())

    # Commands

    def _command(self, line: str) -> None:
        if not line:
            return
        if line[:2].upper() != "AT":
            return  # no command: a modem says nothing
        self._last_line = line
        rest = line[2:].replace(" ", "").upper()
        while rest:
            token = _TOKEN.match(rest)
            if token is None:
                self._say("ERROR")
                return
            rest = rest[token.end() :]
            if token["dial"] is not None:
                self._dial(token["dial"])
                return
            if not self._do(token):
                return
        self._say("OK")

    def _do(self, token: re.Match[str]) -> bool:
        """One command; False if the rest of the line is not to be looked at any more."""
        text = token.group()
        if token["register"] is not None:
            return self._register(int(token["register"]), token["set"])
        name = text.rstrip("0123456789")
        value = int(text[len(name) :] or 0)
        if name in {"Z", "&F"}:
            self._hang_up()
            self._factory()
        elif name == "H":
            self._hang_up()
        elif name == "O":
            return self._back_online()
        elif name == "A":
            self._say("NO CARRIER")
            return False
        elif name == "E":
            self.echo = bool(value)
        elif name == "V":
            self.verbose = bool(value)
        elif name == "Q":
            self.quiet = bool(value)
        elif name == "X":
            self.extended = value
        elif name == "&D":
            self.dtr = value
        elif name == "I":
            self.output(b"\r\nHWSIM telephone modem\r\n")
        return True

    def _register(self, register: int, what: str) -> bool:
        if what == "?":
            self.output(f"\r\n{self.registers.get(register, 0):03d}\r\n".encode())
            return True
        value = int(what[1:] or 0)
        if value > 255:
            self._say("ERROR")
            return False
        self.registers[register] = value
        return True

    def _back_online(self) -> bool:
        if self._call is None:
            self._say("NO CARRIER")
        else:
            self.mode = Mode.ONLINE
            self._say(f"CONNECT {self.settings.speed}")
        return False

    # Dialling

    def _dial(self, written: str) -> None:
        if self._call is not None:
            self._say("ERROR")
            return
        if written.endswith(";"):
            self._say("OK")
            return
        digits = "".join([char for char in written if char.isdigit() or char == "+"])
        pause_s = written.count(",") * PAUSE_S
        self.dialled += 1
        self.mode = Mode.DIALLING
        faults = {rule.kind: rule.options for rule in self.rules if rule.strikes(digits, self.dice)}
        self._book("dialled", modem=self.name, to=digits)
        if not self.settings.dialtone and self.extended in {2, 4}:
            self._after("dial", NO_DIALTONE_S, self._failed, "NO DIALTONE")
        elif "dial" in faults:
            result = faults["dial"].get("result", "BUSY")
            seconds = faults["dial"].get("seconds", self.settings.dial_s)
            if result != "silence":
                self._after("dial", pause_s + seconds, self._failed, result)
        else:
            slow_s = faults.get("connect_slow", {}).get("seconds", 0.0)
            self._after("dial", pause_s + self.settings.dial_s + slow_s, self._through, digits, faults)

    def _failed(self, result: str) -> None:
        self.mode = Mode.COMMAND
        known = {0: {"OK", "ERROR"}, 1: {"OK", "ERROR"}, 2: {"OK", "ERROR", "NO DIALTONE"}, 3: {"OK", "ERROR", "BUSY"}}
        self._say(result if result in known.get(self.extended, {result}) else "NO CARRIER")

    def _through(self, digits: str, faults: Mapping[str, Mapping[str, Any]]) -> None:
        line = self._directory(digits)
        if line is None:
            wait_s = min(NO_ANSWER_S, float(self.registers[7]))
            result = "NO ANSWER" if wait_s == NO_ANSWER_S else "NO CARRIER"
            self._after("dial", wait_s, self._failed, result)
            return
        call = line.answer()
        if call is None:
            self._failed("BUSY")
            return
        self._call = call
        self.mode = Mode.ONLINE
        self._pluses = 0
        self._last_at = self.loop.time()
        speed = "" if self.extended == 0 else f" {self.settings.speed}"
        self._say(faults.get("connect_text", {}).get("text", f"CONNECT{speed}"))
        if "connect_noise" in faults:
            self.output(self.dice.randbytes(faults["connect_noise"].get("octets", 12)))
        if "carrier_lost" in faults:
            self._after("carrier", faults["carrier_lost"].get("seconds", 10.0), self.lose_carrier)
        call.output = self._hear
        call.hang_up = self.lose_carrier

    # Online

    def _online(self, data: bytes) -> None:
        if not data:
            return
        now = self.loop.time()
        guard_s = self.registers[12] / 50
        plus = bytes([self.registers[2]])
        quiet = now - self._last_at >= guard_s
        self._after("escape", None, self._escape)
        if data == plus * len(data) and len(data) <= 3 and (quiet or self._pluses):
            self._pluses += len(data)
            if self._pluses == 3:
                self._after("escape", guard_s, self._escape)
        else:
            self._pluses = 0
        self._last_at = now
        self._pass("out", data)

    def _escape(self) -> None:
        self._pluses = 0
        if self.mode is Mode.ONLINE:
            self.mode = Mode.ESCAPED
            self._say("OK")

    def _pass(self, way: str, data: bytes) -> None:
        """Octets over the telephone, at the speed of the line."""
        if not self.settings.paced:
            self._arrive(way, self._call, data)
            return
        size = max(1, self.settings.speed // 100)  # a tenth of a second
        for start in range(0, len(data), size):
            piece = data[start : start + size]
            begins = max(self._free_at[way], self.loop.time())
            self._free_at[way] = begins + len(piece) * BITS / self.settings.speed
            self.loop.call_at(self._free_at[way], self._arrive, way, self._call, piece)

    def _arrive(self, way: str, call: Call | None, data: bytes) -> None:
        if call is None or call is not self._call:
            return
        if way == "out":
            call.receive(data)
        elif self.mode is Mode.ONLINE:
            self.output(data)

    def _hear(self, data: bytes) -> None:
        self._pass("in", data)

    def lose_carrier(self) -> None:
        """The other side hung up, or the line broke; what is still under way arrives first."""
        late_s = max(0.0, self._free_at["in"] - self.loop.time()) if self.settings.paced else 0.0
        if late_s:
            self._after("carrier", late_s, self._carrier_lost)
        else:
            self._carrier_lost()

    def _carrier_lost(self) -> None:
        if self._call is not None:
            self._hang_up()
            self.mode = Mode.COMMAND
            self._say("NO CARRIER")

    def _hang_up(self) -> None:
        call, self._call = self._call, None
        for name in ("carrier", "escape"):
            self._after(name, None, self._escape)
        if call is not None:
            call.ended()

    def say(self, text: str) -> None:
        """A line that nobody asked for."""
        self._say(text)

    async def start(self) -> None:
        """Opens the port."""
        await self.end.start()

    async def stop(self) -> None:
        """Hangs up and closes the port."""
        self._hang_up()
        for timer in self._timers.values():
            timer.cancel()
        await self.end.stop()

    def shown(self) -> dict[str, Any]:
        """As the control API shows it."""
        return {
            "name": self.name,
            "address": self.end.address,
            "mode": self.mode.value,
            "dialled": self.dialled,
            "faults": [rule.shown() for rule in self.rules],
        }


# Faults that happen now


def _lose_carrier(dialup: DialUp, _options: dict[str, Any]) -> None:
    """The line breaks."""
    dialup.lose_carrier()


def _ring(dialup: DialUp, _options: dict[str, Any]) -> None:
    """Somebody calls; nobody answers."""
    if dialup.mode is Mode.COMMAND:
        dialup.say("RING")


def _noise(dialup: DialUp, options: dict[str, Any]) -> None:
    """Octets that nobody sent."""
    dialup.output(dialup.dice.randbytes(read("octets", whole, options.pop("octets", 8))))


def _unplug(dialup: DialUp, options: dict[str, Any]) -> None:
    """The port goes away, and comes back."""
    dialup.closed()
    dialup.end.hang_up(read("back_after_s", number, options.pop("back_after_s", 2.0)))


def _dialtone(dialup: DialUp, options: dict[str, Any]) -> None:
    """The telephone line is dead, or works again (`on`)."""
    dialup.settings.dialtone = flag(options.pop("on", False))


DIAL_MISHAPS: dict[str, Callable[[DialUp, dict[str, Any]], None]] = {
    "lose_carrier": _lose_carrier,
    "ring": _ring,
    "line_noise": _noise,
    "unplug": _unplug,
    "dialtone": _dialtone,
}
