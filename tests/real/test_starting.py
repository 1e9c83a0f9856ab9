"""A start that fails leaves no trace: no line in the journal, no modem touched, one sentence for the operator."""

from __future__ import annotations

import socket
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.cli.house import CONFIG, House, gatewayd


def test_a_port_that_is_taken_is_told_before_anything_is_touched(tmp_path: Path) -> None:
    modem, path = tmp_path / "modem", tmp_path / "gateway.toml"
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.socket(socket.AF_UNIX) as street:
        street.bind(str(modem))
        street.listen()
        street.settimeout(0)
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        config = CONFIG.format(home=tmp_path).replace("127.0.0.1:0", place)
        path.write_text(config.replace(f"{tmp_path}/no-such-modem", f"unix:{modem}"))
        told = gatewayd("run", "--config", str(path))
        assert told.status == 1
        words = f'start_failed said="cannot start: cannot listen on {place}: Address already in use"'
        assert told.err.splitlines()[-1].endswith(words)
        with pytest.raises(BlockingIOError):  # the modem was not opened
            street.accept()
    with closing(sqlite3.connect(tmp_path / "state" / "gatewayd.db")) as books:
        assert books.execute("SELECT event FROM journal").fetchall() == []
    assert not (tmp_path / "state" / "gatewayd.sock").exists()


def test_a_state_directory_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gateway.toml"
    path.write_text(CONFIG.format(home=tmp_path).replace(f"{tmp_path}/state", "/dev/full/state"))
    told = gatewayd("run", "--config", str(path))
    assert told.status == 1
    assert told.err.splitlines()[-1].endswith(
        'start_failed said="cannot start: state_dir /dev/full/state cannot be used: Not a directory"'
    )


REQUEST = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    ("limit", "said", "heard"), [("-Sn 64", REQUEST, b"HTTP/1.1 200"), ("-n 280", b"", b"HTTP/1.1 503")]
)
def test_connections_never_take_the_files_that_modems_and_store_need(
    tmp_path: Path, limit: str, said: bytes, heard: bytes
) -> None:
    """Started from a shell that allows few, for now or for good."""
    few = ["bash", "-c", f'ulimit {limit}; exec "$@"', "bash"]
    with House(tmp_path, before=few) as house, ExitStack() as crowd:
        host, _, port = house.url().removeprefix("http://").partition(":")
        callers = [crowd.enter_context(socket.create_connection((host, int(port)))) for _ in range(300)]
        assert "store: writable" in house.types("status").out
        callers[-1].sendall(said)
        assert callers[-1].recv(100).startswith(heard)
        assert "Too many open files" not in house.log.read_text()
