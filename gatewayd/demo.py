"""`gatewayd demo`: a night in the office on this machine. Simulated modems, network and people; the real daemon.

The street (hwsim) and the daemon are processes of their own; the story is checked against the street's own ledger
and the daemon's API, and told as it happens.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gatewayd.clock import Clock, pause
from gatewayd.web.client import Client, ClientError

ANNA, BEN = "+447700900111", "+447700900112"
NAMES = {ANNA: "Anna", BEN: "Ben"}
ANNA_WAITS_S = 6
STEP_S_MAX = 60.0
LOOK_S = 0.2

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

[[people]]
name = "anna"
full_name = "Anna"
devices = [{{ number = "{anna}", channel = "modem1" }}]

[[people]]
name = "ben"
full_name = "Ben"
devices = [{{ number = "{ben}", channel = "modem2" }}]

[[services]]
name = "network"
policy = "night"

[[policies]]
name = "night"
fallback = ["ben"]
[[policies.steps]]
page = ["anna"]
wait_s = {wait_s}
[[policies.steps]]
page = ["ben"]
wait_s = 120
"""


class NotSo(Exception):
    """A step of the story did not happen."""


class Stage:
    """Prints with the time since the curtain rose."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._began = clock.monotonic()

    def say(self, words: str) -> None:
        print(f"{self.clock.monotonic() - self._began:6.1f} s  {words}", flush=True)

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

    async def texts(self, number: str) -> list[dict[str, Any]]:
        phone = await self.street.get(f"/phones/{quote(number, safe='')}")
        return list(phone["inbox"])

    async def newest(self, number: str, words: str) -> dict[str, Any] | None:
        return next((t for t in reversed(await self.texts(number)) if words in t["text"]), None)

    async def reply(self, number: str, text: str) -> None:
        await self.street.post(f"/phones/{quote(number, safe='')}/reply", {"text": text})

    async def alert(self, summary: str, *, status: str, key: str = "a1b2c3d4e5f60718") -> None:
        """One Alertmanager webhook, version 4."""
        alert = {
            "status": status,
            "labels": {"alertname": "LinkDown", "severity": "critical", "service": "network", "instance": "edge2"},
            "annotations": {"summary": summary},
            "startsAt": "2026-05-01T02:03:04Z",
            "endsAt": "2026-05-01T02:13:04Z" if status == "resolved" else "0001-01-01T00:00:00Z",
            "fingerprint": key,
        }
        group = f'{{}}:{{alertname="LinkDown", key="{key}"}}'
        await self.monitor.post(
            "/api/v1/intake/alertmanager",
            {"version": "4", "groupKey": group, "status": status, "receiver": "gatewayd", "alerts": [alert]},
        )


@contextlib.asynccontextmanager
async def world(stage: Stage) -> AsyncIterator[World]:
    """Everything started; everything ended and removed afterwards."""
    async with contextlib.AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gatewayd-demo-")))
        stage.say("starting the street: two modems, a network, Anna's and Ben's phones")
        people = [f"--phone={number}:{name}" for number, name in NAMES.items()]
        street = await stack.enter_async_context(
            _process(
                "-m",
                "hwsim",
                f"--dir={directory}/street",
                "--modems=2",
                *people,
                "--control=127.0.0.1:0",
                f"--ledger={directory}/ledger.jsonl",
                "--latency-s=1",
                "--report-delay-s=1.5",
                log=directory / "street.log",
            )
        )
        assert street.stdout is not None
        first = await asyncio.wait_for(street.stdout.readline(), 30)
        if not first:
            raise NotSo(
                "the street did not open: is hw-sim installed? " + (directory / "street.log").read_text()[-500:]
            )
        control = json.loads(first)["control"]
        config = directory / "gateway.toml"
        port = _free_port()
        config.write_text(CONFIG.format(directory=directory, port=port, anna=ANNA, ben=BEN, wait_s=ANNA_WAITS_S))
        stage.say("starting the gateway")
        log = directory / "gatewayd.log"
        await stack.enter_async_context(_process("-m", "gatewayd", "run", f"--config={config}", log=log))
        socket = directory / "state" / "gatewayd.sock"
        gateway = await stack.enter_async_context(Client(socket))
        await stage.wait("the gateway is ready", lambda: _ready(gateway, log))
        token = await gateway.post(
            "/api/v1/admin/tokens", {"name": "alertmanager", "scopes": ["alerts", "messages", "read"]}
        )
        address = f"http://127.0.0.1:{port}"
        monitor = await stack.enter_async_context(Client(address, token=token["secret"]))
        places = {"api": address, "street": control, "token": token["secret"], "socket": str(socket), "log": str(log)}
        try:
            yield World(directory, await stack.enter_async_context(Client(control)), gateway, monitor, places)
        except NotSo:
            print(f"the gateway's log ends with:\n{_read(log)[-3000:]}", flush=True)
            raise


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


async def _ready(gateway: Client, log: Path) -> bool:
    try:
        return bool((await gateway.get("/readyz"))["ready"])
    except ClientError as error:
        told = _read(log)
        if error.status == 0 and "cannot start" in told:
            raise NotSo(f"the gateway did not start: {told[-800:]}") from error
        return False


def _read(log: Path) -> str:
    return log.read_text(errors="replace") if log.exists() else ""


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def night(stage: Stage, w: World) -> None:
    """The story. Raises NotSo where it does not happen."""

    async def text(number: str, words: str) -> dict[str, Any]:
        found = await stage.wait(f"{NAMES[number]}'s phone shows '{words}'", lambda: w.newest(number, words))
        stage.say(f'{NAMES[number]}\'s phone, by {found["modem"]}: "{found["text"]}"')
        return dict(found)

    stage.say("04:12, the uplink of edge2 breaks. Alertmanager posts its webhook")
    await w.alert("edge2 uplink down", status="firing")
    stage.say("200: the alert is on disk")
    first = await text(ANNA, "edge2 uplink down")
    _must(first["modem"] == "modem1", "Anna is texted by modem 1")
    await stage.wait("the delivery report", lambda: _delivered(w, 1))
    stage.say("delivery report: Anna's phone has it. She sleeps on")
    stage.say(f"she has {ANNA_WAITS_S} seconds from the alert (minutes in real life)")
    second = await text(BEN, "edge2 uplink down")
    _must(second["modem"] == "modem2", "Ben is texted by modem 2")
    stage.say('Ben replies "ok"')
    await w.reply(BEN, "ok")
    await text(BEN, "is yours")
    await text(ANNA, "taken by Ben")
    incident = await w.gateway.get("/api/v1/incidents/1")
    _must(incident["state"] == "acknowledged" and incident["acknowledged_by"] == "ben", "the incident is Ben's")
    stage.say("acknowledged. Ben mends the uplink; Alertmanager posts that it is resolved")
    await w.alert("edge2 uplink down", status="resolved")
    await text(ANNA, "cleared")
    await text(BEN, "cleared")
    _must((await w.gateway.get("/api/v1/incidents/1"))["state"] == "resolved", "the incident is over")


async def _delivered(w: World, message: int) -> bool:
    return bool((await w.gateway.get(f"/api/v1/messages/{message}"))["state"] == "delivered")


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise NotSo(f"it should hold that {what}")


async def verdict(stage: Stage, w: World) -> None:
    """The network's own ledger and the journal are asked whether all of it really happened, once."""
    lines = [json.loads(line) for line in (w.directory / "ledger.jsonl").read_text().splitlines()]
    for number, name in NAMES.items():
        accepted = [line for line in lines if line["event"] == "accepted" and line["to"] == number]
        _must(len(accepted) == 3, f"the network accepted three texts for {name}, not {len(accepted)}")
    journal = await w.gateway.get("/api/v1/journal", limit=200, verify="true")
    _must(journal["chain"]["whole"], "the journal's chain is whole")
    stage.say("the network's ledger: three texts for each of them, none twice. The journal, chain whole:")
    for line in journal["lines"]:
        subject = " ".join(f"{k}={line[k]}" for k in ("incident", "message", "attempt") if line[k] is not None)
        words = line["words"] or {}
        told = ", ".join(str(v) for v in (words.get("person") or words.get("by"), words.get("text")) if v)
        print(f"          {line['seq']:3} {line['at'][11:23]} {line['event']:22} {subject:32} {told}")


