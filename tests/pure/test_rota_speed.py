"""Rotas are quick: what the desk asks for each alert, and what a reload asks of all of them. In processor time."""

from __future__ import annotations

import time

from gatewayd.oncall.civil import DAY, HOUR
from gatewayd.oncall.cover import Absence, Facts, Override, Swap
from gatewayd.oncall.duty import on_call, shifts
from gatewayd.oncall.rota import Plan
from tests.pure.rotas import rota, utc

ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Gaza", "Pacific/Apia")
NOW = utc("2026-11-22 12:00")
OFFICE = {"people": ["desk"], "when": [{"days": "mon-fri", "hours": "08:30-17:30", "holidays": "never"}]}
NIGHTS = {"people": ["anna", "bob", "cara", "dan"], "hand_over": ["mon 09:00", "fri 17:00"],
          "when": [{"days": "mon-fri", "hours": "17:30-08:30"}, {"days": "sat-sun", "hours": "08:30-08:30"}],
}  # fmt: skip
DAYS = {"people": ["eve", "fay", "gus"], "hand_over": "09:00"}


def fifty() -> list[Plan]:
    return [rota(OFFICE, NIGHTS, DAYS, zone=ZONES[n % 5], calendar="england", name=f"rota{n}") for n in range(50)]


def changes() -> Facts:
    """Two hundred changes, spread over the year."""
    span = [(NOW + n * 2 * DAY, NOW + n * 2 * DAY + 30 * HOUR) for n in range(200)]
    return Facts(
        tuple(Override(f"rota{n % 50}", "dan", *span[n], made_at=n, id=n) for n in range(0, 200, 3)),
        tuple(Swap("anna", "bob", *span[n], made_at=n, id=n) for n in range(1, 200, 3)),
        tuple(Absence("cara", *span[n], id=n) for n in range(2, 200, 3)),
    )


def seconds(begun: float) -> float:
    return time.process_time() - begun


def test_fifty_rotas_over_400_days_in_less_than_a_second() -> None:
    """Who is on call at every instant of 400 days; measured 0.35 s, the limit is six times as wide."""
    plans = fifty()
    begun = time.process_time()
    found = [shifts(plan, Facts(), NOW, NOW + 400 * DAY) for plan in plans]
    took = seconds(begun)
    print(f"{sum(map(len, found))} spans of 50 rotas over 400 days: {took:.3f} s of processor time")
    assert took < 2


def test_a_year_full_of_changes_is_not_much_slower() -> None:
    plans, facts = fifty(), changes()
    begun = time.process_time()
    for plan in plans:
        shifts(plan, facts, NOW, NOW + 400 * DAY)
    took = seconds(begun)
    print(f"50 rotas over 400 days with {len(list(facts.all()))} changes: {took:.3f} s of processor time")
    assert took < 5


def test_one_answer_is_a_small_part_of_deciding_an_alert() -> None:
    plans, facts = fifty(), changes()
    begun = time.process_time()
    for day in range(400):
        on_call(plans[day % 50], facts, NOW + day * DAY)
    each = seconds(begun) / 400
    print(f"one on_call among {len(list(facts.all()))} changes: {each * 1e6:.0f} us of processor time")
    assert each < 0.001
