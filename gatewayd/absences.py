"""Absences asked for by text: a person is to be away, or is back.

First the code comes back from the phone that asked (a sender can be forged). Then those who would have a duty by it
that begins soon are asked, one after the other, each by a code of their own; only when all have said yes is the absence
booked, by the rules of every other change. Who gets a later turn is told, and may hand it on. Who is back takes nothing
from anybody who sleeps without knowing it: where a duty changes hands by it, the code is asked for as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Final

from gatewayd.asking import CONSENT_US, ECHO_US, TOLD_US, Asking
from gatewayd.clock import SECOND
from gatewayd.confirmations import Confirmations
from gatewayd.model import Refusal
from gatewayd.notices import Notices
from gatewayd.oncall import absence_words, asked_absence, asked_words, civil, duty, refusal_words, said_times
from gatewayd.oncall.asked_absence import Leave, No, Take
from gatewayd.oncall.directory import Directory
from gatewayd.oncall.rota import Plan
from gatewayd.roster import Roster
from gatewayd.store import asked_duty as kept
from gatewayd.store import journal
from gatewayd.store.db import Reader, Row, Tx

ACTS: Final = frozenset({"away", "back"})
LATER_US = 12 * 3_600 * SECOND  # who gets a later turn reads of it when the phone is on again
TOLD_MAX = 20  # people
PARTS_MAX = 2  # of somebody's duty in one text
REASON_CHARACTERS_MAX = 120
YEAR_SHOWN_US = 300 * civil.DAY  # what is further ahead may be a slip of the pen


class Absences(Asking):
    """Built anew at each reload; owns nothing but its settings."""

    def __init__(
        self, directory: Directory, roster: Roster, notices: Notices, confirmations: Confirmations, *,
        draw: Callable[[], int],
    ) -> None:  # fmt: skip
        super().__init__(directory, roster, notices, draw=draw)
        self._confirmations = confirmations

    # --- asked

    def away(self, tx: Tx, person: str, since: int, until: int, *, device: str, now: int) -> str:
        """The words that ask the phone it came from for the code, or why it cannot be."""
        facts = self.roster.facts(tx, now=now)
        return self._ask(tx, asked_absence.away(self._plans, facts, person, since, until, now), person, device, now=now)

    def back(self, tx: Tx, person: str, *, device: str, now: int) -> str:
        """Done at once where nobody has anything instead of them."""
        found = asked_absence.back(self._plans, self.roster.facts(tx, now=now), person, now)
        if isinstance(found, No) or found.takes:
            return self._ask(tx, found, person, device, now=now)
        for number in found.ends:
            self.roster.withdraw(tx, number, by=person, now=now)
        return self._is_back(found, now=now)

    def booked(self, reader: Reader, person: str, *, now: int) -> bool:
        """Whether an absence of theirs holds or is to come."""
        return any(absence.person == person for absence in self.roster.facts(reader, now=now).absences)

    def _ask(self, tx: Tx, leave: Leave | No, person: str, device: str, *, now: int) -> str:
        language = self.language(person)
        if isinstance(leave, No):
            return self._not_asked(tx, leave, person, now=now)
        for row in kept.open_by(tx, person):
            mine = row["state"] == "echo" and row["act"] in ACTS and row["device"] == device
            if mine and asked_absence.alike(_of(row), leave, now):
                return self._asks_code(tx, row, now=now)
        if refused := self._refused_to(tx, person, now=now):
            return refused
        deaf = [name for name in leave.asked(now) if self._notices.phone(name) is None]
        if deaf:
            return asked_words.said("no_phone", language, name=self.called(deaf[0]))
        if leave.act == "away" and (against := self.roster.against(tx, leave.absence(now), now=now)):
            private = {"person": person, "reason": against}
            journal.write(tx, "duty_not_asked", now=now, asked=leave.act, reason="refused", private=private)
            return asked_words.refused(self._titles(leave), against, language)
        code = self._code(tx, now=now)
        if code is None:
            return asked_words.said("too_much", language)
        asked = leave.asked(now)
        first = asked[0] if asked else ""
        row = kept.add(
            tx, act=leave.act, rota="", person=person, successor=first, since=leave.since, until=leave.until, held=(),
            takes=leave.takes, consents=asked, asker=person, state="echo", waits_for=person, device=device, code=code,
            due_at=now + ECHO_US, now=now,
        )  # fmt: skip
        self._note(tx, "duty_asked", row, now=now, asked=leave.act)
        return self._asks_code(tx, row, now=now)

    def _not_asked(self, tx: Tx, no: No, person: str, *, now: int) -> str:
        journal.write(tx, "duty_not_asked", now=now, asked="absence", reason=no.why, private={"person": person})
        words = asked_words.said if no.why == "too_far" else absence_words.said
        return words(
            no.why, self.language(person), until=self._shown(no.until, person, now) if no.until else "",
            count=asked_absence.CONSENTS_MAX, rota=asked_words.rotas([self.title(name) for name in no.rotas]),
        )  # fmt: skip

    def _asks_code(self, tx: Tx, row: Row, *, now: int) -> str:
        leave, language = _of(row), self.language(row["person"])
        asked = _consents(row)
        word = "back" if leave.act == "back" else "away_asks" if asked else "away_tells" if leave.takes else "away"
        words = absence_words.said(
            word, language, code=row["code"], rota=self._titles(leave), when=self._when(leave, leave.person, now),
            names=self._names(asked or leave.others),
        )  # fmt: skip
        odd = self.roster.unstaffed(tx, leave.absence(now), now=now) if leave.act == "away" else []
        return f"{words}. {refusal_words.sentence(odd[0], language)[:REASON_CHARACTERS_MAX]}" if odd else words

    # --- answered

    def answered(self, tx: Tx, row: Row, *, yes: bool, now: int) -> str:
        """A reply with the code of this row, from the phone that has it. Returns what the one who wrote is told."""
        leave = _of(row)
        if not yes:
            return self._declined(tx, row, now=now)
        if not asked_absence.same(self._plans, self.roster.facts(tx, now=now), leave, now):
            return self._not_done(tx, row, "the rota changed meanwhile", now=now)
        if leave.act == "away" and (against := self.roster.against(tx, leave.absence(now), now=now)):
            return self._not_done(tx, row, against, refused=True, now=now)
        left = _consents(row)[len(self._agreed(row)) + (row["state"] == "consent") :]
        return self._asks_next(tx, row, left[0], now=now) if left else self._made(tx, row, leave, now=now)

    def _asks_next(self, tx: Tx, row: Row, name: str, *, now: int) -> str:
        """Whoever is to have some of it is asked; the one who has just said yes hears that it is not done yet."""
        device, code, replier = self._notices.phone(name), self._code(tx, now=now), row["waits_for"]
        if device is None or code is None:
            return self._not_done(tx, row, "nobody could be asked", now=now)
        kept.in_turn(tx, row["id"], name)
        row = kept.ask_next(tx, row["id"], waits_for=name, device=device, code=code, due_at=now + CONSENT_US, now=now)
        self._note(tx, "duty_echoed", row, now=now)
        leave = _of(row)
        question = absence_words.said(
            "question", self.language(name), name=self.called(leave.person), when=self._when(leave, name, now),
            duty=self._duty(leave, name, now), code=code,
        )  # fmt: skip
        self._tell(tx, name, question, number=device, urgent=True, within_us=CONSENT_US, now=now)
        first = "asked" if self._has_now(tx, leave, leave.takes, now=now) else "asked_later"
        word = first if replier == leave.person else "asked_next"
        return absence_words.said(word, self.language(replier), name=self.called(name))

    def _made(self, tx: Tx, row: Row, leave: Leave, *, now: int) -> str:
        """All have said yes: it is booked, or ended, as anybody else's."""
        person, away = leave.person, leave.act == "away"
        change: int | None = None
        had = self._holders(tx, leave, now=now)
        try:
            if away:
                change, _ = self.roster.accept(tx, leave.absence(now), by=person, now=now)
            else:
                self._ended(tx, person, now=now)
        except Refusal as refused:
            return self._not_done(tx, row, refused.reason, refused=True, now=now)
        self._end(tx, row, "agreed", change=change, now=now)
        codes: dict[str, set[str]] = {}
        rotas: dict[str, list[str]] = {}
        over: list[tuple[str, str, str]] = []  # where somebody else kept it until it was confirmed
        for rota, _, _, by in leave.begun(now):
            incoming, outgoing = by if away else person, had[rota]
            if outgoing not in (person, by):
                over.append((rota, outgoing, incoming))
            self._confirmations.agreed(tx, [rota], incoming, now=now)
            found = self._handed(tx, rota, outgoing, incoming, f"{person} is {leave.act}", change=change, now=now)
            codes.setdefault(incoming, set()).update(found)
            rotas.setdefault(incoming, []).append(rota)
        told = {name: self._told(leave, name, name in _consents(row), now=now) for name in leave.others[:TOLD_MAX]}
        told[person] = self._booked(leave, now=now) if away else self._is_back(leave, now=now)
        for name, words in told.items():
            said = words + asked_words.codes(sorted(codes.get(name, ())), self.language(name))
            told[name] = said + self.silenced_now(tx, said, name, rotas.get(name, ()), now=now)
            if name != row["waits_for"]:
                soon = name in _consents(row) or name == person
                self._tell(tx, name, told[name], within_us=TOLD_US if soon else LATER_US, now=now)
        for rota, outgoing, incoming in over:
            self._confirmations.tell_over(tx, rota, outgoing, incoming, now=now)
        return told[row["waits_for"]]

    def _holders(self, reader: Reader, leave: Leave, *, now: int) -> dict[str, str]:
        """Who has now what changes hands at this instant, by the rota."""
        facts = self.roster.facts(reader, now=now)
        return {name: duty.on_call(self.roster.plans[name], facts, now).person for name, _, _, _ in leave.begun(now)}

    def _told(self, leave: Leave, name: str, agreed: bool, *, now: int) -> str:
        """What somebody reads who has some of it, or had it until now."""
        word = "is_back" if leave.act == "back" else "yours" if agreed else "later"
        return absence_words.said(
            word, self.language(name), name=self.called(leave.person), when=self._when(leave, name, now),
            duty=self._duty(leave, name, now),
        )  # fmt: skip

    def _ended(self, tx: Tx, person: str, *, now: int) -> None:
        """As nothing has changed, these are the absences that were meant."""
        found = asked_absence.back(self._plans, self.roster.facts(tx, now=now), person, now)
        for number in () if isinstance(found, No) else found.ends:
            self.roster.withdraw(tx, number, by=person, now=now)

    def _booked(self, leave: Leave, *, now: int) -> str:
        words = absence_words.said("booked", self.language(leave.person), when=self._when(leave, leave.person, now))
        return f"{words}. {self._titles(leave)}: {self._names(leave.others)}" if leave.takes else words

    def _is_back(self, leave: Leave, *, now: int) -> str:
        language = self.language(leave.person)
        if leave.since > now:
            return absence_words.said("called_off", language, when=self._when(leave, leave.person, now))
        words = absence_words.said("is_there", language)
        mine = asked_words.rotas([self.title(rota) for rota, _, _, _ in leave.begun(now)])
        return f"{words}. {absence_words.said('has_now', language, rota=mine)}" if mine else words

    def _declined(self, tx: Tx, row: Row, *, now: int) -> str:
        self._end(tx, row, "declined", now=now)
        if row["state"] == "echo":
            return absence_words.said("not_asked", self.language(row["person"]))
        self._tell_asker(tx, row, "declined", now=now)
        return self._keeps(tx, row, row["waits_for"], now=now)

    def unanswered(self, tx: Tx, row: Row, outcome: str, *, now: int) -> None:
        """Nobody has answered in time, or too many wrong codes came."""
        self._end(tx, row, outcome, now=now)
        if row["state"] == "consent":
            self._tell_asker(tx, row, "silent", now=now)
            words = self._keeps(tx, row, row["successor"], now=now)
            self._tell(tx, row["successor"], words, number=row["device"], now=now)

    def _tell_asker(self, tx: Tx, row: Row, word: str, *, now: int) -> None:
        """And whoever had agreed before: it is off."""
        leave, language = _of(row), self.language(row["person"])
        takes = leave.of(row["successor"])
        stays = self._has_now(tx, leave, takes, now=now)
        named = stays if word == "silent" else [self.title(rota) for rota, _, _, _ in takes]
        word = "silent_later" if word == "silent" and not stays else word
        words = absence_words.said(word, language, name=self.called(row["successor"]), rota=asked_words.rotas(named))
        self._tell(tx, row["person"], words, urgent=True, now=now)
        for name in self._agreed(row):
            self._tell(tx, name, self._keeps(tx, row, name, now=now), now=now)

    def _agreed(self, row: Row) -> tuple[str, ...]:
        """Those who had said yes before the one who is asked now."""
        names = _consents(row)
        return names[: names.index(row["successor"])] if row["state"] == "consent" else ()

    def _keeps(self, reader: Reader, row: Row, name: str, *, now: int) -> str:
        """What somebody reads who was to have some of it."""
        leave, language = _of(row), self.language(name)
        stays, away = self._has_now(reader, leave, leave.of(name), now=now), self.called(leave.person)
        if not stays:
            return absence_words.said("keeps_later", language, name=away)
        return asked_words.said("keeps", language, name=away, rota=asked_words.rotas(stays))

    def _has_now(self, reader: Reader, leave: Leave, takes: Sequence[Take], *, now: int) -> list[str]:
        """The rotas, by their titles, that who would be away has at this instant; the rest is of turns to come."""
        plans, facts = self.roster.plans, self.roster.facts(reader, now=now)
        names = dict.fromkeys(rota for rota, since, until, _ in takes if rota in plans and since <= now < until)
        return [self.title(name) for name in names if duty.on_call(plans[name], facts, now).person == leave.person]

    def _not_done(self, tx: Tx, row: Row, why: str, *, refused: bool = False, now: int) -> str:
        """What was agreed on is not there any more, or `refused`. All who know of it are told."""
        leave = _of(row)

        def words(reader: str) -> str:
            if refused:
                return asked_words.refused(self._titles(leave), why, self.language(reader))
            return asked_words.said("changed", self.language(reader), rota=self._titles(leave))

        self._end(tx, row, "not done", reason=why, now=now)
        concerned = (leave.person, *self._agreed(row), *(row["successor"],) * (row["state"] == "consent"))
        for person in dict.fromkeys(concerned):
            if person != row["waits_for"]:
                self._tell(tx, person, words(person), now=now)
        return words(row["waits_for"])

    # --- words

    @property
    def _plans(self) -> list[Plan]:
        return list(self.roster.plans.values())

    def titles(self, row: Row) -> str:
        """What it is about, in a few words."""
        return self._titles(_of(row))

    def _titles(self, leave: Leave) -> str:
        return asked_words.rotas([self.title(name) for name in leave.rotas]) or leave.act

    def _names(self, names: tuple[str, ...]) -> str:
        return asked_words.rotas([self.called(name) for name in names])

    def _when(self, leave: Leave, reader: str, now: int) -> str:
        """ "until Fri 27 Nov 18:00", or from when, too."""
        word = "until" if leave.since <= now else "span"
        rota = leave.rotas[0] if leave.rotas else ""
        return absence_words.said(
            word, self.language(reader), since=self._shown(leave.since, leave.person, now, reader, rota),
            until=self._shown(leave.until, leave.person, now, reader, rota),
        )  # fmt: skip

    def _duty(self, leave: Leave, name: str, now: int) -> str:
        """ "NOC Mon 23 Nov 09:00 - Tue 24 Nov 09:00" of theirs."""
        parts = []
        for rota, since, until, _ in leave.of(name):
            begins = self._shown(max(since, now), leave.person, now, name, rota)
            parts.append(f"{self.title(rota)} {begins} - {self._shown(until, leave.person, now, name, rota)}")
        more = f" +{len(parts) - PARTS_MAX}" if len(parts) > PARTS_MAX else ""
        return f"{', '.join(parts[:PARTS_MAX])}{more}"

    def _shown(self, at: int, person: str, now: int, reader: str = "", rota: str = "") -> str:
        """On the clock of the rota, or of the first on which that person has turns; to the minute."""
        own = (p for p in self._plans if any(person in entry.layer.people for entry in p.layers))
        plan = self.roster.plans.get(rota) or next((p for p in (*own, *self._plans)), None)
        zone = plan.zone if plan else civil.zone_named("UTC")
        words = said_times.shown(zone, at // civil.MINUTE * civil.MINUTE, self.language(reader or person))
        return f"{words} ({civil.wall(zone, at).year})" if at > now + YEAR_SHOWN_US else words


def _of(row: Row) -> Leave:
    takes: tuple[Take, ...] = tuple((rota, since, until, by) for rota, since, until, by in json.loads(row["takes"]))
    return Leave(row["act"], row["person"], row["since"], row["until"], takes)


def _consents(row: Row) -> tuple[str, ...]:
    """Who has to agree, in this order."""
    return tuple(json.loads(row["consents"]))
