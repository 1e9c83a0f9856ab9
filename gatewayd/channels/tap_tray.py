"""The pages of one bureau between the house and its calls: taken in at the bureau's pace, and each answered once.

A page lies here from when it is given until its outcome is told; its turn in the bureau's pace begins when it is given
and passes some time after the bureau's word on it. What the bureau said of lengths is remembered for each pager, as is
which texts it took back in part.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping
from typing import Any

from gatewayd.channels.contract import Book, House, LateAnswer, Submission
from gatewayd.channels.modem_talk import TICK_S
from gatewayd.channels.tap_page import Given, Queue, text_for
from gatewayd.channels.tap_settings import TapSettings
from gatewayd.clock import Clock, until_set
from gatewayd.delivery.outcome import Accepted, Deferred, Outcome, Refused, Uncertain
from gatewayd.model import Priority
from gatewayd.text import Fit, TextError
from gatewayd.wire import tap_settings as wire
from gatewayd.wire.tap_blocks import octets_of, text_room
from gatewayd.wire.tap_calls import Suspects
from gatewayd.wire.tap_pace import TapPace
from gatewayd.wire.tap_text import CHARS_MIN, TapTextError, alpha

LIMITS_MAX = 1000  # pagers whose length is remembered
LIMIT_KEPT_S = 86_400.0
SPOILT_MAX = 100

_log = logging.getLogger("gatewayd.channels.tap")


class Tray:
    """`used_s_ago`: when pages before a restart were booked, which the bureau's minute may still count."""

    def __init__(
        self,
        settings: TapSettings,
        spoken: wire.TapSettings,
        house: House,
        clock: Clock,
        *,
        sim: str,
        used_s_ago: Iterable[float],
    ) -> None:
        self.queue = Queue()
        self.suspects = Suspects()
        self.wake = asyncio.Event()  # set when a page has come in: who makes the calls waits for it
        self._settings = settings
        self._spoken = spoken
        self._house = house
        self._clock = clock
        self._sim = sim
        self._pace = TapPace(settings.pages_at_once, settings.pages_span_s)
        for ago_s in used_s_ago:  # the bureau may have counted it as late as at its answer
            self._pace.over(self._pace.take(), clock.monotonic() - max(0.0, ago_s - settings.t3_s))
        self._paced = asyncio.Event()  # set when a page that waits for its turn should look again
        self._out = 0  # given, without an outcome
        self._limits: dict[str, tuple[int, float]] = {}  # by pager; and when the bureau said so, monotonic
        self._revoked: dict[str, None] = {}  # texts of calls from which a page was taken back: the next time alone
        self._spoilt: dict[str, None] = {}  # texts of which a part was taken back after it had been told as accepted
        self._carried: set[asyncio.Task[None]] = set()

    # -- what fits -----------------------------------------------------------------------------------------------------

    def room(self, places: int, *, critical: bool) -> int:
        """How many more may be given now, of so many `places` in all."""
        free = self._pace.free(self._clock.monotonic() + TICK_S, critical=critical)
        left = places - self._out
        return max(0, left if free is None else min(left, free))

    def paced_s(self, *, critical: bool) -> float:
        """How long the pace forbids the next page; 0 when it does not, or when an answer comes first."""
        now = self._clock.monotonic()
        next_at = self._pace.next_at(now, critical=critical)
        return 0.0 if next_at is None else max(0.0, next_at - now)

    def fit(self, words: str, recipient: str) -> Fit:
        """The id of the pager stands in the same block: a long one leaves less room for the text.

        What its bureau said that it shows counts where numbered parts of it lose nothing; else the end of each goes.
        """
        pager, parts_max = _pager(recipient), self._settings.parts_max
        octets_max = min(self._settings.chars_max, text_room(pager, self._spoken))
        try:
            cut = alpha(words, chars_max=octets_max, parts_max=parts_max)
        except TapTextError as error:
            raise TextError(str(error)) from error
        if CHARS_MIN <= (shown := self._limit(pager)) < octets_max:
            finer = alpha(words, chars_max=shown, parts_max=parts_max)
            if not finer.cut:
                cut, octets_max = finer, shown
        used = [octets_of(text) for text in cut.texts]
        return Fit("gsm7", cut.texts, sum(used), octets_max - used[-1], bool(cut.lost) or cut.cut, cut.lost)

    # -- what is given -------------------------------------------------------------------------------------------------

    async def take_in(self, submission: Submission, book: Book, *, ready: Callable[[], bool]) -> Outcome | None:
        """Its outcome, when it is certain; None: not `ready` any more when its turn came.

        A page that nobody waits for any more is dropped, but for one that was booked: of that the house is told.
        """
        known = self._known(submission)
        if known is not None:
            return known
        try:
            given = self._given(submission, book)
        except TapTextError as error:
            return Refused(str(error), "text")
        self._out += 1
        try:
            critical = submission.priority == Priority.CRITICAL
            if submission.part > 1 and not await self._its_turn(ready, critical=critical):
                return None
            given.turn = self._pace.take()
            self.queue.add(given)
            self.wake.set()
            return await given.settled()
        finally:
            self._out -= 1
            self.queue.drop(given)
            self._leaves_turn(given)
            self._paced.set()

    def _known(self, submission: Submission) -> Outcome | None:
        """What need not wait for a call."""
        if submission.recipient.startswith("+") and not self._settings.phone_numbers:
            return Refused("this bureau pages pagers, not phones", "number", "channel", for_good=True)
        if submission.part == 1:
            self._spoilt.pop(submission.message_id, None)
        elif submission.message_id in self._spoilt:
            return Uncertain("a part before it was taken back", "rs", whole=True)
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
            alone=submission.message_id in self._revoked,
            awaited=kind == "alpha" and submission.part < submission.parts,
        )
        given.ended = self.suspects.times(given.page)
        given.cut_to(min(self._limit(pager), text_room(pager, self._spoken)))
        return given

    def _limit(self, pager: str) -> int:
        """How much its bureau says that this pager shows; after a day it may say so anew."""
        octets_max, said_at = self._limits.get(pager, (self._settings.chars_max, float("inf")))
        return octets_max if self._clock.monotonic() < said_at + LIMIT_KEPT_S else self._settings.chars_max

    async def _its_turn(self, ready: Callable[[], bool], *, critical: bool) -> bool:
        """The house asks for room before the first part of a text; the others wait here. False: the line rests."""
        while ready() and self._pace.free(now := self._clock.monotonic(), critical=critical) == 0:
            self._paced.clear()
            next_at = self._pace.next_at(now, critical=critical)
            await until_set(self._paced, None if next_at is None else next_at - now)
        return ready()

    def _leaves_turn(self, given: Given) -> None:
        if given.turn is not None and given.booked_at is None:
            self._pace.give_back(given.turn)
        elif given.turn is not None:
            self._pace.over(given.turn, self._clock.monotonic())

    # -- what is said of it --------------------------------------------------------------------------------------------

    def answered(self, given: Given, again: bool) -> None:
        """The bureau has said its word on a page: from now on its turn passes. What goes `again` has one more."""
        if given.turn is not None:
            self._pace.over(given.turn, self._clock.monotonic())
        if again:
            given.turn = self._pace.take()
        self._paced.set()
        self._house.room(self._settings.name)

    def tell(self, given: Given, outcome: Outcome) -> None:
        """To who waits for it; if nobody does any more, the house is told of what it had booked."""
        if not given.outcome.done():
            given.outcome.set_result(outcome)
        elif given.outcome.cancelled() and given.booked_at is not None:
            late = LateAnswer(self._settings.name, self._sim, given.submission.attempt_id, outcome)
            self._carry(self._house.late_answer(late))

    def release(self, outcome: Deferred) -> None:
        """Nothing of what waits for a call was sent: it may go another way."""
        self._paced.set()
        for given in self.queue.release(outcome):
            self.tell(given, outcome)

    def learn(self, limits: Mapping[str, int], taken_back: Collection[Given], revoked: Iterable[str]) -> None:
        """What a call has told of the lengths of pagers, and which parts of texts it took back after all. `revoked`:
        texts that it took back, all of them or one that nobody knows.
        """
        self._limits |= {pager: (octets_max, self._clock.monotonic()) for pager, octets_max in limits.items()}
        self._spoilt |= dict.fromkeys(given.submission.message_id for given in taken_back)
        self._revoked |= dict.fromkeys(revoked)
        bounds = ((self._limits, LIMITS_MAX), (self._spoilt, SPOILT_MAX), (self._revoked, SPOILT_MAX))
        for memory, entries_max in bounds:
            while len(memory) > entries_max:
                del memory[next(iter(memory))]

    async def handed_over(self) -> None:
        """When the house has what nobody waited for."""
        if self._carried:
            await asyncio.wait(self._carried)

    def _carry(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._carried.add(task)
        task.add_done_callback(self._arrived)

    def _arrived(self, task: asyncio.Task[None]) -> None:
        self._carried.discard(task)
        if not task.cancelled() and task.exception() is not None:
            extra = {"event": "handing_over_failed", "channel": self._settings.name}
            _log.error("handing over failed", exc_info=task.exception(), extra=extra)


def _pager(recipient: str) -> str:
    return recipient.removeprefix("+")
