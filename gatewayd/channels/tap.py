"""A paging bureau that speaks TAP as a channel: one line, a queue, and a call as soon as a page waits.

While a call runs, further pages join it, the most urgent first (tap_call.py). The health is "up" when the last call
came through, or, before the first one, when the line can be opened; an idle line is looked at now and then. After a
call that failed, its pages go back to the house, the line rests, and then the bureau is called by ourselves, without
a page if there is none: no page has to be the one that finds out. A bureau that refuses the logon is called as seldom
as it deserves, and needs a person.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Literal

from pydantic import SecretStr

from gatewayd.channels.contract import Book, Health, House, LateAnswer, Submission
from gatewayd.channels.link import LinkError, path_of
from gatewayd.channels.modem_pace import Backoff
from gatewayd.channels.modem_talk import TICK_S
from gatewayd.channels.tap_call import Call
from gatewayd.channels.tap_line import modem_answers, open_line
from gatewayd.channels.tap_page import Given, Queue, text_for
from gatewayd.channels.tap_settings import TapSettings
from gatewayd.channels.tap_shared import SharedLine
from gatewayd.clock import Clock, until_set
from gatewayd.delivery.outcome import Accepted, Deferred, Outcome, Refused, Uncertain
from gatewayd.model import Priority
from gatewayd.text import Fit, TextError
from gatewayd.wire.tap_blocks import octets_of, text_room
from gatewayd.wire.tap_calls import late_after_s
from gatewayd.wire.tap_codes import Verdict
from gatewayd.wire.tap_pace import TapPace
from gatewayd.wire.tap_text import TapTextError, alpha

__all__ = ["Tap", "TapSettings"]

REST_S_MIN = 5.0  # after a failed call
SILENT_MODEM_S = 30.0
WAIT_TOLD_S = 5.0  # so often, how long it has waited for the line
DUE_SHARE = 0.8  # what was deferred is due a little before the next call, and goes in it
LET_IN_MAX = 9  # calls of which is remembered how long they took to be let in
LIMITS_MAX = 1000  # pagers whose length is remembered
SPOILT_MAX = 100

Proof = Literal["look", "call", "time"]  # what makes the line good again

_log = logging.getLogger("gatewayd.channels.tap")


class Tap:
    """See contract.Channel. `password` is what the daemon read from `password_file` or the credential.

    ValueError, without the value, when the password cannot be written. The outcome of a page may come as late as the
    end of its call, see tap_call.py; a page that waits for a call has not been booked. Between two calls are at least
    `pause_s`, but for a critical page; `since_call_s`: how long ago the last one was. `line`: others are dialled by it,
    too.
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
    ) -> None:
        self._settings = settings
        self._spoken = settings.spoken(password)
        self._house = house
        self._clock = clock
        self._line = line or SharedLine()  # by which other bureaus may be dialled, too
        self._pace = TapPace(settings.pages_at_once, settings.pages_span_s)
        for ago_s in used_s_ago:  # the bureau may have counted it as late as at its answer
            self._pace.over(self._pace.take(), clock.monotonic() - max(0.0, ago_s - settings.t3_s))
        self._paced = asyncio.Event()  # set when a page that waits for its turn should look again
        self._queue = Queue()
        self._out = 0  # given, without an outcome
        self._limits: dict[str, int] = {}
        self._let_in_s: deque[float] = deque(maxlen=LET_IN_MAX)
        self._spoilt: dict[str, None] = {}  # texts of which a part was taken back after it had been told as accepted
        self._call: Call | None = None
        self._wake = asyncio.Event()
        self._closed = asyncio.Event()
        self._closed.set()
        self._draining = False
        self._pause_s = pause_s
        self._next_call_at = clock.monotonic() + max(0.0, pause_s - since_call_s)
        self._carried: set[asyncio.Task[None]] = set()
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._health = Health()
        self._backoff = Backoff(self._settings.reopen_s_max)
        self._failures = 0  # calls in a row
        self._proof: Proof = "look"
        self._due_at = self._clock.monotonic()  # the next look, or the end of the rest

    # -- the contract --------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return self._settings.name

    @property
    def sim(self) -> str:
        return f"tap:{self._settings.name}"

    @property
    def window(self) -> int:
        """A call takes no more; but those that are held until its end must not keep a critical page from joining it."""
        return self._settings.pages_max + self.kept

    @property
    def kept(self) -> int:
        return self._settings.pages_max

    def ready(self) -> bool:
        return self._health.state == "up" and not self._draining

    def room(self, *, critical: bool = False) -> int:
        places = self.window - self._out - (0 if critical else self.kept)
        free = self._pace.free(self._clock.monotonic() + TICK_S, critical=critical)
        return max(0, places if free is None else min(places, free))

    def pause_s(self, *, critical: bool = False) -> float:
        now = self._clock.monotonic()
        rest_s = 0.0 if self._health.state == "up" else self._due_at - now
        next_at = self._pace.next_at(now, critical=critical)
        return max(0.0, rest_s, 0.0 if next_at is None else next_at - now)

    def paused_s(self) -> float:
        """How long no call is made but for a critical page; 0 while one runs: further pages join it."""
        return max(0.0, self._next_call_at - self._clock.monotonic()) if self._call is None else 0.0

    def fit(self, words: str, recipient: str) -> Fit:
        """The id of the pager stands in the same block: a long one leaves less room for the text."""
        octets_max = min(self._settings.chars_max, text_room(_pager(recipient), self._spoken))
        try:
            cut = alpha(words, chars_max=octets_max, parts_max=self._settings.parts_max)
        except TapTextError as error:
            raise TextError(str(error)) from error
        used = [octets_of(text) for text in cut.texts]
        return Fit("gsm7", cut.texts, sum(used), octets_max - used[-1], bool(cut.lost) or cut.cut)

    async def send(self, submission: Submission, book: Book) -> Outcome:
        if not self.ready():
            return self._not_now()
        known = self._known(submission)
        if known is not None:
            return known
        try:
            given = self._given(submission, book)
        except TapTextError as error:
            return Refused(str(error), "text")
        self._out += 1
        try:
            if submission.part > 1 and not await self._its_turn(critical=submission.priority == Priority.CRITICAL):
                return self._not_now()
            given.turn = self._pace.take()
            self._queue.add(given)
            self._wake.set()
            return await given.settled()
        finally:
            self._out -= 1
            self._queue.drop(given)
            self._leaves_turn(given)
            self._paced.set()

    async def _its_turn(self, *, critical: bool) -> bool:
        """The house asks for room before the first part of a text; the others wait here. False: the line rests."""
        while self.ready() and self._pace.free(now := self._clock.monotonic(), critical=critical) == 0:
            self._paced.clear()
            next_at = self._pace.next_at(now, critical=critical)
            await until_set(self._paced, None if next_at is None else next_at - now)
        return self.ready()

    def _leaves_turn(self, given: Given) -> None:
        if given.turn is not None and given.booked_at is None:
            self._pace.give_back(given.turn)
        elif given.turn is not None:
            self._pace.over(given.turn, self._clock.monotonic())

    def _answered(self, given: Given, again: bool) -> None:
        """The bureau has said its word on a page: from now on its turn passes. What goes `again` has one more."""
        if given.turn is not None:
            self._pace.over(given.turn, self._clock.monotonic())
        if again:
            given.turn = self._pace.take()
        self._paced.set()
        self._house.room(self.name)

    def recall(self, attempt_id: str, reference: str | None, recipient: str) -> None:
        """TAP has no such word."""

    async def drain(self, timeout_s: float) -> None:
        self._draining = True
        self._line.give_up(self)
        self._release(self._not_now())
        if self._call is not None:
            self._call.stop()
        self._wake.set()
        try:
            async with asyncio.timeout(timeout_s):
                await self._closed.wait()
        except TimeoutError:
            _log.warning("the call did not end in time", extra=self._extra("closing_late"))

    async def run(self) -> None:
        """Own the line until cancelled or drained."""
        self._closed.clear()
        self._begin_anew()
        try:
            while not self._draining:
                await self._turn()
        finally:
            self._call = None
            self._tell(Health(state="down", reason="closed", sim=self.sim))
            self._release(self._not_now())
            if self._carried:
                await asyncio.wait(self._carried)
            self._closed.set()

    # -- what is given -------------------------------------------------------------------------------------------------

    def _known(self, submission: Submission) -> Outcome | None:
        """What need not wait for a call."""
        if submission.recipient.startswith("+") and not self._settings.phone_numbers:
            return Refused("this bureau pages pagers, not phones", "number", "channel", for_good=True)
        if submission.part == 1:
            self._spoilt.pop(submission.message_id, None)
        elif submission.message_id in self._spoilt:
            return Uncertain("a part before it was taken back", "rs")
        kind = self._settings.kind_of(_pager(submission.recipient))
        if submission.part > 1 and kind != "alpha":
            return Accepted(None, kind)  # the first part said all that this pager can show
        return None

    def _given(self, submission: Submission, book: Book) -> Given:
        pager = _pager(submission.recipient)
        kind = self._settings.kind_of(pager)
        given = Given(
            submission=submission,
            book=book,
            pager=pager,
            kind=kind,
            text=text_for(kind, submission),
            since=self._clock.monotonic(),
            outcome=asyncio.get_running_loop().create_future(),
            awaited=kind == "alpha" and submission.part < submission.parts,
        )
        given.cut_to(min(self._limits.get(pager, self._settings.chars_max), text_room(pager, self._spoken)))
        return given

    def _not_now(self) -> Deferred:
        reason = "stopping" if self._draining else self._health.reason or self._health.state
        return Deferred(f"{self.name}: {reason}", "not ready", 1.0, "channel")

    def _release(self, outcome: Deferred) -> None:
        self._paced.set()
        for given in self._queue.release(outcome):
            self._answer(given, outcome)

    def _answer(self, given: Given, outcome: Outcome) -> None:
        """To who waits for it; if nobody does any more, the house is told of what it had booked."""
        if not given.outcome.done():
            given.outcome.set_result(outcome)
        elif given.outcome.cancelled() and given.booked_at is not None:
            late = LateAnswer(self.name, self.sim, given.submission.attempt_id, outcome)
            self._carry(self._house.late_answer(late))

    def _carry(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._carried.add(task)
        task.add_done_callback(self._arrived)

    def _arrived(self, task: asyncio.Task[None]) -> None:
        self._carried.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("handing over failed", exc_info=task.exception(), extra=self._extra("handing_over_failed"))

    # -- the line ------------------------------------------------------------------------------------------------------

    async def _turn(self) -> None:
        """Call, look, or wait until there is a reason to."""
        self._wake.clear()
        now = self._clock.monotonic()
        paused_s = 0.0 if self._queue.urgent else self._next_call_at - now
        waiting = bool(self._queue) and self._health.state == "up"
        wait_s = paused_s if waiting else self._due_at - now
        if not waiting and self._proof == "call":
            wait_s = max(wait_s, paused_s)
        if wait_s > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(max(wait_s, 0.001)):  # a timer is no finer
                    await self._wake.wait()
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
            if not self._draining and (self._queue or self._proof != "look" or do == self._look):
                await do()
        finally:
            self._line.free()

    async def _our_turn(self) -> bool:
        """See SharedLine.take. As long as it lasts our health says so."""
        began, log_it = self._clock.monotonic(), bool(self._queue)
        turn = asyncio.ensure_future(self._line.take(self, lambda: self._queue.urgent))
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
        if self._health.note:
            self._tell(replace(self._health, note=""))
        return turn.result()

    async def _look(self) -> None:
        """Whether the line can be opened, and its modem answers."""
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
        else:  # it may still be online since a crash: a call ends that
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
            self._queue,
            self._clock,
            tell=self._answer,
            on_answered=self._answered,
            on_greeted=partial(self._greeted, began),
            on_over=partial(self._call_over, began),
            pressed=lambda: self._line.pressed,
        )
        late = asyncio.get_running_loop().call_later(late_after_s(self._let_in_s), self._late, began)
        try:
            await self._call.hold(line)
        finally:
            late.cancel()
            self._call = None
            self._next_call_at = self._clock.monotonic() + self._pause_s

    def _call_over(self, began: float) -> None:
        """A modem may take long to hang up: nobody waits for that to hear how the call went."""
        call = self._call
        assert call is not None
        assert call.over is not None
        told: dict[str, object] = {"ended": call.over.ended, "pages": call.answered, "noise": call.over.noise_octets}
        took_s = self._clock.monotonic() - began
        _log.info("a call of %.1f s ended", took_s, extra={**self._extra("tap_call"), **told})
        self._learn(call)
        self._judge(call, tried_s=0.0 if call.greeted else took_s)

    def _learn(self, call: Call) -> None:
        if call.over is not None and call.over.pages_max is not None:
            self._spoken = replace(self._spoken, pages_max=max(1, min(self._spoken.pages_max, call.over.pages_max)))
        self._limits |= call.limits
        self._spoilt |= dict.fromkeys(given.submission.message_id for given in call.taken_back)
        for memory, entries_max in ((self._limits, LIMITS_MAX), (self._spoilt, SPOILT_MAX)):
            while len(memory) > entries_max:
                del memory[next(iter(memory))]

    def _late(self, began: float) -> None:
        """The call goes on, with what was given to it; who can be called by another way need not wait for it."""
        call = self._call
        if self._health.state == "up" and call is not None and call.over is None and not call.greeted:
            tried_s = self._clock.monotonic() - began
            reason = f"not let in after {tried_s:.0f} s, the call goes on"
            self._tell(Health(state="starting", reason=reason, sim=self.sim, tried_s=tried_s))

    def _greeted(self, began: float) -> None:
        """The bureau takes pages: let the house give them while the call is there."""
        self._let_in_s.append(self._clock.monotonic() - began)
        self._tell(Health(state="up", sim=self.sim, registration="home"))

    def _judge(self, call: Call, *, tried_s: float) -> None:
        """What a call says of the next one; `tried_s` without being let in."""
        assert call.over is not None
        rest = call.rest
        against = rest is not None and rest.scope == "channel"
        if not against and (call.over.ended == "done" or call.answered):
            self._failures = 0
            self._good()
            return
        if rest is None:
            rest = Verdict("deferred", f"the call ended: {call.over.ended}", call.over.ended, "channel")
        self._failures = min(self._failures + 1, 16)
        doubled_s = max(rest.after_s, REST_S_MIN) * 2.0 ** (self._failures - 1)
        rest_s = max(rest.after_s, min(doubled_s, self._settings.reopen_s_max))
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
        self._tell(Health(state="up", sim=self.sim, registration="home"))

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
        self._tell(Health(state=state, reason=reason, sim=self.sim, tried_s=tried_s))
        self._release(Deferred(reason, code, DUE_SHARE * rest_s, "channel"))

    def _tell(self, health: Health) -> None:
        if health != self._health:
            self._health = health
            self._house.health(self.name, health)

    def _extra(self, event: str) -> dict[str, str]:
        return {"event": event, "channel": self.name}


def _pager(recipient: str) -> str:
    return recipient.removeprefix("+")
