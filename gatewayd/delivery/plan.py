"""What the operator says of ways: who is reached by which, what a text costs there, when it may be used. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from gatewayd.delivery.hours import Hours, span

MILLION = 1_000_000  # costs are counted in millionths, so that sums are exact
Channel = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
Begins = Annotated[str, StringConstraints(pattern=r"^(\+[0-9]{0,15}|[0-9A-Za-z]{1,32})$")]
Whole = Annotated[str, StringConstraints(pattern=r"^(\+[0-9]{3,15}|[0-9A-Za-z]{1,32})$")]
Cost = Annotated[float, Field(ge=0, le=1_000, allow_inf_nan=False)]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Route(_Settings):
    """`[[routes]]`: these recipients only by these channels, or by all but those. The first rule that fits counts."""

    number: Whole | None = None  # as the device has it: "+44..." of a phone, the id of a pager
    prefix: Begins | None = None
    only: tuple[Channel, ...] = Field((), max_length=32)
    never: tuple[Channel, ...] = Field((), max_length=32)
    because: str = Field("", max_length=80)  # told with the rule

    @model_validator(mode="after")
    def _one_of_each(self) -> Route:
        if (self.number is None) == (self.prefix is None):
            raise ValueError("give it a prefix or a number")
        if bool(self.only) == bool(self.never):
            raise ValueError("give it the channels that may be used (only) or those that may not (never)")
        return self

    def fits(self, recipient: str) -> bool:
        return recipient == self.number if self.prefix is None else recipient.startswith(self.prefix)

    def covers(self, other: Route) -> bool:
        """Whether all that fit the other fit this one."""
        if self.prefix is None:
            return self.number == other.number
        return (other.number or other.prefix or "").startswith(self.prefix)

    def permits(self, channel: str) -> bool:
        return channel in self.only if self.only else channel not in self.never


class Way(_Settings):
    """`[[ways]]`: what one channel costs, when it may be used, and how much of it there is."""

    channel: Channel
    cost: Cost = 0.0  # of one part
    costs: dict[Begins, Cost] = Field(default_factory=dict)  # by how the number begins; the longest counts
    usual_s: Annotated[float, Field(gt=0, le=3_600)] | None = None  # until the network has it; by the kind of channel
    hours: tuple[str, ...] = Field((), max_length=32)  # none: always
    zone: str = "UTC"
    critical_any_hour: bool = False
    per_15_min: Annotated[int, Field(ge=1, le=100_000)] | None = None
    per_session: Annotated[int, Field(ge=1, le=100_000)] | None = None
    session_pause_s: Annotated[float, Field(gt=0, le=3_600)] | None = None

    @field_validator("hours")
    @classmethod
    def _legible(cls, hours: tuple[str, ...]) -> tuple[str, ...]:
        for one in hours:
            span(one)
        return hours

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ValueError, OSError, LookupError) as error:
            raise ValueError(f"there is no time zone '{zone}'") from error
        return zone

    @cached_property
    def open_hours(self) -> Hours:
        return Hours(tuple(span(one) for one in self.hours), ZoneInfo(self.zone))

    def cost_to(self, recipient: str) -> int:
        """Of one part, in millionths."""
        begins = max((b for b in self.costs if recipient.startswith(b)), key=len, default="")
        return round((self.costs[begins] if begins else self.cost) * MILLION)


@dataclass(frozen=True)
class Plan:
    """All of it. `kinds` tells what is usual for a channel that nobody says more of: (seconds, texts at once)."""

    routes: tuple[Route, ...] = ()
    ways: Mapping[str, Way] = field(default_factory=dict)
    usual: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    per_hour: Mapping[str, int] = field(default_factory=dict)  # parts for one recipient
    named_only: bool = False  # no modem, no bureau with any_phone: each channel carries what names it

    @cached_property
    def says_nothing(self) -> bool:
        """Then whoever is free first takes a text."""
        return not self.routes and not self.ways

    def rule(self, recipient: str) -> tuple[str, Route] | None:
        """The rule that counts, and what it is called."""
        for i, route in enumerate(self.routes):
            if route.fits(recipient):
                return f"routes[{i}]" + (f" ({route.because})" if route.because else ""), route
        return None

    def strands(self, recipient: str) -> bool:
        """Whether nothing would ever carry a text to it that names no channel."""
        found = self.rule(recipient)
        return self.named_only and (found is None or not found[1].only)

    def forbids(self, recipient: str, channel: str) -> str:
        """The name of the rule that forbids it; "" when none does."""
        found = self.rule(recipient)
        return "" if found is None or found[1].permits(channel) else found[0]

    def cost(self, channel: str, recipient: str) -> int:
        """Of one part, in millionths."""
        way = self.ways.get(channel)
        return way.cost_to(recipient) if way is not None else 0

    def session(self, channel: str) -> tuple[int | None, float]:
        """How many parts one session takes (None: no limit), and the pause before the next one in seconds."""
        way = self.ways.get(channel)
        return (way.per_session, way.session_pause_s or 0.0) if way is not None else (None, 0.0)

    def closed_until(self, channel: str, *, critical: bool, now: int) -> tuple[int | None, str] | None:
        """None: it is open. Else when it opens (None: not within two weeks), in words as well."""
        way = self.ways.get(channel)
        if way is None or not way.hours or (critical and way.critical_any_hour) or way.open_hours.open(now):
            return None
        at = way.open_hours.opens_at(now)
        return at, f"its hours begin {way.open_hours.told(at)}" if at is not None else "it has no hours soon"

    def usual_s(self, channel: str) -> float:
        way = self.ways.get(channel)
        return way.usual_s if way is not None and way.usual_s else self.usual.get(channel, (5.0, 1))[0]

    def at_once(self, channel: str) -> int:
        return self.usual.get(channel, (5.0, 1))[1]
