"""Random rotas in all zones over three years: never nobody, never a hole, exactly one who must answer.

The answers are held against a slow oracle that knows nothing of boundaries: it looks at the clock on the wall.
"""

from __future__ import annotations

import itertools
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.oncall import civil
from gatewayd.oncall.cover import Absence, Facts, Override, Swap
from gatewayd.oncall.duty import Duty, Span, gaps, on_call, shifts
from gatewayd.oncall.hours import Calendar
from gatewayd.oncall.rota import LayerPlan, Plan, Rota, plan
from tests.chance import examples

ZONES = sorted(zoneinfo.available_timezones())
PEOPLE = ("anna", "bob", "cara", "dan", "eve")
YEARS = 3
BEGIN = (date(2025, 1, 1) - date(1970, 1, 1)).days * civil.DAY
END = BEGIN + YEARS * 366 * civil.DAY
CALENDAR = Calendar(name="here", zone="Europe/London", holidays="GB-ENG", closed=("2025-06-02",))  # type: ignore[arg-type]

clocks = st.builds(lambda hour, minute: f"{hour:02}:{minute:02}", st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
days = st.sampled_from(["daily", "mon-fri", "sat-sun", "fri-mon", "wed"])
windows = st.fixed_dictionaries(
    {
        "days": days,
        "hours": st.builds(lambda a, b: f"{a}-{b}", clocks, clocks),
        "holidays": st.sampled_from(["as usual", "never", "only", "too"]),
    }
)
hand_overs = st.one_of(
    st.lists(clocks, min_size=1, max_size=3, unique=True),
    st.lists(st.builds("{} {}".format, st.sampled_from(civil.DAY_NAMES), clocks), min_size=1, max_size=4, unique=True),
)
layers = st.fixed_dictionaries(
    {
        "people": st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4),
        "hand_over": hand_overs,
        "every": st.integers(1, 5),
        "start": st.dates(date(2023, 1, 1), date(2027, 6, 1)),
        "when": st.lists(windows, max_size=3),
        "zone": st.one_of(st.none(), st.sampled_from(ZONES)),
    }
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    drawn: list[dict[str, Any]] = draw(st.lists(layers, min_size=1, max_size=3))
    named = [{**layer, "name": f"layer{n}"} for n, layer in enumerate(drawn)]
    rota = {
        "name": "noc",
        "zone": draw(st.sampled_from(ZONES)),
        "calendar": "here",
        "fallback": ["zoe"],
        "layers": named,
    }
    return plan(Rota.model_validate(rota), {"here": CALENDAR})


instants = st.integers(BEGIN, END - 1)
spans = st.tuples(instants, st.integers(1, 90 * civil.DAY)).map(lambda pair: (pair[0], pair[0] + pair[1]))
people = st.sampled_from(PEOPLE)
facts = st.builds(
    Facts,
    overrides=st.lists(
        st.builds(lambda p, s, m: Override("noc", p, *s, made_at=m), people, spans, st.integers(0, 9)), max_size=3
    ).map(tuple),
    swaps=st.lists(
        st.builds(lambda p, b, s, m: Swap(p, b, *s, made_at=m), people, people, spans, st.integers(0, 9)), max_size=3
    ).map(tuple),
    absences=st.lists(st.builds(lambda p, s: Absence(p, *s), people, spans), max_size=4).map(tuple),
)
at_length = examples(60)


def at(found: list[Span], instant: int) -> Duty:
    (duty,) = [span.duty for span in found if span.since <= instant < span.until]
    return duty


@at_length
@given(plans(), facts)
def test_never_nobody_never_a_hole_and_one_who_must_answer(asked: Plan, known: Facts) -> None:
    found = shifts(asked, known, BEGIN, END)
    assert found[0].since == BEGIN
    assert found[-1].until == END
    for before, after in itertools.pairwise(found):
        assert before.since < before.until == after.since
        assert before.duty != after.duty
    for span in found:
        assert span.duty.person in (*PEOPLE, "zoe")
        away = {a.person for a in known.absences if a.since < span.until and span.since < a.until}
        assert span.duty.person not in away
        assert on_call(asked, known, span.since) == span.duty == on_call(asked, known, span.until - 1), "to the instant"


@at_length
@given(plans(), facts, st.lists(instants, min_size=20, max_size=20))
def test_the_answer_for_an_instant_is_the_span_around_it(asked: Plan, known: Facts, asked_at: list[int]) -> None:
    found = shifts(asked, known, BEGIN, END)
    for instant in asked_at:
        assert at(found, instant) == on_call(asked, known, instant)


@at_length
@given(plans(), facts, instants, st.integers(1, 40 * civil.DAY))
def test_a_part_of_the_time_has_the_same_answers(asked: Plan, known: Facts, since: int, length: int) -> None:
    until = min(since + length, END)
    whole = shifts(asked, known, BEGIN, END)
    clipped = [
        Span(max(s.since, since), min(s.until, until), s.duty) for s in whole if s.since < until and since < s.until
    ]
    assert shifts(asked, known, since, until) == clipped


@at_length
@given(plans())
def test_gaps_are_where_the_fallback_stands_in(asked: Plan) -> None:
    found = gaps(asked, Facts(), BEGIN, END)
    assert all(span.duty.person == "zoe" for span in found)
    assert found == [s for s in shifts(asked, Facts(), BEGIN, END) if s.duty.person == "zoe"]


@at_length
@given(st.sampled_from(ZONES), clocks, clocks)
def test_windows_that_share_out_the_week_leave_no_gap_in_any_zone(zone: str, early: str, late: str) -> None:
    """Both are often in an hour that is skipped or comes twice."""
    week = [
        {"days": "mon-fri", "hours": f"{early}-{late}"},
        {"days": "mon-fri", "hours": f"{late}-{early}"},
        {"days": "sat-sun", "hours": f"{early}-{early}"},
    ]
    if early >= late:
        week[0]["hours"] = f"{early}-{early}"
    layers = [
        {"name": f"layer{n}", "people": [PEOPLE[n]], "start": "2024-01-01", "when": [window]}
        for n, window in enumerate(week)
    ]
    rota = {"name": "noc", "zone": zone, "fallback": ["zoe"], "layers": layers}
    assert gaps(plan(Rota.model_validate(rota), {}), Facts(), BEGIN, END) == []


def on_the_wall(layer: LayerPlan, instant: int) -> str | None:
    """Who of the layer it is by looking at the clock: only for days on which no clock changes."""
    now = (
        (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)).astimezone(layer.zone).replace(tzinfo=None)
    )

    def applies(day: date, window: Any) -> bool:
        holiday, named = CALENDAR.holiday(day.toordinal()) is not None, day.weekday() in window.days
        return {
            "as usual": named, "never": named and not holiday, "only": named and holiday, "too": named or holiday
        }[window.holidays]  # fmt: skip

    def inside(window: Any) -> bool:
        for back in (0, 1):
            day = now.date() - timedelta(days=back)
            midnight = datetime.combine(day, datetime.min.time())
            start, end = (midnight + timedelta(minutes=m) for m in window.hours)
            if start <= now < end and applies(day, window):
                return True
        return False

    if layer.layer.when and not any(map(inside, layer.layer.when)):
        return None
    passed, day = 0, layer.layer.start
    while day <= now.date():
        for moment in layer.layer.hand_over:
            begins = datetime.combine(day, datetime.min.time()) + timedelta(minutes=moment.minute)
            passed += moment.day in (None, day.weekday()) and begins <= now
        day += timedelta(days=1)
    return layer.layer.people[(passed - 1) // layer.layer.every % len(layer.layer.people)] if passed else None


def calm(layer: LayerPlan, instant: int) -> bool:
    """No clock of the zone changes within two days, so that the wall is an oracle."""
    seen = {civil.wall(layer.zone, instant + n * civil.DAY).utcoffset() for n in (-2, -1, 0, 1)}
    return len(seen) == 1


@at_length
@given(plans(), st.lists(instants, min_size=8, max_size=8))
def test_the_answer_is_what_the_wall_says(asked: Plan, asked_at: list[int]) -> None:
    for instant in asked_at:
        if all(calm(layer, instant) for layer in asked.layers):
            by_wall = next((name for layer in asked.layers if (name := on_the_wall(layer, instant))), "zoe")
            assert on_call(asked, Facts(), instant).person == by_wall


def test_every_zone_by_name_over_three_years() -> None:
    """A rota that is always covered is covered in every zone there is, and hands over as often as the calendar says."""
    for zone in ZONES:
        layer = {
            "name": "days",
            "people": ["anna", "bob"],
            "start": "2024-01-01",
            "hand_over": ["sat 00:00", "sun 02:30"],
        }
        rota = {"name": "noc", "zone": zone, "fallback": ["zoe"], "layers": [layer]}
        found = shifts(plan(Rota.model_validate(rota), {}), Facts(), BEGIN, END)
        assert not any(span.duty.is_gap for span in found), zone
        assert all(before.until == after.since for before, after in itertools.pairwise(found)), zone
        assert len(found) in (2 * 157, 2 * 157 + 1), zone
