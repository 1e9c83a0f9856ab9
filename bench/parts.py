"""The real parts: the daemon and the simulated street as processes of their own, a state directory on a real disk."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

WORK = Path("build")  # on the file system of the current directory, which must not be a tmpfs
PHONE = "+447700900111"
WAIT_S = 30.0
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


class BenchError(Exception):
    """A part did not do what it has to; the sentence says which."""


def until(condition: Callable[[], Any], what: str, *, within_s: float = WAIT_S, every_s: float = 0.01) -> Any:
    """The first true value of the condition; BenchError when that takes too long."""
    end = time.monotonic() + within_s
    while not (value := condition()):
        if time.monotonic() > end:
            raise BenchError(f"within {within_s:g} s: {what}")
        time.sleep(every_s)
    return value


def _end(process: subprocess.Popen[Any]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


@contextlib.contextmanager
def home() -> Iterator[Path]:
    """A directory for one benchmark, on disk, removed afterwards."""
    WORK.mkdir(exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix="bench-", dir=WORK)).resolve()
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


# ---- the street


class Street:
    """`python -m hwsim` with its control API and its ledger."""

    def __init__(self, directory: Path, *, modems: int = 1, latency_s: float = 0.0, more: Sequence[str] = ()) -> None:
        self.ledger = directory / "ledger.jsonl"
        command = [
            *(sys.executable, "-m", "hwsim", "--dir", str(directory / "street"), "--modems", str(modems)),
            *("--phone", f"{PHONE}:Anna", "--control", "127.0.0.1:0", "--ledger", str(self.ledger)),
            *("--latency-s", str(latency_s), *more),
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        first = self.process.stdout.readline()
        if not first:
            raise BenchError("the simulator did not start")
        told = json.loads(first)
        self.ports = {name: str(modem["address"]) for name, modem in told["modems"].items()}
        self._control = told["control"].removeprefix("http://")

    def ask(self, method: str, path: str, body: object = None) -> Any:
        connection = http.client.HTTPConnection(self._control, timeout=WAIT_S)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None)
            answer = connection.getresponse()
            content = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status >= 300:
            raise BenchError(f"{method} {path}: {content}")
        return content

    def stop(self) -> None:
        _end(self.process)
        assert self.process.stdout is not None
        self.process.stdout.close()


class Ledger:
    """The lines that the street has written since we looked last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self.entries: list[dict[str, Any]] = []

    def look(self) -> list[dict[str, Any]]:
        """Read on; returns everything so far."""
        if self._path.exists():
            with self._path.open("rb") as file:
                file.seek(self._offset)
                new = file.read()
            whole = new[: new.rfind(b"\n") + 1]
            self._offset += len(whole)
            self.entries += [json.loads(line) for line in whole.splitlines()]
        return self.entries

    def accepted(self) -> list[dict[str, Any]]:
        return [entry for entry in self.look() if entry["event"] == "accepted" and entry["modem"]]


# ---- the daemon

CONFIG = """\
state_dir = "{home}/state"
default_policy = "night"

[web]
listen = ["127.0.0.1:0"]

{modems}
[[people]]
name = "anna"
devices = [{{ number = "{phone}", name = "mobile" }}]

[[policies]]
name = "night"
steps = [{{ page = ["anna"], wait_s = 3600 }}]
fallback = ["anna"]
"""


def configure(home: Path, ports: dict[str, str], more: str = "") -> Path:
    modems = "".join(f'[[modems]]\nname = "{name}"\nport = "{port}"\n\n' for name, port in ports.items())
    path = home / "gateway.toml"
    path.write_text(CONFIG.format(home=home, modems=modems, phone=PHONE) + more)
    return path


@dataclass(slots=True)
class Cpu:
    """Processor time that a process has used, and when that was read."""

    at: float
    used_s: float


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=WAIT_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


@dataclass(slots=True)
class Daemon:
    """`gatewayd run` in a process of its own; `profile`: under cProfile, which writes this file at the end."""

    home: Path
    config: Path
    profile: Path | None = None
    token: str = ""
    started_at: float = 0.0
    address: tuple[str, int] = ("", 0)
    process: subprocess.Popen[bytes] = field(init=False)

    @property
    def log(self) -> Path:
        return self.home / "daemon.log"

    def start(self, *, on_spawn: Callable[[subprocess.Popen[bytes]], None] = lambda _: None) -> None:
        """Returns when it is ready: doors open, not yet the modems."""
        watch = ("-m", "cProfile", "-o", str(self.profile)) if self.profile else ()
        command: Sequence[str] = [sys.executable, *watch, "-m", "gatewayd", "run", "--config", str(self.config)]
        before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.started_at = time.time()
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        on_spawn(self.process)
        url = until(lambda: self._url(before), "the daemon is ready")
        host, _, port = url.rpartition(":")
        self.address = (host, int(port))

    def _url(self, offset: int) -> str:
        if self.process.poll() is not None:
            raise BenchError(f"the daemon ended:\n{self.log.read_text()[-3000:]}")
        with self.log.open("rb") as file:
            file.seek(offset)
            text = file.read().decode(errors="replace")
        for line in text.splitlines(keepends=True):
            if " is ready: http://" in line and line.endswith("\n"):
                return line.rpartition("http://")[2].strip().strip('"')
        return ""

    def local(self, method: str, path: str, body: object = None) -> Any:
        """Through the operator's socket."""
        sockets = list((self.home / "state").glob("*.sock"))
        connection = UnixConnection(sockets[0])
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status >= 300:
            raise BenchError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return json.loads(content) if content[:1] in b"{[" else content.decode()

    def new_token(self) -> str:
        asked = {"name": "bench", "scopes": ["alerts", "messages", "read", "ack"]}
        self.token = self.local("POST", "/api/v1/admin/tokens", asked)["secret"]
        return self.token

    def wait_up(self, channels: int = 1) -> None:
        """Until so many channels can take work."""

        def up() -> bool:
            lines = self.local("GET", "/metrics").splitlines()
            return sum(line.startswith("gatewayd_channel_up{") and line.endswith(" 1.0") for line in lines) >= channels

        until(up, f"{channels} channels are up", every_s=0.05)

    def metric(self, name: str) -> float:
        """The sum of all lines of that name."""
        lines = self.local("GET", "/metrics").splitlines()
        found = [line for line in lines if line.startswith((name + " ", name + "{"))]
        return sum(float(line.rpartition(" ")[2]) for line in found)

    def cpu(self) -> Cpu:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return Cpu(time.monotonic(), (int(fields[11]) + int(fields[12])) / TICKS_PER_S)

    def memory_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def stop(self) -> None:
        if hasattr(self, "process"):
            _end(self.process)


@dataclass(frozen=True, slots=True)
class House:
    street: Street
    daemon: Daemon

    def ledger(self) -> Ledger:
        return Ledger(self.street.ledger)


@contextlib.contextmanager
def house(
    directory: Path, *, modems: int = 1, latency_s: float = 0.0, profile: Path | None = None, start: bool = True,
    more: str = "",
) -> Iterator[House]:  # fmt: skip
    """Street and daemon, both ended whatever happens; with `start` the daemon runs and all modems are up."""
    street = Street(directory, modems=modems, latency_s=latency_s)
    daemon = Daemon(directory, configure(directory, street.ports, more), profile)
    try:
        if start:
            daemon.start()
            daemon.new_token()
            daemon.wait_up(modems)
        yield House(street, daemon)
    finally:
        daemon.stop()
        street.stop()
