"""A call to a paging bureau in TAP 1.8: bytes of the terminal in, outcomes of pages out.

Theory of operation. One call carries several pages; the phases of a call are

    IDLE -start-> WAKING -ID=-> LOGON -ACK-> GREETED -go-ahead-> BOOKING <-> SENDING -> CLOSING -> OVER
                    CR every t1   ESC PG1       |________________^  leave     blocks     EOT
                                  (the go-ahead alone also means that the logon was taken)

What each sign of the terminal does in each phase is one table, `TapCall._SIGNS`; what is not in it is ignored, so an
answer that nobody awaits never counts. Before the first octet of a page goes out, `BeforeSubmit` asks for leave
(law 6: the attempt is on disk by then); asking before the first block, not only before the last, keeps a page that is
withdrawn from leaving half a transaction in the terminal, for which TAP has no "forget it".

Fates. TAP has no message id, so only the answer to the last block of a page tells its fate, and only while nothing
else can be meant by it:
* ACK: accepted. The terminal may still take it back with RS after our EOT, without saying which page it means: then
  `Revoked`, and where one page alone can be meant its fate is known, else that of all of them is uncertain.
* RS, NAK too often, ESC EOT: refused or deferred, as the code says; but ESC EOT with 501, where the terminal waited for
  us while we waited for it, is uncertain: its answer may be what the line lost.
* nothing, and the block was written whole: uncertain. By default it is not written again: the answer to the first
  copy could be taken for the answer to the next page. The call is closed instead, and an answer that comes late, with
  a code that fits it, still tells.
* a page whose last block was not written is deferred: certainly not sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import ClassVar

from gatewayd.wire import tap_codes as codes
from gatewayd.wire.tap_blocks import CR, Page, PageError, blocks_of
from gatewayd.wire.tap_codes import Verdict
from gatewayd.wire.tap_heard import Heard
from gatewayd.wire.tap_pages import BeforeSubmit, CallOver, CallPages, Ended, Event, PageOver, Revoked, Turn
from gatewayd.wire.tap_settings import TapSettings
from gatewayd.wire.tap_signs import Mark, Sign
from gatewayd.wire.tap_timers import Timers

__all__ = ["BeforeSubmit", "CallOver", "Event", "Page", "PageOver", "Phase", "Revoked", "TapCall", "TapSettings"]

EOT = b"\x04"
ANSWERS = frozenset({Mark.ACK, Mark.NAK, Mark.RS})
WAITED_FOR_US = "no answer to the page, then the terminal waited too long for us"
CHECKSUM_TAIL = 2  # with so many octets unwritten, a block has lost a digit of its checksum

_STANDARD = TapSettings()


class Phase(Enum):
    IDLE = "idle"
    WAKING = "waking"
    LOGON = "logon"
    GREETED = "greeted"
    BOOKING = "booking"
    SENDING = "sending"
    CLOSING = "closing"
    OVER = "over"


class TapCall:
    """See the module. `now` is monotonic seconds. Nothing but a wrong use by the caller raises."""

    def __init__(self, pages: Iterable[Page] = (), settings: TapSettings = _STANDARD) -> None:
        self.phase = Phase.IDLE
        self._settings = settings
        self._pages = CallPages()
        self._heard = Heard(settings.password)
        self._timers = Timers(settings)
        self._out = bytearray()
        self._pages_learnt: int | None = None
        self._now = self._started = 0.0
        self._wakes = self._logons = self._answers_too_many = 0
        self._stopping = False
        self._ended: Ended = "done"
        for page in pages:
            self.add(page)

    # -- what the caller says ------------------------------------------------------------------------------------

    def add(self, page: Page, *, first: bool = False) -> bool:
        """One more page for this call; False when it is too late for that."""
        if self.phase in {Phase.CLOSING, Phase.OVER} or self._stopping:
            return False
        self._pages.add(page, first=first)
        return True

    def start(self, now: float, *, line_bps: int = 0) -> None:
        """The line is up. `line_bps`: what the line carries; 0 where writing takes no time (TCP)."""
        assert self.phase is Phase.IDLE, self.phase
        self._now = self._started = now
        self._timers.line_bps = line_bps
        self.phase = Phase.WAKING
        self._wake()

    def decide(self, key: str, *, go: bool, now: float) -> bool:
        """The answer to `BeforeSubmit`. True: the page goes out now. False: nothing of it was or will be written."""
        turn = self._pages.turn
        if self.phase is not Phase.BOOKING or turn is None or turn.page.key != key:
            return False  # the line went, or the leave came too late; the page's verdict has been told
        self._now = now
        if not go:
            self._pages.settle(codes.WITHDRAWN)
            self._next()
            return False
        self._pages.offered += 1
        self._write_block(turn)
        return True

    def stop(self, now: float) -> None:
        """Begin no further page; the one that is out gets its answer, then the call ends in order."""
        self._now, self._stopping = now, True
        self._pages.give_up_queue(codes.STOPPED)
        if self.phase in {Phase.IDLE, Phase.WAKING, Phase.LOGON}:
            self._end("done", codes.STOPPED)
        elif self.phase in {Phase.GREETED, Phase.BOOKING}:
            self._pages.settle(codes.STOPPED)
            self._close(codes.STOPPED)

    def lost(self, now: float, *, unsent_octets: int = 0) -> None:
        """The line is gone. `unsent_octets`: how many of ours certainly never left."""
        self._now = now
        turn = self._pages.turn
        if turn is not None and self.phase is Phase.SENDING:
            turn.doubt |= turn.last and not self._out and unsent_octets < CHECKSUM_TAIL
        self._end(self._ended if self.phase is Phase.CLOSING else "lost", self._heard.told() or codes.LOST)

    def fail(self, verdict: Verdict, now: float) -> None:
        """There will be no line: no page was offered, all have this verdict."""
        assert self.phase in {Phase.IDLE, Phase.OVER}, self.phase
        self._now = now
        self._end("failed", verdict)

    def data_to_send(self) -> bytes:
        """What to write now. What was handed over here counts as written, see `lost`."""
        if not self._out or self._timers.held_until is not None:
            return b""
        data = bytes(self._out)
        self._out.clear()
        if self.phase is Phase.SENDING:  # what was said before the block left answers something else
            self._heard.forget()
        return data

    def events(self) -> list[Event]:
        """Everything that happened since the last call, in order."""
        events, self._pages.events = self._pages.events, []
        return events

    # -- time ----------------------------------------------------------------------------------------------------

    def next_deadline(self) -> float | None:
        """When `on_deadline` wants to be called, whatever comes in."""
        return self._timers.next()

    def on_deadline(self, now: float) -> None:
        self._now = now
        timers = self._timers
        if timers.held_until is not None and now >= timers.held_until:
            self._flow_on()
        if timers.logon_again_at is not None and now >= timers.logon_again_at:
            self._heard.logons_owed += 1
            self._log_on()
        if timers.deadline is not None and now >= timers.deadline:
            self._late()

    def _late(self) -> None:
        """What was awaited did not come in time."""
        match self.phase:
            case Phase.WAKING if self._wakes < self._settings.n1:
                self._wake()
            case Phase.WAKING:
                self._end("silent", self._heard.told_or(codes.NO_PROMPT if self._heard.words() else codes.SILENT))
            case Phase.LOGON:
                self._end("silent", self._heard.told_or(codes.NO_ANSWER))
            case Phase.GREETED:
                self._ended = "silent"
                self._close(self._heard.told_or(codes.NO_GO_AHEAD))
            case Phase.BOOKING:
                self._pages.settle(codes.LATE_LEAVE)
                self._close(codes.LATE_LEAVE)
            case Phase.SENDING:
                self._unanswered()
            case Phase.CLOSING:
                self._end(self._ended, codes.SILENT)

    def _put_off_deadline(self) -> None:
        """The terminal is at work."""
        if self.phase in {Phase.LOGON, Phase.GREETED, Phase.SENDING}:
            self._timers.put_off(self._now, len(self._out))

    # -- what the terminal says ----------------------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> None:
        """Take octets in any portions; what follows depends only on what was written between them."""
        self._now = now
        for sign in self._heard.read(data):
            if self.phase is Phase.OVER:
                return
            if sign.mark is Mark.LINE:
                self._line(sign.text)
            elif sign.mark is Mark.XOFF:
                self._timers.hold(now)
            elif sign.mark is Mark.XON:
                self._flow_on()
            else:
                self._sign(sign)

    def _sign(self, sign: Sign) -> None:
        if self.phase is Phase.SENDING and self._out and sign.mark is not Mark.DISCONNECT:
            if sign.mark in ANSWERS:  # the block has not left yet: this answers something else
                self._unawaited(sign)
            return
        action = self._SIGNS.get((self.phase, sign.mark))
        if action is not None:
            action(self, sign)

    def _line(self, line: str) -> None:
        said = self._heard.line(line)
        if said is not None and said.code == 111:
            self._put_off_deadline()

    def _flow_on(self) -> None:
        if self._timers.held_until is not None:
            self._timers.held_until = None
            self._put_off_deadline()

    # -- logon -----------------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        self._wakes += 1
        self._out += CR
        settings = self._settings
        # a prompt that the line damaged comes again after t5
        damaged_s = settings.t5_s if self._wakes == settings.n1 else 0.0
        self._timers.begin(self._now, max(settings.t1_s, settings.t2_s, damaged_s))

    def _log_on(self) -> None:
        """Write the logon, the first time or again; the terminal asks 1 + n3 times at most."""
        self._timers.logon_again_at = None
        if self._logons > self._settings.n3:
            self._turned_away(Sign(Mark.NAK))
            return
        self._logons += 1
        self._heard.keep()
        self._heard.forget()
        logon = b"\x1b" + (self._settings.service + self._settings.password).encode("ascii") + CR
        self._out += logon
        self.phase = Phase.LOGON
        self._timers.begin(self._now, self._settings.t3_s, len(logon))

    def _prompted(self, _: Sign) -> None:
        self._log_on()

    def _prompted_again(self, sign: Sign) -> None:
        """It may have asked twice before it heard us: only when nothing else comes does it want the logon again.

        A second logon that it does not want would be answered later, when that answer means something else.
        """
        if codes.coded(sign.text) is not None or self._timers.logon_again_at is not None:
            return  # "509 BAD ID=": not a prompt
        if self._hopeless():
            self._turned_away(sign)
        else:
            self._timers.logon_again_at = self._now + self._settings.t4_s

    def _logon_damaged(self, sign: Sign) -> None:
        if self._hopeless():
            self._turned_away(sign)
        else:
            self._log_on()

    def _hopeless(self) -> bool:
        """The password will not be better the next time; 507 may be the line's fault."""
        told = self._heard.told()
        return told is not None and told.code != "507"

    def _logon_taken(self, _: Sign) -> None:
        self._timers.logon_again_at = None
        self._heard.keep()
        self.phase = Phase.GREETED
        self._timers.begin_answer(self._now)

    def _go_ahead(self, _: Sign) -> None:
        self._timers.logon_again_at = None
        self._heard.keep()
        self._next()

    def _turned_away(self, sign: Sign) -> None:
        cut = sign.mark is Mark.DISCONNECT
        self._end("refused", self._heard.told_or(codes.judge(sign.mark, ()) if cut else codes.NO_LOGON))

    # -- pages -----------------------------------------------------------------------------------------------------

    def _next(self) -> None:
        """Ask for leave for the next page, or say goodbye."""
        settings = self._settings
        in_time = self._now - self._started < settings.call_s_max
        while in_time and self._pages.offered < settings.pages_max and (page := self._pages.take()) is not None:
            try:
                blocks = blocks_of(page, settings, escapes=(self._heard.version or (0, 0)) >= (1, 6))
            except PageError as error:
                self._pages.tell(page.key, Verdict("refused", str(error), "page"))
                continue
            self._pages.turn = Turn(page, blocks)
            self._heard.private = (page.pager, page.text)
            self.phase = Phase.BOOKING
            self._timers.begin(self._now, settings.t4_s)
            self._pages.events.append(BeforeSubmit(page.key))
            return
        self._close(codes.LIMIT)

    def _write_block(self, turn: Turn) -> None:
        block = turn.blocks[turn.at]
        self._heard.forget()
        self._heard.expect_echo()
        self._out += block
        self.phase = Phase.SENDING
        self._timers.begin_answer(self._now, len(block))

    def _acknowledged(self, sign: Sign) -> None:
        if self._heard.of_a_logon():
            return
        turn = self._its_turn()
        if turn.last:
            self._answered(sign.mark, codes.OWED if turn.doubt else None)
        else:
            turn.at, turn.resent = turn.at + 1, 0
            self._write_block(turn)

    def _damaged(self, sign: Sign) -> None:
        if self._heard.of_a_logon():
            return
        turn = self._its_turn()
        if turn.resent < codes.resends_allowed(sign.mark, self._heard.codes, self._settings.n2):
            turn.resent += 1
            self._write_block(turn)
        elif codes.judge(sign.mark, self._heard.codes).trouble == "line":
            self._answered(sign.mark, codes.NOISY)
        else:  # the blocks before this one lie in the terminal still, and only the end of the call clears them
            self._answered(sign.mark, codes.OWED if turn.doubt or turn.at else None)

    def _rejected(self, sign: Sign) -> None:
        self._answered(sign.mark, codes.OWED if self._its_turn().doubt else None)

    def _answered(self, mark: Mark, rest: Verdict | None) -> None:
        """The page has its answer. With `rest`, or a code that says so, no further page goes in this call."""
        said = self._heard.codes
        verdict = self._heard.judged(mark, doubt=self._its_turn().doubt)
        self._pages.settle(verdict)
        self._heard.answered()
        told = codes.ends_call(said)
        if told is not None and told.code == "112":
            self._learn_pages(self._pages.offered - (verdict.code == told.code))
        rest = told or rest
        if rest is None:
            self._next()
        else:
            self._close(rest)

    def _unanswered(self) -> None:
        """Nothing within t3. An answer of which only the line end is missing counts."""
        turn = self._its_turn()
        for sign in () if self._out else self._heard.unfinished():
            if sign.mark is Mark.LINE:
                self._line(sign.text)
            else:
                self._sign(sign)
                return
        turn.doubt |= turn.last and not self._out
        if turn.doubt and self._settings.resend_unanswered and turn.resent < self._settings.n2:
            turn.resent += 1
            self._write_block(turn)
            return
        turn.words = self._heard.words()
        self._ended = "silent"
        self._out.clear()  # an XOFF held it back: it shall not go any more
        rest = self._heard.told() or codes.SILENT
        if not turn.doubt:
            self._pages.settle(rest)
        self._close(rest)

    def _learn_pages(self, taken: int) -> None:
        """A call takes no more than this one has `taken`."""
        if taken > 0:
            self._pages_learnt = taken

    def _cut_off(self, sign: Sign) -> None:
        """The terminal ends the call; of the page that is out it says with it what became of it."""
        rest = self._heard.told_or(codes.judge(sign.mark, ()))
        sending = self.phase is Phase.SENDING
        if rest.code == "112":
            self._learn_pages(self._pages.offered - sending)
        if sending and not self._out:
            turn = self._its_turn()
            verdict = self._heard.judged(sign.mark, doubt=turn.doubt)
            if turn.last and verdict.code == "501":  # it waits for us: its answer was lost, or our block
                verdict = Verdict("uncertain", WAITED_FOR_US, "501", trouble="line", lines=verdict.lines)
            self._pages.settle(verdict)
        self._end("cut", rest)

    def _unawaited(self, sign: Sign) -> None:
        """An answer, and every page that is out has had one. RS takes back what had been taken, as after EOT.

        One that came before we wrote again is said twice, and a bare ACK after our EOT answers that.
        """
        after_eot = self.phase is Phase.CLOSING and not self._out
        self._answers_too_many += after_eot and (sign.mark is not Mark.ACK or bool(self._heard.codes))
        if sign.mark is Mark.RS:
            verdict = self._heard.judged(sign.mark)
            self._pages.take_back(verdict if verdict.code.isdigit() else codes.ONE_OF_SEVERAL)
        self._heard.keep()

    # -- the end ---------------------------------------------------------------------------------------------------

    def _close(self, rest: Verdict) -> None:
        """Say goodbye; `rest` is for the pages that have not been offered."""
        self._pages.give_up_queue(rest)
        self._out += EOT + CR
        self.phase = Phase.CLOSING
        self._timers.begin(self._now, self._settings.t3_s, len(self._out))

    def _answered_late(self, sign: Sign) -> None:
        """After our EOT: the answer to a page that had none, if it has a code that fits it."""
        if self._pages.turn is None:
            self._unawaited(sign)
            return
        verdict = self._late_verdict(sign.mark)
        self._heard.keep()
        if verdict.code.isdigit() and verdict.fate != "uncertain":
            self._pages.settle(verdict)

    def _late_verdict(self, mark: Mark) -> Verdict:
        turn = self._pages.turn
        return self._heard.judged(mark, doubt=turn is not None and turn.resent > 0)

    def _revoked(self, sign: Sign) -> None:
        """RS after our EOT: a page of this call is refused, and nothing says which."""
        if self._out:  # our EOT has not left yet: nothing is taken back, but a page may wait for its answer
            self._answered_late(sign)
            return
        verdict = self._late_verdict(sign.mark)
        self._heard.keep()
        self._pages.revoke(verdict)

    def _farewell(self, _: Sign) -> None:
        self._end(self._ended, codes.LOST)

    def _end(self, ended: Ended, rest: Verdict) -> None:
        """The call is over: every page without a verdict gets one."""
        if self.phase is Phase.OVER:
            return
        turn = self._pages.turn
        if turn is not None and turn.doubt:
            words = turn.words or (self._heard.words() if self.phase is Phase.SENDING else "")
            rest_of_turn = codes.with_words(codes.LOST_UNANSWERED if ended == "lost" else codes.UNANSWERED, words)
        else:
            rest_of_turn = rest
        self._heard.keep()
        self._pages.settle(rest_of_turn)
        self._pages.give_up_queue(rest)
        if self._answers_too_many and self._pages.refused:  # nobody knows which answer meant which page
            self._pages.take_back(codes.ONE_OF_SEVERAL)
        self.phase = Phase.OVER
        self._timers.end()
        self._out.clear()
        verdicts = tuple(self._pages.verdicts.items())
        heard = self._heard
        over = CallOver(ended, verdicts, heard.version, self._pages_learnt, heard.noise_octets, heard.kept)
        self._pages.events.append(over)

    def _its_turn(self) -> Turn:
        assert self._pages.turn is not None, self.phase
        return self._pages.turn

    _SIGNS: ClassVar[dict[tuple[Phase, Mark], Callable[[TapCall, Sign], None]]] = {
        (Phase.WAKING, Mark.PROMPT): _prompted,
        (Phase.WAKING, Mark.DISCONNECT): _turned_away,
        (Phase.LOGON, Mark.PROMPT): _prompted_again,
        (Phase.LOGON, Mark.ACK): _logon_taken,
        (Phase.LOGON, Mark.GO_AHEAD): _go_ahead,
        (Phase.LOGON, Mark.NAK): _logon_damaged,
        (Phase.LOGON, Mark.RS): _turned_away,
        (Phase.LOGON, Mark.DISCONNECT): _turned_away,
        (Phase.GREETED, Mark.GO_AHEAD): _go_ahead,
        (Phase.GREETED, Mark.DISCONNECT): _turned_away,
        (Phase.BOOKING, Mark.ACK): _unawaited,
        (Phase.BOOKING, Mark.NAK): _unawaited,
        (Phase.BOOKING, Mark.RS): _unawaited,
        (Phase.BOOKING, Mark.DISCONNECT): _cut_off,
        (Phase.SENDING, Mark.ACK): _acknowledged,
        (Phase.SENDING, Mark.NAK): _damaged,
        (Phase.SENDING, Mark.RS): _rejected,
        (Phase.SENDING, Mark.DISCONNECT): _cut_off,
        (Phase.CLOSING, Mark.ACK): _answered_late,
        (Phase.CLOSING, Mark.NAK): _answered_late,
        (Phase.CLOSING, Mark.RS): _revoked,
        (Phase.CLOSING, Mark.DISCONNECT): _farewell,
    }
