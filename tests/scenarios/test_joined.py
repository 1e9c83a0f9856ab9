"""A group of a monitor that goes on changing: the owner hears of what joins, and texts name what fires."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.house import EACH_ALONE, House, play

MONITOR = "/api/v1/intake/alertmanager"
GATEWAY = "+447700900001"
STORM = 500


def alert(summary: str, severity: str = "critical", status: str = "firing") -> dict[str, Any]:
    labels = {"service": "network", "severity": severity}
    return {"status": status, "fingerprint": summary, "labels": labels, "annotations": {"summary": summary}}


async def group(house: House, *alerts: dict[str, Any]) -> None:
    await house.post(MONITOR, {"version": "4", "groupKey": "g1", "status": "firing", "alerts": list(alerts)})


async def taken(house: House, *alerts: dict[str, Any]) -> None:
    """These begin, and Anna takes them."""
    await group(house, *alerts)
    await house.text(house.anna, "Reply ok 10")
    house.anna.send(GATEWAY, "ok")
    await house.text(house.anna, "is yours")


def also(house: House) -> list[str]:
    return [text.text for text in house.anna.texts("10 also")]


def test_a_fault_that_joins_what_is_taken_is_told_and_comes_back_by_its_own_name(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await taken(house, alert("link1 down"))
        await group(house, alert("core router on fire"))
        assert await house.text(house.anna, "router") == "10 also CRITICAL: core router on fire"
        assert not house.ben.texts() and not house.cara.texts(), "it is Anna's"
        await group(house, alert("link1 down", status="resolved"))
        for asked in ("more 10", "?"):
            house.anna.send(GATEWAY, asked)
            told = len(house.anna.texts()) + 1
            await house.until(lambda told=told: len(house.anna.texts()) == told)
            assert "core router on fire" in house.anna.texts()[-1].text
            assert "link1" not in house.anna.texts()[-1].text
        await house.text(house.anna, "10 CRITICAL network: core router on fire (again). Reply ok 10", 5 * 3600)
        await group(house, alert("core router on fire", status="resolved"))
        assert await house.text(house.anna, "cleared") == "10 cleared: core router on fire"

    play(tmp_path, story)


def test_a_group_of_hundreds_makes_two_short_texts(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await taken(house, alert("link0 down"))
        await group(house, *(alert(f"link{n} down") for n in range(1, STORM)))
        await house.pass_time(300)
        assert also(house) == ["10 also CRITICAL: link1 down", f"10 also CRITICAL: link2 down (+{STORM - 3} more)"]
        await group(house, alert("power lost"))
        await house.text(house.anna, "10 also CRITICAL: power lost")

    play(tmp_path, story)


def test_what_is_over_before_it_is_told_is_not_told(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await taken(house, alert("a"))
        await group(house, alert("b"), alert("c"), alert("d", "error"))
        await group(house, alert("c", status="resolved"))
        await house.text(house.anna, "10 also ERROR: d", 90)
        assert also(house) == ["10 also CRITICAL: b", "10 also ERROR: d"]

    play(tmp_path, story)


def test_a_small_fault_that_joins_is_told_only_when_it_gets_bad(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await taken(house, alert("link1 down"))
        await group(house, alert("fan slow", "warning"))
        await house.pass_time(300)
        assert not also(house)
        await group(house, alert("fan slow", "error"))
        await house.text(house.anna, "10 also ERROR: fan slow")
        assert not house.ben.texts()

    play(tmp_path, story)


def test_while_nobody_has_it_the_next_text_counts_what_joined(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await group(house, alert("link1 down"))
        await house.text(house.anna, "link1 down. Reply")
        await group(house, alert("router on fire"))
        await house.text(house.ben, "10 CRITICAL network: link1 down (+1 more). Reply ok 10", 400)
        assert len(house.anna.texts()) == 1
        await group(house, alert("link1 down", status="resolved"))
        await house.text(house.cara, "10 CRITICAL network: router on fire. Reply ok 10", 900)

    play(tmp_path, story)


def test_what_comes_back_counts_all_that_fires(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await taken(house, alert("link1 down"))
        await group(house, alert("router on fire"))
        await house.text(house.anna, "10 CRITICAL network: link1 down (+1 more) (again). Reply ok 10", 5 * 3600)

    play(tmp_path, story)


def test_a_fault_that_comes_and_goes_beside_a_lesser_one_wakes_nobody_again(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await taken(house, alert("link1 down"), alert("fan slow", "warning"))
        for _ in range(4):
            await group(house, alert("link1 down", status="resolved"))
            assert (await house.incident())["severity"] == "warning"
            await house.pass_time(300)
            await group(house, alert("link1 down"))
            assert (await house.incident())["severity"] == "critical"
            await house.pass_time(300)
        assert not house.ben.texts()
        assert len(house.anna.texts("Reply ok")) == 1
        assert also(house) == ["10 also CRITICAL: link1 down"] * 4

    play(tmp_path, story, config=EACH_ALONE)


def test_escalation_goes_on_while_a_fault_comes_and_goes(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await group(house, alert("link1 down"), alert("fan slow", "warning"))
        for _ in range(5):
            await house.pass_time(60)
            await group(house, alert("link1 down", status="resolved"))
            await group(house, alert("link1 down"))
        await house.text(house.ben, "link1 down (+1 more)", 120)

    play(tmp_path, story)


def test_those_who_were_woken_hear_it_when_the_monitor_took_it(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await group(house, alert("link1 down"))
        await house.text(house.anna, "link1 down")
        await house.post("/api/v1/incidents/1/ack", {})
        await group(house, alert("router on fire"))
        await house.text(house.anna, "10 also CRITICAL: router on fire")
        assert not house.ben.texts()

    play(tmp_path, story)


def still(house: House) -> list[str]:
    return [text.text for text in house.anna.texts("10 still")]


def test_what_joined_before_it_was_taken_is_counted_in_the_answer_and_named_when_the_rest_is_over(
    tmp_path: Path,
) -> None:
    async def story(house: House) -> None:
        await group(house, alert("h1 down"))
        await house.text(house.anna, "Reply ok 10")
        await group(house, alert("h1 down"), alert("h2 down"), alert("fan slow", "warning"))
        house.anna.send(GATEWAY, "ok")
        assert await house.text(house.anna, "is yours") == "10 is yours: h1 down (+2 more). Reply more 10"
        await house.pass_time(300)
        assert len(house.anna.texts()) == 2
        house.anna.send(GATEWAY, "more 10")
        assert "3 alerts, with Anna. + fan slow. + h2 down. " in await house.text(house.anna, "3 alerts")
        await group(house, alert("h1 down", status="resolved"))
        assert await house.text(house.anna, "still") == "10 still CRITICAL: h2 down (+1 more)"
        await group(house, alert("h2 down", status="resolved"))
        await house.pass_time(3600)
        assert len(house.anna.texts()) == 4, "the other one was told of, too"
        await group(house, alert("fan slow", status="resolved"))
        await house.text(house.anna, "10 cleared")
        assert not house.ben.texts()

    play(tmp_path, story)


def test_what_was_only_counted_as_it_joined_is_named_when_the_rest_is_over(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await taken(house, alert("h1 down"))
        await group(house, alert("fan slow", "warning"))
        await group(house, alert("h2 down"))
        await group(house, alert("h3 down"), alert("h4 down"))
        await house.text(house.anna, "10 also CRITICAL: h3 down (+1 more)", 90)
        await house.pass_time(300)
        await group(house, *(alert(f"h{n} down", status="resolved") for n in (1, 2)))
        await house.pass_time(300)
        assert not still(house), "h3 fires, and has a name"
        await group(house, alert("h3 down", status="resolved"))
        assert await house.text(house.anna, "still") == "10 still CRITICAL: h4 down (+1 more)"

    play(tmp_path, story)


def test_whoever_takes_it_the_second_time_knows_what_it_says_then(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await taken(house, alert("link1 down", "error"), alert("link2 down", "error"))
        await group(house, alert("router on fire"))
        await house.text(house.anna, "10 CRITICAL network: router on fire (+2 more) (again)")
        house.anna.send(GATEWAY, "ok 10")
        await house.text(house.anna, "10 is yours: router on fire (+2 more). Reply more 10")
        await group(house, alert("router on fire", status="resolved"))
        await house.text(house.anna, "10 still ERROR: link1 down (+1 more)")
        assert not house.ben.texts()

    play(tmp_path, story)


def test_what_joins_and_the_list_say_which_machine(tmp_path: Path) -> None:
    def on(host: str, fault: dict[str, Any]) -> dict[str, Any]:
        return fault | {"labels": {**fault["labels"], "instance": host}}

    async def story(house: House) -> None:
        await taken(house, on("edge1:161", alert("link1 down")))
        await group(house, on("db7.example", alert("disk full", "error")))
        assert await house.text(house.anna, "10 also") == "10 also ERROR db7.example: disk full"
        house.anna.send(GATEWAY, "?")
        assert await house.text(house.anna, "edge1 +1") == "10 edge1 +1: link1 down (Anna). Reply done 10"

    play(tmp_path, story)
