"""Taking in bodies: each within its size and time, all together within the memory that is set apart for them."""

from __future__ import annotations

import asyncio

from aiohttp import StreamReader, web

from gatewayd.web.problems import Problem, overloaded
from gatewayd.web.settings import MIB, WebSettings


class Bodies:
    """Counts the bytes of all bodies that are being taken in or worked on."""

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        self.in_flight = 0

    async def take(self, request: web.BaseRequest, held: list[int]) -> bytes:
        """The whole body. What it takes is appended to `held`; give it back with `release`. Raises Problem."""
        declared = _declared(request)
        if declared > self._settings.body_bytes_max:
            raise self._too_large()
        content = request.content
        if content.is_eof() and content.total_bytes <= self._settings.body_bytes_max:
            self._hold(content.total_bytes, held)
            return await content.read()
        self._hold(declared, held)
        if request.headers.get("Expect", "").lower() == "100-continue":
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.writer.output_size = 0
        try:
            async with asyncio.timeout(self._settings.request_s_max):
                return await self._gather(content, declared, held)
        except TimeoutError:
            # not 408: a sender that gives up on 4xx would lose its alert to a slow line
            raise Problem(
                503, "timeout", f"the body did not arrive within {self._settings.request_s_max:g} s", close=True
            ) from None
        except web.RequestPayloadError as error:
            raise Problem(400, "invalid", f"the body is damaged: {error}", close=True) from None

    async def _gather(self, content: StreamReader, declared: int, held: list[int]) -> bytes:
        pieces, size = [], 0
        while piece := await content.readany():
            size += len(piece)
            if size > self._settings.body_bytes_max:
                raise self._too_large()
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

    def _too_large(self) -> Problem:
        limit = self._settings.body_bytes_max
        told = f"{limit // MIB} MiB" if limit % MIB == 0 else f"{limit} bytes"
        return Problem(413, "too_large", f"the body is larger than {told}", close=True)


def _declared(request: web.BaseRequest) -> int:
    return request.content_length or 0
