"""Ten thousand events in a minute, over HTTP, to one person with one modem that needs 3 s for a text."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from gatewayd.store import incidents
from gatewayd.web.client import Client
from tests.house import House, play

EVENTS, SECONDS, SERVICES = 10_000, 60, 20
POLICY = """
default_policy = "default"
[[policies]]
name = "default"
fallback = ["cara"]
steps = [{ page = ["anna"], wait_s = 3000 }]
"""


def event(number: int) -> dict[str, Any]:
    return {
        "key": f"key-{number}",
        "service": f"svc{number % SERVICES:02}",
        "severity": "critical" if number % 3 == 0 else "error",
        "summary": f"thing {number} is down",
        "status": "firing",
    }


def counted(house: House, what: str) -> int:
    row = house.daemon.store.peek(lambda books: books.one(f"SELECT COUNT(*) AS n FROM {what}"))
    assert row is not None
    return int(row["n"])


async def pour(house: House) -> None:
    """So many in each second, as fast as they are taken."""
    async with Client(house.daemon.config.socket) as client:
        sent = 0
        for second in range(1, SECONDS + 1):
            until, due = house.seconds + 1, EVENTS * second // SECONDS
            await asyncio.gather(*(client.post("/api/v1/alerts", event(n)) for n in range(sent, due)))
            sent = due
            await house.pass_time(max(0.0, until - house.seconds))


def test_ten_thousand_events_in_a_minute(tmp_path: Path) -> None:
    """At most three texts, one for each service, and one per window: 26 for 10 000 in the first ten minutes."""

    async def story(house: House) -> None:
        house.street.network.settings.latency_s = 3.0
        began = house.clock.now() / 1e6
        await pour(house)
        started = house.daemon.store.peek(lambda books: books.one("SELECT MIN(started_at) AS at FROM attempt"))
        assert started is not None
        assert started["at"] / 1e6 - began < 5, "the first critical page is at the modem"
        await house.pass_time(240)
        texts = [text.text for text in house.anna.texts()]
        assert counted(house, "incident WHERE state = 'open'") == EVENTS, "nothing is lost"
        for service in range(SERVICES):
            assert any(f"CRITICAL svc{service:02}: " in words for words in texts), "the first of each service"
        folded = [words for words in texts if "more (" in words]
        assert len(texts) <= 3 + SERVICES + 3
        assert sum(int(words.split()[0]) for words in folded) == EVENTS - (len(texts) - len(folded))
        mine = house.daemon.store.peek(incidents.open_for, "anna")
        assert len(mine) == EVENTS
        assert all(row["had"] for row in mine), "and she was told of each"
        house.anna.reply("ok all")
        await house.text(house.anna, "are yours", 30)
        assert counted(house, "incident WHERE state = 'acknowledged'") == EVENTS
        await house.pass_time(300)
        assert len(house.anna.texts()) == len(texts) + 1

    play(tmp_path, story, modems=1, policy=POLICY)
