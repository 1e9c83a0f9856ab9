"""The TAP channel in the hands of the queue: real ledger, real dispatch, the terminal of the channel's tests."""

from __future__ import annotations

import asyncio
import contextlib
import re
import tempfile
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from gatewayd.channels.contract import Health
from gatewayd.channels.tap import Tap, TapSettings
from gatewayd.clock import SECOND
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.dispatch import Dispatch
from gatewayd.model import NewMessage, Priority
from gatewayd.queue import Queue
from gatewayd.store import messages, views
from gatewayd.store.db import Row
from gatewayd.store.sqlite import SqliteStore
from gatewayd.ways import Ways
from tests.channels import virtual
from tests.channels.house import RecordingHouse, until
from tests.channels.tap_terminal import PAGED, Terminal

LONG = "42 CRITICAL " + "the database is down and so is its spare, " * 12


class Hall(RecordingHouse):
    """Passes on what the channel says of itself."""

    dispatch: Dispatch

    def health(self, channel: str, health: Health) -> None:
        super().health(channel, health)
        self.dispatch.health(channel, health)

    def room(self, channel: str) -> None:
        super().room(channel)
        self.dispatch.room(channel)


class Counting(SqliteStore):
    """Counts how often it was asked."""

    looks = 0

    def peek(self, question: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        self.looks += 1
        return super().peek(question, *args, **named)


class Desk:
    """Queues texts, and reads in the ledger what became of them."""

    def __init__(self, terminal: Terminal, store: Counting, queue: Queue, dispatch: Dispatch) -> None:
        self.terminal = terminal
        self.dispatch = dispatch
        self._store = store
        self._queue = queue
        self._clock = virtual.clock()

    @property
    def looks(self) -> int:
        return self._store.looks

    async def text(self, words: str, priority: Priority = Priority.NORMAL, *, to: str = "4711") -> int:
        now = self._clock.now()
        new = NewMessage("text", to, words, priority, expires_at=now + 3600 * SECOND, channel="bureau")
        return await self._store.write(self._queue.enqueue, new, now=now)

    async def begin_anew(self) -> None:
        """What a start makes of the books that a crash has left."""
        await self._store.write(self._queue.resume, now=self._clock.now())

    def state(self, number: int) -> str:
        row = self._store.peek(messages.get, number)
        assert row is not None
        return str(row["state"])

    async def patience_over(self, number: int) -> None:
        await self._store.write(self._queue.patience_over, number, now=self._clock.now())

    def attempts(self, number: int) -> list[Row]:
        return self._store.peek(views.attempts, number)


def tell(
    story: Callable[[Desk], Awaitable[None]],
    *,
    prepare: Callable[[Terminal], None] = lambda terminal: None,
    **changes: object,
) -> None:
    async def whole(directory: Path) -> None:
        clock, house, terminal = virtual.clock(), Hall(), Terminal(directory / "line")
        prepare(terminal)
        terminal.listen()
        store = Counting(directory, clock, inline=True)
        store.open()
        settings: dict[str, object] = {"name": "bureau", "end": f"unix:{terminal.path}"} | changes
        tap = Tap(TapSettings(**settings), house, clock)  # type: ignore[arg-type]
        queue = Queue(
            DeliverySettings(), ways=Ways(lambda _: ("bureau",)), woken=lambda: dispatch.woken(), dice=lambda: 0.5
        )
        house.dispatch = dispatch = Dispatch(store, clock, lambda: queue)
        dispatch.add(tap, takes_any=False)
        task = asyncio.create_task(tap.run())
        try:
            await story(Desk(terminal, store, queue, dispatch))
            await dispatch.stop(10)
            await tap.drain(10)
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            terminal.unplug()
            await store.close()

    with tempfile.TemporaryDirectory() as directory:
        virtual.run(whole(Path(directory)))


def test_a_long_text_goes_as_numbered_pages_of_one_call_and_lets_others_by() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.takes_s = 1.0

    async def story(desk: Desk) -> None:
        long = await desk.text(LONG)
        await until(lambda: desk.terminal.pages)
        urgent = await desk.text("43 CRITICAL", Priority.CRITICAL)
        await until(lambda: desk.state(long) == "sent" and desk.state(urgent) == "sent", within_s=60)
        assert [text[:4] for text in desk.terminal.texts] == ["1/3 ", "43 C", "2/3 ", "3/3 "]
        assert {page.call for page in desk.terminal.pages} == {1}
        assert len(desk.attempts(long)) == 3

    tell(story, prepare=prepare)


PARTED = [f"{n} CRITICAL {words}" for n, words in enumerate((LONG[12:], LONG[12:290], "short", LONG[12:]) * 2, 10)]


def parts_together(texts: list[str]) -> bool:
    """Whether each numbered page is followed by the next one of its text."""
    numbers = [match and (int(match[1]), int(match[2])) for match in (re.match(r"(\d)/(\d) ", t) for t in texts)]
    return all(
        after == (before[0] + 1, before[1])
        for before, after in zip(numbers, [*numbers[1:], None], strict=True)
        if before is not None and before[0] < before[1]
    )


@pytest.mark.parametrize(
    ("call", "changes"),
    [({}, {}), ({}, {"pages_max": 2}), ({"pages_max": 2}, {}), ({"takes_s": 9.0}, {"hold_s": 10})],
    ids=["one call", "calls of two", "the bureau ends it", "slow calls"],
)
def test_the_pages_of_one_text_follow_each_other_on_their_pager(
    call: dict[str, Any], changes: dict[str, object]
) -> None:
    """ "2/3 ..." names no incident: who reads it must know to which page before it it belongs."""

    def prepare(terminal: Terminal) -> None:
        for name, value in call.items():
            setattr(terminal, name, value)

    async def story(desk: Desk) -> None:
        numbers = [await desk.text(words, to=to) for words in PARTED for to in ("4711", "4712")]
        await until(lambda: all(desk.state(number) == "sent" for number in numbers), within_s=900)
        pages = desk.terminal.pages
        shown = {pager: [page.text for page in pages if page.pager == pager] for pager in ("4711", "4712")}
        assert all(len(texts) == 18 and parts_together(texts) for texts in shown.values()), shown
        assert any(a.text[0] == b.text[0] == "1" for a, b in pairwise(pages)), "no line is idle for the next part"

    tell(story, prepare=prepare, **changes)


def test_a_text_whose_next_page_cannot_go_now_holds_up_no_other() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers["4711"] = [PAGED, "512 Later<CR><RS><CR>", PAGED]

    async def story(desk: Desk) -> None:
        first, second = await desk.text(PARTED[0]), await desk.text(PARTED[1])
        await until(lambda: desk.state(first) == desk.state(second) == "sent", within_s=90)
        assert [text[:4] for text in desk.terminal.texts] == ["1/3 ", "1/2 ", "2/2 ", "2/3 ", "3/3 "]

    tell(story, prepare=prepare)


def test_more_texts_than_a_call_takes_all_go_once() -> None:
    async def story(desk: Desk) -> None:
        numbers = [await desk.text(f"text {n:02}") for n in range(25)]
        await until(lambda: all(desk.state(number) == "sent" for number in numbers), within_s=60)
        assert sorted(desk.terminal.texts) == [f"text {n:02}" for n in range(25)]
        assert desk.terminal.calls == 3

    tell(story)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("211 Page accepted", ""),
        ("212 Truncated", "the bureau cut the text, and sent it"),
        ("213 Deferred", "the bureau keeps it for later"),
        ("214 80 characters maximum", "the bureau cut the text to its limit, and sent it"),
    ],
)
def test_what_the_bureau_said_of_a_page_that_it_took_stands_in_the_books(said: str, why: str) -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers = {"4711": [f"{said}<CR><ACK><CR>"]}

    async def story(desk: Desk) -> None:
        number = await desk.text("42 CRITICAL db1 down")
        await until(lambda: desk.state(number) == "sent", within_s=60)
        (attempt,) = desk.attempts(number)
        assert (attempt["code"], attempt["reason"]) == (said[:3], why)

    tell(story, prepare=prepare)


