"""The real desk, store, queue, dispatch, inbox and due rows of gatewayd, in virtual time, without its doors."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any

from gatewayd import due
from gatewayd.clock import LoopClock, pause, until_set
from gatewayd.config.file import parse
from gatewayd.daemon import Daemon
from gatewayd.model import Refusal, Report
from gatewayd.oncall.cover import Absence
from gatewayd.store.db import Reader
from proofs.year.air import Air
from proofs.year.behaviour import EPOCH, TEAM, ZONE
from proofs.year.channels import Bureau, Door, Modem, now, spawn, stamp
from proofs.year.faults import Fault

FIGURES_S = 20.0  # the daemon looks every 5 s whether the air is busy; here this often while much waits
CALM_S = 3_600.0  # and this often while nothing does
CROWD = 5  # faults at once
DUE_LOOK_S = 3_600.0  # it looks at the clock every 30 s as the clock may be set; here nobody sets it

CONFIG = f"""
state_dir = "{{home}}"
default_policy = "night"
[web]
listen = []
[[modems]]
name = "modem1"
port = "unix:/nowhere/1"
[[modems]]
name = "modem2"
port = "unix:/nowhere/2"
[[tap]]
name = "north"
end = "unix:/nowhere/3"

[[calendars]]
name = "office"
zone = "{ZONE}"
holidays = "GB-ENG"
working = [{{{{ days = "mon-fri", hours = "09:00-17:30" }}}}]

[[rotas]]
name = "noc"
zone = "{ZONE}"
fallback = [{", ".join(f'"{name}"' for name in TEAM)}]
night = "22:00-07:00"
relief_after = 3
[[rotas.layers]]
name = "weeks"
people = [{", ".join(f'"{name}"' for name in TEAM)}]
start = 2025-12-29
hand_over = "mon 09:00"

[[teams]]
name = "noc"
members = [{", ".join(f'"{name}"' for name in TEAM)}]
group = {{{{ number = "4700", channel = "north", wait_s = 90 }}}}

[[policies]]
name = "night"
steps = [
  {{{{ page = ["rota:noc"], wait_s = 300 }}}},
  {{{{ page = ["backup:noc"], wait_s = 300 }}}},
]
repeat = 0
fallback = ["team:noc"]

[[policies]]
name = "by-day"
steps = [{{{{ page = ["team:noc"], wait_s = 300 }}}}]
fallback = ["team:noc"]

