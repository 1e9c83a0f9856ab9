"""A bureau that takes so many pages a minute: what is critical goes at once, the others wait, and none for ever."""

from __future__ import annotations

import asyncio

import pytest

from gatewayd.model import Priority
from tests.channels.house import until
from tests.channels.tap_terminal import Terminal
from tests.channels.test_tap_dispatch import Desk, tell

A_MINUTE = 8


def crowded(times: list[float]) -> int:
    """The most that any one minute of the bureau saw."""
    return max(sum(at - 60 < other <= at for other in times) for at in times)


@pytest.mark.parametrize("after_s", [0.0, 7.0, 33.0, 59.0, 150.0])
def test_a_critical_page_goes_at_once_whatever_else_waits(after_s: float) -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.takes_s = 0.5

    async def story(desk: Desk) -> None:
        others = [await desk.text(f"text {n:02}") for n in range(24)]
        await asyncio.sleep(after_s)
        began = asyncio.get_running_loop().time()
        urgent = [await desk.text(f"4{n} CRITICAL", Priority.CRITICAL) for n in range(2)]
        await until(lambda: sum("CRITICAL" in text for text in desk.terminal.texts) == 2, within_s=10)
        took_s = asyncio.get_running_loop().time() - began
        assert took_s <= 5, "the call and the page that is out, and no more"
        await until(lambda: all(desk.state(number) == "sent" for number in (*others, *urgent)), within_s=600)
        texts = desk.terminal.texts
        assert [text for text in texts if "CRITICAL" in text] == ["40 CRITICAL", "41 CRITICAL"], "in order"
        assert len(texts) == len(set(texts)) == 26, "none is starved, none goes twice"
        times = [page.at for page in desk.terminal.pages]
        assert crowded(times) <= A_MINUTE
        assert times[-1] - times[0] <= 60 * 5, "six of eight places are the others'"

    tell(story, prepare=prepare, pages_per_minute=float(A_MINUTE))


def test_many_critical_pages_are_bounded_by_the_limit_and_the_others_have_their_turn() -> None:
    async def story(desk: Desk) -> None:
        other = await desk.text("in no hurry", Priority.LOW)
        await until(lambda: desk.state(other) == "sent", within_s=10)
        urgent = [await desk.text(f"{n:02} CRITICAL", Priority.CRITICAL) for n in range(20)]
        others = [await desk.text(f"text {n}", Priority.LOW) for n in range(3)]
        await until(lambda: all(desk.state(number) == "sent" for number in (*urgent, *others)), within_s=900)
        texts = [text for text in desk.terminal.texts if "CRITICAL" in text]
        assert texts == [f"{n:02} CRITICAL" for n in range(20)]
        assert crowded([page.at for page in desk.terminal.pages]) <= A_MINUTE

    tell(story, pages_per_minute=float(A_MINUTE))


@pytest.mark.parametrize("burst", [1, 3])
def test_who_waits_for_the_pace_sleeps(burst: int) -> None:
    """Work, or how long to sleep: an hour of waiting costs a few looks for each page."""

    async def story(desk: Desk) -> None:
        others = [await desk.text(f"text {n:02}") for n in range(20)]
        await until(lambda: desk.state(others[0]) == "sent", within_s=30)
        before, began = desk.looks, asyncio.get_running_loop().time()
        await asyncio.sleep(2000)
        assert all(desk.state(number) == "sent" for number in others)
        assert desk.looks - before < 20 * 40
        assert asyncio.get_running_loop().time() - began == pytest.approx(2000)
        assert crowded([page.at for page in desk.terminal.pages]) <= burst

    tell(story, pages_per_minute=1.0, burst=burst)


def test_the_length_of_the_dialling_does_not_crowd_the_bureaus_minute() -> None:
    """Given at once, sent after the modem has dialled for a while: the bureau counts what it sees."""

    def prepare(terminal: Terminal) -> None:
        terminal.takes_s = 4.0

    async def story(desk: Desk) -> None:
        numbers = [await desk.text(f"text {n:02}", Priority.CRITICAL) for n in range(9)]
        await until(lambda: all(desk.state(number) == "sent" for number in numbers), within_s=600)
        assert crowded([page.at for page in desk.terminal.pages]) <= 3

    tell(story, prepare=prepare, pages_per_minute=3.0)
