"""What the parts of the file say about each other, told even while some of them are wrong. Pure but for symbolic links.

Everything here looks at the file as it is read. A table counts by its name, whatever else is wrong with it; where a
name cannot be read, whoever is referred to may be just that one: then nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from gatewayd import text
from gatewayd.config.lines import KeyPath, tables, written
from gatewayd.config.ways import check_ways
from gatewayd.config.words import value_at
from gatewayd.model import OWN_NAMES
from gatewayd.near import did_you_mean, near
from gatewayd.oncall import rota_faults, wording
from gatewayd.oncall.directory import (
    BACKUP,
    ROTA,
    TEAM,
    Device,
    Directory,
    Group,
    Person,
    Policy,
    Service,
    Step,
    Team,
    staff,
)
from gatewayd.oncall.hours import Calendar
from gatewayd.oncall.reachability import ReachabilitySettings
from gatewayd.oncall.rota import Rota

TEST_PAGES = 999_999  # so many digits count
CHANNELS = ("modems", "smpp", "tap")  # the sorts of channels; any of them may be the only one
Found = Iterator[tuple[KeyPath, str]]
_Made = TypeVar("_Made")

# Digits that count: the rest of an IMEI is a check digit or a version, that of an ICCID a check digit.
_PARTS = {"imei": (14, "modem"), "iccid": (18, "SIM")}
_PORTS = {"modems": "port", "tap": "end"}  # what only one channel can hold
_SMPP_IDS = (re.compile(r"[0-9]{1,20}"), "1 to 20 digits")
_TAP_IDS = (re.compile(r"[0-9A-Za-z]{1,32}"), "1 to 32 digits, or letters where the bureau has such")


def check(raw: dict[str, Any], refused: Collection[KeyPath], known: Collection[str]) -> Found:
    """`refused`: places already complained about; `known`: the keys that the file may have."""
    yield from _no_channel(raw)
    yield from _twice(raw)
    yield from _own_names(raw)
    yield from _ways(raw)
    yield from _groups(raw)
    yield from _phones_without_a_way(raw, known)
    yield from check_ways(raw, channel_kinds(raw), all_named=_all_named(raw, CHANNELS, known))
    for at, message in (*_directory_as_told(raw).faults(), *_unknown_channels(raw)):
        told = value_at(raw, at)
        if not isinstance(told, str):
            continue
        kinds = _referred(at, told)
        if not kinds or (at not in refused and _all_named(raw, kinds, known)):
            yield at, message


def name_of(kind: str, number: int, table: object) -> str:
    """The name, or its place in the file, which can be the name of nobody."""
    told = table.get("name") if isinstance(table, dict) else None
    return told if isinstance(told, str) else written((kind, number))


def names_too_long(people: Sequence[Person], *, segments_max: int) -> Found:
    """The rest of a text is cut where it is too long; what is said of one person is not."""
    for i, person in enumerate(people):
        try:
            words = wording.test_page(person.called, TEST_PAGES, person.language, words=False)
            text.fit(words, segments_max=segments_max)
        except text.TextError:
            yield ("people", i, "full_name"), "is too long: no text with it has room in [delivery] segments_max"


def names_alike(people: Sequence[Person]) -> Found:
    """Odd, not wrong: who reads such a name in a text cannot tell who is meant."""
    first: dict[str, str] = {}
    for i, person in enumerate(people):
        other = first.setdefault(" ".join(person.called.casefold().split()), person.name)
        if other != person.name:
            yield (
                ("people", i, "full_name"),
                f"'{other}' is called {person.called} as well: nobody can tell them apart",
            )


def rotas_amiss(
    rotas: Sequence[Rota], calendars: Sequence[Calendar], people: Sequence[Person], policies: Sequence[Policy], *,
    now: int,
) -> rota_faults.Findings:  # fmt: skip
    """What is wrong with rotas and calendars that can be read, and what is only odd."""
    return rota_faults.check(rotas, calendars, staff(people, policies), now=now)


def names_unknown(
    told: ReachabilitySettings, people: Sequence[Person], teams: Sequence[Team], rotas: Sequence[Rota],
    calendars: Sequence[Calendar],
) -> Found:  # fmt: skip
    """Who is told of silent phones, and whose working hours are daytime."""
    known = {*(p.name for p in people), *(TEAM + t.name for t in teams)}
    known |= {kind + rota.name for rota in rotas for kind in (ROTA, BACKUP)}
    for n, who in enumerate(told.tell):
        if who not in known:
            yield ("reachability", "tell", n), f"no person, team or rota '{who}'"
    if told.calendar is not None and told.calendar not in [calendar.name for calendar in calendars]:
        yield ("reachability", "calendar"), f"no calendar '{told.calendar}'"


# ---- channels


def _no_channel(raw: dict[str, Any]) -> Found:
    if all(raw.get(kind, []) == [] for kind in CHANNELS):
        yield ("modems",), "is missing: at least one modem, or a bureau in its place, is needed"


def _twice(raw: dict[str, Any]) -> Found:
    """A name belongs to one channel of any sort, a device of this machine to one as well."""
    names: dict[str, KeyPath] = {}
    ports: dict[str, str] = {}
    parts: dict[tuple[str, str], str] = {}
    taps = {name_of("tap", i, bureau) for i, bureau in tables(raw, "tap")}
    dialled = {name_of("tap", i, bureau) for i, bureau in tables(raw, "tap") if bureau.get("dial") is not None}
    for kind in CHANNELS:
        for i, channel in tables(raw, kind):
            at: KeyPath = (kind, i)
            name, key = channel.get("name"), _PORTS.get(kind, "")
            if isinstance(name, str) and names.setdefault(name, at) != at:
                yield (*at, "name"), f"'{name}' is there twice"
            if isinstance(port := channel.get(key), str):
                # Two names of one device (by-id and ttyUSB0) would be two masters of one modem.
                mine = name_of(kind, i, channel)
                other = ports.setdefault(str(Path(port).resolve()) if port.startswith("/") else port, mine)
                if other != mine and not dialled >= {mine, other}:
                    bureaus = kind == "tap" and other in taps
                    more = "; only bureaus that are dialled share a modem" if bureaus else ""
                    yield (*at, key), f"this is the port of '{other}' already{more}"
            for part, (digits, what) in _PARTS.items():
                if isinstance(told := channel.get(part), str):
                    mine = name_of(kind, i, channel)
                    if (other := parts.setdefault((part, told[:digits]), mine)) != mine:
                        yield (*at, part), f"this is the {what} of '{other}' already"


def _own_names(raw: dict[str, Any]) -> Found:
    for i, person in tables(raw, "people"):
        if person.get("name") in tuple(OWN_NAMES):
            yield ("people", i, "name"), f"'{person['name']}' is what the house calls itself; choose another name"


def channel_kinds(raw: dict[str, Any]) -> dict[str, str]:
    """The sort of each channel by its name."""
    return {name_of(kind, i, channel): kind for kind in CHANNELS for i, channel in enumerate(_list(raw.get(kind)))}


def _unknown_channels(raw: dict[str, Any]) -> Found:
    known = channel_kinds(raw)
    for at, bound in chain(_devices(raw), _group_tables(raw)):
        channel = bound.get("channel")
        if isinstance(channel, str) and channel not in known:
            yield (*at, "channel"), f"no channel '{channel}'{did_you_mean(channel, known)}"


# ---- devices


def _devices(raw: dict[str, Any]) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    for i, person in tables(raw, "people"):
        for k, device in tables(person, "devices"):
            yield ("people", i, "devices", k), device


def _ways(raw: dict[str, Any]) -> Found:
    """What each device says of its channel, where that is known."""
    kinds = channel_kinds(raw)
    strict = {name_of("tap", i, bureau) for i, bureau in tables(raw, "tap") if not bureau.get("phone_numbers")}
    for at, device in _devices(raw):
        channel = device.get("channel")
        kind = kinds.get(channel, "") if isinstance(channel, str) else ""
        if device.get("kind") == "pager":
            yield from _pager(at, device, kind)
        elif device.get("kind", "phone") == "phone" and kind == "tap" and channel in strict:
            words = "pages pagers; if it takes phones as well, say so there: phone_numbers = true"
            yield (*at, "channel"), f"'{channel}' {words}"


def _pager(at: KeyPath, device: dict[str, Any], kind: str) -> Found:
    channel, number = device.get("channel"), device.get("number")
    if channel is None:
        yield (*at, "channel"), "is missing: a pager is reached through one bureau, name it here"
    elif kind == "modems":
        yield (*at, "channel"), f"'{channel}' is a modem; a pager is reached through a bureau"
    form, words = _SMPP_IDS if kind == "smpp" else _TAP_IDS
    if isinstance(number, str) and not form.fullmatch(number):
        yield (*at, "number"), f"the id of a pager is {words}, without '+' and spaces"


def _group_tables(raw: dict[str, Any]) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    for i, team in tables(raw, "teams"):
        if isinstance(group := team.get("group"), dict):
            yield ("teams", i, "group"), group


def _groups(raw: dict[str, Any]) -> Found:
    """A group's number is at a bureau, and somebody must wear it."""
    kinds = channel_kinds(raw)
    worn_at = {
        (name_of("people", at[1], _list(raw.get("people"))[at[1]]), str(device.get("channel")))
        for at, device in _devices(raw)
        if isinstance(at[1], int) and device.get("kind") == "pager"
    }
    for at, group in _group_tables(raw):
        channel, number = group.get("channel"), group.get("number")
        kind = kinds.get(channel, "") if isinstance(channel, str) else ""
        if kind == "modems":
            yield (*at, "channel"), f"'{channel}' is a modem; the number of a group is at a bureau"
            continue
        form, words = _SMPP_IDS if kind == "smpp" else _TAP_IDS
        if isinstance(number, str) and not form.fullmatch(number):
            yield (*at, "number"), f"the number of a group is {words}, without '+' and spaces"
        members = _words(_table(value_at(raw, at[:2])).get("members"))
        if kind and "worn_by" not in group and not any((name, channel) in worn_at for name in members):
            said = f"nobody of the team has a pager at '{channel}'; say who wears the group's: worn_by = [...]"
            yield (*at, "channel"), said


