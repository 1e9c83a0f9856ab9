"""What a SIM may cost, or send, in a month: which month it is, how much is used, what is told, what stops. Pure.

The stop is for what can wait. It never stops what is critical, an answer to a person, or the news of the stop itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from gatewayd.model import Priority

LEVELS = (80, 95, 100)  # per cent at which it is told
EXEMPT = frozenset({"answer", "notice"})  # kinds of texts
_MILLION = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Budget:
    """Of one SIM and one month; `cost` in millionths. None: no limit of that sort."""

    cost: int | None = None
    parts: int | None = None
    stops: bool = True

    def used(self, cost: int, parts: int) -> float:
        """How much of it: 1.0 is all."""
        return max(
            cost / self.cost if self.cost else 0.0,
            parts / self.parts if self.parts else 0.0,
        )

    def level(self, cost: int, parts: int) -> int:
        """The highest of LEVELS that is reached; 0 when none is."""
        used = self.used(cost, parts) * 100
        return max((level for level in LEVELS if used >= level), default=0)

    def spent(self, cost: int, parts: int, *, next_cost: int = 0, next_parts: int = 0) -> bool:
        """Whether a text of this size would go beyond it."""
        return (self.cost is not None and cost + next_cost > self.cost) or (
            self.parts is not None and parts + next_parts > self.parts
        )

    def told(self, cost: int, parts: int) -> str:
        """For people: "12.3 of 25", "410 of 500 parts"."""
        said = [] if self.cost is None else [f"{cost / _MILLION:.12g} of {self.cost / _MILLION:g}"]
        return ", ".join(said if self.parts is None else [*said, f"{parts} of {self.parts} parts"])

    def figures(self, cost: int, parts: int) -> str:
        """The same without a word: "12.3/25", "410/500 SMS"."""
        said = [] if self.cost is None else [f"{cost / _MILLION:.12g}/{self.cost / _MILLION:g}"]
        return ", ".join(said if self.parts is None else [*said, f"{parts}/{self.parts} SMS"])


def exempt(kind: str, priority: int) -> bool:
    """Whether no budget stops it."""
    return priority == Priority.CRITICAL or kind in EXEMPT


def month_of(now: int, zone: ZoneInfo) -> str:
    """ "2026-11", by the wall clock of the zone."""
    return f"{(_EPOCH + timedelta(microseconds=now)).astimezone(zone):%Y-%m}"


def month_ends(now: int, zone: ZoneInfo) -> int:
    """When the next month begins there."""
    wall = (_EPOCH + timedelta(microseconds=now)).astimezone(zone)
    year, month = (wall.year + 1, 1) if wall.month == 12 else (wall.year, wall.month + 1)
    return (datetime(year, month, 1, tzinfo=zone).astimezone(UTC) - _EPOCH) // timedelta(microseconds=1)
