"""By which way a text goes: rules, hours and allowances bind; cost and time decide among what is left."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.delivery.choice import ALIKE_S, NEVER, Choice, Facts, choose
from gatewayd.model import SECOND, Priority

NOW = 1_000_000 * SECOND
LATER = NOW + 10**6 * SECOND
MODEM = Facts("modem1", cost=40_000, own_s=5)
CHEAP = Facts("north", cost=10_000, own_s=60)


def to(*ways: Facts, priority: Priority = Priority.LOW, within_s: float = 900, expires_at: int = LATER) -> Choice:
    return choose(ways, priority=priority, within_s=within_s, expires_at=expires_at, now=NOW)


def changed(way: Facts, **changes: object) -> Facts:
    return Facts(**{field: getattr(way, field) for field in Facts.__slots__} | changes)  # type: ignore[arg-type]


def test_low_waits_for_the_cheap_one_and_critical_takes_the_quick_one() -> None:
    low = to(MODEM, CHEAP)
    assert (low.lane, low.at) == (("north",), NOW)
    assert low.reason == "the cheapest of modem1, north, which are there within 900 s: 0.01"
    critical = to(MODEM, CHEAP, priority=Priority.CRITICAL)
    assert critical.lane == ("modem1",)
    assert critical.reason == "the quickest of modem1, north"


def test_a_cheap_one_that_is_too_late_is_not_cheap() -> None:
    assert to(MODEM, CHEAP, priority=Priority.NORMAL, within_s=30).lane == ("modem1",)
    assert to(MODEM, CHEAP, expires_at=NOW + 20 * SECOND).lane == ("modem1",)
    assert to(MODEM, changed(CHEAP, ahead_s=2000)).lane == ("modem1",)


def test_ways_of_the_same_cost_share_a_lane() -> None:
    choice = to(MODEM, changed(MODEM, name="modem2"), changed(MODEM, name="dear", cost=50_000))
    assert choice.lane == ("modem1", "modem2")


def test_low_waits_for_hours_that_begin_within_its_patience() -> None:
    soon = changed(CHEAP, open_at=NOW + 300 * SECOND, held="its hours begin soon")
    choice = to(MODEM, soon)
    assert (choice.lane, choice.at) == (("north",), NOW + 300 * SECOND)
    assert to(MODEM, changed(soon, open_at=NOW + 3000 * SECOND)).lane == ("modem1",)


def test_a_page_takes_what_is_ready_whatever_it_costs() -> None:
    soon = changed(CHEAP, open_at=NOW + 100 * SECOND, held="its hours begin soon")

    def page(*ways: Facts, priority: Priority = Priority.LOW) -> Choice:
        return choose(ways, priority=priority, within_s=900, expires_at=LATER, now=NOW, page=True)

    assert page(MODEM, soon).lane == ("modem1",)
    assert page(changed(MODEM, own_s=300), soon, priority=Priority.CRITICAL).lane == ("modem1",)
    assert page(MODEM, changed(soon, open_at=0, free_at=NOW + 5 * SECOND, shortly=True)).lane == ("north",)
    assert page(soon).lane == ("north",), "the gate says why it cannot go"


def test_the_only_way_is_waited_for_and_the_reason_says_until_when() -> None:
    choice = to(changed(MODEM, forbidden="routes[0]"), changed(CHEAP, open_at=LATER, held="its hours begin Mon"))
    assert (choice.lane, choice.at) == (("north",), LATER)
    assert choice.reason.endswith("; its hours begin Mon")
    assert dict(choice.told) == {"modem1": "forbidden by routes[0]", "north": "closed: its hours begin Mon"}


def test_without_a_permitted_way_there_is_none() -> None:
    choice = to(changed(MODEM, forbidden="routes[0]"))
    assert choice.lane == ()
    assert choice.reason == "no way: modem1 is forbidden by routes[0]"


def test_when_nothing_is_up_whichever_comes_first_takes_it() -> None:
    down = [changed(MODEM, up=False), changed(CHEAP, up=False), changed(CHEAP, name="south", up=False, open_at=LATER)]
    assert to(*down).lane == ("modem1", "north")


facts = st.builds(
    Facts,
    name=st.sampled_from("abcdef"),
    cost=st.integers(0, 3).map(lambda cost: cost * 10_000),
    own_s=st.sampled_from((1.0, 2.0, 5.0, 60.0, 600.0)),
    ahead_s=st.sampled_from((0.0, 5.0, 500.0)),
    up=st.booleans(),
    open_at=st.sampled_from((0, NOW + SECOND, NOW + 400 * SECOND, LATER, NEVER)),
    free_at=st.sampled_from((0, NOW + 60 * SECOND, NOW + 3600 * SECOND)),
    forbidden=st.sampled_from(("", "", "routes[0]")),
)
several = st.lists(facts, min_size=1, max_size=6, unique_by=lambda way: way.name)


@given(several, st.sampled_from(Priority), st.sampled_from((120.0, 300.0, 900.0)))
def test_the_laws_of_the_choice(ways: list[Facts], priority: Priority, within_s: float) -> None:
    choice = to(*ways, priority=priority, within_s=within_s)
    by_name = {way.name: way for way in ways}
    chosen = [by_name[name] for name in choice.lane]
    permitted = [way for way in ways if not way.forbidden and way.open_at < NEVER]
    assert bool(chosen) == bool(permitted), "there is a lane whenever there is a way"
    assert all(not way.forbidden for way in chosen)
    assert all(way.open_at <= choice.at and way.free_at <= choice.at for way in chosen), "nobody is before its hours"
    assert choice.at >= NOW
    assert choice.reason
    assert [name for name, _ in choice.told] == [way.name for way in ways]
    usable = [way for way in permitted if way.up]
    if usable:
        assert all(way.up for way in chosen)
        soonest = min(way.there_at(NOW) for way in usable)
        in_time = [way for way in usable if way.there_at(NOW) <= NOW + within_s * SECOND]
        if priority is Priority.CRITICAL or not in_time:
            best = min(way.ready_at(NOW) + way.own_s * SECOND for way in chosen)
            assert best <= soonest + ALIKE_S * SECOND, "nothing would be there clearly sooner"
        else:
            assert {way.cost for way in chosen} == {min(way.cost for way in in_time)}
            assert min(way.there_at(NOW) for way in chosen) <= NOW + within_s * SECOND


@given(several, facts, st.sampled_from(Priority))
def test_a_forbidden_way_changes_nothing(ways: list[Facts], other: Facts, priority: Priority) -> None:
    more = [*ways, changed(other, name="z", forbidden="routes[1]")]
    assert to(*more, priority=priority).lane == to(*ways, priority=priority).lane
