"""The nights on which clocks change, zone by zone: whoever has the duty is paged, both sides hear of one hand-over."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from gatewayd.clock import SECOND
from tests.tale import Tale, point, policy, tell, weekly

PAGES = policy("rota:noc 300")
# The hand-over is written as a time that comes twice, does not come, or lies on a day that was skipped.
NIGHTS = [
    pytest.param("Europe/London", "2026-03-29 00:58", "sun 01:30", "01:00", id="London, spring"),
    pytest.param("Europe/London", "2026-10-25 01:28", "sun 01:30", "00:30", id="London, autumn"),
    pytest.param("America/New_York", "2026-03-08 01:58", "sun 02:30", "07:00", id="New York, spring"),
    pytest.param("America/New_York", "2026-11-01 01:28", "sun 01:30", "05:30", id="New York, autumn"),
    pytest.param("Australia/Lord_Howe", "2026-10-04 01:58", "sun 02:15", "15:30", id="Lord Howe, half an hour, spring"),
    pytest.param("Australia/Lord_Howe", "2026-04-05 01:43", "sun 01:45", "14:45", id="Lord Howe, half an hour, autumn"),
    pytest.param("America/Sao_Paulo", "2018-11-03 23:58", "sun 00:30", "03:00", id="Sao Paulo, at midnight, spring"),
    pytest.param("America/Sao_Paulo", "2018-02-17 23:28", "sat 23:30", "01:30", id="Sao Paulo, at midnight, autumn"),
    pytest.param("Asia/Tehran", "2022-03-21 23:58", "tue 00:30", "20:30", id="Tehran, spring"),
    pytest.param("Asia/Tehran", "2022-09-21 23:28", "wed 23:30", "19:00", id="Tehran, autumn"),
    pytest.param("Pacific/Apia", "2011-12-29 23:58", "fri 12:00", "10:00", id="Apia, a day that never was"),
]


@point(11, 19)
@pytest.mark.parametrize(("zone", "begins", "hand_over", "utc"), NIGHTS)
def test_the_duty_changes_hands_once_in_the_night_on_which_the_clocks_do(
    tmp_path: Path, zone: str, begins: str, hand_over: str, utc: str
) -> None:
    """It begins two minutes before: one hand-over at the right instant, and no moment with nobody or two."""

    async def story(tale: Tale) -> None:
        before = await tale.on_call()
        after = "ben" if before == "anna" else "anna"
        await tale.minutes(1.5)
        assert await tale.on_call() == before
        await tale.fault("edge1 down")
        await tale.hears(before, "edge1 down", 20)
        await tale.minutes(0.7)
        assert tale.clock.now() // SECOND % 86_400 // 60 == minutes(utc)
        assert await tale.on_call() == after
        assert (await tale.hears(after, "You are on call")).count("1 open") == 1
        await tale.hears(before, f"{after.capitalize()} has NOC now")
        await tale.fault("edge2 down")
        await tale.hears(after, "edge2 down")
        assert not tale.heard(before, "edge2 down")
        assert len(tale.heard(after, "edge1 down")) == 1  # nobody had taken it: it went over with the duty
        assert len(tale.heard(after, "You are on call")) == 1

    start = "2011-01-03" if zone == "Pacific/Apia" else "2017-01-02" if "Sao" in zone else "2022-01-03"
    rota = weekly("anna", "ben", zone=zone, hand_over=hand_over, start=start)
    tell(tmp_path, story, PAGES, rota, at=begins, zone=zone)


def minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


@point(3, 11)
@pytest.mark.parametrize(
    ("begins", "last_minute", "hours"),
    [("2026-03-28 17:29", "2026-03-29 08:29", 14), ("2026-10-24 17:29", "2026-10-25 08:29", 16)],
    ids=["March", "October"],
)
def test_the_night_shift_is_as_long_as_the_night_is(tmp_path: Path, begins: str, last_minute: str, hours: int) -> None:
    """From 17:30 to 08:30 somebody is on call by night, for fourteen hours in March and for sixteen in October."""
    rota = weekly("anna", "ben", hand_over="08:30") + (
        '[[rotas.layers]]\nname = "night"\npeople = ["cara"]\nstart = 2026-01-05\n'
        'when = [{ days = "daily", hours = "17:30-08:30" }]\n'
    )
    rota = in_order(rota)

    async def story(tale: Tale) -> None:
        assert await tale.on_call() != "cara"
        await tale.minutes(2)
        began = tale.clock.now()
        assert await tale.on_call() == "cara"
        told = await tale.get("/api/v1/oncall")
        until = next(entry["until"] for entry in told["rotas"] if entry["rota"] == "noc")
        length_h = (datetime.fromisoformat(until).timestamp() - began / 1e6) / 3_600
        assert hours - 0.1 < length_h <= hours
        assert last_minute[:10] == until[:10]

    tell(tmp_path, story, PAGES, rota, at=begins)


def in_order(rota: str) -> str:
    """The night's layer stands first."""
    head, turns, night = rota.split("[[rotas.layers]]\n")
    return f"{head}[[rotas.layers]]\n{night}[[rotas.layers]]\n{turns}"
