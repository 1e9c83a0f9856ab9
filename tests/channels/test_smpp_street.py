"""Pages by SMPP against the simulated bureau: what its readers see, letter for letter, and by which fields."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gatewayd.delivery.outcome import Accepted, Refused, Withdrawn
from tests.channels.house import withdrawn
from tests.channels.smpp_street import ANNA, OURS, SHORT, Block, live, until

PLAIN = "PROD 42 disk full on db1"
SIGNS = "load {7} [db1] ~5 ^ C:\\x | 12€"  # the extension table
GERMAN = "Übermaß: Zähler für Gänge, groß, @ £ ¥ §"
GREEK = "Ελλάδα: ο δίσκος γέμισε"
SMILE = "disk 😀 full 👍🏽"
LONG = "PROD 42 disk full on db1; " * 14 + "{end}"
LONG_SIGNS = "{[€]}" * 70
LONG_UCS2 = "δίσκος 😀 γέμισε. " * 12
EDGE = "x" * 152 + "€" + "y" * 20  # the pair would be cut at the end of the first part


@pytest.mark.parametrize("words", [PLAIN, SIGNS, GERMAN, GREEK, SMILE, LONG, LONG_SIGNS, LONG_UCS2, EDGE])
@pytest.mark.parametrize("long", ["udh8", "udh16", "sar", "payload"])
@pytest.mark.parametrize("default", ["gsm7", "latin1", "ascii"])
def test_a_text_is_read_as_it_was_written(words: str, long: str, default: str) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        outcomes = await block.say(words)
        assert all(isinstance(outcome, Accepted) for outcome in outcomes), outcomes
        await until(lambda: len(block.house.receipts) == len(outcomes))
        assert block.shown() == [words]
        assert len({receipt.reference for receipt in block.house.receipts}) == len(outcomes)

    live(story, centre={"default_alphabet": default}, alphabet=default, long=long)


@pytest.mark.parametrize(
    ("words", "coding"), [(PLAIN, 0), ("façade, Øre and ý", 3), ("ý" * 100, 3), ("ý" * 150, 8), (GREEK, 8)]
)
def test_data_coding_3_is_used_where_the_bureau_takes_it(words: str, coding: int) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        await block.say(words)
        assert {entry["dcs"] for entry in block.entries("accepted")} == {coding}
        assert len(block.entries("accepted")) == (3 if len(words) == 150 else 1)
        await until(lambda: block.shown() == [words])

    live(story, latin1=True)


def test_many_long_texts_at_once_do_not_mix() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        words = [f"{number} " + LONG for number in range(20)]
        await asyncio.gather(*(block.say(text, reference=number) for number, text in enumerate(words)))
        await until(lambda: len(block.shown()) == 20)
        assert sorted(block.shown()) == sorted(words)

    live(story, centre={"latency_s": 0.1, "latency_jitter_s": 0.1}, window=10)


@pytest.mark.parametrize(
    ("settings", "begin", "long"),
    [
        ({"segments_max": 1}, "47 CRITICAL db1: ", 160),
        ({"segments_max": 2}, "47 CRITICAL db1: ", 306),
        ({"segments_max": 2}, "47 CRITICAL баз: ", 134),
        ({"segments_max": 2, "alphabet": "ascii"}, "47 CRITICAL é: ", 134),
        ({"long": "payload"}, "47 CRITICAL db1: ", 2_000),
    ],
)
def test_a_page_too_long_for_the_bureau_is_cut_and_tells_how_to_answer(
    settings: dict[str, Any], begin: str, long: int
) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        fitted = block.smpp.fit(begin + "x" * 2_500 + ". Reply ok 47", ANNA)
        assert len(fitted.segments) <= settings.get("segments_max", 1)
        assert fitted.altered
        whole = "".join(fitted.segments)
        assert whole.startswith(begin)
        assert whole.endswith("x... Reply ok 47")
        assert len(whole) == long

    live(story, **settings)


@pytest.mark.parametrize(
    ("sender", "shown"), [("NOC", "NOC"), ("60000", "60000"), ("+447700900299", "+447700900299"), ("", None)]
)
@pytest.mark.parametrize("recipient", [ANNA, SHORT])
def test_numbers_and_names_in_their_own_form(sender: str, shown: str | None, recipient: str) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        assert isinstance(await block.send(recipient=recipient), Accepted)
        entry = block.taken(1)[0]
        assert entry["to"] == recipient
        assert shown is None or entry["from"] == shown

    live(story, sender=sender)


@pytest.mark.parametrize("validity", ["relative", "absolute", "none"])
@pytest.mark.parametrize("seconds", [60, 900, 90_000, 7 * 86_400])
def test_the_bureau_keeps_a_page_as_long_as_it_is_worth_something(validity: str, seconds: int) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        await asyncio.sleep(3.7)
        block.anna.switch(False)
        assert isinstance(await block.send(validity_s=seconds), Accepted)
        kept_s = block.taken(1)[0]["valid_s"]
        assert validity == "none" or seconds <= kept_s <= seconds + 60

    live(story, validity=validity)


@pytest.mark.parametrize(("priority", "flag"), [(0, 3), (1, 2), (2, 1), (3, 0)])
@pytest.mark.parametrize(
    ("settings", "report", "registered"),
    [({}, True, 0x01), ({"intermediate": True}, True, 0x11), ({"intermediate": True}, False, 0)],
)
def test_priority_and_receipts_are_asked_for(
    priority: int, flag: int, settings: dict[str, Any], report: bool, registered: int
) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        assert isinstance(await block.send(priority=priority, report=report), Accepted)
        entry = block.taken(1)[0]
        assert (entry["priority"], entry["registered"]) == (flag, registered)
        await asyncio.sleep(60)
        assert bool(block.house.receipts) == report

    live(story, **settings)


def test_our_number_of_the_page_goes_along_where_the_bureau_takes_it() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        assert isinstance(await block.send(attempt_id="65543"), Accepted)
        assert "0007" in str(block.taken(1)[0]["parameters"]) or 7 in block.taken(1)[0]["parameters"].values()

    live(story, references=True)


def test_nothing_is_written_that_is_not_booked_or_cannot_be_written() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        assert await block.smpp.send(block.part(), withdrawn) == Withdrawn()
        assert isinstance(await block.send(recipient="Anna"), Refused)
        assert isinstance(await block.send(recipient="4" * 21), Refused)
        await asyncio.sleep(1)
        assert block.entries("accepted") == []
        await block.works()

    live(story)


def test_who_the_page_is_from_may_be_answered() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        await block.send()
        await until(lambda: block.shown())
        block.anna.reply("ok 42")
        await until(lambda: block.texts() == ["ok 42"])
        text = block.house.texts[0]
        assert (text.sender, text.sender_alphanumeric, text.sim) == (ANNA, False, block.smpp.sim)
        assert block.entries("handed")[-1]["to"] == OURS

    live(story)
