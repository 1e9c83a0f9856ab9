"""A small paging terminal at the end of a Unix socket, alone or behind a modem; written from transcripts of real calls.

It keeps to its script: `answers` says what follows a block for a pager, `on_eot` what follows the goodbye. It has no
timing but `takes_s`, and it checks sums and parity, so that what it puts down in `pages` is what a pager would show.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

NAMES = {
    "STX": 2, "ETX": 3, "EOT": 4, "ACK": 6, "LF": 10, "CR": 13, "XON": 17, "XOFF": 19, "NAK": 21, "ETB": 23,
    "SUB": 26, "ESC": 27, "RS": 30, "US": 31,
}  # fmt: skip
_CODES = {code: name for name, code in NAMES.items()}

PAGED = "211 Page accepted<CR><ACK><CR>"
BYE = "115 Goodbye<CR><ESC><EOT><CR>"
Answer = str | None  # None: says nothing; "!": drops the line


def octets(named: str) -> bytes:
    """`ID=<CR>` as it is on the line."""
    return re.sub(r"<([A-Z]+)>", lambda name: chr(NAMES[name[1]]), named).encode("latin-1")


def named(data: bytes) -> str:
    return "".join(f"<{_CODES[octet]}>" if octet in _CODES else chr(octet) for octet in data)


@dataclass
class Paged:
    call: int
    pager: str
    text: str
    at: float


@dataclass
class Terminal:
    path: Path
    prompt: Answer = "ID="
    logon: Answer = "110 1.8<CR><ACK><CR><ESC>[p<CR>"
    answers: dict[str, list[Answer]] = field(default_factory=dict)  # by pager; the last one for ever
    on_eot: Answer = BYE
    takes_s: float = 0.0  # for each answer to a block
    pages_max: int = 99
    modem: bool = False
    stored: str = ""  # what ATZ and its switch bring back: "Q1", it says nothing; "V0", it answers in numbers
    dialled: list[Answer] = field(default_factory=lambda: ["CONNECT 1200"])
    parity: bool = False

    def __post_init__(self) -> None:
        self.calls = 0
        self.pages: list[Paged] = []
        self.said: list[str] = []  # what we were told, call by call
        self.commands: list[str] = []
        self.on_line: Callable[[], None] = lambda: None  # somebody is on the line
        self.modem_dead = False
        self._manner = self.stored
        self._listener: socket.socket | None = None
        self._end: socket.socket | None = None
        self._reset()

    def _reset(self) -> None:
        self._line = bytearray()
        self._online = not self.modem
        self._asked = False
        self._paged = 0

    # -- the socket ------------------------------------------------------------------------------------------------

    def listen(self) -> None:
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(self.path))
        self._listener.listen()
        self._listener.settimeout(0)
        asyncio.get_running_loop().add_reader(self._listener.fileno(), self._accept)

    def unplug(self) -> None:
        self.drop()
        if self._listener is not None:
            asyncio.get_running_loop().remove_reader(self._listener.fileno())
            self._listener.close()
            self._listener = None
        self.path.unlink(missing_ok=True)

    def _accept(self) -> None:
        assert self._listener is not None
        self.drop()
        self._end, _ = self._listener.accept()
        self._end.settimeout(0)
        self._reset()
        self.on_line()
        asyncio.get_running_loop().add_reader(self._end.fileno(), self._read)

    def drop(self) -> None:
        if self._end is not None:
            asyncio.get_running_loop().remove_reader(self._end.fileno())
            self._end.close()
            self._end = None

    @property
    def connected(self) -> bool:
        return self._end is not None

    def say(self, words: Answer) -> None:
        if words == "!":
            self.drop()
        elif words is not None and self._end is not None:
            with contextlib.suppress(OSError):
                self._end.send(octets(words))
            if words.endswith("<ESC><EOT><CR>") and self.modem:
                self._online = False
                self._end.send(b"\r\nNO CARRIER\r\n")

    def _read(self) -> None:
        assert self._end is not None
        try:
            data = self._end.recv(4096)
        except OSError:
            data = b""
        if not data:
            self.drop()
            return
        if self.parity:
            assert all(octet.bit_count() % 2 == 0 for octet in data), data
            data = bytes(octet & 0x7F for octet in data)
        for octet in data:
            self._octet(octet)

    # -- what is said ----------------------------------------------------------------------------------------------

    def _octet(self, octet: int) -> None:
        if octet == 13 and not self._inside_block():
            line, self._line = bytes(self._line), bytearray()
            self._told(line + b"\r")
        else:
            self._line.append(octet)
            if self.modem and self._line == b"+++":  # back to commands
                self._line.clear()
                self._online = False
                self.say("<CR><LF>OK<CR><LF>")

    def _inside_block(self) -> bool:
        """A block has CRs in it; it ends with the one after its checksum."""
        if self._line[:1] != b"\x02":
            return False
        return re.search(rb"[\x03\x17\x1f]...$", self._line, re.DOTALL) is None

    def _told(self, line: bytes) -> None:
        if not self._online:
            self._command(line.decode().strip())
            return
        if line == b"\r" and not self._asked and self.prompt is not None:
            self._asked = True
            self.calls += 1
            self.said.append("")
            self.say(self.prompt)
            return
        if not self.said:
            self.said.append("")
        self.said[-1] += named(line)
        if line.startswith(b"\x1bPG1"):
            self.say(self.logon)
        elif line == b"\x04\r":
            self.say(self.on_eot)
        elif line.startswith(b"\x02"):
            self._block(line)

    def _block(self, line: bytes) -> None:
        body, tail = line[:-4], line[-4:-1]
        total = sum(body)
        if tail != bytes(0x30 + (total >> shift & 15) for shift in (8, 4, 0)):
            self.say("514 Checksum error<CR><NAK><CR>")
            return
        pager, text = (part.decode() for part in body[1:-1].split(b"\r")[:2])
        self._paged += 1
        if self._paged > self.pages_max:
            self.say("112 Maximum pages entered for session<CR><ESC><EOT><CR>")
            return
        left = self.answers.get(pager, [PAGED])
        answer = left.pop(0) if len(left) > 1 else left[0]
        if answer is not None and "<ACK>" in answer:
            self.pages.append(Paged(self.calls, pager, text, asyncio.get_running_loop().time()))
        asyncio.get_running_loop().call_later(self.takes_s, self._answer, self._end, answer)

    def _answer(self, end: socket.socket | None, answer: Answer) -> None:
        if end is self._end:  # who asked is still on the line
            self.say(answer)

    # -- the modem ---------------------------------------------------------------------------------------------------

    def _command(self, command: str) -> None:
        if not command or self.modem_dead:
            return
        self.commands.append(command)
        if not command.startswith("ATDT"):
            self._manner = self.stored if command == "ATZ" else "" if "V1" in command else self._manner
            if self._manner != "Q1":
                self.say("0<CR>" if self._manner == "V0" else "<CR><LF>OK<CR><LF>")
            return
        result = self.dialled.pop(0) if len(self.dialled) > 1 else self.dialled[0]
        if result is not None:
            self._online = result.startswith("CONNECT")
            self._asked = False
            self.say(f"<CR><LF>{result}<CR><LF>")

    @property
    def texts(self) -> list[str]:
        return [page.text for page in self.pages]

    @property
    def dials(self) -> int:
        return sum(command.startswith("ATDT") for command in self.commands)
