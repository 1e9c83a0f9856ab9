"""Plays one row: texts under the fault, the end of the fault, a probe, calm; then the verdict."""

from __future__ import annotations

import asyncio
import logging
import signal
import tempfile
import time
from pathlib import Path
from types import FrameType
from typing import Any

from proofs.matrix.faults import ROWS
from proofs.matrix.judge import Verdict, copies, judge
from proofs.matrix.rows import TEXTS, Row, Way
from proofs.matrix.town import PHONE, PatientLoop, Town

HEALTHY_S_MAX = 7200.0
SETTLED_S_MAX = 3 * 3600.0
REPLIED_S = 900.0  # the network tries again what a modem did not take
REAL_S_MAX = 240
OFFSETS_S = (0.0, 0.005, 0.05, 0.2, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0)  # a blow falls at another moment of each submission
LATENCY_S = 2.0
NO_RECEIPTS = {"tap", "dial"}  # what was sent there stays so
OVER = {"delivered", "undelivered", "unconfirmed", "failed", "expired", "withdrawn"}
PRIORITIES = ("critical", "normal")


def text_of(number: int, *, long: bool) -> str:
    words = f"fault matrix, text {number:02}"
    return words + "".join(f", line {line:02} of it" for line in range(18)) if long else words


class Story:
    """One row on one way."""

    def __init__(self, town: Town, row: Row) -> None:
        self.town, self.row = town, row
        self.verdict = Verdict(town.way, row.name, lies=row.lies)
        self.numbers: dict[str, int] = {}
        self.replies: list[str] = []

    async def tell(self) -> None:
        town, row = self.town, self.row
        if town.modems:
            town.street.network.settings.latency_s = LATENCY_S
        began = town.seconds
        replying = asyncio.create_task(self.reply())
        town.strike(row, row.at_once)
        if row.answered:
            town.street.phones[PHONE].switch(on=False)  # the bureau keeps what it has for her
        for number in range(row.texts):
            await asyncio.sleep(max(0.0, began + number * row.lasts_s / row.texts - town.seconds))
            if row.answered:
                await self.page(number)
                continue
            await self.post(number, PRIORITIES[number % 2])
            if row.with_texts:
                await asyncio.sleep(OFFSETS_S[number % len(OFFSETS_S)])
                town.strike(row, row.with_texts)
        await asyncio.sleep(max(0.0, began + row.lasts_s - town.seconds))
        town.calm(row)
        if row.answered:
            town.street.phones[PHONE].switch(on=True)
        replying.cancel()
        await self.recover()
        await self.settle()

    async def reply(self) -> None:
        """Somebody texts us while the fault lasts."""
        while self.row.replies_s:
            await asyncio.sleep(self.row.replies_s)
            self.replies.append(f"reply {len(self.replies):03}")
            self.town.reply(self.replies[-1])

    async def post(self, number: int, priority: str) -> None:
        long = self.row.texts == TEXTS and self.town.to.startswith("+") and number % 4 == 3
        text = text_of(number, long=long)
        self.numbers[text] = await self.town.post(text, priority)

    async def page(self, number: int) -> None:
        """Its incident is answered while the bureau keeps the page."""
        incident, texts = await self.town.page(number)
        self.numbers |= texts
        await asyncio.sleep(OFFSETS_S[number % len(OFFSETS_S)])
        await self.town.answer(incident)

    async def recover(self) -> None:
        """A critical text that is posted when the fault ends: how long until the network has it?"""
        began = self.town.seconds
        probe = "fault matrix, the probe"
        self.numbers[probe] = await self.town.post(probe, "critical")
        if await self.town.until(lambda: self._there(probe), HEALTHY_S_MAX):
            self.verdict.healthy_s = self.town.seconds - began

    def _there(self, text: str) -> bool:
        there = copies(self.town.accepted())
        up = self.town.channel in self.town.daemon.dispatch.up()
        return up and bool(there[text] or there[f"(rpt) {text}"])

    async def settle(self) -> None:
        """Until nothing waits any more."""
        end = self.town.seconds + SETTLED_S_MAX
        said: dict[str, dict[str, Any]] = {}
        waiting = list(self.numbers)
        while self.town.seconds < end:
            said |= {text: await self.town.message(self.numbers[text]) for text in waiting}
            waiting = [text for text in waiting if not self._over(said[text])]
            if not waiting:
                break
            await asyncio.sleep(30 * max(1, len(waiting) // 20))
        judge(self.verdict, said, self.town.accepted())
        if self.replies:
            await asyncio.sleep(REPLIED_S)
            heard = await self.town.heard()
            self.verdict.notes += [f"{text!r} was never heard" for text in self.replies if text not in heard]
        if waiting:
            self.verdict.notes.append(f"not over after hours: {[said[text]['state'] for text in waiting]}")
        if self.row.answered and not self.town.asked_back():
            self.verdict.notes.append("no page was asked back")
        if self.row.delivered and (missed := [t for t, m in said.items() if m["state"] != "delivered"]):
            self.verdict.notes.append(f"the receipts of {len(missed)} texts were missed, as of {missed[0]!r}")
        if not self.row.twice_by_network and not self.row.lies:
            self.verdict.notes += [f"books: {broken}" for broken in self.town.broken()]

    def _over(self, message: dict[str, Any]) -> bool:
        if message["state"] == "sent" and self.town.way in NO_RECEIPTS:
            return True
        return bool(message["state"] in OVER or message["ended_at"])


def _too_long(_: int, __: FrameType | None) -> None:
    raise TimeoutError(f"over {REAL_S_MAX} real seconds")


def play(at: tuple[Way, int]) -> Verdict:
    """The row of that way and place."""
    way, place = at
    row = ROWS[way][place]
    logging.getLogger("gatewayd").setLevel(logging.CRITICAL)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    signal.signal(signal.SIGALRM, _too_long)
    began = time.monotonic()
    verdict = Verdict(way, row.name, lies=row.lies)

    async def told(home: Path) -> None:
        nonlocal verdict
        town = Town(home, way, row)
        await town.begin()
        story = Story(town, row)
        verdict = story.verdict
        try:
            await story.tell()
        finally:
            await town.end()

    loop = PatientLoop()
    loop.slow_callback_duration = 60
    with tempfile.TemporaryDirectory() as directory:
        signal.alarm(REAL_S_MAX)
        try:
            loop.run_until_complete(told(Path(directory)))
        except Exception as error:  # noqa: BLE001 - the other rows shall be played, too
            verdict.error = f"{type(error).__name__}: {error}"
        finally:
            signal.alarm(0)
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(asyncio.wait_for(loop.shutdown_asyncgens(), 5))
            loop.close()
    verdict.took_s = time.monotonic() - began
    return verdict
