"""Calendars out: what another program reads of them. Calendars in: what becomes an override, and what never harms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar.timezone import windows_to_olson

from gatewayd.oncall import civil
from gatewayd.oncall.civil import DAY
from gatewayd.oncall.cover import Absence, Facts, Override, Swap
from gatewayd.oncall.duty import shifts
from gatewayd.oncall.ical import calendar, folded
from gatewayd.oncall.ical_parts import CalendarError
from gatewayd.oncall.ical_reader import Imported, read_overrides
from gatewayd.oncall.ical_titles import called
from gatewayd.oncall.ical_windows import WINDOWS
from gatewayd.oncall.ical_zones import zone_of
from tests.pure.rotas import rota, utc

LONDON = civil.zone_named("Europe/London")
WEEKS = {"name": "weeks", "people": ["anna", "bob", "cara"], "start": "2026-03-02"}
NOW = utc("2026-03-01 12:00")
PEOPLE = called([("anna", "Anna Example"), ("bob", "Bob Example"), ("cara", ""), ("dan", "Bob Example")])


def as_datetime(at: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)


# ---- out


def test_a_stranger_reads_our_calendar() -> None:
    weeks = rota(WEEKS, title="Network; operations, 24\\7 – für alle " + "é" * 40)
    facts = Facts(
        overrides=(Override("noc", "dan", utc("2026-03-11 00:00"), utc("2026-03-12 00:00"), 1, 1),),
        absences=(Absence("bob", utc("2026-03-10 00:00"), utc("2026-03-11 00:00")),),
    )
    since, until = utc("2026-03-02 09:00"), utc("2026-04-27 08:00")
    written = calendar(weeks, facts, since=since, until=until, now=NOW)
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    read = icalendar.Calendar.from_ical(written)
    assert str(read["NAME"]) == "Network\\; operations\\, 24\\\\7 – für alle " + "é" * 40, (
        "this library leaves it escaped"
    )
    events = [(e["DTSTART"].dt, e["DTEND"].dt, str(e["SUMMARY"]), str(e["DESCRIPTION"])) for e in read.walk("VEVENT")]
    assert events == [
        (as_datetime(s.since), as_datetime(s.until), f"noc: {s.duty.person}", s.duty.why)
        for s in shifts(weeks, facts, since, until)
    ]
    assert not [error for event in read.walk("VEVENT") for error in event.errors]


def test_a_shift_keeps_its_uid_whenever_it_is_fetched_and_whoever_has_it() -> None:
    weeks, until = rota(WEEKS), utc("2026-04-01 00:00")

    def uids(since: str, facts: Facts) -> dict[str, str]:
        read = icalendar.Calendar.from_ical(calendar(weeks, facts, since=utc(since), until=until, now=NOW))
        return {str(e["UID"]): str(e["SUMMARY"]) for e in read.walk("VEVENT")}

    first, later = uids("2026-03-03 00:00", Facts()), uids("2026-03-04 15:00", Facts())
    assert first == later
    assert next(iter(first)) == "noc-20260302T090000Z@gatewayd"
    swapped = uids("2026-03-03 00:00", Facts(swaps=(Swap("bob", "dan", NOW, utc("2026-03-16 09:00"), 1, 1),)))
    assert list(swapped) == list(first)
    assert swapped["noc-20260309T090000Z@gatewayd"] == "noc: dan"


def test_a_duty_without_an_end_is_one_event_that_stays_one() -> None:
    alone = rota({**WEEKS, "people": ["anna"], "start": "2020-01-06"})
    for since in ("2026-03-03 00:00", "2026-03-04 00:00"):
        read = icalendar.Calendar.from_ical(calendar(alone, Facts(), since=utc(since), until=NOW + 60 * DAY, now=NOW))
        assert [str(e["UID"]) for e in read.walk("VEVENT")] == ["noc-standing@gatewayd"]


def test_one_persons_calendar_holds_their_shifts_alone() -> None:
    own = calendar(rota(WEEKS), Facts(), since=NOW, until=NOW + 60 * DAY, now=NOW, person="bob")
    assert {str(e["SUMMARY"]) for e in icalendar.Calendar.from_ical(own).walk("VEVENT")} == {"noc: bob"}


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_folding_cuts_no_character_and_loses_none(text: str) -> None:
    lines = folded(text)
    for line in lines.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    assert lines.replace(b"\r\n ", b"").decode() == text + "\r\n"


# ---- in


def event(*lines: str, uid: str = "1") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT", ""])


def read(*events: str, people: dict[str, str] = PEOPLE) -> Imported:
    whole = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(events) + "END:VCALENDAR\r\n"
    return read_overrides(whole.encode(), rota="noc", zone=LONDON, people=people, now=NOW)


def spans(found: Imported) -> list[tuple[str, int, int]]:
    return [(o.person, o.since, o.until) for o in found.overrides]


@pytest.mark.parametrize(
    ("lines", "since", "until"),
    [
        (["DTSTART:20260704T080000Z", "DTEND:20260704T200000Z"], "2026-07-04 08:00", "2026-07-04 20:00"),
        (["DTSTART:20260704T080000", "DTEND:20260704T200000"], "2026-07-04 07:00", "2026-07-04 19:00"),
        (["DTSTART;TZID=America/New_York:20260704T080000", "DURATION:PT12H"], "2026-07-04 12:00", "2026-07-05 00:00"),
        (["DTSTART;TZID=\"/citadel.org/20260101_1/America/New_York\":20260704T080000", "DURATION:PT1H"],
         "2026-07-04 12:00", "2026-07-04 13:00"),
        (["DTSTART;TZID=Romance Standard Time:20260704T080000", "DURATION:PT1H"],
         "2026-07-04 06:00", "2026-07-04 07:00"),
        (["DTSTART;VALUE=DATE:20260704"], "2026-07-03 23:00", "2026-07-04 23:00"),
        (["DTSTART;VALUE=DATE:20260704", "DTEND;VALUE=DATE:20260706"], "2026-07-03 23:00", "2026-07-05 23:00"),
        (["DTSTART;VALUE=DATE:20261024", "DURATION:P2D"], "2026-10-23 23:00", "2026-10-26 00:00"),
        # the doubled hour: from the first 01:30 to the last; the skipped one: the transition
        (["DTSTART:20261025T013000", "DTEND:20261025T013000"], "2026-10-25 00:30", "2026-10-25 01:30"),
        (["DTSTART:20261025T013000", "DURATION:PT15M"], "2026-10-25 00:30", "2026-10-25 00:45"),
        (["DTSTART:20261024T120000", "DURATION:PT24H"], "2026-10-24 11:00", "2026-10-25 11:00"),
        (["DTSTART:20260329T013000", "DTEND:20260329T023000"], "2026-03-29 01:00", "2026-03-29 01:30"),
    ],
)  # fmt: skip
def test_times_as_calendars_write_them(lines: list[str], since: str, until: str) -> None:
    found = read(event("SUMMARY:anna", *lines))
    assert found.left_out == ()
    assert spans(found) == [("anna", utc(since), utc(until))]


ON = ("DTSTART:20260704T080000Z", "DTEND:20260704T200000Z")


@pytest.mark.parametrize(
    "title",
    ["anna", "Anna", "ANNA EXAMPLE", "noc: anna", "On call - Anna Example", "anna (instead of bob)", "Duty: Anna (NOC)",
     " Anna  Example ", "an\r\n na", "Anna on call", "On-call Anna", "Bereitschaft: Anna", "Anna (Rufbereitschaft)",
     "noc – Anna", "Astreinte Anna Example", "Anna, NOC, on duty"],
)  # fmt: skip
def test_titles_that_name_somebody(title: str) -> None:
    assert [o.person for o in read(event(f"SUMMARY:{title}", *ON)).overrides] == ["anna"]


@pytest.mark.parametrize(
    "title",
    ["Canceled: Anna", "Abgesagt: Anna", "Holiday: Anna", "away: Anna", "Anna (not available)", "Birthday: Anna",
     "Anna/Bob", "anna?", "On call: not Anna", "Anna off duty", "\N{PALM TREE} Anna", "Anna (needs cover)",
     "Anna Smith", "cara (instead of anna) holiday", "instead of anna: bob"],
)  # fmt: skip
def test_titles_that_do_not_say_plainly_who_has_the_duty(title: str) -> None:
    found = read(event(f"SUMMARY:{title}", *ON))
    assert found.overrides == ()
    assert len(found.left_out) == 1


def test_two_names_that_sound_alike_are_nobodys() -> None:
    assert called([("anna-b", ""), ("anna.b", ""), ("o'neil", "Pat O’Neil")]) == {
        "o'neil": "o'neil",
        "pat o'neil": "o'neil",
    }


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["SUMMARY:team lunch", *ON], "'team lunch': its title names nobody who is known"),
        (["SUMMARY:Bob Example", *ON], "'Bob Example': it is not plain from its title that bob has the duty"),
        (["SUMMARY:anna", ON[0]], "'anna': it has no end"),
        (["SUMMARY:anna", ON[1]], "'anna': its DTSTART is missing or cannot be read"),
        (["SUMMARY:anna", "DTSTART:20260230T080000Z", ON[1]], "'anna': its DTSTART is no time that there is"),
        (["SUMMARY:anna", "DTSTART:19000101T080000Z", ON[1]], "'anna': its DTSTART is out of this world"),
        (["SUMMARY:anna", "DTSTART;TZID=Mars/Olympus:20260704T080000", ON[1]],
         "'anna': its zone 'Mars/Olympus' is not known"),
        (["SUMMARY:anna", ON[0], "DTEND:20260704T080000Z"], "'anna': it ends before it begins"),
        (["SUMMARY:anna", ON[0], "DTEND:20290704T080000Z"], "'anna': it lasts longer than 400 days"),
        (["SUMMARY:anna", ON[0], "DURATION:a while"], "'anna': its duration cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_left_out_with_a_sentence(lines: list[str], said: str) -> None:
    found = read(event(*lines), event("SUMMARY:cara", *ON, uid="2"))
    assert found.left_out == (said,)
    assert [o.person for o in found.overrides] == ["cara"], "the rest counts"


def test_the_newest_version_of_an_event_counts_and_a_cancelled_one_does_not() -> None:
    found = read(
        event("SUMMARY:anna", "SEQUENCE:1", *ON),
        event("SUMMARY:anna", "SEQUENCE:2", *ON),
        event("SUMMARY:cara", "SEQUENCE:2", *ON),  # of two alike the later
        event("SUMMARY:bob", "SEQUENCE:0", *ON),
        event("SUMMARY:bob", "STATUS:CANCELLED", *ON, uid="2"),
        event("SUMMARY:bob", "DTSTART:20260101T080000Z", "DTEND:20260102T080000Z", uid="3"),
    )
    assert [o.person for o in found.overrides] == ["cara"]
    assert found.left_out == ("1 event is cancelled", "1 event is over", "3 events are replaced by a newer version")
    assert found.events == {"1", "2", "3"}


def test_a_calendar_that_is_cancelled_or_an_answer_books_nothing() -> None:
    cancelled = read("METHOD:CANCEL\r\n", event("SUMMARY:anna", *ON))
    assert (cancelled.overrides, cancelled.left_out, cancelled.events) == ((), ("1 event is cancelled",), {"1"})
    answer = read("METHOD:REPLY\r\n", event("SUMMARY:anna", *ON))
    assert (answer.overrides, answer.left_out) == ((), ("'anna': it is a 'REPLY', which gives nobody a duty",))
    assert answer.events == frozenset(), "nor does it end what was taken over"


VIENNA = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def test_a_zone_that_nobody_knows_is_as_the_calendar_describes_it() -> None:
    def at(zone: str, stamp: str) -> Imported:
        return read(zone, event("SUMMARY:anna", f"DTSTART;TZID=Customized Time Zone:{stamp}", "DURATION:PT1H"))

    for stamp in ("20260328T120000", "20260329T030000", "20260704T080000", "20261025T023000", "20311231T235900"):
        named = read(event("SUMMARY:anna", f"DTSTART;TZID=Europe/Vienna:{stamp}", "DURATION:PT1H"))
        assert spans(at(VIENNA, stamp)) == spans(named) != []
    assert at(VIENNA, "20260704T080000").assumed == ("the zone 'Customized Time Zone' is as the calendar describes it",)
    second = VIENNA.replace("-1SU;BYMONTH=3", "SU;BYMONTHDAY=8,9,10,11,12,13,14;BYMONTH=3")
    assert spans(at(second, "20260310T120000"))[0][1] == utc("2026-03-10 10:00"), "since the second Sunday"
    assert spans(at(second, "20260307T120000"))[0][1] == utc("2026-03-07 11:00")
    fixed = "\n".join(line for line in VIENNA.split("\n") if "RRULE" not in line).replace("+0200", "+0100")
    assert spans(at(fixed, "20260704T080000"))[0][1] == utc("2026-07-04 07:00")
    for odd in (
        VIENNA.replace("YEARLY", "SECONDLY"),
        VIENNA.replace("-1SU", "XX"),
        VIENNA.replace("+0100", "later"),
        "",
    ):
        assert at(odd, "20260704T080000").left_out == ("'anna': its zone 'Customized Time Zone' is not known",)


def test_windows_zones_are_those_that_a_stranger_knows() -> None:
    theirs = {name.casefold(): zone for name, zone in windows_to_olson.WINDOWS_TO_OLSON.items()}
    assert set(theirs) == set(WINDOWS)
    for name, zone in theirs.items():
        ours = zone_of(name)
        assert ours is not None
        for month in range(1, 25):
            at = datetime(2026 + month // 13, (month - 1) % 12 + 1, 10, tzinfo=UTC)
            assert at.astimezone(ours).utcoffset() == at.astimezone(civil.zone_named(zone)).utcoffset(), name


def test_times_without_a_zone_are_the_calendars_or_the_rotas_and_it_is_said() -> None:
    floating = event("SUMMARY:anna", "DTSTART:20260704T080000", "DURATION:PT1H")
    own = read("X-WR-TIMEZONE:Europe/Berlin\r\n", floating)
    assert own.overrides[0].since == utc("2026-07-04 06:00")
    assert own.assumed == ("times without a zone are those of Europe/Berlin, the calendar's",)
    rotas = read("X-WR-TIMEZONE:Nowhere\r\n", floating)
    assert rotas.overrides[0].since == utc("2026-07-04 07:00")
    assert rotas.assumed == ("times without a zone are those of Europe/London, the rota's",)


def test_the_time_of_the_last_change_decides_which_override_is_the_newest() -> None:
    found = read(
        event("SUMMARY:anna", *ON, "LAST-MODIFIED:20260210T100000Z", "DTSTAMP:20260220T100000Z"),
        event("SUMMARY:bob", *ON, "DTSTAMP:20260220T100000Z", uid="2"),
        event("SUMMARY:cara", *ON, "DTSTAMP:20990101T000000Z", uid="3"),
    )
    assert [(o.person, o.made_at, o.note) for o in found.overrides] == [
        ("anna", utc("2026-02-10 10:00"), "1"),
        ("bob", utc("2026-02-20 10:00"), "2"),
        ("cara", NOW, "3"),
    ]


def test_alarms_and_zones_within_are_passed_over() -> None:
    alarm = "BEGIN:VALARM\nDTSTART:19990101T000000Z\nSUMMARY:bob\nEND:VALARM"
    zone = "BEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\nDTSTART:19700101T000000\nEND:STANDARD\nEND:VTIMEZONE\n"
    assert [o.person for o in read(zone, event(alarm, "SUMMARY:anna", *ON)).overrides] == ["anna"]


@pytest.mark.parametrize("cut", range(1, 24))
def test_a_line_may_be_folded_between_any_two_octets(cut: int) -> None:
    octets = b"BEGIN:VCALENDAR\r\n" + event("SUMMARY:Żółw Kowalski", *ON).encode() + b"END:VCALENDAR\r\n"
    title = octets.index("SUMMARY:Żółw Kowalski".encode())
    folded_there = octets[: title + cut] + b"\r\n " + octets[title + cut :]
    found = read_overrides(folded_there, rota="noc", zone=LONDON, people=called([("zolw", "Żółw Kowalski")]), now=NOW)
    assert [o.person for o in found.overrides] == ["zolw"]


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        (b"", "this is no calendar"),
        (b"<html>", "this is no calendar"),
        (b"BEGIN:VCARD\nEND:VCARD\n", "this is no calendar"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:anna\n", "it was cut off: a part has no end"),
        (b"BEGIN:VCALENDAR\nEND:VEVENT\n", "it is damaged: a part ends that did not begin"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:X\n" * 20, "its parts are too deep within each other"),
        (b"BEGIN:VCALENDAR\nX:" + b"x" * 40_000, "a line is longer than 32768 bytes"),
        (b" " * 1_048_577, "it is larger than 1048576 bytes"),
        (
            b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 2_001 + b"END:VCALENDAR",
            "there are more than 2000 events",
        ),
    ],
    ids=["empty", "page", "card", "cut", "unbegun", "deep", "long line", "large", "many"],
)
def test_a_damaged_calendar_counts_for_nothing(octets: bytes, said: str) -> None:
    with pytest.raises(CalendarError) as refused:
        read_overrides(octets, rota="noc", zone=LONDON, people=PEOPLE, now=NOW)
    assert str(refused.value) == said


GOOD = calendar(rota(WEEKS), Facts(), since=NOW, until=NOW + 30 * DAY, now=NOW)


def test_what_we_wrote_we_read() -> None:
    found = read_overrides(GOOD, rota="noc", zone=LONDON, people=PEOPLE, now=NOW)
    written = shifts(rota(WEEKS), Facts(), utc("2026-03-02 09:00"), utc("2026-04-06 08:00"))
    assert spans(found) == [(s.duty.person, s.since, s.until) for s in written]
    assert found.left_out == ("'noc: zoe': its title names nobody who is known",)


@given(st.data())
def test_damaged_octets_raise_nothing_else(data: st.DataObject) -> None:
    octets = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(octets) - 1))
        piece = data.draw(
            st.one_of(st.binary(max_size=4), st.sampled_from([b"\r\n", b":", b'"', b";", b"BEGIN:VEVENT\n"]))
        )
        octets[place : place + data.draw(st.integers(0, 40))] = piece
    try:
        found = read_overrides(bytes(octets), rota="noc", zone=LONDON, people=PEOPLE, now=NOW)
    except CalendarError:
        return
    assert all(o.since < o.until and o.person in ("anna", "bob", "cara") for o in found.overrides)


@given(st.binary(max_size=400), st.integers(0, 500))
def test_random_octets_raise_nothing_else(octets: bytes, cut: int) -> None:
    for damaged in (octets, GOOD[:cut] + octets + GOOD[cut:]):
        try:
            read_overrides(damaged, rota="noc", zone=LONDON, people=PEOPLE, now=NOW)
        except CalendarError:
            continue
