"""Receipts of a bureau that counts from 1, answers late or not at all, and writes numbers in its own way."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.house import ANNA, BEN
from tests.scenarios.bureau_by_hand import Lodge, Submitted, play

PAGER = "0047110"
PEOPLE = f"""
[[people]]
name = "anna"
devices = [{{ kind = "pager", number = "{PAGER}", channel = "north" }}, {{ number = "{ANNA}", channel = "north" }}]
[[people]]
name = "ben"
devices = [{{ number = "{BEN}", channel = "north" }}]
"""
POLICY = """
default_policy = "default"
[[policies]]
name = "default"
fallback = ["ben"]
[[policies.steps]]
page = ["anna"]
wait_s = 900
"""
OFFICE = {"people": PEOPLE, "policy": POLICY}


@pytest.mark.parametrize("fate", ["answered late", "link lost"])
def test_a_receipt_before_its_answer_is_nobody_elses(tmp_path: Path, fate: str) -> None:
    """The bureau counts 1, 2, 3; "16" is the hexadecimal of its message 10, which is another person's."""

    async def story(lodge: Lodge) -> None:
        bureau = lodge.bureau

        def answer(text: Submitted) -> None:
            if len(bureau.texts) < 16:
                text.answer(str(len(bureau.texts)))
            elif fate == "answered late":
                text.call.receipt(BEN, "16", text=text.text)
                asyncio.get_running_loop().call_later(0.5, text.answer, "16")
            else:
                text.call.hang_up()

        bureau.answering = answer
        for number in range(1, 17):
            to = BEN if number == 16 else ANNA
            await lodge.send(to, f"message number {number} of many", priority="critical")
        if fate == "link lost":
            await lodge.until(lambda: len(bureau.calls) == 2)
            await lodge.pass_time(2)
            bureau.call.receipt(BEN, "16", text="message number 16 of")
        await lodge.pass_time(120)
        assert await lodge.state(10) == "sent", "nothing was said of it"
        assert await lodge.state(16) == "delivered"
        assert len(bureau.texts) == 16, "nothing went twice"

    play(tmp_path, story, **OFFICE)


@pytest.mark.parametrize("state", ["DELIVRD", "UNDELIV"])
@pytest.mark.parametrize("to", [PAGER, ANNA])
@pytest.mark.parametrize("together", [True, False])
def test_a_receipt_and_its_answer_in_one_go(tmp_path: Path, state: str, to: str, together: bool) -> None:
    async def story(lodge: Lodge) -> None:
        def answer(text: Submitted) -> None:
            if together:
                text.answer("A-1")
            text.call.receipt(text.to, "A-1", state, text.text)
            if not together:
                text.answer("A-1")

        lodge.bureau.answering = answer
        await lodge.send(to if to == ANNA else f"short:{to}", "disk full")
        await lodge.pass_time(5)
        assert await lodge.state(1) == {"DELIVRD": "delivered", "UNDELIV": "undelivered"}[state]

    play(tmp_path, story, **OFFICE)


def test_a_lost_answer_of_a_pager_with_zeros_is_settled_by_its_receipt(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        lodge.bureau.answering = lambda text: text.call.hang_up()
        await lodge.alert()
        await lodge.until(lambda: len(lodge.bureau.calls) == 2)
        await lodge.pass_time(2)
        lodge.bureau.call.receipt(PAGER, "77", text=lodge.bureau.texts[0].text)
        await lodge.pass_time(100)
        assert await lodge.state(1) == "delivered"
        assert len(lodge.bureau.texts) == 1, "it was not called twice"

    play(tmp_path, story, **OFFICE)


def test_delivered_after_it_was_given_up(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        await lodge.send(BEN, "disk full")
        for said, state in (("EXPIRED", "undelivered"), ("DELIVRD", "delivered"), ("EXPIRED", "delivered")):
            lodge.bureau.call.receipt(BEN, "1", said, "disk full")
            await lodge.pass_time(1)
            assert await lodge.state(1) == state

    play(tmp_path, story, **OFFICE)
