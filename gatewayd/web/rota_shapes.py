"""What goes in and out over HTTP of rotas and of what changes them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from gatewayd.model import Severity
from gatewayd.oncall.directory import Kind, Name
from gatewayd.oncall.duty import Source
from gatewayd.web.shapes import Answer, Body, Query, Time

ChangeKind = Literal["override", "swap", "absence", "shadowing"]
TimeText = Annotated[str, StringConstraints(min_length=1, max_length=40)]
_TIME_TEXT = "2026-12-24T17:00Z, or on the clock of the rota: 2026-12-24 17:00, mon 09:00, 17:00, +3d, now"


class ChangeIn(Body):
    """What changes a rota for a time. Without a zone a time is read on the clock of the rota."""

    kind: ChangeKind
    person: Name = Field(description="Who has the duty, is covered, is away, or learns")
    rota: Name | None = Field(None, description="Needed for an override; without, a swap or shadowing is for all rotas")
    by: Name | None = Field(None, description="Who covers them: needed for a swap")
    of: Name | None = Field(None, description="Of whom they learn: for shadowing; without, whoever has the duty")
    since: TimeText = Field(description=_TIME_TEXT)
    until: TimeText = Field(description=f"{_TIME_TEXT}; '+3d' and '09:00' count from `since`")
    note: str = Field("", max_length=200, description="Of an override or an absence")


class OnCallQuery(Query):
    at: TimeText | None = Field(None, description=f"{_TIME_TEXT}; default: now")
    service: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(
        None, description="Whom each step of its policy would page, and the rotas that it names"
    )
    severity: Severity = Field(Severity.CRITICAL, description="Of the incident of that service: rules look at it")
    rota: Name | None = Field(None, description="Only this one")


class RotaQuery(Query):
    since: TimeText | None = Field(None, description=f"{_TIME_TEXT}; default: now")
    until: TimeText | None = Field(None, description="As `since`; default: four weeks after it")
    width: Annotated[int, Field(ge=44, le=400)] | None = Field(None, description="With a picture of so many columns")
    ascii: bool = Field(default=False, description="The picture in ASCII")


class CalendarQuery(Query):
    person: Name | None = Field(None, description="Only the shifts of this person")


class ChangesQuery(Query):
    limit: int = Field(500, ge=1, le=2_000)


# --- answers


class BackupOut(Answer):
    person: str
    why: str


class OnCallOut(Answer):
    rota: str
    title: str
    zone: str
    person: str
    why: str
    source: Source
    layer: str
    shadows: list[str]
    backup: BackupOut | None = Field(description="Who would be on call without that one")
    until: Time | None = Field(description="The next hand-over; null: there is none for a long time")
    next: str | None = Field(description="Who has the duty then")


class PagedOut(Answer):
    person: str
    by: str = Field(description="As the policy names them: anna, team:noc, rota:network")
    why: str


class StepOut(Answer):
    step: int
    wait_s: int
    devices: dict[Severity, list[Kind]] = Field(description="By severity, the kinds of devices that it uses; else all")
    people: list[PagedOut]


class ServiceOut(Answer):
    service: str
    listed: bool = Field(description="false: the configuration does not name it, so it is the default policy")
    policy: str
    rule: str = Field(description="The rule that chose this policy, and why it fits now; empty: none does")
    needs: list[str] = Field(description="Skills that the service asks for")
    order: str = Field(description="Why the steps come in this order, where skills are asked for")
    steps: list[StepOut]
    repeat: int
    fallback: list[PagedOut]


class OnCallAnswer(Answer):
    at: Time
    rotas: list[OnCallOut]
    service: ServiceOut | None


class RotaOut(Answer):
    name: str
    title: str
    zone: str
    people: list[str] = Field(description="Who take turns")
    fallback: list[str]
    gaps: bool
    tell: bool


class RotasOut(Answer):
    rotas: list[RotaOut]


class SpanOut(Answer):
    since: Time
    until: Time
    person: str
    why: str
    source: Source
    layer: str
    shadows: list[str]


class GapOut(Answer):
    since: Time
    until: Time


class LoadOut(Answer):
    """Parts of nights, weekends and holidays count as parts."""

    person: str
    hours: float
    nights: float
    weekends: float
    holidays: float


class MonthOut(Answer):
    month: str = Field(description="2026-11, on the clock of the rota; all of it")
    people: list[LoadOut]


class FiguresOut(Answer):
    months: list[MonthOut]
    total: list[LoadOut]
    shares: list[LoadOut] = Field(
        description="Of who takes turns, as multiples of an equal share: 1 is fair, 2 twice as much"
    )


class RotaDetail(RotaOut):
    since: Time
    until: Time
    spans: list[SpanOut]
    holes: list[GapOut] = Field(description="When only the fallback is there")
    figures: FiguresOut
    picture: list[str] | None


class ChangeOut(Answer):
    id: int
    kind: ChangeKind
    rota: str = Field(description="Empty: every rota")
    person: str
    by: str
    of: str
    since: Time
    until: Time
    note: str
    zone: str = Field(description="On whose clock `told` is")
    told: str
    made_at: Time
    made_by: str


class ChangeBooked(ChangeOut):
    warnings: list[str] = Field(description="What the change leaves without anybody else")
    new: bool = Field(description="false (and 200): the same was booked already, and this is that one")


class ChangesOut(Answer):
    changes: list[ChangeOut]


class TakenOver(Answer):
    rota: str
    booked: list[int] = Field(description="New overrides; what was taken over before is not in it")
    ended: list[int] = Field(description="Overrides that were moved or cancelled, or have left their series")
    left_out: list[str] = Field(description="Every event that is no override, each or together")
    assumed: list[str] = Field(description="Of times: whose zone was taken where it was not plain")
