"""A modem's line: what it says, as the line lets it through - held, halted, at a speed, damaged."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

HELD_BYTES_MAX = 65536
BITS_PER_OCTET = 10  # 8N1
PACE_S = 0.01
EARLY_S = 1e-6  # a loop may run a timer its clock's resolution early


@dataclass(slots=True)
class Damage:
    """What happens to each octet, as probabilities."""

    flip: float = 0.0  # one bit is wrong
    drop: float = 0.0
    nul: float = 0.0  # a NUL comes before it

    @property
    def any(self) -> bool:
        """There is any."""
        return bool(self.flip or self.drop or self.nul)

    def applied(self, data: bytes, dice: Random) -> bytes:
        """What comes out at the other side."""
        left = bytearray()
        for octet in data:
            if dice.random() < self.drop:
                continue
            if dice.random() < self.nul:
                left.append(0)
            left.append(octet ^ 1 << dice.randrange(8) if dice.random() < self.flip else octet)
        return bytes(left)


@dataclass(frozen=True, slots=True)
class Ageing:
    """A slow death: everything takes `start_s` longer, and twice that after each `double_every_s`."""

    since: float
    start_s: float
    double_every_s: float

    def delay_s(self, now: float) -> float:
        """How much longer by now."""
        return float(self.start_s * 2.0 ** ((now - self.since) / self.double_every_s))


class Line:
    """Both directions of one line; `output` is the end's."""

    def __init__(self, loop: asyncio.AbstractEventLoop, dice: Random) -> None:
        self.output: Callable[[bytes], None] = lambda _: None
        self.frozen = False
        self.corked = False
        self.baud = 0  # 0: as fast as it goes
        self.stutter: tuple[int, float] | None = None  # the next output halts after so many octets for so long
        self.out_damage, self.in_damage = Damage(), Damage()
        self._loop = loop
        self._dice = dice
        self._out = bytearray()
        self._halting = False
        self._held_until = 0.0
        self._heard_until = 0.0
        self._power = 0  # timers of an earlier life do nothing

    def write(self, data: bytes) -> None:
        """Octets to the client; a frozen modem keeps them until it thaws."""
        self._out += data
        if not self.corked:
            self.flush()

    def flush(self) -> None:
        """Sends what may go."""
        if self._out and not self.frozen and not self._halting:
            data = bytes(self._out)
            self._out.clear()
            if self.stutter and len(data) > self.stutter[0]:
                octets, seconds = self.stutter
                self.stutter = None
                data = self._halt(data, octets, seconds)
            elif self.baud:
                octets = max(1, int(self.baud / BITS_PER_OCTET * PACE_S))
                data = self._halt(data, octets, min(octets, len(data)) * BITS_PER_OCTET / self.baud)
            self.output(self.out_damage.applied(data, self._dice) if self.out_damage.any else data)
        if len(self._out) > HELD_BYTES_MAX:
            del self._out[:-HELD_BYTES_MAX]

    def _halt(self, data: bytes, octets: int, seconds: float) -> bytes:
        """The first octets; the rest waits."""
        self._out += data[octets:]
        self._halting = True
        power = self._power
        self._loop.call_later(seconds, lambda: self._go_on() if power == self._power else None)
        return data[:octets]

    def hold(self, until: float) -> None:
        """Output waits until that moment of the loop's time, and what follows counts from there."""
        self._held_until = max(until, self._held_until)
        if not self._halting:
            self._halting = True
            self._loop.call_at(until, self._go_on)

    def now(self) -> float:
        """The loop's time as the line sees it: while output is held, the moment when it goes out."""
        return max(self._loop.time(), self._held_until)

    def _go_on(self) -> None:
        if self._held_until > self._loop.time() + EARLY_S:
            self._loop.call_at(self._held_until, self._go_on)
            return
        self._halting = False
        self.flush()

    def arrive(self, data: bytes, take: Callable[[bytes], None]) -> None:
        """Octets from the client, once they have come over the line."""
        if self.in_damage.any:
            data = self.in_damage.applied(data, self._dice)
        if not self.baud:
            take(data)
            return
        self._heard_until = max(self._heard_until, self._loop.time()) + len(data) * BITS_PER_OCTET / self.baud
        self._loop.call_at(self._heard_until, take, data)

    def drop(self) -> None:
        """Power goes: what was to be said is lost."""
        self._power += 1
        self.frozen = self._halting = False
        self._held_until = 0.0
        self._out.clear()
