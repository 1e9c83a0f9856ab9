"""Which attempt a delivery report speaks of: rows in, a match out. What the match means is queue.py's.

A modem's reference is a number that comes round after 256 texts; a bureau's is the name of one message, in a form that
may differ from the answer's. Both are matched by `delivery.receipts`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gatewayd.channels.contract import Receipt
from gatewayd.clock import SECOND
from gatewayd.delivery import receipts
from gatewayd.model import AttemptState
from gatewayd.numbers import same_subscriber
from gatewayd.oncall import page_words
from gatewayd.oncall.languages import ENGLISH
from gatewayd.store import receipts as store_receipts
from gatewayd.store.db import Reader, Row

MEMORY_US = 8 * 24 * 3600 * SECOND
MARKS = page_words.every("repeat")  # in front of a text that may have arrived before, by language
QUOTED_MAX = 40  # signs of a text's beginning; bureaus repeat 20
UNBOOKED = "answer, unbooked"  # what settled an attempt whose row could be written only afterwards
LIFE_US = 24 * 3600 * SECOND  # beyond its text's validity a report may still come


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery report as far as matching goes."""

    sim: str
    reference: str
    recipient: str
    sent_at: int | None
    references: tuple[str, ...] = ()  # of a bureau
    own_reference: int | None = None
    quotes: str = ""
    says: str = ""  # its class
    came_at: int = 0
    kept: int | None = None  # its id among those on disk

    @property
    def named(self) -> bool:
        return bool(self.references) or self.own_reference is not None

    @property
    def nameless(self) -> bool:
        """A bureau's that says only whose text it was, and when."""
        return not self.named and not self.reference


def of_receipt(receipt: Receipt) -> Report:
    return Report(
        receipt.sim, receipt.reference, receipt.recipient, receipt.sent_at, receipt.references, receipt.own_reference,
        receipt.quotes, receipt.kind or "",
    )  # fmt: skip


def of_row(row: Row) -> Report:
    """A report that is kept already."""
    return Report(
        row["sim"], row["reference"], row["recipient"], row["sent_at"], tuple(json.loads(row["forms"])),
        row["own_reference"], row["quotes"], row["class"], row["received_at"], row["id"],
    )  # fmt: skip


class Doubts:
    """An account's attempts whose names we have not been told, read once, and each question about them asked once: a
    hundred reports may wait for a hundred of them. Good until one of them is settled.
    """

    def __init__(self, reader: Reader, sim: str, *, now: int) -> None:
        self._reader, self._sim, self._now = reader, sim, now
        self._attempts: list[receipts.Tried] | None = None
        self._awaited: dict[str, list[receipts.Tried]] = {}
        self._found: dict[tuple[str, int | None, str], receipts.Match] = {}
        self._waiting: dict[int, list[Report] | None] = {}
        self.apart: set[frozenset[int]] = set()  # doubts that the reports which are kept do not pair

    def waiting(self, since: int) -> list[Report] | None:
        """Reports that wait to be understood; None: there are more than can be looked at."""
        if since not in self._waiting:
            rows = store_receipts.waiting(self._reader, self._sim, since=since)
            full = len(rows) >= store_receipts.WAITING_LOOKED_AT
            self._waiting[since] = None if full else [of_row(row) for row in rows]
        return self._waiting[since]

    def attempts(self) -> list[receipts.Tried]:
        if self._attempts is None:
            rows = store_receipts.open_on(self._reader, self._sim, since=self._now - MEMORY_US)
            self._attempts = [doubt for doubt in map(tried, rows) if self._now <= doubt.alive_until]
        return self._attempts

    def beside(self, recipient: str) -> list[receipts.Tried]:
        """All of them, and what this recipient was sent besides and awaits its report."""
        own = {doubt.recipient for doubt in self.attempts() if same_subscriber(doubt.recipient, recipient)}
        return [*self.attempts(), *(other for one in own for other in self._awaiting(one))]

    def _awaiting(self, recipient: str) -> list[receipts.Tried]:
        if recipient not in self._awaited:
            rows = store_receipts.awaited(self._reader, self._sim, recipient)
            self._awaited[recipient] = [replace(tried(row), awaited=True) for row in rows]
        return self._awaited[recipient]

    def match(self, report: Report) -> receipts.Match:
        """Of a report whose names are nobody's."""
        asked = (report.recipient, report.own_reference, report.quotes)
        if asked not in self._found:
            among = self.beside(report.recipient)
            self._found[asked] = receipts.match_doubt(
                report.recipient, among, own_reference=report.own_reference, quotes=report.quotes
            )
        return self._found[asked]


def find(reader: Reader, report: Report, *, now: int, doubts: Doubts | None = None) -> receipts.Match:
    """`doubts`: of its account, where several reports are looked at in a row."""
    since = now - MEMORY_US
    if report.nameless:
        return _find_nameless(reader, report, now=now)
    if not report.named:
        rows = store_receipts.tried_on(reader, report.sim, report.reference, since=since)
        if report.sent_at is not None:
            around = (report.sent_at - receipts.WINDOW_US, report.sent_at + receipts.WINDOW_US)
            rows += store_receipts.perhaps_sent(reader, report.sim, *around)
        attempts = [tried(row) for row in {row["id"]: row for row in rows}.values()]
        return receipts.match(report.reference, report.recipient, report.sent_at, attempts, now=now)
    doubts = doubts or Doubts(reader, report.sim, now=now)
    found = _find_named(reader, report, doubts, now=now)
    return _paired(reader, report, found, doubts, now=now) if found.rivals else found


