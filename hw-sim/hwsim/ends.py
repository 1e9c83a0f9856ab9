"""Where a modem's line comes out: a pty with a steady name, a unix socket, a TCP port, or a pair of callables.

Every end can hang up and come back: the pty as another device behind the same link, as a stick on USB does.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import os
import termios
import tty
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from hwsim.claims import CLAIMS
from hwsim.sweeper import SWEEPER

READ_BYTES = 65536
UNSENT_BYTES_MAX = 65536
PORT_MAX = 65535


class Device(Protocol):
    """What has a line: a modem, a paging terminal. `closed` hears that the client left."""

    name: str
    loop: asyncio.AbstractEventLoop
    output: Callable[[bytes], None]

    def receive(self, data: bytes) -> None:
        """Octets from the client."""

    def closed(self) -> None:
        """The client closed its side."""


class End(Protocol):
    """A line's far end."""

    @property
    def address(self) -> str:
        """What a client opens."""

    async def start(self) -> None:
        """From here on a client can connect."""

    def hang_up(self, back_after_s: float) -> None:
        """Cuts the client off; the address works again after a while."""

    async def stop(self) -> None:
        """Cuts the client off for good and removes what `start` made."""


class PtyEnd:
    """A pseudo terminal behind a symbolic link. While no client has it open, the last bytes of output are kept."""

    def __init__(self, modem: Device, link: Path) -> None:
        self._modem = modem
        self._link = link
        self._master = -1
        self._held = -1  # our own hold on the slave while no client is known to have it
        self._name = ""
        self._unsent = bytearray()
        self._return: asyncio.TimerHandle | None = None
        self._claimed = False

    @property
    def address(self) -> str:
        """The link."""
        return str(self._link)

    @property
    def device(self) -> str:
        """The device behind the link, empty while hung up."""
        return self._name

    async def start(self) -> None:
        """Opens the first device; raises OSError if the link is somebody else's."""
        self.plug_in()

    def plug_in(self) -> None:
        """As `start`, which has nothing to wait for."""
        CLAIMS.claim(self._link)
        self._claimed = True
        self.open()

    def open(self) -> None:
        """A new device behind the link."""
        self._return = None
        self._master, self._held = os.openpty()
        tty.setraw(self._held, termios.TCSANOW)
        os.set_blocking(self._master, False)
        self._name = os.ttyname(self._held)
        temporary = self._link.with_name(self._link.name + ".new")
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(self._name)
        temporary.replace(self._link)
        SWEEPER.watch(self._link)
        self._modem.loop.add_reader(self._master, self._readable)
        self._modem.output = self._write

    def _close(self) -> None:
        if self._master >= 0:
            self._modem.loop.remove_reader(self._master)
            self._modem.loop.remove_writer(self._master)
            os.close(self._master)
            self._master = -1
        self._let_go()
        self._unsent.clear()
        self._name = ""

    def _let_go(self) -> None:
        if self._held >= 0:
            os.close(self._held)
            self._held = -1

    def _readable(self) -> None:
        try:
            data = os.read(self._master, READ_BYTES)
        except BlockingIOError:
            return
        except OSError as gone:
            if gone.errno != errno.EIO:
                raise
            data = b""
        if data:
            # Bytes prove that a client has it open: without our hold its close will show as EIO.
            self._let_go()
            self._modem.receive(data)
        else:
            self._client_left()

    def _client_left(self) -> None:
        """The last client closed: take hold again, so that the master does not report EIO without end."""
        if self._held >= 0:
            return
        self._modem.closed()
        try:
            self._held = os.open(self._name, os.O_RDWR | os.O_NOCTTY)
        except OSError:
            # The client left TIOCEXCL behind; on a real port that ends with the close, so the device is replaced.
            self._close()
            self.open()
            return
        fcntl.ioctl(self._held, termios.TIOCNXCL)
        tty.setraw(self._held, termios.TCSANOW)

    def _write(self, data: bytes) -> None:
        if self._unsent:
            self._unsent += data
            del self._unsent[:-UNSENT_BYTES_MAX]
            return
        try:
            sent = os.write(self._master, data)
        except BlockingIOError:
            sent = 0
        except OSError:
            return  # between a client's close and our notice of it
        if sent < len(data):
            self._unsent += data[sent:]
            self._modem.loop.add_writer(self._master, self._writable)

    def _writable(self) -> None:
        self._modem.loop.remove_writer(self._master)
        data = bytes(self._unsent)
        self._unsent.clear()
        self._write(data)

    def hang_up(self, back_after_s: float) -> None:
        """The device vanishes: the client reads EIO, the link is gone; later a new device stands behind it."""
        if self._return:
            self._return.cancel()
        self._modem.output = _nowhere
        self._close()
        self._link.unlink(missing_ok=True)
        SWEEPER.forget(self._link)
        self._return = self._modem.loop.call_later(back_after_s, self.open)

    async def stop(self) -> None:
        """Removes the link."""
        self.shut()

    def shut(self) -> None:
        """The device and its link are gone."""
        if self._return:
            self._return.cancel()
        self._modem.output = _nowhere
        if self._name:
            self._link.unlink(missing_ok=True)
            SWEEPER.forget(self._link)
        self._close()
        if self._claimed:
            CLAIMS.release(self._link)
            self._claimed = False


def _nowhere(data: bytes) -> None:
    """Output while nobody is connected."""


