"""Who is on call, told as a rota manager would check it."""

from __future__ import annotations

import pytest

from gatewayd.oncall.cover import Absence, Facts, Override, Shadowing, Swap
from gatewayd.oncall.duty import backup, gaps, next_hand_over, on_call, shifts, turn_ends
from tests.pure.rotas import local, rota, told, utc, who

LONDON = "Europe/London"
WEEKS = {"people": ["anna", "bob", "cara"], "start": "2026-03-02"}  # Monday 2 March, 09:00, a week each


def test_three_people_take_a_week_each_from_monday_nine_o_clock() -> None:
    assert told(rota(WEEKS), "2026-03-02 09:00", "2026-03-30 09:00") == [
        "Mon 2 Mar 09:00 anna",
        "Mon 9 Mar 09:00 bob",
        "Mon 16 Mar 09:00 cara",
        "Mon 23 Mar 09:00 anna",
    ]


def test_a_hand_over_is_one_instant_for_both_sides() -> None:
    weeks = rota(WEEKS)
    edge = utc("2026-03-09 09:00")
    assert on_call(weeks, Facts(), edge - 1).person == "anna"
    assert on_call(weeks, Facts(), edge).person == "bob"


def test_before_a_rotation_begins_it_has_nobody() -> None:
    answer = on_call(rota(WEEKS), Facts(), utc("2026-03-02 08:59"))
    assert (answer.person, answer.why) == ("zoe", "nobody else is there: the fallback")


def test_a_board_that_boots_in_1970_gets_an_answer_and_a_slip_of_the_pen_a_refusal() -> None:
    weeks = rota(WEEKS)
    assert on_call(weeks, Facts(), 0).person == "zoe"
    assert next_hand_over(weeks, Facts(), 0) is None
    for slip in (utc("9999-12-31 23:59"), utc("0001-01-01 00:00"), 10**20):
        with pytest.raises(ValueError, match="out of this world"):
            on_call(weeks, Facts(), slip)


def test_a_start_in_the_middle_of_the_week_waits_for_the_next_hand_over() -> None:
    late = rota({**WEEKS, "start": "2026-03-04"})
    assert told(late, "2026-03-04 00:00", "2026-03-16 00:00") == ["Wed 4 Mar 00:00 zoe", "Mon 9 Mar 09:00 anna"]


def test_days_two_weeks_and_hand_overs_of_ones_own() -> None:
    days = rota({"people": ["anna", "bob"], "hand_over": "08:00"})
    assert told(days, "2026-03-02 08:00", "2026-03-05 08:00") == [
        "Mon 2 Mar 08:00 anna",
        "Tue 3 Mar 08:00 bob",
        "Wed 4 Mar 08:00 anna",
    ]
    fortnight = rota({**WEEKS, "every": 2})
    assert told(fortnight, "2026-03-02 09:00", "2026-04-13 09:00") == [
        "Mon 2 Mar 09:00 anna",
        "Mon 16 Mar 09:00 bob",
        "Mon 30 Mar 09:00 cara",
    ]
    weekdays_and_weekends = rota({**WEEKS, "hand_over": ["mon 09:00", "fri 17:00"]})
    assert told(weekdays_and_weekends, "2026-03-02 09:00", "2026-03-12 09:00") == [
        "Mon 2 Mar 09:00 anna",
        "Fri 6 Mar 17:00 bob",
        "Mon 9 Mar 09:00 cara",
    ]
    shifts_of_twelve_hours = rota({"people": ["anna", "bob"], "hand_over": ["08:00", "20:00"]})
    assert told(shifts_of_twelve_hours, "2026-03-02 08:00", "2026-03-03 09:00") == [
        "Mon 2 Mar 08:00 anna",
        "Mon 2 Mar 20:00 bob",
        "Tue 3 Mar 08:00 anna",
    ]


def test_a_layer_that_ends_hands_over_to_the_one_that_begins() -> None:
    changed = rota({**WEEKS, "until": "2026-03-11"}, {"people": ["dan"], "start": "2026-03-11"})
    assert told(changed, "2026-03-09 09:00", "2026-03-30 09:00") == ["Mon 9 Mar 09:00 bob", "Mon 16 Mar 09:00 dan"]


