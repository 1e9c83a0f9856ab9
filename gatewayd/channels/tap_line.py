"""The line to a paging terminal, or to the modem that dials it: opened for each call, and hung up by closing it.

A serial port is opened with the parity that TAP wants, and DTR falls when it is closed: whatever became of the call, a
modem hangs up then. Where the port carries eight bits only (TCP, a pty), the parity is put in and taken off here.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import termios
from collections.abc import Callable
from pathlib import Path

import serial

from gatewayd.channels.link import Link, LinkError, open_link, reason
from gatewayd.channels.modem_talk import TICK_S
from gatewayd.channels.tap_settings import TapSettings
from gatewayd.clock import Clock
from gatewayd.wire.dialup import SPEAK, DialUp, Down
from gatewayd.wire.dialup import Event as DialEvent
from gatewayd.wire.tap import CallOver, Event, TapCall
from gatewayd.wire.tap_parity import with_even_parity, without_parity

ANSWER_WAIT_S = 3.0  # for the modem's OK
LOOKS = ("AT", SPEAK)  # the first may only teach the modem our speed, or it answers nothing or numbers as it was stored


class Line:
    """An open line; `even`: seven bits and a parity bit in each octet. `closed`: done when the device is free again."""

    def __init__(self, link: Link, *, even: bool, closed: asyncio.Future[None] | None = None) -> None:
        self._link = link
        self._even = even
        self._closed = closed

    def start(self, on_data: Callable[[bytes], None], on_lost: Callable[[str], None]) -> None:
        self._link.start((lambda data: on_data(without_parity(data))) if self._even else on_data, on_lost)

    def write(self, data: bytes) -> None:
        self._link.write(with_even_parity(data) if self._even else data)

    async def close(self) -> None:
        """Returns when the device can be opened again."""
        self._link.close()
        if self._closed is not None:
            await self._closed


async def open_line(settings: TapSettings) -> Line:
    """LinkError when it cannot be opened now."""
    even = settings.parity == "7E1 in software"
    if settings.end.startswith("/"):
        return await _open_tty(settings, even=even)
    return Line(await open_link(settings.end), even=even)


async def modem_answers(line: Line) -> bool:
    """Whether a modem on this line says OK. To be asked before anything else is done with the line."""
    heard = bytearray()
    answered = asyncio.get_running_loop().create_future()

    def on_data(data: bytes) -> None:
        heard.extend(octet & 0x7F for octet in data)
        del heard[:-64]
        if b"OK\r" in heard and not answered.done():
            answered.set_result(True)

    def on_lost(_: str) -> None:
        if not answered.done():
            answered.set_result(False)

    line.start(on_data, on_lost)
    for command in LOOKS:
        line.write(command.encode("ascii") + b"\r")
        done, _ = await asyncio.wait([answered], timeout=ANSWER_WAIT_S)
        if done:
            return bool(answered.result())
    return False


class Conversation:
    """Runs a call's core on an open line until the line may be closed. `on_event` gets what the call tells.

    A fault of ours in between ends it, and `over` raises it.
    """

    def __init__(
        self, core: TapCall | DialUp, line: Line, clock: Clock, on_event: Callable[[Event | DialEvent], None]
    ) -> None:
        self._core = core
        self._line = line
        self._clock = clock
        self._on_event = on_event
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        self._pumping = False

    def start(self, *, line_bps: int) -> None:
        self._line.start(self._received, self._lost)
        if isinstance(self._core, DialUp):
            self._core.start(self._clock.monotonic())
        else:
            self._core.start(self._clock.monotonic(), line_bps=line_bps)
        self._pump()

    def decide(self, key: str, *, go: bool) -> bool:
        """The answer to `BeforeSubmit`; see `TapCall.decide`."""
        went = self._core.decide(key, go=go, now=self._clock.monotonic())
        self._pump()
        return went

    def stop(self) -> None:
        """Begin nothing new, end in order."""
        self._core.stop(self._clock.monotonic())
        self._pump()

    async def over(self) -> None:
        await self._over

    def close(self) -> None:
        """No more of it. If the call was not over, it is lost, and each of its pages is told so."""
        self._core.lost(self._clock.monotonic())
        self._pump()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _received(self, data: bytes) -> None:
        self._core.receive(data, self._clock.monotonic())
        self._pump()

    def _lost(self, _: str) -> None:
        if not self._over.done():
            self._core.lost(self._clock.monotonic())
            self._pump()

    def _timed(self) -> None:
        self._timer = None
        if not self._over.done():
            self._core.on_deadline(self._clock.monotonic())
            self._pump()

    def _pump(self) -> None:
        """Write what is to be written, tell what happened, until there is neither; set the timer."""
        if self._pumping:
            return  # an event led to this step: the loop below goes on with what it brought
        self._pumping = True
        try:
            while (data := self._core.data_to_send()) or (events := self._core.events()):
                if data:
                    self._line.write(data)
                    continue
                for event in events:
                    self._tell(event)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it belongs to who waits for the end of the call
            if not self._over.done():
                self._over.set_exception(fault)
        finally:
            self._pumping = False
        self._set_timer()

    def _tell(self, event: Event | DialEvent) -> None:
        self._on_event(event)
        ended = Down if isinstance(self._core, DialUp) else CallOver
        if isinstance(event, ended) and not self._over.done():
            self._over.set_result(None)

    def _set_timer(self) -> None:
        deadline = self._core.next_deadline()
        if self._over.done() or deadline is None or (self._timer is not None and self._timer_at <= deadline):
            return  # a timer that is too early looks again when it rings
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = deadline
        self._timer = self._loop.call_later(max(TICK_S, deadline - self._clock.monotonic()), self._timed)


# -- serial ports ------------------------------------------------------------------------------------------------------


async def _open_tty(settings: TapSettings, *, even: bool) -> Line:
    """A real port may block when it is opened or closed, so a thread does it."""
    loop = asyncio.get_running_loop()
    try:
        port = await asyncio.to_thread(_open_port, settings)
    except (OSError, serial.SerialException, termios.error, ValueError) as error:
        raise LinkError(f"{settings.end} ({settings.parity}): {reason(error)}") from error
    closed: asyncio.Future[None] = loop.create_future()

    def close_device() -> None:
        done = loop.run_in_executor(None, _close_port, port)
        done.add_done_callback(lambda _: closed.set_result(None))

    return Line(Link(int(port.fileno()), close_device=close_device), even=even, closed=closed)


def _open_port(settings: TapSettings) -> serial.Serial:
    at_pty = Path(settings.end).resolve().parent == Path("/dev/pts")  # no wire, no parity: it refuses to be told
    seven = settings.parity == "7E1" and not at_pty
    port = serial.Serial(
        settings.end,
        baudrate=settings.baud,
        bytesize=serial.SEVENBITS if seven else serial.EIGHTBITS,
        parity=serial.PARITY_EVEN if seven else serial.PARITY_NONE,
        rtscts=settings.rtscts,
        timeout=0,
        exclusive=True,
    )
    with contextlib.suppress(OSError):
        fcntl.ioctl(port.fileno(), termios.TIOCEXCL)
    with contextlib.suppress(termios.error):  # DTR falls when the port is closed, even by a crash
        attributes = termios.tcgetattr(port.fileno())
        attributes[2] |= termios.HUPCL
        termios.tcsetattr(port.fileno(), termios.TCSANOW, attributes)
    return port


def _close_port(port: serial.Serial) -> None:
    with contextlib.suppress(OSError, termios.error, serial.SerialException):
        termios.tcflush(port.fileno(), termios.TCOFLUSH)  # or closing may wait for a stuck flow control
        fcntl.ioctl(port.fileno(), termios.TIOCNXCL)
    with contextlib.suppress(OSError, serial.SerialException):
        port.close()
