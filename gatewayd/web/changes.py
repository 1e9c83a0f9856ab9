"""What changes a rota while it runs: overrides, swaps, absences, shadowing, one by one or from a calendar."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from gatewayd.clock import iso
from gatewayd.intake.faults import Fault, IntakeError, told
from gatewayd.oncall import civil, ical, ical_reader, ical_titles
from gatewayd.oncall.cover import Absence, Change, Override, Shadowing, Swap
from gatewayd.oncall.duty import Span, shifts
from gatewayd.oncall.ical_parts import OCTETS_MAX, CalendarError
from gatewayd.oncall.rota import Plan
from gatewayd.store import cover as kept
from gatewayd.store.db import Reader, Row, Tx
from gatewayd.web.call import Call
from gatewayd.web.doors import Roster
from gatewayd.web.problems import Problem
from gatewayd.web.rota_shapes import ChangeIn, ChangesQuery
from gatewayd.web.rotas import UTC, known_person, known_rota, rota_of, when
from gatewayd.web.shapes import NoQuery

_TAKES = {  # besides kind, person, since and until: what may be told, what must be
    "override": (("rota", "note"), ("rota",)),
    "swap": (("rota", "by"), ("by",)),
    "absence": (("note",), ()),
    "shadowing": (("rota", "of"), ()),
}


async def listing(call: Call) -> web.Response:
    """Those that are not over."""
    query = call.query(ChangesQuery)
    rows = await call.doors.store.read(kept.listed, since=call.now(), limit=query.limit)
    return call.answer({"changes": [_shown(row, call) for row in rows]})


async def add(call: Call) -> web.Response:
    asked = await call.read(ChangeIn)
    change = _change(asked, call)
    roster, now = call.doors.desk().roster, call.now()
    row, new = await call.doors.store.write(_accept, roster, change, by=call.token.name, now=now)
    warnings = await call.doors.store.read(roster.warnings, change, now=now)
    return call.answer(_shown(row, call) | {"warnings": warnings, "new": new}, 201 if new else 200)


async def end(call: Call) -> web.Response:
    """What has begun ends now, what is to come never was."""
    call.query(NoQuery)
    number = call.number("change")
    await call.doors.store.write(call.doors.desk().roster.withdraw, number, by=call.token.name, now=call.now())
    return call.answer({"id": number, "state": "ended"})


def _accept(tx: Tx, roster: Roster, change: Change, *, by: str, now: int) -> tuple[Row, bool]:
    number, new = roster.accept(tx, change, by=by, now=now)
    row = kept.row(tx, number)
    assert row is not None, "it is booked"
    return row, new


def _change(asked: ChangeIn, call: Call) -> Change:
    """With its times read on the clock of its rota. Raises IntakeError naming the fields."""
    may, must = _TAKES[asked.kind]
    given = asked.model_dump(include={"rota", "by", "of", "note"}, exclude_none=True, exclude_defaults=True)
    faults = [Fault(name, "is missing") for name in must if name not in given]
    faults += [Fault(name, f"has no meaning for kind '{asked.kind}'") for name in given if name not in may]
    if faults:
        raise told(faults)
    directory, plans, now = call.doors.directory(), call.doors.desk().roster.plans, call.now()
    for field in ("person", "by", "of"):
        if (name := getattr(asked, field)) is not None:
            known_person(name, directory, field)
    zone = known_rota(asked.rota, plans).zone if asked.rota else zone_of(asked.person, call)
    since = when("since", asked.since, zone, after=now)
    until = when("until", asked.until, zone, after=since, ends=True)
    if until <= since:
        raise IntakeError(Fault("until", "it ends before it begins"))
    match asked.kind:
        case "override":
            return Override(asked.rota or "", asked.person, since, until, now, note=asked.note)
        case "swap":
            return Swap(asked.person, asked.by or "", since, until, now, rota=asked.rota or "")
        case "absence":
            return Absence(asked.person, since, until, note=asked.note)
        case "shadowing":
            return Shadowing(asked.person, since, until, asked.of or "", asked.rota or "")


def zone_of(person: str, call: Call) -> ZoneInfo:
    """Of the first rota on which they take turns, or of the first there is."""
    plans = list(call.doors.desk().roster.plans.values())
    own = (plan for plan in plans if any(person in layer.layer.people for layer in plan.layers))
    return next((plan.zone for plan in (*own, *plans)), UTC)


def _shown(row: Row, call: Call) -> dict[str, Any]:
    plans = call.doors.desk().roster.plans
    zone = plans[row["rota"]].zone if row["rota"] in plans else zone_of(row["person"], call)
    names = ("id", "kind", "rota", "person", "note", "made_by")
    times = ("since", "until", "made_at")
    return (
        {name: row[name] for name in names}
        | {name: iso(row[name]) for name in times}
        | {
            "by": row["other"] if row["kind"] == "swap" else "",
            "of": row["other"] if row["kind"] == "shadowing" else "",
            "zone": zone.key,
            "told": _told(row, zone),
        }
    )


def _told(row: Row, zone: ZoneInfo) -> str:
    """ "ben covers anna on noc from Mon 7 Dec 09:00 to Tue 8 Dec 09:00"."""
    person, other = row["person"], row["other"]
    on = f" on {row['rota']}" if row["rota"] else ""
    said = {
        "override": f"{person} has {row['rota']}",
        "swap": f"{other} covers {person}{on}",
        "absence": f"{person} is away",
        "shadowing": f"{person} shadows {other or 'whoever has the duty'}{on}",
    }[row["kind"]]
    return f"{said} from {civil.shown(zone, row['since'])} to {civil.shown(zone, row['until'])}"


# --- from a calendar


async def take_over(call: Call) -> web.Response:
    """The overrides of a calendar: all that can be read are booked, or none."""
    call.query(NoQuery)
    plan = rota_of(call)
    octets = await call.body(OCTETS_MAX)
    directory, now = call.doors.directory(), call.now()
    people = ical_titles.called((person.name, person.full_name) for person in directory.people)
    try:
        found = await asyncio.to_thread(  # a series may take a second, and pages do not wait for it
            ical_reader.read_overrides,
            octets, rota=plan.name, title=plan.rota.title, zone=plan.zone, people=people, now=now,
        )  # fmt: skip
    except CalendarError as error:
        raise Problem(400, "invalid", f"nothing was taken over: {error}", Fault("", str(error))) from None
    if any(ical.is_ours(o.event, plan.name) for o in found.overrides):
        turns = await call.doors.store.read(_turns, call.doors.desk().roster, plan, now)
        found = found.without_turns(plan.name, turns)
    taken = await call.doors.store.write(
        call.doors.desk().roster.take_over, plan.name, found, by=call.token.name, now=now
    )
    told = {"left_out": list(found.left_out), "assumed": list(found.assumed)}
    return call.answer({"rota": plan.name, "booked": taken.booked, "ended": taken.ended} | told)


def _turns(reader: Reader, roster: Roster, plan: Plan, now: int) -> list[Span]:
    """As the rota has them without overrides."""
    around = ical.AROUND_DAYS * civil.DAY
    facts = replace(roster.facts(reader, now=now - around), overrides=())
    return list(shifts(plan, facts, now - around, now + 2 * around))
