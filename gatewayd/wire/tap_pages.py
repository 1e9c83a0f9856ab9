"""The pages of one call: who waits, whose turn it is, and what became of each, told exactly once."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from gatewayd.wire import tap_codes as codes
from gatewayd.wire.tap_blocks import Page
from gatewayd.wire.tap_codes import Verdict

Ended = Literal["done", "refused", "silent", "cut", "lost", "failed"]


@dataclass(frozen=True, slots=True)
class BeforeSubmit:
    """The attempt for this page must be on disk now; answer with `TapCall.decide`."""

    key: str


@dataclass(frozen=True, slots=True)
class PageOver:
    """The fate of one page; told exactly once for each page."""

    key: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Revoked:
    """An accepted page was taken back at the end of the call; this verdict replaces the one told before."""

    key: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class CallOver:
    """The call has ended; hang up. `verdicts`: the last word on every page. `lines`: greeting and farewell.

    "done" is an orderly end; "refused": the logon was not taken; "silent": the terminal fell silent; "cut": it ended
    the call early; "lost": the line went; "failed": there never was a line.
    """

    ended: Ended
    verdicts: tuple[tuple[str, Verdict], ...]
    version: tuple[int, int] | None = None
    pages_max: int | None = None  # learnt: after so many pages the terminal takes no more
    noise_octets: int = 0  # heard, and no part of anything
    lines: tuple[str, ...] = field(default=(), repr=False)


Event = BeforeSubmit | PageOver | Revoked | CallOver


@dataclass(slots=True)
class Turn:
    """The page whose turn it is."""

    page: Page
    blocks: tuple[bytes, ...]
    at: int = 0  # which block is out
    resent: int = 0  # how often this block went out again
    doubt: bool = False  # the last block was written whole, and nothing answered
    words: str = ""  # what the terminal said instead

    @property
    def last(self) -> bool:
        return self.at == len(self.blocks) - 1


class CallPages:
    """Every page that comes in by `add` goes out by one `PageOver`."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.verdicts: dict[str, Verdict] = {}
        self.offered = 0
        self.turn: Turn | None = None
        self._queue: deque[Page] = deque()
        self._keys: set[str] = set()
        self.refused = 0
        self._accepted: list[str] = []

    def add(self, page: Page, *, first: bool) -> None:
        if page.key in self._keys:
            raise ValueError("a page with this key is in this call already")
        self._keys.add(page.key)
        if first:
            self._queue.appendleft(page)
        else:
            self._queue.append(page)

    def take(self) -> Page | None:
        return self._queue.popleft() if self._queue else None

    def tell(self, key: str, verdict: Verdict) -> None:
        assert key not in self.verdicts
        self.verdicts[key] = verdict
        self.events.append(PageOver(key, verdict))

    def settle(self, verdict: Verdict) -> None:
        """The verdict on the page whose turn it is, if it is any page's turn."""
        turn, self.turn = self.turn, None
        if turn is not None:
            if verdict.fate == "accepted":
                self._accepted.append(turn.page.key)
            self.refused += verdict.fate == "refused"
            self.tell(turn.page.key, verdict)

    def give_up_queue(self, rest: Verdict) -> None:
        while (page := self.take()) is not None:
            self.tell(page.key, rest)

    def revoke(self, verdict: Verdict) -> None:
        """The terminal refuses a page of this call and does not say which; `verdict` if it can only mean one."""
        if self.turn is not None and not self._accepted:
            self.settle(verdict)
            return
        self.take_back(codes.ONE_OF_SEVERAL if self.turn is not None else verdict)

    def take_back(self, verdict: Verdict) -> None:
        """As `revoke`, and it does not mean the page whose turn it is: of that nothing is out yet."""
        if len(self._accepted) > 1:
            verdict = codes.ONE_OF_SEVERAL
        for key in self._accepted:
            self.verdicts[key] = verdict
            self.events.append(Revoked(key, verdict))
        self._accepted.clear()