def _phones_without_a_way(raw: dict[str, Any], known: Collection[str]) -> Found:
    """Without a modem a text that names no channel could wait for ever: a bureau may not know phones."""
    if raw.get("modems", []) != [] or not channel_kinds(raw) or _misspelt(raw, CHANNELS, known):
        return
    if any(bureau.get("any_phone", False) is not False for _, bureau in tables(raw, "smpp")):
        return
    for at, device in _devices(raw):
        if device.get("kind", "phone") == "phone" and "channel" not in device:
            yield (*at, "channel"), "is missing: there is no modem, and no bureau says any_phone = true"


# ---- people and policies


def _directory_as_told(raw: dict[str, Any]) -> Directory:
    """Without any check; what cannot be read is empty, and every index is that of the file."""
    return Directory.model_construct(
        people=_each(raw, "people", _person),
        teams=_each(raw, "teams", _team),
        policies=_each(raw, "policies", _policy),
        services=_each(raw, "services", lambda s, name: Service.model_construct(name=name, policy=_word(s, "policy"))),
        default_policy=_word(raw, "default_policy"),
        rotas=_each(raw, "rotas", lambda _, name: Rota.model_construct(name=name, zone="", layers=(), fallback=())),
    )


def _each(raw: dict[str, Any], kind: str, made: Callable[[dict[str, Any], str], _Made]) -> tuple[_Made, ...]:
    return tuple(made(_table(t), name_of(kind, i, t)) for i, t in enumerate(_list(raw.get(kind))))