def test_a_stop_lets_the_page_end_that_is_on_the_air_and_begins_no_other() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.takes_s = 5.0

    async def story(desk: Desk) -> None:
        numbers = [await desk.text(f"text {n}") for n in range(10)]
        await until(lambda: desk.terminal.pages, within_s=60)
        began = asyncio.get_running_loop().time()
        await desk.dispatch.stop(30)
        assert asyncio.get_running_loop().time() - began < 12
        paged = len(desk.terminal.pages)
        assert paged <= 2, "the one that was out, and one whose block had left"
        assert [desk.state(number) for number in numbers] == ["sent"] * paged + ["queued"] * (10 - paged)
        assert sum(len(desk.attempts(number)) for number in numbers) == paged

    tell(story, prepare=prepare)


def test_a_bureau_that_does_not_answer_gets_the_text_when_it_does() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.prompt = None

    async def story(desk: Desk) -> None:
        number = await desk.text("42 CRITICAL", Priority.CRITICAL)
        await asyncio.sleep(100)
        assert desk.state(number) == "queued"
        desk.terminal.prompt = "ID="
        await until(lambda: desk.state(number) == "sent", within_s=60)
        assert desk.terminal.texts == ["42 CRITICAL"]

    tell(story, prepare=prepare)


def test_a_long_text_of_which_the_bureau_takes_a_page_back_is_in_doubt() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.on_eot = "<RS><CR><ESC><EOT><CR>"

    async def story(desk: Desk) -> None:
        number = await desk.text(LONG)
        await until(lambda: desk.state(number) == "in_doubt", within_s=60)
        assert [attempt["state"] for attempt in desk.attempts(number)] == ["in_doubt"] * 3

    tell(story, prepare=prepare)


