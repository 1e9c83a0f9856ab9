"""Who carries the load: hours, nights, weekends and holidays of each person and month; and when it is too much.

Shares add up: a night of which two people held a half is half a night for each, so that all nights of a month are the
sum of everybody's. A night, a weekend and a holiday count in the month in which they begin, on the rota's clock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from gatewayd.oncall import civil
from gatewayd.oncall.civil import DAY_MINUTES, HOUR
from gatewayd.oncall.cover import Facts
from gatewayd.oncall.duty import Span, backup, on_call, shifts
from gatewayd.oncall.hours import Hours
from gatewayd.oncall.rota import Plan

MONTHS_MAX = 36
WEEK = 7
CALL_US = 15 * civil.MINUTE  # who was woken is awake for a while
Month = tuple[int, int]  # year and month, on the rota's clock


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody held: hours on call, and how many nights, weekends and holidays (parts count as parts)."""

    hours: float = 0.0
    nights: float = 0.0
    weekends: float = 0.0
    holidays: float = 0.0

    def __add__(self, other: Load) -> Load:
        return Load(
            self.hours + other.hours,
            self.nights + other.nights,
            self.weekends + other.weekends,
            self.holidays + other.holidays,
        )


@dataclass(frozen=True, slots=True)
class Stretch:
    """A night, weekend, holiday or month: from when to when, and the month to which it belongs."""

    since: int
    until: int
    month: Month


def loads(
    plan: Plan, facts: Facts, first: Month, months: int = 1, *, until: int | None = None
) -> dict[Month, dict[str, Load]]:
    """Load by month and person, of so many months from the first on; nothing from `until` on counts.

    Who takes turns in a month is in it, also with nothing.
    """
    if not 1 <= months <= MONTHS_MAX:
        raise ValueError(f"figures are for 1 to {MONTHS_MAX} months")
    begin, end = _days(first, months)
    since, beyond = civil.instant(plan.zone, begin, 0), civil.instant(plan.zone, end + WEEK, 0)
    spans = shifts(plan, facts, since, beyond if until is None else min(until, beyond))
    found: dict[Month, dict[str, Load]] = defaultdict(lambda: defaultdict(Load))
    for stretch in _months(plan.zone, begin, end - 1):
        for person in members(plan, stretch.month):
            found[stretch.month][person] += Load()
    for stretch, person, held in _held(_months(plan.zone, begin, end - 1), spans):
        found[stretch.month][person] += Load(hours=held / HOUR)
    for stretch, person, held in _held(_nights(plan, begin, end - 1), spans):
        found[stretch.month][person] += Load(nights=held / (stretch.until - stretch.since))
    for stretch, person, held in _held(_weekends(plan, begin, end - 1), spans):
        found[stretch.month][person] += Load(weekends=held / (stretch.until - stretch.since))
    for stretch, person, held in _held(_holidays(plan, begin, end - 1), spans):
        found[stretch.month][person] += Load(holidays=held / (stretch.until - stretch.since))
    return {month: dict(people) for month, people in sorted(found.items())}


def totals(by_month: dict[Month, dict[str, Load]]) -> dict[str, Load]:
    """Everybody's load over all of it, the heaviest first."""
    found: dict[str, Load] = defaultdict(Load)
    for people in by_month.values():
        for person, load in people.items():
            found[person] += load
    return dict(sorted(found.items(), key=lambda item: (-item[1].hours, item[0])))


def members(plan: Plan, first: Month, months: int = 1) -> list[str]:
    """Who takes turns on the rota in those months: whether they held anything or not."""
    since, until = (civil.instant(plan.zone, day, 0) for day in _days(first, months))
    running = []
    for layer in plan.layers:
        end = layer.rotation.ends()
        if layer.rotation.begins(0) < until and (end is None or end > since):
            running.append(layer.layer.people)
    return list(dict.fromkeys(name for people in running for name in people))


def shares(total: dict[str, Load], among: Sequence[str]) -> dict[str, Load]:
    """The load of each of `among` as a multiple of an equal share of what they held together.

    1.0 is fair, 2.0 is twice what it should be, 0.0 has none of it. Others who held something have no share.
    """
    own = {person: load for person, load in total.items() if person in among}
    everything = sum(own.values(), Load())

    def of(part: float, whole: float) -> float:
        return part * len(own) / whole if whole else 0.0

    return {
        person: Load(
            of(load.hours, everything.hours),
            of(load.nights, everything.nights),
            of(load.weekends, everything.weekends),
            of(load.holidays, everything.holidays),
        )
        for person, load in own.items()
    }


