"""Overrides from a calendar that somebody keeps elsewhere: each event names in its title who has the duty.

Lenient with what calendars write, strict with what is damaged: a file that was cut off raises CalendarError and counts
for nothing, since fewer overrides than meant would page the wrong person. What cannot be read of a sound file is left
out with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from gatewayd.oncall import civil
from gatewayd.oncall.changes import CHANGE_DAYS_MAX
from gatewayd.oncall.cover import Override
from gatewayd.oncall.duty import AHEAD_DAYS, Span
from gatewayd.oncall.ical import is_ours
from gatewayd.oncall.ical_parts import CalendarError, Part, calendars
from gatewayd.oncall.ical_rules import Steps
from gatewayd.oncall.ical_series import REPEATS, Series, limited, name_of, single_time
from gatewayd.oncall.ical_times import Clock, LeftOutError, Length, Time, shown
from gatewayd.oncall.ical_titles import on_duty

EVENTS_MAX = 2_000
SCHEDULE = "On Call Schedule for "  # with its name, as PagerDuty calls its calendars; it stands in each title, too
METHODS = ("", "PUBLISH", "REQUEST")
SENTENCES_MAX = 50
NOTE_CHARS_MAX = 200
UID_CHARS_MAX = 1_000

Key = tuple[str, str]  # of an event, and which of its times; "" is all of it


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of it: each event is among the overrides or told of in `left_out`, in sentences for the operator.

    `events` are those of which the file tells everything, also that they are cancelled or nobody's: what was taken
    over of them before and is not among the overrides is to end. So is what is `cancelled`, single times of others.
    """

    overrides: tuple[Override, ...]
    left_out: tuple[str, ...]
    events: frozenset[str] = frozenset()
    cancelled: frozenset[Key] = frozenset()
    assumed: tuple[str, ...] = ()

    def without_turns(self, rota: str, shifts: Iterable[Span]) -> Imported:
        """Without what the rota has by itself, as it stands in its own calendar: an override would keep it for ever."""
        there = {(span.duty.person, span.since, span.until) for span in shifts}
        turns = [o for o in self.overrides if is_ours(o.event, rota) and (o.person, o.since, o.until) in there]
        if not turns:
            return self
        said = f"{len(turns)} event{' is' if len(turns) == 1 else 's are'} as the rota has it by itself"
        gone = {o.event for o in turns}
        left = tuple(o for o in self.overrides if o.event not in gone)
        return replace(self, overrides=left, left_out=(*self.left_out, said))

    def against(self, known: Iterable[Override]) -> tuple[frozenset[Key], list[Override]]:
        """Of what the rota has: which of the overrides are there already, and what is to end."""
        wanted = {(o.event, o.instance): (o.person, o.since, o.until) for o in self.overrides}
        stay, ending = set(), []
        for old in known:
            key = (old.event, old.instance)
            if not old.event:
                continue
            if key not in stay and wanted.get(key) == (old.person, old.since, old.until):
                stay.add(key)
            elif old.event in self.events or key in self.cancelled or key in wanted:
                ending.append(old)
        return frozenset(stay), ending


@dataclass(slots=True)
class _Found:
    """What of an event is in the file: how it is as a whole, and single times of it that are otherwise."""

    whole: tuple[Part, Part] | None = None  # with its calendar
    single: list[tuple[Part, Part]] = field(default_factory=list)

    @property
    def tells_all(self) -> bool:
        """Not so an answer to an invitation."""
        return self.whole is not None and _method(self.whole[1]) in (*METHODS, "CANCELLED")


