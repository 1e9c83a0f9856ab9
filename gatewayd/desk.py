"""The on-call desk: reports open incidents, rules page people, people answer. Every method is a function of `tx`.

The rules are in oncall/ and pure; this is the one hand that applies their effects, each with its journal line, in one
transaction.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from gatewayd.agreements import Agreements
from gatewayd.callout import Callout
from gatewayd.clock import SECOND
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.firing import Firing
from gatewayd.folding import Folding
from gatewayd.metrics import ACK_SECONDS
from gatewayd.model import Refusal, Report, Reported, Severity
from gatewayd.notices import Notices
from gatewayd.oncall import wording
from gatewayd.oncall.directory import Device, Directory, Policy
from gatewayd.oncall.triage import Match
from gatewayd.paging import Paging, known
from gatewayd.queue import Queue
from gatewayd.roster import Roster
from gatewayd.store import drills, incidents, journal, messages, refusals, waiting, worse
from gatewayd.store.db import Reader, Row, Tx
from gatewayd.store.waiting import KEPT_ALERT, STILL_FIRES
from gatewayd.switchboard import Switchboard
from gatewayd.waiting_room import WaitingRoom

STILL_FIRING_US = 300 * SECOND  # a report this long after a person closed the incident means: it is not over
AHEAD_US = 3_600 * SECOND  # a monitor that tells of so late a beginning has its clock wrong
# Two peers of one monitor may cross: the slower one (Alertmanager: 15 s for each peer) tells of a beginning when the
# other has told the end; if nobody tells the end once more, one of them sees what the other has lost sight of. What
# tells the same beginning later still fires: a monitor lost sight of it and has it again.
CROSSING_US = 40 * SECOND
PEERS_DIFFER_US = 30 * SECOND  # two peers of one monitor may give the start of one occurrence this far apart


class Desk:
    """Built anew at each reload; owns nothing but its settings."""

    def __init__(
        self, directory: Directory, settings: DeliverySettings, queue: Queue, folding: Folding | None = None
    ) -> None:
        self.directory = directory
        self._settings = settings
        self.folding = folding or Folding(directory, settings, queue)
        self._switchboard = Switchboard(directory, settings, queue, self.folding)
        self.notices = Notices(directory, settings, queue)
        self.roster = Roster(directory)
        self.firing = Firing(
            self._switchboard, self.roster, segments_max=settings.segments_max, unheard=self._nobody_heard
        )
        self.agreements = Agreements(directory, self.roster, self.notices)
        self.waiting_room = WaitingRoom(directory, self.roster, self._switchboard)
        self._callout = Callout(
            self.roster, self._switchboard, self.notices, self.agreements,
            validity_default_s=settings.validity_default_s,
        )  # fmt: skip
        self._paging = Paging(directory, self.roster, self._switchboard, self._callout, self.waiting_room, queue)

    # --- what monitors say

    def report(self, tx: Tx, report: Report, *, now: int) -> Reported:
        """Book one report. Repeats are harmless; what is over stays over unless it begins anew, or is told later."""
        alert = incidents.firing(tx, report.source, report.key)
        report = replace(report, service=self.directory.service_named(report.service))
        if report.status == "firing":
            return self._again(tx, alert, report, now=now) if alert else self._new(tx, report, now=now)
        if alert is None:
            if over := self._over(tx, report):
                messages.end_wait(tx, STILL_FIRES, over["id"])
            return Reported("ignored", None, "nothing of that key is firing")
        began = alert["starts_at"] or 0
        ahead = began > alert["last_at"] + AHEAD_US  # by a clock that says nothing of before and after
        if report.starts_at is not None and not ahead and began > report.starts_at + PEERS_DIFFER_US:
            return Reported("ignored", alert["incident_id"], "an older occurrence; a newer one is firing")
        if report.status == "acknowledged":
            return self._monitor_acknowledges(tx, alert["incident_id"], report, now=now)
        incidents.end_alert(tx, alert["id"], now=now)
        incident = known(tx, alert["incident_id"])
        left = incidents.firing_count(tx, incident["id"])
        journal.write(tx, "alert_resolved", now=now, incident_id=incident["id"], alert=alert["id"], still_firing=left)
        if left == 0 and incident["state"] != "resolved":
            self._close(tx, incident, by="", now=now)
        elif left:
            self.firing.follow(tx, incident, now=now)
            if self.waiting_room.fewer(tx, incident["id"], now=now):
                self._paging.stop(tx, incident["id"], reason="what still fires is kept", now=now)
                self._paging.page_or_keep(tx, incident["id"], since=incident["opened_at"], now=now)
        return Reported(
            "resolved", incident["id"], f"{left} alerts of the incident still fire" if left else "all clear"
        )

    def _again(self, tx: Tx, alert: Row, report: Report, *, now: int) -> Reported:
        incidents.seen_again(tx, alert["id"], report, now=now)
        incident = known(tx, alert["incident_id"])
        worse = report.severity.rank < Severity(alert["severity"]).rank
        if worse or report.severity.rank < Severity(incident["severity"]).rank:
            self._more(tx, incident, alert["id"], report, joined=worse, now=now)
        return Reported("repeated", incident["id"], "it is firing already")

    def _new(self, tx: Tx, report: Report, *, now: int) -> Reported:
        over = self._over(tx, report)
        by_monitor = over is not None and over["resolved_by"] == "monitor"
        if over and now < (until := over["resolved_at"] + (CROSSING_US if by_monitor else STILL_FIRING_US)):
            if by_monitor and report.seldom:
                messages.set_wait(tx, STILL_FIRES, over["id"], until)
            return Reported("ignored", over["incident_id"], "this occurrence is over already")
        incident = self.folding.joined(tx, report, now=now)
        if incident is not None:
            alert_id = incidents.add_alert(tx, report, incident["id"], now=now)
            private = {"key": report.key, "summary": report.summary}
            journal.write(tx, "alert_joined", now=now, incident_id=incident["id"], alert=alert_id, private=private)
            self._more(tx, incident, alert_id, report, now=now)
            why = "the monitor groups it" if report.group else "its service gathers what comes at one time"
            return Reported("joined", incident["id"], f"{why} with an open incident")
        return self._open(tx, report, now=now)

    @staticmethod
    def _over(reader: Reader, report: Report) -> Row | None:
        """The same occurrence, if it has ended."""
        if report.starts_at is None:
            return None
        return incidents.occurred(reader, report.source, report.key, report.starts_at)

    def still_fires(self, tx: Tx, alert_id: int, *, now: int) -> None:
        """A peer said so when another had just ended it, and none has ended it since: whoever sees it is believed."""
        messages.end_wait(tx, STILL_FIRES, alert_id)
        alert = waiting.ended_alert(tx, alert_id)
        if alert is not None:
            self._new(tx, _reported(alert, known(tx, alert["incident_id"])), now=now)

    def _more(self, tx: Tx, incident: Row, alert_id: int, report: Report, *, joined: bool = True, now: int) -> None:
        """An alert joined, or got worse."""
        if self.waiting_room.quiet(tx, incident, alert_id, now=now):
            return
        if not self._worse(tx, incident, report, now=now) and joined:
            self.firing.joined(tx, incident, alert_id, report.severity, now=now)

    def alert_let_out(self, tx: Tx, alert_id: int, *, now: int) -> None:
        """What kept one alert of an incident that is not kept may be over."""
        messages.end_wait(tx, KEPT_ALERT, alert_id)
        alert = waiting.alert(tx, alert_id)
        if alert is not None:
            incident = known(tx, alert["incident_id"])
            self._more(tx, incident, alert_id, _reported(alert, incident), now=now)

    def raise_alarm(self, tx: Tx, report: Report, policy: Policy, *, now: int) -> int:
        """An incident of the house's own that no rule, silence or maintenance keeps. Returns its id."""
        opened = self._open(tx, report, by=policy, now=now).incident_id
        assert opened is not None
        return opened

    def _open(self, tx: Tx, report: Report, *, by: Policy | None = None, now: int) -> Reported:
        policy = by or self.directory.policy_for(report.service)
        code = incidents.take_code(tx, now=now)
        snapshot = by.model_dump_json() if by else self._paging.snapshot(policy)
        incident = incidents.add(tx, report, code=code, policy=snapshot, now=now)
        number = incident["id"]
        incidents.add_alert(tx, report, number, now=now)
        self.folding.may_be_joined(tx, incident, grouped=bool(report.group), now=now)
        journal.write(
            tx, "incident_opened", now=now, incident_id=number, code=code, severity=report.severity.value,
            policy=policy.name, private={"service": report.service, "key": report.key, "summary": report.summary,
                                         "source": report.source},
        )  # fmt: skip
        if by is not None:
            self._paging.begin(tx, incident, by, now=now)
            return Reported("opened", number, f"policy {by.name}")
        chosen = self.waiting_room.policy_for(tx, incident, since=now, report=report, now=now)
        if chosen is None:
            return Reported("opened", number, "kept, and nobody is paged now")
        self._paging.begin(tx, incident, self._paging.runs_by(tx, incident, chosen), now=now)
        return Reported("opened", number, f"policy {chosen.name}")

    def _worse(self, tx: Tx, incident: Row, report: Report, *, now: int) -> bool:
        """A higher severity is told again: from the first step, even when somebody had taken it. Whether it is."""
        if report.severity.rank >= Severity(incident["severity"]).rank:
            return False
        if self.firing.was_as_bad(tx, incident, report.severity, report.summary, now=now):
            return False
        self._paging.stop(tx, incident["id"], reason="paged again as it is worse now", now=now)
        incidents.reopen(tx, incident["id"], severity=report.severity.value, summary=report.summary)
        worse.note(tx, incident["id"], now=now)
        journal.write(
            tx, "incident_worse", now=now, incident_id=incident["id"], severity=report.severity.value,
            was=incident["severity"], private={"summary": report.summary},
        )  # fmt: skip
        self._paging.page_or_keep(tx, incident["id"], since=incident["opened_at"], now=now)
        return True

    def comes_back(self, tx: Tx, incident_id: int, *, now: int) -> None:
        """Somebody took it long ago: if it still fires, it is everybody's again."""
        messages.end_wait(tx, "comes_back", incident_id)
        incident = incidents.get(tx, incident_id)
        if incident is None or incident["state"] != "acknowledged" or not incidents.firing_count(tx, incident_id):
            return
        self._back(tx, incident, since=now, reason="taken long ago, and it still fires", now=now)

    def owners_gone(self, tx: Tx, *, now: int) -> None:
        """At a start and after a reload: what somebody took who is in the file no more is everybody's again."""
        for incident in incidents.taken_by_people(tx):
            if self.directory.person(incident["acknowledged_by"]) is None:
                why = "whoever had taken it is no longer in the configuration"
                self._back(tx, incident, since=now, reason=why, now=now)

    def numbers_gone(self, tx: Tx, *, now: int) -> None:
        """At a start and after a reload: what waits for an answer from a number that is gone goes to the new one."""
        self.folding.numbers_gone(tx)
        self._callout.numbers_gone(tx, now=now)

    def _nobody_heard(self, tx: Tx, incident: Row, alert: Row, asked: Sequence[str], now: int) -> None:
        """What joined it did not reach whoever has taken it: as with a page that failed, others are paged."""
        if self.waiting_room.wakes(tx, incident, alert["id"], now=now):
            self.firing.speaks_of(tx, incident, alert, now=now)
            why = "news of what joined did not reach whoever has taken it"
            self._back(tx, known(tx, incident["id"]), since=incident["opened_at"], reason=why, but=asked, now=now)

    def _back(self, tx: Tx, incident: Row, *, since: int, reason: str, but: Sequence[str] = (), now: int) -> None:
        """It is everybody's again. `since`: its hold counts from."""
        number = incident["id"]
        messages.end_wait(tx, "comes_back", number)
        incidents.reopen(tx, number, severity=incident["severity"], summary=incident["summary"])
        journal.write(
            tx, "incident_back", now=now, incident_id=number, reason=reason,
            private={"by": incident["acknowledged_by"]},
        )  # fmt: skip
        self._paging.page_or_keep(tx, number, since=since, but=but, now=now)
        if known(tx, number)["held_for"] != "digest":  # there it is told again
            self.firing.back(tx, incident, now=now)

    def silence(self, tx: Tx, match: Match, *, until: int, reason: str, by: str, now: int) -> int:
        """Whatever fits is kept and pages nobody until then. Raises Refusal."""
        number, paging = self.waiting_room.silence(tx, match, until=until, reason=reason, by=by, now=now)
        for incident in paging:
            self._paging.stop(tx, incident["id"], reason=f"silence {number}", now=now)
            self._paging.page_or_keep(tx, incident["id"], since=now, now=now)
        return number

    def end_silence(self, tx: Tx, number: int, *, by: str, now: int) -> None:
        """What still fires pages now. Raises Refusal."""
        self.waiting_room.end_silence(tx, number, by=by, now=now)

    def _monitor_acknowledges(self, tx: Tx, incident_id: int, report: Report, *, now: int) -> Reported:
        if known(tx, incident_id)["state"] != "open":
            return Reported("ignored", incident_id, "it is acknowledged already")
        self.acknowledge(tx, incident_id, by=report.source, now=now)
        return Reported("acknowledged", incident_id, "acknowledged in the monitor")

    # --- what people say

    def acknowledge(self, tx: Tx, incident_id: int, *, by: str, now: int, note: str = "") -> None:
        """`by` takes it; nobody else is paged, those who were woken are told. Idempotent for the same `by`.

        Raises Refusal when it is over, or taken by somebody else.
        """
        incident = known(tx, incident_id)
        if incident["state"] == "resolved":
            raise Refusal("conflict", f"incident {incident_id} ({incident['code']}) is over already")
        if incident["state"] == "acknowledged":
            if incident["acknowledged_by"] == by:
                return
            raise Refusal(
                "conflict", f"incident {incident_id} is with {self._called(incident['acknowledged_by'])} already"
            )
        told = {name: call for name, call in self.firing.woken(tx, incident_id).items() if name != by}
        incidents.acknowledge(tx, incident_id, by=by, now=now)
        self.firing.taken(tx, incident)
        self._paging.stop(tx, incident_id, reason="acknowledged", now=now)
        tx.run(
            "UPDATE page SET state = 'reached', ended_at = :now, reason = 'answered'"
            " WHERE incident_id = :id AND person = :by AND state <> 'reached'",
            now=now,
            id=incident_id,
            by=by,
        )
        journal.write(tx, "incident_acknowledged", now=now, incident_id=incident_id, private={"by": by, "note": note})
        if back_s := Policy.model_validate_json(incident["policy"]).comes_back_s:
            messages.set_wait(tx, "comes_back", incident_id, now + back_s * SECOND)
        if not drills.looked_at(tx, incident, now=now):
            tx.after_commit(partial(ACK_SECONDS.observe, max(0, now - incident["opened_at"]) / SECOND))
        words = partial(
            wording.taken, incident["code"], self._called(by), incident["summary"],
            segments_max=self._settings.segments_max,
        )  # fmt: skip
        self._switchboard.tell(tx, incident_id, "taken", told, words, now=now)

    def resolve(self, tx: Tx, incident_id: int, *, by: str, now: int) -> None:
        """A person closes it. Raises Refusal when it is over already."""
        incident = known(tx, incident_id)
        if incident["state"] == "resolved":
            raise Refusal("conflict", f"incident {incident_id} ({incident['code']}) is over already")
        self._close(tx, incident, by=by, now=now)

    def refuse(self, tx: Tx, incident_id: int, *, by: str, now: int) -> list[str]:
        """`by` cannot take it: their pages of it end, and the next person is paged now unless others are being asked.

        Returns whose answer is waited for now. Raises Refusal when nobody's is.
        """
        incident = known(tx, incident_id)
        if incident["state"] != "open":
            raise Refusal("conflict", f"incident {incident_id} ({incident['code']}) is {incident['state']}")
        for message in incidents.unsent_to(tx, incident_id, by):
            self._switchboard.withdraw(tx, message, incident_id, reason="the person passed it on", now=now)
        refusals.refuse_pages(tx, incident_id, by, now=now)
        journal.write(tx, "incident_refused", now=now, incident_id=incident_id, private={"by": by})
        self._paging.escalate(tx, incident_id, now=now)
        return incidents.asked_now(tx, known(tx, incident_id))

    def _close(self, tx: Tx, incident: Row, *, by: str, now: int) -> None:
        """The end: nobody is paged, whoever was woken hears it is clear. `by` "" = the monitor."""
        number = incident["id"]
        told = {name: call for name, call in self.firing.woken(tx, number).items() if name != by}
        later = self.waiting_room.told_later(tx, incident, now=now)
        self._paging.stop(tx, number, reason="resolved", now=now)
        self.firing.over(tx, number)
        incidents.resolve(tx, number, by=by or "monitor", now=now)
        self.waiting_room.left(tx, number, now=now)
        drills.looked_at(tx, incident, now=now)
        journal.write(tx, "incident_resolved", now=now, incident_id=number, private={"by": by or "monitor"})
        words = partial(
            wording.cleared, incident["code"], incident["summary"], by=self._called(by) if by else "",
            segments_max=self._settings.segments_max,
        )  # fmt: skip
        self._switchboard.tell(tx, number, "cleared", told, words, now=now, later=later)

    def test_page(self, tx: Tx, name: str, *, by: str, now: int) -> list[int]:
        """A harmless text to each device of a person, or to the group of "team:..."; returns the messages' ids."""
        return self._switchboard.test(tx, name, by=by, now=now)

    def pass_on(self, tx: Tx, message_id: int, *, now: int) -> None:
        """A piece of news did not arrive, or nobody knows that it has."""
        if not self._switchboard.pass_on(tx, message_id, now=now):
            self.firing.lost(tx, message_id, now=now)

    # --- paging

    def escalate(self, tx: Tx, incident_id: int, *, now: int) -> None:
        """The incident's wait is due: ask the rule what is next."""
        self._paging.escalate(tx, incident_id, now=now)

    def first_paged(self, reader: Reader, service: str, *, now: int, policy_name: str = "") -> tuple[str, ...]:
        """Whom a critical incident of the service would page first now, by rules, rotas and skills; or that policy."""
        return self._paging.first_paged(reader, service, now=now, policy_name=policy_name)

    # --- texts

    def answer(
        self, tx: Tx, person: str, device: Device, words: str, *, now: int, incident_id: int | None = None
    ) -> int:
        """Answer a reply, to the phone it came from."""
        return self._switchboard.answer(tx, person, device, words, now=now, incident_id=incident_id)

    def answered(self, tx: Tx, incident: Row, person: str, *, now: int) -> None:
        """They are being told what became of it."""
        self._switchboard.answered(tx, incident, person, now=now)

    def _called(self, name: str) -> str:
        known = self.directory.person(name)
        return known.called if known else name

    def called(self, name: str) -> str:
        """How texts name a person or a program."""
        return self._called(name)

    @property
    def segments_max(self) -> int:
        return self._settings.segments_max


def _reported(alert: Row, incident: Row) -> Report:
    """As its monitor would tell it again."""
    return Report(
        alert["source"], alert["key"], incident["service"], Severity(alert["severity"]), alert["summary"], "firing",
        json.loads(alert["details"]), incident["grouping"], alert["starts_at"], seldom=True,
    )  # fmt: skip
