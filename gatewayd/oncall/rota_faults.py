"""What does not fit together in rotas and calendars: every fault with its place in the file, all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gatewayd.oncall import civil, refusal_words
from gatewayd.oncall.cover import Facts
from gatewayd.oncall.duty import AHEAD_DAYS, gaps
from gatewayd.oncall.hours import Calendar
from gatewayd.oncall.languages import ENGLISH
from gatewayd.oncall.rota import Layer, Plan, Rota, plan

Fault = tuple[tuple[str | int, ...], str]
_SAID = refusal_words.words_of(ENGLISH)


@dataclass(frozen=True, slots=True)
class Staff:
    """Who there is, with the kinds of their devices; and the kinds that the policies of each rota use."""

    devices: Mapping[str, frozenset[str]]
    needed: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Findings:
    """Faults, with which the file is refused; holes, which time alone can tear into a file that was good; warnings."""

    faults: list[Fault]
    holes: list[Fault]
    warnings: list[Fault]


def check(rotas: Sequence[Rota], calendars: Sequence[Calendar], staff: Staff, *, now: int) -> Findings:
    """All that is wrong: names, people and their devices, holidays, and gaps within the next 400 days."""
    found = Findings([], [], [])
    found.faults.extend(_twice("calendars", [c.name for c in calendars]))
    found.faults.extend(_twice("rotas", [r.name for r in rotas]))
    by_name = {c.name: c for c in calendars}
    for number, rota in enumerate(rotas):
        at: tuple[str | int, ...] = ("rotas", number)
        named = [*_calendars(rota, by_name, at)]
        found.faults.extend(named)
        for place, person in _everybody(rota, at):
            found.faults.extend(_person(rota, person, staff, place))
        found.faults.extend(
            (place, f"no person '{who}'") for place, who in _shadows(rota, at) if who not in staff.devices
        )
        for place, layer in _layers(rota, at):
            found.faults.extend(_layer(rota, layer, by_name, place))
        if not named:
            _gaps(plan(rota, by_name), at, found, now)
    return found


def _twice(kind: str, names: list[str]) -> Iterator[Fault]:
    for i, name in enumerate(names):
        if name in names[:i]:
            yield (kind, i, "name"), f"'{name}' is there twice"


def _layers(rota: Rota, at: tuple[str | int, ...]) -> Iterable[tuple[tuple[str | int, ...], Layer]]:
    return [((*at, "layers", k), layer) for k, layer in enumerate(rota.layers)]


def _everybody(rota: Rota, at: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for place, layer in _layers(rota, at):
        yield from (((*place, "people", n), person) for n, person in enumerate(layer.people))
    yield from (((*at, "fallback", n), person) for n, person in enumerate(rota.fallback))


def _shadows(rota: Rota, at: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Who learns is told by whatever shows words, so no kind of device is asked of them."""
    for n, shadow in enumerate(rota.shadows):
        yield (*at, "shadows", n, "person"), shadow.person
        if shadow.of:
            yield (*at, "shadows", n, "of"), shadow.of


def _person(rota: Rota, person: str, staff: Staff, place: tuple[str | int, ...]) -> Iterator[Fault]:
    if person not in staff.devices:
        yield place, f"no person '{person}'"
    else:
        yield from ((place, sentence) for sentence in lacking(staff, person, rota.name))


def lacking(staff: Staff, person: str, rota: str) -> list[str]:
    """What kinds of devices this person would need for that rota and has not."""
    missing = sorted(staff.needed.get(rota, frozenset()) - staff.devices[person])
    sentences = {"pager": _SAID.no_pager, "phone": _SAID.no_phone}
    return [sentences[kind].format(name=person, rota=rota) for kind in missing]


def _calendars(rota: Rota, known: Mapping[str, Calendar], at: tuple[str | int, ...]) -> Iterator[Fault]:
    named = [(at, rota.calendar), *((place, layer.calendar) for place, layer in _layers(rota, at))]
    for place, name in named:
        if name is not None and name not in known:
            yield (*place, "calendar"), f"no calendar '{name}'"


def _layer(rota: Rota, layer: Layer, known: Mapping[str, Calendar], place: tuple[str | int, ...]) -> Iterator[Fault]:
    if layer.name in [other.name for other in rota.layers[: int(place[-1])]]:
        yield (*place, "name"), f"'{layer.name}' is there twice"
    if layer.until is not None and layer.until <= layer.start:
        yield (*place, "until"), "the layer ends before it begins"
    name = layer.calendar or rota.calendar
    calendar = known.get(name or "")
    if calendar.holidays or calendar.closed if calendar else name is not None:
        return  # holidays are known, or the calendar is not and that has been said
    for n, window in enumerate(layer.when):
        if window.holidays != "as usual":
            yield (*place, "when", n, "holidays"), "there is no calendar that says which days are holidays"


def _gaps(asked: Plan, at: tuple[str | int, ...], found: Findings, now: int) -> None:
    """No gap within the next 400 days, measured in UTC: an hour that the clocks take or give is not overlooked."""
    holes = gaps(asked, Facts(), now, now + AHEAD_DAYS * civil.DAY)
    if not holes:
        return
    first = holes[0]
    when = " to ".join(civil.shown(asked.zone, edge, year=True) for edge in (first.since, first.until))
    if asked.rota.gaps:
        more = f", and {len(holes) - 1} times more within {AHEAD_DAYS} days" if len(holes) > 1 else ""
        found.warnings.append(((*at, "gaps"), f"only the fallback is there from {when} ({asked.zone.key}){more}"))
        return
    later = [
        f"layer '{layer.layer.name}' begins {civil.shown(layer.zone, layer.rotation.begins(0), year=True)}"
        for layer in asked.layers
        if layer.rotation.begins(0) > now
    ]
    hint = "".join(f"; {text}" for text in later)
    found.holes.append(
        ((*at, "layers"), f"nobody from {when} ({asked.zone.key}){hint}: cover it, or say gaps = true for the fallback")
    )
