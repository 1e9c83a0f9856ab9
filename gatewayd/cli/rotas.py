"""The daemon's answers about rotas in words for a person at a terminal. Times are those of the rota's clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gatewayd.cli.shows import Answer, Said
from gatewayd.cli.tables import plain, sections, table, when

SEVERITIES = 4
LATER_SHOWN = 12  # who is next, below a picture


def local(at: str | None, zone: str) -> str:
    """ "Mon 2026-11-23 09:00"."""
    return f"{datetime.fromisoformat(at).astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M}" if at else ""


def oncall(answer: Answer) -> Said:
    rows = [
        (r["rota"], r["person"], local(r["until"], r["zone"]), r["next"], (r["backup"] or {}).get("person"),
         ", ".join(r["shadows"]), r["zone"], r["why"])
        for r in answer["rotas"]
    ]  # fmt: skip
    held = table("ROTA ON-CALL UNTIL THEN BACKUP SHADOWS CLOCK WHY", rows, nothing="")
    service = answer["service"]
    if service is None:
        return Said(held or "no rotas")
    listed = "" if service["listed"] else ", for it is not listed"
    by = f", by {plain(service['rule'])}" if service["rule"] else ""
    head = f"{plain(service['service'])}: policy {service['policy']}{listed}{by}"
    steps = [
        (f"step {step['step']}", f"{step['wait_s']} s", *_by(paged, step))
        for step in service["steps"]
        for paged in _paged(step)
    ]
    last = [("then", "", *_by(paged, {})) for paged in _paged({"people": service["fallback"]})]
    skills = f"\nneeds {', '.join(service['needs'])}: {plain(service['order'])}" if service["needs"] else ""
    return Said(sections(("", held), ("", head + skills + "\n" + table("STEP WAITS PAGES AS BY WHY", [*steps, *last]))))


def _by(paged: tuple[str, str, str], step: Answer) -> tuple[str, str, str, str]:
    """With the kinds of devices that the step uses; where they differ, for which severities."""
    kinds: dict[str, list[str]] = {}
    for severity, used in step.get("devices", {}).items():
        kinds.setdefault(", ".join(used), []).append(severity)
    same = len(kinds) == 1 and len(next(iter(kinds.values()))) == SEVERITIES
    told = "; ".join(used if same else f"{'/'.join(of)}: {used}" for used, of in kinds.items())
    person, named, why = paged
    return person, named, told, why


def _paged(step: Answer) -> list[tuple[str, str, str]]:
    return [(p["person"], p["by"], p["why"]) for p in step["people"]] or [("nobody", "", "")]


def rota(answer: Answer) -> Said:
    if "ics" in answer:
        return Said(str(answer["ics"]).removesuffix("\n"))  # RFC 5545 3.1: each line ends in CR LF
    if answer["picture"] is None:
        return Said(_figures(answer))
    zone = answer["zone"]
    later = [(local(s["since"], zone), s["person"], ", ".join(s["shadows"]), s["why"]) for s in answer["spans"]]
    shown = table("FROM ON-CALL SHADOWS WHY", later[:LATER_SHOWN])
    more = f"\nand {len(later) - LATER_SHOWN} more" if len(later) > LATER_SHOWN else ""
    return Said(sections(("", "\n".join(answer["picture"])), ("", shown + more)))


def _figures(answer: Answer) -> str:
    figures = answer["figures"]
    heads = "PERSON HOURS NIGHTS WEEKENDS HOLIDAYS"
    months = [(month["month"], table(heads, _loads(month["people"]))) for month in figures["months"]]
    return sections(*months, ("Together", table(heads, _loads(figures["total"]))),
                    ("Share (1 is fair)", table(heads, _loads(figures["shares"], ".2f"))))  # fmt: skip


def _loads(people: Sequence[Answer], form: str = ".1f") -> list[tuple[Any, ...]]:
    return [(p["person"], *(format(p[n], form) for n in ("hours", "nights", "weekends", "holidays"))) for p in people]


def booked(answer: Answer) -> Said:
    aside = "\n".join(f"warning: {plain(sentence)}" for sentence in answer["warnings"])
    already = "" if answer["new"] else ", as was booked already"
    return Said(f"change {answer['id']}: {answer['told']} ({answer['zone']}){already}", aside)


def changes(answer: Answer) -> Said:
    rows = [(c["id"], c["kind"], c["told"], c["zone"], c["made_by"], c["note"]) for c in answer["changes"]]
    return Said(table("CHANGE KIND WHAT CLOCK BY NOTE", rows, nothing="no changes"))


def called_off(answer: Answer) -> Said:
    return Said(f"change {answer['id']}: {answer['state']}")


def taken_over(answer: Answer) -> Said:
    """What was left out is told aside, so that a script sees it."""
    number = len(answer["booked"])
    asides = [f"left out: {plain(sentence)}" for sentence in answer["left_out"]]
    asides += [f"assumed: {plain(sentence)}" for sentence in answer["assumed"]]
    ended = f", {len(answer['ended'])} ended" if answer["ended"] else ""
    return Said(f"{answer['rota']}: {number} override{'' if number == 1 else 's'} booked{ended}", "\n".join(asides))


def silenced(answer: Answer) -> Said:
    return Said(f"silence {answer['id']}: {_fits(answer)} until {local(answer['until'], 'UTC')} UTC")


def silences(answer: Answer) -> Said:
    rows = [(s["id"], _fits(s), local(s["until"], "UTC"), s["made_by"], s["reason"]) for s in answer["silences"]]
    return Said(table("SILENCE FITS UNTIL-UTC BY REASON", rows, nothing="no silences"))


def unsilenced(answer: Answer) -> Said:
    return Said(f"silence {answer['id']}: {answer['state']}")


def _fits(silence: Answer) -> str:
    said = [",".join(silence[name]) for name in ("services", "severities", "sources", "keys") if silence[name]]
    return " ".join([*said, *(f"{name}={pattern}" for name, pattern in silence["labels"].items())])


def people(answer: Answer) -> Said:
    rows = [
        (p["name"], d["name"], d["kind"], d["state"], when(d["last_reached_at"]), d["by"], ", ".join(p["skills"]))
        for p in answer["people"]
        for d in p["devices"]
    ]
    return Said(table("PERSON DEVICE KIND STATE LAST-REACHED BY SKILLS", rows))
