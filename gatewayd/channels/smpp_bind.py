"""One connection to a bureau: opened, bound, kept alive, and opened again when it ends.

The shell around wire.smpp_session. Octets are written once a turn of the loop, so that a hundred submissions are one
write; while the peer does not read, nothing is taken from the session, and what was not taken certainly was not sent.
While the house has more from the peer than it can commit at once, nothing more is read.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import ssl
from collections.abc import Callable, Mapping
from random import random
from typing import Protocol

from gatewayd.channels.modem_talk import TICK_S
from gatewayd.clock import Clock, pause
from gatewayd.wire.smpp_events import Arrived, BindRefused, Bound, Ended, Event, SessionSettings
from gatewayd.wire.smpp_pace import Redial
from gatewayd.wire.smpp_pdu import Cancel, DataMessage, Message, Query, Replace
from gatewayd.wire.smpp_session import SmppSession
from gatewayd.wire.smpp_status import Kind, another_host_may_take, status_of

CLOSE_S = 2.0  # for the last octets to leave: a peer that does not read would keep the connection for ever
CALM_S = 60.0  # bound so long: the next back-off begins from the shortest wait

_log = logging.getLogger("gatewayd.channels.smpp")


class Owner(Protocol):
    """What a bind tells. Called from the loop, never from within a call to the bind."""

    def heard(self, bind: Bind, event: Event) -> None: ...

    def changed(self) -> None:
        """One is bound now, or is not any more; its `reason` says why."""


class _Line(asyncio.Protocol):
    """The transport's callbacks, passed on."""

    def __init__(self, bind: Bind) -> None:
        self._bind = bind
        self.over = asyncio.get_running_loop().create_future()
        self.peer = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.peer = str((transport.get_extra_info("peername") or ("",))[0])

    def data_received(self, data: bytes) -> None:
        self._bind.received(data)

    def pause_writing(self) -> None:
        self._bind.clogged = True

    def resume_writing(self) -> None:
        self._bind.clogged = False
        self._bind.flush_soon()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.over.done():
            self.over.set_result(_reason(error) if error else "the bureau closed the connection")


