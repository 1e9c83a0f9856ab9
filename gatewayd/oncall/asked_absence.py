"""What a person may ask of their own absence by text: to be away for a time, and to be back. Pure.

Nothing is changed here. Whoever gets a duty by it that begins soon has to agree, each to their own part; who gets one
later is told, and may hand it on. It is made true only if it still is what they agreed to (`same`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from gatewayd.oncall import civil
from gatewayd.oncall.changes import opened
from gatewayd.oncall.cover import Absence, Facts
from gatewayd.oncall.duty import shifts
from gatewayd.oncall.rota import Plan

CONSENT_AHEAD_US = civil.DAY  # whoever takes something that begins within this is asked
DAYS_MAX = 400
CONSENTS_MAX = 5
TAKES_MAX = 200  # parts of duty that are looked at and told of

Act = Literal["away", "back"]
Why = Literal["too_far", "away_already", "nobody", "too_many_asked", "not_away"]
Take = tuple[str, int, int, str]  # (rota, since, until, who has it then)


@dataclass(frozen=True, slots=True)
class Leave:
    """`person` is away, or with "back" no more. `takes`: what changes hands by it, the first to begin first: with
    "away" whoever gets it, with "back" whoever gives it back."""

    act: Act
    person: str
    since: int
    until: int
    takes: tuple[Take, ...]
    ends: tuple[int, ...] = ()  # absences that are over then, of "back"

    def absence(self, now: int) -> Absence:
        return Absence(self.person, max(self.since, now), self.until)

    def asked(self, now: int) -> tuple[str, ...]:
        """Those who have to agree, in the order in which they would begin."""
        if self.act == "back":
            return ()
        return tuple(dict.fromkeys(by for _, since, _, by in self.takes if since < now + CONSENT_AHEAD_US))

    @property
    def others(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(by for _, _, _, by in self.takes))

    @property
    def rotas(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rota for rota, _, _, _ in self.takes))

    def of(self, name: str) -> tuple[Take, ...]:
        return tuple(take for take in self.takes if take[3] == name)

    def begun(self, now: int) -> tuple[Take, ...]:
        return tuple(take for take in self.takes if take[1] <= now < take[2])


@dataclass(frozen=True, slots=True)
class No:
    """Why it cannot be asked. `rotas`: those that would have nobody."""

    why: Why
    until: int = 0
    rotas: tuple[str, ...] = ()


def away(plans: Sequence[Plan], facts: Facts, person: str, since: int, until: int, now: int) -> Leave | No:
    """They are away from then until then; whoever would have their turns by the rules of each rota takes them."""
    facts, since = facts.of(person), max(since, now)
    if until <= since or until > now + DAYS_MAX * civil.DAY:
        return No("too_far")
    known = [a for a in facts.absences if a.person == person and a.since <= since and until <= a.until]
    if known:
        return No("away_already", known[0].until)
    gone = facts.with_(Absence(person, since, until))
    if alone := tuple(plan.name for plan in plans if opened(plan, facts, gone, since, until)):
        return No("nobody", until, alone)
    leave = Leave("away", person, since, until, _moved(plans, facts, gone, person, since, until))
    return No("too_many_asked") if len(leave.asked(now)) > CONSENTS_MAX else leave


def back(plans: Sequence[Plan], facts: Facts, person: str, now: int) -> Leave | No:
    """They are there again: their absences that hold now are over, or where none does, the next one is off."""
    facts = facts.of(person)
    mine = sorted((a for a in facts.absences if a.person == person and a.until > now), key=lambda a: (a.since, a.id))
    if not mine:
        return No("not_away")
    over = [a for a in mine if a.since <= now] or mine[:1]
    since, until = max(now, over[0].since), max(a.until for a in over)
    after = replace(facts, absences=tuple(a for a in facts.absences if a not in over))
    takes = _moved(plans, after, facts, person, since, until)
    return Leave("back", person, since, until, takes, tuple(a.id for a in over))


def same(plans: Sequence[Plan], facts: Facts, asked: Leave, now: int) -> bool:
    """Whether it still moves all that was asked: of a turn that is over nobody can say yes."""
    found = (
        back(plans, facts, asked.person, now)
        if asked.act == "back"
        else away(plans, facts, asked.person, asked.since, asked.until, now)
    )
    left = _to_come(asked.takes, now)
    if len(left) < len(asked.takes) or not isinstance(found, Leave) or found.until != asked.until:
        return False
    if found.takes[: len(left)] != left:
        return False
    return len(found.takes) == len(left) or len(asked.takes) == TAKES_MAX


def alike(asked: Leave, leave: Leave, now: int) -> bool:
    """Whether they ask for the same."""
    begins = max(asked.since, now) == max(leave.since, now)
    return begins and (asked.act, asked.until) == (leave.act, leave.until) and _to_come(asked.takes, now) == leave.takes


def _to_come(takes: Sequence[Take], now: int) -> tuple[Take, ...]:
    return _in_order((rota, max(since, now), until, by) for rota, since, until, by in takes if until > now)


def _in_order(takes: Iterable[Take]) -> tuple[Take, ...]:
    return tuple(sorted(takes, key=lambda take: (take[1], take[0])))


def _moved(
    plans: Sequence[Plan], there: Facts, gone: Facts, person: str, since: int, until: int
) -> tuple[Take, ...]:  # fmt: skip
    """What they hold while they are there, and who does while they are gone."""
    found: list[Take] = []
    for plan in plans:
        mine = [(s.since, s.until) for s in shifts(plan, there, since, until) if s.duty.person == person]
        for begin, end in mine:
            for span in shifts(plan, gone, begin, end):
                last = found[-1] if found else None
                by = span.duty.person
                if by == person:
                    continue
                if last and last[0] == plan.name and last[2] == span.since and last[3] == by:
                    found[-1] = (plan.name, last[1], span.until, by)
                else:
                    found.append((plan.name, span.since, span.until, by))
    return _in_order(found)[:TAKES_MAX]
