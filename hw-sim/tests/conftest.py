"""A loop in virtual time, and somebody typing at a modem."""

from __future__ import annotations

import asyncio
import re
import selectors
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hwsim.fields import address_of
from hwsim.street import Street
from hwsim.tpdu import encode_submit, put_user_data

STARTED_AT = 1_700_000_000.0
FINAL = re.compile(rb"(?:^|\n)(OK|ERROR|NO CARRIER|COMMAND NOT SUPPORT|\+CM[SE] ERROR: [^\r]*)\r\n$")


class _JumpingSelector(selectors.DefaultSelector):
    """Where a loop would wait for its next timer, time jumps there."""

    jumped_s = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            ready = super().select(5)
            assert ready, "nothing will ever happen"
            return ready
        self.jumped_s += max(timeout, 0.0)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.jumped_s


class Terminal:
    """The terminal's side of an in-process line."""

    def __init__(self, street: Street, name: str = "modem1") -> None:
        self.heard = bytearray()
        self.hung_up = False
        self._loop = street.loop
        self._news: asyncio.Future[None] | None = None
        self._end = street.ends[name]
        self.connect()

    def connect(self) -> None:
        self.type = self._end.connect(self._hear, self._gone)

    def _hear(self, data: bytes) -> None:
        self.heard += data
        if self._news and not self._news.done():
            self._news.set_result(None)

    def _gone(self) -> None:
        self.hung_up = True

    async def until(self, condition: Callable[[bytes], object], timeout_s: float = 10.0) -> bytes:
        """What was heard, once it fulfils the condition; it is then forgotten."""
        deadline = self._loop.time() + timeout_s
        while not condition(bytes(self.heard)):
            self._news = self._loop.create_future()
            try:
                await asyncio.wait_for(self._news, deadline - self._loop.time())
            except TimeoutError:
                raise AssertionError(f"heard only {bytes(self.heard)!r}") from None
        heard = bytes(self.heard)
        self.heard.clear()
        return heard

    async def sees(self, text: str, timeout_s: float = 10.0) -> str:
        return (await self.until(lambda heard: text.encode() in heard, timeout_s)).decode("latin-1")

    async def silence(self, seconds: float) -> bytes:
        """What comes within so many seconds."""
        await asyncio.sleep(seconds)
        heard = bytes(self.heard)
        self.heard.clear()
        return heard

    async def command(self, line: str, timeout_s: float = 10.0) -> list[str]:
        """The lines of the answer, the final result last."""
        self.type(line.encode("latin-1") + b"\r")
        heard = await self.until(FINAL.search, timeout_s)
        return [part for part in heard.decode("latin-1").split("\r\n") if part]

    async def submit(self, tpdu: bytes, timeout_s: float = 10.0, sca: str = "00") -> list[str]:
        """The whole +CMGS dialogue in PDU mode."""
        self.type(b"AT+CMGS=%d\r" % len(tpdu))
        await self.until(lambda heard: heard.endswith(b"\r\n> "))
        self.type(sca.encode() + tpdu.hex().upper().encode() + b"\x1a")
        heard = await self.until(FINAL.search, timeout_s)
        return [part for part in heard.decode("latin-1").split("\r\n") if part]

    async def text(self, to: str, words: str, timeout_s: float = 10.0, **more: Any) -> list[str]:
        return await self.submit(encode_submit(address_of(to), put_user_data(words), **more), timeout_s)


@pytest.fixture
def run() -> Callable[[Coroutine[Any, Any, None]], None]:
    """Runs a story in virtual time."""

    def run_story(story: Coroutine[Any, Any, None]) -> None:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(asyncio.wait_for(story, 30 * 86400.0))

    return run_story


def wall_of(loop: asyncio.AbstractEventLoop) -> Callable[[], float]:
    return lambda: STARTED_AT + loop.time()


@pytest.fixture
def street_of() -> Callable[..., Street]:
    """A street with one modem, its echo off, and two phones; call it inside a story."""

    def build(personality: str = "generic", seed: int = 1, **modem: Any) -> Street:
        street = Street(seed, wall=wall_of(asyncio.get_running_loop()))
        street.add_modem("modem1", "+447700900001", personality, **modem)
        street.modems["modem1"].settings.echo = False
        street.add_phone("+447700900111", "Anna")
        street.add_phone("+447700900112", "Ben")
        return street

    return build


@pytest.fixture
def terminal_of() -> type[Terminal]:
    return Terminal
