"""Who there is: people with devices, teams, services and escalation policies, as the configuration tells it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from gatewayd.model import OWN_SERVICE, Severity
from gatewayd.numbers import of_another_country, same_subscriber, without_trunk_zero
from gatewayd.oncall.hours import Calendar
from gatewayd.oncall.languages import LANGUAGES
from gatewayd.oncall.rota import Rota
from gatewayd.oncall.rota_faults import Staff
from gatewayd.oncall.site_visits import SiteVisitSettings
from gatewayd.oncall.triage import Fault, Inhibition, Maintenance, Rule, Rules, policy_of, rules_of
from gatewayd.text import visible

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}$")]
ChannelName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
TEAM, ROTA, BACKUP = "team:", "rota:", "backup:"
JOINER = "\u200d"  # holds signs together that are read as one
# "anna", "team:noc", "rota:network" (who is on call now), "backup:network" (who would be, without that one)
Audience = Annotated[str, StringConstraints(max_length=len(BACKUP) + 40)]


def _one_line(said: str) -> str:
    if said and (not visible(said) or not said.replace(JOINER, "").isprintable()):
        raise ValueError("must be one line, and show something")
    return said


Said = Annotated[str, StringConstraints(max_length=40), AfterValidator(_one_line)]  # what people read; "" = nothing
Title = Annotated[str, StringConstraints(max_length=80), AfterValidator(_one_line)]


def _known_language(tag: str) -> str:
    if tag.partition("-")[0] not in LANGUAGES:
        raise ValueError(f"there are no texts in '{tag}': known are {', '.join(LANGUAGES)}")
    return tag


Language = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"), AfterValidator(_known_language)
]
Kind = Literal["phone", "pager"]


def _by_severity(value: object) -> object:
    """One kind of device, several in the order of use, or a table with its own for each severity."""
    told = value if isinstance(value, dict) else dict.fromkeys((s.value for s in Severity), value)
    made: dict[str, tuple[str, ...]] = {}
    for severity, kinds in told.items():
        if severity not in tuple(Severity):
            raise ValueError(f"'{severity}' is no severity: {', '.join(Severity)}")
        listed = [kinds] if isinstance(kinds, str) else kinds
        if not isinstance(listed, list | tuple) or not listed or any(kind not in get_args(Kind) for kind in listed):
            raise ValueError('must be "phone" or "pager", or both in the order of use: ["pager", "phone"]')
        made[severity] = tuple(dict.fromkeys(listed))
    return made


KindsBySeverity = Annotated[dict[Severity, tuple[Kind, ...]], BeforeValidator(_by_severity)]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Device(_Settings):
    """One way to reach a person. The order in the list is the order of use."""

    kind: Kind = "phone"
    # A phone's is E.164 ("+...") or the digits of a short code, made so when the file is read; a pager's is its id at
    # the bureau, as it is written. Two bureaus may know different pagers by one id.
    number: Annotated[str, StringConstraints(max_length=40)]
    name: Said = ""
    channel: ChannelName | None = None  # only through this channel; the bureau of a pager
    wait_s: int = Field(120, ge=10, le=86_400)  # after this long without an answer the next device is tried

    def wrote(self, sender: str, channels: Collection[str]) -> bool:
        """Whether a text that came in over these channels, of one bureau, is from here. A pager writes by its own."""
        if self.kind == "phone":  # networks may show it in national form: then its end decides
            if sender.startswith("+"):
                return self.number == sender
            return same_subscriber(self.number, sender) and not of_another_country(sender, self.number)
        # Bureaus write digits without a type, and those that could be an international number are read as one.
        forms = (self.number, f"+{self.number}", f"+{self.number.removeprefix('00')}")
        return self.channel in channels and sender in forms


class Person(_Settings):
    name: Name
    full_name: Said = ""
    language: Language = "en"
    devices: tuple[Device, ...] = Field(min_length=1, max_length=8)
    skills: tuple[Name, ...] = Field((), max_length=50)

    @property
    def called(self) -> str:
        return self.full_name or self.name.capitalize()


class Group(_Settings):
    """A number at a bureau that pages a whole team by one call."""

    number: Annotated[str, StringConstraints(max_length=40)]
    channel: ChannelName
    worn_by: tuple[Name, ...] | None = Field(None, min_length=1, max_length=200)  # None: who has a pager at that bureau
    wait_s: int = Field(120, ge=10, le=86_400)  # after this long without an answer each one's own devices are tried


class Team(_Settings):
    name: Name
    members: tuple[Name, ...] = Field(min_length=1, max_length=200)
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class GroupCall:
    """One call to the number of a team's group, and whom it reaches."""

    team: str
    channel: str
    wearers: tuple[str, ...]
    wait_s: int


