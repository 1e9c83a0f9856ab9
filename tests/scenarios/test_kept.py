"""What is kept is kept for as long as something keeps it: the rules change, the clock is set."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gatewayd.clock import SECOND
from tests.tale import Tale, policy, tell

POLICY = policy("anna 300", "ben 300")
WORK = """
[[maintenance]]
name = "work"
services = ["network"]
since = 2026-11-22T00:00:00Z
until = 2026-11-22T12:00:00Z
"""
HOLD = '[[rules]]\nname = "h"\nhold_s = 36000\nservices = ["network"]\n'
NOON = '[[rules]]\nname = "h"\ndigest = "12:30"\nzone = "UTC"\nservices = ["network"]\n'
SITE = '[[inhibitions]]\nname = "i"\nby = { services = ["site"] }\nof = { services = ["network"] }\n'
MORNING = '[[rules]]\nname = "m"\nseverities = ["warning"]\nzone = "UTC"\ndigest = "08:30"\n'


def change(tale: Tale, was: str, becomes: str) -> None:
    assert was in tale.toml
    tale.toml = tale.toml.replace(was, becomes)


async def reload(tale: Tale) -> None:
    tale.path.write_text(tale.toml)
    assert (await tale.post("/api/v1/admin/reload"))["reloaded"]


@pytest.mark.parametrize("way", ["reload", "restart"])
@pytest.mark.parametrize("what", [WORK, HOLD, NOON, SITE], ids=["maintenance", "hold", "digest", "inhibition"])
def test_what_nothing_keeps_any_more_is_told_at_once(tmp_path: Path, what: str, way: str) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("site down", service="site")
        await tale.fault("x down")
        await tale.minutes(3)
        assert not tale.heard("anna", "x down")
        if way == "restart":
            await tale.sleep()
        change(tale, what, "")
        await (tale.wake() if way == "restart" else reload(tale))
        await tale.hears("anna", "x down", 60)
        assert "incident_released" in tale.events()

    tell(tmp_path, story, POLICY, what)


def test_a_wrong_year_is_put_right(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("x down")
        await tale.minutes(3)
        change(tale, "until = 2026-11-22T12:00", "until = 2026-11-22T05:00")
        await reload(tale)
        await tale.wait_until("2026-11-22 04:58")
        assert tale.silent("anna")
        assert tale.events().count("incident_held") == 2
        await reload(tale)
        await tale.hears("anna", "x down", 300)
        assert tale.events().count("incident_held") == 2, "nothing had changed"

    tell(tmp_path, story, POLICY, WORK)


@pytest.mark.parametrize("step_s", [-600, 600, 3600], ids=["back", "on", "past it"])
@pytest.mark.parametrize("kept", ["digest", "maintenance"])
def test_it_ends_at_its_time_on_the_wall(tmp_path: Path, kept: str, step_s: int) -> None:
    """At 08:30, or at once when the clock was set past that."""

    async def story(tale: Tale) -> None:
        await tale.fault("x down", severity="warning" if kept == "digest" else "error")
        await tale.minutes(10)
        tale.clock.set_wall(step_s * SECOND)
        await tale.minutes(1)
        if step_s < 3600:
            await tale.pass_time(1680 - step_s)
            assert tale.silent("anna")
        await tale.hears("anna", "x down", 120)

    work = WORK.replace("11-22T12:00", "11-23T08:30")
    tell(tmp_path, story, POLICY, MORNING if kept == "digest" else work, at="2026-11-23 07:50")


def test_a_digest_of_a_wrong_year_does_not_come_by_night(tmp_path: Path) -> None:
    """A board without a battery begins in 1970, until it hears what time it is."""

    async def story(tale: Tale) -> None:
        await tale.fault("Disk 80 %", severity="warning")
        await tale.minutes(2)
        right = int(datetime(2026, 11, 23, 7, 30, tzinfo=UTC).timestamp()) * SECOND
        tale.clock.set_wall(right - tale.clock.now())
        await tale.minutes(59)
        assert tale.silent("anna", "ben")
        await tale.hears("anna", "Disk 80 %", 120)

    tell(tmp_path, story, POLICY, MORNING, at="1970-01-01 00:01", zone="UTC")
