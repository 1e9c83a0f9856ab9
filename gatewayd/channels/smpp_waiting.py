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
from gatewayd.wire.smpp_pace import Pace
from gatewayd.wire.smpp_pdu import Message
from gatewayd.wire.smpp_refusals import BEFORE_S, Refusals


@dataclass(slots=True, eq=False)
class Part:
    """One part between its booking and its outcome."""

    key: str  # the attempt's id
    submission: Submission
    message: Message
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
        self._held_until = {True: 0.0, False: 0.0}  # critical or not: the house has the first go when a rest is over

    def __len__(self) -> int:
        return len(self._parts)

    def __iter__(self) -> Iterator[Part]:
        return iter(self._parts)

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

    def take(self, part: Part | None = None) -> Part:
        """Out of the line; None: the first."""
        if part is None or part is self._parts[0]:
            return self._parts.popleft()
        self._parts.remove(part)
        return part

    def next(self, pace: Pace, refusals: Refusals, now: float, *, room: int) -> tuple[Part, float]:
        """Who is to be written next, and when. There must be one.

        The first, unless its number was refused: then any other goes before it, and while there is `room` for more than
        wait here it leaves the house a moment to give one.
        """
        first = self._parts[0]
        if not refusals:
            return first, pace.next_at(now, critical=first.critical)
        times = {critical: pace.next_at(now, critical=critical) for critical in (True, False)}
        choices = []
        for part in self._parts:
            at = times[part.critical]
            again_at, turn = refusals.after(part.submission.recipient)
            if turn and room > len(self._parts):
                if at > now:
                    self._held_until[part.critical] = at + BEFORE_S
                at = max(at, self._held_until[part.critical])
            choices.append((max(at, again_at, now), turn, part.place, part))
        at, _, _, part = min(choices, key=lambda choice: choice[:3])
        return part, at

    def overdue(self, now: float) -> list[Part]:
        """Those that have waited too long; they are in the line no more."""
        late = [part for part in self._parts if part.waits_until <= now]
        for part in late:
            self._parts.remove(part)
        return late
