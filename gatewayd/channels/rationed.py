"""A bureau that limits its sessions: so many texts by one bind, and a pause before the next bind or call.

What is over it is put off before it is booked: nothing was tried, and nothing is counted. A critical text is never put
off here: it goes beyond the limit, or breaks the pause.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from gatewayd.channels.contract import Book, Channel, Submission
from gatewayd.delivery.outcome import Outcome, Withdrawn
from gatewayd.model import Priority
from gatewayd.text import Fit

# The text of this id is not to be looked at for so many seconds, and why. Returns after the commit.
PutOff = Callable[[str, float, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Session:
    """`parts`: of one session (None: no limit); `pause_s`: at least, before the next one."""

    parts: int | None = None
    pause_s: float = 0.0


class Rationed:
    """See contract.Channel. `paused_s` tells how long no call is made; `over` is called when a session is spent."""

    def __init__(
        self,
        channel: Channel,
        session: Session,
        *,
        put_off: PutOff,
        over: Callable[[], None] = lambda: None,
        paused_s: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._channel = channel
        self._session = session
        self._put_off = put_off
        self._over = over
        self._paused_s = paused_s
        self._given = self._out = 0

    @property
    def name(self) -> str:
        return self._channel.name

    @property
    def sim(self) -> str:
        return self._channel.sim

    @property
    def window(self) -> int:
        return self._channel.window

    @property
    def kept(self) -> int:
        return self._channel.kept

    def ready(self) -> bool:
        return self._channel.ready()

    def room(self, *, critical: bool = False) -> int:
        return self._channel.room(critical=critical)

    def pause_s(self, *, critical: bool = False) -> float:
        return self._channel.pause_s(critical=critical)

    def fit(self, words: str, recipient: str) -> Fit:
        return self._channel.fit(words, recipient)

    async def run(self) -> None:
        await self._channel.run()

    async def send(self, submission: Submission, book: Book) -> Outcome:
        if submission.part == 1 and submission.priority != Priority.CRITICAL:
            if (wait_s := self._paused_s()) > 0:
                await self._put_off(submission.message_id, wait_s, f"its next call is in {wait_s:.0f} s")
                return Withdrawn()
            if self._spent:
                wait_s = max(self._session.pause_s, 1.0)
                await self._put_off(submission.message_id, wait_s, f"its session has had {self._given} texts")
                return Withdrawn()
        self._given += 1
        self._out += 1
        try:
            return await self._channel.send(submission, book)
        finally:
            self._out -= 1
            if self._spent and not self._out:
                self._over()

    @property
    def _spent(self) -> bool:
        return self._session.parts is not None and self._given >= self._session.parts

    def recall(self, attempt_id: str, reference: str | None, recipient: str) -> None:
        self._channel.recall(attempt_id, reference, recipient)

    async def drain(self, timeout_s: float) -> None:
        await self._channel.drain(timeout_s)
