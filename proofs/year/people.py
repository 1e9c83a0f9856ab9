"""The six: when they sleep, travel, have no battery; what they do when something sounds. All of it by seed and name."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from proofs.year.behaviour import EPOCH, TEAM, WORLD, ZONE
from proofs.year.chance import DAY_S, Spans, around, dice, now_and_then
from proofs.year.faults import local

PAGE = re.compile(r"^(?:\(rpt\) )?(\d+) (?:CRITICAL|ERROR|WARNING|INFO) .*Reply ok \1$")
FOLDED = re.compile(r"Reply \? for the list$|^(?:\(rpt\) )?\d+ open: ")
FAULT = re.compile(r"#(\d+)")
CODES = re.compile(r"\d+")
ENDED = re.compile(r"^(\d+) (?:taken|cleared)|^\d+ (?:taken|cleared)[^:]*: (\d.*)$")
WEEK_S = 7 * 86_400.0
ASKED = ("Which one?", "Not clear", "Not understood", "No incident")

Kind = Literal["phone", "pager", "second"]
Send = Callable[["Device", str], None]


@dataclass(slots=True)
class Device:
    """`off`: nothing reaches it."""

    person: str
    kind: Kind
    number: str
    off: Spans


@dataclass(frozen=True, slots=True)
class Shown:
    """A text on a device's screen."""

    at: float
    person: str
    kind: Kind
    words: str
    message: int
    night: bool


@dataclass(slots=True)
class _Heard:
    code: str
    fault: int
    answered: bool = False


def _nobody_minds(name: str, fault: int, at: float) -> None:
    """Who takes what is seen in the books."""


@dataclass
class Person:
    """`send` is how an answer leaves the phone, `at_terminal` how it is given without one.

    `took` is told of each fault that was answered with an ok, and when.
    """

    seed: int
    name: str
    asleep: Spans
    apart: Spans
    silent: Spans
    absent: Spans
    devices: list[Device]
    send: Send = field(init=False)
    at_terminal: Callable[[str, int], None] = field(init=False)
    took: Callable[[str, int, float], None] = field(default=_nobody_minds)
    heard: dict[str, _Heard] = field(default_factory=dict)
    _times: Counter[str] = field(default_factory=Counter)
    _told_at: float = -1.0  # when the last answer to an answer came

    @property
    def phone(self) -> Device:
        return self.devices[0]

    def sounds(self, device: Device, words: str, at: float) -> None:
        """A text arrives on one of the devices."""
        if (ended := ENDED.search(words)) is not None:
            for code in CODES.findall(ended[1] or ended[2]):
                self.heard.pop(code, None)
        page, folded = PAGE.match(words), FOLDED.search(words)
        if page is None and folded is None:
            self._told_at = at
            if not words.startswith(ASKED):
                self.heard = {code: known for code, known in self.heard.items() if not known.answered}
            elif self.heard:
                self._later(40.0, lambda: self._answer(0))
            return
        what = FAULT.findall(words)[0] if page else "many"
        if page is not None and (known := self.heard.get(page[1])) is not None and known.answered:
            return  # one's own answer is on its way
        self._times[what] += 1
        of = dice(self.seed, "ear", self.name, device.kind, what, self._times[what])
        asleep, roll = at in self.asleep, of.random()
        if at in self.apart or roll >= self._hears(device, asleep, at):
            return
        delay_s = around(
            of, WORLD.human.answers_asleep_s if asleep else WORLD.human.answers_awake_s, WORLD.human.spread
        )
        if of.random() < WORLD.human.late:
            delay_s = of.uniform(*WORLD.human.late_s)
        refuses, bare = of.random() < WORLD.human.refuses, of.random() < WORLD.human.bare
        if page is None:
            self._later(delay_s, lambda: self._all(0))
            return
        code, fault = page[1], int(what)
        self.heard[code] = _Heard(code, fault)
        self._later(delay_s, lambda: self._decide(code, fault, refuses=refuses, bare=bare))

    def _hears(self, device: Device, asleep: bool, at: float) -> float:
        if device.kind != "pager" and at in self.silent:
            return WORLD.human.hears_silent
        if not asleep:
            return WORLD.human.hears_awake
        share = {"phone": WORLD.human.hears_asleep_phone, "pager": WORLD.human.hears_asleep_pager}
        return share.get(device.kind, WORLD.human.hears_asleep_second)

    def _decide(self, code: str, fault: int, *, refuses: bool, bare: bool) -> None:
        known = self.heard.get(code)
        if known is None or known.answered:
            return
        if refuses:
            del self.heard[code]
            self._write(f"no {code}", 0, None)
            return
        self.took(self.name, fault, _now())
        if bare and len(self.heard) == 1:
            self.heard[code].answered = True
            self._write("ok", 0, self._answer)
            return
        self._answer(0)

    def _answer(self, again: int) -> None:
        """For all that was heard: whoever has the phone in his hand answers everything on it."""
        codes = [known.code for known in self.heard.values()]
        for known in self.heard.values():
            known.answered = True
        if codes:
            self._write("ok all" if len(codes) > 4 else "ok " + " ".join(codes), again, self._answer)

    def _all(self, again: int) -> None:
        for known in self.heard.values():
            known.answered = True
        self._write("ok all", again, self._all)

    def _write(self, words: str, again: int, once_more: Callable[[int], None] | None) -> None:
        at = _now()
        device = next((d for d in self.devices if d.kind != "pager" and at not in d.off), self.phone)
        self.send(device, words)

        def unanswered() -> None:
            of = dice(self.seed, "again", self.name, round(at), again)
            if (
                once_more
                and self._told_at <= at
                and again < WORLD.human.again_times
                and of.random() < WORLD.human.again
            ):
                once_more(again + 1)
                return
            left = [known for known in self.heard.values() if known.answered]
            for known in left:
                del self.heard[known.code]
            if self._told_at <= at and of.random() < WORLD.human.terminal:
                for known in left:
                    self.at_terminal(self.name, known.fault)

        self._later(WORLD.human.again_after_s, unanswered)

    def _later(self, delay_s: float, act: Callable[[], None]) -> None:
        asyncio.get_running_loop().call_later(delay_s, act)


