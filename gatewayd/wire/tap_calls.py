"""Which of the waiting pages go in the next call, and when one is late: a line is a queue, a call takes so many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

LATE_S_MIN = 20.0
LATE_TIMES = 1.5


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page that waits for the line. `urgency`: the smaller, the sooner; `since`: when it was due."""

    key: str
    pager: str
    urgency: int
    since: float
    part: int = 1  # of a text that was split; parts go in their order


def for_next_call(
    waiting: Iterable[Waiting], *, pages_max: int, pager_pages_max: int | None = None
) -> tuple[Waiting, ...]:
    """The pages for one call, in the order in which they are to be sent: most urgent first, then oldest.

    No pager gets more than `pager_pages_max`: what one flapping service says to one person shall not fill the call.
    """
    chosen: list[Waiting] = []
    taken: dict[str, int] = {}
    for page in sorted(waiting, key=lambda page: (page.urgency, page.since, page.part)):
        if len(chosen) >= pages_max:
            break
        if pager_pages_max is not None and taken.get(page.pager, 0) >= pager_pages_max:
            continue
        taken[page.pager] = taken.get(page.pager, 0) + 1
        chosen.append(page)
    return tuple(chosen)


def late_after_s(let_in_s: Iterable[float]) -> float:
    """After so long without being let in, a call is later than those before it, which were let in after `let_in_s`."""
    return max(LATE_S_MIN, LATE_TIMES * median(tuple(let_in_s) or (0.0,)))
