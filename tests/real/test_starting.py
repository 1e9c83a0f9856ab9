"""A start that fails leaves no trace: no line in the journal, no modem touched, one sentence for the operator."""

from __future__ import annotations

import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.house import CONFIG, gatewayd


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
