"""The fleet of a seed: how many modems of which types, who is paged how, and which rules the house has."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from hwsim.street import Street

from gatewayd.clock import SECOND, LoopClock
from tests import crash
from tests.house import EACH_ALONE, EPOCH, House

MODEMS_MAX = 5
TYPES = ("generic", "huawei-e173", "sim800", "sim7600", "quectel-ec25", "telit-le910-patient", "cinterion-ehs6",
         "wavecom-q24", "zte-k3565z", "ublox-sara", "sierra-mc7304")  # fmt: skip
NAMES = ("anna", "ben", "cara", "dora", "eve", "fred")
SERVICES = ("network", "db", "link-1", "link-2", "site", "host-a", "host-b")
DELIVERY = "[delivery]\nvalidity_default_s = 1200\nreport_wait_s = 600\n"
POLICIES = (
    """
[[policies]]
name = "default"
repeat = 1
fallback = ["cara"]
exhausted_every_s = 70
steps = [{ page = ["anna"], wait_s = 120 }, { page = ["ben"], wait_s = 120 }]
""",
    """
[[policies]]
name = "default"
repeat = 0
fallback = ["team:noc"]
exhausted_every_s = 70
steps = [{ page = ["anna", "ben"], wait_s = 180 }, { page = ["team:noc"], wait_s = 180 }]
[[teams]]
name = "noc"
members = ["anna", "ben", "cara"]
""",
    """
[[policies]]
name = "default"
repeat = 1
fallback = ["team:noc"]
exhausted_every_s = 70
group_s = 60
steps = [{ page = ["rota:noc"], wait_s = 180 }, { page = ["backup:noc"], wait_s = 180 }]
[[teams]]
name = "noc"
members = ["anna", "ben", "cara"]
[[rotas]]
name = "noc"
zone = "Europe/London"
fallback = ["anna", "ben"]
relief_after = 3
[[rotas.layers]]
name = "turns"
people = ["anna", "ben", "cara"]
start = 2026-01-05
hand_over = ["04:40", "08:00", "20:00"]
""",
)
RULES = """
[[rules]]
name = "flapping"
services = ["link-*"]
hold_s = 120
[[inhibitions]]
name = "site-first"
by = { services = ["site"] }
of = { services = ["host-*"] }
[[maintenance]]
name = "nightly"
services = ["db"]
zone = "Europe/London"
when = [{ hours = "04:20-04:35" }]
"""
WAYS = """
[[ways]]
channel = "modem1"
cost = 0.05
[[routes]]
number = "+447700900112"
never = ["modem1"]
because = "that SIM's network"
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the dice say of this seed's fleet."""

    seed: int
    types: tuple[str, ...]
    devices: tuple[int, ...]  # of each person
    latency_s: float
    jitter_s: float
    policy: str
    config: str

    def numbers(self, person: int) -> list[str]:
        return [f"+4477009001{person + 11 + 20 * device}" for device in range(self.devices[person])]

    def people(self) -> str:
        return "".join(
            f'[[people]]\nname = "{NAMES[person]}"\nfull_name = "{NAMES[person].title()}"\ndevices = ['
            + ", ".join(f'{{ number = "{number}", wait_s = 60 }}' for number in self.numbers(person))
            + "]\n"
            for person in range(len(self.devices))
        )

    def __str__(self) -> str:
        words = [f"modems {', '.join(self.types)}", f"people with {self.devices} devices"]
        words += [f"the network needs {self.latency_s:g} s (+{self.jitter_s:g})"]
        words += [f"policy {POLICIES.index(self.policy) + 1}"]
        words += [
            name for name, part in (("rules", RULES), ("ways", WAYS), ("no storms", EACH_ALONE)) if part in self.config
        ]
        return "; ".join(words)


def plan(seed: int) -> Plan:
    dice = Random(f"fleet {seed}")
    modems = dice.randint(1, MODEMS_MAX)
    parts = [RULES if dice.random() < 0.5 else "", WAYS if modems > 1 and dice.random() < 0.4 else ""]
    parts += [EACH_ALONE if dice.random() < 0.4 else ""]
    return Plan(
        seed=seed,
        types=tuple(dice.choice(TYPES) if dice.random() < 0.6 else "generic" for _ in range(modems)),
        devices=tuple(dice.choice((1, 1, 2)) for _ in range(dice.randint(3, len(NAMES)))),
        latency_s=dice.choice((0.2, 1.0, 3.0, 6.0)),
        jitter_s=dice.choice((0.0, 0.5, 4.0)),
        policy=dice.choice(POLICIES),
        config=DELIVERY + "".join(parts),
    )


class Fleet(House):
    """The daemon with a fleet, and the street around it."""

    def __init__(self, directory: Path, made: Plan) -> None:
        policy = 'default_policy = "default"\n' + made.policy
        super().__init__(
            directory, modems=len(made.types), config=made.config, policy=policy, people=made.people(), look_s=60
        )
        self.plan = made
        self.whole = self.toml

    async def begin(self) -> None:
        loop = asyncio.get_running_loop()
        self.clock = LoopClock(loop, epoch=EPOCH)
        self._tasks = crash.Tasks(loop)
        self.street = Street(self.plan.seed, wall=lambda: self.clock.now() / 1e6)
        self.street.network.settings.latency_s = self.plan.latency_s
        self.street.network.settings.latency_jitter_s = self.plan.jitter_s
        for place, kind in enumerate(self.plan.types, 1):
            self.street.add_modem(f"modem{place}", f"+44770090000{place}", kind, end=f"unix:{self.directory}/m{place}")
        self.phones = [
            self.street.add_phone(number, NAMES[person].title())
            for person in range(len(self.plan.devices))
            for number in self.plan.numbers(person)
        ]
        self.stranger = self.street.add_phone("+447700900199", "Stranger")
        await self.street.start()
        await self.wake(modems_up=False)

    @property
    def modems(self) -> list[str]:
        return list(self.street.modems)

    async def without(self, modem: str) -> None:
        """The operator takes this modem out of the file ("": none), and has it read again."""
        block = f'[[modems]]\nname = "{modem}"\nport = "unix:{self.directory}/m{modem[-1:]}"\nlook_s = 60\n'
        self.toml = self.whole.replace(block, "")
        self.path.write_text(self.toml)
        await self.post("/api/v1/admin/reload")

    def moment(self, at: int) -> datetime:
        return datetime.fromtimestamp(at / SECOND, UTC)

    def row(self, sql: str, **values: Any) -> Any:
        return self.daemon.store._peek.one(sql, **values)

    def rows(self, sql: str, **values: Any) -> Any:
        return self.daemon.store._peek.all(sql, **values)
