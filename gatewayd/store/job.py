"""Changes that wait for the store, and which of them one function takes together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gatewayd.store.db import Tx

ALONE = object()


@dataclass(slots=True)
class Job:
    """One change, and who waits for it. `entry`: its function takes it with those of the jobs beside it, as a list."""

    function: Callable[..., Any]
    done: asyncio.Future[Any]
    entry: Any = ALONE
    result: Any = None
    effects: list[Callable[[], None]] | None = None

    def run(self, tx: Tx, fellows: list[Job]) -> None:
        if self.entry is ALONE:
            self.result = self.function(tx)
            return
        for job, result in zip(fellows, self.function(tx, [job.entry for job in fellows]), strict=True):
            job.result = result


def next_together(lane: deque[Job], most: int) -> list[Job]:
    """The next job, and those right behind it that the same function takes together with it."""
    jobs: list[Job] = []
    while lane and len(jobs) < most:
        if jobs and (lane[0].entry is ALONE or jobs[0].entry is ALONE or lane[0].function != jobs[0].function):
            break
        job = lane.popleft()
        if not job.done.cancelled():
            jobs.append(job)
    return jobs
