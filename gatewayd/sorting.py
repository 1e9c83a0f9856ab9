"""The sorting table: texts that are booked, answered or reported at the same time go into the books together.

The usual case (one part, first round, nothing in its way) is written in a few statements for all of them. Everything
else goes one by one through queue.py, which stays the measure of both: the books must be the same by either way.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from gatewayd import attribution, hearing
from gatewayd.channels.contract import Receipt
from gatewayd.clock import SECOND
from gatewayd.delivery import receipts
from gatewayd.delivery.outcome import Accepted, Outcome, Uncertain
from gatewayd.delivery.status import StatusClass, status_class
from gatewayd.metrics import DELIVERY_SECONDS, RECEIPTS, REPEATS
from gatewayd.numbers import same_subscriber
from gatewayd.queue import Queue
from gatewayd.store import bundles, journal, messages
from gatewayd.store import receipts as store_receipts
from gatewayd.store.db import Row, Tx


class Booking(NamedTuple):
    """One part that is to go on the air."""

    attempt_id: int
    message: Row
    part: int
    parts: int
    channel: str
    sim: str
    reference_before: str | None
    now: int
    lost: int = 0  # characters of the text that cannot be shown there


class Answer(NamedTuple):
    """What became of one part. `rowless`: it was not booked, and is to be now, since it tells of the text."""

    booking: Booking
    outcome: Outcome
    now: int
    rowless: bool = False
    resting: bool | None = None  # it speaks of the channel, which rests, or is lost


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a report, and what it speaks of."""

    verdict: str
    incident_id: int | None = None
    message_id: int | None = None
    attempt_id: int | None = None
    answered: tuple[int, int] | None = None  # when its text was written, and answered, if it was


