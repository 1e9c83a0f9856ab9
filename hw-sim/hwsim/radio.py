"""A modem's radio: whether it is on, where it is registered, by what, and how well it hears."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random

from hwsim.traits import Personality

REGISTERED = frozenset({1, 5, 6, 7})
SEARCHING, NOT_SEARCHING = 2, 0
LTE = 7
RSSI_MAX, RSSI_UNKNOWN = 31, 99
_CIRCUIT = frozenset({"+CREG", "+CGREG"})


class Radio:
    """Shared by all ports of a device. `ready` says whether the card lets it register, `tell` hears of changes."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, personality: Personality, dice: Random, ready: Callable[[], bool]
    ) -> None:
        self.functionality = 1
        self.registration = 1
        self.selection = 0  # <mode> of +COPS
        self.ussd: asyncio.TimerHandle | None = None  # the network's answer is under way
        self.in_menu = False  # of USSD: it waits for a choice
        self.packed_ussd = False  # the last question was, and its answer is, in packed septets
        self.act = personality.act
        self.rssi = 20
        self.rssi_noise = 0  # each reading is off by up to so much
        self.rssi_fades_per_h = 0.0
        self.lte_only = False  # +CREG and +CGREG see nothing, +CEREG does
        self.lte_cms: int | None = None  # what a submission gets then; None: it goes by IMS
        self.tell: Callable[[int], None] = lambda _: None
        self._loop = loop
        self._personality = personality
        self._dice = dice
        self._ready = ready
        self._searching_until = 0.0
        self._measured_from = loop.time()

    def power_up(self) -> None:
        """On, and in search of its network by itself."""
        self.functionality = 1
        if self.selection:
            self.selection, self.registration = 0, 1
        self.in_menu = False
        if self.ussd:
            self.ussd.cancel()

    def stat(self) -> int:
        """Registration as +CREG shows it."""
        if self.functionality != 1 or not self._ready():
            return NOT_SEARCHING
        if self._searching_until and self._loop.time() < self._searching_until:
            return SEARCHING
        return self.registration

    def stat_by(self, command: str) -> int:
        """As this one of +CREG, +CGREG and +CEREG shows it."""
        if (self.lte_only and command in _CIRCUIT) or (command == "+CEREG" and self.act != LTE):
            return NOT_SEARCHING
        return self.stat()

    def place(self, command: str) -> str:
        """Area, cell and access technology, told only while registered (27.007 7.2); older types know two octets of a
        cell and no technology."""
        if self.stat_by(command) not in REGISTERED:
            return ""
        return f',"00C3","0001A2F1",{self.act}' if self._personality.wide_cells else ',"00C3","A2F1"'

    def register(self, stat: int) -> None:
        """Changes the registration."""
        before = self.stat()
        self.registration = stat
        self.tell(before)

    def switch(self, level: int) -> None:
        """CFUN: on, it looks for its network first, if it is of the kind that takes its time."""
        before, was = self.stat(), self.functionality
        self.functionality = level
        if level == 1 and was != 1 and self._personality.search_s:
            self.search()
            self.tell(before)
        else:
            self._loop.call_later(self._personality.registration_s, self.tell, before)

    def search(self) -> None:
        """Not registered until the network is found."""
        seconds = self._personality.search_s
        if seconds:
            self._searching_until = self._loop.time() + seconds
            self._loop.call_later(seconds, self.tell, SEARCHING)

    def measure(self, rssi: int, *, noise: int = 0, fades_per_h: float = 0.0) -> None:
        """From now on the signal is this, give or take the noise, and fades."""
        self.rssi, self.rssi_noise, self.rssi_fades_per_h = rssi, noise, fades_per_h
        self._measured_from = self._loop.time()

    def signal(self) -> int:
        """The signal as +CSQ shows it: 0 to 31, 99 unknown or none."""
        if self.functionality != 1 or self.rssi == RSSI_UNKNOWN:
            return RSSI_UNKNOWN
        level = self.rssi - self.rssi_fades_per_h * (self._loop.time() - self._measured_from) / 3600.0
        if self.rssi_noise:
            level += self._dice.randint(-self.rssi_noise, self.rssi_noise)
        return min(RSSI_MAX, int(level)) if level >= 0 else RSSI_UNKNOWN
