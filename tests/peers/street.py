"""What the tests against strangers share: programs that are always ended, a simulated street, the daemon in it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Protocol, TypeVar

import pytest

ANNA = "+447700900111"
REQUIRED = os.environ.get("GATEWAYD_PEERS") == "required"  # an absent program is a failure then
DEBIAN = {
    "ModemManager": "modemmanager",
    "bearerbox": "kannel",
    "dbus-daemon": "dbus",
    "drive_smpp": "kannel-extras",
    "node": "nodejs",
    "npm": "npm",
    "openssl": "openssl",
    "pagesend": "hylafax-server",
    "perl": "perl",
    "smsbox": "kannel",
    "text2pcap": "wireshark-common",
    "tshark": "tshark",
    "mmcli": "modemmanager",
    "ofonod": "ofono",
    "gammu": "gammu",
    "gammu-smsd": "gammu-smsd",
    "gammu-smsd-inject": "gammu-smsd",
    "prometheus-alertmanager": "prometheus-alertmanager",
    "promtool": "prometheus",
    "smsd": "smstools",
}

T = TypeVar("T")


def absent(words: str) -> None:
    if REQUIRED:
        pytest.fail(words)
    pytest.skip(words)


def program(name: str) -> str:
    """Where the stranger is; without it the test is skipped, or fails where the strangers are required."""
    path = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin:/usr/lib/kannel/test")
    if path is None:
        absent(f"{name} is not installed (Debian package {DEBIAN[name]})")
    assert path is not None
    return path


def wait_for(there: Callable[[], T], why: str, *, within_s: float = 20) -> T:
    """The first true answer of `there`."""
    end = monotonic() + within_s
    while not (found := there()):
        assert monotonic() < end, f"{why}: not within {within_s} s"
        sleep(0.05)
    return found


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


def call(url: str, body: Any = None, *, token: str = "", timeout_s: float = 20) -> Any:
    """GET, or POST of JSON; the JSON of the answer, or its text. An error of HTTP is raised with what was said."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=timeout_s) as answer:
            text = answer.read().decode()
            return json.loads(text) if "json" in answer.headers.get("Content-Type", "") else text
    except urllib.error.HTTPError as error:
        with error:
            raise AssertionError(f"{url}: {error.code} {error.read().decode()[:2000]}") from None


class Program:
    """A process in a session of its own, until `stop`; what it said is shown when the test fails."""

    def __init__(self, words: tuple[str, ...], log: Path, env: dict[str, str]) -> None:
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd=log.parent,
                env={**os.environ, "LC_ALL": "C.UTF-8", **env},
            )

    def output(self) -> str:
        return self.log.read_text("utf-8", errors="replace")

    def says(self, words: str, *, within_s: float = 20) -> str:
        """The first line with these words."""

        def line() -> str:
            found = next((line for line in self.output().splitlines() if words in line), "")
            assert found or self.process.poll() is None, f"{self.log.stem} ended:\n{self.output()}"
            return found

        return wait_for(line, f"{self.log.stem} did not say {words!r}", within_s=within_s)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Ends it with all its children; a program that stays is killed."""
        for signum, patience_s in ((number, 20), (signal.SIGKILL, 10)):
            try:
                os.killpg(self.process.pid, signum)
                self.process.wait(patience_s)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        self.process.wait(10)


class Run(Protocol):
    def __call__(self, *words: str, name: str, env: dict[str, str] | None = None) -> Program: ...


class Programs:
    """All programs of one test."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._running: list[Program] = []

    def run(self, *words: str, name: str, env: dict[str, str] | None = None) -> Program:
        self._running.append(started := Program(words, self._home / f"{name}.log", env or {}))
        return started

    def stop(self) -> None:
        for running in reversed(self._running):
            running.stop()
            print(f"---- {running.log.stem} said:\n{running.output()[-10_000:]}")