def test_the_first_layer_that_has_somebody_answers() -> None:
    office = {"people": ["desk"], "when": [{"days": "mon-fri", "hours": "08:30-17:30", "holidays": "never"}]}
    both = rota(office, WEEKS, calendar="england")
    assert told(both, "2026-03-05 12:00", "2026-03-09 12:00") == [
        "Thu 5 Mar 12:00 desk",
        "Thu 5 Mar 17:30 anna",
        "Fri 6 Mar 08:30 desk",
        "Fri 6 Mar 17:30 anna",
        "Mon 9 Mar 08:30 desk",
    ]
    assert who(both, "2026-04-03 10:00") == "bob", "Good Friday"


def test_a_night_that_begins_on_a_holiday_is_a_holiday_night() -> None:
    holidays = {"people": ["hal"], "when": [{"hours": "17:30-08:30", "holidays": "only"}]}
    nights = rota(holidays, WEEKS, calendar="england")
    assert who(nights, "2026-12-25 18:00") == "hal"
    assert who(nights, "2026-12-26 08:29") == "hal", "the night that began on Christmas Day"
    assert who(nights, "2026-12-29 08:29") == "hal", "28 December stands in for Boxing Day"
    assert who(nights, "2026-12-25 08:29") != "hal", "the night that began on Christmas Eve"


def test_eight_to_eight_is_24_hours() -> None:
    weekend = {"people": ["wes"], "when": [{"days": "sat-sun", "hours": "08:00-08:00"}]}
    assert told(rota(weekend, WEEKS), "2026-03-06 12:00", "2026-03-09 12:00") == [
        "Fri 6 Mar 12:00 anna",
        "Sat 7 Mar 08:00 wes",
        "Mon 9 Mar 08:00 anna",
        "Mon 9 Mar 09:00 bob",
    ]


def test_follow_the_sun_needs_no_night_shift() -> None:
    sun = rota(
        {"name": "sydney", "people": ["kim"], "zone": "Australia/Sydney", "when": [{"hours": "08:00-18:00"}]},
        {"name": "london", "people": ["anna"], "zone": "Europe/London", "when": [{"hours": "07:00-17:00"}]},
        {"name": "denver", "people": ["raul"], "zone": "America/Denver", "when": [{"hours": "09:00-17:00"}]},
        zone="UTC",
    )
    assert told(sun, "2026-07-01 00:00", "2026-07-02 00:00") == [
        "Wed 1 Jul 00:00 kim",
        "Wed 1 Jul 08:00 anna",
        "Wed 1 Jul 16:00 raul",
        "Wed 1 Jul 22:00 kim",
    ]
    assert gaps(sun, Facts(), utc("2026-07-01 00:00"), utc("2026-08-01 00:00")) == [], "covered in July"
    assert gaps(sun, Facts(), utc("2026-01-06 00:00"), utc("2027-01-06 00:00")) == [], "and across every clock change"


def test_an_absent_persons_turn_goes_to_the_next_and_shifts_nothing() -> None:
    away = Facts(absences=(Absence("bob", local(LONDON, "2026-03-11 09:00"), local(LONDON, "2026-03-13 09:00")),))
    assert told(rota(WEEKS), "2026-03-02 09:00", "2026-03-30 09:00", away) == [
        "Mon 2 Mar 09:00 anna",
        "Mon 9 Mar 09:00 bob",
        "Wed 11 Mar 09:00 cara",
        "Fri 13 Mar 09:00 bob",
        "Mon 16 Mar 09:00 cara",
        "Mon 23 Mar 09:00 anna",
    ]
    answer = on_call(rota(WEEKS), away, utc("2026-03-12 00:00"))
    assert answer.why == "bob is absent, and they are next in 'layer0'"


def test_the_newest_override_wins_and_an_absent_one_does_not_count() -> None:
    span = (utc("2026-03-03 00:00"), utc("2026-03-05 00:00"))
    first, second = Override("noc", "dan", *span, made_at=1, id=1), Override("noc", "eve", *span, made_at=2, id=2)
    weeks = rota(WEEKS)
    assert who(weeks, "2026-03-04 12:00", Facts(overrides=(second, first))) == "eve"
    assert who(weeks, "2026-03-05 00:00", Facts(overrides=(second, first))) == "anna", "it is over"
    ill = Facts(overrides=(first, second), absences=(Absence("eve", *span),))
    assert who(weeks, "2026-03-04 12:00", ill) == "dan"
    assert who(weeks, "2026-03-04 12:00", Facts(overrides=(Override("db", "eve", *span, made_at=9),))) == "anna"


