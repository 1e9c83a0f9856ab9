"""Confirmations: a hand-over that wants it goes over when the incoming engineer has said yes.

What is asked is a row with a wait, one for each rota and incoming engineer. Until the yes the outgoing one keeps the
duty, by an override of the desk's own. A no, and silence, leave it there; the code counts as long as the turn lasts.
Whoever is asked, and loses the turn to somebody else meanwhile, reads of it. Every method is a function of `tx`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gatewayd.asking import Asking
from gatewayd.clock import SECOND
from gatewayd.oncall import asked_words, confirm_words, duty, duty_words, said_times
from gatewayd.oncall.cover import Absence
from gatewayd.oncall.rota import Plan
from gatewayd.store import asked_duty as kept
from gatewayd.store import hand_overs, journal
from gatewayd.store.db import Reader, Row, Tx

ACT = "hand_over"


class Confirmations(Asking):
    """Built anew at each reload; owns nothing but its settings."""

    # --- asked

    def ask(
        self, tx: Tx, plan: Plan, outgoing: str, incoming: str, until: int, codes: Sequence[str], *, now: int
    ) -> None:
        """Both are told that it is not done yet. The incoming one is asked once, whoever keeps it until then, and
        whatever the answer was."""
        asked = kept.hand_over_of(tx, plan.name)
        if asked is not None and asked["successor"] == incoming:
            if asked["person"] != outgoing:
                kept.kept_by(tx, asked["id"], outgoing)
                self._tell_keeper(tx, asked, outgoing, now=now)
            return
        self.settle(tx, plan.name, "somebody else is to take it", to=incoming, now=now)
        code = self._code(tx, now=now)
        within_us = plan.rota.confirm_within_s * SECOND
        row = kept.add(
            tx, act=ACT, rota=plan.name, person=outgoing, successor=incoming, until=until, held=(), asker="",
            state="confirm", waits_for=incoming, device="", code=code or "", due_at=now + within_us, now=now,
        )  # fmt: skip
        self._note(tx, "hand_over_waits", row, now=now)
        language = self.language(incoming)
        confirm = confirm_words.said(
            "confirm", language, code=code or "", rota=self.title(plan.name),
            until=said_times.shown(plan.zone, until, language), name=self.called(outgoing),
        )  # fmt: skip
        self._tell(tx, incoming, confirm + asked_words.codes(codes, language), urgent=True, now=now)
        self._tell_keeper(tx, row, outgoing, now=now)

    def _tell_keeper(self, tx: Tx, row: Row, keeper: str, *, now: int) -> None:
        word = "confirm_out" if row["state"] == "confirm" else "unconfirmed"
        words = confirm_words.said(
            word, self.language(keeper), name=self.called(row["successor"]), rota=self.title(row["rota"]),
            holder=self.called(keeper),
        )  # fmt: skip
        self._tell(tx, keeper, words, now=now)

    def keeper(self, reader: Reader, rota: str, person: str) -> str:
        """Who has what is theirs by the rota: whoever keeps it until they confirm, or themselves."""
        asked = kept.hand_over_of(reader, rota) if rota else None
        return str(asked["person"]) if asked is not None and asked["successor"] == person else person

    # --- answered, or not

    def confirmed(self, tx: Tx, row: Row, *, now: int) -> str:
        """The incoming one has it from this instant on, if the rota still says so. Returns what they are told."""
        known, plan = hand_overs.of_rota(tx, row["rota"]), self.roster.plans.get(row["rota"])
        facts = self.roster.facts(tx, now=now)
        if known is not None and known["kept"] is not None:
            facts = facts.without(known["kept"])
        if known is None or plan is None or duty.on_call(plan, facts, now).person != row["successor"]:
            self._end(tx, row, "not done", reason="the rota changed meanwhile", now=now)
            return self._changed_words(row, row["successor"])
        self._keeps_no_more(tx, known, now=now)
        hand_overs.now_with(tx, plan.name, row["successor"], now=now)
        self._end(tx, row, "confirmed", now=now)
        journal.write(
            tx, "hand_over", now=now, rota=plan.name,
            private={"outgoing": row["person"], "incoming": row["successor"], "why": "confirmed by text"},
        )  # fmt: skip
        outgoing, incoming = row["person"], row["successor"]
        self.tell_over(tx, plan.name, outgoing, incoming, now=now)
        codes = self.goes_over(tx, plan.name, outgoing, incoming, now=now)
        following = duty.next_hand_over(plan, facts, now)
        yours = self._yours(plan, incoming, following.at if following else row["until"])
        yours += asked_words.codes(codes, self.language(incoming))
        return yours + self.silenced_now(tx, yours, incoming, [plan.name], now=now)

    def tell_over(self, tx: Tx, rota: str, outgoing: str, incoming: str, *, now: int) -> None:
        """`Ben has NOC now`."""
        words = duty_words.ends(
            self.title(rota), self.called(incoming), language=self.language(outgoing),
            segments_max=self._notices.segments_max,
        )  # fmt: skip
        self._tell(tx, outgoing, words, now=now)

    def declined(self, tx: Tx, row: Row, *, now: int) -> str:
        """Told once to those whom it concerns; the code still counts. Returns what the one who wrote is told."""
        kept.late(tx, row["id"], "declined")
        if row["state"] == "confirm":
            self._note(tx, "hand_over_unconfirmed", row, now=now, outcome="declined")
            self._tell_unconfirmed(tx, row, now=now)
        return self._keeps_words(row)

    def unanswered(self, tx: Tx, row: Row, *, now: int) -> None:
        kept.late(tx, row["id"])
        self._note(tx, "hand_over_unconfirmed", row, now=now)
        self._tell_unconfirmed(tx, row, now=now)
        words = confirm_words.said(
            "unconfirmed_in", self.language(row["successor"]), rota=self.title(row["rota"]),
            holder=self.called(row["person"]), code=row["code"],
        )  # fmt: skip
        self._tell(tx, row["successor"], words, now=now)

    def _tell_unconfirmed(self, tx: Tx, row: Row, *, now: int) -> None:
        """Who keeps it, and who stands behind them when the incoming one is not there."""
        plan = self.roster.plans.get(row["rota"])
        facts = self.roster.facts(tx, now=now).with_(Absence(row["successor"], now, now + 1))
        second = duty.backup(plan, facts, now) if plan else None
        for person in dict.fromkeys((row["person"], second.person if second else row["person"])):
            if person == row["successor"]:
                continue
            words = confirm_words.said(
                "unconfirmed", self.language(person), name=self.called(row["successor"]), rota=self.title(row["rota"]),
                holder=self.called(row["person"]),
            )  # fmt: skip
            self._tell(tx, person, words, urgent=True, now=now)

    # --- not needed any more

    def settle(
        self, tx: Tx, rota: str, outcome: str, *, has: str = "", until: int = 0, to: str = "", now: int
    ) -> None:  # fmt: skip
        """Nobody need confirm it any more: somebody `has` it, until then, or is asked instead (`to`).

        Whoever was asked and has said no is told nothing, nor is anybody of a turn that is over.
        """
        asked = kept.hand_over_of(tx, rota)
        if asked is None:
            return
        self._end(tx, asked, outcome, now=now)
        lost, plan = asked["successor"], self.roster.plans.get(rota)
        if lost in (has, to) or asked["until"] <= now:
            return
        if has == asked["person"] and plan is not None:
            self._tell(tx, has, self._yours(plan, has, until), now=now)
        gone = not has and not to  # and so is the rota: whoever kept it was told that it stays with them
        if gone:
            self._tell(tx, asked["person"], self._changed_words(asked, asked["person"]), now=now)
        if asked["outcome"]:
            return
        if gone:
            self._tell(tx, lost, self._changed_words(asked, lost), now=now)
        elif to:
            fields = {"name": self.called(to), "rota": self.title(rota)}
            self._tell(tx, lost, confirm_words.said("not_yours", self.language(lost), **fields), now=now)
        elif has == asked["person"]:
            self._tell(tx, lost, self._keeps_words(asked), now=now)
        else:
            self.tell_over(tx, rota, lost, has, now=now)

    def agreed(self, tx: Tx, rotas: Collection[str], holder: str, *, now: int) -> None:
        """Those concerned have said yes to this person having these now: that confirms it. They are told elsewhere."""
        for name in rotas:
            known, plan = hand_overs.of_rota(tx, name), self.roster.plans.get(name)
            if known is None or plan is None or known["kept"] is None:
                continue
            unkept = self.roster.facts(tx, now=now).without(known["kept"])
            if duty.on_call(plan, unkept, now).person != holder:
                continue
            self._keeps_no_more(tx, known, now=now)
            asked = kept.hand_over_of(tx, name)
            if asked is not None and asked["successor"] != holder:
                self._end(tx, asked, "somebody else has agreed to take it", now=now)

    def _keeps_no_more(self, tx: Tx, known: Row, *, now: int) -> None:
        if known["kept"] is not None:
            self.roster.let_go(tx, known["kept"], now=now)
            hand_overs.keep(tx, known["id"], None)

    # --- words

    def _yours(self, plan: Plan, person: str, until: int) -> str:
        language = self.language(person)
        ends = said_times.shown(plan.zone, until, language)
        return asked_words.said("yours", language, rota=self.title(plan.name), until=ends)

    def _changed_words(self, row: Row, reader: str) -> str:
        return asked_words.said("changed", self.language(reader), rota=self.title(row["rota"]))

    def _keeps_words(self, row: Row) -> str:
        """To the one who was asked."""
        language, rota = self.language(row["successor"]), self.title(row["rota"])
        return asked_words.said("keeps", language, name=self.called(row["person"]), rota=rota)
