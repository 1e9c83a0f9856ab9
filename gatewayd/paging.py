"""Paging: an incident pages by its policy: begun, gone on with, begun anew, ended. Every method is a function of `tx`.

The rules are in oncall/ and pure; what they want done is done by `callout`. What an incident is, who takes it and when
it is over is the desk's.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from gatewayd.callout import Callout
from gatewayd.model import Refusal, Severity
from gatewayd.oncall import escalation, skills
from gatewayd.oncall.directory import Directory, Policy
from gatewayd.queue import Queue
from gatewayd.roster import Roster
from gatewayd.store import drills, incidents, journal, messages
from gatewayd.store.db import Reader, Row, Tx
from gatewayd.switchboard import Switchboard
from gatewayd.waiting_room import WaitingRoom


class Paging:
    """Built anew at each reload; owns nothing but its settings."""

    def __init__(
        self, directory: Directory, roster: Roster, switchboard: Switchboard, callout: Callout,
        waiting_room: WaitingRoom, queue: Queue,
    ) -> None:  # fmt: skip
        self._directory = directory
        self._roster = roster
        self._switchboard = switchboard
        self._callout = callout
        self._waiting_room = waiting_room
        self._queue = queue
        self._snapshots: dict[str, str] = {}  # policies as JSON, by name

    def runs_by(self, tx: Tx, incident: Row, policy: Policy) -> Policy:
        """It runs by this policy from now on."""
        if incident["policy"] != (snapshot := self.snapshot(policy)):
            incidents.change_policy(tx, incident["id"], snapshot)
        return policy

    def begin(self, tx: Tx, incident: Row, policy: Policy, *, but: Sequence[str] = (), now: int) -> None:
        """`but`: who is not asked at once, if there is anybody else."""
        drills.give_way(tx, incident, now=now)
        if needs := self._directory.needs(incident["service"]):
            policy = self._by_skills(tx, incident, policy, needs, now=now)
        effects = escalation.begin(
            incident["id"], policy, Severity(incident["severity"]),
            members=self._callout.others(policy, self._callout.present(tx, policy, now=now), but),
            everybody=self._callout.everybody(tx, policy, now=now), devices=self._switchboard.devices,
            group_calls=self._directory.group_calls, now=now,
        )  # fmt: skip
        self._callout.apply(tx, incident, policy, effects, now=now)

    def _by_skills(self, tx: Tx, incident: Row, policy: Policy, needs: Sequence[str], *, now: int) -> Policy:
        """The policy with the step first in which somebody can do what the service needs."""
        found = skills.arranged(policy, needs, partial(self._roster.present, tx, now=now), self._directory.skills)
        if found.policy != policy:
            incidents.change_policy(tx, incident["id"], found.policy.model_dump_json())
        journal.write(
            tx,
            "skills_looked_at",
            now=now,
            incident_id=incident["id"],
            needs=list(needs),
            private={"why": found.reason},
        )
        return found.policy

    def page_or_keep(self, tx: Tx, incident_id: int, *, since: int, but: Sequence[str] = (), now: int) -> None:
        """It is judged anew. `since`: its hold counts from; `but`: as in `begin`."""
        incident = known(tx, incident_id)
        chosen = self._waiting_room.policy_for(tx, incident, since=since, now=now)
        if chosen is not None:
            self.begin(tx, known(tx, incident_id), self.runs_by(tx, incident, chosen), but=but, now=now)

    def stop(self, tx: Tx, incident_id: int, *, reason: str, now: int) -> None:
        """Nobody has to see a page of it any more, so what a bureau keeps is asked back.

        Only now: that another device has shown a page is no reason to take the copy from the pager, which may be the
        only thing that is looked at, as long as nobody has answered.
        """
        messages.end_wait(tx, ("escalate", "comes_back"), incident_id)
        incidents.withdraw_pages(tx, incident_id, reason=reason, now=now)
        for message in incidents.unsent_texts(tx, incident_id):
            self._switchboard.withdraw(tx, message, incident_id, reason=reason, now=now)
        for sent in incidents.on_the_way(tx, incident_id):
            told = (sent["channel"], str(sent["id"]), sent["reference"], sent["recipient"])
            tx.after_commit(partial(self._queue.recall, *told))

    def escalate(self, tx: Tx, incident_id: int, *, now: int) -> None:
        """The incident's wait is due: ask the rule what is next."""
        incident = incidents.get(tx, incident_id)
        if incident is None or incident["state"] != "open":
            messages.end_wait(tx, "escalate", incident_id)
            return
        if incident["held_for"]:
            chosen = self._waiting_room.look(tx, incident, now=now)
            if chosen is not None:
                self.begin(tx, known(tx, incident_id), self.runs_by(tx, incident, chosen), now=now)
            return
        if self._waiting_room.rest_is_kept(tx, incident, now=now):
            self.stop(tx, incident_id, reason="what still fires is kept", now=now)
            self.page_or_keep(tx, incident_id, since=incident["opened_at"], now=now)
            return
        policy = Policy.model_validate_json(incident["policy"])
        if not self._callout.reaches_anybody(tx, policy, now=now):
            self._replace_policy(tx, incident, now=now)
            return
        facts = self._switchboard.facts(tx, incident, policy)
        there, anybody = self._callout.present(tx, policy, now=now), self._callout.everybody(tx, policy, now=now)
        effects = escalation.advance(
            facts, members=self._callout.willing(tx, incident, policy, there, now=now),
            everybody=self._callout.willing(tx, incident, policy, anybody, now=now), devices=self._switchboard.devices,
            group_calls=self._directory.group_calls, able=self._switchboard.able, now=now,
        )  # fmt: skip
        self._callout.apply(tx, incident, policy, effects, now=now)

    def _replace_policy(self, tx: Tx, incident: Row, *, now: int) -> None:
        """Everybody the incident's policy named has left the configuration (law 8): what its service has now."""
        policy = self._directory.policy_for(incident["service"])
        incidents.change_policy(tx, incident["id"], self.snapshot(policy))
        journal.write(
            tx, "policy_replaced", now=now, incident_id=incident["id"], policy=policy.name,
            reason="nobody of the policy it began with is there any more",
        )  # fmt: skip
        self.begin(tx, known(tx, incident["id"]), policy, now=now)

    def snapshot(self, policy: Policy) -> str:
        """The policy as the incident keeps it: later edits do not change what runs."""
        if policy is not self._directory.policy_named(policy.name):
            return policy.model_dump_json()  # made for one incident: "but" whoever is looked for
        kept = self._snapshots.get(policy.name)
        if kept is None:
            kept = self._snapshots[policy.name] = policy.model_dump_json()
        return kept

    def first_paged(self, reader: Reader, service: str, *, now: int, policy_name: str = "") -> tuple[str, ...]:
        """Whom a critical incident of the service would page first now, by rules, rotas and skills; or that policy."""
        policy, _ = self._directory.policy_at(service, Severity.CRITICAL, now)
        policy = self._directory.policy_named(policy_name) or policy
        members = self._callout.present(reader, policy, now=now)
        policy = skills.arranged(policy, self._directory.needs(service), members, self._directory.skills).policy
        return next((names for step in policy.steps if (names := members(step.page))), ())


def known(reader: Reader, incident_id: int) -> Row:
    """Raises Refusal when there is none."""
    incident = incidents.get(reader, incident_id)
    if incident is None:
        raise Refusal("unknown", f"there is no incident {incident_id}")
    return incident
