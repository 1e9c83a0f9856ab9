"""How a line hands on what is said: as it comes, in pieces, or gathered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Wire:
    """What the line does to all octets of one side."""

    piece_octets: int = 0  # so many at a time, 0: as they come
    gap_s: float = 0.001
    gather_s: float = 0.0  # collected for so long, then sent together


class Outlet:
    """One connection's way out; `write` sends for good."""

    def __init__(self, loop: asyncio.AbstractEventLoop, write: Callable[[bytes], None]) -> None:
        self._loop = loop
        self._write = write
        self._waiting = bytearray()
        self._ticking = False

    def send(self, data: bytes, wire: Wire) -> None:
        """Sends octets as the wire has it, in order."""
        if not (wire.piece_octets or wire.gather_s or self._waiting):
            self._write(data)
            return
        self._waiting += data
        if not self._ticking:
            self._ticking = True
            self._loop.call_later(wire.gather_s, self._tick, wire)

    def _tick(self, wire: Wire) -> None:
        """The next piece, or all."""
        size = wire.piece_octets or len(self._waiting)
        piece = bytes(self._waiting[:size])
        del self._waiting[:size]
        self._write(piece)
        self._ticking = bool(self._waiting)
        if self._ticking:
            self._loop.call_later(wire.gap_s, self._tick, wire)
