"""Proof of life: now and then one SIM of ours texts another, and a loop that fails is an incident.

Its pages go by a SIM whose own loop works: whose sending is in doubt is the last resort until one works again. What
real traffic has proven needs no text. Every method is a function of `tx`.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable
from functools import partial
from typing import cast

from gatewayd.clock import SECOND
from gatewayd.delivery import proof
from gatewayd.delivery.proof import ProofSettings, Seen, Verdict
from gatewayd.metrics import PROOF_OK, PROOF_SECONDS, PROOFS
from gatewayd.model import Incoming, NewMessage, Priority, Refusal
from gatewayd.queue import Queue
from gatewayd.self_report import SelfReport
from gatewayd.store import journal, messages, proofs
from gatewayd.store.db import Reader, Row, Tx

KIND, OVER = "proof", "proof_over"  # waits: of a pair, for its next loop; of a loop, for its end
FIRST_S, STAGGER_S = 120, 60  # after the start that knows of a pair: modems come up first, and not all text at once
AGAIN_S = 900  # after a loop that failed
LATELY = 2  # times `every`: so long a loop that worked proves that its SIM sends
RECEIPT_S = 20  # after it was heard: then its receipt is mostly there


class ProofOfLife:
    """Built anew at each reload; owns nothing but its settings. `token` makes one that nobody can guess."""

    def __init__(
        self,
        settings: ProofSettings,
        queue: Queue,
        report: SelfReport,
        *,
        token: Callable[[int], str] = secrets.token_hex,
    ) -> None:
        self._settings = settings
        self._queue = queue
        self._ways = queue.ways
        self._report = report
        self._token = token

    def begin(self, tx: Tx, *, now: int) -> None:
        """At a start and after a reload: pairs that are new, and those that are not there any more."""
        wanted = proof.pairs(self._settings)
        known = {(row["sender"], row["hearer"]): row for row in proofs.pairs(tx)}
        for pair, row in known.items():
            if pair not in wanted:
                messages.end_wait(tx, KIND, row["id"])
                proofs.forget_pair(tx, row["id"])
                self._report.clears(tx, _key(row), now=now)
                tx.after_commit(partial(_forget, pair))
            else:
                tx.run(
                    "UPDATE wait SET due_at = MIN(due_at, :latest) WHERE kind = :kind AND subject = :id",
                    latest=now + self._every_us,
                    kind=KIND,
                    id=row["id"],
                )
        for place, pair in enumerate(pair for pair in wanted if pair not in known):
            number = proofs.add_pair(tx, *pair)
            messages.set_wait(tx, KIND, number, now + (FIRST_S + place * STAGGER_S) * SECOND)
        for pair in wanted:
            for result in ("good", "failed", "skipped"):
                PROOFS.labels(*pair, result)
        self._doubt(tx, now=now)

    @property
    def _every_us(self) -> int:
        return (self._settings.every or 0) * SECOND

    # --- a loop

    def due(self, tx: Tx, number: int, *, now: int) -> None:
        """Time for a loop of this pair, unless it is proven, or costs too much."""
        row = proofs.pair(tx, number)
        if row is None or self._settings.every is None:
            messages.end_wait(tx, KIND, number)
            return
        messages.set_wait(tx, KIND, number, now + self._every_us)
        if not row["failed"] and self._proven(tx, row, since=now - self._every_us):
            self._skipped(tx, row, "real traffic proved it", now=now)
        elif reason := self._too_dear(tx, row, now=now):
            self._skipped(tx, row, reason, now=now)
        else:
            self._send(tx, row, now=now)

    def _proven(self, reader: Reader, row: Row, *, since: int) -> bool:
        sent = proofs.sent_well(reader, row["sender"], since=since)
        return sent and proofs.heard_well(reader, row["hearer"], since=since)

    def _too_dear(self, reader: Reader, row: Row, *, now: int) -> str:
        """What its bucket or its budget says against it; "" when nothing."""
        spoken_of = {
            "kind": "proof",
            "priority": int(Priority.LOW),
            "parts": 1,
            "recipient": self._settings.numbers[row["hearer"]],
        }
        return self._ways.affords(
            reader, cast("Row", spoken_of), row["sender"], within_s=self._settings.within_s, now=now
        )

    def _send(self, tx: Tx, row: Row, *, now: int) -> None:
        token = self._token(proof.TOKEN_OCTETS)
        until = now + self._settings.within_s * SECOND
        text = NewMessage(
            kind="proof",
            recipient=self._settings.numbers[row["hearer"]],
            text=proof.words(token),
            priority=Priority.LOW,
            expires_at=until,
            channel=row["sender"],
            origin="desk",
            report=self._settings.receipt,
        )
        try:
            message_id = self._queue.enqueue(tx, text, now=now)
        except Refusal as refusal:
            self._failed(tx, row, Verdict(f"{row['sender']} may not send it: {refusal.reason}", row["sender"]), now=now)
            return
        loop_id = proofs.begin(tx, row["id"], token, message_id, now=now)
        messages.set_wait(tx, OVER, loop_id, until)

    def heard(self, tx: Tx, text: Incoming, *, now: int) -> bool:
        """Whether this is a loop's text: then it is nobody's reply. Only one that is awaited, where it is, counts."""
        token = proof.token_in(text.text) if text.text else ""
        loop = proofs.loop_of(tx, token) if token else None
        if loop is None:
            return False
        row = proofs.pair(tx, loop["proof_id"])
        if row is None or loop["ended_at"] is not None or loop["heard_at"] is not None:
            journal.write(tx, "proof_late", now=now, message_id=loop["message_id"], channel=text.channel)
        elif text.channel != row["hearer"]:
            journal.write(
                tx, "proof_astray", now=now, message_id=loop["message_id"], channel=text.channel,
                reason=f"meant for {row['hearer']}: have the SIMs changed places?",
            )  # fmt: skip
        else:
            proofs.heard(tx, loop["id"], now=now)
            journal.write(tx, "proof_heard", now=now, message_id=loop["message_id"], channel=text.channel)
            took_s = max(0, now - (proofs.on_air_since(tx, loop["message_id"]) or now)) / SECOND
            tx.after_commit(partial(PROOF_SECONDS.labels(row["sender"], row["hearer"]).observe, took_s))
            until = min(now + RECEIPT_S * SECOND, self._until(loop))
            messages.set_wait(tx, OVER, loop["id"], until)
            self.over(tx, loop["id"], now=now)
        return True

    def over(self, tx: Tx, loop_id: int, *, now: int) -> None:
        """Look what became of it. When nothing is proven by its end, it has failed."""
        loop = proofs.loop(tx, loop_id)
        row = proofs.pair(tx, loop["proof_id"]) if loop is not None else None
        if loop is None or row is None or loop["ended_at"] is not None:
            messages.end_wait(tx, OVER, loop_id)
            return
        message = messages.get(tx, loop["message_id"])
        seen = Seen(
            message["state"] if message else "",
            message["reason"] if message else "",
            heard=loop["heard_at"] is not None,
            up=self._ways.is_up(row["hearer"]),
        )
        if proof.proven(seen, receipt=self._settings.receipt):
            self._end(tx, loop, "good", now=now)
            self._works(tx, row, now=now)
        elif now >= self._until(loop):
            self._end(tx, loop, "failed", now=now)
            verdict = proof.failed(seen, row["sender"], row["hearer"], self._settings.within_s)
            self._failed(tx, row, verdict, now=now)
        elif messages.is_due(tx, OVER, loop_id, now=now):
            messages.set_wait(tx, OVER, loop_id, self._until(loop))

    def _until(self, loop: Row) -> int:
        return int(loop["begun_at"]) + self._settings.within_s * SECOND

    def _end(self, tx: Tx, loop: Row, result: str, *, now: int) -> None:
        proofs.end(tx, loop["id"], result, now=now)
        messages.end_wait(tx, OVER, loop["id"])

    # --- what it proves

    def _works(self, tx: Tx, row: Row, *, now: int) -> None:
        proofs.works(tx, row["id"], now=now)
        journal.write(tx, "proof_good", now=now, channel=row["sender"], heard_by=row["hearer"])
        self._count(tx, row, "good", ok=True)
        if row["failed"]:
            self._doubt(tx, now=now)
            self._ways.place_again(tx, now=now)
            self._report.clears(tx, _key(row), now=now)

    def _failed(self, tx: Tx, row: Row, verdict: Verdict, *, now: int) -> None:
        proofs.fails(tx, row["id"], verdict.why, verdict.suspect)
        journal.write(
            tx, "proof_failed", now=now, channel=row["sender"], heard_by=row["hearer"], reason=verdict.why,
            suspect=verdict.suspect,
        )  # fmt: skip
        self._count(tx, row, "failed", ok=False)
        messages.set_wait(tx, KIND, row["id"], now + min(self._every_us, AGAIN_S * SECOND))
        self._doubt(tx, now=now)
        self._ways.place_again(tx, now=now)
        self._report.fires(
            tx, _key(row), f"proof of life failed: {verdict.why}", severity=self._settings.severity, now=now
        )

    def _skipped(self, tx: Tx, row: Row, reason: str, *, now: int) -> None:
        journal.write(tx, "proof_skipped", now=now, channel=row["sender"], heard_by=row["hearer"], reason=reason)
        self._count(tx, row, "skipped", ok=None)

    def _doubt(self, tx: Tx, *, now: int) -> None:
        """In memory at once: the pages of this transaction go by it. The rows say the same after a restart."""
        known = [
            proof.Known(row["sender"], row["hearer"], row["failed"], row["suspect"], row["good_at"])
            for row in proofs.pairs(tx)
        ]
        lately = now - LATELY * self._every_us - self._settings.within_s * SECOND
        self._ways.doubt(proof.doubts(known, since=lately))

    def _count(self, tx: Tx, row: Row, result: str, *, ok: bool | None) -> None:
        names = (row["sender"], row["hearer"])
        tx.after_commit(PROOFS.labels(*names, result).inc)
        if ok is not None:
            tx.after_commit(partial(PROOF_OK.labels(*names).set, ok))


def _forget(pair: tuple[str, str]) -> None:
    """A pair that nobody configures any more must not ring an alarm for ever."""
    with contextlib.suppress(KeyError):  # it never told
        PROOF_OK.remove(*pair)


def _key(row: Row) -> str:
    return f"proof_of_life/{row['sender']}/{row['hearer']}"
