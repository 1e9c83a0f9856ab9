"""Where an SMPP centre listens, and what it shows to whoever comes with TLS."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from hwsim.claims import CLAIMS
from hwsim.ends import give_back, host_port
from hwsim.smpp_tls import Tls, make_certificate

if TYPE_CHECKING:
    from hwsim.smpp_centre import Centre

SHOWS = ("right", "other-name", "expired", "stranger", "plain", "half")
HALF_A_HELLO = bytes.fromhex("160303007A 02000076 0303")  # a handshake record whose rest never comes


class Listener:
    """Where an SMPP centre listens: "tcp:PORT" (loopback, 0 for any), "tcp:HOST:PORT", "tcp:[::1]:PORT", "unix:PATH";
    with certificate and key TLS from the first octet."""

    def __init__(self, centre: Centre, where: str, tls: Tls | None = None) -> None:
        self._centre = centre
        self._path = where.removeprefix("unix:") if where.startswith("unix:") else ""
        self._host, self._port = ("", 0) if self._path else host_port(where)
        self._tls = tls
        self.shows = "right"  # one of SHOWS, to whoever comes with TLS
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        """What a client opens, with the port that was given to us."""
        scheme = "tls" if self._tls else "tcp"
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"unix:{self._path}" if self._path else f"{scheme}:{host}:{self._port}"

    @property
    def by_tls(self) -> bool:
        """It has a certificate."""
        return self._tls is not None

    @property
    def open(self) -> bool:
        """Somebody who comes gets through."""
        return self._server is not None

    def show(self, what: str) -> None:
        """One of SHOWS, from the next `start` on; raises OSError if openssl cannot."""
        self.shows = what
        self._shown()

    def _shown(self) -> Tls | None:
        """The certificate as it is now, made when it is first wanted."""
        if self._tls is None or self.shows in {"plain", "half"}:
            return None
        directory = Path(self._tls.certificate).parent
        match self.shows:
            case "other-name":
                return make_certificate(directory, "other-name", "elsewhere.example")
            case "expired":
                return make_certificate(directory, "expired", expired=True)
            case "stranger":
                return make_certificate(directory, "unknown", by="stranger")
        return self._tls

    async def start(self) -> None:
        """Listens."""
        centre, tls = self._centre, self._shown()
        context = tls.context() if tls else None
        make = _Half if self._tls and self.shows == "half" else centre.connection
        if self._path:
            CLAIMS.claim(Path(self._path))
            self._server = await centre.loop.create_unix_server(make, self._path, ssl=context)
            return
        self._server = await centre.loop.create_server(make, self._host, self._port, ssl=context)
        self._port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Refuses connections from here on; those there are stay."""
        if self._server:
            self._server.close()
            self._server = None
            if self._path:
                give_back(Path(self._path))


class _Half(asyncio.Protocol):
    """Hangs up in the middle of its own first word."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, _data: bytes) -> None:
        self._transport.write(HALF_A_HELLO)
        self._transport.close()
