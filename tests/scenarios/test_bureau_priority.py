"""A bureau that knows fewer priorities than SMPP, and one that hiccups: a critical page loses no time by either."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import BEN
from tests.scenarios.bureau_by_hand import Lodge, Submitted, play
from tests.scenarios.test_bureau_receipts import OFFICE

INVALID_PRIORITY, SYSTEM_ERROR, OF_ITS_OWN = 0x06, 0x08, 0x0400


@pytest.mark.parametrize(("highest", "tried"), [(1, [3, 1]), (0, [3, 1, 0]), (3, [3])])
def test_what_is_too_urgent_for_the_bureau_goes_less_urgently(tmp_path: Path, highest: int, tried: list[int]) -> None:
    async def story(lodge: Lodge) -> None:
        def answer(text: Submitted) -> None:
            text.answer(str(len(lodge.bureau.texts)), INVALID_PRIORITY if text.priority > highest else 0)

        lodge.bureau.answering = answer
        await lodge.send(BEN, "disk full", priority="critical")
        await lodge.pass_time(1)
        assert [text.priority for text in lodge.bureau.texts] == tried
        assert await lodge.state(1) == "sent"
        assert len((await lodge.message(1))["attempts"]) == 1, "it is one try"
        for number, priority in enumerate(("critical", "high", "normal", "low"), 2):
            await lodge.send(BEN, f"text {number}", priority=priority)
        assert [text.priority for text in lodge.bureau.texts[len(tried) :]] == [min(p, highest) for p in (3, 2, 1, 0)]

    play(tmp_path, story, **OFFICE)


def test_a_bureau_that_says_so_of_every_priority_refuses_it(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        lodge.bureau.answering = lambda text: text.answer("", INVALID_PRIORITY)
        await lodge.send(BEN, "disk full", priority="critical")
        await lodge.pass_time(1)
        assert [text.priority for text in lodge.bureau.texts] == [3, 1, 0], "each way once"
        (attempt,) = (await lodge.message(1))["attempts"]
        assert (attempt["state"], attempt["code"]) == ("refused", "smpp 0x06")

    play(tmp_path, story, **OFFICE)


@pytest.mark.parametrize("status", [SYSTEM_ERROR, OF_ITS_OWN])
def test_a_hiccup_costs_the_first_pause_and_no_more(tmp_path: Path, status: int) -> None:
    async def story(lodge: Lodge) -> None:
        lodge.bureau.answering = lambda text: text.answer("1", status if len(lodge.bureau.texts) == 1 else 0)
        await lodge.send(BEN, "disk full", priority="critical")
        began = lodge.seconds
        await lodge.until(lambda: len(lodge.bureau.texts) == 2)
        assert 1.9 <= lodge.seconds - began < 2.6

    play(tmp_path, story, **OFFICE, config="[delivery]\nbackoff_s_min = 2\n")
