"""What is left on the card of a modem, asked by USSD while the port has nothing else to do.

The answer comes when it comes: texts go on meanwhile. Whatever came of it, the session is released if it may be open.

The operator's pattern meets words that anybody may have chosen, and some patterns take years for some words, in which
nothing else of this process would run. So it is tried in a process of its own, which is ended when it takes too long.
"""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Callable

from gatewayd.channels.contract import House
from gatewayd.channels.modem_inbox import Inbox
from gatewayd.channels.modem_settings import ModemSettings
from gatewayd.channels.modem_talk import Talk
from gatewayd.clock import Clock
from gatewayd.delivery import balance
from gatewayd.wire.at import Event, Urc
from gatewayd.wire.modem_profile import Profile
from gatewayd.wire.modem_steps import watched
from gatewayd.wire.modem_ussd import Answer, Listener, ask, release

FIRST_S = 30.0  # after the modem came up: it has better things to do first
AGAIN_S = 900.0  # after a try without an answer, unless it is asked more often
PATTERN_S = 5.0  # it takes a millisecond, and a small computer a second to begin
_SEARCH = "import json, re, sys; found = re.search(*json.load(sys.stdin)); print(json.dumps(found and found[1]))"

_log = logging.getLogger("gatewayd.channels.modem")


class BalanceCheck:
    """`turn` when `due_at` has come and nothing else is to be done; the house is told the answer."""

    def __init__(
        self, modem: ModemSettings, house: House, clock: Clock, inbox: Inbox, *, wake: Callable[[], None]
    ) -> None:
        self.due_at = float("inf")
        self._channel = modem.name
        self._settings = modem.balance
        self._house = house
        self._clock = clock
        self._inbox = inbox
        self._wake = wake
        self._listener = Listener()
        self._next_at = float("-inf")  # of this card, whatever happens to the line
        self._card = ""
        self._waits = False  # for an answer
        self._open = False  # a session that is to be released

    def opened(self, card: str, now: float) -> None:
        """The modem is up, with this card in it."""
        if self._settings is None:
            return
        if card != self._card:
            self._card, self._next_at = card, float("-inf")
        if self._waits:  # the line broke before the answer came
            self._next_at = min(self._next_at, now + AGAIN_S)
        self._waits = self._open = False
        self._listener.forget()
        self.due_at = max(self._next_at, now + FIRST_S)

    def hear(self, event: Event) -> None:
        """Whatever the modem says by itself."""
        if self._settings is None or not isinstance(event, Urc) or event.body is not None:
            return
        answer = self._listener.hear(event.line)
        if answer is not None and self._waits:
            self._take(answer)
            self._wake()

    async def turn(self, talk: Talk, profile: Profile, now: float) -> None:
        """Ask; or release what is open."""
        settings = self._settings
        assert settings is not None
        if self._waits:
            self._take(Answer("silent"))
        if self._open:
            self._open, self.due_at = False, self._next_at
            await talk.run(watched(release()))
            return
        self._next_at = now + settings.every
        self.due_at = now + settings.wait_s
        self._waits = True
        answer = await talk.run(watched(ask(profile, settings.ussd)))
        if answer is not None and self._waits:
            self._take(answer)

    async def _tell(self, card: str, said: str) -> None:
        settings = self._settings
        assert settings is not None
        if settings.pattern is None:
            found = balance.amount(said)
        else:
            loop, words = asyncio.get_running_loop(), said[: balance.SAID_CHARACTERS_MAX]
            named = await loop.run_in_executor(None, self._named, settings.pattern, words)
            found = balance.number(named) if named else None
        await self._house.balance(self._channel, card, said, found)

    def _named(self, pattern: str, said: str) -> str | None:
        """What the first group of the pattern finds."""
        try:
            done = subprocess.run(  # noqa: S603 - this very Python, with a program of ours
                [sys.executable, "-I", "-S", "-c", _SEARCH], input=json.dumps([pattern, said]),
                capture_output=True, text=True, timeout=PATTERN_S, check=True, cwd="/",
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as failure:
            late = isinstance(failure, subprocess.TimeoutExpired)
            why = f"it takes more than {PATTERN_S:g} s with this answer" if late else type(failure).__name__
            told = {"event": "balance_pattern_failed", "channel": self._channel}
            _log.warning("the pattern of the balance finds nothing: %s", why, extra=told)
            return None
        found: str | None = json.loads(done.stdout)
        return found

    def _take(self, answer: Answer) -> None:
        settings = self._settings
        assert settings is not None
        now = self._clock.monotonic()
        self._waits, self._open = False, answer.meaning in ("asks", "silent", "unknown")
        if answer.text:
            self._inbox.carry(self._tell(self._card, answer.text))
        else:
            self._next_at = min(self._next_at, now + max(AGAIN_S, settings.wait_s))
            told = {"event": "balance_unanswered", "channel": self._channel, "code": answer.meaning}
            _log.warning("nobody answers %s: %s", settings.ussd, answer.meaning, extra=told)
        self.due_at = now if self._open else self._next_at
