"""A terminal to a modem: what is typed is edited and shown here, a whole line goes to the modem at Return."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import termios
import tty
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gatewayd.clock import until_set

if TYPE_CHECKING:
    from gatewayd.channels.link import Link

LEAVE = 0x1D  # Ctrl-]
ESC_S = 1.0  # how long an ESC has to reach the modem before the port is closed
HISTORY_MAX = 100
LINE_CHARACTERS_MAX = 1024
_KEYS = re.compile(rb"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])|.", re.DOTALL)
_RESULT = re.compile(r"OK|ERROR|\+CM[ES] ERROR:.*")
_ESCAPES = {b"\x1b[A": "up", b"\x1b[B": "down", b"\x1b[C": "right", b"\x1b[D": "left", b"\x1b[3~": "delete"}
_ESCAPES |= {b"\x1b[H": "home", b"\x1b[F": "end", b"\x1bOA": "up", b"\x1bOB": "down"}
_CONTROLS = {0x01: "home", 0x05: "end", 0x08: "rub out", 0x7F: "rub out", 0x15: "clear", 0x03: "clear"}
_CONTROLS |= {0x0D: "return", 0x0A: "return", 0x1A: "submit", 0x1B: "escape", 0x17: "rub out word"}


@dataclass(slots=True)
class Editor:
    """The line that is being typed. `send` gets what goes to the modem; `went` is called when a line has gone."""

    send: Callable[[bytes], None]
    went: Callable[[], None] = lambda: None
    line: str = ""
    at: int = 0
    sent: str = ""  # the last line: a modem that echoes says it again
    over: bool = False
    _history: list[str] = field(default_factory=list)
    _place: int = 0

    def keys(self, data: bytes) -> None:
        """What came from the keyboard at once; an ESC that is no part of a key's sequence goes to the modem."""
        for key in _KEYS.findall(data):
            if len(key) > 1:
                self._edit(_ESCAPES.get(key, ""))
            elif key[0] == LEAVE:
                self.over = True
            elif key[0] in _CONTROLS:
                self._edit(_CONTROLS[key[0]])
            elif 0x20 <= key[0] < 0x7F and len(self.line) < LINE_CHARACTERS_MAX:
                self.line = self.line[: self.at] + chr(key[0]) + self.line[self.at :]
                self.at += 1

    def _edit(self, key: str) -> None:
        line, at = self.line, self.at
        match key:
            case "return":
                self._go(b"\r")
            case "submit":
                self._go(b"\x1a")
            case "escape":
                self.send(b"\x1b")
                self.line, self.at = "", 0  # it was meant for the prompt that is left
            case "rub out" if at:
                self.line, self.at = line[: at - 1] + line[at:], at - 1
            case "rub out word":
                kept = line[:at].rstrip().rpartition(" ")[0]
                self.line, self.at = kept + line[at:], len(kept)
            case "delete":
                self.line = line[:at] + line[at + 1 :]
            case "clear":
                self.line, self.at = "", 0
            case "left" | "right" | "home" | "end":
                self.at = {"left": max(0, at - 1), "right": min(len(line), at + 1), "home": 0}.get(key, len(line))
            case "up" | "down":
                self._recall(-1 if key == "up" else 1)

    def _go(self, end: bytes) -> None:
        self.send(self.line.encode("ascii") + end)
        if self.line and (not self._history or self._history[-1] != self.line):
            self._history = [*self._history, self.line][-HISTORY_MAX:]
        self.sent, self.line, self.at, self._place = self.line, "", 0, len(self._history)
        self.went()

    def _recall(self, step: int) -> None:
        self._place = min(max(0, self._place + step), len(self._history))
        self.line = self._history[self._place] if self._place < len(self._history) else ""
        self.at = len(self.line)


