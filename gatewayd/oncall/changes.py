"""Whether a change of a running rota is accepted: all that speaks against it, at once.

An override or a swap that names somebody who is absent then is refused, and so is whatever leaves a rota without
anybody that had somebody before. Where the rota says that gaps are meant, the fallback is somebody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from gatewayd.oncall import civil, refusal_words
from gatewayd.oncall.cover import Absence, Change, Facts, Override, Shadowing, Swap
from gatewayd.oncall.directory import Policy
from gatewayd.oncall.duty import Span, deserted, gaps, shifts
from gatewayd.oncall.languages import ENGLISH
from gatewayd.oncall.rota import Plan
from gatewayd.oncall.rota_faults import Staff, lacking

Holes = Callable[[Plan, Facts, int, int], list[Span]]
CHANGE_DAYS_MAX = 400
CHANGES_MAX = 2_000  # that hold or are to come
MOVED_MAX = 20  # sentences of one warning
_SAID = refusal_words.words_of(ENGLISH)


class Booked(NamedTuple):
    """A change; `new`: it was booked just now."""

    id: int
    new: bool


class TakenOver(NamedTuple):
    """The numbers of overrides that came and went with a calendar."""

    booked: list[int]
    ended: list[int]


def refusals(plans: Sequence[Plan], facts: Facts, change: Change, *, staff: Staff, now: int) -> list[str]:
    """Sentences that speak against it; none, and it may be booked."""
    found = [_SAID.nobody_named.format(name=name) for name in _named(change) if name not in staff.devices]
    rota = "" if isinstance(change, Absence) else change.rota
    if rota and rota not in [plan.name for plan in plans]:
        found.append(_SAID.no_rota.format(rota=rota))
    if isinstance(change, Override) and not rota:
        found.append("an override is for one rota")
    if change.until <= change.since:
        found.append(_SAID.backwards)
    elif change.until <= now:
        found.append(_SAID.over)
    elif change.until - max(change.since, now) > CHANGE_DAYS_MAX * civil.DAY:
        found.append(_SAID.too_long.format(days=CHANGE_DAYS_MAX))
    if sum(known.until > now for known in facts.all()) >= CHANGES_MAX:
        found.append(_SAID.too_many.format(count=CHANGES_MAX))
    found += _against_itself(change)
    if found:
        return found
    found += _unreachable(plans, change, staff)
    found += _absent_then(plans, facts, change)
    if isinstance(change, Absence):
        since, until = max(change.since, now), change.until
        for plan in plans:
            gap = opened(plan, facts, facts.with_(change), since, until)
            if gap:
                found.append(would_be_empty(plan, gap))
    return found


def already(facts: Facts, change: Change, *, now: int) -> Change | None:
    """What was booked by hand before and does all that this one would: from now on the same time, whatever its note.

    An override or a swap behind which another one was made, for some of its time, would win again: that is a new one.
    """
    moving: list[Override | Swap] = [*facts.overrides, *facts.swaps]
    for known in facts.all():
        if type(known) is not type(change) or _from_now(known, now) != _from_now(change, now):
            continue
        if not isinstance(known, Override | Swap):
            return known
        taken_over = isinstance(known, Override) and (known.event or known.kept)
        later = (o for o in moving if (o.made_at, o.id) > (known.made_at, known.id))
        if not taken_over and not any(o.since < known.until and known.since < o.until for o in later):
            return known
    return None


def _from_now(change: Change, now: int) -> tuple[str | int, ...]:
    other = change.by if isinstance(change, Swap) else change.of if isinstance(change, Shadowing) else ""
    rota = "" if isinstance(change, Absence) else change.rota
    return change.person, other, rota, max(change.since, now), change.until


def warnings(policies: Sequence[Policy], teams: Mapping[str, Sequence[str]], away: Sequence[Absence]) -> list[str]:
    """What an absence, the last of those that hold at one time, leaves without anybody; it is booked all the same."""
    gone = {absence.person for absence in away}
    found = []
    for policy in policies:
        steps = [(_SAID.step.format(number=n, policy=policy.name), s.page) for n, s in enumerate(policy.steps, 1)]
        for sentence, audience in (*steps, (_SAID.fallback.format(policy=policy.name), policy.fallback)):
            names = {name for who in audience for name in teams.get(who, (who,))}
            if names <= gone and away[-1].person in names:
                found.append(sentence)
    return found


def moved(plans: Sequence[Plan], before: Facts, absence: Absence, *, now: int) -> list[str]:
    """Who has instead what an absence takes from somebody who had it by an override or a swap, made on purpose."""
    since = max(absence.since, now)
    given = {override.person for override in before.overrides} | {swap.by for swap in before.swaps}
    if since >= absence.until or absence.person not in given:
        return []
    found = []
    for plan in plans:
        lost = [
            span
            for span in shifts(plan, before, since, absence.until)
            if span.duty.person == absence.person and span.duty.source in ("override", "swap")
        ]
        for part in lost:
            for span in shifts(plan, before.with_(absence), part.since, part.until):
                when = _when(plan, span.since, span.until)
                found.append(f"{span.duty.person} has '{plan.name}' {when} instead: {span.duty.why}")
    return found[:MOVED_MAX] + ([f"and {len(found) - MOVED_MAX} more"] if len(found) > MOVED_MAX else [])


def opened(plan: Plan, before: Facts, after: Facts, since: int, until: int) -> Span | None:
    """The first time with nobody that there is by the facts after a change and not by those before it.

    With nobody in the layers, unless gaps are meant; or with all of the fallback absent then.
    """
    found = None if plan.rota.gaps else _opened(gaps, plan, before, after, since, until)
    return found or _opened(deserted, plan, before, after, since, until)


def would_be_empty(plan: Plan, gap: Span) -> str:
    """The sentence about such a time."""
    return _SAID.empty.format(rota=plan.name, when=_when(plan, gap.since, gap.until))


def left_alone(plan: Plan, facts: Facts, now: int) -> str:
    """What absences that were booked before leave of a rota as it is now: a file is read without them. "" = enough."""
    until = min(max((a.until for a in facts.absences), default=now), now + CHANGE_DAYS_MAX * civil.DAY)
    gap = opened(plan, replace(facts, absences=()), facts, now, until) if until > now else None
    if gap is None:
        return ""
    return (
        f"'{plan.name}' has nobody {_when(plan, gap.since, gap.until)}, as absences were booked before: {gap.duty.why}"
    )


def _opened(holes: Holes, plan: Plan, before: Facts, after: Facts, since: int, until: int) -> Span | None:
    old = holes(plan, before, since, until)
    for hole in holes(plan, after, since, until):
        start = hole.since
        for known in old:
            if known.since <= start < known.until:
                start = known.until
        if start < hole.until:
            end = min((known.since for known in old if known.since > start), default=hole.until)
            return Span(start, min(end, hole.until), hole.duty)
    return None


def _named(change: Change) -> list[str]:
    match change:
        case Swap():
            return [change.person, change.by]
        case Shadowing() if change.of:
            return [change.person, change.of]
        case _:
            return [change.person]


def _against_itself(change: Change) -> list[str]:
    if isinstance(change, Swap) and change.by == change.person:
        return [f"{change.by} cannot cover themselves"]
    if isinstance(change, Shadowing) and change.of == change.person:
        return [f"{change.of} cannot shadow themselves"]
    return []


def _unreachable(plans: Sequence[Plan], change: Change, staff: Staff) -> list[str]:
    """Whoever takes a duty has a device of each kind that its policies use."""
    match change:
        case Override():
            who, rotas = change.person, [change.rota]
        case Swap():
            taking_part = [p.name for p in plans if any(change.person in entry.layer.people for entry in p.layers)]
            who, rotas = change.by, [change.rota] if change.rota else taking_part
        case _:
            return []
    return list(dict.fromkeys(sentence for rota in rotas for sentence in lacking(staff, who, rota)))


def _absent_then(plans: Sequence[Plan], facts: Facts, change: Change) -> list[str]:
    if isinstance(change, Absence | Shadowing) or not plans:
        return []
    who = change.by if isinstance(change, Swap) else change.person
    shown_by = next((plan for plan in plans if plan.name == change.rota), plans[0])
    return [
        _SAID.absent.format(name=who, when=_when(shown_by, away.since, away.until))
        for away in facts.absences
        if away.person == who and away.since < change.until and change.since < away.until
    ]


def _when(plan: Plan, since: int, until: int) -> str:
    edges = civil.shown(plan.zone, since), civil.shown(plan.zone, until)
    return _SAID.when.format(since=edges[0], until=edges[1], zone=plan.zone.key)
