"""What an outcome means for a text: attempts end, its state is rolled up from them, what is next is written down.

Every method is a function of `tx`. queue.py decides when; nothing here asks a channel.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from gatewayd import detour, hearing
from gatewayd.clock import SECOND
from gatewayd.delivery import next_step, receipts
from gatewayd.delivery.hearing import joins_parts
from gatewayd.delivery.outcome import Accepted, Deferred, Outcome, Refused
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.metrics import DELIVERY_SECONDS
from gatewayd.model import AttemptState, MessageState, Refusal
from gatewayd.store import journal, messages, news, shown
from gatewayd.store.db import Reader, Row, Tx
from gatewayd.ways import Ways

FINAL_STATES = {s.value for s in MessageState} - {"queued", "started", "sent", "in_doubt"}


class Ledger:
    """`ways` knows by which channel a text may go; `woken()` runs after commits that queued one."""

    def __init__(
        self, settings: DeliverySettings, *, ways: Ways, woken: Callable[[], None], dice: Callable[[], float]
    ) -> None:
        self.settings = settings
        self.ways = ways
        self.woken = woken
        self._dice = dice

    def known(self, reader: Reader, message_id: int) -> Row:
        message = messages.get(reader, message_id)
        if message is None:
            raise Refusal("unknown", f"there is no message {message_id}")
        return message

    def end(self, tx: Tx, attempt: Row, outcome: Outcome, *, by: str, now: int) -> None:
        states = {Accepted: AttemptState.ACCEPTED, Refused: AttemptState.REFUSED, Deferred: AttemptState.DEFERRED}
        state = states.get(type(outcome), AttemptState.IN_DOUBT)
        code = getattr(outcome, "code", "")
        reason = getattr(outcome, "reason", "")
        taken = outcome if isinstance(outcome, Accepted) else Accepted(None)
        reference = taken.reference
        messages.end_attempt(
            tx, attempt["id"], state, code=code, reason=reason, by=by, now=now, reference=reference,
            spelling=taken.spelling, perhaps_sent=getattr(outcome, "perhaps_sent", False),
        )  # fmt: skip
        if isinstance(outcome, Accepted):
            self.ways.charge(tx, attempt, now=now)
        journal.write(
            tx,
            f"attempt_{state.value}",
            now=now,
            message_id=attempt["message_id"],
            attempt_id=attempt["id"],
            channel=attempt["channel"],
            part=attempt["part"],
            code=code,
            reason=reason,
            reference=reference,
            by=by,
        )

    def failed(self, tx: Tx, message: Row, channel: str, outcome: Refused | Deferred, *, now: int) -> None:
        facts = self.facts(tx, message, channel)
        decision = next_step.after_failure(
            facts, outcome, up=self.ways.up(tx, message, now=now), settings=self.settings, now=now, dice=self._dice()
        )
        if isinstance(outcome, Deferred) and outcome.scope == "recipient":
            rest_s = next_step.rest_s(outcome, messages.failures(tx, message), self.settings)
            messages.rest(tx, message, until=now + int(rest_s * SECOND))
        elif isinstance(outcome, Deferred) and outcome.scope == "message":
            messages.step_back(tx, message, now=now)
        if isinstance(decision, next_step.GiveUp):
            self.give_up(tx, message, decision.reason, now=now)
        elif not messages.wanted(tx, message["id"]):
            self.give_up(tx, message, "not needed any more", now=now, state=MessageState.WITHDRAWN)
        else:
            self.again(tx, message, decision)

    def facts(self, reader: Reader, message: Row, channel: str) -> next_step.Facts:
        return next_step.Facts(
            priority=message["priority"],
            tries=message["tries"],
            repeats=message["repeats"],
            parts_accepted=len(messages.parts_done(reader, message["id"], message["round"], message["parts"])),
            parts=message["parts"],
            wanted_channel=message["wanted_channel"],
            avoid=tuple(json.loads(message["avoid"])),
            channel=channel,
            expires_at=message["expires_at"],
            elsewhere=self.ways.elsewhere(message, channel),
            doubts=messages.doubts_of_a_part(reader, message["id"], message["round"]),
            page=message["kind"] == "page",
            due_at=message["due_at"],
            joined=message["parts"] == 1 or joins_parts(shown.account_of(reader, message["id"], message["round"])),
        )

    def again(self, tx: Tx, message: Row, decision: next_step.Try) -> None:
        decision = self.ways.again(tx, message, decision)
        messages.end_wait(tx, "doubt", message["id"])
        messages.queue_again(
            tx,
            message["id"],
            at=decision.at,
            channel=decision.channel,
            avoid=decision.avoid,
            tries=int(decision.counts),
            reason=decision.reason,
            fresh=decision.fresh,
            marked=decision.marked,
            perhaps_there=decision.perhaps_there,
        )
        detour.put_back(tx, message, self.settings)
        tx.after_commit(self.woken)

    def give_up(
        self, tx: Tx, message: Row, reason: str, *, now: int, state: MessageState = MessageState.FAILED
    ) -> None:
        """No further try: the page moves on at once."""
        messages.set_state(tx, message["id"], state, reason=reason, now=now, over=True)
        messages.end_wait(tx, "doubt", message["id"])
        news.lost(tx, message, now=now)
        journal.write(tx, f"message_{state.value}", now=now, message_id=message["id"], reason=reason)

    def conclude(self, tx: Tx, message_id: int, *, now: int) -> None:
        """Roll all attempts up into the message's state."""
        message = self.known(tx, message_id)
        tried = [
            receipts.PartTried(a["round"], a["part"], a["parts"], AttemptState(a["state"]), a["receipt"])
            for a in messages.attempts(tx, message_id)
        ]
        state = receipts.roll_up(tried)
        if state is None or state.value == message["state"]:
            return
        if message["state"] in ("withdrawn", "expired", "failed") and state is MessageState.IN_DOUBT:
            return
        if message["state"] == "queued" and state in (MessageState.IN_DOUBT, MessageState.UNDELIVERED):
            return  # its next round is on the way
        self.enter(tx, message, state, now=now)

    def enter(self, tx: Tx, message: Row, state: MessageState, *, now: int) -> None:
        number = message["id"]
        over = ("receipt",) if state in (MessageState.DELIVERED, MessageState.UNDELIVERED) else ()
        messages.end_wait(tx, ("doubt", hearing.KIND, *over), number)
        messages.set_state(tx, number, state, reason="", now=now, over=state.value in FINAL_STATES)
        if state is MessageState.SENT and message["report"]:
            overdue = max(message["expires_at"], now) + self.settings.report_wait_s * SECOND
            messages.set_wait(tx, "receipt", number, overdue)
            hearing.begin(tx, message, self.settings, now=now)
        elif state is MessageState.IN_DOUBT:
            detour.doubted(tx, message, self.settings, now=now)
            began = messages.doubted_since(tx, number) or now
            until = began + self.settings.patience_s(message["priority"]) * SECOND
            messages.set_wait(tx, "doubt", number, max(now, until))
        elif state is MessageState.DELIVERED:
            if message["kind"] == "page":
                messages.reached(tx, number, now=now)
            tx.after_commit(partial(DELIVERY_SECONDS.observe, max(0, now - message["created_at"]) / SECOND))
        elif state is MessageState.UNDELIVERED:
            news.lost(tx, message, now=now)
        journal.write(tx, f"message_{state.value}", now=now, message_id=number)
