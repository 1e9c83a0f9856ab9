"""What comes back from the air: texts, delivery reports, late answers. All of it is on disk before it is acted on.

A channel deletes its copy only after these calls return; what is delivered twice is noticed here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256

from gatewayd import logs, replies
from gatewayd.channels.contract import Incoming, LateAnswer, Receipt
from gatewayd.clock import SECOND, Clock
from gatewayd.delivery.outcome import Accepted
from gatewayd.delivery.status import status_class
from gatewayd.delivery.witnesses import DOUBT_US, TRUST_US, Witnesses
from gatewayd.desk import Desk
from gatewayd.metrics import CLOCK_ERROR, INCOMING
from gatewayd.oncall.directory import Device, Person
from gatewayd.oncall.reply_times import SLACK_US, Heard, Stamped, written_at
from gatewayd.queue import Queue
from gatewayd.replies import former
from gatewayd.sorting import Sorter
from gatewayd.store import incoming, journal, messages, modems, shown, steps
from gatewayd.store import receipts as store_receipts
from gatewayd.store.db import Reader, Row, Store, StoreError, Tx
from gatewayd.text import whole

log = logging.getLogger("gatewayd.inbox")

DEDUPE_US = 7 * 24 * 3600 * SECOND
PARTS_WAIT_US = 600 * SECOND  # after the first part heard: then those of a long text that came are read as they are
PARTS_WAIT_KNOWN_US = 30 * SECOND  # after the last part heard, when one of our people wrote and its beginning is there
STAMPS_US = 30 * 24 * 3600 * SECOND  # so far back the stamps of a sender tell of the clock of their centre
STAMPS_MAX = 12
NO_LONGER = "a number that was paged has left the configuration, and what it writes does nothing"
LATE_US = 900 * SECOND  # an answer found on opening a port is believed this long after the submission


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a text: `result` as `replies.Done` says, or stray | unreadable | part | late_part | repeated."""

    result: str
    incoming: int | None = None
    incident_id: int | None = None


