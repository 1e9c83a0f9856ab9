"""Rotas: who is on call and why, the weeks ahead with their figures, and the calendar feed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from gatewayd.clock import iso
from gatewayd.intake.faults import Fault, IntakeError
from gatewayd.near import did_you_mean
from gatewayd.oncall import civil, duty, figures, ical, picture, skills, times
from gatewayd.oncall.cover import Facts
from gatewayd.oncall.directory import BACKUP, ROTA, Directory, Policy
from gatewayd.oncall.duty import Duty, Span
from gatewayd.oncall.figures import Load, Month
from gatewayd.oncall.rota import Plan
from gatewayd.store.db import Reader
from gatewayd.web.call import Call
from gatewayd.web.doors import Roster
from gatewayd.web.problems import JSON_HEADERS, Problem
from gatewayd.web.rota_shapes import CalendarQuery, OnCallQuery, RotaQuery

WEEKS_SHOWN = 4
DAYS_SHOWN_MAX = 400
FEED_BACK_DAYS, FEED_AHEAD_DAYS = 35, 365
CALENDAR = "text/calendar"
UTC = ZoneInfo("UTC")


def when(field: str, text: str, zone: ZoneInfo, *, after: int, ends: bool = False) -> int:
    """A time as somebody wrote it. Raises IntakeError naming the field."""
    try:
        return times.read(text, zone, after=after, ends=ends)
    except ValueError as error:
        raise IntakeError(Fault(field, str(error))) from None


def rota_of(call: Call) -> Plan:
    """The one in the path. Raises Problem 404."""
    plans = call.doors.desk().roster.plans
    found = plans.get(call.argument)
    if found is None:
        raise Problem(404, "not_found", f"there is no rota '{call.argument[:80]}'{did_you_mean(call.argument, plans)}")
    return found


def known_rota(name: str, plans: Mapping[str, Plan], field: str = "rota") -> Plan:
    """Raises IntakeError naming the field."""
    if name not in plans:
        raise IntakeError(Fault(field, f"there is no rota '{name}'{did_you_mean(name, plans)}"))
    return plans[name]


def known_person(name: str, directory: Directory, field: str) -> None:
    if directory.person(name) is None:
        meant = did_you_mean(name, (p.name for p in directory.people))
        raise IntakeError(Fault(field, f"there is no person '{name}'{meant}"))


# --- who is on call


async def on_call(call: Call) -> web.Response:
    """Of every rota, of one, or of those that the policy of a service names."""
    query = call.query(OnCallQuery)
    directory, roster = call.doors.directory(), call.doors.desk().roster
    plans = roster.plans
    asked_for = None if query.service is None else directory.service_named(query.service)
    own = None if asked_for is None else directory.policy_for(asked_for)
    asked = [known_rota(query.rota, plans)] if query.rota is not None else _rotas_of(own, plans)
    clock = next((plan.zone for plan in [*asked, *plans.values()]), UTC)
    now = call.now()
    at = now if query.at is None else when("at", query.at, clock, after=now)
    policy, rule = None, ""
    if asked_for is not None:
        policy, rule = directory.policy_at(asked_for, query.severity, at)
        asked = asked if query.rota is not None else _rotas_of(policy, plans)
    held, duties = await call.doors.store.read(_held, roster, asked, policy, at)
    service = None
    if asked_for is not None and policy is not None:
        listed = any(known.name == asked_for for known in directory.services)
        needs = directory.needs(asked_for)
        found = skills.arranged(policy, needs, partial(_people, directory, duties), directory.skills)
        service = {
            "service": asked_for,
            "listed": listed,
            "rule": rule,
            "needs": list(needs),
            "order": found.reason if needs else "",
        } | _steps(found.policy, directory, duties)
    return call.answer({"at": iso(at), "rotas": held, "service": service})


def _rotas_of(policy: Policy | None, plans: Mapping[str, Plan]) -> list[Plan]:
    """Those that it names; all without one."""
    named = {who.partition(":")[2] for who in policy.named if who.startswith((ROTA, BACKUP))} if policy else plans
    return [plan for name, plan in plans.items() if name in named]


def _held(
    reader: Reader, roster: Roster, asked: list[Plan], policy: Policy | None, at: int
) -> tuple[list[dict[str, Any]], dict[str, Duty]]:
    facts = roster.facts(reader, now=at)
    duties = roster.duties(reader, policy.named, now=at) if policy else {}
    return [_on_call(plan, facts, at) for plan in asked], duties


def _on_call(plan: Plan, facts: Facts, at: int) -> dict[str, Any]:
    held, second = duty.on_call(plan, facts, at), duty.backup(plan, facts, at)
    following = duty.next_hand_over(plan, facts, at)
    return {
        "rota": plan.name,
        "title": plan.rota.title,
        "zone": plan.zone.key,
        **_duty(held),
        "backup": {"person": second.person, "why": second.why} if second else None,
        "until": iso(following.at) if following else None,
        "next": following.incoming.person if following else None,
    }


def _duty(held: Duty) -> dict[str, Any]:
    names = ("person", "why", "source", "layer")
    return {name: getattr(held, name) for name in names} | {"shadows": list(held.shadows)}


def _steps(policy: Policy, directory: Directory, duties: Mapping[str, Duty]) -> dict[str, Any]:
    return {
        "policy": policy.name,
        "steps": [
            {
                "step": number,
                "wait_s": step.wait_s,
                "devices": step.model_dump(mode="json")["devices"],
                "people": _paged(step.page, directory, duties),
            }
            for number, step in enumerate(policy.steps, 1)
        ],
        "repeat": policy.repeat,
        "fallback": _paged(policy.fallback, directory, duties),
    }


def _people(directory: Directory, duties: Mapping[str, Duty], audience: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(page["person"] for page in _paged(audience, directory, duties))


def _paged(audience: Iterable[str], directory: Directory, duties: Mapping[str, Duty]) -> list[dict[str, Any]]:
    """Each person once, by the first word that means them."""
    found: dict[str, dict[str, Any]] = {}
    for who in audience:
        held = duties.get(who)
        for name in (held.person,) if held else directory.members((who,)):
            found.setdefault(name, {"person": name, "by": who, "why": held.why if held else ""})
    return list(found.values())


# --- the weeks ahead


async def listing(call: Call) -> web.Response:
    return call.answer({"rotas": [_rota(plan) for plan in call.doors.desk().roster.plans.values()]})


async def one(call: Call) -> web.Response:
    """Spans, holes and figures between two times, with a picture when it is asked for."""
    plan, query, now = rota_of(call), call.query(RotaQuery), call.now()
    since = now if query.since is None else when("since", query.since, plan.zone, after=now)
    until = since + WEEKS_SHOWN * 7 * civil.DAY
    if query.until is not None:
        until = when("until", query.until, plan.zone, after=since, ends=True)
    if until <= since:
        raise IntakeError(Fault("until", "must be after 'since'"))
    if until - since > DAYS_SHOWN_MAX * civil.DAY:
        raise IntakeError(Fault("until", f"is more than {DAYS_SHOWN_MAX} days after 'since'"))
    found = await call.doors.store.read(_looked_at, call.doors.desk().roster, plan, query, since, until)
    return call.answer(_rota(plan) | {"since": iso(since), "until": iso(until)} | found)


def _rota(plan: Plan) -> dict[str, Any]:
    people = dict.fromkeys(name for layer in plan.layers for name in layer.layer.people)
    names = ("name", "title", "zone", "gaps", "tell")
    return {name: getattr(plan.rota, name) for name in names} | {
        "people": list(people),
        "fallback": list(plan.rota.fallback),
    }


def _looked_at(reader: Reader, roster: Roster, plan: Plan, query: RotaQuery, since: int, until: int) -> dict[str, Any]:
    first, last = civil.wall(plan.zone, since), civil.wall(plan.zone, until - 1)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    begin = civil.instant(plan.zone, first.replace(day=1).toordinal(), 0)
    facts = roster.facts(reader, now=begin)
    spans = duty.shifts(plan, facts, since, until)
    by_month = figures.loads(plan, facts, (first.year, first.month), months)
    total = figures.totals(by_month)
    among = figures.members(plan, (first.year, first.month), months)
    drawn = picture.picture(plan, spans, width=query.width, ascii_only=query.ascii) if query.width else None
    return {
        "spans": [_span(span) | _duty(span.duty) for span in spans],
        "holes": [_span(span) for span in spans if span.duty.is_gap],
        "figures": {
            "months": [{"month": _month(month), "people": _loads(people)} for month, people in by_month.items()],
            "total": _loads(total),
            "shares": _loads(figures.shares(total, among)),
        },
        "picture": drawn,
    }


def _span(span: Span) -> dict[str, Any]:
    return {"since": iso(span.since), "until": iso(span.until)}


def _month(month: Month) -> str:
    return f"{month[0]}-{month[1]:02}"


def _loads(people: Mapping[str, Load]) -> list[dict[str, Any]]:
    names = ("hours", "nights", "weekends", "holidays")
    return [{"person": who} | {name: round(getattr(load, name), 3) for name in names} for who, load in people.items()]


async def calendar(call: Call) -> web.Response:
    """The feed for calendars of phones and offices: from five weeks ago to a year ahead."""
    plan, query, now = rota_of(call), call.query(CalendarQuery), call.now()
    if query.person is not None:
        known_person(query.person, call.doors.directory(), "person")
    feed = await call.doors.store.read(_feed, call.doors.desk().roster, plan, query.person, now)
    return web.Response(body=feed, headers={**JSON_HEADERS, "Content-Type": f"{CALENDAR}; charset=utf-8"})


def _feed(reader: Reader, roster: Roster, plan: Plan, person: str | None, now: int) -> bytes:
    since, until = now - FEED_BACK_DAYS * civil.DAY, now + FEED_AHEAD_DAYS * civil.DAY
    facts = roster.facts(reader, now=since - ical.AROUND_DAYS * civil.DAY)
    return ical.calendar(plan, facts, since=since, until=until, now=now, person=person)
