"""Taking in bodies: each within its size and time, all together within the memory that is set apart for them."""

from __future__ import annotations

import asyncio

from aiohttp import StreamReader, web

from gatewayd.web.problems import RETRY_AFTER, Problem, overloaded
from gatewayd.web.settings import MIB, WebSettings


class Bodies:
    """Counts the bytes of all bodies that are being taken in or worked on."""

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        self.in_flight = 0

    async def take(self, request: web.BaseRequest, held: list[int], bytes_max: int | None = None) -> bytes:
        """The whole body. What it takes is appended to `held`; give it back with `release`. Raises Problem."""
        most = min(bytes_max or self._settings.body_bytes_max, self._settings.body_bytes_max)
        declared = request.content_length or 0
        if declared > most:
            raise _too_large(most)
        content = request.content
        if content.is_eof() and content.total_bytes <= most:
            self._hold(content.total_bytes, held)
            return await content.read()
        self._hold(declared, held)
        if request.headers.get("Expect", "").lower() == "100-continue":
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.writer.output_size = 0
        try:
            async with asyncio.timeout(self._settings.request_s_max):
                return await self._gather(content, declared, most, held)
        except TimeoutError:
            # not 408: a sender that gives up on 4xx would lose its alert to a slow line
            told = f"the body did not arrive within {self._settings.request_s_max:g} s"
            raise Problem(503, "timeout", told, headers=RETRY_AFTER, close=True) from None
        except web.RequestPayloadError as error:
            raise Problem(400, "invalid", f"the body is damaged: {error}", close=True) from None

    async def _gather(self, content: StreamReader, declared: int, most: int, held: list[int]) -> bytes:
        pieces, size = [], 0
        while piece := await content.readany():
            size += len(piece)
            if size > most:
                raise _too_large(most)
            if size > declared:  # chunked, or compressed
                self._hold(min(len(piece), size - declared), held)
            pieces.append(piece)
        return b"".join(pieces)

    def _hold(self, size: int, held: list[int]) -> None:
        if self.in_flight + size > self._settings.bytes_in_flight_max:
            raise overloaded("too many bytes are being taken in at once; try again")
        self.in_flight += size
        held.append(size)

    def release(self, held: list[int]) -> None:
        self.in_flight -= sum(held)
        held.clear()


def _too_large(most: int) -> Problem:
    told = f"{most // MIB} MiB" if most % MIB == 0 else f"{most // 1024} KiB"
    return Problem(413, "too_large", f"the body is larger than {told}", close=True)
