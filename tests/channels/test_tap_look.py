"""A look at a line by a call without a page: what is ill is known before a page meets it."""

from __future__ import annotations

import asyncio

import pytest

from gatewayd.delivery.outcome import Accepted
from tests.channels.house import until
from tests.channels.tap_story import Bureau, tell
from tests.channels.tap_terminal import Terminal


def test_a_bureau_is_up_when_it_has_taken_the_logon() -> None:
    async def story(bureau: Bureau) -> None:
        assert bureau.terminal.said == ["<ESC>PG1<CR>"]
        assert bureau.states == ["up"]
        await until(lambda: not bureau.terminal.connected)
        assert bureau.terminal.said == ["<ESC>PG1<CR><EOT><CR>"]
        assert isinstance(await bureau.page(), Accepted)
        assert bureau.terminal.calls == 2

    tell(story, look="call")


def test_a_page_that_waits_goes_in_that_call() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.takes_s = 0.2

    async def story(bureau: Bureau) -> None:
        assert isinstance(await bureau.page(), Accepted)
        assert bureau.terminal.calls == 1

    tell(story, prepare=prepare, look="call")


@pytest.mark.parametrize(
    ("prompt", "logon", "state", "reason"),
    [
        (None, "", "down", "the terminal does not answer"),
        ("ID=", "509 Invalid password<CR><ESC><EOT><CR>", "needs_human", "the password is refused"),
        ("ID=", None, "down", "no answer to the logon"),
    ],
)
def test_what_is_wrong_is_told_before_a_page_meets_it(
    prompt: str | None, logon: str | None, state: str, reason: str
) -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.prompt, terminal.logon = prompt, logon

    async def story(bureau: Bureau) -> None:
        await until(lambda: bureau.house.healths, within_s=30)
        assert (bureau.states, bureau.reason) == ([state], reason)

    tell(story, prepare=prepare, starts_up=False, look="call")


def test_an_idle_bureau_that_falls_silent_is_noticed_and_so_is_its_return() -> None:
    async def story(bureau: Bureau) -> None:
        await asyncio.sleep(100)
        assert bureau.terminal.calls == 2
        bureau.terminal.prompt = None
        await until(lambda: not bureau.tap.ready(), within_s=90)
        assert bureau.reason == "the terminal does not answer"
        bureau.terminal.prompt = "ID="
        await bureau.up(within_s=30)

    tell(story, look="call", look_s=60.0)


def test_where_the_bureau_wants_a_pause_between_calls_none_is_made_for_a_look() -> None:
    async def story(bureau: Bureau) -> None:
        await asyncio.sleep(200)
        assert bureau.terminal.calls == 0

    tell(story, look="call", look_s=60.0, pause_s=30.0)


def test_outside_its_hours_a_bureau_is_not_called_for_a_look_nor_for_its_return() -> None:
    hours = {"closed": True}

    async def story(bureau: Bureau) -> None:
        await asyncio.sleep(200)
        assert bureau.terminal.calls == 0
        assert bureau.states == ["up"]
        hours["closed"] = False
        await until(lambda: bureau.terminal.calls, within_s=61)
        bureau.terminal.prompt = None
        await until(lambda: not bureau.tap.ready(), within_s=90)
        hours["closed"] = True
        before, bureau.terminal.prompt = bureau.terminal.calls, "ID="
        await asyncio.sleep(300)
        assert bureau.terminal.calls <= before + 1, "one that was under way"
        hours["closed"] = False
        await bureau.up(within_s=100)

    tell(story, look="call", look_s=60.0, closed=lambda: hours["closed"])
