"""From the door to the modem: latency, rates, a port that goes, a start with a full queue."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path

from bench.figures import Figure, Run
from bench.load import exchange, percentile, request
from bench.parts import PHONE, Daemon, House, Street, configure, home, house, until
from bench.preload import preload


def _post(line: socket.socket, token: str, text: str, *, report: bool = True) -> int:
    """Queue one text; returns its id."""
    body = json.dumps({"to": PHONE, "text": text, "report": report}).encode()
    status, answer = exchange(line, request("/api/v1/messages", token, body))
    assert status == 202, answer
    return int(json.loads(answer)["messages"][0]["id"])


def latency(run: Run) -> list[Figure]:
    """HTTP POST begun -> PDU complete at an idle modem, by the same clock; the next one when all has come to rest."""
    times: list[float] = []
    with home() as directory, house(directory, profile=run.profile_of("latency")) as parts:
        ledger = parts.ledger()
        with socket.create_connection(parts.daemon.address, timeout=30) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for number in range(20 if run.short else 300):
                text = f"latency {number}"
                began = time.time()
                message = _post(line, parts.daemon.token, text)
                seen = until(lambda: [e for e in ledger.accepted() if e["text"] == text], text)  # noqa: B023
                times.append((seen[0]["at"] - began) * 1000)
                _wait_state(parts, message, "delivered")
    times = times[5:]  # the first ones warm the caches
    return [
        Figure("p50", percentile(times, 0.5), "ms", reach=8, floor=100),
        Figure("p95", percentile(times, 0.95), "ms", reach=20, floor=400),
    ]


def _wait_state(parts: House, message: int, state: str) -> None:
    path = f"/api/v1/messages/{message}"
    until(lambda: parts.daemon.local("GET", path)["state"] == state, f"message {message} is {state}")


def _rate(count: int, run: Run, name: str, *, modems: int = 1, latency_s: float = 0.0, report: bool = False) -> float:
    """Texts a second over all modems, from the first to the last PDU, with all of them queued beforehand."""
    with home() as directory:
        preload(directory / "state", count, report=report)
        with house(directory, modems=modems, latency_s=latency_s, profile=run.profile_of(name), start=False) as parts:
            parts.daemon.start()
            ledger = parts.ledger()
            until(lambda: len(ledger.accepted()) >= count, f"{count} texts on the air", within_s=120, every_s=0.1)
            times = sorted(entry["at"] for entry in ledger.accepted())
    return (count - modems) / (times[-1] - times[0])


def modem(run: Run) -> list[Figure]:
    count = 300 if run.short else 5_000
    plain = _rate(count, run, "modem")
    reported = _rate(count, run, "modem-reports", report=True)
    return [
        Figure("", plain, "msg/s", reach=250, floor=25, better="more"),
        Figure("with delivery reports", reported, "msg/s", floor=10, better="more"),
    ]


def modem_200ms(run: Run) -> list[Figure]:
    rate = _rate(30 if run.short else 150, run, "modem-200ms", latency_s=0.2)
    return [Figure("", rate / 5, "of 5 msg/s", reach=0.985, floor=0.7, better="more")]


def modems_8(run: Run) -> list[Figure]:
    rate = _rate(80 if run.short else 480, run, "modems-8", modems=8, latency_s=0.5)
    return [Figure("", rate / 16, "of 16 msg/s", reach=0.985, floor=0.7, better="more")]


def port(run: Run) -> list[Figure]:
    """The device vanishes and comes back; a text waits for it."""
    away_s = 3.0 if run.short else 10.0
    with home() as directory, house(directory, profile=run.profile_of("port")) as parts:
        ledger = parts.ledger()
        back_at = time.time() + away_s
        parts.street.ask("POST", "/modems/modem1/hangup", {"back_after_s": away_s})
        with socket.create_connection(parts.daemon.address, timeout=30) as line:
            _post(line, parts.daemon.token, "are you back?")
        before = parts.daemon.cpu()
        until(lambda: time.time() > back_at - 0.2, "nearly back", within_s=away_s + 1, every_s=0.1)
        after = parts.daemon.cpu()
        sent = until(ledger.accepted, "the text on the air", within_s=180)[0]
    burnt = (after.used_s - before.used_s) / (after.at - before.at) * 100
    return [
        Figure("first SMS", sent["at"] - back_at, "s after its return", reach=3, floor=15),
        Figure("processor while away", burnt, "% of a core", reach=2, floor=20),
    ]


def start(run: Run) -> list[Figure]:
    """exec of a daemon that has very many texts queued -> the first of them at the modem."""
    count = 5_000 if run.short else 100_000
    with home() as directory:
        preload(directory / "state", count)
        street = Street(directory)
        daemon = Daemon(directory, configure(directory, street.ports), run.profile_of("start"))
        try:
            daemon.start()
            memory = _first_send(daemon, street.ledger)
        finally:
            daemon.stop()
            street.stop()
    return [
        Figure(f"first send with {count} queued", memory[0], "s", reach=2, floor=10),
        Figure("resident memory", memory[1], "MB", reach=120, floor=250),
    ]


def _first_send(daemon: Daemon, path: Path) -> tuple[float, float]:
    """Seconds from the exec, and megabytes once it has sent for a while."""
    from bench.parts import Ledger

    ledger = Ledger(path)
    first = until(ledger.accepted, "the first text on the air")[0]["at"]
    until(lambda: len(ledger.accepted()) >= 5, "five texts on the air")
    return first - daemon.started_at, daemon.memory_mb()
