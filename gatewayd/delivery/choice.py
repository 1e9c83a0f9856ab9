"""By which way a text goes now, and why. Pure: facts in, a lane with its reason out.

A critical text takes the quickest way that is up; any other the cheapest of those that are there within the patience
of its priority, even if it has to wait a little for it. Ways of equal merit make one lane: whichever is free first
takes the text. A way that a rule forbids is never in a lane, and none is before its hours.

A number that was texted lately is texted by the same SIM, so that its answers come back to one: whatever that costs,
but only if it is there within the patience. A critical text never waits for it: it is only the first to be asked.

A page does not wait for hours or an allowance, however cheap they are: it would move on to the next device, or the next
person, while another way is open. So of ways that are up it has those that are ready, if there is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gatewayd.delivery.plan import MILLION
from gatewayd.model import SECOND, Priority

ALIKE_S = 2.0  # a way that is later by no more than this is as quick
NEVER = 1 << 62
LAST_RESORT = 4


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why something should rather go by another way. Of ways that are up only those of the least `resort` count."""

    resort: int
    why: str


TRUSTED = Doubt(0, "")


@dataclass(frozen=True, slots=True)
class Facts:
    """One way and one text. Times are microseconds UTC, `cost` that of all its parts in millionths."""

    name: str
    cost: int = 0
    own_s: float = 5.0  # until the network has it, once it is its turn
    ahead_s: float = 0.0  # what goes before it
    up: bool = True
    trouble: str = ""  # why it is not up
    open_at: int = 0  # NEVER: it has no hours soon
    free_at: int = 0  # when its allowance has room
    held: str = ""  # why it is not open or free, in words
    shortly: bool = False  # it is held so shortly that a page waits as well
    forbidden: str = ""  # the rule
    sticky: bool = False  # it texted this number last
    doubt: Doubt = TRUSTED

    def ready_at(self, now: int) -> int:
        return max(now, self.open_at, self.free_at)

    def takes_page(self, now: int) -> bool:
        return self.shortly or self.ready_at(now) <= now

    def there_at(self, now: int) -> int:
        """When the network would have the text."""
        return self.ready_at(now) + int((self.own_s + self.ahead_s) * SECOND)


@dataclass(frozen=True, slots=True)
class Choice:
    """`lane`: whichever is free first; empty: there is no way. `told`: each way and what speaks for or against it."""

    lane: tuple[str, ...]
    at: int
    reason: str
    told: tuple[tuple[str, str], ...] = ()
    first: str = ""  # of a lane of several: to be asked first


def choose(
    ways: Sequence[Facts], *, priority: int, within_s: float, expires_at: int, now: int, page: bool = False
) -> Choice:
    """`within_s` is the patience of the priority; a critical text has none."""
    lane, at, reason = _chosen(ways, priority=priority, within_s=within_s, expires_at=expires_at, now=now, page=page)
    told = tuple((way.name, _told(way, now)) for way in ways)
    first = next((way.name for way in ways if way.sticky and way.name in lane), "") if len(lane) > 1 else ""
    return Choice(lane, at, reason, told, first)


def _chosen(
    ways: Sequence[Facts], *, priority: int, within_s: float, expires_at: int, now: int, page: bool
) -> tuple[tuple[str, ...], int, str]:
    permitted = [way for way in ways if not way.forbidden and way.open_at < NEVER]
    if not permitted:
        against = "; ".join(dict.fromkeys(f"{way.name} is {_told(way, now)}" for way in ways))
        return (), now, f"no way: {against}" if against else "no way: no channel takes it"
    usable = [way for way in permitted if way.up]
    if not usable:
        return *_ready(permitted, now), f"none of {_names(permitted)} is up; whichever is first"
    if page:
        usable = [way for way in usable if way.takes_page(now)] or usable
    least_doubted = min(way.doubt.resort for way in usable)
    usable = [way for way in usable if way.doubt.resort == least_doubted]
    if priority != Priority.CRITICAL:
        latest = min(now + int(within_s * SECOND), expires_at)
        in_time = [way for way in usable if way.there_at(now) <= latest]
        if sticky := [way for way in in_time if way.sticky]:
            return *_ready(sticky, now), "it texted this number last"
        if in_time:
            least = min(way.cost for way in in_time)
            lane, at = _ready([way for way in in_time if way.cost == least], now)
            return lane, at, _why_cheapest(in_time, least, within_s) + _until(in_time, lane, at, now)
    soonest = min(way.there_at(now) for way in usable)
    quick = [way for way in usable if way.ready_at(now) + int(way.own_s * SECOND) <= soonest + int(ALIKE_S * SECOND)]
    lane, at = _ready(quick, now)
    why = "the only way"
    if len(permitted) > 1:
        late = "" if priority == Priority.CRITICAL else f"none is there within {within_s:.0f} s; "
        why = f"{late}the quickest of {_names(usable)}"
    return lane, at, why + _until(quick, lane, at, now)


def _until(ways: Sequence[Facts], lane: tuple[str, ...], at: int, now: int) -> str:
    """What it waits for, if it waits."""
    held = next((way.held for way in ways if way.name in lane and at > now), "")
    return f"; {held}" if held else ""


def _ready(ways: Sequence[Facts], now: int) -> tuple[tuple[str, ...], int]:
    """Those of them that are ready first, and when."""
    at = min(way.ready_at(now) for way in ways)
    return tuple(way.name for way in ways if way.ready_at(now) <= at), at


def _why_cheapest(in_time: Sequence[Facts], least: int, within_s: float) -> str:
    if len(in_time) == 1:
        return f"the only way that is there within {within_s:.0f} s"
    if all(way.cost == least for way in in_time):
        return f"{_names(in_time)} are there within {within_s:.0f} s and cost the same"
    return f"the cheapest of {_names(in_time)}, which are there within {within_s:.0f} s: {money(least)}"


def _told(way: Facts, now: int) -> str:
    """What speaks for or against it, for people."""
    if way.forbidden:
        return f"forbidden by {way.forbidden}"
    if way.held and way.ready_at(now) > now:
        return f"closed: {way.held}"
    if not way.up:
        return f"not up: {way.trouble}" if way.trouble else "not up"
    last = "; it texted this number last" if way.sticky else ""
    if way.doubt.resort:
        last = f"; {'the last resort' if way.doubt.resort == LAST_RESORT else 'rather by another'}: {way.doubt.why}"
    return f"there in {way.own_s + way.ahead_s:.0f} s for {money(way.cost)}{last}"


def _names(ways: Sequence[Facts]) -> str:
    return ", ".join(way.name for way in ways)


def money(millionths: int) -> str:
    return f"{millionths / MILLION:g}"
