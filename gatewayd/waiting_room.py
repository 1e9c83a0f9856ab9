"""The waiting room: incidents that are kept and page nobody now, and what lets them out.

Whether one pages or waits is decided by oncall/triage.py; here it is applied. Every method is a function of `tx`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, cached_property, partial

from gatewayd.model import OWN_SERVICE, SECOND, SITE_ALARM, Refusal, Report
from gatewayd.oncall import refusal_words, triage
from gatewayd.oncall.directory import Directory, Policy
from gatewayd.oncall.languages import ENGLISH
from gatewayd.oncall.triage import Fault, Match, Others, Page, Rules, Wait
from gatewayd.roster import Roster
from gatewayd.store import firing, incidents, journal, messages, waiting
from gatewayd.store.db import Row, Tx
from gatewayd.store.waiting import Told
from gatewayd.switchboard import Switchboard

SILENCES_MAX = 500
SILENCE_S_MAX = 400 * 86_400
TOLD = "told"  # in the digest, a moment ago
DAY_US = 86_400 * SECOND
TOLD_LATELY_US = 6 * 3_600 * SECOND
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
        if incident["source"] == SITE_ALARM:
            return Policy.model_validate_json(incident["policy"])
        if report is not None:
            verdict = self._judge(tx, incident, _of(report), since, now=now)
        else:
            verdict = self._judge_all(tx, incident, since, now=now)
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

    def _judge(
        self, tx: Tx, incident: Row, fault: Fault, since: int, others: Others | None = None, *, now: int
    ) -> Page | Wait:
        silences = waiting.silences(tx, now=now)
        if (self._rules.nothing and not silences) or incident["source"] == SITE_ALARM:
            return Page(None, "nothing keeps it")
        others = others or partial(waiting.standing, tx, but=incident["id"])
        return triage.decide(fault, since, self._rules, silences, others, now=now)

    def _judge_all(self, tx: Tx, incident: Row, since: int, *, now: int) -> Page | Wait:
        """It is kept while all its alerts that fire are. One of them that is not gives it its words, and those that are
        kept are put aside."""
        if self._rules.nothing and not waiting.silences(tx, now=now):
            return Page(None, "nothing keeps it")
        alerts = waiting.firing(tx, incident)
        if len(alerts) < 2:
            return self._judge(tx, incident, waiting.fault(tx, incident), since, now=now)
        kept: list[tuple[Row, Wait]] = []
        told: list[tuple[Row, Page]] = []
        others = cache(partial(waiting.standing, tx, but=incident["id"]))
        for alert in alerts:
            fault, began = waiting.fault_of(alert, incident["service"]), max(since, alert["first_at"])
            verdict = self._judge(tx, incident, fault, began, others, now=now)
            if isinstance(verdict, Wait):
                kept.append((alert, verdict))
            else:
                told.append((alert, verdict))
        if not told:
            return triage.together([wait for _, wait in kept])
        speaks, page = told[0]
        if kept and kept[0][0]["id"] == alerts[0]["id"]:  # of which it would speak else
            self._speak(tx, incident, speaks, now=now)
        for alert, wait in kept:
            self._put_aside(tx, incident, alert["id"], wait, now=now)
        return page

    def _put_aside(self, tx: Tx, incident: Row, alert_id: int, verdict: Wait, *, now: int) -> bool:
        """It is kept beside others that are not, looked at again then. What waits for a digest is told with them."""
        if verdict.kind == "digest":
            return False
        known = waiting.put_aside(tx, alert_id)
        messages.set_wait(tx, waiting.KEPT_ALERT, alert_id, verdict.until)
        if not known:
            journal.write(
                tx, "alert_kept", now=now, incident_id=incident["id"], alert=alert_id, kind=verdict.kind,
                until=verdict.until, reason=verdict.reason,
            )  # fmt: skip
        return True

    def _speak(self, tx: Tx, incident: Row, alert: Row, *, now: int) -> None:
        if (alert["severity"], alert["summary"]) == (incident["severity"], incident["summary"]):
            return
        firing.reword(tx, incident["id"], severity=alert["severity"], summary=alert["summary"])
        journal.write(
            tx, "incident_reworded", now=now, incident_id=incident["id"], severity=alert["severity"],
            was=incident["severity"], private={"summary": alert["summary"]},
        )  # fmt: skip

    # --- what joins an incident, and what leaves it

    def quiet(self, tx: Tx, incident: Row, alert_id: int, *, now: int) -> bool:
        """An alert joined, or has another severity. Whether it is to be kept beside others that are not: it is looked
        at again then. One that is not kept lets the incident out at once."""
        if self._rules.nothing and not waiting.silences(tx, now=now):
            return False
        alert = waiting.alert(tx, alert_id)
        if alert is None or incident["state"] == "resolved":
            return False
        fault = waiting.fault_of(alert, incident["service"])
        verdict = self._judge(tx, incident, fault, alert["first_at"], now=now)
        if isinstance(verdict, Page):
            if incident["held_for"]:
                messages.set_wait(tx, "escalate", incident["id"], now)
            return False
        if incident["held_for"]:
            if verdict.until < incident["held_until"]:
                messages.set_wait(tx, "escalate", incident["id"], now)
            return False
        return self._put_aside(tx, incident, alert_id, verdict, now=now)

    def wakes(self, tx: Tx, incident: Row, alert_id: int, *, now: int) -> bool:
        """Whether this alert of it would page somebody now, if it were alone."""
        alert = waiting.alert(tx, alert_id)
        if alert is None:
            return False
        fault = waiting.fault_of(alert, incident["service"])
        return isinstance(self._judge(tx, incident, fault, alert["first_at"], now=now), Page)

    def fewer(self, tx: Tx, incident_id: int, *, now: int) -> bool:
        """One of its alerts is over, others fire. Whether it pages, and all that is left is kept."""
        incident = incidents.get(tx, incident_id)
        if incident is None or incident["state"] != "open":
            return False
        if incident["held_for"]:
            messages.set_wait(tx, "escalate", incident_id, now)
            return False
        verdict = self._judge_all(tx, incident, incident["opened_at"], now=now)
        return isinstance(verdict, Wait) and verdict.kind in ("silence", "maintenance")

    def rest_is_kept(self, tx: Tx, incident: Row, *, now: int) -> bool:
        """Some of what it pages of is over: whether its rules keep what is left. Asked before anybody else is woken, so
        that an alert which comes and goes does not begin everything anew each time."""
        if self._rules.nothing and not waiting.silences(tx, now=now):
            return False
        if firing.worst_over(tx, incident["id"]) is None:
            return False
        return isinstance(self._judge_all(tx, incident, incident["opened_at"], now=now), Wait)

    def _keep(self, tx: Tx, incident: Row, verdict: Wait, *, now: int) -> None:
        number = incident["id"]
        if verdict.kind == incident["held_for"] == "digest":
            booked: int = incident["held_until"]
            moved = verdict.until < booked < verdict.until + DAY_US
            if moved and waiting.told_since(tx, number, now - TOLD_LATELY_US):
                verdict = replace(verdict, until=booked)  # it is in the next one, not in one that was put in before it
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
            waiting.wake(tx, by=incident_id, now=now)

    def told_later(self, tx: Tx, incident: Row, *, now: int) -> int | None:
        """When to tell what became of it, where its rules leave it to a digest; None: at once."""
        verdict = self._judge(tx, incident, waiting.fault(tx, incident), incident["opened_at"], now=now)
        return verdict.until if isinstance(verdict, Wait) and verdict.kind == "digest" else None

    # --- silences

    def silence(self, tx: Tx, match: Match, *, until: int, reason: str, by: str, now: int) -> tuple[int, list[Row]]:
        """Raises Refusal. Returns its number and the incidents that page now and are to stop."""
        if match.empty:
            raise Refusal(
                "invalid",
                "names nothing: give a service, severity, source, key or label",
                field="services",
            )
        if OWN_SERVICE in match.services:
            raise Refusal("invalid", f"'{OWN_SERVICE}' is the gateway itself and is never silenced", field="services")
        if not now < until <= now + SILENCE_S_MAX * SECOND:
            raise Refusal("invalid", "must end after now, and within 400 days", field="until")
        if len(waiting.silence_rows(tx, now=now)) >= SILENCES_MAX:
            raise Refusal("conflict", refusal_words.words_of(ENGLISH).silences.format(count=SILENCES_MAX))
        number = waiting.add_silence(tx, match, until=until, reason=reason, by=by, now=now)
        journal.write(
            tx, "silence_added", now=now, silence=number, until=until,
            private={"by": by, "reason": reason, "match": match.model_dump(mode="json", exclude_defaults=True)},
        )  # fmt: skip
        return number, [row for row in waiting.paging(tx) if self._silenced(tx, row, match, now=now)]

    def _silenced(self, tx: Tx, incident: Row, match: Match, *, now: int) -> bool:
        """Whether it pages of nothing that is not kept now."""
        if incident["source"] == SITE_ALARM:
            return False
        alerts = waiting.firing(tx, incident)
        if len(alerts) < 2:
            return triage.keeps(match, waiting.fault(tx, incident))
        if not any(triage.keeps(match, waiting.fault_of(alert, incident["service"])) for alert in alerts):
            return False
        return isinstance(self._judge_all(tx, incident, incident["opened_at"], now=now), Wait)

    def end_silence(self, tx: Tx, number: int, *, by: str, now: int) -> None:
        """Raises Refusal. What waited for its end is looked at now."""
        row = waiting.get_silence(tx, number)
        if row is None:
            raise Refusal("unknown", f"there is no silence {number}")
        if row["ended_at"] is not None or row["until"] <= now:
            raise Refusal("conflict", f"silence {number} is over already")
        waiting.end_silence(tx, number, now=now)
        waiting.wake_all(tx, now=now)
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
