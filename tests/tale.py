"""A small language for stories that a rota manager can read: a team with phones and pagers, a clock on its wall.

`@point(4)` says which point of the mission a story tells of; tests/pure/test_stories.py wants one for each.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from hwsim.street import Street
from hwsim.tap_lines import line_of

from gatewayd.clock import SECOND, LoopClock
from tests import crash, virtual
from tests.house import House

PHONES = {"anna": "+447700900111", "ben": "+447700900112", "cara": "+447700900113", "dan": "+447700900114"}
SECONDS = {name: number.replace("77009001", "77009002") for name, number in PHONES.items()}
PAGERS = {"anna": "4711", "ben": "4712", "cara": "4713", "dan": "4714"}
GROUP = "4700"
T = TypeVar("T", bound=Callable[..., object])


def point(*numbers: int) -> Callable[[T], T]:
    """Which points of the mission a story tells of."""

    def marked(story: T) -> T:
        story.points = numbers  # type: ignore[attr-defined]
        return story

    return marked


def person(name: str, *devices: str) -> str:
    """`devices` in the order of use: "phone", "second", "pager"; a number of seconds after it is its wait."""
    entries = []
    for device in devices or ("phone",):
        kind, _, wait_s = device.partition(" ")
        wait = f", wait_s = {wait_s}" if wait_s else ""
        if kind == "pager":
            entries.append(f'{{ kind = "pager", number = "{PAGERS[name]}", channel = "north"{wait} }}')
        else:
            entries.append(f'{{ number = "{(PHONES if kind == "phone" else SECONDS)[name]}"{wait} }}')
    return f'[[people]]\nname = "{name}"\nfull_name = "{name.capitalize()}"\ndevices = [{", ".join(entries)}]\n'


TEAM = "".join(person(name) for name in PHONES)


def policy(*steps: str, name: str = "default", fallback: str = "dan", more: str = "") -> str:
    """Each step is whom it pages and for how many seconds: "rota:noc 300"."""
    told = ""
    for step in steps:
        *whom, wait_s = step.split()
        named = ", ".join(f'"{who}"' for who in whom)
        told += f"[[policies.steps]]\npage = [{named}]\nwait_s = {wait_s}\n"
    return f'[[policies]]\nname = "{name}"\nfallback = ["{fallback}"]\n{more}\n{told}'


def weekly(*people: str, zone: str = "Europe/London", hand_over: str = "mon 09:00", start: str = "2026-01-05",
           name: str = "noc", more: str = "") -> str:  # fmt: skip
    """A rota of one layer that changes hands then."""
    names = ", ".join(f'"{person}"' for person in people)
    return (
        f'[[rotas]]\nname = "{name}"\ntitle = "{name.upper()}"\nzone = "{zone}"\nfallback = ["dan"]\n{more}\n'
        f'[[rotas.layers]]\nname = "turns"\npeople = [{names}]\nstart = {start}\nhand_over = "{hand_over}"\n'
    )


class Tale(House):
    """`at`: when it begins, on the clock of `zone`. With `pagers` there is a bureau, too."""

    def __init__(
        self, directory: Path, *settings: str, at: str = "2026-11-22 04:12", zone: str = "Europe/London",
        people: str = TEAM, modems: int = 1, pagers: bool = False,
    ) -> None:  # fmt: skip
        self.zone = ZoneInfo(zone)
        self.begins = datetime.fromisoformat(at).replace(tzinfo=self.zone)
        self._bureau = pagers
        bureau = f'[[tap]]\nname = "north"\nend = "unix:{directory}/tap"\n' if pagers else ""
        head = 'default_policy = "default"\n'
        super().__init__(directory, modems=modems, policy=head + "".join(settings), people=people, config=bureau)

    async def begin(self) -> None:
        loop = asyncio.get_running_loop()
        self.clock = LoopClock(loop, epoch=self.begins)
        self._tasks = crash.Tasks(loop)
        self.street = Street(7, wall=lambda: self.clock.now() / 1e6)
        for n in range(1, self._modems + 1):
            self.street.add_modem(f"modem{n}", f"+44770090000{n}", end=f"unix:{self.directory}/m{n}")
        if self._bureau:
            self.street.add_bureau("north")
            terminal = self.street.terminals["north"]
            terminal.lines.append(line_of(terminal, "tap1", f"unix:{self.directory}/tap"))
            self.pagers = {n: self.street.add_pager(number, n.capitalize()) for n, number in PAGERS.items()}
            self.street.add_group(GROUP, list(PAGERS.values()))
            self._modems += 1  # channels that come up
        self.phones = {n: self.street.add_phone(number, n.capitalize()) for n, number in PHONES.items()}
        self.seconds_of = {n: self.street.add_phone(number, n.capitalize()) for n, number in SECONDS.items()}
        self.stranger = self.street.add_phone("+447700900199", "Stranger")
        await self.street.start()
        await self.wake()

    # --- what happens

    async def fault(self, what: str, *, service: str = "network", severity: str = "critical", **details: str) -> str:
        """A monitor reports it; its code."""
        body = {"key": what, "service": service, "severity": severity, "summary": what, "details": details}
        told = await self.post("/api/v1/alerts", {**body, "status": "firing"})
        incident = await self.incident(told["incident"])
        return str(incident["code"])

    async def over(self, what: str) -> None:
        await self.post("/api/v1/alerts", {"key": what, "status": "resolved", "summary": what})

    def says(self, who: str, words: str) -> None:
        """A text from somebody's phone to the gateway."""
        self.phones[who].send("+447700900001", words)

    def tube(self, who: str, *, inside: bool) -> None:
        self.street.go_underground(who.capitalize(), inside=inside)

    def off(self, who: str) -> None:
        self.phones[who].switch(on=False)

    async def change(self, **body: str) -> Any:
        """An override, a swap, an absence, as the operator books it."""
        return await self.post("/api/v1/changes", body)

    # --- what is seen

    async def hears(self, who: str, words: str, within_s: float = 30) -> str:
        return await self.text(self.phones[who], words, within_s)

    async def beeps(self, who: str, words: str, within_s: float = 90) -> str:
        return await self.text(self.pagers[who], words, within_s)

    def heard(self, who: str, words: str = "") -> list[str]:
        """On the phone."""
        return [text.text for text in self.phones[who].texts(words)]

    def beeped(self, who: str, words: str = "") -> list[str]:
        return [text.text for text in self.pagers[who].texts(words)]

    def silent(self, *names: str) -> bool:
        """Nothing at all came to their phones."""
        return not any(self.heard(name) for name in names)

    async def on_call(self, rota: str = "noc") -> str:
        told = await self.get("/api/v1/oncall")
        return str(next(entry["person"] for entry in told["rotas"] if entry["rota"] == rota))

    # --- time

    async def wait_until(self, wall: str) -> None:
        """That time of the zone's clock; where it comes twice, the first."""
        instant = datetime.fromisoformat(wall).replace(tzinfo=self.zone).timestamp()
        await self.pass_time(instant - self.clock.now() / SECOND)

    async def minutes(self, number: float) -> None:
        await self.pass_time(number * 60)


def tell(directory: Path, story: Callable[[Tale], Awaitable[None]], *settings: str, **more: Any) -> None:
    """Afterwards the books must be in order, whatever happened."""

    async def told() -> None:
        tale = Tale(directory, *settings, **more)
        await tale.begin()
        try:
            await story(tale)
            assert not (broken := tale.broken()), "\n".join(broken)
        finally:
            await tale.end()

    logging.getLogger("gatewayd").setLevel(logging.INFO)
    virtual.run(told())


__all__ = ["GROUP", "PHONES", "TEAM", "Tale", "person", "point", "policy", "tell", "weekly"]