def test_a_swap_is_one_way() -> None:
    week = (utc("2026-03-02 09:00"), utc("2026-03-16 09:00"))
    covers = Facts(swaps=(Swap("anna", "bob", *week, made_at=1, id=1),))
    assert told(rota(WEEKS), "2026-03-02 09:00", "2026-03-30 09:00", covers) == [
        "Mon 2 Mar 09:00 bob",  # for anna
        "Mon 9 Mar 09:00 bob",  # their own week: nobody covers it
        "Mon 16 Mar 09:00 cara",
        "Mon 23 Mar 09:00 anna",
    ]
    assert on_call(rota(WEEKS), covers, week[0]).why == "covers anna in 'layer0'"


def test_two_swaps_are_an_exchange_of_weeks() -> None:
    one, two, three = utc("2026-03-02 09:00"), utc("2026-03-09 09:00"), utc("2026-03-16 09:00")
    exchange = Facts(swaps=(Swap("anna", "bob", one, two, 1, 1), Swap("bob", "anna", two, three, 2, 2)))
    assert told(rota(WEEKS), "2026-03-02 09:00", "2026-03-16 09:00", exchange) == [
        "Mon 2 Mar 09:00 bob",
        "Mon 9 Mar 09:00 anna",
    ]


def test_a_swap_moves_what_was_held_when_it_was_made() -> None:
    week = (utc("2026-03-02 09:00"), utc("2026-03-09 09:00"))
    onward = Facts(swaps=(Swap("anna", "bob", *week, made_at=1, id=1), Swap("bob", "cara", *week, made_at=2, id=2)))
    assert who(rota(WEEKS), "2026-03-04 12:00", onward) == "cara", "bob had it and gave it on"
    agreed = Facts(swaps=(Swap("bob", "cara", *week, made_at=1, id=1), Swap("anna", "bob", *week, made_at=2, id=2)))
    assert who(rota(WEEKS), "2026-03-04 12:00", agreed) == "bob", "bob took it although he is covered for his own"
    back = Facts(swaps=(Swap("anna", "bob", *week, made_at=1, id=1), Swap("bob", "anna", *week, made_at=2, id=2)))
    answer = on_call(rota(WEEKS), back, utc("2026-03-04 12:00"))
    assert (answer.person, answer.source) == ("anna", "turn"), "and back again it is their own turn"


def test_who_has_handed_a_swap_on_may_be_away() -> None:
    week = (utc("2026-03-02 09:00"), utc("2026-03-09 09:00"))
    chain = (Swap("anna", "bob", *week, made_at=1, id=1), Swap("bob", "cara", *week, made_at=2, id=2))

    def holds(*away: str, swaps: tuple[Swap, ...] = chain) -> str:
        absences = tuple(Absence(name, *week) for name in away)
        return who(rota(WEEKS), "2026-03-04 12:00", Facts(swaps=swaps, absences=absences))

    assert holds("bob") == "cara", "it has not been his since he gave it to her"
    assert holds("cara") == "bob", "he answers for it again"
    assert holds("bob", "cara") == "anna"
    assert holds("anna", "bob") == "cara"
    again = Swap("anna", "dan", *week, made_at=3, id=3)
    assert holds("bob", "cara", swaps=(*chain, again)) == "dan", "what comes back to her she has given to him"
    assert holds("anna", "bob", "cara") == "zoe"


def test_a_swap_after_an_override_moves_the_override() -> None:
    week = (utc("2026-03-02 09:00"), utc("2026-03-09 09:00"))
    override = Override("noc", "dan", *week, made_at=5, id=5)
    later = Facts(overrides=(override,), swaps=(Swap("dan", "eve", *week, made_at=6, id=6),))
    earlier = Facts(overrides=(override,), swaps=(Swap("dan", "eve", *week, made_at=4, id=4),))
    assert who(rota(WEEKS), "2026-03-04 12:00", later) == "eve"
    assert who(rota(WEEKS), "2026-03-04 12:00", earlier) == "dan", "the newest word counts"


def test_an_override_of_somebody_absent_stays_with_their_cover() -> None:
    week = (utc("2026-03-02 09:00"), utc("2026-03-09 09:00"))
    override, swap = Override("noc", "dan", *week, made_at=5, id=5), Swap("dan", "eve", *week, made_at=6, id=6)
    away = Absence("dan", *week)
    asked = (rota(WEEKS), "2026-03-04 12:00")
    assert who(*asked, Facts((override,), (swap,), (away,))) == "eve", "not whoever has the turn"
    assert who(*asked, Facts((override,), (), (away,))) == "anna", "nobody covers: the turn"
    earlier = Swap("dan", "eve", *week, made_at=4, id=4)
    assert who(*asked, Facts((override,), (earlier,), (away,))) == "anna", "what was agreed before is no cover of it"
    assert who(*asked, Facts((override,), (swap,), (away, Absence("eve", *week)))) == "anna"


