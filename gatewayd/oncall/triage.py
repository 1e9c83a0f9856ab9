"""Whether an incident pages anybody now, by which policy, or waits, and why. Pure.

Asked when an incident opens, gets worse, or when what it waits for is over. In this order: a silence, maintenance, an
inhibition; then the first rule that fits. Whatever waits is stored and listed all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from gatewayd.model import OWN_SERVICE, SECOND, Severity
from gatewayd.oncall import civil, hours
from gatewayd.oncall.civil import Zone
from gatewayd.oncall.hours import Calendar, Name, Settings, Window

LOOK_AGAIN_S = 3_600  # what nobody wakes is looked at again after this long
HELD_STANDS_S = 120  # so long something critical waits behind what is itself only held, and of which nobody was told
FOREVER = 1 << 62
Glob = Annotated[str, StringConstraints(min_length=1, max_length=200)]  # "db-*"; case counts
Globs = Annotated[tuple[Glob, ...], Field(max_length=50)]
Labels = Annotated[dict[str, Glob], Field(max_length=20)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


@dataclass(frozen=True, slots=True)
class Fault:
    """An incident as its monitor tells of it: what rules look at."""

    service: str
    severity: Severity
    source: str = ""
    keys: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


class Match(Settings):
    """Every condition that is there must hold; of several values any."""

    services: Globs = ()
    severities: tuple[Severity, ...] = ()
    sources: Globs = ()
    keys: Globs = ()
    labels: Labels = Field(default_factory=dict)

    def fits(self, fault: Fault) -> bool:
        return (
            _any(self.services, (fault.service,))
            and (not self.severities or fault.severity in self.severities)
            and _any(self.sources, (fault.source,))
            and _any(self.keys, fault.keys)
            and all(fnmatchcase(fault.labels.get(name, ""), glob) for name, glob in self.labels.items())
        )

    @property
    def empty(self) -> bool:
        return not (self.services or self.severities or self.sources or self.keys or self.labels)


class Rule(Match):
    """`[[rules]]`: the first that fits says by which policy an incident pages, after how long, or in which digest."""

    name: Name
    calendar: Name | None = None
    during: Literal["always", "working hours", "other hours"] = "always"
    policy: Name | None = None  # None: the service's
    hold_s: int = Field(0, ge=0, le=86_400)  # a fault that clears by itself within this time wakes nobody
    digest: Clock | None = None  # waits for the text of this time of day; on working days where there is a calendar
    zone: Zone | None = None  # of the digest; the calendar's, if not its own

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.during != "always" and self.calendar is None:
            raise ValueError(f"during = '{self.during}' needs a calendar")
        if self.digest is not None and self.calendar is None and self.zone is None:
            raise ValueError("a digest needs a calendar or a zone: 08:30 of which clock?")
        if self.digest is not None and self.hold_s:
            raise ValueError("either hold_s or digest")
        return self


class Maintenance(Match):
    """`[[maintenance]]`: known work. Once, from `since` to `until`, or again and again in the windows of a zone."""

    name: Name
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    zone: Zone | None = None
    when: tuple[Window, ...] = Field((), max_length=20)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.empty:
            raise ValueError("says of nothing that it is maintained: services, keys or labels are needed")
        if not self.when and (self.since is None or self.until is None):
            raise ValueError("needs since and until, or windows: when = [...]")
        if self.when and self.zone is None:
            raise ValueError("needs the zone of its windows")
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise ValueError("ends before it begins")
        return self

    def over_at(self, now: int) -> int | None:
        """When the work that goes on now is over; None: none goes on."""
        since, until = _instant(self.since), _instant(self.until)
        if (since is not None and now < since) or (until is not None and now >= until):
            return None
        if not self.when:
            return until
        assert self.zone is not None
        zone = civil.zone_named(self.zone)
        for start, end in hours.spans_of(zone, self.when, None, now - civil.DAY, now + civil.DAY):
            if start <= now < end:
                return end if until is None else min(end, until)
        return None


class Inhibition(Settings):
    """`[[inhibitions]]`: while an incident that fits `by` is there, those that fit `of` page nobody.

    `equal` names labels that must have one value in both; "service" is the incident's service.
    """

    name: Name
    by: Match
    of: Match
    equal: tuple[Annotated[str, StringConstraints(max_length=100)], ...] = Field((), max_length=10)


@dataclass(frozen=True, slots=True)
class Silence:
    """Somebody said: store it, page nobody."""

    id: int
    match: Match
    until: int
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Another incident that is not over. `held`: nobody was told of it yet, and nobody will be for a while."""

    id: int
    code: str
    fault: Fault
    held: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Now, by this policy (None: the service's)."""

    policy: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now. `until`: when it is looked at again; `by`: the incident that stands before it."""

    kind: Literal["silence", "maintenance", "inhibited", "hold", "digest"]
    until: int
    reason: str
    by: int | None = None
    policy: str | None = None  # whose first step gets the digest; None: the service's


@dataclass(frozen=True, slots=True)
class Rules:
    """All that the configuration says of it."""

    rules: Sequence[Rule] = ()
    maintenance: Sequence[Maintenance] = ()
    inhibitions: Sequence[Inhibition] = ()
    calendars: Mapping[str, Calendar] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        return not (self.rules or self.maintenance or self.inhibitions)


def rules_of(
    rules: Sequence[Rule],
    maintenance: Sequence[Maintenance],
    inhibitions: Sequence[Inhibition],
    calendars: Sequence[Calendar],
) -> Rules:
    return Rules(rules, maintenance, inhibitions, {calendar.name: calendar for calendar in calendars})


Others = Callable[[], Sequence[Standing]]


def decide(
    fault: Fault, opened_at: int, rules: Rules, held: Sequence[Silence], others: Others, *, now: int
) -> Page | Wait:
    """`opened_at`: since when it is there, or as bad as it is; `others`: incidents that are not over, without this."""
    for silence in held:
        if now < silence.until and keeps(silence.match, fault):
            return Wait("silence", silence.until, f"silence {silence.id}: {silence.reason}")
    for work in rules.maintenance:
        over = work.over_at(now) if keeps(work, fault) else None
        if over is not None:
            return Wait("maintenance", over, f"maintenance '{work.name}'")
    for inhibition in rules.inhibitions:
        held_until = opened_at + HELD_STANDS_S * SECOND if fault.severity is Severity.CRITICAL else FOREVER
        held_stands = now < held_until
        found = _standing_before(inhibition, fault, others, held_stands) if keeps(inhibition.of, fault) else None
        if found is not None:
            until = min(now + LOOK_AGAIN_S * SECOND, held_until if found.held else FOREVER)
            return Wait("inhibited", until, f"'{inhibition.name}': {found.code} is there already", by=found.id)
    for rule in rules.rules:
        why = _applies(rule, fault, rules, now)
        if why is not None:
            return _by_rule(rule, why, opened_at, rules, now)
    return Page(None, "the service's policy")


def keeps(match: Match, fault: Fault) -> bool:
    """Whether a silence, maintenance or an inhibition of that keeps it: never what the house says of itself."""
    return fault.service != OWN_SERVICE and match.fits(fault)


def together(waits: Sequence[Wait]) -> Wait:
    """All alerts of one incident are kept: it is looked at again when the first of them may be told."""
    first = min(waits, key=lambda wait: (wait.until, wait.kind != "digest"))  # no digest is missed for a look
    return replace(first, by=next((wait.by for wait in (first, *waits) if wait.by is not None), None))


def policy_of(fault: Fault, rules: Rules, *, now: int) -> Page:
    """By which policy such a fault pages, now or when its rule lets it, and by which rule, if there is one that fits.

    What keeps it for a time (a silence, maintenance, an inhibition) is left aside.
    """
    for rule in rules.rules:
        why = _applies(rule, fault, rules, now)
        if why is not None:
            held = f", held for {rule.hold_s} s" if rule.hold_s else f", in the digest of {rule.digest}"
            return Page(rule.policy, f"rule '{rule.name}'{why}{held if rule.hold_s or rule.digest else ''}")
    return Page(None, "")


def _by_rule(rule: Rule, why: str, opened_at: int, rules: Rules, now: int) -> Page | Wait:
    said = f"rule '{rule.name}'{why}"
    if rule.digest is not None:
        morning = digest_after(rule, rules, now)
        return Wait("digest", morning, f"{said}: the digest of {rule.digest}", policy=rule.policy)
    if now < opened_at + rule.hold_s * SECOND:
        return Wait("hold", opened_at + rule.hold_s * SECOND, f"{said}: held for {rule.hold_s} s")
    return Page(rule.policy, said)


def _applies(rule: Rule, fault: Fault, rules: Rules, now: int) -> str | None:
    """Why it does; None: it does not."""
    if not rule.fits(fault):
        return None
    if rule.during == "always":
        return ""
    calendar = rules.calendars.get(rule.calendar or "")
    if calendar is None:
        return None
    at_work = hours.at_work(calendar, now)
    return f" ({at_work.why})" if at_work.yes == (rule.during == "working hours") else None


def digest_after(rule: Rule, rules: Rules, now: int) -> int:
    """The next time of the rule's digest: on a day with working hours where there is a calendar that has some."""
    assert rule.digest is not None
    calendar = rules.calendars.get(rule.calendar or "")
    zone = civil.zone_named(rule.zone or (calendar.zone if calendar else "UTC"))
    minute = civil.minutes_of(rule.digest)
    today = civil.day_of(zone, now)
    coming = (civil.instant(zone, day, minute) for day in range(today, today + hours.OPENS_WITHIN_DAYS))
    later = [at for at in coming if at > now]
    if calendar is not None and calendar.working:
        for at in later:
            midnight = civil.instant(zone, civil.day_of(zone, at), 0)
            next_midnight = civil.instant(zone, civil.day_of(zone, at) + 1, 0)
            if any(
                start >= midnight
                for start, _ in hours.spans_of(zone, calendar.working, calendar, midnight, next_midnight)
            ):
                return at
    return later[0]


def _standing_before(inhibition: Inhibition, fault: Fault, others: Others, held_stands: bool) -> Standing | None:
    """One of which somebody was told, if there is one."""
    found = None
    for other in others():
        if inhibition.by.fits(other.fault) and all(
            _value(other.fault, n) == _value(fault, n) for n in inhibition.equal
        ):
            if not other.held:
                return other
            found = found or other
    return found if held_stands else None


def _value(fault: Fault, name: str) -> str:
    return fault.service if name == "service" else fault.labels.get(name, "")


def _any(globs: Sequence[str], values: Sequence[str]) -> bool:
    return not globs or any(fnmatchcase(value, glob) for value in values for glob in globs)


def _instant(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp()) * SECOND


def faults(rules: Rules, policies: Sequence[str]) -> list[tuple[tuple[str | int, ...], str]]:
    """What does not fit together."""
    found: list[tuple[tuple[str | int, ...], str]] = []
    for kind, named in (
        ("rules", [r.name for r in rules.rules]),
        ("maintenance", [m.name for m in rules.maintenance]),
        ("inhibitions", [i.name for i in rules.inhibitions]),
    ):
        found += [((kind, i, "name"), f"'{n}' is there twice") for i, n in enumerate(named) if n in named[:i]]
    for i, rule in enumerate(rules.rules):
        if rule.policy is not None and rule.policy not in policies:
            found.append((("rules", i, "policy"), f"no policy '{rule.policy}'"))
        if rule.calendar is not None and rule.calendar not in rules.calendars:
            found.append((("rules", i, "calendar"), f"no calendar '{rule.calendar}'"))
    for i, inhibition in enumerate(rules.inhibitions):
        if inhibition.of.empty or inhibition.by.empty:
            found.append((("inhibitions", i), "both sides must say what they fit, or one incident silences the house"))
    return found


def odd(rules: Rules) -> list[tuple[tuple[str | int, ...], str]]:
    """What would never fit."""
    closed = {name for name, calendar in rules.calendars.items() if not calendar.working}
    never = f"'{OWN_SERVICE}' is the gateway itself: nothing keeps back what it says"
    found: list[tuple[tuple[str | int, ...], str]] = [
        (("maintenance", i, "services"), never) for i, m in enumerate(rules.maintenance) if OWN_SERVICE in m.services
    ]
    return found + [
        (("rules", i, "during"), f"never fits: calendar '{rule.calendar}' has no 'working' hours")
        for i, rule in enumerate(rules.rules)
        if rule.during == "working hours" and rule.calendar in closed
    ]
