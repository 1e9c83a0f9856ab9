"""What "who NAME" asks after: a service, a rota, a policy or a team, by its name or title. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from gatewayd.near import near
from gatewayd.oncall.directory import Directory
from gatewayd.oncall.reply_text import fold

# Beside the name: "who network team", "qui équipe réseau".
_KIND_WORDS = (
    "service services team teams rota roster policy group gwasanaeth tim polisi dienst gruppe plan equipe groupe"
    " planning equipo grupo turno usluga zespol grafik grupa dyzur"
)
_KINDS = frozenset(_KIND_WORDS.split())
_KIND_SIGNS = ("服务", "服務", "团队", "團隊", "组", "組")


class Asked(NamedTuple):
    kind: Literal["service", "rota", "policy", "team"]
    name: str


def asked_after(directory: Directory, words: str) -> Asked | None:
    """The first that is called so; else the one that is without words for what it is."""
    for said in dict.fromkeys((fold(words), _bare(words))):
        found = next((asked for called, asked in _called(directory) if called == said), None)
        if said and found is not None:
            return found
    return None


def alike(directory: Directory, words: str) -> list[str]:
    """Names like it, the nearest first."""
    known: dict[str, str] = {}
    for called, asked in _called(directory):
        known.setdefault(called, asked.name)
    return list(dict.fromkeys(known[called] for called in near(_bare(words), known)))


def _called(directory: Directory) -> Iterator[tuple[str, Asked]]:
    """A service before a rota, a rota before what uses it."""
    for service in directory.services:
        yield from ((fold(said), Asked("service", service.name)) for said in (service.name, service.title) if said)
    for rota in directory.rotas:
        yield from ((fold(said), Asked("rota", rota.name)) for said in (rota.name, rota.title) if said)
    yield from ((fold(policy.name), Asked("policy", policy.name)) for policy in directory.policies)
    yield from ((fold(team.name), Asked("team", team.name)) for team in directory.teams)


def _bare(words: str) -> str:
    said = " ".join(word for word in fold(words).split() if word not in _KINDS)
    return next((said.removesuffix(sign) for sign in _KIND_SIGNS if said.endswith(sign)), said)