async def stay(stage: Stage, w: World) -> None:
    """Until Ctrl-C: a person may post alerts, read the phones and reply."""
    a = w.addresses
    print(
        f"""
The gateway listens at {a["api"]} (token {a["token"]}); its log is {a["log"]}
  an alert:    curl -H 'Authorization: Bearer {a["token"]}' {a["api"]}/api/v1/alerts \\
                 -d '{{"key":"disk","service":"network","severity":"critical","summary":"disk full","status":"firing"}}'
  the phones:  curl {a["street"]}/phones
  a reply:     curl {a["street"]}/phones/{quote(BEN, safe="")}/reply -d '{{"text":"ok"}}'
  the gateway: gatewayd --help; for this one add --socket {a["socket"]}
Or type here:  alert TEXT | anna TEXT | ben TEXT      (Ctrl-C ends)
""",
        flush=True,
    )
    typed: asyncio.Queue[str] = asyncio.Queue(100)
    loop = asyncio.get_running_loop()
    with contextlib.suppress(OSError, ValueError):  # standard input may be closed, or a file
        loop.add_reader(sys.stdin.fileno(), lambda: _typed(loop, typed))
    seen = {number: len(await w.texts(number)) for number in NAMES}
    count = 0
    while True:
        for number, name in NAMES.items():
            texts = await w.texts(number)
            for text in texts[seen[number] :]:
                stage.say(f'{name}\'s phone, by {text["modem"]}: "{text["text"]}"')
            seen[number] = len(texts)
        with contextlib.suppress(TimeoutError):
            line = await asyncio.wait_for(typed.get(), LOOK_S)
            count += 1
            await _obey(stage, w, line, count)


