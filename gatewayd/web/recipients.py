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


def recipients(targets: list[str], directory: Directory, dialling: Dialling, token: Token) -> list[Recipient]:
    """Every device once, in order. Raises IntakeError (all faults), or Problem 403 for a number out of bounds."""
    found: dict[tuple[str, str], Recipient] = {}
    faults: list[Fault] = []
    for i, target in enumerate(targets):
        field = f"to[{i}]" if len(targets) > 1 else "to"
        try:
            for recipient in _resolve(target, directory, dialling, token, field):
                found.setdefault(recipient.place, recipient)
        except NumberError as error:
            faults.append(Fault(field, str(error)))
    if faults:
        raise IntakeError(*faults)
    return list(found.values())


def _resolve(target: str, directory: Directory, dialling: Dialling, token: Token, field: str) -> list[Recipient]:
    if target.startswith(PERSON):
        return [_person(target.removeprefix(PERSON), directory, token, field)]
    if target.startswith(TEAM):
        name = target.removeprefix(TEAM)
        team = directory.team(name)
        if team is None:
            raise NumberError(f"there is no team '{name[:80]}'{did_you_mean(name, (t.name for t in directory.teams))}")
        return [_person(member, directory, token, field) for member in team.members]
    if not target.startswith("short:") and _LETTER.search(target):
        raise NumberError(_meant(target, directory))
    number = normalise(target, dialling)
    if not token.may_send_to(number):
        raise _forbidden(field, f"the token '{token.name}' may not send to this number")
    return [Recipient(number, number)]


def _person(name: str, directory: Directory, token: Token, field: str) -> Recipient:
    person: Person | None = directory.person(name)
    if person is None:
        raise NumberError(f"there is no person '{name[:80]}'{did_you_mean(name, (p.name for p in directory.people))}")
    if not all(token.may_send_to(device.number) for device in person.devices):
        raise _forbidden(field, f"the token '{token.name}' may not send to all devices of '{name}'")
    device = person.devices[0]
    pager = device.kind == "pager"
    return Recipient(PERSON + name, device.number, name, device.name, device.channel or "", pager)


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
