"""What a person may ask of the rotas by text: to go off duty, to come on, to swap, to take over, to be relieved. Pure.

Nothing is changed here: a proposal says who would hand over what to whom, and for how long. It is made true only when
those concerned have agreed, and only if it still is what they agreed to (`same`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from gatewayd.oncall import civil
from gatewayd.oncall.cover import Facts, Override, Swap
from gatewayd.oncall.duty import backup, next_hand_over, on_call, shifts, turn_ends
from gatewayd.oncall.rota import Plan

OFF_DAYS_MAX = 14  # where no other turn comes before
SWAP_DAYS_MAX = 400
OVERRIDE_DAYS_MAX = 31  # beyond it a time is rather a slip of the pen
_NEWEST = 1 << 60  # the number of a change that is not booked yet

Act = Literal["off", "on", "swap", "relief", "override", "cover"]
Why = Literal[
    "not_on_call",
    "already",
    "nobody_else",
    "which",
    "no_turns",
    "yourself",
    "nothing_held",
    "holds_nothing",
    "has",
    "away",
    "too_far",
    "in_part",
]
Held = tuple[tuple[str, int, int], ...]  # (rota, since, until), in order


@dataclass(frozen=True, slots=True)
class Proposal:
    """`successor` takes what `person` holds, on one rota or ("") on every one, until then."""

    act: Act
    rota: str
    person: str
    successor: str
    until: int
    held: Held

    @property
    def rotas(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rota for rota, _, _ in self.held))

    def change(self, now: int) -> Swap | Override:
        if self.act == "override":
            return Override(self.rota, self.successor, now, self.until, now)
        taken = self.act in ("on", "cover")
        begins = max(
            now, min((since for _, since, _ in self.held), default=now)
        )  # what others stand in for stays theirs
        return Swap(self.person, self.successor, begins, self.until, now, rota=self.rota, taken=taken)


@dataclass(frozen=True, slots=True)
class No:
    """Why it cannot be asked. `rotas`: those it is about, or among which to choose; `person`: who is in the way."""

    why: Why
    rotas: tuple[str, ...] = ()
    person: str = ""
    until: int = 0


def off(
    plans: Sequence[Plan], facts: Facts, person: str, rota: str, now: int, *, until: int | None = None
) -> Proposal | No:  # fmt: skip
    """The backup, or whoever is next by the rules of the rota, is to take over until then, or until the next hand-over
    of the rota."""
    mine = [plan for plan in plans if on_call(plan, facts, now).person == person and rota in ("", plan.name)]
    if not mine:
        return No("not_on_call")
    if len(mine) > 1:
        return No("which", _names(mine))
    (plan,) = mine
    second = backup(plan, facts, now)
    if until is not None and until > now + OFF_DAYS_MAX * civil.DAY:
        return No("too_far")
    until = until or _turn_ends(plan, facts, now)
    if second is None:
        return No("nobody_else", (plan.name,))
    return _asked([plan], facts, Proposal("off", plan.name, person, second.person, until, ()), now)


def relief(plan: Plan, facts: Facts, tired: str, by: str, until: int, now: int) -> Proposal | No:
    """As `off`, until the end of the night or the next hand-over."""
    until = min(until, _turn_ends(plan, facts, now))
    return _asked([plan], facts, Proposal("relief", plan.name, tired, by, until, ()), now)


def on(plans: Sequence[Plan], facts: Facts, person: str, rota: str, now: int) -> Proposal | No:
    """They take a rota on which they have turns from whoever holds it, until the next hand-over of the rota."""
    mine = [plan for plan in plans if person in takers(plan) and rota in ("", plan.name)]
    if not mine:
        return No("no_turns")
    others = [plan for plan in mine if on_call(plan, facts, now).person != person]
    if not others:
        following = next_hand_over(mine[0], facts, now)
        return No("already", _names(mine), until=_not_too_late(following.at if following else None, now))
    if len(mine) > 1:
        return No("which", _names(others))
    (plan,) = mine
    holder = on_call(plan, facts, now).person
    return _asked([plan], facts, Proposal("on", plan.name, holder, person, _turn_ends(plan, facts, now), ()), now)


def swap(
    plans: Sequence[Plan], facts: Facts, person: str, by: str, rota: str, until: int, now: int
) -> Proposal | No:  # fmt: skip
    """`by` covers them from now until then, on every rota on which they hold something."""
    if by == person:
        return No("yourself")
    if until > now + SWAP_DAYS_MAX * civil.DAY:
        return No("too_far")
    facts = facts.of(person)
    asked = [plan for plan in plans if rota in ("", plan.name)]
    held = holds(asked, facts, person, now, until)
    mine = [plan for plan in asked if any(name == plan.name for name, _, _ in held)]
    if not mine:
        given = [s for s in facts.swaps if (s.person, s.by, s.until) == (person, by, until) and rota in ("", s.rota)]
        named = {s.rota for s in given if s.rota} or {plan.name for plan in asked}
        return No("has", tuple(sorted(named)), by, until) if given else No("nothing_held", until=until)
    return _asked(mine, facts, Proposal("swap", mine[0].name if len(mine) == 1 else "", person, by, until, ()), now)


def cover(
    plans: Sequence[Plan], facts: Facts, person: str, of: str, rota: str, until: int, now: int
) -> Proposal | No:  # fmt: skip
    """They take what `of` holds from now until then, of the rotas on which they have turns."""
    if of == person:
        return No("yourself")
    if until > now + SWAP_DAYS_MAX * civil.DAY:
        return No("too_far")
    facts = facts.of(of)
    own = [plan for plan in plans if person in takers(plan) and rota in ("", plan.name)]
    if not own:
        return No("no_turns")
    held = holds(own, facts, of, now, until)
    theirs = [plan for plan in own if any(name == plan.name for name, _, _ in held)]
    if not theirs:
        return No("holds_nothing", person=of, until=until)
    if len(theirs) > 1 and len(own) < len(plans):  # what they hold elsewhere is none of it
        return No("which", _names(theirs))
    one = theirs[0].name if len(theirs) == 1 else ""
    return _asked(theirs, facts, Proposal("cover", one, of, person, until, ()), now)


def override(
    plans: Sequence[Plan], facts: Facts, person: str, name: str, rota: str, until: int, now: int
) -> Proposal | No:  # fmt: skip
    """`name` has one of the rotas of `person` from now until then, whoever's turn it is."""
    own = [plan for plan in plans if person in takers(plan) and rota in ("", plan.name)]
    if not own:
        return No("no_turns")
    if len(own) > 1:
        return No("which", _names(own))
    if until > now + OVERRIDE_DAYS_MAX * civil.DAY:
        return No("too_far")
    (plan,) = own
    away = [a for a in facts.absences if a.person == name and a.since < until and now < a.until]
    if away:
        return No("away", (plan.name,), name, away[0].until)
    others = of_others(plan, facts, name, now, until)
    if not others:
        return No("already" if name == person else "has", (plan.name,), name, until)
    held = tuple((plan.name, since, end) for since, end, _ in others)
    found = Proposal("override", plan.name, others[0][2], name, until, held)
    after = of_others(plan, facts.with_(replace(found.change(now), id=_NEWEST)), name, now, until)
    return No("nobody_else", (plan.name,)) if after else found