def _held(stretches: Iterable[Stretch], spans: Sequence[Span]) -> Iterator[tuple[Stretch, str, int]]:
    """How long who held what of each stretch. Both come in order."""
    place = 0
    for stretch in stretches:
        while place < len(spans) and spans[place].until <= stretch.since:
            place += 1
        here = place
        while here < len(spans) and spans[here].since < stretch.until:
            held = min(spans[here].until, stretch.until) - max(spans[here].since, stretch.since)
            yield stretch, spans[here].duty.person, held
            here += 1


def _days(first: Month, months: int) -> tuple[int, int]:
    """The first day of those months, and the first after them."""
    following = date(first[0] + (first[1] - 1 + months) // 12, (first[1] - 1 + months) % 12 + 1, 1)
    return date(*first, 1).toordinal(), following.toordinal()


def _month(ordinal: int) -> Month:
    day = date.fromordinal(ordinal)
    return day.year, day.month


def _stretch(zone: ZoneInfo, ordinal: int, hours: Hours, *, last: bool = False) -> Iterator[Stretch]:
    since, until = civil.instant(zone, ordinal, hours.start), civil.instant(zone, ordinal, hours.end, last=last)
    if since < until:  # a day may have been skipped
        yield Stretch(since, until, _month(ordinal))


def _months(zone: ZoneInfo, first: int, last: int) -> Iterator[Stretch]:
    begin = date.fromordinal(first).replace(day=1)
    while begin.toordinal() <= last:
        following = date(begin.year + begin.month // 12, begin.month % 12 + 1, 1)
        days = (following - begin).days
        yield from _stretch(zone, begin.toordinal(), Hours(0, days * DAY_MINUTES))
        begin = following


def _nights(plan: Plan, first: int, last: int) -> Iterator[Stretch]:
    for ordinal in range(first, last + 1):
        yield from _stretch(plan.zone, ordinal, plan.rota.night, last=True)


def _weekends(plan: Plan, first: int, last: int) -> Iterator[Stretch]:
    """The days of the calendar's weekend that follow each other, as one."""
    weekend = plan.calendar.weekend if plan.calendar else (5, 6)
    for ordinal in range(first, last + 1):
        today = civil.weekday(ordinal)
        if today in weekend and (today - 1) % 7 not in weekend:
            days = 1
            while days < 7 and (today + days) % 7 in weekend:
                days += 1
            yield from _stretch(plan.zone, ordinal, Hours(0, days * DAY_MINUTES))


def _holidays(plan: Plan, first: int, last: int) -> Iterator[Stretch]:
    if plan.calendar is None:
        return
    for ordinal in range(first, last + 1):
        if plan.calendar.holiday(ordinal):
            yield from _stretch(plan.zone, ordinal, Hours(0, DAY_MINUTES))


@dataclass(frozen=True, slots=True)
class Relief:
    """`tired` was paged so often in this night that `by` is to be asked whether they take over."""

    tired: str
    by: str
    pages: int
    until: int  # the end of the night
    why: str


def night_at(plan: Plan, at: int) -> Stretch | None:
    """The night that it is then."""
    today = civil.day_of(plan.zone, at)
    return next((night for night in _nights(plan, today - 1, today) if night.since <= at < night.until), None)


def calls(pages: Iterable[int]) -> int:
    """How often somebody was called: what follows within `CALL_US` of a page belongs to the same call."""
    count, last = 0, None
    for page in sorted(pages):
        count += last is None or page >= last + CALL_US
        last = page
    return count


def relief(plan: Plan, facts: Facts, pages: Iterable[int], at: int) -> Relief | None:
    """Whether relief is to be offered now, by the instants of the pages to whoever is on call.

    Only within a night, only for pages of that night, and only if there is somebody else; whether it was offered
    already is for the caller to know.
    """
    if plan.rota.relief_after is None:
        return None
    night = night_at(plan, at)
    if night is None:
        return None
    count = calls(page for page in pages if night.since <= page <= at)
    if count < plan.rota.relief_after:
        return None
    second = backup(plan, facts, at)
    if second is None:
        return None
    tired = on_call(plan, facts, at).person
    why = f"{count} calls since {civil.shown(plan.zone, night.since)}; relief is offered after {plan.rota.relief_after}"
    return Relief(tired, second.person, count, night.until, why)
