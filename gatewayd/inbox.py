"""What comes back from the air: texts, delivery reports, late answers. All of it is on disk before it is acted on.

A channel deletes its copy only after these calls return; what is delivered twice is noticed here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from gatewayd import replies
from gatewayd.channels.contract import Incoming, LateAnswer, Receipt
from gatewayd.clock import SECOND, Clock
from gatewayd.delivery.outcome import Accepted
from gatewayd.desk import Desk
from gatewayd.metrics import INCOMING
from gatewayd.numbers import masked, same_subscriber
from gatewayd.oncall.directory import Device, Person
from gatewayd.queue import Queue
from gatewayd.store import incoming, journal, messages
from gatewayd.store.db import Row, Store, Tx

log = logging.getLogger("gatewayd.inbox")

DEDUPE_US = 7 * 24 * 3600 * SECOND
DEDUPE_UNDATED_US = 600 * SECOND
PARTS_WAIT_US = 600 * SECOND  # then the parts of a long text that came are read as they are
LATE_US = 900 * SECOND  # an answer found on opening a port is believed this long after the submission


class Inbox:
    """`desk` and `queue` are asked for anew each time: a reload replaces them."""

    def __init__(self, store: Store, clock: Clock, desk: Callable[[], Desk], queue: Callable[[], Queue]) -> None:
        self._store = store
        self._clock = clock
        self._desk = desk
        self._queue = queue

    async def received(self, text: Incoming) -> None:
        """Keep it, and do what it says when it is from somebody we know."""
        result = await self._store.write_first(self._take, text, now=self._clock.now())
        INCOMING.labels(text.channel, result).inc()
        log.info(
            "text from %s: %s",
            masked(text.sender),
            result,
            extra={"event": "text_received", "channel": text.channel, "result": result},
        )

    async def receipt(self, receipt: Receipt) -> None:
        verdict = await self._store.write_first(self._receipt, receipt, now=self._clock.now())
        log.debug(
            "report %s: status %02x, %s",
            receipt.reference,
            receipt.status,
            verdict,
            extra={"event": "report_received", "channel": receipt.channel, "verdict": verdict},
        )

    def _receipt(self, tx: Tx, receipt: Receipt, *, now: int) -> str:
        return self._queue().receipt(tx, receipt, now=now)

    async def late_answer(self, answer: LateAnswer) -> None:
        attempt = await self._store.write_first(self._late, answer, now=self._clock.now())
        log.warning(
            "late answer: %s",
            type(answer.outcome).__name__.lower(),
            extra={"event": "late_answer", "channel": answer.channel, "attempt_id": attempt},
        )

    # --- functions of tx

    def _take(self, tx: Tx, text: Incoming, *, now: int) -> str:
        if text.concat is not None and text.text is not None and text.concat[2] > 1:
            return self._take_part(tx, text, now=now)
        return self._take_whole(tx, text, _fingerprint(text), now=now)

    def _take_part(self, tx: Tx, text: Incoming, *, now: int) -> str:
        part_id = incoming.add_part(tx, text, now=now)
        if part_id is None:
            return "repeated"
        row = incoming.part(tx, part_id)
        assert row is not None
        rows = incoming.siblings(tx, row, since=now - incoming.PART_LIFE_US)
        if len(rows) < row["total"]:
            if len(rows) == 1:
                messages.set_wait(tx, "parts", part_id, now + PARTS_WAIT_US)
            return "part"
        return self._join(tx, rows, now=now)

    def parts_overdue(self, tx: Tx, part_id: int, *, now: int) -> None:
        """The rest of a long text did not come: read what there is, it may be an acknowledgement."""
        messages.end_wait(tx, "parts", part_id)
        row = incoming.part(tx, part_id)
        if row is not None and row["incoming_id"] is None:
            self._join(tx, incoming.siblings(tx, row, since=now - incoming.PART_LIFE_US), now=now)

    def _join(self, tx: Tx, rows: list[Row], *, now: int) -> str:
        first = rows[0]
        messages.end_wait(tx, "parts", min(row["id"] for row in rows))
        missing = sorted(set(range(1, first["total"] + 1)) - {row["number"] for row in rows})
        whole = Incoming(
            channel=first["channel"],
            sim=first["sim"],
            sender=first["sender"],
            sender_alphanumeric=False,
            text="".join(row["text"] for row in rows),
            sent_at=first["sent_at"],
            raw=",".join(row["raw"] for row in rows),
            note=f"parts missing: {', '.join(map(str, missing))}" if missing else "",
        )
        whole = replace(whole, sender_alphanumeric=not whole.sender.lstrip("+").isdigit())
        fingerprint = _fingerprint(whole) + f":{first['reference']}"
        result = self._take_whole(tx, whole, fingerprint, now=now)
        made = tx.one("SELECT MAX(id) AS id FROM incoming WHERE fingerprint = :f", f=fingerprint)
        incoming.joined(tx, rows, made["id"] if made else 0)
        return result

    def _take_whole(self, tx: Tx, text: Incoming, fingerprint: str, *, now: int) -> str:
        window = DEDUPE_US if text.sent_at is not None else DEDUPE_UNDATED_US
        if incoming.seen(tx, fingerprint, since=now - window):
            return "repeated"
        desk = self._desk()
        person = None if text.sender_alphanumeric else desk.directory.owner_of(text.sender)
        number = incoming.add(
            tx, text, text.text, person=person.name if person else "", note=text.note, fingerprint=fingerprint, now=now
        )
        private = {"from": text.sender, "person": person.name if person else "", "text": text.text}
        result, incident_id = "stray", None
        if text.text is None:
            result = "unreadable"
        elif person is not None:
            done = replies.take(tx, desk, person, _device(person, text.sender), text.text, now=now)
            result, incident_id = done.result, done.incident_id
        incoming.set_result(tx, number, result, incident_id)
        journal.write(
            tx,
            "text_received",
            now=now,
            incident_id=incident_id,
            incoming=number,
            channel=text.channel,
            result=result,
            private=private,
        )
        return result

    def _late(self, tx: Tx, answer: LateAnswer, *, now: int) -> int | None:
        """The attempt it is for: named, or the newest of that channel in doubt since an earlier process."""
        if answer.attempt_id is not None:
            attempt_id = int(answer.attempt_id)
        else:
            waiting = [a for a in messages.open_attempts(tx, answer.channel) if a["state"] == "in_doubt"]
            if not waiting or waiting[0]["started_at"] < now - LATE_US:
                reference = answer.outcome.reference if isinstance(answer.outcome, Accepted) else None
                journal.write(tx, "answer_for_nobody", now=now, channel=answer.channel, reference=reference)
                return None
            attempt_id = waiting[0]["id"]
        self._queue().answered(tx, attempt_id, answer.outcome, by="late answer", now=now)
        return attempt_id

    # --- the PIN of a SIM

    async def pin_may_be_tried(self, iccid_digest: str, pin_digest: str) -> bool:
        return await self._store.write_first(incoming.book_pin, iccid_digest, pin_digest, now=self._clock.now())

    async def pin_result(self, iccid_digest: str, pin_digest: str, *, good: bool) -> None:
        if good:
            await self._store.write_first(incoming.pin_good, iccid_digest, pin_digest)


def _fingerprint(text: Incoming) -> str:
    told = "\x00".join((text.sim, text.sender, str(text.sent_at), text.text or text.raw))
    return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _device(person: Person, sender: str) -> Device:
    return next((d for d in person.devices if same_subscriber(d.number, sender)), person.devices[0])