class Screen:
    """What the modem says goes above the line that is being typed."""

    def __init__(self, write: Callable[[str], None], editor: Editor) -> None:
        self._write = write
        self._editor = editor
        self._open = ""  # what the modem has not ended yet, a prompt mostly
        self.prompted = False  # it waits for a text
        self.on_left: Callable[[], None] = lambda: None  # it does not any more

    def draw(self) -> None:
        editor = self._editor
        back = len(editor.line) - editor.at
        self._write(f"\r\x1b[K{self._open}{editor.line}" + (f"\x1b[{back}D" if back else ""))

    def went(self) -> None:
        """The line went to the modem: what is said next begins below it."""
        self._write(f"\r\x1b[K{self._open}{self._editor.sent}\r\n")
        self._open = ""

    def sending(self, data: bytes) -> None:
        """What goes to the modem; a control-Z ends a prompt, and so does an ESC."""
        if data[-1:] in {b"\x1a", b"\x1b"}:
            self.prompted = False

    def say(self, data: bytes) -> None:
        """Whole lines, made harmless; the echo of what was typed is left out."""
        *lines, rest = re.split(r"[\r\n]+", self._open + data.decode("latin-1"))
        for line in lines:
            if _RESULT.fullmatch(line.strip()):
                self.prompted = False
                self.on_left()
            if line and line != self._editor.sent:
                self._write(f"\r\x1b[K{_harmless(line)}\r\n")
        self._open = _harmless(rest)
        self.prompted = self.prompted or rest.startswith(">")
        self.draw()


def _harmless(line: str) -> str:
    return "".join(c if c.isascii() and c.isprintable() else f"\\x{ord(c):02x}" for c in line)


def term(args: Namespace) -> int:
    """Until Ctrl-], or the end of the line."""
    from gatewayd.channels.modem_probe import PortRefusedError

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("gatewayd: modem term needs a terminal", file=sys.stderr)
        return 2
    try:
        return asyncio.run(_term(args))
    except PortRefusedError as error:
        print(f"gatewayd: {error}", file=sys.stderr)
        return 1


async def _term(args: Namespace) -> int:
    from gatewayd.channels.modem_probe import open_port

    link = await open_port(args.port, baud=args.baud, rtscts=args.rtscts)
    loop, keyboard = asyncio.get_running_loop(), sys.stdin.fileno()
    ended: asyncio.Future[str] = loop.create_future()
    editor = Editor(link.write)
    screen = Screen(_write, editor)
    editor.went = screen.went

    def send(data: bytes) -> None:
        screen.sending(data)
        link.write(data)

    editor.send = send

    def typed() -> None:
        data = os.read(keyboard, 1024)
        if not data:
            editor.over = True
        editor.keys(data)
        screen.draw()
        if editor.over and not ended.done():
            ended.set_result("")

    def lost(reason: str) -> None:
        if not ended.done():
            ended.set_result(reason)

    for ending in (signal.SIGTERM, signal.SIGHUP):  # the terminal is given back as it was
        loop.add_signal_handler(ending, lost, f"ended by {ending.name}")
    kept = termios.tcgetattr(keyboard)
    tty.setraw(keyboard)
    try:
        link.start(screen.say, lost)
        loop.add_reader(keyboard, typed)
        _write(f"{args.port}: Ctrl-] leaves, Ctrl-Z ends a text, ESC leaves a prompt\r\n")
        reason = await ended
        await _out_of_prompt(screen, link)
    finally:
        loop.remove_reader(keyboard)
        link.close()
        termios.tcsetattr(keyboard, termios.TCSADRAIN, kept)
    print(f"\n{reason}" if reason else "", flush=True)
    return 1 if reason else 0


async def _out_of_prompt(screen: Screen, link: Link) -> None:
    """Whoever opens the port next shall not write into a text that was begun here."""
    if not screen.prompted:
        return
    left = asyncio.Event()
    screen.on_left = left.set
    link.write(b"\x1b")
    await until_set(left, ESC_S)  # closing drops what has not been sent yet; some modems say nothing to an ESC


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
