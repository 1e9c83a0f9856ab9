"""The front of the house in a thread of its own, for clients that block (hypothesis, schemathesis)."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.web.front import Front, front


@contextmanager
def running(directory: Path, **settings: Any) -> Iterator[Front]:
    started: list[Front] = []
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    end = asyncio.Event()

    async def serve() -> None:
        try:
            async with front(directory, **settings) as house:
                started.append(house)
                ready.set()
                await end.wait()
        finally:
            ready.set()

    def live() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=live)
    thread.start()
    ready.wait(20)
    try:
        yield started[0]
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(20)


class Caller:
    """A blocking client that keeps its connection."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request(method, path, body, {"X-Api-Key": "gw_all"} | sent)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def json(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        status, raw = self.ask(method, path, None if body is None else json.dumps(body).encode())
        return status, json.loads(raw)

    def close(self) -> None:
        self._connection.close()
