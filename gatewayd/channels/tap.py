"""A paging bureau that speaks TAP as a channel: one line, a queue, and a call as soon as a page waits.

While a call runs, further pages join it, the most urgent first. What is given lies in the tray (tap_tray.py); whoever
makes the calls takes it from there (tap_caller.py), one call at a time (tap_call.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from pydantic import SecretStr

from gatewayd.channels.contract import Book, House, Submission
from gatewayd.channels.tap_caller import Caller
from gatewayd.channels.tap_settings import TapSettings
from gatewayd.channels.tap_shared import SharedLine
from gatewayd.channels.tap_tray import Tray
from gatewayd.clock import Clock
from gatewayd.delivery.hearing import BY_TAP
from gatewayd.delivery.outcome import Outcome
from gatewayd.text import Fit

__all__ = ["Tap", "TapSettings"]


class Tap:
    """See contract.Channel. `password` is what the daemon read from `password_file` or the credential.

    ValueError, without the value, when the password cannot be written. The outcome of a page may come as late as the
    end of its call, see tap_call.py; a page that waits for a call has not been booked. `pause_s`, `since_call_s`,
    `line` and `closed`: see Caller; `used_s_ago`: see Tray.
    """

    def __init__(
        self,
        settings: TapSettings,
        house: House,
        clock: Clock,
        *,
        password: SecretStr | None = None,
        pause_s: float = 0.0,
        since_call_s: float = float("inf"),
        used_s_ago: Sequence[float] = (),
        line: SharedLine | None = None,
        closed: Callable[[], bool] = lambda: False,
    ) -> None:
        self._settings = settings
        spoken = settings.spoken(password)
        self._tray = Tray(settings, spoken, house, clock, sim=self.sim, used_s_ago=used_s_ago)
        self._caller = Caller(
            settings,
            spoken,
            self._tray,
            clock,
            sim=self.sim,
            tell=partial(house.health, settings.name),
            line=line or SharedLine(),
            pause_s=pause_s,
            since_call_s=since_call_s,
            closed=closed,
        )

    @property
    def name(self) -> str:
        return self._settings.name

    @property
    def sim(self) -> str:
        return f"{BY_TAP}{self._settings.name}"

    @property
    def window(self) -> int:
        """A call takes no more; but those that are held until its end must not keep a critical page from joining it."""
        return self._settings.pages_max + self.kept

    @property
    def kept(self) -> int:
        return self._settings.pages_max

    def ready(self) -> bool:
        return self._caller.ready()

    def room(self, *, critical: bool = False) -> int:
        return self._tray.room(self.window - (0 if critical else self.kept), critical=critical)

    def pause_s(self, *, critical: bool = False) -> float:
        return max(self._caller.rest_s(), self._tray.paced_s(critical=critical))

    def paused_s(self) -> float:
        return self._caller.paused_s()

    def fit(self, words: str, recipient: str) -> Fit:
        return self._tray.fit(words, recipient)

    async def send(self, submission: Submission, book: Book) -> Outcome:
        if not self.ready():
            return self._caller.not_now()
        outcome = await self._tray.take_in(submission, book, ready=self.ready)
        return self._caller.not_now() if outcome is None else outcome

    def recall(self, attempt_id: str, reference: str | None, recipient: str) -> None:
        """TAP has no such word."""

    async def drain(self, timeout_s: float) -> None:
        await self._caller.drain(timeout_s)

    async def run(self) -> None:
        """Own the line until cancelled or drained."""
        await self._caller.run()
