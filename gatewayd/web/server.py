"""The listeners: TCP for everybody, a local socket for the operator. Starts with all of them or with none."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import web

from gatewayd.clock import pause
from gatewayd.web.bodies import Bodies
from gatewayd.web.connection import Connection
from gatewayd.web.doors import Doors
from gatewayd.web.gate import Gate
from gatewayd.web.keyring import Keyring

SOCKET_MODE = 0o660
LINGERING_S = 2.0  # for the rest of a body that nobody wants, so that its sender hears the answer
_TOO_MANY = b'{"error":{"code":"overloaded","message":"too many connections are open","fields":[]}}'
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 5\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(_TOO_MANY), _TOO_MANY)
)


class _Listener(web.Server):
    """Makes connections, and turns away those over the limit with a 503 instead of silence."""

    def __init__(self, gate: Gate, *, connections_max: int, keepalive_s: float, answer_s_max: float) -> None:
        super().__init__(
            gate,
            keepalive_timeout=keepalive_s,
            access_log=None,
            auto_decompress=False,  # theirs has no limit and asks for no token; see Bodies
            lingering_time=LINGERING_S,
        )
        self._connections_max = connections_max
        self._answer_s_max = answer_s_max

    def __call__(self) -> web.RequestHandler:
        return Connection(self, loop=self._loop, answer_s_max=self._answer_s_max, **self._kwargs)

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        if len(self._connections) > self._connections_max:
            transport.write(_FULL)
            handler.close()
            transport.close()


class Server:
    """What is listening. `urls` in the order of the settings; `stop` lets answers under way be finished."""

    def __init__(self, doors: Doors) -> None:
        keyring, self.bodies = Keyring(doors.store), Bodies(doors.settings)
        limits: dict[str, Any] = {
            "connections_max": doors.settings.connections_max,
            "keepalive_s": doors.settings.keepalive_s,
            "answer_s_max": doors.settings.request_s_max,
        }
        self._public = _Listener(Gate(doors, keyring, self.bodies, local=False), **limits)
        self._local = _Listener(Gate(doors, keyring, self.bodies, local=True), **limits)
        self._doors = doors
        self._servers: list[asyncio.Server] = []
        self._bound: Path | None = None
        self.urls: list[str] = []

    async def listen(self) -> None:
        """Raises OSError naming the address that cannot be had; then nothing listens."""
        try:
            for place in self._doors.settings.listen:
                await self._listen_tcp(place)
            if self._doors.socket is not None:
                await self._listen_locally(self._doors.socket)
        except BaseException:
            await self.stop(0)
            raise

    async def _listen_tcp(self, place: str) -> None:
        host, _, port = place.rpartition(":")
        try:
            server = await asyncio.get_running_loop().create_server(
                self._public, host.strip("[]"), int(port), backlog=self._doors.settings.backlog, reuse_address=True
            )
        except (OSError, OverflowError) as error:
            raise OSError(
                getattr(error, "errno", None) or errno.EINVAL, f"cannot listen on {place}: {error}"
            ) from error
        self._servers.append(server)
        self.urls.append(f"http://{host}:{server.sockets[0].getsockname()[1]}")

    async def _listen_locally(self, path: Path) -> None:
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        _remove_stale(path)
        umask = os.umask(0o777 & ~SOCKET_MODE)
        try:
            listening.bind(str(path))
        except OSError as error:
            listening.close()
            raise OSError(error.errno, f"cannot listen on {path}: {error}") from error
        finally:
            os.umask(umask)
        self._bound = path
        server = await asyncio.get_running_loop().create_unix_server(
            self._local, sock=listening, backlog=self._doors.settings.backlog
        )
        self._servers.append(server)

    async def stop(self, grace_s: float) -> None:
        """Accept nothing more, finish what was begun (at most `grace_s`), close."""
        for server in self._servers:
            server.close()
        await pause(0)  # what was accepted in this turn begins
        for listener in (self._public, self._local):
            listener.pre_shutdown()
        for listener in (self._public, self._local):
            await listener.shutdown(grace_s)
        if self._bound is not None:
            _remove_stale(self._bound)
            self._bound = None
        self._servers.clear()


def _remove_stale(path: Path) -> None:
    """A socket left behind; the lock on the state directory proves that its owner is gone. Anything else stays."""
    with suppress(FileNotFoundError):
        if stat.S_ISSOCK(path.lstat().st_mode):
            path.unlink()


async def start(doors: Doors) -> Server:
    """Serve. Raises OSError when an address cannot be had."""
    server = Server(doors)
    await server.listen()
    return server
