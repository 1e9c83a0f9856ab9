"""Who is paged next: whatever happens, somebody always will be, and nobody is flooded."""

from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.model import SECOND, PageState
from gatewayd.oncall import escalation
from gatewayd.oncall.directory import Device, Policy, Step
from gatewayd.oncall.escalation import EnterStep, IncidentFacts, LookAgain, MarkUnreachable, PageFacts, QueueText
from tests.chance import examples

NAMES = ("anna", "ben", "cara", "dave")
PHONE = {name: tuple(Device(number=f"+4477009001{k}{n}", wait_s=60) for n in range(k % 3 + 1)) for k, name in
         enumerate(NAMES)}  # fmt: skip
TEXT_FATES = ("lost", "delivered", "silent", "held")

policies = st.builds(
    Policy,
    name=st.just("p"),
    steps=st.lists(
        st.builds(
            Step, page=st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True).map(tuple),
            wait_s=st.integers(5, 900),
        ),
        min_size=1, max_size=4,
    ).map(tuple),
    repeat=st.integers(0, 3),
    fallback=st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True).map(tuple),
    exhausted_every_s=st.integers(30, 900),
)  # fmt: skip


class Night:
    """An incident that nobody acknowledges; texts meet their fate at once or never."""

    def __init__(self, policy: Policy, there: set[str]) -> None:
        self.policy, self.there = policy, there
        self.now = 0
        self.facts = IncidentFacts(1, policy, -1, 0, 0, 0, ())
        self.look_at: int | None = None
        self.texts: list[tuple[int, str]] = []
        self.steps: list[EnterStep] = []

    def members(self, audience: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(audience))

    def devices(self, name: str) -> tuple[Device, ...]:
        return PHONE[name] if name in self.there else ()

    def advance(self) -> None:
        effects = escalation.advance(
            self.facts, members=self.members, devices=self.devices, group_calls=lambda _: (), now=self.now
        )
        looks = [e for e in effects if isinstance(e, LookAgain)]
        assert len(looks) == 1, "exactly one next look while it is open"
        assert looks[0].at > self.now, "no tight loop"
        self.look_at = looks[0].at
        pages = {p.id: p for p in self.facts.pages}
        for effect in effects:
            if isinstance(effect, EnterStep):
                more = int(effect.kind == "exhausted")
                self.facts = replace(self.facts, step=effect.step, round=effect.round, step_until=effect.until,
                                     exhausted=self.facts.exhausted + more)  # fmt: skip
                self.steps.append(effect)
            elif isinstance(effect, escalation.PlanPage):
                assert effect.person in self.there, "only people with a device are paged"
                number = len(pages) + 1
                pages[number] = PageFacts(number, effect.person, effect.round, effect.step, PageState.PLANNED, 0,
                                          over=False, queued_at=self.now)  # fmt: skip
            elif isinstance(effect, QueueText):
                number = effect.page_id or len(pages)
                assert effect.device < len(PHONE[effect.person])
                pages[number] = replace(pages[number], devices_tried=effect.device + 1, over=False, held=False,
                                              queued_at=self.now)  # fmt: skip
                self.texts.append((self.now, effect.person))
            elif isinstance(effect, MarkUnreachable):
                pages[effect.page_id] = replace(pages[effect.page_id], state=PageState.UNREACHABLE)
        self.facts = replace(self.facts, pages=tuple(pages.values()))

    def fate(self, which: str) -> bool:
        """The newest text's fate; True when the incident is to be looked at now."""
        if not self.facts.pages or which == "silent":
            return False
        *rest, last = self.facts.pages
        if last.state is not PageState.PLANNED:
            return False
        fates = {"lost": {"over": True}, "held": {"held": True}, "delivered": {"state": PageState.REACHED}}
        last = replace(last, **fates[which])  # type: ignore[arg-type]
        self.facts = replace(self.facts, pages=(*rest, last))
        return which in ("lost", "held")


@examples(150)
@given(policies, st.sets(st.sampled_from(NAMES), min_size=1), st.lists(st.sampled_from(TEXT_FATES), max_size=60))
def test_there_is_always_a_next_look_and_never_a_flood(policy: Policy, there: set[str], fates: list[str]) -> None:
    night = Night(policy, there)
    night.advance()
    for which in fates:
        if not night.fate(which):
            assert night.look_at is not None
            night.now = night.look_at
        night.advance()
    named = len(NAMES) * 3
    first_run = (len(policy.steps) * (policy.repeat + 1) + 1) * named
    exhausted = [s for s in night.steps if s.kind == "exhausted"]
    assert len(night.texts) <= first_run + named * len(exhausted)
    pauses = [s.until for s in exhausted]
    assert all(b - a >= policy.exhausted_every_s * SECOND for a, b in itertools.pairwise(pauses))


