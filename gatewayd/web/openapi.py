"""The API's own description (OpenAPI 3.1), put together from the routes and the models that do the work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from gatewayd import VERSION
from gatewayd.intake import alertmanager
from gatewayd.intake.generic import ALERTS_MAX, AlertIn
from gatewayd.oncall.ical_parts import OCTETS_MAX
from gatewayd.web import modem_shapes as m
from gatewayd.web import people_shapes as p
from gatewayd.web import rota_shapes as r
from gatewayd.web import shapes as s
from gatewayd.web import silence_shapes as q

if TYPE_CHECKING:
    from gatewayd.web.routes import Route

REF = "#/components/schemas/{model}"


@dataclass(frozen=True, slots=True)
class Doc:
    """What the table of routes does not tell about an operation."""

    summary: str
    answers: dict[int, type[BaseModel] | dict[str, Any]]
    body: type[BaseModel] | dict[str, Any] | None = None
    body_needed: bool = True
    query: type[BaseModel] | None = None
    errors: tuple[int, ...] = ()
    headers: list[dict[str, Any]] = field(default_factory=list)
    takes: str = "application/json"
    gives: str = "application/json"  # when all is well


def ref(model: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": REF.format(model=model.__name__)}


# Monitors that cannot be changed are taken as they are: only what would be refused is demanded here.
_ALERTMANAGER = {
    "type": "object",
    "required": ["alerts"],
    "properties": {
        "version": {"enum": ["4", "1", 4, 1, None], "description": "Alertmanager's, or Grafana's"},
        "groupKey": {"description": "Alerts of one group and service make one incident"},
        "truncatedAlerts": {"description": "How many were left out; those are not resolved"},
        "alerts": {"type": "array", "maxItems": alertmanager.ALERTS_MAX, "items": {"type": "object"}},
    },
    "example": {
        "version": "4",
        "groupKey": '{}/{team="net"}:{alertname="LinkDown"}',
        "truncatedAlerts": 0,
        "status": "firing",
        "alerts": [
            {
                "status": "firing",
                "labels": {"alertname": "LinkDown", "severity": "critical", "instance": "edge2"},
                "annotations": {"summary": "edge2 uplink down"},
                "startsAt": "2026-05-01T02:03:04.5Z",
                "endsAt": "0001-01-01T00:00:00Z",
                "generatorURL": "http://prom.example/graph",
                "fingerprint": "a1b2c3d4e5f60718",
            }
        ],
    },
}
_EVENT = {
    "type": "object",
    "required": ["routing_key", "event_action"],
    "properties": {
        "routing_key": {"description": "The secret of a token with the scope alerts"},
        "event_action": {"description": "trigger, acknowledge or resolve"},
        "dedup_key": {"description": "Needed but for a trigger, which gets one when it has none"},
        "payload": {"description": "Needed for a trigger; its summary, too"},
    },
    "example": {
        "routing_key": "gw_...",
        "event_action": "trigger",
        "dedup_key": "db1/disk",
        "payload": {"summary": "db1 disk 95%", "source": "db1", "severity": "critical", "component": "disk"},
    },
}
_ALERTS = {
    "anyOf": [ref(AlertIn), {"type": "array", "items": ref(AlertIn), "maxItems": ALERTS_MAX}],
}
_REPORTED = {"anyOf": [ref(s.ReportedOut), {"type": "array", "items": ref(s.ReportedOut)}]}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A repeat with the same key and body gets the first answer again",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]([ -~]*[!-~])?$"},
}

DOCS = {
    "alerts": Doc("Report one alert or a list; all or nothing", {202: _REPORTED}, _ALERTS),
    "alertmanager": Doc("Webhook of Alertmanager (version 4)", {200: s.AlertmanagerOut}, _ALERTMANAGER),
    "pagerduty": Doc("PagerDuty Events API v2", {202: s.EventOut}, _EVENT),
    "messages_post": Doc(
        "Send a text to numbers, people or teams", {202: s.MessagesTaken}, s.MessageIn, errors=(409,), headers=[_KEY]
    ),
    "messages": Doc("Texts, newest first", {200: s.MessagesOut}, query=s.MessagesQuery),
    "message": Doc("One text: state, parts, attempts, receipts", {200: s.MessageDetail}),
    "withdraw": Doc("Do not send it any more", {200: s.DoneOut}, s.NothingIn, body_needed=False, errors=(409,)),
    "resend": Doc("Send it once more", {200: s.DoneOut}, s.NothingIn, body_needed=False, errors=(409,)),
    "settle": Doc("Say what became of a text in doubt", {200: s.DoneOut}, s.SettleIn, errors=(409,)),
    "way": Doc("By which way a text would go now, and why", {200: s.WaysOut}, query=s.WayQuery),
    "incidents": Doc("Incidents, newest first", {200: s.IncidentsOut}, query=s.IncidentsQuery),
    "incident": Doc("One incident with alerts and texts", {200: s.IncidentDetail}),
    "ack": Doc("Take an incident", {200: s.IncidentDoneOut}, s.AckIn, body_needed=False, errors=(409,)),
    "resolve": Doc("Close an incident", {200: s.IncidentDoneOut}, s.ResolveIn, body_needed=False, errors=(409,)),
    "oncall": Doc("Who is on call, and why", {200: r.OnCallAnswer}, query=r.OnCallQuery),
    "rotas": Doc("Rotas", {200: r.RotasOut}),
    "rota": Doc("One rota: who holds it when, and the load of each", {200: r.RotaDetail}, query=r.RotaQuery),
    "calendar": Doc(
        "A rota as an iCalendar feed", {200: {"type": "string"}}, query=r.CalendarQuery, gives="text/calendar"
    ),
    "overrides": Doc(
        "Take over the overrides of a calendar; all or nothing",
        {200: r.TakenOver},
        {"type": "string", "maxLength": OCTETS_MAX},
        errors=(409,),
        takes="text/calendar",
    ),
    "changes": Doc("What changes rotas and is not over", {200: r.ChangesOut}, query=r.ChangesQuery),
    "change_add": Doc(
        "Book an override, a swap, an absence or shadowing",
        {201: r.ChangeBooked, 200: r.ChangeBooked},
        r.ChangeIn,
        errors=(409,),
    ),
    "change_end": Doc("Call a change off", {200: s.DoneOut}, errors=(409,)),
    "silences": Doc("Silences that hold now", {200: q.SilencesOut}),
    "silence_add": Doc("Keep what fits and page nobody for a time", {201: q.SilenceOut}, q.SilenceIn, errors=(409,)),
    "silence_end": Doc("End a silence; what still fires pages now", {200: s.DoneOut}, errors=(409,)),
    "drills": Doc("Drills, newest first", {200: p.DrillsOut}),
    "drill_start": Doc("Begin an exercise: people are paged", {201: p.DrillReport}, p.DrillIn, errors=(409,)),
    "drill": Doc("What became of a drill", {200: p.DrillReport}),
    "drill_stop": Doc("Stop a drill", {200: p.DrillReport}, errors=(409,)),
    "site_visits": Doc("Who is on site alone, and who was", {200: p.SiteVisitsOut}),
    "site_visit_start": Doc("Watch somebody on site, or change that", {201: p.SiteVisitOut}, p.SiteVisitIn),
    "site_visit_heard": Doc(
        "Somebody has heard of them otherwise", {200: s.DoneOut}, s.NothingIn, body_needed=False, errors=(409,)
    ),
    "site_visit_end": Doc("Watch no more", {200: s.DoneOut}, errors=(409,)),
    "status_line": Doc("The status line", {200: p.StatusLineAnswer}),
    "status_line_put": Doc("Set the status line for a time", {200: p.StatusLineAnswer}, p.StatusLineIn),
    "status_line_end": Doc("End the status line", {200: p.StatusLineAnswer}, errors=(409,)),
    "status": Doc("The status line, for everybody", {200: {"type": "string"}}, gives="text/plain"),
    "people": Doc("People, and when each of their devices was last heard of", {200: p.PeopleOut}),
    "inbox": Doc("Texts that came in and matched nothing", {200: s.InboxOut}, query=s.InboxQuery),
    "journal": Doc("What was decided and why", {200: s.JournalOut}, query=s.JournalQuery),
    "modems": Doc("Modems at a glance, and sticks that nobody configured", {200: m.ModemsOut}),
    "test_page": Doc(
        "Page one person, or the group of a team, as a test",
        {202: s.TestPageOut},
        s.NothingIn,
        body_needed=False,
        errors=(409,),
    ),
    "metrics": Doc("Prometheus metrics", {}),
    "healthz": Doc("The process lives", {200: s.HealthOut}),
    "readyz": Doc("Alerts would be kept and could leave", {200: s.ReadyOut, 503: s.ReadyOut}),
    "openapi": Doc("This document", {200: {"type": "object"}}),
}


def document(routes: Iterable[Route]) -> dict[str, Any]:
    """Everything that TCP serves; what only the local socket serves is left out."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        if not route.local:
            paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, DOCS[route.name])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "gatewayd",
            "version": VERSION,
            "description": "Alerts and messages in; SMS and pages out. Every 2xx means: it is on disk.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "basic": {"type": "http", "scheme": "basic", "description": "The token as password"},
                "key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
            },
        },
    }


