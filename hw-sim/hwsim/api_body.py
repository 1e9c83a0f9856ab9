"""What a request of the control API may hold, and how a wrong one is answered."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from hwsim.faults import NUMBER_MAX, FaultError, number, read
from hwsim.street import Street

LINES_MAX = 10_000
STREET = web.AppKey("street", Street)


class Wrong(Exception):
    """A request that cannot be met; the sentence is the answer."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


@web.middleware
async def errors_told(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Turns what is wrong with a request into its answer."""
    try:
        return await handler(request)
    except Wrong as wrong:
        return web.json_response({"error": str(wrong)}, status=wrong.status)
    except FaultError as wrong:
        return web.json_response({"error": str(wrong)}, status=400)
    except web.HTTPException as wrong:
        return web.json_response({"error": wrong.reason}, status=wrong.status)


async def json_body(request: web.Request) -> dict[str, Any]:
    """The body, a JSON object; an empty one if there is none."""
    raw = await request.read()
    try:
        body = json.loads(raw) if raw else {}
    except ValueError as wrong:
        raise Wrong(f"the body is no JSON: {wrong}") from None
    except RecursionError:
        raise Wrong("the body is nested too deeply") from None
    if not isinstance(body, dict):
        raise Wrong("the body is no JSON object")
    return body


def take(body: dict[str, Any], name: str, kind: type, default: Any = ...) -> Any:
    """One field of the body, checked; 400 if it is missing, of another type, or a number below 0."""
    value = body.get(name, default)
    if value is ...:
        raise Wrong(f"{name!r} is missing")
    if kind is float and isinstance(value, int) and abs(value) < NUMBER_MAX and not isinstance(value, bool):
        value = float(value)
    if value is not default and (not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)):
        raise Wrong(f"{name!r} is not a {kind.__name__}: {value!r}")
    if isinstance(value, int | float):
        read(name, number, float(value))
    return value


def query_number(request: web.Request, name: str, default: float) -> float:
    """One number of the query, 0 to LINES_MAX."""
    try:
        number = float(request.query.get(name, default))
    except ValueError:
        raise Wrong(f"{name!r} is not a number: {request.query[name]!r}") from None
    if not 0 <= number <= LINES_MAX:
        raise Wrong(f"{name!r} is out of range")
    return number
