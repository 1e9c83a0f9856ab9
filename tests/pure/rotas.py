"""Rotas for tests: times as people write them, and a rota in one line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from gatewayd.oncall import civil
from gatewayd.oncall.cover import Facts
from gatewayd.oncall.duty import on_call, shifts
from gatewayd.oncall.hours import Calendar
from gatewayd.oncall.rota import Plan, Rota, plan

ENGLAND = Calendar(name="england", zone="Europe/London", holidays="GB-ENG",
                   working=[{"days": "mon-fri", "hours": "08:30-17:30"}])  # type: ignore[list-item] # fmt: skip


def utc(text: str) -> int:
    """ "2026-03-02 09:00" in UTC."""
    return (datetime.fromisoformat(text).replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(
        microseconds=1
    )


def local(zone: str, text: str) -> int:
    """ "2026-03-02 09:00" on the clocks of the zone; the first occurrence where it comes twice."""
    return civil.instant_of(civil.zone_named(zone), datetime.fromisoformat(text))


def rota(*layers: dict[str, Any], zone: str = "Europe/London", calendars: tuple[Calendar, ...] = (ENGLAND,),
         **more: Any) -> Plan:  # fmt: skip
    """A rota of these layers with a fallback of "zoe"; a layer's name and start are given where they do not matter."""
    full = [{"name": f"layer{n}", "start": "2026-01-05", **layer} for n, layer in enumerate(layers)]
    settings = {"name": "noc", "zone": zone, "fallback": ["zoe"], "layers": full, **more}
    return plan(Rota.model_validate(settings), {c.name: c for c in calendars})


def who(asked: Plan, text: str, facts: Facts | None = None) -> str:
    """Who is on call when the clocks of the rota show that."""
    return on_call(asked, facts or Facts(), local(asked.rota.zone, text)).person


def told(asked: Plan, since: str, until: str, facts: Facts | None = None) -> list[str]:
    """ "Mon 2 Mar 09:00 anna": every span between two times of the rota's zone."""
    zone = asked.rota.zone
    found = shifts(asked, facts or Facts(), local(zone, since), local(zone, until))
    return [f"{civil.shown(asked.zone, span.since)} {span.duty.person}" for span in found]
