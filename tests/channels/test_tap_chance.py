"""A bureau with bad weather by seed: each page gets its outcome, and no outcome claims what did not happen."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from gatewayd.delivery.outcome import Accepted, Deferred, Outcome, Refused, Uncertain, Withdrawn
from tests.channels.tap_story import Bureau, tell
from tests.channels.tap_terminal import BYE, PAGED, Answer, Terminal

ANSWERS: list[Answer] = [
    *[PAGED] * 12, "<ACK><CR>", "<CR><NAK><CR>", "514 Checksum error<CR><NAK><CR>", "511 Invalid ID<CR><RS><CR>",
    "512 later<CR><RS><CR>", "213 held<CR><ACK><CR>", "517 30 characters maximum<CR><RS><CR>", None, "!",
    "<ESC><EOT><CR>", "113 Maximum time reached<CR><ESC><EOT><CR>", "516 Quota<CR><RS><CR>",
    "503 noise<CR><ESC><EOT><CR>",
    "111 wait<CR>", "xx<STX>~~<CR>", "<CR><LF>NO CARRIER<CR><LF>",
]  # fmt: skip
LOGONS: list[Answer] = [*["110 1.8<CR><ACK><CR><ESC>[p<CR>"] * 6, "<ESC>[p<CR>", None, "<ESC><EOT><CR>", "<NAK><CR>"]
FAREWELLS: list[Answer] = [*[BYE] * 6, None, "!", "noise<CR>"]
DIALLED: list[Answer] = [*["CONNECT 1200"] * 9, "BUSY", "NO CARRIER", None]
TEXT = "{:02} CRITICAL the database is down once again"


class Weather(dict[str, list[Answer]]):
    """What the terminal says next is the dice's business."""

    def __init__(self, terminal: Terminal, dice: Random) -> None:
        super().__init__()
        self._terminal, self._dice = terminal, dice

    def get(self, key: str, default: object = None) -> list[Answer]:  # type: ignore[override]
        self._terminal.takes_s = self._dice.choice([0.0, 0.0, 0.5, 3.0, 9.0, 12.0])
        return [self._dice.choice(ANSWERS)]

    def change(self) -> None:
        dice, terminal = self._dice, self._terminal
        terminal.logon, terminal.on_eot = dice.choice(LOGONS), dice.choice(FAREWELLS)
        terminal.dialled = [dice.choice(DIALLED)]


def settles(shown: int, outcome: Outcome) -> bool:
    match outcome:
        case Accepted():
            return shown == 1
        case Uncertain():
            return shown <= 1
        case Refused() | Deferred() | Withdrawn():
            return shown == 0


async def better(bureau: Bureau) -> None:
    """Until it can be called again."""
    for _ in range(3000):
        if bureau.tap.ready():
            return
        await asyncio.sleep(10.0)
    raise AssertionError(bureau.reason)


@pytest.mark.parametrize("modem", [False, True])
@pytest.mark.parametrize("seed", range(30))
def test_a_night_of_bad_weather(seed: int, modem: bool) -> None:
    dice = Random(seed)

    def prepare(terminal: Terminal) -> None:
        terminal.answers = weather = Weather(terminal, dice)
        terminal.on_line = weather.change

    async def story(bureau: Bureau) -> None:
        bookings: dict[int, int] = {}

        async def page(number: int) -> Outcome:
            async def book() -> bool:
                bookings[number] = bookings.get(number, 0) + 1
                await asyncio.sleep(dice.choice([0.0, 0.01, 1.0, 6.0]))
                return dice.random() < 0.9

            text = TEXT.format(number)
            return await bureau.page(text, book=book, priority=dice.randrange(4), pager=f"47{number % 7:02}")

        tasks = []
        for number in range(40):
            tasks.append(asyncio.ensure_future(page(number)))
            await asyncio.sleep(dice.choice([0.0, 0.0, 2.0, 20.0]))
            await better(bureau)
        ended, _ = await asyncio.wait(tasks, timeout=4000)
        assert len(ended) == len(tasks)
        outcomes = [task.result() for task in tasks]
        for number, outcome in enumerate(outcomes):
            shown = [page for page in bureau.terminal.pages if page.text.startswith(f"{number:02} ")]
            assert settles(len(shown), outcome), (number, outcome, shown)
        assert max(bookings.values(), default=0) <= 1
        bureau.terminal.on_line = lambda: None
        bureau.terminal.answers, bureau.terminal.takes_s = {}, 0.0
        bureau.terminal.logon, bureau.terminal.on_eot, bureau.terminal.dialled = LOGONS[0], BYE, ["CONNECT"]
        await better(bureau)
        await bureau.page("the last call may have ended badly")
        await better(bureau)
        assert isinstance(await bureau.page("after the storm"), Accepted)

    tell(story, prepare=prepare, modem=modem)
