"""How fast a SIM may send: a token bucket, kept as one instant, the one at which it will be full again. Pure.

Operators cut SIMs off that send like machines. A quarter of the burst is kept for what is critical, which may also
overdraw by one burst more: then the rest waits the longer. Beyond that even critical texts wait, or go another way.
"""

from __future__ import annotations

from dataclasses import dataclass

from gatewayd.model import SECOND


@dataclass(frozen=True, slots=True)
class Bucket:
    """`burst` parts at once, `per_minute` in the long run. Times are microseconds UTC."""

    per_minute: float
    burst: int

    @property
    def _interval_us(self) -> int:
        return round(60 * SECOND / self.per_minute)

    def _full_at(self, full_at: int, now: int) -> int:
        """A clock that was set back must not close it for longer than it can be empty."""
        return min(full_at, now + 2 * self.burst * self._interval_us)

    def free_at(self, full_at: int, *, critical: bool, now: int) -> int:
        """When the next part may go; not later than `now` means at once."""
        room = 2 * self.burst if critical else self.burst - self.burst // 4
        return self._full_at(full_at, now) - self._interval_us * (room - 1)

    def done_s(self, full_at: int, *, parts: int, critical: bool, now: int) -> float:
        """How long until so many parts more have gone."""
        room = 2 * self.burst if critical else self.burst - self.burst // 4
        at = max(now, self._full_at(full_at, now)) + self._interval_us * (parts - room)
        return max(0, at - now) / SECOND

    def taken(self, full_at: int, *, now: int) -> int:
        """The instant to keep after one part more."""
        return max(now, self._full_at(full_at, now)) + self._interval_us

    def left(self, full_at: int, *, now: int) -> int:
        """How many parts may go at once now; below 0 it is overdrawn."""
        return self.burst - -(-max(0, self._full_at(full_at, now) - now) // self._interval_us)
