"""What is accepted while a rota runs, and what is refused with a sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.oncall.changes import CHANGES_MAX, already, moved, opened, refusals
from gatewayd.oncall.civil import DAY
from gatewayd.oncall.cover import Absence, Change, Facts, Override, Shadowing, Swap
from gatewayd.oncall.duty import shifts
from gatewayd.oncall.rota_faults import Staff
from tests.chance import examples
from tests.pure.rotas import local, rota, utc

WEEKS = {"people": ["anna", "bob", "cara"], "start": "2026-03-02"}
PHONE = frozenset({"phone"})
STAFF = Staff(dict.fromkeys(("anna", "bob", "cara", "dan", "zoe"), PHONE), {"noc": PHONE})
NOW = utc("2026-03-02 12:00")
SPAN = (utc("2026-03-03 00:00"), utc("2026-03-05 00:00"))
ILL = Facts(absences=(Absence("bob", utc("2026-03-04 09:00"), utc("2026-03-04 17:00")),))


def refused(change: Change, facts: Facts | None = None, **more: Any) -> list[str]:
    return refusals([rota(WEEKS, **more)], facts or Facts(), change, staff=STAFF, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        Override("noc", "dan", *SPAN, made_at=NOW),
        Swap("anna", "bob", *SPAN, made_at=NOW),
        Absence("anna", *SPAN),
        Shadowing("dan", *SPAN, of="anna"),
    ],
)
def test_what_is_in_order_is_accepted(change: Change) -> None:
    assert refused(change) == []


def test_an_override_that_names_an_absent_person_is_refused() -> None:
    said = ["bob is absent from Wed 4 Mar 09:00 to Wed 4 Mar 17:00 (Europe/London)"]
    assert refused(Override("noc", "bob", *SPAN, made_at=NOW), ILL) == said
    assert refused(Swap("anna", "bob", *SPAN, made_at=NOW), ILL) == said
    assert refused(Swap("bob", "anna", *SPAN, made_at=NOW), ILL) == [], "who is away may be covered"
    later = (utc("2026-03-04 17:00"), utc("2026-03-05 00:00"))
    assert refused(Override("noc", "bob", *later, made_at=NOW), ILL) == [], "back from 17:00 on"


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert refused(Override("db", "ann", SPAN[1], SPAN[0], made_at=NOW)) == [
        "there is nobody called 'ann'",
        "there is no rota 'db'",
        "it ends before it begins",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Swap("anna", "anna", *SPAN, made_at=NOW), "anna cannot cover themselves"),
        (Shadowing("anna", *SPAN, of="anna"), "anna cannot shadow themselves"),
        (Override("", "dan", *SPAN, made_at=NOW), "an override is for one rota"),
        (Absence("anna", NOW - DAY, NOW), "it is over already"),
        (Absence("anna", NOW, NOW + 401 * DAY), "it lasts longer than 400 days"),
        (Shadowing("dan", *SPAN, of="ben"), "there is nobody called 'ben'"),
    ],
)
def test_what_makes_no_sense_is_refused(change: Change, said: str) -> None:
    assert refused(change) == [said]


def test_who_takes_a_duty_needs_what_its_policies_use() -> None:
    pagers = Staff({**STAFF.devices, "anna": frozenset({"pager", "phone"})}, {"noc": frozenset({"pager", "phone"})})
    said = ["'dan' has no pager, and a policy that pages 'noc' uses one"]
    for change in (Override("noc", "dan", *SPAN, made_at=NOW), Swap("anna", "dan", *SPAN, made_at=NOW)):
        assert refusals([rota(WEEKS)], Facts(), change, staff=pagers, now=NOW) == said
    elsewhere = Swap("zoe", "dan", *SPAN, made_at=NOW)
    assert refusals([rota(WEEKS)], Facts(), elsewhere, staff=pagers, now=NOW) == [], "zoe is on no rota"


def test_changes_are_limited() -> None:
    many = Facts(absences=tuple(Absence("anna", SPAN[0], SPAN[1], n) for n in range(CHANGES_MAX)))
    assert refused(Absence("anna", *SPAN), many) == ["there are 2000 changes already"]


def test_the_last_one_who_is_there_cannot_be_absent() -> None:
    away = Facts(absences=(Absence("anna", *SPAN), Absence("bob", SPAN[0], SPAN[0] + DAY)))
    assert refused(Absence("cara", *SPAN), away) == [
        "'noc' would have nobody from Tue 3 Mar 00:00 to Wed 4 Mar 00:00 (Europe/London)"
    ]
    assert refused(Absence("cara", *SPAN), away, gaps=True) == [], "there the fallback is meant"


def test_the_last_of_the_fallback_cannot_be_absent_in_a_gap() -> None:
    days = rota({**WEEKS, "when": [{"hours": "08:00-20:00"}]}, gaps=True)
    two = rota({**WEEKS, "when": [{"hours": "08:00-20:00"}]}, gaps=True, fallback=["zoe", "dan"])
    said = ["'noc' would have nobody from Tue 3 Mar 00:00 to Tue 3 Mar 08:00 (Europe/London)"]
    assert refusals([days], Facts(), Absence("zoe", *SPAN), staff=STAFF, now=NOW) == said
    assert refusals([two], Facts(), Absence("zoe", *SPAN), staff=STAFF, now=NOW) == []
    dan_is_away = Facts(absences=(Absence("dan", *SPAN),))
    assert refusals([two], dan_is_away, Absence("zoe", *SPAN), staff=STAFF, now=NOW) == said
    by_day = (utc("2026-03-03 08:00"), utc("2026-03-03 20:00"))
    assert refusals([days], Facts(), Absence("zoe", *by_day), staff=STAFF, now=NOW) == [], "somebody has the turn then"
    cover = Facts(overrides=(Override("noc", "dan", *SPAN, made_at=1),))
    assert refusals([days], cover, Absence("zoe", *SPAN), staff=STAFF, now=NOW) == []
    gap = opened(days, cover.with_(Absence("zoe", *SPAN)), Facts(absences=(Absence("zoe", *SPAN),)), *SPAN)
    assert gap is not None, "and that override cannot be called off"


def test_an_absence_names_who_has_what_was_given_to_somebody() -> None:
    dan = Facts(overrides=(Override("noc", "dan", *SPAN, made_at=1, id=1),))
    away = Absence("dan", SPAN[0] + DAY, SPAN[1] + DAY)
    assert moved([rota(WEEKS)], dan, away, now=NOW) == [
        "anna has 'noc' from Wed 4 Mar 00:00 to Thu 5 Mar 00:00 (Europe/London) instead: their turn in 'layer0'"
    ]
    covered = dan.with_(Swap("dan", "zoe", *SPAN, made_at=2, id=2))
    assert moved([rota(WEEKS)], covered, away, now=NOW) == [], "the cover goes on"
    assert moved([rota(WEEKS)], Facts(), Absence("anna", *SPAN), now=NOW) == [], "a turn goes to the next, as ever"
    covers = Facts(swaps=(Swap("anna", "dan", *SPAN, made_at=1, id=1),))
    assert moved([rota(WEEKS)], covers, Absence("dan", *SPAN), now=NOW) == [
        "anna has 'noc' from Tue 3 Mar 00:00 to Thu 5 Mar 00:00 (Europe/London) instead: their turn in 'layer0'"
    ]


def test_a_gap_that_was_there_before_is_not_held_against_a_change() -> None:
    week = rota({**WEEKS, "people": ["anna"], "when": [{"hours": "08:00-20:00"}]})
    before, after = Facts(), Facts(absences=(Absence("anna", *SPAN),))
    gap = opened(week, before, after, *SPAN)
    assert gap is not None
    assert (gap.since, gap.until) == (
        local("Europe/London", "2026-03-03 08:00"),
        local("Europe/London", "2026-03-03 20:00"),
    )
    assert opened(week, after, before, *SPAN) is None


def test_withdrawing_an_override_can_open_a_gap() -> None:
    held = Facts(
        overrides=(Override("noc", "dan", *SPAN, made_at=1),),
        absences=tuple(Absence(name, *SPAN) for name in ("anna", "bob", "cara")),
    )
    gap = opened(rota(WEEKS), held, Facts(absences=held.absences), *SPAN)
    assert gap is not None
    assert (gap.since, gap.until) == SPAN


# --- the same again


@pytest.mark.parametrize(
    "change",
    [
        Override("noc", "dan", *SPAN, made_at=NOW),
        Swap("anna", "bob", *SPAN, made_at=NOW, rota="noc"),
        Absence("anna", *SPAN),
        Shadowing("dan", *SPAN, of="anna"),
    ],
)
def test_the_same_again_is_the_one_that_there_is(change: Change) -> None:
    booked = replace(change, id=7)
    facts = Facts().with_(booked)
    assert already(facts, change, now=NOW) == booked
    assert already(facts, replace(change, since=NOW), now=NOW) is None
    assert already(facts, replace(change, until=SPAN[1] + DAY), now=NOW) is None
    begun = SPAN[0] + DAY
    assert already(facts, replace(change, since=begun), now=begun) == booked, "from now until the same time"
    if isinstance(change, Override):
        noted = replace(change, note="training")
        assert already(facts, noted, now=NOW) == booked
        assert already(Facts().with_(replace(booked, event="a@b")), change, now=NOW) is None, "of a calendar"


def test_an_override_that_another_one_has_beaten_wins_again() -> None:
    first = Override("noc", "dan", *SPAN, made_at=NOW, id=1)
    over = Override("noc", "zoe", SPAN[0], SPAN[0] + DAY, made_at=NOW + 1, id=2)
    facts = Facts((first, over))
    assert already(facts, replace(first, id=0), now=NOW) is None
    assert already(facts, replace(over, id=0), now=NOW) == over


EDGE = st.integers(0, 8).map(lambda n: SPAN[0] + n * DAY // 2)
WHO = st.sampled_from(("anna", "bob", "cara"))


@st.composite
def some_change(draw: st.DrawFn) -> Change:
    since, until = sorted(draw(st.tuples(EDGE, EDGE).filter(lambda pair: pair[0] != pair[1])))
    kind, who, other = draw(st.sampled_from(("override", "swap", "absence"))), draw(WHO), draw(WHO)
    if kind == "override":
        return Override("noc", who, since, until, made_at=0)
    if kind == "swap":
        return Swap(who, other, since, until, made_at=0, rota=draw(st.sampled_from(("", "noc"))))
    return Absence(who, since, until)


@examples(150)
@given(st.lists(some_change(), min_size=1, max_size=6), st.data())
def test_to_leave_the_same_out_moves_no_duty(made: list[Change], data: st.DataObject) -> None:
    facts = Facts()
    for number, change in enumerate(made, 1):
        booked = replace(change, id=number)
        facts = facts.with_(booked if isinstance(booked, Absence) else replace(booked, made_at=NOW + number))
    again = data.draw(st.sampled_from(made))
    if already(facts, again, now=NOW) is None:
        return
    twice = replace(again, id=99) if isinstance(again, Absence) else replace(again, id=99, made_at=NOW + 99)
    plan, span = rota(WEEKS), (SPAN[0] - DAY, SPAN[0] + 5 * DAY)
    held = [[(s.since, s.until, s.duty.person) for s in shifts(plan, known, *span)] for known in
            (facts, facts.with_(twice))]  # fmt: skip
    assert held[0] == held[1]