def _operation(route: Route, doc: Doc) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": route.name, "summary": doc.summary, "responses": _responses(route, doc)}
    if route.scopes:
        operation["security"] = [{"bearer": []}, {"basic": []}, {"key": []}]
        operation["description"] = f"Scope: {' or '.join(route.scopes)}."
    if parameters := [*_path_parameters(route), *_query_parameters(doc.query), *doc.headers]:
        operation["parameters"] = parameters
    if doc.body is not None:
        schema = doc.body if isinstance(doc.body, dict) else ref(doc.body)
        operation["requestBody"] = {
            "required": doc.body_needed,
            "content": {doc.takes: {"schema": schema}},
        }
    return operation


def _responses(route: Route, doc: Doc) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, model in doc.answers.items():
        schema = model if isinstance(model, dict) else ref(model)
        responses[str(status)] = {"description": _SAID[status], "content": {doc.gives: {"schema": schema}}}
    if route.name == "metrics":
        responses["200"] = {"description": "The text format 0.0.4", "content": {"text/plain": {"schema": {}}}}
        errors: tuple[int, ...] = (401, 403)
    else:
        errors = doc.errors
    if route.scopes:
        errors += (400, 401, 403, 503)
    if doc.body is not None:
        errors += (400, 413, 503)
    if "{" in route.path:
        errors += (404,)
    error = s.EventErrorOut if route.name == "pagerduty" else s.ErrorOut
    for status in sorted(set(errors)):
        content = {"application/json": {"schema": ref(error)}}
        responses.setdefault(str(status), {"description": _SAID[status], "content": content})
    return responses


