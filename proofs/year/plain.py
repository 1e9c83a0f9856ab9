"""The same year under two plain policies, with the same modems, pager bureau, rota and people.

"one text": an SMS to the phone of whoever is on call, once. "time only": the on-call engineer's phone, pager and second
phone by time, then the backup, then all, round after round; what networks say of a text moves nothing, and what one
modem does not take is tried there three times more, then given up. Both have what is good about them: an answer is
always understood, and the rota is the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Literal

from gatewayd.clock import pause
from gatewayd.oncall import duty
from gatewayd.oncall.cover import Absence, Facts
from gatewayd.oncall.rota import Plan
from proofs.year.air import Air, Sim, Text
from proofs.year.behaviour import TEAM, WORLD
from proofs.year.chance import around
from proofs.year.channels import now, spawn, stamp
from proofs.year.faults import Fault, local

Way = Literal["one text", "time only"]
TRIES, TRY_S = 4, 15.0
STEP_S, DEVICE_S, ROUNDS = 300.0, 90.0, 4
VALID_S = 86_400.0  # what networks do when nobody says


@dataclass(eq=False)
class _Case:
    fault: Fault
    taken: bool = False
    over: bool = False


class Plain:
    """`acknowledged` by the number of the fault: when, and by whom."""

    def __init__(self, way: Way, air: Air, plan: Plan) -> None:
        self._way, self._air, self._plan = way, air, plan
        self.acknowledged: dict[int, tuple[float, str]] = {}
        self._cases: dict[int, _Case] = {}
        self._messages = count(1)
        absences = (Absence(p.name, stamp(b), stamp(e)) for p in air.people.values() for b, e in p.absent.spans)
        self._facts = Facts(absences=tuple(absences))
        self._queue: asyncio.Queue[tuple[_Case, str, str]] = asyncio.Queue()
        for person in air.people.values():
            person.at_terminal = self._at_terminal
            if way == "one text":
                person.took = self._took
        for sim in air.sims:
            sim.heard = self._heard
            spawn(self._modem(sim))

    async def fire(self, fault: Fault) -> None:
        case = self._cases[fault.number] = _Case(fault)
        if self._way == "one text":
            self._text(case, self._on_call(), 0)
        else:
            spawn(self._escalate(case))
        if fault.lasts_s is not None:
            await pause(fault.lasts_s)
        else:
            await pause(self._found_s())
        case.over = True

    def _found_s(self) -> float:
        """Until customers have found it."""
        wall = local(now())
        hours = (WORLD.trouble.found_at_hour - wall.hour) % 24 or 24
        return hours * 3600.0 - wall.minute * 60

    def _on_call(self) -> str:
        return duty.on_call(self._plan, self._facts, stamp(now())).person

    def _backup(self) -> str:
        found = duty.backup(self._plan, self._facts, stamp(now()))
        return found.person if found else self._on_call()

    # --- whom, and when

    async def _escalate(self, case: _Case) -> None:
        for _ in range(ROUNDS):
            for audience in ((self._on_call(),), (self._backup(),), TEAM):
                for name in audience:
                    spawn(self._one_person(case, name))
                await pause(STEP_S)
                if case.taken or case.over:
                    return

    async def _one_person(self, case: _Case, name: str) -> None:
        for place in range(len(self._air.people[name].devices)):
            if case.taken or case.over:
                return
            self._text(case, name, place)
            await pause(DEVICE_S)

    def _text(self, case: _Case, name: str, place: int) -> None:
        fault, device = case.fault, self._air.people[name].devices[place]
        code = fault.number
        words = f"{code} {fault.severity.upper()} {fault.service}: {fault.summary}. Reply ok {code}"
        if device.kind == "pager":
            if now() not in self._air.bureau_down:
                page = Text(device.number, words, next(self._messages), VALID_S)
                asyncio.get_running_loop().call_later(WORLD.bureau.takes_s, partial(self._air.page, page))
            return
        self._queue.put_nowait((case, device.number, words))

    # --- the modems, which share one queue

    async def _modem(self, sim: Sim) -> None:
        while True:
            await pause(sim.gone.free_from(now()) - now())
            case, recipient, words = await self._queue.get()
            if self._way == "time only" and (case.taken or case.over):
                continue
            text = Text(recipient, words, next(self._messages), VALID_S)
            for _ in range(TRIES):
                of = self._air.dice("radio", text)
                submit: Callable[[], None] = partial(self._air.submit, sim, text, None)
                await pause(0.7 + around(of, WORLD.radio.takes_s, WORLD.radio.takes_spread))
                if now() in sim.gone or (now() in sim.congested and of.random() < WORLD.radio.congested_refused):
                    await pause(TRY_S)
                    continue
                submit()
                break

    # --- answers

    def _heard(self, sender: str, words: str, _: float) -> None:
        name = next(p.name for p in self._air.people.values() if any(d.number == sender for d in p.devices))
        if not words.startswith("ok"):
            return
        codes = [int(word) for word in words.split() if word.isdigit()]
        for case in self._cases.values():
            named = case.fault.number in codes if codes else True
            if named and not case.taken and not case.over:
                self._took(name, case.fault.number, now())
        answer = Text(sender, f"Thank you, {len(codes) or 'all'}", next(self._messages), VALID_S)
        sim = next((sim for sim in self._air.sims if now() not in sim.gone), self._air.sims[0])
        self._air.submit(sim, answer, None)

    def _at_terminal(self, name: str, fault: int) -> None:
        self._took(name, fault, now())

    def _took(self, name: str, number: int, at: float) -> None:
        case = self._cases.get(number)
        if case is not None and not case.taken and not case.over:
            case.taken = True
            self.acknowledged[number] = at, name
