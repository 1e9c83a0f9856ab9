"""A paging bureau: what it accepted by SMPP or TAP, when it is on the air, and what became of it.

One-way pagers and groups are paged on the air, again after each of `repeat_s`; two-way pagers and phones are served by
the street's network, which keeps what they miss. The ledger has every step.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial
from random import Random
from typing import Any

from hwsim import alphabet
from hwsim.faults import Rule
from hwsim.fields import Malformed, address_of
from hwsim.pager import Group, Heard, Pager, Shown
from hwsim.segments import parts_of
from hwsim.settings_by_name import choice
from hwsim.smsc import Envelope, Network
from hwsim.tpdu import Concat, UserData, put_user_data

PAGES_MAX = 50_000


class State(IntEnum):
    """Message states (SMPP 3.4 5.2.28)."""

    ENROUTE = 1
    DELIVERED = 2
    EXPIRED = 3
    DELETED = 4
    UNDELIVERABLE = 5
    ACCEPTED = 6
    UNKNOWN = 7
    REJECTED = 8

    @property
    def final(self) -> bool:
        """Nothing comes after it."""
        return self not in {State.ENROUTE, State.ACCEPTED}


@dataclass(slots=True)
class BureauSettings:
    """How the bureau pages, whatever the way in."""

    air_delay_s: float = 0.0  # from acceptance to the first transmission
    repeat_s: list[float] = field(default_factory=lambda: [120.0, 600.0])  # later transmissions of a one-way page
    # DELIVRD once it is on the air; the truth; ACCEPTD once it is on the air; nothing
    one_way_outcome: str = choice("aired", "heard", "accepted", "none")
    default_validity_s: float = 24 * 3600.0
    max_validity_s: float = 7 * 86400.0
    unknown_numbers: str = choice(
        "refuse", "report", "silence"
    )  # report: take, then UNDELIV; silence: take for nothing


@dataclass(slots=True)
class Order:
    """What a caller wants: one page, or one part of one."""

    line: str  # the account or TAP line that it came by
    protocol: str
    source: str
    to: str  # the number of a pager, a group or a phone
    text: str
    concat: Concat | None = None
    valid_s: float | None = None
    defer_s: float = 0.0
    once: bool = False
    lose: bool = False
    copies: int = 1
    details: Mapping[str, Any] = field(default_factory=dict)  # for the ledger


@dataclass(slots=True)
class Page:
    """An order that was accepted, and what became of it."""

    id: int
    order: Order
    at: float
    valid_s: float
    told: Callable[[Page, State], None]
    state: State = State.ENROUTE
    changed_at: float = 0.0
    expires: float = 0.0  # by the loop's clock
    timers: list[asyncio.TimerHandle] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    heard: Counter[str] = field(default_factory=Counter)  # how often by which pager
    on_air: bool = False
    forwarding: asyncio.TimerHandle | None = None  # the first attempt


class Bureau:
    """The paging centre behind the lines. `pagers` and `groups` are the street's, by number."""

    def __init__(
        self, name: str, network: Network, dice: Random, pagers: Mapping[str, Pager], groups: Mapping[str, Group]
    ) -> None:
        self.name = name
        self.network = network
        self.loop = network.loop
        self.dice = dice
        self.pagers = pagers
        self.groups = groups
        self.settings = BureauSettings()
        self.rules: list[Rule] = []
        self.pages: dict[int, Page] = {}

    # Who is there

    def knows(self, number: str) -> bool:
        """A pager, a group, or a handset of the network."""
        return number in self.pagers or number in self.groups or number in self.network.handsets

    def by_cap(self, cap: str) -> Pager | Group | None:
        """The pager or group of this cap code."""
        everybody: list[Pager | Group] = [*self.pagers.values(), *self.groups.values()]
        return next((one for one in everybody if one.cap == cap), None)

    # The way in

    def accept(self, order: Order, told: Callable[[Page, State], None]) -> Page:
        """Takes responsibility for an order: it is in the ledger, whatever the caller is told. `told` hears each state
        that it reaches."""
        now = self.network.wall()
        settings = self.settings
        wanted = settings.default_validity_s if order.valid_s is None else order.valid_s
        page = Page(self.network.new_id(), order, now, min(wanted, settings.max_validity_s), told, changed_at=now)
        self.pages[page.id] = page
        if len(self.pages) > PAGES_MAX:
            del self.pages[next(iter(self.pages))]
        concat = order.concat
        self.book(
            "accepted",
            line=order.line,
            protocol=order.protocol,
            id=page.id,
            **{"from": order.source},
            modem=None,
            to=order.to,
            text=order.text,
            concat=concat and {"ref": concat.ref, "total": concat.total, "seq": concat.seq, "bits": concat.bits},
            valid_s=page.valid_s,
            **order.details,
        )
        if order.lose:
            self._book_page("lost", page)
            return page
        self._watch(page)
        delay_s = max(order.defer_s, settings.air_delay_s)
        self._forward_in(delay_s, page)
        return page

    def _forward_in(self, delay_s: float, page: Page) -> None:
        if page.forwarding:
            page.forwarding.cancel()
        page.forwarding = self.loop.call_later(delay_s, self._forward, page)
        page.timers.append(page.forwarding)

    def _watch(self, page: Page) -> None:
        page.expires = self.loop.time() + page.valid_s
        page.timers.append(self.loop.call_at(page.expires, self._expire, page))

    def book(self, event: str, **more: object) -> None:
        """One entry of this bureau in the street's ledger."""
        self.network.ledger.write({"event": event, "at": self.network.wall(), "bureau": self.name, **more})
        self.network.changed()

    def _book_page(self, event: str, page: Page, **more: object) -> None:
        order = page.order
        to = more.pop("to", order.to)
        self.book(event, line=order.line, id=page.id, **{"from": order.source}, to=to, **more)

    # The way out

    def _forward(self, page: Page) -> None:
        order = page.order
        if page.state.final:
            return
        if order.to in self.groups:
            members = [self.pagers[number] for number in self.groups[order.to].members if number in self.pagers]
            self._go_on_air(page, members)
        elif order.to in self.pagers and not self.pagers[order.to].two_way:
            self._go_on_air(page, [self.pagers[order.to]])
        elif order.to in self.network.handsets:
            for _ in range(order.copies):
                self._carry(page)
        elif self.settings.unknown_numbers == "report":
            self._book_page("failed", page, status=None)
            self._reach(page, State.UNDELIVERABLE)

    def _go_on_air(self, page: Page, pagers: list[Pager]) -> None:
        page.on_air = True
        fit = [pager for pager in pagers if not pager.unfit(page.order.text)]
        for pager in pagers if fit else ():
            if pager not in fit:
                self._book_page("unfit", page, to=pager.number)
        if not fit:
            self._book_page("failed", page, status="unfit")
            self._reach(page, State.UNDELIVERABLE)
            return
        times = [0.0, *self.settings.repeat_s] * page.order.copies
        for number, offset_s in enumerate(sorted(times), 1):
            last = number == len(times)
            page.timers.append(self.loop.call_later(offset_s, self._air, page, fit, number, last))

    def _air(self, page: Page, pagers: list[Pager], number: int, last: bool) -> None:
        if page.state not in {State.EXPIRED, State.DELETED}:
            self._transmit(page, pagers, number)
        if last:
            for pager in pagers:
                if not page.heard[pager.number]:
                    self._book_page("missed", page, to=pager.number)

    def _transmit(self, page: Page, pagers: list[Pager], number: int) -> None:
        order = page.order
        self._book_page("aired", page, times=number)
        group = order.to if order.to in self.groups else None
        for pager in pagers:
            if not pager.on or page.heard[pager.number] >= order.copies:
                continue
            if not page.heard[pager.number]:
                self._book_page("delivered", page, to=pager.number)
            page.heard[pager.number] += 1
            pager.hear(Heard(page.id, order.source, order.text, order.concat, group))
        outcome = self.settings.one_way_outcome
        if outcome == "aired" or (outcome == "heard" and page.heard):
            self._reach(page, State.DELIVERED)
        elif outcome == "accepted":
            self._reach(page, State.ACCEPTED)

    def _carry(self, page: Page) -> None:
        """Two-way pagers and phones: the network keeps it for them until the page expires."""
        order = page.order
        pager = self.pagers.get(order.to)
        if pager and pager.unfit(order.text):
            self._book_page("failed", page, status="unfit")
            self._reach(page, State.UNDELIVERABLE)
            return
        pieces = self._pieces(order, page.id, as_it_is=pager is not None)
        outcomes: list[str] = []
        for data in pieces:
            envelope = self.network.carry(
                page.id,
                order.source,
                order.to,
                data,
                sender=address_of(order.source),
                valid_s=self.settings.max_validity_s * 2,  # the bureau's own clock ends it, not the network's
                once=order.once,
                told=partial(self._hear, page, outcomes, len(pieces)),
            )
            page.envelopes.append(envelope)

    def _pieces(self, order: Order, ref: int, *, as_it_is: bool) -> list[UserData]:
        """User data as the handset needs it; a pager of the bureau's own takes a text of any length."""
        if as_it_is:
            dcs = 0 if alphabet.fits(order.text) else 8
            return [UserData(dcs, 0, b"", order.concat is not None, order.concat, order.text)]
        try:
            return [put_user_data(order.text, order.concat)]
        except Malformed:
            return parts_of(order.text, ref & 255)

    def _hear(self, page: Page, outcomes: list[str], pieces: int, event: str) -> None:
        """The network's word on one piece."""
        if page.state.final:
            return
        if event == "waiting":
            page.told(page, State.ENROUTE)
            return
        outcomes.append(event)
        if event == "failed":
            self._reach(page, State.UNDELIVERABLE)
        elif event == "expired":
            self._reach(page, State.EXPIRED)
        elif outcomes.count("delivered") == pieces:
            self._reach(page, State.DELIVERED)

    def _expire(self, page: Page) -> None:
        if page.state.final or self.loop.time() < page.expires - 0.001:
            return
        withdrawn = [envelope for envelope in page.envelopes if self.network.withdraw(envelope)]
        if page.envelopes and not withdrawn:
            return  # a handset is taking it at this moment
        if not page.on_air or self.settings.one_way_outcome == "heard":
            self._book_page("expired", page, status=None)
            self._reach(page, State.EXPIRED)

    def _reach(self, page: Page, state: State) -> None:
        if page.state.final or page.state is state:
            return
        page.state = state
        page.changed_at = self.network.wall()
        if state.final and not page.on_air:
            for timer in page.timers:
                timer.cancel()
            page.timers.clear()
        page.told(page, state)
        self.network.changed()

    # Second thoughts

    def withdraw(self, page: Page) -> bool:
        """Takes a page back that nobody has yet; False if it is too late."""
        if page.state.final or page.on_air:
            return False
        if page.envelopes and not all(self.network.withdraw(envelope) for envelope in page.envelopes):
            return False
        self._book_page("deleted", page)
        self._reach(page, State.DELETED)
        return True

    def replace(self, page: Page, text: str, valid_s: float | None, defer_s: float | None = None) -> bool:
        """Puts another text in a page's place before anybody has any of it, perhaps to be sent at another time."""
        if page.state.final or page.on_air or any(envelope.settled for envelope in page.envelopes):
            return False
        if not all(self.network.withdraw(envelope) for envelope in page.envelopes):
            return False
        page.order.text = text
        page.order.concat = None
        waits = page.forwarding is not None and page.forwarding.when() > self.loop.time()
        page.envelopes.clear()
        if defer_s is not None or not waits:
            self._forward_in(defer_s or 0.0, page)
        if valid_s is not None:
            page.valid_s = valid_s
            self._watch(page)
        self._book_page("replaced", page, text=text)
        return True

    def page_of(self, shown: Shown) -> Page | None:
        """The page behind what a pager shows, if this bureau sent it."""
        return self.pages.get(shown.ids[-1])
