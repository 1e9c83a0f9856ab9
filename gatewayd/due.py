"""Serves every wait of the house when it falls due: escalations, doubts, overdue receipts, expiries (law 3).

It sleeps until the first due row and is woken by each commit; nothing polls. The wall clock is suspect (law 2): a step
of more than 5 s is journalled and the waits that run keep their length.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping

from gatewayd.clock import SECOND, Clock, pause, until_set
from gatewayd.desk import STILL_FIRING_US
from gatewayd.metrics import CLOCK_STEPS, DUE_LATE
from gatewayd.replies import ANSWERS_US
from gatewayd.store import journal, messages, site_visits, steps
from gatewayd.store.db import Store, StoreError, Tx
from gatewayd.store.incoming import DEDUPE_UNDATED_US

log = logging.getLogger("gatewayd.due")

STEP_US = 5 * SECOND
TURN_ROWS_MAX = 200
SLEEP_S_MAX = 30.0  # look at the clock at least this often: it may have been set
FAILED_WAIT_US = 60 * SECOND  # a row whose rule failed is tried again after this
STORE_REST_S = 1.0
TOLD_AGAIN_S = 60.0  # that the disk still refuses

Serve = Callable[[Tx, int, int], None]  # (tx, subject, now)


class DueRows:
    """`kinds` maps a wait's kind to the function that serves it; `expire` ends texts whose validity is over."""

    def __init__(
        self, store: Store, clock: Clock, kinds: Mapping[str, Serve], expire: Callable[[Tx, int], int]
    ) -> None:
        self._store = store
        self._clock = clock
        self._kinds = kinds
        self._expire = expire
        self._owed_us = 0  # a step that could not be written down yet
        self.wake = asyncio.Event()
        self.turned_at = clock.monotonic()  # for the watchdog

    async def run(self) -> None:
        told_at = float("-inf")
        while True:
            self.wake.clear()
            self.turned_at = self._clock.monotonic()
            try:
                await self._note_step(self._clock.step())
                sleep_s = self._sleep_s()
                if sleep_s <= 0:
                    await self._turn(self._clock.now())
                    continue
            except StoreError as error:
                if self._clock.monotonic() - told_at >= TOLD_AGAIN_S:
                    told_at = self._clock.monotonic()
                    log.error("due rows wait for the disk: %s", error, extra={"event": "due_rows_wait"})
                await pause(STORE_REST_S)
                continue
            DUE_LATE.set(0)
            await until_set(self.wake, sleep_s)

    async def _note_step(self, step: int) -> None:
        if abs(step) >= STEP_US:
            CLOCK_STEPS.labels("forward" if step > 0 else "back").inc()
            log.warning("the clock was set by %+.1f s", step / SECOND, extra={"event": "clock_step"})
            self._owed_us += step
        if self._owed_us:
            await self._store.write_first(shift_waits, self._owed_us, now=self._clock.now())
            self._owed_us = 0

    async def _turn(self, now: int) -> None:
        """Serve what is due."""
        rows = self._store.peek(messages.waits_due, now=now, limit=TURN_ROWS_MAX)
        if rows:
            DUE_LATE.set((now - rows[0]["due_at"]) / SECOND)
            await asyncio.gather(*(self._serve(row["kind"], row["subject"], now) for row in rows))
        await self._store.write_first(self._expire, now)

    async def _serve(self, kind: str, subject: int, now: int) -> None:
        serve = self._kinds.get(kind)
        if serve is None:
            log.error("nobody serves waits of kind '%s'", kind, extra={"event": "unknown_wait"})
            await self._store.write_first(messages.set_wait, kind, subject, now + FAILED_WAIT_US)
            return
        try:
            await self._store.write_first(_if_due, serve, kind, subject, now)
        except StoreError:
            raise
        except Exception:
            log.exception("the wait %s %d failed", kind, subject, extra={"event": "wait_failed", "kind": kind})
            await self._store.write_first(messages.set_wait, kind, subject, now + FAILED_WAIT_US)

    def _sleep_s(self) -> float:
        """Until the first due row; 0 or less: now."""
        first = self._store.peek(messages.first_due)
        return SLEEP_S_MAX if first is None else min((first - self._clock.now()) / SECOND, SLEEP_S_MAX)


def _if_due(tx: Tx, serve: Serve, kind: str, subject: int, now: int) -> None:
    """Somebody may have moved the wait between our look and the transaction."""
    if messages.is_due(tx, kind, subject, now=now):
        serve(tx, subject, now)


def shift_waits(tx: Tx, step: int, *, now: int) -> None:
    """The wall moved by `step`: what waits for a length of time keeps it, and so does what looks back over one."""
    _shift(tx, step, now=now)
    journal.write(tx, "clock_step", now=now, by_us=step)


def _shift(tx: Tx, step: int, *, now: int) -> None:
    messages.shift(tx, step)
    steps.shift_held(tx, step, now=now)
    site_visits.shift(tx, step)
    earlier = min(now, now - step)
    steps.shift_answers(tx, step, newer_than=earlier - ANSWERS_US)
    steps.shift_closed_alerts(tx, step, newer_than=earlier - STILL_FIRING_US)
    steps.shift_refusals(tx, step)
    steps.shift_incoming(tx, step, newer_than=earlier - DEDUPE_UNDATED_US)
    steps.shift_rests(tx, step)


def mind_the_past(tx: Tx, *, now: int) -> int:
    """At start: a clock that is behind our own newest row was reset (no battery, no network). Returns the gap.

    Time has certainly not run backwards, so waits are moved with the clock instead of lasting for years.
    """
    newest = tx.one("SELECT at FROM journal ORDER BY seq DESC LIMIT 1")  # older ones may be of a better clock
    gap = (newest["at"] if newest else 0) - now
    if gap < STEP_US:
        return 0
    _shift(tx, -gap, now=now)
    journal.write(tx, "clock_distrusted", now=now, behind_us=gap)
    return gap


def mind_the_doubt(tx: Tx, *, now: int) -> int:
    """At start: a clock that was known to be behind may have been set meanwhile. Returns by how much, or 0.

    How long we were not running cannot be told from that then. So nothing expires by it: queued texts stay valid for as
    much longer as the clock was behind. What waits for an answer may be due at once: rather too early than too late.
    """
    last = steps.last_of(tx, "clock_distrusted", "clock_trusted", "clock_step")
    newest = tx.one("SELECT at FROM journal ORDER BY seq DESC LIMIT 1")
    if last is None or newest is None or last["event"] != "clock_distrusted":
        return 0
    facts = json.loads(last["facts"])
    behind: int = facts.get("behind_us", facts.get("error_us", 0))
    if not STEP_US <= behind <= now - newest["at"]:
        return 0
    steps.extend_validity(tx, behind)
    steps.digests_anew(tx, now=now)
    journal.write(tx, "clock_step", now=now, by_us=behind, reason="it was behind when we stopped")
    return behind
