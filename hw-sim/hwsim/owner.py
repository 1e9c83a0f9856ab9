"""A phone's owner who reads, answers or does not, by chance: the words are what tired people really send.

All chance is the owner's own dice, from the street's seed and the phone's number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from random import Random
from typing import TYPE_CHECKING, Any

from hwsim.faults import FaultError, number, read, share, words
from hwsim.fields import local_time
from hwsim.numbers import subscriber

if TYPE_CHECKING:
    from hwsim.phone import Phone, Text

LONG_WORDS = "I saw it, I am on the train, it will take me half an hour, then I look after it. "
QUOTED_CHARS = 100


def _spaced(code: str) -> str:
    return f"{code[:-1]} {code[-1]}" if len(code) > 1 else code


def _wrong(code: str) -> str:
    return str(int(code) + 1) if code.isdigit() else "1" + code


# What is sent back, given the code found in the text ("" if there is none) and the text itself.
STYLES: dict[str, Callable[[str, str], str]] = {
    "ack_code": lambda code, _: f"ACK {code}".strip(),
    "ack": lambda *_: "ack",
    "ok": lambda *_: "ok",
    "ok_code": lambda code, _: f"ok {code}".strip(),
    "code": lambda code, _: code or "?",
    "spaced": lambda code, _: f"Ack {_spaced(code)}".strip(),
    "shout": lambda code, _: f"OK!!! {code}".strip(),
    "emoji": lambda code, _: f"👍 {code}".strip(),
    "foreign": lambda code, _: f"принято {code}".strip(),
    "quoted": lambda code, text: f"ok {code}\n> {text[:QUOTED_CHARS]}",
    "long": lambda code, _: f"ok {code} " + LONG_WORDS * 4,
    "auto": lambda *_: "I am driving and will answer later. (Automatic reply)",
    "wrong_code": lambda code, _: f"ack {_wrong(code)}",
    "stop": lambda *_: "STOP",
    "question": lambda *_: "what?",
}


def _range(value: object) -> tuple[float, float]:
    pair = [number(entry) for entry in value] if isinstance(value, list | tuple) else []
    if len(pair) != 2 or pair[0] > pair[1]:
        raise FaultError(f"not [from, to] in seconds: {value!r}")
    return pair[0], pair[1]


def _night(value: object) -> tuple[str, str]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise FaultError(f"not [from, to] by the clock: {value!r}")
    return words(value[0]), words(value[1])


def _weights(value: object) -> dict[str, float]:
    weights = {words(name): 1.0 for name in value} if isinstance(value, list) else value
    if not isinstance(weights, dict) or not sum(number(weight) for weight in weights.values()):
        raise FaultError(f"no weights of styles: {value!r}")
    return weights


def _other(value: object) -> str:
    try:
        return subscriber(value) if value else ""
    except ValueError as wrong:
        raise FaultError(f"no number: {wrong}") from None


_OWNER: dict[str, Callable[[object], Any]] = {
    "reads_s": _range, "writes_s": _range, "replies": share, "styles": _weights, "code": words, "twice": share,
    "to_other": _other, "from_other": _other, "strays": share, "night": _night, "sleeps": share,
}  # fmt: skip


class BadOwner(ValueError):
    """The owner's description is wrong; the sentence says how."""


@dataclass(slots=True)
class Owner:
    """How somebody treats the phone. Probabilities are from 0 to 1, times in seconds, hours those of the network's
    zone."""

    reads_s: tuple[float, float] = (5.0, 60.0)  # from the ring to the reading, evenly between
    writes_s: tuple[float, float] = (3.0, 20.0)
    replies: float = 1.0
    styles: dict[str, float] = field(default_factory=lambda: {"ok_code": 1.0})  # with weights
    code: str = r"\b(\d{1,5})\b"  # the first group of the first match is the code
    twice: float = 0.0  # sends it again after a few seconds
    to_other: str = ""  # with `strays`, the answer goes to this number instead of the sender's
    from_other: str = ""  # with `strays`, it comes from this phone, not from the one that rang
    strays: float = 0.0
    night: tuple[str, str] = ("23:00", "07:00")
    sleeps: float = 0.0  # with this probability a text at night is read when the night is over

    def night_left_s(self, wall: float, quarters: int) -> float:
        """Seconds until the night is over, 0 by day."""
        now = local_time(wall, quarters)
        minutes = now.hour * 60 + now.minute
        start, end = [int(hour) * 60 + int(minute) for hour, _, minute in (at.partition(":") for at in self.night)]
        at_night = start <= minutes or minutes < end if start > end else start <= minutes < end
        return ((end - minutes) % 1440) * 60.0 - now.second if at_night else 0.0

    def shown(self) -> dict[str, Any]:
        """As the control API shows it."""
        return asdict(self)


def owner_of(description: dict[str, Any]) -> Owner:
    """From a request or a scene; raises BadOwner."""
    known = {item.name: item for item in fields(Owner)}
    unknown = set(description) - set(known)
    if unknown:
        raise BadOwner(f"an owner has no {sorted(unknown)[0]!r}; there are {', '.join(known)}")
    values = dict(description)
    try:
        for name, kind in _OWNER.items():
            if name in values:
                values[name] = read(name, kind, values[name])
    except FaultError as bad:
        raise BadOwner(str(bad)) from None
    owner = Owner(**values)
    wrong = set(owner.styles) - set(STYLES)
    if wrong:
        raise BadOwner(f"no style {sorted(wrong)}; there are {', '.join(STYLES)}")
    try:
        re.compile(owner.code)
        owner.night_left_s(0.0, 0)
    except (re.error, ValueError) as bad:
        raise BadOwner(f"an owner: {bad}") from None
    return owner


class Mind:
    """One owner at one phone: decides what becomes of a text."""

    def __init__(self, owner: Owner, phone: Phone, dice: Random) -> None:
        self.owner = owner
        self._phone = phone
        self._dice = dice

    def react(self, text: Text) -> None:
        """A text was shown: it may be answered later."""
        owner, dice, network = self.owner, self._dice, self._phone.network
        if dice.random() >= owner.replies or not text.sender.lstrip("+").isdigit():
            return
        delay_s = dice.uniform(*owner.reads_s) + dice.uniform(*owner.writes_s)
        if dice.random() < owner.sleeps:
            delay_s += owner.night_left_s(network.wall(), network.settings.zone_quarters)
        found = re.search(owner.code, text.text)
        code = (found[1] if found.re.groups else found[0]) if found else ""
        style = dice.choices(list(owner.styles), list(owner.styles.values()))[0]
        stray = dice.random() < owner.strays
        to = owner.to_other if stray and owner.to_other else text.sender
        words = STYLES[style](code, text.text)
        network.loop.call_later(delay_s, self._answer, to, words, stray)
        if dice.random() < owner.twice:
            network.loop.call_later(delay_s + dice.uniform(2.0, 10.0), self._answer, to, words, stray)

    def _answer(self, to: str, words: str, stray: bool) -> None:
        phone = self._phone
        if stray and self.owner.from_other:
            phone.lend(self.owner.from_other, to, words)
        elif phone.on:
            phone.send(to, words)
