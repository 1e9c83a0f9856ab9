"""SIMs that change places, and strangers on a port, as the operator hears of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatewayd.channels import mooring
from gatewayd.metrics import MODEM_TROUBLE
from tests.house import House, play


def gauge(channel: str, trouble: str) -> float:
    return float(MODEM_TROUBLE.labels(channel, trouble)._value.get())


def test_sims_that_changed_places_are_told_everywhere_and_texts_go_on(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.sleep()
        house.street.fault("modem1", {"kind": "sim_swap", "with": "modem2"})
        await house.pass_time(60)
        await house.wake()
        checks = (await house.get("/readyz"))["checks"]
        assert checks["modem1"] == "up: another SIM than before (it was in modem2)"
        assert checks["modem2"].startswith("up: another SIM than before")
        modem1, _ = (await house.get("/api/v1/modems"))["modems"]
        assert (modem1["why"], modem1["trouble"]) == ("another SIM than before (it was in modem2)", "other_sim")
        assert house.events().count("sim_changed") == 2
        await house.pass_time(10)
        assert gauge("modem1", "other_sim") == 1
        await house.alert()
        await house.text(house.anna, "edge2")
        told = (await house.get("/api/v1/modems"))["modems"]
        assert sum(modem["sent_last_hour"] for modem in told) == 1
        await house.sleep()
        await house.wake()  # it is known now
        assert (await house.get("/readyz"))["checks"]["modem1"] == "up"

    play(tmp_path, story, look_s=60)


def test_a_sim_that_is_put_in_while_the_modem_runs_is_told_for_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The modem is brought up twice then: when the first card goes, and when the other one is there."""

    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "sim_swap", "with": "modem2"})
        for _ in range(2):
            house.street.fault("modem1", {"kind": "hangup", "back_after_s": 2})
            await house.pass_time(60)
            assert (await house.get("/readyz"))["checks"]["modem1"].startswith("up: another SIM than before")
        monkeypatch.setattr(mooring, "CHANGED_S", 100.0)  # the day
        await house.pass_time(60)
        assert (await house.get("/readyz"))["checks"]["modem1"] == "up"

    play(tmp_path, story, look_s=60)


def test_a_second_program_is_told_in_readyz_and_metrics(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.street.fault("modem1", {"kind": "foreign", "times": 5, "every_s": 3})
        await house.pass_time(90)
        checks = (await house.get("/readyz"))["checks"]
        assert checks["modem1"].startswith("up: another program speaks on this port (heard: ")
        assert gauge("modem1", "other_program") == 1
        assert gauge("modem2", "other_program") == 0

    play(tmp_path, story, look_s=60)


def test_a_modem_of_another_imei_is_not_used(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.toml = house.toml.replace(
            f'port = "unix:{tmp_path}/m2"', f'port = "unix:{tmp_path}/m2"\nimei = "490154203237518"'
        )
        await house.sleep()
        await house.wake(modems_up=False)
        await house.until(lambda: house.daemon.dispatch.up() == ("modem1",))
        await house.until(lambda: "another modem (IMEI" in house.daemon.dispatch.healths()["modem2"].reason)
        await house.alert()
        await house.text(house.anna, "edge2")

    play(tmp_path, story, look_s=60)
