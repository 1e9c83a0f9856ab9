"""A paging bureau, a house and a story that happens to them in virtual time."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from pydantic import SecretStr

from gatewayd.channels.contract import Book
from gatewayd.channels.supervise import Supervisor
from gatewayd.channels.tap import Tap, TapSettings
from gatewayd.delivery.outcome import Outcome
from tests.channels import virtual
from tests.channels.house import RecordingHouse, booked, submission, until
from tests.channels.tap_terminal import Terminal

CRITICAL, NORMAL = 0, 2


class Bureau:
    """The terminal, the channel that calls it, and the house."""

    def __init__(self, terminal: Terminal, tap: Tap, house: RecordingHouse) -> None:
        self.terminal = terminal
        self.tap = tap
        self.house = house
        self._numbers = 0

    def page(
        self, text: str = "", *, pager: str = "4711", book: Book = booked, **changes: object
    ) -> asyncio.Task[Outcome]:
        """Give it a page; the task ends with the outcome."""
        self._numbers += 1
        values = {"segment": text or f"42 CRITICAL db{self._numbers} down", "recipient": pager} | changes
        return asyncio.ensure_future(self.tap.send(submission(self._numbers, **values), book))

    async def up(self, within_s: float = 2000.0) -> None:
        await until(self.tap.ready, within_s=within_s)

    @property
    def states(self) -> list[str]:
        return [health.state for health in self.house.healths]

    @property
    def reason(self) -> str:
        return self.house.healths[-1].reason

    @property
    def now(self) -> float:
        return asyncio.get_running_loop().time()


def tell(
    story: Callable[[Bureau], Awaitable[None]],
    *,
    prepare: Callable[[Terminal], None] = lambda terminal: None,
    listens: bool = True,
    starts_up: bool = True,
    password: str | None = None,
    modem: bool = False,
    pause_s: float = 0.0,
    closed: Callable[[], bool] = lambda: False,
    **changes: object,
) -> RecordingHouse:
    """Bring the channel up in virtual time and let the story happen to it."""
    house = RecordingHouse()

    async def whole(path: Path) -> None:
        terminal = Terminal(path, modem=modem)
        prepare(terminal)
        if listens:
            terminal.listen()
        values: dict[str, object] = {"name": "bureau", "end": f"unix:{path}"} | ({"dial": "5551000"} if modem else {})
        settings = TapSettings(**(values | changes))  # type: ignore[arg-type]
        secret = SecretStr(password) if password else None
        tap = Tap(settings, house, virtual.clock(), password=secret, pause_s=pause_s, closed=closed)
        task = asyncio.create_task(Supervisor([tap], house, virtual.clock()).run())
        bureau = Bureau(terminal, tap, house)
        try:
            if starts_up:
                await bureau.up()
            await story(bureau)
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            terminal.unplug()

    with tempfile.TemporaryDirectory() as directory:
        virtual.run(whole(Path(directory) / "line"))
    return house
