"""The durable delivery queue: what is booked, settled, tried again, withdrawn. Every method is a function of `tx`.

The asyncio side that drives the channels is dispatch.py. Desk and queue meet only in the store: a message that fails
makes its pages' wait due now, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatewayd import attribution, detour, hearing, text
from gatewayd.channels.contract import Receipt
from gatewayd.clock import SECOND
from gatewayd.delivery import next_step, receipts
from gatewayd.delivery.allowance import Held
from gatewayd.delivery.hearing import BY_TAP
from gatewayd.delivery.outcome import Accepted, Deferred, Outcome, Refused, Uncertain
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.delivery.status import status_class
from gatewayd.ledger import Ledger
from gatewayd.metrics import RECEIPTS, REPEATS, SETTLEMENTS, message_accepted
from gatewayd.model import AttemptState, MessageState, NewMessage, Refusal
from gatewayd.numbers import same_subscriber
from gatewayd.store import journal, lanes, messages, news
from gatewayd.store import receipts as store_receipts
from gatewayd.store.db import Row, Tx
from gatewayd.ways import Ways

LISTEN_US = 30 * SECOND  # after a start, before a doubt of the process before is acted on


class Queue(Ledger):
    """See Ledger. `recall`: what may still be stopped at its channel."""

    def __init__(
        self,
        settings: DeliverySettings,
        *,
        ways: Ways,
        woken: Callable[[], None],
        dice: Callable[[], float],
        recall: Callable[[str, str, str | None, str], None] = lambda *_: None,
    ) -> None:
        super().__init__(settings, ways=ways, woken=woken, dice=dice)
        self.recall = recall  # channel, attempt, reference, recipient: what may still be stopped there

    # --- taking in and taking back

    def enqueue(self, tx: Tx, message: NewMessage, *, now: int) -> int:
        """Queue a text. Raises Refusal when no alphabet carries it, it is too long, or nothing goes to its number."""
        self.ways.admit(message)
        try:
            parts = message.parts or len(text.fit(message.text, segments_max=10).segments)
        except text.TextError as error:
            raise Refusal("invalid", str(error), field="text") from error
        number = messages.add(tx, message, parts=parts, now=now)
        told = self.ways.place(tx, number, now=now)
        journal.write(
            tx,
            "message_queued",
            now=now,
            incident_id=message.incident_id,
            message_id=number,
            pages=bool(message.page_ids),
            kind=message.kind,
            priority=message.priority.called,
            parts=parts,
            origin=message.origin,
            **told,
            private={"to": message.recipient, "person": message.person, "text": message.text},
        )
        detour.begin(tx, number, message, self.ways.sick_s, self.settings, now=now)
        tx.after_commit(message_accepted(message.kind, message.priority.called).inc)
        tx.after_commit(self.woken)
        return number

    def withdraw(self, tx: Tx, message_id: int, *, by: str, now: int, reason: str = "withdrawn") -> None:
        """Not sent if it is still queued; a text in doubt is not sent again. Raises Refusal when it is too late."""
        message = self.known(tx, message_id)
        if message["state"] == "queued":
            messages.set_state(tx, message_id, MessageState.WITHDRAWN, reason=reason, now=now, over=True)
        elif message["state"] == "in_doubt":
            messages.end_wait(tx, "doubt", message_id)
            messages.set_state(
                tx, message_id, MessageState.IN_DOUBT, reason=f"{reason}; not sent again", now=now, over=True
            )
        else:
            raise Refusal("conflict", f"message {message_id} is {message['state']}: it cannot be withdrawn any more")
        journal.write(
            tx, "message_withdrawn", now=now, message_id=message_id, reason=reason, was=message["state"], by=by
        )

    def resend(self, tx: Tx, message_id: int, *, by: str, now: int) -> None:
        """Send the same text once more, as a fresh round; marked when the first may have arrived."""
        message = self.known(tx, message_id)
        if message["state"] in ("queued", "started"):
            raise Refusal("conflict", f"message {message_id} is {message['state']}: it is on its way")
        length = max(message["expires_at"] - message["created_at"], self.settings.validity_default_s * SECOND)
        tx.run("UPDATE message SET expires_at = :at, tries = 0 WHERE id = :id", at=now + length, id=message_id)
        messages.unheard(tx, message_id, now=None)
        messages.end_wait(tx, "doubt", message_id)
        marked = message["state"] not in ("failed", "expired", "withdrawn")
        self.again(
            tx, message, next_step.Try(now, message["wanted_channel"], f"sent again by {by}", fresh=True, marked=marked)
        )
        journal.write(tx, "message_resent", now=now, message_id=message_id, by=by, was=message["state"], marked=marked)

    def settle(self, tx: Tx, message_id: int, *, sent: bool, by: str, now: int) -> None:
        """A person decides about a text in doubt: it went out, or it did not (then it is sent now)."""
        message = self.known(tx, message_id)
        if message["state"] != "in_doubt":
            raise Refusal("conflict", f"message {message_id} is {message['state']}, not in doubt")
        outcome: Outcome = Accepted(None, "person") if sent else Deferred(f"{by} says it was not sent", "person", 0)
        for attempt in messages.attempts(tx, message_id):
            if attempt["state"] == "in_doubt":
                self.end(tx, attempt, outcome, by="person", now=now)
                tx.after_commit(SETTLEMENTS.labels(by="person").inc)
        journal.write(tx, "message_settled", now=now, message_id=message_id, by=by, sent=sent)
        if sent:
            self.conclude(tx, message_id, now=now)
        else:
            messages.end_wait(tx, "doubt", message_id)
            if message["expires_at"] <= now:
                self.give_up(tx, message, "its validity is over", now=now)
            elif not messages.wanted(tx, message_id):
                self.give_up(tx, message, "not needed any more", now=now, state=MessageState.WITHDRAWN)
            else:
                self.again(tx, message, next_step.Try(now, message["wanted_channel"], f"{by} says it was not sent"))

    # --- the air

    def book(
        self,
        tx: Tx,
        attempt_id: int,
        message: Row,
        *,
        part: int,
        parts: int,
        channel: str,
        sim: str,
        reference_before: str | None,
        now: int,
        lost: int = 0,
    ) -> bool:
        """The attempt's row, before its bytes (law 6). False: withdrawn or held meanwhile, nothing may be sent.

        `lost`: characters of the whole text that cannot be shown there.
        """
        if held := self.ways.gate(tx, message, channel=channel, sim=sim, part=part, now=now):
            self.hold(tx, message["id"], channel, held, now=now)
            return False
        if detour.needless(tx, message, now=now):
            return False
        booked = messages.start_attempt(
            tx,
            attempt_id,
            message,
            part=part,
            parts=parts,
            channel=channel,
            sim=sim,
            reference_before=reference_before,
            now=now,
        )
        if booked:
            patience = self.settings.patience_s(message["priority"]) * SECOND
            messages.set_wait(tx, "doubt", message["id"], now + patience)
            hearing.listen(tx, message, self.settings, now=now)
            if (message["repeats"] or message["perhaps_there"]) and message["state"] == "queued":
                tx.after_commit(REPEATS.inc)
            ids = {"message_id": message["id"], "attempt_id": attempt_id}
            journal.write(tx, "attempt_started", now=now, channel=channel, part=part, **ids)
            if lost and part == 1:
                journal.write(tx, "characters_lost", now=now, channel=channel, characters=lost, **ids)
        return booked

    def hold(self, tx: Tx, message_id: int, channel: str, held: Held, *, now: int) -> None:
        """Not by this channel, or not now: by another way, or a page moves on at once and any other text waits."""
        message = self.known(tx, message_id)
        if message["state"] != "queued":
            return
        decision = self.ways.held(tx, message, channel, held, now=now)
        told: dict[str, Any] = {"reason": held.reason}
        if isinstance(decision, next_step.Try):
            told |= {"until": decision.at} if decision.at > now else {"way": lanes.names(decision.channel)}
        journal.write(tx, "message_held", now=now, message_id=message["id"], channel=channel, **told)
        if isinstance(decision, next_step.GiveUp):
            self.give_up(tx, message, decision.reason, now=now)
        else:
            self.again(tx, message, decision)

    def answered(self, tx: Tx, attempt_id: int, outcome: Outcome, *, by: str, now: int) -> None:
        """The channel's word on an attempt. Late, only that it went out after all corrects what was said of it."""
        attempt = messages.get_attempt(tx, attempt_id)
        mistaken = isinstance(outcome, Accepted) and attempt is not None and attempt["state"] in ("deferred", "refused")
        if attempt is None or not (mistaken or attempt["state"] in ("started", "in_doubt")):
            return
        if attempt["state"] != "started" and not isinstance(outcome, Uncertain):
            tx.after_commit(SETTLEMENTS.labels(by=by).inc)
        self.end(tx, attempt, outcome, by=by, now=now)
        message = self.known(tx, attempt["message_id"])
        if isinstance(outcome, Uncertain) and outcome.whole:
            messages.doubt(tx, message["id"], AttemptState.ACCEPTED, reason=outcome.reason, round_=attempt["round"])
        current = attempt["round"] == message["round"] and message["state"] in ("started", "in_doubt")
        if isinstance(outcome, Refused | Deferred):
            if current:
                self.failed(tx, message, attempt["channel"], outcome, now=now)
            self._match_early(tx, attempt["sim"], attempt["recipient"], now=now)
            return
        if isinstance(outcome, Accepted):
            messages.rested(tx, message)
        if not isinstance(outcome, Accepted) or self._apply_early(tx, attempt_id, attempt, outcome, now=now):
            self.conclude(tx, attempt["message_id"], now=now)
        elif message["state"] == "started" and not message["round"] and message["parts"] == 1 and not message["tries"]:
            self.enter(tx, message, MessageState.SENT, now=now)  # the usual case: there is nothing else to roll up
        else:
            self.conclude(tx, attempt["message_id"], now=now)
        self._match_early(tx, attempt["sim"], attempt["recipient"], now=now)

    # --- receipts

    def receipt(self, tx: Tx, receipt: Receipt, *, now: int) -> receipts.Match:
        """Book a delivery report and what it means; returns what it was taken for."""
        found = attribution.find(tx, attribution.of_receipt(receipt), now=now)
        kind = receipt.kind or status_class(receipt.status)
        store_receipts.keep(
            tx, channel=receipt.channel, sim=receipt.sim, reference=receipt.reference, recipient=receipt.recipient,
            status=receipt.status, kind=kind, sent_at=receipt.sent_at, done_at=receipt.done_at, raw=receipt.raw,
            verdict=found.verdict, attempt_id=found.attempt.id if found.attempt else None, forms=receipt.references,
            own_reference=receipt.own_reference, quotes=receipt.quotes, now=now,
        )  # fmt: skip
        tx.after_commit(RECEIPTS.labels(receipt.channel, kind, found.verdict).inc)
        self._act_on(tx, found, receipt.sim, receipt.reference, kind, now=now)
        if found.verdict in ("applied", "settles") and receipt.references and kind in receipts.FINAL:
            self._match_early(tx, receipt.sim, receipt.recipient, now=now)  # others fitted the same texts
        return found

    def _act_on(self, tx: Tx, found: receipts.Match, sim: str, reference: str, kind: str, *, now: int) -> None:
        if found.attempt is None or found.verdict not in ("applied", "settles"):
            return
        if found.verdict == "settles":
            attempt = messages.get_attempt(tx, found.attempt.id)
            assert attempt is not None
            self.end(tx, attempt, Accepted(reference or None, "receipt"), by="receipt", now=now)
            tx.after_commit(SETTLEMENTS.labels(by="receipt").inc)
        self._apply(tx, found.attempt.id, found.attempt.message_id, kind, now=now)
        hearing.came(tx, sim, kind, before=found.attempt.receipt)

    def _apply(self, tx: Tx, attempt_id: int, message_id: int, kind: str, *, now: int) -> None:
        store_receipts.say(tx, attempt_id, kind, now=now)
        journal.write(tx, "receipt", now=now, message_id=message_id, attempt_id=attempt_id, says=kind)
        self.conclude(tx, message_id, now=now)

    def _apply_early(self, tx: Tx, attempt_id: int, attempt: Row, outcome: Accepted, *, now: int) -> bool:
        """Reports that overtook the answer of their own submission. True when there was one."""
        if outcome.reference is None:
            return False
        found = False
        names = dict.fromkeys((outcome.reference, *outcome.aliases))
        for row in store_receipts.unowned(tx, attempt["sim"], names, since=attempt["started_at"]):
            if attribution.meant(tx, row, attempt, now=now):
                store_receipts.own(tx, row["id"], attempt_id, "applied")
                self._apply(tx, attempt_id, attempt["message_id"], row["class"], now=now)
                hearing.came(tx, attempt["sim"], row["class"], before="")
                found = True
        return found

    def _match_early(self, tx: Tx, sim: str, recipient: str, *, now: int) -> None:
        """An attempt's answer came, or will not come: reports that waited for it may now say something."""
        doubts = attribution.Doubts(tx, sim, now=now)
        for row in store_receipts.waiting(tx, sim, since=now - 2 * receipts.WINDOW_US):
            if not same_subscriber(row["recipient"], recipient):
                continue
            found = attribution.find(tx, attribution.of_row(row), now=now, doubts=doubts)
            if found.attempt is not None and found.verdict in ("applied", "settles"):
                doubts = attribution.Doubts(tx, sim, now=now)
                store_receipts.own(tx, row["id"], found.attempt.id, found.verdict)
                self._act_on(tx, found, sim, row["reference"], row["class"], now=now)

    def _match_early_of(self, tx: Tx, message_id: int, *, now: int) -> None:
        doubtful = {(a["sim"], a["recipient"]) for a in messages.attempts(tx, message_id) if a["state"] == "in_doubt"}
        for sim, recipient in doubtful:
            self._match_early(tx, sim, recipient, now=now)

    # --- waits that fall due

    def patience_over(self, tx: Tx, message_id: int, *, now: int) -> None:
        """No answer and no report came within the class's patience."""
        messages.end_wait(tx, "doubt", message_id)
        message = self.known(tx, message_id)
        if message["state"] not in ("started", "in_doubt"):
            return
        messages.doubt(tx, message_id, AttemptState.STARTED, reason="no answer within the patience")
        self._match_early_of(tx, message_id, now=now)
        message = self.known(tx, message_id)
        if message["state"] not in ("started", "in_doubt"):
            return
        if not messages.wanted(tx, message_id):
            self._leave_in_doubt(tx, message_id, "not needed any more", now=now)
            return
        facts = self.facts(tx, message, message["channel"])
        up = self.ways.up(tx, message, now=now)
        decision = next_step.after_patience(facts, up=up, settings=self.settings, now=now)
        if isinstance(decision, next_step.GiveUp):
            self._leave_in_doubt(tx, message_id, decision.reason, now=now)
            return
        self.again(tx, message, decision)
        journal.write(
            tx,
            "message_repeated",
            now=now,
            message_id=message_id,
            reason=decision.reason,
            marked=decision.marked or not facts.joined,
        )

    def _leave_in_doubt(self, tx: Tx, message_id: int, reason: str, *, now: int) -> None:
        """Not sent again, though nobody knows its fate: the page moves on."""
        messages.set_state(tx, message_id, MessageState.IN_DOUBT, reason=reason, now=now, over=True)
        news.lost(tx, self.known(tx, message_id), now=now)
        journal.write(tx, "doubt_given_up", now=now, message_id=message_id, reason=reason)

    def receipt_overdue(self, tx: Tx, message_id: int, *, now: int) -> None:
        """No report will come any more: accepted is all we shall know."""
        messages.end_wait(tx, "receipt", message_id)
        message = self.known(tx, message_id)
        if message["state"] == "sent":
            self.enter(tx, message, MessageState.UNCONFIRMED, now=now)

    def expire(self, tx: Tx, *, now: int) -> int:
        """Texts whose validity ended in the queue. Returns how many (bounded; call again while > 0)."""
        found = messages.expired(tx, now=now, limit=500)
        for message in found:
            if any(a["state"] == "in_doubt" for a in messages.attempts(tx, message["id"])):
                self._leave_in_doubt(tx, message["id"], "its validity ended in doubt", now=now)
                continue
            why = f"its validity ended in the queue{'; ' if message['reason'] else ''}{message['reason']}"
            self.give_up(tx, message, why, now=now, state=MessageState.EXPIRED)
        return len(found)

    # --- channels come and go

    def resume(self, tx: Tx, *, now: int) -> int:
        """At start: what was on the air is in doubt; nothing else changes. Returns how many texts.

        No doubt is acted on before the modems were listened to: an answer or a report may wait there.
        """
        messages.wait_at_least(tx, "doubt", now + min(self.settings.patience_critical_s * SECOND, LISTEN_US))
        found = messages.forget_start(tx)
        for message in found:
            if any(a["sim"].startswith(BY_TAP) for a in messages.attempts(tx, message["id"])):  # its call had not ended
                reason, round_ = "the process ended", message["round"]
                messages.doubt(tx, message["id"], AttemptState.ACCEPTED, reason=reason, round_=round_)
            patience = self.settings.patience_s(message["priority"]) * SECOND
            began = messages.doubted_since(tx, message["id"]) or now
            listen = min(patience, LISTEN_US)  # an answer or a report may wait in the modem
            messages.end_wait(tx, hearing.KIND, message["id"])
            messages.set_wait(tx, "doubt", message["id"], max(began + patience, now + listen))
            detour.doubted(tx, message, self.settings, now=now, at_least_us=listen)
            journal.write(tx, "message_in_doubt", now=now, message_id=message["id"], reason="the process ended")
            self._match_early_of(tx, message["id"], now=now)
        return len(found)

    def channel_lost(self, tx: Tx, channel: str, *, now: int, resting: bool = False) -> None:
        """Queued texts that only a vanished channel would take go to the others; one that rests keeps what it began."""
        for message in lanes.bound_to(tx, channel):
            facts = self.facts(tx, message, channel)
            decision = next_step.after_channel_loss(facts, up=self.ways.up(tx, message, now=now))
            if decision is None or (resting and (facts.parts_accepted or not decision.channel)):
                continue
            at = max(message["due_at"], now)
            self.again(
                tx,
                message,
                next_step.Try(
                    at,
                    decision.channel,
                    decision.reason,
                    decision.avoid,
                    counts=False,
                    fresh=decision.fresh,
                    marked=decision.marked,
                ),
            )
            journal.write(tx, "message_moved", now=now, message_id=message["id"], reason=decision.reason)
