"""Hours of a bureau in civil time: overnight, over the end of the week, and when the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatewayd.delivery.hours import DAYS, Hours, span

MINUTE = 60_000_000
LONDON = ZoneInfo("Europe/London")


def at(text: str, zone: ZoneInfo = LONDON, fold: int = 0) -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def hours(*texts: str, zone: ZoneInfo = LONDON) -> Hours:
    return Hours(tuple(span(text) for text in texts), zone)


def test_without_hours_it_is_always_open() -> None:
    assert Hours().open(0)
    assert Hours().opens_at(5) == 5


def test_office_hours_end_on_friday_and_begin_on_monday() -> None:
    office = hours("mon-fri 08:00-18:00")
    friday = at("2026-11-20T17:59")
    assert office.open(friday)
    assert not office.open(friday + MINUTE)
    assert office.opens_at(friday + MINUTE) == at("2026-11-23T08:00")
    assert office.told(at("2026-11-23T08:00")) == "Mon 23 Nov 08:00 Europe/London"


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    night = hours("fri 22:00-06:00")
    assert night.open(at("2026-11-20T23:00"))
    assert night.open(at("2026-11-21T05:59"))
    assert not night.open(at("2026-11-21T06:00"))
    assert not night.open(at("2026-11-20T05:00")), "that was Thursday's night"


def test_days_may_go_over_the_end_of_the_week() -> None:
    assert span("sat-mon 10:00-11:00").days == {5, 6, 0}
    assert span("10:00-24:00").days == set(range(7))


@pytest.mark.parametrize("text", ["", "mon", "mon-fri", "8:00-18:00", "08:00-25:00", "moo 08:00-09:00", "08:00-08:00"])
def test_what_is_no_hours_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z]{4}"):
        span(text)


def test_an_hour_that_the_clocks_skip_opens_when_they_have_jumped_into_it() -> None:
    """On 29 March 2026 01:00 in London is followed by 02:00."""
    early = hours("01:30-03:00")
    jump = at("2026-03-29T02:00")
    assert not early.open(jump - MINUTE)
    assert early.opens_at(jump - 10 * MINUTE) == jump
    assert hours("01:10-01:50").opens_at(jump - 10 * MINUTE) == at("2026-03-30T01:10"), "nobody's hour that day"


def test_an_hour_that_comes_twice_is_open_twice() -> None:
    """On 25 October 2026 01:59 BST is followed by 01:00 GMT."""
    half = hours("01:30-02:00")
    assert half.open(at("2026-10-25T01:45"))
    between = at("2026-10-25T01:10", fold=1)
    assert not half.open(between)
    assert half.opens_at(between) == at("2026-10-25T01:30", fold=1)


texts = st.builds(
    "{} {:02}:{:02}-{:02}:{:02}".format,
    st.sampled_from((*DAYS, "mon-fri", "sat,sun", "sat-mon")),
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 23),
    st.integers(0, 59),
).filter(lambda text: text[-11:-6] != text[-5:])
zones = st.sampled_from(["Europe/London", "Australia/Lord_Howe", "America/New_York", "Asia/Kathmandu", "UTC"])
moments = st.one_of(
    st.integers(0, 4_000_000).map(lambda minutes: minutes * MINUTE),
    st.integers(-3000, 3000).map(lambda m: at("2026-03-29T01:00") + m * MINUTE),
    st.integers(-3000, 3000).map(lambda m: at("2026-10-25T01:00") + m * MINUTE),
    st.integers(-3000, 3000).map(lambda m: at("2026-04-04T15:00", ZoneInfo("UTC")) + m * MINUTE),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(texts, min_size=1, max_size=3), zones, moments)
def test_it_opens_at_the_first_minute_that_is_open(told: list[str], zone: str, now: int) -> None:
    some = hours(*told, zone=ZoneInfo(zone))
    opens = some.opens_at(now)
    assert opens is not None
    assert some.open(opens)
    minute = now
    while minute < min(opens, now + 3 * 1440 * MINUTE):
        assert not some.open(minute)
        minute += MINUTE
