"""Who is paged next, and why. Pure: an incident as it stands and `now` go in, effects with their reasons come out.

The rule is asked whenever something changed: the incident was opened, a step's time is over, a text failed. It looks
at everything afresh, so that it does not matter what woke it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from gatewayd.model import SECOND, PageState, Severity
from gatewayd.oncall.directory import BACKUP, ROTA, Device, GroupCall, Kind, Policy

EXHAUSTED_BACKOFF_MAX = 4  # the pause between rounds of the exhausted policy doubles up to 2**4 times


@dataclass(frozen=True, slots=True)
class GroupText:
    """The call to a group's number with which a page began.

    `stands`: as far as anybody knows it was shown, or will be; `newest`: no device was called after it; `called`:
    the person's own pagers at that bureau that were.
    """

    channel: str
    wait_s: int
    stands: bool
    newest: bool
    called: tuple[str, ...] = ()

    def shows_on(self, device: Device) -> bool:
        return device.kind == "pager" and device.channel == self.channel


@dataclass(frozen=True, slots=True)
class PageFacts:
    """One page and its newest text. `over`: that text will not arrive; `silent`: its receipt is late; `held`: its
    channel cannot take it, or nobody knows whether it did; `shown_on`: numbers of phones that have shown the page."""

    id: int
    person: str
    round: int
    step: int
    state: PageState
    devices_tried: int
    over: bool
    queued_at: int
    silent: bool = False
    held: bool = False
    group: GroupText | None = None
    shown_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    id: int
    policy: Policy
    step: int  # index of the running step; len(steps) = the fallback
    round: int
    exhausted: int
    step_until: int
    pages: tuple[PageFacts, ...]
    severity: Severity = Severity.CRITICAL

    def kinds(self, step: int) -> tuple[Kind, ...]:
        """Of devices that the step uses, in this order; none: all that somebody has."""
        return self.policy.kinds(step, self.severity)


@dataclass(frozen=True, slots=True)
class PlanPage:
    """This person must know now (by the first device, or by a group call)."""

    person: str
    step: int
    round: int
    reason: str


@dataclass(frozen=True, slots=True)
class QueueText:
    """The page goes (again) to device number `device` of its person, the `tried`th of those that its step uses.

    `page_id` 0 = of the page just planned.
    """

    page_id: int
    person: str
    device: int
    reason: str
    tried: int


@dataclass(frozen=True, slots=True)
class CallGroup:
    """One text to the number of the team's group, for the pages of these people that were just planned."""

    team: str
    people: tuple[str, ...]
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
class NobodyThere:
    """The step just entered pages nobody: it is gone past at once. `audience`: whom the policy names, as it does."""

    step: int
    round: int
    audience: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookAgain:
    """The incident's next deadline."""

    at: int


Effect = PlanPage | QueueText | CallGroup | MarkUnreachable | EnterStep | NobodyThere | LookAgain
Members = Callable[[tuple[str, ...]], tuple[str, ...]]
Devices = Callable[[str], Sequence[Device]]
GroupCalls = Callable[[tuple[str, ...]], Sequence[GroupCall]]
Able = Callable[[Device], bool]  # whether its channel can take a text now


def begin(
    incident: int, policy: Policy, severity: Severity, *, members: Members, devices: Devices, group_calls: GroupCalls,
    now: int, everybody: Members | None = None,
) -> list[Effect]:  # fmt: skip
    """A new incident: the first step, at once."""
    facts = IncidentFacts(incident, policy, -1, 0, 0, now, (), severity)
    return advance(facts, members=members, everybody=everybody, devices=devices, group_calls=group_calls, now=now)


