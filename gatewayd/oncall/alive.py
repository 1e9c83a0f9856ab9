"""That the gateway is alive: what is said of it, to whom and when, so that its silence is noticed elsewhere. Pure."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from gatewayd.oncall import civil
from gatewayd.oncall.languages import ENGLISH
from gatewayd.oncall.notice_words import words_of
from gatewayd.oncall.own_summaries import read_in

LATE_US = civil.HOUR  # what was missed by less is made up for
URL = r"^https?://[^\s/$.?#][^\s]*$"


class HeartbeatSettings(BaseModel):
    """`[heartbeat]`: a request every so often, a text every day. Without `url` and `text_to` there is neither."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[str, Field(max_length=500, pattern=URL)] | None = None
    method: Literal["GET", "POST"] = "GET"
    every_s: int = Field(60, ge=10, le=86_400)
    timeout_s: int = Field(10, ge=1, le=60)
    tls_ca_file: Annotated[str, Field(max_length=400, pattern="^/")] | None = None  # beside those of the system
    text_to: str | None = Field(None, max_length=40)  # a person
    at: str = Field("09:00", pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
    zone: civil.Zone = "UTC"


def next_at(settings: HeartbeatSettings, after: int) -> int:
    """The first instant later than `after` at which its clock shows that time."""
    zone, minute = civil.zone_named(settings.zone), civil.minutes_of(settings.at)
    today = civil.day_of(zone, after)
    return next(at for day in (today, today + 1, today + 2) if (at := civil.instant(zone, day, minute)) > after)


def words(up: int, every: int, busy: str, incidents: int, language: str = ENGLISH) -> str:
    """`up` of `every` channel; `busy`: that texts wait, as the operator reads it everywhere."""
    said = words_of(language)
    some = said.one_open if incidents == 1 else said.many_open.format(count=incidents)
    told = said.alive.format(up=up, every=every, open=some if incidents else said.none_open)
    return f"{told} {read_in(busy, language)}" if busy else told