def give_back(path: Path) -> None:
    """Removes a socket of ours."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
    CLAIMS.release(path)


class _Client(asyncio.Protocol):
    """One client of a socket; a second one is turned away, for a serial line has one."""

    def __init__(self, end: SocketEnd) -> None:
        self._end = end
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        if self._end.transport:
            transport.abort()
            return
        self._transport = self._end.transport = transport
        self._end.connected()

    def data_received(self, data: bytes) -> None:
        if self._transport:
            self._end.modem.receive(data)

    def connection_lost(self, _exc: Exception | None) -> None:
        if self._transport and self._end.transport is self._transport:
            self._end.disconnected()


class SocketEnd:
    """A unix socket ("unix:/path") or a TCP port on loopback ("tcp:12345", "tcp:0" for any)."""

    def __init__(self, modem: Device, where: str) -> None:
        self.modem = modem
        self.transport: asyncio.Transport | None = None
        self._path = where.removeprefix("unix:") if where.startswith("unix:") else ""
        self._port = 0 if self._path else host_port(where)[1]
        self._server: asyncio.Server | None = None
        self._deaf = False
        self._kept = bytearray()
        modem.output = self._keep

    @property
    def address(self) -> str:
        """ "unix:/path" or "tcp://127.0.0.1:12345", as gatewayd's `port` takes them."""
        return f"unix:{self._path}" if self._path else f"tcp://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Listens."""
        loop = self.modem.loop
        if self._path:
            CLAIMS.claim(Path(self._path))
            self._server = await loop.create_unix_server(lambda: _Client(self), self._path)
        else:
            self._server = await loop.create_server(lambda: _Client(self), "127.0.0.1", self._port)
            self._port = self._server.sockets[0].getsockname()[1]

    def connected(self) -> None:
        """A client is there; while the modem is hung up it is cut off at once."""
        assert self.transport
        if self._deaf:
            self.transport.abort()
            return
        self.modem.output = self.transport.write
        if self._kept:
            kept, self._kept = bytes(self._kept), bytearray()
            self.transport.write(kept)

    def disconnected(self) -> None:
        """The client left."""
        self.transport = None
        self.modem.closed()
        self.modem.output = self._keep

    def _keep(self, data: bytes) -> None:
        self._kept += data
        del self._kept[:-4096]

    def hang_up(self, back_after_s: float) -> None:
        """Connections end, and end at once, until the modem is back."""
        self._deaf = True
        self._kept.clear()
        if self.transport:
            self.transport.abort()
        self.modem.loop.call_later(back_after_s, self._back)

    def _back(self) -> None:
        self._deaf = False

    async def stop(self) -> None:
        """Stops listening."""
        if self._server:
            self._server.close()
            if self._path:
                give_back(Path(self._path))
            self._server = None
        if self.transport:
            self.transport.abort()
            self.transport = None
        self.modem.output = _nowhere


class InProcessEnd:
    """A pair of callables: `connect(on_bytes, on_hang_up)` returns the function that takes the client's bytes."""

    def __init__(self, modem: Device) -> None:
        self._modem = modem
        self._on_hang_up: Callable[[], None] | None = None
        self._deaf = False

    @property
    def address(self) -> str:
        """Not to be opened by name."""
        return "inproc:" + self._modem.name

    async def start(self) -> None:
        """Nothing to open."""

    def connect(
        self, on_bytes: Callable[[bytes], None], on_hang_up: Callable[[], None] | None = None
    ) -> Callable[[bytes], None]:
        """Answers come through `call_soon`, never inside the client's own call. Raises ConnectionError if hung up."""
        if self._deaf:
            raise ConnectionError(f"{self._modem.name} is hung up")
        self._on_hang_up = on_hang_up
        loop = self._modem.loop
        self._modem.output = lambda data: _soon(loop, on_bytes, data)
        return self._send

    def _send(self, data: bytes) -> None:
        if not self._deaf:
            self._modem.receive(data)

    def hang_up(self, back_after_s: float) -> None:
        """The client is told and has to connect again."""
        self._deaf = True
        self._modem.output = _nowhere
        tell, self._on_hang_up = self._on_hang_up, None
        if tell:
            self._modem.loop.call_soon(tell)
        self._modem.loop.call_later(back_after_s, self._back)

    def _back(self) -> None:
        self._deaf = False

    async def stop(self) -> None:
        """Output goes nowhere."""
        self._modem.output = _nowhere


def _soon(loop: asyncio.AbstractEventLoop, on_bytes: Callable[[bytes], None], data: bytes) -> None:
    loop.call_soon(on_bytes, data)


def host_port(where: str) -> tuple[str, int]:
    """Host (loopback if there is none) and port of "tcp:PORT", "tcp:HOST:PORT", "tcp:[::1]:PORT"; raises ValueError."""
    host, _, port = where.removeprefix("tcp:").removeprefix("//").rpartition(":")
    if not where.startswith("tcp:") or not (port.isascii() and port.isdigit() and int(port) <= PORT_MAX):
        raise ValueError(f"no such end: {where!r}; there are tcp:PORT, tcp:HOST:PORT (0 to {PORT_MAX}) and unix:PATH")
    return host.strip("[]") or "127.0.0.1", int(port)


def end_of(modem: Device, where: str) -> PtyEnd | SocketEnd | InProcessEnd:
    """ "pty:/path/of/link", "unix:/path", "tcp:port" or "inproc". Modems alone have "usb:DIRECTORY", too."""
    if where == "inproc":
        return InProcessEnd(modem)
    if where.startswith("pty:"):
        return PtyEnd(modem, Path(where.removeprefix("pty:")))
    if where.startswith(("unix:", "tcp:")):
        return SocketEnd(modem, where)
    raise ValueError(f"no such end: {where!r}; there are pty:PATH, unix:PATH, tcp:PORT and inproc")
