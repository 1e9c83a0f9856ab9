"""Rotas: `[[rotas]]` and their layers, as the configuration tells them, and as a plan with its calendars at hand.

docs/rotas.md shows how they are written.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from gatewayd.oncall import civil
from gatewayd.oncall.civil import Day, Zone
from gatewayd.oncall.hours import Calendar, Hours, HoursText, Name, Settings, Window, open_at, spans_of
from gatewayd.oncall.rotation import HandOver, HandOvers, Rotation

People = Annotated[tuple[Name, ...], Field(min_length=1, max_length=200)]


class Layer(Settings):
    """People who take turns, always or in some windows. Layers stand in order of precedence."""

    name: Name
    people: People
    start: Day  # the first name begins with the first hand-over on or after this day; before it there is nobody
    until: Day | None = None  # the first hand-over on or after this day ends the layer
    hand_over: HandOvers = (HandOver(0, 9 * 60),)
    every: int = Field(1, ge=1, le=366)  # a turn lasts from one hand-over to the n-th after it
    zone: Zone | None = None  # the rota's, if not its own
    calendar: Name | None = None  # for the holidays of its windows; the rota's, if not its own
    when: tuple[Window, ...] = Field((), max_length=20)  # without windows it speaks always


class StandingShadow(Settings):
    """Who learns: told whenever `of` (or anybody, without) is on duty, never the one who must answer."""

    person: Name
    of: Name | None = None

    @model_validator(mode="after")
    def _of_another(self) -> Self:
        if self.person == self.of:
            raise ValueError(f"{self.person} cannot shadow themselves")
        return self


class Rota(Settings):
    """`[[rotas]]`: the first layer that has somebody answers, and after all of them the fallback."""

    name: Name
    title: str = Field("", max_length=80)
    zone: Zone
    calendar: Name | None = None
    layers: tuple[Layer, ...] = Field(min_length=1, max_length=20)
    fallback: People  # in this order, the first who is not absent: nobody on call is not an outcome
    gaps: bool = False  # true: times without anybody in the layers are meant, the fallback answers then
    night: HoursText = Hours(22 * 60, 31 * 60)
    relief_after: int | None = Field(
        None, ge=1, le=100
    )  # so many pages in one night, and the backup is asked to relieve
    shadows: tuple[StandingShadow, ...] = Field((), max_length=20)
    tell: bool = True  # both sides get a text at each hand-over
    confirm: bool = False  # the outgoing one keeps the duty until the incoming one has confirmed
    confirm_within_s: int = Field(900, ge=60, le=86_400)  # then both and the backup are told that nobody has


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """A layer with its zone, its rotation and its calendar at hand."""

    layer: Layer
    zone: ZoneInfo
    calendar: Calendar | None
    rotation: Rotation

    def turn_at(self, at: int) -> int | None:
        """The turn that holds at that instant; None where the layer does not speak."""
        if self.layer.when and open_at(self.zone, self.layer.when, self.calendar, at) is None:
            return None
        return self.rotation.turn_at(at)

    def turns(self, since: int, until: int) -> list[tuple[int, int | None]]:
        """As Rotation.turns, with None where the layer does not speak."""
        turns = self.rotation.turns(since, until)
        if not self.layer.when:
            return turns
        begins = [begin for begin, _ in turns]
        found: list[tuple[int, int | None]] = []
        for start, end in spans_of(self.zone, self.layer.when, self.calendar, since, until):
            inside = max(start, since)
            if inside > since and not found:
                found.append((since, None))
            place = bisect_right(begins, inside) - 1
            found.append((inside, turns[place][1]))
            found += turns[place + 1 : bisect_left(begins, end)]
            if end < until:
                found.append((end, None))
        return found or [(since, None)]


@dataclass(frozen=True, slots=True)
class Plan:
    """A rota, ready to be asked."""

    rota: Rota
    zone: ZoneInfo
    calendar: Calendar | None
    layers: tuple[LayerPlan, ...]

    @property
    def name(self) -> str:
        return self.rota.name


def plan(rota: Rota, calendars: Mapping[str, Calendar]) -> Plan:
    """The rota with the calendars that it names. KeyError where one is missing: `rota_faults` says so before."""
    own = None if rota.calendar is None else calendars[rota.calendar]
    layers = []
    for layer in rota.layers:
        zone = civil.zone_named(layer.zone or rota.zone)
        calendar = own if layer.calendar is None else calendars[layer.calendar]
        rotation = Rotation(zone, layer.hand_over, layer.every, layer.start, layer.until)
        layers.append(LayerPlan(layer, zone, calendar, rotation))
    return Plan(rota, civil.zone_named(rota.zone), own, tuple(layers))