[[rules]]
name = "flapping"
services = ["link-*"]
hold_s = 120
[[rules]]
name = "working-hours"
severities = ["critical"]
calendar = "office"
during = "working hours"
policy = "by-day"
[[rules]]
name = "morning"
severities = ["warning", "info"]
calendar = "office"
digest = "09:15"
[[inhibitions]]
name = "uplink-first"
by = {{{{ services = ["uplink"] }}}}
of = {{{{ services = ["remote-*"] }}}}
"""
PERSON = """
[[people]]
name = "{name}"
devices = [
  {{ number = "{phone}", name = "phone", wait_s = 90 }},
  {{ kind = "pager", number = "{pager}", channel = "north", wait_s = 90 }},
  {{ number = "{second}", name = "second", wait_s = 120 }},
]
"""


def configuration(home: Path, air: Air) -> str:
    people = ""
    for person in air.people.values():
        phone, pager, second = (device.number for device in person.devices)
        people += PERSON.format(name=person.name, phone=phone, pager=pager, second=second)
    return CONFIG.format(home=home) + people


class Office:
    """`acknowledged` by the number of the fault: when, and by whom."""

    def __init__(self, home: Path, air: Air, faults: list[Fault]) -> None:
        self.home, self.air, self.faults = home, air, faults
        self.acknowledged: dict[int, tuple[float, str]] = {}
        self._unrepaired: dict[str, Fault] = {}
        self._changed = asyncio.Event()
        self._crowded = asyncio.Event()
        self._running: list[asyncio.Task[None]] = []
        self._door = Door()
        for person in air.people.values():
            person.at_terminal = self._at_terminal

    async def begin(self) -> None:
        assert EPOCH.tzinfo is UTC
        due.SLEEP_S_MAX = DUE_LOOK_S
        self.clock = LoopClock(asyncio.get_running_loop(), epoch=EPOCH)
        await self._start()
        for person in self.air.people.values():
            for begins, ends in person.absent.spans:
                away = Absence(person.name, stamp(begins), stamp(ends))
                await self.daemon.store.write(self.daemon.desk.roster.accept, away, by="operator", now=self.clock.now())

    async def _start(self) -> None:
        toml = configuration(self.home, self.air)
        daemon = Daemon(parse(toml), self.home / "gateway.toml", clock=self.clock, inline=True, dice=lambda: 0.5)
        daemon.store.open()
        daemon._build()
        await daemon.store.write(daemon._resume, now=self.clock.now())
        self._door.house = daemon.fleet._house
        channels: list[Modem | Bureau] = [Modem(sim, self.air, self._door) for sim in self.air.sims]
        channels.append(Bureau("north", self.air, self._door))
        for channel in channels:
            radio = isinstance(channel, Modem)
            shared = partial(daemon.ways.shared, channel.name)
            daemon.dispatch.add(channel, radio=radio, takes_any=radio, shared=shared)
            self._run(channel.run())
        daemon.store.committed = self._committed
        self.daemon = daemon
        self._run(daemon.due.run())
        self._run(self._figures())
        self._run(self._repairs())
        self._door.open.set()

    def _run(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        spawn(task)
        self._running.append(task)

    async def restart(self) -> None:
        """Stopped in order, and started on the same books: an upgrade."""
        await self.end()
        await pause(8.0)
        await self._start()

    async def end(self) -> None:
        self._door.open.clear()
        await self.daemon.dispatch.stop(30.0)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._running.clear()
        await self.daemon.chores.end()
        await self.daemon.store.close()

    # --- what monitors say

    async def fire(self, fault: Fault) -> None:
        self._unrepaired[fault.key] = fault
        await self._report(fault, "firing")
        if fault.lasts_s is not None:
            await pause(max(0.0, fault.begins + fault.lasts_s - now()))
            await self._clear(fault)

    async def _clear(self, fault: Fault) -> None:
        if self._unrepaired.pop(fault.key, None) is not None:
            await self._report(fault, "resolved")

    async def _report(self, fault: Fault, status: Any) -> None:
        await self._door.enter()  # a monitor that finds nobody tries again
        report = Report("monitor", fault.key, fault.service, fault.severity, fault.summary, status)
        await self.daemon.store.write(self.daemon.desk.report, report, now=self.clock.now())

    # --- what people do without a phone

    def _at_terminal(self, name: str, fault: int) -> None:
        spawn(self._acknowledge(name, fault))

    async def _acknowledge(self, name: str, fault: int) -> None:
        await self._door.enter()
        incident = self.daemon.store.peek(_open_with, f"f{fault}")
        if incident is not None:
            with contextlib.suppress(Refusal):  # somebody was quicker
                await self.daemon.store.write(self.daemon.desk.acknowledge, incident, by=name, now=self.clock.now())

    # --- what follows

    def _committed(self) -> None:
        self.daemon.due.wake.set()
        self._changed.set()
        if len(self._unrepaired) > CROWD:
            self._crowded.set()

    async def _repairs(self) -> None:
        """Who has taken a fault repairs it."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self._unrepaired:
                for key, by in self.daemon.store.peek(_taken):
                    fault = self._unrepaired.get(key)
                    if fault is not None and fault.number not in self.acknowledged:
                        self.acknowledged[fault.number] = now(), by
                        if fault.lasts_s is None:
                            spawn(self._repair(fault))

    async def _repair(self, fault: Fault) -> None:
        await pause(fault.repair_s)
        await self._clear(fault)

    async def _figures(self) -> None:
        while True:
            if self.daemon.store.peek(_much_waits):
                await pause(FIGURES_S)
                await self.daemon._figures()
            else:
                await until_set(self._crowded, CALM_S)
                self._crowded.clear()


def _taken(reader: Reader) -> list[tuple[str, str]]:
    rows = reader.all(
        "SELECT a.key, i.acknowledged_by FROM incident i JOIN alert a ON a.incident_id = i.id"
        " WHERE i.state <> 'resolved' AND i.state = 'acknowledged' AND a.status = 'firing'"
    )
    return [(row["key"], row["acknowledged_by"]) for row in rows]


def _open_with(reader: Reader, key: str) -> int | None:
    row = reader.one(
        "SELECT i.id FROM incident i JOIN alert a ON a.incident_id = i.id WHERE a.key = :k AND i.state = 'open'", k=key
    )
    return int(row["id"]) if row else None


def _much_waits(reader: Reader) -> bool:
    row = reader.one("SELECT COUNT(*) AS n FROM message WHERE state = 'queued'")
    return row is not None and row["n"] > 2
