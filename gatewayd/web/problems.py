"""Answers that say no: one shape, with the fields that are wrong."""

from __future__ import annotations

from collections.abc import Mapping
from json import JSONEncoder

from aiohttp import web

from gatewayd.intake.faults import Fault, IntakeError
from gatewayd.model import Refusal
from gatewayd.store.db import StoreError, StoreFull

JSON_HEADERS = {"Content-Type": "application/json", "Server": "gatewayd"}
to_json = JSONEncoder(separators=(",", ":")).encode  # in ASCII: no text of a stranger can be unspeakable
RETRY_AFTER = {"Retry-After": "5"}


class Problem(Exception):
    """An answer that is not a success, on its way to the client."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *faults: Fault,
        headers: Mapping[str, str] | None = None,
        close: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.faults = faults
        self.headers = headers
        self.close = close  # the connection is of no further use


def answer(status: int, content: object, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(
        status=status,
        body=to_json(content).encode(),
        headers={**JSON_HEADERS, **headers} if headers else JSON_HEADERS,
    )


def spoken(problem: Problem) -> web.Response:
    """{"error": {"code", "message", "fields": [{"field", "message"}]}}"""
    fields = [{"field": field, "message": message} for field, message in problem.faults]
    content = {"error": {"code": problem.code, "message": problem.message, "fields": fields}}
    return finished(problem, answer(problem.status, content, problem.headers))


def spoken_as_pagerduty(problem: Problem) -> web.Response:
    """The shape that clients of Events API v2 print: {"status", "message", "errors": [...]}."""
    invalid = problem.status < 500
    content = {
        "status": "invalid event" if invalid else "error",
        "message": "Event object is invalid" if problem.status == 400 else problem.message,
        "errors": [message for _, message in problem.faults] or [problem.message],
    }
    return finished(problem, answer(problem.status, content, problem.headers))


def finished(problem: Problem, response: web.Response) -> web.Response:
    if problem.close:
        response.force_close()
    return response


def from_intake(error: IntakeError) -> Problem:
    field, message = error.faults[0]
    return Problem(400, "invalid", f"{field}: {message}" if field else message, *error.faults)


def from_refusal(refusal: Refusal) -> Problem:
    status, code = {"unknown": (404, "not_found"), "conflict": (409, "conflict"), "invalid": (400, "invalid")}[
        refusal.kind
    ]
    faults = (Fault(refusal.field, refusal.reason),) if refusal.field else ()
    return Problem(status, code, refusal.reason, *faults)


def from_store(error: StoreError) -> Problem:
    """Always 503: senders try again, and nothing was promised."""
    if isinstance(error, StoreFull):
        return Problem(503, "store_full", f"nothing was kept, the store has no room: {error}", headers=RETRY_AFTER)
    return Problem(503, "store_failed", f"nothing was kept, the store failed: {error}", headers=RETRY_AFTER)


def unauthorized(*, told_one: bool) -> Problem:
    """Not why a token is not known: that would help who guesses."""
    told = "the token is not known" if told_one else "a token is needed: Authorization: Bearer gw_..."
    return Problem(401, "unauthorized", told, headers={"WWW-Authenticate": 'Bearer realm="gatewayd"'})


def overloaded(message: str) -> Problem:
    """503 and never 429: Alertmanager drops what is answered with 429."""
    return Problem(503, "overloaded", message, headers=RETRY_AFTER)