class Step(_Settings):
    """Page all of `page` ("anna", "team:noc", "rota:network"), then wait for an acknowledgement.

    `devices`: by severity, the kinds of devices that it uses, in this order; of a severity that is not there, all.
    """

    page: tuple[Audience, ...] = Field(min_length=1, max_length=50)
    wait_s: int = Field(300, ge=5, le=86_400)
    devices: KindsBySeverity = Field(default_factory=dict)


class Policy(_Settings):
    """Steps in order, all of it `repeat` times more, then the fallback, again and again with back-off."""

    name: Name
    steps: tuple[Step, ...] = Field(min_length=1, max_length=20)
    repeat: int = Field(1, ge=0, le=20)
    fallback: tuple[Audience, ...] = Field(min_length=1, max_length=50)  # nobody to page is not an outcome
    exhausted_every_s: int = Field(900, ge=30, le=86_400)
    group_s: int = Field(0, ge=0, le=3_600)  # alerts of a service that begin this long after its incident join it
    comes_back_s: int = Field(14_400, ge=0, le=604_800)  # taken so long ago and still firing: paged anew; 0 = never
    but: tuple[Name, ...] = Field((), max_length=50)  # not of the file: whom an incident of the house's own never pages
    teams: dict[Name, tuple[Name, ...]] = Field(default_factory=dict)  # not of the file: who they are, for a snapshot

    @property
    def named(self) -> tuple[str, ...]:
        """Whom it names, as it names them, in the order of use."""
        return (*(who for step in self.steps for who in step.page), *self.fallback)

    def kinds(self, step: int, severity: Severity) -> tuple[Kind, ...]:
        """The kinds of devices that the step uses, in this order; none: all that somebody has, as in the fallback."""
        return self.steps[step].devices.get(severity, ()) if step < len(self.steps) else ()


class Service(_Settings):
    name: Name
    policy: Name
    title: Title = ""
    group_s: int | None = Field(None, ge=0, le=3_600)  # None: as its policy says
    needs: tuple[Name, ...] = Field((), max_length=10)  # skills: among those on call, whoever has them comes first


