"""Lone working: when somebody on site is asked for a sign of life, and when their silence is an alarm. Pure.

Any text of theirs is a sign, so nobody is asked who has just written. The end needs a word: when the time is over, they
are asked for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pydantic import Field

from gatewayd.model import SECOND
from gatewayd.oncall import civil, said_times
from gatewayd.oncall.hours import Name, Settings
from gatewayd.oncall.wording import fitted, plain

QUIET_US = 300 * SECOND  # so long after a sign nobody is asked, not even at the end of their time
LONGEST_US = 16 * civil.HOUR
PLACE_MAX = 60
_LENGTH = re.compile(r"(?<!\S)(?:for )?([0-9]{1,2}) ?(h|hrs?|hours?|m|mins?|minutes?)(?![^\s.,;!])", re.IGNORECASE)
_ENDS = re.compile(r"(?<!\S)for ([0-9]{1,2}) ?(h|hours?|m|mins?|minutes?)[.! ]*$", re.IGNORECASE)
_UNTIL = re.compile(
    r"(?<!\S)(?:until |till |til )?([0-9]{1,2}(?::[0-9]{2})? ?[ap]m|[0-9]{1,2}:[0-9]{2})(?![^\s.,;!])", re.IGNORECASE
)


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


def read(text: str, zone: ZoneInfo, now: int) -> Said:
    """What stands behind the word `visit`. Raises ValueError."""
    until: int | None = None
    if found := _LENGTH.search(text):
        unit = civil.HOUR if found[2].lower().startswith("h") else civil.MINUTE
        until = now + int(found[1]) * unit
    elif found := _UNTIL.search(text):
        until = said_times.read(found[1], "en", zone, after=now)
    rest = text[: found.start()] + " " + text[found.end() :] if found else text
    words = [
        word for word in re.sub(r"[,.;]", " ", rest).split() if word.lower() not in ("at", "in", "on", "to", "for")
    ]
    return Said(until, " ".join(words)[:PLACE_MAX])


def for_how_long(text: str) -> tuple[int | None, str]:
    """ "mail is down for 3h" -> (three hours, "mail is down"); without a length at its end, the text as it is."""
    found = _ENDS.search(text)
    if found is None:
        return None, text
    unit = civil.HOUR if found[2].lower().startswith("h") else civil.MINUTE
    return int(found[1]) * unit, text[: found.start()].rstrip(" ,.;")


# --- words


def _at(place: str) -> str:
    return f" at {plain(place)}" if place else ""


def started(place: str, until: str, every_s: int, *, lasts_s: int, segments_max: int) -> str:
    asks = "then" if lasts_s <= every_s else f"every {every_s // 60} min"
    tail = f" until {until}. I ask {asks}, any reply will do. When you are out: home"
    return fitted("On site", _at(place), tail, segments_max)


def question(called: str, within_s: int) -> str:
    return f"{called}, are you all right? Reply ok within {within_s // 60} min, or home when you are out"


def last_question(called: str, until: str, within_s: int) -> str:
    return (
        f"{called}, your time on site was until {until}. Reply home, or visit 1h to stay, within {within_s // 60} min"
    )


def urgent(called: str, within_s: int) -> str:
    return f"{called}, no answer from you. Reply ok now: in {within_s // 60} min others are sent to look for you"


def alarm(called: str, place: str, last: str) -> str:
    return f"{called}, on site{_at(place)}, has not answered since {last}"


def answered(code: str, called: str, at: str, words: str, *, segments_max: int) -> str:
    return fitted(
        f"{code}: {called} wrote at {at}: ", plain(words), f". Still open: ring them, then done {code}", segments_max
    )


def ended(called: str, at: str) -> str:
    return f"Your visit ended at {at}, {called}. Nobody watches now. Not you? Write visit 1h"


def too_old(at: str) -> str:
    """To what was written before we asked, or before they wrote something else."""
    return f"Your text is from {at}, too old to count. Reply ok, or home when you are out"


def runs(place: str, until: str) -> str:
    return (
        f"You are watched{_at(place)} until {until}. Write visit 2h or visit until 18:00 to change it, home to end it"
    )


def nothing_runs() -> str:
    return "No visit of yours is watched. Write visit 2h, or visit until 18:00"