def _typed(loop: asyncio.AbstractEventLoop, typed: asyncio.Queue[str]) -> None:
    told = os.read(sys.stdin.fileno(), 4096)
    if not told:
        loop.remove_reader(sys.stdin.fileno())
        return
    with contextlib.suppress(asyncio.QueueFull):
        for line in told.decode(errors="replace").splitlines():
            typed.put_nowait(line.strip())


async def _obey(stage: Stage, w: World, line: str, count: int) -> None:
    verb, _, rest = line.partition(" ")
    numbers = {name.lower(): number for number, name in NAMES.items()}
    try:
        if verb == "alert" and rest:
            await w.alert(rest, status="firing", key=f"typed{count}")
            stage.say("200: the alert is on disk")
        elif verb in numbers and rest:
            await w.reply(numbers[verb], rest)
        elif verb:
            stage.say("type: alert TEXT | anna TEXT | ben TEXT")
    except ClientError as error:
        stage.say(f"refused: {error.message}")


async def _tell(*, once: bool) -> int:
    stage = Stage(Clock())
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        async with world(stage) as w:
            await night(stage, w)
            await verdict(stage, w)
            stage.say("the story happened")
            if not once:
                await stay(stage, w)
    except (NotSo, ClientError, OSError, TimeoutError) as failure:
        stage.say(f"THE STORY FAILED: {failure or type(failure).__name__}")
        return 1
    except asyncio.CancelledError:
        print()
        return 0 if not once else 1
    return 0


def main(once: bool) -> int:
    """Exit status: 0 when every step happened."""
    return asyncio.run(_tell(once=once))
