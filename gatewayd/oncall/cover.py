"""What changes a rota while it runs: overrides, swaps, absences, shadowing. All kept as instants.

What the store knows is handed in as `Facts`. Wall times that people enter become instants by `civil.entered`: in a
doubled hour a span starts at the first occurrence and ends at the last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

BEFORE_ALL = (-1, -1)


@dataclass(frozen=True, slots=True)
class Override:
    """`person` has the duty of that rota, whoever's turn it is. Of several the newest wins."""

    rota: str
    person: str
    since: int
    until: int
    made_at: int
    id: int = 0
    note: str = ""
    kept: bool = False  # the desk made it by itself: they keep it until somebody confirms
    event: str = ""  # of a calendar, from which it was taken over
    instance: str = ""  # which of the times of that event; "" = it comes once


@dataclass(frozen=True, slots=True)
class Swap:
    """One way: `by` covers `person`, on one rota or ("") on all. It moves what `person` held when it was made."""

    person: str
    by: str
    since: int
    until: int
    made_at: int
    id: int = 0
    rota: str = ""
    taken: bool = False  # `by` asked for it: `person` has not gone off


@dataclass(frozen=True, slots=True)
class Absence:
    """Away: the turn goes to the next in the same rotation, whose own turns stay where they are."""

    person: str
    since: int
    until: int
    id: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shadowing:
    """`person` learns: is told of what `of` (or, with "", whoever has the duty) is told; never the one to answer."""

    person: str
    since: int
    until: int
    of: str = ""
    rota: str = ""
    id: int = 0


Change = Override | Swap | Absence | Shadowing


@dataclass(frozen=True, slots=True)
class Facts:
    """All changes that touch the time that is asked about; more do no harm."""

    overrides: tuple[Override, ...] = ()
    swaps: tuple[Swap, ...] = ()
    absences: tuple[Absence, ...] = ()
    shadowings: tuple[Shadowing, ...] = ()

    def all(self) -> Iterable[Change]:
        yield from self.overrides
        yield from self.swaps
        yield from self.absences
        yield from self.shadowings

    def edges(self, since: int, until: int) -> set[int]:
        """The instants between the two at which a change begins or ends."""
        return {edge for change in self.all() for edge in (change.since, change.until) if since < edge < until}

    def between(self, since: int, until: int) -> Facts:
        """Those that hold at some time between the two."""

        def near(change: Change) -> bool:
            return change.since < until and since < change.until

        return Facts(
            tuple(filter(near, self.overrides)),
            tuple(filter(near, self.swaps)),
            tuple(filter(near, self.absences)),
            tuple(filter(near, self.shadowings)),
        )

    def without(self, *overrides: int) -> Facts:
        """The same facts but for these overrides."""
        gone = frozenset(overrides)
        return replace(self, overrides=tuple(o for o in self.overrides if o.id not in gone))

    def of(self, person: str) -> Facts:
        """As far as this person is concerned ("": nobody): what another one keeps until somebody confirms is a turn of
        whoever is to confirm it."""
        return replace(self, overrides=tuple(o for o in self.overrides if not o.kept or o.person == person))

    def with_(self, change: Change) -> Facts:
        """The same facts and one more."""
        return Facts(
            (*self.overrides, change) if isinstance(change, Override) else self.overrides,
            (*self.swaps, change) if isinstance(change, Swap) else self.swaps,
            (*self.absences, change) if isinstance(change, Absence) else self.absences,
            (*self.shadowings, change) if isinstance(change, Shadowing) else self.shadowings,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """The changes that hold for one rota at one instant: overrides newest first, swaps in the order they were made."""

    overrides: tuple[Override, ...] = ()
    swaps: tuple[Swap, ...] = ()
    absent: frozenset[str] = frozenset()
    shadowings: tuple[Shadowing, ...] = ()

    def covered(self, person: str, *, after: tuple[int, int] = BEFORE_ALL) -> tuple[str, Swap | None]:
        """Who holds what `person` would hold, when the swaps made after that point have had their say."""
        held: dict[str, tuple[str, Swap]] = {}  # what falls to these goes to whom, by the swaps that came later
        for swap in reversed(self.swaps):
            if _made(swap) <= after:
                break
            holder, last = held.get(swap.by, (swap.by, swap))
            if holder not in self.absent:  # who has handed it on may be away
                held[swap.person] = holder, last
        return held.get(person, (person, None))

    def gone_off(self) -> frozenset[str]:
        """Who has given away what they hold, and has not taken anything on since."""
        gone: set[str] = set()
        for swap in self.swaps:
            gone.discard(swap.by)
            if not swap.taken:
                gone.add(swap.person)
        return frozenset(gone)

    def override(self) -> tuple[Override, str] | None:
        """The newest override whose person is there, or covered by a swap that was made after it; and who holds it."""
        for override in self.overrides:
            person, _ = self.covered(override.person, after=_made(override))
            if person not in self.absent:
                return override, person
        return None


NOTHING = Standing()


def standing(facts: Facts, rota: str, at: int) -> Standing:
    """What of it holds for that rota at that instant."""
    if not (facts.overrides or facts.swaps or facts.absences or facts.shadowings):
        return NOTHING
    overrides = [o for o in facts.overrides if o.since <= at < o.until and o.rota == rota]
    swaps = [s for s in facts.swaps if s.since <= at < s.until and s.rota in ("", rota)]
    return Standing(
        tuple(sorted(overrides, key=_made, reverse=True)),
        tuple(sorted(swaps, key=_made)),
        frozenset(a.person for a in facts.absences if a.since <= at < a.until),
        tuple(s for s in facts.shadowings if s.since <= at < s.until and s.rota in ("", rota)),
    )


def _made(change: Override | Swap) -> tuple[int, int]:
    return change.made_at, change.id
