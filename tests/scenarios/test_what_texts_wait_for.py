"""A text that is due and does not go: whoever looks reads what keeps it and until when; the journal tells it once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from gatewayd.metrics import exposition
from tests.house import ANNA
from tests.scenarios import bureau_by_hand, test_bureau
from tests.scenarios.bureau_by_hand import Lodge, Submitted
from tests.scenarios.test_bureau import POLICY, Office
from tests.scenarios.test_ways import PLAN, arrived, carriers, send

PEOPLE = '[[people]]\nname = "cara"\nfull_name = "Cara"\ndevices = [{ number = "+447700900113", channel = "north" }]\n'
ALONE = POLICY.replace('"anna", "ben"', '"cara"')


async def queued(lodge: Lodge, text: str, **fields: Any) -> int:
    body = {"to": "short:4711", "text": text, "channel": "north", **fields}
    return int((await lodge.post("/api/v1/messages", body))["messages"][0]["id"])


def test_a_bureau_that_is_away(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        number = await queued(lodge, "first")
        await lodge.until(lambda: lodge.bureau.texts)
        assert (await lodge.message(number))["waits_for"] == ""
        await lodge.bureau.close()
        await lodge.until(lambda: not lodge.daemon.dispatch.up())
        await lodge.pass_time(3)
        assert (await lodge.message(await queued(lodge, "second")))["waits_for"] == (
            "north: down: cannot be reached: Connection refused"
        )
        await lodge.bureau.open()

    bureau_by_hand.play(tmp_path, story, people=PEOPLE, policy=ALONE)


def test_what_goes_before_it_at_a_bureau_with_a_rate(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        numbers = [await queued(lodge, f"text {n}", priority="low") for n in range(12)]
        await lodge.until(lambda: len(lodge.bureau.texts) == 2)
        assert "9 texts go before it" in (await lodge.message(numbers[-1]))["waits_for"]
        await lodge.until(lambda: len(lodge.bureau.texts) == 12)

    bureau_by_hand.play(tmp_path, story, people=PEOPLE, policy=ALONE, settings="rate_per_s = 1")


def test_a_bureau_that_takes_one_in_a_minute(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        await lodge.send("short:4711", "first")
        waits = await lodge.message(await queued(lodge, "second"))
        assert waits["waits_for"].startswith("north: its pace: the next one in ")
        assert 40 < int(waits["waits_for"].split()[-2]) <= 61

    bureau_by_hand.play(tmp_path, story, people=PEOPLE, policy=ALONE, settings="rate_per_s = 0.0166")


def test_a_bureau_that_bars_us_is_in_the_journal_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def story(lodge: Lodge) -> None:
        lodge.bureau.answering = lambda text: text.answer("", 0x14)
        numbers = [await queued(lodge, f"text {n}", validity_s=900) for n in range(3)]
        told: set[str] = set()
        for second in range(150):
            await lodge.pass_time(1)
            ready, parts = lodge.daemon.ready()
            assert ready or second < 15, "its rests do not make it come and go"
            assert "throttles" in parts["north"] or second < 15, parts
            found = [await lodge.message(number) for number in numbers]
            told |= {f"{m['reason']} / {m['waits_for']}" for m in found if m["state"] == "queued"}
        why = "north takes no more for now: message queue full (smpp 0x14)"
        assert any(f"{why}; again later / north: resting: {why}; tried again in" in one for one in told), told
        assert sum(getattr(record, "event", "") == "channel_rests" for record in caplog.records) > 3
        rests = [line for line in (await lodge.get("/api/v1/journal"))["lines"] if line["event"] == "channel_rests"]
        assert [line["facts"]["channel"] for line in rests] == ["north"]
        lodge.bureau.answering = lambda text: text.answer(text.text)
        await lodge.until(lambda: lodge.events().count("message_sent") == 3, 120)

    bureau_by_hand.play(tmp_path, story, people=PEOPLE, policy=ALONE)


def test_a_text_that_waits_for_a_bucket_and_then_goes_by_another_way(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        office.street.bureau_fault("north", {"kind": "drop", "back_after_s": 20, "refuse": True})
        await office.until(lambda: office.daemon.dispatch.up() == ("modem1",), 120)
        first = await send(office, ANNA, "empties it", priority="low")
        number = await send(office, ANNA, "waits for it", priority="low")
        await arrived(office, first)
        waits = await office.message(number)
        assert "its bucket is empty" in waits["reason"], waits
        assert waits["due_at"] > waits["created_at"]
        await arrived(office, number)
        assert (carriers(office, "empties"), carriers(office, "waits")) == (["modem1"], ["north"])
        lines = (await office.get("/api/v1/journal", message=number))["lines"]
        moved = [line["facts"] for line in lines if line["event"] == "message_moved"]
        assert [line["way"] for line in moved] == ["north"]
        assert "the cheapest of modem1, north" in moved[0]["reason"]

    bucket = PLAN.replace("cost = 0.04\n", "cost = 0.04\nper_minute = 0.5\nburst = 1\n")
    test_bureau.play(tmp_path, story, settings=bucket)


@pytest.mark.parametrize("every_s", [0, 5])
def test_a_bureau_that_throttles_says_so_and_what_the_queue_needs(tmp_path: Path, every_s: int) -> None:
    """It takes nothing, or one text in five seconds: 60 that wait need five minutes, and not seconds."""

    async def story(lodge: Lodge) -> None:
        taken_at = [-99.0]

        def answer(text: Submitted) -> None:
            takes = every_s > 0 and lodge.seconds - taken_at[0] >= every_s
            taken_at[0] = lodge.seconds if takes else taken_at[0]
            text.answer(text.text, 0 if takes else 0x58)

        lodge.bureau.answering = answer
        for number in range(60):
            await lodge.post(
                "/api/v1/messages", {"to": f"+4477009{number:05}", "text": f"text {number}", "channel": "north"}
            )
        await lodge.pass_time(100)
        assert "throttles: too many messages (smpp 0x58)" in lodge.daemon.ready()[1]["north"]
        shown = re.search(r'gatewayd_queue_drain_seconds\{channel="north"\} (\S+)', exposition().decode())
        assert shown is not None
        needs_s = float(shown[1])
        assert 150 < needs_s < 400 if every_s else needs_s > 3000, needs_s
        assert "texts wait; north needs about" in lodge.daemon.ready()[1].get("queue", "") or needs_s < 300
        lodge.bureau.answering = lambda text: text.answer(text.text)
        await lodge.pass_time(120)
        assert "throttles" not in lodge.daemon.ready()[1]["north"]
        assert "queue" not in lodge.daemon.ready()[1]

    bureau_by_hand.play(tmp_path, story, people=PEOPLE, policy=ALONE)
