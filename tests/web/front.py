"""The HTTP side of the house on real sockets, with the real desk, queue and store; only the channels are missing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp

from gatewayd.channels.contract import Health
from gatewayd.channels.usb import Port, port_of
from gatewayd.clock import Clock
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.desk import Desk
from gatewayd.numbers import Dialling
from gatewayd.oncall.directory import Device, Directory, Group, Person, Policy, Service, Step, Team
from gatewayd.oncall.reachability import ReachabilitySettings
from gatewayd.oncall.rota import Rota
from gatewayd.queue import Queue
from gatewayd.rounds import Rounds
from gatewayd.store import tokens
from gatewayd.store.sqlite import SqliteStore
from gatewayd.ways import Ways
from gatewayd.web import server
from gatewayd.web.doors import Doors
from gatewayd.web.settings import WebSettings

ANNA, ANNA_PAGER, BEN, VISITOR = "+447700900001", "+447700900002", "+447700900003", "+447700900999"

DIRECTORY = Directory(
    people=(
        Person(name="anna", devices=(Device(number=ANNA, name="phone"), Device(number=ANNA_PAGER, name="pager"))),
        Person(name="ben", devices=(Device(number=BEN, channel="modem2"),)),
        Person(name="cara", devices=(Device(kind="pager", number="4711", channel="north"),)),
        Person(name="eve", devices=(Device(kind="pager", number="4722", name="beeper", channel="north"),)),
        Person(name="dora", devices=(Device(kind="pager", number="4711", channel="south"),)),
    ),
    teams=(
        Team(name="noc", members=("anna", "ben")),
        Team(name="field", members=("cara", "dora"), group=Group(number="0055", channel="north")),
    ),
    policies=(
        Policy(name="default", steps=(Step(page=("anna",)),), fallback=("ben",)),
        Policy(
            name="duty", steps=(Step(page=("rota:noc",)), Step(page=("backup:noc", "dora"))), fallback=("team:noc",)
        ),
    ),
    default_policy="default",
    services=(Service(name="network", policy="duty"),),
    rotas=(
        Rota.model_validate(
            {
                "name": "noc",
                "title": "Network operations",
                "zone": "Europe/London",
                "fallback": ["cara"],
                "layers": [
                    {"name": "weeks", "people": ["anna", "ben"], "start": "2026-01-05", "hand_over": "mon 09:00"}
                ],
                "shadows": [{"person": "dora", "of": "anna"}],
            }
        ),
        Rota.model_validate(
            {
                "name": "sun",
                "zone": "Australia/Sydney",
                "fallback": ["cara"],
                "gaps": True,
                "layers": [
                    {"name": "days", "people": ["cara"], "start": "2026-01-05", "when": [{"hours": "08:00-18:00"}]}
                ],
            }
        ),
    ),
)


class Moored:
    """Two modems, one of them ill, and a stick that nobody configured."""

    def at_work(self) -> list[tuple[str, str, Health]]:
        who = {"manufacturer": "Quectel", "model": "EC25", "profile": "quectel", "imei": "...3356"}
        up = Health("up", operator="Street", registration="home", signal_dbm=-73, identity=who, port="/dev/ttyUSB6")
        down = Health("down", reason="/dev/b: in use by minicom (pid 12)", trouble="in_use")
        return [("modem1", "/dev/a", up), ("modem2", "/dev/b", down)]

    def unconfigured(self) -> list[Port]:
        return [port_of("/dev/ttyUSB9", ["/dev/serial/by-id/usb-HUAWEI_HUAWEI_Mobile-if00-port0"])]

    def imei_at(self, device: str) -> str:
        return ""


@dataclass
class Front:
    """A running front of the house. `ask` is a client over TCP, `local` one over the operator's socket."""

    doors: Doors
    store: SqliteStore
    desk: Desk
    queue: Queue
    url: str
    server: server.Server
    session: aiohttp.ClientSession
    problems: list[str] = field(default_factory=list)  # what the next reload finds
    ready: dict[str, str] = field(default_factory=lambda: {"store": "writable", "channels": "modem1 up"})
    secrets: dict[str, str] = field(default_factory=dict)

    async def ask(
        self, method: str, path: str, body: Any = None, *, token: str | None = "all", **headers: str
    ) -> tuple[int, Any, aiohttp.ClientResponse]:
        """(status, parsed answer, response). `body`: bytes as they are, anything else as JSON."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent.setdefault("Authorization", f"Bearer {self.secrets.get(token, token)}")
        data = None if body is None else BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        async with self.session.request(method, self.url + path, data=data, headers=sent) as answer:
            raw = await answer.read()
            return answer.status, json.loads(raw) if raw and "json" in answer.content_type else raw, answer

    def count(self, table: str) -> int:
        row = self.store.peek(lambda reader: reader.one(f"SELECT count(*) AS n FROM {table}"))
        assert row is not None
        return int(row["n"])


@asynccontextmanager
async def front(directory: Path, *, session: bool = True, **settings: Any) -> AsyncIterator[Front]:
    clock = Clock()
    store = SqliteStore(directory / "state", clock)
    store.open()
    queue = Queue(DeliverySettings(), ways=Ways(lambda _: ("modem1",)), woken=lambda: None, dice=lambda: 0.5)
    desk = Desk(DIRECTORY, DeliverySettings(), queue)
    running: list[Front] = []

    async def reload() -> list[str]:
        return running[0].problems

    doors = Doors(
        modems=Moored(),
        store=store,
        clock=clock,
        desk=lambda: desk,
        rounds=lambda: Rounds(ReachabilitySettings(), desk, queue),
        queue=queue,
        directory=lambda: DIRECTORY,
        dialling=lambda: Dialling("44", "0"),
        channels=lambda: {"modem1", "modem2", "north", "south"},
        awaited=lambda _: "",
        ready=lambda: ("down" not in running[0].ready.values(), running[0].ready),
        reload=reload,
        backup=store.backup,
        settings=WebSettings(**{"listen": ("127.0.0.1:0",), **settings}),
        file=directory / "gateway.toml",
        socket=directory / "s",
    )
    secrets = {}
    for name, scopes, prefixes in (
        ("all", list(tokens.SCOPES), []),
        ("monitor", ["alerts"], []),
        ("sender", ["messages"], []),
        ("local-sender", ["messages"], ["+447700900001", "+447700900002"]),
        ("acker", ["ack"], []),
        ("reader", ["read"], []),
        ("planner", ["duty"], []),
    ):
        secrets[name] = f"gw_{name}"
        digest = tokens.digest(secrets[name])
        await store.write(
            tokens.add, name=name, secret_digest=digest, scopes=scopes, prefixes=prefixes, now=clock.now()
        )
    serving = server.Server(doors)
    await serving.listen()
    await serving.serve()
    client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20), connector=aiohttp.TCPConnector(limit=0))
    try:
        running.append(Front(doors, store, desk, queue, serving.urls[0], serving, client, secrets=secrets))
        yield running[0]
    finally:
        await client.close()
        await serving.stop(1)
        await store.close()