class Bind:
    """`run` until cancelled or `leave` was called. `label` tells the binds of one bureau apart."""

    def __init__(
        self,
        label: str,
        address: tuple[str, int],
        settings: SessionSettings,
        clock: Clock,
        owner: Owner,
        *,
        connect_wait_s: float,
        reopen_s_max: float,
        context: Callable[[], ssl.SSLContext] | None = None,
        tls_name: str | None = None,
        statuses: Mapping[int, Kind] | None = None,
    ) -> None:
        self.label = label
        self.reason = "not connected yet"
        self.by_human = False  # only a person can mend it: the login is refused
        self.clogged = False
        self._address = address
        self._unwilling: set[str] = set()  # addresses of the host that took the connection, and not the login
        self._elsewhere = False  # the login was refused in a way that another address may not refuse
        self._all_asked = False  # each of them has been tried like that, since the last login
        self._settings = settings
        self._clock = clock
        self._owner = owner
        self._connect_wait_s = connect_wait_s
        self._reopen_s_max = reopen_s_max
        self._context = context
        self._tls_name = tls_name
        self._statuses = statuses  # kinds that the bureau gives to codes of its own
        self._session: SmppSession | None = None
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        self._flushing = False
        self._leaving = self._renewing = False
        self._running: asyncio.Task[None] | None = None
        self._bound_at: float | None = None
        self._missed_since: float | None = clock.monotonic()

    @property
    def bound(self) -> bool:
        return self._bound_at is not None

    @property
    def room(self) -> int:
        """How many submissions may be added now."""
        return self._session.room if self._session is not None and self.bound else 0

    @property
    def missed_s(self) -> float:
        """For how long it has not been bound."""
        return 0.0 if self._missed_since is None else self._clock.monotonic() - self._missed_since

    @property
    def sends(self) -> bool:
        return self._settings.mode != "receiver"

    @property
    def hears(self) -> bool:
        """Receipts and replies come by it."""
        return self._settings.mode != "transmitter"

    def submit(self, body: Message | DataMessage | Query | Cancel | Replace, key: str) -> None:
        """Only while there is room. SmppError when it cannot be written."""
        assert self._session is not None
        self._session.submit(body, key, self._clock.monotonic())
        self.flush_soon()

    def answer(self, arrived: Arrived, status: int = 0) -> bool:
        """False when the connection is another one by now: the bureau sends it again."""
        done = self._session is not None and self._session.answer(arrived, status)
        if done:
            self.flush_soon()
        return done

    def prove(self, session: SmppSession, since: float) -> None:
        """Ask whether what was said at `since` has been read, if that connection is still there."""
        if self._session is session:
            session.prove(since, self._clock.monotonic())
            self.flush_soon()

    @property
    def session(self) -> SmppSession | None:
        """The connection that there is now; another one after each loss."""
        return self._session

    def renew(self, reason: str) -> None:
        """The bureau knows this session no more: log out after the answers that are still out, and log in anew."""
        if self._session is not None and self.bound:
            self._renewing = True
            self._session.unbind(self._clock.monotonic())
            self._lost(reason)
            self.flush_soon()

    def leave(self) -> None:
        """Log out after the answers that are still out; `run` returns then. Where nothing is open it ends at once."""
        self._leaving = True
        if self._session is not None and self._transport is not None:
            self._session.unbind(self._clock.monotonic())
            self._pump()
        elif self._running is not None:
            self._running.cancel()

    # -- its life ------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        self._running = asyncio.current_task()
        redial = Redial(s_min=min(1.0, self._reopen_s_max), s_max=self._reopen_s_max)
        while not self._leaving:
            if await self._once():
                redial.held()
            dice = random()  # noqa: S311 - it spreads, and hides nothing
            if not self._leaving and not await self._goes_elsewhere():
                await pause(redial.after_refusal(dice) if self.by_human else redial.after_failure(dice))

    async def _once(self) -> bool:
        """One connection from its opening to its end. True when it had been good for a while."""
        line = await self._connect()
        if line is None:
            return False
        session, self._renewing = SmppSession(self._settings), False
        self._session = session
        try:
            session.bind(self._clock.monotonic())
            self._pump()
            reason = await line.over
            if not self.bound:
                reason += " before it answered the login"
                self._unwilling.add(line.peer)
            session.lost(self._clock.monotonic(), reason)
            self._tell()
        finally:
            calm = self._bound_at is not None and self._clock.monotonic() - self._bound_at > CALM_S
            self._close(session)
        return calm

    async def _connect(self) -> _Line | None:
        host, port = self._address
        place = host
        loop = asyncio.get_running_loop()
        try:
            context = self._context() if self._context else None
            async with asyncio.timeout(self._connect_wait_s):
                place = await self._place()
                self._transport, line = await loop.create_connection(
                    lambda: _Line(self),
                    place,
                    port,
                    ssl=context,
                    server_hostname=(self._tls_name or host) if context else None,
                    happy_eyeballs_delay=0.25,
                )
        except (OSError, TimeoutError) as error:
            if place != host:
                self._unwilling.add(place)
            self._lost(f"cannot be reached: {_reason(error)}")
            return None
        self.clogged = False
        return line

    async def _place(self) -> str:
        """The host; or one address of it, while others of them do not take the login. OSError when it has none."""
        if not self._unwilling:
            return self._address[0]
        willing = await self._willing()
        if not willing:
            self._unwilling.clear()
        return willing[0] if willing else self._address[0]

    async def _willing(self) -> list[str]:
        """Addresses of the host that have not refused yet. OSError when it has none."""
        host, port = self._address
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        places = [str(address[0]) for *_, address in found]
        self._unwilling.intersection_update(places)
        return [place for place in places if place not in self._unwilling]

    async def _goes_elsewhere(self) -> bool:
        """Whether the next address is tried at once: each of them once, then as slowly as any login that is refused."""
        elsewhere, self._elsewhere = self._elsewhere, False
        if not elsewhere or self._all_asked:
            return False
        try:
            async with asyncio.timeout(self._connect_wait_s):
                self._all_asked = not await self._willing()
        except (OSError, TimeoutError):
            return False
        return not self._all_asked

    def _close(self, session: SmppSession) -> None:
        """Whatever ended it: every request has its fate, nothing rings any more."""
        session.lost(self._clock.monotonic(), "stopped")
        self._tell()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._transport is not None:
            self._transport.abort() if self.clogged else self._transport.close()
        self._session = self._transport = None

    def _lost(self, reason: str) -> None:
        self._bound_at = None
        if self._missed_since is None:
            self._missed_since = self._clock.monotonic()
        self.reason = reason
        self._owner.changed()

    # -- the line ------------------------------------------------------------------------------------------------------

    def received(self, data: bytes) -> None:
        if self._session is not None:
            self._session.receive(data, self._clock.monotonic())
            self._pump()

    def flush_soon(self) -> None:
        if not self._flushing:
            self._flushing = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = False
        if self._session is not None:
            self._pump()

    def _pump(self) -> None:
        """Tell what happened, write what is to be written, set the timer."""
        session, transport = self._session, self._transport
        if session is None or transport is None:
            return
        self._tell()
        if not self.clogged and (data := session.data_to_send()):
            transport.write(data)
        self._mind_reading(session, transport)
        if session.ended and not transport.is_closing():
            transport.close()
            asyncio.get_running_loop().call_later(CLOSE_S, transport.abort)
        self._set_timer(session)

    def _mind_reading(self, session: SmppSession, transport: asyncio.Transport) -> None:
        """While too much waits for the house, TCP holds the bureau back."""
        if session.sated and transport.is_reading():
            transport.pause_reading()
        elif not session.sated and not transport.is_reading() and not transport.is_closing():
            session.reads_again(self._clock.monotonic())
            transport.resume_reading()

    def _tell(self) -> None:
        session = self._session
        for event in session.events() if session is not None else ():
            match event:
                case Bound():
                    self._bound_at, self.reason, self.by_human = self._clock.monotonic(), "", False
                    self._missed_since, self._all_asked = None, False
                    self._owner.changed()
                case BindRefused(status):
                    row = status_of(status, self._statuses)
                    self.by_human = row.kind in ("login", "unknown")
                    self._elsewhere = another_host_may_take(status, self._statuses)
                    self.reason = f"login refused: {row.words} (0x{status:02X})"
                case Ended(cause, reason):
                    self._owner.heard(self, event)
                    self._lost(self.reason if cause == "refused" or self._renewing else reason)
                case _:
                    self._owner.heard(self, event)

    def _set_timer(self, session: SmppSession) -> None:
        deadline = session.next_deadline()
        if deadline is None or (self._timer is not None and self._timer_at <= deadline):
            return  # a timer that is too early looks again when it rings
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = deadline
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(max(TICK_S, deadline - self._clock.monotonic()), self._timed)

    def _timed(self) -> None:
        self._timer = None
        if self._session is not None:
            self._session.on_deadline(self._clock.monotonic())
            self._pump()


_OLD_TLS = "it speaks no TLS as new as 1.2"
_TLS_WORDS = {  # what OpenSSL calls it
    "WRONG_VERSION_NUMBER": "it speaks no TLS at this port",
    "LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED": _OLD_TLS,
    "TLSV1_ALERT_PROTOCOL_VERSION": _OLD_TLS,
    "UNSUPPORTED_PROTOCOL": _OLD_TLS,
}


def _reason(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not good: {error.verify_message}"
    if isinstance(error, ssl.SSLError) and error.reason in _TLS_WORDS:
        return _TLS_WORDS[error.reason]
    if isinstance(error, ConnectionResetError) and not error.strerror:
        return "the bureau closed the connection"
    if isinstance(error, OSError) and error.strerror:
        plain = not isinstance(error, ssl.SSLError) and error.errno is not None and error.errno > 0
        return os.strerror(error.errno or 0) if plain else error.strerror
    return str(error) or type(error).__name__
