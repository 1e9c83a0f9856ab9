"""Working hours and holidays of one place."""

from __future__ import annotations

from gatewayd.oncall.hours import Calendar, at_work, opens
from tests.pure.rotas import ENGLAND, local, utc

LONDON = "Europe/London"


def yes(calendar: Calendar, text: str) -> bool:
    return at_work(calendar, local(calendar.zone, text)).yes


def test_working_hours_and_why() -> None:
    assert at_work(ENGLAND, local(LONDON, "2026-03-02 08:30")) == (True, "working hours of 'england': mon 08:30-17:30")
    assert at_work(ENGLAND, local(LONDON, "2026-03-02 17:30")) == (False, "outside the working hours of 'england'")
    assert at_work(ENGLAND, local(LONDON, "2026-04-03 12:00")) == (
        False, "outside the working hours of 'england': Good Friday"
    )  # fmt: skip


def test_a_house_has_holidays_of_its_own_and_works_on_others() -> None:
    house = Calendar.model_validate({
        "name": "house", "zone": LONDON, "holidays": "GB-ENG", "closed": ["2026-12-24"], "worked": ["2026-05-04"],
        "working": [{"days": "mon-fri", "hours": "09:00-17:00"}, {"days": "sat", "hours": "10:00-12:00"}],
    })  # fmt: skip
    assert not yes(house, "2026-12-24 12:00")
    assert yes(house, "2026-05-04 12:00"), "May Day, but the house works"
    assert yes(house, "2026-05-02 11:00")
    assert not yes(house, "2026-05-02 12:00")


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    nights = Calendar.model_validate(
        {"name": "n", "zone": LONDON, "holidays": "GB-ENG", "working": [{"days": "mon-fri", "hours": "22:00-06:00"}]}
    )
    assert yes(nights, "2026-03-07 05:59"), "Saturday morning is Friday's night"
    assert not yes(nights, "2026-03-09 05:59"), "Monday morning is Sunday's"
    assert not yes(nights, "2026-04-04 05:00"), "the night that began on Good Friday"
    assert yes(nights, "2026-04-03 05:00"), "the night before it"


def test_when_work_begins_next() -> None:
    assert opens(ENGLAND, local(LONDON, "2026-04-02 18:00")) == local(LONDON, "2026-04-07 08:30"), "after Easter"
    assert opens(ENGLAND, local(LONDON, "2026-04-07 10:00")) == local(LONDON, "2026-04-07 10:00"), "it has begun"
    assert opens(Calendar(name="never", zone="UTC"), utc("2026-04-07 10:00")) is None
