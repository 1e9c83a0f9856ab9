"""One connection, where aiohttp leaves a sender or us waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from aiohttp import EMPTY_PAYLOAD, StreamReader, web
from aiohttp.http import HttpProcessingError
from aiohttp.web_protocol import _ErrInfo

from gatewayd.web.problems import Problem, spoken

_Finished = tuple[web.StreamResponse, bool]
SHORT_BYTES_MAX = 16 * 1024  # so much goes into an empty buffer, whether it is read or not: asyncio's mark is at 64 KiB


class Connection(web.RequestHandler):
    """What is not even HTTP is answered in JSON as well.

    aiohttp leaves a handler waiting for a body that its parser has given up, drops the answer to a sender that says no
    more while it waits, and waits for ever for one that does not read. Here the first hears 400, the second is
    answered, the third is left after `answer_s_max`.
    """

    __slots__ = ("_answer_s_max", "_ended", "_newest")

    def __init__(self, *args: Any, answer_s_max: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._answer_s_max = answer_s_max
        self._ended = False  # the sender says no more
        self._newest: StreamReader = EMPTY_PAYLOAD  # the body of the request that came last

    async def start(self) -> None:
        """Theirs fails when the connection was turned away before it began."""
        if self.transport is not None:
            await super().start()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._messages:
            return
        message, content = self._messages[-1]
        if not isinstance(message, _ErrInfo):
            self._newest = content
        elif not self._newest.is_eof():
            self._newest.set_exception(web.RequestPayloadError("it is not framed as HTTP wants it"))

    def eof_received(self) -> bool:  # type: ignore[override]  # theirs says nothing, which means: close
        """Whether to stay open, for the answers that are still to be given."""
        if not self._newest.is_eof():
            self._newest.set_exception(web.RequestPayloadError("it ends too early"))
        self._ended = True
        idle = self._waiter is not None and not self._waiter.done()
        busy = self._request_count > 0 and not idle
        if busy:
            self._close_when_all_is_answered()
        return busy

    def _close_when_all_is_answered(self) -> None:
        if self._ended and not self._messages:
            self.close()  # after what is under way

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> _Finished:
        answering = super().finish_response(request, resp, start_time)
        finished = await (answering if self._has_room_for(resp) else self._while_it_is_read(answering))
        self._close_when_all_is_answered()
        return finished

    async def _while_it_is_read(self, answering: Coroutine[Any, Any, _Finished]) -> _Finished:
        try:
            async with asyncio.timeout(self._answer_s_max):
                return await answering
        except TimeoutError:
            if self.transport is not None:
                self.transport.abort()
            raise ConnectionResetError("nobody reads the answer") from None

    def _has_room_for(self, answer: web.StreamResponse) -> bool:
        """Whether it is written without a wait, so that it needs no timer."""
        body = getattr(answer, "body", None)
        short = isinstance(body, bytes) and len(body) <= SHORT_BYTES_MAX
        return short and self.transport is not None and not self.transport.get_write_buffer_size()

    def handle_error(
        self,
        request: web.BaseRequest,  # noqa: ARG002 - theirs
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if status >= 500:
            return spoken(Problem(status, "internal", "a fault of gatewayd; its log knows more", close=True))
        return spoken(Problem(status, "invalid", _no_http(str(getattr(exc, "message", message) or "")), close=True))

    def log_exception(self, *args: Any, **kw: Any) -> None:
        if isinstance(kw.get("exc_info"), (web.RequestPayloadError, HttpProcessingError)):
            return  # the rest of a body is damaged: the sender's fault, and it has its answer
        super().log_exception(*args, **kw)


def _no_http(found: str) -> str:
    """The parser's finding without the octets that it shows beneath."""
    plain = found.partition("\n")[0].partition(" when reading")[0].rstrip(":. ")
    return "this is no HTTP that we can read" + (f": {plain[:200]}" if plain else "")
