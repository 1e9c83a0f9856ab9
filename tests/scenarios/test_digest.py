"""The morning's digest finds a device that is on, once, and loses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tale import PHONES, SECONDS, Tale, person, policy, tell

RULE = """
[[rules]]
name = "morning"
severities = ["warning"]
zone = "Europe/London"
digest = "08:30"
"""
WARNINGS = ("Disk 80 % full", "Fan is slow", "Battery is old")
PEOPLE = person("anna", "phone", "second") + person("ben")
POLICY = policy("anna 300", "ben 300", fallback="ben")
EARLY = "2026-11-23 08:26"


async def warnings(tale: Tale) -> None:
    for words in WARNINGS:
        await tale.fault(words, severity="warning")
    await tale.minutes(2)


def digests(tale: Tale, who: str) -> tuple[int, int]:
    """How many came to the first phone, and to the second."""
    return len(tale.heard(who, "3 open: ")), len(tale.seconds_of[who].texts("3 open: "))


def test_it_goes_on_to_the_phone_that_is_on(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await warnings(tale)
        tale.off("anna")
        words = await tale.text(tale.seconds_of["anna"], "3 open: ", 300)
        assert "Fan is slow" in words
        await tale.minutes(40)
        tale.phones["anna"].switch(on=True)
        await tale.minutes(120)
        assert digests(tale, "anna") in ((0, 1), (1, 1)), "the first phone shows at most what the network had kept"
        tale.seconds_of["anna"].send("+447700900001", "ok all")
        await tale.text(tale.seconds_of["anna"], "are yours", 60)
        assert tale.silent("ben")

    tell(tmp_path, story, POLICY, RULE, people=PEOPLE, at=EARLY)


def test_what_was_delivered_goes_to_nobody_else(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await warnings(tale)
        await tale.hears("anna", "3 open: ", 200)
        await tale.minutes(120)
        assert digests(tale, "anna") == (1, 0)

    tell(tmp_path, story, POLICY, RULE, people=PEOPLE, at=EARLY)


def test_a_number_that_nothing_reaches_is_passed_over_at_once(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await warnings(tale)
        await tale.text(tale.seconds_of["anna"], "3 open: ", 150)
        await tale.minutes(60)
        assert digests(tale, "anna") == (0, 1)

    people = PEOPLE.replace(PHONES["anna"], "+447700900177")
    tell(tmp_path, story, POLICY, RULE, people=people, at=EARLY)


def test_what_no_device_took_waits_for_the_next_one(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await warnings(tale)
        tale.off("anna")
        tale.seconds_of["anna"].switch(on=False)
        await tale.minutes(180)
        sent = [m for m in (await tale.get("/api/v1/messages"))["messages"] if m["kind"] == "digest"]
        assert sorted(m["recipient"] for m in sent) == [PHONES["anna"], SECONDS["anna"]], "each once"
        for number in (1, 2, 3):
            incident = await tale.incident(number)
            assert (incident["held_for"], incident["held_until"]) == ("digest", "2026-11-24T08:30:00.000Z")

    tell(tmp_path, story, POLICY, RULE, people=PEOPLE, at=EARLY)


def test_what_ends_while_it_waits_takes_nothing_else_with_it(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await warnings(tale)
        tale.street.fault("modem1", {"kind": "hangup", "back_after_s": 600})
        await tale.minutes(4)
        await tale.over("Fan is slow")
        await tale.post("/api/v1/incidents/3/ack", {"by": "ben"})
        words = await tale.hears("anna", "Disk 80 % full", 600)
        assert "Fan" not in words
        assert "Battery" not in words
        await tale.minutes(10)
        assert len(tale.heard("anna")) == 1

    tell(tmp_path, story, POLICY, RULE, people=PEOPLE, at=EARLY)


@pytest.mark.parametrize(
    ("devices", "beeps"),
    [("", True), ('devices = { warning = ["pager", "phone"] }\n', True), ('devices = { warning = "phone" }\n', False)],
    ids=["any", "both", "phones only"],
)
def test_a_pager_comes_after_the_phones_and_only_if_the_policy_uses_it(
    tmp_path: Path, devices: str, *, beeps: bool
) -> None:
    async def story(tale: Tale) -> None:
        await warnings(tale)
        tale.off("anna")
        await tale.minutes(3)
        assert not tale.beeped("anna")
        await tale.minutes(20)
        assert [words.count("Fan is slow") for words in tale.beeped("anna")] == [1] * beeps

    people = person("anna", "pager", "phone") + person("dan")
    said = policy("anna 300").replace("wait_s", f"{devices}wait_s")
    tell(tmp_path, story, said, RULE, people=people, pagers=True, at=EARLY)


async def over_in_the_night(tale: Tale) -> None:
    await tale.wait_until("2026-11-24 02:00")
    for words in WARNINGS:
        await tale.over(words)
        await tale.minutes(20)


@pytest.mark.parametrize("taken", [True, False])
def test_what_waited_for_the_morning_is_over_in_the_morning_too(tmp_path: Path, taken: bool) -> None:
    """Three faults of the digest clear by themselves at two: nobody is woken to hear that."""

    async def story(tale: Tale) -> None:
        await warnings(tale)
        await tale.hears("anna", "3 open: ", 200)
        if taken:
            tale.says("anna", "ok all")
            await tale.hears("anna", "are yours")
        before = len(tale.heard("anna"))
        await over_in_the_night(tale)
        await tale.wait_until("2026-11-24 08:25")
        assert len(tale.heard("anna")) == before
        words = await tale.hears("anna", "3 cleared", 600)
        assert len(tale.heard("anna")) == before + 1, words

    tell(tmp_path, story, POLICY, RULE, people=PEOPLE, at=EARLY)


def test_all_means_the_digest_as_well_while_something_else_pages(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await warnings(tale)
        await tale.hears("anna", "3 open: ", 200)
        await tale.fault("core down")
        await tale.hears("anna", "core down", 60)
        tale.says("anna", "ok all")
        await tale.hears("anna", " are yours")
        assert tale.heard("anna")[-1] == "31, 10, 47, 84 are yours"

    tell(tmp_path, story, POLICY, RULE, people=PEOPLE, at=EARLY)


def test_what_was_taken_and_still_fires_waits_for_the_morning_again(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await warnings(tale)
        await tale.wait_until("2026-11-23 22:10")
        tale.says("anna", "ok all")
        await tale.hears("anna", "are yours")
        before = len(tale.heard("anna"))
        await tale.wait_until("2026-11-24 08:25")
        assert len(tale.heard("anna")) == before
        await tale.hears("anna", "3 open: ", 600)

    tell(tmp_path, story, POLICY, RULE, people=PEOPLE, at=EARLY)


def test_what_is_worse_than_the_digest_is_told_at_once_when_it_is_over(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.wait_until("2026-11-24 02:00")
        await tale.fault("core down", severity="critical")
        await tale.hears("anna", "core down")
        tale.says("anna", "ok")
        await tale.hears("anna", "is yours")
        await tale.over("core down")
        await tale.hears("anna", "cleared", 60)

    tell(tmp_path, story, POLICY, RULE, people=PEOPLE, at=EARLY)


def test_it_says_on_which_machine(tmp_path: Path) -> None:
    async def story(tale: Tale) -> None:
        await tale.fault("Disk 80 % full", severity="warning", host="db1")
        await tale.fault("Fan is slow", severity="warning")
        assert await tale.text(tale.phones["anna"], "2 open: ", 300) == (
            "2 open: 10 db1: Disk 80 % full; 47 Fan is slow. Reply ok 10"
        )

    tell(tmp_path, story, POLICY, RULE, people=PEOPLE, at=EARLY)
