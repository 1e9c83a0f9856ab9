"""Who carries the load, and when somebody has had enough for one night."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.oncall.cover import Absence, Facts, Override
from gatewayd.oncall.figures import Load, loads, members, relief, shares, totals
from tests.chance import examples
from tests.pure.rotas import local, rota, utc
from tests.pure.test_rota_chance import facts, plans

LONDON = "Europe/London"
WEEKS = {"name": "weeks", "people": ["anna", "bob"], "start": "2026-01-05"}


def test_a_month_of_two_people_who_take_turns() -> None:
    """Anna begins on 2, 16 and 30 March, Bob on 9 and 23; the 1st is Bob's, and the clocks take an hour of his."""
    march = loads(rota(WEEKS), Facts(), (2026, 3))[2026, 3]
    assert march["bob"].hours + march["anna"].hours == 31 * 24 - 1
    assert march["anna"].hours == 14 * 24 + 15 + 24
    assert march["bob"].nights == pytest.approx(15)
    assert march["anna"].nights == pytest.approx(16), "14 of two weeks, and 30 and 31 March"
    assert march["anna"].weekends == 2, "of the 7th and of the 21st"
    assert march["bob"].weekends == pytest.approx(2 + 24 / 48 - 0.5), (
        "of the 14th and of the 28th; the 1st is February's"
    )


def test_months_are_those_of_the_rotas_zone() -> None:
    apia = rota({**WEEKS, "people": ["anna"]}, zone="Pacific/Apia")
    assert loads(apia, Facts(), (2026, 6))[2026, 6] == {"anna": Load(hours=720, nights=30, weekends=4)}


def test_what_is_yet_to_come_does_not_count() -> None:
    begun = loads(rota(WEEKS), Facts(), (2026, 1), 2, until=local(LONDON, "2026-01-07 09:00"))
    assert begun[2026, 1]["anna"].hours == 48
    assert begun[2026, 1]["bob"] == Load()


def test_christmas_is_somebodys() -> None:
    facts = Facts(overrides=(Override("noc", "eve", utc("2026-12-25 00:00"), utc("2026-12-25 12:00"), 1),))
    december = loads(rota(WEEKS, calendar="england"), facts, (2026, 12))[2026, 12]
    assert december["eve"] == Load(hours=12, nights=pytest.approx(7 / 9), holidays=0.5)
    assert sum(load.holidays for load in december.values()) == 3, "25, 26 and 28 December"


def test_shares_tell_who_has_more_than_is_fair() -> None:
    away = Facts(absences=(Absence("bob", utc("2026-01-01 00:00"), utc("2026-02-12 09:00")),))
    everything = totals(loads(rota(WEEKS), away, (2026, 2)))
    assert list(everything) == ["anna", "bob"], "the heaviest first"
    share = shares(everything, ["anna", "bob"])
    assert share["anna"].hours == pytest.approx(2 * (8 + 3 + 7) / 28, abs=0.2)
    assert share["anna"].hours + share["bob"].hours == pytest.approx(2)
    assert share["anna"].holidays == 0, "there were none"


def test_shares_are_among_those_who_take_turns() -> None:
    at = utc("2026-02-11 10:00")
    three = rota({**WEEKS, "people": ["anna", "bob", "cara"]})
    away = Facts(absences=(Absence("cara", utc("2026-01-01 00:00"), utc("2026-03-10 00:00")),))
    idle = totals(loads(three, away, (2026, 2)))
    assert idle["cara"] == Load(), "on the list with nothing"
    share = shares(idle, members(three, (2026, 2)))
    assert share["cara"].hours == 0
    assert share["anna"].hours + share["bob"].hours == pytest.approx(3)
    guest = Facts(overrides=(Override("noc", "zoe", at, at + 3_600_000_000, 1),))
    held = totals(loads(rota(WEEKS), guest, (2026, 2)))
    assert held["zoe"].hours == 1
    share = shares(held, ["anna", "bob"])
    assert list(share) == ["anna", "bob"], "who stood in has hours, and no share"
    assert share["anna"].hours == pytest.approx(1, abs=0.01)


def test_who_takes_turns_in_a_time() -> None:
    old = {**WEEKS, "until": "2026-02-02"}
    new = {"people": ["cara", "bob"], "start": "2026-02-02"}
    two = rota(old, {**new, "name": "new"})
    assert [members(two, (2026, month)) for month in (1, 2, 3)] == [
        ["anna", "bob"],
        ["anna", "bob", "cara"],
        ["cara", "bob"],
    ]
    assert members(two, (2026, 1), 3) == ["anna", "bob", "cara"]  # fmt: skip
    assert set(loads(two, Facts(), (2026, 3))[2026, 3]) == {"cara", "bob"}


@examples(25)
@given(plans(), facts, st.dates(date(2025, 1, 1), date(2027, 10, 1)))
def test_figures_add_up(asked, known, day) -> None:  # type: ignore[no-untyped-def]
    """However a month is cut up, its hours are its hours, and every night of it is one night."""
    month = (day.year, day.month)
    following = (day.year + day.month // 12, day.month % 12 + 1)
    found = loads(asked, known, month, 2)
    hours = sum(load.hours for load in found[month].values())
    begin, end = (local(asked.rota.zone, f"{year}-{number:02}-01 00:00") for year, number in (month, following))
    assert hours == pytest.approx((end - begin) / 3_600_000_000)
    days = (date(*following, 1) - date(*month, 1)).days
    assert sum(load.nights for load in found[month].values()) == pytest.approx(days)


# ---- fatigue

TIRED = rota(WEEKS, relief_after=3)
NIGHT = "2026-01-13"  # a Tuesday of Bob's week


def pages(*clocks: str) -> list[int]:
    return [local(LONDON, text if " " in text else f"{NIGHT} {text}") for text in clocks]


def test_after_three_pages_in_one_night_the_backup_is_asked() -> None:
    woken = pages("01:00", "02:10", "03:20")
    offer = relief(TIRED, Facts(), woken, woken[-1])
    assert offer is not None
    assert (offer.tired, offer.by, offer.pages) == ("bob", "anna", 3)
    assert offer.until == local(LONDON, "2026-01-13 07:00")
    assert offer.why == "3 calls since Mon 12 Jan 22:00; relief is offered after 3"


@pytest.mark.parametrize(
    ("woken", "at"),
    [
        (("01:00", "02:10"), "03:00"),  # two are bearable
        (("2026-01-12 21:00", "01:00", "02:00"), "03:00"),  # one of them in the evening
        (("2026-01-12 03:00", "01:00", "02:00"), "03:00"),  # one of them the night before
        (("01:00", "02:00", "03:00"), "09:00"),  # the night is over
        (("01:00", "02:00", "03:00"), "02:30"),  # not yet
        (("01:00", "01:14", "01:28", "02:00"), "03:00"),  # a storm is one call
    ],
)
def test_otherwise_nobody_else_is_woken(woken: tuple[str, ...], at: str) -> None:
    assert relief(TIRED, Facts(), pages(*woken), *pages(at)) is None


def test_without_a_rule_or_without_a_backup_there_is_no_offer() -> None:
    woken = pages("01:00", "02:10", "03:20")
    assert relief(rota(WEEKS), Facts(), woken, woken[-1]) is None
    assert relief(rota({**WEEKS, "people": ["zoe"]}, relief_after=3), Facts(), woken, woken[-1]) is None
