"""Public holidays as the law of a place has them, whatever language the machine speaks."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from gatewayd.oncall.holidays_of import UnknownPlaceError, public_holidays


def test_substitute_days_count() -> None:
    england = public_holidays("GB-ENG", 2026)
    assert england[date(2026, 12, 25)] == "Christmas Day"
    assert date(2026, 12, 28) in england, "Boxing Day is a Saturday"
    assert date(2026, 8, 3) in public_holidays("GB-SCT", 2026)
    assert date(2026, 8, 3) not in england
    assert list(england) == sorted(england)


def test_new_years_day_on_a_saturday_is_kept_on_the_friday_of_the_year_before() -> None:
    assert date(2027, 12, 31) in public_holidays("US", 2027)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("XX", "no public holidays are known for 'XX': write a country as GB, or its part as GB-ENG"),
        ("GB-XX", "no part 'XX' of GB is known; there are ENG, NIR, SCT, WLS"),
        ("FO-1", "FO has no parts with holidays of their own: write 'FO' alone"),
    ],
)
def test_a_place_that_is_not_known_is_said_so(place: str, said: str) -> None:
    with pytest.raises(UnknownPlaceError) as refused:
        public_holidays(place, 2026)
    assert str(refused.value) == said


def test_the_locale_of_the_machine_changes_nothing() -> None:
    asked = "from gatewayd.oncall.holidays_of import public_holidays as p; print(ascii([*p('PL', 2026).values()][:1]))"
    said = {
        subprocess.run(
            [sys.executable, "-c", asked], env={"LANGUAGE": language}, capture_output=True, text=True, check=True
        ).stdout
        for language in ("de", "en_US", "")
    }
    assert said == {"['Nowy Rok']\n"}
