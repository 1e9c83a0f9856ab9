"""A line in the middle, over TCP: the daemon on one side, the bureau on the other, and a SIGKILL at a chosen octet.

The relay knows SMPP and TAP only so far that it can tell where a PDU or a block begins, and what it is.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, time
from typing import Literal, Protocol

READ_OCTETS = 65536
READ_S_MAX = 5.0
HOLD_S_MAX = 20.0

Who = Literal["daemon", "bureau"]
After = Literal["closed", "hangs"]  # what the bureau sees of the connection whose daemon was killed


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill: at the `nth` piece of that name in what `who` says, with so much of it passed on first.

    With "half" and "all" of what the bureau says, the daemon has read it before it dies.
    """

    who: Who
    piece: str
    passes: Literal["nothing", "half", "all"] = "nothing"
    nth: int = 1


class Wire(Protocol):
    """Cuts what is said into pieces and names them. One for each connection."""

    def cut(self, who: Who, data: bytes) -> Iterator[tuple[str, bytes]]: ...


_COMMANDS = {9: "bind", 4: "submit", 0x80000004: "submit answer"}


class SmppWire:
    """PDUs. A delivery is named by what it carries, and so is its answer."""

    def __init__(self) -> None:
        self._rests: dict[Who, bytes] = {"daemon": b"", "bureau": b""}
        self._deliveries: dict[bytes, str] = {}

    def cut(self, who: Who, data: bytes) -> Iterator[tuple[str, bytes]]:
        data = self._rests[who] + data
        while len(data) >= 16 and len(data) >= (length := int.from_bytes(data[:4], "big")):
            pdu, data = data[:length], data[length:]
            yield self._name(pdu), pdu
        self._rests[who] = data

    def _name(self, pdu: bytes) -> str:
        command, sequence = int.from_bytes(pdu[4:8], "big"), pdu[12:16]
        if command == 5:
            behind_addresses = pdu[16:].split(b"\0", 1)[1][2:].split(b"\0", 1)[1][2:].split(b"\0", 1)[1]
            self._deliveries[sequence] = "receipt" if behind_addresses[0] & 0x3C else "reply"
            return self._deliveries[sequence]
        if command == 0x80000005:
            return f"{self._deliveries.get(sequence, 'unknown')} answer"
        return _COMMANDS.get(command, "other")


class TapWire:
    """What the daemon says at once is one piece; the terminal's words are lines."""

    def __init__(self) -> None:
        self._rest = b""
        self._asked = "ID="

    def cut(self, who: Who, data: bytes) -> Iterator[tuple[str, bytes]]:
        if who == "daemon":
            for sign, name in ((b"\x1bPG", "logon"), (b"\x02", "block"), (b"\x04", "end")):
                if sign in data:
                    self._asked = name
                    yield name, data
                    return
            yield "other", data
            return
        self._rest += data
        while b"\r" in self._rest:
            line, _, self._rest = self._rest.partition(b"\r")
            yield self._name(line), line + b"\r"
        if self._rest:  # "ID=" comes without an end
            yield "other", self._rest
            self._rest = b""

    def _name(self, line: bytes) -> str:
        if b"\x1b[p" in line:
            return "go-ahead"
        if b"\x06" in line or (self._asked == "end" and b"\x04" in line):
            return f"{self._asked} answer"
        return "other"


@dataclass(slots=True)
class _Joint:
    """One connection of the daemon, and ours to the bureau."""

    near: socket.socket
    far: socket.socket
    wire: Wire
    alive: bool = True


