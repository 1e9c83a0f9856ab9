"""Civil time: what the clock on the wall shows, and the instants that it means, in the nights when clocks change."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.oncall import civil

ALL_ZONES = sorted(zoneinfo.available_timezones())


def at(text: str) -> int:
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


# zone, day, clock, its first instant, its last instant
NIGHTS = [
    ("Europe/London", "2026-03-29", "00:59", "2026-03-29T00:59Z", "2026-03-29T00:59Z"),
    ("Europe/London", "2026-03-29", "01:00", "2026-03-29T01:00Z", "2026-03-29T01:00Z"),  # skipped: the transition
    ("Europe/London", "2026-03-29", "01:30", "2026-03-29T01:00Z", "2026-03-29T01:00Z"),
    ("Europe/London", "2026-03-29", "02:00", "2026-03-29T01:00Z", "2026-03-29T01:00Z"),  # the first that comes again
    ("Europe/London", "2026-10-25", "01:00", "2026-10-25T00:00Z", "2026-10-25T01:00Z"),
    ("Europe/London", "2026-10-25", "01:30", "2026-10-25T00:30Z", "2026-10-25T01:30Z"),
    ("Europe/London", "2026-10-25", "02:00", "2026-10-25T02:00Z", "2026-10-25T02:00Z"),
    ("America/New_York", "2026-03-08", "02:30", "2026-03-08T07:00Z", "2026-03-08T07:00Z"),
    ("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30Z", "2026-11-01T06:30Z"),
    ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30Z", "2026-10-03T15:30Z"),  # half an hour is skipped
    ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45Z", "2026-04-04T15:15Z"),  # and comes twice
    ("Australia/Lord_Howe", "2026-04-05", "01:15", "2026-04-04T14:15Z", "2026-04-04T14:15Z"),
    ("Africa/Casablanca", "2026-02-15", "02:30", "2026-02-15T01:30Z", "2026-02-15T02:30Z"),  # back for Ramadan
    ("Africa/Casablanca", "2026-03-22", "02:30", "2026-03-22T02:00Z", "2026-03-22T02:00Z"),
    ("Pacific/Apia", "2011-12-29", "23:59", "2011-12-30T09:59Z", "2011-12-30T09:59Z"),
    ("Pacific/Apia", "2011-12-30", "09:00", "2011-12-30T10:00Z", "2011-12-30T10:00Z"),  # a whole day is skipped
    ("Pacific/Apia", "2011-12-31", "00:00", "2011-12-30T10:00Z", "2011-12-30T10:00Z"),
]


@pytest.mark.parametrize(("zone", "on", "clock", "first", "last"), NIGHTS)
def test_what_a_time_means_when_the_clocks_change(zone: str, on: str, clock: str, first: str, last: str) -> None:
    there = civil.zone_named(zone)
    minute = civil.minutes_of(clock)
    assert civil.instant(there, day(on), minute) == at(first)
    assert civil.instant(there, day(on), minute, last=True) == at(last)
    written = datetime.fromisoformat(f"{on}T{clock}")
    assert civil.entered(there, written, written) == (at(first), at(last))


@given(st.sampled_from(ALL_ZONES), st.integers(day("1990-01-01"), day("2045-12-31")), st.integers(0, 1439))
def test_every_time_of_every_zone_is_shown_again_or_was_skipped(zone: str, ordinal: int, minute: int) -> None:
    there = civil.zone_named(zone)
    first, last = civil.instant(there, ordinal, minute), civil.instant(there, ordinal, minute, last=True)
    asked = datetime.fromordinal(ordinal) + timedelta(minutes=minute)
    assert first <= last
    for found in (first, last):
        seen = civil.wall(there, found).replace(tzinfo=None, fold=0)
        before = civil.wall(there, found - 1).replace(tzinfo=None, fold=0)
        assert seen == asked or before < asked < seen, "it is shown, or the clock leapt over it just then"


@given(st.sampled_from(ALL_ZONES), st.integers(day("1990-01-01"), day("2045-12-31")), st.data())
def test_a_later_time_is_never_an_earlier_instant(zone: str, ordinal: int, data: st.DataObject) -> None:
    there = civil.zone_named(zone)
    early, late = sorted((data.draw(st.integers(0, 2880)), data.draw(st.integers(0, 2880))))
    assert civil.instant(there, ordinal, early) <= civil.instant(there, ordinal, late)
    assert civil.instant(there, ordinal, early, last=True) <= civil.instant(there, ordinal, late, last=True)


@given(st.sampled_from(ALL_ZONES), st.integers(at("1990-01-01T00:00Z"), at("2045-12-31T00:00Z")))
def test_the_day_is_the_one_on_the_wall(zone: str, instant: int) -> None:
    there = civil.zone_named(zone)
    assert civil.day_of(there, instant) == civil.wall(there, instant).toordinal()


def test_a_rule_of_the_far_future_still_holds() -> None:
    assert civil.instant(civil.zone_named("Europe/London"), day("2150-07-01"), 540) == at("2150-07-01T08:00Z")


def test_days_and_times_are_read_as_people_write_them() -> None:
    assert civil.days_named("mon-fri") == (0, 1, 2, 3, 4)
    assert civil.days_named("sat, sun") == (5, 6)
    assert civil.days_named("Fri-Mon") == (0, 4, 5, 6)
    assert civil.days_named("daily") == (0, 1, 2, 3, 4, 5, 6)
    assert civil.minutes_of("24:00") == 1440
    for wrong in ("24:01", "9:00", "09.00", "25:00", "", "09:00:00"):
        with pytest.raises(ValueError, match="no time of day"):
            civil.minutes_of(wrong)
    for wrong in ("", "mo", "mon-", "mon fri", "weekdays", "mon-wed-fri"):
        with pytest.raises(ValueError, match="names no days"):
            civil.days_named(wrong)


@pytest.mark.parametrize("name", ["Europe/Londn", "Europe", "../etc/passwd", "/etc/localtime", "", "BST+1\0"])
def test_a_zone_that_is_none_is_said_so(name: str) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        civil.zone_named(name)


def test_a_time_that_comes_twice_is_shown_with_its_zone() -> None:
    london = civil.zone_named("Europe/London")
    assert civil.shown(london, at("2026-10-25T00:30Z")) == "Sun 25 Oct 01:30 (BST)"
    assert civil.shown(london, at("2026-10-25T01:30Z")) == "Sun 25 Oct 01:30 (GMT)"
    assert civil.shown(london, at("2026-03-02T09:00Z")) == "Mon 2 Mar 09:00"
