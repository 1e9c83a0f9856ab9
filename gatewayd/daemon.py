"""Composition root: builds the house, starts it, watches it, stops it in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import platform
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

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
)
from gatewayd.airtime import Airtime
from gatewayd.budget import Treasurer
from gatewayd.channel_watch import ChannelWatch
from gatewayd.channels.rationed import Session
from gatewayd.chores import Chores
from gatewayd.clock import SECOND, Clock
from gatewayd.config.file import ChannelSettings, Config, ConfigError, load
from gatewayd.desk import Desk
from gatewayd.dispatch import Dispatch
from gatewayd.due import DueRows, mind_the_doubt, mind_the_past
from gatewayd.figures import Figures
from gatewayd.fleet import Fleet
from gatewayd.folding import Folding
from gatewayd.hand_over import HandOvers
from gatewayd.heartbeat import Greeting, Heart
from gatewayd.inbox import Inbox
from gatewayd.lookout import Lookout
from gatewayd.notify import Notifier
from gatewayd.oncall import codes
from gatewayd.porch import Porch
from gatewayd.proof_of_life import ProofOfLife
from gatewayd.queue import LISTEN_US, Queue
from gatewayd.rounds import Rounds
from gatewayd.self_report import SelfReport
from gatewayd.sessions import Sessions
from gatewayd.store import incidents, journal, lanes, messages, news
from gatewayd.store.db import StoreError, Tx
from gatewayd.store.firing import REST
from gatewayd.store.sqlite import SqliteStore
from gatewayd.store.waiting import KEPT_ALERT, STILL_FIRES
from gatewayd.transfers import Transfers
from gatewayd.ways import RELOADED_MAX, Ways
from gatewayd.web.doors import Doors
from gatewayd.web.server import Server

log = logging.getLogger("gatewayd.daemon")

TICK_S = 1.0
FIGURES_EVERY_TICKS = 5
CLOSE_S = 5.0
PROBLEMS_TOLD_MAX = 3  # of a file that was refused, in the log


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
        self.chores = Chores(self.store, self.clock, failed=self._failed)
        self._stop = asyncio.Event()
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
        self.chores.spawn(self.due.run(), "due rows")
        self.chores.spawn(self._tick(), "tick")
        self.chores.spawn(self.heart.run(), "heartbeat")
        await self.web.serve()
        metrics.BUILD_INFO.labels(VERSION, platform.python_version()).set(1)
        metrics.CONFIG_OK.set(1)
        self._notifier.ready(self.lookout.words())
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
        self.transfers = Transfers(self.queue, self.dispatch, self.chores, configured=self._channels)
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
            lost=self.transfers.lost,
            came=self.transfers.came,
            balance=self._balance_told,
        )
        self.fleet = Fleet(
            self.dispatch,
            house,
            self.clock,
            spawn=self.chores.spawn,
            left=self.transfers.lost,
            shared=self.ways.shared,
            books=Sessions(self.store, self.clock, lambda: self.queue),
            closed=lambda name: self.ways.closed(name, now=self.clock.now()),
        )
        self.fleet.ports.look_at = self.config.ports.look_at
        self.due = self._due_rows()
        self.lookout = Lookout(
            self.store,
            self.clock,
            dispatch=self.dispatch,
            fleet=self.fleet,
            airtime=self.airtime,
            due=self.due,
            rounds=lambda: self.rounds,
            configured=self._channels,
            drain_told_s=lambda: self.config.storms.drain_told_s,
        )
        self.figures = Figures(
            self.store,
            self.clock,
            dispatch=self.dispatch,
            airtime=self.airtime,
            ways=self.ways,
            transfers=self.transfers,
            desk=lambda: self.desk,
            rounds=lambda: self.rounds,
            configured=self._channels,
        )
        self.heart = Heart(self.config.heartbeat, well=self.lookout.well, words=self.lookout.words)
        tell = partial(self.chores.write_soon, name="tell of a channel")
        self.watch = ChannelWatch(SelfReport(lambda: self.desk), tell)
        self._furnish(self.config)

    def _due_rows(self) -> DueRows:
        """Who serves each wait (law 3)."""
        return DueRows(
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
        self.greeting = Greeting(config.heartbeat, self.desk.notices, self.lookout.up)
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
            self.transfers.move(gone, tx, now=now)
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
            awaited=self.dispatch.awaited,
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
        return self.lookout.ready()

    async def _balance_told(self, channel: str, sim: str, said: str, amount: float | None) -> None:
        await self.store.write_first(self.treasurer.balance, channel, sim, said, amount, now=self.clock.now())

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
            if self.lookout.turning():
                self._notifier.alive()
            if ticks % FIGURES_EVERY_TICKS == 0:
                with contextlib.suppress(StoreError):  # figures are no reason to end
                    await self._figures()
            ticks += 1

    async def _figures(self) -> None:
        await self.figures.count()
        await self.inbox.judge_clock()
        self.fleet.look_around()
        self.watch.look(self.dispatch.healths(), self.clock.monotonic(), writable=self.store.writable())
        self._notifier.status(self.lookout.words())

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
        self._notifier.ready(self.lookout.words())
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
        self._notifier.ready(f"{self.lookout.words()}; reload refused: {problems[0]}")
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
        self.chores.write_soon(self._configuration_changed, "what a reload changes in the books")

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
        await self.chores.end()
        with contextlib.suppress(StoreError, TimeoutError):
            async with asyncio.timeout(CLOSE_S):  # a disk that hangs must not keep us from ending
                await self.store.write_first(journal.write, "stopped", now=self.clock.now())
                await self.store.close()

    def reload_soon(self) -> None:
        """SIGHUP."""
        self.chores.spawn(self._reload_and_forget(), "reload")

    async def _reload_and_forget(self) -> None:
        await self.reload()

    def _failed(self, why: str) -> None:
        self.failure = why
        self._stop.set()


def _berths(config: Config) -> dict[str, tuple[ChannelSettings, SecretStr | None, Session]]:
    """What each channel is opened with; a change of it opens the channel anew."""
    return {c.name: (c, config.secrets.get(c.name), Session(*config.plan.session(c.name))) for c in config.channels}
