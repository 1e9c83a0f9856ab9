"""What goes out over HTTP of the modems."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gatewayd.web.shapes import Answer, Time


class ProofOut(Answer):
    """The last loop from this modem to another."""

    heard_by: str
    good_at: Time | None = Field(description="When one last worked")
    failed: str = Field(description="Why the last one failed; empty: it did not")


class BalanceOut(Answer):
    amount: float | None = Field(description="None: no sum was found in it")
    said: str
    at: Time


class ModemOut(Answer):
    name: str
    state: Literal["down", "starting", "up", "resting", "needs_human"]
    why: str = Field(description="Why it is not up; what is odd although it is")
    trouble: str = Field(description="The same in a word, as in gatewayd_modem_trouble")
    port: str = Field(description="Where it is, or was looked for last")
    configured_port: str
    profile: str = Field(description="Whose habits it is driven by")
    manufacturer: str
    model: str
    revision: str
    imei: str = Field(description="Its last digits")
    iccid: str = Field(description="The last digits of its SIM's")
    operator: str
    registration: Literal["unknown", "searching", "home", "roaming", "denied", "none"]
    signal_dbm: int | None
    storage_used: int | None
    storage_size: int | None
    sent_last_hour: int = Field(description="Parts that the network took")
    balance: BalanceOut | None
    proofs: list[ProofOut]


class FoundOut(Answer):
    """A stick that nobody configured."""

    port: str
    maker: str
    profile: str
    imei: str
    why: str = Field(description="Why it cannot be used, where that is known")


class ModemsOut(Answer):
    modems: list[ModemOut]
    unconfigured: list[FoundOut]
