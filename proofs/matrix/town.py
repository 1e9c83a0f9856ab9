"""The whole daemon and the whole street, bureau and telephone included, on one virtual loop."""

from __future__ import annotations

import asyncio
import json
import selectors
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hwsim import scene
from hwsim.settings_by_name import configure
from hwsim.street import Street

from gatewayd.clock import LoopClock
from gatewayd.config.file import parse
from gatewayd.daemon import Daemon
from gatewayd.web.client import Client
from proofs.matrix.rows import Fault, Row, Way
from tests import invariants, virtual
from tests.house import EPOCH

OURS = "+44770090000"
PHONE, PAGER = "+447700900111", "4711"
PASSWORD = "matrix"
DIALLED = "01523530300"
VALIDITY_S = 3600

HOUSE = """
state_dir = "{home}/state"
default_policy = "default"
[web]
listen = []
[delivery]
report_wait_s = 300
[[policies]]
name = "default"
fallback = ["anna"]
[[policies.steps]]
page = ["anna"]
wait_s = 3600
[[people]]
name = "anna"
devices = [{device}]
"""
_PHONE = f'{{ number = "{PHONE}" }}'
_PAGER = f'{{ kind = "pager", number = "{PAGER}", channel = "north" }}'
_MODEM = '[[modems]]\nname = "modem{n}"\nport = "unix:{home}/m{n}"\n'
_SMPP = """
[[smpp]]
name = "north"
host = "{host}"
port = {port}
system_id = "gateway"
password_file = "{home}/password"
sender = "60000"
any_phone = true
"""
_TLS = 'tls = true\ntls_name = "localhost"\ntls_ca_file = "{home}/north-localhost.pem"\n'
_TAP = '[[tap]]\nname = "north"\nend = "unix:{home}/tap"\n'
_LONG_S = 0.25  # the kernel may still carry octets: look once more before time leaps so far


class _Patient(selectors.DefaultSelector):
    """As virtual time's own selector, for TCP: octets may take a moment although nobody waits."""

    loop: virtual.VirtualLoop

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self.loop.abroad:
            return super().select(0.005)
        assert timeout is not None, "everybody waits for nobody"
        if timeout > _LONG_S and (ready := super().select(0.0005)):
            return ready
        self.loop.passed += timeout
        return []


class PatientLoop(virtual.VirtualLoop):
    def __init__(self) -> None:
        self.passed, self.abroad = 0.0, 0
        patient = _Patient()
        patient.loop = self
        asyncio.SelectorEventLoop.__init__(self, patient)


