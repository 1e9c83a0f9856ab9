"""The line to a device: a serial port, a TCP or a Unix socket, all driven as one non-blocking descriptor.

pyserial opens and configures a tty (exclusively: flock and TIOCEXCL); from then on the descriptor belongs to the
event loop. What was pending in the port before it was opened is kept: a late answer may lie there. The end of the
line (EOF, EIO, a peer that does not read) is told once, at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import os
import socket
import termios
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from weakref import WeakKeyDictionary

import serial

READ_OCTETS = 65536
WRITE_OCTETS_MAX = 65536  # more unsent than this: the peer does not read
CONNECT_TIMEOUT_S = 10.0
# Lines. Where many modems answer at once, the first has its next text before the last is read: so they do not answer at
# once the next time, and none waits for all.
READ_IN_A_TURN_MAX = 2


class LinkError(OSError):
    """The port cannot be opened; the text says which and why."""


class _Turns:
    """Few lines are read in one turn of the loop; the others come first in the next one, in the order they asked in.

    A line asks as long as its port has something. None is read without that: for many a port, nothing is the end.
    """

    def __init__(self) -> None:
        self._begun = False
        self._left = READ_IN_A_TURN_MAX  # that may still be read in this turn, beside
        self._first: set[Link] = set()  # those that may be, whenever they ask
        self._waiting: dict[Link, None] = {}

    def may_read(self, link: Link) -> bool:
        if not self._begun:
            self._begun = True
            asyncio.get_running_loop().call_soon(self._end)
        if link in self._first:
            self._first.discard(link)
            return True
        if self._left:
            self._left -= 1
            self._waiting.pop(link, None)
            return True
        self._waiting[link] = None
        return False

    def _end(self) -> None:
        """It is called before the loop tells of anything in the next turn."""
        self._begun = False
        self._first = set(islice(self._waiting, READ_IN_A_TURN_MAX))
        self._left = READ_IN_A_TURN_MAX - len(self._first)
        for link in self._first:
            del self._waiting[link]


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, _Turns] = WeakKeyDictionary()


class Link:
    """An open line. `on_data` and `on_lost` are called from the loop, never from within `write` or `close`."""

    def __init__(self, fd: int, *, close_device: Callable[[], None]) -> None:
        self._fd = fd
        self._close_device = close_device
        self._loop = asyncio.get_running_loop()
        self._turns = _turns.setdefault(self._loop, _Turns())
        self._unsent = bytearray()
        self._closed = False
        self._lost = False
        self._on_data: Callable[[bytes], None] = lambda _: None
        self._on_lost: Callable[[str], None] = lambda _: None

    def start(self, on_data: Callable[[bytes], None], on_lost: Callable[[str], None]) -> None:
        self._on_data, self._on_lost = on_data, on_lost
        self._loop.add_reader(self._fd, self._readable)

    def write(self, data: bytes) -> None:
        """Send now what the port takes now, the rest when it takes more."""
        if self._closed or self._lost or not data:
            return
        if not self._unsent:
            try:
                sent = os.write(self._fd, data)
            except BlockingIOError:
                sent = 0
            except OSError as error:
                self._lose_soon(reason(error))
                return
            if sent == len(data):
                return
            data = data[sent:]
            self._loop.add_writer(self._fd, self._writable)
        self._unsent += data
        if len(self._unsent) > WRITE_OCTETS_MAX:
            self._lose_soon("the device does not read")

    def close(self) -> None:
        """Let go of the device; unsent octets are dropped. Nothing is called any more."""
        if not self._closed:
            self._closed = True
            self._unwatch()
            self._close_device()

    def _readable(self) -> None:
        if not self._turns.may_read(self):
            return
        try:
            data = os.read(self._fd, READ_OCTETS)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._lose(reason(error))
            return
        if data:
            self._on_data(data)
        else:
            self._lose("the line was closed")

    def _writable(self) -> None:
        try:
            del self._unsent[: os.write(self._fd, self._unsent)]
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._lose(reason(error))
            return
        if not self._unsent:
            self._loop.remove_writer(self._fd)

    def _lose_soon(self, reason: str) -> None:
        self._loop.call_soon(self._lose, reason)

    def _lose(self, reason: str) -> None:
        if not self._closed and not self._lost:
            self._lost = True
            self._unwatch()
            self._on_lost(reason)

    def _unwatch(self) -> None:
        self._loop.remove_reader(self._fd)
        self._loop.remove_writer(self._fd)


async def open_link(port: str, *, baud: int = 115200, rtscts: bool = False) -> Link:
    """Open `/dev/...`, `tcp://host:port` or `unix:/path`; LinkError when that cannot be done now."""
    try:
        if port.startswith("tcp://"):
            return await _open_tcp(port)
        if port.startswith("unix:"):
            return await _open_unix(port)
        return await _open_tty(port, baud=baud, rtscts=rtscts)
    except TimeoutError as error:
        raise LinkError(f"{port}: nobody answers") from error
    except (OSError, serial.SerialException, termios.error, ValueError) as error:
        raise LinkError(f"{port}: {reason(error)}") from error


async def _open_tcp(port: str) -> Link:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(*tcp_end(port), type=socket.SOCK_STREAM)
    family, kind, protocol, _, address = found[0]
    end = socket.socket(family, kind, protocol)
    try:
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        end.settimeout(0)
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            await loop.sock_connect(end, address)
    except BaseException:
        end.close()
        raise
    return Link(end.fileno(), close_device=end.close)


async def _open_unix(port: str) -> Link:
    end = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        end.settimeout(0)
        await asyncio.get_running_loop().sock_connect(end, port.removeprefix("unix:"))
    except BaseException:
        end.close()
        raise
    return Link(end.fileno(), close_device=end.close)


class _Port(serial.Serial):
    """pyserial, but what is pending in the port when it is opened stays there."""

    def _reset_input_buffer(self) -> None:
        pass

    @property
    def descriptor(self) -> int:
        return int(self.fileno())


def _open_port(port: str, baud: int, *, rtscts: bool) -> _Port:
    opened = _Port(port, baudrate=baud, timeout=0, rtscts=rtscts, exclusive=True)
    with contextlib.suppress(OSError):
        fcntl.ioctl(opened.descriptor, termios.TIOCEXCL)
    with contextlib.suppress(termios.error):  # a modem must not hang up because this program restarts
        attributes = termios.tcgetattr(opened.descriptor)
        attributes[2] &= ~termios.HUPCL
        termios.tcsetattr(opened.descriptor, termios.TCSANOW, attributes)
    os.set_blocking(opened.descriptor, False)
    return opened


def _close_port(port: _Port) -> None:
    with contextlib.suppress(OSError, termios.error, serial.SerialException):
        termios.tcflush(port.descriptor, termios.TCOFLUSH)  # or closing may wait for a stuck flow control
        fcntl.ioctl(port.descriptor, termios.TIOCNXCL)
    with contextlib.suppress(OSError, serial.SerialException):
        port.close()


async def _open_tty(port: str, *, baud: int, rtscts: bool) -> Link:
    """A pty opens and closes at once; a real port may block, so a thread does it."""
    loop = asyncio.get_running_loop()
    if _is_pty(port):
        opened = _open_port(port, baud, rtscts=rtscts)
        return Link(opened.descriptor, close_device=lambda: _close_port(opened))
    opened = await asyncio.to_thread(_open_port, port, baud, rtscts=rtscts)
    return Link(opened.descriptor, close_device=lambda: _close_in_thread(loop, opened))


def _is_pty(port: str) -> bool:
    path = Path(port)
    return not path.exists() or path.resolve().parent == Path("/dev/pts")


def _close_in_thread(loop: asyncio.AbstractEventLoop, port: _Port) -> None:
    if loop.is_running():
        loop.run_in_executor(None, _close_port, port)
    else:
        _close_port(port)


def tcp_end(port: str) -> tuple[str, int]:
    """Host and number of `tcp://host:port`; ValueError when it is none."""
    host, _, number = port.removeprefix("tcp://").rpartition(":")
    if not host or not number.isascii() or not number.isdecimal() or len(number) > 5 or not 0 < int(number) < 65536:
        raise ValueError("write tcp://host:port, with a port from 1 to 65535")
    return host.strip("[]"), int(number)


def path_of(port: str) -> Path | None:
    """The file that must exist before the port can be opened; None for TCP."""
    if port.startswith("tcp://"):
        return None
    return Path(port.removeprefix("unix:"))


def reason(error: BaseException) -> str:
    """What the system says of it, in its own words; pyserial wraps the port's name and the number around them."""
    cause = error.__context__ if isinstance(error, serial.SerialException) and not error.errno else error
    if isinstance(cause, termios.error) and cause.args[:1] == (errno.ENOTTY,):
        return "it is no serial port"
    if isinstance(cause, termios.error | serial.SerialException) and isinstance(cause.args[0], int):
        told = os.strerror(cause.args[0])
    else:
        told = (error.strerror if isinstance(error, OSError) else "") or str(error) or type(error).__name__
    return told[:1].lower() + told[1:]
