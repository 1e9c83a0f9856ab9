"""The uplink is down and every name server with it: whoever asks for a name waits a minute and a half for nothing."""

from __future__ import annotations

import os
from pathlib import Path
from time import monotonic

from tests.cli.house import CONFIG, House

BUREAU = """
[[smpp]]
name = "north"
host = "smpp.north.example"
system_id = "acme"
connect_wait_s = 2
reopen_s_max = 1
"""
RESOLVER = """
import socket, time
answered = socket.getaddrinfo
def getaddrinfo(host, *more, **options):
    if host == "smpp.north.example":
        time.sleep(90)
    return answered(host, *more, **options)
socket.getaddrinfo = getaddrinfo
"""


def test_the_daemon_ends_at_once_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(RESOLVER)
    found = os.pathsep.join((str(tmp_path), os.environ.get("PYTHONPATH", "")))
    with House(tmp_path, CONFIG.format(home=tmp_path) + BUREAU, PYTHONPATH=found) as house:
        house.wait_for("north is down: cannot be reached: no answer in time", within_s=30)
        began = monotonic()
        assert house.stop() == 0
        assert monotonic() - began < 10
        assert "stopped" in house.log.read_text()
