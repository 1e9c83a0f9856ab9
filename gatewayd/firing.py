"""What fires of an incident: its words follow it, and whoever has taken it hears of what joins and of what is left.

Every method is a function of `tx`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from gatewayd.clock import SECOND
from gatewayd.model import Severity
from gatewayd.oncall import hosts, wording
from gatewayd.oncall.directory import ROTA, Policy
from gatewayd.roster import Roster
from gatewayd.store import firing, incidents, journal, messages, succession, tellings, worse
from gatewayd.store.db import Reader, Row, Tx
from gatewayd.switchboard import Switchboard

REST_US = 60 * SECOND  # between two such texts of one incident: a group of 500 does not make 500
TOLD = (Severity.CRITICAL, Severity.ERROR)  # what is less bad is in the count of the next page, and in `more`
Unheard = Callable[[Tx, Row, Row, Sequence[str], int], None]  # (tx, incident, its alert, who did not hear of it, now)


class Firing:
    """Built anew at each reload; `unheard` is what follows when an alert joins and none of those who are told hears."""

    def __init__(self, switchboard: Switchboard, roster: Roster, *, segments_max: int, unheard: Unheard) -> None:
        self._switchboard = switchboard
        self._roster = roster
        self._segments_max = segments_max
        self._unheard = unheard

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
        worse.note(tx, incident["id"], now=now)
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
            messages.end_wait(tx, firing.UNNAMED, found[0]["id"])
        messages.set_wait(tx, firing.REST, incident_id, now + REST_US)

    def _tell(self, tx: Tx, incident: Row, found: Sequence[Row], *, now: int) -> bool:
        """The first by name, the others counted. False: not now."""
        worst = found[0]
        where = hosts.named([json.loads(worst["details"] or "{}")], service="", summary=worst["summary"])

        def words(language: str) -> str:
            return wording.joined(
                incident["code"], Severity(worst["severity"]), worst["summary"], language, alerts=len(found),
                still=not worst["joined"], host=where, segments_max=self._segments_max,
            )  # fmt: skip

        names, number = self._who(tx, incident, now=now), incident["id"]
        if not names:
            journal.write(tx, "joined_untold", now=now, incident_id=number, reason="nobody of it has a phone")
            if Severity(worst["severity"]) in TOLD:
                self._unheard(tx, incident, worst, (), now)
            return True
        texts = self._switchboard.joined(tx, number, names, words, now=now)
        telling = tellings.begin(tx, found) if texts else 0
        for text in texts:
            tellings.put(tx, telling, text, number, now=now)
        return bool(texts)

    def lost(self, tx: Tx, message_id: int, *, now: int) -> None:
        """A text did not arrive, or not in time, and goes to no further device. When it told of what joined, and nobody
        else was heard of either, it is no longer theirs alone."""
        telling = tellings.of(tx, message_id)
        alert = tellings.unheard(tx, telling) if telling is not None else None
        if telling is None or alert is None:
            return
        incident = incidents.get(tx, telling["incident_id"])
        if incident is not None and incident["state"] == "acknowledged":
            self._unheard(tx, incident, alert, tellings.readers(tx, telling), now)

    def speaks_of(self, tx: Tx, incident: Row, alert: Row, *, now: int) -> None:
        """From now on, if that is as bad as the incident."""
        if alert["severity"] == incident["severity"]:
            self._reword(tx, incident, Severity(alert["severity"]), alert["summary"], now=now)

    def woken(self, reader: Reader, incident_id: int) -> dict[str, str]:
        """Who got a page of it, each with the group whose call alone that was, or ""; and who heard of what joined."""
        woken = incidents.woken(reader, incident_id)
        return woken | {name: "" for name in tellings.heard_of(reader, incident_id) if name not in woken}

    def back(self, tx: Tx, incident: Row, *, now: int) -> None:
        """Whoever had taken it hears that it is everybody's again, unless they are paged for it."""
        by = incident["acknowledged_by"] or ""
        if by in incidents.asked_now(tx, incidents.get(tx, incident["id"]) or incident):
            return

        def words(language: str) -> str:
            return wording.back(incident["code"], incident["summary"], language, segments_max=self._segments_max)

        if self._switchboard.shows_words(by):
            self._switchboard.joined(tx, incident["id"], [by], words, now=now)

    def _who(self, tx: Tx, incident: Row, *, now: int) -> list[str]:
        """Its owner, and to whom it was handed on. Of an owner who is a program, or has nothing that shows words: those
        who were woken."""
        by = incident["acknowledged_by"] or ""
        names = [by] if self._switchboard.shows_words(by) else [*incidents.woken(tx, incident["id"])]
        names += self._on_duty(tx, incident, by, now=now)
        return [name for name in dict.fromkeys(names) if self._switchboard.shows_words(name)]

    def _on_duty(self, tx: Tx, incident: Row, owner: str, *, now: int) -> list[str]:
        """Who has the duty now and was told of it at a hand-over, if its owner is off duty."""
        policy = Policy.model_validate_json(incident["policy"])
        rotas = tuple(who for who in policy.named if who.startswith(ROTA))
        there = self._roster.members(tx, rotas, now=now) if rotas else ()
        return [] if owner in there else [name for name in there if succession.has_it(tx, incident["id"], name)]
