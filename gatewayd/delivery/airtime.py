"""How long the air needs for what waits. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """Texts of one lane; `urgent`: pages that are critical or high among them, and answers."""

    channels: tuple[str, ...]  # any of these takes them
    texts: int
    urgent: int


@dataclass(frozen=True, slots=True)
class Drain:
    """Seconds until a channel has put all of it, or what is urgent, on the air."""

    all_s: float
    urgent_s: float


def drain(lanes: Sequence[Waiting], seconds: Mapping[str, float]) -> dict[str, Drain]:
    """By channel. `seconds`: how long each takes for a text; the quick ones take more of what they share."""
    found = dict.fromkeys(seconds, Drain(0.0, 0.0))
    for lane in lanes:
        able = [name for name in lane.channels if name in seconds]
        pace = sum(1 / seconds[name] for name in able)
        for name in able:
            before = found[name]
            found[name] = Drain(before.all_s + lane.texts / pace, before.urgent_s + lane.urgent / pace)
    return found
