"""What the web room asks of the rest of the house, and nothing more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gatewayd.channels.contract import Health
from gatewayd.channels.usb import Port
from gatewayd.clock import Clock
from gatewayd.delivery.choice import Choice
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.model import NewMessage, Priority, Report, Reported, Severity
from gatewayd.numbers import Dialling
from gatewayd.oncall.changes import Booked, TakenOver
from gatewayd.oncall.cover import Change, Facts
from gatewayd.oncall.directory import Directory
from gatewayd.oncall.duty import Duty
from gatewayd.oncall.ical_reader import Imported
from gatewayd.oncall.rota import Plan
from gatewayd.oncall.triage import Match
from gatewayd.purse import Use
from gatewayd.store.db import Reader, Row, Store, Tx
from gatewayd.web.settings import WebSettings


class Roster(Protocol):
    """Who is on call, and what changes it. Plain functions of a reader or of `tx`; they raise `model.Refusal`."""

    @property
    def plans(self) -> Mapping[str, Plan]: ...

    def facts(self, reader: Reader, *, now: int) -> Facts: ...

    def duties(self, reader: Reader, audience: tuple[str, ...], *, now: int) -> dict[str, Duty]: ...

    def accept(self, tx: Tx, change: Change, *, by: str, now: int) -> Booked: ...

    def warnings(self, reader: Reader, change: Change, *, now: int) -> list[str]: ...

    def take_over(self, tx: Tx, rota: str, found: Imported, *, by: str, now: int) -> TakenOver: ...

    def withdraw(self, tx: Tx, number: int, *, by: str, now: int) -> None: ...


class Desk(Protocol):
    """The on-call desk, as far as HTTP speaks to it. Plain functions of `tx`; they raise `model.Refusal`."""

    @property
    def roster(self) -> Roster: ...

    def report(self, tx: Tx, report: Report, *, now: int) -> Reported: ...

    def acknowledge(self, tx: Tx, incident_id: int, *, by: str, now: int, note: str = "") -> None: ...

    def resolve(self, tx: Tx, incident_id: int, *, by: str, now: int) -> None: ...

    def silence(self, tx: Tx, match: Match, *, until: int, reason: str, by: str, now: int) -> int: ...

    def end_silence(self, tx: Tx, number: int, *, by: str, now: int) -> None: ...

    def test_page(self, tx: Tx, name: str, *, by: str, now: int) -> list[int]: ...


class Drills(Protocol):
    """Exercises. Plain functions of `tx`; they raise `model.Refusal`."""

    def start(self, tx: Tx, service: str, severity: Severity, *, within_s: int, by: str, now: int) -> int: ...

    def stop(self, tx: Tx, number: int, *, by: str, now: int) -> None: ...


class Rounds(Protocol):
    """What the house does of its own accord, as far as HTTP speaks to it."""

    @property
    def drills(self) -> Drills: ...

    def visit(
        self, tx: Tx, person: str, *, until: int, every_s: int | None, place: str, tell: str, by: str, now: int
    ) -> int: ...

    def end_visit(self, tx: Tx, number: int, *, by: str, now: int) -> None: ...

    def heard(self, tx: Tx, number: int, *, by: str, now: int) -> None: ...

    def put_status(self, tx: Tx, text: str, *, until: int, by: str, now: int) -> None: ...

    def end_status(self, tx: Tx, *, by: str, now: int) -> None: ...


class Ways(Protocol):
    """What is known of ways, as far as HTTP asks for it."""

    def explain(self, reader: Reader, recipient: str, wanted: str, priority: Priority, *, now: int) -> Choice: ...

    def use(self, reader: Reader, channel: str, *, now: int) -> Use: ...


class Queue(Protocol):
    """The delivery queue, as far as HTTP speaks to it. Plain functions of `tx`; they raise `model.Refusal`."""

    @property
    def settings(self) -> DeliverySettings:
        """A reload replaces them."""
        ...

    @property
    def ways(self) -> Ways: ...

    def enqueue(self, tx: Tx, message: NewMessage, *, now: int) -> int: ...

    def withdraw(self, tx: Tx, message_id: int, *, by: str, now: int) -> None: ...

    def resend(self, tx: Tx, message_id: int, *, by: str, now: int) -> None: ...

    def settle(self, tx: Tx, message_id: int, *, sent: bool, by: str, now: int) -> None: ...


class Moored(Protocol):
    """The modems, as far as HTTP asks for them."""

    def at_work(self) -> list[tuple[str, str, Health]]:
        """Of each configured modem: its name, its port in the configuration, how it is."""
        ...

    def unconfigured(self) -> list[Port]: ...

    def imei_at(self, device: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Doors:
    """Callables where a reload may replace the thing; `ready` tells (all well, what is known of each part),
    `awaited` what a queued text that is due waits for."""

    store: Store
    clock: Clock
    desk: Callable[[], Desk]
    rounds: Callable[[], Rounds]
    queue: Queue
    directory: Callable[[], Directory]
    dialling: Callable[[], Dialling]
    channels: Callable[[], set[str]]
    awaited: Callable[[Row], str]
    ready: Callable[[], tuple[bool, dict[str, str]]]
    reload: Callable[[], Awaitable[list[str]]]
    backup: Callable[[Path], Awaitable[None]]
    modems: Moored
    settings: WebSettings
    file: Path  # the configuration, as we were started with it
    socket: Path | None = None  # where the command line finds us; None = nowhere
