"""Through a bureau: from the door to submit_sm, one at a time and in a stream; receipts; a bureau that was down."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from bench.figures import Figure, Run
from bench.load import blast, exchange, percentile, request
from bench.parts import PHONE, WAIT_S, Daemon, _end, configure, home, until
from bench.preload import preload

SMPP = """
[[smpp]]
name = "bureau"
host = "127.0.0.1"
port = {port}
system_id = "bench"
window = 100
ids = "exact"
any_phone = true
"""


class Bureau:
    """`python -m bench.bureau` in a process of its own."""

    def __init__(self, port: int = 0) -> None:
        command = [sys.executable, "-m", "bench.bureau", str(port)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def _ask(self, word: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def times(self) -> list[float]:
        """When each submit_sm came."""
        return [float(at) for at in json.loads(self._ask("times"))]

    def receipts(self) -> float:
        return float(json.loads(self._ask("receipts")))

    def stop(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        _end(self.process)
        self.process.stdout.close()


@contextlib.contextmanager
def _house(directory: Path, run: Run, name: str, *, port: int = 0) -> Iterator[tuple[Daemon, Bureau]]:
    bureau = Bureau(port)
    daemon = Daemon(directory, configure(directory, {}, SMPP.format(port=bureau.port)), run.profile_of(name))
    try:
        daemon.start()
        daemon.new_token()
        daemon.wait_up()
        yield daemon, bureau
    finally:
        daemon.stop()
        bureau.stop()


def _texts(token: str, recipients: int = 1) -> Iterator[bytes]:
    """`recipients`: of each post."""
    to = PHONE if recipients == 1 else [f"{PHONE[:-2]}{number:02}" for number in range(recipients)]
    for number in count():
        body = json.dumps({"to": to, "text": f"page {number}", "report": True}).encode()
        yield request("/api/v1/messages", token, body)


def smpp_single(run: Run) -> list[Figure]:
    """HTTP POST begun -> submit_sm at the bureau, one at a time."""
    times = []
    with home() as directory, _house(directory, run, "smpp-single") as (daemon, bureau):
        texts = _texts(daemon.token)
        with socket.create_connection(daemon.address, timeout=WAIT_S) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for number in range(20 if run.short else 300):
                began = time.time()
                exchange(line, next(texts))
                arrived = until(lambda: bureau.times()[number:], "the submit_sm")  # noqa: B023
                times.append((arrived[0] - began) * 1000)
                time.sleep(0.02)
    return [
        Figure("p50", percentile(times[5:], 0.5), "ms", reach=6, floor=100),
        Figure("p95", percentile(times[5:], 0.95), "ms", reach=20, floor=400),
    ]


def smpp_stream(run: Run) -> list[Figure]:
    """Connections that post as fast as they are answered; the rate is that of the submit_sm, first to last.

    20 clients fill a fifth of the window at most; 100 can fill it; ten that write to ten people each fill it, too.
    """
    figures = []
    for connections, recipients in ((20, 1), (10, 10), (100, 1)):
        with home() as directory, _house(directory, run, "smpp-stream") as (daemon, bureau):
            seconds = 1.5 if run.short else 8.0
            load = blast(daemon.address, _texts(daemon.token, recipients), connections=connections, seconds=seconds)
            sent = load.statuses.get(202, 0) * recipients
            times = until(_so_many(bureau, sent), f"{sent} submit_sm", within_s=120, every_s=0.2)
            to = f", {recipients} recipients a post" if recipients > 1 else ""
            label = f"HTTP to submit_sm, {connections} connections{to}"
            rate = len(times) / (max(times) - min(times))
            figures.append(Figure(label, rate, "/s", reach=3_000, floor=50, better="more"))
            took_s = bureau.receipts()
            until(_booked(daemon, sent), "the receipts are booked", within_s=120, every_s=0.5)
    return [*figures, Figure("receipts matched", sent / took_s, "/s", reach=3_000, floor=50, better="more")]


def _so_many(bureau: Bureau, wanted: int) -> Callable[[], list[float]]:
    return lambda: times if len(times := bureau.times()) >= wanted else []


def _booked(daemon: Daemon, receipts: int) -> Callable[[], bool]:
    return lambda: daemon.metric("gatewayd_delivery_reports_total") >= receipts


def smpp_backlog(run: Run) -> list[Figure]:
    """So many queued while the bureau is down; it comes back."""
    messages = 5_000 if run.short else 200_000
    with home() as directory:
        preload(directory / "state", messages)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        daemon = Daemon(directory, configure(directory, {}, SMPP.format(port=port)), run.profile_of("smpp-backlog"))
        bureau = None
        try:
            daemon.start()
            time.sleep(1.0 if run.short else 5.0)
            memory = daemon.memory_mb()
            bureau = Bureau(port)
            times = until(bureau.times, "the first submit_sm", within_s=60)
            first = times[0]
            seconds = 1.0 if run.short else 10.0
            until(lambda: time.time() > first + seconds, "a while of draining", within_s=60, every_s=0.1)
            drained = [at for at in bureau.times() if at <= first + seconds]
            at_first = [at for at in drained if at <= first + 1.0]
            memory = max(memory, daemon.memory_mb())
        finally:
            daemon.stop()
            if bureau is not None:
                bureau.stop()
    return [
        Figure(f"resident memory with {messages} queued", memory, "MB", reach=250, floor=400),
        Figure("drained in the first second", len(at_first), "/s", reach=3_000, floor=50, better="more"),
        Figure("drained", len(drained) / seconds, "/s", reach=3_000, floor=50, better="more"),
    ]
