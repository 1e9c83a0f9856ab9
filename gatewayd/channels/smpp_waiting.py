"""Parts for a bureau that are booked and wait until they may be written: critical ones first, each kind in its order.

Pure but for the futures that who gave them waits on.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from gatewayd.channels.contract import Submission
from gatewayd.delivery.outcome import Outcome
from gatewayd.wire.smpp_pdu import Message
from gatewayd.wire.smpp_submit import Validity


@dataclass(slots=True, eq=False)
class Part:
    """One part between its booking and its outcome."""

    key: str  # the attempt's id
    submission: Submission
    message: Message
    validity: Validity  # as it is written in it
    outcome: asyncio.Future[Outcome]
    number: int  # in the order in which they were given
    critical: bool  # these stand in front
    waits_until: float  # monotonic; what could not be written by then goes back
    sent_at: float = 0.0
    unwanted_by: str = ""  # by this recipient, since it is out

    @property
    def place(self) -> tuple[bool, int]:
        return not self.critical, self.number

    def end(self, outcome: Outcome) -> None:
        if not self.outcome.done():
            self.outcome.set_result(outcome)


class Waiting:
    """The line."""

    def __init__(self) -> None:
        self._parts: deque[Part] = deque()

    def __len__(self) -> int:
        return len(self._parts)

    def __iter__(self) -> Iterator[Part]:
        return iter(self._parts)

    @property
    def first(self) -> Part:
        return self._parts[0]

    @property
    def critical(self) -> int:
        """How many of them are."""
        return sum(part.critical for part in self._parts)

    @property
    def until(self) -> float:
        """When the first of them goes back."""
        return min(part.waits_until for part in self._parts)

    def add(self, part: Part) -> None:
        at = len(self._parts)
        while at > 0 and self._parts[at - 1].place > part.place:
            at -= 1
        self._parts.insert(at, part)

    def take(self) -> Part:
        return self._parts.popleft()

    def overdue(self, now: float) -> list[Part]:
        """Those that have waited too long; they are in the line no more."""
        late = [part for part in self._parts if part.waits_until <= now]
        for part in late:
            self._parts.remove(part)
        return late