_SAID = {
    200: "Done",
    201: "Made",
    202: "Taken in; it is on disk",
    400: "Something in the request is wrong; the fields are named",
    401: "No token, or one that is not known",
    403: "The token lacks a scope, or may not send to this recipient",
    404: "There is no such thing",
    409: "Its state does not allow it, or the Idempotency-Key was used with another body",
    413: "The body is too large",
    503: "Not kept: no room or too much at once. Try again",
}


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    if "{id}" in route.path:
        schema: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": 10**15}
        return [{"name": "id", "in": "path", "required": True, "schema": schema}]
    if "{name}" in route.path:
        schema = {"type": "string", "pattern": "^[a-z0-9][a-z0-9_.-]{0,39}$"}
        return [{"name": "name", "in": "path", "required": True, "schema": schema}]
    return []


def _query_parameters(model: type[BaseModel] | None) -> list[dict[str, Any]]:
    if model is None:
        return []
    found = []
    told = model.model_json_schema()
    for name, schema in told["properties"].items():
        kept = {key: value for key, value in schema.items() if key not in {"title", "description", "default"}}
        if "anyOf" in kept:  # "or null": a parameter is left out instead
            (kept,) = [one for one in kept["anyOf"] if one != {"type": "null"}]
        parameter = {"name": name, "in": "query", "required": name in told.get("required", ()), "schema": kept}
        found.append(parameter | ({"description": schema["description"]} if "description" in schema else {}))
    return found


def _schemas() -> dict[str, Any]:
    inward = [
        AlertIn,
        s.MessageIn,
        s.SettleIn,
        s.AckIn,
        s.ResolveIn,
        r.ChangeIn,
        q.SilenceIn,
        p.DrillIn,
        p.SiteVisitIn,
        p.StatusLineIn,
        s.NothingIn,
    ]
    outward = [
        s.ErrorOut, s.EventErrorOut, s.ReportedOut, s.AlertmanagerOut, s.EventOut, s.MessagesTaken, s.MessagesOut,
        s.MessageDetail, s.DoneOut, s.IncidentDoneOut, s.IncidentsOut, s.IncidentDetail, s.InboxOut, s.JournalOut,
        s.TestPageOut, s.HealthOut, s.ReadyOut, s.WaysOut, r.OnCallAnswer, r.RotasOut, r.RotaDetail, r.ChangesOut,
        r.ChangeBooked, r.TakenOver, q.SilencesOut, m.ModemsOut, p.PeopleOut, p.DrillsOut,
        p.DrillReport, p.SiteVisitsOut, p.SiteVisitOut, p.StatusLineAnswer,
    ]  # fmt: skip
    pairs = [(model, "validation") for model in inward] + [(model, "serialization") for model in outward]
    _, found = models_json_schema(pairs, ref_template=REF)  # type: ignore[arg-type]
    definitions: dict[str, Any] = found["$defs"]
    return definitions
