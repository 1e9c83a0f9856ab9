"""What is kept back at a moment of what a rota is paged for, as whoever takes the rota is told. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

from gatewayd.oncall import said_times
from gatewayd.oncall.directory import ROTA, Directory
from gatewayd.oncall.languages import language_of
from gatewayd.oncall.triage import Match, Silence
from gatewayd.oncall.wording import fits, plain

_ESCAPED = re.compile(r"\[([*?\[])\]")


@dataclass(frozen=True, slots=True)
class Hushed:
    """A silence, or work that goes on (`work`: what it is called). `of`: what it keeps, for people."""

    of: str
    until: int
    work: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    """`one` of them in the list; `many`, when there is no room for it; `work`: who has made it, where a name stands."""

    silenced: str
    one: str
    many: str
    work: str


_WORDS: Mapping[str, _Words] = {
    "en": _Words(". Silenced: ", "{of} until {until}", "{n}, reply silences", "maintenance '{name}'"),
    "cy": _Words(". Tawelwyd: ", "{of} tan {until}", "{n}, ateb silences", "gwaith '{name}'"),
    "de": _Words(". Stumm: ", "{of} bis {until}", "{n}, antworte silences", "Wartung '{name}'"),
    "fr": _Words(". Muet: ", "{of} jusqu'à {until}", "{n}, réponds silences", "maintenance '{name}'"),
    "es": _Words(". Silenciado: ", "{of} hasta {until}", "{n}, responde silences", "mantenimiento '{name}'"),
    "pl": _Words(". Wyciszone: ", "{of} do {until}", "{n}, odpisz silences", "prace '{name}'"),
    "zh": _Words("。静音: ", "{of}至{until}", "{n}项, 回复 silences", "维护'{name}'"),
}


def unescaped(pattern: str) -> str:
    """The name that a pattern made of it stands for."""
    return _ESCAPED.sub(r"\1", pattern)


def shown(match: Match) -> str:
    """What a silence is of, for people."""
    said = (*match.services, *match.labels.values(), *match.severities, *match.sources, *match.keys)
    return ", ".join(unescaped(word) for word in said)


def made_by_work(name: str, language: str) -> str:
    return _WORDS[language_of(language)].work.format(name=name)


def work(directory: Directory, *, now: int) -> list[tuple[Match, Hushed]]:
    """The maintenance that goes on."""
    going_on = ((m, m.over_at(now)) for m in directory.maintenance)
    return [(m, Hushed(shown(m), until, m.name)) for m, until in going_on if until is not None]


def of(directory: Directory, silences: Sequence[Silence], rotas: Collection[str], *, now: int) -> list[Hushed]:
    """All that may keep something back for which one of these rotas is paged; of a thing that two keep, both."""
    found = [(s.match, Hushed(shown(s.match), s.until)) for s in silences if now < s.until]
    found += work(directory, now=now)
    return [hushed for match, hushed in found if _concerns(directory, match, {ROTA + name for name in rotas})]


def _concerns(directory: Directory, match: Match, rotas: set[str]) -> bool:
    services = {
        s.name for s in directory.services if any(rotas & set(policy.named) for policy in directory.policies_of(s.name))
    }
    others = any(rotas & set(policy.named) for policy in directory.policies_of(""))  # those that no file names
    if not match.services:
        return bool(services) or others
    known = [s.name for s in directory.services]
    return any(
        any(fnmatchcase(name, glob) for name in services)
        or (others and not any(fnmatchcase(name, glob) for name in known))
        for glob in match.services
    )


def told(words: str, hushed: Sequence[Hushed], zone: ZoneInfo, language: str) -> str:
    """What stands behind `words`: which and until when, where all of it is one segment; else how many, and how to read
    them. "" = there is nothing to tell."""
    if not hushed:
        return ""
    said = _WORDS[language_of(language)]
    ones = [said.one.format(of=plain(one.of), until=said_times.shown(zone, one.until, language)) for one in hushed]
    listed = said.silenced + ", ".join(ones)
    return listed if fits(words + listed, 1) else said.silenced + said.many.format(n=len(hushed))