def of_others(plan: Plan, facts: Facts, name: str, now: int, until: int) -> tuple[tuple[int, int, str], ...]:
    """When others than they hold it, and who: (since, until, person)."""
    found: list[tuple[int, int, str]] = []
    for span in shifts(plan, facts, now, until):
        if found and found[-1][1:] == (span.since, span.duty.person):
            found[-1] = (found[-1][0], span.until, span.duty.person)
        elif span.duty.person != name:
            found.append((span.since, span.until, span.duty.person))
    return tuple(found)


def takers(plan: Plan) -> tuple[str, ...]:
    """Who has turns on it, or stands behind it."""
    turns = (name for entry in plan.layers for name in entry.layer.people)
    return tuple(dict.fromkeys((*turns, *plan.rota.fallback)))


def holds(plans: Sequence[Plan], facts: Facts, person: str, since: int, until: int) -> Held:
    """What they hold from then to then; neighbours are one."""
    found: list[tuple[str, int, int]] = []
    for plan in plans:
        for span in shifts(plan, facts, since, until):
            if span.duty.person != person:
                continue
            if found and found[-1][0] == plan.name and found[-1][2] == span.since:
                found[-1] = (plan.name, found[-1][1], span.until)
            else:
                found.append((plan.name, span.since, span.until))
    return tuple(found)


