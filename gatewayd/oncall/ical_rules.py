"""By which times an event of a calendar repeats (RRULE, RFC 5545 3.3.10), by dateutil; the one place that knows it.

Times of the wall alone, whatever the clocks do. No rule costs more than its `Steps`, and none is walked farther than it
is asked for: one that never comes would be looked for until the year 9999.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gatewayd.oncall.ical_parts import CalendarError

STEPS_MAX = 100_000  # of one file: a quarter of a second
INTERVAL_MAX = 10_000
TIMES_A_DAY_MAX = 24
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAYS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}
_NUMBERS = {  # the largest; those marked may count from the end
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYSETPOS": (-366, 366),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSECOND": (0, 59),
}
_ONCE = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "RSCALE", "SKIP")
_BYDAY = re.compile(r"([+-]?[1-9][0-9]?)?(MO|TU|WE|TH|FR|SA|SU)")


class RuleError(Exception):
    """This rule is not followed, and why."""


class Steps:
    """How much work the rules of one file may still be."""

    def __init__(self, left: int = STEPS_MAX) -> None:
        self._left = left

    def take(self, number: int = 1) -> None:
        """Raises CalendarError when it was too much."""
        self._left -= number
        if self._left < 0:
            raise CalendarError("its series are too much work: end what is long over")


@dataclass(frozen=True, slots=True)
class Rule:
    frequency: str
    interval: int
    count: int | None
    until: str  # as it is written; "" has no end
    week_start: int
    weekdays: tuple[tuple[int, int], ...]  # Monday is 0, and which of the month or year; 0 is each
    numbers: Mapping[str, tuple[int, ...]]


def rule(text: str) -> Rule:
    """Raises RuleError."""
    told: dict[str, str] = {}
    for part in text.upper().strip().strip(";").split(";"):
        name, equals, value = part.strip().partition("=")
        if not equals or name in told:
            raise RuleError("its rule cannot be read")
        told[name] = value.strip()
    for name, value in told.items():
        if name not in _ONCE and name not in _NUMBERS:
            raise RuleError(f"its rule has a {name[:20]}, which is not followed")
        if (name, value) in (("RSCALE", "GREGORIAN"), ("SKIP", "OMIT")):
            continue
        if name in ("RSCALE", "SKIP"):
            raise RuleError(f"its rule has a {name}, which is not followed")
    frequency = told.get("FREQ", "")
    if frequency in ("HOURLY", "MINUTELY", "SECONDLY"):
        raise RuleError("it repeats by the hour, minute or second, which is not followed")
    if frequency not in _DAYS or told.get("WKST", "MO") not in WEEKDAYS:
        raise RuleError("its rule cannot be read")
    numbers = {name: _numbers(told[name], *limits) for name, limits in _NUMBERS.items() if name in told}
    times = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= len(numbers.get(name, (0,)))
    if times > TIMES_A_DAY_MAX:
        raise RuleError(f"it repeats more than {TIMES_A_DAY_MAX} times a day")
    return Rule(
        frequency,
        _number(told.get("INTERVAL", "1"), INTERVAL_MAX),
        _number(told["COUNT"], 10**12) if "COUNT" in told else None,
        told.get("UNTIL", ""),
        WEEKDAYS.index(told.get("WKST", "MO")),
        _weekdays(told) if "BYDAY" in told else (),
        numbers,
    )


def _number(text: str, most: int) -> int:
    if not re.fullmatch("[0-9]{1,13}", text) or not 1 <= int(text) <= most:
        raise RuleError("its rule cannot be read")
    return int(text)


def _numbers(text: str, least: int, most: int) -> tuple[int, ...]:
    found = set()
    for part in text.split(","):
        if (
            not re.fullmatch("[+-]?[0-9]{1,3}", part)
            or not least <= int(part) <= most
            or (least < 0 and int(part) == 0)
        ):
            raise RuleError("its rule cannot be read")
        found.add(int(part))
    return tuple(sorted(found))


def _weekdays(told: Mapping[str, str]) -> tuple[tuple[int, int], ...]:
    found = set()
    most = 0 if told["FREQ"] in ("DAILY", "WEEKLY") else 5 if told["FREQ"] == "MONTHLY" or "BYMONTH" in told else 53
    for part in told["BYDAY"].split(","):
        day = _BYDAY.fullmatch(part.strip())
        if day is None or abs(int(day[1] or 0)) > most:
            raise RuleError("its rule cannot be read")
        found.add((WEEKDAYS.index(day[2]), int(day[1] or 0)))
    return tuple(sorted(found))


class _EndError(Exception):
    """There is no need to look any farther."""


class _Stride(int):
    """An interval that ends the walk after so many steps: the library asks for an end only when it finds a time."""

    limit: int
    weight: int
    steps: Steps

    def _taken(self) -> None:
        self.limit -= 1
        self.steps.take(self.weight)
        if self.limit < 0:
            raise _EndError

    def __radd__(self, other: int) -> int:
        self._taken()
        return other + int(self)

    def __mul__(self, other: int) -> int:
        self._taken()
        return int(self) * other


def walls(rule: Rule, first: datetime, since: datetime, until: datetime, steps: Steps) -> Iterator[datetime]:
    """The times of the rule in order, the first one always among them; those before `since` may be left out.

    Ends at some time after `until`. Raises CalendarError when the file's work is done.
    """
    left = rule.count
    yield first
    origin = first
    if rule.frequency == "WEEKLY":  # a whole week, as its days are chosen from
        origin = first - timedelta(days=(first.weekday() - rule.week_start) % 7)
    if left is None and rule.frequency in ("DAILY", "WEEKLY"):
        length = timedelta(days=rule.interval * _DAYS[rule.frequency])
        origin += max(0, (since - origin) // length) * length
    try:
        for wall in _library(rule, first, origin, until, steps):
            steps.take()
            if left is not None and left <= 1:
                return
            if wall <= first:
                continue
            yield wall
            left = None if left is None else left - 1
    except (_EndError, OverflowError):
        return


def _library(rule: Rule, first: datetime, origin: datetime, until: datetime, steps: Steps) -> Iterator[datetime]:
    from dateutil import rrule  # late: most commands ask for none

    days = _DAYS[rule.frequency]
    values = len(rule.weekdays) + sum(map(len, rule.numbers.values()))
    stride = _Stride(rule.interval)
    stride.limit = max(0, (until - origin).days) // (rule.interval * min(days, 365 if days > 31 else 28)) + 1
    stride.weight = 1 + days * (1 + len(rule.numbers.get("BYSETPOS", ()))) * (1 + values // 10) // 30
    stride.steps = steps
    steps.take(stride.weight)
    by: dict[str, Any] = {name.lower(): list(numbers) for name, numbers in rule.numbers.items()}
    if rule.weekdays:
        by["byweekday"] = [rrule.weekday(day, which or None) for day, which in rule.weekdays]
    elif rule.frequency == "WEEKLY":
        by["byweekday"] = first.weekday()
    frequency = getattr(rrule, rule.frequency)
    found: Iterator[datetime] = iter(
        rrule.rrule(frequency, dtstart=origin, interval=stride, wkst=rule.week_start, **by)
    )
    return found
