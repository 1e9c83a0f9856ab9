"""Pages to a bureau, as the house sees them: what goes in which call, and what is said of each."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from gatewayd.delivery.outcome import Accepted, Deferred, Refused, Uncertain, Withdrawn
from tests.channels.house import until, withdrawn
from tests.channels.tap_story import CRITICAL, NORMAL, Bureau, tell
from tests.channels.tap_terminal import PAGED, Terminal


def test_a_page_as_in_the_book() -> None:
    async def story(bureau: Bureau) -> None:
        assert await bureau.page("CRITICAL web1 down") == Accepted(None, "211")
        assert bureau.terminal.said == [
            "<ESC>PG1<CR><STX>4711<CR>CRITICAL web1 down<CR><ETX>69><CR><EOT><CR>",
        ]
        await until(lambda: not bureau.terminal.connected)

    house = tell(story)
    assert [health.state for health in house.healths] == ["up", "down"]
    assert house.healths[0].sim == "tap:bureau"


def test_a_goodbye_in_the_same_breath_as_an_answer_leaves_the_next_page_alone() -> None:
    """Nothing of it went out: it is not in doubt, and goes in a new call at once."""

    async def story(bureau: Bureau) -> None:
        bureau.terminal.answers = {"4711": ["211 Page accepted<CR><ACK><CR>112 Page limit<CR><ESC><EOT><CR>", PAGED]}
        first, second = bureau.page("page 1"), bureau.page("page 2")
        assert isinstance(await first, Accepted)
        assert isinstance(await second, Accepted)
        assert bureau.terminal.texts == ["page 1", "page 2"]
        assert bureau.terminal.calls == 2

    tell(story)


def test_the_attempt_is_booked_before_its_first_octet() -> None:
    async def story(bureau: Bureau) -> None:
        heard: list[str] = []

        async def book() -> bool:
            await asyncio.sleep(2)
            heard.append(bureau.terminal.said[-1])
            return True

        assert isinstance(await bureau.page(book=book), Accepted)
        assert heard == ["<ESC>PG1<CR>"]

    tell(story)


def test_of_a_withdrawn_page_nothing_is_written() -> None:
    async def story(bureau: Bureau) -> None:
        first, second = bureau.page("secret", book=withdrawn), bureau.page("wanted")
        assert await first == Withdrawn()
        assert isinstance(await second, Accepted)
        assert bureau.terminal.texts == ["wanted"]
        assert "secret" not in "".join(bureau.terminal.said)
        assert bureau.terminal.calls == 1

    tell(story)


def test_pages_that_wait_go_in_one_call_the_most_urgent_first() -> None:
    async def story(bureau: Bureau) -> None:
        outcomes = [bureau.page(f"page {n}", priority=CRITICAL if n == 3 else NORMAL) for n in range(4)]
        assert {type(outcome) for outcome in await asyncio.gather(*outcomes)} == {Accepted}
        assert bureau.terminal.texts == ["page 3", "page 0", "page 1", "page 2"]
        assert bureau.terminal.calls == 1

    tell(story)


def test_a_page_that_comes_meanwhile_joins_the_call_before_less_urgent_ones() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.takes_s = 2.0

    async def story(bureau: Bureau) -> None:
        early = [bureau.page(f"page {n}") for n in range(3)]
        await until(lambda: len(bureau.terminal.pages) == 1)
        late = bureau.page("urgent", priority=CRITICAL)
        await asyncio.gather(late, *early)
        assert bureau.terminal.texts == ["page 0", "urgent", "page 1", "page 2"]
        assert bureau.terminal.calls == 1
        gaps = [b.at - a.at for a, b in zip(bureau.terminal.pages, bureau.terminal.pages[1:], strict=False)]
        assert max(gaps) == pytest.approx(2.0, abs=0.02)  # never idle but for the terminal's own time

    tell(story, prepare=prepare)


def test_no_more_pages_in_a_call_than_the_bureau_takes() -> None:
    async def story(bureau: Bureau) -> None:
        outcomes = [bureau.page(f"page {n}") for n in range(7)]
        await asyncio.gather(*outcomes)
        assert [page.call for page in bureau.terminal.pages] == [1, 1, 1, 2, 2, 2, 3]

    tell(story, pages_max=3)


def test_how_many_it_takes_is_learnt() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.pages_max = 2

    async def story(bureau: Bureau) -> None:
        outcomes = await asyncio.gather(*[bureau.page(f"page {n}") for n in range(3)])
        assert [type(outcome) for outcome in outcomes] == [Accepted, Accepted, Deferred]
        assert outcomes[2] == Deferred("no more pages in this call", "112", 0.0, "channel")
        outcomes = await asyncio.gather(*[bureau.page(f"page {n}") for n in range(4)])
        assert [type(outcome) for outcome in outcomes] == [Accepted] * 4
        assert bureau.states == ["up"]

    tell(story, prepare=prepare)


@pytest.mark.parametrize("control", ["RS", "NAK"])
@pytest.mark.parametrize(("code", "calls_for_two"), [(112, 2), (113, 1)], ids=["pages", "time"])
def test_a_page_that_is_one_too_many_for_a_call_goes_in_the_next_one(
    control: str, code: int, calls_for_two: int
) -> None:
    """However the terminal puts it: what it refuses is not the page. How many pages it takes is learnt."""

    def prepare(terminal: Terminal) -> None:
        terminal.answers["4711"] = [PAGED, f"{code} No more in this call<CR><{control}><CR>", PAGED]

    async def story(bureau: Bureau) -> None:
        began = bureau.now
        taken, deferred, next_one = await asyncio.gather(*(bureau.page(f"page {n}") for n in range(3)))
        assert taken == next_one == Accepted(None, "211")
        assert isinstance(deferred, Deferred)
        assert (deferred.code, deferred.after_s, deferred.scope) == (str(code), 0, "channel")
        assert await bureau.page("page 1") == Accepted(None, "211")
        assert bureau.terminal.texts == ["page 0", "page 2", "page 1"]
        before = bureau.terminal.calls
        await asyncio.gather(*(bureau.page(f"page {n}") for n in (3, 4)))
        assert bureau.terminal.calls - before == calls_for_two
        assert bureau.now - began < 5
        assert set(bureau.states) == {"up"}

    tell(story, prepare=prepare)


def test_a_terminal_that_takes_no_page_at_all_is_called_ever_more_seldom() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers["4711"] = ["112 No more in this call<CR><RS><CR>"]

    async def story(bureau: Bureau) -> None:
        until_s = bureau.now + 600
        while bureau.now < until_s:
            if bureau.tap.ready():
                assert isinstance(await bureau.page(), Deferred)
            await asyncio.sleep(1)
        assert 10 < bureau.terminal.calls < 40
        assert bureau.states[-1] in {"resting", "up"}
        assert "resting" in bureau.states

    tell(story, prepare=prepare)


def test_an_unknown_pager_is_refused_at_once_and_stops_nobody() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers["9999"] = ["511 Invalid Pager ID<CR><RS><CR>"]
        terminal.takes_s = 1.0

    async def story(bureau: Bureau) -> None:
        bad, good = bureau.page(pager="9999"), bureau.page()
        assert await bad == Refused("unknown pager number", "511", "recipient")
        assert not good.done()
        assert isinstance(await good, Accepted)

    tell(story, prepare=prepare)


def test_what_is_accepted_is_told_when_the_call_is_over() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.takes_s = 3.0

    async def story(bureau: Bureau) -> None:
        first, second = bureau.page(), bureau.page()
        await until(lambda: len(bureau.terminal.pages) == 2)
        assert not first.done()
        await asyncio.gather(first, second)
        assert bureau.terminal.said[0].endswith("<EOT><CR>")

    tell(story, prepare=prepare)


@pytest.mark.parametrize(("priority", "hold_s"), [(0, 20), (1, 40), (2, 100)])
def test_no_page_is_held_until_the_house_loses_patience(priority: int, hold_s: int) -> None:
    """9 s for each page; ten of them would take 90 s."""

    def prepare(terminal: Terminal) -> None:
        terminal.takes_s = 9.0

    async def story(bureau: Bureau) -> None:
        booked: list[float] = []

        async def book() -> bool:
            booked.append(bureau.now)
            return True

        pages = [bureau.page(f"page {n}", book=book, priority=priority) for n in range(20)]
        await pages[0]
        assert hold_s <= bureau.now - booked[0] <= hold_s + 9 + 1
        await asyncio.gather(*pages)
        assert bureau.terminal.calls == {0: 7, 1: 4, 2: 2}[priority]

    tell(story, prepare=prepare, pages_max=20)


@pytest.mark.parametrize("priority", [0, 2])
def test_a_house_of_little_patience_has_its_answers_in_time(priority: int) -> None:
    """`hold_s` is as it is by default; four pages would take 24 s."""

    def prepare(terminal: Terminal) -> None:
        terminal.takes_s = 6.0

    async def story(bureau: Bureau) -> None:
        booked: dict[int, float] = {}

        async def one(number: int) -> float:
            async def book() -> bool:
                booked[number] = bureau.now
                return True

            await bureau.page(f"page {number}", book=book, priority=priority, patience_s=20.0)
            return bureau.now - booked[number]

        assert max(await asyncio.gather(*map(one, range(4)))) < 20
        assert len(bureau.terminal.pages) == 4

    tell(story, prepare=prepare)


def test_a_page_taken_back_was_refused_and_of_two_nobody_knows() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.on_eot = "511 One page had an invalid ID<CR><RS><CR>115 Goodbye<CR><ESC><EOT><CR>"

    async def story(bureau: Bureau) -> None:
        assert await bureau.page() == Refused("unknown pager number", "511", "recipient")
        outcomes = await asyncio.gather(bureau.page(), bureau.page())
        assert [type(outcome) for outcome in outcomes] == [Uncertain, Uncertain]
        assert bureau.states == ["up"]

    tell(story, prepare=prepare)


# -- long texts --------------------------------------------------------------------------------------------------------


async def long_text(
    bureau: Bureau, message: str, words: str = "42 CRITICAL " + "words " * 60, pager: str = "4711"
) -> list[object]:
    """As the house does it: a part, its outcome, the next part."""
    outcomes: list[object] = []
    cut = bureau.tap.fit(words, pager)
    parts = {"parts": len(cut.segments), "message_id": message, "alphabet": cut.alphabet}
    for part, segment in enumerate(cut.segments, 1):
        outcomes.append(await bureau.page(segment, pager=pager, part=part, **parts))
    return outcomes


def test_the_parts_of_a_text_go_in_one_call() -> None:
    async def story(bureau: Bureau) -> None:
        assert [type(outcome) for outcome in await long_text(bureau, "m")] == [Accepted, Accepted]
        assert [text[:6] for text in bureau.terminal.texts] == ["1/2 42", "2/2 wo"]
        assert bureau.terminal.calls == 1

    tell(story)


def test_a_text_of_which_a_part_was_taken_back_is_in_doubt() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.on_eot = "<RS><CR><ESC><EOT><CR>"

    async def story(bureau: Bureau) -> None:
        assert [type(outcome) for outcome in await long_text(bureau, "m")] == [Accepted, Uncertain]

    tell(story, prepare=prepare)


def test_so_it_is_when_the_parts_went_in_two_calls() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.on_eot = "<RS><CR><ESC><EOT><CR>"

    async def story(bureau: Bureau) -> None:
        assert isinstance(await bureau.page("1/2 a", message_id="m", part=1, parts=2), Accepted)
        await until(lambda: not bureau.terminal.connected, within_s=10)
        bureau.terminal.on_eot = "<ESC><EOT><CR>"
        assert isinstance(await bureau.page("2/2 b", message_id="m", part=2, parts=2), Uncertain)
        assert isinstance(await bureau.page("1/2 a", message_id="m", part=1, parts=2), Accepted)
        assert isinstance(await bureau.page("2/2 b", message_id="m", part=2, parts=2), Accepted)

    tell(story, prepare=prepare)


# -- lengths, pace -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [513, 517])
def test_a_text_too_long_for_its_pager_goes_again_cut_to_what_the_bureau_said(code: int) -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers["4711"] = [f"{code} 20 characters maximum, rejected<CR><RS><CR>", PAGED]

    async def story(bureau: Bureau) -> None:
        bookings = 0

        async def book() -> bool:
            nonlocal bookings
            bookings += 1
            return True

        assert isinstance(await bureau.page("42 CRITICAL the database is down", book=book), Accepted)
        assert bureau.terminal.texts == ["42 CRITICAL the d..."]
        assert (bookings, bureau.terminal.calls) == (1, 1)
        await bureau.page("43 CRITICAL the database is down", book=book)
        await bureau.page("44 CRITICAL the database is down", pager="4712")
        assert bureau.terminal.texts[1:] == ["43 CRITICAL the d...", "44 CRITICAL the database is down"]

    tell(story, prepare=prepare)


@pytest.mark.parametrize("code", [513, 517])
def test_a_text_too_long_for_its_pager_goes_again_cut_short_where_the_bureau_does_not_say_how_long(code: int) -> None:
    words = f"42 CRITICAL {'the database is down, ' * 8}. Reply ok 42"

    def prepare(terminal: Terminal) -> None:
        terminal.answers["4711"] = [f"{code} Too long<CR><RS><CR>", PAGED, f"{code} Too long<CR><RS><CR>"]

    async def story(bureau: Bureau) -> None:
        taken = await bureau.page(words)
        assert isinstance(taken, Accepted)
        assert taken.reason == f"shortened to 80 characters: the bureau refused it as too long ({code}), see chars_max"
        (text,) = bureau.terminal.texts
        assert len(text) <= 80
        assert text.endswith("... Reply ok 42")
        assert isinstance(await bureau.page(words), Refused), "it goes again once"
        assert isinstance(await bureau.page("43 CRITICAL the database is down"), Refused), "it would be next to nothing"

    tell(story, prepare=prepare)


@pytest.mark.parametrize("answer", ["214 8 characters<CR><ACK><CR>", "517 8 characters<CR><RS><CR>"])
def test_a_length_of_which_the_line_has_lost_a_digit_is_not_believed(answer: str) -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers["4711"] = [answer, PAGED]

    async def story(bureau: Bureau) -> None:
        await bureau.page("42 CRITICAL")
        assert await bureau.page("43 CRITICAL the database is down") == Accepted(None, "211")
        assert bureau.terminal.texts[-1] == "43 CRITICAL the database is down"

    tell(story, prepare=prepare)


def test_a_length_is_believed_for_a_day() -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers["4711"] = ["214 20 characters<CR><ACK><CR>", PAGED]

    async def story(bureau: Bureau) -> None:
        words = "42 CRITICAL the database is down"
        for wait_s in (0, 80_000, 7_000):
            await asyncio.sleep(wait_s)
            await bureau.up()
            await bureau.page(words)
        assert bureau.terminal.texts == [words, "42 CRITICAL the d...", words]

    tell(story, prepare=prepare, look_s=20_000.0)


@pytest.mark.parametrize(
    ("answer", "first"),
    [
        ("517 20 characters maximum, rejected<CR><RS><CR>", "42 CRITICAL the d..."),
        ("214 20 characters maximum, truncated<CR><ACK><CR>", "42 CRITICAL the database is down"),
    ],
    ids=["refused", "cut"],
)
def test_what_the_bureau_said_of_a_length_holds_for_the_next_page_of_the_same_call(answer: str, first: str) -> None:
    def prepare(terminal: Terminal) -> None:
        terminal.answers["4711"] = [answer, PAGED]

    async def story(bureau: Bureau) -> None:
        pages = [bureau.page(f"{code} CRITICAL the database is down") for code in (42, 43)]
        await asyncio.gather(*pages, bureau.page("44 CRITICAL the database is down", pager="4712"))
        assert bureau.terminal.calls == 1
        assert sorted(bureau.terminal.texts) == [first, "43 CRITICAL the d...", "44 CRITICAL the database is down"]
        assert bureau.terminal.said[0].count("<STX>") == 3 + ("<RS>" in answer), "none is refused for what was known"

    tell(story, prepare=prepare)


@pytest.mark.parametrize("digits", [1, 10, 11, 20, 32])
def test_of_a_long_text_nothing_is_lost_however_long_the_number_of_the_pager_is(digits: int) -> None:
    async def story(bureau: Bureau) -> None:
        for octets in (200, 216, 217, 228, 229, 238, 239, 248, 249, 460, 612):
            words = "".join(chr(ord("a") + n % 26) for n in range(octets))
            outcomes = await long_text(bureau, str(octets), words, "1" * digits)
            assert {type(outcome) for outcome in outcomes} == {Accepted}
            shown = bureau.terminal.texts[-len(outcomes) :]
            assert "".join(text.removeprefix(f"{n}/{len(shown)} ") for n, text in enumerate(shown, 1)) == words

    tell(story, pages_max=100)


def test_the_pace_that_is_allowed_is_kept() -> None:
    async def story(bureau: Bureau) -> None:
        assert (bureau.tap.room(), bureau.tap.room(critical=True)) == (3, 4)
        await asyncio.gather(*(bureau.page() for _ in range(3)))
        assert (bureau.tap.room(), bureau.tap.room(critical=True)) == (0, 1), "one is kept for what is critical"
        assert bureau.tap.pause_s() == pytest.approx(60.0, abs=3)
        assert bureau.tap.pause_s(critical=True) == 0
        await bureau.page(priority=CRITICAL)
        assert bureau.tap.room(critical=True) == 0
        assert bureau.tap.pause_s(critical=True) == pytest.approx(60.0, abs=5)
        await asyncio.sleep(bureau.tap.pause_s(critical=True))
        assert bureau.tap.room(critical=True) >= 1

    tell(story, pages_per_minute=4.0)


def test_the_parts_of_a_text_wait_for_their_turns() -> None:
    async def story(bureau: Bureau) -> None:
        parts = [bureau.page(f"{n}/3 a long text", part=n, parts=3, message_id="9") for n in (1, 2, 3)]
        await asyncio.gather(*parts)
        times = [page.at for page in bureau.terminal.pages]
        assert [page.text[:3] for page in bureau.terminal.pages] == ["1/3", "2/3", "3/3"]
        assert all(later - at >= 30 for at, later in pairwise(times))

    tell(story, pages_per_minute=2.0, burst=1)


def test_a_part_that_waits_for_its_turn_does_not_wait_for_a_line_that_is_dead() -> None:
    async def story(bureau: Bureau) -> None:
        await bureau.page("1/2 a long text", part=1, parts=2, message_id="9")
        second = bureau.page("2/2 a long text", part=2, parts=2, message_id="9")
        await asyncio.sleep(1)
        assert not second.done()
        await bureau.tap.drain(5)
        assert isinstance(await second, Deferred)

    tell(story, pages_per_minute=1.0)


def test_no_more_pages_are_wanted_than_fit_a_call() -> None:
    async def story(bureau: Bureau) -> None:
        assert bureau.tap.room() == 10
        given = [bureau.page() for _ in range(4)]
        await asyncio.sleep(0)
        assert bureau.tap.room() == 6
        assert bureau.tap.room(critical=True) >= 10, "those do not keep a critical page from the call"
        await asyncio.gather(*given)
        assert bureau.tap.room() == 10

    tell(story)