def _person(told: dict[str, Any], name: str) -> Person:
    # A number that cannot be read is the place's own, so that two of them are not one.
    devices = [
        Device.model_construct(
            kind="pager" if _table(d).get("kind") == "pager" else "phone",
            number=_word(_table(d), "number") or f"{name}.devices[{k}]",
            channel=_word(_table(d), "channel") or None,
        )
        for k, d in enumerate(_list(told.get("devices")))
    ]
    return Person.model_construct(name=name, devices=tuple(devices))


def _team(told: dict[str, Any], name: str) -> Team:
    group = told.get("group")
    known = isinstance(group, dict) and isinstance(group.get("number"), str)
    made = Group.model_construct(
        number=_word(_table(group), "number"),
        channel=_word(_table(group), "channel"),
        worn_by=_words(_table(group).get("worn_by")) or None,
    )
    return Team.model_construct(name=name, members=_words(told.get("members")), group=made if known else None)


def _policy(told: dict[str, Any], name: str) -> Policy:
    steps = [Step.model_construct(page=_words(_table(s).get("page"))) for s in _list(told.get("steps"))]
    return Policy.model_construct(name=name, steps=tuple(steps), fallback=_words(told.get("fallback")))


def _list(told: object) -> list[Any]:
    return told if isinstance(told, list) else []


def _table(told: object) -> dict[str, Any]:
    return told if isinstance(told, dict) else {}


def _word(table: dict[str, Any], key: str) -> str:
    told = table.get(key)
    return told if isinstance(told, str) else ""


def _words(told: object) -> tuple[str, ...]:
    return tuple(w if isinstance(w, str) else "" for w in _list(told))


# ---- what may be meant


def _referred(at: KeyPath, told: str) -> tuple[str, ...]:
    """Which tables the value at this place may name; none: it names nothing."""
    if at[-1] in ("name", "number"):
        return ()
    if at[-1] == "channel":
        return CHANNELS
    if at[-1] in ("policy", "default_policy"):
        return ("policies",)
    if told.startswith((ROTA, BACKUP)):
        return ("rotas",)
    return ("teams",) if told.startswith(TEAM) else ("people",)


def _all_named(raw: dict[str, Any], kinds: tuple[str, ...], known: Collection[str]) -> bool:
    """Whether every table of these sorts can be told by its name."""
    there = [kind for kind in kinds if kind in raw]
    if not there and kinds not in (("teams",), ("rotas",)):  # only these may be left out
        return False
    if len(there) < len(kinds) and _misspelt(raw, kinds, known):
        return False
    told = [raw[kind] for kind in there]
    return all(isinstance(t, list) for t in told) and all(
        isinstance(_table(t).get("name"), str) for t in chain.from_iterable(told)
    )


def _misspelt(raw: dict[str, Any], kinds: tuple[str, ...], known: Collection[str]) -> bool:
    """Under a misspelt key they are there all the same."""
    return any(near(key, kinds) for key in raw if key not in known)
