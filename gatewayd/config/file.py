"""The configuration: one TOML file in, the frozen settings of every room out, or all that is wrong with it at once.

Each room declares its own settings; here they become one file, numbers are normalised, secrets are fetched from
where they are kept, and every problem gets its key path and its line.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError

from gatewayd.channels.modem_settings import ModemSettings
from gatewayd.channels.ports import PortSettings
from gatewayd.channels.smpp_settings import SmppSettings
from gatewayd.channels.tap_settings import TapSettings
from gatewayd.clock import Clock
from gatewayd.config.checks import (
    channel_kinds,
    check,
    name_of,
    names_alike,
    names_too_long,
    names_unknown,
    rotas_amiss,
)
from gatewayd.config.kinds import misfits
from gatewayd.config.lines import KeyPath, line_of, lines_of, tables, written
from gatewayd.config.own import own_amiss, with_own_service
from gatewayd.config.pagers import pagers_odd
from gatewayd.config.places import STATE_DIR, socket_for
from gatewayd.config.rest import Rest
from gatewayd.config.rights import absent_ports, daemons_user, programs_amiss, unreadable
from gatewayd.config.secrets import Fetch
from gatewayd.config.syntax import fault
from gatewayd.config.tls import tls_amiss
from gatewayd.config.ways import networks_of_nobody
from gatewayd.config.words import NOT_KEYS, brief, echo, near_name, place, sentence
from gatewayd.delivery.own_troubles import SelfReportSettings
from gatewayd.delivery.plan import Plan, PoolSettings, Route, Way
from gatewayd.delivery.proof import ProofSettings
from gatewayd.delivery.settings import DeliverySettings
from gatewayd.numbers import Dialling, NumberError, normalise
from gatewayd.oncall import skills, triage
from gatewayd.oncall.alive import HeartbeatSettings
from gatewayd.oncall.directory import Directory, Person, Policy, Service, Team, lacking_devices
from gatewayd.oncall.hours import Calendar
from gatewayd.oncall.reachability import ReachabilitySettings
from gatewayd.oncall.rota import Rota
from gatewayd.oncall.site_visits import SiteVisitSettings
from gatewayd.oncall.storms import StormSettings
from gatewayd.oncall.triage import Inhibition, Maintenance, Rule, Rules
from gatewayd.web.settings import WebSettings

LEVELS_MAX = 20  # of tables and lists in each other
FILE_BYTES_MAX = 1_048_576
SOCKET_BYTES_MAX = 107  # sockaddr_un, less its closing NUL


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (`people[1].devices[0].number`; "" = the file), on which line, and what."""

    path: str
    line: int | None
    message: str

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.path}: {self.message}" if self.path else f"{place}{self.message}"


