"""Events that repeat: as Google, Outlook, Apple and PagerDuty write them, and as their rules mean it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from gatewayd.oncall import civil
from tests.pure.calendars import NOW, begins, file, read, series
from tests.pure.rotas import utc

# ---- as they are written

GOOGLE = """BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:NOC on call
X-WR-TIMEZONE:Europe/Berlin
BEGIN:VTIMEZONE
TZID:Europe/Berlin
X-LIC-LOCATION:Europe/Berlin
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
DTSTART;TZID=Europe/Berlin:20270222T170000
DTEND;TZID=Europe/Berlin:20270223T090000
RRULE:FREQ=WEEKLY;WKST=MO;UNTIL=20270412T215959Z;INTERVAL=2;BYDAY=MO,TH
EXDATE;TZID=Europe/Berlin:20270225T170000
DTSTAMP:20261101T100000Z
UID:0abcdefgh1ijklmnop2qrstuvw@google.com
CREATED:20261001T080000Z
LAST-MODIFIED:20261020T080000Z
SEQUENCE:1
STATUS:CONFIRMED
SUMMARY:Anna Example
TRANSP:OPAQUE
END:VEVENT
BEGIN:VEVENT
DTSTART;TZID=Europe/Berlin:20270309T170000
DTEND;TZID=Europe/Berlin:20270310T090000
DTSTAMP:20261101T100000Z
UID:0abcdefgh1ijklmnop2qrstuvw@google.com
RECURRENCE-ID;TZID=Europe/Berlin:20270308T170000
CREATED:20261001T080000Z
LAST-MODIFIED:20261021T080000Z
SEQUENCE:2
STATUS:CONFIRMED
SUMMARY:Bob Example
TRANSP:OPAQUE
END:VEVENT
BEGIN:VEVENT
DTSTART:20270322T160000Z
DTEND:20270323T080000Z
DTSTAMP:20261101T100000Z
UID:0abcdefgh1ijklmnop2qrstuvw@google.com
RECURRENCE-ID:20270322T160000Z
SEQUENCE:2
STATUS:CANCELLED
SUMMARY:Anna Example
END:VEVENT
END:VCALENDAR
"""

OUTLOOK = """BEGIN:VCALENDAR
METHOD:PUBLISH
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
X-WR-CALNAME:Bereitschaft
BEGIN:VTIMEZONE
TZID:(UTC+01:00) Amsterdam\\, Berlin\\, Bern\\, Rom
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
DESCRIPTION:\\n
RRULE:FREQ=MONTHLY;UNTIL=20270628T070000Z;INTERVAL=1;BYDAY=-1MO
EXDATE;TZID=W. Europe Standard Time:20270125T090000,20270426T090000
UID:040000008200E00074C5B7101A82E00800000000A0D4C5F0C2
 5AD901000000000000000010000000
SUMMARY;LANGUAGE=de-DE:Bereitschaft: Anna Example
DTSTART;TZID=W. Europe Standard Time:20261130T090000
DTEND;TZID=W. Europe Standard Time:20261207T090000
CLASS:PUBLIC
PRIORITY:5
DTSTAMP:20261101T094245Z
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:0
X-MICROSOFT-CDO-APPT-SEQUENCE:0
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
X-MICROSOFT-CDO-INSTTYPE:1
BEGIN:VALARM
DESCRIPTION:REMINDER
TRIGGER;RELATED=START:-PT15M
ACTION:DISPLAY
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:040000008200E00074C5B7101A82E00800000000A0D4C5F0C2
 5AD901000000000000000010000000
RECURRENCE-ID;TZID="(UTC+01:00) Amsterdam, Berlin, Bern, Rom":20270329T0900
 00
