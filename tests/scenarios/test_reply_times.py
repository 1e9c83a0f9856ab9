"""A reply is about what its writer could have read when he wrote it, however late it comes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.test_group_call import DOOR, Team
from tests.scenarios.test_group_call import play as play_team
from tests.scenarios.test_hearing import Pager
from tests.tale import PHONES, Tale, point, policy, tell

BOTH = policy("anna ben 3000", "cara 300")
ALONE = "[storms]\npage_texts = 100\n"


def away(tale: Tale, modem: str = "modem1", *, out: bool) -> None:
    tale.street.fault(modem, {"kind": "registration", "stat": 0 if out else 1})


@pytest.mark.parametrize("word", ["ok", "no", "done", "ok all"])
def test_written_as_the_next_page_came_it_is_asked_back(tmp_path: Path, word: str) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge2 down", service="a")
        await tale.minutes(1)
        tale.says("ben", "ok")
        await tale.pass_time(0.5)
        await tale.fault("db full", service="b")
        await tale.pass_time(1.5)  # nobody has read the page of 47 and answered it by now
        tale.says("anna", word)
        await tale.hears("anna", f"Reply {word.removesuffix(' all')} 47")
        assert (await tale.incident(2))["state"] == "open"
        tale.says("anna", "ok 47")
        await tale.hears("anna", "47 is yours")

    tell(tmp_path, story, BOTH, ALONE)


@point(8)
def test_an_ok_that_waited_while_the_modem_was_away_takes_nothing_newer(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge2", service="a")
        await tale.minutes(1)
        away(tale, out=True)
        await tale.pass_time(5)
        tale.says("anna", "ok")
        await tale.minutes(5)
        await tale.post("/api/v1/incidents/1/ack", {"by": "cara"})
        await tale.minutes(5)
        await tale.fault("db full", service="b")
        await tale.minutes(10)
        away(tale, out=False)
        await tale.hears("anna", "47 came after your text. Reply ok 47", 120)
        assert (await tale.incident(2))["state"] == "open"
        await tale.pass_time(10)
        tale.says("anna", "OK")
        await tale.hears("anna", "47 is yours")

    tell(tmp_path, story, BOTH)


@pytest.mark.parametrize("end", ["the monitor", "ben"])
def test_however_long_ago_the_other_one_ended_or_was_taken(tmp_path: Path, end: str) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge2 down", service="a")
        await tale.minutes(1)
        away(tale, out=True)
        await tale.pass_time(5)
        tale.says("anna", "ok")
        await tale.minutes(2)
        if end == "ben":
            tale.phones["ben"].send("+447700900002", "ok")
        else:
            await tale.over("edge2 down")
        await tale.minutes(93)
        await tale.fault("db full", service="b")
        await tale.minutes(2)
        away(tale, out=False)
        await tale.hears("anna", "47 came after your text. Reply ok 47", 300)
        assert (await tale.incident(2))["state"] == "open"

    tell(tmp_path, story, BOTH, modems=2)


def test_two_that_were_there_are_two_however_quick_the_ok(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge2 down", service="a")
        await tale.minutes(1)
        await tale.fault("db full", service="b")
        await tale.hears("anna", "db full")
        await tale.pass_time(1.2)
        tale.says("anna", "ok")
        await tale.hears("anna", "Which one?")
        assert [(await tale.incident(n))["state"] for n in (1, 2)] == ["open", "open"]

    tell(tmp_path, story, BOTH, ALONE)


def test_an_ok_in_the_same_second_takes_the_only_one(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        for number in (1, 2):
            await tale.fault(f"edge{number} down", service=f"a{number}")
            await tale.hears("anna", f"edge{number} down")
            tale.says("anna", "ok")
            await tale.hears("anna", f"is yours: edge{number}")
            assert (await tale.incident(number))["acknowledged_by"] == "anna"
            await tale.pass_time(1)  # two like texts of one second are one that came twice

    tell(tmp_path, story, BOTH, ALONE)


def test_a_done_for_what_has_ended_does_not_close_what_was_taken_since(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge2 down", service="a")
        await tale.minutes(1)
        tale.says("anna", "ok")
        await tale.minutes(1)
        away(tale, out=True)
        await tale.pass_time(5)
        tale.says("anna", "done")
        await tale.minutes(1)
        await tale.over("edge2 down")
        await tale.minutes(90)
        await tale.fault("db full", service="b")
        await tale.minutes(1)
        tale.phones["anna"].send("+447700900002", "ok")
        await tale.hears("anna", "47 is yours")
        away(tale, out=False)
        await tale.hears("anna", "47 came after your text. Reply done 47", 300)
        assert (await tale.incident(2))["state"] == "acknowledged"

    tell(tmp_path, story, BOTH, modems=2)


@pytest.mark.parametrize("hours", [-1, 2, -9000, 200_000])
def test_a_centre_whose_clock_or_zone_is_wrong_stops_no_ok(tmp_path: Path, hours: int) -> None:
    async def story(tale: Tale) -> None:
        tale.street.network.settings.scts_skew_s = hours * 3600
        for number, what in ((1, "edge2 down"), (2, "db full"), (3, "fan")):
            await tale.fault(what, service=what)
            await tale.minutes(1)
            tale.says("anna", "ok")
            await tale.hears("anna", "is yours: " + what)
            assert (await tale.incident(number))["acknowledged_by"] == "anna"
            await tale.minutes(20)
        assert not tale.heard("anna", "came after")

    tell(tmp_path, story, BOTH)


def test_only_her_own_centre_has_the_wrong_zone_and_it_is_learned_at_once(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        for what, asked in (("edge2 down", 1), ("db full", 1), ("fan", 1)):
            await tale.fault(what, service=what)
            await tale.minutes(1)
            tale.street.network.settings.scts_skew_s = -3600
            tale.says("anna", "ok")
            await tale.pass_time(2)
            tale.street.network.settings.scts_skew_s = 0
            assert len(tale.heard("anna", "came after your text")) == asked
            if what == "edge2 down":
                tale.says("anna", "ok 10")
                await tale.pass_time(2)
            await tale.hears("anna", "is yours: " + what)
            await tale.minutes(5)

    tell(tmp_path, story, BOTH)


SAID = [("ok", "critical"), ("ok", "error"), ("done", "critical"), ("no", "warning")]
SEVERAL = policy("anna 3000", "ben 300"), ALONE


@pytest.mark.parametrize(("word", "severity"), SAID)
def test_what_is_on_its_way_to_the_same_phone_may_be_meant(tmp_path: Path, word: str, severity: str) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("disk 91 percent", service="a", severity="error")
        await tale.minutes(2)
        tale.street.network.settings.report_delay_s = 40
        await tale.fault("db down", service="b", severity=severity)
        await tale.pass_time(15)
        tale.says("anna", word)
        told = await tale.hears("anna", "Which one?")
        assert "47 db down" in told
        assert "10 disk 91 percent" in told
        assert [(await tale.incident(n))["state"] for n in (1, 2)] == ["open", "open"]

    tell(tmp_path, story, *SEVERAL)


CONGESTION = {"kind": "refuse", "cms": 42, "to": PHONES["anna"]}
UNDELIVERABLE = {"kind": "report", "when": "normal", "delay_s": 1, "statuses": [0x41], "times": 1}


@pytest.mark.parametrize("fault", [CONGESTION, UNDELIVERABLE, None], ids=["refused", "undeliverable", "just out"])
def test_what_nobody_can_have_read_makes_no_ok_doubtful(tmp_path: Path, fault: dict[str, object] | None) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("edge2 down", service="a")
        await tale.minutes(2)
        tale.street.network.settings.report_delay_s = 40
        if fault is not None:
            tale.street.fault("modem1", fault)
        await tale.fault("db full", service="b")
        await tale.pass_time(10 if fault else 1.5)
        tale.says("anna", "ok")
        await tale.pass_time(5)
        assert [(await tale.incident(n))["state"] for n in (1, 2)] == ["acknowledged", "open"]

    tell(tmp_path, story, *SEVERAL)


def test_a_first_page_by_a_bureau_that_gives_no_receipts_may_be_meant(tmp_path: Path) -> None:
    async def story(house: Team) -> None:
        house.street.bureau_fault("north", {"kind": "receipt", "when": "never"})
        await house.alert("edge1", summary="edge1 down", service="a")
        await house.text(house.anna, "edge1 down", 400)
        await house.pass_time(30)
        await house.alert("edge2", summary="edge2 down", service="b")
        await house.shown("anna", contains="edge2 down")
        await house.pass_time(10)
        house.anna.send(DOOR, "ok")
        await house.text(house.anna, "Which one?")
        assert [(await house.incident(n))["state"] for n in (1, 2)] == ["open", "open"]

    play_team(tmp_path, story, house=Pager)
