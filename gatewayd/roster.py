"""The roster: who is behind "anna", "team:noc", "rota:primary" and "backup:primary" at an instant, and what changes it.

The rules are pure (oncall/duty.py); here they meet what the store knows of overrides, swaps and absences. Every method
is a function of a reader or of `tx`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from gatewayd.model import Refusal
from gatewayd.oncall import changes, civil, duty
from gatewayd.oncall.changes import Booked, TakenOver
from gatewayd.oncall.cover import Absence, Change, Facts, Override, Shadowing, Swap
from gatewayd.oncall.directory import BACKUP, ROTA, TEAM, Directory, staff
from gatewayd.oncall.duty import Duty
from gatewayd.oncall.ical_reader import Imported
from gatewayd.oncall.refusal_words import BETWEEN
from gatewayd.oncall.rota import Plan, plan
from gatewayd.oncall.rota_faults import Staff
from gatewayd.store import cover as kept
from gatewayd.store import hand_overs, journal
from gatewayd.store.db import Reader, Tx

TOLD_MAX = 20  # sentences against a calendar
TOGETHER = 50  # changes that are looked at with the same facts


class Roster:
    """Built anew at each reload."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    @cached_property
    def plans(self) -> dict[str, Plan]:
        calendars = {calendar.name: calendar for calendar in self._directory.calendars}
        return {rota.name: plan(rota, calendars) for rota in self._directory.rotas}

    @cached_property
    def _staff(self) -> Staff:
        return staff(self._directory.people, self._directory.policies)

    def plan(self, rota: str) -> Plan:
        """Raises Refusal."""
        known = self.plans.get(rota)
        if known is None:
            raise Refusal("unknown", f"there is no rota '{rota}'", field="rota")
        return known

    # --- who

    def members(self, reader: Reader, audience: tuple[str, ...], *, now: int) -> tuple[str, ...]:
        """Names of people behind an audience, in order, each once. Of a rota: who is on call now."""
        if not any(who.startswith((ROTA, BACKUP)) for who in audience):
            return self._directory.members(audience)
        facts = self._in_force(reader, now)
        return self._directory.members(audience, on_duty=lambda who: self._on_duty(reader, who, facts, now))

    def present(self, reader: Reader, audience: tuple[str, ...], *, now: int) -> tuple[str, ...]:
        """Those behind an audience who are not away."""
        gone = self.away(reader, audience, now=now)
        return tuple(name for name in self.members(reader, audience, now=now) if name not in gone)

    def away(self, reader: Reader, audience: tuple[str, ...], *, now: int) -> frozenset[str]:
        """Who is not there of those whom an audience names, alone or by a team.

        Whom a rota names answers in any case: it has looked at absences itself.
        """
        by_rota = tuple(who for who in audience if who.startswith((ROTA, BACKUP)))
        if len(by_rota) == len(audience):
            return frozenset()
        gone = frozenset(absence.person for absence in kept.facts(reader, since=now, until=now + 1).absences)
        return gone.difference(self.members(reader, by_rota, now=now)) if gone and by_rota else gone

    def duties(self, reader: Reader, audience: tuple[str, ...], *, now: int) -> dict[str, Duty]:
        """What "rota:..." and "backup:..." of an audience mean now: by these words, who and why."""
        asked = tuple(who for who in audience if who.startswith((ROTA, BACKUP)))
        facts = self._in_force(reader, now) if asked else Facts()
        found = {who: self._duty(reader, who, facts, now) for who in asked}
        return {who: held for who, held in found.items() if held is not None}

    def _on_duty(self, reader: Reader, who: str, facts: Facts, now: int) -> tuple[str, ...]:
        found = self._duty(reader, who, facts, now)
        return (found.person,) if found else ()

    def _duty(self, reader: Reader, who: str, facts: Facts, now: int) -> Duty | None:
        """None: it has no backup. Of a rota that has left the file: who had it last, as long as that is known."""
        kind, _, name = who.partition(":")
        known = self.plans.get(name)
        if known is None:
            last = hand_overs.of_rota(reader, name)
            person = "" if last is None else last["person"] if f"{kind}:" == ROTA else last["backup"]
            return Duty(person, "turn", f"had '{name}' when it left the file") if person else None
        return duty.on_call(known, facts, now) if f"{kind}:" == ROTA else duty.backup(known, facts, now)

    def facts(self, reader: Reader, *, now: int) -> Facts:
        """The changes that are not over, of people and rotas that are still there."""
        return self._still_there(kept.facts(reader, since=now))

    def _in_force(self, reader: Reader, now: int) -> Facts:
        """Those of this instant alone: with a thousand to come a page must not wait for them to be read."""
        return self._still_there(kept.facts(reader, since=now, until=now + 1))

    def _still_there(self, found: Facts) -> Facts:
        known = self._directory.person

        def there(change: Change) -> bool:
            rota = "" if isinstance(change, Absence) else change.rota
            other = change.by if isinstance(change, Swap) else change.of if isinstance(change, Shadowing) else ""
            return (
                known(change.person) is not None
                and (not other or known(other) is not None)
                and (not rota or rota in self.plans)
            )

        if not any(True for _ in found.all()):
            return found
        return Facts(
            tuple(filter(there, found.overrides)),
            tuple(filter(there, found.swaps)),
            tuple(filter(there, found.absences)),
            tuple(filter(there, found.shadowings)),
        )

    # --- what changes it

    def accept(self, tx: Tx, change: Change, *, by: str, now: int) -> Booked:
        """Book an override, a swap, an absence or a shadowing, once. Raises Refusal with all that speaks against it."""
        if isinstance(change, Override | Swap):
            change = replace(change, made_at=now)
        facts = self.facts(tx, now=now)
        against = self._refusals(facts, change, now=now)
        if against:
            raise Refusal("conflict", BETWEEN.join(against))
        if known := changes.already(facts, change, now=now):
            return Booked(known.id, new=False)
        return Booked(self._book(tx, change, by=by, now=now), new=True)

    def against(self, reader: Reader, change: Change, *, now: int) -> str:
        """Why it would not be accepted; "" = it would be."""
        return BETWEEN.join(self._refusals(self.facts(reader, now=now), change, now=now))

    def warnings(self, reader: Reader, change: Change, *, now: int) -> list[str]:
        """What is odd about a change that may be booked, or was."""
        if not isinstance(change, Absence):
            return []
        known = self.facts(reader, now=now)
        asked = (change.person, change.since, change.until)
        before = replace(
            known, absences=tuple(a for a in known.absences if (a.person, a.since, a.until) != asked)
        )  # it may be booked already
        moved = changes.moved(list(self.plans.values()), before, change, now=now)
        return self.unstaffed(reader, change, now=now) + moved

    def unstaffed(self, reader: Reader, absence: Absence, *, now: int) -> list[str]:
        """The steps and fallbacks that an absence leaves without anybody."""
        known = self.facts(reader, now=now).absences
        others = [a for a in known if a.since <= absence.since and absence.until <= a.until]
        teams = {TEAM + team.name: team.members for team in self._directory.teams}
        return changes.warnings(self._directory.policies, teams, [*others, absence])

    def take_over(self, tx: Tx, rota: str, found: Imported, *, by: str, now: int) -> TakenOver:
        """Book the overrides of a calendar, the one last changed wins: all, or Refusal with a sentence for each fault.

        What was taken over before stays as it is; what was moved or cancelled, or has left its series, ends.
        """
        facts = self.facts(tx, now=now)
        kept_on, ending = found.against([o for o in facts.overrides if o.rota == rota])
        facts = facts.without(*(old.id for old in ending))
        against: list[str] = []
        booked: list[int] = []
        for override in sorted(found.overrides, key=lambda o: o.made_at):
            if (override.event, override.instance) in kept_on:
                continue
            said = self._refusals(facts, override, now=now)
            if said:
                begins = civil.shown(self.plan(override.rota).zone, override.since)
                against.append(f"{override.person}, {begins}: {', '.join(said)}")
                continue
            facts = facts.with_(override)
            booked.append(self._book(tx, replace(override, made_at=now), by=by, now=now))
        if against:
            more = [f"and {len(against) - TOLD_MAX} more"] if len(against) > TOLD_MAX else []
            raise Refusal("conflict", f"nothing was taken over: {'; '.join(against[:TOLD_MAX] + more)}")
        held = self.facts(tx, now=now)
        for old in ending:
            self._end(tx, old, by=by, now=now)
        self._nobody_lacks(tx, held, ending, now=now)
        return TakenOver(booked, [old.id for old in ending])

    def keep(self, tx: Tx, override: Override, *, now: int) -> int:
        """Book an override of the desk's own, of who has the duty as it is: nothing can speak against it."""
        return self._book(tx, override, by=kept.BY_DESK, now=now)

    def let_go(self, tx: Tx, number: int, *, now: int) -> None:
        """End such an override."""
        change = kept.get(tx, number)
        if change is not None and change.until > now:
            self._end(tx, change, by=kept.BY_DESK, now=now)

    def _refusals(self, facts: Facts, change: Change, *, now: int) -> list[str]:
        return changes.refusals(list(self.plans.values()), facts, change, staff=self._staff, now=now)

    def _book(self, tx: Tx, change: Change, *, by: str, now: int) -> int:
        number = kept.add(tx, change, by=by, now=now)
        kind = kept.kind_of(change)
        journal.write(tx, "cover_changed", now=now, change=number, kind=kind, private=_told(change) | {"by": by})
        hand_overs.look_again(tx, now=now)
        return number

    def _end(self, tx: Tx, change: Change, *, by: str, now: int) -> None:
        kept.end(tx, change.id, now=now)
        journal.write(tx, "cover_ended", now=now, change=change.id, private=_told(change) | {"by": by})
        hand_overs.look_again(tx, now=now)

    def withdraw(self, tx: Tx, number: int, *, by: str, now: int) -> None:
        """End a change. Raises Refusal when there is none, when it is over, or when nobody would be left."""
        change = kept.get(tx, number)
        if change is None:
            raise Refusal("unknown", f"there is no change {number}")
        if change.until <= now:
            raise Refusal("conflict", f"change {number} is over already")
        before = self.facts(tx, now=now)
        self._end(tx, change, by=by, now=now)
        self._nobody_lacks(tx, before, [change], now=now)

    def _nobody_lacks(self, tx: Tx, before: Facts, ended: Sequence[Change], *, now: int) -> None:
        """Raises Refusal where nobody is left by the end of these."""
        after = self.facts(tx, now=now)
        in_turn = sorted(ended, key=lambda change: change.since)
        for first in range(0, len(in_turn), TOGETHER):  # of a long series each is asked with those around it alone
            some = in_turn[first : first + TOGETHER]
            since, until = max(now, some[0].since), max(change.until for change in some)
            near = before.between(since, until), after.between(since, until)
            for change in some:
                self._nobody_lacks_one(*near, change, now=now)

    def _nobody_lacks_one(self, before: Facts, after: Facts, ended: Change, *, now: int) -> None:
        for known in self.plans.values():
            if isinstance(ended, Override) and ended.rota != known.name:
                continue
            gap = changes.opened(known, before, after, max(now, ended.since), ended.until)
            if gap:
                raise Refusal("conflict", changes.would_be_empty(known, gap))


def _told(change: Change) -> dict[str, str | int]:
    match change:
        case Override():
            who = {"person": change.person, "rota": change.rota, "note": change.note}
        case Swap():
            who = {"person": change.person, "covered_by": change.by, "rota": change.rota}
        case Absence():
            who = {"person": change.person, "note": change.note}
        case Shadowing():
            who = {"person": change.person, "of": change.of, "rota": change.rota}
    return {**{key: word for key, word in who.items() if word}, "since": change.since, "until": change.until}
