"""What pagers show that have no words, and whom a bureau does not page."""

from __future__ import annotations

import pytest

from gatewayd.delivery.outcome import Accepted, Refused
from tests.channels.tap_story import Bureau, tell


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("42 CRITICAL db1 down. Reply ok 42", "42"),
        ("(rpt) 42 CRITICAL db1 down", "42"),
        ("DRILL 42 CRITICAL db1: exercise", "42"),
        ("(\u91cd) 42 \u4e25\u91cd", "42"),
        ("(rpt) \u6f14\u4e60 42 \u4e25\u91cd", "42"),
        ("00-7 7 more since 04:12", "00-7"),
        ("0170 123-45", "0170 123-45"),
        ("42", "42"),
    ],
)
def test_a_numeric_pager_shows_the_code(words: str, shown: str) -> None:
    async def story(bureau: Bureau) -> None:
        assert isinstance(await bureau.page(words, pager="4799"), Accepted)
        assert bureau.terminal.texts == [shown]

    tell(story, numeric_pagers=("47*",))


def test_a_numeric_pager_gets_a_long_text_as_one_code() -> None:
    async def story(bureau: Bureau) -> None:
        for part, words in ((1, "1/2 42 CRITICAL"), (2, "2/2 and so on")):
            given = bureau.page(words, pager="4799", message_id="m", part=part, parts=2)
            assert isinstance(await given, Accepted)
        assert bureau.terminal.texts == ["42"]

    tell(story, numeric_pagers=("4799",))


@pytest.mark.parametrize("words", ["10 minutes late", "42 CRITICAL fake", "at 10"])
def test_a_number_that_somebody_writes_is_no_code(words: str) -> None:
    async def story(bureau: Bureau) -> None:
        assert isinstance(await bureau.page(words, pager="4799", coded=False), Refused)
        assert await bureau.page("0170 123-45", pager="4799", coded=False) == Accepted(None, "211")
        assert bureau.terminal.texts == ["0170 123-45"]

    tell(story, numeric_pagers=("47*",))


@pytest.mark.parametrize("words", ["Test page for Anna", "42nd floor"])
def test_words_alone_are_nothing_for_a_numeric_pager(words: str) -> None:
    async def story(bureau: Bureau) -> None:
        outcome = await bureau.page(words, pager="4799")
        assert isinstance(outcome, Refused)
        assert outcome.scope == "message"
        assert bureau.terminal.calls == 0

    tell(story, numeric_pagers=("4799",))


def test_a_tone_pager_only_beeps() -> None:
    async def story(bureau: Bureau) -> None:
        await bureau.page("42 CRITICAL", pager="4798")
        assert bureau.terminal.pages[0].text == ""

    tell(story, tone_pagers=("4798",))


def test_a_phone_is_no_pager_unless_the_bureau_says_so() -> None:
    async def refuses(bureau: Bureau) -> None:
        outcome = await bureau.page(pager="+447700900123")
        assert isinstance(outcome, Refused)
        assert outcome.scope == "channel"

    async def takes(bureau: Bureau) -> None:
        await bureau.page(pager="+447700900123")
        assert bureau.terminal.pages[0].pager == "447700900123"

    tell(refuses)
    tell(takes, phone_numbers=True)
