"""Drills: a declared exercise goes through the whole chain, and what became of it is kept as a report.

It is an incident like any other, so rule, policy, pages, receipts and replies are the real ones. Its texts begin with
DRILL, it is in no figure of the house, it stands before no real alert, and it ends as soon as somebody is paged in
earnest. Every method is a function of `tx`.
"""

from __future__ import annotations

from gatewayd.clock import SECOND
from gatewayd.desk import Desk
from gatewayd.metrics import DRILLS
from gatewayd.model import Refusal, Report, Severity
from gatewayd.oncall.languages import ENGLISH
from gatewayd.oncall.page_words import words_of
from gatewayd.store import drills, incidents, journal, messages, waiting
from gatewayd.store.db import Row, Tx
from gatewayd.store.drills import DRILL

SUMMARY = words_of(ENGLISH).exercise


class Drills:
    """Built anew at each reload."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def start(self, tx: Tx, service: str, severity: Severity, *, within_s: int, by: str, now: int) -> int:
        """Raises Refusal while another one runs, or somebody is being paged in earnest. Returns its number."""
        if running := drills.running(tx):
            raise Refusal("conflict", f"drill {running} is running; one at a time")
        real = next((row for row in waiting.paging(tx) if row["source"] != DRILL), None)
        if real is not None:
            raise Refusal("conflict", f"incident {real['id']} ({real['code']}) is open: real alerts go first")
        until = now + within_s * SECOND
        number = drills.add(tx, service=service, severity=severity.value, by=by, until=until, now=now)
        key = f"drill/{number}"
        report = Report(DRILL, key, service, severity, SUMMARY, "firing", group=key)
        opened = self._desk.report(tx, report, now=now).incident_id
        assert opened is not None, "a drill has a key of its own"
        drills.of(tx, number, opened)
        journal.write(
            tx, "drill_started", now=now, incident_id=opened, drill=number, severity=severity.value,
            private={"service": service, "by": by},
        )  # fmt: skip
        return number

    def stop(self, tx: Tx, number: int, *, by: str, now: int) -> None:
        """Raises Refusal when there is none, or it is over."""
        row = drills.get(tx, number)
        if row is None:
            raise Refusal("unknown", f"there is no drill {number}")
        if row["ended_at"] is not None:
            raise Refusal("conflict", f"drill {number} is over already: {row['verdict']}")
        tx.run("UPDATE drill SET stopped_by = :by WHERE id = :id", by=by, id=number)
        self._end(tx, row, "stopped", now=now)

    def due(self, tx: Tx, number: int, *, now: int) -> None:
        """Something became of it, or its time is over."""
        row = drills.get(tx, number)
        if row is None or row["ended_at"] is not None:
            messages.end_wait(tx, DRILL, number)
            return
        incident = incidents.get(tx, row["incident_id"]) if row["incident_id"] else None
        answered = incident is not None and bool(drills.answer(tx, incident)[0])
        verdict = _verdict(row, incident, now, answered=answered)
        if verdict:
            self._end(tx, row, verdict, now=now)
        else:
            messages.set_wait(tx, DRILL, number, row["until"])

    def _end(self, tx: Tx, row: Row, verdict: str, *, now: int) -> None:
        incident = incidents.get(tx, row["incident_id"]) if row["incident_id"] else None
        if incident is not None and incident["state"] != "resolved":
            self._desk.resolve(tx, incident["id"], by=DRILL, now=now)
        drills.end(tx, row["id"], verdict, now=now)
        pages = drills.pages(tx, row["incident_id"])
        journal.write(
            tx, "drill_ended", now=now, incident_id=row["incident_id"], drill=row["id"], verdict=verdict,
            seconds=(now - row["started_at"]) // SECOND, paged=len({p["person"] for p in pages}),
            delivered=len({p["person"] for p in pages if p["state"] == "delivered"}),
        )  # fmt: skip
        tx.after_commit(DRILLS.labels(verdict).inc)


def _verdict(row: Row, incident: Row | None, now: int, *, answered: bool) -> str:
    """ "" while it runs."""
    if row["gave_way_to"] is not None:
        return "gave way"
    if answered:
        return "answered"
    if incident is not None and incident["exhausted"]:
        return "not answered"
    if now < row["until"]:
        return ""
    return "kept" if incident is not None and incident["held_for"] else "not answered"
