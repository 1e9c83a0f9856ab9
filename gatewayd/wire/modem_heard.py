"""What a port says that does not answer to AT: the sentences of a GPS receiver, our own words, or nothing."""

from __future__ import annotations

import re

from gatewayd.wire.at import Echoed, Event, Noise, Stray, Urc

_NMEA = re.compile(r"[$!](?:[A-Z]{2}[A-Z]{3}|P[A-Z]{3,4}),")  # NMEA 0183: $GPGGA,... !AIVDM,... $PMTK...


class Heard:
    """Of one opening of the port, until the modem has answered."""

    def __init__(self) -> None:
        self._nmea = self._echoes = self._lines = self._noise = 0

    def hear(self, event: Event) -> None:
        match event:
            case Urc(line=line) if _NMEA.match(line) is not None:
                self._nmea += 1
            case Echoed():
                self._echoes += 1
            case Urc() | Stray():
                self._lines += 1
            case Noise():
                self._noise += 1
            case _:
                pass

    def told(self, octets: int) -> str:
        """In words. `octets`: how many came in."""
        if self._nmea:
            return "this is a GPS port, it says NMEA sentences"
        if self._echoes and not self._lines:
            return "it echoes what is written, and answers nothing"
        if self._noise and self._noise >= self._lines:
            return "it says what is no text; is its speed (baud) another?"
        if octets:
            return "it says other things than answers"
        return "it is silent"
