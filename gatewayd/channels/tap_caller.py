"""Whoever makes the calls of one bureau: when to call, to look at the line, to rest, and what a call says of the next.

The health is "up" when the last call came through, or, before the first one, when a look found the line good. A look
is a call without a page where nothing is dialled, else it opens the line and asks the modem; an idle line has one now
and then. After a call that failed, its pages go back to the house, the line rests, and then the bureau is called by
ourselves, without a page if there is none: no page has to be the one that finds out. A bureau that refuses the logon is
called as seldom as it deserves, and needs a person.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Literal

from gatewayd.channels.contract import Health
from gatewayd.channels.link import LinkError, path_of
from gatewayd.channels.modem_pace import Backoff
from gatewayd.channels.tap_call import Call
from gatewayd.channels.tap_line import modem_answers, open_line
from gatewayd.channels.tap_settings import TapSettings
from gatewayd.channels.tap_shared import SharedLine
from gatewayd.channels.tap_tray import Tray
from gatewayd.clock import Clock, until_set
from gatewayd.delivery.outcome import Deferred
from gatewayd.wire import tap_settings as wire
from gatewayd.wire.tap_calls import late_after_s
from gatewayd.wire.tap_codes import Verdict

REST_S_MIN = 5.0  # after a failed call
EITHER_S_MAX = 60.0  # where the page may be at fault no other one waits longer for the next call
SILENT_MODEM_S = 1.0  # it may be online since a crash, and a call ends that; if it is dead, the rest after that grows
CLOSED_LOOK_S = 60.0  # so often, whether its hours have begun
WAIT_TOLD_S = 5.0  # so often, how long it has waited for the line
DUE_SHARE = 0.8  # what was deferred is due a little before the next call, and goes in it
NO_MORE = frozenset({"112", "113"})  # pages, time: from a bureau that has taken none it is a refusal
LET_IN_MAX = 9  # calls of which is remembered how long they took to be let in

Proof = Literal["look", "call", "time"]  # what makes the line good again

_log = logging.getLogger("gatewayd.channels.tap")


class Caller:
    """`run` makes calls for what lies in the `tray` until it is cancelled or drained; `tell` hears of the health.

    Between two calls are at least `pause_s`, but for a critical page; `since_call_s`: how long ago the last one was.
    `line`: others are dialled by it, too. While it is `closed`, no call is made without a page.
    """

    def __init__(
        self,
        settings: TapSettings,
        spoken: wire.TapSettings,
        tray: Tray,
        clock: Clock,
        *,
        sim: str,
        tell: Callable[[Health], None],
        line: SharedLine,
        pause_s: float,
        since_call_s: float,
        closed: Callable[[], bool],
    ) -> None:
        self._settings = settings
        self._spoken = spoken  # and what calls have taught
        self._tray = tray
        self._clock = clock
        self._sim = sim
        self._tell_house = tell
        self._line = line
        self._let_in_s: deque[float] = deque(maxlen=LET_IN_MAX)
        self._call: Call | None = None
        self._closed = closed
        self._ended = asyncio.Event()
        self._ended.set()
        self._draining = False
        self._pause_s = pause_s
        self._next_call_at = clock.monotonic() + max(0.0, pause_s - since_call_s)
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._health = Health()
        self._backoff = Backoff(self._settings.reopen_s_max)
        self._failures = 0  # calls in a row
        self._proof: Proof = "look"
        self._due_at = self._clock.monotonic()  # the next look, or the end of the rest

    # -- what the house asks -------------------------------------------------------------------------------------------

    def ready(self) -> bool:
        return self._health.state == "up" and not self._draining

    def not_now(self) -> Deferred:
        reason = "stopping" if self._draining else self._health.reason or self._health.state
        return Deferred(f"{self._settings.name}: {reason}", "not ready", 1.0, "channel")

    def rest_s(self) -> float:
        """For how long nothing is tried."""
        return 0.0 if self._health.state == "up" else max(0.0, self._due_at - self._clock.monotonic())

    def paused_s(self) -> float:
        """How long no call is made but for a critical page; 0 while one runs: further pages join it."""
        return max(0.0, self._next_call_at - self._clock.monotonic()) if self._call is None else 0.0

    async def drain(self, timeout_s: float) -> None:
        """Begin no further page, let the call end in order. Returns when it has, or when the time is over."""
        self._draining = True
        self._line.give_up(self)
        self._tray.release(self.not_now())
        if self._call is not None:
            self._call.stop()
        self._tray.wake.set()
        try:
            async with asyncio.timeout(timeout_s):
                await self._ended.wait()
        except TimeoutError:
            _log.warning("the call did not end in time", extra=self._extra("closing_late"))

    async def run(self) -> None:
        self._ended.clear()
        self._begin_anew()
        try:
            while not self._draining:
                await self._turn()
        finally:
            self._call = None
            self._tell(Health(state="down", reason="closed", sim=self._sim))
            self._tray.release(self.not_now())
            await self._tray.handed_over()
            self._ended.set()

    # -- the line ------------------------------------------------------------------------------------------------------

    async def _turn(self) -> None:
        """Call, look, or wait until there is a reason to."""
        queue = self._tray.queue
        self._tray.wake.clear()
        now = self._clock.monotonic()
        paused_s = 0.0 if queue.urgent else self._next_call_at - now
        waiting = bool(queue) and self._health.state == "up"
        wait_s = paused_s if waiting else self._due_at - now
        if not waiting and self._proof == "call":
            wait_s = max(wait_s, paused_s, CLOSED_LOOK_S if self._closed() else 0.0)
        if wait_s > 0:
            await until_set(self._tray.wake, wait_s)
        elif waiting or self._proof == "call":
            await self._with_line(self._hold_call)
        elif self._proof == "look":
            await self._with_line(self._look)
        else:
            self._good()

    async def _with_line(self, do: Callable[[], Awaitable[None]]) -> None:
        """When it is our turn; what was to be done may be needless by then."""
        if not await self._our_turn():
            return
        try:
            if not self._draining and (self._tray.queue or self._proof != "look" or do == self._look):
                await do()
        finally:
            self._line.free()

    async def _our_turn(self) -> bool:
        """See SharedLine.take. As long as it lasts our health says so."""
        began, log_it = self._clock.monotonic(), bool(self._tray.queue)
        turn = asyncio.ensure_future(self._line.take(self, lambda: self._tray.queue.urgent))
        self._tray.queue.on_added = self._line.look
        try:
            while not (await asyncio.wait([turn], timeout=WAIT_TOLD_S))[0]:
                state: Literal["starting"] | None = "starting" if self._health == Health() else None
                note = f"waits for the line, {self._clock.monotonic() - began:.0f} s"
                self._tell(replace(self._health, state=state or self._health.state, note=note))
                if log_it:
                    log_it = False
                    _log.info("pages wait for the line: another bureau is called", extra=self._extra("tap_line_waits"))
        except asyncio.CancelledError:
            turn.cancel()
            if (await asyncio.wait([turn]))[0] and not turn.cancelled() and turn.result():
                self._line.free()
            raise
        finally:
            self._tray.queue.on_added = lambda: None
        if self._health.note:
            self._tell(replace(self._health, note=""))
        return turn.result()

    async def _look(self) -> None:
        """Whether the bureau takes us, where that costs nothing; else whether the line opens and its modem answers."""
        if self._settings.look == "call" and not self._pause_s and not self._closed():
            await self._hold_call()
            return
        try:
            line = await open_line(self._settings)
        except LinkError as error:
            self._cannot_open(error)
            return
        try:
            answers = self._settings.dial is None or await modem_answers(line)
        finally:
            await line.close()
        if answers:
            self._good()
        else:
            self._bad("down", "the modem does not answer", "modem silent", SILENT_MODEM_S, "call")

    async def _hold_call(self) -> None:
        began = self._clock.monotonic()
        try:
            line = await open_line(self._settings)
        except LinkError as error:
            self._cannot_open(error)
            return
        if self._draining:
            await line.close()
            return
        self._call = Call(
            self._settings,
            self._spoken,
            self._tray.queue,
            self._clock,
            suspects=self._tray.suspects,
            tell=self._tray.tell,
            on_answered=self._tray.answered,
            on_greeted=partial(self._greeted, began),
            on_over=partial(self._call_over, began),
            pressed=lambda: self._line.pressed,
        )
        self._line.on_pressed = self._give_way
        late = asyncio.get_running_loop().call_later(late_after_s(self._let_in_s), self._late, began)
        try:
            await self._call.hold(line)
        finally:
            late.cancel()
            self._line.on_pressed = lambda: None
            rest = self._call.rest
            rest_s = rest.after_s if rest is not None and self._call.fault == "page" else 0.0
            self._call = None
            self._next_call_at = self._clock.monotonic() + max(self._pause_s, rest_s)

    # -- what a call says of the next one ------------------------------------------------------------------------------

    def _late(self, began: float) -> None:
        """The call goes on, with what was given to it; who can be called by another way need not wait for it."""
        call = self._call
        if self._health.state == "up" and call is not None and call.over is None and not call.greeted:
            tried_s = self._clock.monotonic() - began
            reason = f"not let in after {tried_s:.0f} s, the call goes on"
            self._tell(Health(state="starting", reason=reason, sim=self._sim, tried_s=tried_s))

    def _give_way(self) -> None:
        if self._call is not None and not self._tray.queue.urgent:
            self._call.give_way()

    def _greeted(self, began: float) -> None:
        """The bureau takes pages: let the house give them while the call is there."""
        self._let_in_s.append(self._clock.monotonic() - began)
        self._tell(Health(state="up", sim=self._sim, registration="home"))

    def _call_over(self, began: float) -> None:
        """A modem may take long to hang up: nobody waits for that to hear how the call went."""
        call = self._call
        assert call is not None
        assert call.over is not None
        told: dict[str, object] = {"ended": call.over.ended, "pages": call.answered, "noise": call.over.noise_octets}
        took_s = self._clock.monotonic() - began
        _log.info("a call of %.1f s ended", took_s, extra={**self._extra("tap_call"), **told})
        if call.over.pages_max is not None:
            self._spoken = replace(self._spoken, pages_max=max(1, min(self._spoken.pages_max, call.over.pages_max)))
        self._tray.learn(call.limits, call.taken_back, call.revoked)
        self._judge(call, tried_s=0.0 if call.greeted else took_s)

    def _judge(self, call: Call, *, tried_s: float) -> None:
        """What a call says of the next one; `tried_s` without being let in."""
        assert call.over is not None
        if call.gave_way:  # it says nothing of the bureau: the call is made anew when the line is free
            if self._health.state != "up":
                self._proof, self._due_at = "call", self._clock.monotonic()
            return
        rest = call.rest
        against = rest is not None and (rest.scope == "channel" or (rest.code in NO_MORE and not call.answered))
        if (call.answered and (call.fault == "page" or not against)) or (not against and call.over.ended == "done"):
            self._failures = 0
            self._good()
            return
        if rest is None:
            rest = Verdict("deferred", f"the call ended: {call.over.ended}", call.over.ended, "channel")
        self._failures = 1 if call.fault == "page" else min(self._failures + 1, 16)
        doubled_s = max(rest.after_s, REST_S_MIN) * 2.0 ** (self._failures - 1)
        longest_s = min(self._settings.reopen_s_max, EITHER_S_MAX if call.fault == "either" else math.inf)
        rest_s = max(rest.after_s, min(doubled_s, longest_s))
        if rest.trouble == "limit" and call.greeted:
            self._bad("resting", rest.reason, rest.code, rest_s, "time")
        else:
            state: Literal["needs_human", "down"] = "needs_human" if rest.trouble == "logon" else "down"
            self._bad(state, rest.reason, rest.code, rest_s, "call", tried_s=tried_s)

    def _cannot_open(self, error: LinkError) -> None:
        rest_s = self._backoff.after_failure(path_of(self._settings.end))
        self._bad("down", str(error), "line", rest_s, "look" if not self._failures else "call")

    def _good(self) -> None:
        self._backoff.reset()
        self._proof, self._due_at = "look", self._clock.monotonic() + self._settings.look_s
        self._tell(Health(state="up", sim=self._sim, registration="home"))

    def _bad(
        self,
        state: Literal["down", "resting", "needs_human"],
        reason: str,
        code: str,
        rest_s: float,
        proof: Proof,
        *,
        tried_s: float = 0.0,
    ) -> None:
        """The line rests; what waits for it may go another way."""
        self._proof, self._due_at = proof, self._clock.monotonic() + rest_s
        self._tell(Health(state=state, reason=reason, sim=self._sim, tried_s=tried_s))
        self._tray.release(Deferred(reason, code, DUE_SHARE * rest_s, "channel"))

    def _tell(self, health: Health) -> None:
        if health != self._health:
            self._health = health
            self._tell_house(health)

    def _extra(self, event: str) -> dict[str, str]:
        return {"event": event, "channel": self._settings.name}
