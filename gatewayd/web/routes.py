"""Which handler answers which path, and which scope it needs. The API's document is made from this table, too."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from json import dumps
from urllib.parse import unquote

from aiohttp import web

from gatewayd.web import (
    admin,
    alerts,
    backup,
    changes,
    drills,
    health,
    incidents,
    lookback,
    messages,
    modems,
    openapi,
    people,
    rotas,
    silences,
    site_visits,
    status_line,
    ways,
)
from gatewayd.web.call import Call
from gatewayd.web.problems import JSON_HEADERS, Problem, spoken, spoken_as_pagerduty

Handler = Callable[[Call], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Route:
    """`scopes`: one of them is enough, none = open to everybody. `local`: only on the operator's socket.

    `door`: its name in the intake metric.
    """

    name: str
    method: str
    path: str
    handler: Handler
    scopes: tuple[str, ...] = ()
    door: str = ""
    local: bool = False
    voice: Callable[[Problem], web.Response] = spoken


async def _document(_call: Call) -> web.Response:
    return web.Response(body=_spelt_out(), headers=JSON_HEADERS)


@cache
def _spelt_out() -> bytes:
    return dumps(openapi.document(ROUTES), ensure_ascii=False).encode()


ROUTES = (
    Route("alerts", "POST", "/api/v1/alerts", alerts.post_alerts, ("alerts",), door="api"),
    Route(
        "alertmanager",
        "POST",
        "/api/v1/intake/alertmanager",
        alerts.post_alertmanager,
        ("alerts",),
        door="alertmanager",
    ),
    Route("pagerduty", "POST", "/v2/enqueue", alerts.post_event, door="pagerduty", voice=spoken_as_pagerduty),
    Route("messages_post", "POST", "/api/v1/messages", messages.post, ("messages",), door="messages"),
    Route("messages", "GET", "/api/v1/messages", messages.listing, ("read", "messages")),
    Route("message", "GET", "/api/v1/messages/{id}", messages.one, ("read", "messages")),
    Route("withdraw", "POST", "/api/v1/messages/{id}/withdraw", messages.withdraw, ("messages",)),
    Route("resend", "POST", "/api/v1/messages/{id}/resend", messages.resend, ("messages",)),
    Route("settle", "POST", "/api/v1/messages/{id}/settle", messages.settle, ("messages",)),
    Route("way", "GET", "/api/v1/way", ways.way, ("messages",)),
    Route("incidents", "GET", "/api/v1/incidents", incidents.listing, ("read", "ack")),
    Route("incident", "GET", "/api/v1/incidents/{id}", incidents.one, ("read", "ack")),
    Route("ack", "POST", "/api/v1/incidents/{id}/ack", incidents.acknowledge, ("ack",)),
    Route("resolve", "POST", "/api/v1/incidents/{id}/resolve", incidents.resolve, ("ack",)),
    Route("oncall", "GET", "/api/v1/oncall", rotas.on_call, ("read",)),
    Route("rotas", "GET", "/api/v1/rotas", rotas.listing, ("read",)),
    Route("rota", "GET", "/api/v1/rotas/{name}", rotas.one, ("read",)),
    Route("calendar", "GET", "/api/v1/rotas/{name}/calendar.ics", rotas.calendar, ("read",)),
    Route("overrides", "POST", "/api/v1/rotas/{name}/overrides.ics", changes.take_over, ("duty",)),
    Route("changes", "GET", "/api/v1/changes", changes.listing, ("read", "duty")),
    Route("change_add", "POST", "/api/v1/changes", changes.add, ("duty",)),
    Route("change_end", "DELETE", "/api/v1/changes/{id}", changes.end, ("duty",)),
    Route("silences", "GET", "/api/v1/silences", silences.listing, ("read", "duty")),
    Route("silence_add", "POST", "/api/v1/silences", silences.add, ("duty",)),
    Route("silence_end", "DELETE", "/api/v1/silences/{id}", silences.end, ("duty",)),
    Route("drills", "GET", "/api/v1/drills", drills.listing, ("read", "duty")),
    Route("drill_start", "POST", "/api/v1/drills", drills.start, ("duty",)),
    Route("drill", "GET", "/api/v1/drills/{id}", drills.one, ("read", "duty")),
    Route("drill_stop", "DELETE", "/api/v1/drills/{id}", drills.stop, ("duty",)),
    Route("site_visits", "GET", "/api/v1/site-visits", site_visits.listing, ("read", "duty")),
    Route("site_visit_start", "POST", "/api/v1/site-visits", site_visits.start, ("duty",)),
    Route("site_visit_heard", "POST", "/api/v1/site-visits/{id}/heard", site_visits.heard, ("duty",)),
    Route("site_visit_end", "DELETE", "/api/v1/site-visits/{id}", site_visits.end, ("duty",)),
    Route("people", "GET", "/api/v1/people", people.listing, ("read",)),
    Route("inbox", "GET", "/api/v1/inbox", lookback.inbox, ("read",)),
    Route("journal", "GET", "/api/v1/journal", lookback.journal_lines, ("read",)),
    Route("modems", "GET", "/api/v1/modems", modems.listing, ("read",)),
    Route("test_page", "POST", "/api/v1/people/{name}/test-page", messages.test_page, ("messages",)),
    Route("status_line", "GET", "/api/v1/status-line", status_line.one, ("read", "duty")),
    Route("status_line_put", "POST", "/api/v1/status-line", status_line.put, ("duty",)),
    Route("status_line_end", "DELETE", "/api/v1/status-line", status_line.end, ("duty",)),
    Route("status", "GET", "/status", status_line.page),
    Route("metrics", "GET", "/metrics", health.metrics),
    Route("healthz", "GET", "/healthz", health.healthz),
    Route("readyz", "GET", "/readyz", health.readyz),
    Route("openapi", "GET", "/api/openapi.json", _document),
    Route("token_add", "POST", "/api/v1/admin/tokens", admin.add_token, local=True),
    Route("tokens", "GET", "/api/v1/admin/tokens", admin.tokens, local=True),
    Route("token_revoke", "DELETE", "/api/v1/admin/tokens/{name}", admin.revoke_token, local=True),
    Route("reload", "POST", "/api/v1/admin/reload", admin.reload, local=True),
    Route("backup", "POST", "/api/v1/admin/backup", backup.backup, local=True),
)


class Table:
    """Finds the route of a request. `local` shows the routes of the operator's socket as well."""

    def __init__(self, routes: tuple[Route, ...], *, local: bool) -> None:
        self._exact: dict[str, dict[str, Route]] = {}
        self._patterns: dict[str, tuple[re.Pattern[str], dict[str, Route]]] = {}
        for route in routes:
            if route.local and not local:
                continue
            if "{" not in route.path:
                self._exact.setdefault(route.path, {})[route.method] = route
                continue
            pattern = re.compile(re.sub(r"\\{\w+\\}", "([^/]+)", re.escape(route.path)))
            self._patterns.setdefault(route.path, (pattern, {}))[1][route.method] = route

    def find(self, method: str, path: str) -> tuple[Route, str]:
        """The route and the {...} of its path. Raises Problem 404 or 405."""
        by_method, argument = self.at(path)
        route = by_method.get("GET" if method == "HEAD" else method)
        if route is None:
            raise Problem(
                405, "method_not_allowed", f"{path[:200]} takes {allowed(by_method)}", headers=allow(by_method)
            )
        return route, argument

    def at(self, path: str) -> tuple[dict[str, Route], str]:
        """What is served at this path; one "/" at the end makes no difference (a redirect would lose alerts)."""
        for spelling in (path, path.removesuffix("/")):
            if found := self._exact.get(spelling):
                return found, ""
            for pattern, by_method in self._patterns.values():
                if match := pattern.fullmatch(spelling):
                    return by_method, unquote(match[1])
        raise Problem(404, "not_found", f"there is nothing at {path[:200]}")


def allowed(by_method: dict[str, Route]) -> str:
    methods = {"HEAD", *by_method} if "GET" in by_method else {*by_method}
    return ", ".join(sorted(methods | {"OPTIONS"}))


def allow(by_method: dict[str, Route]) -> dict[str, str]:
    return {"Allow": allowed(by_method)}
