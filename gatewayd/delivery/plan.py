"""What the operator says of ways: who is reached by which, what a text costs there, when it may be used. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from gatewayd.delivery.bucket import Bucket
from gatewayd.delivery.budget import Budget
from gatewayd.delivery.hours import Hours, span

MILLION = 1_000_000  # costs are counted in millionths, so that sums are exact
NETWORK = "network:"  # in a route: all channels with a SIM of that network
NO_NETWORK = "?"
Channel = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
Via = Annotated[str, StringConstraints(pattern=r"^(network:[^|]{1,40}|[A-Za-z0-9][A-Za-z0-9_.-]{0,39})$")]
Begins = Annotated[str, StringConstraints(pattern=r"^(\+[0-9]{0,15}|[0-9A-Za-z]{1,32})$")]
Whole = Annotated[str, StringConstraints(pattern=r"^(\+[0-9]{3,15}|[0-9A-Za-z]{1,32})$")]
Cost = Annotated[float, Field(ge=0, le=1_000, allow_inf_nan=False)]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Route(_Settings):
    """`[[routes]]`: these recipients only by these channels, or by all but those. The first rule that fits counts."""

    number: Whole | None = None  # as the device has it: "+44..." of a phone, the id of a pager
    prefix: Begins | None = None
    only: tuple[Via, ...] = Field((), max_length=32)  # channels, or "network:EE"
    never: tuple[Via, ...] = Field((), max_length=32)
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

    def permits(self, channel: str, network: str = "") -> bool:
        """`network`: that of its SIM; "" is not known yet, then no rule of networks stands in its way."""
        named = self.only or self.never
        hit = channel in named or _names_network(named, network)
        if not self.only:
            return not hit
        return hit or (not network and any(via.startswith(NETWORK) for via in self.only))


def _names_network(named: tuple[str, ...], network: str) -> bool:
    known = network.casefold()
    return bool(known) and any(via.removeprefix(NETWORK).casefold() == known for via in named if NETWORK in via)


class Way(_Settings):
    """`[[ways]]`: what one channel costs, when it may be used, and how much of it there is."""

    channel: Channel
    cost: Cost = 0.0  # of one part
    costs: dict[Begins, Cost] = Field(default_factory=dict)  # by how the number begins; the longest counts
    weight: Annotated[float, Field(gt=0, le=1_000)] = 1.0  # its share of what several could take
    network: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None  # else as the modem tells
    usual_s: Annotated[float, Field(gt=0, le=3_600)] | None = None  # until the network has it; by the kind of channel
    hours: tuple[str, ...] = Field((), max_length=32)  # none: always
    zone: str = "UTC"
    critical_any_hour: bool = False
    per_minute: Annotated[float, Field(gt=0, le=10_000)] | None = None  # in the long run, `burst` of them at once
    burst: Annotated[int, Field(ge=1, le=1_000)] = 5
    per_hour: Annotated[int, Field(ge=1, le=100_000)] | None = None
    per_15_min: Annotated[int, Field(ge=1, le=100_000)] | None = None
    per_session: Annotated[int, Field(ge=1, le=100_000)] | None = None
    session_pause_s: Annotated[float, Field(gt=0, le=3_600)] | None = None
    budget: Annotated[float, Field(gt=0, le=10_000_000, allow_inf_nan=False)] | None = None  # of a month, in money
    budget_parts: Annotated[int, Field(ge=1, le=100_000_000)] | None = None  # of a month
    budget_stops: bool = True  # False: it only warns

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

    @cached_property
    def bucket(self) -> Bucket | None:
        return Bucket(self.per_minute, self.burst) if self.per_minute is not None else None

    @cached_property
    def month(self) -> Budget | None:
        """What it may cost in one."""
        if self.budget is None and self.budget_parts is None:
            return None
        cost = None if self.budget is None else round(self.budget * MILLION)
        return Budget(cost, self.budget_parts, self.budget_stops)

    def cost_to(self, recipient: str) -> int:
        """Of one part, in millionths."""
        begins = max((b for b in self.costs if recipient.startswith(b)), key=len, default="")
        return round((self.costs[begins] if begins else self.cost) * MILLION)


class PoolSettings(_Settings):
    """`[pool]`: what is said of all channels together."""

    sticky_s: Annotated[int, Field(ge=0, le=31_622_400)] = 0  # so long a number is texted by the SIM of before; 0: not
    tell: tuple[Annotated[str, Field(min_length=1, max_length=60)], ...] = Field((), max_length=20)  # of money
    incident: bool = False  # that a budget is spent, or a card nearly empty, is one


@dataclass(frozen=True)
class Plan:
    """All of it. `kinds` tells what is usual for a channel that nobody says more of: (seconds, texts at once)."""

    routes: tuple[Route, ...] = ()
    ways: Mapping[str, Way] = field(default_factory=dict)
    usual: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    per_hour: Mapping[str, int] = field(default_factory=dict)  # parts for one recipient
    sticky_s: int = 0
    without_sim: frozenset[str] = frozenset()  # bureaus: no rule of networks means them
    named_only: bool = False  # no modem, no bureau with any_phone: each channel carries what names it

    @cached_property
    def says_nothing(self) -> bool:
        """Then whoever is free first takes a text."""
        return not self.routes and not self.ways and not self.sticky_s

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

    def forbids(self, recipient: str, channel: str, network: str = "") -> str:
        """The name of the rule that forbids it; "" when none does. `network`: as the channel tells it."""
        found = self.rule(recipient)
        return "" if found is None or found[1].permits(channel, self.network(channel) or network) else found[0]

    def network(self, channel: str) -> str:
        """As the operator says; "" is left to its modem."""
        way = self.ways.get(channel)
        said = (way.network or "") if way is not None else ""
        return said or (NO_NETWORK if channel in self.without_sim else "")

    def weight(self, channel: str) -> float:
        way = self.ways.get(channel)
        return way.weight if way is not None else 1.0

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
