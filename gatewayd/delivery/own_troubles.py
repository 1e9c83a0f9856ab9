"""When a channel's trouble is a matter for a person, and when it is over. Pure.

What heals by itself within a minute wakes nobody; what comes back within minutes was not over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from gatewayd.model import Severity

AGAIN_S = 900.0  # an incident that somebody closed opens again while it is true


class SelfReportSettings(BaseModel):
    """`[self_report]`: without `policy` nobody is paged about channels."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    policy: str | None = Field(None, max_length=40)  # of the service "gatewayd"
    severity: Severity = Severity.ERROR
    after_s: int = Field(60, ge=0, le=86_400)  # that a channel needs a human for so long
    down_s: int = Field(900, ge=60, le=86_400)  # that it takes no texts for so long, whatever the reason
    clear_s: int = Field(600, ge=0, le=86_400)  # that it works again for so long


@dataclass(frozen=True, slots=True)
class Sign:
    """How a channel is. `concern`: why a human is called for, "" when none is; `told`: its state in words."""

    channel: str
    up: bool
    concern: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Fires:
    channel: str
    summary: str


@dataclass(frozen=True, slots=True)
class Clears:
    channel: str


@dataclass(slots=True)
class _Known:
    """Since when it is so, in monotonic seconds; None: it is not."""

    concerned: float | None = None
    down: float | None = None
    well: float | None = None
    told_at: float | None = None  # when it was told that it fires
    cleared: bool = False


class Troubles:
    """What is remembered of each channel; lost with the process, and found out again."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def look(self, signs: Iterable[Sign], settings: SelfReportSettings, now: float) -> list[Fires | Clears]:
        """What is to be told now. Whoever is not among the signs any more is well."""
        found: list[Fires | Clears] = []
        names = set()
        for sign in signs:
            names.add(sign.channel)
            known = self._known.setdefault(sign.channel, _Known())
            _note(known, sign, now)
            if reason := _fires(known, sign, settings, now):
                if known.told_at is None or now - known.told_at >= AGAIN_S:
                    known.told_at, known.cleared = now, False
                    found.append(Fires(sign.channel, f"{sign.channel} {reason}"))
            elif known.well is not None and now - known.well >= settings.clear_s and not known.cleared:
                known.told_at, known.cleared = None, True
                found.append(Clears(sign.channel))
        return found + self._gone(names)

    def _gone(self, names: Collection[str]) -> list[Fires | Clears]:
        gone = [name for name in self._known if name not in names]
        for name in gone:
            del self._known[name]
        return [Clears(name) for name in gone]


def _note(known: _Known, sign: Sign, now: float) -> None:
    known.concerned = (known.concerned if known.concerned is not None else now) if sign.concern else None
    known.down = (known.down if known.down is not None else now) if not sign.up else None
    well = sign.up and not sign.concern
    known.well = (known.well if known.well is not None else now) if well else None


def _fires(known: _Known, sign: Sign, settings: SelfReportSettings, now: float) -> str:
    if known.concerned is not None and now - known.concerned >= settings.after_s:
        return f"needs a human: {sign.concern}"
    if known.down is not None and now - known.down >= settings.down_s:
        return f"takes no texts for {settings.down_s // 60} min: {sign.told}"
    return ""
