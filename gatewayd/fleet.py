"""The channels of the house: opened when their port is free, ended in the background, never two on one port.

A reload must not wait for what a leaving channel has on the air: it gets no more work at once, and ends by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from pydantic import SecretStr

from gatewayd.channels.contract import TROUBLES, Channel, Health, House
from gatewayd.channels.link import path_of
from gatewayd.channels.modem import Modem
from gatewayd.channels.modem_settings import ModemSettings
from gatewayd.channels.ports import Ports
from gatewayd.channels.rationed import Rationed, Session
from gatewayd.channels.smpp import Smpp
from gatewayd.channels.smpp_settings import SmppSettings
from gatewayd.channels.supervise import Supervisor
from gatewayd.channels.tap import Tap
from gatewayd.channels.tap_settings import TapSettings
from gatewayd.channels.tap_shared import SharedLine
from gatewayd.channels.usb import Port
from gatewayd.clock import Clock, until_set
from gatewayd.config.file import ChannelSettings
from gatewayd.dispatch import Dispatch
from gatewayd.metrics import (
    CHANNEL_NEEDS_HUMAN,
    CHANNEL_UP,
    MODEM_REGISTERED,
    MODEM_SIGNAL,
    MODEM_STORAGE_SIZE,
    MODEM_STORAGE_USED,
    MODEM_TROUBLE,
    MODEMS_UNCONFIGURED,
    begin_channel,
)
from gatewayd.ways import Standing

log = logging.getLogger("gatewayd.fleet")

NO_LIMIT = Session()
STRAYS_S = 30.0  # between two looks for sticks that nobody configured
DRAIN_S = 5.0  # for a channel to close after its work has ended
LEAVE_S_MAX = 1200.0  # for what is on the air when a channel leaves; what has not ended then is in doubt


class Spawn(Protocol):
    """Run it beside the rest; if it dies, so does the house."""

    def __call__(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]: ...


class Books(Protocol):
    """What limits of sessions ask of the ledger."""

    def since_use_s(self, channel: str) -> float:
        """How long ago something was sent by it."""

    def used_s_ago(self, channel: str, within_s: float) -> Sequence[float]:
        """How long ago each text of this time was sent by it, the first one first."""

    def urgent(self, channel: str, *, takes_any: bool) -> bool:
        """Whether a critical text waits for it; `takes_any`: those that name no channel may go by it."""

    async def put_off(self, channel: str, message_id: str, wait_s: float, reason: str) -> None:
        """This text is not to be looked at for so long."""


@dataclass(frozen=True, slots=True)
class _Berth:
    """An open channel, and what it holds."""

    settings: ChannelSettings
    secret: SecretStr | None
    session: Session
    keeper: Supervisor
    task: asyncio.Task[None]

    @property
    def name(self) -> str:
        return self.settings.name


class Fleet:
    """`open` and `close` return at once; `left(name)` is called when one has lost its work, and when it is gone."""

    def __init__(
        self,
        dispatch: Dispatch,
        house: House,
        clock: Clock,
        *,
        spawn: Spawn,
        left: Callable[[str], None],
        shared: Callable[[str], tuple[str, ...]] = lambda _: (),
        books: Books | None = None,
        closed: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._dispatch = dispatch
        self._closed = closed  # a channel, at this hour, even for what is critical
        self._house = house
        self._clock = clock
        self._spawn = spawn
        self._left = left
        self._shared = shared  # of a channel: the lanes that it serves with others
        self._open: dict[str, _Berth] = {}
        self._books = books
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._paused: dict[str, asyncio.Event] = {}  # before their next session; set when a critical text waits
        self._leaving: dict[asyncio.Task[None], _Berth] = {}
        self.ports = Ports(clock)
        self._lines: dict[str, SharedLine] = {}  # of modems that dial bureaus, by their place
        self._strays: set[str] = set()  # ports that nobody configured, as they were told last
        self._strays_at = 0.0  # when they are looked for next
        self._troubles: dict[str, str] = {}  # by modem, as they were gauged last

    def open(self, settings: ChannelSettings, secret: SecretStr | None, session: Session = NO_LIMIT) -> None:
        """Open it, as soon as nothing that is leaving holds its name or its port. `secret`: its PIN or password.

        A bureau by SMPP whose sessions want a pause has it first.
        """
        binds = isinstance(settings, SmppSettings)
        paused_s = session.pause_s - self._since_use_s(settings.name, session) if binds else 0.0
        self._open_soon(settings, secret, session, paused_s)

    def _open_soon(
        self, settings: ChannelSettings, secret: SecretStr | None, session: Session, paused_s: float
    ) -> None:
        name, place = settings.name, _place(settings)
        holders = [
            task
            for task, berth in self._leaving.items()
            if name == berth.name or (place is not None and place == _place(berth.settings))
        ]
        if holders or paused_s > 0:
            wait = self._open_after(holders, settings, secret, session, paused_s)
            self._waiting[name] = self._spawn(wait, f"open {name}")
            self._dispatch.coming[name] = Standing(up=False, any=_takes_any(settings), trouble="not open yet")
        else:
            self._open_now(settings, secret, session)

    async def _open_after(
        self,
        holders: list[asyncio.Task[None]],
        settings: ChannelSettings,
        secret: SecretStr | None,
        session: Session,
        paused_s: float,
    ) -> None:
        if holders:
            await asyncio.wait(holders)
        if paused_s > 0:
            hurry = self._paused[settings.name] = asyncio.Event()
            self.woken()
            try:
                await until_set(hurry, paused_s)
            finally:
                del self._paused[settings.name]
        del self._waiting[settings.name]
        self._open_now(settings, secret, session)

    def woken(self) -> None:
        """Something was queued: a critical text does not wait for the pause between two sessions."""
        for name, hurry in self._paused.items():
            coming = self._dispatch.coming.get(name)
            if coming is not None and self._books is not None and self._books.urgent(name, takes_any=coming.any):
                hurry.set()

    def _since_use_s(self, name: str, session: Session) -> float:
        return self._books.since_use_s(name) if self._books is not None and session.pause_s else float("inf")

    def _used_s_ago(self, name: str, within_s: float) -> Sequence[float]:
        """What a restart must not make a bureau forget: all that may still count against its rate."""
        return self._books.used_s_ago(name, within_s) if self._books is not None and within_s > 0 else ()

    def _renew(self, name: str) -> None:
        """Its session is spent: unbind, and bind again after the pause."""
        if (berth := self._open.get(name)) is not None:
            log.info("%s begins a new session", name, extra={"event": "session_spent", "channel": name})
            self.close(name)
            self._open_soon(berth.settings, berth.secret, berth.session, berth.session.pause_s)

    def _open_now(self, settings: ChannelSettings, secret: SecretStr | None, session: Session) -> None:
        channel = self._channel(settings, secret, session)
        is_modem = isinstance(settings, ModemSettings)
        shared = partial(self._shared, settings.name)
        begin_channel(settings.name)
        given = channel if session == NO_LIMIT else self._rationed(channel, session)
        self._dispatch.add(given, radio=is_modem, takes_any=_takes_any(settings), shared=shared)
        if isinstance(settings, TapSettings):
            self.ports.reserve(settings.name, settings.end)
        keeper = Supervisor([channel], self._house, self._clock)
        task = self._spawn(keeper.run(), settings.name)
        self._open[settings.name] = _Berth(settings, secret, session, keeper, task)

    def _rationed(self, channel: Channel, session: Session) -> Channel:
        if self._books is None:
            return channel
        put_off = partial(self._books.put_off, channel.name)
        paused_s = channel.paused_s if isinstance(channel, Tap) else lambda: 0.0
        return Rationed(channel, session, put_off=put_off, over=partial(self._renew, channel.name), paused_s=paused_s)

    def _channel(self, settings: ChannelSettings, secret: SecretStr | None, session: Session) -> Channel:
        match settings:
            case ModemSettings():
                within_s = 60 * (settings.burst + 1) / settings.rate_per_minute if settings.rate_per_minute else 0.0
                used = self._used_s_ago(settings.name, within_s)
                return Modem(settings, self._house, self._clock, pin=secret, ports=self.ports, used_s_ago=used)
            case SmppSettings():
                used = self._used_s_ago(settings.name, settings.rate_span_s)
                return Smpp(settings, self._house, self._clock, password=secret, used_s_ago=used)
            case TapSettings():
                since_s = self._since_use_s(settings.name, session)
                pause_s = session.pause_s
                span_s = settings.pages_span_s
                used = self._used_s_ago(settings.name, span_s + settings.t3_s if span_s else 0.0)
                line = self._lines.setdefault(_place(settings) or "", SharedLine()) if settings.dial else None
                return Tap(
                    settings,
                    self._house,
                    self._clock,
                    password=secret,
                    pause_s=pause_s,
                    since_call_s=since_s,
                    used_s_ago=used,
                    line=line,
                    closed=partial(self._closed, settings.name),
                )

    def close(self, name: str) -> None:
        """No more work for it; what it has on the air may end, then it is closed."""
        if (waiting := self._waiting.pop(name, None)) is not None:
            waiting.cancel()
            self._dispatch.coming.pop(name, None)
            return
        berth = self._open.pop(name)
        task = self._spawn(self._leave(berth), f"close {name}")
        self._leaving[task] = berth
        task.add_done_callback(self._leaving.pop)

    async def _leave(self, berth: _Berth) -> None:
        try:
            async with asyncio.timeout(LEAVE_S_MAX):
                self._left(berth.name)
                await self._dispatch.remove(berth.name)
        except TimeoutError:
            log.warning("what it has on the air does not end", extra={"event": "leaving_late", "channel": berth.name})
        finally:
            await _shut(berth)
            if isinstance(berth.settings, TapSettings):
                self.ports.leave(berth.name)
        self._left(berth.name)
        if berth.name not in self._waiting:
            self._troubles.pop(berth.name, None)
            _forget(berth.name)

    def waiting(self) -> dict[str, str]:
        """Channels that are not open yet, and why."""
        held, paused = "its name or its port is in use until another has left", "the pause before its next session"
        return {name: f"starting: {paused if name in self._paused else held}" for name in self._waiting}

    # -- the modems at a glance ------------------------------------------------------------------------------

    def at_work(self) -> list[tuple[str, str, Health]]:
        """Of each open modem: its name, its port in the configuration, how it is."""
        healths = self._dispatch.healths()
        modems = ((name, berth.settings) for name, berth in self._open.items())
        return [(n, s.port, healths[n]) for n, s in modems if isinstance(s, ModemSettings) and n in healths]

    def unconfigured(self) -> list[Port]:
        return self.ports.unconfigured()

    def imei_at(self, device: str) -> str:
        return self.ports.imei_at(device)

    def strays(self) -> dict[str, str]:
        """Sticks that nobody configured, for who asks how all is."""
        found = [_stray(port) for port in self.unconfigured()]
        return {"ports": f"found, not configured: {', '.join(found)}"} if found else {}

    def look_around(self) -> None:
        """Gauge what ails the modems, and tell once of each stick that nobody configured."""
        for name, _, health in self.at_work():
            if self._troubles.get(name) != health.trouble:
                self._troubles[name] = health.trouble
                for word in TROUBLES:
                    MODEM_TROUBLE.labels(name, word).set(health.trouble == word)
        if (now := self._clock.monotonic()) < self._strays_at:
            return
        self._strays_at = now + STRAYS_S
        strays = {port.names[0]: port for port in self.unconfigured()}
        MODEMS_UNCONFIGURED.set(len(strays))
        for name in strays.keys() - self._strays:
            log.warning("found, not configured: %s", _stray(strays[name]), extra={"event": "modem_unconfigured"})
        self._strays = set(strays)

    async def ended(self, grace_s: float) -> None:
        """Return when all that leave have left, or when the time is over."""
        if self._leaving:
            await asyncio.wait(self._leaving, timeout=grace_s)

    async def stop(self) -> None:
        """Close all, those that leave as well."""
        for task in [*self._waiting.values(), *self._leaving]:
            task.cancel()
        await asyncio.gather(*(_shut(berth) for berth in self._open.values()), *self._leaving, return_exceptions=True)
        self._open.clear()


async def _shut(berth: _Berth) -> None:
    await berth.keeper.drain(DRAIN_S)
    berth.task.cancel()
    await asyncio.gather(berth.task, return_exceptions=True)


def _forget(name: str) -> None:
    """A channel that nobody configures any more must not ring an alarm for ever."""
    for word in TROUBLES:
        with contextlib.suppress(KeyError):
            MODEM_TROUBLE.remove(name, word)
    for gauge in (
        CHANNEL_UP,
        CHANNEL_NEEDS_HUMAN,
        MODEM_REGISTERED,
        MODEM_SIGNAL,
        MODEM_STORAGE_USED,
        MODEM_STORAGE_SIZE,
    ):
        with contextlib.suppress(KeyError):  # it never told
            gauge.remove(name)


def _stray(port: Port) -> str:
    return f"{port.shown} on {port.names[0]}{f': {port.lacks}' if port.lacks else ''}"


def _takes_any(settings: ChannelSettings) -> bool:
    """Texts that name no channel may go by it."""
    return isinstance(settings, ModemSettings) or (isinstance(settings, SmppSettings) and settings.any_phone)


def _place(settings: ChannelSettings) -> str | None:
    """What only one channel can hold; the same device under two links is one place. None: it holds nothing here."""
    match settings:
        case ModemSettings(port=end) | TapSettings(end=end):
            path = path_of(end)
            return end if path is None else str(path.resolve())
        case SmppSettings():
            return None
