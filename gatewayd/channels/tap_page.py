"""A page between the house and the line: what the pager shows of it, and the queue for the next call."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from gatewayd.channels.contract import Book, Submission
from gatewayd.channels.tap_settings import Kind
from gatewayd.delivery.outcome import Accepted, Deferred, Outcome, Refused, Uncertain, Withdrawn
from gatewayd.model import Priority
from gatewayd.wire.tap_blocks import octets_of
from gatewayd.wire.tap_calls import PageId, Waiting, next_of
from gatewayd.wire.tap_codes import Verdict
from gatewayd.wire.tap_pace import Turn
from gatewayd.wire.tap_text import TapTextError, alpha, marked, numeric

# The code of an incident, with which every text about one begins (of a storm 00 and how many); before it may stand that
# the text is a repeat, and that it is an exercise.
_CODE = re.compile(r"(?:\([^\d() ]+\) )?(?:[^\W\d_]+ )?([0-9]+(?:-[0-9]+)?)(?![0-9A-Za-z])")


@dataclass(slots=True, eq=False)
class Given:
    """One page that the house has given us and waits for. `awaited`: a further page of the same text follows it."""

    submission: Submission
    book: Book
    pager: str
    kind: Kind
    text: str
    since: float  # monotonic
    outcome: asyncio.Future[Outcome]
    awaited: bool = False
    booking: asyncio.Future[bool] | None = None
    booked_at: float | None = None  # the attempt is on disk since
    recut: str = ""  # to what it has been cut, and why
    turn: Turn | None = None  # of the bureau's pace
    ended: int = 0  # so many calls have ended at it
    alone: bool = False  # it goes in a call of its own: then what the bureau takes back is this

    @property
    def page(self) -> PageId:
        return self.submission.message_id, self.submission.part

    async def settled(self) -> Outcome:
        """Its outcome, when no commit is under way any more."""
        outcome = await self.outcome
        if self.booking is not None and not self.booking.done():
            await asyncio.wait([self.booking])
        return outcome

    def cut_to(self, octets_max: int) -> None:
        """The end goes, "..." stands for it. TapTextError when next to nothing would be left."""
        if self.kind == "alpha" and octets_of(self.text) > octets_max:
            self.text = alpha(self.text, chars_max=octets_max).texts[0]


@dataclass(frozen=True, slots=True)
class _Begun:
    """A text of which a pager has a part, and the next one is to come."""

    message_id: str
    priority: int
    until: float  # monotonic; longer it is not waited for


class Queue:
    """The pages that wait for the line. `on_added` is called when one more does."""

    def __init__(self) -> None:
        self.on_added: Callable[[], None] = lambda: None
        self._given: dict[str, Given] = {}
        self._begun: dict[str, _Begun] = {}  # by pager

    def __len__(self) -> int:
        return sum(not given.outcome.done() for given in self._given.values())

    @property
    def urgent(self) -> bool:
        """Whether a critical page waits."""
        return any(g.submission.priority == Priority.CRITICAL and not g.outcome.done() for g in self._given.values())

    def add(self, given: Given) -> None:
        self._given[given.submission.attempt_id] = given
        begun = self._begun.get(given.pager)
        if begun is not None and begun.message_id == given.submission.message_id:
            del self._begun[given.pager]
        self.on_added()

    def begun(self, given: Given, *, until: float) -> None:
        """The rest of this text follows, and is to stand behind what the pager has of it: until then nothing else goes
        there but what is more urgent.
        """
        self._begun[given.pager] = _Begun(given.submission.message_id, given.submission.priority, until)

    def take(self, now: float, *, only_urgent: bool = False, first: bool = True) -> Given | None:
        """The most urgent one; of these the rest of a text that was begun, then the oldest. `first`: of its call."""
        self._begun = {pager: begun for pager, begun in self._begun.items() if now < begun.until}
        waiting = [
            Waiting(key, given.submission.priority, given.since, given.submission.part, given.ended)
            for key, given in self._given.items()
            if not given.outcome.done()
            and (first or not given.alone)
            and (not only_urgent or given.submission.priority == Priority.CRITICAL)
            and not self._stands_back(given)
        ]
        chosen = next_of(waiting)
        return self._given.pop(chosen.key) if chosen is not None else None

    def _stands_back(self, given: Given) -> bool:
        begun = self._begun.get(given.pager)
        return begun is not None and given.submission.priority >= begun.priority

    def drop(self, given: Given) -> None:
        """Nobody waits for it any more, and nobody has to be told."""
        if given.booked_at is None:
            self._given.pop(given.submission.attempt_id, None)

    def release(self, outcome: Deferred) -> list[Given]:
        """Nothing of these was sent: they may go another way. Returns whom nobody waits for any more."""
        released, self._given = list(self._given.values()), {}
        for given in released:
            if not given.outcome.done():
                given.outcome.set_result(outcome)
        return [given for given in released if given.outcome.cancelled() and given.booked_at is not None]


def text_for(kind: Kind, submission: Submission) -> str:
    """What a pager of this kind gets of a part. TapTextError when it can show nothing of it."""
    if kind == "alpha":
        return marked(submission.segment, submission.mark, part=submission.part, parts=submission.parts)
    if kind == "tone":
        return ""
    words = submission.segment
    if submission.parts > 1:
        words = words.removeprefix(f"{submission.part}/{submission.parts} ")
    with suppress(TapTextError):
        return numeric(words)
    code = _CODE.match(words) if submission.coded else None
    return numeric(code[1] if code else words)


def outcome_of(verdict: Verdict, recut: str = "") -> Outcome:
    """`recut`: how the page has been shortened before it was taken."""
    match verdict.fate:
        case "accepted":
            odd = verdict.reason if verdict.truncated or verdict.held else ""
            return Accepted(None, verdict.code, reason="; ".join(filter(None, (recut, odd))))
        case "refused":
            return Refused(verdict.reason, verdict.code, verdict.scope)
        case "deferred":  # the end of a call is no fault of its pages
            scope = "channel" if verdict.trouble == "limit" else verdict.scope
            return Deferred(verdict.reason, verdict.code, verdict.after_s, scope)
        case "uncertain":
            return Uncertain(verdict.reason, verdict.code)
        case "withdrawn":
            return Withdrawn()
