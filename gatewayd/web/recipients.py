"""Whom a text goes to: "+44...", "person:anna", "team:noc" become devices, or a sentence about what is wrong."""

from __future__ import annotations

import re
from typing import NamedTuple

from gatewayd.intake.faults import Fault, IntakeError
from gatewayd.near import did_you_mean
from gatewayd.numbers import Dialling, NumberError, normalise
from gatewayd.oncall.directory import TEAM, Directory, Person
from gatewayd.store.tokens import Token
from gatewayd.web.problems import Problem

PERSON = "person:"
_LETTER = re.compile(r"[^\W\d_]")


class Recipient(NamedTuple):
    """One device. `label` is how the client will find it in the answer; it tells no number the client did not give."""

    label: str
    number: str
    person: str = ""
    device: str = ""
    channel: str = ""
    pager: bool = False  # its number means something to its channel alone

    @property
    def place(self) -> tuple[str, str]:
        return (self.number, self.channel if self.pager else "")


def recipients(
    targets: list[str],
    directory: Directory,
    dialling: Dialling,
    token: Token,
    *,
    channel: str | None = None,
    every_device: bool = False,
) -> list[Recipient]:
    """Every device once, in order: of a person the first, or `every_device`. `channel`: the one that was asked for.

    Raises IntakeError (all faults), or Problem 403 for a number out of bounds.
    """
    found: dict[tuple[str, str], Recipient] = {}
    faults: list[Fault] = []
    for i, target in enumerate(targets):
        field = f"to[{i}]" if len(targets) > 1 else "to"
        try:
            if target.startswith((PERSON, TEAM)):
                given = _people(target, directory, token, field, every_device=every_device)
            else:
                given = [_one(target, directory, dialling, token, field, channel)]
            for recipient in given:
                found.setdefault(recipient.place, recipient)
        except NumberError as error:
            faults.append(Fault(field, str(error)))
    if faults:
        raise IntakeError(*faults)
    return list(found.values())


def _people(target: str, directory: Directory, token: Token, field: str, *, every_device: bool) -> list[Recipient]:
    if target.startswith(PERSON):
        return _person(target.removeprefix(PERSON), directory, token, field, every_device=every_device)
    name = target.removeprefix(TEAM)
    team = directory.team(name)
    if team is None:
        raise NumberError(f"there is no team '{name[:80]}'{did_you_mean(name, (t.name for t in directory.teams))}")
    found = [_person(member, directory, token, field, every_device=every_device) for member in team.members]
    return [recipient for devices in found for recipient in devices]


def _one(
    target: str, directory: Directory, dialling: Dialling, token: Token, field: str, channel: str | None
) -> Recipient:
    """A number; what is no phone's may be the id of a pager of ours, which means something to its bureau alone."""
    pager = _pager(target, directory, channel)
    if pager is None and not target.startswith("short:") and _LETTER.search(target):
        raise NumberError(_meant(target, directory))
    try:
        number = normalise(target, dialling)
    except NumberError:
        if pager is None:
            raise
        number = pager.number
    found = Recipient(number, number) if pager is None or number.startswith("+") else pager
    if not token.may_send_to(found.number):
        raise _forbidden(field, f"the token '{token.name}' may not send to this number")
    return found


def _pager(target: str, directory: Directory, channel: str | None) -> Recipient | None:
    """NumberError where it is not clear which one is meant."""
    number = target.removeprefix("short:").strip()
    known = [
        Recipient(number, number, person.name, device.name, device.channel or "", pager=True)
        for person in directory.people
        for device in person.devices
        if device.kind == "pager" and device.number == number and channel in (None, device.channel)
    ]
    at = sorted({recipient.channel for recipient in known})
    if len(at) > 1:
        both = " and another at ".join(f"'{name}'" for name in at)
        raise NumberError(f"{number} is a pager at {both}: say the channel, or the person")
    return known[0] if known else None


def _person(name: str, directory: Directory, token: Token, field: str, *, every_device: bool) -> list[Recipient]:
    person: Person | None = directory.person(name)
    if person is None:
        raise NumberError(f"there is no person '{name[:80]}'{did_you_mean(name, (p.name for p in directory.people))}")
    if not all(token.may_send_to(device.number) for device in person.devices):
        raise _forbidden(field, f"the token '{token.name}' may not send to all devices of '{name}'")
    devices = person.devices if every_device else person.devices[:1]
    return [
        Recipient(PERSON + name, device.number, name, device.name, device.channel or "", device.kind == "pager")
        for device in devices
    ]


def _meant(target: str, directory: Directory) -> str:
    """A bare word is refused, never guessed; but say what would work."""
    if directory.person(target):
        return f"write '{PERSON}{target}'"
    if directory.team(target):
        return f"write '{TEAM}{target}'"
    names = [*(PERSON + p.name for p in directory.people), *(TEAM + t.name for t in directory.teams)]
    close = did_you_mean(target, names) or did_you_mean(PERSON + target, names)
    return f"'{target[:80]}' is neither a number nor 'person:...' nor 'team:...'{close}"


def _forbidden(field: str, message: str) -> Problem:
    return Problem(403, "recipient_not_allowed", message, Fault(field, message))
