"""A cheap HTTP load: keep-alive connections in one thread, prebuilt requests, nothing parsed but status and length."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bench.parts import BenchError

SILENT_S_MAX = 30.0


def request(path: str, token: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass(slots=True)
class Load:
    """What came of it: answers by status, and how long each took."""

    took_s: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    times_s: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Good answers a second."""
        good = sum(n for status, n in self.statuses.items() if 200 <= status < 300)
        return good / self.took_s if self.took_s else 0.0

    @property
    def failed(self) -> int:
        return sum(n for status, n in self.statuses.items() if not 200 <= status < 300)


def percentile(values: list[float], share: float) -> float:
    """Nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def status_of(head: bytearray) -> tuple[int, int] | None:
    """(status, octets of the whole answer) once its head is there."""
    end = head.find(b"\r\n\r\n")
    if end < 0:
        return None
    at = head.lower().find(b"content-length:", 0, end)
    if at < 0:
        raise BenchError(f"an answer without a length: {bytes(head[:200])!r}")
    line_end = head.find(b"\r\n", at)
    return int(head[9:12]), end + 4 + int(head[at + 15 : line_end])


def one(address: tuple[str, int], data: bytes) -> tuple[int, bytes]:
    """One request over one connection: status and body."""
    with socket.create_connection(address, timeout=SILENT_S_MAX) as line:
        return exchange(line, data)


def exchange(line: socket.socket, data: bytes) -> tuple[int, bytes]:
    """One request over an open connection: status and body."""
    line.sendall(data)
    got = bytearray()
    while (found := status_of(got)) is None or len(got) < found[1]:
        piece = line.recv(65536)
        if not piece:
            raise BenchError("the connection was closed")
        got += piece
    return found[0], bytes(got[got.find(b"\r\n\r\n") + 4 :])


def blast(
    address: tuple[str, int],
    requests: Iterator[bytes],
    *,
    connections: int,
    seconds: float,
    each: Callable[[], None] | None = None,
) -> Load:
    """Post over so many connections at once, each waiting for its answer before its next request."""
    lines: dict[int, socket.socket] = {}
    load = Load()
    try:
        for _ in range(connections):
            line = socket.create_connection(address, timeout=SILENT_S_MAX)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            lines[line.fileno()] = line
        _run(lines, requests, load, seconds, each)
    finally:
        for line in lines.values():
            line.close()
    return load


def _run(
    lines: dict[int, socket.socket],
    requests: Iterator[bytes],
    load: Load,
    seconds: float,
    each: Callable[[], None] | None,
) -> None:
    clock = time.perf_counter
    poll = select.epoll()
    sent_at = dict.fromkeys(lines, 0.0)
    got: dict[int, bytearray] = {fd: bytearray() for fd in lines}
    began = clock()
    for fd, line in lines.items():
        poll.register(fd, select.EPOLLIN)
        sent_at[fd] = clock()
        line.sendall(next(requests))
    open_ones = len(lines)
    end = began + seconds
    while open_ones:
        events = poll.poll(SILENT_S_MAX)
        if not events:
            raise BenchError(f"no answer for {SILENT_S_MAX:g} s")
        for fd, _ in events:
            line, buffer = lines[fd], got[fd]
            piece = line.recv(65536)
            if not piece:
                raise BenchError("the daemon closed a connection")
            buffer += piece
            found = status_of(buffer)
            if found is None or len(buffer) < found[1]:
                continue
            now = clock()
            load.times_s.append(now - sent_at[fd])
            load.statuses[found[0]] = load.statuses.get(found[0], 0) + 1
            buffer.clear()
            if each is not None:
                each()
            if now < end:
                sent_at[fd] = now
                line.sendall(next(requests))
            else:
                open_ones -= 1
                poll.unregister(fd)
    load.took_s = clock() - began
    poll.close()