def same(plans: Sequence[Plan], facts: Facts, asked: Proposal, now: int) -> bool:
    """Whether the person still holds what was to be handed over, and it would go to them."""
    facts = facts.of(asked.person)
    if not stays(plans, facts, asked, now):
        return False
    if asked.act == "override":
        return not _others(plans, facts.with_(replace(asked.change(now), id=_NEWEST)), asked, now)
    return _goes_over(_concerned(plans, asked), facts, asked, now)


def stays(plans: Sequence[Plan], facts: Facts, asked: Proposal, now: int) -> bool:
    """Whether the person still holds what was to be handed over, as far as it is to come."""
    facts = facts.of(asked.person)
    left = tuple((rota, max(since, now), until) for rota, since, until in asked.held if until > now)
    if asked.act == "override":
        others = _others(plans, facts, asked, now)
        return bool(left) and tuple(held for held, _ in others) == left and others[0][1] == asked.person
    return bool(left) and holds(_concerned(plans, asked), facts, asked.person, now, asked.until) == left


def displaced(plans: Sequence[Plan], facts: Facts, asked: Proposal, now: int) -> tuple[str, ...]:
    """Who loses some of what they hold, the first of them first; also who has yet to confirm that they take it."""
    if asked.act == "override":
        lost = (*_others(plans, facts, asked, now), *_others(plans, facts.of(""), asked, now))
        return tuple(dict.fromkeys(person for _, person in lost))
    return (asked.person,)


def _others(
    plans: Sequence[Plan], facts: Facts, asked: Proposal, now: int
) -> list[tuple[tuple[str, int, int], str]]:  # fmt: skip
    return [
        ((plan.name, since, until), person)
        for plan in _concerned(plans, asked)
        for since, until, person in of_others(plan, facts, asked.successor, now, asked.until)
    ]


def _concerned(plans: Sequence[Plan], asked: Proposal) -> list[Plan]:
    return [plan for plan in plans if asked.rota in ("", plan.name)]


def _asked(plans: Sequence[Plan], facts: Facts, wanted: Proposal, now: int) -> Proposal | No:
    """With what would be handed over; or why it would not go to the successor."""
    held = holds(plans, facts, wanted.person, now, wanted.until)
    asked = Proposal(wanted.act, wanted.rota, wanted.person, wanted.successor, wanted.until, held)
    away = [a for a in facts.absences if a.person == wanted.successor and a.since < wanted.until and now < a.until]
    if away:
        return No("away", asked.rotas, wanted.successor, away[0].until)
    if not held or not _goes_over(plans, facts, asked, now):
        return No("nobody_else", asked.rotas or _names(plans))
    return _of_a_third(plans, facts, asked, now) or asked


def _of_a_third(plans: Sequence[Plan], facts: Facts, asked: Proposal, now: int) -> No | None:
    """Somebody stands in for the person later on, and would lose that, too."""
    after = facts.with_(replace(asked.change(now), id=_NEWEST))
    for plan in plans:
        own = [*holds([plan], facts, asked.successor, now, asked.until), *(h for h in asked.held if h[0] == plan.name)]
        for _, at, until in holds([plan], after, asked.successor, now, asked.until):
            for _, since, end in sorted(own):
                at = end if since <= at < end else at
            if at < until:
                return No("in_part", (plan.name,), on_call(plan, facts, at).person, at)
    return None


def _goes_over(plans: Sequence[Plan], facts: Facts, asked: Proposal, now: int) -> bool:
    after = facts.with_(replace(asked.change(now), id=_NEWEST))
    return not holds(plans, after, asked.person, now, asked.until) and all(
        on_call(plan, after, max(since, now)).person == asked.successor
        for plan in plans
        for rota, since, _ in asked.held
        if rota == plan.name
    )


def _turn_ends(plan: Plan, facts: Facts, now: int) -> int:
    return _not_too_late(turn_ends(plan, facts, now), now)


def _not_too_late(at: int | None, now: int) -> int:
    latest = now + OFF_DAYS_MAX * civil.DAY
    return latest if at is None else min(at, latest)


def _names(plans: Sequence[Plan]) -> tuple[str, ...]:
    return tuple(plan.name for plan in plans)
