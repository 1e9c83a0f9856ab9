"""The waiting room: incidents that are kept and page nobody now, and what lets them out.

Whether one pages or waits is decided by oncall/triage.py; here it is applied. Every method is a function of `tx`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial

from gatewayd.model import SECOND, Refusal, Report
from gatewayd.oncall import triage
from gatewayd.oncall.directory import Directory, Policy
from gatewayd.oncall.triage import Fault, Match, Page, Rules, Wait
from gatewayd.roster import Roster
from gatewayd.store import incidents, journal, messages, waiting
from gatewayd.store.db import Row, Tx
from gatewayd.store.waiting import Told
from gatewayd.switchboard import Switchboard

SILENCES_MAX = 500
SILENCE_S_MAX = 400 * 86_400
TOLD = "told"  # in the digest, a moment ago
NO_ROUND = -1  # of a page that is no part of an escalation
DIGEST_INCIDENTS_MAX = 500  # of one digest; what is beyond it comes in the next turn


class WaitingRoom:
    """Built anew at each reload."""

    def __init__(self, directory: Directory, roster: Roster, switchboard: Switchboard) -> None:
        self._directory = directory
        self._roster = roster
        self._switchboard = switchboard

    @cached_property
    def _rules(self) -> Rules:
        return self._directory.triage_rules

    def policy_for(self, tx: Tx, incident: Row, *, since: int, report: Report | None = None, now: int) -> Policy | None:
        """The policy by which it pages now; None: it waits, and that is booked. `since`: its hold counts from."""
        silences = waiting.silences(tx, now=now)
        if self._rules.nothing and not silences:
            verdict: Page | Wait = Page(None, "")
        else:
            fault = _of(report) if report is not None else waiting.fault(tx, incident)
            others = partial(waiting.standing, tx, but=incident["id"])
            verdict = triage.decide(fault, since, self._rules, silences, others, now=now)
        if isinstance(verdict, Wait):
            self._keep(tx, incident, verdict, now=now)
            return None
        policy = self._directory.policy_named(verdict.policy) or self._directory.policy_for(incident["service"])
        if incident["held_for"]:
            waiting.release(tx, incident["id"])
            journal.write(
                tx, "incident_released", now=now, incident_id=incident["id"], was=incident["held_for"],
                policy=policy.name, reason=verdict.reason,
            )  # fmt: skip
        return policy

    def _keep(self, tx: Tx, incident: Row, verdict: Wait, *, now: int) -> None:
        number = incident["id"]
        waiting.hold(tx, number, kind=verdict.kind, why=verdict.reason, until=verdict.until, by=verdict.by)
        messages.set_wait(tx, "escalate", number, verdict.until)
        if policy := self._directory.policy_named(verdict.policy):
            incidents.change_policy(tx, number, policy.model_dump_json())
        if verdict.kind != "hold":  # it pages nobody for long: what stood behind it may have to
            self.left(tx, number, now=now)
        if verdict.kind == incident["held_for"] and verdict.until == incident["held_until"]:
            return  # it was only looked at
        journal.write(
            tx, "incident_held", now=now, incident_id=number, kind=verdict.kind, until=verdict.until,
            reason=verdict.reason,
        )  # fmt: skip

    def begin(self, tx: Tx, *, now: int) -> None:
        """At a start and after a reload: the rules there are now may keep what is kept, or not."""
        waiting.wake_all(tx, now=now)

    def look(self, tx: Tx, incident: Row, *, now: int) -> Policy | None:
        """What an incident waits for may be over. None: it goes on waiting."""
        if incident["held_for"] == "digest" and incident["held_until"] <= now:
            self._digest(tx, now=now)
            incident = incidents.get(tx, incident["id"]) or incident
        return self.policy_for(tx, incident, since=incident["opened_at"], now=now)

    def _digest(self, tx: Tx, *, now: int) -> None:
        """One text for each person, with all that is due; each incident then waits for the next digest."""
        by_person: dict[str, list[Told]] = {}
        for incident in waiting.digest_due(tx, now=now, limit=DIGEST_INCIDENTS_MAX):
            policy = Policy.model_validate_json(incident["policy"])
            step, names = self._readers(tx, policy, now=now)
            for name in names:
                page_id = incidents.add_page(
                    tx, incident["id"], name, round_=NO_ROUND, step=step, reason="digest", now=now
                )  # fmt: skip
                by_person.setdefault(name, []).append(waiting.told(incident, page_id, step))
            waiting.hold(tx, incident["id"], kind=TOLD, why=incident["held_why"], until=now, by=None)
            messages.set_wait(tx, "escalate", incident["id"], now)  # in its own turn it hears when the next one is
        for name, due in by_person.items():
            self._switchboard.digest(tx, name, due, now=now)

    def _readers(self, tx: Tx, policy: Policy, *, now: int) -> tuple[int, Sequence[str]]:
        """Whom its first step names; when that is nobody with a device, the next step's, at last the fallback's. With
        the number of that step."""
        for number, audience in enumerate((*(step.page for step in policy.steps), policy.fallback)):
            names = [n for n in self._roster.present(tx, audience, now=now) if self._switchboard.devices(n)]
            if names:
                return number, names
        return 0, ()

    def left(self, tx: Tx, incident_id: int, *, now: int) -> None:
        """An incident is over, or waits itself: what it stood before is looked at."""
        if self._rules.inhibitions:
            waiting.wake(tx, "inhibited", by=incident_id, now=now)

    # --- silences

    def silence(self, tx: Tx, match: Match, *, until: int, reason: str, by: str, now: int) -> tuple[int, list[Row]]:
        """Raises Refusal. Returns its number and the incidents that page now and are to stop."""
        if match.empty:
            raise Refusal("invalid", "says of nothing that it is silent", field="services")
        if not now < until <= now + SILENCE_S_MAX * SECOND:
            raise Refusal("invalid", "must end after now, and within 400 days", field="until")
        if len(waiting.silence_rows(tx, now=now)) >= SILENCES_MAX:
            raise Refusal("conflict", f"there are {SILENCES_MAX} silences already")
        number = waiting.add_silence(tx, match, until=until, reason=reason, by=by, now=now)
        journal.write(
            tx, "silence_added", now=now, silence=number, until=until,
            private={"by": by, "reason": reason, "match": match.model_dump(mode="json", exclude_defaults=True)},
        )  # fmt: skip
        return number, [row for row in waiting.paging(tx) if match.fits(waiting.fault(tx, row))]

    def end_silence(self, tx: Tx, number: int, *, by: str, now: int) -> None:
        """Raises Refusal. What waited for its end is looked at now."""
        row = waiting.get_silence(tx, number)
        if row is None:
            raise Refusal("unknown", f"there is no silence {number}")
        if row["ended_at"] is not None or row["until"] <= now:
            raise Refusal("conflict", f"silence {number} is over already")
        waiting.end_silence(tx, number, now=now)
        waiting.wake(tx, "silence", by=None, now=now)
        journal.write(tx, "silence_ended", now=now, silence=number, private={"by": by})

    def mind_deadlines(self, tx: Tx, *, now: int) -> int:
        """Every open incident has a next deadline, whatever went wrong. Returns how many had none."""
        lost = waiting.without_deadline(tx)
        for row in lost:
            messages.set_wait(tx, "escalate", row["id"], now)
            journal.write(tx, "deadline_missing", now=now, incident_id=row["id"])
        return len(lost)


def _of(report: Report) -> Fault:
    return Fault(report.service, report.severity, report.source, (report.key,), report.details)
