"""Structured logs: one line per event on stderr, text or JSON; no secrets, and no full phone number at info or above.

Rooms log with the standard library: `log.info("sent", extra={"event": "attempt_accepted", "message_id": 12})`.
`message_id`, `incident_id` and `attempt_id` are written as `message=`, `incident=`, `attempt=` (the standard library
keeps the name `message` for itself). What libraries say has no event name: it is `library_message`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
from collections import deque
from collections.abc import Callable
from contextlib import nullcontext, suppress
from functools import lru_cache
from typing import Any, Literal, TextIO

from gatewayd.clock import Clock, iso
from gatewayd.numbers import masked

Style = Literal["text", "json"]

VALUE_LENGTH_MAX = 2_000  # characters of one value
SHORT_LENGTH_MAX = 60  # characters of a value that is worth remembering
SHORT_KEPT_MAX = 2_000
TOLD_MAX = 200  # lines that wait for the end of a turn
TRACEBACK_LENGTH_MAX = 8_000  # characters, the end of it: that is where the cause stands

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "event"}
_SHORT = {"message_id": "message", "incident_id": "incident", "attempt_id": "attempt"}
# Fields that hold a number whatever it looks like.
_NUMBER_FIELDS = frozenset({"recipient", "sender", "number", "phone", "msisdn"})
_NUMBER = re.compile(r"\+(?:[ \u00a0./()-]{0,2}[0-9]){7,15}")
_BARE = re.compile(r"[A-Za-z0-9_.:/@%+,-]+")
_SECRET_LENGTH_MIN = 4  # shorter ones would blacken half of every line


class Secrets:
    """Values that never reach a log, at any level."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def __len__(self) -> int:
        return len(self._known)

    def add(self, secret: str) -> None:
        if len(secret) >= _SECRET_LENGTH_MIN:
            self._known.add(secret)

    def hidden(self, text: str) -> str:
        for secret in self._known:
            text = text.replace(secret, "***")
        return text


SECRETS = Secrets()


class EventFormatter(logging.Formatter):
    """One line per record, whatever is in it: control characters are escaped, tracebacks are a field."""

    def __init__(self, style: Style, now: Callable[[], int], secrets: Secrets = SECRETS) -> None:
        super().__init__()
        self._json = style == "json"
        self._now = now
        self._secrets = secrets
        self._short: dict[tuple[bool, str], str] = {}  # short values as they are told: few, and again and again
        self._secrets_known = 0

    def format(self, record: logging.LogRecord) -> str:
        try:
            fields = self._fields(record)
        except Exception as error:  # noqa: BLE001 - a log line that cannot be told must not cost the event
            told = self._masked(repr(record.msg)[:200], logging.INFO)
            fields = {"event": "unprintable_log_record", "error": type(error).__name__, "told": told}
        return self._line(record.levelname, record.name, fields)

    def line(self, level_name: str, logger: str, event: str, fields: dict[str, Any], level: int) -> str:
        """What `format` gives for a record of these that says nothing else."""
        told: dict[str, Any] = {"event": event}
        for key, value in fields.items():
            if value is None:
                continue
            name = _SHORT.get(key, key)
            plain = type(value) is int and name not in _NUMBER_FIELDS
            told[name] = value if plain else self._value(name, value, level)
        return self._line(level_name, logger, told)

    def _line(self, level: str, logger: str, fields: dict[str, Any]) -> str:
        if self._json:
            head = {"time": iso(self._now()), "level": level, "logger": logger}
            return json.dumps(head | {k: v for k, v in fields.items() if k not in head})
        words = [str(iso(self._now())), level, logger, _name(str(fields.pop("event")))]
        for name, value in fields.items():
            if type(value) is int:
                words.append(f"{_name(name)}={value}")
            else:
                text = _text(value)
                words.append(f"{_name(name)}={_name(text) if len(text) <= SHORT_LENGTH_MAX else _plain(text)}")
        return " ".join(words)

    def _fields(self, record: logging.LogRecord) -> dict[str, Any]:
        said = record.getMessage()
        event = getattr(record, "event", None) or "library_message"
        fields: dict[str, Any] = {"event": event}
        for key, value in vars(record).items():
            if key not in _OWN and value is not None and not key.startswith("_"):
                name = _SHORT.get(key, key)
                counts = type(value) is int and name not in _NUMBER_FIELDS
                fields[name] = value if counts else self._value(name, value, record.levelno)
        if said and said != event and said.replace(" ", "_") != event:
            fields["said"] = self._value("said", said, record.levelno)
        if record.exc_info and record.exc_info[0] is not None:
            kind, error, _ = record.exc_info
            fields["error"] = self._value("error", f"{kind.__name__}: {error}", record.levelno)
            trace = self.formatException(record.exc_info)
            fields["traceback"] = self._masked(trace, record.levelno)[-TRACEBACK_LENGTH_MAX:]
        if record.stack_info:
            fields["stack"] = self._masked(record.stack_info, record.levelno)[-TRACEBACK_LENGTH_MAX:]
        return fields

    def _value(self, name: str, value: object, level: int) -> object:
        if name in _NUMBER_FIELDS and level >= logging.INFO:
            return masked(str(value))
        if isinstance(value, (bool, int, float)):
            return value
        text = self._masked(str(value), level)
        return text if len(text) <= VALUE_LENGTH_MAX else text[:VALUE_LENGTH_MAX] + "[cut]"

    def _masked(self, text: str, level: int) -> str:
        public = level >= logging.INFO
        if len(text) > SHORT_LENGTH_MAX:
            return self._mask(text, public=public)
        if self._secrets_known != len(self._secrets) or len(self._short) >= SHORT_KEPT_MAX:
            self._short.clear()
            self._secrets_known = len(self._secrets)
        told = self._short.get((public, text))
        if told is None:
            told = self._short[public, text] = self._mask(text, public=public)
        return told

    def _mask(self, text: str, *, public: bool) -> str:
        text = self._secrets.hidden(text)
        return _NUMBER.sub(lambda found: masked(found.group()), text) if public else text


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(text: str) -> str:
    """As it is when that is unmistakable, else quoted, with everything that is not printable escaped."""
    if _BARE.fullmatch(text):
        return text
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else _escape(c) for c in quoted) + '"'