def test_of_a_long_text_in_a_call_that_a_crash_ends_every_part_is_in_doubt() -> None:
    """The terminal may throw away what it took in a call that had no end."""

    def prepare(terminal: Terminal) -> None:
        terminal.takes_s = 3.0

    async def story(desk: Desk) -> None:
        number = await desk.text(LONG)
        await until(lambda: len(desk.attempts(number)) == 2, within_s=60)
        assert [attempt["state"] for attempt in desk.attempts(number)] == ["accepted", "started"]
        await desk.begin_anew()
        assert desk.state(number) == "in_doubt"
        assert [attempt["state"] for attempt in desk.attempts(number)] == ["in_doubt"] * 2

    tell(story, prepare=prepare)


@pytest.mark.parametrize("answer", ["<CR><NAK><CR>", "503 Too many errors<CR><ESC><EOT><CR>", "<ESC><EOT><CR>"])
@pytest.mark.parametrize("rest_s_max", [30.0, 600.0])
def test_a_page_at_which_every_call_ends_keeps_the_bureau_from_nobody(answer: str, rest_s_max: float) -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers = {"4712": [answer]}

    async def story(desk: Desk) -> None:
        bad = await desk.text("44 HIGH", Priority.HIGH, to="4712")
        for number in range(20):
            good = await desk.text(f"{number} CRITICAL", Priority.CRITICAL)
            await until(lambda good=good: desk.state(good) == "sent", within_s=10)  # type: ignore[misc]
            await asyncio.sleep(37)
        assert desk.state(bad) == "failed"
        assert len(desk.attempts(bad)) <= 2 * DeliverySettings().tries_max
        assert "not this one" in desk.attempts(bad)[0]["reason"]

    tell(story, prepare=prepare, reopen_s_max=rest_s_max)


@pytest.mark.parametrize("answer", ["<CR><NAK><CR>", "115 closing for maintenance<CR><ESC><EOT><CR>"])
def test_where_nothing_else_is_to_be_sent_a_page_waits_for_the_line_and_another_never_long(answer: str) -> None:
    """Nobody can know whose fault it is."""

    def prepare(terminal: Terminal) -> None:
        terminal.answers = {"4712": [answer]}

    async def story(desk: Desk) -> None:
        alone = await desk.text("44 HIGH", Priority.HIGH, to="4712")
        await asyncio.sleep(1500)
        assert desk.state(alone) == "queued"
        other = await desk.text("45 CRITICAL", Priority.CRITICAL)
        await until(lambda: desk.state(other) == "sent", within_s=70)
        desk.terminal.answers = {}
        await until(lambda: desk.state(alone) == "sent", within_s=70)

    tell(story, prepare=prepare, reopen_s_max=600.0)


