"""A modem: bytes of a command line in, bytes of an answer out (ITU-T V.250, 3GPP TS 27.005 and 27.007).

The end of the line (`ends`) calls `receive` and sets `output`. What commands do is in the `at_*` files, found by name
in `commands.REGISTRY`; a command answers at once by returning its final result, or returns None and calls
`finish_later` when it is done.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from random import Random

from hwsim import at_types, commands
from hwsim.airtime import RelayLink
from hwsim.arrivals import Arrivals
from hwsim.at_line import BadLine, Request, printable, repeats, requests_of, start_of
from hwsim.commands import Final
from hwsim.faults import Rule
from hwsim.line import Ageing, Line
from hwsim.prompt import ESC, Prompt
from hwsim.radio import REGISTERED, Radio
from hwsim.settings import power_on, user_profile
from hwsim.sim import Sim, Slots
from hwsim.smsc import Network
from hwsim.traits import Personality
from hwsim.voice import Voice

LINE_BYTES_MAX = 4096
LAST_WORDS_S = 0.3  # the OK to a restart is out before the port goes
_NUMERIC = {"OK": "0", "CONNECT": "1", "RING": "2", "NO CARRIER": "3", "ERROR": "4", "BUSY": "7", "NO ANSWER": "8"}


class Modem:
    """One AT port of a modem with its SIM. All its time is the loop's; all its luck is the dice's.

    A second port of the same device is built `beside` the first: it shares card, memories, radio and calls, and has a
    line and settings of its own; unsolicited codes come at the first.
    """

    main: Modem  # what the ports of a device share is its, or is seen by all:
    ports: list[Modem]
    imei: str
    me: Slots
    sr: Slots
    rules: list[Rule]
    arrivals: Arrivals
    radio: Radio
    voice: Voice
    link: RelayLink
    ageing: Ageing | None
    mr: int

    def __init__(
        self, name: str, personality: Personality, sim: Sim | None, network: Network, dice: Random,
        beside: Modem | None = None,
    ) -> None:  # fmt: skip
        self.name = name
        self.personality = personality
        self.network = network
        self.loop: asyncio.AbstractEventLoop = network.loop
        self.dice = dice
        self.main = beside or self
        self.imei = beside.imei if beside else "35" + str(dice.randrange(10**12, 10**13))
        self.settings = power_on(personality)
        self.stored_profile = power_on(personality)
        self.line = Line(self.loop, dice)
        self.hang_up: Callable[[float], None] = lambda _: None
        self.booting = False
        self.mute_urcs = False
        self.heard_at = 0.0  # when the last bytes were read
        self.lead_s = 0.0  # so long before its answer is due the network takes a message
        self.pending_reenumeration_s: float | None = None
        self._life = 0  # timers of an earlier life do nothing
        self._run = 0  # a command that was abandoned cannot finish another one
        self._busy = False
        self._chain: deque[Request] = deque()
        self._last_line = ""
        self._typed = bytearray()
        self._input = bytearray()
        self._prompt: Prompt | None = None
        self._urcs: list[str] = []
        self._quiet_until = -1.0
        self._card: Sim | None = None
        if beside:
            self.me, self.sr, self.rules = beside.me, beside.sr, beside.rules
            self.arrivals, self.radio, self.voice = beside.arrivals, beside.radio, beside.voice
            self.link = beside.link
            beside.ports.append(self)
        else:
            self._furnish(sim)

    def _furnish(self, sim: Sim | None) -> None:
        """What the ports of the device share, in its first port."""
        kind = self.personality
        self.ports = [self]
        self.me = Slots(kind.me_slots, kind.index_base)
        self.sr = Slots(50, kind.index_base)
        self.rules = []
        self.arrivals = Arrivals(self)
        self.radio = Radio(self.loop, kind, self.dice, lambda: self._card is not None and self._card.state == "READY")
        self.radio.tell = self.announce_registration
        self.voice = Voice(self, self.in_this_life)
        self.mr = self.dice.randrange(256)
        self.sim_busy_until = 0.0
        self.refused_left = 0  # so many commands after CFUN=1 are refused
        self.pin_asked = False
        self.ageing = None
        self.link = RelayLink(self.dice)
        if sim:
            self.insert_sim(sim)
        for seconds, line in kind.chatter:
            self.loop.call_later(seconds, self._chat, seconds, line)

    @property
    def sim(self) -> Sim | None:
        """The card."""
        return self.main._card  # noqa: SLF001 - of the same class

    @property
    def frozen(self) -> bool:
        """The firmware hangs."""
        return self.line.frozen

    @property
    def output(self) -> Callable[[bytes], None]:
        """Where the line comes out; set by its end."""
        return self.line.output

    @output.setter
    def output(self, output: Callable[[bytes], None]) -> None:
        self.line.output = output

    # Output

    def write(self, data: bytes) -> None:
        """Bytes to the line; a frozen modem keeps them until it thaws."""
        self.line.write(data)

    def now(self) -> float:
        """The loop's time as the line sees it: while output is held, the moment when it goes out."""
        return self.line.now()

    def info(self, text: str) -> None:
        """An information text of the running command."""
        head = self.personality.head if self.settings.verbose else b""
        self._tell(head + text.encode("latin-1", "replace") + b"\r\n")

    def say(self, final: Final) -> None:
        """A final result code, as V and CMEE want it; nothing after ATQ1."""
        if self.settings.quiet:
            return
        words = final.words(self.settings.cmee, self.personality.numeric_cms_always)
        if self.settings.verbose:
            self._tell(self.personality.head + words.encode() + b"\r\n")
        else:
            self._tell(_NUMERIC.get(words, words).encode() + b"\r")

    def _tell(self, data: bytes) -> None:
        """With the characters of S3 and S4 for CR and LF (V.250 6.2.1, 6.2.2)."""
        cr, lf = self.settings.registers[3], self.settings.registers[4]
        self.write(data if (cr, lf) == (13, 10) else data.translate(bytes.maketrans(b"\r\n", bytes((cr, lf)))))

    def urc(self, line: str, *, urgent: bool = False) -> None:
        """An unsolicited result code: held back while a command runs, unless `urgent`."""
        if self.booting and not urgent:
            return
        held = self._busy or self._prompt is not None
        if held and not urgent and not self.personality.urc_anytime:
            self._urcs.append(line)
        elif not self.mute_urcs:
            noise = b"\0" if self.personality.nul_noise else b""
            if not self.settings.verbose and line in _NUMERIC:
                self._tell(noise + _NUMERIC[line].encode() + b"\r")
            else:
                self._tell(noise + b"\r\n" + line.encode("latin-1", "replace") + b"\r\n")

    def speak_up(self) -> None:
        """Unsolicited codes are shown again."""
        self.mute_urcs = False

    def _chat(self, seconds: float, line: str) -> None:
        self.loop.call_later(seconds, self._chat, seconds, line)
        if not self.frozen:
            self.urc(line)

    # Input

    def closed(self) -> None:
        """The client left: a stick on USB does not notice, unless DTR was to end calls (&D2)."""
        if self.settings.plain.get("&D") == "2":
            self.voice.hang_up()

    def receive(self, data: bytes) -> None:
        """Bytes from the line, in any chunking."""
        self.line.arrive(data, self._hear)

    def _hear(self, data: bytes) -> None:
        if self.frozen or self.main.booting:
            return
        self.heard_at = self.now()
        if self.main.ageing:
            self.line.hold(self.heard_at + self.main.ageing.delay_s(self.heard_at))
        self._input += data
        self.line.corked = True
        try:
            self._pump()
        finally:
            self.line.corked = False
            self.line.flush()

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
        cut = self._input.find(self.settings.registers[3])
        again = repeats(bytes(self._typed + self._input))
        if again:
            cut = again - len(self._typed) - 1
        piece = bytes(self._input[: cut + 1]) if cut >= 0 else bytes(self._input)
        del self._input[: len(piece)]
        if self.settings.echo:
            self.write(piece)
        self._typed += piece
        if again:
            self._typed.clear()
            self._begin(self._last_line)
        elif cut >= 0:
            line = bytes(self._typed[:-1])
            self._typed.clear()
            if not self.personality.lf_is_input and self._input[:1] == b"\n":
                del self._input[:1]
            self._execute(line)
        elif len(self._typed) > LINE_BYTES_MAX:
            start = start_of(self._typed)
            del self._typed[: len(self._typed) - 1 if start < 0 else start]
            del self._typed[LINE_BYTES_MAX + 1 :]
        return True

    def _execute(self, raw: bytes) -> None:
        if len(raw) > LINE_BYTES_MAX and (start := start_of(raw)) >= 0 and len(raw) - start > LINE_BYTES_MAX:
            self.say(commands.ERROR)  # too long for its buffer (V.250 5.2.1)
            return
        line = printable(raw, self.settings.registers[5])
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
            hasty = self.main.refused_left or (self.personality.needs_cpin and not self.main.pin_asked)
            handler = commands.handler(self.personality, request.name)
            final = commands.too_early(self, request) if hasty else None
            final = final or (at_types.wrong(self, request) if handler else self._unknown())
            final = final or (handler(self, request) if handler else None)
            if final is None:
                return
            if final is not commands.OK:
                self.finish(final)
                return
        self.finish(commands.OK)

    def _unknown(self) -> Final:
        kind = self.personality
        return commands.cme(kind.unknown_cme) if kind.unknown_cme else Final(kind.unknown)

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
            self.loop.call_later(LAST_WORDS_S, self.main.hang_up, seconds)
        if self._input and not self.line.corked:
            self._hear(b"")

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
        """Asks for a body (27.005 3.5.1: CR LF greater-than space); `text`: typed text, that can be edited."""
        kind = self.personality
        self._busy = False
        self._prompt = Prompt(
            take,
            erase=self.settings.registers[5] if text and kind.text_edits else None,
            again=kind.prompt if text and kind.text_prompts else None,
        )
        if kind.prompt and shown:
            self.write(kind.prompt)

    def _body(self, prompt: Prompt) -> bool:
        """Gathers the body; True when it is complete or cancelled. ESC cancels (27.005 3.5.1)."""
        told, end = prompt.gather(self._input, echo=self.settings.echo)
        self.write(told)
        if not end:
            return False
        self._prompt = None
        if end == ESC:
            self.finish(commands.OK if self.personality.esc_answers else None)
            return True
        self._busy = True
        final = prompt.take(bytes(prompt.body))
        if final is not None:
            self.finish_later(self._run, final)
        return True

    @property
    def at_prompt(self) -> bool:
        """A body is awaited."""
        return self._prompt is not None

    # Life

    def reset(self, boot_s: float | None = None, *, noise: bool = True) -> None:
        """Power-on reset of the device: settings, prompts and running commands are gone; silence and boot noise
        follow."""
        main = self.main
        for port in main.ports:
            port.forget()
        main.restart(main.personality.boot_s if boot_s is None else boot_s, noise=noise)

    def forget(self) -> None:
        """What this port loses with its power."""
        self._life += 1
        self.end_command()
        self._prompt = None
        self._urcs.clear()
        self._typed.clear()
        self._input.clear()
        self.line.drop()
        self.settings = power_on(self.personality)

    def restart(self, seconds: float, *, noise: bool) -> None:
        """What the device loses, and how it comes up."""
        self.voice.hang_up()
        self.arrivals.forget()
        self.radio.power_up()
        self.pin_asked = False
        if self.personality.mr_after_reset is not None:
            self.mr = self.personality.mr_after_reset
        if self.sim:
            self.sim.power_up()
        if noise:
            for after_s, line in self.personality.boot:
                self.in_this_life(min(after_s, seconds), lambda line=line: self.urc(line, urgent=True))  # type: ignore[misc]
        self.booting = seconds > 0
        self.in_this_life(seconds, self._booted)

    def _booted(self) -> None:
        self.booting = False
        self.sim_busy_until = self.loop.time() + self.personality.sim_busy_s
        self.radio.search()
        self.reappear()

    def in_this_life(self, delay_s: float, act: Callable[[], None]) -> None:
        """Later, unless a reset comes first."""
        life = self._life
        self.loop.call_later(delay_s, lambda: act() if life == self._life else None)

    def freeze(self, seconds: float | None) -> None:
        """The firmware hangs: input is lost, output waits; for ever if `seconds` is None, until a reset."""
        for port in self.main.ports:
            port.line.frozen = True
        if seconds is not None:
            self.main.in_this_life(seconds, self.thaw)

    def thaw(self) -> None:
        """The firmware goes on."""
        for port in self.main.ports:
            port.line.frozen = False
            port.line.flush()
        self.main.reappear()

    def restore_profile(self, *, factory: bool) -> None:
        """ATZ (the stored profile) and AT&F (the factory's)."""
        source = power_on(self.personality) if factory else self.stored_profile
        self.settings = user_profile(self.settings, source)

    # SIM and network

    def insert_sim(self, sim: Sim | None) -> None:
        """Puts a card in (None: takes it out); the network learns where its number is."""
        if self._card:
            self.network.subscribe(self._card.number, None)
        self._card = sim
        if sim:
            sim.power_up()
            self.network.subscribe(sim.number, self.arrivals)
            self.reappear()

    def sim_trouble(self) -> int | None:
        """The +CME ERROR that SIM commands earn now, None if the card is ready."""
        if self.sim is None:
            return 10
        if self.loop.time() < self.main.sim_busy_until:
            return 14
        return {"READY": None, "SIM PIN": 11, "SIM PUK": 12, "WRONG": 15}.get(self.sim.state, 13)

    def stat(self) -> int:
        """Registration as +CREG shows it."""
        return self.radio.stat()

    def registered(self) -> bool:
        """SMS can go out and come in."""
        return self.radio.stat() in REGISTERED and not self.main.booting

    def announce_registration(self, before: int) -> None:
        """The unsolicited forms of +CREG, +CGREG and +CEREG (27.007 7.2)."""
        if self.stat() != before:
            for name, wanted in self.settings.creg.items():
                if wanted and name not in self.personality.absent:
                    self.urc(f"{name}: {self.radio.stat_by(name)}{self.radio.place(name) if wanted == 2 else ''}")
        self.reappear()

    def reappear(self) -> None:
        """The network may serve it again."""
        if self.sim and self.registered() and not self.frozen:
            self.network.came_back(self.sim.number)

    def next_reference(self) -> int:
        """TP-MR of the next part: one more, modulo 256 (23.040 9.2.3.6)."""
        if self.personality.mr_constant is not None:
            return self.personality.mr_constant
        self.main.mr = (self.main.mr + 1) & 255
        return self.main.mr
