"""What a year was like: figures of one life of it, and what must not be in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median

from proofs.year.air import a_way_to
from proofs.year.behaviour import TEAM
from proofs.year.faults import Fault
from proofs.year.lives import Life, stays
from proofs.year.people import FOLDED, PAGE, Shown

LATE_S = 86_400.0  # an answer after this is none
CLOSE_S = 240.0  # two texts within this time are one too many
REACHABLE_S = 900  # for so long there was a way to somebody: then somebody must have been reached
LOOK_S = 60


@dataclass(slots=True)
class Figures:
    way: str
    faults: int
    within: dict[int, float] = field(default_factory=dict)  # minutes -> share
    median_s: float = 0.0
    longest_s: float = 0.0
    unanswered: int = 0  # nobody took it within a day, or before it ended
    never_reached: int = 0  # and no text about it was on any screen
    forgotten: list[int] = field(default_factory=list)  # of those: there was a way to somebody
    slow: list[int] = field(default_factory=list)  # over half an hour, though there was a way to somebody all the time
    night_pages: float = 0.0  # for each person and night
    night_others: float = 0.0
    worst_night: int = 0
    copies: int = 0
    copies_of_network: int = 0  # one text that the network showed twice
    marked: int = 0
    texts: int = 0


def figures(life: Life, *, kinds: tuple[str, ...] = ()) -> Figures:
    """Of critical faults that stay; `kinds`: of these alone."""
    wanted = [f for f in life.faults if f.critical and stays(f) and (not kinds or f.kind in kinds)]
    found = Figures(life.way, len(wanted), texts=len(life.shown))
    waits: list[float] = []
    for fault in wanted:
        taken = life.acknowledged.get(fault.number)
        waited = None if taken is None else taken[0] - fault.begins
        if waited is not None and waited <= LATE_S:
            waits.append(waited)
            if waited > 1_800 and _ways_s(life, fault, taken_at=fault.begins + waited) >= waited - 120:
                found.slow.append(fault.number)
            continue
        found.unanswered += 1
        if fault.number not in life.reached:
            found.never_reached += 1
            if _ways_s(life, fault, taken_at=fault.begins + (fault.lasts_s or LATE_S)) >= REACHABLE_S:
                found.forgotten.append(fault.number)
    for minutes in (5, 10, 15):
        found.within[minutes] = sum(w <= minutes * 60 for w in waits) / max(1, len(wanted))
    found.median_s, found.longest_s = (median(waits), max(waits)) if waits else (0.0, 0.0)
    _nights(life, found)
    _copies(life, found)
    return found


def _ways_s(life: Life, fault: Fault, *, taken_at: float) -> int:
    """For how long, of that time, somebody could be reached."""
    times = range(int(fault.begins), int(taken_at), LOOK_S)
    people = life.world.people.values()
    return LOOK_S * sum(any(a_way_to(life.world, p, at) and at not in p.absent for p in people) for at in times)


def _nights(life: Life, found: Figures) -> None:
    pages: defaultdict[tuple[str, int], int] = defaultdict(int)
    others = 0
    for text in life.shown:
        if not text.night:
            continue
        if PAGE.match(text.words) or FOLDED.search(text.words):
            pages[text.person, int((text.at + 43_200) // 86_400)] += 1
        else:
            others += 1
    nights = len(TEAM) * life.days
    found.night_pages, found.night_others = sum(pages.values()) / nights, others / nights
    found.worst_night = max(pages.values(), default=0)


def _copies(life: Life, found: Figures) -> None:
    last: dict[tuple[str, str, str], Shown] = {}
    for text in life.shown:
        if not PAGE.match(text.words):
            continue
        plain = text.words.removeprefix("(rpt) ")
        key = text.person, text.kind, plain
        before = last.get(key)
        if before is not None and text.at - before.at < CLOSE_S:
            if plain != text.words:
                found.marked += 1
            elif before.message == text.message:
                found.copies_of_network += 1
            else:
                found.copies += 1
        last[key] = text
