"""Lone working: when somebody on site is asked for a sign of life, and when their silence is an alarm. Pure.

Any text of theirs is a sign, so nobody is asked who has just written. The end needs a word: when the time is over, they
are asked for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pydantic import Field

from gatewayd.model import SECOND
from gatewayd.oncall import civil, said_lengths
from gatewayd.oncall.hours import Name, Settings
from gatewayd.oncall.languages import ENGLISH
from gatewayd.oncall.visit_words import words_of
from gatewayd.oncall.wording import fitted, plain

QUIET_US = 300 * SECOND  # so long after a sign nobody is asked, not even at the end of their time
LONGEST_US = 16 * civil.HOUR
PLACE_MAX = 60


class SiteVisitSettings(Settings):
    """`[site_visits]`."""

    every_s: int = Field(1_800, ge=300, le=14_400)  # between a sign and the next question, where nobody says otherwise
    answer_within_s: int = Field(600, ge=60, le=3_600)  # then they are asked again, on every device
    again_within_s: int = Field(300, ge=60, le=3_600)  # then it is an alarm
    policy: Name | None = None  # by which it pages; else that of the service "site-visits", or the default


@dataclass(frozen=True, slots=True)
class Visit:
    """`asked`: 0 not since the last sign, 1 once, 2 on every device, 3 the alarm was raised."""

    heard_at: int
    every_us: int
    until: int
    asked: int = 0
    asked_at: int = 0


@dataclass(frozen=True, slots=True)
class Wait:
    at: int


@dataclass(frozen=True, slots=True)
class Ask:
    """`everywhere`: on every device; `over`: their time is over. `look_at`: when the answer must be there."""

    everywhere: bool
    over: bool
    look_at: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """Somebody must look for them."""


def decide(visit: Visit, settings: SiteVisitSettings, now: int) -> Wait | Ask | Alarm | None:
    """None: the alarm is raised, and others act."""
    within_us, again_us = settings.answer_within_s * SECOND, settings.again_within_s * SECOND
    over = now >= visit.until
    if visit.asked == 0:
        due_at = due(visit)
        return Wait(due_at) if now < due_at else Ask(everywhere=False, over=over, look_at=now + within_us)
    if visit.asked == 1:
        due_at = visit.asked_at + within_us
        return Wait(due_at) if now < due_at else Ask(everywhere=True, over=over, look_at=now + again_us)
    if visit.asked == 2:
        due_at = visit.asked_at + again_us
        return Wait(due_at) if now < due_at else Alarm()
    return None


def due(visit: Visit) -> int:
    """When they are asked next, if nothing is heard of them."""
    regular = visit.heard_at + visit.every_us
    if visit.heard_at >= visit.until:
        return regular
    return min(regular, max(visit.until, visit.heard_at + QUIET_US))


def answers(visit: Visit, settings: SiteVisitSettings, written: int) -> bool:
    """Whether a text written then is an answer to what they were asked last: not, if it was written before that."""
    within_us, again_us = settings.answer_within_s * SECOND, settings.again_within_s * SECOND
    since_first = {0: 0, 1: 0, 2: within_us, 3: within_us + again_us}[visit.asked]
    return visit.asked == 0 or written >= visit.asked_at - since_first


@dataclass(frozen=True, slots=True)
class Said:
    """`visit 2h at Leeds`. `until` None: no time was said."""

    until: int | None
    place: str


def read(text: str, zone: ZoneInfo, now: int, language: str = ENGLISH) -> Said:
    """What stands behind the word `visit`. Raises ValueError."""
    until, rest = said_lengths.taken_out(text, language, zone, now)
    return Said(until, said_lengths.place(rest, language)[:PLACE_MAX])


# --- words, in the language of who reads them


def started(place: str, until: str, every_s: int, *, lasts_s: int, language: str = ENGLISH, segments_max: int) -> str:
    words = words_of(language)
    asks = words.then if lasts_s <= every_s else words.every.format(minutes=every_s // 60)
    return _placed(words.started, place, language, segments_max, until=until, asks=asks)


def question(called: str, within_s: int, language: str = ENGLISH) -> str:
    return words_of(language).question.format(name=called, minutes=within_s // 60)


def last_question(called: str, until: str, within_s: int, language: str = ENGLISH) -> str:
    return words_of(language).last_question.format(name=called, until=until, minutes=within_s // 60)


def urgent(called: str, within_s: int, language: str = ENGLISH) -> str:
    return words_of(language).urgent.format(name=called, minutes=within_s // 60)


def alarm(called: str, place: str, last: str) -> str:
    """The summary of its incident: in English, and by `own_summaries` to whoever reads it in their language."""
    words = words_of(ENGLISH)
    at = words.place.format(place=plain(place)) if place else ""
    return words.alarm.format(name=called, at=at, last=last)


def answered(code: str, called: str, time: str, said: str, language: str = ENGLISH, *, segments_max: int) -> str:
    words = words_of(language)
    head = words.answered.format(code=code, name=called, time=time)
    return fitted(head, plain(said), words.open.format(code=code), segments_max)


def heard(code: str, called: str, time: str, by: str, language: str = ENGLISH) -> str:
    """To those who look for them: somebody else says that they are well."""
    words = words_of(language)
    return words.heard.format(code=code, name=called, time=time, by=by) + words.open.format(code=code)


def ended(called: str, time: str, language: str = ENGLISH) -> str:
    return words_of(language).ended.format(name=called, time=time)


def too_old(time: str, language: str = ENGLISH) -> str:
    """To what was written before we asked, or before they wrote something else."""
    return words_of(language).too_old.format(time=time)


def runs(place: str, until: str, language: str = ENGLISH, *, segments_max: int) -> str:
    return _placed(words_of(language).runs, place, language, segments_max, until=until)


def nothing_runs(language: str = ENGLISH) -> str:
    return words_of(language).nothing_runs


def too_long(language: str = ENGLISH) -> str:
    return words_of(language).too_long.format(hours=LONGEST_US // civil.HOUR)


def no_time(language: str = ENGLISH) -> str:
    return words_of(language).no_time


def _placed(frame: str, place: str, language: str, segments_max: int, **fields: str) -> str:
    """With as much of the place as there is room for."""
    head, tail = (part.format(**fields) for part in frame.split("{at}"))
    if not place:
        return head + tail
    before, behind = words_of(language).place.split("{place}")
    return fitted(head + before, plain(place), behind + tail, segments_max)
