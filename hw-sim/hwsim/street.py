"""The street: a network, its modems and its people, built and started together. README.md shows how to use it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import Self

# What commands do is registered when their files are read.
from hwsim import at_general, at_radio, at_send, at_sim, at_sms  # noqa: F401
from hwsim.ends import InProcessEnd, PtyEnd, SocketEnd, end_of
from hwsim.faults import KINDS, FaultError, rule_of
from hwsim.ledger import Ledger
from hwsim.mishaps import happen, known
from hwsim.modem import Modem
from hwsim.personality import PERSONALITIES, Personality
from hwsim.phone import Phone
from hwsim.sim import Sim, Slots
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

    async def start(self) -> None:
        """Opens the ends of all modems."""
        for end in self.ends.values():
            await end.start()
        self._started = True

    async def stop(self) -> None:
        """Closes all ends and the ledger."""
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
        after_s = given.pop("after_s", 0.0)
        if isinstance(after_s, bool) or not isinstance(after_s, int | float) or after_s < 0:
            raise FaultError(f"'after_s' is not a number of at least 0: {after_s!r}")
        act: Callable[[], None]
        if not modem or given.get("kind") in KINDS:
            rules = self.modems[modem].rules if modem else self.network.rules
            act = partial(rules.append, rule_of(given))
        else:
            known(given.get("kind"))
            act = partial(happen, self.modems[modem], self, given)
        if after_s:
            self.loop.call_later(after_s, act)
        else:
            act()

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
