"""What goes in and out over HTTP of silences."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gatewayd.model import Severity
from gatewayd.oncall.triage import Glob, Labels
from gatewayd.web.rota_shapes import TimeText
from gatewayd.web.shapes import Answer, Body, Time

Patterns = Annotated[list[Glob], Field(max_length=50)]


class SilenceIn(Body):
    """Keep what fits, page nobody. Every condition that is there must hold; patterns as `db-*`, case counts."""

    services: Patterns = Field(default_factory=list)
    severities: list[Literal["critical", "error", "warning", "info"]] = Field(default_factory=list, max_length=4)
    sources: Patterns = Field(default_factory=list, description="Names of tokens")
    keys: Patterns = Field(default_factory=list)
    labels: Labels = Field(default_factory=dict, description="Details of the alert")
    until: TimeText = Field(description="+2h, 2026-12-24T17:00Z")
    reason: str = Field(min_length=1, max_length=200)


class SilenceOut(Answer):
    id: int
    services: list[str]
    severities: list[Severity]
    sources: list[str]
    keys: list[str]
    labels: dict[str, str]
    since: Time
    until: Time
    reason: str
    made_by: str


class SilencesOut(Answer):
    silences: list[SilenceOut]
