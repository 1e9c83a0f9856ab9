"""Drives the channels: takes what is due, books it, puts it on the air, settles the outcome. Nothing polls.

One task a channel, so a slow or broken one never delays the others. The books are kept by queue.py; this file owns
only what is lost with the process: who is idle, what is in hand, the last reference of each SIM.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import Any

from gatewayd import text
from gatewayd.channels.contract import Book, Channel, Health, Submission
from gatewayd.clock import SECOND, Clock, pause, until_set
from gatewayd.delivery.outcome import Accepted, Deferred, Outcome, Refused, Uncertain, Withdrawn
from gatewayd.metrics import (
    ATTEMPT_SECONDS,
    ATTEMPTS,
    CHANNEL_UP,
    MODEM_REGISTERED,
    MODEM_RESETS,
    MODEM_SIGNAL,
    MODEM_STORAGE_SIZE,
    MODEM_STORAGE_USED,
)
from gatewayd.model import Priority
from gatewayd.queue import MARK, Queue, text_on_air
from gatewayd.store import journal, messages
from gatewayd.store.db import Row, Store, StoreError, StoreFull, Tx

log = logging.getLogger("gatewayd.dispatch")

SETTLING_MAX = 8  # outcomes of one channel that may wait for the disk, beside those of its window
SETTLE_RETRY_S = 1.0
REST_S_FIRST = 5.0  # of a channel after an answer that speaks of the channel; doubled with each further one in a row
REST_TOLD_S = 2.0  # a shorter rest is nobody's business
TOLD_AGAIN_S = 60.0  # that an outcome still waits for the disk
LOOK_AHEAD_S = 0.03  # after the outcome of the message before was settled, on a modem that takes its time
UNBOOKED_MAX = 200  # critical texts sent while nothing could be written

_OUTCOMES = {
    Accepted: "accepted",
    Refused: "refused",
    Deferred: "deferred",
    Uncertain: "in_doubt",
    Withdrawn: "withdrawn",
}


@dataclass(slots=True)
class _Hand:
    """A channel and what it does now."""

    channel: Channel
    radio: bool = True  # it has a signal and a registration to tell of
    takes_any: bool = True  # texts that name no channel may go by it
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    settling: asyncio.Semaphore = field(default_factory=asyncio.Semaphore)  # outcomes that may wait for the disk
    health: Health = field(default_factory=Health)
    rest_until: float = 0.0  # monotonic
    task: asyncio.Task[None] | None = None
    sending: bool = False
    ahead: Row | None = None  # looked up while the message before it is on the air
    trusted: bool = True  # texts may be bound to it; from its loss until it is up again: none
    rests: int = 0  # in a row, with nothing accepted between them
    rest_reason: str = ""
    booked: set[str] = field(default_factory=set)  # attempts in hand whose row is on disk
    carrying: set[asyncio.Task[None]] = field(default_factory=set)  # of a channel that takes several texts at once

    @property
    def lanes(self) -> tuple[str, ...]:
        """What a text for it is bound to in the queue."""
        return (self.channel.name, "") if self.takes_any else (self.channel.name,)

    def looked_ahead(self) -> Row | None:
        """What was found ahead, unless something happened since."""
        ahead, self.ahead = self.ahead, None
        return None if self.wake.is_set() else ahead


class Dispatch:
    """Start with `add` for each channel; `woken` after each commit that queued something; `stop` to end."""

    def __init__(self, store: Store, clock: Clock, queue: Callable[[], Queue]) -> None:
        self._store = store
        self._clock = clock
        self._queue = queue
        self._hands: dict[str, _Hand] = {}
        self._in_hand: set[tuple[int, int]] = set()  # id and round
        self._references: dict[str, str] = {}
        self._attempt_ids = count(store.peek(messages.last_attempt_id) + 1)
        self._stopping = False
        self._settlements: set[asyncio.Task[None]] = set()
        self._unwritable: set[int] = set()  # critical texts whose row could not be written

    # --- channels

    def add(self, channel: Channel, *, radio: bool = True, takes_any: bool = True) -> None:
        """`radio`: it is a modem; `takes_any`: texts that name no channel may go by it."""
        hand = self._hands[channel.name] = _Hand(channel, radio, takes_any)
        hand.settling = asyncio.Semaphore(SETTLING_MAX + channel.window)
        CHANNEL_UP.labels(channel.name).set(0)
        for outcome in _OUTCOMES.values():
            ATTEMPTS.labels(channel.name, outcome)
        serve = self._serve if channel.window == 1 else self._serve_wide
        hand.task = asyncio.create_task(serve(hand), name=f"dispatch {channel.name}")

    async def remove(self, name: str) -> None:
        """Stop giving it work; returns when what it has in hand has ended."""
        hand = self._hands.pop(name, None)
        if hand is None or hand.task is None:
            return
        hand.health = Health()
        if not hand.sending:
            hand.task.cancel()
        await asyncio.gather(hand.task, return_exceptions=True)
        CHANNEL_UP.labels(name).set(0)

    def up(self) -> tuple[str, ...]:
        """Names of the channels that could take work now, idle ones first."""
        return tuple(hand.channel.name for hand in self._able())

    def ways(self, wanted: str) -> tuple[str, ...]:
        """As `up`, for one text: those that take any, and the one that it wants."""
        return tuple(h.channel.name for h in self._able() if h.takes_any or h.channel.name == wanted)

    def _able(self) -> list[_Hand]:
        now = self._clock.monotonic()
        able = [h for h in self._hands.values() if h.channel.ready() and h.rest_until <= now]
        return sorted(able, key=lambda h: h.sending)

    def takes_any(self, name: str) -> bool:
        hand = self._hands.get(name)
        return hand is not None and hand.takes_any

    def names(self) -> set[str]:
        return set(self._hands)

    def healths(self) -> dict[str, Health]:
        """How each channel is; one that rests after a bad answer says so, and why."""
        return {name: self._health_of(hand) for name, hand in self._hands.items()}

    def _health_of(self, hand: _Hand) -> Health:
        left_s = hand.rest_until - self._clock.monotonic()
        if hand.health.state != "up" or not hand.rest_reason or left_s <= 0:
            return hand.health
        return replace(hand.health, state="resting", reason=f"{hand.rest_reason}; tried again in {left_s:.0f} s")

    def recall(self, name: str, reference: str, recipient: str) -> None:
        """Nobody needs this text any more: where the network can, it shall not deliver it."""
        hand = self._hands.get(name)
        if hand is not None and hand.channel.ready():
            hand.channel.recall(reference, recipient)

    def woken(self) -> None:
        """Something was queued, freed or came up: let the idle look."""
        for hand in self._hands.values():
            hand.wake.set()

    def health(self, name: str, health: Health) -> bool:
        """Note a channel's health. True when it has just been lost, or did not come up: its texts should move."""
        hand = self._hands.get(name)
        if hand is None:
            return False
        was, hand.health = hand.health, health
        CHANNEL_UP.labels(name).set(self._health_of(hand).state == "up")
        if hand.radio:
            _gauge(name, health)
        if was.state != health.state:
            log.log(
                logging.INFO if health.state in ("up", "starting") else logging.WARNING,
                "%s is %s%s",
                name,
                health.state,
                f": {health.reason}" if health.reason else "",
                extra={"event": "channel_state", "channel": name, "state": health.state},
            )
        hand.wake.set()
        lost = hand.trusted and health.state != "up" and (health.state != "starting" or was.state == "up")
        hand.trusted = health.state == "up" or (hand.trusted and not lost)
        return lost

    def reset(self, name: str, reason: str) -> None:
        """The modem began anew: what reference it will give next is unknown."""
        MODEM_RESETS.labels(name).inc()
        hand = self._hands.get(name)
        if hand is not None:
            self._references.pop(hand.channel.sim, None)
        log.info("%s: %s", name, reason, extra={"event": "channel_reset", "channel": name})

    def note_reference(self, sim: str, reference: str | None) -> None:
        if reference is not None:
            self._references[sim] = reference

    # --- one channel's life

    async def _serve(self, hand: _Hand) -> None:
        name = hand.channel.name
        while not self._stopping and self._hands.get(name) is hand:
            ahead = hand.looked_ahead()
            hand.wake.clear()
            rest_s = self._rest_s(hand)
            if not hand.channel.ready() or rest_s > 0:
                await until_set(hand.wake, rest_s if rest_s > 0 else None)
                continue
            try:
                message, wait_s = self._look(hand) if ahead is None or self._holds(ahead) else (ahead, None)
            except StoreError as error:
                log.error("%s waits for the disk: %s", name, error, extra={"event": "queue_unread", "channel": name})
                hand.rest_until = self._clock.monotonic() + SETTLE_RETRY_S
                continue
            if message is None:
                await until_set(hand.wake, wait_s)
                continue
            hand.sending = True
            try:
                await self._carry_whole(hand, message)
            finally:
                hand.sending = False

    async def _serve_wide(self, hand: _Hand) -> None:
        """As `_serve`, for a channel that takes several texts at once: a window that is kept full."""
        name = hand.channel.name
        while not self._stopping and self._hands.get(name) is hand:
            hand.wake.clear()
            rest_s = self._rest_s(hand)
            room = min(hand.channel.room(), hand.channel.window - len(hand.carrying))
            if room <= 0 or not hand.channel.ready() or rest_s > 0:
                await until_set(hand.wake, rest_s if rest_s > 0 else None)
                continue
            try:
                now = self._clock.now()
                found = self._store.peek(messages.next_few, hand.lanes, now=now, in_hand=self._in_hand, limit=room)
                wait_s = self._next_due_s(hand, now) if len(found) < room else None
            except StoreError as error:
                log.error("%s waits for the disk: %s", name, error, extra={"event": "queue_unread", "channel": name})
                hand.rest_until = self._clock.monotonic() + SETTLE_RETRY_S
                continue
            for message in found:
                self._in_hand.add((message["id"], message["round"]))  # now: another channel may look before it begins
                task = asyncio.create_task(self._carry_whole(hand, message))
                hand.carrying.add(task)
                task.add_done_callback(partial(self._carried, hand))
            hand.sending = bool(hand.carrying)
            await until_set(hand.wake, wait_s)
        try:
            await asyncio.gather(*hand.carrying)
        except asyncio.CancelledError:
            for task in hand.carrying:
                task.cancel()
            raise

    def _carried(self, hand: _Hand, task: asyncio.Task[None]) -> None:
        hand.carrying.discard(task)
        hand.sending = bool(hand.carrying)
        hand.wake.set()

    async def _carry_whole(self, hand: _Hand, message: Row) -> None:
        """`_carry`, with the text in hand meanwhile; a fault of ours in it costs a pause and not the channel."""
        key = (message["id"], message["round"])
        self._in_hand.add(key)
        try:
            await self._carry(hand, message)
        except Exception:
            told = {"event": "dispatch_failure", "channel": hand.channel.name, "message_id": message["id"]}
            log.exception("a fault around sending", extra=told)
            self._in_hand.discard(key)
            hand.rest_until = self._clock.monotonic() + SETTLE_RETRY_S

    def _rest_s(self, hand: _Hand) -> float:
        return max(hand.rest_until - self._clock.monotonic(), hand.channel.pause_s())

    def _holds(self, message: Row) -> bool:
        return (message["id"], message["round"]) in self._in_hand

    def _look(self, hand: _Hand) -> tuple[Row | None, float | None]:
        """The next message for this channel; if there is none, how long until one is due (None: nobody knows)."""
        now = self._clock.now()
        message = self._store.peek(messages.next_for, hand.lanes, now=now, in_hand=self._in_hand)
        if message is not None:
            return message, None
        return None, self._next_due_s(hand, now)

    def _next_due_s(self, hand: _Hand, now: int) -> float | None:
        due = self._store.peek(messages.next_due, hand.lanes, now=now)
        return None if due is None else max(0.001, (due - now) / SECOND)

    def _look_ahead(self, hand: _Hand) -> None:
        """While the network thinks: what comes next. Any wake until then makes it void; booking checks it anyway."""
        with contextlib.suppress(StoreError):
            hand.ahead, _ = self._look(hand)
            hand.wake.clear()

    async def _carry(self, hand: _Hand, message: Row) -> None:
        """All missing parts of one message, in order; the last settlement goes on beside the next message."""
        unbooked = message["id"] in self._unwritable
        words = MARK + message["text"] if unbooked else text_on_air(message)
        refusal: Outcome | None = None
        try:
            fitted = hand.channel.fit(words)
        except text.TextError as error:
            fitted, refusal = text.Fit("ucs2", (words,), 0, 0, altered=False), Refused(str(error), "text")
        single = message["parts"] == 1 and message["round"] == 0  # the usual case needs no look at its attempts
        done = set() if single else self._store.peek(messages.parts_done, message["id"], message["round"])
        missing = [number for number in range(1, len(fitted.segments) + 1) if number not in done]
        for number in missing:
            submission = self._submission(message, fitted, number)
            book = _no_booking if unbooked else partial(self._book, hand, message, submission)
            began = self._clock.monotonic()
            outcome = refusal or await self._send(hand, submission, book)
            ATTEMPTS.labels(hand.channel.name, _OUTCOMES[type(outcome)]).inc()
            ATTEMPT_SECONDS.labels(hand.channel.name).observe(self._clock.monotonic() - began)
            if isinstance(outcome, Accepted):
                self.note_reference(hand.channel.sim, outcome.reference)
                hand.rests = 0
            if isinstance(outcome, Deferred) and outcome.scope == "channel":
                outcome = self._rest(hand, outcome)
            last = number == missing[-1] or not isinstance(outcome, Accepted | Uncertain)
            rowless = submission.attempt_id not in hand.booked
            hand.booked.discard(submission.attempt_id)
            tells = not isinstance(outcome, Deferred) or outcome.scope != "channel"  # of the text, not of the channel
            write = partial(self._answered, hand, message if rowless and tells else None, submission, outcome)
            if not unbooked:
                await hand.settling.acquire()
            task = asyncio.create_task(self._settle(None if unbooked else hand, message, outcome, write, last=last))
            self._settlements.add(task)
            task.add_done_callback(self._settlements.discard)
            if last:
                return
            if not unbooked:
                await task

    def _rest(self, hand: _Hand, outcome: Deferred) -> Deferred:
        """The channel rests, shortly at first: one bad answer tells little. The text is to wait no longer than it."""
        name, now = hand.channel.name, self._clock.monotonic()
        if outcome.after_s < REST_TOLD_S:
            hand.rest_until = now + max(outcome.after_s, 0.1)
            return outcome
        hand.rests += 1
        rest_s = min(outcome.after_s, REST_S_FIRST * 2.0 ** min(hand.rests - 1, 16))
        hand.rest_until, hand.rest_reason = now + rest_s, f"{outcome.reason} ({outcome.code})"
        told = {"event": "channel_rests", "channel": name, "code": outcome.code, "rest_s": rest_s}
        log.warning("%s", outcome.reason, extra=told)
        CHANNEL_UP.labels(name).set(0)
        asyncio.get_running_loop().call_later(rest_s, self._rested, hand)
        return replace(outcome, after_s=rest_s)

    def _rested(self, hand: _Hand) -> None:
        if self._hands.get(hand.channel.name) is hand:
            CHANNEL_UP.labels(hand.channel.name).set(self._health_of(hand).state == "up")
            hand.wake.set()

    async def _send(self, hand: _Hand, submission: Submission, book: Book) -> Outcome:
        """The channel's word. A fault of ours is a try like any other, so that no text blocks its lane by one."""
        ahead = None
        if hand.channel.window == 1:
            ahead = asyncio.get_running_loop().call_later(LOOK_AHEAD_S, self._look_ahead, hand)
        try:
            return await hand.channel.send(submission, book)
        except Exception as error:
            told = {"event": "dispatch_failure", "channel": hand.channel.name, "message_id": submission.message_id}
            log.exception("a fault while sending", extra=told)
            reason = f"a fault in gatewayd: {type(error).__name__}"
            if submission.attempt_id in hand.booked:
                return Uncertain(reason, "fault")
            return Deferred(reason, "fault", SETTLE_RETRY_S)
        finally:
            if ahead is not None:
                ahead.cancel()

    def _submission(self, message: Row, fitted: text.Fit, number: int) -> Submission:
        left_s = max(1, -((self._clock.now() - message["expires_at"]) // SECOND))
        return Submission(
            message_id=str(message["id"]),
            attempt_id=str(next(self._attempt_ids)),
            recipient=message["recipient"],
            segment=fitted.segments[number - 1],
            alphabet=fitted.alphabet,
            part=number,
            parts=len(fitted.segments),
            concat_reference=(message["concat_reference"] + message["round"]) % 256,
            validity_s=left_s,
            report=bool(message["report"]),
            priority=message["priority"],
        )

    async def _book(self, hand: _Hand, message: Row, submission: Submission) -> bool:
        """Law 6. While nothing can be written only critical texts go: next time without their row, marked, once."""
        write = partial(self._queue().book, **self._booking(hand, message, submission))
        try:
            try:
                booked = await self._store.write_first(write)
            except StoreFull:  # the first "disk full" frees the ballast: now there is room for this row
                booked = await self._store.write_first(write)
        except StoreError as error:
            event = {"event": "booking_failed", "message_id": message["id"]}
            log.error("no attempt without its row: %s", error, extra=event)
            if message["priority"] == Priority.CRITICAL and len(self._unwritable) < UNBOOKED_MAX:
                self._unwritable.add(message["id"])
            else:
                hand.rest_until = self._clock.monotonic() + SETTLE_RETRY_S
            return False
        if booked:
            hand.booked.add(submission.attempt_id)
        if hand.channel.window > 1:
            hand.wake.set()  # what it has room for, and when, is known once this one has its place
        return booked

    def _booking(self, hand: _Hand, message: Row, submission: Submission) -> dict[str, Any]:
        return {
            "attempt_id": int(submission.attempt_id),
            "message": message,
            "part": submission.part,
            "parts": submission.parts,
            "channel": hand.channel.name,
            "sim": hand.channel.sim,
            "reference_before": self._references.get(hand.channel.sim),
            "now": self._clock.now(),
        }

    async def _settle(
        self, hand: _Hand | None, message: Row, outcome: Outcome, write: Callable[[Tx], None], *, last: bool
    ) -> None:
        """Write the outcome down; while the disk refuses, keep it in hand and try again."""
        told_at = float("-inf")
        try:
            while not isinstance(outcome, Withdrawn):
                try:
                    await self._store.write_along(write)
                    self._unwritable.discard(message["id"])
                    break
                except StoreError as error:
                    if self._clock.monotonic() - told_at >= TOLD_AGAIN_S:
                        told_at = self._clock.monotonic()
                        event = {"event": "outcome_waits", "message_id": message["id"]}
                        log.error("an outcome waits for the disk: %s", error, extra=event)
                    await pause(SETTLE_RETRY_S)
        finally:
            if hand is not None:
                hand.settling.release()
            if last:
                self._in_hand.discard((message["id"], message["round"]))
                if not isinstance(outcome, Accepted):
                    self.woken()  # it may be for another channel now

    def _answered(self, hand: _Hand, unbooked: Row | None, submission: Submission, outcome: Outcome, tx: Tx) -> None:
        attempt_id = int(submission.attempt_id)
        queue = self._queue()
        if unbooked is not None:
            queue.book(tx, **self._booking(hand, unbooked, submission))
        now = self._clock.now()
        queue.answered(tx, attempt_id, outcome, by="answer", now=now)
        if isinstance(outcome, Deferred) and outcome.scope == "channel":
            queue.channel_lost(tx, hand.channel.name, now=now, resting=hand.health.state == "up")
        word = _OUTCOMES[type(outcome)]
        told = {
            "event": f"attempt_{word}",
            "incident_id": journal.incident_of(tx, int(submission.message_id)),
            "message_id": submission.message_id,
            "attempt_id": attempt_id,
            "part": submission.part,
            "channel": hand.channel.name,
            "code": getattr(outcome, "code", ""),
        }
        tx.after_commit(lambda: log.info("attempt %s", word, extra=told))

    # --- the end

    async def stop(self, grace_s: float) -> None:
        """Take no more work; wait for what is on the air, then for its outcomes to be on disk."""
        self._stopping = True
        self.woken()
        tasks = [h.task for h in self._hands.values() if h.task is not None]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._settlements:
            await asyncio.wait(self._settlements, timeout=5.0)


async def _no_booking() -> bool:
    return True


def _gauge(name: str, health: Health) -> None:
    MODEM_REGISTERED.labels(name).set(health.registration in ("home", "roaming"))
    if health.signal_dbm is not None:
        MODEM_SIGNAL.labels(name).set(health.signal_dbm)
    if health.storage_used is not None:
        MODEM_STORAGE_USED.labels(name).set(health.storage_used)
    if health.storage_size is not None:
        MODEM_STORAGE_SIZE.labels(name).set(health.storage_size)
