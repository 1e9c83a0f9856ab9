"""The callout: whom a policy means now, and the pages by which its steps are done.

What is next is said by oncall/escalation.py; this is the hand that applies it, each effect with its journal line. Every
method is a function of a reader or of `tx`.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from functools import partial

from gatewayd.agreements import Agreements
from gatewayd.clock import SECOND
from gatewayd.metrics import ESCALATIONS, EXHAUSTED
from gatewayd.model import Severity
from gatewayd.notices import Notices
from gatewayd.oncall import escalation
from gatewayd.oncall.directory import TEAM, Policy
from gatewayd.oncall.duty import Duty
from gatewayd.roster import Roster
from gatewayd.store import drills, incidents, journal, messages, moved, refusals
from gatewayd.store.db import Reader, Row, Tx
from gatewayd.store.drills import DRILL
from gatewayd.switchboard import Switchboard

log = logging.getLogger("gatewayd.callout")

REFUSAL_STANDS_US = 300 * SECOND  # in the next round too, when a round is over as soon as everybody has refused


class Callout:
    """Built anew at each reload."""

    def __init__(
        self, roster: Roster, switchboard: Switchboard, notices: Notices, agreements: Agreements, *,
        validity_default_s: int,
    ) -> None:  # fmt: skip
        self._roster = roster
        self._switchboard = switchboard
        self._notices = notices
        self._agreements = agreements
        self._validity_default_s = validity_default_s

    # --- whom

    def everybody(self, reader: Reader, policy: Policy, *, now: int) -> escalation.Members:
        """Whom the policy's words mean now, without those whom it never pages.

        Of a team that has left the file: who was in it when the policy was taken.
        """

        def members(audience: tuple[str, ...]) -> tuple[str, ...]:
            found = self._roster.members(reader, audience, now=now)
            if not policy.but and not any(name.startswith(TEAM) for name in found):
                return found
            known = [(policy.teams.get(n.removeprefix(TEAM), ()) if n.startswith(TEAM) else (n,)) for n in found]
            return tuple(dict.fromkeys(n for names in known for n in names if n not in policy.but))

        return members

    def present(self, reader: Reader, policy: Policy, *, now: int) -> escalation.Members:
        """Those of them who are not away."""
        everybody = self.everybody(reader, policy, now=now)

        def members(audience: tuple[str, ...]) -> tuple[str, ...]:
            gone = self._roster.away(reader, audience, now=now)
            return tuple(name for name in everybody(audience) if name not in gone)

        return members

    def willing(
        self, reader: Reader, incident: Row, policy: Policy, members: escalation.Members, *, now: int
    ) -> escalation.Members:
        """Those of `members` who have not refused it, as long as anybody else of the policy is left."""
        since = now - REFUSAL_STANDS_US
        refused = refusals.refused_by(reader, incident["id"], round_=incident["round"], since=since)
        return self.others(policy, members, refused)

    def others(self, policy: Policy, members: escalation.Members, but: Collection[str]) -> escalation.Members:
        """Those of `members` without these, as long as anybody else of the policy is left."""
        if not but or not any(n not in but and self._switchboard.devices(n) for n in members(policy.named)):
            return members
        return lambda audience: tuple(name for name in members(audience) if name not in but)

    def reaches_anybody(self, reader: Reader, policy: Policy, *, now: int) -> bool:
        return any(self._switchboard.devices(name) for name in self.everybody(reader, policy, now=now)(policy.named))

    # --- their pages

    def apply(self, tx: Tx, incident: Row, policy: Policy, effects: Sequence[escalation.Effect], *, now: int) -> None:
        number = incident["id"]
        planned: dict[str, int] = {}
        duties: Mapping[str, Duty] = {}
        if escalation.hands_on(effects):
            audience = escalation.so_far(policy, incident["step"], incident["exhausted"])
            duties = self._roster.duties(tx, audience, now=now)
        validity_s = self._validity_s(incident["round"], policy)
        for effect in effects:
            match effect:
                case escalation.EnterStep():
                    self._enter(tx, incident, effect, now=now)
                    duties = self._roster.duties(tx, escalation.audience_of(policy, effect), now=now)
                    pause_s = (effect.until - now) // SECOND
                    again_s = pause_s if effect.kind == "exhausted" else self._validity_s(effect.round, policy)
                    validity_s = max(300, again_s)
                case escalation.PlanPage():
                    planned[effect.person] = self._plan(tx, number, effect, duties, now=now)
                case escalation.QueueText():
                    self._switchboard.page(
                        tx, incident, effect.person, effect.device, tried=effect.tried,
                        page_id=effect.page_id or planned[effect.person], validity_s=validity_s, now=now,
                    )  # fmt: skip
                case escalation.CallGroup():
                    pages = {name: planned[name] for name in effect.people}
                    self._switchboard.page_group(
                        tx, incident, effect.team, pages, reason=effect.reason, validity_s=validity_s, now=now
                    )
                case escalation.MarkUnreachable():
                    incidents.end_page(tx, effect.page_id, "unreachable", reason=effect.reason, now=now)
                    journal.write(
                        tx,
                        "page_unreachable",
                        now=now,
                        incident_id=number,
                        page=effect.page_id,
                        reason=effect.reason,
                        private={"person": effect.person},
                    )
                case escalation.NobodyThere():
                    self._nobody(tx, incident, policy, effect, now=now)
                case escalation.LookAgain():
                    messages.set_wait(tx, "escalate", number, effect.at)
        self._notices.copies(tx, incident, duties, planned, now=now)
        self._agreements.offer_relief(tx, duties, planned, now=now)

    def numbers_gone(self, tx: Tx, *, now: int) -> None:
        """At a start and after a reload: who is asked now by a number that they have no more is asked by the one that
        they have, at once; who has left the file is not waited for."""
        for page in moved.asked(tx):
            owned = self._switchboard.devices(page["person"])
            incident = incidents.get(tx, page["incident_id"])
            if incident is None or any(device.number == page["recipient"] for device in owned):
                continue
            if not owned:
                self._left(tx, incident, page, now=now)
                continue
            policy = Policy.model_validate_json(incident["policy"])
            used = escalation.used_of(owned, policy.kinds(page["step"], Severity(incident["severity"])))
            had = moved.numbers_of(tx, page["page_id"])
            tried, new = next(((n, d) for n, d in enumerate(used, 1) if d.number not in had), (0, None))
            if new is None:
                continue
            for text in incidents.unsent_to(tx, incident["id"], page["person"]):
                if all(device.number != text["recipient"] for device in owned):
                    self._switchboard.withdraw(tx, text, incident["id"], reason="the number is gone", now=now)
            why = "the number before is no longer theirs"
            place = next(n for n, device in enumerate(owned) if device is new)
            text_to = escalation.QueueText(page["page_id"], page["person"], place, why, tried)
            self.apply(tx, incident, policy, [text_to, escalation.LookAgain(now)], now=now)
            journal.write(tx, "page_moved", now=now, incident_id=incident["id"], page=page["page_id"], reason=why)

    def _left(self, tx: Tx, incident: Row, page: Row, *, now: int) -> None:
        """Whoever is asked is not in the file any more: whose number it is now may answer, or the step goes on."""
        heir = self._switchboard.owner(page["recipient"], page["channel"])
        if heir is not None:
            moved.inherit(tx, incident["id"], page["person"], heir)
            why = "the number is somebody else's now"
            journal.write(
                tx, "page_moved", now=now, incident_id=incident["id"], page=page["page_id"], reason=why,
                private={"person": heir, "before": page["person"]},
            )  # fmt: skip
            return
        gone = escalation.MarkUnreachable(page["page_id"], page["person"], "has left the configuration")
        policy = Policy.model_validate_json(incident["policy"])
        self.apply(tx, incident, policy, [gone, escalation.LookAgain(now)], now=now)

    def _plan(self, tx: Tx, number: int, page: escalation.PlanPage, duties: Mapping[str, Duty], *, now: int) -> int:
        page_id = incidents.add_page(
            tx, number, page.person, round_=page.round, step=page.step, reason=page.reason, now=now
        )
        why = "; ".join(f"{who}: {held.why}" for who, held in duties.items() if held.person == page.person)
        journal.write(
            tx,
            "page_planned",
            now=now,
            incident_id=number,
            page=page_id,
            step=page.step,
            round=page.round,
            reason=page.reason,
            private={"person": page.person} | ({"why": why} if why else {}),
        )
        return page_id

    def _enter(self, tx: Tx, incident: Row, effect: escalation.EnterStep, *, now: int) -> None:
        number, over = incident["id"], effect.kind == "exhausted"
        incidents.enter_step(tx, number, step=effect.step, round_=effect.round, until=effect.until, exhausted=over)
        journal.write(
            tx,
            "step_entered",
            now=now,
            incident_id=number,
            step=effect.step,
            round=effect.round,
            kind=effect.kind,
            reason=effect.reason,
        )
        if incident["source"] == DRILL:
            if over:
                drills.looked_at(tx, incident, now=now)
            return
        tx.after_commit(ESCALATIONS.labels(effect.kind).inc)
        if over:
            tx.after_commit(EXHAUSTED.inc)
            tx.after_commit(
                partial(
                    log.error,
                    "nobody answered; everybody is paged again",
                    extra={"event": "policy_exhausted", "incident_id": number},
                )
            )

    def _nobody(
        self, tx: Tx, incident: Row, policy: Policy, effect: escalation.NobodyThere, *, now: int
    ) -> None:  # fmt: skip
        """A step was gone past. That whoever it names has passed the incident on is no fault of the policy."""
        refused = any(self._switchboard.devices(n) for n in self.everybody(tx, policy, now=now)(effect.audience))
        why = "whoever it names is away, or has passed it on" if refused else "it names nobody who can be paged"
        journal.write(
            tx, "step_empty", now=now, incident_id=incident["id"], step=effect.step, round=effect.round, reason=why,
            private={"page": ", ".join(effect.audience)},
        )  # fmt: skip
        if not refused:
            tx.after_commit(
                partial(
                    log.error,
                    "step %d of policy '%s' names nobody who can be paged: the next one is asked at once",
                    effect.step + 1,
                    policy.name,
                    extra={"event": "step_empty", "incident_id": incident["id"]},
                )
            )

    def _validity_s(self, round_: int, policy: Policy) -> int:
        """Until this person would be paged again: a dead page must not ring in the morning."""
        round_s = sum(step.wait_s for step in policy.steps)
        return max(300, round_s) if round_ < policy.repeat else self._validity_default_s
