"""The whole daemon and the whole street on one virtual loop: real HTTP, real SQLite, the real AT dialogue."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hwsim.street import Street

from gatewayd.clock import LoopClock
from gatewayd.config.file import parse
from gatewayd.daemon import Daemon
from gatewayd.store import journal
from gatewayd.web.client import Client
from tests import crash, invariants, virtual

EPOCH = datetime(2026, 11, 22, 4, 12, tzinfo=UTC)
ANNA, BEN, CARA = "+447700900111", "+447700900112", "+447700900113"
STRANGER = "+447700900199"

EACH_ALONE = "[storms]\npage_texts = 100\n"  # for stories that are not about storms
PEOPLE = f"""
[[people]]
name = "anna"
full_name = "Anna"
devices = [{{ number = "{ANNA}" }}]
[[people]]
name = "ben"
full_name = "Ben"
devices = [{{ number = "{BEN}" }}]
[[people]]
name = "cara"
full_name = "Cara"
devices = [{{ number = "{CARA}" }}]
"""
POLICY = """
default_policy = "default"
[[policies]]
name = "default"
repeat = 1
fallback = ["cara"]
exhausted_every_s = 900
[[policies.steps]]
page = ["anna"]
wait_s = 300
[[policies.steps]]
page = ["ben"]
wait_s = 300
"""


class House:
    """`street` is outside, `daemon` inside; the house speaks to itself over its own unix socket.

    Modems are looked at seldom, which makes a day cheap; stories of what a look finds want it as it is delivered: 60.
    A story of another hour begins shortly before it (`began`): a day of waiting is seconds of work.
    """

    def __init__(
        self,
        directory: Path,
        *,
        modems: int = 2,
        config: str = "",
        policy: str = POLICY,
        people: str = PEOPLE,
        look_s: int = 180,
        began: datetime = EPOCH,
    ):
        self.directory = directory
        self._began = began
        self._modems = modems
        lines = "".join(
            f'[[modems]]\nname = "modem{n}"\nport = "unix:{directory}/m{n}"\nlook_s = {look_s}\n'
            for n in range(1, modems + 1)
        )
        self.toml = f'state_dir = "{directory}/state"\n{policy}{lines}{people}{config}[web]\nlisten = []\n'
        self.path = directory / "gateway.toml"

    async def begin(self) -> None:
        loop = asyncio.get_running_loop()
        self.clock = LoopClock(loop, epoch=self._began)
        self._tasks = crash.Tasks(loop)
        self.street = Street(7, wall=lambda: self.clock.now() / 1e6)
        for n in range(1, self._modems + 1):
            self.street.add_modem(f"modem{n}", f"+44770090000{n}", end=f"unix:{self.directory}/m{n}")
        self.anna, self.ben, self.cara = (
            self.street.add_phone(number, name) for number, name in ((ANNA, "Anna"), (BEN, "Ben"), (CARA, "Cara"))
        )
        self.stranger = self.street.add_phone(STRANGER, "Stranger")
        await self.street.start()
        await self.wake()

    async def wake(self, *, modems_up: bool = True) -> None:
        """Start the daemon (again) on the same state."""
        self.path.write_text(self.toml)
        self.daemon = Daemon(parse(self.toml), self.path, clock=self.clock, inline=True, dice=lambda: 0.0)
        await self._tasks.start(self.daemon)
        if modems_up:
            await self.until(lambda: len(self.daemon.dispatch.up()) == self._modems, 120)

    async def sleep(self) -> None:
        """Stop the daemon in order."""
        await self.daemon.stop()

    async def crash(self) -> None:
        """SIGKILL. `wake` is the restart."""
        await self._tasks.kill(self.daemon)

    async def end(self) -> None:
        await self.daemon.stop()
        await self.street.stop()

    # --- what a user does

    async def post(self, path: str, body: Any = None) -> Any:
        async with Client(self.daemon.config.socket) as client:
            return await client.post(path, body)

    async def get(self, path: str, **params: Any) -> Any:
        async with Client(self.daemon.config.socket) as client:
            return await client.get(path, **params)

    async def alert(
        self,
        key: str = "edge2/link",
        *,
        status: str = "firing",
        severity: str = "critical",
        summary: str = "edge2 uplink down",
        service: str = "network",
    ) -> Any:
        body = {"key": key, "service": service, "severity": severity, "summary": summary, "status": status}
        return await self.post("/api/v1/alerts", body)

    async def incident(self, number: int = 1) -> dict[str, Any]:
        return dict(await self.get(f"/api/v1/incidents/{number}"))

    async def message(self, number: int = 1) -> dict[str, Any]:
        return dict(await self.get(f"/api/v1/messages/{number}"))

    def events(self) -> list[str]:
        """The journal's events in order."""
        return [row["event"] for row in self.daemon.store.peek(journal.rows, limit=10_000)]

    def broken(self) -> list[str]:
        """What the books and the street's ledger say against us."""
        return invariants.broken(self.daemon.store._peek, self.street, now=self.clock.now())

    # --- time

    @property
    def seconds(self) -> float:
        return asyncio.get_running_loop().time()

    async def pass_time(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def until(self, condition: Callable[[], object], within_s: float = 30.0) -> None:
        """Virtual seconds pass until it holds; a story that waits in vain fails."""
        began = self.seconds
        while not condition():
            waited = self.seconds - began
            assert waited < within_s, f"did not come true within {within_s} s"
            await asyncio.sleep(max(0.01, waited / 400))

    async def text(self, phone: Any, contains: str, within_s: float = 30.0) -> str:
        """The newest text on that phone with these words, once it is there."""
        await self.until(lambda: phone.texts(contains), within_s)
        return str(phone.texts(contains)[-1].text)


def play(directory: Path, story: Callable[[House], Awaitable[None]], **settings: Any) -> None:
    """Tell one story; afterwards the house's invariants must hold whatever happened."""

    async def told() -> None:
        house = House(directory, **settings)
        await house.begin()
        try:
            await story(house)
            assert not (broken := house.broken()), "\n".join(broken)
        finally:
            await house.end()

    logging.getLogger("gatewayd").setLevel(logging.INFO)
    virtual.run(told())
