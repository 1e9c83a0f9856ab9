"""The door-keeper: finds the route of a request, asks for the token, turns every failure into an answer."""

from __future__ import annotations

import logging

from aiohttp import web
from prometheus_client import Counter

from gatewayd.intake.faults import IntakeError
from gatewayd.metrics import HTTP_REQUESTS, INTAKE
from gatewayd.model import Refusal
from gatewayd.store.db import StoreError
from gatewayd.store.tokens import OPERATOR, Token
from gatewayd.web.bodies import Bodies, Held
from gatewayd.web.call import Call
from gatewayd.web.doors import Doors
from gatewayd.web.keyring import Keyring, credential
from gatewayd.web.problems import Problem, from_intake, from_refusal, from_store, spoken, unauthorized
from gatewayd.web.routes import ROUTES, Route, Table, allow

log = logging.getLogger("gatewayd.web")

FAILURES = (500, 503)
ANYBODY = Token(0, "", frozenset())


class Gate:
    """The handler of one kind of listener. On the operator's socket (`local`) everybody is the operator."""

    def __init__(self, doors: Doors, keyring: Keyring, bodies: Bodies, *, local: bool) -> None:
        self._doors = doors
        self._keyring = keyring
        self._bodies = bodies
        self._local = local
        self._table = Table(ROUTES, local=local)
        self._counters: dict[tuple[str, int], Counter] = {}
        for name in ("none", *(route.name for route in ROUTES)):
            for status in FAILURES:  # those to be alarmed about begin at 0
                HTTP_REQUESTS.labels(name, str(status))

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        route: Route | None = None
        held = Held()
        try:
            path = request.rel_url.raw_path
            if request.method == "OPTIONS":
                return web.Response(status=204, headers=allow(self._table.at(path)[0]))
            route, argument = self._table.find(request.method, path)
            token = OPERATOR if self._local else self._admit(route, request)
            held.stranger = token is ANYBODY
            call = Call(self._doors, self._keyring, self._bodies, request, token, argument, held)
            response = await route.handler(call)
        except Exception as error:  # noqa: BLE001 - the last place where a failure can become an answer
            problem = _problem(error, route)
            response = (route.voice if route else spoken)(problem)
            if route and route.door:
                INTAKE.labels(route.door, "failed" if problem.status >= 500 else "refused").inc()
        finally:
            if held.size:
                self._bodies.release(held)
        if 400 <= response.status < 500 and not request.content.is_eof():
            response.force_close()  # the rest of the body is not worth waiting for
        self._count(route.name if route else "none", response.status)
        return response

    def _admit(self, route: Route, request: web.BaseRequest) -> Token:
        if not route.scopes and (route.name != "metrics" or self._doors.settings.metrics_open):
            return ANYBODY
        token = self._keyring.holder(request.headers)
        if token is None:
            raise unauthorized(told_one=bool(credential(request.headers)))
        scopes = route.scopes or ("read",)
        if token.scopes.isdisjoint(scopes):
            raise Problem(
                403, "forbidden", f"the token '{token.name}' lacks the scope {' or '.join(map(repr, scopes))}"
            )
        return token

    def _count(self, handler: str, status: int) -> None:
        counter = self._counters.get((handler, status))
        if counter is None:
            counter = self._counters[handler, status] = HTTP_REQUESTS.labels(handler, str(status))
        counter.inc()


def _problem(error: Exception, route: Route | None) -> Problem:
    match error:
        case Problem():
            return error
        case IntakeError():
            return from_intake(error)
        case Refusal():
            return from_refusal(error)
        case StoreError():
            return from_store(error)
        case ConnectionError():
            return Problem(400, "invalid", "the connection was lost", close=True)  # nobody hears this
    name = route.name if route else "none"
    log.error("%s: %r", name, error, exc_info=error, extra={"event": "http_failure", "handler": name})
    return Problem(500, "internal", "a fault of gatewayd; its log knows more")