def test_who_arranged_cover_before_going_away_is_covered() -> None:
    week = (utc("2026-03-02 09:00"), utc("2026-03-09 09:00"))
    facts = Facts(swaps=(Swap("anna", "dan", *week, made_at=1, id=1),), absences=(Absence("anna", *week),))
    assert who(rota(WEEKS), "2026-03-04 12:00", facts) == "dan", "not the next in the rotation"
    ill = Facts(facts.overrides, facts.swaps, (*facts.absences, Absence("dan", *week)))
    assert who(rota(WEEKS), "2026-03-04 12:00", ill) == "bob", "the one who covers is away as well: the next"


def test_a_cover_who_is_away_covers_nobody() -> None:
    week = (utc("2026-03-02 09:00"), utc("2026-03-09 09:00"))
    ill = (Absence("dan", utc("2026-03-04 00:00"), utc("2026-03-05 00:00")),)
    swapped = Facts(swaps=(Swap("anna", "dan", *week, made_at=1, id=1),), absences=ill)
    assert told(rota(WEEKS), "2026-03-03 00:00", "2026-03-06 00:00", swapped) == [
        "Tue 3 Mar 00:00 dan",
        "Wed 4 Mar 00:00 anna",
        "Thu 5 Mar 00:00 dan",
    ]
    override = Override("noc", "eve", *week, made_at=1, id=1)
    onward = Facts((override,), (Swap("eve", "dan", *week, made_at=2, id=2),), ill)
    assert told(rota(WEEKS), "2026-03-03 00:00", "2026-03-06 00:00", onward) == [
        "Tue 3 Mar 00:00 dan",
        "Wed 4 Mar 00:00 eve",
        "Thu 5 Mar 00:00 dan",
    ]


def test_with_everybody_away_the_fallback_answers_present_or_not() -> None:
    week = (utc("2026-03-02 09:00"), utc("2026-03-09 09:00"))
    away = tuple(Absence(name, *week) for name in ("anna", "bob", "cara"))
    weeks = rota(WEEKS, fallback=["yan", "zoe"])
    assert who(weeks, "2026-03-04 12:00", Facts(absences=away)) == "yan"
    assert who(weeks, "2026-03-04 12:00", Facts(absences=(*away, Absence("yan", *week)))) == "zoe"
    nobody = Facts(absences=(*away, Absence("yan", *week), Absence("zoe", *week)))
    answer = on_call(weeks, nobody, week[0])
    assert (answer.person, answer.is_gap) == ("yan", True)
    assert "all of the fallback are absent" in answer.why


def test_in_a_gap_without_the_fallback_somebody_of_the_rota_answers_rather_than_somebody_absent() -> None:
    days = rota({**WEEKS, "when": [{"hours": "08:00-20:00"}]}, gaps=True)
    night = utc("2026-03-04 02:00")
    away = tuple(Absence(name, night, night + 1) for name in ("zoe", "anna"))
    answer = on_call(days, Facts(absences=away), night)
    assert (answer.person, answer.is_gap) == ("bob", True)
    assert answer.why == (
        "nobody else is there, and all of the fallback are absent: the first of the rota who is there"
    )
    covered = Facts(swaps=(Swap("bob", "dan", night, night + 1, made_at=1),), absences=away)
    assert on_call(days, covered, night).person == "dan"
    assert backup(days, Facts(), night) is None, "nobody is woken beside the fallback"
    second = backup(days, Facts(absences=away), night)
    assert second is not None
    assert second.person == "cara"


def test_shadows_are_told_and_never_answer() -> None:
    shadowed = rota(WEEKS, shadows=[{"person": "eve", "of": "anna"}, {"person": "bob"}])
    first, second = (
        on_call(shadowed, Facts(), utc("2026-03-04 12:00")),
        on_call(shadowed, Facts(), utc("2026-03-11 12:00")),
    )
    assert (first.person, first.shadows) == ("anna", ("eve", "bob"))
    assert (second.person, second.shadows) == ("bob", ()), "nobody shadows themselves"
    span = (utc("2026-03-09 00:00"), utc("2026-03-16 00:00"))
    guest = Facts(shadowings=(Shadowing("gus", *span),), absences=(Absence("bob", *span),))
    assert on_call(shadowed, guest, utc("2026-03-11 12:00")).shadows == ("gus",)