def advance(
    facts: IncidentFacts, *, members: Members, devices: Devices, group_calls: GroupCalls, now: int,
    able: Able = lambda _: True, everybody: Members | None = None,
) -> list[Effect]:  # fmt: skip
    """What is to happen now to an incident that nobody has acknowledged.

    `everybody`: whom it means when the policy has run out; `members`, without those who are away, say, if not given.
    """
    effects: list[Effect] = []
    waits: list[int] = []
    running = [p for p in facts.pages if p.round == facts.round and p.step == facts.step]
    hope = False
    for page in running:
        everything = devices(page.person)
        owned = used_of(everything, facts.kinds(page.step))
        hope |= _one_page(page, owned, everything, effects, waits, able=able, now=now)
    patient = facts.exhausted > 0  # the pause of an exhausted policy is kept, or refused texts would chase each other
    successors = _successors(facts, members, devices)
    if facts.step >= 0 and now < facts.step_until and (hope or patient or successors):
        joins = EnterStep(facts.step, facts.round, facts.step_until, "step", "has the duty now")
        waits += [now + wait_s * SECOND for wait_s in _page_all(joins, successors, (), devices, facts, effects)]
        effects.append(LookAgain(min([facts.step_until, *waits])))
        return effects
    reason = "no answer in time" if now >= facts.step_until else "nobody of this step can be reached"
    for entered in _steps_from(facts, reason if facts.step >= 0 else "opened", now):
        effects.append(entered)
        audience = audience_of(facts.policy, entered)
        meant = everybody if everybody is not None and entered.kind == "exhausted" else members
        names = [name for name in meant(audience) if devices(name)]
        if entered.round == facts.round:
            names += [name for name in successors if name not in names]
        kinds = facts.kinds(entered.step)
        calls = group_calls(audience) if not kinds or "pager" in kinds else ()
        waits_s = _page_all(entered, names, calls, devices, facts, effects)
        if names or entered.kind == "exhausted":
            effects.append(LookAgain(min([entered.until, *(now + wait_s * SECOND for wait_s in waits_s)])))
            return effects
        effects.append(NobodyThere(entered.step, entered.round, audience))
    raise AssertionError("the policy's end is always entered")


def so_far(policy: Policy, step: int, exhausted: int) -> tuple[str, ...]:
    """Whom the policy names for the running step and those of its round before it, as it names them."""
    passed = tuple(who for one in policy.steps[: step + 1] for who in one.page)
    return passed if step < len(policy.steps) and not exhausted else (*policy.fallback, *passed)


def hands_on(effects: Sequence[Effect]) -> bool:
    """Whether people are paged in the step that runs already."""
    planned = any(isinstance(effect, PlanPage) for effect in effects)
    return planned and not any(isinstance(effect, EnterStep) for effect in effects)


def _successors(facts: IncidentFacts, members: Members, devices: Devices) -> list[str]:
    """Who has a duty that a step of this round names, and got it after that step had begun.

    Whoever has passed the incident on is not asked again for that.
    """
    words = tuple(who for who in so_far(facts.policy, facts.step, facts.exhausted) if who.startswith((ROTA, BACKUP)))
    if facts.step < 0 or not words:
        return []
    asked = {p.person for p in facts.pages if p.round == facts.round}
    asked |= {p.person for p in facts.pages if p.round >= 0 and p.state is PageState.WITHDRAWN}
    return [name for name in members(words) if name not in asked and devices(name)]


def used_of(everything: Sequence[Device], kinds: Sequence[Kind]) -> Sequence[Device]:
    """Those of the person's devices that a step uses, in its order. Who has none of those kinds has all (law 8)."""
    if not kinds:
        return everything
    return [device for kind in kinds for device in everything if device.kind == kind] or everything


def _place(device: Device, everything: Sequence[Device]) -> int:
    return next(n for n, own in enumerate(everything) if own is device)