@dataclass(slots=True)
class _Reader:
    rota: str
    title: str
    people: Mapping[str, str]
    now: int
    clock: Clock
    steps: Steps = field(default_factory=Steps)
    overrides: list[Override] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    cancelled: set[Key] = field(default_factory=set)
    gone: int = 0
    over: int = 0
    endless: int = 0

    @property
    def horizon(self) -> int:
        return self.now + AHEAD_DAYS * civil.DAY

    def take(self, uid: str, found: _Found) -> None:
        """All of one event."""
        if found.whole is not None:
            self._told(uid, *found.whole, found.single)
        for event, calendar in found.single:
            self._told(uid, event, calendar)

    def _told(self, uid: str, event: Part, calendar: Part, otherwise: list[tuple[Part, Part]] | None = None) -> None:
        """As a whole, and which single times are otherwise; None: it is one of these."""
        try:
            if "CANCELLED" in (event.text("STATUS").upper(), _method(calendar)):
                if otherwise is None:
                    self.cancelled.add((uid, name_of(single_time(self.clock, event, calendar))))
                self.gone += 1
                return
            person = self._person(uid, event, calendar)
            begin = self.clock.of(event, "DTSTART", calendar)
            length = self._length(event, begin, calendar)
            found, goes_on = {"": (begin, length)}, False
            if otherwise is None:
                found = {name_of(single_time(self.clock, event, calendar)): (begin, length)}
            elif otherwise or any(name in event.values for name in REPEATS):
                series = Series(event, calendar, begin, length, otherwise)
                ahead = series.ahead(self.clock, self.steps, now=self.now, until=self.horizon)
                found, goes_on = ahead.times, ahead.goes_on
            booked = self._book(uid, person, self._made_at(event, calendar), found)
            self.endless += goes_on
            self.over += not booked and not goes_on
        except LeftOutError as why:
            self.left_out.append(f"{shown(event.text('SUMMARY') or uid)}: {why}")

    def _person(self, uid: str, event: Part, calendar: Part) -> str:
        if _method(calendar) not in METHODS:
            raise LeftOutError(f"it is a {shown(_method(calendar))}, which gives nobody a duty")
        if len(uid) > UID_CHARS_MAX:
            raise LeftOutError(f"its UID is longer than {UID_CHARS_MAX} characters")
        of = calendar.text("X-WR-CALNAME")
        schedule = of.removeprefix(SCHEDULE) if of.startswith(SCHEDULE) else ""
        person, why = on_duty(event.text("SUMMARY"), self.people, (self.rota, self.title, schedule))
        if person is None:
            raise LeftOutError(why)
        return person

    def _length(self, event: Part, begin: Time, calendar: Part) -> Length:
        length = self.clock.length(event, begin, calendar)
        lasts = length.end(begin) - begin.instant()
        if lasts <= 0:
            raise LeftOutError("it ends before it begins")
        if lasts > CHANGE_DAYS_MAX * civil.DAY:
            raise LeftOutError(f"it lasts longer than {CHANGE_DAYS_MAX} days")
        return length

    def _made_at(self, event: Part, calendar: Part) -> int:
        for name in ("LAST-MODIFIED", "DTSTAMP"):
            if name in event.values:
                return min(self.now, self.clock.of(event, name, calendar).instant())
        return self.now

    def _book(self, uid: str, person: str, made_at: int, found: Mapping[str, tuple[Time, Length]]) -> int:
        """Those that are not over; how many they are."""
        note, before = uid[:NOTE_CHARS_MAX], len(self.overrides)
        for which, (begin, length) in found.items():
            since, until = begin.instant(), length.end(begin)
            if max(since, self.now) < until:
                told = Override(self.rota, person, since, until, made_at, note=note, event=uid, instance=which)
                self.overrides.append(told)
        limited(len(self.overrides))
        return len(self.overrides) - before

    def sentences(self, older: int) -> list[str]:
        """Those of single events, and one for each kind of the others."""
        said = self.left_out[:SENTENCES_MAX]
        if len(self.left_out) > SENTENCES_MAX:
            said.append(f"and {len(self.left_out) - SENTENCES_MAX} more")
        for number, what in ((self.gone, "cancelled"), (self.over, "over"), (older, "replaced by a newer version")):
            if number:
                said.append(f"{number} event{' is' if number == 1 else 's are'} {what}")
        if self.endless:
            series = "1 series goes" if self.endless == 1 else f"{self.endless} series go"
            day = civil.shown(self.clock.zone, self.horizon, year=True)
            said.append(f"{series} on after {day}: take the calendar over again before then")
        return said


def read_overrides(
    octets: bytes, *, rota: str, zone: ZoneInfo, people: Mapping[str, str], now: int, title: str = ""
) -> Imported:
    """The overrides for that rota. `people` is what `called` returns; `title` is the rota's.

    Times without a zone are those of the calendar's, or of `zone`. What repeats is taken for as long ahead as rotas
    are checked. Raises CalendarError.
    """
    reader = _Reader(rota, title, people, now, Clock(zone))
    found, older = _newest(calendars(octets))
    for uid, event in found.items():
        reader.take(uid, event)
    reader.overrides.sort(key=lambda o: (o.since, o.made_at))
    return Imported(
        tuple(reader.overrides),
        tuple(reader.sentences(older)),
        frozenset(uid for uid, event in found.items() if event.tells_all),
        frozenset(reader.cancelled),
        tuple(reader.clock.assumed)[:SENTENCES_MAX],
    )


def _newest(found: list[Part]) -> tuple[dict[str, _Found], int]:
    """The last version of each event, of those alike the later; and how many others there are."""
    newest: dict[Key, tuple[int, Part, Part]] = {}
    events = [(event, calendar) for calendar in found for event in calendar.parts if event.name == "VEVENT"]
    if len(events) > EVENTS_MAX:
        raise CalendarError(f"there are more than {EVENTS_MAX} events")
    for number, (event, calendar) in enumerate(events):
        key = (event.text("UID") or f"event {number + 1}", event.text("RECURRENCE-ID"))
        version = event.text("SEQUENCE")
        rank = int(version) if re.fullmatch("[0-9]{1,9}", version) else 0
        if key not in newest or rank >= newest[key][0]:
            newest[key] = (rank, event, calendar)
    whole: dict[str, _Found] = {}
    for (uid, which), (_, event, calendar) in newest.items():
        told = whole.setdefault(uid, _Found())
        if which:
            told.single.append((event, calendar))
        else:
            told.whole = (event, calendar)
    return whole, len(events) - len(newest)


def _method(calendar: Part) -> str:
    method = calendar.text("METHOD").upper()
    return "CANCELLED" if method == "CANCEL" else method
