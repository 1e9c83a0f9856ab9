"""What the operator may set about HTTP."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

MIB = 1 << 20


def _port_exists(listen: str) -> str:
    if int(listen.rpartition(":")[2]) > 65_535:
        raise ValueError("a port is a number from 0 to 65535")
    return listen


# "127.0.0.1:8480", "[::1]:8480", "gateway.example:8480"; port 0 = any free one
Listen = Annotated[
    str,
    StringConstraints(pattern=r"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):[0-9]{1,5}$", max_length=260),
    AfterValidator(_port_exists),
]


class WebSettings(BaseModel):
    """`[web]`. Everything has a limit; what is over a limit of the house is answered 503, so that senders try again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    listen: tuple[Listen, ...] = Field(("127.0.0.1:8480",), max_length=16)
    body_bytes_max: int = Field(8 * MIB, ge=16_384, le=256 * MIB)
    bytes_in_flight_max: int = Field(64 * MIB, ge=65_536, le=4096 * MIB)  # of all bodies being taken in
    connections_max: int = Field(4096, ge=16, le=100_000)
    backlog: int = Field(2048, ge=1024, le=65_535)  # an ungrouped Alertmanager opens 500 connections at once
    request_s_max: float = Field(30.0, gt=0, le=600)  # for a body to arrive, and for an answer to be taken
    keepalive_s: float = Field(75.0, gt=0, le=3600)  # for the next request, its headers included
    metrics_open: bool = True  # /metrics without a token
    message_validity_s: int = Field(4 * 3600, ge=60, le=7 * 86_400)  # when the sender does not say
    idempotency_keep_s: int = Field(86_400, ge=60, le=30 * 86_400)

    @field_validator("listen")
    @classmethod
    def _each_once(cls, listen: tuple[str, ...]) -> tuple[str, ...]:
        fixed = [place for place in listen if not place.endswith(":0")]
        if twice := next((place for i, place in enumerate(fixed) if place in fixed[:i]), None):
            raise ValueError(f"'{twice}' is there twice")
        return listen

    @model_validator(mode="after")
    def _one_body_fits(self) -> WebSettings:
        if self.bytes_in_flight_max < self.body_bytes_max:
            raise ValueError("bytes_in_flight_max must hold at least one body of body_bytes_max")
        return self
