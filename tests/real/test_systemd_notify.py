"""What the service manager hears, over a real datagram socket."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatewayd.notify import Notifier


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """A listening socket and what $NOTIFY_SOCKET says."""
    name = f"gatewayd-test-{os.getpid()}" if request.param == "abstract" else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + name if request.param == "abstract" else name)
        listening.settimeout(2)
        yield listening, "@" + name if request.param == "abstract" else name


def test_the_life_of_a_service(manager: tuple[socket.socket, str]) -> None:
    listening, address = manager
    notifier = Notifier({"NOTIFY_SOCKET": address})

    def heard() -> str:
        return listening.recv(4096).decode()

    assert notifier.ready("2 of 2 modems up")
    assert heard() == "READY=1\nSTATUS=2 of 2 modems up"
    assert notifier.alive()
    assert heard() == "WATCHDOG=1"
    assert notifier.status("modem1 is down:\nno answer")
    assert heard() == "STATUS=modem1 is down: no answer"
    assert notifier.reloading(12.345678)
    assert heard() == "RELOADING=1\nMONOTONIC_USEC=12345678"
    assert notifier.stopping("3 texts on the air")
    assert heard() == "STOPPING=1\nSTATUS=3 texts on the air"


def test_without_a_manager_nothing_happens() -> None:
    assert Notifier({}).ready("up") is False
    assert Notifier({"NOTIFY_SOCKET": "vsock:1:2"}).ready("up") is False


def test_a_manager_that_is_gone_disturbs_nobody(tmp_path: Path) -> None:
    assert Notifier({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).alive() is False


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "60000000"}, 60.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}, 60.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
    ],
)
def test_the_watchdog_is_read_from_the_environment(environ: dict[str, str], expected: float | None) -> None:
    assert Notifier(environ).watchdog_s == expected
