"""Storms: which page goes at once, and which is folded into one text with others. Pure.

The first critical page of every service goes at once, always. Beyond a few texts to one device within a window the rest
is gathered: one text per device and window says how many there are and of which services.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from gatewayd.model import SECOND
from gatewayd.oncall.civil import Zone

SERVICES_FEW = 3
AHEAD_US = 3_600 * SECOND  # of what was queued before; texts rarely live that long
TOGETHER_S = 5  # pages that were folded move on to the next device together; their waits end as close as that


class StormSettings(BaseModel):
    """`[storms]`. The defaults suit one GSM modem, which takes 3 s for a text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    page_texts: int = Field(3, ge=0, le=100)  # to one device within window_s; beyond it pages are folded; 0 = never
    window_s: int = Field(120, ge=10, le=3_600)  # at most one folded text per device in this time
    critical_s: int = Field(20, ge=1, le=600)  # a folded critical page waits no longer, unless a folded text just went
    again_s: int = Field(900, ge=10, le=86_400)  # after this long a critical page of the service is a first one again
    airtime_s: int = Field(60, ge=5, le=86_400)  # while what is urgent needs longer, only first pages go alone
    drain_told_s: int = Field(300, ge=10, le=86_400)  # /readyz and status tell when the queue needs longer than this
    zone: Zone = "UTC"  # of the times in folded texts


@dataclass(frozen=True, slots=True)
class Facts:
    """A page that is to go to one device, and what that device got of late.

    `texts`: pages within the window; `told`: a critical one of this service lately; `carried`: this very page was
    folded on the device before; `gathered_until`: when the text that is being gathered is due; `folded_at`: when the
    last one was made; `urgent_s`: how long the air needs for what is urgent.
    """

    critical: bool
    texts: int
    told: bool
    carried: bool = False
    gathered_until: int | None = None
    folded_at: int | None = None
    urgent_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Alone:
    """At once, with its own text."""

    reason: str


@dataclass(frozen=True, slots=True)
class Fold:
    """Into the text that is due at `until` at the latest."""

    until: int
    reason: str


def calm(texts: int, urgent_s: float, settings: StormSettings) -> bool:
    """Nothing is to be folded, whatever the page is."""
    return texts < settings.page_texts and urgent_s <= settings.airtime_s


def decide(facts: Facts, settings: StormSettings, now: int) -> Alone | Fold:
    """What becomes of a page."""
    if not facts.carried:
        if facts.critical and not facts.told:
            return Alone("the first critical page of its service")
        if calm(facts.texts, facts.urgent_s, settings) and not _goes_on(facts, settings, now):
            return Alone(f"{facts.texts} texts in {settings.window_s} s")
    if facts.carried:
        reason = "it was folded on the device before"
    elif facts.texts >= settings.page_texts:
        reason = f"{facts.texts} texts or more in {settings.window_s} s"
    elif _goes_on(facts, settings, now):
        reason = "the storm goes on"
    else:
        reason = f"the air is busy for {facts.urgent_s:.0f} s"
    wait_s = settings.critical_s if facts.critical else settings.window_s
    until = due(facts, min(wait_s, TOGETHER_S) if facts.carried else wait_s, settings, now)
    return Fold(until, reason)


def _goes_on(facts: Facts, settings: StormSettings, now: int) -> bool:
    """A storm ends with a window in which nothing was folded."""
    just_now = facts.folded_at is not None and 0 <= now - facts.folded_at < settings.window_s * SECOND
    return just_now or facts.gathered_until is not None


def due(facts: Facts, wait_s: int, settings: StormSettings, now: int) -> int:
    """When the folded text goes: after `wait_s`, one per window, and what is sooner due stays so."""
    window = settings.window_s * SECOND
    at = now + min(wait_s * SECOND, window)
    if facts.folded_at is not None:
        at = max(at, min(facts.folded_at + window, now + window))  # a clock that was set back must not delay it
    return at if facts.gathered_until is None else min(at, facts.gathered_until)


def ahead_us(*, first_of_service: bool, first_to_device: bool, first_of_all: bool, services: int) -> int:
    """How much it goes before others of its lane: a storm on one service never delays another's first page.

    `first_of_all`: the device has had no page lately, of whatever. When many services have had their first page lately
    (`services`), whoever knows nothing yet comes before whoever has heard that much is wrong.
    """
    if first_of_service and first_to_device and services < SERVICES_FEW:
        return 4 * AHEAD_US
    if first_of_all:
        return 3 * AHEAD_US
    return AHEAD_US * (first_to_device + (first_of_service and first_to_device))
