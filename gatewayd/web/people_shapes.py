"""What goes out over HTTP of people."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gatewayd.oncall.directory import Kind
from gatewayd.web.shapes import Answer, Time


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