_name = lru_cache(maxsize=2_048)(_plain)  # events, names of fields, short values: few, and again and again


def _escape(character: str) -> str:
    return json.dumps(character)[1:-1] if character != "\x7f" else "\\u007f"


class EventHandler(logging.StreamHandler[TextIO]):
    """Writes the lines. `tell` is for the journal, whose lines are most of what there is: it makes no record, and what
    is told in one turn of the loop is written at its end, in one piece and still in order.
    """

    formatter: EventFormatter

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._told: deque[str] = deque()

    def tell(self, level: int, logger: str, event: str, fields: dict[str, Any]) -> None:
        try:
            self._told.append(self.formatter.line(logging.getLevelName(level), logger, event, fields, level))
        except Exception:  # noqa: BLE001 - as the standard library does: told on stderr, and work goes on
            self.handleError(logging.makeLogRecord({"name": logger, "levelno": level, "msg": event}))
            return
        try:
            if len(self._told) == 1:
                asyncio.get_running_loop().call_soon(self.flush)
            elif len(self._told) >= TOLD_MAX:
                self.flush()
        except RuntimeError:  # no loop runs: there is no end to wait for
            self.flush()

    def emit(self, record: logging.LogRecord) -> None:
        self._write_told()
        super().emit(record)

    def flush(self) -> None:
        self._write_told()
        with suppress(ValueError):  # closed by now
            super().flush()

    def _write_told(self) -> None:
        with self.lock or nullcontext():  # other threads log, too
            lines = [self._told.popleft() for _ in range(len(self._told))]
            try:
                if lines:
                    self.stream.write(self.terminator.join((*lines, "")))
            except Exception:  # noqa: BLE001 - as above
                self.handleError(logging.makeLogRecord({"msg": f"{len(lines)} lines could not be written"}))


def tell(log: logging.Logger, level: int, event: str, fields: dict[str, Any]) -> None:
    """As `log.log(level, event, extra={"event": event, **fields})`, at less than half the price."""
    if not log.isEnabledFor(level):
        return
    handlers = logging.root.handlers
    if len(handlers) == 1 and type(handlers[0]) is EventHandler:
        handlers[0].tell(level, log.name, event, fields)
    else:
        log.log(level, event, extra={"event": event, **fields})


def setup(
    level: str = "info", style: Style = "text", *, stream: TextIO | None = None, clock: Clock | None = None
) -> None:
    """Everything that logs in this process goes to `stream` (stderr) in this form. May be called again (reload)."""
    out = stream or sys.stderr
    handler = EventHandler(out)
    handler.setFormatter(EventFormatter(style, (clock or Clock()).now))
    root = logging.getLogger()
    root.handlers[:] = [h for h in root.handlers if not isinstance(h.formatter, EventFormatter)] + [handler]
    root.setLevel(level.upper())
    # One line per HTTP request is the metrics' business; asyncio's debug lines are nobody's.
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    logging.getLogger("asyncio").setLevel(max(logging.INFO, root.level))
    logging.captureWarnings(capture=True)
    # What no line tells need not be found out for each (the howto of the standard library, "Optimization").
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # noqa: SLF001
