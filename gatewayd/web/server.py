"""The listeners: TCP for everybody, a local socket for the operator. Has all of them or none.

First they are taken (`listen`), later they are served: who comes in between waits in the kernel's queue for the answer
of a house that is ready, instead of being refused, or answered by one that is half built.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import resource
import socket
import stat
import sys
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

log = logging.getLogger("gatewayd.web")

SOCKET_MODE = 0o660
ACCEPTED_AT_ONCE = 32  # then those over the limit are turned away, before more of them take our files
FILES_OF_OURS = 256  # modems, bureaus, the store, the operator's connections
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


def files_max() -> int:
    """How many this process may have open. When none is left, the loop fills the log with callers it cannot hear."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if soft == resource.RLIM_INFINITY else soft


class Server:
    """What is listening. `listen`, then `serve`, then `stop`; `urls` in the order of the settings."""

    def __init__(self, doors: Doors) -> None:
        keyring, self.bodies = Keyring(doors.store), Bodies(doors.settings)
        limits: dict[str, Any] = {
            "connections_max": min(doors.settings.connections_max, files_max() - FILES_OF_OURS),
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
        """Take every address, answer nobody. Raises OSError naming the one that cannot be had; then none is taken."""
        try:
            for place in self._doors.settings.listen:
                await self._listen_tcp(place)
            if self._doors.socket is not None:
                await self._listen_locally(self._doors.socket)
        except BaseException:
            await self.stop(0)
            raise

    async def serve(self) -> None:
        """From here on whoever came is answered."""
        for server in self._servers:
            await server.start_serving()
            for bound in server.sockets:
                with bound.dup() as same:
                    same.listen(self._doors.settings.backlog)

    async def _listen_tcp(self, place: str) -> None:
        host, _, port = place.rpartition(":")
        backlog = self._doors.settings.backlog
        try:
            server = await asyncio.get_running_loop().create_server(
                self._public,
                host.strip("[]"),
                int(port),
                backlog=ACCEPTED_AT_ONCE,
                reuse_address=True,
                start_serving=False,
            )
            self._servers.append(server)
            for bound in server.sockets:
                with bound.dup() as same:  # asyncio would listen when it serves, too late to hear that another does
                    same.listen(backlog)
        except (OSError, OverflowError) as error:
            raise OSError(error.errno if isinstance(error, OSError) else errno.EINVAL, _why(place, error)) from error
        self.urls.append(f"http://{host}:{server.sockets[0].getsockname()[1]}")

    async def _listen_locally(self, path: Path) -> None:
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        backlog = self._doors.settings.backlog
        umask = os.umask(0o777 & ~SOCKET_MODE)
        try:
            _remove_stale(path)
            listening.bind(str(path))
            self._bound = path
            listening.listen(backlog)
        except OSError as error:
            listening.close()
            raise OSError(error.errno, _why(str(path), error)) from error
        finally:
            os.umask(umask)
        server = await asyncio.get_running_loop().create_unix_server(
            self._local, sock=listening, backlog=ACCEPTED_AT_ONCE, start_serving=False
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


def _why(place: str, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno:
        error_said = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno)
        return f"cannot listen on {place}: {error_said}"
    return f"cannot listen on {place}: {error}"


def _remove_stale(path: Path) -> None:
    """A socket left behind, at which nobody listens. Anything else stays."""
    with suppress(FileNotFoundError):
        if stat.S_ISSOCK(path.lstat().st_mode) and not _answers(path):
            path.unlink()


def _answers(path: Path) -> bool:
    """Whether somebody listens there: a daemon with another state directory, perhaps."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.settimeout(0)
        try:
            asking.connect(str(path))
        except (ConnectionRefusedError, PermissionError):  # of another user: nobody can tell, and the folder is ours
            return False
        except BlockingIOError:
            return True  # more wait there than it takes
    return True


def raise_file_limit(connections_max: int) -> None:
    """A shell allows a thousand open files where it could allow more: too few for all connections and all of ours."""
    wanted = connections_max + FILES_OF_OURS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if allowed < wanted:
        told = "only %d files may be open (LimitNOFILE): fewer connections are taken than connections_max"
        log.warning(told, allowed, extra={"event": "few_files"})