def _one_page(
    page: PageFacts, owned: Sequence[Device], everything: Sequence[Device], effects: list[Effect], waits: list[int],
    *, able: Able, now: int,
) -> bool:  # fmt: skip
    """Move one page to its next device when its text failed, is not heard of, or has had its time; and when its
    channel is sick, if a device behind it could be called now.

    True while there is hope; a text that is not heard of and has no device behind it is none, but may yet arrive.
    """
    if page.state in (PageState.UNREACHABLE, PageState.WITHDRAWN):
        return False
    following = _next_device(page, owned)
    until = page.queued_at + _patience_s(page, owned) * SECOND
    held = following is not None and page.held and any(able(device) for device in owned[following:])
    if following is not None and (page.over or page.silent or held or now >= until):
        why = "the channel of the device before is sick" if held else "no answer on the device before"
        if page.over or page.silent:
            why = "the text before did not arrive" if page.over else "no receipt of the text before in time"
        device = _place(owned[following], everything)
        effects.append(QueueText(page.id, page.person, device, why, following + 1))
        if _next_device(_called(page, following, owned), owned) is not None:
            waits.append(now + owned[following].wait_s * SECOND)
        return True
    by_group = page.group is not None and page.group.newest
    if now < until and (following is not None or by_group):
        waits.append(until)
    if page.group is not None and page.group.stands and (by_group or page.over):
        return True
    if page.over and page.state is not PageState.REACHED:
        effects.append(MarkUnreachable(page.id, page.person, "no text arrived and there is no further device"))
        return False
    return not page.silent


def _next_device(page: PageFacts, owned: Sequence[Device]) -> int | None:
    """The first that was not tried, and is not a phone that has shown the page by another way. A pager is passed over
    while the group call that it shows stands, not for good."""
    call = page.group
    new = [n for n, device in enumerate(owned) if n >= page.devices_tried and device.number not in page.shown_on]
    if call is None:
        return next((n for n in new if n), None)
    waiting = [n for n in new if not call.shows_on(owned[n])]
    own = [n for n, device in enumerate(owned) if call.shows_on(device) and device.number not in call.called]
    if not call.stands:
        waiting += own
    return min(waiting, key=lambda n: (n < page.devices_tried, n), default=None)


def _called(page: PageFacts, number: int, owned: Sequence[Device]) -> PageFacts:
    """The page, once that device was called."""
    call = page.group
    if call is not None and call.shows_on(owned[number]):
        call = replace(call, called=(*call.called, owned[number].number))
    return replace(page, devices_tried=max(page.devices_tried, number + 1), group=call)


def _patience_s(page: PageFacts, owned: Sequence[Device]) -> int:
    """How long its newest text may be without an answer."""
    if page.group is not None and page.group.newest:
        return page.group.wait_s
    last = min(max(page.devices_tried, 1), len(owned)) - 1
    return owned[last].wait_s if owned else 0


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


def audience_of(policy: Policy, entered: EnterStep) -> tuple[str, ...]:
    """Whom the policy names for that step, as it names them."""
    if entered.kind == "exhausted":
        return (*policy.fallback, *(who for step in policy.steps for who in step.page))
    return policy.fallback if entered.kind == "fallback" else policy.steps[entered.step].page


def _page_all(
    entered: EnterStep, names: Sequence[str], calls: Sequence[GroupCall], devices: Devices, facts: IncidentFacts,
    effects: list[Effect],
) -> list[int]:  # fmt: skip
    """Plan a page for each of them, by a group call where there is one. Returns the waits for what is next."""
    call_of = {name: call for call in calls for name in call.wearers}
    waits_s: list[int] = []
    for name in names:
        effects.append(
            PlanPage(name, entered.step, entered.round, f"{entered.kind} {entered.step + 1}: {entered.reason}")
        )
        if name in call_of:
            waits_s.append(call_of[name].wait_s)
            continue
        everything = devices(name)
        owned = used_of(everything, facts.kinds(entered.step))
        effects.append(QueueText(0, name, _place(owned[0], everything), entered.reason, 1))
        if len(owned) > 1:
            waits_s.append(owned[0].wait_s)
    called = [(call.team, tuple(name for name in names if call_of.get(name) is call)) for call in calls]
    effects += [CallGroup(team, people, entered.reason) for team, people in called if people]
    return waits_s
