"""A real daemon under something that listens as systemd does. Its only modem is not plugged in."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from tests.cli.house import House


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(20)
        yield listening


def heard(manager: socket.socket, word: str) -> str:
    """The first datagram that begins with the word."""
    end = monotonic() + 20
    while monotonic() < end:
        told = manager.recv(4096).decode()
        if told.startswith(word):
            return told
    raise AssertionError(f"{word} was not said")


@pytest.fixture
def house(manager: socket.socket, tmp_path: Path) -> Iterator[House]:
    with House(tmp_path, NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="60000000") as house:
        yield house


def test_ready_alive_reloaded_and_stopped(manager: socket.socket, house: House) -> None:
    assert heard(manager, "READY=1") == "READY=1\nSTATUS=0 of 1 channels up"
    for _ in range(2):
        heard(manager, "WATCHDOG=1")  # a dead modem never starves it

    good = house.config.read_text()
    house.config.write_text(good.replace('fallback = ["anna"]', 'fallback = ["ana"]'))
    house.process.send_signal(signal.SIGHUP)
    microseconds = int(heard(manager, "RELOADING=1").partition("MONOTONIC_USEC=")[2])
    assert 0 <= monotonic() - microseconds / 1e6 < 20, "systemd compares this with its own CLOCK_MONOTONIC"
    assert "reload refused: line 18: policies[0].fallback[0]: no person or team 'ana'" in heard(manager, "READY=1")
    assert "no person or team 'ana'" in house.wait_for("reload_refused")

    house.config.write_text(good)
    house.process.send_signal(signal.SIGHUP)
    heard(manager, "RELOADING=1")
    assert heard(manager, "READY=1") == "READY=1\nSTATUS=0 of 1 channels up"

    house.process.send_signal(signal.SIGTERM)
    heard(manager, "STOPPING=1")
    assert house.stop() == 0


def test_two_daemons_never_share_a_store(house: House) -> None:
    second = house.types("run")
    assert second.status == 1
    assert "start_failed" in second.err
