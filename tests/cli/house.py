"""A real daemon in a directory of its own, and the real command beside it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Self

CONFIG = """\
state_dir = "{home}/state"
default_policy = "everybody"

[web]
listen = ["127.0.0.1:0"]

[[modems]]
name = "modem1"
port = "{home}/no-such-modem"

[[people]]
name = "anna"
devices = [{{ number = "+447700900123", name = "mobile" }}]

[[policies]]
name = "everybody"
steps = [{{ page = ["anna"] }}]
fallback = ["anna"]
"""


@dataclass(frozen=True, slots=True)
class Ran:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def gatewayd(*words: str, stdin: str = "") -> Ran:
    """Type a command."""
    done = subprocess.run(
        [sys.executable, "-m", "gatewayd", *words],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    return Ran(done.returncode, done.stdout, done.stderr)


class House:
    """The daemon, until `stop`. `toml`: its configuration, where it is not the usual one; `before`: what starts it."""

    def __init__(self, home: Path, toml: str = "", *, before: Sequence[str] = (), **environ: str) -> None:
        self.config = home / "gateway.toml"
        self.config.write_text(toml or CONFIG.format(home=home))
        self.log = home / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*before, sys.executable, "-m", "gatewayd", "run", "--config", str(self.config)],
                stderr=log,
                stdout=log,
                env={**os.environ, **environ},
            )
        try:
            self.wait_for(" ready ")
        except BaseException:
            self.process.kill()
            self.process.wait(10)
            raise

    def wait_for(self, words: str, *, within_s: float = 20) -> str:
        """The first line of the log with these words."""
        end = monotonic() + within_s
        while monotonic() < end:
            for line in self.log.read_text().splitlines():
                if words in line:
                    return line
            assert self.process.poll() is None, self.log.read_text()
            sleep(0.05)
        raise AssertionError(f"{words!r} did not come:\n{self.log.read_text()}")

    def url(self) -> str:
        return "http://" + self.wait_for(" ready ").rpartition("http://")[2].rstrip('"')

    def types(self, *words: str, stdin: str = "") -> Ran:
        return gatewayd(*words, "--config", str(self.config), stdin=stdin)

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Whatever the test found, nothing is left running."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
