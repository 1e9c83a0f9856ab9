"""Which of the waiting pages goes next, whose fault it is that a call ended at a page, and when a call is late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Literal

LATE_S_MIN = 20.0
LATE_TIMES = 1.5
SUSPECTS_MAX = 100

PageId = tuple[str, int]  # the text, and which part of it
Fault = Literal["line", "page", "either"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page that waits for the line. `urgency`: the smaller, the sooner; `since`: when it was due."""

    key: str
    urgency: int
    since: float
    part: int = 1  # of a text that was split; parts go in their order
    ended: int = 0  # so many calls have ended at it


def next_of(waiting: Iterable[Waiting]) -> Waiting | None:
    """The page whose turn it is: the most urgent, last of these one that ends calls; of the others the rest of a text
    that was begun, then the oldest.
    """
    return min(
        waiting, key=lambda page: (page.urgency, page.ended, page.part == 1, page.since, page.part), default=None
    )


def late_after_s(let_in_s: Iterable[float]) -> float:
    """After so long without being let in, a call is later than those before it, which were let in after `let_in_s`."""
    return max(LATE_S_MIN, LATE_TIMES * median(tuple(let_in_s) or (0.0,)))


class Suspects:
    """Pages at which the bureau has ended a call, by NAK or by hanging up, and whose fault that is.

    A line or a bureau that is ill lets no page through; a page that is ill fails alone, where others are taken. Where
    nothing else was tried nobody can know: then it is not held against the page, which would be given up for a line
    that is ill for some minutes.
    """

    def __init__(self) -> None:
        self._times: dict[PageId, int] = {}
        self._since: dict[PageId, str] = {}  # at which calls have ended since the bureau took a page, and their pagers

    def times(self, page: PageId) -> int:
        """How many calls have ended at it."""
        return self._times.get(page, 0)

    def taken(self, page: PageId) -> None:
        """The bureau has taken or refused it as one page: line and bureau are well."""
        self._times.pop(page, None)
        self._since.clear()

    def ended_at(self, page: PageId, pager: str, *, others: bool) -> Fault:
        """A call has ended at this page; `others`: pages before it were taken."""
        own = others or (page in self._times and page not in self._since)
        self._since[page] = pager
        self._times[page] = self._times.pop(page, 0) + 1
        for memory in (self._times, self._since):
            while len(memory) > SUSPECTS_MAX:
                del memory[next(iter(memory))]
        if own:
            return "page"
        return "line" if len(set(self._since.values())) > 1 else "either"