class Sorter:
    """`queue` is asked for anew each time: a reload replaces it. Each method is one function of `tx`."""

    def __init__(self, queue: Callable[[], Queue]) -> None:
        self._queue = queue

    # --- on the air

    def book(self, tx: Tx, bookings: Sequence[Booking]) -> list[bool]:
        """The attempts' rows, before their bytes (law 6). False: nothing may be sent, see Queue.book."""
        queue = self._queue()
        usual = self._waiting(tx, queue, bookings) if len(bookings) > 1 else {}
        if usual:
            self._start(tx, queue, list(usual.values()))
        return [b.attempt_id in usual or _book(tx, queue, b) for b in bookings]

    def _waiting(self, tx: Tx, queue: Queue, bookings: Sequence[Booking]) -> dict[int, Booking]:
        """First parts that nobody counts and that still wait; by attempt."""
        first = {
            (b.message["id"], b.message["round"]): b
            for b in bookings
            if b.part == 1 and not b.lost and b.message["state"] == "queued" and not queue.ways.judges(b.channel)
        }
        if not first:
            return {}
        there = bundles.queued(tx, [message_id for message_id, _ in first], now=bookings[-1].now)
        return {b.attempt_id: b for key, b in first.items() if key in there}

    def _start(self, tx: Tx, queue: Queue, bookings: list[Booking]) -> None:
        bundles.start(
            tx,
            [
                bundles.Started(
                    b.attempt_id,
                    b.message["id"],
                    b.message["round"],
                    b.parts,
                    b.channel,
                    b.sim,
                    b.message["recipient"],
                    b.reference_before,
                    b.now,
                )
                for b in bookings
            ],
        )
        patience = queue.settings.patience_s
        doubts = [(b.message["id"], b.now + patience(b.message["priority"]) * SECOND) for b in bookings]
        bundles.set_waits(tx, "doubt", doubts)
        for b in bookings:
            hearing.listen(tx, b.message, queue.settings, now=b.now)
        lines = []
        for b in bookings:
            if b.message["repeats"] or b.message["perhaps_there"]:
                tx.after_commit(REPEATS.inc)
            ids = {"message_id": b.message["id"], "attempt_id": b.attempt_id}
            lines.append(journal.line(tx, "attempt_started", now=b.now, channel=b.channel, part=1, **ids))
        journal.keep(tx, lines)

    # --- the channels' answers

    def answered(self, tx: Tx, answers: Sequence[Answer]) -> list[int | None]:
        """See Queue.answered. Returns the incidents that the texts page for."""
        queue = self._queue()
        plain = {
            a.booking.attempt_id: (a, a.outcome)
            for a in answers
            if isinstance(a.outcome, Accepted)
            and a.booking.parts == 1
            and not a.rowless
            and not a.outcome.reason
            and not queue.ways.judges(a.booking.channel)
        }
        usual = self._unhindered(tx, plain) if plain else {}
        odd = {a.booking.message["recipient"] for a in answers if a.booking.attempt_id not in usual}
        usual = {attempt_id: row for attempt_id, row in usual.items() if row["recipient"] not in odd}  # keeps the order
        if usual:
            self._accept(tx, queue, [(*plain[attempt_id], row) for attempt_id, row in usual.items()])
        for a in answers:
            if a.booking.attempt_id not in usual:
                _answer(tx, queue, a)
        incidents = bundles.incidents_of(tx, {a.booking.message["id"] for a in answers})
        return [incidents.get(a.booking.message["id"]) for a in answers]

    def _unhindered(self, tx: Tx, answers: dict[int, tuple[Answer, Accepted]]) -> dict[int, Row]:
        """Those whose text waits for nothing but this answer, and no report came before it: the texts' rows."""
        found = bundles.started(tx, answers)
        for sim in {row["sim"] for row in found.values()}:
            own = {attempt_id: row for attempt_id, row in found.items() if row["sim"] == sim}
            names = {name for attempt_id in own for name in _names(answers[attempt_id][1])}
            early = bundles.unowned(tx, sim, names, since=min(row["started_at"] for row in own.values()))
            waiting = _waiting(tx, sim, now=max(answers[attempt_id][0].now for attempt_id in own))
            for attempt_id, row in own.items():
                reported = not early.isdisjoint(_names(answers[attempt_id][1]))
                if reported or any(same_subscriber(other, row["recipient"]) for other in waiting):
                    del found[attempt_id]
        return found

    def _accept(self, tx: Tx, queue: Queue, accepted: list[tuple[Answer, Accepted, Row]]) -> None:
        bundles.accept(
            tx,
            [bundles.Taken(o.code, a.now, o.reference, o.spelling, row["attempt_id"]) for a, o, row in accepted],
            [row["id"] for *_, row in accepted],
        )
        bundles.rested(tx, {messages.whose(row["recipient"], row["wanted_channel"]) for *_, row in accepted})
        bundles.end_waits(tx, ("doubt", hearing.KIND), [row["id"] for *_, row in accepted])
        longest = queue.settings.report_wait_s * SECOND
        asked = [(row["id"], max(row["expires_at"], a.now) + longest) for a, _, row in accepted if row["report"]]
        bundles.set_waits(tx, "receipt", asked)
        lines = []
        for a, o, row in accepted:
            ids = {"message_id": row["id"], "attempt_id": row["attempt_id"]}
            said: dict[str, Any] = {"part": 1, "code": o.code, "reason": "", "reference": o.reference, "by": "answer"}
            lines.append(journal.line(tx, "attempt_accepted", now=a.now, channel=a.booking.channel, **ids, **said))
            if row["report"]:
                hearing.begin(tx, row, queue.settings, now=a.now)
            lines.append(journal.line(tx, "message_sent", now=a.now, message_id=row["id"]))
        journal.keep(tx, lines)

    # --- reports

    def reported(self, tx: Tx, reports: Sequence[tuple[Receipt, int]]) -> list[Told]:
        """See Queue.receipt. Of each: the report, and when it came."""
        queue = self._queue()
        usual = self._arrived(tx, reports)
        if usual:
            self._deliver(tx, [(*reports[at], row) for at, row in usual.items()])
        told: list[tuple[str, Row | None]] = []
        for at, (receipt, now) in enumerate(reports):
            if at in usual:
                told.append(("applied", usual[at]))
            else:
                found = queue.receipt(tx, receipt, now=now)
                owner = found.attempt
                told.append((found.verdict, messages.get_attempt(tx, owner.id) if owner is not None else None))
        incidents = bundles.incidents_of(tx, {row["message_id"] for _, row in told if row is not None})
        return [
            Told(verdict)
            if row is None
            else Told(verdict, incidents.get(row["message_id"]), row["message_id"], row["id"], _answered(row))
            for verdict, row in told
        ]

    def _arrived(self, tx: Tx, reports: Sequence[tuple[Receipt, int]]) -> dict[int, Row]:
        """Reports that say nothing bad of a text that went out in one piece at the first try, and for whose recipient
        no other report waits to be understood; by their place.
        """
        rows = self._named(tx, reports)
        waiting = {sim: _waiting(tx, sim, now=reports[0][1]) for sim in {receipt.sim for receipt, _ in reports}}
        found: dict[int, Row] = {}
        spoken_of: Counter[int] = Counter()
        alike = Counter((receipt.sim, receipt.reference) for receipt, _ in reports)
        for at, (receipt, now) in enumerate(reports):
            own = {row["id"]: row for name in _names_in(receipt) for row in rows.get((receipt.sim, name), ())}
            report = attribution.of_receipt(receipt)
            match = attribution.among(report, [*map(attribution.tried, own.values())], now=now)
            if match is None or match.attempt is None:
                continue
            if any(same_subscriber(other, receipt.recipient) for other in waiting[receipt.sim]):
                continue
            spoken_of[match.attempt.id] += 1
            row = own[match.attempt.id]
            alone = report.named or alike[receipt.sim, receipt.reference] == 1  # another may settle a doubt before it
            good = _kind(receipt) not in ("failed", "gave_up")
            whole = row["message_state"] == "sent" and row["message_parts"] == row["tries"] == 1
            if match.verdict == "applied" and alone and good and whole and row["message_round"] == 0:
                found[at] = row
        return {at: row for at, row in found.items() if spoken_of[row["id"]] == 1}

    def _named(self, tx: Tx, reports: Sequence[tuple[Receipt, int]]) -> dict[tuple[str, str], list[Row]]:
        """The attempts that the reports may name, by account and name."""
        rows: dict[tuple[str, str], list[Row]] = {}
        for sim in {receipt.sim for receipt, _ in reports}:
            own = [(receipt, now) for receipt, now in reports if receipt.sim == sim]
            names = {name for receipt, _ in own for name in _names_in(receipt)}
            if names:
                since = min(attribution.since(attribution.of_receipt(receipt), now=now) for receipt, now in own)
                for row in bundles.named(tx, sim, names, since=since):
                    rows.setdefault((sim, row["reference"]), []).append(row)
        return rows

    def _deliver(self, tx: Tx, reports: list[tuple[Receipt, int, Row]]) -> None:
        bundles.keep_reports(tx, [_kept(tx, receipt, now, row) for receipt, now, row in reports])
        told = [
            {"attempt": row["id"], "message": row["message_id"], "kind": _kind(receipt), "now": now}
            for receipt, now, row in reports
        ]
        bundles.reported(tx, told)
        there = [one for one in told if one["kind"] == "delivered"]
        if there:
            bundles.end_waits(tx, ("doubt", hearing.KIND, "receipt"), [one["message"] for one in there])
            bundles.delivered(tx, there)
        steady: set[str] = set()
        lines = []
        for (receipt, now, row), one in zip(reports, told, strict=True):
            ids = {"message_id": one["message"], "attempt_id": one["attempt"]}
            lines.append(journal.line(tx, "receipt", now=now, says=one["kind"], **ids))
            if one["kind"] == "delivered":
                if row["kind"] == "page":
                    messages.reached(tx, one["message"], now=now)
                tx.after_commit(partial(DELIVERY_SECONDS.observe, max(0, now - row["created_at"]) / SECOND))
                lines.append(journal.line(tx, "message_delivered", now=now, message_id=one["message"]))
                if receipt.sim not in steady and not hearing.came(tx, receipt.sim, "delivered", before=row["receipt"]):
                    steady.add(receipt.sim)
        journal.keep(tx, lines)
        for (channel, kind), times in Counter((receipt.channel, _kind(receipt)) for receipt, *_ in reports).items():
            tx.after_commit(partial(RECEIPTS.labels(channel, kind, "applied").inc, times))


