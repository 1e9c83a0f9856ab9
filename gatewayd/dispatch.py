"""Drives the channels: takes what is due, books it, puts it on the air, settles the outcome. Nothing polls.

One task a channel, so a slow or broken one never delays the others. The books are kept by queue.py; this file owns
only what is lost with the process: who is idle, what is in hand, the last reference of each SIM.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from itertools import count
from typing import Any

from gatewayd import text
from gatewayd.attribution import repeat_mark, text_on_air
from gatewayd.channels.contract import Book, Channel, Health, Submission
from gatewayd.clock import SECOND, Clock, pause, until_set
from gatewayd.delivery.outcome import Accepted, Deferred, Outcome, Refused, Uncertain, Withdrawn
from gatewayd.hand import OUTCOMES, Hand
from gatewayd.metrics import ATTEMPT_SECONDS, ATTEMPTS, CHANNEL_UP, MODEM_RESETS
from gatewayd.model import Priority
from gatewayd.muster import Muster
from gatewayd.oncall.languages import ENGLISH
from gatewayd.queue import Queue
from gatewayd.shelf import Shelf
from gatewayd.sick_bay import REST_S_FIRST, SickBay
from gatewayd.sorting import Answer, Booking, Sorter
from gatewayd.store import messages, receipts, shown
from gatewayd.store.db import Row, Store, StoreError, StoreFull

log = logging.getLogger("gatewayd.dispatch")

SETTLING_MAX = 8  # outcomes of one channel that may wait for the disk, beside those of its window
SETTLE_RETRY_S = 1.0
TOLD_AGAIN_S = 60.0  # that an outcome still waits for the disk
LOOK_AHEAD_S = 0.03  # after the outcome of the message before was settled, on a modem that takes its time
PRESSED_APART_S = 30.0  # one channel at a time gives up an answer for urgent texts: it may be up again by then
CODED = frozenset({"page", "copy", "joined", "taken", "cleared", "test"})  # kinds of texts that begin with a code
UNBOOKED_MAX = 200  # critical texts sent while nothing could be written

Shared = Callable[[], messages.Lanes]
Language = Callable[[], Callable[[str], str]]


class Dispatch:
    """Start with `add` for each channel; `woken` after each commit that queued something; `stop` to end."""

    def __init__(
        self, store: Store, clock: Clock, queue: Callable[[], Queue], language: Language = lambda: _english
    ) -> None:
        """`language`: in which a person, or "team:noc", reads now."""
        self._store, self._language = store, language
        self._clock = clock
        self._queue = queue
        self._sorter = Sorter(queue)
        self._shelf = Shelf(store, self._paced)
        self._hands: dict[str, Hand] = {}
        self._in_hand: set[tuple[int, int]] = set()  # id and round
        self._references: dict[str, str] = {}
        self._attempt_ids = count(store.peek(messages.last_attempt_id) + 1)
        self._stopping, self._pressed_until = False, 0.0
        self._settlements: set[asyncio.Task[None]] = set()
        self._sick_bay = SickBay(store, clock, queue, self._hands, keep=self._keep, rested=self._rested)
        self.sick_s = self._sick_bay.sick_s
        self._muster = Muster(self._hands, store, clock, self._paced)
        self.up, self.ways, self.takes_any = self._muster.up, self._muster.ways, self._muster.takes_any
        self.standings, self.healths, self.awaited = self._muster.standings, self._muster.healths, self._muster.awaited
        self.coming = self._muster.coming  # channels that will be added
        self._unwritable: set[int] = set()  # critical texts whose row could not be written

    def _paced(self, channel: str, now: int) -> tuple[int, int]:
        return self._queue().ways.purse.paced(channel, now=now)

    # --- channels

    def add(self, channel: Channel, *, radio: bool = True, takes_any: bool = True, shared: Shared = tuple) -> None:
        """`radio`: it is a modem; `takes_any`: texts that name no channel may go by it, or those of `shared` lanes."""
        hand = self._hands[channel.name] = Hand(channel, radio, takes_any, shared)
        self.coming.pop(channel.name, None)
        self._sick_bay.troubled(hand)  # until it is up
        hand.settling = asyncio.Semaphore(SETTLING_MAX + channel.window)
        CHANNEL_UP.labels(channel.name).set(0)
        hand.attempts = {word: ATTEMPTS.labels(channel.name, word) for word in OUTCOMES.values()}
        hand.durations = ATTEMPT_SECONDS.labels(channel.name)
        hand.task = asyncio.create_task(self._serve(hand), name=f"dispatch {channel.name}")

    async def remove(self, name: str) -> None:
        """Stop giving it work; returns when what it has in hand has ended."""
        hand = self._hands.pop(name, None)
        if hand is None or hand.task is None:
            return
        self._sick_bay.left(hand)
        hand.health = Health()
        hand.wake.set()  # for the last time
        self._wake_all()
        if not hand.out:
            hand.task.cancel()
        await asyncio.gather(hand.task, return_exceptions=True)
        CHANNEL_UP.labels(name).set(0)

    def recall(self, name: str, attempt_id: str, reference: str | None, recipient: str) -> None:
        """Nobody needs this text any more: if it is not written yet, or the network can, it shall not be delivered."""
        hand = self._hands.get(name)
        if hand is not None:
            hand.channel.recall(attempt_id, reference, recipient)

    def woken(self) -> None:
        """Something was queued, freed or came up: let the idle look."""
        self._shelf.clear()
        for hand in self._muster.in_turn(self._queue().ways.asked_first()):
            hand.wake.set()

    def _wake_all(self) -> None:
        for hand in self._hands.values():
            hand.wake.set()

    def proven(self, name: str) -> None:
        """A report or a late answer says that it has sent."""
        if name in self._hands:
            self._muster.proven(self._hands[name])

    def room(self, name: str) -> None:
        """A channel has room again, which no outcome has told."""
        if name in self._hands:
            self._hands[name].wake.set()

    def health(self, name: str, health: Health) -> bool:
        """Note a channel's health. True when it has just been lost, or did not come up: its texts should move."""
        hand = self._hands.get(name)
        if hand is None:
            return False
        if health.state == "up":
            self._sick_bay.up(hand)
        else:
            self._sick_bay.troubled(hand, tried_s=health.tried_s)
        was, hand.health = hand.health, health
        CHANNEL_UP.labels(name).set(self._muster.health_of(hand).state == "up")
        if hand.radio:
            hand.gauge()
        if was.state != health.state or (not was.reason and health.state == "down" and health.reason):
            log.log(
                logging.INFO if health.state in ("up", "starting") else logging.WARNING,
                "%s is %s%s",
                name,
                health.state,
                f": {health.reason}" if health.reason else "",
                extra={"event": "channel_state", "channel": name, "state": health.state},
            )
        if was.state != "up" and health.state == "up":  # its share begins now
            others = (h.given for h in self._hands.values() if h is not hand and h.health.state == "up")
            hand.given = max(hand.given, min(others, default=0.0))
        hand.wake.set()
        if was.state == "up" != health.state:
            self._wake_all()  # for what it would have taken
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

    def pressed(self, name: str, out_s: float, *, unread: bool) -> bool:
        """See contract.House."""
        hand, now = self._hands.get(name), self._clock.monotonic()
        impatient = [p for p in Priority if out_s >= self._queue().settings.patience_s(p)]
        with contextlib.suppress(StoreError):
            if unread and hand is not None and self._store.peek(receipts.overtook, name):
                return True
        if hand is None or not impatient or self._stopping or now < self._pressed_until:
            return False
        lanes = hand.lanes_without(self._hands.values(), now=now + REST_S_FIRST)
        waiting = partial(messages.next_few, in_hand=self._in_hand, limit=1, lowest=max(impatient))
        with contextlib.suppress(StoreError):  # then nothing could be sent either
            if self._store.peek(waiting, lanes, now=self._clock.now()):
                self._pressed_until = now + PRESSED_APART_S
                return True
        return False

    def note_reference(self, sim: str, reference: str | None) -> None:
        if reference is not None:
            self._references[sim] = reference

    # --- one channel's life

    async def _serve(self, hand: Hand) -> None:
        """Keep it as busy as it can be: one text after the other on a modem, a full window at a bureau."""
        name, window = hand.channel.name, hand.channel.window
        while not self._stopping and self._hands.get(name) is hand:
            ahead = hand.looked_ahead()
            hand.wake.clear()
            rest_s, paced_s = self._rest_s(hand), hand.channel.pause_s()  # before the rooms: time goes on
            room, others = hand.room(critical=True), hand.room()
            if rest_s > 0 or room <= 0:
                hand.more = True
                await until_set(hand.wake, rest_s if rest_s > 0 else None)
                continue
            try:
                if ahead is None or self._holds(ahead):
                    found, wait_s = self._look(hand, room, others, paced_s)
                else:
                    found, wait_s = [ahead], None
            except StoreError as error:
                log.error("%s waits for the disk: %s", name, error, extra={"event": "queue_unread", "channel": name})
                hand.rest_until = self._clock.monotonic() + SETTLE_RETRY_S
                continue
            hand.more = len(found) >= others
            if window == 1 and found:
                await self._carry_whole(hand, found[0])
                continue
            for message in found:
                self._in_hand.add((message["id"], message["round"]))  # now: another channel may look before it begins
                hand.out += 1
                task = asyncio.create_task(self._carry_aside(hand, message))
                hand.carrying.add(task)
            await until_set(hand.wake, wait_s)
        try:
            await asyncio.gather(*hand.carrying)
        except asyncio.CancelledError:
            for task in hand.carrying:
                task.cancel()
            raise

    async def _carry_whole(self, hand: Hand, message: Row) -> None:
        """Until its last outcome, which goes on into the books beside the next text."""
        hand.out += 1
        try:
            settlement = await self._carry(hand, message)
        finally:
            hand.out -= 1
        if settlement is not None:
            self._keep(asyncio.create_task(settlement))

    async def _carry_aside(self, hand: Hand, message: Row) -> None:
        """As `_carry_whole`, beside other texts: it leaves its place in the window to the next one with its outcome."""
        task = asyncio.current_task()
        assert task is not None
        try:
            settlement = await self._carry(hand, message)
        finally:
            hand.carrying.discard(task)
            hand.out -= 1
            if hand.more:
                hand.wake.set()
        if settlement is not None:
            self._settlements.add(task)
            try:
                await settlement
            finally:
                self._settlements.discard(task)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._settlements.add(task)
        task.add_done_callback(self._settlements.discard)

    def _rest_s(self, hand: Hand) -> float:
        return max(hand.rest_until - self._clock.monotonic(), hand.channel.pause_s(critical=True))

    def _holds(self, message: Row) -> bool:
        return (message["id"], message["round"]) in self._in_hand

    def _look(self, hand: Hand, room: int, others: int, paced_s: float = 0.0) -> tuple[list[Row], float | None]:
        """The next texts for this channel; if there are fewer than it has room for, how long until one is due.

        Critical ones have all of the `room`, and of that all together no more than `others`, once there are others;
        `paced_s`: for how long its pace leaves these none.
        """
        name, now = hand.channel.name, self._clock.now()
        look = partial(
            self._shelf.look, name, in_hand=self._in_hand, now=now, ticks=self._clock.monotonic(), others=others
        )
        found, wait_s = look(self._muster.lanes_of(hand), room, one_by_one=hand.channel.window == 1)
        if not found and (urgency := self._muster.tries(hand, now=now)) is not None:
            found, _ = look(hand.lanes, 1, one_by_one=True, highest=urgency)
        if not found and others <= 0 and paced_s > 0:
            wait_s = paced_s if wait_s is None else min(wait_s, paced_s)
        return found, wait_s

    def _look_ahead(self, hand: Hand) -> None:
        """While the network thinks: what comes next. Any wake until then makes it void; booking checks it anyway."""
        with contextlib.suppress(StoreError):
            hand.ahead = next(iter(self._look(hand, 1, 1)[0]), None)
            hand.wake.clear()

    async def _carry(self, hand: Hand, message: Row) -> Coroutine[Any, Any, None] | None:
        """Until its last outcome; the settlement of that is returned, to be run. A fault of ours costs a pause."""
        key = (message["id"], message["round"])
        self._in_hand.add(key)
        hand.given += 1 / self._queue().ways.plan.weight(hand.channel.name)
        try:
            return await self._carry_parts(hand, message)
        except Exception:
            told = {"event": "dispatch_failure", "channel": hand.channel.name, "message_id": message["id"]}
            log.exception("a fault around sending", extra=told)
            self._in_hand.discard(key)
            hand.rest_until, hand.more = self._clock.monotonic() + SETTLE_RETRY_S, True
            return None

    async def _carry_parts(self, hand: Hand, message: Row) -> Coroutine[Any, Any, None] | None:
        """All missing parts, in order; each is settled before the next one goes."""
        unbooked = message["id"] in self._unwritable
        words = text_on_air(message, self._language()(message["person"]), unbooked=unbooked)
        refusal: Outcome | None = None
        try:
            fitted = hand.channel.fit(words, message["recipient"])
        except text.TextError as error:
            fitted, refusal = text.Fit("ucs2", (words,), 0, 0, altered=False), Refused(str(error), "text")
        single = message["parts"] == 1 and message["round"] == 0  # the usual case needs no look at its attempts
        cut = len(fitted.segments)
        done = set() if single else self._store.peek(messages.parts_done, message["id"], message["round"], cut)
        doubtful = set() if single else self._store.peek(shown.parts_in_doubt, message["id"], message["round"])
        missing = [number for number in range(1, cut + 1) if number not in done]
        for number in missing:
            submission = self._submission(message, fitted, number, doubtful=number in doubtful)
            book = _no_booking if unbooked else partial(self._book, hand, message, submission)
            began = self._clock.monotonic()
            outcome = refusal or await self._send(hand, submission, book)
            outcome = self._heed(hand, outcome, took_s=self._clock.monotonic() - began)
            last = number == missing[-1] or not isinstance(outcome, Accepted | Uncertain)
            if not unbooked:
                await hand.settling.acquire()
            settlement = self._settle(hand, message, submission, outcome, unbooked=unbooked, last=last)
            if last:
                return settlement
            if unbooked:  # the disk takes nothing: no part waits for it
                self._keep(asyncio.create_task(settlement))
            else:
                await settlement
        return None

    def _heed(self, hand: Hand, outcome: Outcome, *, took_s: float) -> Outcome:
        """What an outcome says of its channel."""
        hand.attempts[OUTCOMES[type(outcome)]].inc()
        hand.durations.observe(took_s)
        self._muster.heed(hand, outcome)
        if isinstance(outcome, Accepted):
            self.note_reference(hand.channel.sim, outcome.reference)
            hand.rests, hand.troubled_at = 0, None
        if isinstance(outcome, Deferred) and outcome.scope == "channel":
            return self._sick_bay.rest(hand, outcome)
        return outcome

    def _rested(self, hand: Hand) -> None:
        if self._hands.get(hand.channel.name) is hand:
            CHANNEL_UP.labels(hand.channel.name).set(self._muster.health_of(hand).state == "up")
            hand.wake.set()

    async def _send(self, hand: Hand, submission: Submission, book: Book) -> Outcome:
        """The channel's word. A fault of ours is a try like any other, so that no text blocks its lane by one."""
        ahead = None
        if hand.channel.window == 1 and len(self._hands) == 1:  # else others will have taken it by then
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

    def _submission(self, message: Row, fitted: text.Fit, number: int, *, doubtful: bool) -> Submission:
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
            patience_s=self._queue().settings.patience_s(message["priority"]),
            mark=repeat_mark(self._language()(message["person"])) if doubtful else "",
            coded=message["kind"] in CODED,
            lost=fitted.lost,
        )

    async def _book(self, hand: Hand, message: Row, submission: Submission) -> bool:
        """Law 6. While nothing can be written only critical texts go: next time without their row, marked, once."""
        if self._stopping and submission.part == 1:
            return False  # it waited in its channel; what is on the air ends, this has not begun
        try:
            try:
                booked = await self._store.write_each(self._sorter.book, self._booking(hand, message, submission))
            except StoreFull:  # the first "disk full" frees the ballast: now there is room for this row
                booked = await self._store.write_each(self._sorter.book, self._booking(hand, message, submission))
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
        if hand.more and hand.channel.window > 1:
            hand.wake.set()  # what it has room for, and when, is known once this one has its place
        return booked

    def _booking(self, hand: Hand, message: Row, submission: Submission) -> Booking:
        return Booking(
            attempt_id=int(submission.attempt_id),
            message=message,
            part=submission.part,
            parts=submission.parts,
            channel=hand.channel.name,
            sim=hand.channel.sim,
            reference_before=self._references.get(hand.channel.sim),
            now=self._clock.now(),
            lost=submission.lost,
        )

    async def _settle(
        self, hand: Hand, message: Row, submission: Submission, outcome: Outcome, *, unbooked: bool, last: bool
    ) -> None:
        """Write the outcome down; while the disk refuses, keep it in hand and try again."""
        rowless = submission.attempt_id not in hand.booked
        hand.booked.discard(submission.attempt_id)
        told_at = float("-inf")
        try:
            while not isinstance(outcome, Withdrawn):
                try:
                    answer = self._answer(hand, message, submission, outcome, rowless=rowless)
                    incident = await self._store.write_each(self._sorter.answered, answer, patient=True)
                    self._unwritable.discard(message["id"])
                    hand.tell(submission, outcome, incident)
                    break
                except StoreError as error:
                    if self._clock.monotonic() - told_at >= TOLD_AGAIN_S:
                        told_at = self._clock.monotonic()
                        event = {"event": "outcome_waits", "message_id": message["id"]}
                        log.error("an outcome waits for the disk: %s", error, extra=event)
                    await pause(SETTLE_RETRY_S)
        finally:
            if not unbooked:
                hand.settling.release()
            if last:
                self._in_hand.discard((message["id"], message["round"]))
                if not isinstance(outcome, Accepted):
                    self.woken()  # it may be for another channel now

    def _answer(self, hand: Hand, message: Row, submission: Submission, outcome: Outcome, *, rowless: bool) -> Answer:
        of_channel = isinstance(outcome, Deferred) and outcome.scope == "channel"  # it tells nothing of the text
        return Answer(
            self._booking(hand, message, submission),
            outcome,
            self._clock.now(),
            rowless=rowless and not of_channel,
            resting=hand.health.state == "up" if of_channel else None,
        )

    # --- the end

    async def stop(self, grace_s: float) -> None:
        """Take no more work; wait for what is on the air, then for its outcomes to be on disk."""
        self._stopping = True
        self._sick_bay.close()
        self.woken()
        tasks = [h.task for h in self._hands.values() if h.task is not None]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._settlements:
            await asyncio.wait(self._settlements, timeout=5.0)


def _english(_person: str) -> str:
    return ENGLISH


async def _no_booking() -> bool:
    return True
