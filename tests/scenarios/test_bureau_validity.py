"""A bureau that refuses a validity period gets it in another way, or none: a late page is better than no page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import BEN
from tests.scenarios.bureau_by_hand import Lodge, Submitted, play
from tests.scenarios.test_bureau_receipts import OFFICE

INVALID_EXPIRY = 0x62


def refusing(lodge: Lodge, likes: Callable[[str], bool]) -> None:
    """The bureau takes texts whose period it likes."""

    def answer(text: Submitted) -> None:
        text.answer(str(len(lodge.bureau.texts)), 0 if likes(text.validity) else INVALID_EXPIRY)

    lodge.bureau.answering = answer


@pytest.mark.parametrize(
    ("settings", "likes", "tried"),
    [
        ("", lambda period: not period.endswith("R"), ["R", "+"]),
        ("", lambda period: period == "", ["R", "+", ""]),
        ('validity = "absolute"', lambda period: period == "", ["+", ""]),
    ],
    ids=["absolute only", "none", "none, told absolute"],
)
def test_the_text_goes_and_the_next_ones_at_once(
    tmp_path: Path, settings: str, likes: Callable[[str], bool], tried: list[str]
) -> None:
    async def story(lodge: Lodge) -> None:
        refusing(lodge, likes)
        await lodge.send(BEN, "disk full")
        await lodge.pass_time(1)
        assert [text.validity[-1:] for text in lodge.bureau.texts] == tried
        assert await lodge.state(1) == "sent"
        assert len((await lodge.message(1))["attempts"]) == 1, "it is one try"
        await lodge.send(BEN, "disk full again")
        await lodge.pass_time(1)
        assert [text.validity[-1:] for text in lodge.bureau.texts] == [*tried, tried[-1]]

    play(tmp_path, story, **OFFICE, settings=settings)


def test_many_that_are_out_together_are_all_written_anew_once(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        held: list[Submitted] = []
        lodge.bureau.answering = held.append
        for number in range(5):
            await lodge.send(BEN, f"text {number}")
        refusing(lodge, lambda period: not period.endswith("R"))
        for text in held:
            text.answer("", INVALID_EXPIRY)
        await lodge.until(lambda: len(lodge.bureau.texts) == 10)
        await lodge.pass_time(1)
        assert [text.text for text in lodge.bureau.texts[5:]] == [f"text {number}" for number in range(5)]
        assert {text.validity[-1:] for text in lodge.bureau.texts[5:]} == {"+"}

    play(tmp_path, story, **OFFICE)


def test_a_bureau_that_says_so_of_everything_refuses_it(tmp_path: Path) -> None:
    async def story(lodge: Lodge) -> None:
        refusing(lodge, lambda _: False)
        await lodge.send(BEN, "disk full")
        await lodge.pass_time(1)
        assert len(lodge.bureau.texts) == 3, "each way once"
        (attempt,) = (await lodge.message(1))["attempts"]
        assert (attempt["state"], attempt["code"]) == ("refused", "smpp 0x62")

    play(tmp_path, story, **OFFICE)
