"""A SIM card: identity, PIN and PUK with their counters, message slots, SC address. It outlives its modem."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

PIN = re.compile(r"[0-9]{4,8}", re.ASCII)
PIN_TRIES, PUK_TRIES = 3, 10


@dataclass(slots=True)
class Stored:
    """A message in a slot. `stat` 0 unread, 1 read, 2 to be sent, 3 sent (3GPP TS 27.005 3.1)."""

    kind: str  # deliver, report or submit
    stat: int
    tpdu: bytes
    sca: str = ""  # of the service centre that it came from or goes to; "": the card's


class Slots:
    """A numbered store; the lowest free index is used next."""

    def __init__(self, size: int, base: int = 1) -> None:
        self.size = size
        self.base = base
        self.stored: dict[int, Stored] = {}

    def add(self, message: Stored) -> int | None:
        """The index that was used, None if all are taken."""
        if self.full:
            return None
        index = next(i for i in range(self.base, self.base + self.size) if i not in self.stored)
        self.stored[index] = message
        return index

    @property
    def full(self) -> bool:
        """No slot is free."""
        return len(self.stored) >= self.size

    def valid(self, index: int) -> bool:
        """There is a slot of this number, used or not."""
        return self.base <= index < self.base + self.size

    def listed(self) -> list[tuple[int, Stored]]:
        """Used slots by index."""
        return sorted(self.stored.items())


@dataclass(slots=True)
class Sim:
    """State that survives power and a change of modem: 3 PIN tries, then 10 PUK tries, then dead."""

    number: str
    imsi: str
    iccid: str
    pin: str = ""  # empty: the card asks for none
    idle_pin: str = "0000"  # what it would ask for if it did
    puk: str = "12345678"
    sca: str = "+447785016005"
    pin_tries: int = PIN_TRIES
    puk_tries: int = PUK_TRIES
    slots: Slots = field(default_factory=lambda: Slots(30))
    unlocked: bool = False
    preferred: dict[int, str] = field(default_factory=dict)  # operators, by place
    trouble: str = ""  # FAILURE or WRONG
    asks_pin2: bool = False
    changed: Callable[[], None] = lambda: None  # called when a counter or a code is another

    @property
    def state(self) -> str:
        """READY, SIM PIN or SIM PUK as +CPIN? names it; BLOCKED once the PUK is used up; FAILURE, WRONG."""
        if self.trouble:
            return self.trouble
        if self.puk_tries == 0:
            return "BLOCKED"
        if self.pin_tries == 0:
            return "SIM PUK"
        if self.pin and not self.unlocked:
            return "SIM PIN"
        return "READY"

    @property
    def shown(self) -> str:
        """What +CPIN? says; a card that asks for its PIN2 does all that SMS needs."""
        return "SIM PIN2" if self.asks_pin2 and self.state == "READY" else self.state

    def power_up(self) -> None:
        """A card with a PIN asks for it again after each power-up."""
        self.unlocked = not self.pin

    def enter_pin(self, pin: str) -> bool:
        """A right PIN resets the counter, a wrong one costs a try."""
        good = pin == (self.pin or self.idle_pin)
        self.pin_tries = PIN_TRIES if good else max(0, self.pin_tries - 1)
        self.unlocked = self.unlocked or good
        self.changed()
        return good

    def lock(self, *, on: bool) -> None:
        """From the next power-up on the card asks for its PIN, or does not."""
        if on:
            self.pin = self.idle_pin
        else:
            self.idle_pin, self.pin = self.pin, ""
        self.changed()

    def enter_puk(self, puk: str, new_pin: str) -> bool:
        """A right PUK sets a new PIN and both counters; a wrong one costs a try."""
        good = puk == self.puk
        if good:
            self.pin, self.pin_tries, self.puk_tries = new_pin, PIN_TRIES, PUK_TRIES
            self.unlocked = True
        else:
            self.puk_tries = max(0, self.puk_tries - 1)
        self.changed()
        return good
