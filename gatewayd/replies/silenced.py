"""Who is concerned by a silence of a service, and which silences hold for it."""

from __future__ import annotations

import re

from gatewayd.desk import Desk
from gatewayd.model import Severity
from gatewayd.oncall import asked_duty, hushed
from gatewayd.oncall.directory import BACKUP, ROTA
from gatewayd.oncall.triage import Fault, Match
from gatewayd.store import waiting
from gatewayd.store.db import Reader, Row

PATTERN_CHARACTERS_MAX = 200  # see triage.Glob
_SIGNS = re.compile(r"[*?\[]")


def pattern(service: str) -> str:
    """That fits this service alone; of one that is made of signs, what has others in their places as well."""
    exact = _SIGNS.sub(lambda sign: f"[{sign[0]}]", service)
    return exact if len(exact) <= PATTERN_CHARACTERS_MAX else _SIGNS.sub("?", service)


def of(reader: Reader, service: str, *, now: int) -> tuple[list[Row], list[Row]]:
    """The silences of this service alone, and those of more than that, under which all of it is kept."""
    alone = Match(services=(pattern(service),))
    own: list[Row] = []
    broad: list[Row] = []
    for row in waiting.silence_rows(reader, now=now):
        match = Match.model_validate_json(row["match"])
        if match == alone:
            own.append(row)
        elif match == Match(services=match.services) and match.fits(Fault(service, Severity.CRITICAL)):
            broad.append(row)
    return own, broad


def alone(reader: Reader, *, now: int) -> list[str]:
    """Services that are silenced each by a silence of its own, also those that no file names."""
    found = []
    for row in waiting.silence_rows(reader, now=now):
        match = Match.model_validate_json(row["match"])
        name = hushed.unescaped(match.services[0]) if len(match.services) == 1 else ""
        if name and match == Match(services=(pattern(name),)):
            found.append(name)
    return list(dict.fromkeys(found))


def concerned(desk: Desk, reader: Reader, service: str, *, now: int) -> frozenset[str]:
    """Whom its policies may page, by name, team, rota or fallback, whoever is on call just now."""
    names: set[str] = set()
    for policy in desk.directory.policies_of(service):
        names.update(desk.roster.members(reader, policy.named, now=now))
        rotas = {who.partition(":")[2] for who in policy.named if who.startswith((ROTA, BACKUP))}
        for rota in rotas & set(desk.roster.plans):
            names.update(asked_duty.takers(desk.roster.plans[rota]))
    return frozenset(names)


def on_call(desk: Desk, reader: Reader, service: str, *, now: int) -> tuple[str, ...]:
    """Whom a critical incident of it would page first now."""
    first = desk.first_paged(reader, service, now=now)
    if first:
        return first
    policy, _ = desk.directory.policy_at(service, Severity.CRITICAL, now)
    return desk.roster.present(reader, policy.fallback, now=now)


def others(desk: Desk, reader: Reader, service: str, but: str, *, now: int) -> list[str]:
    """Whom it would page beside `but`: those who are on call together, else the next step, else the fallback."""
    policy, _ = desk.directory.policy_at(service, Severity.CRITICAL, now)
    audiences = (*(step.page for step in policy.steps), policy.fallback)
    groups = [on_call(desk, reader, service, now=now)]
    groups += [desk.roster.present(reader, audience, now=now) for audience in audiences]
    found = ([name for name in group if name != but and _reads(desk, name)] for group in groups)
    return next(filter(None, found), [])


def _reads(desk: Desk, name: str) -> bool:
    known = desk.directory.person(name)
    return known is not None and any(desk.directory.shows_words(d.number, d.channel) for d in known.devices)
