"""A rota as a picture: as it is seen in a terminal of 80 columns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.oncall.civil import DAY
from gatewayd.oncall.cover import Absence, Facts, Override
from gatewayd.oncall.duty import shifts
from gatewayd.oncall.picture import picture
from tests.chance import examples
from tests.pure.rotas import local, rota, utc
from tests.pure.test_rota_chance import BEGIN, facts, plans

LONDON = "Europe/London"
WEEKS = {"name": "weeks", "people": ["anna", "bob", "cara"], "start": "2026-03-02"}
FACTS = Facts(
    overrides=(Override("noc", "dan", utc("2026-03-12 10:00"), utc("2026-03-13 10:00"), 1, 1),),
    absences=(Absence("bob", utc("2026-03-10 00:00"), utc("2026-03-11 00:00")),),
)


def test_weeks_with_an_override_an_absence_and_a_gap() -> None:
    weeks = rota(WEEKS, title="Network operations")
    spans = shifts(weeks, FACTS, local(LONDON, "2026-03-01 12:00"), local(LONDON, "2026-03-23 00:00"))
    assert picture(weeks, spans) == [
        "Network operations, Europe/London, from 1 Mar 2026",
        "",
        "        Mon       Tue       Wed       Thu       Fri       Sat       Sun",
        "23 Feb                                                                   │zoe░",
        " 2 Mar  zoe│anna──────────────────────────────────────────────────────────────",
        " 9 Mar  ann│bob───│cara╌╌╌╌╌│bob──────────│dan══════│bob──────────────────────",
        "16 Mar  bob│cara──────────────────────────────────────────────────────────────",
        "",
        "│ hand-over  ── turn  ╌╌ swap or absence  ══ override  ░░ GAP: fallback",
        "GAP Sun 1 Mar 12:00 - Mon 2 Mar 09:00: zoe, nobody else is there: the fallback",
        "Tue 10 Mar 00:00 - Wed 11 Mar 00:00: cara, bob is absent, and they are next in…",
        "Thu 12 Mar 10:00 - Fri 13 Mar 10:00: dan, an override",
    ]


def test_a_terminal_that_knows_ascii_alone() -> None:
    days = rota({**WEEKS, "hand_over": ["08:00", "20:00"], "people": ["anna", "bob"]}, title="Büro")
    spans = shifts(days, Facts(), local(LONDON, "2026-03-02 08:00"), local(LONDON, "2026-03-04 08:00"))
    assert picture(days, spans, ascii_only=True)[:4] == [
        "B?ro, Europe/London, from 2 Mar 2026",
        "",
        "        Mon       Tue       Wed       Thu       Fri       Sat       Sun",
        " 2 Mar     |anna|bob-|anna|bob--",
    ]


def test_a_change_of_reason_without_a_hand_over_is_drawn_otherwise() -> None:
    weeks = rota(WEEKS)
    twice = Facts(overrides=(Override("noc", "anna", utc("2026-03-04 00:00"), utc("2026-03-05 00:00"), 1, 1),))
    spans = shifts(weeks, twice, utc("2026-03-02 09:00"), utc("2026-03-09 00:00"))
    assert picture(weeks, spans, ascii_only=True)[3] == (" 2 Mar     |anna------------:anna=====:anna" + "-" * 35)


def test_nothing_is_no_picture() -> None:
    assert picture(rota(WEEKS), []) == []


@examples(30)
@given(plans(), facts, st.integers(20, 200), st.booleans(), st.integers(0, 1000))
def test_no_line_is_too_wide_and_every_gap_is_told(asked, known, width, ascii_only, day) -> None:  # type: ignore[no-untyped-def]
    spans = shifts(asked, known, BEGIN + day * DAY, BEGIN + (day + 30) * DAY)
    lines = picture(asked, spans, width=width, ascii_only=ascii_only)
    assert all(len(line) <= max(width, 44) for line in lines)
    assert sum(not line.startswith(("GAP", "and")) for line in lines) >= 4 + 5
    assert any(line.startswith("GAP") for line in lines) == any(span.duty.is_gap for span in spans)
    if ascii_only:
        assert all(line.isascii() for line in lines)
