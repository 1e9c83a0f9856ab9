"""Whose fault a throttle answer is: the bureau's, that has too much to do, or one number's, whose queue there is full.

ESME_RMSGQFUL and ESME_RTHROTTLED do not say. A number that is refused, and refused again after a text to another one
was sent and taken in between, is refused for its own sake; the pace has nothing to learn from that. After three such
refusals nobody need wait for it here, and it is its own fault as long as nobody else is refused. Pure: the caller
brings the time, monotonic seconds.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

ALONE = 3  # so often for its own sake: it is the number
BEFORE_S = 0.1  # so long a number that was refused leaves the next place to any other
OWN_S = 1.0  # the same, once it was refused for its own sake
FORGOTTEN_S = 900.0
_KNOWN_MAX = 1_000


@dataclass(frozen=True, slots=True)
class _Refused:
    at: float
    alone: int  # how often for its own sake


class Refusals:
    """By recipient. A row is what was refused with no other answer in between."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, _Refused] = OrderedDict()
        self._row: dict[str, int] = {}  # in the order in which they were refused last
        self._turns = 0
        self._taken = self._taken_before = ("", float("-inf"))  # of two recipients: when the last text was sent

    def __bool__(self) -> bool:
        """Whether anybody has to wait for others."""
        return bool(self._row) or any(known.alone for known in self._known.values())

    def refused(self, recipient: str, sent_at: float, now: float) -> int:
        """How often it was for its own sake, this time included; 0: this time it may be the bureau."""
        self._turns += 1
        self._row[recipient] = self._turns
        was = self._known.pop(recipient, None)
        if was is None or now - was.at > FORGOTTEN_S:
            was = _Refused(float("inf"), 0)
        other_at = (self._taken if self._taken[0] != recipient else self._taken_before)[1]
        alone = was.at < other_at < sent_at
        self._known[recipient] = _Refused(now, was.alone + alone)
        if len(self._known) > _KNOWN_MAX:
            self._known.popitem(last=False)
        known_full = was.alone >= ALONE and len(self._row) == 1
        return was.alone + alone if alone or known_full else 0

    def taken(self, recipient: str, sent_at: float) -> None:
        """The bureau took a text for it."""
        self._known.pop(recipient, None)
        if self._taken[0] != recipient:
            self._taken_before = self._taken
        self._taken = (recipient, sent_at)

    def row_ends(self) -> None:
        """Any answer that is no throttle answer."""
        self._row.clear()

    def after(self, recipient: str) -> tuple[float, int]:
        """Not before this time may it be tried while others could be, and who was refused before is tried before."""
        known = self._known.get(recipient)
        if known is None or not (known.alone or recipient in self._row):
            return float("-inf"), 0
        return known.at + (OWN_S if known.alone else BEFORE_S), self._row.get(recipient, 0)