def test_the_backup_is_who_would_be_on_call_if_the_one_who_is_were_away() -> None:
    weeks = rota(WEEKS)
    second = backup(weeks, Facts(), utc("2026-03-04 12:00"))
    assert second is not None
    assert second.person == "bob"
    assert backup(rota({**WEEKS, "people": ["zoe"]}), Facts(), utc("2026-03-04 12:00")) is None


def test_a_turn_ends_at_the_hand_over_even_when_the_same_person_follows() -> None:
    monday = utc("2026-03-09 09:00")
    sunday = utc("2026-03-08 20:00")
    covers = Facts(swaps=(Swap("anna", "bob", utc("2026-03-07 09:00"), monday, made_at=1),))
    weeks = rota(WEEKS)
    assert on_call(weeks, covers, sunday).person == on_call(weeks, covers, monday).person == "bob"
    assert turn_ends(weeks, covers, sunday) == monday
    assert turn_ends(weeks, covers, monday) == utc("2026-03-16 09:00")
    assert turn_ends(rota({**WEEKS, "people": ["anna"]}), Facts(), sunday) == monday
    ill = Facts(absences=(Absence("anna", utc("2026-03-03 00:00"), utc("2026-03-20 00:00")),))
    assert turn_ends(weeks, ill, sunday) == monday, "bob is next, then it is his own turn"
    override = Facts(overrides=(Override("noc", "dan", sunday, monday + 60, made_at=1),))
    assert turn_ends(weeks, override, sunday) == monday + 60, "it goes through a hand-over beneath"
    nights = rota({**WEEKS, "when": [{"hours": "18:00-08:00"}]}, gaps=True, fallback=["anna"])
    assert turn_ends(nights, Facts(), sunday) == utc("2026-03-09 08:00"), "then she is the fallback"


def test_the_next_hand_over_names_both_sides() -> None:
    found = next_hand_over(rota(WEEKS), Facts(), utc("2026-03-03 00:00"))
    assert found is not None
    assert (found.at, found.outgoing.person, found.incoming.person) == (utc("2026-03-09 09:00"), "anna", "bob")
    assert next_hand_over(rota({**WEEKS, "people": ["anna"]}), Facts(), utc("2026-03-03 00:00")) is None


# ---- The nights when clocks change: a daily rotation that hands over in the odd hour.

NIGHTS = [
    # zone, hand-over in the odd hour, day, its instant, how long the turn before it and the turn after it are (hours)
    ("Europe/London", "01:30", "2026-03-29", "2026-03-29 01:00", 23.5, 23.5),
    ("Europe/London", "01:30", "2026-10-25", "2026-10-25 00:30", 24, 25),
    ("America/New_York", "02:30", "2026-03-08", "2026-03-08 07:00", 23.5, 23.5),
    ("America/New_York", "01:30", "2026-11-01", "2026-11-01 05:30", 24, 25),
    ("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-03 15:30", 23.75, 23.75),
    ("Australia/Lord_Howe", "01:45", "2026-04-05", "2026-04-04 14:45", 24, 24.5),
    ("Africa/Casablanca", "02:30", "2026-02-15", "2026-02-15 01:30", 24, 25),
    ("Africa/Casablanca", "02:30", "2026-03-22", "2026-03-22 02:00", 23.5, 23.5),
    ("Asia/Gaza", "02:30", "2026-03-28", "2026-03-28 00:00", 23.5, 23.5),
]


@pytest.mark.parametrize(("zone", "clock", "on", "instant", "before", "after"), NIGHTS)
def test_a_hand_over_in_the_odd_hour(zone: str, clock: str, on: str, instant: str, before: float, after: float) -> None:
    daily = rota({"people": ["anna", "bob"], "hand_over": clock}, zone=zone)
    edge, hour = utc(instant), 3_600_000_000
    spans = {span.since: span for span in shifts(daily, Facts(), edge - 100 * hour, edge + 100 * hour)}
    assert edge in spans, "one instant, and nobody is on call twice or not at all"
    turn_before = next(span for span in spans.values() if span.until == edge)
    assert (turn_before.until - turn_before.since) / hour == before
    assert (spans[edge].until - spans[edge].since) / hour == after
    assert spans[edge].duty.person != turn_before.duty.person


