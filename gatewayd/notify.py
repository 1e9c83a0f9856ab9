"""Words to the service manager (sd_notify(3)): ready, what we do, alive, stopping. Silent without $NOTIFY_SOCKET."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping


class Notifier:
    """One datagram per word. A service manager that does not listen never disturbs the daemon."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._address = _address(environ.get("NOTIFY_SOCKET", ""))
        self.watchdog_s = _watchdog_s(environ)

    def ready(self, status: str) -> bool:
        """Start, or a reload, is complete."""
        return self._tell("READY=1", f"STATUS={_line(status)}")

    def status(self, status: str) -> bool:
        return self._tell(f"STATUS={_line(status)}")

    def alive(self) -> bool:
        """Feed the watchdog. Call it at least twice within `watchdog_s`, and only while the house really turns."""
        return self._tell("WATCHDOG=1")

    def reloading(self, monotonic_s: float) -> bool:
        """A reload begins; `ready` ends it. Takes `Clock.monotonic()`: the manager compares it with its own watch."""
        return self._tell("RELOADING=1", f"MONOTONIC_USEC={int(monotonic_s * 1_000_000)}")

    def stopping(self, status: str) -> bool:
        return self._tell("STOPPING=1", f"STATUS={_line(status)}")

    def _tell(self, *words: str) -> bool:
        """Whether the datagram left us."""
        if self._address is None:
            return False
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK) as s:
                s.sendto("\n".join(words).encode(), self._address)
        except OSError:
            return False
        return True


def _address(told: str) -> str | None:
    if told.startswith("@"):
        return "\0" + told[1:]  # the abstract namespace
    return told if told.startswith("/") else None


def _watchdog_s(environ: Mapping[str, str]) -> float | None:
    """How long the manager waits between two signs of life; None when it does not watch us."""
    told, pid = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
    if not told.isdecimal() or int(told) == 0 or (pid and pid != str(os.getpid())):
        return None
    return int(told) / 1_000_000


def _line(status: str) -> str:
    return " ".join(status.split())
