"""What goes wrong on the way to a bureau: no page is lost or sent twice by it, and the health tells the truth."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from gatewayd.channels.contract import LateAnswer
from gatewayd.delivery.outcome import Accepted, Deferred, Refused, Uncertain
from tests.channels.house import until
from tests.channels.tap_story import CRITICAL, Bureau, tell
from tests.channels.tap_terminal import Terminal

# -- the line ----------------------------------------------------------------------------------------------------------


def test_a_line_that_is_not_there_is_up_soon_after_it_came() -> None:
    async def story(bureau: Bureau) -> None:
        await asyncio.sleep(60)
        assert bureau.states == ["down"]
        assert not bureau.tap.ready()
        refused = await bureau.page()
        assert isinstance(refused, Deferred)
        assert refused.scope == "channel"
        bureau.terminal.listen()
        await bureau.up(within_s=2)

    tell(story, listens=False, starts_up=False)


def test_an_idle_line_that_goes_is_noticed() -> None:
    async def story(bureau: Bureau) -> None:
        bureau.terminal.unplug()
        await until(lambda: not bureau.tap.ready(), within_s=61)
        bureau.terminal.listen()
        await bureau.up(within_s=2)
        assert bureau.terminal.calls == 0

    tell(story, look_s=60.0)


def test_the_line_goes_away_before_a_call() -> None:
    async def story(bureau: Bureau) -> None:
        bureau.terminal.unplug()
        given = [bureau.page(), bureau.page()]
        for outcome in await asyncio.gather(*given):
            assert isinstance(outcome, Deferred)
            assert outcome.scope == "channel"
        assert bureau.states == ["up", "down"]

    tell(story)


def test_a_silent_terminal() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.prompt = None

    async def story(bureau: Bureau) -> None:
        outcome = await bureau.page()
        assert isinstance(outcome, Deferred)
        assert (outcome.code, outcome.scope) == ("silent", "channel")
        assert (bureau.states, bureau.reason) == (["up", "down"], "the terminal does not answer")
        await asyncio.sleep(300)
        assert bureau.states == ["up", "down"]
        bureau.terminal.prompt = "ID="
        await bureau.up(within_s=60)
        assert isinstance(await bureau.page("again"), Accepted)
        assert bureau.terminal.texts == ["again"]

    tell(story, prepare=prepare)


def test_the_bureau_is_called_without_a_page_until_it_answers_and_pages_join_that_call() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.logon = None

    async def story(bureau: Bureau) -> None:
        assert isinstance(await bureau.page(), Deferred)
        bureau.terminal.logon = "110 1.8<CR><ACK><CR><ESC>[p<CR>"
        before = bureau.terminal.calls
        await bureau.up(within_s=60)
        assert isinstance(await bureau.page("again"), Accepted)
        assert bureau.terminal.calls == before + 1

    tell(story, prepare=prepare)


# -- in the middle of a page -------------------------------------------------------------------------------------------


def test_a_page_without_an_answer_is_uncertain_and_not_written_again() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers["4711"] = [None]

    async def story(bureau: Bureau) -> None:
        lost, waits = bureau.page("lost"), bureau.page("waits", pager="4712")
        assert isinstance(await lost, Uncertain)
        outcome = await waits
        assert isinstance(outcome, Deferred)
        assert outcome.scope == "channel"
        assert "".join(bureau.terminal.said).count("lost") == 1
        assert bureau.states == ["up", "down"]
        await bureau.up(within_s=60)

    tell(story, prepare=prepare)


def test_a_line_that_drops_after_the_block() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers["4713"] = ["!"]

    async def story(bureau: Bureau) -> None:
        first, lost, third = bureau.page(), bureau.page(pager="4713"), bureau.page()
        assert isinstance(await lost, Uncertain)
        assert isinstance(await first, Accepted)
        assert isinstance(await third, Deferred)
        await bureau.up(within_s=60)

    tell(story, prepare=prepare)


def test_a_damaged_block_goes_again() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers["4711"] = ["<CR><NAK><CR>", "514 Checksum error<CR><NAK><CR>", "211 ok<CR><ACK><CR>"]

    async def story(bureau: Bureau) -> None:
        assert isinstance(await bureau.page(), Accepted)
        assert len(bureau.terminal.pages) == 1

    tell(story, prepare=prepare)


DAMAGED = {"nak": "<NAK><CR>", "cut": "503 Too many errors<CR><ESC><EOT><CR>"}


@pytest.mark.parametrize("how", sorted(DAMAGED))
def test_a_page_that_no_terminal_takes_counts_against_itself_and_not_against_the_line(how: str) -> None:
    """Others are taken in the same call: the line is well."""

    def prepare(terminal: Terminal) -> None:
        terminal.answers["4712"] = [DAMAGED[how]]

    async def story(bureau: Bureau) -> None:
        good, bad = bureau.page(priority=CRITICAL), bureau.page(pager="4712")
        assert isinstance(await good, Accepted)
        outcome = await bad
        assert isinstance(outcome, Deferred)
        assert outcome.scope == "message"
        assert outcome.reason.startswith("the line carries other pages, but not this one: ")
        assert set(bureau.states) == {"up"}
        began = bureau.now
        assert isinstance(await bureau.page(priority=CRITICAL), Accepted)
        assert bureau.now - began < 5, "the bureau does not rest for it"

    tell(story, prepare=prepare)


def test_a_line_that_damages_every_page_rests_ever_longer() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers["4711"] = terminal.answers["4712"] = terminal.answers["4713"] = ["<NAK><CR>"]

    async def story(bureau: Bureau) -> None:
        for pager in ("4711", "4712", "4713"):
            outcome = await bureau.page(pager=pager)
            assert isinstance(outcome, Deferred)
            assert outcome.scope == "channel"
            await until(lambda: bureau.states[-1] == "down", within_s=10)
            await bureau.up()

    tell(story, prepare=prepare)


def test_a_terminal_that_drops_the_line_instead_of_a_goodbye() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.on_eot = "!"

    async def story(bureau: Bureau) -> None:
        assert isinstance(await bureau.page(), Accepted)
        await asyncio.sleep(1)
        assert bureau.states == ["up"]

    tell(story, prepare=prepare)


# -- what the bureau says against us -----------------------------------------------------------------------------------


def test_a_refused_password_needs_a_person_and_is_not_tried_again_soon(caplog: pytest.LogCaptureFixture) -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.logon = "509 Invalid password<CR><ESC><EOT><CR>"

    async def story(bureau: Bureau) -> None:
        outcome = await bureau.page()
        assert isinstance(outcome, Deferred)
        assert (outcome.code, outcome.scope) == ("509", "channel")
        assert bureau.states == ["up", "needs_human"]
        assert bureau.reason == "the password is refused"
        assert bureau.terminal.said == ["<ESC>PG1s3cret<CR>"]
        await asyncio.sleep(890)
        assert bureau.terminal.calls == 1
        bureau.terminal.logon = "<ACK><CR><ESC>[p<CR>"
        await bureau.up(within_s=20)

    caplog.set_level(logging.DEBUG)
    tell(story, prepare=prepare, password="s3cret\n")
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize("logon", ["509 Invalid password<CR><RS><CR>", "509 Invalid password<CR>"])
def test_a_password_that_is_refused_without_a_goodbye_needs_a_person_as_well(logon: str) -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.logon = logon

    async def story(bureau: Bureau) -> None:
        outcome = await bureau.page()
        assert isinstance(outcome, Deferred)
        assert outcome.code == "509"
        assert (bureau.states[-1], bureau.reason) == ("needs_human", "the password is refused")
        await asyncio.sleep(800)
        assert bureau.terminal.calls == 1

    tell(story, prepare=prepare)


@pytest.mark.parametrize("paged", [0, 1])
def test_a_quota_that_is_used_up_is_waited_for(paged: int) -> None:
    def prepare(terminal: Terminal) -> None:
        good = "211 ok<CR><ACK><CR>"
        terminal.answers["4711"] = [*[good] * paged, "516 Quota exceeded<CR><RS><CR>", good]

    async def story(bureau: Bureau) -> None:
        given = [bureau.page() for _ in range(paged + 2)]
        outcomes = await asyncio.gather(*given)
        assert [type(outcome) for outcome in outcomes] == [*[Accepted] * paged, Deferred, Deferred]
        assert (bureau.states[-1], bureau.reason) == ("resting", "the quota is used up for now")
        assert bureau.tap.pause_s() == pytest.approx(900, abs=2)
        await bureau.up(within_s=901)
        assert bureau.terminal.calls == 1  # time alone heals it
        assert isinstance(await bureau.page(), Accepted)

    tell(story, prepare=prepare)


def test_a_pager_that_cannot_be_reached_now_rests_alone() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers["4711"] = ["512 try later<CR><RS><CR>"]

    async def story(bureau: Bureau) -> None:
        away, there = bureau.page(), bureau.page(pager="4712")
        assert await away == Deferred("cannot be delivered to this pager now", "512", 60.0, "recipient")
        assert isinstance(await there, Accepted)
        assert bureau.states == ["up"]

    tell(story, prepare=prepare)


# -- what the house does -----------------------------------------------------------------------------------------------


def test_a_booking_that_takes_too_long_sends_nothing() -> None:
    async def story(bureau: Bureau) -> None:
        ended: list[float] = []

        async def book() -> bool:
            await asyncio.sleep(30)
            ended.append(bureau.now)
            return True

        outcome = await bureau.page(book=book)
        assert isinstance(outcome, Deferred)
        assert ended == [bureau.now]  # no outcome while the commit is under way
        assert bureau.terminal.pages == []
        assert bureau.terminal.said == ["<ESC>PG1<CR><EOT><CR>"]
        assert isinstance(await bureau.page(), Accepted)

    tell(story)


def test_a_booking_that_fails_is_told_to_who_asked_and_the_others_go_on() -> None:
    async def story(bureau: Bureau) -> None:
        async def book() -> bool:
            raise RuntimeError("disk")

        bad, good = bureau.page(book=book), bureau.page("good")
        with pytest.raises(RuntimeError, match="disk"):
            await bad
        assert isinstance(await good, Accepted)
        assert bureau.terminal.texts == ["good"]

    tell(story)


def test_a_fault_of_ours_leaves_no_page_without_an_outcome() -> None:
    async def story(bureau: Bureau) -> None:
        def book() -> Any:
            raise ZeroDivisionError

        bad, waits = bureau.page(book=book), bureau.page("waits")
        assert [type(outcome) for outcome in await asyncio.gather(bad, waits)] == [Deferred, Deferred]
        await until(lambda: bureau.reason == "crashed: ZeroDivisionError")
        await bureau.up()
        assert isinstance(await bureau.page(), Accepted)

    tell(story)


def test_draining_lets_the_page_end_and_says_goodbye() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.takes_s = 3.0

    async def story(bureau: Bureau) -> None:
        out, waits = bureau.page(), bureau.page()
        await until(lambda: bureau.terminal.said[-1:] and "<STX>" in bureau.terminal.said[-1])
        await bureau.tap.drain(10.0)
        assert isinstance(await out, Accepted)
        assert await waits == Deferred("bureau: stopping", "not ready", 1.0, "channel")
        assert bureau.terminal.said[-1].endswith("<EOT><CR>")
        assert not bureau.tap.ready()
        assert bureau.states[-1] == "down"
        assert isinstance(await bureau.page(), Deferred)

    tell(story, prepare=prepare)


def test_draining_takes_no_longer_than_it_may() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers["4711"] = [None]

    async def story(bureau: Bureau) -> None:
        out = bureau.page()
        await until(lambda: bureau.terminal.said[-1:] and "<STX>" in bureau.terminal.said[-1])
        began = bureau.now
        await bureau.tap.drain(2.0)
        assert bureau.now - began == pytest.approx(2.0, abs=0.1)
        assert not out.done()

    tell(story, prepare=prepare)


def test_what_is_out_when_the_channel_is_cancelled_is_uncertain() -> None:
    outcomes: list[asyncio.Task[object]] = []

    def prepare(terminal: Terminal) -> None:
        terminal.answers["4713"] = [None]

    async def story(bureau: Bureau) -> None:
        outcomes.extend([bureau.page(), bureau.page(pager="4713"), bureau.page()])  # type: ignore[list-item]
        await until(lambda: bureau.terminal.said[-1:] and "4713" in bureau.terminal.said[-1])

    tell(story, prepare=prepare)
    assert [type(task.result()) for task in outcomes] == [Accepted, Uncertain, Deferred]


def test_a_page_whose_sender_left_is_told_as_a_late_answer() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.takes_s = 5.0
        terminal.answers["4713"] = ["511 unknown<CR><RS><CR>"]

    async def story(bureau: Bureau) -> None:
        left, refused, unborn = bureau.page(), bureau.page(pager="4713"), bureau.page("unborn", pager="4714")
        await until(lambda: bureau.terminal.said[-1:] and "4713" in bureau.terminal.said[-1], within_s=10)
        for task in (left, refused, unborn):
            task.cancel()
        await until(lambda: len(bureau.house.late) == 2, within_s=30)
        assert bureau.house.late == [
            LateAnswer("bureau", "tap:bureau", "a2", Refused("unknown pager number", "511", "recipient")),
            LateAnswer("bureau", "tap:bureau", "a1", Accepted(None, "211")),
        ]
        assert "unborn" not in "".join(bureau.terminal.said)

    tell(story, prepare=prepare)


def test_no_number_and_no_text_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers["47110815"] = ["212 cut secret text<CR><ACK><CR>"]
        terminal.answers["47110816"] = ["511 unknown 47110816<CR><RS><CR>"]

    async def story(bureau: Bureau) -> None:
        await asyncio.gather(*[bureau.page("secret text", pager=f"4711081{n}") for n in range(5, 8)])

    caplog.set_level(logging.DEBUG, logger="gatewayd")
    tell(story, prepare=prepare)
    told = "\n".join(str(record.__dict__) for record in caplog.records)
    assert "tap_truncated" in told
    assert "secret" not in told
    assert "4711081" not in told
