"""A few days of the year (proofs/year): the same seed is the same days, and nobody who could be reached is not."""

from __future__ import annotations

import pytest

from proofs.year import behaviour
from proofs.year.behaviour import WORLD
from proofs.year.figures import figures
from proofs.year.lives import Life, by_gatewayd, by_plain

DAYS = 3


@pytest.fixture(scope="module")
def days() -> Life:
    was = WORLD.human, WORLD.radio, WORLD.bureau
    behaviour.make_it_hard()
    try:
        return by_gatewayd(3, DAYS)
    finally:
        WORLD.human, WORLD.radio, WORLD.bureau = was


def test_in_hard_days_nobody_is_forgotten(days: Life) -> None:
    found = figures(days)
    assert days.broken == []
    assert found.faults > 0
    assert found.forgotten == []
    assert found.unanswered == 0


def test_with_one_device_left_that_one_shows_every_fault() -> None:
    WORLD.one_device = True
    try:
        life = by_gatewayd(6, DAYS)
    finally:
        WORLD.one_device = False
    found = figures(life)
    assert life.broken == []
    assert (found.faults > 10, found.never_reached, found.forgotten) == (True, 0, [])
    there = {(d.person, d.kind): d.off for person in life.world.people.values() for d in person.devices}
    assert all(text.at not in there[text.person, text.kind] for text in life.shown)
    assert {text.kind for text in life.shown} == {"phone", "pager", "second"}
    hours = range(DAYS * 24)
    assert max(sum(hour * 3600.0 + 60 not in off for off in there.values()) for hour in hours) == 1


def test_the_same_seed_is_the_same_days() -> None:
    first, again = (by_gatewayd(4, 1) for _ in range(2))
    assert [(s.at, s.person, s.kind, s.words) for s in first.shown] == [
        (s.at, s.person, s.kind, s.words) for s in again.shown
    ]
    assert first.acknowledged == again.acknowledged


def test_another_policy_lives_through_the_same_faults(days: Life) -> None:
    plain = by_plain("one text", 3, DAYS)
    assert [(f.key, f.begins, f.severity) for f in plain.faults] == [(f.key, f.begins, f.severity) for f in days.faults]
