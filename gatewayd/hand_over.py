"""Hand-overs: at the instant at which a rota changes hands both sides are told, once.

Who holds a rota as far as people were told is a row with a wait. Whatever makes the wait due (its time, a change of
the rota, a reload, a start after the instant has passed), the rota is asked who holds it now; only if that is somebody
else than people were told, they are told. Where a rota wants hand-overs to be confirmed, the outgoing engineer keeps
it by an override until then. Every method is a function of `tx`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial

from gatewayd.agreements import Agreements
from gatewayd.model import Priority
from gatewayd.notices import Notices
from gatewayd.oncall import changes, civil, duty, duty_words, said_times
from gatewayd.oncall.cover import Facts, Override
from gatewayd.oncall.directory import Directory
from gatewayd.oncall.rota import Plan
from gatewayd.roster import Roster
from gatewayd.store import cover, hand_overs, journal, messages, steps, succession
from gatewayd.store.db import Row, Tx

log = logging.getLogger(__name__)

KIND = hand_overs.KIND
DOUBT_US = 10 * civil.MINUTE  # that the clock is waited for, when it is known to be wrong
TOLD_WITHIN_US = 12 * civil.HOUR  # later than this it is no news
LEAD_US = civil.MINUTE  # before a hand-over: what keeps the outgoing one is booked by then, so that no page slips past
GONE_US = civil.HOUR  # what pages by a rota that has left the file is looked at again after this
NEVER = 1 << 62
KEPT_DAYS_MAX = 14  # in one override; where nobody else's turn comes before


class HandOvers:
    """Built anew at each reload; owns nothing but its settings."""

    def __init__(self, directory: Directory, roster: Roster, notices: Notices, agreements: Agreements) -> None:
        self._directory = directory
        self._roster = roster
        self._notices = notices
        self._agreements = agreements
        self._confirmations = agreements.confirmations

    def begin(self, tx: Tx, *, now: int) -> None:
        """At a start and after a reload: rotas that are new get their row, and each is looked at again."""
        known = hand_overs.known(tx)
        for name, plan in self._roster.plans.items():
            if name not in known:
                facts = self._roster.facts(tx, now=now)
                held, second = duty.on_call(plan, facts, now), duty.backup(plan, facts, now)
                hand_overs.begin(tx, name, held.person, second.person if second else "", now=now)
        hand_overs.look_again(tx, now=now)
        self._warn(tx, now=now)

    def _warn(self, tx: Tx, *, now: int) -> None:
        """Changes are refused that leave a rota without anybody; a file is not, for what was booked under another."""
        facts = self._roster.facts(tx, now=now)
        for odd in filter(None, (changes.left_alone(plan, facts, now) for plan in self._roster.plans.values())):
            tx.after_commit(partial(log.warning, "%s", odd, extra={"event": "config_warning"}))

    def due(self, tx: Tx, number: int, *, now: int) -> None:
        """Tell both sides if the rota has changed hands, and look again when it will next."""
        row = hand_overs.get(tx, number)
        plan = self._roster.plans.get(row["rota"]) if row else None
        if row is None or plan is None:
            if row is not None:
                self._let_go(tx, row, now=now)
                self._confirmations.settle(tx, row["rota"], "the rota is gone", now=now)
            if row is not None and succession.pages_by(tx, row["rota"]):
                messages.set_wait(tx, KIND, number, now + GONE_US)
            else:
                hand_overs.forget(tx, number)
            return
        if (until := self._doubtful_until(tx)) > now:
            messages.set_wait(tx, KIND, number, until)
            return
        facts = self._roster.facts(tx, now=now)
        unkept = facts.without(row["kept"]) if row["kept"] is not None else facts
        should = duty.on_call(plan, unkept, now)
        following = duty.next_hand_over(plan, unkept, now)
        row, facts = self._keep(tx, plan, row, facts, unkept, should, following, now=now)
        held = duty.on_call(plan, facts, now)
        if held.person != row["person"]:
            self._handed(tx, plan, row, held, following, now=now)
        ends = following.at if following else now + KEPT_DAYS_MAX * civil.DAY
        if held.person != should.person:  # who has not confirmed it yet
            codes = succession.told(tx, plan.name, held.person, should.person, now=now)
            self._confirmations.ask(tx, plan, held.person, should.person, ends, codes, now=now)
        else:
            self._confirmations.settle(tx, plan.name, "not needed any more", has=held.person, until=ends, now=now)
            if held.person != row["person"]:
                self._let_go(tx, row, now=now)
        at = following.at if following else now + duty.AHEAD_DAYS * civil.DAY
        at = min(at, self._kept_until(tx, number, now=now) or at)
        second = duty.backup(plan, facts, now)
        hand_overs.expect(tx, number, at, second.person if second else "")
        early = at - LEAD_US if plan.rota.confirm and now < at - LEAD_US else at
        messages.set_wait(tx, KIND, number, early)

    def _keep(
        self, tx: Tx, plan: Plan, row: Row, facts: Facts, unkept: Facts, should: duty.Duty,
        following: duty.HandOver | None, *, now: int,
    ) -> tuple[Row, Facts]:  # fmt: skip
        """The override by which the outgoing one keeps it is made, stays, or ends. Returns the row and facts after."""
        kept = next((o for o in facts.overrides if o.id == row["kept"]), None)
        begun = kept is not None and kept.since <= now
        begins = 0  # from when one is needed; 0: none is
        if plan.rota.confirm:
            ahead = following is not None and following.at - now <= LEAD_US
            if should.person != row["person"]:
                decided = begun and duty.on_call(plan, facts, now).person == should.person
                due = not decided and (begun or (row["expected_at"] or NEVER) <= now)
                begins = now if due and self._can_wait(row["person"], should.person, unkept, now) else 0
            elif following is not None and ahead:
                waits = self._can_wait(row["person"], following.incoming.person, unkept, following.at)
                begins = following.at if waits else 0
        until = self._keeps_until(plan, row["person"], unkept, begins, now=now) if begins else 0
        if kept is not None and kept.person == row["person"] and begins and max(kept.since, now) == max(begins, now):
            enough = kept.until >= until or kept.until - now > LEAD_US
            if enough:
                return row, facts
        self._let_go(tx, row, now=now)
        if begins:
            change = Override(plan.name, row["person"], begins, until, now, note="until the hand-over is confirmed")
            hand_overs.keep(tx, row["id"], self._roster.keep(tx, change, now=now))
        again = hand_overs.get(tx, row["id"])
        assert again is not None, "it was there just now"
        return again, self._roster.facts(tx, now=now)

    def _keeps_until(self, plan: Plan, person: str, unkept: Facts, begins: int, *, now: int) -> int:
        """To the next hand-over; in the last minute before it to the one after, which they may have to keep as well."""
        after = duty.next_hand_over(plan, unkept, begins)
        ahead = after is not None and begins <= now and after.at - now <= LEAD_US
        if after is not None and ahead and after.incoming.person != person:
            waits = self._can_wait(person, after.incoming.person, unkept, after.at)
            after = duty.next_hand_over(plan, unkept, after.at) if waits else after
        latest = begins + KEPT_DAYS_MAX * civil.DAY
        return min(after.at, latest) if after is not None else latest

    def _kept_until(self, tx: Tx, number: int, *, now: int) -> int | None:
        row = hand_overs.get(tx, number)
        kept = cover.get(tx, row["kept"]) if row is not None and row["kept"] is not None else None
        return kept.until if kept is not None and kept.since <= now < kept.until else None

    def _let_go(self, tx: Tx, row: Row, *, now: int) -> None:
        if row["kept"] is not None:
            if cover.get(tx, row["kept"]) is not None:
                self._roster.let_go(tx, row["kept"], now=now)
            hand_overs.keep(tx, row["id"], None)

    def _can_wait(self, outgoing: str, incoming: str, facts: Facts, at: int) -> bool:
        """The one is there to keep it, and the other can be asked."""
        away = any(a.person == outgoing and a.since <= at < a.until for a in facts.absences)
        return self._directory.person(outgoing) is not None and not away and self._notices.phone(incoming) is not None

    def _doubtful_until(self, tx: Tx) -> int:
        """A clock that is found to be behind is soon set, as a rule; its step makes the wait due."""
        last = steps.last_of(tx, "clock_distrusted", "clock_trusted", "clock_step")
        return last["at"] + DOUBT_US if last is not None and last["event"] == "clock_distrusted" else 0

    def _handed(
        self, tx: Tx, plan: Plan, row: Row, held: duty.Duty, following: duty.HandOver | None, *, now: int
    ) -> None:  # fmt: skip
        hand_overs.handed(tx, row["id"], held.person, now=now)
        journal.write(
            tx, "hand_over", now=now, rota=plan.name,
            private={"outgoing": row["person"], "incoming": held.person, "why": held.why},
        )  # fmt: skip
        codes = self._agreements.goes_over(tx, plan.name, row["person"], held.person, now=now)
        if plan.rota.tell:
            self._tell(tx, plan, row["person"], held.person, following, codes, now=now)

    def _tell(
        self, tx: Tx, plan: Plan, outgoing: str, incoming: str, following: duty.HandOver | None,
        codes: Sequence[str], *, now: int,
    ) -> None:  # fmt: skip
        named, most = plan.rota.title or plan.name, self._notices.segments_max
        called, language = self._agreements.called, self._agreements.language
        ends = said_times.shown(plan.zone, following.at, language(incoming)) if following else ""
        left = called(outgoing) if self._directory.person(outgoing) else ""
        begin = partial(duty_words.begins, named, ends, left, codes, language=language(incoming), segments_max=most)
        begins = begin(hushed=self._agreements.silenced_now(tx, begin(), incoming, [plan.name], now=now))
        over = duty_words.ends(named, called(incoming), language=language(outgoing), segments_max=most)
        until = min(now + TOLD_WITHIN_US, following.at if following else now + TOLD_WITHIN_US)
        for person, words in ((incoming, begins), (outgoing, over)):
            self._notices.tell(tx, "hand_over", person, words, priority=Priority.NORMAL, until=until, now=now)
