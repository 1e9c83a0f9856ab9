"""What is between the gateway and people: two networks with their service centres, one paging bureau, handsets."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random

from proofs.year.behaviour import WORLD
from proofs.year.chance import Spans, around, dice, now_and_then
from proofs.year.people import FAULT, Device, Person, Shown, is_night

DELIVERED, EXPIRED = 0x00, 0x46
GROUP = "4700"

Report = Callable[[int], None]  # TP-ST
Hears = Callable[[str, str, float], None]  # sender, words, when it was sent


@dataclass
class Sim:
    """One modem with one SIM. `heard` takes texts that come in for it."""

    name: str
    number: str
    sick: Spans
    out: Spans
    congested: Spans
    lies: Spans
    mute: Spans
    heard: Hears = field(init=False)

    @property
    def gone(self) -> Spans:
        return self.sick | self.out


@dataclass(frozen=True, slots=True)
class Text:
    """One part of a text, as it was given to a network or to the bureau."""

    recipient: str
    words: str
    message: int
    valid_s: float
    part: int = 1
    parts: int = 1


@dataclass
class Air:
    """`shown` is the ledger: every text that appeared on a screen."""

    seed: int
    people: dict[str, Person]
    sims: list[Sim]
    bureau_down: Spans
    shown: list[Shown] = field(default_factory=list)
    _times: Counter[str] = field(default_factory=Counter)
    _parts: defaultdict[tuple[str, int], dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    _sim_of: dict[str, Sim] = field(default_factory=dict)  # from which the last text came

    def __post_init__(self) -> None:
        self._devices = {device.number: device for person in self.people.values() for device in person.devices}
        for person in self.people.values():
            person.send = self._answer

    def dice(self, what: str, text: Text) -> Random:
        """For the n-th text about something to somebody."""
        about = FAULT.search(text.words)
        name = f"{what}/{text.recipient}/{about[1] if about else text.words[:24]}"
        self._times[name] += 1
        return dice(self.seed, name, self._times[name])

    # --- by SMS

    def submit(self, sim: Sim, text: Text, report: Report | None) -> None:
        """A network took it."""
        of, now = self.dice("sms", text), _now()
        slow = now in sim.congested
        latency_s = around(
            of, WORLD.radio.congested_delivery_s if slow else WORLD.radio.delivery_s, WORLD.radio.delivery_spread
        )
        lost, twice, told = (
            of.random() < WORLD.radio.lost,
            of.random() < WORLD.radio.twice,
            of.random() >= WORLD.radio.report_lost,
        )
        back_s = of.uniform(*WORLD.radio.back_in_reach_s)
        lies = now in sim.lies
        told &= report is not None and now not in sim.mute
        device = self._devices[text.recipient]
        self._sim_of[text.recipient] = sim
        if lies and told:
            _later(WORLD.radio.report_s, partial(_tell, report, DELIVERED))
        if lost:
            return

        def arrive() -> None:
            at = _now()
            reach = device.off.free_from(at)
            if reach > at:
                reach += back_s
            if reach - now > text.valid_s:
                if told and not lies:
                    _later(max(0.0, now + text.valid_s - at), partial(_tell, report, EXPIRED))
                return
            _later(reach - at, lambda: self._there(device, text))
            if twice:
                _later(reach - at + 5, lambda: self._there(device, text))
            if told and not lies:
                _later(reach - at + WORLD.radio.report_s, partial(_tell, report, DELIVERED))

        _later(latency_s, arrive)

    def _answer(self, device: Device, words: str) -> None:
        """A person writes to the number from which the last text came."""
        now, sim = _now(), self._sim_of.get(device.number) or self.sims[0]
        text = Text(sim.number, f"{device.number} {words}", 0, 0)
        of = self.dice("answer", text)
        leaves = device.off.free_from(now)
        latency_s = around(of, WORLD.radio.delivery_s, WORLD.radio.delivery_spread)
        if leaves in sim.congested:
            latency_s = around(of, WORLD.radio.congested_delivery_s, WORLD.radio.delivery_spread) / 4
        arrives = sim.gone.free_from(leaves + latency_s)
        _later(arrives - now, lambda: sim.heard(device.number, words, leaves))

    # --- by the bureau

    def page(self, text: Text) -> None:
        """The bureau took it: it is on the air after a while, and again minutes later; a pager shows it once."""
        of = self.dice("pager", text)
        first_s, lost = of.uniform(*WORLD.bureau.shown_s), of.random() < WORLD.bureau.lost
        wearers = [d for d in self._devices.values() if d.kind == "pager" and text.recipient in (d.number, GROUP)]
        for device in wearers if not lost else ():
            for more_s in (0.0, *WORLD.bureau.repeats_after_s):
                at = _now() + first_s + more_s
                if at not in device.off:
                    _later(at - _now(), partial(self._there, device, text))
                    break

    # --- on the screen

    def _there(self, device: Device, text: Text) -> None:
        whole = text.words
        if text.parts > 1:
            parts = self._parts[device.number, text.message]
            parts[text.part] = text.words
            if len(parts) < text.parts:
                return
            whole = "".join(parts[number] for number in sorted(parts))
        at = _now()
        self.shown.append(Shown(at, device.person, device.kind, whole, text.message, is_night(at)))
        self.people[device.person].sounds(device, whole, at)


def air(seed: int, days: int, people: dict[str, Person]) -> Air:
    def often(what: str, where: str, per_year: float, lasts_s: float) -> Spans:
        return now_and_then(dice(seed, what, where), days, per_year=per_year, median_s=lasts_s, spread=0.8)

    sims = [
        Sim(
            name,
            number,
            sick=often("sick", name, WORLD.radio.sick_per_year, WORLD.radio.sick_s),
            out=often("sim out", name, WORLD.radio.sim_out_per_year, WORLD.radio.sim_out_s),
            congested=often("congested", name, WORLD.radio.congestions_per_year, WORLD.radio.congestion_s),
            lies=often("lies", name, WORLD.radio.liars_per_year, WORLD.radio.liar_s),
            mute=often("mute", name, WORLD.radio.mutes_per_year, WORLD.radio.mute_s),
        )
        for name, number in (("modem1", "+447700900001"), ("modem2", "+447700900002"))
    ]
    return Air(seed, people, sims, often("bureau", "north", WORLD.bureau.down_per_year, WORLD.bureau.down_s))


def a_way_to(world: Air, person: Person, at: float) -> bool:
    """Whether somebody's device could be reached then: it is on, and what serves it is up."""
    radio = any(at not in sim.gone and at not in sim.congested for sim in world.sims)
    ways: Sequence[bool] = [
        at not in device.off and (at not in world.bureau_down if device.kind == "pager" else radio)
        for device in person.devices
    ]
    return any(ways)


def _tell(report: Report | None, status: int) -> None:
    if report is not None:
        report(status)


def _later(delay_s: float, act: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_later(max(0.0, delay_s), act)


def _now() -> float:
    return asyncio.get_running_loop().time()
