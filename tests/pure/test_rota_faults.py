"""What is wrong with rotas in the file: all of it at once, each with its place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from gatewayd.oncall.hours import Calendar
from gatewayd.oncall.rota import Rota
from gatewayd.oncall.rota_faults import Fault, Findings, Staff, check
from tests.pure.rotas import ENGLAND, utc

NOW = utc("2026-03-02 12:00")
PHONE, BOTH = frozenset({"phone"}), frozenset({"phone", "pager"})
STAFF = Staff({"anna": BOTH, "bob": PHONE, "zoe": BOTH}, {"noc": BOTH})
LAYER = {"name": "weeks", "people": ["anna"], "start": "2026-01-05"}


def noc(**changed: Any) -> Rota:
    settings = {"name": "noc", "zone": "Europe/London", "fallback": ["zoe"], "layers": [LAYER], **changed}
    return Rota.model_validate(settings)


def found(*rotas: Rota, calendars: tuple[Calendar, ...] = (ENGLAND,), staff: Staff = STAFF) -> Findings:
    return check(rotas, calendars, staff, now=NOW)


def faults(*rotas: Rota, calendars: tuple[Calendar, ...] = (ENGLAND,)) -> list[Fault]:
    said = found(*rotas, calendars=calendars)
    return said.faults + said.holes


def test_a_rota_that_is_in_order_has_no_faults() -> None:
    assert found(noc()) == Findings([], [], [])


def test_everything_is_said_at_once() -> None:
    layer = {**LAYER, "people": ["anna", "bob", "carl"], "until": "2026-01-05", "calendar": "wales"}
    assert faults(noc(layers=[layer, layer], fallback=["zoe", "yan"], shadows=[{"person": "eve"}]), noc(),
                  calendars=(ENGLAND, ENGLAND)) == [
        (("calendars", 1, "name"), "'england' is there twice"),
        (("rotas", 1, "name"), "'noc' is there twice"),
        (("rotas", 0, "layers", 0, "calendar"), "no calendar 'wales'"),
        (("rotas", 0, "layers", 1, "calendar"), "no calendar 'wales'"),
        (("rotas", 0, "layers", 0, "people", 1), "'bob' has no pager, and a policy that pages 'noc' uses one"),
        (("rotas", 0, "layers", 0, "people", 2), "no person 'carl'"),
        (("rotas", 0, "layers", 1, "people", 1), "'bob' has no pager, and a policy that pages 'noc' uses one"),
        (("rotas", 0, "layers", 1, "people", 2), "no person 'carl'"),
        (("rotas", 0, "fallback", 1), "no person 'yan'"),
        (("rotas", 0, "shadows", 0, "person"), "no person 'eve'"),
        (("rotas", 0, "layers", 0, "until"), "the layer ends before it begins"),
        (("rotas", 0, "layers", 1, "name"), "'weeks' is there twice"),
        (("rotas", 0, "layers", 1, "until"), "the layer ends before it begins"),
    ]  # fmt: skip


def test_a_gap_is_refused_and_named_to_the_minute() -> None:
    weekdays = {**LAYER, "when": [{"days": "mon-fri", "hours": "00:00-24:00"}]}
    assert faults(noc(layers=[weekdays])) == [
        (
            ("rotas", 0, "layers"),
            (
                "nobody from Sat 7 Mar 2026 00:00 to Mon 9 Mar 2026 00:00 (Europe/London): "
                "cover it, or say gaps = true for the fallback"
            ),
        )
    ]
    allowed = found(noc(layers=[weekdays], gaps=True))
    assert allowed.faults == []
    assert allowed.warnings == [
        (
            ("rotas", 0, "gaps"),
            (
                "only the fallback is there from Sat 7 Mar 2026 00:00 to Mon 9 Mar 2026 00:00 (Europe/London), "
                "and 56 times more within 400 days"
            ),
        )
    ]


def test_an_hour_that_only_a_clock_change_uncovers_is_found_half_a_year_before() -> None:
    by_day = {**LAYER, "name": "london", "when": [{"hours": "08:00-20:00"}]}
    by_night = {**LAYER, "name": "reykjavik", "zone": "Atlantic/Reykjavik", "when": [{"hours": "20:00-08:00"}]}
    (fault,) = faults(noc(layers=[by_day, by_night]))
    assert "nobody from Sun 29 Mar 2026 20:00 to Sun 29 Mar 2026 21:00 (Europe/London)" in fault[1]


def test_a_rotation_that_has_not_begun_leaves_a_gap_and_it_says_when_it_begins() -> None:
    (fault,) = faults(noc(layers=[{**LAYER, "start": "2026-03-03"}]))
    assert fault[1].startswith("nobody from Mon 2 Mar 2026 12:00 to Mon 9 Mar 2026 09:00 (Europe/London); ")
    assert "layer 'weeks' begins Mon 9 Mar 2026 09:00" in fault[1]


def test_holidays_need_a_calendar_that_knows_them() -> None:
    layer = {**LAYER, "when": [{}, {"hours": "09:00-17:00", "holidays": "never"}]}
    said = [
        (("rotas", 0, "layers", 0, "when", 1, "holidays"), "there is no calendar that says which days are holidays")
    ]
    assert faults(noc(layers=[layer])) == said
    assert faults(noc(layers=[layer], calendar="bare"), calendars=(Calendar(name="bare", zone="UTC"),)) == said
    assert faults(noc(layers=[layer], calendar="england")) == []


@pytest.mark.parametrize(
    ("changed", "place", "said"),
    [
        ({"zone": "Europe/Londn"}, ("zone",), "no time zone 'Europe/Londn'"),
        ({"fallback": []}, ("fallback",), "at least 1"),
        ({"layers": [{**LAYER, "hand_over": "monday 9"}]}, ("layers", 0, "hand_over", 0), "is no hand-over"),
        ({"layers": [{**LAYER, "hand_over": ["09:00", "mon 09:00"]}]}, ("layers", 0, "hand_over"), "or none"),
        ({"layers": [{**LAYER, "when": [{"days": "weekdays"}]}]}, ("layers", 0, "when", 0, "days"), "names no days"),
        ({"layers": [{**LAYER, "when": [{"hours": "9-17"}]}]}, ("layers", 0, "when", 0, "hours"), "no time of day"),
        ({"layers": [{**LAYER, "when": [{"hours": "24:00-08:00"}]}]}, ("layers", 0, "when", 0, "hours"), "write 00:00"),
        ({"layers": [{**LAYER, "hand_over": [[0, 540]]}]}, ("layers", 0, "hand_over", 0), "write a hand-over as"),
        (
            {"layers": [{**LAYER, "when": [{"hours": [1050, 510]}]}]},
            ("layers", 0, "when", 0, "hours"),
            "write hours as",
        ),
        ({"layers": [{**LAYER, "when": [{"days": [0, 1]}]}]}, ("layers", 0, "when", 0, "days"), "write days as"),
        ({"layers": [{**LAYER, "start": 20260105}]}, ("layers", 0, "start"), "write a date alone"),
        (
            {"layers": [{**LAYER, "start": datetime(2026, 1, 5, 9, tzinfo=UTC)}]},
            ("layers", 0, "start"),
            "write a date alone",
        ),
        ({"layers": [{**LAYER, "start": "1066-10-14"}]}, ("layers", 0, "start"), "greater than"),
    ],
)
def test_a_setting_that_cannot_be_read_is_said_at_its_place(changed: Any, place: tuple[object, ...], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        noc(**changed)
    assert said in {error["loc"]: error["msg"] for error in refused.value.errors()}[place]


def test_days_may_be_a_list() -> None:
    assert noc(layers=[{**LAYER, "when": [{"days": ["mon", "wed-fri"]}]}]).layers[0].when[0].days == (0, 2, 3, 4)


def test_settings_come_back_as_they_were() -> None:
    rota = noc(layers=[{**LAYER, "hand_over": ["fri 17:00", "mon 09:00"], "when": [{"hours": "17:30-08:30"}]}])
    assert Rota.model_validate(rota.model_dump()) == rota


def test_a_rota_without_a_fallback_is_none() -> None:
    with pytest.raises(ValidationError, match="fallback"):
        Rota.model_validate({"name": "noc", "zone": "UTC", "layers": [LAYER]})


def test_a_calendar_of_a_place_that_nobody_knows_says_what_is_known() -> None:
    with pytest.raises(ValidationError, match="there are ENG, NIR, SCT, WLS"):
        Calendar(name="x", zone="UTC", holidays="GB-XX")