def test_a_day_that_was_skipped_is_a_turn_that_passes() -> None:
    apia = rota({"people": ["anna", "bob", "cara"], "hand_over": "00:00", "start": "2011-12-28"}, zone="Pacific/Apia")
    assert told(apia, "2011-12-28 00:00", "2012-01-02 00:00") == [
        "Wed 28 Dec 00:00 anna",
        "Thu 29 Dec 00:00 bob",
        "Sat 31 Dec 00:00 anna",  # Friday 30 December never was, and was cara's
        "Sun 1 Jan 00:00 bob",
    ]
    mornings = rota(
        {"people": ["anna", "bob", "cara"], "hand_over": "09:00", "start": "2011-12-28"}, zone="Pacific/Apia"
    )
    assert told(mornings, "2011-12-29 09:00", "2012-01-01 09:00") == [
        "Thu 29 Dec 09:00 bob",
        "Sat 31 Dec 00:00 cara",  # the transition, as 09:00 of the 30th never came
        "Sat 31 Dec 09:00 anna",
    ]


def test_a_day_that_comes_back_after_midnight_gives_nobody_their_turn_back() -> None:
    """In St John's clocks went from 00:01 back to 23:01 of the day before: the hand-over at midnight had been."""
    daily = rota(
        {"people": ["anna", "bob"], "hand_over": ["00:00", "00:01"], "start": "2010-11-01"}, zone="America/St_Johns"
    )
    answers = [
        on_call(daily, Facts(), utc(f"2010-11-07 {clock}")).person for clock in ("02:29", "02:30", "03:00", "03:31")
    ]
    turns = [span.since for span in shifts(daily, Facts(), utc("2010-11-06 12:00"), utc("2010-11-07 12:00"))]
    assert turns == [utc("2010-11-06 12:00"), utc("2010-11-07 02:30"), utc("2010-11-07 03:31")]
    assert answers == ["bob", "anna", "anna", "bob"]


def test_windows_around_a_day_that_was_skipped_leave_no_hole() -> None:
    split = rota(
        {"people": ["eve"], "start": "2011-01-03", "when": [{"hours": "20:00-08:00"}]},
        {"people": ["lee"], "start": "2011-01-03", "when": [{"hours": "08:00-20:00"}]},
        zone="Pacific/Apia",
    )
    assert told(split, "2011-12-29 08:00", "2011-12-31 21:00") == [
        "Thu 29 Dec 08:00 lee",
        "Thu 29 Dec 20:00 eve",  # ends at 08:00 of the 30th, which never was; then comes the night of the 30th
        "Sat 31 Dec 08:00 lee",
        "Sat 31 Dec 20:00 eve",
    ]


def test_windows_meet_without_a_hole_when_the_clocks_change() -> None:
    early = {"people": ["eve"], "when": [{"hours": "20:00-01:30"}]}
    late = {"people": ["lee"], "when": [{"hours": "01:30-20:00"}]}
    split = rota(early, late)
    assert told(split, "2026-03-28 20:00", "2026-03-29 21:00") == [
        "Sat 28 Mar 20:00 eve",
        "Sun 29 Mar 02:00 lee",  # 01:30 does not come: the transition, for end and start alike
        "Sun 29 Mar 20:00 eve",
    ]
    assert told(split, "2026-10-24 20:00", "2026-10-25 21:00") == [
        "Sat 24 Oct 20:00 eve",
        "Sun 25 Oct 01:30 (GMT) lee",  # they overlap from the first 01:30 to the last; the layer above answers
        "Sun 25 Oct 20:00 eve",
    ]
    assert told(rota(late, early), "2026-10-24 20:00", "2026-10-25 21:00") == [
        "Sat 24 Oct 20:00 eve",
        "Sun 25 Oct 01:30 (BST) lee",
        "Sun 25 Oct 20:00 eve",
    ]


def test_the_long_and_the_short_night() -> None:
    night = {"people": ["nia"], "when": [{"hours": "17:30-08:30"}]}
    hour = 3_600_000_000

    def length(evening: str) -> float:
        at = local(LONDON, f"{evening} 17:30")
        first = shifts(rota(night), Facts(), at, at + 20 * hour)[0]
        return (first.until - first.since) / hour

    assert [length("2026-03-28"), length("2026-10-24"), length("2026-06-01")] == [14, 16, 15]
