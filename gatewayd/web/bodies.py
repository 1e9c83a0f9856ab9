"""Taking in bodies: each within its size and time, all together within the memory that is set apart for them."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from aiohttp import StreamReader, web

from gatewayd.clock import pause
from gatewayd.web.problems import RETRY_AFTER, Problem, overloaded
from gatewayd.web.settings import MIB, WebSettings

STEP_BYTES = 256 * 1024  # unpacked at a time; others have their turn between two steps
_GZIP, _ZLIB, _BARE = 31, 15, -15  # the `wbits` of zlib


@dataclass(slots=True)
class Held:
    """What one request has of the memory for bodies. `stranger`: its token, if any, stands in the body."""

    stranger: bool = False
    size: int = 0


class Bodies:
    """Counts the bytes of all bodies that are being taken in or worked on.

    Strangers get a quarter of the room, or that of one body: whoever has no token cannot shut out those who have one.
    """

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        self.in_flight = 0
        self._of_strangers = 0

    async def take(self, request: web.BaseRequest, held: Held, bytes_max: int | None = None) -> bytes:
        """The whole body. What it takes is counted in `held`; give it back with `release`. Raises Problem."""
        most = min(bytes_max or self._settings.body_bytes_max, self._settings.body_bytes_max)
        declared = request.content_length or 0
        if declared > most:
            raise _too_large(most)
        content, unpacking = request.content, _unpacking(request)
        if unpacking is None and content.is_eof() and content.total_bytes <= most:
            self._hold(content.total_bytes, held, most)
            return await content.read()
        self._hold(declared, held, most)
        if request.headers.get("Expect", "").lower() == "100-continue":
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.writer.output_size = 0
        try:
            async with asyncio.timeout(self._settings.request_s_max):
                return await self._gather(content, unpacking, declared, most, held)
        except TimeoutError:
            # not 408: a sender that gives up on 4xx would lose its alert to a slow line
            told = f"the body did not arrive within {self._settings.request_s_max:g} s"
            raise Problem(503, "timeout", told, headers=RETRY_AFTER, close=True) from None
        except web.RequestPayloadError as error:
            raise Problem(400, "invalid", f"the body is damaged: {error}", close=True) from None

    async def _gather(
        self, content: StreamReader, unpacking: _Unpacking | None, declared: int, most: int, held: Held
    ) -> bytes:
        pieces, arrived, size = [], 0, 0
        while came := await content.readany():
            arrived += len(came)
            if arrived > most:  # packed or not
                raise _too_large(most)
            for piece in unpacking.steps(came) if unpacking else (came,):
                size += len(piece)
                if size > most:
                    raise _too_large(most)
                if size > declared:  # chunked, or compressed
                    self._hold(min(len(piece), size - declared), held, most)
                pieces.append(piece)
                if unpacking:
                    await pause(0)
        if unpacking and arrived:
            unpacking.finish()
        return b"".join(pieces)

    def _hold(self, size: int, held: Held, most: int) -> None:
        room = self._settings.bytes_in_flight_max - self.in_flight
        if held.stranger:
            room = min(room, max(self._settings.bytes_in_flight_max // 4, most) - self._of_strangers)
        if size > room:
            raise overloaded("too many bytes are being taken in at once; try again")
        self._count(size, held)

    def release(self, held: Held) -> None:
        self._count(-held.size, held)

    def _count(self, size: int, held: Held) -> None:
        self.in_flight += size
        held.size += size
        if held.stranger:
            self._of_strangers += size


class _Unpacking:
    """Unpacks one body in small steps. It has to be one complete stream with nothing behind it."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._stream = zlib.decompressobj(_GZIP) if encoding == "gzip" else None

    def steps(self, came: bytes) -> Iterator[bytes]:
        """What comes out of `came`, at most STEP_BYTES at a time. Raises Problem."""
        if self._stream is None:  # some send "deflate" without the header of zlib
            self._stream = zlib.decompressobj(_ZLIB if came[0] & 0x0F == 8 else _BARE)
        stream = self._stream
        while True:
            if stream.eof and came:
                raise self._damaged("something follows its end")
            try:
                piece = stream.decompress(came, STEP_BYTES)
            except zlib.error:
                raise self._damaged("it cannot be unpacked") from None
            came = stream.unconsumed_tail or stream.unused_data
            yield piece
            if not came and len(piece) < STEP_BYTES:
                return

    def finish(self) -> None:
        if self._stream is None or not self._stream.eof:
            raise self._damaged("its end is missing")

    def _damaged(self, why: str) -> Problem:
        return Problem(400, "invalid", f"the body is no sound {self._encoding}: {why}", close=True)


def _unpacking(request: web.BaseRequest) -> _Unpacking | None:
    encoding = ", ".join(request.headers.getall("Content-Encoding", ())).strip().lower()
    match encoding:
        case "" | "identity":
            return None
        case "gzip" | "x-gzip":
            return _Unpacking("gzip")
        case "deflate":
            return _Unpacking("deflate")
    told = f"Content-Encoding '{encoding[:80]}' is not understood; gzip and deflate are"
    raise Problem(400, "invalid", told, close=True)


def _too_large(most: int) -> Problem:
    told = f"{most // MIB} MiB" if most % MIB == 0 else f"{most // 1024} KiB"
    return Problem(413, "too_large", f"the body is larger than {told}", close=True)
