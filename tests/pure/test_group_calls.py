"""One call to a team's group number: whom it reaches, who goes on to a device of his own, and when."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.model import SECOND, PageState
from gatewayd.oncall import escalation
from gatewayd.oncall.directory import Device, Directory, Group, Person, Policy, Step, Team
from gatewayd.oncall.escalation import CallGroup, EnterStep, GroupText, IncidentFacts, LookAgain, PageFacts, QueueText
from tests.chance import examples

PAGER_A, PAGER_B = (Device(kind="pager", number=n, channel="north", wait_s=60) for n in ("11", "12"))
PHONE_A, PHONE_C = (Device(number=n, wait_s=60) for n in ("+447700900111", "+447700900113"))
ABROAD = Device(kind="pager", number="11", channel="south")
ANNA = Person(name="anna", devices=(PAGER_A, PHONE_A))
BEN = Person(name="ben", devices=(PAGER_B,))
CARA = Person(name="cara", devices=(PHONE_C,))
DAVE = Person(name="dave", devices=(ABROAD,))
NOC = Team(name="noc", members=("anna", "ben", "cara"), group=Group(number="99", channel="north", wait_s=90))


def directory(*pages: tuple[str, ...], team: Team = NOC, others: tuple[Team, ...] = ()) -> Directory:
    """One policy whose steps page these, 300 s each, then Cara."""
    policy = Policy(
        name="p", steps=tuple(Step(page=page) for page in pages or (("team:noc",),)), repeat=0, fallback=("cara",)
    )
    people = (ANNA, BEN, CARA, DAVE)
    return Directory(people=people, teams=(team, *others), policies=(policy,), default_policy="p")


@dataclass
class Night:
    """An incident that nobody acknowledges. What becomes of the texts is said by the story."""

    known: Directory
    now: int = 0
    facts: IncidentFacts = field(init=False)
    look_at: int = 0
    texts: list[tuple[int, str]] = field(default_factory=list)  # (second, what was called)
    ended: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.facts = IncidentFacts(1, self.known.policies[0], -1, 0, 0, 0, ())
        self.look()

    def devices(self, name: str) -> tuple[Device, ...]:
        person = self.known.person(name)
        return person.devices if person else ()

    def look(self) -> list[str]:
        """Ask the rule now. Returns what it has called."""
        before = len(self.texts)
        effects = escalation.advance(
            self.facts, members=self.known.members, devices=self.devices, group_calls=self.known.group_calls,
            now=self.now,
        )  # fmt: skip
        for effect in effects:
            self._apply(effect)
        assert self.look_at > self.now
        return [called for _, called in self.texts[before:]]

    def after(self, seconds: int) -> list[str]:
        """Time passes, and the rule is asked whenever it wants to be. Returns what was called."""
        until, before = self.now + seconds * SECOND, len(self.texts)
        while self.look_at <= until:
            self.now = self.look_at
            self.look()
        self.now = until
        return [called for _, called in self.texts[before:]]

    def page(self, person: str) -> PageFacts:
        return [p for p in self.facts.pages if p.person == person][-1]

    def change(self, person: str, **facts: object) -> None:
        page = self.page(person)
        changed = replace(page, **facts)  # type: ignore[arg-type]
        self.facts = replace(self.facts, pages=tuple(changed if p is page else p for p in self.facts.pages))

    def group_text(self, *, stands: bool, over: bool = False, silent: bool = False, delivered: bool = False) -> None:
        """What became of the group call, for all of its pages."""
        for page in self.facts.pages:
            if page.group is None:
                continue
            newest = page.group.newest
            self.change(
                page.person,
                group=replace(page.group, stands=stands),
                over=over if newest else page.over,
                silent=silent if newest else page.silent,
                state=PageState.REACHED if delivered else page.state,
            )

    def _apply(self, effect: escalation.Effect) -> None:
        pages = {p.id: p for p in self.facts.pages}
        match effect:
            case EnterStep():
                exhausted = self.facts.exhausted + (effect.kind == "exhausted")
                self.facts = replace(
                    self.facts, step=effect.step, round=effect.round, step_until=effect.until, exhausted=exhausted
                )
            case escalation.PlanPage():
                new = PageFacts(
                    len(pages) + 1, effect.person, effect.round, effect.step, PageState.PLANNED, 0, False, self.now
                )
                assert not any(p.person == new.person and p.round == new.round and p.step == new.step for p in
                               pages.values()), "paged twice in one step"  # fmt: skip
                pages[new.id] = new
            case CallGroup():
                team = self.known.team(effect.team)
                assert team and team.group
                call = GroupText(team.group.channel, team.group.wait_s, stands=True, newest=True)
                for name in effect.people:
                    number = max(p.id for p in pages.values() if p.person == name)
                    assert pages[number].queued_at == self.now
                    pages[number] = replace(pages[number], group=call)
                self.texts.append((self.now // SECOND, f"group {team.group.number}: {' '.join(effect.people)}"))
            case QueueText():
                number = effect.page_id or len(pages)
                device, page = self.devices(effect.person)[effect.device], pages[number]
                known = page.group
                if known is not None:
                    own = (device.number,) if known.shows_on(device) else ()
                    assert not (own and known.stands), "the pager shows it already"
                    assert not set(own) & set(known.called), "the pager was called for it already"
                    known = replace(known, newest=False, called=(*known.called, *own))
                pages[number] = replace(
                    page, devices_tried=max(page.devices_tried, effect.device + 1), over=False, silent=False,
                    queued_at=self.now, group=known,
                )  # fmt: skip
                self.texts.append((self.now // SECOND, device.number))
            case escalation.MarkUnreachable():
                self.ended.append(effect.person)
                pages[effect.page_id] = replace(pages[effect.page_id], state=PageState.UNREACHABLE)
            case LookAgain():
                self.look_at = effect.at
        self.facts = replace(self.facts, pages=tuple(pages.values()))


def test_one_call_for_those_who_wear_it_and_a_text_for_who_does_not() -> None:
    night = Night(directory())
    assert [called for _, called in night.texts] == [PHONE_C.number, "group 99: anna ben"]
    assert night.look_at == 90 * SECOND


def test_without_an_answer_each_goes_on_but_no_pager_shows_it_twice() -> None:
    night = Night(directory())
    assert night.after(89) == []
    assert night.after(1) == [PHONE_A.number]
    assert night.after(200) == [], "Ben's pager has shown it, and he has nothing else"
    assert night.after(10) == [PHONE_C.number], "the next step"


def test_a_call_that_failed_is_made_up_for_by_their_own_pagers() -> None:
    night = Night(directory())
    night.now = 5 * SECOND
    night.group_text(stands=False, over=True)
    assert night.look() == [PAGER_A.number, PAGER_B.number]
    assert night.after(60) == [PHONE_A.number]
    night.change("ben", over=True)
    assert night.look() == []
    assert night.ended == ["ben"]


def test_a_call_in_doubt_has_its_time_and_then_their_own_pagers_are_called() -> None:
    night = Night(directory())
    night.group_text(stands=False)
    assert night.after(89) == []
    assert night.after(1) == [PAGER_A.number, PAGER_B.number]


def test_a_call_without_its_receipt_is_in_doubt_at_once() -> None:
    night = Night(directory())
    night.now = 30 * SECOND
    night.group_text(stands=False, silent=True)
    assert night.look() == [PAGER_A.number, PAGER_B.number]


def test_where_no_receipts_come_a_silent_call_counts_as_shown() -> None:
    """A terminal that took it says no more than that: the phone is tried at once, the pager is not called again."""
    night = Night(directory())
    night.now = 30 * SECOND
    night.group_text(stands=True, silent=True)
    assert night.look() == [PHONE_A.number]
    assert night.after(269) == []
    assert not night.ended


def test_a_pager_that_was_passed_over_is_called_when_the_call_turns_out_to_have_failed() -> None:
    night = Night(directory())
    assert night.after(90) == [PHONE_A.number]
    night.group_text(stands=False, over=True)
    assert night.look() == [PAGER_B.number], "Anna's phone has its time first"
    assert night.after(60) == [PAGER_A.number]
    assert night.after(100) == [], "and nothing twice"


def test_who_was_shown_the_call_is_not_unreachable_because_a_phone_is() -> None:
    night = Night(directory())
    night.after(90)
    night.change("anna", over=True)
    assert night.look() == []
    assert not night.ended
    night.group_text(stands=False)
    assert PAGER_A.number in night.look()


def test_a_member_who_is_named_as_well_is_paged_once() -> None:
    night = Night(directory(("anna", "team:noc", "dave")))
    assert [called for _, called in night.texts] == [PHONE_C.number, ABROAD.number, "group 99: anna ben"]
    alone = Night(directory(("anna",)))
    assert [called for _, called in alone.texts] == [PAGER_A.number], "nobody else is woken for a step of Anna's"


def test_who_wears_it_may_be_said() -> None:
    worn = replace_group(worn_by=("ben", "cara"))
    night = Night(directory(team=worn))
    assert [called for _, called in night.texts] == [PAGER_A.number, "group 99: ben cara"]
    assert night.after(60) == [PHONE_A.number]
    assert night.after(30) == [PHONE_C.number], "she wears the group's pager and has no other there"


def test_a_pager_of_another_bureau_with_the_same_id_is_another_pager() -> None:
    team = Team(name="noc", members=("anna", "dave"), group=Group(number="99", channel="north", worn_by=("dave",)))
    night = Night(directory(team=team))
    assert [called for _, called in night.texts] == [PAGER_A.number, "group 99: dave"]
    assert ABROAD.number in night.after(120)


def test_who_wears_two_numbers_is_counted_to_the_first() -> None:
    both = Team(
        name="dc", members=("anna", "dave"), group=Group(number="98", channel="north", worn_by=("anna", "dave"))
    )
    night = Night(directory(("team:noc", "team:dc"), others=(both,)))
    assert [called for _, called in night.texts] == [PHONE_C.number, "group 99: anna ben", "group 98: dave"]
    within = Team(name="dc", members=("anna",), group=Group(number="98", channel="north"))
    night = Night(directory(("team:noc", "team:dc"), others=(within,)))
    assert [called for _, called in night.texts] == [PHONE_C.number, "group 99: anna ben"]


def test_the_group_is_called_again_in_the_next_round_and_when_the_policy_ran_out() -> None:
    night = Night(directory(("team:noc",), ("dave",)))
    night.after(4000)
    calls = [at for at, called in night.texts if called == "group 99: anna ben"]
    assert len(calls) >= 3
    assert calls[0] == 0


def replace_group(**changes: object) -> Team:
    group = NOC.group
    assert group is not None
    return NOC.model_copy(update={"group": group.model_copy(update=changes)})


fates = st.lists(
    st.tuples(st.integers(1, 400), st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans()),
    max_size=12,
)


@examples(300)
@given(fates)
def test_whatever_becomes_of_the_call_there_is_a_next_look_and_no_pager_shows_it_twice(
    told: list[tuple[int, bool, bool, bool, bool, bool]],
) -> None:
    """The assertions are those of the night."""
    night = Night(directory(("team:noc",), ("team:noc", "dave")))
    for seconds, stands, over, silent, delivered, lost in told:
        night.group_text(stands=stands or delivered, over=over and not stands, silent=silent, delivered=delivered)
        if lost:
            night.change("anna", over=True)
        night.look()
        night.after(seconds)
    for person in ("anna", "ben"):
        calls = [p for p in night.facts.pages if p.person == person and p.group]
        assert all(len(set(p.group.called)) == len(p.group.called) for p in calls if p.group)
