"""When a reply was written, and whether its writer could have read of an incident by then. Pure.

A text may wait for hours at a service centre, so what it means is what its writer knew when he wrote it. All times
here are on our clock, in microseconds UTC. A service centre stamps a text with whole seconds of a clock of its own:
it is believed unless it is proved wrong, and where it cannot be believed a reply counts as written when it came.
Better an old reply taken for a new one than a house that hears nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gatewayd.model import SECOND

READ_US = 5 * SECOND  # a person hardly reads a page and answers it within less, where there is something else to answer
SLACK_US = 3 * SECOND  # two clocks of one network that agree
PROMPT_US = 60 * SECOND  # a stamp no older than this is right, or as good as right
OLD_US = 7 * 24 * 3600 * SECOND  # no centre keeps a text for longer: such a stamp is wrong
AGREE_US = 10 * SECOND  # two lags that are the same
APART_US = 60 * SECOND  # texts of one outage come all at once; what comes so far apart did not wait for the same thing
SMALL_US = 10 * SECOND  # a lag that is nothing but the way here
HOUR_US = 3600 * SECOND
ZONE_US = 30 * SECOND  # as near to whole hours a lag is a matter of the zone
CLOCKS_US = 60 * SECOND  # a receipt's clock that is further off than this says nothing


@dataclass(frozen=True, slots=True)
class Heard:
    """A text of the same sender: what its stamp said, and when it came."""

    stamp: int
    came_at: int

    @property
    def lag(self) -> int:
        return self.came_at - self.stamp


def written_at(
    stamp: int | None, came_at: int, earlier: Sequence[Heard] = (), *, our_error_us: int = 0, witnessed: bool = True
) -> int:
    """When it was written, never after it came.

    `earlier`: texts of the same sender, the newest first. Their stamps tell when their centre's clock, or its zone, is
    wrong: then they lag alike, however far apart they came. `our_error_us`: how far our own clock is behind (+) or
    ahead (-), when that is known. `witnessed`: the network has shown lately that its clock agrees with ours, or how far
    it does not; where it has not, a lag of whole hours is a wrong zone.
    """
    if stamp is None:
        return came_at
    end = stamp + SECOND - 1  # the stamp has whole seconds
    lag = came_at - stamp
    shift = _shift([Heard(stamp, came_at), *earlier])
    if shift is None:
        if not witnessed and lag > PROMPT_US and abs((lag + HOUR_US // 2) % HOUR_US - HOUR_US // 2) <= ZONE_US:
            return came_at
        prompt = -SECOND < lag <= PROMPT_US
        shift = 0 if prompt else -our_error_us
    if abs(came_at - (end + shift)) > OLD_US:
        return came_at
    return min(came_at, end + shift)


def _shift(heard: Sequence[Heard]) -> int | None:
    """By how much the stamps of this sender are to be moved; None: nothing says that they are wrong.

    The newest two that lag alike and did not wait together; but no text comes before it is written, so what was
    quicker since then shows that the clock was set right.
    """
    for at, one in enumerate(heard):
        for other in heard[at + 1 :]:
            if abs(one.lag - other.lag) <= AGREE_US and one.came_at - other.came_at >= APART_US:
                shift = min([one.lag, other.lag, *(newer.lag for newer in heard[:at])])
                return shift if abs(shift) > SMALL_US else None
    return None


@dataclass(frozen=True, slots=True)
class Stamped:
    """A text of a person as it came: `sim` of ours, from which number, with which stamp."""

    sim: str
    sender: str
    stamp: int | None
    came_at: int


def was_written_later(other: Stamped, this: Stamped, written: int) -> bool:
    """Whether the other one, which came first, was written after this one. `written`: when this was, by our clock.

    From one number to one SIM the stamps are of one clock; else the other's must be as good as right.
    """
    if other.stamp is None or this.stamp is None or written >= other.came_at:
        return False
    if (other.sim, other.sender) == (this.sim, this.sender):
        return this.stamp < other.stamp
    return -SECOND < other.came_at - other.stamp <= PROMPT_US and written < other.stamp


@dataclass(frozen=True, slots=True)
class OnAir:
    """One part of a text to a person. `gone_at`: when it was written to the channel; `done_at`: when it was
    delivered, by the stamp of its receipt, which came at `heard_at`."""

    text: int
    gone_at: int
    done_at: int | None = None
    heard_at: int | None = None


def shown_at(parts: Iterable[OnAir]) -> int | None:
    """When the first of these texts could be read, as far as it is known; None: none has gone out."""
    texts: dict[int, int] = {}
    for part in parts:
        texts[part.text] = max(texts.get(part.text, part.gone_at), _part_shown(part))
    return min(texts.values(), default=None)


def _part_shown(part: OnAir) -> int:
    """Not before it was sent, nor after the receipt came. A stamp far in the future says nothing."""
    if part.done_at is None or part.heard_at is None:
        return part.gone_at
    end = part.done_at + SECOND - 1
    if end - part.heard_at > CLOCKS_US:
        return part.gone_at
    return max(part.gone_at, min(end, part.heard_at))


def could_mean(shown: int | None, written: int, *, reading_us: int | None = None) -> bool:
    """Whether who wrote then may have seen what was shown then; or had so long to read it, where that matters."""
    return shown is not None and written >= shown + (-SLACK_US if reading_us is None else reading_us)


def code_of_another(ended: int | None, opened: int, written: int, *, rest_us: int) -> bool:
    """Whether the code of what was opened then was, when somebody wrote it, still that of an incident which ended at
    `ended` (None: there was none) and whose code rests for so long.

    Only then: nobody writes a code before there is one, so any other stamp that says so is wrong. A clock that was set
    may put the end behind the opening.
    """
    return ended is not None and written < min(ended + rest_us, opened) - SLACK_US
