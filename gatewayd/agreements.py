"""Agreements: duty changes hands by text when those concerned have said so, each from his own phone.

What is asked is a row with a wait: first the asker proves by a code that the text was his own (a sender can be forged),
then the successor is asked; only his yes makes the swap, by the rules of every other change. Nothing changes before,
and silence changes nothing. A hand-over that wants to be confirmed is such a row as well (confirmations.py). Every
method is a function of `tx`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from functools import partial

from gatewayd import absences, asking, confirmations
from gatewayd.absences import YEAR_SHOWN_US, Absences
from gatewayd.asking import CONSENT_US, ECHO_US, TOO_MANY, Asking
from gatewayd.clock import SECOND
from gatewayd.confirmations import Confirmations
from gatewayd.model import Refusal
from gatewayd.notices import Notices
from gatewayd.oncall import asked_duty, asked_words, civil, duty, figures, said_times
from gatewayd.oncall.asked_duty import Held, Proposal
from gatewayd.oncall.cover import Facts
from gatewayd.oncall.directory import ROTA, Directory
from gatewayd.oncall.duty import Duty
from gatewayd.oncall.rota import Plan
from gatewayd.roster import Roster
from gatewayd.store import asked_duty as kept
from gatewayd.store import journal, messages
from gatewayd.store.db import Reader, Row, Tx

KIND = kept.KIND
RELIEF_US = 3_600 * SECOND  # for somebody who is at work on it to take up the offer
TOLD_MAX = 5  # of those who lose some of their turns
SPANS_SHOWN_MAX = 2  # of what a swap hands over
TRIES_MAX = 3  # wrong codes
LATEST = 1 << 62  # from when two that were asked are compared: whatever is held has begun by then


class Agreements(Asking):
    """Built anew at each reload; owns nothing but its settings."""

    def __init__(
        self, directory: Directory, roster: Roster, notices: Notices, *, draw: Callable[[], int] = asking.four_digits
    ) -> None:
        super().__init__(directory, roster, notices, draw=draw)
        self.confirmations = Confirmations(directory, roster, notices, draw=draw)
        self.absences = Absences(directory, roster, notices, self.confirmations, draw=draw)

    # --- asked by a person

    def ask(self, tx: Tx, proposal: Proposal, *, asker: str, device: str, now: int) -> str:
        """The words that ask the phone it came from for the code. Asked twice, it is the same code."""
        language = self.language(asker)
        for row in kept.open_by(tx, asker):
            mine = row["state"] == "echo" and row["device"] == device and row["act"] not in absences.ACTS
            if mine and _of(row).change(LATEST) == proposal.change(LATEST):
                return self._echo_words(tx, row, now=now)
        if refused := self._refused_to(tx, asker, now=now):
            return refused
        if proposal.successor != asker and self._notices.phone(proposal.successor) is None:
            return asked_words.said("no_phone", language, name=self.called(proposal.successor))
        if against := self.roster.against(tx, proposal.change(now), now=now):
            return self._against(tx, proposal, asker, against, now=now)
        code = self._code(tx, now=now)
        if code is None:
            return asked_words.said("too_much", language)
        row = self._add(tx, proposal, asker, asker, device, code, now + ECHO_US, now=now)
        return self._echo_words(tx, row, now=now)

    def _against(self, tx: Tx, proposal: Proposal, asker: str, against: str, *, now: int) -> str:
        """It would be refused when both have said yes: nobody is asked for one."""
        private = {"person": proposal.person, "successor": proposal.successor, "reason": against}
        journal.write(tx, "duty_not_asked", now=now, asked=proposal.act, reason="refused", private=private)
        named = asked_words.rotas([self.title(name) for name in proposal.rotas])
        return asked_words.refused(named, against, self.language(asker))

    # --- asked by the desk: relief for somebody who is tired

    def _offer(self, tx: Tx, proposal: Proposal, *, calls: int, now: int) -> None:
        if self.roster.against(tx, proposal.change(now), now=now):
            return
        device = self._notices.phone(proposal.person)
        code = self._code(tx, now=now) if device and self._notices.phone(proposal.successor) else None
        if device is None or code is None:
            return
        row = self._add(tx, proposal, "", proposal.person, device, code, now + RELIEF_US, now=now)
        words = asked_words.said(
            "relief", self.language(proposal.person), count=calls, code=code, name=self.called(proposal.successor),
            until=self._until(row, proposal.person),
        )  # fmt: skip
        self._tell(tx, proposal.person, words, number=device, urgent=True, within_us=RELIEF_US, now=now)

    def offer_relief(self, tx: Tx, duties: Mapping[str, Duty], paged: Collection[str], *, now: int) -> None:
        """After pages to whoever is on call (`duties`, by "rota:noc"): once a night, when it has become too much."""
        for who, held in duties.items():
            plan = self.roster.plans.get(who.removeprefix(ROTA)) if who.startswith(ROTA) else None
            if plan is None or plan.rota.relief_after is None or held.person not in paged:
                continue
            night = figures.night_at(plan, now)
            if night is None or kept.relief_since(tx, plan.name, held.person, since=night.since):
                continue
            facts = self.roster.facts(tx, now=now)
            pages = kept.calls_to(tx, held.person, since=night.since)
            found = figures.relief(plan, facts, pages, now)
            if found is None or found.tired != held.person:
                continue
            proposal = asked_duty.relief(plan, facts, found.tired, found.by, found.until, now)
            if isinstance(proposal, Proposal):
                self._offer(tx, proposal, calls=found.pages, now=now)

    def _add(
        self, tx: Tx, asked: Proposal, asker: str, waits_for: str, device: str, code: str, due_at: int, *, now: int
    ) -> Row:  # fmt: skip
        row = kept.add(
            tx, act=asked.act, rota=asked.rota, person=asked.person, successor=asked.successor, until=asked.until,
            held=asked.held, asker=asker, state="echo", waits_for=waits_for, device=device, code=code, due_at=due_at,
            now=now,
        )  # fmt: skip
        self._note(tx, "duty_asked", row, now=now, asked=asked.act)
        return row

    def _echo_words(self, reader: Reader, row: Row, *, now: int) -> str:
        asker, takes = row["asker"], row["asker"] == row["successor"]
        gives = "give" if self._has_now(reader, row, now=now) else "give_later"
        word = "take" if takes else "put" if self._of_another(reader, row) else gives
        return asked_words.said(
            word, self.language(asker), code=row["code"], rota=self._which(row, asker),
            name=self.called(row["person"] if takes else row["successor"]), holder=self.called(self._has(reader, row)),
            until=self._until(row, asker),
        )  # fmt: skip

    # --- answered

    def open_for(self, reader: Reader, person: str) -> list[Row]:
        """What waits for this person's reply."""
        return kept.open_for(reader, person)

    def was_of(self, reader: Reader, code: str, person: str, *, now: int) -> bool:
        """Whether it is a code that was used up, or too old."""
        return kept.was_of(reader, code, person, now=now)

    def answered(self, tx: Tx, row: Row, *, yes: bool, device: str, now: int) -> str:
        """A reply with the code of this row, or to it alone. Returns what the one who wrote is told."""
        language = self.language(row["waits_for"])
        if messages.is_due(tx, KIND, row["id"], now=now) and row["state"] != "confirm":
            self.due(tx, row["id"], now=now)
            return asked_words.said("used", language, code=row["code"])
        if row["device"] not in ("", device):
            too_many = self.wrong_code(tx, row["waits_for"], now=now)
            return too_many or asked_words.said("wrong_phone", language, code=row["code"])
        if row["act"] in absences.ACTS:
            return self.absences.answered(tx, row, yes=yes, now=now)
        if row["act"] == confirmations.ACT:
            settled = self.confirmations.confirmed if yes else self.confirmations.declined
            return settled(tx, row, now=now)
        if not yes:
            return self._declined(tx, row, now=now)
        if row["state"] == "echo" and row["asker"] != row["successor"]:
            return self._echoed(tx, row, now=now)
        return self._agreed(tx, row, now=now)

    def wrong_code(self, tx: Tx, person: str, *, now: int) -> str:
        """A code that is nobody's: after the third, what waited for a secret of theirs is off. "" before."""
        ended = [row for row in kept.wrong_code(tx, person) if row["tries"] >= TRIES_MAX]
        for row in ended:
            if row["act"] in absences.ACTS:
                self.absences.unanswered(tx, row, TOO_MANY, now=now)
                continue
            self._end(tx, row, TOO_MANY, now=now)
            if row["state"] == "consent":
                self._tell_person(tx, row, "silent", now=now)
        return asked_words.said("too_many", self.language(person)) if ended else ""

    def _echoed(self, tx: Tx, row: Row, *, now: int) -> str:
        """The text was the asker's own: the successor is asked."""
        person, successor = row["waits_for"], row["successor"]
        language, device = self.language(person), self._notices.phone(successor)
        if device is None or not self._still(tx, row, now=now):
            return self._changed(tx, row, "changed before the successor was asked", now=now)
        if against := self.roster.against(tx, _of(row).change(now), now=now):
            return self._changed(tx, row, against, refused=True, now=now)
        code = self._code(tx, now=now)
        if code is None:
            return asked_words.said("too_much", language)
        row = kept.ask_next(
            tx, row["id"], waits_for=successor, device=device, code=code, due_at=now + CONSENT_US, now=now
        )
        self._note(tx, "duty_echoed", row, now=now)
        question = asked_words.said(
            "question", self.language(successor), name=self.called(row["asker"] or person),
            rota=self._which(row, successor), until=self._until(row, successor), code=code,
        )  # fmt: skip
        self._tell(tx, successor, question, number=device, urgent=True, within_us=CONSENT_US, now=now)
        word = "asked_for" if self._of_another(tx, row) else "asked"
        return asked_words.said(
            word if self._has_now(tx, row, now=now) else "asked_later", language, name=self.called(successor),
            rota=self.titles(row), holder=self.called(self._has(tx, row)),
        )  # fmt: skip

    def _agreed(self, tx: Tx, row: Row, *, now: int) -> str:
        """All have said yes: the change is made as anybody else's, or not at all."""
        asked, replier = _of(row), row["waits_for"]
        if not self._still(tx, row, now=now):
            return self._changed(tx, row, "the rota changed meanwhile", now=now)
        before = self.roster.facts(tx, now=now)
        try:
            change, _ = self.roster.accept(tx, asked.change(now), by=row["asker"] or row["person"], now=now)
        except Refusal as refused:
            return self._changed(tx, row, refused.reason, refused=True, now=now)
        self._end(tx, row, "agreed", change=change, now=now)
        self.confirmations.agreed(tx, asked.rotas, asked.successor, now=now)
        facts = self.roster.facts(tx, now=now)
        outgoing = {name: self._holder(name, before, now) for name in asked.rotas}
        begun = {
            name: had for name, had in outgoing.items() if self._holder(name, facts, now) == asked.successor != had
        }
        why = "agreed by text"
        left = {
            code
            for name, had in begun.items()
            for code in self._handed(tx, name, had, asked.successor, why, change=change, now=now)
        }
        codes = asked_words.codes(sorted(left), self.language(asked.successor))
        yours = self._words(row, "yours", asked.successor) + codes
        told = {asked.successor: yours + self.silenced_now(tx, yours, asked.successor, list(begun), now=now)}
        lost = asked_duty.displaced(list(self.roster.plans.values()), before, asked, now)
        for person in dict.fromkeys((*lost[:TOLD_MAX], *begun.values(), row["asker"] or asked.person)):
            has = self._words(row, "has", person)
            loses = person in lost or person in begun.values()
            told.setdefault(person, f"{has}{self._undo(row, person, begun)}" if loses else has)
        for person, words in told.items():
            if person != replier:
                self._tell(tx, person, words, now=now)
        return told[replier]

    def _undo(self, row: Row, person: str, begun: Mapping[str, str]) -> str:
        """How they have back what they had until now (`begun`: rota -> who had it), or would have had; "" = not yet, or
        they have no turns there."""
        plans = [plan.name for plan in self.roster.plans.values() if person in asked_duty.takers(plan)]
        mine = [name for name, had in begun.items() if had == person and name in plans]
        if len(mine) == 1:
            command = "on" if len(plans) == 1 else f"on {mine[0]}"
        elif row["act"] != "override" and any(name in plans for name in (row["rota"], *_of(row).rotas)):
            command = f"cover {row['successor']} {self._until(row, person)}"
        else:
            return ""
        return asked_words.said("undo", self.language(person), word=command)

    def _declined(self, tx: Tx, row: Row, *, now: int) -> str:
        self._end(tx, row, "declined", now=now)
        if row["state"] == "consent":
            self._tell_person(tx, row, "declined", now=now)
        return self._unchanged(tx, row, "keeps", row["waits_for"], now=now)

    def _changed(self, tx: Tx, row: Row, why: str, *, refused: bool = False, now: int) -> str:
        """What was agreed on is not there any more, or `refused`. Whoever asked, and whoever was asked, is told."""

        def words(reader: str) -> str:
            if refused:
                return asked_words.refused(self.titles(row), why, self.language(reader))
            return self._words(row, "changed", reader)

        self._end(tx, row, "not done", reason=why, now=now)
        for person in dict.fromkeys((row["asker"] or row["person"], row["successor"])):
            if person != row["waits_for"] and row["state"] != "echo":
                self._tell(tx, person, words(person), now=now)
        return words(row["waits_for"])

    # --- not answered

    def due(self, tx: Tx, number: int, *, now: int) -> None:
        """Nobody has answered in time."""
        row = kept.get(tx, number)
        if row is None or row["state"] in ("late", "over"):
            messages.end_wait(tx, KIND, number)
        elif row["act"] in absences.ACTS:
            self.absences.unanswered(tx, row, "no answer", now=now)
        elif row["act"] == confirmations.ACT:
            self.confirmations.unanswered(tx, row, now=now)
        else:
            self._end(tx, row, "no answer", now=now)
            if row["state"] == "consent":
                self._tell_person(tx, row, "silent", now=now)
                words = self._unchanged(tx, row, "keeps", row["successor"], now=now)
                self._tell(tx, row["successor"], words, number=row["device"], now=now)

    # --- words and facts

    def titles(self, row: Row) -> str:
        """The rotas it is about."""
        if row["act"] in absences.ACTS:
            return self.absences.titles(row)
        names = [row["rota"]] if row["rota"] else list(_of(row).rotas)
        return asked_words.rotas([self.title(name) for name in names])

    def _which(self, row: Row, reader: str) -> str:
        """The rotas it is about; and which times of each, where that is not all from when it was asked."""
        spans = {rota: self._spans(row, rota) for rota in _of(row).rotas if rota in self.roster.plans}
        whole = {rota: found[0][1] for rota, found in spans.items() if self._at_once(row, found)}
        if not any(spans.values()) or (len(whole) == len(spans) and len({*whole.values()}) == 1):
            return self.titles(row)
        return ", ".join(self._timed(row, rota, found, reader) for rota, found in spans.items())

    @staticmethod
    def _at_once(row: Row, spans: list[tuple[int, int]]) -> bool:
        return len(spans) == 1 and spans[0][0] <= row["asked_at"]

    def _timed(self, row: Row, rota: str, spans: list[tuple[int, int]], reader: str) -> str:
        """ "NOC (- Mon 30 Nov 09:00, Mon 14 Dec 09:00 - Mon 21 Dec 09:00)"."""
        shown = partial(said_times.shown, self.roster.plans[rota].zone, language=self.language(reader))
        begins = [f"{shown(since)} " if since > row["asked_at"] else "" for since, _ in spans]
        told = [f"{begin}- {shown(until)}" for begin, (_, until) in zip(begins, spans[:SPANS_SHOWN_MAX], strict=False)]
        more = [f"+{len(spans) - len(told)}"] if len(spans) > len(told) else []
        return f"{asked_words.rotas([self.title(rota)])} ({', '.join([*told, *more])})"

    def _until(self, row: Row, reader: str) -> str:
        """When the last of what would change hands ends: what is asked for longer is not theirs to give."""
        plan = self._plan_of(row)
        if plan is None:
            return ""
        ends = (until for rota in _of(row).rotas for _, until in self._spans(row, rota))
        until = max(ends, default=row["until"])
        shown = said_times.shown(plan.zone, until, self.language(reader))
        return f"{shown} ({civil.wall(plan.zone, until).year})" if until > row["asked_at"] + YEAR_SHOWN_US else shown

    def _plan_of(self, row: Row) -> Plan | None:
        names = [row["rota"]] if row["rota"] else list(_of(row).rotas)
        return next((self.roster.plans[name] for name in names if name in self.roster.plans), None)

    def _spans(self, row: Row, rota: str) -> list[tuple[int, int]]:
        """What changes hands of that rota by a swap or a cover; neighbours are one. [] = all of the time."""
        found: list[tuple[int, int]] = []
        held = (h for h in _of(row).held if h[0] == rota and row["act"] in ("swap", "cover"))
        for _, since, until in sorted(held, key=lambda h: h[1]):
            if found and since <= found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], until))
            else:
                found.append((since, until))
        return found

    def _words(self, row: Row, word: str, reader: str) -> str:
        """ "has", "yours" or "changed", as this person reads it."""
        return asked_words.said(
            word, self.language(reader), name=self.called(row["successor"]), rota=self._which(row, reader),
            until=self._until(row, reader),
        )  # fmt: skip

    def _unchanged(self, reader: Reader, row: Row, word: str, person: str, *, now: int) -> str:
        """ "declined", "silent" or "keeps"; "..._later" of a turn to come, "changed" where somebody else has meanwhile
        what would stay."""
        plans, facts = list(self.roster.plans.values()), self.roster.facts(reader, now=now)
        stays, holder = asked_duty.stays(plans, facts, _of(row), now), self._has(reader, row)
        name = holder if word == "keeps" else row["successor"]
        still = word if self._has_now(reader, row, now=now) else f"{word.removesuffix('_for')}_later"
        return asked_words.said(
            still if stays else "changed", self.language(person), name=self.called(name), rota=self.titles(row),
            holder=self.called(holder),
        )  # fmt: skip

    def _has(self, reader: Reader, row: Row) -> str:
        """Who has it until it is agreed: whose it is, or whoever keeps it until they confirm it."""
        return self.confirmations.keeper(reader, row["rota"], row["person"])

    def _has_now(self, reader: Reader, row: Row, *, now: int) -> bool:
        """Whether they have all of it at this instant; of a turn to come nobody can say that it stays with them."""
        has, facts = self._has(reader, row), self.roster.facts(reader, now=now)
        return all(self._holder(rota, facts, now) == has for rota in _of(row).rotas if rota in self.roster.plans)

    def _of_another(self, reader: Reader, row: Row) -> bool:
        """Whether the one who has it is neither who asked nor who is to take it."""
        return self._has(reader, row) not in (row["asker"] or row["person"], row["successor"])

    def _still(self, reader: Reader, row: Row, *, now: int) -> bool:
        plans = list(self.roster.plans.values())
        return asked_duty.same(plans, self.roster.facts(reader, now=now), _of(row), now)

    def _holder(self, rota: str, facts: Facts, now: int) -> str:
        return duty.on_call(self.roster.plans[rota], facts, now).person

    def _tell_person(self, tx: Tx, row: Row, word: str, *, now: int) -> None:
        """Who asked, or who is to be relieved, hears what the successor said, or did not."""
        to = row["asker"] or row["person"]
        words = self._unchanged(tx, row, f"{word}_for" if self._of_another(tx, row) else word, to, now=now)
        self._tell(tx, to, words, urgent=True, now=now)


def _of(row: Row) -> Proposal:
    held: Held = tuple((rota, since, until) for rota, since, until in json.loads(row["held"]))
    return Proposal(row["act"], row["rota"], row["person"], row["successor"], row["until"], held)
