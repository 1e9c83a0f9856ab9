"""Alerts come in: three doors, one desk. Each post is one transaction, and is answered after its commit."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import replace

from aiohttp import web

from gatewayd.intake import alertmanager, generic, pagerduty
from gatewayd.intake.faults import Fault, IntakeError
from gatewayd.metrics import INTAKE, INTAKE_RESULTS
from gatewayd.model import Report, Reported
from gatewayd.store.db import Tx
from gatewayd.web.call import Call
from gatewayd.web.doors import Desk

REPORTS_AT_ONCE_MAX = 1_000


async def post_alerts(call: Call) -> web.Response:
    """Our own format: one alert or a list, all or nothing."""
    reports, is_list = generic.reports(await call.body(), source=call.token.name)
    results = await _report("api", call, reports)
    told = [
        {"key": report.key, "result": result.result, "incident": result.incident_id, "reason": result.reason}
        for report, result in zip(reports, results, strict=True)
    ]
    return call.answer(told if is_list else told[0], 202)


async def post_alertmanager(call: Call) -> web.Response:
    """The webhook of Alertmanager. What is already known is harmless, so any repeat is answered like the first."""
    post = alertmanager.post(await call.body(), source=call.token.name)
    results = await _report("alertmanager", call, post.reports)
    counts = Counter(result.result for result in results)
    return call.answer({"accepted": len(results), "results": counts, "truncatedAlerts": post.truncated})


async def post_event(call: Call) -> web.Response:
    """PagerDuty Events API v2. Clients insist on 202 and on `status`; a key nobody knows is no error."""
    event = pagerduty.event(await call.body(pagerduty.BODY_BYTES_MAX), fresh_key=secrets.token_hex(16))
    token = call.keyring.by_secret(event.routing_key)
    if token is None or "alerts" not in token.scopes:
        lacks = "is not known here" if token is None else "lacks the scope 'alerts'"
        raise IntakeError(Fault("routing_key", f"'routing_key' {lacks}"))
    await _report("pagerduty", call, [replace(event.report, source=token.name)])
    return call.answer({"status": "success", "message": "Event processed", "dedup_key": event.dedup_key}, 202)


async def _report(door: str, call: Call, reports: list[Report]) -> list[Reported]:
    """One transaction; more than REPORTS_AT_ONCE_MAX in several, so that a monstrous post does not stop the house.

    If a later one fails the answer is no success, the monitor posts all of it again, and repeats are harmless.
    """
    if len(reports) == 1:  # as most monitors post: those of one moment go into the books together
        results = [await call.doors.store.write_new(_report_each, (call.doors.desk(), reports[0], call.now()))]
    else:
        results = await _report_all(call, reports)
    for result in results:
        _counters[door, result.result].inc()
    return results


async def _report_all(call: Call, reports: list[Report]) -> list[Reported]:
    results: list[Reported] = []
    for begin in range(0, len(reports), REPORTS_AT_ONCE_MAX):
        some = reports[begin : begin + REPORTS_AT_ONCE_MAX]
        results += await call.doors.store.write(_report_some, call.doors.desk(), some, now=call.now())
    return results


def _report_each(tx: Tx, posts: list[tuple[Desk, Report, int]]) -> list[Reported]:
    return [desk.report(tx, report, now=now) for desk, report, now in posts]


def _report_some(tx: Tx, desk: Desk, reports: list[Report], *, now: int) -> list[Reported]:
    return [desk.report(tx, report, now=now) for report in reports]


_counters = {
    (door, result): INTAKE.labels(door, result)
    for door in ("api", "alertmanager", "pagerduty")
    for result in INTAKE_RESULTS
}
