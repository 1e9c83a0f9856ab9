"""A modem gets stuck: texts go by another one, replies are still heard, and a person is told when nothing helps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gatewayd.metrics import REGISTRY
from tests.house import ANNA, BEN, CARA, STRANGER, House, play

OPERATORS = """
[self_report]
policy = "operators"
clear_s = 120
[[policies]]
name = "operators"
steps = [{ page = ["ben"], wait_s = 900 }]
fallback = ["cara"]
"""


def counted(rung: str, modem: str = "modem1") -> float:
    labels = {"channel": modem, "rung": rung}
    return REGISTRY.get_sample_value("gatewayd_modem_recoveries_total", labels) or 0.0


def needs_human(modem: str = "modem1") -> float | None:
    return REGISTRY.get_sample_value("gatewayd_channel_needs_human", {"channel": modem})


def of(house: House, modem: str, to: str = ANNA) -> int:
    return len([e for e in house.street.ledger.accepted(to=to) if e["modem"] == modem])


def test_silence_costs_no_text_and_ends_with_a_page_by_the_other_modem_that_clears_itself(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        before = {rung: counted(rung) for rung in ("wait", "restart", "reopen", "human")}
        house.street.fault("modem1", {"kind": "freeze"})
        for n in range(4):
            await house.post("/api/v1/messages", {"to": ANNA, "text": f"note {n}"})
        await house.until(lambda: len(house.anna.texts("note")) == 4, 400)
        assert of(house, "modem2") >= 3
        page = await house.text(house.ben, "modem1 needs a human", 1500)
        assert "gatewayd" in page
        assert [counted(rung) - was for rung, was in before.items()] == [1, 1, 3, 1]
        assert needs_human() == 1
        assert "needs_human: " in (await house.get("/readyz"))["checks"]["modem1"]
        house.street.fault("modem1", {"kind": "thaw"})
        await house.until(lambda: len(house.daemon.dispatch.up()) == 2, 120)
        assert (await house.incident())["state"] == "open", "it may fall again at once"
        await house.text(house.ben, "clear", 300)
        assert (await house.incident())["state"] == "resolved"
        assert needs_human() == 0
        assert len(house.ben.texts("Reply ok")) == 1
        assert not house.cara.texts("gatewayd")

    play(tmp_path, story, look_s=60, config=OPERATORS)


def test_without_anybody_named_the_log_the_metrics_and_the_status_say_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "hangup", "back_after_s": 1800})
        await house.until(lambda: house.daemon.dispatch.healths()["modem1"].state == "needs_human", 300)
        assert "modem1 is needs_human" in caplog.text
        await house.until(lambda: needs_human() == 1, 10)
        assert "needs_human" in (await house.get("/readyz"))["checks"]["modem1"]
        assert "1 of 2 channels up" in house.daemon.lookout.words()
        await house.until(lambda: len(house.daemon.dispatch.up()) == 2, 1800)
        await house.until(lambda: needs_human() == 0, 30)
        assert not (await house.get("/api/v1/incidents"))["incidents"]

    play(tmp_path, story, look_s=60)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "notifications_off"},
        {"kind": "numeric"},
        {"kind": "echo_on"},
        {"kind": "storage_full", "memory": "ME"},
        {"kind": "mute", "on": True, "seconds": 300},
    ],
    ids=lambda fault: str(fault["kind"]),
)
def test_a_reply_is_heard_although_the_modem_forgot_how_to_tell_of_it(tmp_path: Path, fault: dict[str, Any]) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        house.street.fault("modem1", fault)
        house.anna.reply("ok")
        await house.text(house.anna, "is yours", 90)
        assert (await house.incident())["state"] == "acknowledged"
        assert not house.ben.texts("edge2")

    play(tmp_path, story, look_s=60, modems=1)


def test_a_modem_that_dies_slowly_is_left_for_the_other_one_before_it_is_dead(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "slow_death", "start_s": 0.5, "double_every_s": 120})
        sent = 0
        while not house.ben.texts("modem1 needs a human"):
            assert house.seconds < 7200, "nobody was told"
            sent += 1
            await house.post("/api/v1/messages", {"to": ANNA, "text": f"note {sent:03}."})
            await house.until(lambda sent=sent: house.anna.texts(f"note {sent:03}."), 240)  # type: ignore[misc]
            await house.pass_time(30)
        assert len({text.text for text in house.anna.texts("note")}) == sent
        assert len(house.anna.texts("note")) <= sent + 1, "at most one was in doubt"

    play(tmp_path, story, look_s=60, config=OPERATORS)


def test_the_operator_s_command_switches_the_power_and_nobody_is_woken(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        switched, program = tmp_path / "switched", tmp_path / "power"
        program.write_text(f"#!/bin/sh\necho $GATEWAYD_MODEM $1 > {switched}\n")
        program.chmod(0o700)
        port = f'port = "unix:{tmp_path}/m1"\n'
        house.path.write_text(house.toml.replace(port, f'{port}recover_command = ["{program}", "cycle"]\n'))
        assert not await house.daemon.reload()
        await house.until(lambda: len(house.daemon.dispatch.up()) == 2, 60)
        hooks = counted("hook")
        house.street.fault("modem1", {"kind": "freeze"})
        await house.until(switched.exists, 1500)
        assert switched.read_text() == "modem1 cycle\n"
        house.street.fault("modem1", {"kind": "hangup", "power": True, "back_after_s": 5})
        await house.until(lambda: len(house.daemon.dispatch.up()) == 2, 120)
        assert counted("hook") - hooks == 1
        await house.pass_time(900)
        assert "incident_opened" not in house.events()

    play(tmp_path, story, look_s=60, config=OPERATORS)


def test_a_card_that_is_pulled_is_told_after_a_minute_and_clears_when_it_is_back(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "sim", "present": False})
        await house.text(house.ben, "no SIM", 200)
        house.ben.reply("ok")
        await house.text(house.ben, "is yours", 30)
        house.street.fault("modem1", {"kind": "sim", "present": True})
        await house.until(lambda: len(house.daemon.dispatch.up()) == 2, 120)
        await house.until(lambda: "incident_resolved" in house.events(), 200)

    play(tmp_path, story, look_s=60, config=OPERATORS)


def test_a_restart_in_the_middle_of_the_trouble_neither_pages_again_nor_forgets_to_clear(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "hangup", "back_after_s": 900})
        await house.text(house.ben, "modem1 needs a human", 400)
        await house.crash()
        await house.wake(modems_up=False)
        await house.until(lambda: len(house.daemon.dispatch.up()) == 2, 900)
        await house.until(lambda: "incident_resolved" in house.events(), 300)
        assert house.events().count("incident_opened") == 1
        assert len(house.ben.texts("Reply ok")) == 1

    play(tmp_path, story, look_s=60, config=OPERATORS)


def test_a_channel_that_leaves_the_configuration_leaves_no_incident_behind(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "hangup", "back_after_s": 9000})
        await house.text(house.ben, "modem1 needs a human", 400)
        head, _, rest = house.toml.partition('[[modems]]\nname = "modem1"')
        house.toml = head + rest.partition("look_s = 60\n")[2]
        house.path.write_text(house.toml)
        assert not await house.daemon.reload()
        await house.until(lambda: "incident_resolved" in house.events(), 60)

    play(tmp_path, story, look_s=60, config=OPERATORS)


def test_a_modem_that_sends_nothing_is_left_to_the_last_and_its_recovery_is_noticed(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        sent = 0

        async def note(within_s: float) -> None:
            nonlocal sent
            sent += 1
            number = [ANNA, CARA, STRANGER][sent % 3]
            await house.post("/api/v1/messages", {"to": number, "text": f"note {sent:03}."})
            await house.pass_time(within_s)

        house.street.fault("modem1", {"kind": "ok_only", "submitted": False})
        while not (await house.get("/api/v1/incidents"))["incidents"]:
            assert house.seconds < 7200, "nobody was told"
            await note(150)
        assert "modem1 needs a human" in await house.text(house.ben, "gatewayd", 5)
        assert {e["modem"] for e in house.street.ledger.accepted(to=BEN)} == {"modem2"}, "not by the one it speaks of"
        for n in range(3):
            await house.post("/api/v1/messages", {"to": CARA, "text": f"first {n}", "priority": "critical"})
            await house.post("/api/v1/messages", {"to": ANNA, "text": f"second {n}", "priority": "critical"})
            await house.until(lambda n=n: house.anna.texts(f"second {n}") and house.cara.texts(f"first {n}"), 15)  # type: ignore[misc]
            await house.pass_time(30)
        house.street.clear_faults("modem1")
        while not house.ben.texts("clear"):
            assert house.seconds < 14400, "it works, and nobody noticed"
            await note(150)
        assert sum(e["modem"] == "modem1" for e in house.street.ledger.accepted()) > 1, "it has its share again"

    play(tmp_path, story, look_s=60, config=OPERATORS)


@pytest.mark.parametrize("cms", [8, 21])
def test_a_card_that_may_not_send_is_told_to_a_person_and_asked_when_nobody_else_is_there(
    tmp_path: Path, cms: int
) -> None:
    async def story(house: House) -> None:
        sent = 0
        house.street.fault("modem1", {"kind": "refuse", "cms": cms})
        while not house.ben.texts("modem1 needs a human: it took none of its last texts"):
            assert house.seconds < 3600, "nobody was told"
            sent += 1
            await house.post("/api/v1/messages", {"to": [ANNA, CARA][sent % 2], "text": f"note {sent}"})
            await house.pass_time(180)
        assert "it took none of its last texts" in (await house.get("/readyz"))["checks"]["modem1"]
        assert needs_human() == 1
        house.street.clear_faults("modem1")
        house.street.fault("modem2", {"kind": "freeze"})
        for n in range(2):
            await house.post("/api/v1/messages", {"to": CARA, "text": f"urgent {n}", "priority": "critical"})
        await house.until(lambda: len(house.cara.texts("urgent")) == 2, 200)
        assert of(house, "modem1", CARA) == 2
        await house.until(lambda: needs_human() == 0, 10)

    play(tmp_path, story, look_s=60, config=OPERATORS)


def test_a_modem_that_heals_each_time_and_falls_each_time_is_told_to_a_person_once(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        falls = 0
        while not house.ben.texts("does not stay up"):
            falls += 1
            assert falls < 12, "nobody was told"
            house.street.fault("modem1", {"kind": "freeze"})
            await house.pass_time(200)
            house.street.fault("modem1", {"kind": "thaw"})
            house.street.fault("modem1", {"kind": "reset"})
            await house.pass_time(100)
        assert needs_human() == 1
        house.ben.reply("ok")
        await house.pass_time(1200)
        assert len(house.ben.texts("Reply ok")) == 1

    play(tmp_path, story, look_s=60, config=OPERATORS)
