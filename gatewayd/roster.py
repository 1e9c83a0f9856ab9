"""The roster: who is behind "anna", "team:noc", "rota:primary" and "backup:primary" at an instant, and what changes it.

The rules are pure (oncall/duty.py); here they meet what the store knows of overrides, swaps and absences. Every method
is a function of a reader or of `tx`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from gatewayd.model import Refusal
from gatewayd.oncall import changes, civil, duty
from gatewayd.oncall.cover import Absence, Change, Facts, Override, Shadowing, Swap
from gatewayd.oncall.directory import BACKUP, ROTA, Directory, staff
from gatewayd.oncall.duty import Duty
from gatewayd.oncall.rota import Plan, plan
from gatewayd.oncall.rota_faults import Staff
from gatewayd.store import cover as kept
from gatewayd.store import journal
from gatewayd.store.db import Reader, Tx


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
        return staff(self._directory.people)

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
        facts = self.facts(reader, now=now)
        return self._directory.members(audience, on_duty=lambda who: self._on_duty(who, facts, now))

    def why(self, reader: Reader, audience: tuple[str, ...], *, now: int) -> dict[str, str]:
        """Of those who are there by a rota: whose turn it is, or whom they stand in for."""
        facts = self.facts(reader, now=now)
        asked = {who: self._duty(who, facts, now) for who in audience if who.startswith((ROTA, BACKUP))}
        return {found.person: f"{who}: {found.why}" for who, found in asked.items() if found is not None}

    def on_call(self, reader: Reader, rota: str, at: int) -> Duty:
        """Raises Refusal."""
        return duty.on_call(self.plan(rota), self.facts(reader, now=at), at)

    def backup(self, reader: Reader, rota: str, at: int) -> Duty | None:
        return duty.backup(self.plan(rota), self.facts(reader, now=at), at)

    def _on_duty(self, who: str, facts: Facts, now: int) -> tuple[str, ...]:
        found = self._duty(who, facts, now)
        return (found.person,) if found else ()

    def _duty(self, who: str, facts: Facts, now: int) -> Duty | None:
        """None: the rota has left the configuration, or it has no backup."""
        kind, _, name = who.partition(":")
        known = self.plans.get(name)
        if known is None:
            return None
        return duty.on_call(known, facts, now) if f"{kind}:" == ROTA else duty.backup(known, facts, now)

    def facts(self, reader: Reader, *, now: int) -> Facts:
        """The changes that are not over, of people and rotas that are still there."""
        return self._still_there(kept.facts(reader, since=now))

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

    def accept(self, tx: Tx, change: Change, *, by: str, now: int) -> int:
        """Book an override, a swap, an absence or a shadowing. Raises Refusal with all that speaks against it."""
        if isinstance(change, Override | Swap):
            change = replace(change, made_at=now)
        facts = self.facts(tx, now=now)
        against = changes.refusals(list(self.plans.values()), facts, change, staff=self._staff, now=now)
        if against:
            raise Refusal("conflict", "; ".join(against))
        number = kept.add(tx, change, by=by, now=now)
        kind = kept.kind_of(change)
        journal.write(tx, "cover_changed", now=now, change=number, kind=kind, private=_told(change) | {"by": by})
        return number

    def withdraw(self, tx: Tx, number: int, *, by: str, now: int) -> None:
        """End a change. Raises Refusal when there is none, when it is over, or when nobody would be left."""
        change = kept.get(tx, number)
        if change is None:
            raise Refusal("unknown", f"there is no change {number}")
        if change.until <= now:
            raise Refusal("conflict", f"change {number} is over already")
        before = self.facts(tx, now=now)
        kept.end(tx, number, now=now)
        after = self.facts(tx, now=now)
        for known in self.plans.values():
            gap = changes.opened(known, before, after, max(now, change.since), change.until)
            if gap and not known.rota.gaps:
                when = " to ".join(civil.shown(known.zone, edge) for edge in (gap.since, gap.until))
                raise Refusal("conflict", f"'{known.name}' would have nobody from {when} ({known.zone.key})")
        journal.write(tx, "cover_ended", now=now, change=number, private=_told(change) | {"by": by})


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
