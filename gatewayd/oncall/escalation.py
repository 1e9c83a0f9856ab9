"""Who is paged next, and why. Pure: an incident as it stands and `now` go in, effects with their reasons come out.

The rule is asked whenever something changed: the incident was opened, a step's time is over, a text failed. It looks
at everything afresh, so that it does not matter what woke it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from gatewayd.model import SECOND, PageState
from gatewayd.oncall.directory import Device, Policy

EXHAUSTED_BACKOFF_MAX = 4  # the pause between rounds of the exhausted policy doubles up to 2**4 times


@dataclass(frozen=True, slots=True)
class PageFacts:
    """One page and its newest text. `over`: that text will not arrive; `silent`: its receipt is late."""

    id: int
    person: str
    round: int
    step: int
    state: PageState
    devices_tried: int
    over: bool
    queued_at: int
    silent: bool = False


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    id: int
    policy: Policy
    step: int  # index of the running step; len(steps) = the fallback
    round: int
    exhausted: int
    step_until: int
    pages: tuple[PageFacts, ...]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """This person must know now (by the first device)."""

    person: str
    step: int
    round: int
    reason: str


@dataclass(frozen=True, slots=True)
class QueueText:
    """The page goes (again) to device number `device` of its person. `page_id` 0 = of the page just planned."""

    page_id: int
    person: str
    device: int
    reason: str


@dataclass(frozen=True, slots=True)
class MarkUnreachable:
    page_id: int
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class EnterStep:
    step: int
    round: int
    until: int
    kind: Literal["step", "repeat", "fallback", "exhausted"]
    reason: str


@dataclass(frozen=True, slots=True)
class LookAgain:
    """The incident's next deadline."""

    at: int


Effect = PlanPage | QueueText | MarkUnreachable | EnterStep | LookAgain
Members = Callable[[tuple[str, ...]], tuple[str, ...]]
Devices = Callable[[str], Sequence[Device]]


def begin(incident: int, policy: Policy, *, members: Members, devices: Devices, now: int) -> list[Effect]:
    """A new incident: the first step, at once."""
    facts = IncidentFacts(incident, policy, -1, 0, 0, now, ())
    return advance(facts, members=members, devices=devices, now=now)


def advance(facts: IncidentFacts, *, members: Members, devices: Devices, now: int) -> list[Effect]:
    """What is to happen now to an incident that nobody has acknowledged."""
    effects: list[Effect] = []
    waits: list[int] = []
    running = [p for p in facts.pages if p.round == facts.round and p.step == facts.step]
    hope = False
    for page in running:
        hope |= _one_page(page, devices(page.person), effects, waits, now=now)
    patient = facts.exhausted > 0  # the pause of an exhausted policy is kept, or refused texts would chase each other
    if facts.step >= 0 and now < facts.step_until and (hope or patient):
        effects.append(LookAgain(min([facts.step_until, *waits])))
        return effects
    reason = "no answer in time" if now >= facts.step_until else "nobody of this step can be reached"
    for entered in _steps_from(facts, reason if facts.step >= 0 else "opened", now):
        effects.append(entered)
        reached = _page_all(facts, entered, members, devices, effects)
        if reached or entered.kind == "exhausted":
            first = [now + d[0].wait_s * SECOND for name in reached if len(d := devices(name)) > 1]
            effects.append(LookAgain(min([entered.until, *first])))
            return effects
    raise AssertionError("the policy's end is always entered")


def _one_page(page: PageFacts, owned: Sequence[Device], effects: list[Effect], waits: list[int], *, now: int) -> bool:
    """Move one page to its next device when its text failed, is not heard of, or has had its time.

    True while there is hope; a text that is not heard of and has no device behind it is none, but may yet arrive.
    """
    if page.state in (PageState.UNREACHABLE, PageState.WITHDRAWN):
        return False
    tried = max(page.devices_tried, 1)
    more = tried < len(owned)
    slow = more and now >= page.queued_at + owned[tried - 1].wait_s * SECOND
    if more and (page.over or page.silent or slow):
        why = "no answer on the device before"
        if page.over or page.silent:
            why = "the text before did not arrive" if page.over else "no receipt of the text before in time"
        effects.append(QueueText(page.id, page.person, tried, why))
        if tried + 1 < len(owned):
            waits.append(now + owned[tried].wait_s * SECOND)
        return True
    if page.over and page.state is not PageState.REACHED:
        effects.append(MarkUnreachable(page.id, page.person, "no text arrived and there is no further device"))
        return False
    if more:
        waits.append(page.queued_at + owned[tried - 1].wait_s * SECOND)
    return not page.silent


def _steps_from(facts: IncidentFacts, reason: str, now: int) -> list[EnterStep]:
    """The steps that may come now, in order; the caller takes the first in which somebody can be paged."""
    steps, policy = facts.policy.steps, facts.policy
    coming: list[EnterStep] = []
    for round_ in range(facts.round, policy.repeat + 1):
        start = facts.step + 1 if round_ == facts.round else 0
        for number in range(start, len(steps)):
            until = now + steps[number].wait_s * SECOND
            kind: Literal["step", "repeat"] = "repeat" if number == 0 and round_ else "step"
            coming.append(EnterStep(number, round_, until, kind, reason))
    pause = policy.exhausted_every_s * SECOND
    if facts.exhausted == 0 and facts.step < len(steps):
        coming.append(EnterStep(len(steps), policy.repeat, now + steps[-1].wait_s * SECOND, "fallback", reason))
    times = facts.exhausted + 1
    until = now + pause * 2 ** min(times - 1, EXHAUSTED_BACKOFF_MAX)
    coming.append(EnterStep(len(steps), policy.repeat + times, until, "exhausted", "the policy ran out"))
    return coming


def _page_all(
    facts: IncidentFacts, entered: EnterStep, members: Members, devices: Devices, effects: list[Effect]
) -> list[str]:
    """Plan a page for each person of the step who has a device; returns their names."""
    policy = facts.policy
    if entered.kind == "exhausted":
        everybody = tuple(who for step in policy.steps for who in step.page)
        audience = members((*policy.fallback, *everybody))
    else:
        audience = members(policy.fallback if entered.kind == "fallback" else policy.steps[entered.step].page)
    reached = [name for name in audience if devices(name)]
    for name in reached:
        effects.append(
            PlanPage(name, entered.step, entered.round, f"{entered.kind} {entered.step + 1}: {entered.reason}")
        )
        effects.append(QueueText(0, name, 0, entered.reason))
    return reached
