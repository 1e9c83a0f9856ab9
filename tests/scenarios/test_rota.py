"""Who is on call by a rota is who is paged, whatever changes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gatewayd.clock import SECOND
from gatewayd.config.file import ConfigError, parse
from gatewayd.model import Refusal
from gatewayd.oncall.cover import Absence, Change, Override, Swap
from tests.house import EPOCH, PEOPLE, House, play

ROTA = """
default_policy = "default"
[[policies]]
name = "default"
fallback = ["cara"]
[[policies.steps]]
page = ["rota:noc"]
wait_s = 300
[[policies.steps]]
page = ["backup:noc"]
wait_s = 300
[[rotas]]
name = "noc"
zone = "Europe/London"
fallback = ["cara"]
[[rotas.layers]]
name = "weeks"
people = ["anna", "ben"]
start = 2026-11-16
hand_over = "mon 09:00"
"""
NOW = int(EPOCH.timestamp()) * SECOND  # Sunday 04:12: Anna's week, Ben's begins on Monday at 09:00
DAY = 86_400 * SECOND


async def book(house: House, change: Change) -> int:
    desk = house.daemon.desk
    return (await house.daemon.store.write(desk.roster.accept, change, by="operator", now=house.clock.now())).id


def paged(house: House) -> list[str]:
    return [str(p["person"]) for p in house.daemon.store.peek(lambda r: r.all("SELECT person FROM page ORDER BY id"))]


def test_whose_turn_it_is_is_paged_then_the_backup_then_the_fallback(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2 uplink down")
        await house.text(house.ben, "edge2 uplink down", 400)
        await house.until(lambda: "cara" in paged(house), 1300)
        assert paged(house)[:2] == ["anna", "ben"]

    play(tmp_path, story, policy=ROTA)


def test_after_the_hand_over_the_other_one_is_paged(tmp_path: Path) -> None:
    monday = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    async def story(house: House) -> None:
        await house.pass_time(570)
        await house.alert("a")
        await house.until(lambda: paged(house) == ["anna"])
        await house.pass_time(60)
        await house.text(house.ben, "10 CRITICAL")  # what nobody has taken goes over with the duty
        await house.alert("b")
        await house.text(house.ben, "47 CRITICAL")
        assert not house.anna.texts("47 CRITICAL")

    play(tmp_path, story, policy=ROTA, began=monday - timedelta(minutes=10))


def test_an_override_an_absence_and_a_swap_change_who_is_paged(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await book(house, Override("noc", "cara", NOW, NOW + DAY // 4, made_at=0))
        await house.alert("a")
        await house.until(lambda: paged(house) == ["cara"])
        await house.pass_time(6 * 3600)
        away = await book(house, Absence("anna", house.clock.now(), house.clock.now() + DAY))
        await house.alert("b")
        await house.until(lambda: paged(house)[-1] == "ben" and len(paged(house)) >= 2)
        now = house.clock.now()
        await house.daemon.store.write(house.daemon.desk.roster.withdraw, away, by="operator", now=now)
        await house.alert("c")
        await house.until(lambda: paged(house)[-1] == "anna")
        await book(house, Swap("anna", "cara", house.clock.now(), house.clock.now() + DAY // 2, made_at=0))
        await house.alert("d")
        await house.until(lambda: paged(house)[-1] == "cara")
        assert {"cover_changed", "cover_ended"} <= set(house.events())

    play(tmp_path, story, policy=ROTA)


def test_what_would_leave_nobody_is_refused_with_the_time(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await book(house, Absence("anna", NOW, NOW + 3 * DAY))
        with pytest.raises(Refusal, match="would have nobody from Sun 22 Nov"):
            await book(house, Absence("ben", NOW, NOW + DAY))
        with pytest.raises(Refusal, match="anna is absent"):
            await book(house, Override("noc", "anna", NOW, NOW + DAY, made_at=0))
        with pytest.raises(Refusal, match="nobody called 'zoe'"):
            await book(house, Absence("zoe", NOW, NOW + DAY))

    play(tmp_path, story, policy=ROTA)


def test_changes_outlive_the_daemon(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await book(house, Absence("anna", NOW, NOW + DAY))
        await house.crash()
        await house.wake()
        await house.alert()
        await house.until(lambda: paged(house) == ["ben"])

    play(tmp_path, story, policy=ROTA)


def test_a_rota_with_a_hole_is_refused_but_never_keeps_the_house_closed() -> None:
    told = ROTA.replace("[[rotas.layers]]", "[[rotas.layers]]\nuntil = 2026-12-07")
    text = f'{told}[[modems]]\nname = "m"\nport = "/dev/ttyUSB9"\n{PEOPLE}'
    with pytest.raises(ConfigError, match="nobody from Mon 7 Dec 2026"):
        parse(text, now=NOW)
    assert "nobody from" in parse(text, now=NOW, at_start=True).warnings[0]


def test_a_policy_that_names_a_rota_that_is_not_there_is_refused() -> None:
    text = f'{ROTA.replace("rota:noc", "rota:nok")}[[modems]]\nname = "m"\nport = "/dev/ttyUSB9"\n{PEOPLE}'
    with pytest.raises(ConfigError, match="no rota 'nok'"):
        parse(text, now=NOW)
