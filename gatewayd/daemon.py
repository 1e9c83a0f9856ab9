"""Composition root: builds the house, starts it, watches it, stops it in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import platform
import random
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from gatewayd import (
    VERSION,
    detour,
    folding,
    hand_over,
    hearing,
    logs,
    metrics,
    proof_of_life,
    purse,
    replies,
    rounds,
    stranded,
)
from gatewayd.airtime import Airtime
from gatewayd.budget import Treasurer
from gatewayd.channel_watch import ChannelWatch
from gatewayd.channels.rationed import Session
from gatewayd.clock import SECOND, Clock, pause
from gatewayd.config.file import ChannelSettings, Config, ConfigError, load
from gatewayd.desk import Desk
from gatewayd.dispatch import Dispatch
from gatewayd.due import DueRows, mind_the_doubt, mind_the_past
from gatewayd.fleet import Fleet
from gatewayd.folding import Folding
from gatewayd.hand_over import HandOvers
from gatewayd.heartbeat import Greeting, Heart
from gatewayd.inbox import Inbox
from gatewayd.notify import Notifier
from gatewayd.oncall import codes
from gatewayd.porch import Porch
from gatewayd.proof_of_life import ProofOfLife
from gatewayd.queue import LISTEN_US, Queue
from gatewayd.rounds import Rounds
from gatewayd.self_report import SelfReport
from gatewayd.sessions import Sessions
from gatewayd.store import incidents, journal, lanes, messages, news, waiting
from gatewayd.store.db import StoreError, Tx
from gatewayd.store.firing import REST
from gatewayd.store.sqlite import SqliteStore
from gatewayd.store.waiting import KEPT_ALERT, STILL_FIRES
from gatewayd.ways import RELOADED_MAX, Ways
from gatewayd.web.doors import Doors
from gatewayd.web.server import Server

log = logging.getLogger("gatewayd.daemon")

TICK_S = 1.0
FIGURES_EVERY_TICKS = 5
COUNTED_S_MAX = 60.0  # while nothing is booked and nothing waits, figures change by the passing of time alone
CLOSE_S = 5.0
PROBLEMS_TOLD_MAX = 3  # of a file that was refused, in the log
STUCK_S = 40.0  # a commit or the runner of due rows (which sleeps up to 30 s) that takes longer starves the watchdog


class Daemon:
    """`start`, then `wait`, then `stop`. Everything it needs comes in; nothing is global but the metrics."""

    def __init__(
        self,
        config: Config,
        path: Path,
        *,
        clock: Clock | None = None,
        inline: bool = False,
        dice: Callable[[], float] = random.random,
        notifier: Notifier | None = None,
    ) -> None:
        self.config = config
        self._path = path
        self.clock = clock or Clock()
        self._dice = dice
        self._notifier = notifier or Notifier({})
        self.store = SqliteStore(config.state_dir, self.clock, inline=inline)
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop, self._counted_at = asyncio.Event(), float("-inf")  # monotonic
        self.failure: str | None = None

    # --- building

    async def start(self) -> None:
        """Open the store, take the addresses, resume what was running, open the doors. Raises StoreError, OSError.

        Nothing is written and no modem is touched before store and addresses are ours.
        """
        self.store.open()
        self._build()
        self.web = Server(self._doors())
        try:
            await self.web.listen()
            await self.store.write(self._resume, now=self.clock.now())
        except (StoreError, OSError):
            await self.web.stop(0)
            await self.store.close()
            raise
        self.store.committed = self.due.wake.set
        for settings, secret, session in _berths(self.config).values():
            self.fleet.open(settings, secret, session)
        self._spawn(self.due.run(), "due rows")
        self._spawn(self._tick(), "tick")
        self._spawn(self.heart.run(), "heartbeat")
        await self.web.serve()
        metrics.BUILD_INFO.labels(VERSION, platform.python_version()).set(1)
        metrics.CONFIG_OK.set(1)
        self._notifier.ready(self._status())
        log.info("gatewayd %s is ready: %s", VERSION, ", ".join(self.web.urls), extra={"event": "ready"})

    def _build(self) -> None:
        self.dispatch = Dispatch(self.store, self.clock, lambda: self.queue, lambda: self.desk.folding.language)
        self.airtime = Airtime()
        self.ways = Ways(self.dispatch.ways, standings=self.dispatch.standings, sick_s=self.dispatch.sick_s)
        self.queue = Queue(
            self.config.delivery,
            ways=self.ways,
            woken=self._woken,
            dice=self._dice,
            recall=self.dispatch.recall,
        )
        self.heart = Heart(self.config.heartbeat, well=lambda: self._turning() and self.ready()[0], words=self._status)
        self.watch = ChannelWatch(SelfReport(lambda: self.desk), partial(self._write_soon, name="tell of a channel"))
        self._furnish(self.config)
        self.inbox = Inbox(
            self.store,
            self.clock,
            lambda: self.desk,
            lambda: self.queue,
            ours=lambda tx, text, now: self.proofs.heard(tx, text, now=now),
        )
        house = Porch(
            self.inbox,
            lambda: self.dispatch,
            lost=self._channel_lost,
            came=self._channel_came,
            balance=self._balance_told,
        )
        self.fleet = Fleet(
            self.dispatch,
            house,
            self.clock,
            spawn=self._spawn,
            left=self._channel_lost,
            shared=self.ways.shared,
            books=Sessions(self.store, self.clock, lambda: self.queue),
        )
        self.fleet.ports.look_at = self.config.ports.look_at
        self.due = DueRows(
            self.store,
            self.clock,
            {
                "escalate": lambda tx, subject, now: self.desk.escalate(tx, subject, now=now),
                REST: lambda tx, subject, now: self.desk.firing.due(tx, subject, now=now),
                KEPT_ALERT: lambda tx, subject, now: self.desk.alert_let_out(tx, subject, now=now),
                STILL_FIRES: lambda tx, subject, now: self.desk.still_fires(tx, subject, now=now),
                "comes_back": lambda tx, subject, now: self.desk.comes_back(tx, subject, now=now),
                "doubt": lambda tx, subject, now: self.queue.patience_over(tx, subject, now=now),
                "receipt": lambda tx, subject, now: self.queue.receipt_overdue(tx, subject, now=now),
                **replies.kinds(lambda: self.desk),
                hand_over.KIND: lambda tx, subject, now: self.hand_overs.due(tx, subject, now=now),
                hearing.KIND: lambda tx, subject, now: hearing.over(tx, subject, self.queue.settings, now=now),
                detour.KIND: lambda tx, subject, now: detour.due(
                    tx, subject, self.ways.sick_s, self.config.delivery, now=now
                ),
                purse.KIND: lambda tx, subject, now: self.treasurer.due(tx, subject, now=now),
                proof_of_life.KIND: lambda tx, subject, now: self.proofs.due(tx, subject, now=now),
                proof_of_life.OVER: lambda tx, subject, now: self.proofs.over(tx, subject, now=now),
                **rounds.kinds(lambda: self.rounds),
                "alive": lambda tx, subject, now: self.greeting.due(tx, subject, now=now),
                folding.KIND: lambda tx, subject, now: self.desk.folding.due(tx, subject, now=now),
                news.KIND: lambda tx, subject, now: self.desk.pass_on(tx, subject, now=now),
                "parts": lambda tx, subject, now: self.inbox.parts_overdue(tx, subject, now=now),
            },
            lambda tx, now: self.queue.expire(tx, now=now),
        )

    def _furnish(self, config: Config) -> None:
        """What a reload replaces as a whole."""
        self.config = config
        self.directory = config.directory
        self.queue.settings = config.delivery
        self.ways.furnish(config.plan, config.delivery)
        folds = Folding(self.directory, config.delivery, self.queue, config.storms, urgent_s=self.airtime.urgent)
        self.desk = Desk(self.directory, config.delivery, self.queue, folds)
        self.hand_overs = HandOvers(self.directory, self.desk.roster, self.desk.notices, self.desk.agreements)
        report = SelfReport(lambda: self.desk)
        self.proofs = ProofOfLife(config.proof_of_life, self.queue, report)
        self.treasurer = Treasurer(
            config.pool,
            config.plan,
            {m.name: m.balance for m in config.modems if m.balance is not None},
            roster=self.desk.roster,
            notices=self.desk.notices,
            report=report,
        )
        self.rounds = Rounds(config.reachability, self.desk, self.queue)
        self.greeting = Greeting(config.heartbeat, self.desk.notices, self._up)
        self.heart.furnish(config.heartbeat)
        self.watch.settings = config.self_report
        for odd in config.warnings:
            log.warning("%s", odd, extra={"event": "config_warning"})

    def _resume(self, tx: Tx, *, now: int) -> None:
        behind = mind_the_past(tx, now=now)
        if behind:
            log.warning(
                "the clock is %.0f s behind our newest row", behind / SECOND, extra={"event": "clock_distrusted"}
            )
        elif (set_on := mind_the_doubt(tx, now=now)) > 0:
            extra = {"event": "clock_step"}
            log.warning("the clock was behind, and is %.0f s on since we stopped", set_on / SECOND, extra=extra)
        incidents.lay_out_codes(tx, codes.pool())
        self.ways.resume(tx)
        doubts = self.queue.resume(tx, now=now)
        self._begin(tx, now=now)
        self.treasurer.begin(tx)
        messages.wait_at_least(tx, "parts", now + LISTEN_US)  # the rest of a long text may wait in a modem
        for gone in lanes.channels(tx) - self._channels():
            self._move(gone, tx, now=now)
        journal.write(tx, "started", now=now, version=VERSION, in_doubt=doubts)

    def _begin(self, tx: Tx, *, now: int) -> None:
        """At a start and after a reload: waits that are new, and those that nobody wants any more."""
        self.desk.owners_gone(tx, now=now)
        self.desk.numbers_gone(tx, now=now)
        self.hand_overs.begin(tx, now=now)
        self.proofs.begin(tx, now=now)
        self.rounds.begin(tx, now=now)
        self.greeting.begin(tx, now=now)
        self.watch.begin(tx, self._channels(), now=now)
        self.desk.waiting_room.begin(tx, now=now)

    def _woken(self) -> None:
        self.dispatch.woken()
        self.fleet.woken()

    def _channels(self) -> set[str]:
        """Those of the configuration, whether they are open or not."""
        return {channel.name for channel in self.config.channels}

    def _doors(self) -> Doors:
        return Doors(
            store=self.store,
            clock=self.clock,
            desk=lambda: self.desk,
            rounds=lambda: self.rounds,
            queue=self.queue,
            directory=lambda: self.directory,
            dialling=lambda: self.config.dialling,
            channels=self._channels,
            ready=self.ready,
            reload=self.reload,
            backup=self.store.backup,
            modems=self.fleet,
            settings=self.config.web,
            file=self._path.absolute(),
            socket=self.config.socket,
        )

    # --- watching

    def ready(self) -> tuple[bool, dict[str, str]]:
        """Whether a page posted now would be stored and could leave, and how each part is."""
        healths = self.dispatch.healths()
        told = {name: "; ".join(part for part in (h.reason, h.note) if part) for name, h in healths.items()}
        parts = {name: f"{h.state}{f': {told[name]}' if told[name] else ''}" for name, h in healths.items()}
        parts |= self.fleet.waiting() | self.fleet.strays()
        writable = self.store.writable()
        parts["store"] = "writable" if writable else "full or read-only"
        if busy := self.airtime.told(self.config.storms.drain_told_s):
            parts["queue"] = busy
        parts |= self.store.peek(self.rounds.told)
        return writable and any(h.state == "up" for h in healths.values()), parts

    def _up(self) -> tuple[int, int, str]:
        busy = self.airtime.told(self.config.storms.drain_told_s)
        return len(self.dispatch.up()), len(self._channels()), busy

    def _status(self) -> str:
        up, every, busy = self._up()
        return f"{up} of {every} channels up{f'; {busy}' if busy else ''}"

    def _channel_lost(self, channel: str) -> None:
        self._write_soon(partial(self._move, channel), f"move from {channel}")

    def _channel_came(self, channel: str) -> None:
        if self.dispatch.takes_any(channel) or not self.ways.plain:
            self._write_soon(partial(self._bring_forward, channel), f"bring forward to {channel}")

    async def _balance_told(self, channel: str, sim: str, said: str, amount: float | None) -> None:
        await self.store.write_first(self.treasurer.balance, channel, sim, said, amount, now=self.clock.now())

    def _move(self, channel: str, tx: Tx, *, now: int) -> None:
        """Queued texts of a channel that cannot take them now, or that is not there any more."""
        self.queue.channel_lost(tx, channel, now=now)
        if channel not in self._channels():
            stranded.strand(tx, channel, now=now)
            tx.after_commit(self.dispatch.woken)

    def _bring_forward(self, channel: str, tx: Tx, *, now: int) -> None:
        if self.ways.plain:
            stranded.bring_forward(tx, channel, now=now)
        else:
            self.ways.place_again(tx, now=now)
        tx.after_commit(self.dispatch.woken)

    def _write_soon(self, function: Callable[..., object], name: str) -> None:
        """`function(tx, now=)`, as soon as the disk takes it; what the store refuses it tells itself."""
        self._spawn(self._write(function), name)

    async def _write(self, function: Callable[..., object]) -> None:
        while True:
            try:
                await self.store.write_first(function, now=self.clock.now())
            except StoreError:
                await pause(TICK_S)
            else:
                return

    async def _tick(self) -> None:
        """Once a second: how late the loop is, and whether the house turns; now and then the figures."""
        loop = asyncio.get_running_loop()
        ticks = 0
        while not self._stop.is_set():
            expected = loop.time() + TICK_S
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_S):
                    await self._stop.wait()
            metrics.LOOP_LAG.set(max(0.0, loop.time() - expected))
            if self._turning():
                self._notifier.alive()
            if ticks % FIGURES_EVERY_TICKS == 0:
                with contextlib.suppress(StoreError):  # figures are no reason to end
                    await self._figures()
            ticks += 1

    def _turning(self) -> bool:
        now = self.clock.monotonic()
        busy = self.store.busy_since
        return now - self.due.turned_at < STUCK_S and (busy is None or now - busy < STUCK_S)

    async def _figures(self) -> None:
        began, store = self.clock.monotonic(), self.store
        if store.settled_at >= self._counted_at or began >= self._counted_at + COUNTED_S_MAX:
            self._counted_at = began if await self._count(self.clock.now()) == 0 else float("-inf")
        await self.inbox.judge_clock()
        self.fleet.look_around()
        self.watch.look(self.dispatch.healths(), self.clock.monotonic(), writable=store.writable())
        self._notifier.status(self._status())

    async def _count(self, now: int) -> int:  # of the texts that wait
        found = await self.store.read(messages.counts, now=now)
        for priority, word in enumerate(("critical", "high", "normal", "low")):
            row = found["waiting"].get(priority)
            metrics.QUEUE_MESSAGES.labels(word).set(row["n"] if row else 0)
            oldest = row["oldest"] if row else None
            metrics.QUEUE_OLDEST_AGE.labels(word).set((now - oldest) / SECOND if oldest is not None else 0)
        metrics.IN_DOUBT.set(found["doubts"])
        await self.store.read(self.airtime.measure, self.ways.plan, self.dispatch.standings())
        self.store.peek(self.ways.gauge, now=now)
        self.store.peek(self.rounds.measure)
        for state in ("open", "acknowledged"):
            metrics.INCIDENTS.labels(state).set(found["incidents"].get(state, 0))
        for gone in self.store.peek(lanes.channels) - self._channels():
            self._channel_lost(gone)  # a repeat, or sent again, by a channel that left meanwhile
        if self.store.peek(waiting.without_deadline):
            lost = await self.store.write_first(self.desk.waiting_room.mind_deadlines, now=now)
            log.error("%d open incidents had no next deadline", lost, extra={"event": "deadline_missing"})
        return len(found["waiting"])

    # --- changing

    async def reload(self) -> list[str]:
        """Read the file again. Wrong: the old configuration stays whole, and the problems are returned."""
        self._notifier.reloading(self.clock.monotonic())
        try:
            config = load(self._path, now=self.clock.now())
        except ConfigError as error:
            return self._refused([str(problem) for problem in error.problems])
        except Exception as error:  # a fault of ours in reading it is no reason to stop paging
            log.exception("the configuration could not be read", extra={"event": "reload_failed"})
            return self._refused([f"a fault of gatewayd, its log knows more: {error!r}"[:200]])
        fixed = [
            f"{what}: a change needs a restart"
            for what, old, new in (
                ("state_dir", self.config.state_dir, config.state_dir),
                ("socket", self.config.socket, config.socket),
                ("web", self.config.web, config.web),
            )
            if old != new
        ]
        if fixed:
            return self._refused(fixed)
        for secret in config.secrets.values():
            logs.SECRETS.add(secret.get_secret_value())
        self._replace(config)
        logs.setup(config.log.level, config.log.format, clock=self.clock)
        metrics.CONFIG_RELOADS.labels("done").inc()
        metrics.CONFIG_OK.set(1)
        self._notifier.ready(self._status())
        log.info("configuration read again", extra={"event": "reloaded"})
        return []

    def _refused(self, problems: list[str]) -> list[str]:
        """The old configuration stays; one line tells the first few reasons, the caller gets all."""
        metrics.CONFIG_RELOADS.labels("refused").inc()
        metrics.CONFIG_OK.set(0)
        more = f"; {len(problems) - PROBLEMS_TOLD_MAX} more" if len(problems) > PROBLEMS_TOLD_MAX else ""
        log.error(
            "configuration not changed: %s%s",
            "; ".join(problems[:PROBLEMS_TOLD_MAX]),
            more,
            extra={"event": "reload_refused", "problems": len(problems)},
        )
        self._notifier.ready(f"{self._status()}; reload refused: {problems[0]}")
        return problems

    def _replace(self, config: Config) -> None:
        """All of it at once. Only channels whose settings changed are closed and opened, in the background."""
        old, new = _berths(self.config), _berths(config)
        self._furnish(config)
        self.fleet.ports.look_at = config.ports.look_at
        for name, kept in old.items():
            if new.get(name) != kept:
                self.fleet.close(name)
        for name, (settings, secret, session) in new.items():
            if old.get(name) != new[name]:
                self.fleet.open(settings, secret, session)
        self._write_soon(self._configuration_changed, "what a reload changes in the books")

    def _configuration_changed(self, tx: Tx, *, now: int) -> None:
        journal.write(tx, "configuration_changed", now=now)
        self._begin(tx, now=now)
        self.ways.place_again(tx, now=now, limit=RELOADED_MAX)
        tx.after_commit(self.dispatch.woken)

    # --- the end

    def stop_soon(self) -> None:
        self._stop.set()

    async def wait(self) -> None:
        await self._stop.wait()

    async def stop(self) -> None:
        """Take no more work, let what is on the air end (30 s), record the rest, close."""
        self._stop.set()
        self._notifier.stopping("letting what is on the air end")
        log.info("stopping", extra={"event": "stopping"})
        grace_s = self.config.delivery.grace_stop_s
        await self.web.stop(min(grace_s, 5.0))
        await asyncio.gather(self.dispatch.stop(grace_s), self.fleet.ended(grace_s))
        await self.fleet.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(StoreError, TimeoutError):
            async with asyncio.timeout(CLOSE_S):  # a disk that hangs must not keep us from ending
                await self.store.write_first(journal.write, "stopped", now=self.clock.now())
                await self.store.close()

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def reload_soon(self) -> None:
        """SIGHUP."""
        self._spawn(self._reload_and_forget(), "reload")

    async def _reload_and_forget(self) -> None:
        await self.reload()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.critical("%s ended: %r", task.get_name(), error, exc_info=error, extra={"event": "task_died"})
            self.failure = f"{task.get_name()}: {error!r}"
            self._stop.set()


def _berths(config: Config) -> dict[str, tuple[ChannelSettings, SecretStr | None, Session]]:
    """What each channel is opened with; a change of it opens the channel anew."""
    return {c.name: (c, config.secrets.get(c.name), Session(*config.plan.session(c.name))) for c in config.channels}
