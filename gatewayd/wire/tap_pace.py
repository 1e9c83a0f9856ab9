"""How many pages a bureau takes in a while, and how many of these are kept for what is critical. Pure.

The bureau counts the pages of any such while, and it counts a page at some time between its first octet and its answer.
So a page counts here from when it is given until the while after its answer is over: no while of the bureau sees more
than it allows. A quarter, but at least one page, is left to what is critical, so that no number of other pages makes
that wait. Where a while has one page only there is nothing to keep: what is critical goes next.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Turn:
    """One page. `over_at`: when the bureau had certainly counted it; None: not yet."""

    over_at: float | None = None


class TapPace:
    """`most` pages in any `span_s`; None: as many as there are. Times are monotonic seconds."""

    def __init__(self, most: int | None, span_s: float = 0.0) -> None:
        self._most = most
        self._span_s = span_s
        self._kept = 0 if most is None or most < 2 else max(1, most // 4)
        self._turns: list[Turn] = []

    def free(self, now: float, *, critical: bool) -> int | None:
        """How many pages more may be given now; None: any number."""
        if self._most is None:
            return None
        used = sum(turn.over_at is None or turn.over_at + self._span_s > now for turn in self._turns)
        return max(0, self._most - (0 if critical else self._kept) - used)

    def next_at(self, now: float, *, critical: bool) -> float | None:
        """When the next page may be given; not later than `now` means at once, None: after the answer to another."""
        if self.free(now, critical=critical) != 0:
            return now
        assert self._most is not None
        allowed = self._most - (0 if critical else self._kept)
        ends = sorted(turn.over_at for turn in self._turns if turn.over_at is not None)
        before = len(self._turns) - allowed  # so many must be over, and one more
        return ends[before] + self._span_s if before < len(ends) else None

    def take(self) -> Turn:
        """One page is given; it counts until `over` has been told, and a while longer."""
        turn = Turn()
        if self._most is not None:
            self._turns.append(turn)
        return turn

    def over(self, turn: Turn, now: float) -> None:
        """The bureau has answered it, or will not any more."""
        if turn.over_at is None:
            turn.over_at = now
        self._turns = [each for each in self._turns if each.over_at is None or each.over_at + self._span_s > now]

    def give_back(self, turn: Turn) -> None:
        """Nothing of it went out."""
        if turn in self._turns:
            self._turns.remove(turn)
