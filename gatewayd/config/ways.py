"""What rules of routes and ways say of channels and devices, told while other parts of the file are wrong. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from gatewayd.config.lines import KeyPath, tables
from gatewayd.delivery.plan import NETWORK, Route, Way
from gatewayd.near import did_you_mean

Found = Iterator[tuple[KeyPath, str]]


def check_ways(raw: dict[str, Any], kinds: Mapping[str, str], *, all_named: bool) -> Found:
    """`kinds`: the sort of each channel by its name; unless they are all named, none is called unknown."""
    routes = {i: route for i, table in tables(raw, "routes") if (route := _route(table)) is not None}
    if all_named:
        yield from _unknown(raw, kinds)
        yield from _proofs(raw, kinds)
    yield from _ways(raw, kinds)
    yield from _told_of_money(raw)
    yield from _shadowed(routes)
    yield from _misread(raw, routes)
    yield from _devices(raw, routes, kinds)


def networks_of_nobody(routes: Sequence[Route], ways: Sequence[Way], modems: Collection[str]) -> Found:
    """Odd, not wrong: a rule of a network that no channel is of. A modem whose network nobody says may be of any."""
    said = {way.channel: way.network for way in ways if way.network is not None}
    if not said.keys() >= set(modems):
        return
    known = {network.casefold() for network in said.values()}
    for i, route in enumerate(routes):
        for key, named in (("only", route.only), ("never", route.never)):
            for k, via in enumerate(named):
                network = via.removeprefix(NETWORK)
                if via != network and network.casefold() not in known:
                    about = f"no channel is of the network '{network}', as [[ways]] has it"
                    yield ("routes", i, key, k), f"{about}{did_you_mean(network, said.values())}"


def _route(table: dict[str, Any]) -> Route | None:
    """None: the schema complains about it."""
    try:
        return Route.model_validate(table)
    except ValidationError:
        return None


def _unknown(raw: dict[str, Any], kinds: Mapping[str, str]) -> Found:
    for i, route in tables(raw, "routes"):
        for key in ("only", "never"):
            named = route.get(key)
            for k, channel in enumerate(named if isinstance(named, list) else ()):
                if isinstance(channel, str) and channel not in kinds and not channel.startswith(NETWORK):
                    yield ("routes", i, key, k), f"no channel '{channel}'{did_you_mean(channel, kinds)}"
    for i, way in tables(raw, "ways"):
        channel = way.get("channel")
        if isinstance(channel, str) and channel not in kinds:
            yield ("ways", i, "channel"), f"no channel '{channel}'{did_you_mean(channel, kinds)}"


def _proofs(raw: dict[str, Any], kinds: Mapping[str, str]) -> Found:
    """Who proves that texts arrive: modems of ours, each with its number."""
    told = raw.get("proof_of_life")
    if not isinstance(told, dict) or "every" not in told:
        return
    numbers = told.get("numbers") if isinstance(told.get("numbers"), dict) else {}
    for channel in numbers or ():
        if kinds.get(channel) != "modems":
            yield ("proof_of_life", "numbers", channel), f"no modem '{channel}'{did_you_mean(channel, kinds)}"
    owners: dict[str, str] = {}
    for channel, number in (numbers or {}).items():
        if isinstance(number, str) and (other := owners.setdefault(number, channel)) != channel:
            yield ("proof_of_life", "numbers", channel), f"this is the number of the SIM in '{other}' already"
    pairs = told.get("pairs") or ()
    if len(numbers or ()) < 2 and not pairs:
        yield ("proof_of_life", "numbers"), "needs the numbers of the SIMs in two modems or more"
    for i, pair in enumerate(pairs if isinstance(pairs, list) else ()):
        for k, channel in enumerate(pair if isinstance(pair, list) else ()):
            if isinstance(channel, str) and kinds.get(channel) != "modems":
                yield ("proof_of_life", "pairs", i, k), f"no modem '{channel}'{did_you_mean(channel, kinds)}"
            elif k == 1 and channel not in (numbers or ()):
                yield ("proof_of_life", "pairs", i, k), f"the number of '{channel}' is not in numbers"
        if isinstance(pair, list) and len(pair) == 2 and pair[0] == pair[1]:
            yield ("proof_of_life", "pairs", i), "a SIM that texts itself proves little; name two"


def _told_of_money(raw: dict[str, Any]) -> Found:
    pool = raw.get("pool")
    told = pool.get("tell") if isinstance(pool, dict) else None
    known = {
        f"{prefix}{table.get('name')}"
        for kind, prefix in (("people", ""), ("teams", "team:"), ("rotas", "rota:"), ("rotas", "backup:"))
        for _, table in tables(raw, kind)
    }
    for n, who in enumerate(told if isinstance(told, list) else ()):
        if isinstance(who, str) and who not in known:
            yield ("pool", "tell", n), f"there is no '{who}'{did_you_mean(who, known)}"


def _ways(raw: dict[str, Any], kinds: Mapping[str, str]) -> Found:
    """One table a channel, and sessions only where there are such."""
    seen: set[str] = set()
    for i, way in tables(raw, "ways"):
        channel = way.get("channel")
        if not isinstance(channel, str):
            continue
        if channel in seen:
            yield ("ways", i, "channel"), f"'{channel}' has a table already"
        seen.add(channel)
        kind = kinds.get(channel)
        if "per_session" in way and kind == "tap":
            yield ("ways", i, "per_session"), f"'{channel}' is called by TAP: say pages_max there"
        for key in ("per_session", "session_pause_s"):
            if key in way and kind == "modems":
                yield ("ways", i, key), f"'{channel}' is a modem: it has no sessions"
        if "burst" in way and "per_minute" not in way:
            yield ("ways", i, "burst"), "says nothing without per_minute"
        if "budget_stops" in way and "budget" not in way and "budget_parts" not in way:
            yield ("ways", i, "budget_stops"), "there is no budget that could stop"
        if "budget" in way and not way.get("cost") and not way.get("costs"):
            yield ("ways", i, "budget"), "is never used up: say what a part costs (cost), or budget_parts"
        if way.get("critical_any_hour") is True and not way.get("hours"):
            yield ("ways", i, "critical_any_hour"), "there are no hours that it could break"


def _shadowed(routes: Mapping[int, Route]) -> Found:
    """The first rule that fits counts: one behind a wider one never does."""
    for i, route in routes.items():
        before = next((k for k, other in routes.items() if k < i and other.covers(route)), None)
        if before is not None:
            key = "number" if route.prefix is None else "prefix"
            yield ("routes", i, key), f"never counts: routes[{before}] before it fits all of these; put this one first"


def _misread(raw: dict[str, Any], routes: Mapping[int, Route]) -> Found:
    """Rules that would do nothing, or nothing good."""
    strict = {str(b.get("name")) for _, b in tables(raw, "tap") if not b.get("phone_numbers")}
    told = raw.get("dialling")
    trunk = told.get("trunk_prefix") if isinstance(told, dict) else None
    pagers = [str(d.get("number")) for _, d in _all_devices(raw) if d.get("kind") == "pager"]
    for i, route in routes.items():
        key = "number" if route.prefix is None else "prefix"
        about = route.number or route.prefix or ""
        if about.startswith("+") and route.only and strict.issuperset(route.only):
            yield ("routes", i, "only"), "only bureaus that page pagers: say phone_numbers = true there for phones"
        if trunk and about.startswith(str(trunk)) and not any(route.fits(pager) for pager in pagers):
            yield ("routes", i, key), 'no pager has such an id; a phone is written with its country, as in "+44..."'


def _all_devices(raw: dict[str, Any]) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    for i, person in tables(raw, "people"):
        for k, device in tables(person, "devices"):
            yield ("people", i, "devices", k), device
    for i, team in tables(raw, "teams"):
        if isinstance(group := team.get("group"), dict):
            yield ("teams", i, "group"), {"kind": "pager", **group}


def _devices(raw: dict[str, Any], routes: Mapping[int, Route], kinds: Mapping[str, str]) -> Found:
    """A device that no way is left for."""
    open_to_all = {name for name, kind in kinds.items() if kind == "modems"}
    open_to_all |= {str(b.get("name")) for _, b in tables(raw, "smpp") if b.get("any_phone")}
    for at, device in _all_devices(raw):
        number, channel = device.get("number"), device.get("channel")
        if not isinstance(number, str):
            continue
        i, route = next(((i, route) for i, route in routes.items() if route.fits(number)), (-1, None))
        if route is None:
            continue
        if isinstance(channel, str):
            if channel in kinds and not route.permits(channel):
                yield (*at, "channel"), f"routes[{i}] forbids '{channel}' for this number"
        elif not any(route.permits(name) for name in open_to_all) and kinds and not set(route.only):
            yield (*at, "number"), f"routes[{i}] leaves no channel for this number"
