"""An exercise through the whole chain: paged as in earnest, marked, reported, and in nobody's way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gatewayd.cli import rounds
from gatewayd.metrics import REGISTRY
from gatewayd.web.client import ClientError
from tests.house import House, play
from tests.scenarios.test_hand_over import typed


async def drill(house: House, **more: Any) -> dict[str, Any]:
    return dict(await house.post("/api/v1/drills", {"service": "network", **more}))


async def report(house: House, number: int = 1) -> dict[str, Any]:
    return dict(await house.get(f"/api/v1/drills/{number}"))


async def over(house: House, within_s: float, number: int = 1) -> dict[str, Any]:
    await house.until(lambda: house.events().count("drill_ended") == number, within_s)
    return await report(house, number)


def taken() -> float:
    return float(REGISTRY.get_sample_value("gatewayd_ack_latency_seconds_count") or 0)


def test_a_drill_is_answered_and_says_who_was_paged_by_what_and_when(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        before = taken()
        started = await drill(house)
        words = await house.text(house.anna, "DRILL")
        assert (
            words
            == f"DRILL {started['code']} CRITICAL network: exercise, nothing is broken. Reply ok {started['code']}"
        )
        await house.text(house.ben, "DRILL", 400)
        house.ben.reply("ok")
        found = await over(house, 60)
        assert (found["verdict"], found["answered_by"]) == ("answered", "ben")
        assert 300 <= found["answered_after_s"] < 330
        await house.pass_time(10)
        found = await report(house)
        assert [(p["person"], p["state"]) for p in found["pages"]] == [("anna", "delivered"), ("ben", "delivered")]
        assert found["pages"][0]["delivered_after_s"] < 30
        assert found["unheard_of"] == []
        await house.text(house.anna, "taken by Ben: exercise")
        assert taken() == before, "no figure of the house knows of it"
        assert (await house.incident())["state"] == "resolved"
        said = rounds.drill(found)
        assert said.status == 0
        assert "answered by ben after 3" in said.out

    play(tmp_path, story, modems=1)


def test_one_that_nobody_answers_ends_when_the_policy_has_run_out(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.ben.switch(on=False)
        await drill(house, within_s=86_400)
        found = await over(house, 4000)
        assert found["verdict"] == "not answered"
        assert "cara" in [p["person"] for p in found["pages"]], "the fallback as well"
        assert found["unheard_of"] == ["ben"]
        assert rounds.drill(found).status == 1
        await house.pass_time(3600)
        assert (await house.incident())["state"] == "resolved"

    play(tmp_path, story, modems=1)


def test_who_says_done_has_answered_and_who_says_no_passes_it_on(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await drill(house)
        await house.text(house.anna, "DRILL")
        house.anna.reply("no")
        await house.text(house.ben, "DRILL", 30)
        house.ben.reply("done")
        found = await over(house, 60)
        assert (found["verdict"], found["answered_by"]) == ("answered", "ben")
        assert found["answered_after_s"] < 60

    play(tmp_path, story, modems=1)


def test_real_alerts_go_first(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await drill(house)
        await house.text(house.anna, "DRILL")
        await house.alert()
        await house.text(house.anna, "edge2 uplink down", 20)
        found = await over(house, 10)
        assert (found["verdict"], found["gave_way_to"]) == ("gave way", 2)
        with pytest.raises(ClientError, match="real alerts go first"):
            await drill(house)
        await house.text(house.ben, "edge2 uplink down", 400)
        assert not house.ben.texts("DRILL")

    play(tmp_path, story, modems=1)


def test_one_at_a_time_stopped_by_hand_and_over_after_its_time(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await drill(house)
        with pytest.raises(ClientError, match="one at a time"):
            await drill(house)
        stopped = await typed(house, "drill", "--stop")
        assert (stopped["verdict"], stopped["stopped_by"]) == ("stopped", "operator")
        await house.pass_time(600)
        assert not house.ben.texts("DRILL")
        found = await typed(house, "drill", "--service", "network", "--severity", "warning", "--within", "60s")
        assert (found["verdict"], found["severity"]) == ("not answered", "warning")
        assert [d["id"] for d in (await typed(house, "drills"))["drills"]] == [2, 1]

    play(tmp_path, story, modems=1)


def test_it_survives_a_restart_and_what_a_silence_keeps_is_said(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.post("/api/v1/silences", {"services": ["network"], "until": "+1d", "reason": "we know"})
        await drill(house, within_s=120)
        await house.crash()
        await house.wake()
        found = await over(house, 180)
        assert (found["verdict"], found["pages"]) == ("kept", [])
        assert "nobody was paged" in rounds.drill(found).out

    play(tmp_path, story, modems=1)


NAMED = '[[services]]\nname = "network"\npolicy = "default"\n[[rules]]\nname = "r"\nservices = ["db-*"]\nhold_s = 0\n'


def test_a_service_that_nothing_names_is_said_before_anybody_waits_for_its_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = (
        "no service and no rule names 'netwrok': it pages by policy 'default', as all that is not named;"
        " did you mean 'network'?"
    )

    async def story(house: House) -> None:
        for number, (service, told) in enumerate((("netwrok", [odd]), ("network", []), ("db-7", [])), 1):
            started = await drill(house, service=service)
            assert started["warnings"] == told
            await house.text(house.anna, f"DRILL {started['code']}")
            await typed(house, "drill", "--stop")
            assert (await report(house, number))["warnings"] == told
        assert odd in rounds.drill(await report(house)).out
        await typed(house, "drill", "--service", "netwrok", "--within", "60s")
        assert odd in capsys.readouterr().err

    play(tmp_path, story, config=NAMED, modems=1)


def test_where_the_file_names_no_service_none_is_mistyped(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        assert (await drill(house))["warnings"] == []

    play(tmp_path, story, modems=1)
