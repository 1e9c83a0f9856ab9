"""A stick on USB: its interfaces as serial devices ttyUSB0, 1, ..., with the steady links that udev makes.

Under a directory: `dev/ttyUSB3`, `by-id/usb-Quectel_EC25-if02-port0` and `by-path/pci-0000:00:14.0-usb-0:1:1.2-port0`.
A stick that was away comes back under other numbers, always: that is the case that hurts. Sticks without a serial
number share their by-id links, and the last one has them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

from hwsim.ends import PtyEnd
from hwsim.modem import Modem

NMEA_EVERY_S = 1.0
NMEA = b"$GPGGA,,,,,,0,,,,,,,,*66\r\n"
AT_ROLES = ("at", "at2")


class Mute:
    """An interface that is no AT port: a diagnostic port or one for data stays silent, one of a GPS receiver talks."""

    def __init__(self, name: str, loop: asyncio.AbstractEventLoop, role: str) -> None:
        self.name = name
        self.loop = loop
        self.output: Callable[[bytes], None] = lambda _: None
        if role == "nmea":
            self._talk()

    def receive(self, data: bytes) -> None:
        """Not understood."""

    def closed(self) -> None:
        """Nobody minds."""

    def _talk(self) -> None:
        self.output(NMEA)
        self.loop.call_later(NMEA_EVERY_S, self._talk)


class Bus:
    """The host's side: which numbers and sockets are taken."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._taken: set[int] = set()
        self._sockets = 0

    def socket(self) -> int:
        """The next socket, from 1."""
        self._sockets += 1
        return self._sockets

    def take(self, count: int, avoid: set[int]) -> list[int]:
        """So many numbers in a row, none of those to avoid."""
        start = 0
        while any(number in self._taken or number in avoid for number in range(start, start + count)):
            start += 1
        numbers = list(range(start, start + count))
        self._taken.update(numbers)
        return numbers

    def give_back(self, numbers: list[int]) -> None:
        """The stick is gone."""
        self._taken.difference_update(numbers)


class UsbEnd:
    """All interfaces of one stick; its address is that of the first AT port, by id or else by path."""

    def __init__(self, modem: Modem, bus: Bus) -> None:
        self._modem = modem
        self._bus = bus
        self._socket = bus.socket()
        self._numbers: list[int] = []
        self._last: list[int] = []
        self._links: list[Path] = []
        self._ptys: list[PtyEnd] = []
        self._return: asyncio.TimerHandle | None = None
        kind = modem.personality
        self.roles = kind.interfaces
        self._devices = [self._device(role) for role in self.roles]
        name = kind.usb_name or re.sub(r"[^A-Za-z0-9]+", "_", f"{kind.maker}_{kind.model}".strip())
        self._name = f"usb-{name}_{modem.imei}" if kind.usb_serial else f"usb-{name}"

    def _device(self, role: str) -> Modem | Mute:
        modem = self._modem
        if role == "at":
            return modem
        if role != "at2":
            return Mute(f"{modem.name}-{role}", modem.loop, role)
        return Modem(f"{modem.name}-at2", modem.personality, None, modem.network, modem.dice, modem)

    @property
    def second(self) -> Modem | None:
        """The second AT port, if there is one."""
        return next((port for port in self._devices if isinstance(port, Modem) and port is not self._modem), None)

    @property
    def address(self) -> str:
        """The steady link of the AT port."""
        place = self.roles.index("at")
        return str(self._by_id(place) if self._modem.personality.usb_serial else self._by_path(place))

    @property
    def devices(self) -> dict[str, str]:
        """Role and device of each interface, empty while it is away."""
        found: dict[str, str] = {}
        for place, number in enumerate(self._numbers):
            found[f"if{place:02d} {self.roles[place]}"] = str(self._bus.directory / "dev" / f"ttyUSB{number}")
        return found

    def _by_id(self, place: int) -> Path:
        return self._bus.directory / "by-id" / f"{self._name}-if{place:02d}-port0"

    def _by_path(self, place: int) -> Path:
        return self._bus.directory / "by-path" / f"pci-0000:00:14.0-usb-0:{self._socket}:1.{place}-port0"

    async def start(self) -> None:
        """Plugs it in."""
        for folder in ("dev", "by-id", "by-path"):
            (self._bus.directory / folder).mkdir(parents=True, exist_ok=True)
        self._plug_in()

    def _plug_in(self) -> None:
        self._return = None
        self._numbers = self._last = self._bus.take(len(self.roles), set(self._last))
        for place, number in enumerate(self._numbers):
            tty = self._bus.directory / "dev" / f"ttyUSB{number}"
            pty = PtyEnd(self._devices[place], tty)
            self._ptys.append(pty)
            pty.plug_in()
            for link in (self._by_id(place), self._by_path(place)):
                _point(link, tty)
                self._links.append(link)

    def _pull_out(self) -> None:
        for pty in self._ptys:
            pty.shut()
        for link in self._links:
            if link.is_symlink() and not link.exists():  # another stick without a serial number may have it by now
                link.unlink()
        self._ptys.clear()
        self._links.clear()
        self._bus.give_back(self._numbers)
        self._numbers = []

    def hang_up(self, back_after_s: float) -> None:
        """All interfaces vanish, and come back under other numbers."""
        if self._return:
            self._return.cancel()
        self._pull_out()
        self._return = self._modem.loop.call_later(back_after_s, self._plug_in)

    async def stop(self) -> None:
        """Pulls it out for good."""
        if self._return:
            self._return.cancel()
        self._pull_out()


def _point(link: Path, target: Path) -> None:
    """Makes or re-points a link, relative as udev's are, with no moment without it."""
    temporary = link.with_name(link.name + ".new")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(Path("..") / target.parent.name / target.name)
    temporary.replace(link)
