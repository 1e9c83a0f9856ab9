"""The stage of the demo: street and daemon as processes of their own, the ways to both, and the voice that tells."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import sys
import tempfile
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gatewayd.clock import SECOND, Clock, pause
from gatewayd.web.client import Client, ClientError

ANNA, BEN, CARA = "+447700900111", "+447700900112", "+447700900113"
NAMES = {ANNA: "Anna", BEN: "Ben", CARA: "Cara"}
PAGER = "4711"  # Cara's
ANNA_WAITS_S = 6
PAGER_WAITS_S = 10
CARA_WAITS_S = 17
NIGHT_HOUR = 4
STEP_S_MAX = 60.0
LOOK_S = 0.2
COLUMNS = 79
MARGIN = 10  # of what is told, behind its time

CONFIG = """
state_dir = "{directory}/state"
default_policy = "night"

[web]
listen = ["127.0.0.1:{port}"]

[[modems]]
name = "modem1"
port = "{directory}/street/modem1"

[[modems]]
name = "modem2"
port = "{directory}/street/modem2"

[[smpp]]
name = "north"
host = "127.0.0.1"
port = {bureau}
system_id = "gateway"
password_file = "{directory}/north.password"
sender = "60000"

[[people]]
name = "anna"
full_name = "Anna"
devices = [{{ number = "{anna}", channel = "modem1" }}]

[[people]]
name = "ben"
full_name = "Ben"
devices = [{{ number = "{ben}", channel = "modem2" }}]

[[people]]
name = "cara"
full_name = "Cara"
devices = [
  {{ kind = "pager", number = "{pager}", channel = "north", wait_s = {pager_waits_s} }},
  {{ number = "{cara}", channel = "modem2" }},
]

[[teams]]
name = "noc"
members = ["anna", "ben", "cara"]

[[rotas]]
name = "noc"
title = "NOC"
zone = "{zone}"
fallback = ["ben"]
[[rotas.layers]]
name = "weeks"
people = ["anna", "ben"]
start = {monday}
hand_over = "mon 09:00"

[[calendars]]
name = "office"
zone = "{zone}"
working = [{{ days = "mon-fri", hours = "08:30-17:30" }}]

[[rules]]
name = "by-night"
services = ["network"]
calendar = "office"
during = "other hours"
policy = "night"

[[services]]
name = "network"
policy = "by-day"

[[services]]
name = "database"
policy = "rush-hour"

[[policies]]
name = "by-day"
fallback = ["ben"]
[[policies.steps]]
page = ["team:noc"]
wait_s = 120

[[policies]]
name = "night"
fallback = ["ben"]
[[policies.steps]]
page = ["rota:noc"]
wait_s = {anna_waits_s}
[[policies.steps]]
page = ["backup:noc"]
wait_s = 120

[[policies]]
name = "rush-hour"
fallback = ["ben"]
[[policies.steps]]
page = ["cara"]
wait_s = {cara_waits_s}
[[policies.steps]]
page = ["anna"]
wait_s = 120
"""


class NotSo(Exception):
    """A step of the story did not happen."""


def must(holds: bool, what: str) -> None:
    if not holds:
        raise NotSo(f"it should hold that {what}")


class Stage:
    """Prints with the time since the curtain rose."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._began = clock.monotonic()
        self._began_at = clock.now() / SECOND

    def say(self, words: str) -> None:
        self._print(self.clock.monotonic() - self._began, words)

    def recount(self, at: float, words: str) -> None:
        """What happened at that time by the street's clock, which is this machine's."""
        self._print(at - self._began_at, words)

    def chapter(self, title: str) -> None:
        print(f"\n{' ' * MARGIN}{title.upper()}", flush=True)

    def _print(self, seconds: float, words: str) -> None:
        lines = textwrap.wrap(words, COLUMNS - MARGIN) or [""]
        print(f"{seconds:6.1f} s  {lines[0]}", *(" " * MARGIN + line for line in lines[1:]), sep="\n", flush=True)

    async def wait(self, what: str, come_true: Callable[[], Awaitable[Any]], within_s: float = STEP_S_MAX) -> Any:
        """Look until it is so; NotSo when it is not within the time."""
        until = self.clock.monotonic() + within_s
        while True:
            found = await come_true()
            if found:
                return found
            if self.clock.monotonic() > until:
                raise NotSo(f"{what}: not within {within_s:g} s")
            await pause(LOOK_S)


class World:
    """The street, the daemon, and the ways to both."""

    def __init__(
        self, directory: Path, street: Client, gateway: Client, monitor: Client, addresses: dict[str, str]
    ) -> None:
        self.directory = directory
        self.street = street
        self.gateway = gateway  # over the local socket, as the operator
        self.monitor = monitor  # over TCP with a token, as Alertmanager
        self.addresses = addresses

    # --- people

    async def texts(self, number: str) -> list[dict[str, Any]]:
        """What a phone shows, or the pager."""
        kind = "pagers" if number == PAGER else "phones"
        return list((await self.street.get(f"/{kind}/{quote(number, safe='')}"))["inbox"])

    async def newest(self, number: str, words: str) -> dict[str, Any] | None:
        return next((t for t in reversed(await self.texts(number)) if words in t["text"]), None)

    async def reply(self, number: str, text: str) -> None:
        await self.street.post(f"/phones/{quote(number, safe='')}/reply", {"text": text})

    async def tube(self, *, inside: bool) -> None:
        """Take Cara, her pager and her phone into the Tube, or out of it."""
        await self.street.post("/people/Cara/tube", {"inside": inside})

    async def pager_called_again(self, after_s: list[float]) -> None:
        """How long after a page the bureau sends it once more, and again."""
        await self.street.post("/bureaus/bureau1", {"repeat_s": after_s})

    async def ledger(self) -> list[dict[str, Any]]:
        """What really happened, by the street's own books."""
        return [json.loads(line) for line in (self.directory / "ledger.jsonl").read_text().splitlines()]

    # --- monitors

    async def alert(self, summary: str, *, status: str, service: str, key: str) -> None:
        """One Alertmanager webhook, version 4."""
        name = {"network": "LinkDown", "database": "DatabaseDown"}[service]
        alert = {
            "status": status,
            "labels": {
                "alertname": name,
                "severity": "critical",
                "service": service,
                "instance": summary.partition(" ")[0],
            },
            "annotations": {"summary": summary},
            "startsAt": "2026-05-01T02:03:04Z",
            "endsAt": "2026-05-01T02:13:04Z" if status == "resolved" else "0001-01-01T00:00:00Z",
            "fingerprint": key,
        }
        group = f'{{}}:{{alertname="{name}", key="{key}"}}'
        await self.monitor.post(
            "/api/v1/intake/alertmanager",
            {"version": "4", "groupKey": group, "status": status, "receiver": "gatewayd", "alerts": [alert]},
        )


