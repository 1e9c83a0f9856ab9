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
from hwsim import at_command, at_general, at_operators, at_radio, at_send, at_sim, at_sms, at_ussd  # noqa: F401
from hwsim.bureau import Bureau
from hwsim.cards import CardBox
from hwsim.dialup import DIAL_KINDS, DIAL_MISHAPS, DialUp, PhoneLine
from hwsim.ends import InProcessEnd, PtyEnd, SocketEnd, end_of
from hwsim.faults import KINDS, FaultError, Kinds, Rule, number, read, read_rule, rule_of
from hwsim.ledger import Ledger
from hwsim.mishap_options import DIAL_OPTIONS, SMPP_OPTIONS, TAP_OPTIONS, Options, look_at
from hwsim.mishaps import happen
from hwsim.modem import Modem
from hwsim.modem_weather import Weather
from hwsim.numbers import national, subscriber
from hwsim.outlet import Wire
from hwsim.owner import Mind, Owner
from hwsim.pager import Group, Pager, Shown
from hwsim.personality import PERSONALITIES
from hwsim.phone import Phone
from hwsim.sim import PIN, Sim, Slots
from hwsim.smpp_centre import Centre
from hwsim.smpp_faults import SMPP_KINDS
from hwsim.smpp_mishaps import MISHAPS as SMPP_MISHAPS
from hwsim.smsc import Network
from hwsim.tap_faults import TAP_KINDS, TAP_MISHAPS
from hwsim.tap_lines import TelephoneLine
from hwsim.tap_terminal import Terminal
from hwsim.traits import Personality
from hwsim.usb import Bus, UsbEnd
from hwsim.weather import weather

AnyEnd = PtyEnd | SocketEnd | InProcessEnd | UsbEnd


