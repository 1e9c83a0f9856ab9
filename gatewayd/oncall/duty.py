"""Who is on call, and why: one person at every instant, whatever happens.

Every rota is asked in the same order: the newest override whose person is there or covered; then the layers in their
order, the first that speaks and whose rotation has somebody who is not absent; then the fallback; and where all of it
is absent, whoever takes turns at other times and is there. Swaps move what a person holds. `on_call` asks about one
instant; `shifts` finds the instants at which the answer may change (they are computed, not sampled) and asks at each of
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from gatewayd.oncall import civil
from gatewayd.oncall.cover import Facts, Standing, standing
from gatewayd.oncall.rota import Plan

Source = Literal["override", "turn", "swap", "next", "fallback"]
AHEAD_DAYS = 400  # how far ahead rotas are checked and hand-overs are looked for
SPAN_DAYS_MAX = 4_000  # of one question
YEARS = range(1900, 2300)  # a board that boots in 1970 gets an answer, too; what lies beyond is a slip of the pen


@dataclass(frozen=True, slots=True)
class Duty:
    """The one who must answer, and why it is this one. `layer` is "" for an override and for the fallback."""

    person: str
    source: Source
    why: str
    layer: str = ""
    shadows: tuple[str, ...] = ()  # who learns: is told, need not answer
    deserted: bool = False  # a gap in which all of the fallback are absent as well

    @property
    def is_gap(self) -> bool:
        """Nobody in the layers and no override: the fallback stands in."""
        return self.source == "fallback"


@dataclass(frozen=True, slots=True)
class Span:
    """One duty from `since` until just before `until`."""

    since: int
    until: int
    duty: Duty


@dataclass(frozen=True, slots=True)
class HandOver:
    """One instant for both sides."""

    at: int
    outgoing: Duty
    incoming: Duty


def on_call(plan: Plan, facts: Facts, at: int) -> Duty:
    """Who is on call at that instant, and why. Never nobody. ValueError for an instant out of `YEARS`."""
    _checked(at)
    turns = [layer.turn_at(at) for layer in plan.layers]
    return _answer(plan, turns, standing(facts, plan.name, at))


def backup(plan: Plan, facts: Facts, at: int) -> Duty | None:
    """Who would be on call if the one who is, and whoever has gone off duty, were absent; None when there is nobody
    else."""
    _checked(at)
    turns = [layer.turn_at(at) for layer in plan.layers]
    now = standing(facts, plan.name, at)
    first = _answer(plan, turns, now)
    second = _answer(plan, turns, replace(now, absent=now.absent | now.gone_off() | {first.person}))
    if second.person == first.person or second.deserted > first.deserted:  # who is off at this time is no backup
        return None
    return replace(second, why=f"{first.person} has the duty, and they would be next")


def shifts(plan: Plan, facts: Facts, since: int, until: int) -> list[Span]:
    """Who is on call from one instant to another: spans without a hole, next to each other, each unlike the next."""
    if until <= since:
        return []
    if until - since > SPAN_DAYS_MAX * civil.DAY:
        raise ValueError(f"a rota is looked at for {SPAN_DAYS_MAX} days at most")
    _checked(since)
    _checked(until)
    tracks = [layer.turns(since, until) for layer in plan.layers]
    fact_edges = facts.edges(since, until)
    edges = sorted({begin for track in tracks for begin, _ in track} | fact_edges)
    places = [0] * len(tracks)
    turns: list[int | None] = [track[0][1] for track in tracks]
    now = standing(facts, plan.name, since)
    spans: list[Span] = []
    held, begun = _answer(plan, turns, now), since
    for edge in edges:
        for n, track in enumerate(tracks):
            if places[n] + 1 < len(track) and track[places[n] + 1][0] <= edge:
                places[n] += 1
                turns[n] = track[places[n]][1]
        if edge in fact_edges:
            now = standing(facts, plan.name, edge)
        duty = _answer(plan, turns, now)
        if duty != held:
            spans.append(Span(begun, edge, held))
            held, begun = duty, edge
    spans.append(Span(begun, until, held))
    return spans


def gaps(plan: Plan, facts: Facts, since: int, until: int) -> list[Span]:
    """The spans in which the layers have nobody and the fallback stands in."""
    return [span for span in shifts(plan, facts, since, until) if span.duty.is_gap]


def deserted(plan: Plan, facts: Facts, since: int, until: int) -> list[Span]:
    """The gaps in which all of the fallback are absent as well."""
    return [span for span in shifts(plan, facts, since, until) if span.duty.deserted]


def next_hand_over(plan: Plan, facts: Facts, at: int) -> HandOver | None:
    """The first instant after `at` from which somebody else is on call; None if there is none for a long time."""
    for days in (9, 65, AHEAD_DAYS):
        spans = shifts(plan, facts, at, at + days * civil.DAY)
        for before, after in pairwise(spans):
            if before.duty.person != after.duty.person:
                return HandOver(after.since, before.duty, after.duty)
    return None


def turn_ends(plan: Plan, facts: Facts, at: int) -> int | None:
    """The first instant after `at` from which somebody else is on call, or the same person in another turn."""
    for days in (9, 65, AHEAD_DAYS):
        until = at + days * civil.DAY
        spans = shifts(plan, facts, at, until)
        held = spans[0].duty
        others = (span.since for span in spans if (span.duty.person, span.duty.layer) != (held.person, held.layer))
        ends = [*others][:1]
        for layer in plan.layers:
            if layer.layer.name == held.layer:
                turns = dict(layer.turns(at, until))  # of two at one instant the last holds
                ends += [begin for begin, turn in turns.items() if turn != turns[at]][:1]
        if ends:
            return min(ends)
    return None


def _checked(at: int) -> None:
    since_epoch = at // (civil.DAY * 365)  # near enough to keep dates within what a date can be
    if 1970 + since_epoch not in YEARS:
        raise ValueError("this time is out of this world")


def _answer(plan: Plan, turns: Sequence[int | None], now: Standing) -> Duty:
    if (found := now.override()) is not None:
        override, person = found
        if override.kept:
            return _kept(plan, turns, now, person)
        if person != override.person:
            return _duty(plan, now, person, "swap", f"covers {override.person}, who has an override")
        return _duty(plan, now, person, "override", "an override")
    for layer, turn in zip(plan.layers, turns, strict=True):
        if turn is None:
            continue
        people, name = layer.layer.people, layer.layer.name
        whose = people[turn % len(people)]
        for ahead in range(len(people)):
            candidate = people[(turn + ahead) % len(people)]
            person, swap = now.covered(candidate) if now.swaps else (candidate, None)
            if person in now.absent:
                continue
            if swap is not None and person != candidate:
                return _duty(plan, now, person, "swap", f"covers {candidate} in '{name}'", name)
            if person == whose:
                return _duty(plan, now, person, "turn", f"their turn in '{name}'", name)
            return _duty(plan, now, person, "next", f"{whose} is absent, and they are next in '{name}'", name)
    for candidate in plan.rota.fallback:
        person, _ = now.covered(candidate)
        if person not in now.absent:
            return _duty(plan, now, person, "fallback", "nobody else is there: the fallback")
    return _deserted(plan, now)


def _kept(plan: Plan, turns: Sequence[int | None], now: Standing, person: str) -> Duty:
    """They have it until whoever should have it by then says so."""
    should = _answer(plan, turns, replace(now, overrides=tuple(o for o in now.overrides if not o.kept)))
    if should.person == person:
        return should
    return _duty(plan, now, person, "override", f"until {should.person} confirms the hand-over")


def _deserted(plan: Plan, now: Standing) -> Duty:
    """Whoever takes turns at other times, rather than somebody who is absent."""
    why = "nobody else is there, and all of the fallback are absent"
    for candidate in dict.fromkeys(name for layer in plan.layers for name in layer.layer.people):
        person, _ = now.covered(candidate)
        if person not in now.absent:
            found = _duty(plan, now, person, "fallback", f"{why}: the first of the rota who is there")
            return replace(found, deserted=True)
    found = _duty(plan, now, plan.rota.fallback[0], "fallback", f"{why}, and so is all of the rota: the first of it")
    return replace(found, deserted=True)


def _duty(plan: Plan, now: Standing, person: str, source: Source, why: str, layer: str = "") -> Duty:
    if not (plan.rota.shadows or now.shadowings):
        return Duty(person, source, why, layer)
    standing_ = ((s.person, s.of or "") for s in plan.rota.shadows)
    passing = ((s.person, s.of) for s in now.shadowings)
    learning = dict.fromkeys(who for who, of in (*standing_, *passing) if of in ("", person))
    shadows = tuple(who for who in learning if who != person and who not in now.absent)
    return Duty(person, source, why, layer, shadows)