def test_on_a_line_that_damages_every_page_none_is_given_up() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers = {"4711": ["<CR><NAK><CR>"], "4712": ["<CR><NAK><CR>"]}

    async def story(desk: Desk) -> None:
        both = [await desk.text("44 HIGH", Priority.HIGH, to=pager) for pager in ("4711", "4712")]
        await asyncio.sleep(1500)
        assert [desk.state(number) for number in both] == ["queued", "queued"]
        assert desk.terminal.calls < 30, "it rests longer and longer"
        desk.terminal.answers = {}
        await until(lambda: all(desk.state(number) == "sent" for number in both), within_s=700)

    tell(story, prepare=prepare, reopen_s_max=600.0)


def test_a_numbered_part_in_doubt_goes_again_with_a_mark_of_its_own() -> None:
    """A phone joins parts and drops one that it has; a pager shows it as if it were new."""

    def prepare(terminal: Terminal) -> None:
        terminal.answers = {"4711": [PAGED, None, PAGED]}

    async def story(desk: Desk) -> None:
        number = await desk.text(LONG)
        await until(lambda: "in_doubt" in {attempt["state"] for attempt in desk.attempts(number)}, within_s=60)
        await asyncio.sleep(60)
        await desk.patience_over(number)
        await until(lambda: desk.state(number) == "sent", within_s=60)
        assert [text[:10] for text in desk.terminal.texts] == ["1/3 42 CRI", "2/3 (rpt) ", "3/3 so is "]
        written = [
            "2/3 " + call.partition("2/3 ")[2].partition("<CR>")[0] for call in desk.terminal.said if "2/3" in call
        ]
        assert written == ["2/3 " + written[0][4:], "2/3 (rpt) " + written[0][4:]]

    tell(story, prepare=prepare)


WORDS = "the database on db7 is down and its standby does not answer, the backup is of the night, ring the vendor now."
TOO_LONG = "517 {} characters maximum, rejected<CR><RS><CR>"


def test_what_is_longer_than_the_bureau_said_goes_as_numbered_pages() -> None:
    """The first is shown cut, for it was in the call; of the next ones nothing is lost, where that can be."""

    def prepare(terminal: Terminal) -> None:
        terminal.answers["4711"] = [TOO_LONG.format(60), PAGED]

    async def story(desk: Desk) -> None:
        first = await desk.text(f"42 CRITICAL {WORDS}")
        await until(lambda: desk.state(first) == "sent", within_s=60)
        (shown,) = desk.terminal.texts
        assert len(shown) <= 60
        assert "..." in shown
        second = await desk.text(f"43 CRITICAL {WORDS}")
        await until(lambda: desk.state(second) == "sent", within_s=60)
        pages = desk.terminal.texts[1:]
        assert [page[:4] for page in pages] == ["1/3 ", "2/3 ", "3/3 "]
        assert all(len(page) <= 60 for page in pages)
        assert " ".join(page[4:].strip() for page in pages) == f"43 CRITICAL {WORDS}"
        whole = await desk.text(f"44 CRITICAL {WORDS}", to="4712")
        await until(lambda: desk.state(whole) == "sent", within_s=60)
        assert desk.terminal.texts[-1] == f"44 CRITICAL {WORDS}", "another pager shows it"

    tell(story, prepare=prepare)


def test_a_text_of_which_a_page_was_shown_before_begins_anew_where_it_is_cut_otherwise() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers["4711"] = [PAGED, "512 later<CR><RS><CR>", TOO_LONG.format(60), PAGED]

    async def story(desk: Desk) -> None:
        first = await desk.text(f"42 CRITICAL {WORDS}")
        await until(lambda: len(desk.attempts(first)) == 2 and desk.state(first) == "queued", within_s=60)
        other = await desk.text(f"43 CRITICAL {WORDS[:70]}", Priority.CRITICAL)
        await until(lambda: desk.state(other) == "sent" and desk.state(first) == "sent", within_s=120)
        shown = [text for text in desk.terminal.texts if not text.startswith("43")]
        assert [text[:4] for text in shown] == ["1/2 ", "1/3 ", "2/3 ", "3/3 "]
        assert " ".join(page[4:].strip() for page in shown[1:]) == f"42 CRITICAL {WORDS}"

    tell(story, prepare=prepare, chars_max=100)
