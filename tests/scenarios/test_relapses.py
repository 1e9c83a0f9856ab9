"""A fault that clears and fires again is one incident with one code, however often it comes and goes."""

from __future__ import annotations

from pathlib import Path

from tests.tale import Tale, policy, tell

POLICY = policy("anna 300", "ben 300")
APART = "[storms]\npage_texts = 100\n"
HELD = '[[rules]]\nname = "steady"\nhold_s = 120\n'


async def flaps(t: Tale, times: int, up_s: float = 20, down_s: float = 20) -> None:
    for _ in range(times):
        await t.fault("edge2 down")
        await t.pass_time(up_s)
        await t.over("edge2 down")
        await t.pass_time(down_s)


def test_it_fires_again_and_is_the_same_incident(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        assert await t.fault("edge2 down") == "10"
        await t.minutes(1)
        await t.over("edge2 down")
        await t.hears("anna", "10 cleared")
        await t.minutes(2)
        assert await t.fault("edge2 down") == "10"
        await t.hears("anna", "10 CRITICAL network: edge2 down (again). Reply ok 10")
        t.says("anna", "ok 10")
        await t.hears("anna", "10 is yours")
        await t.over("edge2 down")
        await t.minutes(4.9)
        assert len(t.heard("anna", "10 cleared")) == 1  # not sure yet
        await t.minutes(0.3)
        assert len(t.heard("anna", "10 cleared")) == 2
        await t.minutes(11)
        assert await t.fault("edge2 down") == "47"  # much later it is another one

    tell(tmp_path, story, POLICY)


def test_what_comes_and_goes_wakes_people_as_one_incident_and_goes_on_to_the_next_person(tmp_path: Path) -> None:
    """Every 40 s for 20 minutes, and nobody answers."""

    async def story(t: Tale) -> None:
        await flaps(t, 30)
        assert t.heard("anna", "CRITICAL")[0] == "10 CRITICAL network: edge2 down. Reply ok 10"
        assert all("10 CRITICAL" in text for text in t.heard("anna", "CRITICAL") + t.heard("ben", "CRITICAL"))
        assert len(t.heard("anna")) <= 5
        assert 1 <= len(t.heard("ben")) <= 3
        await t.minutes(6)
        assert len(t.heard("anna", "10 cleared")) == len(t.heard("ben", "10 cleared")) + 1 == 2

    tell(tmp_path, story, POLICY, APART)


def test_whoever_has_taken_it_sleeps_while_it_comes_and_goes(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await flaps(t, 1)
        await t.fault("edge2 down")
        await t.minutes(0.2)
        t.says("anna", "ok")
        await t.hears("anna", "10 is yours")
        had = len(t.heard("anna"))
        await t.over("edge2 down")
        await flaps(t, 20)
        assert len(t.heard("anna")) == had
        assert t.silent("ben")
        t.says("anna", "done")
        await t.hears("anna", "10 is closed")

    tell(tmp_path, story, POLICY)


def test_a_fault_that_is_held_down_and_clears_each_time_wakes_nobody(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await flaps(t, 10, up_s=60, down_s=60)
        assert t.silent("anna", "ben", "dan")
        await t.fault("edge2 down")
        await t.minutes(1.9)
        assert t.silent("anna")
        await t.hears("anna", "10 CRITICAL network: edge2 down. Reply ok 10")

    tell(tmp_path, story, POLICY, HELD)


def test_worse_than_before_pages_again_while_it_comes_and_goes(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        for _ in range(2):
            await t.fault("edge2 down", severity="error")
            await t.minutes(1)
            await t.over("edge2 down")
            await t.minutes(0.5)
        await t.fault("edge2 down", severity="critical")
        await t.hears("anna", "10 CRITICAL")

    tell(tmp_path, story, POLICY, APART)