class Inbox:
    """`desk` and `queue` are asked for anew each time: a reload replaces them."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        desk: Callable[[], Desk],
        queue: Callable[[], Queue],
        *,
        ours: Callable[[Tx, Incoming, int], bool] = lambda *_: False,
    ) -> None:
        self._ours = ours  # a text of one of our SIMs to another: nobody's reply
        self._store = store
        self._clock = clock
        self._desk = desk
        self._queue = queue
        self._sorter = Sorter(queue)
        self._witnesses = Witnesses()
        self._clock_distrusted: bool | None = None  # what the journal says

    async def received(self, text: Incoming) -> None:
        """Keep it, and do what it says when it is from somebody we know."""
        now = self._clock.now()
        if text.sent_at is not None and self._writer(text) is not None:
            self._witnesses.arrived(text.sent_at, who=text.sender, now=now, ticks=self._ticks())
        await self._store.write_first(self._take, text, now=now)

    async def read(self, text: Incoming) -> None:
        await self._store.write_first(incoming.not_again, _fingerprint(text))

    async def receipt(self, receipt: Receipt) -> None:
        of_modem = receipt.kind is None  # a bureau may say no more before it has our answer
        told = await self._store.write_each(self._sorter.reported, (receipt, self._clock.now()), patient=of_modem)
        ids = {"incident_id": told.incident_id, "message_id": told.message_id, "attempt_id": told.attempt_id}
        says = {
            "channel": receipt.channel,
            "says": receipt.kind or status_class(receipt.status),
            "verdict": told.verdict,
        }
        logs.tell(log, logging.INFO, "report_received", ids | says)
        if of_modem:  # a bureau writes whole minutes, in a zone of its own: it is no witness
            self._hear_clock(receipt, told.answered)

    async def late_answer(self, answer: LateAnswer) -> None:
        ids = await self._store.write_first(self._late, answer, now=self._clock.now())
        says = {"channel": answer.channel, "says": type(answer.outcome).__name__.lower()}
        log.warning("", extra={"event": "late_answer", **ids, **says})

    async def asked_back(self, attempt_id: str, refusal: str) -> None:
        await self._store.write(_note_asked_back, int(attempt_id), refusal, now=self._clock.now())

    # --- the clock of the network

    def _ticks(self) -> int:
        return int(self._clock.monotonic() * SECOND)

    def _hear_clock(self, receipt: Receipt, answered: tuple[int, int] | None) -> None:
        now, ticks = self._clock.now(), self._ticks()
        if receipt.sent_at is not None and answered is not None:
            written_at, answered_at = answered
            self._witnesses.answered(
                receipt.sent_at, sim=receipt.sim, written_at=written_at, answered_at=answered_at, now=now, ticks=ticks
            )
        elif (stamp := receipt.done_at or receipt.sent_at) is not None:
            self._witnesses.arrived(stamp, who=receipt.sim, now=now, ticks=ticks)

    async def judge_clock(self) -> None:
        """Every few seconds: how far it is off by the network's stamps; told when that begins to matter, and ends."""
        now = self._clock.now()
        error = self._witnesses.error_us(now=now, ticks=self._ticks())
        CLOCK_ERROR.set(float("nan") if error is None else error / SECOND)
        if error is None:
            return
        if self._clock_distrusted is None:
            last = self._store.peek(steps.last_of, "clock_distrusted", "clock_trusted")
            self._clock_distrusted = last is not None and last["event"] == "clock_distrusted"
        wrong = abs(error) > (TRUST_US if self._clock_distrusted else DOUBT_US)
        if wrong == self._clock_distrusted:
            return
        event = "clock_distrusted" if wrong else "clock_trusted"
        await self._store.write_first(_note_clock, event, error, now=now)
        self._clock_distrusted = wrong
        side = "behind" if error > 0 else "ahead of"
        log.log(
            logging.WARNING if wrong else logging.INFO,
            "the clock is %.0f s %s the network's time stamps",
            abs(error) / SECOND,
            side,
            extra={"event": event},
        )

    # --- functions of tx

    def _take(self, tx: Tx, text: Incoming, *, now: int) -> None:
        if self._ours(tx, text, now):
            taken = Taken("proof")
        elif text.concat is not None and text.text is not None and text.concat[2] > 1 and not _poses(text):
            taken = self._take_part(tx, text, now=now)
        else:
            taken = self._take_whole(tx, text, _fingerprint(text), now=now)
        _tell(tx, text, taken)

    def _take_part(self, tx: Tx, text: Incoming, *, now: int) -> Taken:
        since = now - incoming.PART_LIFE_US
        rival = incoming.rival(tx, text, since=since)
        if rival is not None:  # another long text under the same reference: of the older one no more will come
            _tell(tx, *self._join(tx, incoming.siblings(tx, rival, since=since), now=now))
        part_id = incoming.add_part(tx, text, now=now)
        if part_id is None:
            return Taken("repeated")
        row = incoming.part(tx, part_id)
        assert row is not None
        rows = incoming.siblings(tx, row, since=since)
        if len(rows) == 1 and (read := incoming.read_without(tx, row, within=PARTS_WAIT_US)) is not None:
            return self._take_late(tx, text, row, read, now=now)
        if len(rows) < row["total"]:
            messages.set_wait(tx, "parts", min(r["id"] for r in rows), self._parts_until(rows, now=now))
            return Taken("part")
        return self._join(tx, rows, now=now)[1]

    def _parts_until(self, rows: list[Row], *, now: int) -> int:
        """How long the rest of a long text may take. Who answers a page must be heard soon, as far as it came."""
        until: int = min(row["received_at"] for row in rows) + PARTS_WAIT_US
        begun = rows[0]["number"] == 1
        if begun and self._writer(_of_parts(rows)) is not None:
            return min(until, now + PARTS_WAIT_KNOWN_US)
        return until

    def _take_late(self, tx: Tx, text: Incoming, row: Row, read: Row, *, now: int) -> Taken:
        """A part of a long text that was read without it. It is kept and shown; it does nothing a second time.

        Only a beginning whose text had taken nothing so far is read with the rest: it may hold the "ok".
        """
        if row["number"] == 1 and read["result"] not in replies.DID:
            return self._join(tx, [row, *incoming.parts_of(tx, read["id"])], now=now)[1]
        before, after = row["number"] > 1, row["number"] < row["total"]
        words = f"{replies.GAP if before else ''}{whole(row['text'])}{replies.GAP if after else ''}"
        note = f"part {row['number']} of {row['total']}, late: text {read['id']} was read without it"
        number = incoming.add(
            tx, text, words, person=read["person"], note=note, fingerprint=f"{_fingerprint(text)}:{row['id']}", now=now
        )
        incoming.set_result(tx, number, "late_part", read["incident_id"])
        incoming.joined(tx, [row], number)
        owned = self._writer(text)
        rest = [*incoming.parts_of(tx, read["id"]), row]
        if owned is not None and len(rest) == row["total"]:
            told = whole(_with_gaps(sorted(rest, key=lambda part: int(part["number"]))))
            replies.rest_came(tx, self._desk(), *owned, told, read, now=now)
        journal.write(
            tx,
            "text_received",
            now=now,
            incident_id=read["incident_id"],
            incoming=number,
            channel=text.channel,
            result="late_part",
            of=read["id"],
            private={"from": text.sender, "person": read["person"], "text": words},
        )
        return Taken("late_part", number, read["incident_id"])

    def _writer(self, text: Incoming) -> tuple[Person, Device] | None:
        """Whose registered device it came from."""
        return None if _nobodys(text) else self._desk().directory.owner_of(text.sender, text.channel)

    def parts_overdue(self, tx: Tx, part_id: int, *, now: int) -> None:
        """The rest of a long text did not come: read what there is, it may be an acknowledgement."""
        messages.end_wait(tx, "parts", part_id)
        row = incoming.part(tx, part_id)
        if row is not None and row["incoming_id"] is None:
            since = row["received_at"] - incoming.PART_LIFE_US  # by now it may be older than that: we were not running
            _tell(tx, *self._join(tx, incoming.siblings(tx, row, since=since), now=now))

    def _join(self, tx: Tx, rows: list[Row], *, now: int) -> tuple[Incoming, Taken]:
        messages.end_wait(tx, "parts", min(row["id"] for row in rows))
        joined = _of_parts(rows)
        fingerprint = _fingerprint(joined) + f":{rows[0]['reference']}"
        taken = self._take_whole(tx, joined, fingerprint, now=now)
        incoming.joined(tx, rows, incoming.newest(tx, fingerprint))
        return joined, taken

    def _take_whole(self, tx: Tx, text: Incoming, fingerprint: str, *, now: int) -> Taken:
        desk = self._desk()
        text = replace(text, text=whole(text.text)) if text.text is not None else text
        owned = self._writer(text)
        name = owned[0].name if owned else ""
        written = self._written(tx, text, now=now) if owned else now
        window = DEDUPE_US if text.sent_at is not None else incoming.DEDUPE_UNDATED_US
        if not (text.fresh or text.damaged):
            twin_at = incoming.twin_at(tx, fingerprint, since=now - window)
            if twin_at is not None and not (_bare(text) and name and incoming.paged_since(tx, name, twin_at)):
                return Taken("repeated")
            if twin_at is not None:  # a second "ok" under stamps that tell nothing, or the first come again: ask back
                written = min(written, twin_at - SLACK_US)
        number = incoming.add(tx, text, text.text, person=name, note=text.note, fingerprint=fingerprint, now=now)
        private = {"from": text.sender, "person": name, "text": text.text}
        result, incident_id = "stray", None
        if text.text is None:
            result = "unreadable"
        elif owned is not None:
            self._queue().ways.wrote(tx, owned[1].number, text.channel, now=now)
            stamped = Stamped(text.sim, text.sender, text.sent_at, now)
            done = replies.take(tx, desk, *owned, text.text, stamped, now=now, written_at=written)
            result, incident_id = done.result, done.incident_id
        elif not _nobodys(text) and (asked := incoming.paged_about(tx, text.sender)) is not None:
            self._no_longer(tx, text, number, asked, now=now)
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
        return Taken(result, number, incident_id)

    def _no_longer(self, tx: Tx, text: Incoming, number: int, page: Row, *, now: int) -> None:
        """Whoever writes was paged, and the number has left the configuration since: it does nothing, and is told."""
        former.answer(tx, self._desk(), self._queue(), page, now=now)
        private, incident_id = {"from": text.sender, "text": text.text}, page["incident_id"]
        about = {"incident_id": incident_id, "incoming": number}
        journal.write(tx, "reply_of_nobody", now=now, reason=NO_LONGER, private=private, **about)
        extra = {"event": "reply_of_nobody", "sender": text.sender, "channel": text.channel, **about}
        tx.after_commit(partial(log.warning, "%s; gatewayd incident %d", NO_LONGER, incident_id, extra=extra))

    def _written(self, reader: Reader, text: Incoming, *, now: int) -> int:
        """When somebody we know wrote it, by our clock."""
        rows = shown.heard_of(reader, text.sender, since=now - STAMPS_US, limit=STAMPS_MAX)
        error = self._witnesses.error_us(now=now, ticks=self._ticks())
        return written_at(
            text.sent_at,
            now,
            [Heard(row["sent_at"], row["received_at"]) for row in rows],
            our_error_us=error if error is not None and abs(error) > TRUST_US else 0,
            witnessed=error is not None,
        )

    def _late(self, tx: Tx, answer: LateAnswer, *, now: int) -> dict[str, int | None]:
        """The attempt it is for: named, or the newest of that channel in doubt since an earlier process."""
        if answer.attempt_id is not None:
            attempt_id = int(answer.attempt_id)
        else:
            reference = answer.outcome.reference if isinstance(answer.outcome, Accepted) else None
            if reference is not None and (known := self._settled_by_receipt(tx, answer.sim, reference, now=now)):
                return _ids(tx, known)  # its report was read first: this is its answer, and nobody else's
            waiting = [a for a in messages.open_attempts(tx, answer.channel) if a["state"] == "in_doubt"]
            if not waiting or waiting[0]["started_at"] < now - LATE_US:
                journal.write(tx, "answer_for_nobody", now=now, channel=answer.channel, reference=reference)
                return {}
            attempt_id = waiting[0]["id"]
        self._queue().answered(tx, attempt_id, answer.outcome, by="late answer", now=now)
        return _ids(tx, attempt_id)

    def _settled_by_receipt(self, tx: Tx, sim: str, reference: str, *, now: int) -> int | None:
        """The attempt of this SIM that has the reference from its report alone."""
        found = store_receipts.named(tx, sim, [reference], since=now - LATE_US)
        return next((int(a["id"]) for a in found if a["settled_by"] == "receipt"), None)

    # --- the PIN of a SIM

    async def pin_may_be_tried(self, iccid_digest: str, pin_digest: str, tries: int | None) -> bool:
        return await self._store.write_first(incoming.book_pin, iccid_digest, pin_digest, tries, now=self._clock.now())

    async def sim_of_pin(self, pin_of: str) -> str:
        return self._store.peek(modems.sim_of_pin, pin_of)

    async def pin_result(
        self, iccid_digest: str, pin_digest: str, *, good: bool, pin_of: str, tries: int | None
    ) -> None:
        if good and pin_of:
            await self._store.write_first(_pin_good, iccid_digest, pin_digest, pin_of, now=self._clock.now())
        elif good and self._store.peek(incoming.pin_failed, iccid_digest, pin_digest):
            await self._store.write_first(incoming.pin_good, iccid_digest, pin_digest)
        elif not good:
            await self._store.write_first(incoming.note_tries, iccid_digest, pin_digest, tries)

    # --- who is where

    async def met(self, channel: str, modem: str, card: str) -> str:
        """What is other than last time, in words."""
        try:
            changed = await self._store.write_first(_met, channel, modem, card, now=self._clock.now())
        except StoreError:  # a modem must come up on a full disk as well; the store has told
            return ""
        words = {"modem": "another modem", "card": "another SIM"}
        told = [f"{words[kind]} than before{f' (it was in {had})' if had else ''}" for kind, had in changed.items()]
        return "; ".join(told)


