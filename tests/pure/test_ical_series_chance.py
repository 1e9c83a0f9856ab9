"""Events that repeat, by chance: over clock changes as the wall shows; with bad intent no more than a sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.oncall import civil
from gatewayd.oncall.ical_parts import CalendarError
from gatewayd.oncall.ical_rules import WEEKDAYS
from tests.chance import examples
from tests.pure.calendars import NOW, begins, file, read, series
from tests.pure.rotas import utc

# ---- with bad intent


def lists(least: int, most: int) -> str:
    return ",".join(str(number) for number in range(least, most + 1) if number)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYDAY=53MO,-53SU",
        "FREQ=DAILY;BYSETPOS=300",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=WEEKLY;INTERVAL=10000;BYMONTHDAY=31;BYMONTH=2",
        f"FREQ=YEARLY;BYMONTHDAY={lists(-31, 31)};BYMONTH={lists(1, 12)};BYSETPOS={lists(200, 366)};UNTIL=20261208",
        "FREQ=DAILY;COUNT=1000000000;UNTIL=20261208",
        "FREQ=DAILY;UNTIL=20261208T235959Z",
    ],
    ids=range(11),
)
def test_a_rule_that_never_comes_or_is_hard_to_follow_costs_no_time(rule: str) -> None:
    old = series(rule, since="19710104T090000", until="19710104T100000")
    started = process_time()
    for number in range(5):
        try:
            read(old.replace("UID:s", f"UID:{number}"))
        except CalendarError as refused:
            assert str(refused) == "its series are too much work: end what is long over"
    assert process_time() - started < 5


TOO_MUCH = "its series are too much work: end what is long over"
TOO_MANY = "it comes to more than 2000 overrides within 400 days"


@pytest.mark.parametrize(
    ("number", "rule", "year", "said"),
    [
        (6, "FREQ=DAILY", 2026, TOO_MANY),
        (1, f"FREQ=DAILY;BYHOUR={','.join(map(str, range(24)))}", 2026, TOO_MANY),
        (2_000, "FREQ=WEEKLY", 2026, TOO_MANY),
        (2_000, "FREQ=DAILY;COUNT=20000", 1971, TOO_MUCH),
        (2_000, "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", 1971, TOO_MUCH),
        (1_500, f"FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS={lists(1, 100)};COUNT=9", 1971, TOO_MUCH),
    ],
    ids=["days", "hours", "weeks", "far back", "never", "places"],
)
def test_what_a_file_may_cost_together_is_limited(number: int, rule: str, year: int, said: str) -> None:
    one = series(rule, since=f"{year}1207T090000", until=f"{year}1207T100000")
    text = "".join(f"BEGIN:VEVENT\n{one.replace('UID:s', f'UID:{n}')}\nEND:VEVENT\n" for n in range(number))
    started = process_time()
    with pytest.raises(CalendarError) as refused:
        file(f"BEGIN:VCALENDAR\n{text}END:VCALENDAR\n")
    assert str(refused.value) == said
    assert process_time() - started < 5


def test_dates_without_number_cost_little() -> None:
    dates = "\n".join(f"EXDATE:{','.join(['20261207T090000'] * 1000)}" for _ in range(20))
    started = process_time()
    assert begins(read(series("FREQ=DAILY;COUNT=2", dates))) == ["anna 12-08 09:00"]
    days = (f"{datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=hour):%Y%m%dT%H0000}" for hour in range(4000))
    with pytest.raises(CalendarError) as refused:
        read(series("FREQ=DAILY;COUNT=2", *(f"RDATE:{day}" for day in days)))
    assert str(refused.value) == TOO_MANY
    assert process_time() - started < 5


@examples(60)
@given(st.data())
def test_no_rule_raises_anything_else(data: st.DataObject) -> None:
    names = ["FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "BYHOUR", "X"]
    values = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "1", "-1", "0", "31", "366", "99999", "MO", "-1SU,2TU", "5FR",
              "53MO,-53SU", "20270101", "20270101T000000Z", "99991231", "00010101", "", "1,2", "=", "²"]  # fmt: skip
    parts = [f"FREQ={data.draw(st.sampled_from(values[:4]))}"]
    parts += [
        f"{n}={data.draw(st.sampled_from(values))}" for n in data.draw(st.lists(st.sampled_from(names), max_size=4))
    ]
    dates = data.draw(st.sampled_from(["20261207T090000", "20240229T233000Z", "20261031", "21990101T000000"]))
    try:
        found = read(f"UID:s\nSUMMARY:Anna\nDTSTART:{dates}\nDURATION:P1D\nRRULE:{';'.join(parts)}")
    except CalendarError:
        return
    assert all(o.until > NOW and o.since < max(NOW + 400 * civil.DAY, utc("2198-12-31 00:00")) for o in found.overrides)
    assert len(found.overrides) <= 2000


# ---- over clock changes: what the wall shows decides

HARD = [
    ("Europe/London", "2027-03-20"), ("America/New_York", "2027-10-30"), ("Australia/Lord_Howe", "2027-03-28"),
    ("Antarctica/Troll", "2027-03-22"), ("Pacific/Apia", "2011-12-24"), ("America/Sao_Paulo", "2018-10-30"),
    ("Africa/Casablanca", "2027-02-01"), ("Asia/Gaza", "2027-03-20"), ("Asia/Tehran", "2022-03-15"),
    ("Pacific/Chatham", "2027-09-20"), ("America/St_Johns", "2006-10-24"), ("Asia/Pyongyang", "2015-08-10"),
]  # fmt: skip


def instants(zone: ZoneInfo, wall: datetime) -> list[int]:
    """Every instant at which the clock there shows it; where it never does, the first one after which it shows more."""
    whole = [wall.replace(tzinfo=UTC) + timedelta(minutes=minute) for minute in range(-15 * 60, 15 * 60 + 1, 30)]
    offsets = {at.astimezone(zone).utcoffset() or timedelta() for at in whole}
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    found = []
    for offset in offsets:
        at = wall.replace(tzinfo=UTC) - offset
        if at.astimezone(zone).replace(tzinfo=None) == wall:
            found.append((at - epoch) // timedelta(microseconds=1))
    if not found:
        at = wall.replace(tzinfo=UTC) - max(offsets) - timedelta(minutes=1)
        while at.astimezone(zone).replace(tzinfo=None) < wall:
            at += timedelta(minutes=1)
        found.append((at - epoch) // timedelta(microseconds=1))
    return sorted(found)


@examples(400)
@given(
    place=st.sampled_from(HARD),
    weekly=st.booleans(),
    interval=st.integers(1, 3),
    weekdays=st.sets(st.integers(0, 6), max_size=3),
    starts=st.integers(0, 48).map(lambda half: half * 30 % 1440),
    lasts=st.sampled_from([30, 60, 90, 150, 720, 1440, 2880]),
    count=st.one_of(st.none(), st.integers(1, 12)),
    days=st.integers(1, 25),
    gone=st.integers(0, 10),
)
def test_weekly_and_daily_series_are_what_the_wall_shows(
    place: tuple[str, str], weekly: bool, interval: int, weekdays: set[int], starts: int, lasts: int, count: int | None,
    days: int, gone: int,
) -> None:  # fmt: skip
    zone, first = ZoneInfo(place[0]), date.fromisoformat(place[1])
    begin = datetime.combine(first, datetime.min.time()) + timedelta(minutes=starts)
    end, until = begin + timedelta(minutes=lasts), first + timedelta(days=days)
    said = {"FREQ": "WEEKLY" if weekly else "DAILY", "INTERVAL": interval, "UNTIL": f"{until:%Y%m%d}"}
    if weekly and weekdays:
        said["BYDAY"] = ",".join(WEEKDAYS[day] for day in weekdays)
    if count is not None:
        said["COUNT"] = count
    taken_out = begin + timedelta(days=gone)

    expected, counted = {}, 0
    for passed in range(days + 1):
        day = first + timedelta(days=passed)
        if weekly:
            weeks = (day - first + timedelta(days=first.weekday())).days // 7
            is_one = weeks % interval == 0 and day.weekday() in (weekdays or {first.weekday()})
        else:
            is_one = passed % interval == 0
        if not (is_one or passed == 0) or (count is not None and counted >= count):
            continue
        counted += 1
        if passed != gone:
            since = instants(zone, begin + timedelta(days=passed))[0]
            ends = instants(zone, end + timedelta(days=passed))[-1]
            if since < ends:  # of two that begin at once, since the clocks skip the time of one, the longer
                expected[since] = max(ends, expected.get(since, 0))

    stamp = "%Y%m%dT%H%M%S"
    event = "\n".join(
        ["UID:s", "SUMMARY:Anna", f"DTSTART;TZID={zone.key}:{begin:{stamp}}", f"DTEND;TZID={zone.key}:{end:{stamp}}",
         "RRULE:" + ";".join(f"{name}={value}" for name, value in said.items()),
         f"EXDATE;TZID={zone.key}:{taken_out:{stamp}}"]
    )  # fmt: skip
    found = read(event, now=instants(zone, begin)[0] - civil.DAY)
    assert [(o.since, o.until) for o in found.overrides] == sorted(expected.items()), found.left_out
