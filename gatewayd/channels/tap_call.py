"""One call to a paging bureau, and the pages that go in it.

Pages join a call as late as they can: behind the page that is out stands a blank, which is never sent. When it is the
blank's turn, the most urgent page that waits takes its place; while none waits, the blank may keep the call open for a
moment; and when the call ends early, the verdict on the blank is the verdict on all that have not been offered.

What the bureau acknowledged it may take back until the end of the call, so `Accepted` is held until then. The house is
patient with a critical page for 60 s from its booking, so no page is begun once one has been held for `hold_s`: what
is left of the minute is for the page that is out then and for the goodbye. Less urgent pages may be held longer. The
parts of one text go one after the other, so all but the last are told at once; the last one's fate speaks for the
text.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import count

from gatewayd.channels.tap_line import Conversation, Line
from gatewayd.channels.tap_page import Given, Queue, outcome_of
from gatewayd.channels.tap_settings import LINGER_SHARE_MAX, TapSettings
from gatewayd.clock import Clock, pause
from gatewayd.delivery.outcome import Deferred, Outcome, Uncertain, Withdrawn
from gatewayd.wire import tap_codes as codes
from gatewayd.wire import tap_settings as wire
from gatewayd.wire.dialup import DialUp, Down
from gatewayd.wire.dialup import Event as DialEvent
from gatewayd.wire.tap import BeforeSubmit, CallOver, Event, Page, PageOver, Revoked, TapCall
from gatewayd.wire.tap_blocks import octets_of
from gatewayd.wire.tap_calls import Fault, Suspects
from gatewayd.wire.tap_codes import Verdict
from gatewayd.wire.tap_text import TapTextError

JOIN_S = 1.0  # for the house to give what it has: the next part of a text, or anything once the bureau answers again
DTR_LOW_S = 1.0  # for a modem that did not say that it has hung up
HOLD_TIMES = (1, 2, 5, 5)  # of `hold_s`, by priority: as the patience grows
SHOWN_ANYWHERE = 80  # characters that any pager with text shows, for a bureau that does not say how many it takes
PATIENCE_SHARE = 1 / 3  # and never more of it than this: the rest is for what was begun, and for the end of the call

UNSAID = {codes.LOST.code, codes.SILENT.code}  # the line or the terminal went away, and nothing was said of a page

FAULT = Verdict("uncertain", "a fault in gatewayd", "fault")

_log = logging.getLogger("gatewayd.channels.tap")


class Call:
    """`hold` runs it. `tell(given, outcome)` is called once for each page that was in it, but for those it puts back.

    `on_answered(given, again)` is called when the bureau has said its word on a page, which may be long before its
    outcome is told; `again`: it goes once more, cut.
    `on_greeted` is called when the bureau is ready for pages (`greeted` from then on), `on_over` when nothing more can
    come of the call, though its line may have to be hung up yet. From then on `over` tells how it ended, `rest` what
    the bureau or the line said of pages to come (None: nothing against them), and `answered` how many pages the bureau
    took or refused. `fault`: whose it is when it ended at a page (see Suspects).
    """

    def __init__(
        self,
        settings: TapSettings,
        spoken: wire.TapSettings,
        queue: Queue,
        clock: Clock,
        *,
        suspects: Suspects,
        tell: Callable[[Given, Outcome], None],
        on_answered: Callable[[Given, bool], None],
        on_greeted: Callable[[], None],
        on_over: Callable[[], None],
        pressed: Callable[[], bool] = lambda: False,
    ) -> None:
        self.over: CallOver | None = None
        self.rest: Verdict | None = None
        self.answered = 0
        self.greeted = self.gave_way = False
        self.fault: Fault = "line"
        self.limits: dict[str, int] = {}  # how much of a text pagers show, as the bureau said
        self.taken_back: list[Given] = []  # told as accepted, and not true
        self.revoked: set[str] = (
            set()
        )  # texts of the pages that it took back, or of several some, and nobody knows which
        self._settings = settings
        self._queue = queue
        self._clock = clock
        self._suspects = suspects
        self._tell_house = tell
        self._on_answered = on_answered
        self._on_greeted = on_greeted
        self._on_over = on_over
        self._pressed = pressed  # a critical page waits for this line, to go to another bureau
        self._call = TapCall(settings=spoken)
        self._talk: Conversation | None = None
        self._numbers = count(1)
        self._blank = ""  # the key of the blank that stands in the queue
        self._turn_since: float | None = None  # since then it is the blank's turn
        self._timer: asyncio.TimerHandle | None = None
        self._pages: dict[str, Given] = {}
        self._open: set[str] = set()  # keys of pages whose fate has not been told
        self._held: dict[str, Given] = {}
        self._hold_until = float("inf")
        self._begun: set[str] = set()  # texts whose next part is to come
        self._spoilt: set[str] = set()  # of which a part was told as accepted, and taken back
        self._written = ""  # the key of the page that went out last
        self._stopping = self._unclean = False

    async def hold(self, line: Line) -> None:
        """From the open line to its end; the line is closed then."""
        dialling = self._settings.dialling()
        core = DialUp(dialling, self._call) if dialling is not None else self._call
        self._talk = Conversation(core, line, self._clock, self._heard)
        self._queue.on_added = self._seat
        try:
            self._add_blank()
            self._talk.start(line_bps=self._settings.line_bps)
            await self._talk.over()
        finally:
            self._queue.on_added = lambda: None
            self._talk.close()
            self._ring_at(None)
            self._tell_the_rest()
            await line.close()
        if self._unclean:
            _log.warning("the modem did not say that it has hung up", extra=self._extra("tap_hang_up"))
            await pause(DTR_LOW_S)

    def give_way(self) -> None:
        """Nobody has been reached yet, and the line is wanted for a critical page to another bureau."""
        if not self.greeted and self.over is None:
            self.gave_way = True
            self.stop()

    def stop(self) -> None:
        """No further page; the one that is out gets its answer, then goodbye."""
        self._stopping = True
        if self._talk is not None:
            self._talk.stop()

    # -- who is next -------------------------------------------------------------------------------------------------

    def _add_blank(self) -> None:
        self._blank = f"blank {next(self._numbers)}"
        self._call.add(Page(self._blank, "0"))

    def _seat(self) -> None:
        """At the blank's turn: the next page takes its place; or it keeps the call open a little; or that was all."""
        if self._turn_since is None or self._talk is None:
            return
        now = self._clock.monotonic()
        open_until = self._turn_since + self._wait_s(now)
        only_urgent, first = self._pressed() and not self._begun, not self._pages
        given = None if self._shut(now) else self._queue.take(now, only_urgent=only_urgent, first=first)
        if given is None and now < open_until:
            self._ring_at(open_until)
            return
        self._ring_at(None)
        blank, self._turn_since = self._blank, None
        if given is not None and not self._joined(given):
            self._queue.add(given)
        self._talk.decide(blank, go=False)

    def _joined(self, given: Given) -> bool:
        """False: the bureau has said goodbye in the same breath in which it answered the last page."""
        self._heed_limit(given)
        key = f"page {next(self._numbers)}"
        if not self._call.add(Page(key, given.pager, given.text)):
            return False
        self._pages[key] = given
        self._open.add(key)
        self._begun.discard(given.submission.message_id)
        self._add_blank()
        return True

    def _heed_limit(self, given: Given) -> None:
        """What the bureau said of this pager earlier in this call; a terminal refuses only so many in one."""
        if given.pager in self.limits:
            with suppress(TapTextError):  # next to nothing would be left: let the bureau say so
                given.cut_to(self.limits[given.pager])

    def _shut(self, now: float) -> bool:
        return self._stopping or now >= self._hold_until or any(given.alone for given in self._pages.values())

    def _wait_s(self, now: float) -> float:
        """How long the blank may keep the call open, idle."""
        if self._shut(now) or self._pressed():
            return 0.0
        expects = bool(self._begun) or not self._pages
        wait_s = max(self._settings.linger_s, JOIN_S if expects else 0.0)
        return min(wait_s, LINGER_SHARE_MAX * self._settings.t4_s)

    def _ring_at(self, at: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if at is not None:
            wait_s = at - self._clock.monotonic()
            self._timer = asyncio.get_running_loop().call_later(wait_s + 0.001, self._seat)

    # -- what the call tells -----------------------------------------------------------------------------------------

    def _heard(self, event: Event | DialEvent) -> None:
        match event:
            case BeforeSubmit(key) if key == self._blank:
                self._turn_since = self._clock.monotonic()
                if not self.greeted:
                    self.greeted = True
                    self._on_greeted()
                self._seat()
            case BeforeSubmit(key):
                self._book(key, self._pages[key])
            case PageOver(key, verdict) if key in self._pages:
                self._page_over(key, self._pages[key], verdict)
            case PageOver(_, verdict) if verdict.fate != "withdrawn":
                self._turn_since, self.rest = None, verdict
            case Revoked(key):
                self._revoked(key)
            case CallOver():
                self._call_over(event)
            case Down(clean):
                self._unclean = not clean

    def _book(self, key: str, given: Given) -> None:
        """Law 6: its row is on disk before its first octet goes out."""
        if given.booked_at is not None:
            self._decide(key, go=True)
            return
        given.booking = asyncio.ensure_future(given.book())
        given.booking.add_done_callback(partial(self._booked, key, given))

    def _booked(self, key: str, given: Given, booking: asyncio.Future[bool]) -> None:
        failure = None if booking.cancelled() else booking.exception()
        go = not booking.cancelled() and failure is None and booking.result()
        if go:
            given.booked_at = self._clock.monotonic()
        if failure is not None and not given.outcome.done():
            given.outcome.set_exception(failure)
        if go and given.outcome.cancelled():
            go = False  # who gave it has left; the row must not stay open
            self._tell_house(given, Deferred("stopped", "stopped", 0.0, "channel"))
        self._decide(key, go=go)

    def _decide(self, key: str, *, go: bool) -> None:
        assert self._talk is not None
        if self._talk.decide(key, go=go):
            self._written = key

    def _page_over(self, key: str, given: Given, verdict: Verdict) -> None:
        verdict = self._blamed(key, given, verdict)
        if verdict.truncated:
            _log.info("the bureau cut a text", extra=self._extra("tap_truncated", given))
        if verdict.chars_max is not None:
            self.limits[given.pager] = verdict.chars_max
        again = self._goes_again(given, verdict)
        if given.booked_at is not None:
            self._on_answered(given, again)
        if again:
            self._open.discard(key)
            self._queue.add(given)
        elif verdict.fate == "accepted" and not given.awaited:
            self._held[key] = given
            booked_at = given.booked_at if given.booked_at is not None else self._clock.monotonic()
            hold_s = self._settings.hold_s * HOLD_TIMES[min(given.submission.priority, len(HOLD_TIMES) - 1)]
            self._hold_until = min(
                self._hold_until, booked_at + min(hold_s, given.submission.patience_s * PATIENCE_SHARE)
            )
        else:
            if verdict.fate == "accepted":
                self._begun.add(given.submission.message_id)
            if verdict.fate == "accepted" or (given.submission.part > 1 and _of_the_call(verdict)):
                self._queue.begun(given, until=self._clock.monotonic() + JOIN_S)
            self._tell(key, verdict)

    def _blamed(self, key: str, given: Given, verdict: Verdict) -> Verdict:
        """Against whom it counts that the bureau would hear no more after this page: the bureau, or the page alone."""
        if key != self._written:
            return verdict
        if verdict.fate in {"accepted", "refused"}:
            self.answered += 1
            self._suspects.taken(given.page)
        elif said_no_more(verdict):
            self.fault = self._suspects.ended_at(given.page, given.pager, others=self.answered > 0)
        if self.fault != "page":
            return verdict
        reason = f"the line carries other pages, but not this one: {verdict.reason}"
        return replace(verdict, reason=reason, scope="message", trouble="")

    def _goes_again(self, given: Given, verdict: Verdict) -> bool:
        """Too long: once more, cut to what the bureau says. Or it was not its turn at all."""
        if verdict.fate == "deferred" and given.booking is None and verdict.scope == "message":
            return True
        if verdict.fate != "refused" or verdict.code not in codes.TOO_LONG or given.recut or given.kind != "alpha":
            return False
        octets_max = verdict.chars_max or SHOWN_ANYWHERE
        if octets_of(given.text) <= octets_max:
            return False
        with suppress(TapTextError):  # next to nothing would be left
            given.cut_to(octets_max)
            why = f"the bureau refused it as too long ({verdict.code}), see chars_max"
            given.recut = f"shortened to {octets_max} characters: {why}"
        return bool(given.recut)

    def _revoked(self, key: str) -> None:
        """Its last word follows in CallOver; a part that has been told already cannot be told again."""
        given = self._pages[key]
        self.revoked.add(given.submission.message_id)
        _log.warning("the bureau took a page back", extra=self._extra("tap_taken_back", given))
        if key not in self._held:
            self.taken_back.append(given)
            self._spoilt.add(given.submission.message_id)

    def _call_over(self, event: CallOver) -> None:
        self.over = event
        verdicts = dict(event.verdicts)
        for key in tuple(self._held):
            self._tell(key, verdicts[key])
        self._held.clear()
        self._on_over()

    def _tell(self, key: str, verdict: Verdict) -> None:
        self._open.discard(key)
        given = self._pages[key]
        outcome = outcome_of(verdict, given.recut)
        if isinstance(outcome, Uncertain) and given.submission.message_id in self._spoilt:
            outcome = replace(outcome, whole=True)
        if not (isinstance(outcome, Withdrawn) and given.outcome.done()):
            self._tell_house(given, outcome)

    def _tell_the_rest(self) -> None:
        """Only after a fault of ours: nobody knows what the bureau has of these."""
        for key in tuple(self._open):
            self._tell(key, FAULT)

    def _extra(self, event: str, given: Given | None = None) -> dict[str, str]:
        told = {"event": event, "channel": self._settings.name}
        return told if given is None else told | {"attempt_id": given.submission.attempt_id}


def _of_the_call(verdict: Verdict) -> bool:
    """The page itself may go at once, in another call."""
    outcome = outcome_of(verdict)
    return isinstance(outcome, Deferred) and outcome.scope == "channel"


def said_no_more(verdict: Verdict) -> bool:
    """The terminal has answered this page by ending the call, and not for a limit of its own or the logon."""
    ends = verdict.fate == "deferred" and verdict.scope == "channel" and verdict.trouble in {"line", "bureau"}
    return ends and verdict.code not in UNSAID