def _pin_good(tx: Tx, iccid: str, pin: str, pin_of: str, *, now: int) -> None:
    incoming.pin_good(tx, iccid, pin)
    modems.pin_opened(tx, pin_of, iccid, now=now)


def _met(tx: Tx, channel: str, modem: str, card: str, *, now: int) -> dict[str, str]:
    changed = modems.met(tx, channel, modem, card, now=now)
    for kind, had in changed.items():
        journal.write(tx, "modem_changed" if kind == "modem" else "sim_changed", now=now, channel=channel, was_in=had)
    return changed


def _note_asked_back(tx: Tx, attempt_id: int, refusal: str, *, now: int) -> None:
    """What the bureau said when it was asked for a page that it had and nobody needs any more."""
    attempt = messages.get_attempt(tx, attempt_id)
    if attempt is None:
        return
    why = {"reason": refusal} if refusal else {}
    journal.write(
        tx, "page_not_taken_back" if refusal else "page_taken_back", now=now, message_id=attempt["message_id"],
        attempt_id=attempt_id, channel=attempt["channel"], **why,
    )  # fmt: skip


def _note_clock(tx: Tx, event: str, error_us: int, *, now: int) -> None:
    journal.write(tx, event, now=now, error_us=error_us)


def _fingerprint(text: Incoming) -> str:
    """Of one text, however often it is delivered: the network repeats what it missed our acknowledgement of, with the
    same stamp. A phone needs seconds for a text, so equal words with one stamp are one; a header's reference tells them
    apart."""
    told = "\x00".join((text.sim, text.sender, str(text.sent_at), text.text or text.raw))
    if text.concat is not None:
        told += f"\x00{text.concat}"
    if text.identity:
        told += f"\x00{text.identity}"
    return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _bare(text: Incoming) -> bool:
    """No code in it: what it means depends on when it was written."""
    return text.text is not None and not any(character.isdigit() for character in text.text)


