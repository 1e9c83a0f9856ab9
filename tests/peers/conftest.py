from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.street import House, Programs, Run, Street


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Starts a program; all of them are ended with the test."""
    programs = Programs(tmp_path)
    try:
        yield programs.run
    finally:
        programs.stop()


@pytest.fixture
def street(run: Run, tmp_path: Path) -> Street:
    return Street(run, tmp_path)


@pytest.fixture
def house(run: Run, tmp_path: Path, street: Street) -> House:
    return House(run, tmp_path, street.config())
