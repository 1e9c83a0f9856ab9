"""Plays a seed to its end; what was played before in the same process does not matter."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import shutil
import signal
import tempfile
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Literal

from proofs.soak.fleet import Fleet, plan
from proofs.soak.story import Story
from tests.virtual import VirtualLoop

Length = Literal["hour", "day"]
LASTS_S: dict[Length, float] = {"hour": 3600.0, "day": 86_400.0}
EVERY_S: dict[Length, float] = {"hour": 60.0, "day": 400.0}  # between two acts
MEMORY = Path("/dev/shm")  # killed is not unplugged: what was written is there, on a disk or not
CPU_S_MAX: dict[Length, int] = {"hour": 120, "day": 600}


@dataclass(slots=True)
class Outcome:
    """`digest` is of all that the network saw: the same seed has the same one, or the replay is not a replay."""

    seed: int
    length: Length
    fleet: str
    broken: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    digest: str = ""
    took_s: float = 0.0


def _too_long(_: int, __: FrameType | None) -> None:
    raise TimeoutError("it takes too long, in seconds of the processor")


def play(at: tuple[int, Length], *, log: bool = False) -> Outcome:
    """`log`: the daemon's log is let through."""
    seed, length = at
    if not log:
        logging.disable(logging.CRITICAL)
    made = plan(seed)
    outcome = Outcome(seed, length, str(made))
    home, began = Path(tempfile.mkdtemp(prefix="soak-", dir=MEMORY if MEMORY.is_dir() else None)), time.monotonic()

    async def whole() -> None:
        fleet = Fleet(home, made)
        await fleet.begin()
        story = Story(fleet, lasts_s=LASTS_S[length], every_s=EVERY_S[length])
        outcome.told, outcome.counts = story.told, story.counts
        try:
            await story.tell()
            outcome.broken += story.broken
            outcome.counts["on the air"] = fleet.street.ledger.accepted_count
        finally:
            outcome.digest = _digest(fleet)
            await fleet.end()

    loop = VirtualLoop()
    loop.slow_callback_duration = 60
    signal.signal(signal.SIGPROF, _too_long)
    signal.setitimer(signal.ITIMER_PROF, CPU_S_MAX[length])
    try:
        loop.run_until_complete(whole())
    except Exception:  # noqa: BLE001 - told with the seed; the others shall be played, too
        outcome.broken.append(traceback.format_exc())
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.wait_for(loop.shutdown_asyncgens(), 5))
        loop.close()
        shutil.rmtree(home, ignore_errors=True)
    outcome.took_s = time.monotonic() - began
    return outcome


def _digest(fleet: Fleet) -> str:
    lines = (json.dumps(entry, sort_keys=True) for entry in fleet.street.ledger.entries)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
