"""Hand-overs: at the instant at which a rota changes hands both sides are told, once.

Who holds a rota as far as people were told is a row with a wait. Whatever makes the wait due (its time, a change of
the rota, a reload, a start after the instant has passed), the rota is asked who holds it now; only if that is somebody
else than people were told, they are told. Every method is a function of `tx`.
"""

from __future__ import annotations

from gatewayd.model import Priority
from gatewayd.notices import Notices
from gatewayd.oncall import civil, duty, duty_words
from gatewayd.oncall.directory import BACKUP, ROTA, Directory
from gatewayd.oncall.rota import Plan
from gatewayd.roster import Roster
from gatewayd.store import hand_overs, incidents, journal, messages, steps
from gatewayd.store.db import Tx

KIND = hand_overs.KIND
DOUBT_US = 10 * civil.MINUTE  # that the clock is waited for, when it is known to be wrong
TOLD_WITHIN_US = 12 * civil.HOUR  # later than this it is no news


class HandOvers:
    """Built anew at each reload; owns nothing but its settings."""

    def __init__(self, directory: Directory, roster: Roster, notices: Notices) -> None:
        self._directory = directory
        self._roster = roster
        self._notices = notices

    def begin(self, tx: Tx, *, now: int) -> None:
        """At a start and after a reload: rotas that are new get their row, and each is looked at again."""
        known = hand_overs.known(tx)
        for name, plan in self._roster.plans.items():
            if name not in known:
                facts = self._roster.facts(tx, now=now)
                hand_overs.begin(tx, name, duty.on_call(plan, facts, now).person, now=now)
        hand_overs.look_again(tx, now=now)

    def due(self, tx: Tx, number: int, *, now: int) -> None:
        """Tell both sides if the rota has changed hands, and look again when it will next."""
        row = hand_overs.get(tx, number)
        plan = self._roster.plans.get(row["rota"]) if row else None
        if row is None or plan is None:
            hand_overs.forget(tx, number)
            return
        if (until := self._doubtful_until(tx)) > now:
            messages.set_wait(tx, KIND, number, until)
            return
        facts = self._roster.facts(tx, now=now)
        held = duty.on_call(plan, facts, now)
        following = duty.next_hand_over(plan, facts, now)
        if held.person != row["person"]:
            hand_overs.handed(tx, number, held.person, now=now)
            journal.write(
                tx, "hand_over", now=now, rota=plan.name,
                private={"outgoing": row["person"], "incoming": held.person, "why": held.why},
            )  # fmt: skip
            if plan.rota.tell:
                self._tell(tx, plan, row["person"], held.person, following, now=now)
        messages.set_wait(tx, KIND, number, following.at if following else now + duty.AHEAD_DAYS * civil.DAY)

    def _doubtful_until(self, tx: Tx) -> int:
        """A clock that is found to be behind is soon set, as a rule; its step makes the wait due."""
        last = steps.last_of(tx, "clock_distrusted", "clock_trusted", "clock_step")
        return last["at"] + DOUBT_US if last is not None and last["event"] == "clock_distrusted" else 0

    def _tell(
        self, tx: Tx, plan: Plan, outgoing: str, incoming: str, following: duty.HandOver | None, *, now: int
    ) -> None:
        named, most = plan.rota.title or plan.name, self._notices.segments_max
        ends = civil.shown(plan.zone, following.at) if following else ""
        left = self._called(outgoing) if self._directory.person(outgoing) else ""
        begins = duty_words.begins(named, ends, left, self._open(tx, plan, outgoing), segments_max=most)
        over = duty_words.ends(named, self._called(incoming), segments_max=most)
        until = min(now + TOLD_WITHIN_US, following.at if following else now + TOLD_WITHIN_US)
        for person, words in ((incoming, begins), (outgoing, over)):
            self._notices.tell(tx, "hand_over", person, words, priority=Priority.NORMAL, until=until, now=now)

    def _open(self, tx: Tx, plan: Plan, person: str) -> list[str]:
        """Codes of what they were paged about and is not over, as far as its policy names this rota."""
        words = (f'"{ROTA}{plan.name}"', f'"{BACKUP}{plan.name}"')
        return [row["code"] for row in incidents.open_for(tx, person) if any(word in row["policy"] for word in words)]

    def _called(self, name: str) -> str:
        known = self._directory.person(name)
        return known.called if known else name
