"""A line in the middle: a pty for the daemon, the simulator's socket behind it, and a SIGKILL at a chosen octet.

The relay holds the line open as a real serial port is held by its driver: what the modem says while nobody reads stays
in the buffer of the port ("kept"), unless it is told to lose it, as a port does that is reset or unplugged ("lost").
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import socket
import subprocess
import termios
import threading
import tty
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Literal

READ_OCTETS = 65536
DRAIN_S = 5.0
ARRIVE_S = 0.02
HOLD_S_MAX = 20.0


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill: at `mark` in what `who` says, with so much of it passed on first.

    `passes`: "nothing"; "half" or "but the end" of the piece from the mark on; "line" the rest of its line; "all".
    With "line" and "all" of what the modem says, the daemon has read it before it dies.
    """

    who: Literal["daemon", "modem"]
    mark: bytes
    passes: Literal["nothing", "half", "but the end", "line", "all"] = "nothing"


class Relay:
    """Runs in a thread from `start` to `stop`. All kills happen in that thread, between two octets."""

    def __init__(self, modem: str, link: Path) -> None:
        self._modem_path = modem.removeprefix("unix:")
        self.link = link
        self.killed = threading.Event()
        self.passed: list[tuple[str, bytes]] = []  # (daemon | modem | kept for the next daemon | lost), in order
        self._free = threading.Event()
        self._free.set()
        self._lock = threading.Lock()
        self._moment: Moment | None = None
        self._after_octets: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._kept = True
        self._dead = False
        self._died = 0  # where in `passed` the last daemon ended
        self._tails = {"daemon": b"", "modem": b""}

    # --- from the test's thread

    def start(self) -> None:
        self._modem = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._modem.settimeout(10)
        self._modem.connect(self._modem_path)
        self._master, self._held = os.openpty()
        tty.setraw(self._held)
        os.set_blocking(self._master, False)
        self.link.symlink_to(os.ttyname(self._held))
        self._wake, self._waker = os.pipe()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.let_go()
        os.write(self._waker, b"x")
        self._thread.join(10)
        self._modem.close()
        for fd in (self._master, self._held, self._wake, self._waker):
            os.close(fd)
        self.link.unlink(missing_ok=True)

    def serve(self, process: subprocess.Popen[bytes]) -> None:
        """This one is the daemon from now on; call it before its first octet."""
        with self._lock:
            self._process, self._dead = process, False

    def open_again(self) -> None:
        """As a real port after its last close: nobody's any more."""
        with self._lock:
            self._tails = {"daemon": b"", "modem": b""}
            fcntl.ioctl(self._held, termios.TIOCNXCL)

    def kill_at(self, moment: Moment, *, kept: bool) -> None:
        with self._lock:
            self.killed.clear()
            self._moment, self._kept = moment, kept

    def kill_after(self, octets: int, *, kept: bool) -> None:
        """After so many octets in either direction."""
        with self._lock:
            self.killed.clear()
            self._after_octets, self._kept = octets, kept

    def kill_now(self, *, kept: bool) -> None:
        with self._lock:
            self.killed.clear()
            self._kept = kept
            self._kill()

    def hold(self) -> None:
        """Pass nothing on until `let_go`."""
        self._free.clear()

    def let_go(self) -> None:
        self._free.set()

    def readable(self) -> bytes:
        """All that the modem said and that the daemon of now could read."""
        with self._lock:
            return b"".join(data for who, data in self.passed[self._died :] if who in {"kept", "modem"})

    # --- in the relay's thread

    def _run(self) -> None:
        poll = select.poll()
        for fd in (self._master, self._modem.fileno(), self._wake):
            poll.register(fd, select.POLLIN)
        while True:
            for fd, _ in poll.poll():
                if fd == self._wake:
                    return
                self._free.wait(HOLD_S_MAX)
                with self._lock:
                    if fd == self._master:
                        self._from("daemon", self._read_master())
                    elif data := self._modem.recv(READ_OCTETS):
                        self._from("modem", data)
                    else:
                        return

    def _read_master(self) -> bytes:
        with contextlib.suppress(BlockingIOError, OSError):
            return os.read(self._master, READ_OCTETS)
        return b""

    def _from(self, who: Literal["daemon", "modem"], data: bytes) -> None:
        if self._dead:
            self._to_nobody(who, data)
            return
        data, rest = self._until_the_moment(who, data)
        self._pass(who, data)
        if rest is None:
            return
        if who == "modem" and data:
            self._drained()
        self._kill()
        self._to_nobody(who, rest)

    def _to_nobody(self, who: str, data: bytes) -> None:
        """What is under way when the daemon is dead: the modem's words wait in the port, or are lost."""
        if data:
            self._pass("kept" if who == "modem" and self._kept else "lost", data)

    def _pass(self, who: str, data: bytes) -> None:
        if not data:
            return
        self.passed.append((who, data))
        if who == "daemon":
            self._modem.sendall(data)
        elif who in {"modem", "kept"}:
            os.write(self._master, data)

    def _until_the_moment(self, who: str, data: bytes) -> tuple[bytes, bytes | None]:
        """What still passes, and the rest; None while the moment has not come."""
        if self._after_octets is not None:
            if len(data) < self._after_octets:
                self._after_octets -= len(data)
                return data, None
            cut, self._after_octets = self._after_octets, None
            return data[:cut], data[cut:]
        moment = self._moment
        if moment is None or moment.who != who:
            return data, None
        tail = self._tails[who]
        self._tails[who] = (tail + data)[-64:]
        found = (tail + data).find(moment.mark)
        if found < 0:
            return data, None
        self._moment = None
        cut = _cut(moment, data, max(0, found - len(tail)))
        return data[:cut], data[cut:]

    def _drained(self) -> None:
        """Until the daemon has read everything. A pty hands over a moment late, so first look for its coming."""
        arrived = monotonic() + ARRIVE_S
        while not self._unread() and monotonic() < arrived:
            pass
        end = monotonic() + DRAIN_S
        while self._unread() and monotonic() < end:
            pass

    def _unread(self) -> int:
        count = fcntl.ioctl(self._held, termios.FIONREAD, b"\0\0\0\0")
        return int.from_bytes(count, "little")

    def _kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)
        self._dead = True
        self._died = len(self.passed)
        left = self._read_master()
        if left:
            self.passed.append(("lost", left))
        if not self._kept:
            termios.tcflush(self._held, termios.TCIFLUSH)
        self.killed.set()


def _cut(moment: Moment, data: bytes, at: int) -> int:
    """Where the piece is cut."""
    match moment.passes:
        case "nothing":
            return at
        case "half":
            return at + (len(data) - at) // 2
        case "but the end":
            return len(data) - 1
        case "line":
            end = data.find(b"\n", at + len(moment.mark))
            return len(data) if end < 0 else end + 1
        case "all":
            return len(data)