def _now() -> float:
    return asyncio.get_running_loop().time()


def is_night(at: float) -> bool:
    return local(at).hour >= 22 or local(at).hour < 7


def team(seed: int, days: int) -> dict[str, Person]:
    people = {name: _person(seed, days, place, name) for place, name in enumerate(TEAM)}
    if WORLD.one_device:
        devices = [device for person in people.values() for device in person.devices]
        turn_s = min(WEEK_S, days * DAY_S / len(devices))  # however few days are played, each has its turn
        for place, device in enumerate(devices):
            turns = range(int(days * DAY_S / turn_s) + 2)
            device.off |= Spans((n * turn_s, (n + 1) * turn_s) for n in turns if n % len(devices) != place)
    return people


def _person(seed: int, days: int, place: int, name: str) -> Person:
    def often(what: str, per_year: float, lasts_s: float, spread: float = 0.6) -> Spans:
        return now_and_then(dice(seed, what, name), days, per_year=per_year, median_s=lasts_s, spread=spread)

    absent = Spans(_absences(days, place))
    tube = Spans(_tube(seed, days, name)) | absent
    hills = often("hills", WORLD.human.hills_per_year, WORLD.human.hills_s)
    of = dice(seed, "hills and pagers", name)
    deep = Spans(span for span in hills.spans if of.random() < WORLD.human.hills_pager)
    asleep, silent = _nights(seed, days, name)
    number = f"+4477009001{place}"
    phone_off = tube | hills | often("phone dead", WORLD.human.phone_dead_per_year, WORLD.human.phone_dead_s)
    pager_off = tube | deep | often("pager dead", WORLD.human.pager_dead_per_year, WORLD.human.pager_dead_s)
    second_off = tube | hills | often("second dead", WORLD.human.second_dead_per_year, WORLD.human.second_dead_s)
    devices = [
        Device(name, "phone", number + "1", phone_off),
        Device(name, "pager", f"471{place}", pager_off),
        Device(name, "second", number + "2", second_off),
    ]
    apart = often("apart", WORLD.human.apart_per_week * 52, WORLD.human.apart_s)
    return Person(seed, name, asleep, apart, silent, absent, devices)


def _at(day: int, hour: float) -> float:
    """That hour of the day on the wall of the team, as seconds since the beginning."""
    wall = datetime(2026, 1, 1, tzinfo=ZoneInfo(ZONE)) + timedelta(days=day, hours=hour)
    return wall.timestamp() - EPOCH.timestamp()


def _absences(days: int, place: int) -> Iterator[tuple[float, float]]:
    """In turn, so that two are rarely away together."""
    for n in range(WORLD.human.absences):
        first = 20 + 28 * place + 170 * n
        if first < days:
            yield _at(first, 0), _at(first + WORLD.human.absence_days, 0)


def _tube(seed: int, days: int, name: str) -> Iterator[tuple[float, float]]:
    of = dice(seed, "tube", name)
    for day in range(days):
        working = local(_at(day, 12)).weekday() < 5
        rides, hours = of.random(), (8.0 + of.random() * 0.6, 17.4 + of.random() * 0.8)
        lasts = of.uniform(*WORLD.human.tube_s), of.uniform(*WORLD.human.tube_s)
        if working and rides < WORLD.human.commutes:
            for hour, lasts_s in zip(hours, lasts, strict=True):
                yield _at(day, hour), _at(day, hour) + lasts_s
        elif not working and rides < WORLD.human.weekend_tube:
            yield _at(day, 14), _at(day, 14) + lasts[0]


def _nights(seed: int, days: int, name: str) -> tuple[Spans, Spans]:
    of = dice(seed, "nights", name)
    asleep, silent = [], []
    for day in range(-1, days):
        bed = _at(day, WORLD.human.bed_hour + of.gauss(0, WORLD.human.bed_spread_h))
        up = _at(day + 1, WORLD.human.up_hour + of.gauss(0, WORLD.human.bed_spread_h))
        asleep.append((bed, up))
        if of.random() < WORLD.human.silent_nights:
            silent.append((bed, up))
    return Spans(asleep), Spans(silent)
