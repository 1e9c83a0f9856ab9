"""Times as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.oncall import civil, times
from tests.pure.rotas import local, utc

LONDON = civil.zone_named("Europe/London")
SUNDAY = utc("2026-11-22 04:12")


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("now", "2026-11-22 04:12", "2026-11-22 04:12"),
        ("17:00", "2026-11-22 17:00", "2026-11-22 17:00"),
        ("4:00", "2026-11-23 04:00", "2026-11-23 04:00"),
        ("mon 09:00", "2026-11-23 09:00", "2026-11-23 09:00"),
        ("Monday 9:00", "2026-11-23 09:00", "2026-11-23 09:00"),
        ("sun 04:12", "2026-11-29 04:12", "2026-11-29 04:12"),
        ("wed", "2026-11-25 00:00", "2026-11-26 00:00"),
        ("tomorrow", "2026-11-23 00:00", "2026-11-24 00:00"),
        ("tomorrow 24:00", "2026-11-24 00:00", "2026-11-24 00:00"),
        ("today 03:00", "2026-11-22 03:00", "2026-11-22 03:00"),
        ("+8h", "2026-11-22 12:12", "2026-11-22 12:12"),
        ("+90m", "2026-11-22 05:42", "2026-11-22 05:42"),
        ("+3d", "2026-11-25 04:12", "2026-11-25 04:12"),
        ("+2w", "2026-12-06 04:12", "2026-12-06 04:12"),
        ("2026-12-24 17:00", "2026-12-24 17:00", "2026-12-24 17:00"),
        ("2026-12-24T17:00:30", "2026-12-24 17:00:30", "2026-12-24 17:00:30"),
        ("2026-12-24", "2026-12-24 00:00", "2026-12-25 00:00"),
        ("2026-07-01 09:00", "2026-07-01 08:00", "2026-07-01 08:00"),
        ("2026-07-01T09:00Z", "2026-07-01 09:00", "2026-07-01 09:00"),
        ("2026-07-01T07:00:00.25Z", "2026-07-01 07:00:00.250", "2026-07-01 07:00:00.250"),
        ("2026-07-01T09:00:00.000+02:00", "2026-07-01 07:00", "2026-07-01 07:00"),
    ],
)
def test_a_time_is_read_on_the_clock_of_the_zone(text: str, begins: str, ends: str) -> None:
    assert times.read(text, LONDON, after=SUNDAY) == utc(begins)
    assert times.read(text, LONDON, after=SUNDAY, ends=True) == utc(ends)


def test_a_time_that_comes_twice_begins_at_the_first_and_ends_at_the_last() -> None:
    assert times.read("2026-10-25 01:30", LONDON, after=SUNDAY) == utc("2026-10-25 00:30")
    assert times.read("2026-10-25 01:30", LONDON, after=SUNDAY, ends=True) == utc("2026-10-25 01:30")


def test_a_day_is_added_as_the_clock_shows_it_and_an_hour_as_it_passes() -> None:
    before = local("Europe/London", "2026-03-28 09:00")
    assert times.read("+1d", LONDON, after=before) == local("Europe/London", "2026-03-29 09:00")
    assert times.read("+24h", LONDON, after=before) == local("Europe/London", "2026-03-29 10:00")


def test_what_is_added_ends_on_a_whole_minute() -> None:
    assert times.read("+2h", LONDON, after=SUNDAY + 1) == utc("2026-11-22 06:12")
    assert times.read("+2h", LONDON, after=SUNDAY + 1, ends=True) == utc("2026-11-22 06:13")


@pytest.mark.parametrize(
    "text",
    ["", "soon", "25:00", "mon 9", "24 Dec", "2026-13-01", "2026-02-30 09:00", "1969-01-01", "9999-01-01 00:00",
     "2026-12-24 17:00+99:00", "2026-12-24 17:00:99", "+9999d", "-3d", "+3y", "x" * 500],
)  # fmt: skip
def test_what_is_no_time_is_told_so(text: str) -> None:
    with pytest.raises(ValueError, match=r"is|more"):
        times.read(text, LONDON, after=SUNDAY)


@given(st.text(max_size=60) | st.from_regex(r"[+a-z0-9:T -]{1,30}", fullmatch=True), st.booleans())
def test_whatever_is_written_is_a_time_or_a_sentence(text: str, ends: bool) -> None:
    try:
        assert isinstance(times.read(text, LONDON, after=SUNDAY, ends=ends), int)
    except ValueError as error:
        assert str(error)
