"""What fires of an incident: its words follow it, and whoever has taken it hears of what joins and of what is left.

Every method is a function of `tx`.
"""

from __future__ import annotations

from collections.abc import Sequence

from gatewayd.clock import SECOND
from gatewayd.model import Severity
from gatewayd.oncall import wording
from gatewayd.store import firing, incidents, journal, messages
from gatewayd.store.db import Row, Tx
from gatewayd.switchboard import Switchboard

REST_US = 60 * SECOND  # between two such texts of one incident: a group of 500 does not make 500
TOLD = (Severity.CRITICAL, Severity.ERROR)  # what is less bad is in the count of the next page, and in `more`


class Firing:
    """Built anew at each reload."""

    def __init__(self, switchboard: Switchboard, *, segments_max: int) -> None:
        self._switchboard = switchboard
        self._segments_max = segments_max

    # --- the words of an incident

    def follow(self, tx: Tx, incident: Row, *, now: int) -> None:
        """One of its alerts is over, others fire: it speaks of one that does. Nobody is paged anew for that.

        When all that its owner has read of is over, they are told of what is left, once.
        """
        speaks = firing.speaks_for(tx, incident)
        if speaks is None:
            return
        severity = max(Severity(speaks["severity"]), Severity(incident["severity"]), key=lambda bad: bad.rank)
        self._reword(tx, incident, severity, speaks["summary"], now=now)
        if incident["state"] != "acknowledged" or firing.names_one(tx, incident["id"]):
            return
        if not firing.rests(tx, incident["id"]):
            self.due(tx, incident["id"], now=now)

    def was_as_bad(self, tx: Tx, incident: Row, severity: Severity, summary: str, *, now: int) -> bool:
        """Whether it was told as that bad before, and only its words had followed what was left.

        Its words say so again then, and its escalation goes on: an alert that comes and goes beside a lesser one would
        else begin it anew each time, and wake those who are let sleep by its owner.
        """
        worst = None if incident["held_for"] else firing.worst_over(tx, incident["id"])
        if worst is None or Severity(worst).rank > severity.rank:
            return False
        self._reword(tx, incident, severity, summary, now=now)
        return True

    def _reword(self, tx: Tx, incident: Row, severity: Severity, summary: str, *, now: int) -> None:
        if (severity, summary) == (incident["severity"], incident["summary"]):
            return
        firing.reword(tx, incident["id"], severity=severity.value, summary=summary)
        journal.write(
            tx, "incident_reworded", now=now, incident_id=incident["id"], severity=severity.value,
            was=incident["severity"], private={"summary": summary},
        )  # fmt: skip

    # --- its owner

    def taken(self, tx: Tx, incident: Row) -> None:
        """Somebody has it now: they know what it says, and how many others there are."""
        firing.taken(tx, incident)

    def over(self, tx: Tx, incident_id: int) -> None:
        """All of it."""
        firing.forget(tx, incident_id)

    def joined(self, tx: Tx, incident: Row, alert_id: int, severity: Severity, *, now: int) -> None:
        """An alert began, or got worse, and pages nobody: whoever has taken the incident is told, now or with others.

        While nobody has, nothing is told: the page goes on, and its next text counts it.
        """
        if incident["state"] != "acknowledged":
            return
        firing.mark(tx, firing.UNNAMED, alert_id)
        if severity not in TOLD:
            return
        firing.mark(tx, firing.UNTOLD, alert_id)
        if not firing.rests(tx, incident["id"]):
            self.due(tx, incident["id"], now=now)

    def due(self, tx: Tx, incident_id: int, *, now: int) -> None:
        """Tell of all that has joined and fires, in one text; or of all that is left, when nothing else fires."""
        messages.end_wait(tx, firing.REST, incident_id)
        incident = incidents.get(tx, incident_id)
        if incident is None or incident["state"] != "acknowledged":
            firing.forget(tx, incident_id)
            return
        left = not firing.names_one(tx, incident_id)
        found = firing.marked(tx, firing.UNNAMED if left else firing.UNTOLD, incident_id)
        if not found:
            firing.told(tx, incident_id)
            return
        if not self._tell(tx, incident, found, now=now):
            messages.set_wait(tx, firing.REST, incident_id, now + REST_US)  # their devices have had enough of late
            return
        if left:
            firing.forget(tx, incident_id)
        else:
            firing.told(tx, incident_id)
            firing.unmark(tx, firing.UNNAMED, found[0]["id"])
        messages.set_wait(tx, firing.REST, incident_id, now + REST_US)

    def _tell(self, tx: Tx, incident: Row, found: Sequence[Row], *, now: int) -> bool:
        """The first by name, the others counted. False: not now."""
        worst = found[0]

        def words(language: str) -> str:
            return wording.joined(
                incident["code"], Severity(worst["severity"]), worst["summary"], language, alerts=len(found),
                still=not worst["joined"], segments_max=self._segments_max,
            )  # fmt: skip

        names = self._who(tx, incident)
        if not names:
            number = incident["id"]
            journal.write(tx, "joined_untold", now=now, incident_id=number, reason="nobody of it has a phone")
            return True
        return self._switchboard.joined(tx, incident["id"], names, words, now=now)

    def back(self, tx: Tx, incident: Row, *, now: int) -> None:
        """Whoever had taken it hears that it is everybody's again, unless they are paged for it."""
        by = incident["acknowledged_by"] or ""
        if by in incidents.asked_now(tx, incidents.get(tx, incident["id"]) or incident):
            return

        def words(language: str) -> str:
            return wording.back(incident["code"], incident["summary"], language, segments_max=self._segments_max)

        if self._switchboard.shows_words(by):
            self._switchboard.joined(tx, incident["id"], [by], words, now=now)

    def _who(self, tx: Tx, incident: Row) -> list[str]:
        """Its owner; those who were woken, when that is a program, or has nothing that shows words."""
        by = incident["acknowledged_by"] or ""
        if self._switchboard.shows_words(by):
            return [by]
        return [name for name in incidents.woken(tx, incident["id"]) if self._switchboard.shows_words(name)]
