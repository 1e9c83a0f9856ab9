"""What an operator reads in the log while the house lives: one line for each event, with the ids that lead on."""

from __future__ import annotations

import io
import logging
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from gatewayd import logs
from tests.house import ANNA, STRANGER, House, play


class Log:
    """What stands on stderr."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def lines(self, event: str, words: str = "") -> list[str]:
        """Lines of that event that have the words."""
        return [line for line in self.text.splitlines() if line.split()[3] == event and words in line]

    def unnamed(self) -> list[str]:
        """Lines of ours without an event name."""
        return [line for line in self.lines("library_message") if line.split()[2].startswith("gatewayd")]


@pytest.fixture
def log() -> Iterator[Log]:
    root, told = logging.getLogger(), Log()
    before, level = list(root.handlers), root.level
    logs.setup(stream=told.stream)
    yield told
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(capture=False)


def test_a_page_can_be_followed_from_the_alert_to_the_answer(tmp_path: Path, log: Log) -> None:
    async def story(house: House) -> None:
        await house.alert()
        await house.text(house.anna, "edge2")
        await house.until(lambda: "message_delivered" in house.events())
        house.anna.reply("ok")
        await house.text(house.anna, "10 is yours")

    play(tmp_path, story)
    assert len(log.lines("incident_opened", "incident=1")) == 1
    assert len(log.lines("message_queued", "incident=1 message=1 kind=page")) == 1
    assert len(log.lines("attempt_accepted", "message=1")) == 1
    (report,) = log.lines("report_received", "message=1")
    assert "incident=1 message=1 attempt=1 channel=modem1 says=delivered verdict=applied" in report
    (reply,) = log.lines("text_received")
    assert "channel=modem1 sender=...111 incident=1 incoming=1 result=acknowledged" in reply
    assert len(log.lines("incident_acknowledged", "incident=1")) == 1
    assert not log.unnamed()


def test_strangers_and_tests_leave_no_number_and_a_test_its_count(tmp_path: Path, log: Log) -> None:
    async def story(house: House) -> None:
        house.stranger.send("+447700900001", f"call {ANNA}")
        await house.until(lambda: "text_received" in house.events())
        await house.daemon.store.write(house.daemon.desk.test_page, "anna", by="operator", now=house.clock.now())
        await house.text(house.anna, "Test page 1")

    play(tmp_path, story)
    assert STRANGER[1:] not in log.text
    assert ANNA[1:] not in log.text
    assert len(log.lines("text_received", "sender=...199 incoming=1 result=stray")) == 1
    assert len(log.lines("test_page", "test=1")) == 1


def test_a_modem_that_goes_and_comes_is_told_once_each_time(tmp_path: Path, log: Log) -> None:
    async def story(house: House) -> None:
        await house.post("/api/v1/messages", {"to": ANNA, "text": "first"})
        await house.text(house.anna, "first")
        house.street.fault("modem1", {"kind": "hangup", "back_after_s": 60})
        await house.post("/api/v1/messages", {"to": ANNA, "text": "second"})
        await house.until(lambda: len(house.daemon.dispatch.up()) == 1)
        await house.until(lambda: len(house.daemon.dispatch.up()) == 2, 120)

    play(tmp_path, story)
    told = [re.findall(r"state=(\w+)", line)[0] for line in log.lines("channel_state", "channel=modem1 ")]
    assert told.count("up") == 2
    assert all(one != other for one, other in pairwise(told)), f"a change told twice: {told}"
    assert not [line for line in log.text.splitlines() if " gatewayd.channels.modem " in line]
    assert not log.unnamed()


def test_an_answer_that_does_not_come_is_told_once_and_its_late_one_with_all_ids(tmp_path: Path, log: Log) -> None:
    async def story(house: House) -> None:
        house.street.fault(None, {"kind": "late", "seconds": 200, "times": 1})
        await house.alert(severity="info")
        await house.pass_time(400)

    play(tmp_path, story)
    assert len(log.lines("attempt_in_doubt", "attempt=1")) <= 1
    for line in log.lines("late_answer"):
        assert "incident=1 message=1 attempt=1 channel=" in line
    assert not log.unnamed()


def test_a_file_that_is_refused_is_one_line(tmp_path: Path, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(house: House) -> None:
        monkeypatch.setattr(sys, "stderr", log.stream)  # a reload sets the log up again
        bad = house.toml.replace('fallback = ["cara"]', 'fallback = ["x1"]')
        for n, name in enumerate(("anna", "ben"), 2):
            bad = bad.replace(f'page = ["{name}"]', f'page = ["x{n}", "y{n}"]')
        house.path.write_text(bad)
        assert len(await house.daemon.reload()) == 5
        house.path.write_text(house.toml.replace("listen = []", 'listen = ["127.0.0.1:0"]'))
        assert len(await house.daemon.reload()) == 1
        house.path.write_text(house.toml)
        assert await house.daemon.reload() == []

    play(tmp_path, story)
    five, one = log.lines("reload_refused")
    assert "problems=5" in five
    assert "'x1'" in five or "'x2'" in five
    assert "2 more" in five
    assert "problems=1" in one
    assert "web: a change needs a restart" in one
    assert len(log.lines("reloaded")) == 1
    assert not log.lines("configuration_changed")


def test_a_clock_that_was_set_is_one_line(tmp_path: Path, log: Log) -> None:
    async def story(house: House) -> None:
        house.clock.set_wall(100_000_000)
        await house.until(lambda: "clock_step" in house.events(), 60)

    play(tmp_path, story)
    assert len(log.lines("clock_step", "+100.0 s")) == 1