class Street:
    """hwsim with its modems and Anna's phone, played over its control API."""

    def __init__(self, run: Run, home: Path, *options: str, modems: int = 1) -> None:
        words = ("--dir", str(home / "street"), "--modems", str(modems), "--phone", f"{ANNA}:Anna")
        self.process = run(
            sys.executable, "-m", "hwsim", *words, "--control", "127.0.0.1:0", *options, name="hwsim",
            env={"PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        told = json.loads(self.process.says('"ready"'))
        self.control: str = told["control"]
        self.ports: dict[str, str] = {name: modem["address"] for name, modem in told["modems"].items()}
        self.number: str = told["modems"].get("modem1", {}).get("number", "")

    def config(self) -> str:
        """What the daemon's file says of these modems."""
        return "".join(MODEM.format(name=name, port=port) for name, port in self.ports.items())

    def texts(self, contains: str = "") -> list[str]:
        """What Anna's phone has."""
        inbox = call(f"{self.control}/phones/{urllib.parse.quote(ANNA)}")["inbox"]
        return [text["text"] for text in inbox if contains in text["text"]]

    def wait_text(self, contains: str, *, count: int = 1, within_s: float = 20) -> list[str]:
        def there() -> list[str]:
            found = self.texts(contains)
            return found if len(found) >= count else []

        return wait_for(there, f"Anna has no {count} texts with {contains!r}", within_s=within_s)

    def anna_sends(self, text: str) -> None:
        call(f"{self.control}/phones/{urllib.parse.quote(ANNA)}/send", {"to": self.number, "text": text})

    def ledger(self, event: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = call(f"{self.control}/ledger?event={event}")["entries"]
        return found

    def twice(self) -> list[dict[str, Any]]:
        """What the network took more than once."""
        found: list[dict[str, Any]] = call(f"{self.control}/ledger")["duplicates"]
        return found


CONFIG = """\
state_dir = "{home}/state"
default_policy = "night"

[web]
listen = ["127.0.0.1:{port}"]

[storms]
page_texts = 0

[[people]]
name = "anna"
devices = [{{ {anna}, name = "mobile", wait_s = 3600 }}]

[[policies]]
name = "night"
steps = [{{ page = ["anna"], wait_s = 3600 }}]
fallback = ["anna"]
"""
MODEM = """
[[modems]]
name = "{name}"
port = "{port}"
"""


class House:
    """The daemon with these channels, at an address that stays the same through a restart; `anna` is her device."""

    def __init__(self, run: Run, home: Path, channels: str, anna: str = f'number = "{ANNA}"') -> None:
        self._run = run
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._config = home / "gateway.toml"
        self._config.write_text(CONFIG.format(home=home, port=port, anna=anna) + channels)
        self.start()
        self.token = self._new_token("monitor", "alerts")
        self._eyes = self._new_token("eyes", "read")

    def start(self) -> None:
        words = (sys.executable, "-m", "gatewayd", "run", "--config", str(self._config))
        self.process = self._run(*words, name="gatewayd")
        wait_for(self._ready, "gatewayd is not ready:\n" + self.process.output())

    def _ready(self) -> bool:
        assert self.process.process.poll() is None, self.process.output()
        try:
            call(f"{self.url}/readyz")
        except (OSError, AssertionError):
            return False
        return True

    def _new_token(self, name: str, scope: str) -> str:
        words = ("-m", "gatewayd", "token", "new", name, "--scope", scope, "--json", "--config", str(self._config))
        told = subprocess.run((sys.executable, *words), capture_output=True, text=True, timeout=60, check=True).stdout
        secret: str = json.loads(told)["secret"]
        return secret

    def incidents(self) -> list[dict[str, Any]]:
        """All, oldest first."""
        found: list[dict[str, Any]] = []
        page = ""
        while rows := call(f"{self.url}/api/v1/incidents?limit=200{page}", token=self._eyes)["incidents"]:
            found += rows
            page = f"&before={rows[-1]['id']}"
        return found[::-1]

    def alerts(self, incident: dict[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = call(f"{self.url}/api/v1/incidents/{incident['id']}", token=self._eyes)["alerts"]
        return found

    def metrics(self) -> str:
        text: str = call(f"{self.url}/metrics")
        return text


def figure(exposition: str, name: str, **labels: str) -> float:
    """The sum over all series of this name that have these labels."""
    wanted = [f'{label}="{value}"' for label, value in labels.items()]
    lines = [line for line in exposition.splitlines() if line.startswith((f"{name}{{", f"{name} "))]
    return sum(float(line.rpartition(" ")[2]) for line in lines if all(label in line for label in wanted))
