"""A bureau behind a modem: dialling, what modems say instead, hanging up, and parity on the line."""

from __future__ import annotations

import asyncio

import pytest

from gatewayd.delivery.outcome import Accepted, Deferred, Uncertain
from tests.channels.house import until
from tests.channels.tap_story import Bureau, tell
from tests.channels.tap_terminal import Terminal


def test_a_dialled_call_as_in_the_book() -> None:
    async def story(bureau: Bureau) -> None:
        assert bureau.terminal.commands == ["AT"]  # the look at the start
        first, second = bureau.page("CRITICAL web1 down"), bureau.page("two\nlines", pager="0123456")
        assert await asyncio.gather(first, second) == [Accepted(None, "211")] * 2
        assert bureau.terminal.commands == ["AT", "ATZ", "ATE0V1Q0", "ATDT5551000"]
        assert "".join(bureau.terminal.said) == (
            "<ESC>PG1<CR><STX>4711<CR>CRITICAL web1 down<CR><ETX>69><CR>"
            "<STX>0123456<CR>two<SUB>Jlines<CR><ETX>55=<CR><EOT><CR>"
        )

    tell(story, modem=True)


def test_pages_that_come_while_it_dials_go_in_that_call() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.dialled = [None]

    async def story(bureau: Bureau) -> None:
        first = bureau.page()
        await until(lambda: bureau.terminal.dials)
        second = bureau.page()
        bureau.terminal.dialled = ["CONNECT 2400"]
        bureau.terminal._online = True
        bureau.terminal.say("<CR><LF>CONNECT 2400<CR><LF>")
        await asyncio.gather(first, second)
        assert [page.call for page in bureau.terminal.pages] == [1, 1]

    tell(story, prepare=prepare, modem=True)


@pytest.mark.parametrize(
    ("result", "code", "rest_s"),
    [
        ("BUSY", "busy", 10),
        ("NO ANSWER", "no answer", 60),
        ("NO CARRIER", "no carrier", 30),
        ("NO DIALTONE", "no dial tone", 120),
        ("ERROR", "error", 60),
        ("VOICE", "voice", 900),
        ("DELAYED", "delayed", 300),
        ("DELAYED 00:00:03", "delayed", 10),
        ("DELAYED 0:02:05", "delayed", 125),
        ("DELAYED 00:03", "delayed", 180),
        ("BLACKLISTED 00:10", "blacklisted", 600),
        (None, "dial timeout", 60),
    ],
)
def test_a_call_that_does_not_come_about_is_tried_again_later(result: str | None, code: str, rest_s: int) -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.dialled = [result, "CONNECT"]

    async def story(bureau: Bureau) -> None:
        given = [bureau.page(), bureau.page()]
        for outcome in await asyncio.gather(*given):
            assert isinstance(outcome, Deferred)
            assert (outcome.code, outcome.scope) == (code, "channel")
            assert outcome.after_s == pytest.approx(0.8 * rest_s)
        failed_at = bureau.now
        assert (result or "no result") in bureau.reason, "what the modem said"
        assert "look at" in bureau.reason
        assert "dial" in bureau.reason.partition("look at")[2], "and the setting"
        assert bureau.states[-1] == "down"
        await bureau.up()
        assert rest_s <= bureau.now - failed_at < rest_s + 12
        assert bureau.terminal.dials == 2
        assert isinstance(await bureau.page("after all"), Accepted)
        assert bureau.terminal.texts == ["after all"]
        assert bureau.terminal.dials == 2  # it went in the call that found the bureau again

    tell(story, prepare=prepare, modem=True)


def test_nobody_waits_for_a_silent_modem_to_hang_up() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.dialled = [None]

    async def story(bureau: Bureau) -> None:
        given, began = bureau.page(), bureau.now
        await until(lambda: bureau.terminal.dials)
        bureau.terminal.modem_dead = True
        assert isinstance(await given, Deferred)
        assert bureau.now - began < 62, "the minute of the dialling"
        assert (bureau.states[-1], bureau.reason) == ("down", "no result of dialling: look at dial and connect_wait_s")

    tell(story, prepare=prepare, modem=True)


