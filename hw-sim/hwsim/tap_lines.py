"""Where a TAP terminal can be reached: TCP, with a call for each connection; a serial line; by telephone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hwsim.ends import InProcessEnd, PtyEnd, SocketEnd, end_of, host_port

if TYPE_CHECKING:
    from hwsim.tap_call import Call
    from hwsim.tap_terminal import Terminal

CALLS_MAX = 100


class _Caller(asyncio.Protocol):
    """One TCP connection."""

    def __init__(self, line: TcpLine) -> None:
        self._line = line
        self._call: Call | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._call = self._line.answer()
        if self._call is None:
            transport.abort()
            return
        self._call.output = transport.write
        self._call.hang_up = transport.close

    def data_received(self, data: bytes) -> None:
        if self._call:
            self._call.receive(data)

    def connection_lost(self, _exc: Exception | None) -> None:
        if self._call:
            self._call.ended()


class TcpLine:
    """A TCP port ("tcp:PORT", "tcp:HOST:PORT") that takes up to `calls_max` callers at once; one more is cut off."""

    def __init__(self, terminal: Terminal, name: str, where: str, calls_max: int = CALLS_MAX) -> None:
        self.name = name
        self._terminal = terminal
        self._host, self._port = host_port(where)
        self._calls_max = calls_max
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        """ "tcp:127.0.0.1:12345"."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"tcp:{host}:{self._port}"

    def answer(self) -> Call | None:
        """A new call, None if the line is full."""
        busy = sum(call.line == self.name for call in self._terminal.calls)
        return self._terminal.call(self.name) if busy < self._calls_max else None

    async def start(self) -> None:
        """Listens."""
        self._server = await self._terminal.loop.create_server(lambda: _Caller(self), self._host, self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuses connections."""
        if self._server:
            self._server.close()


class SerialLine:
    """A line without a telephone: "pty:LINK", "unix:PATH" or "inproc". Its terminal is always there; after the end of
    one session it waits for the CR of the next."""

    def __init__(self, terminal: Terminal, name: str, where: str) -> None:
        self.name = name
        self.loop = terminal.loop
        self.output: Callable[[bytes], None] = lambda _: None
        self.end: PtyEnd | SocketEnd | InProcessEnd = end_of(self, where)
        self._terminal = terminal
        self._call: Call | None = None

    @property
    def address(self) -> str:
        """What a client opens."""
        return self.end.address

    def receive(self, data: bytes) -> None:
        """Octets from whoever has the line open; they begin a session if there is none."""
        if self._call is None:
            self._call = self._terminal.call(self.name)
            if self._call is None:
                return
            self._call.output = self._write
            self._call.hang_up = self._idle
        self._call.receive(data)

    def _write(self, data: bytes) -> None:
        self.output(data)

    def _idle(self) -> None:
        self._call = None

    def closed(self) -> None:
        """The client closed its side."""
        call, self._call = self._call, None
        if call:
            call.ended()

    async def start(self) -> None:
        """Opens the end."""
        await self.end.start()

    async def stop(self) -> None:
        """Closes the end."""
        await self.end.stop()


def line_of(terminal: Terminal, name: str, where: str, calls_max: int = CALLS_MAX) -> TcpLine | SerialLine:
    """The line at "tcp:PORT", "pty:PATH", "unix:PATH" or "inproc"."""
    if where.startswith("tcp:"):
        return TcpLine(terminal, name, where, calls_max)
    if where == "pty":
        raise ValueError("a pty needs a path: pty:" + str(Path(name)))
    return SerialLine(terminal, name, where)


class TelephoneLine:
    """A number with so many lines behind it; one caller more hears that it is engaged."""

    def __init__(self, terminal: Terminal, name: str, number: str, lines: int = 1) -> None:
        self.name = name
        self.number = number
        self._terminal = terminal
        self._lines = lines

    @property
    def address(self) -> str:
        """ "tel:01523530300"."""
        return f"tel:{self.number}"

    def answer(self) -> Call | None:
        """A new call, None if all lines are engaged."""
        busy = sum(call.line == self.name for call in self._terminal.calls)
        return self._terminal.call(self.name) if busy < self._lines else None

    async def start(self) -> None:
        """Telephones are always there."""

    async def stop(self) -> None:
        """Nothing to close."""