class Directory(_Settings):
    """Everybody and everything, looked up by name."""

    people: tuple[Person, ...] = Field(min_length=1)
    teams: tuple[Team, ...] = ()
    policies: tuple[Policy, ...] = Field(min_length=1)
    services: tuple[Service, ...] = ()
    default_policy: Name
    rotas: tuple[Rota, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    rules: tuple[Rule, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()
    inhibitions: tuple[Inhibition, ...] = ()
    site_visits: SiteVisitSettings = SiteVisitSettings()
    hosts: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # by bureau: it, and others of the same account
    in_ascii: tuple[str, ...] = ()  # bureaus whose pagers show nothing else
    wordless: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # by bureau: pagers without words; "48*": many

    @cached_property
    def _people(self) -> dict[str, Person]:
        return {p.name: p for p in reversed(self.people)}

    @cached_property
    def _teams(self) -> dict[str, Team]:
        return {t.name: t for t in reversed(self.teams)}

    @cached_property
    def _named(self) -> dict[str, Policy]:
        """Each with the teams that it names, so that a snapshot knows them when they have left the file."""
        return {p.name: p.model_copy(update={"teams": self._teams_of(p)}) for p in reversed(self.policies)}

    def _teams_of(self, policy: Policy) -> dict[str, tuple[str, ...]]:
        words = dict.fromkeys(who.removeprefix(TEAM) for who in policy.named if who.startswith(TEAM))
        return {name: self._teams[name].members for name in words if name in self._teams}

    @cached_property
    def _policies(self) -> dict[str, Policy]:
        """By service; "" is every other service."""
        named = self._named
        return {"": named[self.default_policy]} | {s.name: named[s.policy] for s in reversed(self.services)}

    def person(self, name: str) -> Person | None:
        return self._people.get(name)

    def team(self, name: str) -> Team | None:
        return self._teams.get(name)

    def policy_named(self, name: str | None) -> Policy | None:
        return self._named.get(name or "")

    @property
    def triage_rules(self) -> Rules:
        return rules_of(self.rules, self.maintenance, self.inhibitions, self.calendars)

    def service_named(self, told: str) -> str:
        """As the file writes it, in small letters, what a monitor may write in others."""
        return small if (small := told.casefold()) in self._policies else told

    def policy_for(self, service: str) -> Policy:
        """The policy of the service, or the default one for a service nobody has named."""
        return self._policies.get(service) or self._policies[""]

    def unnamed(self, service: str) -> bool:
        """Whether the file says of other services what becomes of them, and not of this one: it may be mistyped."""
        globs = [glob for rule in self.rules for glob in rule.services]
        others = globs or any(known.name != OWN_SERVICE for known in self.services)
        return bool(others) and service not in self._policies and not any(fnmatchcase(service, g) for g in globs)

    def policies_of(self, service: str) -> tuple[Policy, ...]:
        """Its own, and those that a rule may choose for it. "" is a service that nobody has named."""
        by_rules = (
            self.policy_named(rule.policy)
            for rule in self.rules
            if not rule.services or any(fnmatchcase(service, glob) for glob in rule.services)
        )
        return (self.policy_for(service), *(policy for policy in by_rules if policy is not None))

    def policy_at(self, service: str, severity: Severity, now: int) -> tuple[Policy, str]:
        """The policy by which such an incident of the service pages now, and why that one."""
        page = policy_of(Fault(service, severity), self.triage_rules, now=now)
        return self.policy_named(page.policy) or self.policy_for(service), page.reason

    def group_s(self, service: str) -> int:
        """For how long new alerts of the service join its open incident; 0 = each one opens its own."""
        own = self._grouping.get(service)
        return self.policy_for(service).group_s if own is None else own

    def needs(self, service: str) -> tuple[str, ...]:
        """The skills that the service asks for."""
        return self._needs.get(service, ())

    @cached_property
    def _needs(self) -> dict[str, tuple[str, ...]]:
        return {s.name: s.needs for s in reversed(self.services) if s.needs}

    def skills(self, person: str) -> tuple[str, ...]:
        known = self.person(person)
        return known.skills if known else ()

    @cached_property
    def _grouping(self) -> dict[str, int]:
        return {s.name: s.group_s for s in reversed(self.services) if s.group_s is not None}

    def members(
        self, audience: tuple[str, ...], *, on_duty: Callable[[str], tuple[str, ...]] = lambda _: ()
    ) -> tuple[str, ...]:
        """Names of people behind an audience, in order, each once. `on_duty`: whom "rota:..." and "backup:..." mean."""
        names: dict[str, None] = {}
        for who in audience:
            if who.startswith((ROTA, BACKUP)):
                names.update(dict.fromkeys(on_duty(who)))
                continue
            team = self.team(who.removeprefix(TEAM)) if who.startswith(TEAM) else None
            names.update(dict.fromkeys(team.members if team else (who,)))
        return tuple(names)

    def group_calls(self, audience: tuple[str, ...]) -> tuple[GroupCall, ...]:
        """The calls that reach several of the audience at once; nobody is counted to two of them."""
        counted: set[str] = set()
        calls: list[GroupCall] = []
        for name in dict.fromkeys(who.removeprefix(TEAM) for who in audience if who.startswith(TEAM)):
            team = self.team(name)
            if team is None or team.group is None:
                continue
            wearers = tuple(n for n in self.wearers(team) if n not in counted)
            counted.update(wearers)
            if wearers:
                calls.append(GroupCall(name, team.group.channel, wearers, team.group.wait_s))
        return tuple(calls)

    def wearers(self, team: Team) -> tuple[str, ...]:
        """Those of the team whose pager has the group's number beside its own."""
        if team.group is None:
            return ()
        if team.group.worn_by is not None:
            return tuple(dict.fromkeys(team.group.worn_by))
        there = team.group.channel
        return tuple(
            name
            for name in dict.fromkeys(team.members)
            if (person := self.person(name)) and any(d.kind == "pager" and d.channel == there for d in person.devices)
        )

    def shows_words(self, number: str, channel: str | None) -> bool:
        """Not so a pager that shows digits only, or only beeps."""
        pagers = self.wordless.get(channel or "", ())
        return not any(number.startswith(p[:-1]) if p.endswith("*") else number == p for p in pagers)

    def addressed_with(self, person: str) -> tuple[str, ...]:
        """The names under which texts go to that person: the own one, and those of teams that have a group."""
        return (person, *(TEAM + t.name for t in self.teams if t.group is not None and person in t.members))

    def owner_of(self, sender: str, channel: str) -> tuple[Person, Device] | None:
        """Whose registered device wrote a text that came in over that channel.

        A bureau's own pagers come first; of one phone that is there twice, the device of that channel. A number that
        is nobody's as it is written is read without a trunk 0, where it is then that of one person.
        """
        hosts = self.hosts.get(channel, (channel,))
        found = [(p, d) for p in self.people for d in p.devices if d.wrote(sender, hosts)]
        plain = without_trunk_zero(sender)
        if not found and plain != sender:
            found = [(p, d) for p in self.people for d in p.devices if d.kind == "phone" and d.wrote(plain, hosts)]
            found = found if len({person.name for person, _ in found}) == 1 else []
        return min(found, key=lambda owned: (owned[1].kind != "pager", owned[1].channel != channel), default=None)

    def faults(self) -> list[tuple[tuple[str | int, ...], str]]:
        """What does not fit together: (path in the file, sentence), all of it."""
        found: list[tuple[tuple[str | int, ...], str]] = []
        people = {p.name for p in self.people}
        policies = {p.name for p in self.policies}
        teams = {t.name for t in self.teams}
        for kind, names in (
            ("people", [p.name for p in self.people]),
            ("teams", [t.name for t in self.teams]),
            ("policies", [p.name for p in self.policies]),
            ("services", [s.name for s in self.services]),
        ):
            found += [((kind, i, "name"), f"'{n}' is there twice") for i, n in enumerate(names) if n in names[:i]]
        numbers: dict[tuple[str, str | None], str] = {}
        for i, person in enumerate(self.people):
            for k, device in enumerate(person.devices):
                where = device.channel if device.kind == "pager" else None
                other = numbers.setdefault((device.number, where), person.name)
                if other != person.name:
                    what = "pager" if device.kind == "pager" else "number"
                    found.append((("people", i, "devices", k, "number"), f"this {what} belongs to '{other}' already"))
        for i, team in enumerate(self.teams):
            found += [
                (("teams", i, "members", k), f"no person '{n}'") for k, n in enumerate(team.members) if n not in people
            ]
        found += self._group_faults(numbers)

        rotas = {r.name for r in self.rotas}

        def known(who: str) -> bool:
            if who.startswith((ROTA, BACKUP)):
                return who.partition(":")[2] in rotas
            return who.removeprefix(TEAM) in teams if who.startswith(TEAM) else who in people

        for i, policy in enumerate(self.policies):
            for k, step in enumerate(policy.steps):
                found += [
                    (("policies", i, "steps", k, "page", n), _nobody(w))
                    for n, w in enumerate(step.page)
                    if not known(w)
                ]
            found += [
                (("policies", i, "fallback", n), _nobody(w)) for n, w in enumerate(policy.fallback) if not known(w)
            ]
        found += [
            (("services", i, "policy"), f"no policy '{s.policy}'")
            for i, s in enumerate(self.services)
            if s.policy not in policies
        ]
        if self.default_policy not in policies:
            found.append((("default_policy",), f"no policy '{self.default_policy}'"))
        return found

    def _group_faults(self, pagers: Mapping[tuple[str, str | None], str]) -> list[tuple[tuple[str | int, ...], str]]:
        """`pagers`: whose each number is, by number and bureau."""
        found: list[tuple[tuple[str | int, ...], str]] = []
        groups: dict[tuple[str, str], str] = {}
        for i, team in enumerate(self.teams):
            group = team.group
            if group is None:
                continue
            at = ("teams", i, "group")
            owner = pagers.get((group.number, group.channel))
            other = groups.setdefault((group.number, group.channel), team.name)
            if owner is not None:
                found.append(((*at, "number"), f"this is the pager of '{owner}' alone, not a group's number"))
            elif other != team.name:
                found.append(((*at, "number"), f"this is the group's number of 'team:{other}' already"))
            strangers = [(k, n) for k, n in enumerate(group.worn_by or ()) if n not in team.members]
            found += [((*at, "worn_by", k), f"'{n}' is not in the team") for k, n in strangers]
        return found


def staff(people: Sequence[Person], policies: Sequence[Policy]) -> Staff:
    """Who there is for rotas, and the kinds of devices that the steps which page each rota use."""
    needed: dict[str, set[str]] = {}
    for step in (step for policy in policies for step in policy.steps):
        kinds = {kind for kinds in step.devices.values() for kind in kinds}
        for who in step.page if kinds else ():
            if who.startswith((ROTA, BACKUP)):
                needed.setdefault(who.partition(":")[2], set()).update(kinds)
    return Staff(
        {p.name: frozenset(d.kind for d in p.devices) for p in people},
        {rota: frozenset(kinds) for rota, kinds in needed.items()},
    )


def lacking_devices(
    people: Sequence[Person], teams: Sequence[Team], policies: Sequence[Policy]
) -> list[tuple[tuple[str | int, ...], str]]:
    """People whom a step pages by name or team, and who have no device of a kind that it uses.

    Who wears the number of a team's group has a pager.
    """
    directory = Directory.model_construct(
        people=tuple(people), teams=tuple(teams), policies=tuple(policies), default_policy=""
    )
    found: list[tuple[tuple[str | int, ...], str]] = []
    for i, policy in enumerate(directory.policies):
        for k, step in enumerate(policy.steps):
            kinds = dict.fromkeys(kind for kinds in step.devices.values() for kind in kinds)
            called = {name for call in directory.group_calls(step.page) for name in call.wearers} if kinds else ()
            for name in directory.members(step.page) if kinds else ():
                known = directory.person(name)
                owned = {d.kind for d in known.devices} if known else set(kinds)
                missing = [kind for kind in kinds if kind not in owned and not (kind == "pager" and name in called)]
                at = ("policies", i, "steps", k, "devices")
                found += [(at, f"'{name}' has no {kind}, and this step uses one") for kind in missing]
    return found


def _nobody(who: str) -> str:
    if who.startswith((ROTA, BACKUP)):
        return f"no rota '{who.partition(':')[2]}'"
    return f"no person or team '{who}'"