SUMMARY;LANGUAGE=de-DE:Bereitschaft: Cara
DTSTART;TZID="(UTC+01:00) Amsterdam, Berlin, Bern, Rom":20270329T090000
DTEND;TZID="(UTC+01:00) Amsterdam, Berlin, Bern, Rom":20270405T090000
DTSTAMP:20261101T094245Z
X-MICROSOFT-CDO-INSTTYPE:3
END:VEVENT
END:VCALENDAR
"""

APPLE = """BEGIN:VCALENDAR
METHOD:PUBLISH
VERSION:2.0
X-WR-CALNAME:On call
PRODID:-//Apple Inc.//macOS 15.0//EN
X-APPLE-CALENDAR-COLOR:#1BADF8
X-WR-TIMEZONE:America/New_York
CALSCALE:GREGORIAN
BEGIN:VEVENT
CREATED:20261001T120000Z
UID:4C1E9F60-8A0B-4A55-9C7B-0E1E3C1C9A11
RRULE:FREQ=WEEKLY;INTERVAL=1;UNTIL=20261224
DTEND;VALUE=DATE:20261205
TRANSP:TRANSPARENT
X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC
SUMMARY:Bob Example
LAST-MODIFIED:20261002T120000Z
DTSTAMP:20261002T120000Z
DTSTART;VALUE=DATE:20261203
SEQUENCE:0
EXDATE;VALUE=DATE:20261210
END:VEVENT
BEGIN:VEVENT
UID:4C1E9F60-8A0B-4A55-9C7B-0E1E3C1C9A11
DTEND;VALUE=DATE:20261220
SUMMARY:Bob Example
DTSTAMP:20261002T120000Z
DTSTART;VALUE=DATE:20261218
SEQUENCE:1
RECURRENCE-ID;VALUE=DATE:20261217
END:VEVENT
END:VCALENDAR
"""


def test_a_series_as_google_writes_it() -> None:
    found = file(GOOGLE)
    assert begins(found) == [
        "anna 02-22 16:00",
        "bob 03-09 16:00",  # moved from the 8th
        "anna 03-11 16:00",
        "anna 03-25 16:00",
        "anna 04-05 15:00",  # summer time: 17:00 on the wall as before
        "anna 04-08 15:00",
    ]
    assert found.left_out == ("1 event is cancelled",)
    assert found.overrides[-1].until == utc("2027-04-09 07:00"), "09:00 on the wall"


def test_a_series_as_outlook_writes_it() -> None:
    found = file(OUTLOOK)
    assert begins(found) == [
        "anna 11-30 08:00",
        "anna 12-28 08:00",
        "anna 02-22 08:00",
        "cara 03-29 07:00",
        "anna 05-31 07:00",
        "anna 06-28 07:00",
    ]
    assert (found.overrides[4].until - found.overrides[4].since) == 7 * civil.DAY
    assert found.left_out == ()


def test_a_series_of_whole_days_as_apple_writes_it() -> None:
    found = file(APPLE)
    assert begins(found) == ["bob 12-03 05:00", "bob 12-18 05:00", "bob 12-24 05:00"]
    assert all(o.until - o.since == 2 * civil.DAY for o in found.overrides)
    assert found.assumed == ("times without a zone are those of America/New_York, the calendar's",)


PAGERDUTY = """BEGIN:VCALENDAR
PRODID;X-RICAL-TZSOURCE=TZINFO:-//com.denhaven2/NONSGML ri_cal gem//EN
CALSCALE:GREGORIAN
VERSION:2.0
X-WR-CALNAME:On Call Schedule for Team Alpha
BEGIN:VEVENT
DTEND;VALUE=DATE-TIME:20261208T090000Z
DTSTART;VALUE=DATE-TIME:20261207T090000Z
ATTENDEE:anna@example.com
UID:Q3DNWZL0W9JV04
URL:https://example.pagerduty.com/schedules#PFWMMZA
SUMMARY:On Call - Anna Example - Team Alpha
END:VEVENT
BEGIN:VEVENT
DTEND;VALUE=DATE-TIME:20261209T090000Z
DTSTART;VALUE=DATE-TIME:20261208T090000Z
UID:Q3DNWZL0W9JV05
SUMMARY:On Call - Bob Example - Team Beta
END:VEVENT
END:VCALENDAR
"""


def test_the_shifts_of_a_schedule_as_pagerduty_writes_them() -> None:
    found = file(PAGERDUTY)
    assert begins(found) == ["anna 12-07 09:00"]
    assert found.left_out == (
        "'On Call - Bob Example - Team Beta': it is not plain from its title that bob has the duty",
    )


def test_dates_of_its_own_and_periods() -> None:
    once = series(
        "FREQ=DAILY;COUNT=1", "RDATE:20261210T090000,20261215T180000", "RDATE;TZID=Europe/Berlin:20261222T090000"
    )
    assert begins(read(once)) == ["anna 12-07 09:00", "anna 12-10 09:00", "anna 12-15 18:00", "anna 12-22 08:00"]
    without_rule = once.replace("RRULE:FREQ=DAILY;COUNT=1\n", "")
    assert begins(read(without_rule)) == begins(read(once))
    periods = read(
        series("FREQ=DAILY;COUNT=1", "RDATE;VALUE=PERIOD:20261210T090000Z/PT3H,20261211T090000Z/20261211T100000Z")
    )
    assert [(o.until - o.since) // civil.HOUR for o in periods.overrides] == [24, 3, 1]
    assert begins(read(series("FREQ=DAILY;COUNT=4", "EXDATE;VALUE=DATE:20261208", "EXDATE:20261209T090000Z"))) == [
        "anna 12-07 09:00",
        "anna 12-10 09:00",
    ]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY;COUNT=3", "12-07 12-08 12-09"),
        ("FREQ=DAILY;INTERVAL=10;UNTIL=20261227", "12-07 12-17 12-27"),
        ("FREQ=DAILY;UNTIL=20261209T090000Z", "12-07 12-08 12-09"),
        ("FREQ=DAILY;UNTIL=20261209T085959Z", "12-07 12-08"),
        ("FREQ=DAILY;COUNT=9;UNTIL=20261209T090000", "12-07 12-08 12-09"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=6", "12-07 12-08 12-09 12-10 12-11 12-14"),
        ("FREQ=WEEKLY;COUNT=3;", "12-07 12-14 12-21"),
        ("FREQ=WEEKLY;BYDAY=SU,MO;INTERVAL=2;WKST=MO;COUNT=4", "12-07 12-13 12-21 12-27"),
        ("FREQ=WEEKLY;BYDAY=SU,MO;INTERVAL=2;WKST=SU;COUNT=4", "12-07 12-20 12-21 01-03"),
        ("FREQ=WEEKLY;BYDAY=MO,TH,SU;BYSETPOS=-1;COUNT=3", "12-07 12-13 12-20"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=3", "12-07 12-08 12-15"),  # the first one counts, whatever the rule says
        ("FREQ=MONTHLY;COUNT=3", "12-07 01-07 02-07"),
        ("FREQ=MONTHLY;BYDAY=1MO;COUNT=3", "12-07 01-04 02-01"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=5;COUNT=3", "12-07 01-07 02-05"),
        ("FREQ=MONTHLY;BYMONTHDAY=7,-1;COUNT=4", "12-07 12-31 01-07 01-31"),
        ("FREQ=YEARLY;COUNT=5", "12-07"),
        ("FREQ=YEARLY;BYMONTH=2,12;BYDAY=1MO", "12-07 02-01 12-06"),
        ("RSCALE=GREGORIAN;FREQ=DAILY;SKIP=OMIT;COUNT=2", "12-07 12-08"),
        ("freq=daily;byhour=9,21;count=3", "12-07 12-07 12-08"),
        ("FREQ=DAILY;COUNT=1000000000000;UNTIL=20261208", "12-07 12-08"),
        ("FREQ=DAILY;INTERVAL=10000", "12-07"),
        ("FREQ=DAILY;UNTIL=20261201", ""),
    ],
)
def test_rules(rule: str, days: str) -> None:
    found = begins(read(series(rule)))
    assert [began.split()[1] for began in found] == days.split()


def test_the_thirty_first_comes_where_there_is_one() -> None:
    monthly = series("FREQ=MONTHLY;COUNT=4", since="20261231T090000", until="20261231T100000")
    assert begins(read(monthly)) == ["anna 12-31 09:00", "anna 01-31 09:00", "anna 03-31 08:00", "anna 05-31 08:00"]


def test_a_time_that_the_clocks_skip_takes_no_other_with_it() -> None:
    apia = ZoneInfo("Pacific/Apia")  # had no 30 December in 2011
    days = series("FREQ=DAILY;COUNT=4", since="20111229T000000", until="20111230T000000")
    found = read(days, now=utc("2011-12-20 00:00"), zone=apia)
    assert begins(found) == ["anna 12-29 10:00", "anna 12-30 10:00", "anna 12-31 10:00"]
    assert found.overrides[1].until == found.overrides[2].since


@pytest.mark.parametrize(
    ("since", "gone"),
    [
        ("20271030T013000", "20271031T003000Z"),  # comes twice: the first of them, and
        ("20271030T013000", "20271031T013000Z"),  # the last
        ("20270327T013000", "20270328T010000Z"),  # never comes: when the clocks change, and
        ("20270327T013000", "20270328T013000Z"),  # as if they had not
        ("20270327T013000", "20270328T003000Z"),
    ],
)
def test_what_is_taken_out_in_utc_is_found_also_where_the_clocks_change(since: str, gone: str) -> None:
    until = since.replace("T013000", "T100000")
    for line in (f"EXDATE:{gone}", f"EXDATE;TZID=Europe/London:{gone[:8]}T013000", f"EXDATE;VALUE=DATE:{gone[:8]}"):
        found = read(series("FREQ=DAILY;COUNT=3", line, since=since, until=until))
        assert len(found.overrides) == 2
        assert found.overrides[1].since - found.overrides[0].since > 40 * civil.HOUR


# ---- as far as rotas are checked


def test_a_series_without_an_end_is_taken_for_as_long_as_rotas_are_checked_and_it_is_said() -> None:
    endless = ("FREQ=WEEKLY", "FREQ=WEEKLY;UNTIL=99991231T235959Z", "FREQ=WEEKLY;COUNT=1000000000")
    for rule in endless:
        found = read(series(rule, since="20150105T090000", until="20150106T090000"))
        assert len(found.overrides) == 58
        assert found.overrides[0].since == utc("2026-11-02 09:00")
        assert found.overrides[-1].since <= NOW + 400 * civil.DAY < found.overrides[-1].since + 7 * civil.DAY
        assert found.left_out == (
            "1 series goes on after Mon 6 Dec 2027 12:00: take the calendar over again before then",
        )


def test_the_time_that_runs_now_is_taken_and_what_is_over_is_not() -> None:
    runs = read(series("FREQ=WEEKLY;COUNT=5", since="20261019T090000", until="20261026T090000"))
    assert begins(runs)[0] == "anna 10-26 09:00"
    over = read(series("FREQ=WEEKLY;COUNT=2", since="20261012T090000", until="20261013T090000"))
    assert (over.overrides, over.left_out) == ((), ("1 event is over",))
    to_come = read(series("FREQ=WEEKLY", since="20291012T090000", until="20291013T090000"))
    assert (to_come.overrides, len(to_come.left_out)) == ((), 1)
    assert "series goes on after" in to_come.left_out[0]


def test_a_single_time_whose_series_is_not_in_the_file_stands_alone() -> None:
    one = "UID:s\nSUMMARY:Bob\nDTSTART:20261215T090000Z\nDTEND:20261216T090000Z\nRECURRENCE-ID:20261214T090000Z"
    found = read(one.replace("Bob", "Bob Example"))
    assert [(o.person, o.event, o.instance) for o in found.overrides] == [("bob", "s", "20261214T090000Z")]
    assert found.events == frozenset()
    gone = read(one + "\nSTATUS:CANCELLED")
    assert (gone.overrides, gone.cancelled) == ((), {("s", "20261214T090000Z")})


def test_a_time_that_is_somebodys_holiday_is_not_taken_from_the_series_either() -> None:
    away = (
        "UID:s\nSUMMARY:Holiday: Anna\nDTSTART:20261214T090000Z\nDTEND:20261215T090000Z\nRECURRENCE-ID:20261214T090000Z"
    )
    found = read(series("FREQ=WEEKLY;COUNT=3"), away)
    assert begins(found) == ["anna 12-07 09:00", "anna 12-21 09:00"]
    assert found.left_out == ("'Holiday: Anna': it is not plain from its title that anna has the duty",)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["RRULE:FREQ=HOURLY"], "it repeats by the hour, minute or second, which is not followed"),
        (["RRULE:FREQ=MINUTELY;COUNT=3"], "it repeats by the hour, minute or second, which is not followed"),
        (["RRULE:FREQ=SECONDLY;INTERVAL=1;COUNT=1000000000"],
         "it repeats by the hour, minute or second, which is not followed"),
        (["RRULE:FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=0,5,10,15,20,25,30,35,40"], "it repeats more than 24 times a day"),
        (["RRULE:FREQ=YEARLY;BYWEEKNO=20"], "its rule has a BYWEEKNO, which is not followed"),
        (["RRULE:FREQ=YEARLY;BYEASTER=0"], "its rule has a BYEASTER, which is not followed"),
        (["RRULE:RSCALE=CHINESE;FREQ=YEARLY"], "its rule has a RSCALE, which is not followed"),
        (["RRULE:FREQ=DAILY;COUNT=0"], "its rule cannot be read"),
        (["RRULE:FREQ=DAILY;INTERVAL=0"], "its rule cannot be read"),
        (["RRULE:FREQ=DAILY;INTERVAL=99999999999999999999"], "its rule cannot be read"),
        (["RRULE:FREQ=DAILY;COUNT=-1"], "its rule cannot be read"),
        (["RRULE:FREQ=DAILY;BYSETPOS=0"], "its rule cannot be read"),
        (["RRULE:FREQ=MONTHLY;BYDAY=6MO"], "its rule cannot be read"),
        (["RRULE:FREQ=YEARLY;BYDAY=53MO;BYMONTH=12"], "its rule cannot be read"),
        (["RRULE:FREQ=YEARLY;BYDAY=54MO"], "its rule cannot be read"),
        (["RRULE:FREQ=WEEKLY;BYDAY=1MO"], "its rule cannot be read"),
        (["RRULE:FREQ=WEEKLY;BYDAY="], "its rule cannot be read"),
        (["RRULE:FREQ=WEEKLY;WKST=XX"], "its rule cannot be read"),
        (["RRULE:FREQ=WEEKLY;FREQ=DAILY"], "its rule cannot be read"),
        (["RRULE:weekly"], "its rule cannot be read"),
        (["RRULE:FREQ=DAILY;UNTIL=tomorrow"], "its UNTIL is missing or cannot be read"),
        (["RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"], "it has more than one rule"),
        (["RRULE:FREQ=DAILY", "EXRULE:FREQ=WEEKLY"], "it has an EXRULE, which is not followed"),
        (["RRULE:FREQ=DAILY", "EXDATE:later"], "its EXDATE is missing or cannot be read"),
        (["RDATE:later"], "its RDATE is missing or cannot be read"),
        (["RDATE;VALUE=PERIOD:20261207T090000Z/Px"], "its duration cannot be read"),
    ],
)  # fmt: skip
def test_what_is_not_followed_is_left_out_with_a_sentence(lines: list[str], said: str) -> None:
    event = "\n".join(["UID:s", "SUMMARY:Anna", "DTSTART:20261207T090000Z", "DTEND:20261208T090000Z", *lines])
    other = "UID:o\nSUMMARY:Cara\nDTSTART:20261207T090000Z\nDTEND:20261208T090000Z"
    found = read(event, other)
    assert found.left_out == (f"'Anna': {said}",)
    assert [o.person for o in found.overrides] == ["cara"], "the rest counts"


def test_a_change_of_all_that_follow_leaves_its_series_out() -> None:
    follow = "UID:s\nSUMMARY:Bob Example\nDTSTART:20261214T090000Z\nDURATION:P1D\nRECURRENCE-ID;RANGE=THISANDFUTURE:"
    follow += "20261214T090000Z"
    found = read(series("FREQ=WEEKLY"), follow)
    said = "it changes all times that follow, which is not followed"
    assert (found.overrides, found.left_out) == ((), (f"'Anna': {said}", f"'Bob Example': {said}"))
