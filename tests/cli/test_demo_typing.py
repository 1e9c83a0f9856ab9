"""What is typed at the demo."""

from __future__ import annotations

import asyncio
import os

import pytest

from gatewayd.demo import stay


def test_what_is_shown_to_be_typed_goes_on_in_the_next_line() -> None:
    commands = [line.split() for line in stay.HOW.splitlines() if "curl -H" in line or "gatewayd incidents" in line]
    assert [words[-1] for words in commands] == ["\\", "\\"]


async def test_lines_that_come_together_are_several_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    typed: asyncio.Queue[str] = asyncio.Queue(100)
    reader, writer = os.pipe()
    os.write(writer, b"alert disk full\nben ok\n")
    os.close(writer)
    with os.fdopen(reader, "rb") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        stay._typed(asyncio.get_running_loop(), typed)
    assert [typed.get_nowait() for _ in range(typed.qsize())] == ["alert disk full", "ben ok"]
