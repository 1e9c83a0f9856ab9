"""What is next for a message after something happened to it. Pure: facts in, a decision with its reason out.

For a page another channel usually beats another try; a doubt is never a failure; nothing is tried beyond its validity.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gatewayd.delivery.outcome import Deferred, Refused
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.model import SECOND


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a message at the end of a try."""

    priority: int
    tries: int  # before this one
    repeats: int
    parts_accepted: int  # of the running round
    parts: int
    wanted_channel: str
    avoid: tuple[str, ...]
    channel: str  # over which the try went
    expires_at: int
    page: bool = True  # somebody is to be woken: another device or person beats waiting
    elsewhere: bool = True  # another channel, not tried yet, could ever carry it
    doubts: int = 0  # how often one part of the running round ended in doubt
    due_at: int = 2**63  # since when it could go
    joined: bool = True  # whoever has parts of it joins them, and drops one that is there already


@dataclass(frozen=True, slots=True)
class Try:
    """Queue it again. channel "" = any. `fresh` = a new round: all parts again; `marked` = says so in the text.

    `perhaps_there`: says so as well, but is not counted as a repeat: most likely the try before did not go out.
    """

    at: int
    channel: str
    reason: str
    avoid: tuple[str, ...] = ()
    counts: bool = True
    fresh: bool = False
    marked: bool = False
    perhaps_there: bool = False


@dataclass(frozen=True, slots=True)
class GiveUp:
    reason: str


def after_failure(
    facts: Facts, outcome: Refused | Deferred, *, up: tuple[str, ...], settings: DeliverySettings, now: int, dice: float
) -> Try | GiveUp:
    """`up` are the channels that could take it now; `dice` in [0, 1) spreads retries."""
    why = f"{outcome.reason} ({outcome.code})"
    begun = facts.parts_accepted > 0  # the parts of one text stay on one SIM, or the phone cannot join them
    if isinstance(outcome, Refused):
        if outcome.scope != "channel":
            return GiveUp(why)
        if outcome.for_good and not facts.elsewhere:
            return GiveUp(f"{why}; no other channel takes it")
        return _past_the_channel(facts, why, up=up, settings=settings, now=now, dice=dice)
    counts = outcome.scope != "channel"
    if counts and facts.tries + 1 >= settings.tries_max:
        return GiveUp(f"{why}; {facts.tries + 1} tries")
    other = _other(facts, up, (*facts.avoid, facts.channel))
    if counts and (facts.tries + 1) % len({facts.channel, *up}) == 0:
        other = ""  # every way has been tried in this go: rest before the next one
    if other and not begun and outcome.scope != "recipient":
        return _unsure(Try(now, other, f"{why}; by {other}", facts.avoid, counts), outcome)
    at = now + int(_wait_s(facts.tries, outcome, settings, dice) * SECOND)
    if at >= facts.expires_at:
        return GiveUp(f"{why}; its validity ends before the next try")
    if begun:  # under the same reference a phone shows no part twice
        if not counts:  # the channel rests as long as it must; then the other parts go before what was not begun
            at = min(at, facts.due_at)
        return Try(at, facts.channel, f"{why}; again later", facts.avoid, counts)
    return _unsure(Try(at, facts.wanted_channel, f"{why}; again later", facts.avoid, counts), outcome)


def _unsure(decision: Try, outcome: Deferred) -> Try:
    """The try before may have arrived all the same: then this one says so, in a round of its own."""
    return replace(decision, fresh=True, perhaps_there=True) if outcome.perhaps_sent else decision


def rest_s(outcome: Deferred, failures: int, settings: DeliverySettings) -> float:
    """How long nothing goes to a number that has failed so often in a row."""
    doubled_s = settings.backoff_s_min * 2.0 ** min(failures, 16)
    return min(max(outcome.after_s, doubled_s), settings.backoff_s_max)


def _past_the_channel(
    facts: Facts, why: str, *, up: tuple[str, ...], settings: DeliverySettings, now: int, dice: float
) -> Try | GiveUp:
    """This SIM will not do it. A page moves on when no other channel is up; a plain text may wait for one.

    It is looked at again now and then (the SIM may have been mended), and at once when another channel comes up.
    """
    avoid = tuple(dict.fromkeys((*facts.avoid, facts.channel)))
    begun = facts.parts_accepted > 0
    if other := _other(facts, up, avoid):
        return Try(now, other, f"{why}; by {other}", avoid, fresh=begun)
    if facts.page or facts.wanted_channel:
        return GiveUp(f"{why}; no other channel")
    at = now + int(settings.backoff_s_max * (1 + 0.2 * dice) * SECOND)
    return Try(
        max(now, min(at, facts.expires_at)), "", f"{why}; waits for another channel", avoid, counts=False, fresh=begun
    )


def _other(facts: Facts, up: tuple[str, ...], avoid: tuple[str, ...]) -> str:
    if facts.wanted_channel:
        return ""
    return next((name for name in up if name not in avoid), "")


def _wait_s(tries: int, outcome: Deferred, settings: DeliverySettings, dice: float) -> float:
    """Doubling from the minimum, never less than the channel asked for, never over the maximum; up to 20 % later."""
    backoff = min(settings.backoff_s_min * 2.0**tries, settings.backoff_s_max)
    return min(max(backoff, outcome.after_s), max(settings.backoff_s_max, outcome.after_s)) * (1 + 0.2 * dice)


def after_patience(facts: Facts, *, up: tuple[str, ...], settings: DeliverySettings, now: int) -> Try | GiveUp:
    """The fate stayed unknown for the class's patience: once more, by another way, marked as a repeat."""
    if now >= facts.expires_at:
        return GiveUp("in doubt until its validity ended")
    if facts.repeats >= settings.repeats_max:
        return GiveUp(f"in doubt after {facts.repeats + 1} sendings")
    if facts.parts > 1 and facts.parts_accepted and facts.channel in up and facts.doubts < 2:
        # The phone drops a part it has already (same reference and number), so only the doubtful ones go again; on a
        # pager each says by itself that it is a repeat.
        how = "same reference" if facts.joined else "each marked"
        return Try(now, facts.channel, f"the doubtful parts again, {how}", facts.avoid)
    other = _other(facts, up, (*facts.avoid, facts.channel))
    return Try(
        now,
        other or facts.wanted_channel,
        f"marked repeat by {other or 'any channel'}",
        facts.avoid,
        fresh=True,
        marked=True,
    )


def after_channel_loss(facts: Facts, *, up: tuple[str, ...]) -> Try | None:
    """The channel that holds a queued message is gone: another one takes it, whole. None: it waits for the channel."""
    if facts.wanted_channel == facts.channel:
        return None
    other = _other(facts, up, (*facts.avoid, facts.channel))
    begun = facts.parts_accepted > 0
    return Try(0, other, f"{facts.channel} cannot take it now", facts.avoid, counts=False, fresh=begun, marked=begun)


def after_channel_removed(*, page: bool, by_caller: bool, begun: bool, channel: str) -> Try | GiveUp:
    """The only channel that may take it has left the configuration. Whoever asked for that one is told, at once."""
    why = f"{channel} is not in the configuration any more"
    if page or by_caller:
        return GiveUp(why)
    return Try(0, "", f"{why}; by any channel", counts=False, fresh=begun, marked=begun)
