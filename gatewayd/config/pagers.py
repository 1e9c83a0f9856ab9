"""What is odd about the pagers of TAP bureaus, as far as the file tells: it is good, and does not do what is meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatewayd.channels.tap_settings import TapSettings, is_among
from gatewayd.config.lines import KeyPath
from gatewayd.oncall.directory import Group, Person, Team

Odd = Iterator[tuple[KeyPath, str]]


def pagers_odd(taps: Sequence[TapSettings], people: Sequence[Person], teams: Sequence[Team]) -> Odd:
    yield from _patterns_of_nobody(taps, people, teams)
    yield from _groups_of_another_kind(taps, people, teams)
    yield from _called_alike(taps)


def _patterns_of_nobody(taps: Sequence[TapSettings], people: Sequence[Person], teams: Sequence[Team]) -> Odd:
    for i, tap in enumerate(taps):
        known = {device.number for person in people for device in person.devices if device.channel == tap.name}
        known |= {team.group.number for team in teams if team.group is not None and team.group.channel == tap.name}
        for key in ("numeric_pagers", "tone_pagers"):
            for n, pattern in enumerate(getattr(tap, key)):
                if not any(is_among((pattern,), number.removeprefix("+")) for number in known):
                    yield ("tap", i, key, n), f"'{pattern}' is nobody's pager and no group's number"


def _groups_of_another_kind(taps: Sequence[TapSettings], people: Sequence[Person], teams: Sequence[Team]) -> Odd:
    by_name = {tap.name: tap for tap in taps}
    for i, team in enumerate(teams):
        tap = by_name.get(team.group.channel) if team.group is not None else None
        if team.group is None or tap is None:
            continue
        kinds = {tap.kind_of(number) for number in _worn(team, team.group, people)}
        if kinds and tap.kind_of(team.group.number) not in kinds:
            shown = " or ".join(f"{kind}_pagers" for kind in sorted(kinds - {"alpha"})) or "neither list"
            said = f"none of its pagers is of the kind that '{tap.name}' takes it for: it belongs in {shown} there"
            yield ("teams", i, "group", "number"), said


def _worn(team: Team, group: Group, people: Sequence[Person]) -> Iterator[str]:
    wearers = group.worn_by or team.members
    for person in people:
        for device in person.devices:
            if person.name in wearers and device.kind == "pager" and device.channel == group.channel:
                yield device.number


def _called_alike(taps: Sequence[TapSettings]) -> Odd:
    first: dict[tuple[str, str], str] = {}
    for i, tap in enumerate(taps):
        if tap.dial is not None and (other := first.setdefault((tap.end, tap.dial), tap.name)) != tap.name:
            yield ("tap", i, "dial"), f"'{other}' is called by the same modem and number"
