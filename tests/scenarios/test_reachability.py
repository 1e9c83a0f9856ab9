"""A phone that was silent for long is tested in daytime, and who should know of it is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gatewayd.config.file import ConfigError, parse
from gatewayd.metrics import exposition
from tests.house import EPOCH, PEOPLE, House, play
from tests.scenarios.test_hand_over import typed, until
from tests.scenarios.test_rota import ROTA

WATCHED = """
[reachability]
test_after = "2h"
heard_within_s = 900
tell = ["cara"]
[[calendars]]
name = "office"
zone = "Europe/London"
working = [{ days = "daily", hours = "05:00-17:00" }]
"""
AT_WORK = ROTA.replace('zone = "Europe/London"\n', 'zone = "Europe/London"\ncalendar = "office"\n', 1)
FIVE = EPOCH + timedelta(minutes=48)


def tried(phone: Any) -> int:
    return len(phone.texts("gatewayd tests whether"))


async def device(house: House, person: str) -> dict[str, Any]:
    people = (await house.get("/api/v1/people"))["people"]
    return dict(next(p["devices"][0] for p in people if p["name"] == person))


def test_a_phone_nobody_has_heard_of_is_tested_in_daytime_and_then_left_alone(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        assert (await device(house, "anna"))["state"] == "never heard"
        await until(house, FIVE - timedelta(minutes=1))
        assert tried(house.anna) == 0, "nobody is woken for it"
        await house.text(house.anna, "gatewayd tests whether this phone of Anna is reached. Nothing to do", 3700)
        await house.until(lambda: "phone_reached" in house.events(), 1000)
        assert (await device(house, "anna"))["by"] == "receipt"
        await house.pass_time(3600)
        assert tried(house.anna) == 1

    play(tmp_path, story, policy=AT_WORK, config=WATCHED, modems=1)


def test_one_that_answers_pages_is_not_tested_nor_anybody_who_is_away(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.post("/api/v1/changes", {"kind": "absence", "person": "ben", "since": "now", "until": "+6d"})
        await house.pass_time(1800)
        await house.alert()
        await house.text(house.anna, "edge2 uplink down")
        house.anna.reply("ok")
        await until(house, FIVE + timedelta(minutes=70))
        assert tried(house.anna) == tried(house.ben) == 0
        assert tried(house.cara) == 0, "without a rota of her own, Sunday is no day to test her phone"
        assert (await device(house, "anna"))["state"] == "heard"

    play(tmp_path, story, policy=AT_WORK, config=WATCHED, modems=1)


def test_a_phone_that_is_off_is_told_to_the_manager_once_and_heard_of_again_when_it_is_on(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.anna.switch(on=False)
        await until(house, FIVE)
        words = await house.text(house.cara, "Anna's phone", 5400)
        assert words == (
            "Anna's phone 'phone1' is not reached: a test text did not arrive, never heard of."
            " Pages may not arrive there either"
        )
        assert (await device(house, "anna"))["state"] == "silent"
        assert (await house.get("/readyz"))["checks"]["phones"] == "1 of 3 silent"
        await house.daemon.reload()
        await house.pass_time(3600)
        assert len(house.cara.texts("Anna's phone")) == 1
        house.anna.switch(on=True)
        house.anna.send("+447700900001", "?")
        await house.until(lambda: "text_received" in house.events(), 60)
        assert (await device(house, "anna"))["state"] == "heard"
        assert 'gatewayd_phone_tests_total{result="silent"}' in exposition().decode()

    play(tmp_path, story, policy=AT_WORK, config=WATCHED, modems=1)


def test_its_owner_is_told_on_another_device_and_a_restart_forgets_nothing(tmp_path: Path) -> None:
    two = PEOPLE.replace(
        'full_name = "Ben"\ndevices = [',
        'full_name = "Ben"\ndevices = [{ number = "+447700900177", name = "private" }, ',
    )

    async def story(house: House) -> None:
        await until(house, FIVE + timedelta(minutes=62))
        await house.crash()
        await house.wake()
        await house.text(house.ben, "Your phone 'private' is not reached", 3600)
        people = await typed(house, "people")
        assert [p["name"] for p in people["people"]] == ["anna", "ben", "cara"]

    play(tmp_path, story, policy=AT_WORK, config=WATCHED, people=two, modems=1)


def test_who_is_told_must_be_there() -> None:
    text = f'{ROTA}[[modems]]\nname = "m"\nport = "/dev/m"\n{PEOPLE}[reachability]\ntest_after = "3 days"\n'
    with pytest.raises(ConfigError, match="test_after"):
        parse(text)
    with pytest.raises(ConfigError, match="no person, team or rota 'bob'"):
        parse(text.replace("3 days", "3d") + 'tell = ["bob"]\n')
