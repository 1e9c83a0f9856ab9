"""When a silent phone is tested, and what the test means."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from gatewayd.oncall.civil import DAY, HOUR
from gatewayd.oncall.hours import Calendar
from gatewayd.oncall.reachability import Daytime, Look, Phone, ReachabilitySettings, Try, daytime, decide
from tests.pure.rotas import utc

SETTINGS = ReachabilitySettings(test_after="3d", heard_within_s=3600)
WORKING = [{"days": "mon-fri", "hours": "09:00-17:00"}]
OFFICE = Calendar.model_validate({"name": "o", "zone": "Europe/London", "closed": ["2026-11-23"], "working": WORKING})
SUNDAY = utc("2026-11-22 04:00")
TUESDAY = utc("2026-11-24 09:00")


def office(*away: tuple[int, int]) -> Daytime:
    return daytime(ZoneInfo("UTC"), OFFICE, SETTINGS, away)


def test_it_waits_over_the_weekend_the_holiday_and_the_absence() -> None:
    assert decide(Phone(None), office(), SETTINGS, SUNDAY) == Look(TUESDAY)
    assert decide(Phone(None), office((SUNDAY, TUESDAY + 2 * HOUR)), SETTINGS, SUNDAY) == Look(TUESDAY + 2 * HOUR)
    back = (SUNDAY, TUESDAY + 9 * HOUR)
    assert decide(Phone(None), office(back), SETTINGS, SUNDAY) == Look(TUESDAY + DAY)
    assert isinstance(decide(Phone(None), office(), SETTINGS, TUESDAY), Try)


def test_tests_of_one_morning_are_spread() -> None:
    assert decide(Phone(None), office(), SETTINGS, SUNDAY, spread_us=HOUR) == Look(TUESDAY + HOUR)


def test_a_sign_of_late_puts_it_off() -> None:
    seen = TUESDAY - DAY
    assert decide(Phone(seen), office(), SETTINGS, TUESDAY) == Look(utc("2026-11-26 09:00"))
    assert isinstance(decide(Phone(TUESDAY - 3 * DAY), office(), SETTINGS, TUESDAY), Try)


def test_a_test_is_heard_of_or_has_failed_when_its_time_is_over() -> None:
    day = office()
    tested = Phone(None, tested_at=TUESDAY)
    assert decide(tested, day, SETTINGS, TUESDAY + HOUR // 2) == Look(TUESDAY + HOUR)
    assert decide(tested, day, SETTINGS, TUESDAY + HOUR) == Look(TUESDAY + DAY, "silent")
    lost = Phone(None, tested_at=TUESDAY, fate="lost")
    assert decide(lost, day, SETTINGS, TUESDAY + 1) == Look(TUESDAY + DAY, "silent")
    unknown = Phone(None, tested_at=TUESDAY, fate="unknown")
    assert decide(unknown, day, SETTINGS, TUESDAY + HOUR) == Look(TUESDAY + DAY, "unknown")
    heard = Phone(TUESDAY + 5, tested_at=TUESDAY)
    assert decide(heard, day, SETTINGS, TUESDAY + HOUR) == Look(utc("2026-11-27 09:00") + 5, "reached")


def test_a_silent_phone_is_tested_each_day_until_it_is_heard_of() -> None:
    silent = Phone(None, silent_at=TUESDAY)
    assert decide(silent, office(), SETTINGS, TUESDAY + HOUR) == Look(TUESDAY + DAY)
    assert isinstance(decide(silent, office(), SETTINGS, TUESDAY + DAY), Try)
    back = Phone(TUESDAY + 2 * HOUR, silent_at=TUESDAY)
    assert decide(back, office(), SETTINGS, TUESDAY + DAY) == Look(TUESDAY + 3 * DAY + 2 * HOUR, "reached")


def test_without_a_calendar_weekdays_are_daytime() -> None:
    day = daytime(ZoneInfo("UTC"), None, SETTINGS, ())
    assert day.first(SUNDAY) == utc("2026-11-23 10:00")
