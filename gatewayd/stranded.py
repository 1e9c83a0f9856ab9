"""Texts that only wait for a channel: one that left the configuration, or any other than the one that refused them."""

from __future__ import annotations

import json

from gatewayd.delivery import next_step
from gatewayd.delivery.receipts import PartTried, roll_up
from gatewayd.model import AttemptState, MessageState
from gatewayd.store import journal, messages, news
from gatewayd.store.db import Row, Tx

AT_ONCE_MAX = 1000


def strand(tx: Tx, channel: str, *, now: int) -> None:
    """`channel` is not configured any more: what is bound to it is told so, or goes by another way.

    A page moves on to the next device or person. What a caller wanted by this channel alone has failed, and so has
    what went to the id of a pager or a short code: elsewhere that is somebody else, or nobody. Answers and news of our
    own were bound to it by a device of before: any channel may take them.
    """
    rows = tx.all(
        "SELECT * FROM message WHERE state = 'queued' AND channel = :channel AND wanted_channel = :channel LIMIT :few",
        channel=channel,
        few=AT_ONCE_MAX,
    )
    for message in rows:
        begun = bool(messages.parts_done(tx, message["id"], message["round"], message["parts"]))
        by_caller = message["kind"] == "text" and not message["person"]
        by_caller |= not message["recipient"].startswith("+")
        decision = next_step.after_channel_removed(
            page=message["kind"] == "page", by_caller=by_caller, begun=begun, channel=channel
        )
        if isinstance(decision, next_step.GiveUp):
            _give_up(tx, message, decision.reason, now=now)
        else:
            _unbind(tx, message, decision, now=now)


def _give_up(tx: Tx, message: Row, reason: str, *, now: int) -> None:
    """Its pages move on at once. What has arrived before, or may have, is not called failed."""
    number = message["id"]
    state = _before(messages.attempts(tx, number))
    messages.end_wait(tx, "receipt", number)
    messages.set_state(tx, number, state, reason=reason, now=now, over=True)
    news.lost(tx, message, now=now)
    event = "doubt_given_up" if state is MessageState.IN_DOUBT else f"message_{state.value}"
    journal.write(tx, event, now=now, message_id=number, reason=reason)


def _before(attempts: list[Row]) -> MessageState:
    """What earlier rounds came to; failed when nothing of it went out."""
    rolled = roll_up(
        [PartTried(a["round"], a["part"], a["parts"], AttemptState(a["state"]), a["receipt"]) for a in attempts]
    )
    if rolled is MessageState.DELIVERED:
        return rolled
    if rolled is MessageState.SENT:
        return MessageState.UNCONFIRMED  # a report that still comes says more
    return MessageState.IN_DOUBT if any(a["state"] == "in_doubt" for a in attempts) else MessageState.FAILED


def _unbind(tx: Tx, message: Row, decision: next_step.Try, *, now: int) -> None:
    number = message["id"]
    tx.run("UPDATE message SET wanted_channel = '' WHERE id = :id", id=number)
    messages.queue_again(
        tx,
        number,
        at=message["due_at"],
        channel=decision.channel,
        avoid=tuple(json.loads(message["avoid"])),
        tries=0,
        reason=decision.reason,
        fresh=decision.fresh,
        marked=decision.marked,
        perhaps_there=decision.perhaps_there,
    )
    journal.write(tx, "message_moved", now=now, message_id=number, reason=decision.reason)


def bring_forward(tx: Tx, channel: str, *, now: int) -> None:
    """`channel` has come up: texts that another one refused, and that wait for any other, go by it now."""
    rows = tx.all(
        "SELECT id, avoid FROM message WHERE state = 'queued' AND channel = '' AND wanted_channel = ''"
        " AND avoid <> '[]' AND due_at > :now AND recipient NOT IN (SELECT recipient FROM resting WHERE until > :now)"
        " LIMIT :few",
        now=now,
        few=AT_ONCE_MAX,
    )
    for message in rows:
        if channel not in json.loads(message["avoid"]):
            tx.run(
                "UPDATE message SET due_at = :now, channel = :channel WHERE id = :id",
                now=now,
                channel=channel,
                id=message["id"],
            )
