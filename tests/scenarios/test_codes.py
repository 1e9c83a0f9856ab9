"""A code that people still have on their phones means one incident and no other, until it has rested for a day."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatewayd.clock import SECOND
from gatewayd.oncall.codes import pool
from gatewayd.store.db import Tx
from tests.house import House, play

DAY = 24 * 3600
QUIET = """
[[maintenance]]
name = "quiet"
services = ["quiet"]
since = 2026-11-20T00:00:00Z
until = 2026-12-20T00:00:00Z
"""
SHORT = sum(digits == 2 for _, digits in pool())


async def opened(house: House, key: str) -> str:
    """A fresh incident that somebody has at once, so that nobody is woken; its code."""
    number = (await house.alert(key, summary=f"{key} is down"))["incident"]
    await house.post(f"/api/v1/incidents/{number}/ack", {"by": "cara"})
    return str((await house.incident(number))["code"])


def rested(tx: Tx, code: str) -> None:
    tx.run("UPDATE code SET free_at = 0 WHERE code = :code", code=code)


def test_a_code_rests_for_a_day_and_is_given_again_after_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.alert("first", summary="first is down")
        assert await house.text(house.anna, "first") == "10 CRITICAL network: first is down. Reply ok 10"
        others = {await opened(house, f"other {n}") for n in range(SHORT - 1)}
        assert len(others) == SHORT - 1, "nobody shares a code"
        assert {len(code) for code in others} == {2}
        assert len(await opened(house, "one more")) == 3, "while all short ones are taken"
        await house.alert("first", status="resolved")
        closed = house.seconds
        await house.pass_time(60)
        assert len(await opened(house, "a minute later")) == 3

        await house.pass_time(closed + DAY - 60 - house.seconds)
        assert len(await opened(house, "a day less a minute later")) == 3
        house.anna.reply("ok 10")
        assert await house.text(house.anna, "already") == "10 is over already"
        await house.pass_time(closed + DAY + 60 - house.seconds)
        house.anna.reply("ok 10")
        assert await house.text(house.anna, "No incident") == "No incident of yours has code 10. Reply ? for the list"

        await house.alert("afresh", summary="afresh is down")
        assert await house.text(house.anna, "afresh") == "10 CRITICAL network: afresh is down. Reply ok 10"
        await house.pass_time(5)  # nobody types as fast as the network's clock ticks
        house.anna.reply("ok 10")
        assert (await house.text(house.anna, "is yours")).startswith("10 is yours: afresh is down")
        assert [i["summary"] for i in (await house.get("/api/v1/incidents", state="resolved"))["incidents"]] == [
            "first is down"
        ]

    play(tmp_path, story)


def test_the_day_of_rest_is_a_day_though_the_daemon_died(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for n in range(SHORT):
            await opened(house, str(n))
        await house.alert("0", status="resolved")
        await house.pass_time(DAY - 1800)
        await house.crash()
        await house.wake()
        assert len(await opened(house, "still resting")) == 3
        await house.pass_time(1900)
        assert await opened(house, "rested") == "10"

    play(tmp_path, story)


@pytest.mark.parametrize("days", [2, -2, 20_000], ids=["two days on", "two days back", "54 years on"])
def test_the_day_of_rest_is_a_day_though_the_clock_is_set(tmp_path: Path, days: int) -> None:
    async def story(house: House) -> None:
        await house.alert("0", summary="0 is down")
        await house.text(house.anna, "0 is down")
        for n in range(1, SHORT):
            await opened(house, str(n))
        await house.alert("0", status="resolved")
        await house.pass_time(60)
        house.clock.set_wall(days * DAY * SECOND)
        await house.pass_time(60)
        assert len(await opened(house, "two minutes later")) == 3
        house.anna.reply("ok 10")
        assert await house.text(house.anna, "already") == "10 is over already"
        await house.pass_time(DAY)
        house.anna.reply("ok 10")
        assert await house.text(house.anna, "No incident") == "No incident of yours has code 10. Reply ? for the list"
        assert await opened(house, "rested") == "10"

    play(tmp_path, story)


@pytest.mark.parametrize("word", ["ok", "done"])
def test_a_reply_that_was_kept_until_its_code_was_given_again_does_nothing_to_the_new_one(
    tmp_path: Path, word: str
) -> None:
    async def story(house: House) -> None:
        await house.alert("first", summary="first is down")
        await house.text(house.anna, "first")
        for n in range(SHORT - 1):
            await house.alert(f"other {n}", summary=f"{n} is slow", service="quiet", severity="info")
        house.street.fault("modem1", {"kind": "registration", "stat": 0})
        await house.pass_time(5)
        house.anna.send("+447700900001", f"{word} 10")
        await house.pass_time(5)
        await house.alert("first", status="resolved")
        house.clock.set_wall((DAY + 1800) * SECOND)  # a day in one step: one of an idle house takes
        await house.pass_time(90)  # half a minute to tell
        await house.daemon.store.write(rested, "10")
        number = (await house.alert("afresh", summary="afresh is down"))["incident"]
        assert (await house.text(house.anna, "afresh", 60)).startswith("10 CRITICAL")
        house.street.fault("modem1", {"kind": "registration", "stat": 1})
        await house.text(house.anna, f"10 came after your text. Reply {word} 10", 300)
        assert (await house.incident(number))["state"] == "open"
        await house.pass_time(10)
        house.anna.send("+447700900002", "done 10")
        assert (await house.text(house.anna, "is closed")).startswith("10 is closed: afresh")

    play(tmp_path, story, config=QUIET)
