"""A loop in virtual time, and somebody typing at a modem."""

from __future__ import annotations

import asyncio
import contextlib
import re
import struct
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from hwsim.fields import address_of
from hwsim.smpp_centre import Account
from hwsim.smpp_listener import Listener
from hwsim.smpp_tls import Tls
from hwsim.street import Street
from hwsim.tap_lines import line_of
from hwsim.tpdu import encode_submit, put_user_data
from hwsim.virtual import VirtualLoop

STARTED_AT = 1_700_000_000.0
FINAL = re.compile(rb"(?:^|\n)(OK|ERROR|NO CARRIER|COMMAND NOT SUPPORT|\+CM[SE] ERROR: [^\r]*)\r\n$")


class Terminal:
    """The terminal's side of an in-process line."""

    def __init__(self, street: Street, name: str = "modem1", end: Any = None) -> None:
        self.heard = bytearray()
        self.hung_up = False
        self._loop = street.loop
        self._news: asyncio.Future[None] | None = None
        self._end = end or street.ends[name]
        self.connect()

    def connect(self) -> None:
        self.type = self._end.connect(self._hear, self._gone)

    def _hear(self, data: bytes) -> None:
        self.heard += data
        if self._news and not self._news.done():
            self._news.set_result(None)

    def _gone(self) -> None:
        self.hung_up = True

    async def until(self, condition: Callable[[bytes], object], timeout_s: float = 10.0) -> bytes:
        """What was heard, once it fulfils the condition; it is then forgotten."""
        deadline = self._loop.time() + timeout_s
        while not condition(bytes(self.heard)):
            self._news = self._loop.create_future()
            try:
                await asyncio.wait_for(self._news, deadline - self._loop.time())
            except TimeoutError:
                raise AssertionError(f"heard only {bytes(self.heard)!r}") from None
        heard = bytes(self.heard)
        self.heard.clear()
        return heard

    async def sees(self, text: str, timeout_s: float = 10.0) -> str:
        return (await self.until(lambda heard: text.encode() in heard, timeout_s)).decode("latin-1")

    async def silence(self, seconds: float) -> bytes:
        """What comes within so many seconds."""
        await asyncio.sleep(seconds)
        heard = bytes(self.heard)
        self.heard.clear()
        return heard

    async def command(self, line: str, timeout_s: float = 10.0) -> list[str]:
        """The lines of the answer, the final result last."""
        self.type(line.encode("latin-1") + b"\r")
        heard = await self.until(FINAL.search, timeout_s)
        return [part for part in heard.decode("latin-1").split("\r\n") if part]

    async def submit(self, tpdu: bytes, timeout_s: float = 10.0, sca: str = "00") -> list[str]:
        """The whole +CMGS dialogue in PDU mode."""
        self.type(b"AT+CMGS=%d\r" % len(tpdu))
        await self.until(lambda heard: heard.endswith(b"\r\n> "))
        self.type(sca.encode() + tpdu.hex().upper().encode() + b"\x1a")
        heard = await self.until(FINAL.search, timeout_s)
        return [part for part in heard.decode("latin-1").split("\r\n") if part]

    async def text(self, to: str, words: str, timeout_s: float = 10.0, **more: Any) -> list[str]:
        return await self.submit(encode_submit(address_of(to), put_user_data(words), **more), timeout_s)


@pytest.fixture
def run() -> Callable[[Coroutine[Any, Any, None]], None]:
    """Runs a story in virtual time."""

    def run_story(story: Coroutine[Any, Any, None]) -> None:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(asyncio.wait_for(story, 30 * 86400.0))

    return run_story


def wall_of(loop: asyncio.AbstractEventLoop) -> Callable[[], float]:
    return lambda: STARTED_AT + loop.time()


@pytest.fixture
def street_of() -> Callable[..., Street]:
    """A street with one modem, its echo off, and two phones; call it inside a story."""

    def build(personality: str = "generic", seed: int = 1, **modem: Any) -> Street:
        street = Street(seed, wall=wall_of(asyncio.get_running_loop()))
        street.add_modem("modem1", "+447700900001", personality, **modem)
        street.modems["modem1"].settings.echo = False
        street.add_phone("+447700900111", "Anna")
        street.add_phone("+447700900112", "Ben")
        return street

    return build


@pytest.fixture
def terminal_of() -> type[Terminal]:
    return Terminal


def c_octets(value: str) -> bytes:
    return value.encode("latin-1") + b"\0"


class Answer:
    """A PDU as it came: the four words of its header (SMPP 3.4 3.2) and its body."""

    def __init__(self, octets: bytes) -> None:
        self.length, self.command, self.status, self.sequence = struct.unpack(">IIII", octets[:16])
        self.body = octets[16:]
        assert self.length == len(octets)

    @property
    def text(self) -> str:
        """The first C-octet string of the body."""
        return self.body[: self.body.index(0)].decode()

    def __repr__(self) -> str:
        return f"<{self.command:08X} status {self.status:X} sequence {self.sequence} body {self.body!r}>"


