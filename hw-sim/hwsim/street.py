"""The street: a network, its modems and its people, built and started together. README.md shows how to use it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Self

# What commands do is registered when their files are read.
from hwsim import at_general, at_radio, at_send, at_sim, at_sms  # noqa: F401
from hwsim.bureau import Bureau
from hwsim.ends import InProcessEnd, PtyEnd, SocketEnd, end_of
from hwsim.faults import KINDS, FaultError, number, read_rule, rule_of
from hwsim.ledger import Ledger
from hwsim.mishaps import happen, known
from hwsim.modem import Modem
from hwsim.pager import Group, Pager, Shown
from hwsim.personality import PERSONALITIES, Personality
from hwsim.phone import Phone
from hwsim.sim import Sim, Slots
from hwsim.smpp_centre import Centre, Wire
from hwsim.smpp_faults import SMPP_KINDS
from hwsim.smpp_mishaps import MISHAPS as SMPP_MISHAPS
from hwsim.smsc import Network

AnyEnd = PtyEnd | SocketEnd | InProcessEnd


class Street:
    """Build it inside a running event loop; all waiting is that loop's, all chance comes from `seed`.

    `wall` gives epoch seconds (the machine's clock by default), `ledger` is a file for the ledger's lines.
    """

    def __init__(
        self,
        seed: int = 0,
        *,
        wall: Callable[[], float] | None = None,
        ledger: str | Path | None = None,
        ledger_keep: int = 200_000,
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.seed = seed
        self.dice = Random(seed)
        self.wall = wall or time.time  # noqa: TID251 - the default clock; tests inject theirs
        self.ledger = Ledger(ledger, keep=ledger_keep)
        self.network = Network(self.loop, self.wall, Random(self.dice.random()), self.ledger)
        self.network.changed = self._ring
        self.modems: dict[str, Modem] = {}
        self.ends: dict[str, AnyEnd] = {}
        self.phones: dict[str, Phone] = {}
        self.pagers: dict[str, Pager] = {}
        self.groups: dict[str, Group] = {}
        self.bureaus: dict[str, Bureau] = {}
        self.centres: dict[str, Centre] = {}
        self._cards: dict[str, Sim] = {}
        self._waiters: set[asyncio.Future[None]] = set()
        self._started = False

    # Building

    def add_modem(
        self,
        name: str,
        number: str,
        personality: str | Personality = "generic",
        end: str = "inproc",
        *,
        pin: str = "",
        sim: Sim | None = None,
    ) -> Modem:
        """A modem with a SIM of this number at "pty:LINK", "unix:PATH", "tcp:PORT" or "inproc"."""
        if name in self.modems:
            raise ValueError(f"there is a modem {name!r} already")
        kind = PERSONALITIES[personality] if isinstance(personality, str) else personality
        dice = Random(self.dice.random())
        card = sim or Sim(
            number=number,
            imsi="23499" + str(dice.randrange(10**9, 10**10)),
            iccid="894499" + str(dice.randrange(10**12, 10**13)),
            pin=pin,
            slots=Slots(kind.sim_slots, kind.index_base),
        )
        modem = Modem(name, kind, card, self.network, dice)
        line = end_of(modem, end)
        modem.hang_up = line.hang_up
        self.modems[name], self.ends[name], self._cards[name] = modem, line, card
        return modem

    def add_phone(self, number: str, name: str = "") -> Phone:
        """A person's phone, switched on."""
        phone = Phone(number, name or number, self.network)
        phone.heard = lambda _: self._ring()
        self.phones[number] = phone
        return phone

    def add_pager(self, number: str, name: str = "", **options: Any) -> Pager:
        """A person's pager, in coverage; options are those of `Pager`."""
        if number in self.pagers or number in self.network.handsets:
            raise ValueError(f"the number {number} is taken")
        pager = Pager(number, name or number, self.network, **options)
        pager.heard = lambda _: self._ring()
        pager.reply_to = self._way_back
        self.pagers[number] = pager
        return pager

    def add_group(self, number: str, members: list[str], *, cap: str = "", name: str = "") -> Group:
        """A group cap code of pagers that are there."""
        missing = [member for member in members if member not in self.pagers]
        if missing:
            raise ValueError(f"there is no pager {missing[0]!r}")
        self.groups[number] = Group(number, cap or number.removeprefix("+"), list(members), name or number)
        return self.groups[number]

    def add_bureau(self, name: str) -> Bureau:
        """A paging bureau; `centres[name]` is its SMPP side."""
        if name in self.bureaus:
            raise ValueError(f"there is a bureau {name!r} already")
        bureau = Bureau(name, self.network, Random(self.dice.random()), self.pagers, self.groups)
        self.bureaus[name] = bureau
        self.centres[name] = Centre(bureau)
        return bureau

    def _way_back(self, shown: Shown) -> str:
        """The number that an answer to a page goes to: its sender, or the account that sent it under a name."""
        if shown.sender in self.network.handsets:
            return shown.sender
        for name, bureau in self.bureaus.items():
            page = bureau.page_of(shown)
            if page and page.order.line in self.centres[name].accounts:
                return self.centres[name].accounts[page.order.line].numbers[0]
        return ""

    # People

    def go_underground(self, name: str, *, inside: bool, seconds: float | None = None) -> list[str]:
        """A person goes into the Tube with all phones and pagers, or comes out (by herself after `seconds`); returns
        their numbers. Raises LookupError if there is nobody of that name."""
        devices: list[Phone | Pager] = [*self.phones.values(), *self.pagers.values()]
        carried = [device for device in devices if device.name == name]
        if not carried:
            raise LookupError(f"there is nobody called {name!r}")
        for device in carried:
            device.switch(not inside)
            if seconds is not None:
                self.loop.call_later(seconds, device.switch, inside)
        return [device.number for device in carried]

    def acknowledge(self, pager: Pager, text: str = "") -> None:
        """The wearer of a two-way pager acknowledges the last page by a key (SMPP 3.4 2.11); raises LookupError if
        there is none, or its sender did not ask for that."""
        if not pager.inbox or not pager.two_way:
            raise LookupError("there is no page to acknowledge")
        for centre in self.centres.values():
            if centre.acknowledge(pager.inbox[-1].ids[-1], text):
                return
        raise LookupError("the sender of the last page asked for no acknowledgement")

    # Life

    async def start(self) -> None:
        """Opens the ends of all modems and bureaus."""
        for end in self.ends.values():
            await end.start()
        for centre in self.centres.values():
            await centre.start()
        self._started = True

    async def stop(self) -> None:
        """Closes all ends and the ledger."""
        for centre in self.centres.values():
            await centre.stop()
        for end in self.ends.values():
            await end.stop()
        self.ledger.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    # Faults

    def fault(self, modem: str | None, description: Mapping[str, object]) -> None:
        """A rule for submissions (of one modem; of all if None), or a mishap; both may come `after_s`."""
        given = dict(description)
        act: Callable[[], None]
        after_s = number(given.pop("after_s", 0.0))
        if not modem or given.get("kind") in KINDS:
            rules = self.modems[modem].rules if modem else self.network.rules
            act = partial(rules.append, rule_of(given))
        else:
            known(given.get("kind"))
            act = partial(happen, self.modems[modem], self, given)
        self._in(after_s, act)

    def _in(self, after_s: float, act: Callable[[], None]) -> None:
        if after_s:
            self.loop.call_later(after_s, act)
        else:
            act()

    def bureau_fault(self, name: str, description: Mapping[str, object]) -> None:
        """A rule for a bureau's lines, or a mishap; both may come `after_s`."""
        given = dict(description)
        after_s = number(given.pop("after_s", 0.0))
        kind = given.get("kind")
        if kind in SMPP_KINDS:
            self._in(after_s, partial(self.bureaus[name].rules.append, read_rule(given, SMPP_KINDS)))
            return
        if kind not in SMPP_MISHAPS:
            raise FaultError(f"unknown fault {kind!r}; there are {', '.join([*SMPP_KINDS, *SMPP_MISHAPS])}")
        self._in(after_s, partial(self._bureau_mishap, name, given))

    def _bureau_mishap(self, name: str, description: dict[str, Any]) -> None:
        kind = description.pop("kind")
        try:
            SMPP_MISHAPS[kind](self.centres[name], description)
        except (TypeError, ValueError) as wrong:
            raise FaultError(f"{kind}: {wrong}") from None
        if description:
            raise FaultError(f"mishap {kind!r} has no option {next(iter(description))!r}")

    def clear_bureau_faults(self, name: str) -> None:
        """Forgets a bureau's rules, and lets its line be as it should be."""
        self.bureaus[name].rules.clear()
        centre = self.centres[name]
        centre.wire = Wire()
        centre.deaf = centre.quiet = False
        for session in centre.sessions:
            session.silent = session.mute_enquire = False

    def clear_faults(self, modem: str | None = None) -> None:
        """Forgets the rules of one modem, or of the network."""
        (self.modems[modem].rules if modem else self.network.rules).clear()

    def move_sim(self, modem: str, *, present: bool) -> None:
        """Takes a modem's card out, or puts it back."""
        self.modems[modem].insert_sim(self._cards[modem] if present else None)

    # Waiting

    def _ring(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    async def until(self, condition: Callable[[], object], timeout_s: float = 10.0) -> bool:
        """Waits until the condition holds, looking whenever something moves; False if it does not in time."""
        deadline = self.loop.time() + timeout_s
        while not condition():
            left = deadline - self.loop.time()
            if left <= 0:
                return False
            waiter = self.loop.create_future()
            self._waiters.add(waiter)
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await waiter
            self._waiters.discard(waiter)
        return True