@examples(60)
@given(policies)
def test_the_pause_between_rounds_of_all_doubles_four_times_and_stays(policy: Policy) -> None:
    night = Night(policy, set(NAMES))
    night.advance()
    begun: list[int] = []
    while len(begun) < 8:
        if night.steps[-1].kind == "exhausted" and len(begun) < sum(s.kind == "exhausted" for s in night.steps):
            begun.append(night.now)
        assert night.look_at is not None
        night.now = night.look_at
        night.advance()
    pauses = [b - a for a, b in itertools.pairwise(begun)]
    assert pauses == [policy.exhausted_every_s * SECOND * times for times in (1, 2, 4, 8, 16, 16, 16)]


@examples(100)
@given(policies, st.integers(6, 40))
def test_when_every_text_fails_at_once_the_rounds_keep_their_pauses(policy: Policy, times: int) -> None:
    night = Night(policy, set(NAMES))
    night.advance()
    for _ in range(times * 12):
        while night.fate("lost"):
            night.advance()
        assert night.look_at is not None
        night.now = night.look_at
        night.advance()
    hour = 3600 * SECOND
    late = [at for at, _ in night.texts if at > hour]
    if late:
        busiest = max(sum(1 for at in late if start <= at < start + hour) for start in late)
        assert busiest <= 12 * (3600 // policy.exhausted_every_s + 1)


@examples(100)
@given(policies)
def test_silence_goes_through_every_step_in_order_then_the_fallback(policy: Policy) -> None:
    night = Night(policy, set(NAMES))
    night.advance()
    while night.steps[-1].kind != "exhausted":
        assert night.look_at is not None
        night.now = night.look_at
        night.advance()
    order = [(s.round, s.step) for s in night.steps if s.kind in ("step", "repeat")]
    assert order == [(r, n) for r in range(policy.repeat + 1) for n in range(len(policy.steps))]
    assert [s.kind for s in night.steps[-2:]] == ["fallback", "exhausted"]
    assert {name for at, name in night.texts if at == night.now} >= set(policy.fallback)


@given(policies)
def test_nobody_there_is_said_aloud_and_looked_at_again(policy: Policy) -> None:
    night = Night(policy, set())
    night.advance()
    assert night.steps[-1].kind == "exhausted"
    assert night.look_at == policy.exhausted_every_s * SECOND
    assert not night.texts


def test_who_got_the_duty_meanwhile_is_paged_in_the_running_step_unless_he_has_passed_it_on() -> None:
    policy = Policy(name="p", steps=(Step(page=("rota:noc",)), Step(page=("cara",))), fallback=("dave",))
    anna = PageFacts(1, "anna", 0, 0, PageState.REACHED, 1, over=False, queued_at=0)
    facts = IncidentFacts(1, policy, 0, 0, 0, 300 * SECOND, (anna,))

    def paged(facts: IncidentFacts, now: int) -> list[tuple[str, int]]:
        effects = escalation.advance(
            facts, members=lambda audience: tuple("ben" if who == "rota:noc" else who for who in audience),
            devices=PHONE.__getitem__, group_calls=lambda _: (), now=now,
        )  # fmt: skip
        return [(e.person, e.step) for e in effects if isinstance(e, escalation.PlanPage)]

    assert paged(facts, 10 * SECOND) == [("ben", 0)]
    assert paged(facts, 300 * SECOND) == [("cara", 1), ("ben", 1)]  # the step is over at the same instant
    passed = PageFacts(2, "ben", 0, 0, PageState.WITHDRAWN, 1, over=False, queued_at=0)
    assert paged(replace(facts, pages=(anna, passed)), 10 * SECOND) == []


def test_a_page_on_a_sick_channel_moves_only_when_a_device_behind_it_can_be_called() -> None:
    policy = Policy(name="p", steps=(Step(page=("cara",), wait_s=900),), fallback=("anna",))
    page = PageFacts(1, "cara", 0, 0, PageState.PLANNED, 1, over=False, held=True, queued_at=0)
    facts = IncidentFacts(1, policy, 0, 0, 0, 900 * SECOND, (page,))
    able: set[str] = set()

    def effects() -> list[escalation.Effect]:
        return escalation.advance(
            facts, members=tuple, devices=PHONE.__getitem__, group_calls=lambda _: (), now=30 * SECOND,
            able=lambda device: device.number in able,
        )  # fmt: skip

    assert effects() == [LookAgain(60 * SECOND)], "it waits, and nobody else is woken"
    able.add(PHONE["cara"][2].number)
    moved = effects()[0]
    assert isinstance(moved, QueueText)
    assert moved.device == 1, "device by device, so that whichever comes back first can show it"
    assert "sick" in moved.reason
