"""What people answer by SMPP: short and long, in all forms, once."""

from __future__ import annotations

import asyncio

import pytest

from gatewayd.model import Incoming
from tests.channels.smpp_street import ANNA, Block, live, until

LONG = "I am on my way, the train is late: {30 min} at least. " * 6
FOREIGN = "Έρχομαι αμέσως 😀 " * 10


def joined(texts: list[Incoming]) -> str:
    """As the house joins them: by reference, width and number."""
    if texts[0].concat is None:
        return str(texts[0].text)
    assert len({(text.sender, text.concat[:3]) for text in texts if text.concat}) == 1
    return "".join(str(text.text) for text in sorted(texts, key=lambda text: text.concat or ()))


@pytest.mark.parametrize("words", ["ok 42", "nein, ich kann nicht: {größer} €", "εντάξει 42 👍", LONG, FOREIGN])
@pytest.mark.parametrize("form", ["udh8", "udh16", "sar", "payload"])
@pytest.mark.parametrize("carrier", ["deliver_sm", "data_sm"])
def test_an_answer_is_read_as_it_was_written(words: str, form: str, carrier: str) -> None:
    async def story(block: Block) -> None:
        await block.ready()
        await block.send()
        await until(lambda: block.shown())
        block.anna.reply(words)
        await asyncio.sleep(5)
        texts = block.house.texts
        assert joined(texts) == words
        assert {text.sender for text in texts} == {ANNA}
        assert len(block.entries("handed")) == len(texts) + 1

    live(story, centre={"mo_long": form, "mo_by": carrier})


def test_two_long_answers_at_once_can_be_told_apart() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        await block.send()
        await until(lambda: block.shown())
        block.anna.reply("first " + LONG)
        block.anna.reply("second " + LONG)
        await asyncio.sleep(5)
        references = {text.concat[0] for text in block.house.texts if text.concat}
        for reference in references:
            mine = [text for text in block.house.texts if text.concat and text.concat[0] == reference]
            assert joined(mine) in ("first " + LONG, "second " + LONG)
        assert len(references) == 2

    live(story)


def test_an_answer_whose_response_was_lost_comes_again_with_the_same_octets() -> None:
    """So the house can know it again: same account, sender and octets, within its ten minutes."""

    async def story(block: Block) -> None:
        await block.ready()
        await block.send()
        await until(lambda: block.shown())
        gate = asyncio.Event()
        block.house.before_commit = lambda: gate.wait()  # type: ignore[assignment, return-value]
        await asyncio.sleep(1)
        block.anna.reply("ok 42")
        await asyncio.sleep(1)
        block.fault("drop")
        await asyncio.sleep(1)
        gate.set()
        await until(lambda: len(block.texts()) == 2, within_s=60)
        first, second = block.house.texts
        assert first == second
        assert not second.fresh
        assert block.entries("handed")[-1]["tries"] == 2

    live(story)


def test_a_storm_of_answers_while_pages_go_out() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        await block.send()
        await until(lambda: block.shown())
        for number in range(300):
            block.anna.reply(f"ok {number}")
        await block.gives(300)
        await until(lambda: len(block.texts()) == 300, within_s=60)
        assert sorted(block.texts(), key=str) == sorted(f"ok {number}" for number in range(300))

    live(story)


def test_the_same_words_to_two_pages_are_two_answers() -> None:
    """What comes before the bureau has shown that it read our answer may be the first one again."""

    async def story(block: Block) -> None:
        await block.ready()
        await block.send()
        await until(lambda: block.shown())
        block.anna.reply("ok")
        await until(lambda: block.texts() == ["ok"])
        block.anna.reply("ok")  # at once, and twice is once
        await until(lambda: block.texts() == ["ok"] * 2)
        await block.works()
        block.anna.reply("ok")
        await until(lambda: block.texts() == ["ok"] * 3)
        await asyncio.sleep(60)
        block.anna.reply("ok")
        await until(lambda: block.texts() == ["ok"] * 4)
        assert [text.fresh for text in block.house.texts] == [False, False, True, True]

    live(story)


def test_an_answer_that_was_late_for_the_bureau_comes_again_as_the_same() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        await block.send()
        await until(lambda: block.shown())

        async def slow() -> None:
            await asyncio.sleep(20)

        await asyncio.sleep(1)
        block.house.before_commit = slow
        block.anna.reply("ok")
        await until(lambda: len(block.texts()) == 2, within_s=200)
        assert [text.fresh for text in block.house.texts] == [False, False]

    live(story, clean=False, centre={"deliver_timeout_s": 10, "deliver_retry_s": 90})


def test_an_answer_given_on_a_connection_before_is_not_given_to_another_text() -> None:
    async def story(block: Block) -> None:
        await block.ready()
        await block.send()
        await until(lambda: block.house.receipts)
        block.fault("drop")
        gates = [asyncio.Event(), asyncio.Event()]
        waiting = iter(gates)

        async def commit() -> None:
            gate = next(waiting, None)
            if gate is not None:
                await gate.wait()

        await asyncio.sleep(10)
        block.house.before_commit = commit
        block.anna.reply("one")
        await asyncio.sleep(1)
        block.fault("drop")
        await block.ready()
        await asyncio.sleep(5)
        gates[0].set()  # what came by the first connection is on disk now: the second one has no answer yet
        await asyncio.sleep(1)
        assert len(block.entries("handed")) == 1
        gates[1].set()
        await until(lambda: len(block.entries("handed")) == 2)

    live(story)
