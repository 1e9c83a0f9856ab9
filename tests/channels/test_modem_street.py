"""The modem driver against the simulated street: what it says of a text is held against what the network took."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gatewayd.delivery.outcome import Accepted, Deferred, Refused, Uncertain
from tests.channels.house import until
from tests.channels.street import ANNA, Block, live

PERSONALITIES = ("generic", "huawei-e173", "sim800", "quectel-ec25", "telit-le910")
everywhere = pytest.mark.parametrize("personality", PERSONALITIES)


@everywhere
def test_a_text_a_report_and_a_reply(personality: str) -> None:
    async def story(block: Block) -> None:
        await block.ready(within_s=3.0)
        outcome = await block.send()
        assert outcome == Accepted(str(block.taken(1)[0]["mr"]))
        await until(lambda: block.house.receipts, within_s=10)
        receipt = block.house.receipts[0]
        assert (receipt.reference, receipt.recipient, receipt.status) == (outcome.reference, ANNA, 0)
        block.anna.reply("OK 42, on my way")
        await until(lambda: block.texts(), within_s=10)
        assert block.texts() == ["OK 42, on my way"]
        assert block.house.texts[0].sender == ANNA
        assert block.house.texts[0].sim == block.modem.sim

    live(story, personality=personality)


FAULTS: list[tuple[str, dict[str, Any], type]] = [
    ("refuse", {"cms": 38}, Deferred),
    ("refuse", {"cms": 1}, Refused),
    ("refuse", {"cms": 332, "submitted": True}, Uncertain),
    ("latency", {"seconds": 20}, Accepted),
    ("no_answer", {"submitted": True}, Uncertain),
    ("no_answer", {"submitted": False}, Uncertain),
    ("late", {"seconds": 25}, Accepted),
    ("late", {"seconds": 135}, Accepted),
    ("ok_only", {}, Uncertain),
    ("answer_twice", {}, Accepted),
    ("reset_after_submit", {}, Uncertain),
    ("hangup_after_submit", {"back_after_s": 5}, Uncertain),
    ("freeze_after_submit", {"seconds": 300}, Uncertain),
    ("urc_inside", {"text": '+CMTI: "SM",1'}, Accepted),
    ("urc_in_prompt", {"text": "RING"}, Accepted),
    ("no_prompt", {}, Accepted),
    ("stuck_prompt", {}, Uncertain),
]


@pytest.mark.parametrize(("number", "kind", "options", "expected"), [(i, *row) for i, row in enumerate(FAULTS)])
def test_the_outcome_is_honest_and_the_next_text_has_its_own(
    number: int, kind: str, options: dict[str, Any], expected: type
) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        block.fault(kind, times=1, **options)
        outcome = await block.send()
        assert isinstance(outcome, expected)
        taken = len(block.taken(1))
        assert taken <= 1
        if isinstance(outcome, Deferred | Refused):
            assert taken == 0
        await block.ready()
        assert await block.send() == Accepted(str(block.taken(2)[0]["mr"]))
        assert len(block.taken(2)) == 1
        await asyncio.sleep(120)
        assert len(block.taken(1)) == taken

    live(story, personality=PERSONALITIES[number % len(PERSONALITIES)])


@pytest.mark.parametrize(("seconds", "blocking"), [(190, False), (190, True), (230, True)])
def test_an_answer_after_the_patience_is_over_settles_its_own_attempt(seconds: int, blocking: bool) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        block.fault("late", times=1, seconds=seconds, blocking=blocking)
        assert isinstance(await block.send(), Uncertain)
        await until(lambda: block.house.late, within_s=100)
        answer = block.house.late[0]
        assert (answer.attempt_id, answer.outcome) == ("a1", Accepted(str(block.taken(1)[0]["mr"])))
        await block.ready()
        assert await block.send() == Accepted(str(block.taken(2)[0]["mr"]))
        assert len(block.house.late) == 1

    live(story)


MISHAPS: list[tuple[str, dict[str, Any], float]] = [
    ("reset", {}, 70),
    ("reset", {"noise": False}, 70),
    ("hangup", {"back_after_s": 10}, 15),
    ("hangup", {"power": True, "back_after_s": 10}, 15),
    ("freeze", {"seconds": 30}, 35),
    ("noise", {"octets": 300}, 10),
    ("ring", {}, 10),
    ("stutter", {"seconds": 4}, 15),
    ("echo_on", {}, 15),
    ("numeric", {}, 15),
    ("half_open_prompt", {}, 10),
    ("registration", {"stat": 2, "seconds": 50}, 60),
    ("storage_full", {"memory": "ME"}, 70),
    ("sim_busy", {"seconds": 20}, 30),
    ("notifications_off", {}, 70),
    ("mute", {"on": True, "seconds": 100}, 70),
    ("centre", {}, 15),
]


@pytest.mark.parametrize(("number", "kind", "options", "within_s"), [(i, *row) for i, row in enumerate(MISHAPS)])
def test_a_reply_arrives_once_whatever_happens_to_the_modem(
    number: int, kind: str, options: dict[str, Any], within_s: float
) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        await block.send()
        await asyncio.sleep(1)
        block.fault(kind, **options)
        block.anna.reply("ok 42")
        await until(lambda: "ok 42" in block.texts(), within_s=within_s)
        await block.ready(within_s=within_s)
        for _ in range(5):
            if isinstance(await block.send(), Accepted):
                break
            await asyncio.sleep(6)
        else:
            raise AssertionError("it does not send any more")
        await asyncio.sleep(300)
        assert block.texts().count("ok 42") == 1

    live(story, personality=PERSONALITIES[number % len(PERSONALITIES)])


def test_a_sim_that_is_taken_out_and_put_back() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        block.fault("sim", present=False)
        await until(lambda: block.house.healths[-1].state == "needs_human", within_s=90)
        assert "no SIM" in block.house.healths[-1].reason
        block.fault("sim", present=True)
        await block.ready(within_s=30)
        assert isinstance(await block.send(), Accepted)

    live(story)


@everywhere
def test_a_pin_is_entered_and_only_a_good_one_twice(personality: str) -> None:
    async def good(block: Block) -> None:
        await block.ready(within_s=60)
        block.fault("hangup", power=True, back_after_s=3)
        await until(lambda: not block.modem.ready())
        await block.ready(within_s=60)
        assert block.house.pins == {}

    async def bad(block: Block) -> None:
        await until(lambda: block.house.healths and block.house.healths[-1].state == "needs_human", within_s=60)
        await asyncio.sleep(300)
        assert block.house.pins_tried == 1
        assert list(block.house.pins.values()) == ["bad"]

    live(good, personality=personality, sim_pin="4711", pin="4711")
    live(bad, personality=personality, sim_pin="4711", pin="1234")


def test_a_storm_of_replies_while_texts_go_out() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        await block.send()
        for number in range(150):  # more than the storage holds
            block.anna.reply(f"ok {number}")
        for _ in range(20):
            assert isinstance(await block.send(), Accepted)
        await until(lambda: len(block.house.texts) >= 150, within_s=600)
        assert sorted(block.texts(), key=str) == sorted(f"ok {number}" for number in range(150))

    live(story)


@everywhere
def test_a_text_right_after_an_unnoticed_restart_is_not_sent_in_text_mode(personality: str) -> None:
    """A modem that restarted is in text mode: it would send the digits of the PDU, to a number that is a length."""

    async def story(block: Block) -> None:
        await block.ready()
        block.fault("reset", noise=False, seconds=0.5)
        await asyncio.sleep(2)
        outcome = await block.send()
        accepted = [entry for entry in block.street.ledger.entries if entry["event"] == "accepted"]
        assert len(accepted) == isinstance(outcome, Accepted)
        assert isinstance(outcome, Accepted | Deferred)
        await block.ready()
        assert isinstance(await block.send(), Accepted)

    live(story, personality=personality)