class Town:
    """Street and daemon; `channel` is the one that the faults strike."""

    def __init__(self, home: Path, way: Way, row: Row) -> None:
        self.home, self.way, self.row, self.quirks = home, way, row, row.quirks
        self.pin, self.card_pin = row.pin, row.card_pin
        self.modems = {"modem": 1, "two modems": 2, "two faults": 1}.get(way, 0)
        self.channel = "modem1" if self.modems else "north"
        self.to = PHONE if self.modems or way == "smpp" else PAGER

    async def begin(self) -> None:
        loop = asyncio.get_running_loop()
        self.clock = LoopClock(loop, epoch=EPOCH)
        self.street = Street(7, wall=lambda: self.clock.now() / 1e6)
        scene.build(self._scene(), self.street, self.home)
        await self.street.start()
        path = self.home / "gateway.toml"
        for name, secret in (("password", PASSWORD), ("pin", self.pin)):
            (self.home / name).write_text(secret)
            (self.home / name).chmod(0o600)
        toml = self._toml()
        path.write_text(toml)
        self.daemon = Daemon(parse(toml), path, clock=self.clock, inline=True, dice=lambda: 0.0)
        await self.daemon.start()
        await self.until(lambda: len(self.daemon.dispatch.up()) == max(1, self.modems), 120)

    def _scene(self) -> dict[str, Any]:
        home = self.home
        modems = [
            {"name": f"modem{n}", "number": f"{OURS}{n}", "end": f"unix:{home}/m{n}", "quirks": self.quirks}
            | ({"pin": self.card_pin} if self.card_pin else {})
            for n in range(1, self.modems + 1)
        ]
        made: dict[str, Any] = {"modem": modems, "phone": [{"number": PHONE, "name": "Anna"}]}
        if self.modems:
            return made
        bureau: dict[str, Any] = {"name": "north"}
        if self.way == "smpp":
            end = {"end": "tcp:[::1]:0" if ":" in self.row.host else "tcp:0", "tls": self.row.tls}
            bureau["smpp"] = {"ends": [end], **self.row.bureau}
            bureau["account"] = [{"system_id": "gateway", "password": PASSWORD, "numbers": ["60000"]}]
        elif self.way == "tap":
            bureau["line"] = [{"name": "serial", "end": f"unix:{home}/tap"}]
        else:
            bureau["line"] = [{"name": "dial-in", "number": DIALLED}]
            made["dialup"] = [{"name": "dial1", "end": f"unix:{home}/tap"}]
        if self.way != "smpp":
            bureau["tap"] = self.row.bureau
        return made | {"bureau": [bureau], "pager": [{"number": PAGER, "name": "Anna"}]}

    def _toml(self) -> str:
        device = _PHONE if self.to == PHONE else _PAGER
        toml = HOUSE.format(home=self.home, device=device)
        pin = f'pin_file = "{self.home}/pin"\n' if self.pin else ""
        toml += "".join(_MODEM.format(home=self.home, n=n) + pin for n in range(1, self.modems + 1))
        if self.way == "smpp":
            address = self.street.centres["north"].listeners[0].address
            toml += _SMPP.format(home=self.home, host=self.row.host, port=address.rpartition(":")[2])
            toml += _TLS.format(home=self.home) if self.row.tls else ""
        elif self.way in {"tap", "dial"}:
            toml += _TAP.format(home=self.home) + (f'dial = "{DIALLED}"\n' if self.way == "dial" else "")
            toml += "" if "parity" in self.row.house else 'parity = "8N1"\n'
        return toml + "".join(f"{key} = {json.dumps(value)}\n" for key, value in self.row.house.items())

    async def end(self) -> None:
        await self.daemon.stop()
        await self.street.stop()

    # --- what happens to it

    def strike(self, row: Row, faults: tuple[Fault, ...]) -> None:
        for fault in faults:
            if fault["kind"] == "settings":
                settings = self.street.centres["north"] if self.way == "smpp" else self.street.terminals["north"]
                configure(settings.settings, {key: value for key, value in fault.items() if key != "kind"})
            elif row.where == "dialup":
                self.street.dialup_fault("dial1", fault)
            elif self.modems:
                self.street.fault("modem1", fault)
            else:
                self.street.bureau_fault("north", fault)

    def calm(self, row: Row) -> None:
        """The fault is over."""
        if self.modems:
            self.street.clear_faults("modem1")
        else:
            self.street.clear_bureau_faults("north")
            for dialup in self.street.dialups.values():
                dialup.rules.clear()
        self.strike(row, row.after)

    async def post(self, text: str, priority: str) -> int:
        body = {"to": "person:anna", "text": text, "priority": priority, "validity_s": VALIDITY_S}
        async with Client(self.daemon.config.socket) as client:
            told = await client.post("/api/v1/messages", body)
        return int(told["messages"][0]["id"])

    async def message(self, number: int) -> dict[str, Any]:
        async with Client(self.daemon.config.socket) as client:
            return dict(await client.get(f"/api/v1/messages/{number}"))

    def reply(self, text: str) -> None:
        """Somebody texts the first modem."""
        self.street.phones[PHONE].send(f"{OURS}1", text)

    async def heard(self) -> set[str]:
        """All texts that came in."""
        found: list[dict[str, Any]] = []
        async with Client(self.daemon.config.socket) as client:
            while True:
                before = {"before": str(found[-1]["id"])} if found else {}
                page = (await client.get("/api/v1/inbox", all="true", limit="100", **before))["texts"]
                if not page:
                    return {str(text["text"]) for text in found}
                found += page

    async def page(self, number: int) -> tuple[int, dict[str, int]]:
        """An alert, and the incident and texts that come of it."""
        alert = {"key": f"disk{number}", "severity": "critical", "summary": f"Disk {number} full", "service": "db"}
        async with Client(self.daemon.config.socket) as client:
            incident = int((await client.post("/api/v1/alerts", alert))["incident"])
            told = await client.get(f"/api/v1/incidents/{incident}")
        return incident, {text["text"]: int(text["id"]) for text in told["messages"]}

    async def answer(self, incident: int) -> None:
        """Somebody takes it."""
        async with Client(self.daemon.config.socket) as client:
            await client.post(f"/api/v1/incidents/{incident}/ack", {"by": "anna"})

    def accepted(self) -> list[dict[str, Any]]:
        """What the network took of us."""
        return [
            entry for entry in self.street.ledger.entries if entry["event"] == "accepted" and entry["to"] == self.to
        ]

    def asked_back(self) -> int:
        """How often the bureau was asked to forget a page."""
        return sum(entry["event"] in {"cancel", "deleted"} for entry in self.street.ledger.entries)

    def broken(self) -> list[str]:
        return invariants.broken(self.daemon.store._peek, self.street, now=self.clock.now())

    # --- time

    @property
    def seconds(self) -> float:
        return asyncio.get_running_loop().time()

    async def until(self, condition: Callable[[], object], within_s: float) -> bool:
        """Whether it came true within so many virtual seconds."""
        deadline = self.seconds + within_s
        while not condition():
            if self.seconds >= deadline:
                return False
            await asyncio.sleep(0.1)
        return True
