"""Four programs that send texts by a modem, each driven as its operator would, with sensible settings.

`post` gives a text; `fate` says what the program tells of it: "queued", "sent", "failed", or its own word for a doubt.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any, Protocol

from bench.parts import PHONE, BenchError, Daemon, configure, until
from tests.peers import programs

READY_S_MAX = 120.0
PLAIN = PHONE.removeprefix("+")


class Stranger(Protocol):
    def __init__(self, home: Path, port: str) -> None: ...
    def start(self) -> None: ...
    def post(self, text: str) -> bool: ...
    def fate(self, text: str) -> str: ...
    def kill(self) -> None: ...
    def wait(self, timeout_s: float = 10) -> object: ...
    def stop(self) -> None: ...


class Processes:
    """Processes in sessions of their own; `kill` is SIGKILL for all of them at once, as when power fails."""

    def __init__(self, home: Path, port: str) -> None:
        self.home, self.port = home, port
        self.running: list[subprocess.Popen[bytes]] = []
        self.prepare()

    def prepare(self) -> None:
        """Files and folders, once."""

    def run(self, *words: str, name: str) -> None:
        path = shutil.which(words[0], path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        assert path, f"{words[0]} is not installed"
        with (self.home / f"{name}.log").open("ab") as log:
            self.running.append(
                subprocess.Popen(
                    [path, *words[1:]], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )
            )

    def kill(self) -> None:
        for process in self.running:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def wait(self, timeout_s: float = 10) -> None:
        for process in self.running:
            process.wait(timeout_s)
        self.running = []

    def stop(self) -> None:
        for process in self.running:
            process.terminate()
        end = time.monotonic() + 5
        while any(p.poll() is None for p in self.running) and time.monotonic() < end:
            time.sleep(0.1)
        self.kill()
        self.wait()


class Smstools(Processes):
    def prepare(self) -> None:
        self.names: dict[str, str] = {}
        programs.smstools(self.home, self.port)

    def start(self) -> None:
        self.run("smsd", "-t", f"-c{self.home}/smsd.conf", f"-p{self.home}/pid", name="smsd")

    def post(self, text: str) -> bool:
        name = self.names[text] = f"text{len(self.names)}"
        (self.home / "new").write_text(f"To: {PLAIN}\nReport: yes\n\n{text}")
        (self.home / "new").rename(self.home / "outgoing" / name)
        return True

    def fate(self, text: str) -> str:
        name = self.names[text]
        for box in ("sent", "failed"):
            if (self.home / box / name).exists():
                return box
        waits = any((self.home / box / name).exists() for box in ("outgoing", "checked"))
        return "queued" if waits else "gone"


class Gammu(Processes):
    def prepare(self) -> None:
        self.names: dict[str, str] = {}
        programs.gammu_smsd(self.home, self.port, answer_s=5, look_s=5)

    def start(self) -> None:
        self.run("gammu-smsd", "-c", f"{self.home}/smsdrc", name="gammu-smsd")

    def post(self, text: str) -> bool:
        words = ["gammu-smsd-inject", "-c", f"{self.home}/smsdrc", "TEXT", PHONE, "-report", "-text", text]
        told = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=True)
        self.names[text] = told.stdout.strip().rpartition("/")[2].split()[-1]
        return True

    def fate(self, text: str) -> str:
        name = self.names[text]
        for box, word in (("sent", "sent"), ("error", "failed"), ("outbox", "queued")):
            if list((self.home / box).glob(f"{name.rpartition('.')[0]}*")):
                return word
        return "gone"


class Kannel(Processes):
    CORE = "store-type = spool\nstore-location = {home}/spool\naccess-log = {home}/access.log\nsms-resend-freq = 10"

    def prepare(self) -> None:
        (self.home / "spool").mkdir()
        core = self.CORE.format(home=self.home)
        _, self.ports = programs.kannel(self.home, self.port, cnmi="2,1,0,1,0", core=core)

    def start(self) -> None:
        self.run("bearerbox", "-v", "1", f"{self.home}/kannel.conf", name="bearerbox")
        time.sleep(2)
        self.run("smsbox", "-v", "1", f"{self.home}/kannel.conf", name="smsbox")

    def post(self, text: str) -> bool:
        asked = {"username": "house", "password": "house", "from": "60000", "to": PHONE, "text": text}
        asked |= {"dlr-mask": "31", "dlr-url": "http://127.0.0.1:9/"}
        try:
            url = f"http://127.0.0.1:{self.ports['sendsms']}/cgi-bin/sendsms?{urllib.parse.urlencode(asked)}"
            with urllib.request.urlopen(url, timeout=10) as answer:
                return bool(answer.status == 202)
        except (OSError, urllib.error.URLError):
            return False

    def fate(self, text: str) -> str:
        log = self.home / "access.log"
        lines = [line for line in log.read_text(errors="replace").splitlines() if text in line] if log.exists() else []
        if any("FAILED Send SMS" in line or "DISCARDED" in line or "REJECTED" in line for line in lines):
            return "failed"
        return "sent" if any(" Sent SMS " in line for line in lines) else "queued"


class Ours:
    """gatewayd, from outside: its HTTP, and SIGKILL."""

    ENDED = ("failed", "expired", "undelivered")

    def __init__(self, home: Path, port: str) -> None:
        config = configure(home, {"modem1": port}, "[delivery]\nreport_wait_s = 150\n")
        self.daemon = Daemon(home, config)
        self.ids: dict[str, int] = {}

    def start(self) -> None:
        try:
            self.daemon.start()
        except BenchError:  # with dozens at once the two cores need a while
            until(self._ready, "the daemon is ready", within_s=READY_S_MAX)

    def _ready(self) -> bool:
        try:
            return bool(self.daemon.local("GET", "/healthz"))
        except (IndexError, OSError):  # its socket is not there yet
            return False

    def post(self, text: str) -> bool:
        asked = {"to": PHONE, "text": text, "priority": "critical"}
        self.ids[text] = int(self.daemon.local("POST", "/api/v1/messages", asked)["messages"][0]["id"])
        return True

    def fate(self, text: str) -> str:
        message: dict[str, Any] = self.daemon.local("GET", f"/api/v1/messages/{self.ids[text]}")
        state = str(message["state"])
        if state in self.ENDED:
            return "failed"
        if state in {"queued", "started"} or (state == "in_doubt" and not message["ended_at"]):
            return "queued"
        return "in doubt" if state == "in_doubt" else "sent"

    def kill(self) -> None:
        self.daemon.process.kill()

    def wait(self, timeout_s: float = 10) -> None:
        self.daemon.process.wait(timeout_s)

    def stop(self) -> None:
        self.daemon.stop()


KINDS: dict[str, type[Stranger]] = {"gatewayd": Ours, "smstools": Smstools, "gammu-smsd": Gammu, "Kannel": Kannel}
