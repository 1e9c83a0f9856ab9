"""A person's pager: joins parts, shows a page once however often it is on the air, and answers if it is a two-way one.

A one-way pager hears what is on the air while it is in coverage, and nobody learns whether it did. A two-way pager is
a handset of the network like a phone: what it missed waits for it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from hwsim.numbers import national
from hwsim.phone import INBOX_MAX, JOINED_MAX, Habit
from hwsim.segments import parts_of
from hwsim.smsc import Envelope, Taken
from hwsim.tpdu import Concat

if TYPE_CHECKING:
    from hwsim.smsc import Network

ALPHA, NUMERIC, TONE = "alpha", "numeric", "tone"
KINDS = (ALPHA, NUMERIC, TONE)
_NUMERIC = re.compile(r"[0-9 U\-\[\]()*]*", re.ASCII)


@dataclass(slots=True)
class Shown:
    """A page as its reader sees it; `ids` are the ledger's numbers of its parts, `copies` how often it was heard."""

    sender: str
    text: str
    at: float
    ids: list[int]
    parts: int = 1
    cut: bool = False
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """One page, or one part of it, as it reaches a pager."""

    id: int
    sender: str
    text: str
    concat: Concat | None = None
    group: str | None = None


class Pager:
    """One pager. `number` is its address by SMPP, `cap` the id that TAP callers give."""

    def __init__(
        self, number: str, name: str, network: Network, *, cap: str = "", kind: str = ALPHA, max_chars: int = 240,
        two_way: bool = False,
    ) -> None:  # fmt: skip
        if kind not in KINDS:
            raise ValueError(f"a pager is {', '.join(KINDS)}, not {kind!r}")
        self.number = number
        self.cap = cap or number.removeprefix("+")
        self.name = name
        self.kind = kind
        self.max_chars = max_chars
        self.two_way = two_way
        self.on = True
        self.inbox: deque[Shown] = deque(maxlen=INBOX_MAX)
        self.sent: deque[dict[str, Any]] = deque(maxlen=1000)
        self.habits: list[Habit] = []
        self.received = 0
        self.copies_dropped = 0
        self.heard: Callable[[Shown], None] = lambda _: None
        self.reply_to: Callable[[Shown], str] = lambda shown: shown.sender
        self._network = network
        self._ref = network.dice.randrange(256)
        self._incomplete: dict[tuple[str, int, int, int], dict[int, Heard]] = {}
        self._joined: dict[tuple[str, int, int, int], tuple[str, ...]] = {}
        if two_way:
            network.subscribe(number, self)

    def unfit(self, text: str) -> str:
        """Why this pager cannot show the text: "tone", "numeric", or "" if it can."""
        if self.kind == TONE:
            return TONE if text else ""
        return NUMERIC if self.kind == NUMERIC and not _NUMERIC.fullmatch(text) else ""

    # What the network calls of a two-way pager

    def reachable(self) -> bool:
        """Switched on and in coverage."""
        return self.on

    def take(self, envelope: Envelope, done: Callable[[Taken], None]) -> None:
        """A message with its acknowledgement."""
        done(Taken.OK)
        if envelope.data:
            self.hear(Heard(envelope.id, str(envelope.sender), envelope.data.text, envelope.data.concat))

    # What it shows

    def hear(self, page: Heard) -> None:
        """A page from the air; the caller has seen to it that the pager is in coverage."""
        self.received += 1
        if page.concat:
            self._join(page, page.concat)
        else:
            self._show([page])

    def _join(self, page: Heard, concat: Concat) -> None:
        key = (page.sender, concat.ref, concat.total, concat.bits)
        joined = self._joined.get(key)
        parts = self._incomplete.setdefault(key, {})
        if concat.seq in parts or (joined and joined[concat.seq - 1] == page.text):
            self.copies_dropped += 1
            if not parts:
                del self._incomplete[key]
            return
        parts[concat.seq] = page
        if len(parts) < concat.total:
            return
        del self._incomplete[key]
        whole = [part for _, part in sorted(parts.items())]
        self._joined[key] = tuple([part.text for part in whole])
        if len(self._joined) > JOINED_MAX:
            del self._joined[next(iter(self._joined))]
        self._show(whole)

    def _show(self, parts: list[Heard]) -> None:
        text = "".join([part.text for part in parts])
        now = self._network.wall()
        shown = Shown(parts[0].sender, text[: self.max_chars], now, [part.id for part in parts], len(parts))
        shown.cut = len(text) > self.max_chars
        shown.group = parts[0].group
        self.inbox.append(shown)
        self._network.ledger.write(
            {
                "event": "shown",
                "at": now,
                "id": parts[0].id,
                "ids": shown.ids,
                "from": shown.sender,
                "to": self.number,
                "text": shown.text,
                "cut": shown.cut,
                "group": shown.group,
            }
        )
        self.heard(shown)
        self._react(shown)

    def _react(self, shown: Shown) -> None:
        for habit in self.habits:
            if habit.fits(shown.text):
                if habit.probability < 1.0 and self._network.dice.random() >= habit.probability:
                    continue
                if habit.times is not None:
                    habit.times -= 1
                self._network.loop.call_later(
                    habit.after_s, self._habitual, habit.to or self.reply_to(shown), habit.text
                )
                return

    def _habitual(self, to: str, text: str) -> None:
        if self.on and self.two_way:
            self.send(to, text)

    # What its owner does

    def switch(self, on: bool) -> None:
        """In coverage, or in the Tube. What waited for a two-way pager comes soon after."""
        self.on = on
        if on and self.two_way:
            self._network.came_back(self.number)

    def send(self, to: str, text: str) -> None:
        """A message from a two-way pager; raises LookupError on a one-way one."""
        if not self.two_way:
            raise LookupError(f"{self.number} is a one-way pager")
        self._ref = (self._ref + 1) & 255
        number = national(to, self._network.settings.country)
        for data in parts_of(text, self._ref):
            self._network.originate(self.number, number, data)
        self.sent.append({"to": number, "text": text, "at": self._network.wall()})

    def reply(self, text: str) -> str:
        """Answers the last page; returns the number that it goes to. Raises LookupError if that is impossible."""
        if not self.inbox:
            raise LookupError(f"nobody has paged {self.number} yet")
        to = self.reply_to(self.inbox[-1])
        if not to:
            raise LookupError("the last page has no way back")
        self.send(to, text)
        return to

    def texts(self, contains: str = "") -> list[Shown]:
        """Pages that hold these words."""
        return [shown for shown in self.inbox if contains in shown.text]

    def shown(self) -> dict[str, Any]:
        """As the control API shows it."""
        return {
            "number": self.number,
            "cap": self.cap,
            "name": self.name,
            "kind": self.kind,
            "max_chars": self.max_chars,
            "two_way": self.two_way,
            "on": self.on,
            "received_parts": self.received,
            "copies_dropped": self.copies_dropped,
            "incomplete": len(self._incomplete),
            "waiting": self._network.waiting(self.number) if self.two_way else 0,
            "inbox": [asdict(shown) for shown in self.inbox],
            "sent": list(self.sent),
            "script": [asdict(habit) for habit in self.habits],
        }


@dataclass(slots=True)
class Group:
    """A group cap code: one page reaches every member's pager at once."""

    number: str
    cap: str
    members: list[str]
    name: str = ""
