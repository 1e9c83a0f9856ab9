"""A plain test double of a modem: a table of answers and one storage, at the end of a pty or of a Unix socket.

It knows no network and has no timing of its own; what the tests of the channel need, and no more.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import socket
import tty
from collections.abc import Callable
from pathlib import Path

Answer = str | None
ANSWERS = {
    "AT": "OK",
    "AT+CGMI": "Fake\r\n\r\nOK",
    "AT+CGMM": "F1\r\n\r\nOK",
    "AT+CGMR": "1.0\r\n\r\nOK",
    "AT+CFUN?": "+CFUN: 1\r\n\r\nOK",
    "AT+CCID": "+CCID: 8944110065000000001\r\n\r\nOK",
    "AT+CPIN?": "+CPIN: READY\r\n\r\nOK",
    "AT+CIMI": "234150000000001\r\n\r\nOK",
    "AT+CREG?": "+CREG: 2,1\r\n\r\nOK",
    "AT+CGREG?": "+CGREG: 2,1\r\n\r\nOK",
    "AT+CEREG?": "+CEREG: 2,1\r\n\r\nOK",
    "AT+CSCA?": '+CSCA: "+447700900000",145\r\n\r\nOK',
    "AT+CSMS=0": "+CSMS: 1,1,1\r\n\r\nOK",
    "AT+CPMS=?": '+CPMS: ("ME","SM"),("ME","SM"),("ME","SM")\r\n\r\nOK',
    "AT+CPMS?": '+CPMS: "ME",0,20,"ME",0,20,"ME",0,20\r\n\r\nOK',
    "AT+CNMI=?": "+CNMI: (0-2),(0-2),(0,2),(0-2),(0,1)\r\n\r\nOK",
    "AT+CNMI?": "+CNMI: 2,1,0,1,0\r\n\r\nOK",
    "AT+CSQ": "+CSQ: 20,99\r\n\r\nOK",
    "AT+CMEE?": "+CMEE: 1\r\n\r\nOK",
    "AT+COPS?": '+COPS: 0,0,"Fake Net",7\r\n\r\nOK',
}


class FakeModem:
    """Speaks as told by `answers`; `on_pdu` decides what follows a PDU. `heard` is every command that came."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.answers: dict[str, Answer] = dict(ANSWERS)
        self.on_pdu: Callable[[str], Answer] = self.accept
        self.prompts = True
        self.one_line = True  # it takes several commands in one line
        self.text_mode = False
        self.misread: list[str] = []  # PDUs that were taken for the words of a text
        self.heard: list[str] = []
        self.raw = bytearray()
        self.pdus: list[str] = []
        self.stored: dict[int, str] = {}
        self.shelves: dict[str, dict[int, str]] = {"ME": self.stored, "SM": {}, "SR": {}}
        self.reference = 0
        self.deletes = True
        self.size = 20  # slots of each storage, so it says
        self.on_command: Callable[[str], bool] = lambda command: False  # True: it has been dealt with
        self.storage = "ME"
        self._listener: socket.socket | None = None
        self._line_end: socket.socket | None = None
        self._master = -1
        self._slave = -1
        self._line = bytearray()
        self._in_prompt = False

    def plug_in(self) -> None:
        """The device appears under its stable path."""
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.path.symlink_to(os.ttyname(self._slave))
        self._in_prompt = False
        self._line.clear()
        asyncio.get_running_loop().add_reader(self._master, self._read)

    def listen(self) -> None:
        """The device appears as a Unix socket (for virtual time)."""
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(self.path))
        self._listener.listen()
        self._listener.settimeout(0)
        asyncio.get_running_loop().add_reader(self._listener.fileno(), self._accept)

    def _accept(self) -> None:
        assert self._listener is not None
        self.hang_up()
        self._line_end, _ = self._listener.accept()
        self._line_end.settimeout(0)
        self._master = self._line_end.fileno()
        self._in_prompt = False
        self._line.clear()
        asyncio.get_running_loop().add_reader(self._master, self._read)

    def hang_up(self) -> None:
        """The line of a socket ends; the device stays."""
        if self._line_end is not None:
            asyncio.get_running_loop().remove_reader(self._master)
            self._line_end.close()
            self._line_end, self._master = None, -1

    def unplug(self) -> None:
        if self._listener is not None:
            self.hang_up()
            asyncio.get_running_loop().remove_reader(self._listener.fileno())
            self._listener.close()
            self._listener = None
        else:
            asyncio.get_running_loop().remove_reader(self._master)
            os.close(self._slave)
            os.close(self._master)
        self.path.unlink(missing_ok=True)

    def say(self, text: str) -> None:
        self.say_raw(f"\r\n{text}\r\n".encode("latin-1"))

    def say_raw(self, data: bytes) -> None:
        if self._master >= 0:
            with contextlib.suppress(OSError):
                os.write(self._master, data)

    def store(self, index: int, pdu: str, *, announce: bool = True, shelf: str = "ME") -> None:
        self.shelves[shelf][index] = pdu
        if announce:
            self.say(f'+CMTI: "{shelf}",{index}')

    def accept(self, pdu: str) -> Answer:
        self.reference = (self.reference + 1) % 256
        return f"+CMGS: {self.reference}\r\n\r\nOK"

    def _read(self) -> None:
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return
        if not data:
            self.hang_up()
            return
        self.raw += data
        for octet in data:
            self._octet(octet)

    def _octet(self, octet: int) -> None:
        if octet == 0x1B:
            if self._in_prompt:
                self._in_prompt = False
                self.say("OK")
            self._line.clear()
        elif self._in_prompt and octet == 0x1A:
            self._in_prompt = False
            pdu, self._line = self._line.decode(), bytearray()
            (self.misread if self.text_mode else self.pdus).append(pdu)
            self._answer(self.on_pdu(pdu))
        elif octet == 0x0D and not self._in_prompt:
            command, self._line = self._line.decode(), bytearray()
            if command:
                self.heard.append(command)
                self.command(command)
        else:
            self._line.append(octet)

    def command(self, command: str) -> None:
        if "+CMGF=0" in command and (self.one_line or ";" not in command):
            self.text_mode = False
        if self.on_command(command):
            return
        if command in self.answers:
            self._answer(self.answers[command])
        elif command == "AT+CMGF?":
            self.say(f"+CMGF: {self.text_mode:d}\r\n\r\nOK")
        elif command == "AT+CMGF=0;+CMGF?":
            self.say("+CMGF: 0\r\n\r\nOK" if self.one_line else "ERROR")
        elif command.startswith(("AT+CMGF=0;+CMGS=", "AT+CMGS=")):
            if ";" in command and not self.one_line:
                self.say("ERROR")
            elif self.prompts:
                self.prompt()
        elif (match := re.fullmatch(r"AT\+CPMS=\"(\w+)\".*", command)) is not None:
            self.storage = match[1]
            used = len(self.shelves.get(self.storage, {}))
            self.say(f"+CPMS: {used},{self.size},0,20,0,20\r\n\r\nOK")
        elif command == "AT+CMGL=4":
            listed = self.shelves.get(self.storage, {})
            rows = [f"+CMGL: {index},1,,{self.length(pdu)}\r\n{pdu}\r\n" for index, pdu in sorted(listed.items())]
            self.say("".join(rows) + "\r\nOK")
        elif (match := re.fullmatch(r"AT\+CMG([RD])=(\d+)(?:,0)?", command)) is not None:
            self._slot(match[1], int(match[2]))
        else:
            self.say("OK")

    def prompt(self) -> None:
        self._in_prompt = True
        self.say_raw(b"\r\n> ")

    @staticmethod
    def length(pdu: str) -> int:
        """What a header says: the octets without the service centre."""
        return len(pdu) // 2 - 1 - int(pdu[:2] or "0", 16)

    def _slot(self, what: str, index: int) -> None:
        shelf = self.shelves.get(self.storage, {})
        if what == "D" and not self.deletes:
            self.say("+CMS ERROR: 320")
        elif what == "D":
            shelf.pop(index, None)
            self.say("OK")
        elif index in shelf:
            self.say(f"+CMGR: 0,,{self.length(shelf[index])}\r\n{shelf[index]}\r\n\r\nOK")
        else:
            self.say("+CMS ERROR: 321")

    def _answer(self, answer: Answer) -> None:
        if answer is not None:
            self.say(answer)
