"""The words of folded texts by language: many incidents in one segment. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from gatewayd.oncall import civil
from gatewayd.oncall.languages import language_of
from gatewayd.oncall.wording import fits, plain

SERVICE_CHARACTERS_MAX = 24
CODES_MAX = 200  # far more than one segment holds


@dataclass(frozen=True, slots=True)
class _Words:
    more: str
    critical: str
    others: str
    list: str
    taken: str
    taken_by: str
    cleared: str
    left: str


_WORDS: Mapping[str, _Words] = {
    "en": _Words(
        more="{n} more{critical} since {at}",
        critical=" ({n} critical)",
        others="{n} in other services",
        list=". Reply ? for the list",
        taken="{n} taken",
        taken_by="{n} taken by {who}",
        cleared="{n} cleared",
        left="{n} more",
    ),
    "cy": _Words(
        more="{n} arall{critical} ers {at}",
        critical=" ({n} argyfwng)",
        others="{n} mewn gwasanaethau eraill",
        list=". Ateb ? am y rhestr",
        taken="{n} wedi eu cymryd",
        taken_by="{n} gan {who}",
        cleared="{n} drosodd",
        left="{n} arall",
    ),
    "de": _Words(
        more="{n} weitere{critical} seit {at}",
        critical=" ({n} kritisch)",
        others="{n} in anderen Diensten",
        list=". Antworte ? für die Liste",
        taken="{n} übernommen",
        taken_by="{n} übernommen von {who}",
        cleared="{n} vorbei",
        left="{n} weitere",
    ),
    "fr": _Words(
        more="{n} autres{critical} depuis {at}",
        critical=" ({n} critiques)",
        others="{n} dans d'autres services",
        list=". Réponds ? pour la liste",
        taken="{n} pris",
        taken_by="{n} pris par {who}",
        cleared="{n} terminés",
        left="{n} autres",
    ),
    "es": _Words(
        more="{n} otros{critical} desde {at}",
        critical=" ({n} criticos)",
        others="{n} en otros servicios",
        list=". Responde ? para la lista",
        taken="{n} tomados",
        taken_by="{n} tomados por {who}",
        cleared="{n} terminados",
        left="{n} otros",
    ),
    "pl": _Words(
        more="{n} innych{critical} od {at}",
        critical=" ({n} pilnych)",
        others="{n} w innych uslugach",
        list=". Odpisz ? po liste",
        taken="{n} przejetych",
        taken_by="{n} ma {who}",
        cleared="{n} po wszystkim",
        left="{n} innych",
    ),
    "zh": _Words(
        more="另{n}个{critical}, 自 {at}",
        critical=" ({n}个紧急)",
        others="其他服务 {n}",
        list="。回复 ? 看列表",
        taken="{n}个已接手",
        taken_by="{n}个由{who}接手",
        cleared="{n}个已恢复",
        left="另{n}个",
    ),
}


def _words(language: str) -> _Words:
    return _WORDS[language_of(language)]


def more(
    services: Mapping[str, int], *, critical: int, since: int, zone: ZoneInfo, words_shown: bool, language: str
) -> str:
    """`17 more since 04:12: db 12, net 5. Reply ? for the list`, in one segment. `services`: incidents by service.

    A pager without words shows the first digits alone: `00-17`. No code of an incident begins with 0.
    """
    said = _words(language)
    total = sum(services.values())
    at = f"{civil.wall(zone, since):%H:%M}" + (" UTC" if zone.key == "UTC" else "")
    head = said.more.format(n=total, critical=said.critical.format(n=critical) if 0 < critical < total else "", at=at)
    named = sorted(services.items(), key=lambda known: (-known[1], known[0]))
    entries = [f"{_short(name)} {count}" for name, count in named]

    def rest(shown: int) -> str:
        return said.others.format(n=sum(count for _, count in named[shown:]))

    return ("" if words_shown else f"00-{total} ") + _listed(head, entries, rest, said.list)


def news(kind: str, codes: Sequence[str], *, by: Sequence[str], language: str) -> str:
    """`5 cleared: 12, 34, 57, 60, 61` or `5 taken by Anna: ...`, in one segment. `by`: who took them."""
    said = _words(language)
    if kind == "cleared":
        head = said.cleared.format(n=len(codes))
    elif len(by) == 1:
        head = said.taken_by.format(n=len(codes), who=by[0])
    else:
        head = said.taken.format(n=len(codes))
    return _listed(head, codes[:CODES_MAX], lambda shown: said.left.format(n=len(codes) - shown), "")


def _listed(head: str, entries: Sequence[str], rest: Callable[[int], str], tail: str) -> str:
    """As many entries as there is room for; the others are counted."""
    low, high = 0, len(entries)

    def whole(shown: int) -> str:
        parts = [*entries[:shown], *([rest(shown)] if shown < len(entries) else [])]
        return f"{head}: {', '.join(parts)}{tail}"

    while low < high:
        middle = (low + high + 1) // 2
        if fits(whole(middle), 1):
            low = middle
        else:
            high = middle - 1
    return whole(low) if low else head + tail


def _short(service: str) -> str:
    name = plain(service)
    return name if len(name) <= SERVICE_CHARACTERS_MAX else name[: SERVICE_CHARACTERS_MAX - 3].rstrip() + "..."