class ConfigError(Exception):
    """The file cannot be used; `problems` is all of it, in the order of the file."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


ChannelSettings = ModemSettings | SmppSettings | TapSettings


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class DiallingSettings(Dialling):
    """`[dialling]`: how numbers without a country are read."""

    country_code: Annotated[str, StringConstraints(pattern=r"^([1-9][0-9]{0,2})?$")] = ""
    trunk_prefix: Annotated[str, StringConstraints(pattern=r"^[0-9]{0,3}$")] = ""
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


class LogSettings(_Settings):
    """`[log]`: what goes to stderr, in which form."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Config(_Settings):
    """All of it. `state_dir` holds the store; `socket` is where the command line finds the daemon."""

    state_dir: Path = STATE_DIR
    socket: Path = Field(default_factory=lambda data: socket_for(data.get("state_dir", STATE_DIR)))
    log: LogSettings = LogSettings()
    dialling: DiallingSettings = DiallingSettings()
    web: WebSettings = WebSettings()
    delivery: DeliverySettings = DeliverySettings()
    storms: StormSettings = StormSettings()
    ports: PortSettings = PortSettings()
    modems: tuple[ModemSettings, ...] = Field((), max_length=64)
    smpp: tuple[SmppSettings, ...] = Field((), max_length=16)
    tap: tuple[TapSettings, ...] = Field((), max_length=16)
    routes: tuple[Route, ...] = Field((), max_length=500)
    ways: tuple[Way, ...] = Field((), max_length=64)
    pool: PoolSettings = PoolSettings()
    proof_of_life: ProofSettings = ProofSettings()
    people: tuple[Person, ...] = Field(min_length=1)
    teams: tuple[Team, ...] = ()
    services: tuple[Service, ...] = ()
    policies: tuple[Policy, ...] = Field(min_length=1)
    default_policy: str
    calendars: tuple[Calendar, ...] = Field((), max_length=100)
    rotas: tuple[Rota, ...] = Field((), max_length=200)
    rules: tuple[Rule, ...] = Field((), max_length=200)
    maintenance: tuple[Maintenance, ...] = Field((), max_length=200)
    inhibitions: tuple[Inhibition, ...] = Field((), max_length=100)
    reachability: ReachabilitySettings = ReachabilitySettings()
    site_visits: SiteVisitSettings = SiteVisitSettings()
    self_report: SelfReportSettings = SelfReportSettings()
    heartbeat: HeartbeatSettings = HeartbeatSettings()
    # Not a key of the file: what stands in the files and credentials of PINs and passwords, by name of the channel.
    secrets: dict[str, SecretStr] = Field(default_factory=dict, exclude=True)
    warnings: tuple[str, ...] = Field((), exclude=True)  # nor this: what is odd, or may be missed one day

    @property
    def channels(self) -> tuple[ChannelSettings, ...]:
        """All of them; the name of each is its own."""
        return (*self.modems, *self.smpp, *self.tap)

    @cached_property
    def plan(self) -> Plan:
        """Who is reached by which channel, what that costs, and how much of it there is."""
        limits = {c.name: getattr(c, "per_recipient_per_hour", None) for c in self.channels}
        return Plan(
            routes=self.routes,
            ways={way.channel: way for way in self.ways},
            usual={channel.name: _usual(channel) for channel in self.channels},
            per_hour={name: limit for name, limit in limits.items() if limit},
            sticky_s=self.pool.sticky_s,
            without_sim=frozenset(c.name for c in self.channels if not isinstance(c, ModemSettings)),
            named_only=not self.modems and not any(bureau.any_phone for bureau in self.smpp),
        )

    @cached_property
    def hosts(self) -> dict[str, tuple[str, ...]]:
        """By bureau, all hosts of its account, where there are several: a pager's id means the same at each of them."""
        accounts = [(bureau.account, bureau.name) for bureau in self.smpp if bureau.account]
        own = {name: tuple(n for a, n in accounts if a == account) for account, name in accounts}
        return {name: names for name, names in own.items() if len(names) > 1}

    @cached_property
    def in_ascii(self) -> tuple[str, ...]:
        """Bureaus whose pagers show plain ASCII."""
        return tuple(bureau.name for bureau in self.tap)

    @cached_property
    def wordless(self) -> dict[str, tuple[str, ...]]:
        """By bureau, the pagers that show digits only, or nothing."""
        pagers = {bureau.name: (*bureau.numeric_pagers, *bureau.tone_pagers) for bureau in self.tap}
        return {name: ids for name, ids in pagers.items() if ids}

    @property
    def triage_rules(self) -> Rules:
        return triage.rules_of(self.rules, self.maintenance, self.inhibitions, self.calendars)

    @cached_property
    def directory(self) -> Directory:
        told = {name: getattr(self, name) for name in Directory.model_fields}
        return Directory(**told | {"services": with_own_service(self.services, self.self_report)})


def _usual(channel: ChannelSettings) -> tuple[float, int]:
    """Seconds until its network has a text, and how many may be under way at once."""
    match channel:
        case ModemSettings():
            return 5.0, 1
        case SmppSettings():
            return 2.0, channel.outstanding_max
        case TapSettings():
            return (45.0 if channel.dial else 10.0), channel.pages_max


def load(
    path: Path, *, environ: Mapping[str, str] = os.environ, unseen: list[str] | None = None, now: int | None = None,
    at_start: bool = False,
) -> Config:  # fmt: skip
    """Read and check the file. Raises ConfigError.

    Rotas are looked at for the time from `now` (None: as the clock has it). A hole that time has torn into a rota must
    not keep the house closed after a power cut: `at_start` it is a warning.

    systemd shows credentials to the service alone: with an `unseen` list, those that cannot be seen from here are
    named in it instead of being a problem.
    """
    try:
        with path.open("rb") as file:
            octets = file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise ConfigError([Problem("", None, f"cannot read the file: {error.strerror}")]) from error
    if len(octets) > FILE_BYTES_MAX:
        raise ConfigError([Problem("", None, f"the file is larger than {FILE_BYTES_MAX} bytes")])
    try:
        text = octets.decode().removeprefix("\ufeff")  # some editors' mark
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        raise ConfigError([Problem("", line, "the file is not UTF-8")]) from error
    return parse(text, environ=environ, unseen=unseen, now=now, at_start=at_start)


