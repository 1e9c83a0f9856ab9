"""What breaks in a year, by seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from gatewayd.model import Severity
from proofs.year.behaviour import BY_HOUR, EPOCH, SERVICES, WEEKEND_RATE, WORLD, ZONE, Service
from proofs.year.chance import DAY_S, around, dice, now_and_then

LESSER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class Fault:
    """`lasts_s` None: until somebody has taken it and `repair_s` have passed."""

    number: int
    kind: str  # "alone", "storm", "flapping", "uplink"
    service: str
    severity: Severity
    begins: float
    lasts_s: float | None
    repair_s: float

    @property
    def key(self) -> str:
        return f"f{self.number}"

    @property
    def summary(self) -> str:
        return f"{self.service} out of order #{self.number}"

    @property
    def critical(self) -> bool:
        return self.severity is Severity.CRITICAL


_Raw = tuple[float, str, str, Severity, float | None]


def faults(seed: int, days: int) -> list[Fault]:
    """In order of time."""
    raw = sorted([*_alone(seed, days), *_storms(seed, days), *_flapping(seed, days), *_uplinks(seed, days)], key=str)
    raw.sort(key=lambda one: one[0])
    found: list[Fault] = []
    for number, (begins, kind, service, severity, lasts_s) in enumerate(raw, 1):
        repair_s = around(dice(seed, "repair", number), WORLD.trouble.repair_s, WORLD.trouble.repair_spread)
        found.append(Fault(number, kind, service, severity, begins, lasts_s, repair_s))
    return found


def local(at: float) -> datetime:
    """The clock on the wall of the team."""
    return (EPOCH + timedelta(seconds=at)).astimezone(ZoneInfo(ZONE))


def _alone(seed: int, days: int) -> Iterator[_Raw]:
    weights = [hour / sum(BY_HOUR) for hour in BY_HOUR]
    for service in SERVICES:
        of = dice(seed, "faults", service.name)
        for day in range(days):
            working = local(day * DAY_S + DAY_S / 2).weekday() < 5
            rate = service.per_week / (5 + 2 * WEEKEND_RATE) * (1 if working else WEEKEND_RATE)
            for _ in range(_poisson(of, rate)):
                (hour,) = of.choices(range(24), weights)
                begins = day * DAY_S + hour * 3600 + of.random() * 3600
                critical = of.random() < service.critical
                severity = Severity.CRITICAL if critical else of.choice(LESSER)
                yield begins, "alone", service.name, severity, _heals(of, service)


def _heals(of: Random, service: Service) -> float | None:
    return around(of, service.heals_s, 0.6) if of.random() < service.heals else None


def _poisson(of: Random, rate: float) -> int:
    count, at = 0, of.expovariate(1.0)
    while at < rate:
        count, at = count + 1, at + of.expovariate(1.0)
    return count


def _storms(seed: int, days: int) -> Iterator[_Raw]:
    for month in range(max(1, days // 30)):
        for n in range(WORLD.trouble.storms_per_month):
            of = dice(seed, "storm", month, n)
            begins = (month * 30 + of.random() * min(30, days)) * DAY_S
            lasts_s = of.uniform(*WORLD.trouble.storm_lasts_s)
            for _ in range(of.randint(*WORLD.trouble.storm_alerts)):
                at = begins + of.random() * WORLD.trouble.storm_within_s
                severity = Severity.CRITICAL if of.random() < WORLD.trouble.storm_critical else Severity.ERROR
                yield at, "storm", of.choice(SERVICES).name, severity, begins + lasts_s - at


def _flapping(seed: int, days: int) -> Iterator[_Raw]:
    of = dice(seed, "flapping")
    for at, _ in now_and_then(of, days, per_year=WORLD.trouble.flappings_per_year, median_s=1, spread=0).spans:
        for _ in range(of.randint(*WORLD.trouble.flapping_times)):
            up_s = around(of, WORLD.trouble.flapping_up_s, 0.8)
            yield at, "flapping", "link-7", Severity.CRITICAL, up_s
            at += up_s + around(of, 2 * WORLD.trouble.flapping_up_s, 0.8)


def _uplinks(seed: int, days: int) -> Iterator[_Raw]:
    of = dice(seed, "uplink")
    for at, _ in now_and_then(of, days, per_year=WORLD.trouble.uplinks_per_year, median_s=1, spread=0).spans:
        lasts_s = around(of, 2_700, 0.7)
        yield at, "uplink", "uplink", Severity.CRITICAL, lasts_s
        for n in range(of.randint(*WORLD.trouble.uplink_takes_down)):
            later = 5 + of.random() * 60
            yield at + later, "uplink", f"remote-{n}", Severity.ERROR, max(60.0, lasts_s - later)
