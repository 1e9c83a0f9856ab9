"""Whoever has taken an incident hears of what joins it; when they cannot, and nobody who is told does, others do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.test_kept_alerts import alert, group
from tests.tale import PHONES, SECONDS, TEAM, Tale, person, policy, tell, weekly

POLICY = policy("anna 300", "ben 300")
BY_ROTA = policy("rota:noc 300", "ben 300")
NOC = weekly("anna", "cara")
TWO_PHONES = TEAM.replace(person("anna"), person("anna", "phone", "second"))
BEFORE = "2026-11-23 08:50"  # Cara hands over to Anna at nine


async def taken(tale: Tale, by: str) -> None:
    await group(tale, alert("h1"))
    await tale.hears(by, "h1 down")
    tale.says(by, "ok")
    await tale.hears(by, "is yours")


@pytest.mark.parametrize("severity", ["critical", "error"])
def test_the_phone_is_off_so_the_next_is_paged(tmp_path: Path, severity: str) -> None:
    async def story(tale: Tale) -> None:
        await taken(tale, "anna")
        tale.off("anna")
        await group(tale, alert("h1"), alert("h2", severity))
        page = await tale.hears("ben", "Reply ok 10", 130)
        assert page == f"10 CRITICAL network: {'h2' if severity == 'critical' else 'h1'} down (+1 more). Reply ok 10"
        tale.says("ben", "ok")
        await tale.hears("ben", "is yours")
        await tale.minutes(60)
        assert len(tale.heard("ben")) == 2 and tale.silent("cara", "dan")

    tell(tmp_path, story, POLICY)


def test_one_that_got_worse_is_news_as_well(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await group(tale, alert("h1"), alert("h2", "warning"))
        await tale.hears("anna", "h1 down")
        tale.says("anna", "ok")
        await tale.hears("anna", "is yours")
        tale.off("anna")
        await group(tale, alert("h1"), alert("h2", "critical"))
        await tale.hears("ben", "h2 down", 130)

    tell(tmp_path, story, POLICY)


def test_a_number_that_is_dead_moves_on_at_once(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await taken(tale, "anna")
        tale.street.fault(None, {"kind": "refuse", "cms": 1, "to": PHONES["anna"]})
        await group(tale, alert("h1"), alert("h2"))
        await tale.hears("ben", "h2 down", 30)

    tell(tmp_path, story, POLICY)


@pytest.mark.parametrize("second", ["on", "off"])
def test_the_takers_next_phone_comes_first(tmp_path: Path, second: str) -> None:
    async def story(tale: Tale) -> None:
        await taken(tale, "anna")
        tale.off("anna")
        other = tale.seconds_of["anna"]
        other.switch(on=second == "on")
        await group(tale, alert("h1"), alert("h2"))
        if second == "on":
            assert await tale.text(other, "h2", 130) == "10 also CRITICAL: h2 down"
            await tale.minutes(60)
            assert tale.silent("ben") and len(other.texts()) == 1
        else:
            await tale.hears("ben", "h2 down", 240)

    tell(tmp_path, story, POLICY, people=TWO_PHONES)
    assert SECONDS["anna"] in TWO_PHONES


def test_what_is_over_by_then_wakes_nobody(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await taken(tale, "anna")
        tale.off("anna")
        await group(tale, alert("h1"), alert("h2"))
        await tale.minutes(1)
        await group(tale, alert("h1"), alert("h2", status="resolved"))
        await tale.minutes(30)
        assert tale.silent("ben", "dan")

    tell(tmp_path, story, POLICY)


def test_no_channel_takes_the_news_for_minutes(tmp_path: Path) -> None:
    """As with a page: whoever is next may have a way of their own."""

    async def story(tale: Tale) -> None:
        await taken(tale, "anna")
        tale.street.fault("modem1", {"kind": "hangup", "back_after_s": 600})
        await group(tale, alert("h1"), alert("h2"))
        await tale.minutes(6)
        assert (await tale.incident(1))["state"] == "open"
        await tale.hears("ben", "h2 down", 600)

    tell(tmp_path, story, POLICY)


@pytest.mark.parametrize("cara", ["on", "off"])
def test_after_a_hand_over_the_one_on_duty_hears_of_it_too_and_of_its_end(tmp_path: Path, cara: str) -> None:
    async def story(tale: Tale) -> None:
        await taken(tale, "cara")
        await tale.hears("anna", "Cara hands over: 1 open: 10", 700)
        if cara == "off":
            tale.off("cara")
        await group(tale, alert("h1"), alert("h2"))
        assert await tale.hears("anna", "h2") == "10 also CRITICAL: h2 down"
        await tale.minutes(60)
        assert tale.silent("ben") and (cara == "off" or tale.heard("cara", "10 also"))
        await group(tale, alert("h1", status="resolved"), alert("h2", status="resolved"))
        await tale.hears("anna", "10 cleared")

    tell(tmp_path, story, BY_ROTA, NOC, at=BEFORE)


def test_neither_the_taker_nor_the_one_on_duty_hears(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await taken(tale, "cara")
        await tale.hears("anna", "hands over", 700)
        tale.off("cara")
        tale.off("anna")
        await group(tale, alert("h1"), alert("h2"))
        await tale.hears("ben", "h2 down", 130)

    tell(tmp_path, story, BY_ROTA, NOC, at=BEFORE)


def test_before_the_hand_over_it_is_the_takers_alone(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await taken(tale, "cara")
        await group(tale, alert("h1"), alert("h2"))
        await tale.hears("cara", "10 also")
        await tale.minutes(5)
        assert tale.silent("anna", "ben")

    tell(tmp_path, story, BY_ROTA, NOC, at=BEFORE)


def test_taken_by_a_program_before_anybody_was_woken(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        tale.street.fault(None, {"kind": "refuse", "cms": 1, "to": PHONES["anna"]})
        await group(tale, alert("h1"))
        await tale.post("/api/v1/incidents/1/ack", {})
        await group(tale, alert("h1"), alert("h2"))
        await tale.hears("ben", "h2 down", 60)

    tell(tmp_path, story, POLICY)
