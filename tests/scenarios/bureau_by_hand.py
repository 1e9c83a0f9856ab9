"""A bureau written by hand, octet by octet, and a house that pages by it alone: for what no decent bureau does."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.channels.smpp_street import tell
from tests.house import House
from tests.scenarios.test_bureau import free_port

OURS = "60000"
RECEIPT = 0x04  # esm_class
SUBMIT, DELIVER, CANCEL, ENQUIRE, UNBIND, RESPONSE = 4, 5, 8, 0x15, 6, 0x80000000


def string(text: str) -> bytes:
    return text.encode("latin-1") + b"\0"


def parameter(tag: int, value: bytes) -> bytes:
    return struct.pack(">HH", tag, len(value)) + value


def delivery(
    sender: str, text: str, *, esm: int = 0, coding: int = 0, ton: int | None = None, more: bytes = b""
) -> bytes:
    octets = text.encode("latin-1")
    kind = ton if ton is not None else int(len(sender) > 9)
    addresses = bytes((kind, 1)) + string(sender.lstrip("+")) + bytes((0, 1)) + string(OURS)
    return string("") + addresses + bytes((esm, 0, 0, 0, 0, 0, 0, coding, 0, len(octets))) + octets + more


def report(name: str, state: str = "DELIVRD", text: str = "", *, at: str = "2611220412") -> str:
    quoted = text[:20]
    return f"id:{name} sub:001 dlvrd:001 submit date:{at} done date:{at} stat:{state} err:000 text:{quoted}"


@dataclass
class Submitted:
    call: Call
    sequence: int
    to: str
    text: str
    addresses: bytes
    validity: str = ""  # as it was written
    priority: int = 0

    def answer(self, name: str, status: int = 0) -> None:
        self.call.say(SUBMIT | RESPONSE, self.sequence, b"" if status else string(name), status)


class Call:
    """One connection."""

    def __init__(self, bureau: Bureau, writer: asyncio.StreamWriter) -> None:
        self._bureau, self._writer, self._sequence = bureau, writer, 0
        self.deaf = False  # nothing that we write is read any more

    def say(self, command: int, sequence: int, body: bytes = b"", status: int = 0) -> None:
        self._writer.write(struct.pack(">IIII", 16 + len(body), command, status, sequence) + body)

    def deliver(self, sender: str, text: str, **options: Any) -> int:
        self._sequence += 1
        self.say(DELIVER, self._sequence, delivery(sender, text, **options))
        return self._sequence

    def receipt(self, of: str, name: str, state: str = "DELIVRD", text: str = "", **options: Any) -> int:
        return self.deliver(of, report(name, state, text), esm=RECEIPT, **options)

    @property
    def unsent(self) -> int:
        """Octets that the other side does not read."""
        return int(self._writer.transport.get_write_buffer_size())

    def hang_up(self) -> None:
        self._writer.close()

    async def listen(self, reader: asyncio.StreamReader) -> None:
        while True:
            length, command, status, sequence = struct.unpack(">IIII", await reader.readexactly(16))
            self._take(command, status, sequence, await reader.readexactly(length - 16))

    def _take(self, command: int, status: int, sequence: int, body: bytes) -> None:
        if self._bureau.deaf or self.deaf:
            return
        if command & RESPONSE:
            self._bureau.answers.append((sequence, status))
        elif command == SUBMIT:
            self._bureau.submitted(self, sequence, body)
        elif command == CANCEL:
            name, addresses = body[1:].split(b"\0", 1)
            self._bureau.cancelled.append(name.decode("latin-1"))
            self._bureau.cancels.append(addresses)
            self._bureau.cancelling(self)
            if (wait_s := self._bureau.cancel_s) is not None:
                answer = partial(self.say, command | RESPONSE, sequence, status=self._bureau.cancel_status)
                asyncio.get_running_loop().call_later(wait_s, answer) if wait_s else answer()
        else:
            self.say(command | RESPONSE, sequence, string("bureau") if command in (1, 2, 9) else b"")


class Bureau:
    """`answering`: what is done with each text; without it each gets the next number and is accepted at once."""

    def __init__(self) -> None:
        self.port = free_port()
        self.texts: list[Submitted] = []
        self.calls: list[Call] = []
        self.answers: list[tuple[int, int]] = []
        self.cancelled: list[str] = []
        self.cancels: list[bytes] = []  # their addresses
        self.cancel_status = 0
        self.cancel_s: float | None = 0.0  # before a question is answered; None: it never is
        self.deaf = False
        self.cancelling: Callable[[Call], None] = lambda _: None
        self.answering: Callable[[Submitted], None] = lambda text: text.answer(str(len(self.texts)))

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._called, "127.0.0.1", self.port)

    async def close(self) -> None:
        self._server.close()
        for call in self.calls:
            call.hang_up()
        await asyncio.sleep(0.1)

    async def _called(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = Call(self, writer)
        self.calls.append(call)
        try:
            await call.listen(reader)
        except (asyncio.IncompleteReadError, OSError):
            writer.close()

    def submitted(self, call: Call, sequence: int, body: bytes) -> None:
        begun = rest = body[body.index(b"\0") + 1 :]
        rest = rest[2:].partition(b"\0")[2]
        to, _, rest = rest[2:].partition(b"\0")
        addresses = begun[: len(begun) - len(rest)]
        priority = rest[2]
        validity, _, rest = rest[3:].partition(b"\0")[2].partition(b"\0")
        words = rest[5 : 5 + rest[4]].decode("latin-1")
        text = Submitted(call, sequence, to.decode(), words, addresses, validity.decode("latin-1"), priority)
        self.texts.append(text)
        self.answering(text)

    @property
    def call(self) -> Call:
        """The connection that was made last."""
        return self.calls[-1]


class Lodge(House):
    """No modem, one bureau."""

    def __init__(self, directory: Path, *, people: str, policy: str, settings: str = "", config: str = "") -> None:
        self.bureau = Bureau()
        north = (
            f'[[smpp]]\nname = "north"\nhost = "127.0.0.1"\nport = {self.bureau.port}\nsystem_id = "gateway"\n'
            f'sender = "{OURS}"\nreopen_s_max = 1\n{settings}\n'
        )
        super().__init__(directory, modems=0, config=north + config, policy=policy, people=people)

    async def begin(self) -> None:
        await self.bureau.open()
        self._modems = 0
        await super().begin()

    async def wake(self, *, modems_up: bool = True) -> None:
        await super().wake(modems_up=False)
        await self.until(lambda: self.daemon.dispatch.up(), 120)

    async def end(self) -> None:
        await super().end()
        await self.bureau.close()

    async def send(self, to: str, text: str, **fields: Any) -> None:
        """And wait until the bureau has it."""
        had = len(self.bureau.texts)
        await self.post("/api/v1/messages", {"to": to, "text": text, "channel": "north", **fields})
        await self.until(lambda: len(self.bureau.texts) > had)

    async def state(self, number: int) -> str:
        return str((await self.message(number))["state"])


def play(directory: Path, story: Callable[[Lodge], Awaitable[None]], **settings: Any) -> None:
    async def told() -> None:
        lodge = Lodge(directory, **settings)
        await lodge.begin()
        try:
            await story(lodge)
        finally:
            await lodge.end()

    tell(told())