def _paired(reader: Reader, report: Report, found: receipts.Match, doubts: Doubts, *, now: int) -> receipts.Match:
    """As many reports as doubts, of which nobody can say which is whose: each of the doubts has one."""
    rivals, mine = found.rivals, frozenset(t.id for t in found.rivals)
    if report.kept is not None and mine in doubts.apart:
        return found
    if report.kept is not None:
        doubts.apart.add(mine)
    others = doubts.waiting(min(t.started_at for t in rivals))
    if others is None or len(others) + 1 < len(rivals):
        return found
    if report.own_reference is not None or _nameless_too(reader, report, rivals):
        return found
    alike = [receipts.Waiting(frozenset(report.references), report.says, report.came_at or now)]
    for other in others:
        if other.kept == report.kept or not same_subscriber(other.recipient, report.recipient):
            continue
        theirs = {t.id for t in _find_named(reader, other, doubts, now=now).rivals} if other.named else mine
        if theirs == mine and other.named:
            alike.append(receipts.Waiting(frozenset(other.references), other.says, other.came_at))
        elif other.nameless or theirs & mine or not theirs:
            return found  # it may speak of one of these, or of something else
    attempt = receipts.pair(rivals, alike)
    return receipts.Match("settles", attempt, "as many reports as doubts") if attempt else found


def _nameless_too(reader: Reader, report: Report, rivals: Sequence[receipts.Tried]) -> bool:
    """Whether the bureau took another text for this number without saying its name: the report may be that one's."""
    since = min(t.started_at for t in rivals) - LIFE_US
    rows = store_receipts.unnamed(reader, report.sim, since=since)
    return any(same_subscriber(row["recipient"], report.recipient) for row in rows)


def _find_named(reader: Reader, report: Report, doubts: Doubts, *, now: int) -> receipts.Match:
    named = store_receipts.named(reader, report.sim, report.references, since=now - MEMORY_US)
    owners = [tried(row) for row in named]
    found = among(report, owners, now=now)
    if found is not None:
        return found
    if not owners:
        return doubts.match(report)
    return receipts.match_likely(
        report.references,
        report.recipient,
        owners,
        doubts.beside(report.recipient),
        own_reference=report.own_reference,
        quotes=report.quotes,
        says=report.says,
    )


def _find_nameless(reader: Reader, report: Report, *, now: int) -> receipts.Match:
    if report.sent_at is None:
        return receipts.Match("unknown", reason="it says neither which message nor when")
    since = min(now - LIFE_US, report.sent_at - receipts.ZONES_US)
    begun = [tried(row) for row in store_receipts.begun(reader, report.sim, since=since)]
    return receipts.match_nameless(report.recipient, report.sent_at, begun, quotes=report.quotes, says=report.says)


def since(report: Report, *, now: int) -> int:
    """Whoever looks among attempts from here on finds all that `among` needs."""
    if report.named or report.sent_at is None:
        return now - MEMORY_US
    return report.sent_at - receipts.WINDOW_US


def among(report: Report, owners: Sequence[receipts.Tried], *, now: int) -> receipts.Match | None:
    """Which of the attempts that bear its name it surely speaks of; None when others have to be looked at, too."""
    if report.nameless:
        return None
    if report.named:
        return receipts.match_named(report.references, report.recipient, owners, quotes=report.quotes, says=report.says)
    found = receipts.match(report.reference, report.recipient, report.sent_at, owners, now=now)
    return found if found.verdict == "applied" and not found.reason else None


def meant(reader: Reader, row: Row, attempt: Row, *, now: int) -> bool:
    """Whether a kept report, which bears one of its names, speaks of this attempt, whose answer has come now."""
    report = of_row(row)
    if not report.named:
        return same_subscriber(report.recipient, attempt["recipient"])
    found = find(reader, report, now=now)
    return found.verdict == "applied" and found.attempt is not None and found.attempt.id == attempt["id"]


def tried(row: Row) -> receipts.Tried:
    return receipts.Tried(
        id=row["id"],
        message_id=row["message_id"],
        recipient=row["recipient"],
        state=AttemptState(row["state"]),
        reference=row["reference"],
        reference_before=row["reference_before"],
        started_at=row["started_at"],
        alive_until=max(row["expires_at"], row["started_at"]) + LIFE_US,
        receipt=row["receipt"],
        perhaps_sent=bool(row["perhaps_sent"]),
        round=row["round"],
        text=" ".join(mark + row["text"][:QUOTED_MAX] for mark in MARKS if _may_bear_mark(row) and mark.isascii())
        + row["text"],
    )


def text_on_air(message: Row, language: str = ENGLISH, *, unbooked: bool = False) -> str:
    """What is put on the air: a repeat after a doubt says so, and so does what may go twice since it is not booked, or
    since a modem said too little of the try before.
    """
    twice = message["repeats"] or message["perhaps_there"] or unbooked
    mark = repeat_mark(language) if twice else ""
    return mark + str(message["text"])


def repeat_mark(language: str = ENGLISH) -> str:
    """What stands before words that may have been read already."""
    return page_words.words_of(language).repeat


def _may_bear_mark(attempt: Row) -> bool:
    """Whether this attempt's text may have said that it is a repeat; the words that a report quotes are then looked for
    with it as well as without. A message counts its marked rounds, but not which of them they were.
    """
    return bool(attempt["round"]) or bool(attempt["perhaps_there"]) or attempt["settled_by"] == UNBOOKED
