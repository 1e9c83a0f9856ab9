"""Random rules, silences, maintenance and inhibitions: whatever waits has a next deadline, and none waits for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.clock import SECOND
from gatewayd.model import Severity
from gatewayd.oncall import civil
from gatewayd.oncall.hours import Calendar
from gatewayd.oncall.triage import (
    LOOK_AGAIN_S,
    Fault,
    Inhibition,
    Maintenance,
    Match,
    Page,
    Rule,
    Rules,
    Silence,
    Standing,
    Wait,
    decide,
    rules_of,
)
from tests.chance import examples

BEGIN = int(datetime(2026, 3, 20, tzinfo=UTC).timestamp()) * SECOND
HOUR, DAY = 3_600 * SECOND, civil.DAY
ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")
CALENDARS = tuple(
    Calendar(name=f"c{n}", zone=zone, working=[{"days": "mon-fri", "hours": "09:00-17:30"}])  # type: ignore[list-item]
    for n, zone in enumerate(ZONES)
)

services = st.sampled_from(("db-1", "db-2", "net", "lab"))
globs = st.sampled_from(("db-*", "net", "*", "lab", "nothing"))
severities = st.sampled_from(list(Severity))
faults = st.builds(
    Fault, services, severities, source=st.sampled_from(("am", "nagios")), keys=st.just(("k",)),
    labels=st.dictionaries(st.just("site"), st.sampled_from(("leeds", "york"))),
)  # fmt: skip
matches = st.fixed_dictionaries(
    {},
    optional={
        "services": st.lists(globs, min_size=1, max_size=2),
        "severities": st.lists(severities, min_size=1, max_size=3),
        "labels": st.just({"site": "leeds"}),
    },
)
clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from((0, 30, 59)))
calendars = st.sampled_from([c.name for c in CALENDARS])


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    kind: dict[str, Any] = draw(
        st.one_of(
            st.fixed_dictionaries({"hold_s": st.integers(0, 7_200)}),
            st.fixed_dictionaries({"digest": clocks, "calendar": calendars}),
            st.fixed_dictionaries({"digest": clocks, "zone": st.sampled_from(ZONES)}),
            st.fixed_dictionaries({"policy": st.just("whole-team")}),
            st.fixed_dictionaries(
                {
                    "calendar": calendars,
                    "during": st.sampled_from(("working hours", "other hours")),
                    "policy": st.just("p"),
                }
            ),
        )
    )
    return Rule.model_validate({"name": "r", **draw(matches), **kind})


@st.composite
def works(draw: st.DrawFn) -> Maintenance:
    since = datetime(2026, 3, 20, tzinfo=UTC) + timedelta(hours=draw(st.integers(-50, 200)))
    once = {"since": since, "until": since + timedelta(minutes=draw(st.integers(1, 3_000)))}
    window = {"days": draw(st.sampled_from(("daily", "sun", "mon-fri"))), "hours": draw(st.just("01:30-02:30"))}
    weekly = {"zone": draw(st.sampled_from(ZONES)), "when": [window]}
    when = draw(st.sampled_from(({**once}, {**weekly}, {**once, **weekly})))
    return Maintenance.model_validate({"name": "m", "services": [draw(globs)], **when})


inhibitions = st.builds(
    lambda by, of, equal: Inhibition(
        name="i", by=Match(services=(by,)), of=Match(services=(of,)), equal=("site",) if equal else ()
    ),
    globs, globs, st.booleans(),
)  # fmt: skip
silences = st.lists(
    st.builds(lambda n, m, s: Silence(n, Match.model_validate(m), BEGIN + s * SECOND, "works"), st.integers(1, 9),
              matches.filter(bool), st.integers(-600, 90_000)), max_size=3,
)  # fmt: skip
sets = st.builds(
    lambda r, w, i: rules_of(r, w, i, CALENDARS),
    st.lists(rules(), max_size=3), st.lists(works(), max_size=2), st.lists(inhibitions, max_size=2),
)  # fmt: skip
others = st.lists(st.builds(lambda f: Standing(7, "42", f), faults), max_size=2)
instants = st.integers(0, 20 * 86_400).map(lambda s: BEGIN + s * SECOND)


@examples(60)
@given(faults, sets, silences, others, instants)
def test_whatever_waits_is_looked_at_again_soon_and_says_why(
    fault: Fault, known: Rules, silent: list[Silence], standing: list[Standing], now: int
) -> None:
    verdict = decide(fault, now, known, silent, lambda: standing, now=now)
    if isinstance(verdict, Wait):
        assert now < verdict.until <= now + 10 * DAY + max([HOUR, *(s.until - now for s in silent)])
        assert verdict.reason
        assert (verdict.by is not None) == (verdict.kind == "inhibited")
        if verdict.kind == "inhibited":
            assert verdict.until == now + LOOK_AGAIN_S * SECOND


@examples(60)
@given(faults, sets, silences, instants)
def test_none_waits_for_ever(fault: Fault, known: Rules, silent: list[Silence], opened: int) -> None:
    """Looked at whenever its wait is over it pages, or is told in a digest, within two weeks and few looks."""
    now = opened
    for _ in range(100):
        verdict = decide(fault, opened, known, silent, list, now=now)
        if isinstance(verdict, Page) or verdict.kind == "digest":
            assert now <= opened + 15 * DAY
            return
        assert verdict.kind in ("silence", "maintenance", "hold")
        now = verdict.until
    raise AssertionError("a hundred looks, and it still waits")


@examples(40)
@given(faults, silences, instants)
def test_a_silence_ends_in_a_page(fault: Fault, silent: list[Silence], now: int) -> None:
    """With nothing but silences: until the last of those that fit is over, and not a moment longer."""
    fitting = [s.until for s in silent if s.match.fits(fault) and s.until > now]
    verdict = decide(fault, now, Rules(), silent, list, now=now)
    assert isinstance(verdict, Wait) == bool(fitting)
    last = max(fitting, default=now)
    assert isinstance(decide(fault, now, Rules(), silent, list, now=last), Page)
    if fitting:
        assert isinstance(decide(fault, now, Rules(), silent, list, now=last - 1), Wait)


@examples(40)
@given(faults, sets, instants)
def test_what_no_rule_holds_pages_at_once(fault: Fault, known: Rules, now: int) -> None:
    """A critical fault waits only when somebody wrote down a rule that fits it."""
    verdict = decide(fault, now, known, [], list, now=now)
    if not any(rule.fits(fault) for rule in (*known.rules, *known.maintenance)):
        assert verdict == Page(None, "the service's policy")


@examples(40)
@given(faults, sets, silences, others, instants)
def test_a_silence_goes_before_all_else_and_a_rule_comes_last(
    fault: Fault, known: Rules, silent: list[Silence], standing: list[Standing], now: int
) -> None:
    verdict = decide(fault, now, known, silent, lambda: standing, now=now)
    if any(s.until > now and s.match.fits(fault) for s in silent):
        assert isinstance(verdict, Wait)
        assert verdict.kind == "silence"
    elif any(work.fits(fault) and work.over_at(now) for work in known.maintenance):
        assert isinstance(verdict, Wait)
        assert verdict.kind == "maintenance"


@examples(60)
@given(faults, st.integers(1, 7_200), instants, st.integers(0, 7_200))
def test_a_hold_is_as_long_as_it_says(fault: Fault, hold_s: int, opened: int, later_s: int) -> None:
    known = rules_of([Rule(name="r", hold_s=hold_s)], [], [], [])
    verdict = decide(fault, opened, known, [], list, now=opened + later_s * SECOND)
    assert isinstance(verdict, Wait) == (later_s < hold_s)
    if isinstance(verdict, Wait):
        assert verdict.until == opened + hold_s * SECOND
