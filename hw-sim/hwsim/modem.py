"""A modem: bytes of a command line in, bytes of an answer out (ITU-T V.250, 3GPP TS 27.005 and 27.007).

The end of the line (`ends`) calls `receive` and sets `output`. What commands do is in the `at_*` files, found by name
in `commands.REGISTRY`; a command answers at once by returning its final result, or returns None and calls
`finish_later` when it is done.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from hwsim import commands
from hwsim.arrivals import Arrivals
from hwsim.at_line import BadLine, Request, requests_of
from hwsim.commands import Final
from hwsim.faults import Rule
from hwsim.personality import Personality
from hwsim.settings import power_on, user_profile
from hwsim.sim import Sim, Slots
from hwsim.smsc import Network

LINE_BYTES_MAX = 4096
HELD_BYTES_MAX = 65536
REGISTERED = frozenset({1, 5, 6, 7})
LAST_WORDS_S = 0.3  # the OK to a restart is out before the port goes
ESC = 0x1B
_BODY_END = re.compile(rb"[\x1a\x1b]")
_NUMERIC = {"OK": "0", "CONNECT": "1", "RING": "2", "NO CARRIER": "3", "ERROR": "4", "BUSY": "7", "NO ANSWER": "8"}


@dataclass(slots=True)
class Prompt:
    """A command that waits for a body until Ctrl-Z."""

    take: Callable[[bytes], Final | None]
    text: bool


class Modem:
    """One modem with its SIM. All its time is the loop's; all its luck is the dice's."""

    def __init__(self, name: str, personality: Personality, sim: Sim | None, network: Network, dice: Random) -> None:
        self.name = name
        self.personality = personality
        self.network = network
        self.loop: asyncio.AbstractEventLoop = network.loop
        self.dice = dice
        self.sim: Sim | None = None
        self.imei = "35" + str(dice.randrange(10**12, 10**13))
        self.me = Slots(personality.me_slots, personality.index_base)
        self.sr = Slots(50, personality.index_base)
        self.settings = power_on(personality)
        self.stored_profile = power_on(personality)
        self.rules: list[Rule] = []
        self.output: Callable[[bytes], None] = lambda _: None
        self.hang_up: Callable[[float], None] = lambda _: None
        self.arrivals = Arrivals(self)
        self.functionality = 1
        self.registration = 1
        self.booting = False
        self.frozen = False
        self.mute_urcs = False
        self.stutter: tuple[int, float] | None = None  # the next output halts after so many octets for so long
        self._halting = False
        self._held_until = 0.0
        self.heard_at = 0.0  # when the last bytes were read
        self.lead_s = 0.0  # so long before its answer is due the network takes a message
        self.mr = dice.randrange(256)
        self.rssi = 20
        self.sim_busy_until = 0.0
        self.calls: dict[int, str] = {}
        self.caller: str | None = None
        self.pending_reenumeration_s: float | None = None
        self._life = 0  # timers of an earlier life do nothing
        self._run = 0  # a command that was abandoned cannot finish another one
        self._busy = False
        self._chain: deque[Request] = deque()
        self._last_line = ""
        self._line = bytearray()
        self._input = bytearray()
        self._out = bytearray()
        self._corked = False
        self._prompt: Prompt | None = None
        self._urcs: list[str] = []
        self._quiet_until = -1.0
        if sim:
            self.insert_sim(sim)
        for seconds, line in personality.chatter:
            self.loop.call_later(seconds, self._chat, seconds, line)

    # Output

    def write(self, data: bytes) -> None:
        """Bytes to the line; a frozen modem keeps them until it thaws."""
        self._out += data
        if not self._corked:
            self._flush()

    def _flush(self) -> None:
        if self._out and not self.frozen and not self._halting:
            data = bytes(self._out)
            self._out.clear()
            if self.stutter and len(data) > self.stutter[0]:
                octets, seconds = self.stutter
                self._out += data[octets:]
                data = data[:octets]
                self.stutter, self._halting = None, True
                self._in_this_life(seconds, self._go_on)
            self.output(data)
        del self._out[:-HELD_BYTES_MAX]

    def hold(self, until: float) -> None:
        """Output waits until that moment of the loop's time, and what follows counts from there."""
        self._held_until = until
        if not self._halting:
            self._halting = True
            self.loop.call_at(until, self._go_on)

    def now(self) -> float:
        """The loop's time as the line sees it: while output is held, the moment when it goes out."""
        return max(self.loop.time(), self._held_until)

    def _go_on(self) -> None:
        self._halting = False
        self._flush()

    def info(self, text: str) -> None:
        """An information text of the running command."""
        head = self.personality.head if self.settings.verbose else b""
        self.write(head + text.encode("latin-1", "replace") + b"\r\n")

    def say(self, final: Final) -> None:
        """A final result code, as V and CMEE want it; nothing after ATQ1."""
        if self.settings.quiet:
            return
        words = final.words(self.settings.cmee, self.personality.numeric_cms_always)
        if self.settings.verbose:
            self.write(self.personality.head + words.encode() + b"\r\n")
        else:
            self.write(_NUMERIC.get(words, words).encode() + b"\r")

    def urc(self, line: str, *, urgent: bool = False) -> None:
        """An unsolicited result code: held back while a command runs, unless `urgent`."""
        if self.booting and not urgent:
            return
        held = self._busy or self._prompt is not None
        if held and not urgent and not self.personality.urc_anytime:
            self._urcs.append(line)
        elif not self.mute_urcs:
            self.write(b"\r\n" + line.encode("latin-1", "replace") + b"\r\n")

    def speak_up(self) -> None:
        """Unsolicited codes are shown again."""
        self.mute_urcs = False

    def _chat(self, seconds: float, line: str) -> None:
        self.loop.call_later(seconds, self._chat, seconds, line)
        if not self.frozen:
            self.urc(line)

    # Input

    def closed(self) -> None:
        """The client left: a stick on USB does not notice."""

    def receive(self, data: bytes) -> None:
        """Bytes from the line, in any chunking."""
        if self.frozen or self.booting:
            return
        self.heard_at = self.now()
        self._input += data
        self._corked = True
        try:
            self._pump()
        finally:
            self._corked = False
            self._flush()

    def _pump(self) -> None:
        while self._input:
            if self._busy:
                if not self._type_ahead():
                    return
            elif self._prompt:
                if not self._body(self._prompt):
                    return
            elif not self._command():
                return

    def _type_ahead(self) -> bool:
        """Characters during a running command: kept, lost, or the end of that command (V.250 5.6.1)."""
        how = self.personality.during_command
        if how == "queue":
            del self._input[:-LINE_BYTES_MAX]
            return False
        self._input.clear()
        if how == "abort":
            self.finish(commands.ERROR)
        return False

    def _command(self) -> bool:
        cut = self._input.find(b"\r")
        piece = bytes(self._input[: cut + 1]) if cut >= 0 else bytes(self._input)
        del self._input[: len(piece)]
        if self.settings.echo:
            self.write(piece)
        self._line += piece
        if cut >= 0:
            line = bytes(self._line[:-1])
            self._line.clear()
            if not self.personality.lf_is_input and self._input[:1] == b"\n":
                del self._input[:1]
            self._execute(line)
        elif bytes(self._line.strip()[-2:]).upper() == b"A/" and len(self._line.strip()) == 2:
            self._line.clear()
            self._begin(self._last_line)
        else:
            del self._line[:-LINE_BYTES_MAX]
        return True

    def _execute(self, raw: bytes) -> None:
        line = _printable(raw)
        start = line.upper().find("AT")
        if start < 0 or self.loop.time() < self._quiet_until:
            return
        self._last_line = line[start + 2 :]
        self._begin(self._last_line)

    def _begin(self, line: str) -> None:
        canned = self.personality.canned.get(line.upper())
        if canned is not None:
            if canned:
                self.info(canned)
            self.say(commands.OK)
            return
        try:
            self._chain = deque(requests_of(line))
        except BadLine:
            self.say(self._unknown())
            return
        self._busy = True
        self._next()

    def _next(self) -> None:
        """Runs the chain until a command waits, opens a prompt, fails, or the line is done."""
        while self._chain:
            request = self._chain.popleft()
            handler = None if request.name in self.personality.absent else commands.REGISTRY.get(request.name)
            final = handler(self, request) if handler else self._unknown()
            if final is None:
                return
            if final is not commands.OK:
                self.finish(final)
                return
        self.finish(commands.OK)

    def _unknown(self) -> Final:
        return Final(self.personality.unknown)

    @property
    def life(self) -> int:
        """Counts resets."""
        return self._life

    @property
    def run(self) -> int:
        """The running command, to be handed to `finish_later`."""
        return self._run

    def finish_later(self, run: int, final: Final) -> None:
        """Finishes that command if it is still the running one."""
        if run != self._run or not self._busy:
            return
        if final is commands.OK and self._chain:
            self._next()
        else:
            self.finish(final)

    def finish(self, final: Final | None) -> None:
        """Ends the command line: final result (None: silence), then what was held back, then what was typed ahead."""
        self.end_command()
        if final:
            self.say(final)
        self._quiet_until = self.now() + self.personality.gap_s if self.personality.gap_s else -1.0
        self.release_urcs()
        if self.pending_reenumeration_s is not None:
            seconds, self.pending_reenumeration_s = self.pending_reenumeration_s, None
            self.loop.call_later(LAST_WORDS_S, self.hang_up, seconds)
        if self._input and not self._corked:
            self.receive(b"")

    def end_command(self) -> None:
        """The running command is over without a word; another may come."""
        self._run += 1
        self._busy = False
        self._chain.clear()

    def release_urcs(self) -> None:
        """Shows what was held back."""
        urcs, self._urcs = self._urcs, []
        for line in urcs:
            self.urc(line)

    # Prompt

    def open_prompt(self, take: Callable[[bytes], Final | None], *, text: bool, shown: bool = True) -> None:
        """Asks for a body (27.005 3.5.1: CR LF greater-than space)."""
        self._busy = False
        self._prompt = Prompt(take, text)
        if self.personality.prompt and shown:
            self.write(self.personality.prompt)

    def _body(self, prompt: Prompt) -> bool:
        """Gathers the body; True when it is complete or cancelled. ESC cancels (27.005 3.5.1)."""
        found = _BODY_END.search(self._input)
        if not found:
            arrived = len(self._line)
            self._line += self._input
            self._input.clear()
            self._echo_body(bytes(self._line[arrived:]), prompt)
            return False
        piece = bytes(self._input[: found.start()])
        cancelled = self._input[found.start()] == ESC
        del self._input[: found.end()]
        self._echo_body(piece, prompt)
        body = bytes(self._line) + piece
        self._line.clear()
        self._prompt = None
        if cancelled:
            self.finish(commands.OK if self.personality.esc_answers else None)
            return True
        self._busy = True
        final = prompt.take(body)
        if final is not None:
            self.finish(final)
        return True

    def _echo_body(self, piece: bytes, prompt: Prompt) -> None:
        if self.settings.echo:
            self.write(piece.replace(b"\r", b"\r\n> ") if prompt.text else piece)

    @property
    def at_prompt(self) -> bool:
        """A body is awaited."""
        return self._prompt is not None

    # Life

    def reset(self, boot_s: float | None = None, *, noise: bool = True) -> None:
        """Power-on reset: settings, prompt and running command are gone; silence and boot noise follow."""
        self._life += 1
        self.end_command()
        self._prompt = None
        self._urcs.clear()
        self._line.clear()
        self._input.clear()
        self.frozen = self._halting = False
        self._out.clear()
        self.calls.clear()
        self.caller = None
        self.arrivals.forget()
        self.settings = power_on(self.personality)
        self.functionality = 1
        if self.personality.mr_after_reset is not None:
            self.mr = self.personality.mr_after_reset
        if self.sim:
            self.sim.power_up()
        seconds = self.personality.boot_s if boot_s is None else boot_s
        if noise:
            for after_s, line in self.personality.boot:
                self._in_this_life(min(after_s, seconds), lambda line=line: self.urc(line, urgent=True))  # type: ignore[misc]
        self.booting = seconds > 0
        self._in_this_life(seconds, self._booted)

    def _booted(self) -> None:
        self.booting = False
        self.sim_busy_until = self.loop.time() + self.personality.sim_busy_s
        self._reappear()

    def ring(self, caller: str, seconds: float) -> None:
        """Somebody calls, and rings every five seconds until hung up on, answered or tired of it (27.007 7.6)."""
        self.caller = caller
        self._ring(self.loop.time() + seconds)

    def _ring(self, until: float) -> None:
        if self.caller is None:
            return
        if self.loop.time() >= until:
            self.caller = None
            self.urc("NO CARRIER", urgent=True)
            return
        self.urc("RING", urgent=True)
        if self.settings.clip:
            self.urc(f'+CLIP: "{self.caller}",{145 if self.caller.startswith("+") else 129},,,,0', urgent=True)
        self._in_this_life(5.0, lambda: self._ring(until))

    def _in_this_life(self, delay_s: float, act: Callable[[], None]) -> None:
        life = self._life
        self.loop.call_later(delay_s, lambda: act() if life == self._life else None)

    def freeze(self, seconds: float | None) -> None:
        """The firmware hangs: input is lost, output waits; for ever if `seconds` is None, until a reset."""
        self.frozen = True
        if seconds is not None:
            self._in_this_life(seconds, self.thaw)

    def thaw(self) -> None:
        """The firmware goes on."""
        self.frozen = False
        self._flush()
        self._reappear()

    def restore_profile(self, *, factory: bool) -> None:
        """ATZ (the stored profile) and AT&F (the factory's)."""
        source = power_on(self.personality) if factory else self.stored_profile
        self.settings = user_profile(self.settings, source)

    # SIM and network

    def insert_sim(self, sim: Sim | None) -> None:
        """Puts a card in (None: takes it out); the network learns where its number is."""
        if self.sim:
            self.network.subscribe(self.sim.number, None)
        self.sim = sim
        if sim:
            sim.power_up()
            self.network.subscribe(sim.number, self.arrivals)
            self._reappear()

    def sim_trouble(self) -> int | None:
        """The +CME ERROR that SIM commands earn now, None if the card is ready."""
        if self.sim is None:
            return 10
        if self.loop.time() < self.sim_busy_until:
            return 14
        return {"READY": None, "SIM PIN": 11, "SIM PUK": 12}.get(self.sim.state, 13)

    def stat(self) -> int:
        """Registration as +CREG shows it."""
        if self.functionality != 1 or self.sim is None or self.sim.state != "READY":
            return 0
        return self.registration

    def registered(self) -> bool:
        """SMS can go out and come in."""
        return self.stat() in REGISTERED and not self.booting

    def register(self, stat: int) -> None:
        """Changes the registration and tells whoever asked for +CREG and the like."""
        before = self.stat()
        self.registration = stat
        self.announce_registration(before)

    def announce_registration(self, before: int) -> None:
        """The unsolicited forms of +CREG, +CGREG and +CEREG (27.007 7.2)."""
        if self.stat() != before:
            for name, wanted in self.settings.creg.items():
                if wanted and name not in self.personality.absent:
                    place = ',"00C3","0001A2F1",' + str(self.personality.act) if wanted == 2 else ""
                    self.urc(f"{name}: {self.stat()}{place}")
        self._reappear()

    def _reappear(self) -> None:
        if self.sim and self.registered() and not self.frozen:
            self.network.came_back(self.sim.number)

    def next_reference(self) -> int:
        """TP-MR of the next part: one more, modulo 256 (23.040 9.2.3.6)."""
        if self.personality.mr_constant is not None:
            return self.personality.mr_constant
        self.mr = (self.mr + 1) & 255
        return self.mr


def _printable(raw: bytes) -> str:
    """A command line without control characters, with its backspaces obeyed (V.250 5.2.2)."""
    if b"\x08" in raw:
        kept = bytearray()
        for byte in raw:
            if byte != 8:
                kept.append(byte)
            elif kept:
                kept.pop()
        raw = bytes(kept)
    text = raw.decode("latin-1")
    return text if text.isprintable() else "".join([char for char in text if char >= " "])