class Esme:
    """An ESME on a socket that assembles its octets by hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.sequence = 0

    @classmethod
    async def connect(cls, address: str, **tls: Any) -> Esme:
        if address.startswith("unix:"):
            return cls(*await asyncio.open_unix_connection(address.removeprefix("unix:")))
        host, _, port = address.partition(":")[2].rpartition(":")
        return cls(*await asyncio.open_connection(host.strip("[]"), int(port), **tls))

    def send(self, octets: bytes) -> None:
        self.writer.write(octets)

    def request(self, command: int, body: bytes = b"", sequence: int | None = None) -> int:
        self.sequence = self.sequence + 1 if sequence is None else sequence
        self.send(struct.pack(">IIII", 16 + len(body), command, 0, self.sequence) + body)
        return self.sequence

    def respond(self, pdu: Answer, status: int = 0, body: bytes | None = None) -> None:
        if body is None:
            body = b"\0" if pdu.command in {0x05, 0x103} and not status else b""
        self.send(struct.pack(">IIII", 16 + len(body), pdu.command | 0x80000000, status, pdu.sequence) + body)

    async def hear(self, timeout_s: float = 10.0) -> Answer:
        async with asyncio.timeout(timeout_s):
            head = await self.reader.readexactly(4)
            return Answer(head + await self.reader.readexactly(int.from_bytes(head, "big") - 4))

    async def ask(self, command: int, body: bytes = b"", timeout_s: float = 10.0) -> Answer:
        """The answer to a request; what comes between is not expected."""
        sequence = self.request(command, body)
        answer = await self.hear(timeout_s)
        assert answer.sequence == sequence, answer
        return answer

    async def silence(self, seconds: float) -> None:
        """Nothing comes for so long, and the connection stays."""
        try:
            async with asyncio.timeout(seconds):
                octets = await self.reader.read(1)
        except TimeoutError:
            return
        raise AssertionError(f"heard {octets!r}")

    async def gone(self, timeout_s: float = 60.0) -> bytes:
        """What comes until the connection ends."""
        async with asyncio.timeout(timeout_s):
            try:
                return await self.reader.read()
            except ConnectionResetError:
                return b""

    async def bind(self, system_id: str = "gateway", password: str = "secret", kind: int = 9, **more: Any) -> Answer:
        """1 receiver, 2 transmitter, 9 transceiver (4.1)."""
        version = more.get("version", 0x34)
        body = c_octets(system_id) + c_octets(password) + c_octets(more.get("system_type", ""))
        return await self.ask(kind, body + bytes([version, 0, 0]) + b"\0")

    async def submit(self, to: str = "447700900201", text: bytes = b"disk full", **more: Any) -> Answer:
        return await self.ask(0x04, submit_body(to, text, **more))

    async def receipt(self, timeout_s: float = 60.0) -> Answer:
        """A deliver_sm, answered with ESME_ROK."""
        pdu = await self.hear(timeout_s)
        assert pdu.command in {0x05, 0x103}, pdu
        self.respond(pdu)
        return pdu

    def close(self) -> None:
        self.writer.close()


def submit_body(to: str = "447700900201", text: bytes = b"disk full", **more: Any) -> bytes:
    """submit_sm by the table of 4.4.1."""
    dest = bytes([more.get("ton", 1), more.get("npi", 1)]) + c_octets(to)
    source = more.get("source", b"\x00\x00\x00")
    return (
        c_octets(more.get("service_type", ""))
        + source
        + dest
        + bytes([more.get("esm_class", 0), more.get("pid", 0), more.get("priority", 0)])
        + c_octets(more.get("schedule", ""))
        + c_octets(more.get("validity", ""))
        + bytes([more.get("registered", 0), more.get("replace", 0), more.get("coding", 0), more.get("default", 0)])
        + bytes([more.get("sm_length", len(text))])
        + text
        + more.get("tlvs", b"")
    )


def delivery_fields(pdu: Answer) -> dict[str, Any]:
    """deliver_sm by the table of 4.6.1."""
    at = 0

    def text() -> str:
        nonlocal at
        end = pdu.body.index(0, at)
        value, at = pdu.body[at:end].decode("latin-1"), end + 1
        return value

    def octet() -> int:
        nonlocal at
        at += 1
        return pdu.body[at - 1]

    fields: dict[str, Any] = {"service_type": text()}
    for end in ("source", "dest"):
        fields[end] = (octet(), octet(), text())
    for name in ("esm_class", "pid", "priority"):
        fields[name] = octet()
    fields["schedule"], fields["validity"] = text(), text()
    for name in ("registered", "replace", "coding", "default"):
        fields[name] = octet()
    size = octet()
    fields["text"] = pdu.body[at : at + size]
    fields["tlvs"] = parameters(pdu.body[at + size :])
    return fields


def parameters(octets: bytes) -> dict[int, bytes]:
    """Optional parameters: tag, length, value (3.2.4)."""
    found: dict[int, bytes] = {}
    while octets:
        tag, size = struct.unpack(">HH", octets[:4])
        found[tag] = octets[4 : 4 + size]
        assert len(found[tag]) == size
        octets = octets[4 + size :]
    return found


class Caller(Terminal):
    """The entry device's side of a TAP call, octet by octet."""

    def block(self, *fields: bytes, end: int = 0x03, open_field: bytes = b"", check: bytes | None = None) -> bytes:
        octets = b"\x02" + b"".join(field + b"\r" for field in fields) + open_field + bytes([end])
        total = sum(octets) & 0xFFF
        sums = bytes([0x30 + (total >> 8), 0x30 + (total >> 4 & 15), 0x30 + (total & 15)])
        return octets + (sums if check is None else check) + b"\r"

    async def says(self, octets: bytes, timeout_s: float = 30.0) -> None:
        """Exactly this comes next."""
        heard = await self.until(lambda heard: len(heard) >= len(octets), timeout_s)
        assert heard == octets

    async def log_on(self) -> None:
        self.type(b"\r")
        await self.says(b"ID=")
        self.type(b"\x1bPG1\r")
        await self.says(b"110 1.8\r\x06\r\x1b[p\r")

    async def page(self, cap: bytes, text: bytes, timeout_s: float = 30.0) -> bytes:
        """The answer to a page of one block."""
        self.type(self.block(cap, text))
        return await self.answer(timeout_s)

    async def answer(self, timeout_s: float = 30.0) -> bytes:
        return await self.until(re.compile(rb"(\x06|\x15|\x1e|\x04)\r$").search, timeout_s)


