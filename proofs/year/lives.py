"""Plays the year once: by gatewayd or by a plain policy. The same seed is the same year."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gatewayd.clock import pause
from gatewayd.config.file import parse
from gatewayd.roster import Roster
from gatewayd.store import journal
from gatewayd.store.db import Reader
from proofs.year.air import Air, air
from proofs.year.chance import DAY_S
from proofs.year.channels import now, spawn
from proofs.year.faults import Fault, faults
from proofs.year.office import Office, configuration
from proofs.year.people import FAULT, Shown, team
from proofs.year.plain import Plain, Way
from tests import virtual

AFTER_S = 26 * 3600.0  # what began last has until then
RESTART_DAYS = 30


@dataclass(slots=True)
class Life:
    """What became of each fault. `reached`: when the first text about it was on a screen; `stories`: the journal of
    those that took long, by fault."""

    way: str
    days: int
    faults: list[Fault]
    world: Air
    acknowledged: dict[int, tuple[float, str]]
    reached: dict[int, float]
    shown: list[Shown]
    took_s: float = 0.0
    broken: list[str] = field(default_factory=list)
    stories: dict[int, list[str]] = field(default_factory=dict)


def by_gatewayd(seed: int, days: int) -> Life:
    memory = Path("/dev/shm")  # a commit costs no disk there: it is time that is measured, not what survives
    where = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=where) as home:
        return _live(lambda: _gatewayd(seed, days, Path(home)))


def by_plain(way: Way, seed: int, days: int) -> Life:
    return _live(lambda: _plain(way, seed, days))


def _live(play: Callable[[], Awaitable[Life]]) -> Life:
    for name in ("gatewayd", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    began = time.monotonic()
    wrong: list[str] = []

    async def told() -> Life:
        def note(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
            wrong.append(f"{context['message']}: {context.get('exception')!r}")

        asyncio.get_running_loop().set_exception_handler(note)
        asyncio.get_running_loop().slow_callback_duration = 60
        return await play()

    loop = virtual.VirtualLoop()
    try:
        life = loop.run_until_complete(told())
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.wait_for(loop.shutdown_asyncgens(), 5))
        loop.close()
    life.took_s = time.monotonic() - began
    life.broken += wrong[:20]
    return life


async def _fire(broken: list[Fault], days: int, fire: Callable[[Fault], Awaitable[None]]) -> None:
    for fault in broken:
        await pause(max(0.0, fault.begins - now()))
        spawn(fire(fault))
    await pause(max(0.0, days * DAY_S + AFTER_S - now()))


async def _gatewayd(seed: int, days: int, home: Path) -> Life:
    people, broken = team(seed, days + 2), faults(seed, days)
    world = air(seed, days + 2, people)
    office = Office(home, world, broken)
    await office.begin()
    spawn(_restarts(office, days))
    await _fire(broken, days, office.fire)
    books = office.daemon.store
    wrong = books.peek(lambda reader: [*journal.breaks(reader), *_stuck(reader)])
    reached = books.peek(_reached, world.shown)
    life = Life("gatewayd", days, broken, world, office.acknowledged, reached, world.shown, broken=wrong)
    for fault in broken:
        taken = office.acknowledged.get(fault.number)
        if fault.critical and stays(fault) and (taken is None or taken[0] - fault.begins > 1_800):
            life.stories[fault.number] = books.peek(_story, fault.key)
    await office.end()
    return life


async def _restarts(office: Office, days: int) -> None:
    for _ in range(days // RESTART_DAYS):
        await pause(RESTART_DAYS * DAY_S)
        await office.restart()


async def _plain(way: Way, seed: int, days: int) -> Life:
    people, broken = team(seed, days + 2), faults(seed, days)
    world = air(seed, days + 2, people)
    directory = parse(configuration(Path("/nowhere"), world)).directory
    plain = Plain(way, world, Roster(directory).plans["noc"])
    await _fire(broken, days, plain.fire)
    reached: dict[int, float] = {}
    for text in world.shown:
        if (about := FAULT.search(text.words)) is not None:
            reached.setdefault(int(about[1]), text.at)
    return Life(way, days, broken, world, plain.acknowledged, reached, world.shown)


def stays(fault: Fault) -> bool:
    """Somebody must do something: it does not clear by itself within half an hour."""
    return fault.lasts_s is None or fault.lasts_s >= 1_800


# --- what the books say


def _reached(reader: Reader, shown: list[Shown]) -> dict[int, float]:
    first: dict[int, float] = {}
    for text in shown:
        first.setdefault(text.message, text.at)
    rows = reader.all(
        "SELECT mp.message_id, a.key FROM message_page mp JOIN page p ON p.id = mp.page_id"
        " JOIN alert a ON a.incident_id = p.incident_id"
    )
    found: dict[int, float] = {}
    for row in rows:
        at, number = first.get(row["message_id"]), int(row["key"][1:])
        if at is not None:
            found[number] = min(at, found.get(number, at))
    return found


def _stuck(reader: Reader) -> list[str]:
    rows = reader.all(
        "SELECT id FROM incident WHERE state = 'open' AND NOT EXISTS"
        " (SELECT 1 FROM wait w WHERE w.kind = 'escalate' AND w.subject = incident.id)"
    )
    return [f"incident {row['id']} is open and nobody looks at it again" for row in rows]


def _story(reader: Reader, key: str) -> list[str]:
    rows = reader.all(
        "SELECT j.at, j.event, j.facts, j.words FROM journal j JOIN alert a ON a.incident_id = j.incident_id"
        " WHERE a.key = :k ORDER BY j.seq LIMIT 200",
        k=key,
    )
    return [f"{row['at'] // 1_000_000} {row['event']} {row['facts']} {row['words']}" for row in rows]
