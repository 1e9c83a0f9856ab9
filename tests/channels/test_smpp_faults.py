"""Every fault that the simulated bureau can play: what the channel says of a page is held against what was taken."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gatewayd.delivery.outcome import Accepted, Deferred, Refused, Uncertain
from tests.channels.smpp_street import Block, live, until

# What the bureau is made to do, what is said of the page, and whether it was taken.
FAULTS: list[tuple[str, dict[str, Any], type, int]] = [
    ("throttle", {}, Accepted, 1),
    ("queue_full", {}, Accepted, 1),
    ("reject", {"status": "RSYSERR"}, Deferred, 0),
    ("reject", {"status": "RINVDSTADR"}, Refused, 0),
    ("reject", {"status": "RINVMSGLEN"}, Refused, 0),
    ("reject", {"status": "RINVBNDSTS"}, Deferred, 0),
    ("reject", {"status": 0x0410}, Deferred, 0),
    ("reject", {"status": 0x7FFF}, Deferred, 0),
    ("slow", {"seconds": 8}, Accepted, 1),
    ("no_response", {}, Uncertain, 1),
    ("no_response", {"submitted": False}, Uncertain, 0),
    ("drop_after_submit", {}, Uncertain, 1),
    ("drop_after_submit", {"reset": True}, Uncertain, 1),
    ("drop_after_submit", {"submitted": False}, Uncertain, 0),
    ("drop_mid_pdu", {}, Uncertain, 1),
    ("drop_mid_pdu", {"octets": 3, "submitted": False}, Uncertain, 0),
    ("response_twice", {}, Accepted, 1),
    ("wrong_sequence", {}, Uncertain, 1),
    ("nack_response", {"status": "RSYSERR"}, Deferred, 0),
    ("nack_response", {"status": "RINVCMDLEN"}, Deferred, 0),
    ("garbage_response", {"octets": 16}, Uncertain, 1),
    ("garbage_response", {"octets": 3}, Uncertain, 1),
    ("bad_length_response", {}, Uncertain, 1),
    ("bad_length_response", {"length": 17}, Accepted, 1),  # an id of one character, and then nonsense
    ("bad_length_response", {"length": 90000000}, Uncertain, 1),
    ("empty_id", {}, Accepted, 1),
    ("unterminated_id", {}, Accepted, 1),
    ("unknown_parameter", {}, Accepted, 1),
    ("lose_page", {}, Accepted, 1),
    ("page_twice", {}, Accepted, 1),
]


@pytest.mark.parametrize(("kind", "options", "expected", "taken"), FAULTS)
def test_the_outcome_is_honest_and_the_next_page_has_its_own(
    kind: str, options: dict[str, Any], expected: type, taken: int
) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        block.fault(kind, times=1, **options)
        outcome = await block.send()
        assert isinstance(outcome, expected), outcome
        assert len(block.taken(1)) == taken
        block._numbers += 10
        await block.works(within_s=90)
        await asyncio.sleep(120)
        assert len(block.taken(1)) == taken, "never by itself once more"

    clean = kind not in ("garbage_response", "bad_length_response")
    live(story, answer_wait_s=10, clean=clean)


@pytest.mark.parametrize("status", ["RSYSERR", "RINVDSTADR", "RTHROTTLED"])
def test_a_bureau_that_lies_is_believed_but_what_it_says_later_counts(status: str) -> None:
    """An error for what was taken cannot be told from one that is true; the receipt that comes names nobody we know."""

    async def story(block: Block) -> None:
        await block.ready()
        block.fault("reject", times=1, status=status, submitted=True)
        outcome = await block.send()
        assert isinstance(outcome, Accepted if status == "RTHROTTLED" else Deferred | Refused)
        await until(lambda: block.house.receipts)

    live(story)


def test_answers_that_overtake_one_another_find_their_pages() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        block.fault("response_reordered", every=3)
        done = await block.gives(30)
        for part, outcome in done:
            assert isinstance(outcome, Accepted), outcome
            taken = [entry for entry in block.entries("accepted") if entry["text"] == part.segment]
            assert [entry["message_id"] for entry in taken] == [outcome.reference]

    live(story, centre={"latency_s": 0.3, "latency_jitter_s": 0.3})


def test_a_late_answer_settles_its_own_page() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        block.fault("slow", times=1, seconds=25)
        assert isinstance(await block.send(), Uncertain)
        assert isinstance(await block.send(), Accepted)
        await until(lambda: block.house.late, within_s=30)
        late, entry = block.house.late[0], block.taken(1)[0]
        assert late.attempt_id == "1"
        assert isinstance(late.outcome, Accepted)
        assert late.outcome.reference == entry["message_id"]
        await asyncio.sleep(60)
        assert len(block.house.late) == 1

    live(story, answer_wait_s=10)


BINDS: list[tuple[str, dict[str, Any], float]] = [
    ("bind_slow", {"seconds": 12}, 20),
    ("bind_slow", {"seconds": 45}, 90),
    ("bind_unanswered", {}, 90),
    ("bind_dropped", {}, 30),
    ("bind_early_delivery", {}, 20),
    ("bind_refused", {"status": "RBINDFAIL"}, 1000),
    ("bind_refused", {"status": "RINVPASWD"}, 1000),
    ("bind_refused", {"status": "RALYBND"}, 120),
    ("bind_refused", {"status": "RSYSERR"}, 120),
]


@pytest.mark.parametrize(("kind", "options", "within_s"), BINDS)
@pytest.mark.parametrize("times", [1, 2])
def test_a_bind_comes_about_in_the_end(kind: str, options: dict[str, Any], within_s: float, times: int) -> None:
    async def story(block: Block) -> None:
        block.fault(kind, times=times, **options)
        block.open()
        if kind == "bind_refused":
            await until(lambda: block.house.healths)
            told = block.house.healths[0]  # it may be up a moment later
            login = options["status"] in ("RBINDFAIL", "RINVPASWD")
            assert told.state == ("needs_human" if login else "down")
            assert "refused" in told.reason
        await block.ready(within_s=within_s * times)
        await block.works()
        assert block.house.healths[-1].state == "up"

    live(story, opened=False)


@pytest.mark.parametrize("errors", ["plain", "veiled"])
def test_a_wrong_password_is_told_and_not_hammered(errors: str) -> None:
    async def story(block: Block) -> None:
        await until(lambda: block.house.healths)
        told = block.house.healths[-1]
        assert told.state == "needs_human"
        assert ("password" if errors == "plain" else "bind failed") in told.reason
        await asyncio.sleep(3600)
        assert len(block.entries("bind")) <= 10
        assert {health.state for health in block.house.healths} == {"needs_human"}

    live(story, password="wr0ng!pw", centre={"bind_errors": errors})


MISHAPS: list[tuple[str, dict[str, Any], float]] = [
    ("drop", {}, 10),
    ("drop", {"reset": True}, 10),
    ("drop", {"back_after_s": 40}, 120),
    ("drop", {"back_after_s": 40, "refuse": True}, 120),
    ("silence", {"seconds": 20}, 60),
    ("silence", {"seconds": 400}, 120),
    ("silence", {"seconds": 100, "new": True}, 300),
    ("mute_enquire", {"on": True}, 60),
    ("unbind", {}, 20),
    ("enquire", {}, 5),
    ("garbage", {"octets": 40}, 30),
    ("garbage", {"hex": "00000010000000150000000000000001"}, 30),
    ("garbage", {"hex": "00"}, 120),
    ("split", {"octets": 1}, 20),
    ("split", {"octets": 7, "gap_s": 0.01}, 20),
    ("gather", {"seconds": 1}, 20),
    ("unknown_command", {"command": 0x0999}, 5),
    ("bad_delivery", {"how": "cut"}, 30),
    ("bad_delivery", {"how": "no_nul"}, 30),
    ("bad_delivery", {"how": "sm_length"}, 30),
    ("bad_delivery", {"how": "parameter"}, 30),
    ("orphan_receipt", {"message_id": "nobodys", "state": "DELIVERED", "number": "+447700900201"}, 5),
    ("alert", {"number": "+447700900201", "available": 0}, 5),
]


@pytest.mark.parametrize(("kind", "options", "within_s"), MISHAPS)
def test_pages_and_a_reply_get_through_whatever_happens(kind: str, options: dict[str, Any], within_s: float) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        await block.send()
        await until(lambda: block.house.receipts)
        block.fault(kind, **options)
        block.anna.reply("ok 42")
        await block.works(within_s=within_s)
        await until(lambda: block.texts().count("ok 42") == 1, within_s=60)
        await asyncio.sleep(200)
        assert block.smpp.ready()
        assert block.texts().count("ok 42") == 1
        assert block.house.healths[-1].state == "up"

    # The bureau does not know again the sequence number of its own unknown command: SMPP 3.4 4.3 asks for this answer.
    live(story, clean=kind not in ("garbage", "silence", "unknown_command"))


def test_a_dead_link_is_found_while_nothing_is_sent() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        began = asyncio.get_running_loop().time()
        block.fault("silence", seconds=1000)
        await until(lambda: block.house.healths[-1].state == "down", within_s=60)
        assert 25 <= asyncio.get_running_loop().time() - began <= 50
        assert "nothing heard" in block.house.healths[-1].reason
        await block.works()

    live(story, clean=False)


def test_pages_in_a_dead_link_are_in_doubt_and_the_next_go_by_another() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        block.fault("silence", seconds=1000)
        out = [block.sending() for _ in range(5)]
        assert [type(outcome) for outcome in await asyncio.gather(*out)] == [Uncertain] * 5
        await block.works()

    live(story, clean=False)


def test_an_outbind_of_nobody_harms_nothing() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        block.fault("outbind", to=f"127.0.0.1:{block.port()}")
        await block.works()

    live(story, clean=False)