PAGER = "+447700900201"


class PagingStreet(Street):
    """A street with one bureau and three wearers of pagers: Anna's is two-way, Ben's one-way, Cy's numeric."""

    def __init__(self, end: str, seed: int = 1, tls: Tls | None = None, **options: Any) -> None:
        super().__init__(seed, wall=wall_of(asyncio.get_running_loop()), **options)
        self.bureau = self.add_bureau("bureau1")
        self.centre = self.centres["bureau1"]
        self.listener = Listener(self.centre, end, tls)
        self.centre.listeners.append(self.listener)
        self.centre.add_account(Account("gateway", "secret", ["60000"]))
        self.anna = self.add_pager(PAGER, "Anna", two_way=True)
        self.ben = self.add_pager("+447700900202", "Ben", cap="4711")
        self.cy = self.add_pager("+447700900203", "Cy", kind="numeric", cap="4713")
        self.centre.settings.enquire_s = 0.0
        self._esmes: list[Esme] = []
        self.terminal = self.terminals["bureau1"]

    def tap_line(self, where: str = "inproc", name: str = "tap1", **options: Any) -> Any:
        line = line_of(self.terminal, name, where, **options)
        self.terminal.lines.append(line)
        return line

    def caller(self) -> Caller:
        """Somebody at an in-process serial line."""
        return Caller(self, end=self.tap_line().end)

    async def stop(self) -> None:
        await super().stop()
        for esme in self._esmes:
            esme.close()
            with contextlib.suppress(ConnectionError):
                await esme.writer.wait_closed()

    async def esme(self, kind: int | None = 9, **more: Any) -> Esme:
        """A connected ESME, bound unless `kind` is None."""
        esme = await Esme.connect(self.listener.address)
        self._esmes.append(esme)
        if kind is not None:
            answer = await esme.bind(kind=kind, **more)
            assert answer.status == 0, answer
        return esme

    def violations(self) -> list[str]:
        return [entry["rule"] for entry in self.ledger.select("violation")]


@pytest.fixture
def paging_street(tmp_path: Path) -> Callable[..., PagingStreet]:
    """Builds one; call it inside a story."""

    def build(seed: int = 1, **options: Any) -> PagingStreet:
        return PagingStreet(f"unix:{tmp_path}/smpp", seed, **options)

    return build


@pytest.fixture
def smpp() -> type[SmppTables]:
    """Bodies by the standard's tables."""
    return SmppTables


class SmppTables:
    """What tests assemble and take apart by hand."""

    c_octets = staticmethod(c_octets)
    submit_body = staticmethod(submit_body)
    delivery_fields = staticmethod(delivery_fields)
    parameters = staticmethod(parameters)
    Esme = Esme