def test_an_engaged_bureau_is_called_soon_and_then_less_and_less_often() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.dialled = ["BUSY"]

    async def story(bureau: Bureau) -> None:
        await bureau.page()
        began, dials = bureau.now, []
        for seen in range(1, 9):
            await until(lambda seen=seen: bureau.terminal.dials > seen, within_s=1000)  # type: ignore[misc]
            dials.append(bureau.now - began)
        gaps = [later - sooner for sooner, later in zip([0, *dials], dials, strict=False)]
        assert gaps == pytest.approx([10, 20, 40, 80, 160, 320, 600, 600], abs=5)

    tell(story, prepare=prepare, modem=True)


def test_a_carrier_that_goes_in_the_middle_leaves_nothing_for_the_command_mode() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers["4711"] = ["<CR><LF>NO CARRIER<CR><LF>"]

    async def story(bureau: Bureau) -> None:
        lost, waits = bureau.page(), bureau.page(pager="4712")
        assert isinstance(await lost, Uncertain)
        assert isinstance(await waits, Deferred)
        bureau.terminal._online = False
        await bureau.up()
        assert [command for command in bureau.terminal.commands if not command.startswith("AT")] == []

    tell(story, prepare=prepare, modem=True)


def test_a_modem_that_is_switched_off_is_noticed_and_comes_back() -> None:
    async def story(bureau: Bureau) -> None:
        bureau.terminal.modem_dead = True
        await until(lambda: not bureau.tap.ready(), within_s=320)
        assert bureau.reason == "the modem does not answer"
        bureau.terminal.modem_dead = False
        await bureau.up(within_s=120)
        assert isinstance(await bureau.page(), Accepted)

    tell(story, modem=True)


def test_a_modem_that_is_online_since_a_crash_is_hung_up_at_once() -> None:
    def prepare(terminal: Terminal) -> None:
        def still_online() -> None:
            terminal._online = not terminal.commands

        terminal.on_line = still_online

    async def story(bureau: Bureau) -> None:
        await bureau.up(within_s=25)
        assert isinstance(await bureau.page(), Accepted)

    tell(story, prepare=prepare, modem=True, starts_up=False)


@pytest.mark.parametrize("stored", ["Q1", "V0"])
def test_a_modem_that_another_program_has_left_silent_or_numeric_is_used(stored: str) -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.stored = terminal._manner = stored

    async def story(bureau: Bureau) -> None:
        await bureau.up(within_s=10)
        for text in ("first", "second"):
            began = bureau.now
            assert isinstance(await bureau.page(text), Accepted)
            assert bureau.now - began < 20
        assert bureau.terminal.texts == ["first", "second"]

    tell(story, prepare=prepare, modem=True, starts_up=False)


def test_draining_hangs_up_in_order() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.takes_s = 2.0

    async def story(bureau: Bureau) -> None:
        out = bureau.page()
        await until(lambda: "<STX>" in "".join(bureau.terminal.said))
        await bureau.tap.drain(20.0)
        assert isinstance(await out, Accepted)
        assert bureau.terminal.said[0].endswith("<EOT><CR>")
        await until(lambda: not bureau.terminal.connected)

    tell(story, prepare=prepare, modem=True)


def test_draining_while_it_dials() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.dialled = [None]

    async def story(bureau: Bureau) -> None:
        out = bureau.page()
        await until(lambda: bureau.terminal.dials)
        began = bureau.now
        await bureau.tap.drain(20.0)
        assert isinstance(await out, Deferred)
        assert bureau.now - began < 15

    tell(story, prepare=prepare, modem=True)


@pytest.mark.parametrize("modem", [False, True])
def test_parity_that_the_port_does_not_make(modem: bool) -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.parity = True

    async def story(bureau: Bureau) -> None:
        assert isinstance(await bureau.page(), Accepted)
        assert len(bureau.terminal.pages) == 1

    tell(story, prepare=prepare, modem=modem, parity="7E1 in software")


def test_an_idle_call_waits_for_more_pages_where_that_costs_nothing() -> None:
    async def story(bureau: Bureau) -> None:
        first = bureau.page()
        await asyncio.sleep(1.5)
        second = bureau.page()
        await asyncio.gather(first, second)
        assert [page.call for page in bureau.terminal.pages] == [1, 1]

    tell(story, linger_s=2.0)
