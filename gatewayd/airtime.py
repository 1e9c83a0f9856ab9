"""The budget of the air: what waits for each channel, times what a text takes there, as last measured."""

from __future__ import annotations

from collections.abc import Mapping

from gatewayd.clock import SECOND
from gatewayd.delivery.airtime import Waiting, drain
from gatewayd.delivery.plan import Plan
from gatewayd.metrics import QUEUE_DRAIN
from gatewayd.store import depths, lanes
from gatewayd.store.db import Reader
from gatewayd.ways import Standing

LATELY_S = 60
TEXT_S_MIN = 0.001


class Airtime:
    """`measure` now and then; the rest tells what it came to."""

    def __init__(self) -> None:
        self._urgent_s = 0.0
        self._longest = ("", 0.0, 0)

    def measure(self, reader: Reader, plan: Plan, standings: Mapping[str, Standing], *, now: int) -> None:
        waiting, took = depths.waiting(reader), depths.took_us(reader)
        seconds = {
            name: max(took.get(name, plan.usual_s(name) * SECOND) / SECOND / plan.at_once(name), TEXT_S_MIN)
            for name in standings
        }
        pressed = {lane for lane in waiting if depths.waits_since(reader, lane, before=now - LATELY_S * SECOND)}
        if pressed:  # what was taken meanwhile is all that goes there
            lately = depths.accepted(reader, since=now - LATELY_S * SECOND)
            for name in {name for lane in pressed for name in lane.split(lanes.PARTING)} & seconds.keys():
                seconds[name] = max(seconds[name], LATELY_S / max(lately.get(name, 0), 1))
        anyone = tuple(name for name, standing in standings.items() if standing.any)
        able = tuple(name for name in anyone if standings[name].up) or anyone
        found = drain(
            [
                Waiting(tuple(lane.split(lanes.PARTING)) if lane else able, texts, urgent)
                for lane, (texts, urgent) in waiting.items()
            ],
            seconds,
        )
        for name, known in found.items():
            QUEUE_DRAIN.labels(name).set(known.all_s)
        self._urgent_s = min((found[name].urgent_s for name in able), default=0.0)
        name, longest = max(found.items(), key=lambda known: known[1].all_s, default=("", None))
        self._longest = (name, longest.all_s if longest else 0.0, sum(texts for texts, _ in waiting.values()))

    def urgent(self) -> float:
        """For how many seconds the air is busy with what is urgent."""
        return self._urgent_s

    def told(self, longer_than_s: int) -> str:
        """For people; "" while the queue needs no longer than that."""
        name, needs_s, texts = self._longest
        if needs_s <= longer_than_s:
            return ""
        return f"{texts} texts wait; {name} needs about {needs_s / 60:.0f} min for its share"
