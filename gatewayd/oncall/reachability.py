"""Silent phones: which one is tested and when, and what a test that nobody heard of means. Pure.

A phone that gave a sign within `test_after` (a receipt, a reply) is left alone. Any other gets one short text in the
daytime of its owner, never on a holiday or while they are absent. What the network says of that text decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints

from gatewayd.oncall import civil, hours
from gatewayd.oncall.directory import Audience
from gatewayd.oncall.hours import Calendar, Hours, HoursText, Name, Settings, Window, WorkingWindow
from gatewayd.oncall.languages import ENGLISH
from gatewayd.oncall.notice_words import words_of

AGAIN_US = civil.DAY  # a phone that is silent is tested again after this
SPREAD_US = civil.HOUR  # tests of one morning are spread over this
AHEAD_DAYS = (8, 60)
Length = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,2}[hd]$")]


class ReachabilitySettings(Settings):
    """`[reachability]`. Without `test_after` nothing is tested."""

    test_after: Length | None = None  # "3d", "12h": no sign of a phone for so long, and it is tested
    heard_within_s: int = Field(14_400, ge=300, le=86_400)  # a test that is not heard of for so long has failed
    calendar: Name | None = None  # whose working hours are daytime for people who are on no rota with a calendar
    hours: HoursText = Hours(10 * 60, 16 * 60)  # daytime where there is no calendar: Monday to Friday
    tell: tuple[Audience, ...] = Field((), max_length=20)  # who is told of a silent phone, beside its owner

    @property
    def after_us(self) -> int:
        told = self.test_after or "0d"
        return int(told[:-1]) * (civil.HOUR if told.endswith("h") else civil.DAY)


@dataclass(frozen=True, slots=True)
class Daytime:
    """When somebody may be sent a test: the windows of their zone, without holidays and absences."""

    zone: ZoneInfo
    windows: Sequence[Window]
    calendar: Calendar | None = None
    away: Sequence[tuple[int, int]] = ()

    def first(self, at: int, *, spread_us: int = 0) -> int | None:
        """The first instant from `at` on; of a window that is to come a little after its beginning."""
        for days in AHEAD_DAYS:
            for start, end in hours.spans_of(self.zone, self.windows, self.calendar, at, at + days * civil.DAY):
                found = at if start <= at else start + min(spread_us, (end - start) // 2)
                for since, until in sorted(self.away):
                    if since <= found < until:
                        found = until
                if found < end:
                    return found
        return None


def daytime(
    zone: ZoneInfo, calendar: Calendar | None, settings: ReachabilitySettings, away: Sequence[tuple[int, int]]
) -> Daytime:
    """The calendar's working hours; without any, weekdays in the hours of the settings."""
    if calendar is not None and calendar.working:
        return Daytime(civil.zone_named(calendar.zone), calendar.working, calendar, away)
    weekdays = (WorkingWindow(days=tuple(range(5)), hours=settings.hours),)
    return Daytime(zone, weekdays, calendar, away)


Fate = Literal["under way", "lost", "unknown"]  # of the test's text, while no sign came


@dataclass(frozen=True, slots=True)
class Phone:
    """`reached_at`: its last sign. `tested_at`: of the test that runs, and `fate` what became of its text."""

    reached_at: int | None
    tested_at: int | None = None
    fate: Fate = "under way"
    silent_at: int | None = None  # of the test that failed, if it has given no sign since


@dataclass(frozen=True, slots=True)
class Try:
    """Send it a text now, and look again then."""

    look_at: int


@dataclass(frozen=True, slots=True)
class Look:
    """`became`: what the last test says of it now; "" = nothing new."""

    at: int
    became: Literal["", "reached", "silent", "unknown"] = ""


def decide(phone: Phone, day: Daytime, settings: ReachabilitySettings, now: int, *, spread_us: int = 0) -> Try | Look:
    """What is next for one phone."""
    within_us = settings.heard_within_s * civil.MINUTE // 60
    heard = phone.reached_at is not None and phone.reached_at >= max(phone.tested_at or 0, phone.silent_at or 0)
    if heard and (phone.tested_at is not None or phone.silent_at is not None):
        assert phone.reached_at is not None
        return Look(_daily(day, max(now, phone.reached_at + settings.after_us), spread_us), "reached")
    if phone.tested_at is not None:
        over_at = phone.tested_at + within_us
        if phone.fate != "lost" and now < over_at:
            return Look(over_at)
        again = _daily(day, max(now, phone.tested_at + AGAIN_US), spread_us)
        return Look(again, "unknown" if phone.fate == "unknown" else "silent")
    due_at = now if phone.reached_at is None else phone.reached_at + settings.after_us
    if phone.silent_at is not None:
        due_at = phone.silent_at + AGAIN_US
    if due_at > now or day.first(now) != now:
        return Look(_daily(day, max(now, due_at), spread_us))
    return Try(now + within_us)


def _daily(day: Daytime, at: int, spread_us: int) -> int:
    return day.first(at, spread_us=spread_us) or at + civil.DAY


def test_words(called: str, language: str = ENGLISH) -> str:
    return words_of(language).phone_test.format(name=called)


def silent_words(called: str, device: str, last: str, language: str = ENGLISH, *, own: bool) -> str:
    """To its owner on another device, or to whoever looks after the rota."""
    words = words_of(language)
    since = words.last.format(time=last) if last else words.never
    return (words.silent_own if own else words.silent).format(name=called, device=device, since=since)