def _poses(text: Incoming) -> bool:
    """A name made of digits, to look like a number: its parts are shown as they are, and are nobody's."""
    return text.sender_alphanumeric and _is_number(text.sender)


def _nobodys(text: Incoming) -> bool:
    """Letters can be forged by anybody, and a machine answers no page."""
    return text.sender_alphanumeric or text.by_machine


def _is_number(sender: str) -> bool:
    return sender.lstrip("+").isdigit()


def _of_parts(rows: list[Row]) -> Incoming:
    """A long text as far as it came."""
    first = rows[0]
    missing = sorted(set(range(1, first["total"] + 1)) - {row["number"] for row in rows})
    return Incoming(
        channel=first["channel"],
        sim=first["sim"],
        sender=first["sender"],
        sender_alphanumeric=not _is_number(first["sender"]),
        text=_with_gaps(rows),
        sent_at=first["sent_at"],
        raw=",".join(row["raw"] for row in rows),
        note=f"parts missing: {', '.join(map(str, missing))}" if missing else "",
    )


def _with_gaps(rows: list[Row]) -> str:
    """The parts in reading order; where some are missing, a mark."""
    texts = {row["number"]: row["text"] for row in rows}
    words = [texts.get(number, replies.GAP) for number in range(1, rows[0]["total"] + 1)]
    return "".join(w for n, w in enumerate(words) if w is not replies.GAP or n == 0 or words[n - 1] is not replies.GAP)


def _tell(tx: Tx, text: Incoming, taken: Taken) -> None:
    """One line and one count for each text, once it is on disk."""
    told = {"incident_id": taken.incident_id, "incoming": taken.incoming, "result": taken.result}
    extra = {"event": "text_received", "channel": text.channel, "sender": text.sender, **told}
    tx.after_commit(INCOMING.labels(text.channel, taken.result).inc)
    tx.after_commit(lambda: log.info("", extra=extra))


def _ids(reader: Reader, attempt_id: int | None) -> dict[str, int | None]:
    """What a log line about an attempt names."""
    attempt = messages.get_attempt(reader, attempt_id) if attempt_id is not None else None
    if attempt is None:
        return {}
    message_id = attempt["message_id"]
    return {
        "incident_id": journal.incident_of(reader, message_id),
        "message_id": message_id,
        "attempt_id": attempt_id,
    }
