"""32 and 64 modems in one daemon: under load, idle, and with two of them sick."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from bench.figures import Figure, Run
from bench.load import blast, request
from bench.parts import PHONE, Cpu, House, Ledger, home, house, until
from bench.preload import preload

LATENCY_S = 0.5
LIMIT_PER_S = 1 / LATENCY_S  # of one modem
PATIENCE_S, PATIENCE_SHORT_S = 60, 10  # of a critical text; the longer one is the default
LOAD_S, LOAD_SHORT_S = 20, 4
CONFIG = "[delivery]\npatience_critical_s = {patience}\ngrace_stop_s = 5\n"
MARK = "(rpt) "


def fleet32(run: Run) -> list[Figure]:
    return _fleet(run, 32)


def fleet64(run: Run) -> list[Figure]:
    return _fleet(run, 64)


def _fleet(run: Run, modems: int) -> list[Figure]:
    """All texts with delivery reports: queued beforehand for the load, posted as critical ones when two are sick."""
    patience_s = PATIENCE_SHORT_S if run.short else PATIENCE_S
    count = int(modems * LIMIT_PER_S * (LOAD_SHORT_S if run.short else LOAD_S))
    with home() as directory:
        preload(directory / "state", count, report=True)
        more, profile = CONFIG.format(patience=patience_s), run.profile_of(f"fleet{modems}")
        with house(directory, modems=modems, latency_s=LATENCY_S, more=more, profile=profile, start=False) as parts:
            parts.daemon.start()
            ledger = parts.ledger()
            figures = _busy(parts, ledger, modems, count)
            parts.daemon.new_token()
            parts.daemon.wait_up(modems)
            figures += _idle(parts, 5.0 if run.short else 30.0)
            return figures + _sick(parts, ledger, modems, count // 2, patience_s)


def _busy(parts: House, ledger: Ledger, modems: int, count: int) -> list[Figure]:
    """How near to what so many modems can send at most; the processor is read in the middle of it."""

    def at(share: float) -> Cpu:
        until(lambda: len(ledger.accepted()) >= count * share, f"{count} texts on the air", within_s=120, every_s=0.1)
        return parts.daemon.cpu()

    early, sent = at(0.2), len(ledger.accepted())
    late, more = at(0.9), len(ledger.accepted()) - sent
    at(1.0)
    share = _share(ledger.accepted(), modems)
    limit = f"of {modems * LIMIT_PER_S:g} msg/s"
    return [
        Figure("", share, limit, reach=0.97, floor=0.4, better="more"),
        Figure("processor", (late.used_s - early.used_s) / more * 1000, "s per 1 000 texts", reach=3, floor=15),
    ]


def _share(accepted: list[dict[str, Any]], modems: int) -> float:
    """Of what so many modems can send, while all of them do: without the first and the last tenth of the texts."""
    times = sorted(entry["at"] for entry in accepted)
    steady = times[len(times) // 10 : len(times) * 9 // 10]
    return (len(steady) - 1) / (steady[-1] - steady[0]) / (modems * LIMIT_PER_S)


def _idle(parts: House, seconds: float) -> list[Figure]:
    time.sleep(2.0)
    before = parts.daemon.cpu()
    time.sleep(seconds)
    after = parts.daemon.cpu()
    burnt = (after.used_s - before.used_s) / (after.at - before.at) * 100
    return [
        Figure("idle", burnt, "% of a core", reach=2, floor=20),
        Figure("resident memory", parts.daemon.memory_mb(), "MB", reach=150, floor=250),
    ]


def _sick(parts: House, ledger: Ledger, modems: int, count: int, patience_s: float) -> list[Figure]:
    """One hangs for ever, one takes texts and never answers; what is that to the others, and to their own texts?"""
    parts.street.ask("POST", "/modems/modem1/fault", {"kind": "freeze"})
    parts.street.ask("POST", "/modems/modem2/fault", {"kind": "no_answer", "submitted": False})
    began = time.time()
    posted = 0
    texts = _requests(parts.daemon.token)
    while posted < count:
        posted += blast(parts.daemon.address, texts, connections=4, seconds=0.2).statuses.get(202, 0)

    def there() -> list[dict[str, Any]]:
        return [entry for entry in ledger.accepted() if entry["text"].removeprefix(MARK).startswith("sick ")]

    until(lambda: len(there()) >= posted, "every text on the air", within_s=patience_s + 90, every_s=0.2)
    share = _share(there(), modems - 2)  # what the sick two held back comes last, by other ways
    last = max(entry["at"] for entry in there())
    return [
        Figure("two modems sick, the others", share, "of their limit", reach=0.97, floor=0.4, better="more"),
        Figure("the slowest text then", last - began, "s", reach=patience_s + 2, floor=patience_s + 60),
    ]


def _requests(token: str) -> Iterator[bytes]:
    number = 0
    while True:
        asked = {"to": PHONE, "text": f"sick {number}", "priority": "critical", "report": True}
        yield request("/api/v1/messages", token, json.dumps(asked).encode())
        number += 1
