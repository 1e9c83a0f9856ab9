"""The daemon's answers about drills and site visits in words for a person at a terminal."""

from __future__ import annotations

from typing import Any

from gatewayd.cli.shows import REFUSED, Answer, Said
from gatewayd.cli.tables import facts, plain, sections, table, when


def drill(answer: Answer) -> Said:
    """Status 1 when nobody answered."""
    if answer["state"] == "none":
        return Said("no drill runs", status=REFUSED)
    verdict = answer["verdict"] or "it still runs"
    if answer["answered_by"]:
        verdict = f"{verdict} by {answer['answered_by']} after {answer['answered_after_s']:g} s"
    head = facts(
        {
            "drill": answer["id"],
            "service": f"{plain(answer['service'])}, {answer['severity']}",
            "warning": "; ".join(answer["warnings"]),
            "verdict": verdict,
            "kept": answer["kept_for"],
            "gave way to": f"incident {answer['gave_way_to']}" if answer["gave_way_to"] else "",
            "stopped by": answer["stopped_by"],
            "started": f"{when(answer['started_at'])} by {answer['started_by']}",
            "ended": when(answer["ended_at"]) if answer["ended_at"] else "",
            "incident": f"{answer['incident']}, code {answer['code']}",
        }
    )
    rows = [
        (p["person"], p["step"], p["round"], p["device"], p["via"], _s(p["paged_after_s"]), p["state"],
         _s(p["delivered_after_s"]), p["why"])
        for p in answer["pages"]
    ]  # fmt: skip
    paged = table("PERSON STEP ROUND DEVICE VIA PAGED STATE DELIVERED WHY", rows, nothing="nobody was paged")
    silent = f"unheard of: {', '.join(answer['unheard_of'])}" if answer["unheard_of"] else ""
    good = answer["verdict"] in ("", "answered")
    return Said(sections(("", head), ("", paged), ("", silent)), status=0 if good else REFUSED)


def _s(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:g} s"


def drills(answer: Answer) -> Said:
    rows = [
        (d["id"], when(d["started_at"]), d["service"], d["severity"], d["verdict"] or d["state"], d["answered_by"],
         _s(d["answered_after_s"]))
        for d in answer["drills"]
    ]  # fmt: skip
    return Said(table("DRILL STARTED SERVICE SEVERITY VERDICT BY AFTER", rows, nothing="no drills"))


def visit(answer: Answer) -> Said:
    return Said(f"site visit {answer['id']}: {answer['person']} is watched until {when(answer['until'])}")


def visit_done(answer: Answer) -> Said:
    return Said(f"site visit {answer['id']}: {answer['state']}")


def visits(answer: Answer) -> Said:
    rows: list[tuple[Any, ...]] = [
        (
            v["id"],
            v["person"],
            v["state"],
            v["place"],
            when(v["until"]),
            when(v["heard_at"]),
            v["alarms"],
            v["incident"],
        )
        for v in answer["site_visits"]
    ]
    return Said(table("VISIT PERSON STATE PLACE UNTIL HEARD ALARMS INCIDENT", rows, nothing="nobody is on site alone"))


def status_line(answer: Answer) -> Said:
    line = answer["status_line"]
    if line is None:
        return Said("no status line")
    return Said(f"{plain(line['text'])}\nset by {line['set_by']} {when(line['set_at'])}, until {when(line['until'])}")