class SocketRelay:
    """Runs in a thread from `start` to `stop`. All kills happen in that thread, between two octets."""

    def __init__(self, bureau: tuple[str, int], wire: type[SmppWire | TapWire], *, after: After = "closed") -> None:
        self.killed = threading.Event()
        self.passed: list[tuple[str, bytes]] = []  # (daemon | bureau | lost), in order
        self._bureau = bureau
        self._wire = wire
        self._after = after
        self._free = threading.Event()
        self._free.set()
        self._lock = threading.Lock()
        self._moment: Moment | None = None
        self._seen = 0
        self._after_octets: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._heard: list[tuple[float, bytes]] = []  # what the daemon of now could read, and since when
        self._joints: list[_Joint] = []
        self._door = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port = int(self._door.getsockname()[1])

    # --- from the test's thread

    def start(self) -> None:
        self._stopped, self._stopper = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.let_go()
        self._stopper.send(b"x")
        self._thread.join(10)
        for joint in self._joints:
            joint.near.close()
            joint.far.close()
        for one in (self._door, self._stopped, self._stopper):
            one.close()

    def serve(self, process: subprocess.Popen[bytes]) -> None:
        """This one is the daemon from now on; call it before its first octet."""
        with self._lock:
            self._process = process

    def open_again(self) -> None:
        """Connections are opened by the daemon; there is nothing to free."""

    def kill_at(self, moment: Moment) -> None:
        with self._lock:
            self.killed.clear()
            self._moment, self._seen = moment, 0

    def kill_after(self, octets: int, *, kept: bool) -> None:
        """After so many octets in either direction."""
        del kept
        with self._lock:
            self.killed.clear()
            self._after_octets = octets

    def kill_now(self, *, kept: bool) -> None:
        del kept
        with self._lock:
            self.killed.clear()
            self._kill()

    def hold(self) -> None:
        """Pass nothing on until `let_go`."""
        self._free.clear()

    def let_go(self) -> None:
        self._free.set()

    def readable(self, until: float) -> bytes:
        """All that the bureau said and that the daemon of now could read before that time."""
        with self._lock:
            return b"".join(data for at, data in self._heard if at < until)

    # --- in the relay's thread

    def _run(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._door, selectors.EVENT_READ, None)
        self._selector.register(self._stopped, selectors.EVENT_READ, None)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._stopped:
                    return
                self._free.wait(HOLD_S_MAX)
                with self._lock:
                    if key.fileobj is self._door:
                        self._join()
                    else:
                        self._hear(*key.data)

    def _join(self) -> None:
        near, _ = self._door.accept()
        far = socket.create_connection(self._bureau, timeout=10)
        for side in (near, far):
            side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        joint = _Joint(near, far, self._wire())
        self._joints.append(joint)
        self._selector.register(near, selectors.EVENT_READ, ("daemon", joint))
        self._selector.register(far, selectors.EVENT_READ, ("bureau", joint))

    def _hear(self, who: Who, joint: _Joint) -> None:
        side = joint.near if who == "daemon" else joint.far
        if side.fileno() < 0:
            return
        data = b""
        with contextlib.suppress(OSError):
            data = side.recv(READ_OCTETS)
        if not joint.alive:
            self._note("lost", data)
            if not data or who == "daemon":
                self._close(side)
            return
        if not data:
            self._part(joint)
            return
        for name, piece in joint.wire.cut(who, data):
            if joint.alive:
                self._piece(who, joint, name, piece)
            else:
                self._note("lost", piece)

    def _piece(self, who: Who, joint: _Joint, name: str, piece: bytes) -> None:
        cut = self._cut(who, name, piece)
        if cut is None:
            self._pass(who, joint, piece)
            return
        self._pass(who, joint, piece[:cut])
        if who == "bureau" and cut:
            self._await_read(joint)
        self._note("lost", piece[cut:])
        self._kill()

    def _cut(self, who: Who, name: str, piece: bytes) -> int | None:
        """How much of the piece still passes; None while the moment has not come."""
        if self._after_octets is not None:
            if len(piece) < self._after_octets:
                self._after_octets -= len(piece)
                return None
            cut, self._after_octets = self._after_octets, None
            return cut
        moment = self._moment
        if moment is None or (who, name) != (moment.who, moment.piece):
            return None
        self._seen += 1
        if self._seen < moment.nth:
            return None
        self._moment = None
        return {"nothing": 0, "half": len(piece) // 2, "all": len(piece)}[moment.passes]

    def _pass(self, who: Who, joint: _Joint, data: bytes) -> None:
        if data:
            self._note(who, data)
            if who == "bureau":
                self._heard.append((time(), data))
            with contextlib.suppress(OSError):  # the other side has closed: it will be heard
                (joint.far if who == "daemon" else joint.near).sendall(data)

    def _note(self, who: str, data: bytes) -> None:
        if data:
            self.passed.append((who, data))

    def _await_read(self, joint: _Joint) -> None:
        """Until the daemon has read what was passed on to it."""
        end = monotonic() + READ_S_MAX
        while _unread(joint.near) and monotonic() < end:
            pass

    def _kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)
        self._heard.clear()
        for joint in self._joints:
            if joint.alive:
                joint.alive = False
                if self._after == "closed":
                    self._close(joint.far)
        self.killed.set()

    def _part(self, joint: _Joint) -> None:
        """One side hung up by itself."""
        joint.alive = False
        self._close(joint.near)
        self._close(joint.far)

    def _close(self, side: socket.socket) -> None:
        if side.fileno() >= 0:
            self._selector.unregister(side)
            side.close()


def _unread(near: socket.socket) -> int:
    """Octets that wait in the receive queue of the other end of this loopback connection."""
    here, there = near.getsockname()[1], near.getpeername()[1]
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        ports = tuple(int(fields[place].rpartition(":")[2], 16) for place in (1, 2))
        if ports == (there, here):
            return int(fields[4].rpartition(":")[2], 16)
    return 0
