"""What an operator, or a machine, reads in the log: one line per event, nothing that must not stand there."""

from __future__ import annotations

import ast
import asyncio
import io
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from gatewayd import logs
from gatewayd.clock import Clock


class FixedClock(Clock):
    def now(self) -> int:
        return 1_795_316_645_678_000  # 2026-11-22T03:04:05.678Z


@pytest.fixture
def written() -> Iterator[Callable[..., io.StringIO]]:
    """Set up the logs of this process, and put them back."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    logging.getLogger("gatewayd").setLevel(logging.NOTSET)  # a story of the whole house may have set it

    def start(style: Literal["text", "json"] = "text", level: str = "info") -> io.StringIO:
        stream = io.StringIO()
        logs.setup(level, style, stream=stream, clock=FixedClock())
        root.handlers[:] = [h for h in root.handlers if h not in before]  # pytest's own would stumble over bad lines
        return stream

    yield start
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(capture=False)


log = logging.getLogger("gatewayd.queue")


def event(name: str, level: int = logging.INFO, said: str = "", **fields: Any) -> None:
    log.log(level, said, extra={"event": name, **fields})


def test_one_event_is_one_line_with_its_ids(written: Callable[..., io.StringIO]) -> None:
    stream = written()
    event("attempt_accepted", message_id=12, attempt_id=31, channel="modem1", took_s=2.25, report=True, reference=None)
    assert stream.getvalue() == (
        "2026-11-22T03:04:05.678Z INFO gatewayd.queue attempt_accepted"
        " message=12 attempt=31 channel=modem1 took_s=2.25 report=true\n"
    )


def test_the_same_as_json(written: Callable[..., io.StringIO]) -> None:
    stream = written("json")
    event("attempt_accepted", message_id=12, attempt_id=31, channel="modem1", said="taken")
    assert json.loads(stream.getvalue()) == {
        "time": "2026-11-22T03:04:05.678Z",
        "level": "INFO",
        "logger": "gatewayd.queue",
        "event": "attempt_accepted",
        "message": 12,
        "attempt": 31,
        "channel": "modem1",
        "said": "taken",
    }


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_stranger_cannot_write_lines_of_his_own(written: Callable[..., io.StringIO], style: str) -> None:
    stream = written(style)
    hostile = 'hello\r\n2026-11-22 INFO forged event\x1b[2J\x07\u2028\u202e "quoted" \\n \x7f'
    event("text_received", text=hostile, **{"ev=il key\n": 1})
    log.info("from %s", hostile)
    told = stream.getvalue()
    assert told.count("\n") == 2
    assert told.isprintable() or all(c.isprintable() or c == "\n" for c in told)
    if style == "json":
        assert json.loads(told.splitlines()[0])["text"] == hostile


@pytest.mark.parametrize("style", ["text", "json"])
def test_no_full_number_at_info_or_above(written: Callable[..., io.StringIO], style: str) -> None:
    stream = written(style, "debug")
    event("queued", recipient="447700900123", to="+447700900123")
    event("refused", logging.ERROR, "no route to +44 7700 900-123, really")
    log.warning("to %s and %s", "+447700900123", "+4915112345678")
    try:
        int("+447700900123x")
    except ValueError:
        log.exception("failed for +447700900123", extra={"event": "failed"})
    told = stream.getvalue()
    assert "7700900123" not in told
    assert "900-123" not in told
    assert "...123" in told, "enough is left to tell two phones apart"
    log.debug("to %s", "+447700900123")
    assert "+447700900123" in stream.getvalue(), "debug is for finding out"


def test_no_secret_at_any_level(written: Callable[..., io.StringIO]) -> None:
    stream = written("text", "debug")
    logs.SECRETS.add("gw_very-secret")
    log.debug("AT+CPIN=gw_very-secret", extra={"event": "command", "told": {"pin": "gw_very-secret"}})
    assert "gw_very-secret" not in stream.getvalue()
    assert "***" in stream.getvalue()


def fail(why: str) -> None:
    raise RuntimeError(why)


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_traceback_is_a_field_and_not_more_lines(written: Callable[..., io.StringIO], style: str) -> None:
    stream = written(style)
    try:
        fail("the disk\nis on fire")
    except RuntimeError:
        log.exception("store: %s", "failed", extra={"event": "store_failure"})
    (line,) = stream.getvalue().splitlines()
    assert "store_failure" in line
    assert "Traceback (most recent call last)" in line
    assert "test_a_traceback_is_a_field" in line
    if style == "json":
        told = json.loads(line)
        assert told["error"] == "RuntimeError: the disk\nis on fire"
        assert told["traceback"].splitlines()[0] == "Traceback (most recent call last):"


def test_a_line_that_cannot_be_told_costs_nobody_anything(written: Callable[..., io.StringIO]) -> None:
    class Unspeakable:
        def __str__(self) -> str:
            raise RuntimeError("no words")

    stream = written()
    log.info("%d texts for +447700900123", "many")
    event("strange", thing=Unspeakable())
    assert stream.getvalue().count("unprintable_log_record") == 2
    assert "900123" not in stream.getvalue()


def test_long_values_are_cut(written: Callable[..., io.StringIO]) -> None:
    stream = written()
    event("text_received", text="x" * 100_000)
    assert len(stream.getvalue()) < 3_000
    assert "[cut]" in stream.getvalue()


def test_libraries_speak_the_same_way_and_warnings_are_lines(written: Callable[..., io.StringIO]) -> None:
    stream = written()
    logging.getLogger("aiohttp.server").error("Error handling request")
    logging.getLogger("aiohttp.access").info("GET /healthz")
    logging.getLogger("asyncio").debug("Using selector")
    assert (
        stream.getvalue()
        == '2026-11-22T03:04:05.678Z ERROR aiohttp.server library_message said="Error handling request"\n'
    )


def test_setting_up_twice_does_not_say_everything_twice(written: Callable[..., io.StringIO]) -> None:
    written()
    stream = written("text", "warning")
    log.warning("once")
    log.info("not at all")
    assert stream.getvalue().count("\n") == 1


def test_every_line_of_ours_has_an_event_name() -> None:
    unnamed = [
        f"{path.name}:{node.lineno}"
        for path in sorted(Path(logs.__file__).parent.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("log", "_log")
        and node.func.attr in ("debug", "info", "warning", "error", "exception", "critical", "log")
        and "extra" not in {keyword.arg for keyword in node.keywords}
    ]
    assert not unnamed


async def test_what_is_told_in_one_turn_is_written_in_order(written: Callable[..., io.StringIO]) -> None:
    stream = written()
    for number in range(3):
        logs.tell(log, logging.INFO, "attempt_accepted", {"number": None, "part": number})
    event("channel_lost")
    logs.tell(log, logging.INFO, "message_sent", {})
    await asyncio.sleep(0)
    told = [line.split(" gatewayd.queue ")[1] for line in stream.getvalue().splitlines()]
    assert told == [*(f"attempt_accepted part={n}" for n in range(3)), "channel_lost", "message_sent"]


def test_what_is_told_while_no_loop_runs_is_written_at_once(written: Callable[..., io.StringIO]) -> None:
    stream = written()
    logs.tell(log, logging.INFO, "stopped", {})
    assert stream.getvalue().endswith(" stopped\n")