def office(now: int) -> tuple[str, date]:
    """A zone in which it is four in the morning now, and the Monday on which its duty changed hands last."""
    at = datetime.fromtimestamp(now / SECOND, UTC)
    ahead = (NIGHT_HOUR - at.hour + 11) % 24 - 11
    there = at + timedelta(hours=ahead - 9)  # a week begins on Monday at 09:00
    return f"Etc/GMT{-ahead:+d}", there.date() - timedelta(days=there.weekday())


@contextlib.asynccontextmanager
async def world(stage: Stage) -> AsyncIterator[World]:
    """Everything started; everything ended and removed afterwards."""
    async with contextlib.AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gatewayd-demo-")))
        password = secrets.token_hex(4)
        (directory / "north.password").touch(mode=0o600)
        (directory / "north.password").write_text(password)
        stage.say(
            "starting the street: two modems and their network, a paging bureau;"
            " the phones of Anna, Ben and Cara, and Cara's pager"
        )
        addresses = await _street(stack, directory, password)
        stage.say("starting the gateway")
        port = _free_port()
        zone, monday = office(stage.clock.now())
        config = directory / "gateway.toml"
        config.write_text(
            CONFIG.format(
                directory=directory,
                zone=zone,
                monday=monday,
                port=port,
                bureau=addresses["bureaus"]["bureau1"]["smpp"][0].rpartition(":")[2],
                anna=ANNA,
                ben=BEN,
                cara=CARA,
                pager=PAGER,
                anna_waits_s=ANNA_WAITS_S,
                pager_waits_s=PAGER_WAITS_S,
                cara_waits_s=CARA_WAITS_S,
            )
        )
        log = directory / "gatewayd.log"
        daemon = await stack.enter_async_context(_process("-m", "gatewayd", "run", f"--config={config}", log=log))
        socket = directory / "state" / "gatewayd.sock"
        gateway = await stack.enter_async_context(Client(socket))
        await stage.wait("the gateway is ready, with both modems and the bureau", lambda: _ready(gateway, daemon, log))
        token = await gateway.post(
            "/api/v1/admin/tokens", {"name": "alertmanager", "scopes": ["alerts", "messages", "read"]}
        )
        api = f"http://127.0.0.1:{port}"
        monitor = await stack.enter_async_context(Client(api, token=token["secret"]))
        street = await stack.enter_async_context(Client(addresses["control"]))
        places = {
            "api": api,
            "street": addresses["control"],
            "token": token["secret"],
            "socket": str(socket),
            "log": str(log),
        }
        try:
            yield World(directory, street, gateway, monitor, places)
        except (NotSo, ClientError):
            print(f"the gateway's log ends with:\n{_read(log)[-3000:]}", flush=True)
            raise


async def _street(stack: contextlib.AsyncExitStack, directory: Path, password: str) -> dict[str, Any]:
    """Start it; its addresses."""
    log = directory / "street.log"
    street = await stack.enter_async_context(
        _process(
            "-m",
            "hwsim",
            f"--dir={directory}/street",
            "--modems=2",
            *(f"--phone={number}:{name}" for number, name in NAMES.items()),
            f"--pager={PAGER}:Cara",
            "--smpp=tcp:0",
            f"--account=gateway:{password}:60000",
            "--control=127.0.0.1:0",
            f"--ledger={directory}/ledger.jsonl",
            "--latency-s=1",
            "--report-delay-s=1.5",
            log=log,
        )
    )
    assert street.stdout is not None
    first = await asyncio.wait_for(street.stdout.readline(), 30)
    if not first:
        raise NotSo("the street did not open: is hw-sim installed? " + _read(log)[-500:])
    return dict(json.loads(first))


@contextlib.asynccontextmanager
async def _process(*arguments: str, log: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """This Python with those arguments, in a group of its own so that Ctrl-C reaches only us."""
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, stdout=asyncio.subprocess.PIPE, stderr=errors, process_group=0
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _ready(gateway: Client, daemon: asyncio.subprocess.Process, log: Path) -> bool:
    if daemon.returncode is not None:
        raise NotSo(f"the gateway did not start: {_read(log)[-800:]}")
    try:
        checks = (await gateway.get("/readyz"))["checks"]
    except ClientError:
        return False
    return all(checks.get(name) == "up" for name in ("modem1", "modem2", "north"))


def _read(log: Path) -> str:
    return log.read_text(errors="replace") if log.exists() else ""


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