def _book(tx: Tx, queue: Queue, b: Booking) -> bool:
    return queue.book(
        tx,
        b.attempt_id,
        b.message,
        part=b.part,
        parts=b.parts,
        channel=b.channel,
        sim=b.sim,
        reference_before=b.reference_before,
        now=b.now,
        lost=b.lost,
    )


def _answer(tx: Tx, queue: Queue, a: Answer) -> None:
    if a.rowless:
        _book(tx, queue, a.booking)
    went_out = isinstance(a.outcome, Accepted | Uncertain)
    by = attribution.UNBOOKED if a.rowless and went_out else "answer"
    queue.answered(tx, a.booking.attempt_id, a.outcome, by=by, now=a.now)
    if a.resting is not None:
        queue.channel_lost(tx, a.booking.channel, now=a.now, resting=a.resting)


def _answered(attempt: Row) -> tuple[int, int] | None:
    return (attempt["started_at"], attempt["ended_at"]) if attempt["settled_by"] == "answer" else None


def _waiting(tx: Tx, sim: str, *, now: int) -> set[str]:
    """Whom the reports are of that wait until more is known."""
    return {row["recipient"] for row in store_receipts.waiting(tx, sim, since=now - 2 * receipts.WINDOW_US)}


def _names(outcome: Accepted) -> tuple[str, ...]:
    """What a report of it may call the text."""
    return () if outcome.reference is None else (outcome.reference, *outcome.aliases)


def _kind(receipt: Receipt) -> StatusClass:
    return receipt.kind or status_class(receipt.status)


def _names_in(receipt: Receipt) -> tuple[str, ...]:
    """What the report may call its text: a modem's has one name, which comes round again."""
    if attribution.of_receipt(receipt).named:
        return receipt.references
    return (receipt.reference,) if receipt.reference else ()


def _kept(tx: Tx, receipt: Receipt, now: int, row: Row) -> bundles.Values:
    return {
        "id": tx.new_id("receipt"),
        "channel": receipt.channel,
        "sim": receipt.sim,
        "reference": receipt.reference,
        "recipient": receipt.recipient,
        "status": receipt.status,
        "class": _kind(receipt),
        "sent_at": receipt.sent_at,
        "done_at": receipt.done_at,
        "received_at": now,
        "attempt_id": row["id"],
        "verdict": "applied",
        "forms": json.dumps(receipt.references),
        "own_reference": receipt.own_reference,
        "quotes": receipt.quotes,
        "raw": receipt.raw,
    }
