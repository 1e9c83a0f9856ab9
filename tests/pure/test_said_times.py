"""Until when, as people write it on a phone in seven languages; and what we write back."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd import text as air
from gatewayd.oncall import civil, said_times
from gatewayd.oncall.languages import LANGUAGES
from tests.chance import examples
from tests.pure.rotas import local, utc

LONDON = civil.zone_named("Europe/London")
SUNDAY = utc("2026-11-22 04:12")

READ = {
    "en": """18:00 = 2026-11-22 18:00 | until tomorrow 8:00 = 2026-11-23 08:00 | mon 08:00 = 2026-11-23 08:00
24 dec 9:00 = 2026-12-24 09:00 | dec 24 5pm = 2026-12-24 17:00 | 24th of december 9am = 2026-12-24 09:00
24/12 9:00 = 2026-12-24 09:00 | fri = 2026-11-28 00:00 | Fri 27 Nov 18:00 = 2026-11-27 18:00 | 8.30 = 2026-11-22 08:30
12am = 2026-11-23 00:00 | 12pm = 2026-11-22 12:00 | 8 = 2026-11-22 08:00 | +8h = 2026-11-22 12:12
2026-12-24 17:00 = 2026-12-24 17:00 | 1 mar 9:00 = 2027-03-01 09:00 | tonight 23:00 = 2026-11-22 23:00
24.11.26 9:00 = 2026-11-24 09:00 | 3:00 = 2026-11-23 03:00 | Monday, 8:00 = 2026-11-23 08:00
18:00 today = 2026-11-22 18:00 | 8:00 tomorrow = 2026-11-23 08:00 | 6 pm mon = 2026-11-23 18:00
at 18:00 on fri 27 nov = 2026-11-27 18:00 | 9am dec 24 = 2026-12-24 09:00 | 9:00 24 dec = 2026-12-24 09:00
8:30 am = 2026-11-22 08:30 | 8:30 am mon = 2026-11-23 08:30 | tonight 10 = 2026-11-22 22:00
tonight 12 = 2026-11-23 00:00 | 8:30 tonight = 2026-11-22 20:30 | tonight 10pm = 2026-11-22 22:00""",
    "cy": """heno 10 = 2026-11-22 22:00 | yfory 8:00 = 2026-11-23 08:00
Gwener 18:00 = 2026-11-27 18:00 | 24 Rhagfyr 9:00 = 2026-12-24 09:00""",
    "de": """mo 8 Uhr = 2026-11-23 08:00 | bis Montag, 8:00 = 2026-11-23 08:00 | 24.12. 9:00 = 2026-12-24 09:00
24. Dezember um 9 Uhr = 2026-12-24 09:00 | morgen 8.30 Uhr = 2026-11-23 08:30 | tomorrow 8:00 = 2026-11-23 08:00
24. März 9:00 = 2027-03-24 09:00""",
    "fr": "demain 8h30 = 2026-11-23 08:30 | jusqu'à lundi 8h = 2026-11-23 08:00 | 24 déc 9:00 = 2026-12-24 09:00",
    "es": """mañana a las 8 = 2026-11-23 08:00 | miércoles 18:00 = 2026-11-25 18:00
24 de diciembre 9:00 = 2026-12-24 09:00""",
    "pl": "do środy 18:00 = 2026-11-25 18:00 | jutro 8:00 = 2026-11-23 08:00 | 24 grudnia 9:00 = 2026-12-24 09:00",
    "zh": """明天8点 = 2026-11-23 08:00 | 周五18:30 = 2026-11-27 18:30 | 12月24日9点 = 2026-12-24 09:00
到星期一下午3点半 = 2026-11-23 15:30 | 今晚10点 = 2026-11-22 22:00 | 今天晚上12点 = 2026-11-23 00:00
明天凌晨12点 = 2026-11-23 00:00 | 中午12点 = 2026-11-22 12:00 | 晚上8点半 = 2026-11-22 20:30""",
}
ROWS = [
    (language, *(side.strip() for side in entry.split(" = ")))
    for language, lines in READ.items()
    for line in lines.splitlines()
    for entry in line.split("|")
]


@pytest.mark.parametrize(("language", "written", "at"), ROWS)
def test_a_time_is_read_as_it_is_meant(language: str, written: str, at: str) -> None:
    assert said_times.read(written, language, LONDON, after=SUNDAY) == local("Europe/London", at)


@pytest.mark.parametrize(
    "written",
    ["", "soon", "christmas", "25:00", "8:60", "31 feb 9:00", "Thu 27 nov 18:00", "today 3:00", "24/13 9:00", "13pm",
     "20 nov 2026 9:00", "8:00 9:00", "tonight 1", "x" * 100,
     "2000-01-01T0:00:00", "2000-01-01", "2026-11-21 23:59", "+0h"],
)  # fmt: skip
def test_what_is_in_doubt_is_not_read(written: str) -> None:
    with pytest.raises(ValueError, match=r"^(is|names)"):
        said_times.read(written, "en", LONDON, after=SUNDAY)


@pytest.mark.parametrize("written", ["晚上1点", "今晚2点"])
def test_an_hour_of_this_night_or_the_next_is_not_read(written: str) -> None:
    with pytest.raises(ValueError, match=r"^is"):
        said_times.read(written, "zh", LONDON, after=SUNDAY)


@examples(50)
@given(st.text(max_size=70), st.sampled_from(LANGUAGES))
def test_anything_is_a_time_to_come_or_none(written: str, language: str) -> None:
    with suppress(ValueError):
        assert said_times.read(written, language, LONDON, after=SUNDAY) > SUNDAY


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_we_write_can_be_written_back(language: str) -> None:
    for days in range(360):
        at = SUNDAY + 3_600_000_000 * 24 * days + 60_000_000 * 60 * 9
        shown = said_times.shown(LONDON, at, language)
        assert said_times.read(shown, language, LONDON, after=SUNDAY) == at, shown
        assert air.fit(shown).alphabet == "gsm7" or language == "zh"


@pytest.mark.parametrize("language", LANGUAGES)
def test_which_of_the_two_hours_of_a_doubled_one_is_told_in_every_language(language: str) -> None:
    first, second = (said_times.shown(LONDON, utc(at), language) for at in ("2026-10-25 00:30", "2026-10-25 01:30"))
    assert first.endswith("01:30 (BST)")
    assert second.endswith("01:30 (GMT)")
    assert said_times.shown(LONDON, utc("2026-10-25 03:30"), language).endswith(" 03:30")