def parse(
    text: str, *, environ: Mapping[str, str] = os.environ, unseen: list[str] | None = None, now: int | None = None,
    at_start: bool = False,
) -> Config:  # fmt: skip
    """As `load`, from the text of the file."""
    try:
        raw = tomllib.loads(text) if not _DOTTED.search(text) else None
    except (ValueError, RecursionError) as error:
        raise ConfigError([Problem("", *fault(error, text))]) from error
    if raw is None or _deeper(raw, LEVELS_MAX):
        raise ConfigError([Problem("", None, f"nested too deeply: more than {LEVELS_MAX} levels")])
    draft = _Draft(raw, environ, unseen, Clock().now() if now is None else now, at_start=at_start)
    config = draft.config()
    if draft.found or config is None:
        lines = lines_of(text)
        told = [(at, said + near_name(said, raw)) for at, said in draft.found]
        problems = {Problem(brief(written(at)), line_of(lines, at), brief(said)): None for at, said in told}
        raise ConfigError(sorted(problems, key=lambda p: (p.line or 0, p.path)))
    return config


# A key of so many parts takes a parser minutes.
_DOTTED = re.compile(r"""(?<![\w"'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){50}""")


def _deeper(value: object, levels: int) -> bool:
    """Whether tables and lists stand in each other further down."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(levels == 0 or _deeper(one, levels - 1) for one in inner)


def known_keys() -> list[str]:
    """What the file may have at its top."""
    return [key for key in Config.model_fields if key not in NOT_KEYS]


class _Draft:
    """The file on its way to a Config; `found` gathers what is wrong."""

    def __init__(
        self, raw: dict[str, Any], environ: Mapping[str, str], unseen: list[str] | None, now: int, *, at_start: bool
    ) -> None:
        self.raw = raw
        self.found: list[tuple[KeyPath, str]] = []
        self._environ = environ
        self._unseen = unseen
        self._now = now
        self._at_start = at_start

    def config(self) -> Config | None:
        self._fill_in()
        self._normalise_numbers()
        fetched = Fetch(self.raw, self._environ, self._unseen)
        self.found += fetched.found
        self._check_paths()
        config: Config | None = None
        kinds = dict(misfits(self.raw, Config))
        self.found += [((key,), f"unknown key '{key}'") for key in NOT_KEYS if key in self.raw]
        try:
            config = Config.model_validate(self.raw | {"secrets": fetched.secrets})
        except ValidationError as error:
            faults = [f for f in error.errors(include_url=False, include_input=False) if not echo(f, self.raw)]
            told = [(at := place(f), sentence(f, at, self.raw, Config)) for f in faults]
            self.found += [(at, said) for at, said in told if at not in kinds]
        self.found += kinds.items()
        if config is not None:
            self.found += names_too_long(config.people, segments_max=config.delivery.segments_max)
            config = self._with_rotas(config)
            odd = [f"{written(at)}: {said}" for at, said in self._out_of_reach(config, fetched)]
            config = config.model_copy(update={"warnings": (*config.warnings, *odd)})
        else:
            self._look_at_the_rest(fetched.secrets)
        self.found += check(self.raw, {at for at, _ in self.found}, known_keys())
        return config

    def _out_of_reach(self, config: Config, fetched: Fetch) -> list[tuple[KeyPath, str]]:
        """The daemon itself sees by trying which secrets it can read, and which ports are there."""
        user = daemons_user(config.state_dir)
        by_hand = self._unseen is not None
        absent = absent_ports(config.modems, config.tap) if by_hand else ()
        return [
            *unreadable(fetched.files if by_hand else [], user), *absent, *programs_amiss(config.modems, user)
        ]  # fmt: skip

    def _look_at_the_rest(self, secrets: Mapping[str, str]) -> None:
        """What the parts that can be read say of each other is told at once, not after the others are mended."""
        rest, told = Rest(self.raw), len(self.found)
        config = rest.made(lambda raw: Config.model_validate(raw | {"secrets": secrets}), [at for at, _ in self.found])
        if config is not None:
            self._with_rotas(config)
            more = [(rest.place(at), said) for at, said in self.found[told:]]
            self.found[told:] = [(at, said) for at, said in more if rest.believed(at, said)]

    def _with_rotas(self, config: Config) -> Config:
        amiss = rotas_amiss(config.rotas, config.calendars, config.people, config.policies, now=self._now)
        self.found += lacking_devices(config.people, config.teams, config.policies)
        self.found += skills.faults(config.people, config.services)
        if (named := config.site_visits.policy) is not None and named not in [p.name for p in config.policies]:
            self.found.append((("site_visits", "policy"), f"no policy '{named}'"))
        for key in ("but", "teams"):  # for a snapshot
            given = [i for i, p in enumerate(config.policies) if getattr(p, key)]
            self.found += [(("policies", i, key), f"unknown key '{key}'") for i in given]
        self.found += names_unknown(config.reachability, config.people, config.teams, config.rotas, config.calendars)
        self.found += own_amiss(config.self_report, config.heartbeat, config.policies, config.services, config.people)
        self.found += amiss.faults
        self.found += triage.faults(config.triage_rules, [p.name for p in config.policies])
        odd = [*names_alike(config.people), *triage.odd(config.triage_rules), *amiss.warnings]
        odd += pagers_odd(config.tap, config.people, config.teams)
        odd += networks_of_nobody(config.routes, config.ways, [modem.name for modem in config.modems])
        if self._at_start:
            odd = odd + amiss.holes
        else:
            self.found += amiss.holes
        return config.model_copy(update={"warnings": tuple(f"{written(at)}: {said}" for at, said in odd)})

    def _fill_in(self) -> None:
        """With one policy there is nothing to choose."""
        policies = [name_of("policies", i, p) for i, p in tables(self.raw, "policies")]
        if "default_policy" not in self.raw and len(policies) == 1:
            self.raw["default_policy"] = policies[0]

    def _normalise_numbers(self) -> None:
        """Of phones. The id of a pager is nothing that is dialled: it stays as it is written."""
        told = self.raw.get("dialling")
        words = {k: v for k, v in told.items() if isinstance(v, str)} if isinstance(told, dict) else {}
        dialling = Dialling(words.get("country_code", ""), words.get("trunk_prefix", ""))
        legible = "dialling" not in self.raw or (isinstance(told, dict) and len(words) == len(told))
        kinds = channel_kinds(self.raw)
        for i, person in tables(self.raw, "people"):
            for k, device in tables(person, "devices"):
                if not isinstance(device.get("number"), str) or device.get("kind", "phone") != "phone":
                    continue
                try:
                    device["number"] = normalise(device["number"], dialling)
                except NumberError as error:
                    if not legible and not device["number"].lstrip().startswith(("+", "short:")):
                        continue  # perhaps good, once the dialling is
                    bureau = kinds.get(str(device.get("channel")), "modems") != "modems"
                    hint = '; for the id of a pager: kind = "pager"' if bureau else ""
                    self.found.append((("people", i, "devices", k, "number"), f"{error}{hint}"))

    def _check_paths(self) -> None:
        for key in ("state_dir", "socket"):
            told = self.raw.get(key)
            if isinstance(told, str) and not told.startswith("/"):
                self.found.append(((key,), "must be an absolute path"))
        told = self.raw.get("state_dir")
        if isinstance(told, str) and Path(told).exists() and not Path(told).is_dir():
            self.found.append((("state_dir",), f"{told} is no directory"))
        self.found += tls_amiss(self.raw)
        state_dir = self.raw.get("state_dir", str(STATE_DIR))
        told = self.raw.get("socket") or (str(socket_for(Path(state_dir))) if isinstance(state_dir, str) else "")
        if isinstance(told, str) and len(os.fsencode(told)) > SOCKET_BYTES_MAX:
            where = "socket" if "socket" in self.raw else "state_dir"
            self.found.append(((where,), f"the path of the socket is longer than {SOCKET_BYTES_MAX} bytes"))
