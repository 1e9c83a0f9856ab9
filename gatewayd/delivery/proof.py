"""Proof of life: which SIM texts which, what such a text says, and what its loop proves. Pure.

A network may take every text and deliver none. Only a text that came in at another SIM of ours, with a token that
nobody can guess, and whose receipt came back as well, proves that texts arrive.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from gatewayd.delivery.choice import LAST_RESORT, Doubt
from gatewayd.delivery.every import Every
from gatewayd.delivery.plan import Channel
from gatewayd.model import Severity

TOKEN_OCTETS = 8
Number = Annotated[str, StringConstraints(pattern=r"^\+[0-9]{5,15}$")]
_WORDS = "gatewayd proof of life "
_FORM = re.compile(rf"(?:\(rpt\) )?{_WORDS}([0-9a-f]{{{2 * TOKEN_OCTETS}}})")


class ProofSettings(BaseModel):
    """`[proof_of_life]`: without `every` there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    every: Every | None = None
    numbers: dict[Channel, Number] = Field(default_factory=dict)  # of the SIMs in our modems
    pairs: tuple[tuple[Channel, Channel], ...] = Field((), max_length=64)  # (texts, hears); none: a ring of all
    within_s: int = Field(600, ge=30, le=86_400)  # until it must be heard, and its receipt be there
    receipt: bool = True  # False: this network gives none
    severity: Severity = Severity.ERROR  # of the incident of a loop that failed


def pairs(settings: ProofSettings) -> tuple[tuple[str, str], ...]:
    """Who texts whom: as told, or each modem the next one, and the last the first."""
    if settings.every is None:
        return ()
    if settings.pairs:
        return settings.pairs
    ring = tuple(settings.numbers)
    return tuple(zip(ring, (*ring[1:], ring[0]), strict=True)) if len(ring) > 1 else ()


def words(token: str) -> str:
    return _WORDS + token


def token_in(text: str) -> str:
    """The token of such a text; "" when it is none."""
    found = _FORM.fullmatch(text.strip())
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a loop. `state`: of its message; `up`: whether who should hear is there at all."""

    state: str
    reason: str
    heard: bool
    up: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a loop failed. `suspect`: the sender, or whoever heard nothing; "" = nobody's fault."""

    why: str
    suspect: str = ""


def proven(seen: Seen, *, receipt: bool) -> bool:
    return seen.heard and (seen.state == "delivered" or not receipt)


def failed(seen: Seen, sender: str, hearer: str, within_s: int) -> Verdict:
    """Its time is over, and it is not proven."""
    took = seen.state in ("sent", "delivered", "unconfirmed", "undelivered", "in_doubt")
    if not took and not seen.heard:
        return Verdict(f"{sender} did not send it{f': {seen.reason}' if seen.reason else ''}", sender)
    if seen.heard:
        return Verdict(f"{hearer} heard it, and no receipt came to {sender} within {within_s} s", sender)
    if not seen.up:
        return Verdict(f"{hearer} is not there to hear it")
    if seen.state == "delivered":
        return Verdict(f"the network says delivered, and {hearer} heard nothing within {within_s} s", hearer)
    return Verdict(f"{sender} sent it, and {hearer} heard nothing within {within_s} s", sender)


@dataclass(frozen=True, slots=True)
class Known:
    """What the last loop of a pair has shown. `failed` and `suspect` as in `Verdict`; `good_at`: its last good one."""

    sender: str
    hearer: str
    failed: str
    suspect: str
    good_at: int | None


def doubts(pairs: Sequence[Known], *, since: int) -> dict[str, Doubt]:
    """By whom texts should rather not go while a loop fails; {} when none does.

    A loop proves the sending of one and the hearing of the other, and a text that leaves needs a SIM that sends: first
    come those whose own loop worked since then, then those against whom nothing is known, and at last the senders of
    loops that failed. "Delivered" may be a lie, so who heard nothing is not worse than who may have sent nothing.
    """
    at_fault = [pair for pair in pairs if pair.failed and pair.suspect]
    if not at_fault:
        return {}
    proven = {p.sender for p in pairs if not p.failed and p.good_at is not None and p.good_at >= since}
    mute = {p.sender: p.failed for p in at_fault if p.suspect == p.sender or p.sender not in proven}
    deaf = {p.hearer: p.failed for p in at_fault if p.suspect == p.hearer}
    found = {name: Doubt(LAST_RESORT, why) for name, why in mute.items()}
    for name in dict.fromkeys(name for pair in pairs for name in (pair.sender, pair.hearer)):
        resort = (0 if name in proven else 2) + (name in deaf)
        if name not in mute and resort:
            found[name] = Doubt(resort, deaf.get(name, "no loop has proven lately that it sends"))
    return found
