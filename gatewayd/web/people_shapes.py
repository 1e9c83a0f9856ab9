"""What goes in and out over HTTP of people, drills and site visits."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gatewayd.oncall.directory import Kind, Name
from gatewayd.web.rota_shapes import TimeText
from gatewayd.web.shapes import Answer, Body, Time


class DeviceOut(Answer):
    name: str
    kind: Kind
    last_reached_at: Time | None = Field(description="When a text was last known to be there, or came from there")
    by: Literal["receipt", "reply", ""]
    state: Literal["heard", "never heard", "being tested", "silent", "unknown"] = Field(
        description="silent: a test text did not arrive; unknown: it went by a way that reports nothing"
    )


class PersonOut(Answer):
    name: str
    full_name: str
    skills: list[str]
    devices: list[DeviceOut]


class PeopleOut(Answer):
    people: list[PersonOut]


# --- drills


class DrillIn(Body):
    """An exercise: people are paged as for a real alert of that service, and read that it is a DRILL."""

    service: str = Field(min_length=1, max_length=200)
    severity: Literal["critical", "error", "warning", "info"] = "critical"
    within_s: int = Field(1_800, ge=10, le=86_400, description="After this it is over, answered or not")


class DrillOut(Answer):
    id: int
    service: str
    severity: str
    state: Literal["running", "over"]
    verdict: Literal["", "answered", "not answered", "kept", "gave way", "stopped"] = Field(
        description="kept: a silence, a rule or the like held it; gave way: somebody was paged in earnest"
    )
    started_by: str
    started_at: Time
    until: Time
    ended_at: Time | None
    stopped_by: str
    incident: int | None
    code: str
    gave_way_to: int | None = Field(description="The incident")
    kept_for: str
    answered_by: str
    answered_at: Time | None
    answered_after_s: float | None


class DrillPageOut(Answer):
    person: str
    step: int
    round: int
    why: str
    paged_after_s: float | None
    message: int | None
    device: str
    via: str
    state: str
    sent_at: Time | None
    delivered_at: Time | None
    delivered_after_s: float | None


class DrillReport(DrillOut):
    pages: list[DrillPageOut]
    unheard_of: list[str] = Field(description="Who was paged, and neither a receipt nor an answer came")
    warnings: list[str] = Field(description="That nothing in the file names the service, so that it may be mistyped")


class DrillsOut(Answer):
    drills: list[DrillOut]


# --- who is on site alone


class SiteVisitIn(Body):
    """Ask them for a sign of life by text every so often; page others when none comes."""

    person: Name
    until: TimeText = Field(description="+2h, 18:00, 2026-12-24T17:00Z; at most 16 hours from now")
    every_s: int | None = Field(None, ge=300, le=14_400, description="null: as configured")
    place: str = Field("", max_length=60)
    tell: Name | Literal[""] = Field("", description="A policy, or a person, who is paged; else as configured")


class SiteVisitOut(Answer):
    id: int
    person: str
    place: str
    state: Literal["watched", "asked", "asked again", "alarm", "ended"]
    every_s: int
    until: Time
    tell: str
    started_by: str
    started_at: Time
    heard_at: Time = Field(description="The last sign of life")
    ended_at: Time | None
    ended_by: str
    alarms: int
    incident: int | None = Field(description="Of the last alarm")


class SiteVisitsOut(Answer):
    site_visits: list[SiteVisitOut]


# --- the status line


class StatusLineIn(Body):
    """One sentence about a big fault, for everybody who asks."""

    text: str = Field(min_length=1, max_length=300)
    until: TimeText = Field("+2h", description="+2h, 18:00 (UTC), 2026-12-24T17:00Z; at most 24 hours from now")


class StatusLineOut(Answer):
    text: str
    set_by: str
    set_at: Time
    until: Time


class StatusLineAnswer(Answer):
    status_line: StatusLineOut | None = Field(description="null: there is none, or its time is over")