class Street:
    """Build it inside a running event loop; all waiting is that loop's, all chance comes from `seed`.

    `wall` gives epoch seconds (the machine's clock by default), `ledger` is a file for the ledger's lines, `cards` one
    in which the SIM cards' codes and counters outlive the street.
    """

    def __init__(
        self,
        seed: int = 0,
        *,
        wall: Callable[[], float] | None = None,
        ledger: str | Path | None = None,
        ledger_keep: int = 200_000,
        cards: str | Path | None = None,
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
        self.terminals: dict[str, Terminal] = {}
        self.dialups: dict[str, DialUp] = {}
        self._cards: dict[str, Sim] = {}
        self._box = CardBox(Path(cards) if cards else None)
        self._buses: dict[Path, Bus] = {}
        self._skies: dict[str, list[Weather]] = {}
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
        """A modem with a SIM of this number at "pty:LINK", "unix:PATH", "tcp:PORT", "usb:DIRECTORY" or "inproc"."""
        if name in self.modems:
            raise ValueError(f"there is a modem {name!r} already")
        kind = PERSONALITIES[personality] if isinstance(personality, str) else personality
        self._free(sim.number if sim else number)
        dice = Random(self.dice.random())
        card = sim or self._card(kind, number, pin, dice)
        self._box.remember(name, card)
        modem = Modem(name, kind, card, self.network, dice)
        line: AnyEnd = UsbEnd(modem, self._bus(Path(end[4:]))) if end.startswith("usb:") else end_of(modem, end)
        modem.hang_up = line.hang_up
        self.modems[name], self.ends[name], self._cards[name] = modem, line, card
        return modem

    def _free(self, number: str) -> str:
        """The number, if it is one and nobody has it; raises ValueError."""
        holder = self._holder(subscriber(number))
        if holder:
            raise ValueError(f"the number {number} is taken by {holder}")
        return number

    def _holder(self, number: str) -> str:
        """Who has this number, "" if nobody does."""
        for name, card in self._cards.items():
            if card.number == number:
                return f"the modem {name}"
        for what, there in (("phone", self.phones), ("pager", self.pagers), ("group", self.groups)):
            if number in there:
                return f"a {what}, {there[number].name}"
        return "an account" if self.network.handsets.get(number) else ""

    def _card(self, kind: Personality, number: str, pin: str, dice: Random) -> Sim:
        if pin and not PIN.fullmatch(pin):
            raise ValueError("'pin' is not 4 to 8 digits")
        return Sim(
            number=number,
            imsi="23499" + str(dice.randrange(10**9, 10**10)),
            iccid="894499" + str(dice.randrange(10**12, 10**13)),
            pin=pin,
            slots=Slots(kind.sim_slots, kind.index_base),
        )

    def _bus(self, directory: Path) -> Bus:
        """The USB of this directory."""
        return self._buses.setdefault(directory, Bus(directory))

    def add_phone(self, number: str, name: str = "") -> Phone:
        """A person's phone, switched on; raises ValueError if the number is taken, or none."""
        phone = Phone(self._free(number), name or number, self.network)
        phone.heard = lambda _: self._ring()
        phone.lend = self._lend
        self.phones[number] = phone
        return phone

    def own(self, number: str, owner: Owner | None) -> None:
        """From now on this phone's owner answers by chance (None: does not)."""
        phone = self.phones[number]
        phone.mind = Mind(owner, phone, Random(f"{self.seed} {number}")) if owner else None

    def _lend(self, number: str, to: str, words: str) -> None:
        """Somebody answers from another phone; one that is not there yet is bought."""
        phone = self.phones.get(number) or self.add_phone(number)
        phone.send(to, words)

    def add_pager(self, number: str, name: str = "", **options: Any) -> Pager:
        """A person's pager, in coverage; options are those of `Pager`."""
        pager = Pager(self._free(number), name or number, self.network, **options)
        pager.heard = lambda _: self._ring()
        pager.reply_to = self._way_back
        self.pagers[number] = pager
        return pager

    def add_group(self, number: str, members: list[str], *, cap: str = "", name: str = "") -> Group:
        """A group cap code of pagers that are there."""
        self._free(number)
        missing = [member for member in members if member not in self.pagers]
        if missing:
            raise ValueError(f"there is no pager {missing[0]!r}")
        self.groups[number] = Group(number, cap or number.removeprefix("+"), list(members), name or number)
        return self.groups[number]

    def add_bureau(self, name: str) -> Bureau:
        """A paging bureau; `centres[name]` is its SMPP side, `terminals[name]` its TAP side."""
        if name in self.bureaus:
            raise ValueError(f"there is a bureau {name!r} already")
        bureau = Bureau(name, self.network, Random(self.dice.random()), self.pagers, self.groups)
        self.bureaus[name] = bureau
        self.centres[name], self.terminals[name] = Centre(bureau), Terminal(bureau)
        return bureau

    def add_dialup(self, name: str, end: str = "inproc") -> DialUp:
        """A telephone modem at "pty:LINK", "unix:PATH", "tcp:PORT" or "inproc"."""
        if name in self.dialups or name in self.modems:
            raise ValueError(f"there is a modem {name!r} already")
        dialup = DialUp(name, end, self.loop, Random(self.dice.random()), self._telephone, self._book_call)
        self.dialups[name] = dialup
        return dialup

    def _telephone(self, digits: str) -> PhoneLine | None:
        """The telephone line of a number as it was dialled."""
        country = self.network.settings.country
        for terminal in self.terminals.values():
            for line in terminal.lines:
                if isinstance(line, TelephoneLine) and national(line.number, country) == national(digits, country):
                    return line
        return None

    def _book_call(self, event: str, **more: object) -> None:
        self.ledger.write({"event": event, "at": self.wall(), **more})

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
        for name, centre in self.centres.items():
            await centre.start()
            await self.terminals[name].start()
        for dialup in self.dialups.values():
            await dialup.start()
        self._started = True

    async def stop(self) -> None:
        """Closes all ends and the ledger."""
        for name, centre in self.centres.items():
            await centre.stop()
            await self.terminals[name].stop()
        for dialup in self.dialups.values():
            await dialup.stop()
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
        after_s = read("after_s", number, given.pop("after_s", 0.0))
        if modem and given.get("kind") == "weather":
            act = partial(self._weather, modem, given)
        elif not modem or given.get("kind") in KINDS:
            rules = self.modems[modem].rules if modem else self.network.rules
            for_s = given.pop("for_s", None)
            rule = rule_of(given)
            act = partial(rules.append, rule)
            if for_s is not None:
                self.loop.call_later(after_s + read("for_s", number, for_s), _forget, rules, rule)
        else:
            look_at(given)
            act = partial(happen, self.modems[modem], self, given)
        self._in(after_s, act, modem=modem, kind=given.get("kind"))

    def _weather(self, modem: str, description: Mapping[str, object]) -> None:
        self._skies.setdefault(modem, []).append(Weather(self, modem, description))

    def _in(self, after_s: float, act: Callable[[], None], **what: object) -> None:
        """Now or later. What has become impossible by then is told in the ledger, and nothing else comes of it."""
        if after_s:
            self.loop.call_later(after_s, self.attempt, act, what)
        else:
            act()

    def attempt(self, act: Callable[[], None], what: Mapping[str, object]) -> None:
        """Does what was planned long ago, if that is still possible."""
        try:
            act()
        except FaultError as wrong:
            self.ledger.write({"event": "impossible", "at": self.wall(), **what, "why": str(wrong)})

    def bureau_fault(self, name: str, description: Mapping[str, object]) -> None:
        """A rule for a bureau's lines, a mishap, or "weather" (many rules); all may come `after_s`."""
        if description.get("kind") == "weather":
            given = dict(description)
            after_s = given.pop("after_s", 0.0)
            for fault in weather(given):
                self.bureau_fault(name, {**fault, "after_s": after_s})
            return
        acts = {kind: partial(act, self.centres[name]) for kind, act in SMPP_MISHAPS.items()}
        acts |= {kind: partial(act, self.terminals[name]) for kind, act in TAP_MISHAPS.items()}
        options = {**SMPP_OPTIONS, **TAP_OPTIONS}
        self._strike(description, self.bureaus[name].rules, {**SMPP_KINDS, **TAP_KINDS}, acts, options, bureau=name)

    def dialup_fault(self, name: str, description: Mapping[str, object]) -> None:
        """A rule for a telephone modem's calls, or a mishap; both may come `after_s`."""
        dialup = self.dialups[name]
        acts = {kind: partial(act, dialup) for kind, act in DIAL_MISHAPS.items()}
        self._strike(description, dialup.rules, DIAL_KINDS, acts, DIAL_OPTIONS, modem=name)

    def _strike(
        self, description: Mapping[str, object], rules: list[Rule], kinds: Kinds,
        acts: Mapping[str, Callable[[dict[str, Any]], None]], options: Mapping[str, Options], **whose: str,
    ) -> None:  # fmt: skip
        given = dict(description)
        after_s = read("after_s", number, given.pop("after_s", 0.0))
        kind = given.get("kind")
        if kind in kinds:
            self._in(after_s, partial(rules.append, read_rule(given, kinds)), **whose)
        elif isinstance(kind, str) and kind in acts:
            look_at(given, options)
            del given["kind"]
            self._in(after_s, partial(_do, kind, acts[kind], given), **whose, kind=kind)
        else:
            raise FaultError(f"unknown fault {kind!r}; there are {', '.join([*kinds, *acts])}")

    def clear_bureau_faults(self, name: str) -> None:
        """Forgets a bureau's rules, and lets its line be as it should be."""
        self.bureaus[name].rules.clear()
        centre = self.centres[name]
        centre.wire, self.terminals[name].wire = Wire(), Wire()
        centre.deaf = centre.quiet = self.terminals[name].echo = False
        for session in centre.sessions:
            session.silent = session.mute_enquire = False
        if any(listener.shows != "right" for listener in centre.listeners):
            self.bureau_fault(name, {"kind": "tls", "shows": "right"})

    def clear_faults(self, modem: str | None = None) -> None:
        """Forgets the rules of one modem, or of the network; the weather clears."""
        (self.modems[modem].rules if modem else self.network.rules).clear()
        for weather_there in self._skies.pop(modem or "", []):
            weather_there.clear()

    def move_sim(self, modem: str, *, present: bool) -> None:
        """Takes a modem's card out, or puts it back; the modem says so if its type does."""
        device = self.modems[modem]
        device.insert_sim(self._cards[modem] if present else None)
        for line in device.personality.sim_in if present else device.personality.sim_out:
            device.urc(line)

    def swap_sims(self, one: str, other: str) -> None:
        """Two modems' cards change places."""
        for name in (one, other):
            self.move_sim(name, present=False)
        self._cards[one], self._cards[other] = self._cards[other], self._cards[one]
        for name in (one, other):
            self._box.remember(name, self._cards[name])
            self.move_sim(name, present=True)

    def new_sim(self, modem: str, number: str, *, pin: str = "") -> None:
        """Another card comes into a modem, of this number, which may be its old one's."""
        if number != self._cards[modem].number:
            self._free(number)
        self.move_sim(modem, present=False)
        self._cards[modem] = self._card(self.modems[modem].personality, number, pin, self.modems[modem].dice)
        self._box.remember(modem, self._cards[modem])
        self.move_sim(modem, present=True)

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


def _forget(rules: list[Rule], rule: Rule) -> None:
    """Its time is over; it may have been forgotten before."""
    rules[:] = [other for other in rules if other is not rule]


def _do(kind: str, act: Callable[[dict[str, Any]], None], options: dict[str, Any]) -> None:
    """A mishap with its options, each of which it takes out; raises FaultError for what is wrong."""
    try:
        act(options)
    except FaultError:
        raise
    except (TypeError, ValueError) as wrong:
        raise FaultError(f"{kind}: {wrong}") from None
