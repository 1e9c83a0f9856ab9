"""Voice calls to and from a modem (3GPP TS 27.007 7.6, 7.18)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hwsim.modem import Modem

RINGS_EVERY_S = 5.0


def kind_of_number(number: str) -> int:
    """Type of address: international or unknown."""
    return 145 if number.startswith("+") else 129


class Voice:
    """Shared by all ports of a device."""

    def __init__(self, modem: Modem, later: Callable[[float, Callable[[], None]], None]) -> None:
        self.calls: dict[int, str] = {}
        self.caller: str | None = None
        self._rings = 0
        self._modem = modem
        self._later = later

    def ring(self, caller: str, seconds: float) -> None:
        """Somebody calls, and rings every five seconds until hung up on, answered or tired of it."""
        self.caller = caller
        self._rings = 0
        self._ring(self._modem.loop.time() + seconds)

    def _ring(self, until: float) -> None:
        modem = self._modem
        if self.caller is None:
            return
        if modem.loop.time() >= until:
            self.caller = None
            modem.urc("NO CARRIER", urgent=True)
            return
        modem.urc("+CRING: VOICE" if modem.settings.plain.get("+CRC") == "1" else "RING", urgent=True)
        if modem.settings.clip:
            modem.urc(f'+CLIP: "{self.caller}",{kind_of_number(self.caller)},,,,0', urgent=True)
        self._rings += 1
        if 0 < modem.settings.registers[0] <= self._rings:  # S0 (V.250 6.3.8)
            self.answer()
            return
        self._later(RINGS_EVERY_S, lambda: self._ring(until))

    def add(self, number: str) -> None:
        """A call that is up."""
        self.calls[len(self.calls) + 1] = number

    def answer(self) -> bool:
        """Takes the call that rings; False if none does."""
        caller, self.caller = self.caller, None
        if caller is not None:
            self.add(caller)
        return caller is not None

    def hang_up(self) -> None:
        """No call is left."""
        self.calls.clear()
        self.caller = None
