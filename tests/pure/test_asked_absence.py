"""Who gets what when somebody is away, and who must agree: by the rules of the rota, whatever else was changed."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.oncall import asked_absence, asked_duty
from gatewayd.oncall.asked_absence import CONSENT_AHEAD_US, Leave, No
from gatewayd.oncall.asked_duty import Proposal
from gatewayd.oncall.changes import opened
from gatewayd.oncall.civil import DAY, HOUR
from gatewayd.oncall.cover import Absence, Facts, Override, Swap
from gatewayd.oncall.duty import on_call
from tests.chance import examples
from tests.pure.rotas import rota, utc

NOW = utc("2026-03-02 12:00")
NAMES = ("anna", "bob", "cara", "zoe")
PLANS = [
    rota({"people": ["anna", "bob", "cara"], "start": "2026-03-02"}),
    rota({"people": ["bob", "anna"], "start": "2026-03-02", "hand_over": "06:00"}, name="db"),
]
SPANS = st.tuples(st.integers(-30, 200), st.integers(1, 120)).map(
    lambda span: (NOW + span[0] * HOUR, NOW + (span[0] + span[1]) * HOUR)
)
WHO = st.sampled_from(NAMES)
WHICH = st.sampled_from(["noc", "db"])
CHANGES = st.one_of(
    st.builds(lambda who, span: Absence(who, *span), WHO, SPANS),
    st.builds(lambda who, span, rota: Override(rota, who, *span, NOW - HOUR), WHO, SPANS, WHICH),
    st.builds(lambda who, by, span: Swap(who, by, *span, NOW - HOUR), WHO, WHO, SPANS),
)


def facts_of(changes: list[Absence | Override | Swap]) -> Facts:
    found = Facts()
    for number, change in enumerate(changes, 1):
        if not (isinstance(change, Swap) and change.person == change.by):
            found = found.with_(replace(change, id=number))
    return found


@examples(150)
@given(st.lists(CHANGES, max_size=4).map(facts_of), WHO, SPANS)
def test_what_is_asked_for_is_what_the_rota_does(facts: Facts, person: str, span: tuple[int, int]) -> None:
    since, until = max(span[0], NOW), span[1]
    found = asked_absence.away(PLANS, facts, person, since, until, NOW)
    gone = facts.with_(Absence(person, since, until))
    if isinstance(found, No):
        booked = any(a.person == person and a.since <= since and until <= a.until for a in facts.absences)
        alone = until > since and any(opened(plan, facts, gone, since, until) for plan in PLANS)
        assert {"away_already": booked, "nobody": alone, "too_far": until <= since}[found.why]
        return
    for plan in PLANS:
        for at in range(since, until, 7 * HOUR):
            before, after = on_call(plan, facts, at).person, on_call(plan, gone, at).person
            takes = [by for name, begin, end, by in found.takes if name == plan.name and begin <= at < end]
            assert takes == ([after] if before != after else []), (plan.name, at)
            assert before in (person, after), "nobody else's turn moves"
    assert set(found.asked(NOW)) == {by for _, begin, _, by in found.takes if begin < NOW + CONSENT_AHEAD_US}
    assert person not in found.others
    assert asked_absence.same(PLANS, facts, found, NOW)
    assert asked_absence.alike(found, found, NOW)
    if found.takes:
        by = found.takes[0]
        other = facts.with_(Override(by[0], "cara" if by[3] != "cara" else "bob", by[1], by[2], NOW, id=99))
        plan = next(plan for plan in PLANS if plan.name == by[0])
        moved = on_call(plan, facts, by[1]).person != on_call(plan, other, by[1]).person
        assert not (moved and asked_absence.same(PLANS, other, found, NOW)), "somebody has changed it meanwhile"


@examples(100)
@given(st.lists(CHANGES, max_size=3).map(facts_of), WHO, SPANS)
def test_who_is_back_has_what_they_would_have_had(facts: Facts, person: str, span: tuple[int, int]) -> None:
    facts = replace(facts, absences=tuple(a for a in facts.absences if a.person != person))
    gone = facts.with_(Absence(person, min(span[0], NOW), max(span[1], NOW + HOUR), id=77))
    found = asked_absence.back(PLANS, gone, person, NOW)
    assert isinstance(found, Leave)
    assert found.ends == (77,)
    for rota_name, begin, end, by in found.takes:
        plan = next(plan for plan in PLANS if plan.name == rota_name)
        for at in (begin, end - 1):
            assert on_call(plan, gone, at).person == by
            assert on_call(plan, facts, at).person == person
    assert asked_absence.same(PLANS, gone, found, NOW)


def test_time_that_passes_changes_nothing_of_what_is_to_come() -> None:
    found = asked_absence.away(PLANS, Facts(), "anna", NOW, NOW + 3 * DAY, NOW)
    assert isinstance(found, Leave)
    later = NOW + 20 * HOUR
    assert asked_absence.same(PLANS, Facts(), found, later)
    assert found.asked(NOW)[0] == "bob"


def test_nobody_who_is_not_away_is_back() -> None:
    assert asked_absence.back(PLANS, Facts(), "anna", NOW) == No("not_away")


@examples(150)
@given(st.lists(CHANGES, max_size=4).map(facts_of), WHO, WHO, st.integers(1, 24 * 40), WHICH)
def test_an_override_gives_all_of_it_to_the_one_named(
    facts: Facts, person: str, name: str, hours: int, rota_name: str
) -> None:
    until = NOW + hours * HOUR
    found = asked_duty.override(PLANS, facts, person, name, rota_name, until, NOW)
    if not isinstance(found, Proposal):
        assert found.why in ("no_turns", "too_far", "away", "already", "has")
        return
    plan = next(plan for plan in PLANS if plan.name == rota_name)
    after = facts.with_(replace(found.change(NOW), id=99))
    for at in range(NOW, until, 5 * HOUR):
        assert on_call(plan, after, at).person == name
    assert on_call(plan, facts, found.held[0][1]).person == found.person != name
    assert asked_duty.same(PLANS, facts, found, NOW)
    assert not asked_duty.same(PLANS, after, found, NOW)


@examples(150)
@given(st.lists(CHANGES, max_size=4).map(facts_of), WHO, WHO, st.integers(1, 24 * 40), st.sampled_from(["", "noc"]))
def test_who_covers_somebody_has_what_they_held_and_nothing_else(
    facts: Facts, person: str, of: str, hours: int, rota_name: str
) -> None:
    until = NOW + hours * HOUR
    found = asked_duty.cover(PLANS, facts, person, of, rota_name, until, NOW)
    if not isinstance(found, Proposal) or any(a.person == of for a in facts.absences):
        return  # what somebody who is away would have is moved by a swap as well
    after = facts.with_(replace(found.change(NOW), id=99))
    for plan in PLANS:
        for at in range(NOW, until, 5 * HOUR):
            before, now = on_call(plan, facts, at).person, on_call(plan, after, at).person
            assert before in (now, of)
    assert asked_duty.same(PLANS, facts, found, NOW)
