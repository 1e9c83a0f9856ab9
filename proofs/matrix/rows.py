"""What a row of the matrix is: one fault, when it strikes, and in which house."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Way = Literal["modem", "two modems", "two faults", "smpp", "tap", "dial"]
Fault = dict[str, Any]

LASTS_S = 300.0
TEXTS = 10
LONG_S = 900.0  # for faults that hold each text up for minutes


@dataclass(frozen=True, slots=True)
class Row:
    """One fault. `at_once` is said when it begins, `with_texts` with each text, `after` when it ends (after a while).

    `lies`: what the modem or bureau says of a text is false and cannot be seen through; the row is shown, and not held
    against us. `short`: also part of the short form.
    """

    name: str
    at_once: tuple[Fault, ...] = ()
    with_texts: tuple[Fault, ...] = ()
    after: tuple[Fault, ...] = ()
    lasts_s: float = LASTS_S
    where: Literal["", "dialup"] = ""
    lies: bool = False
    short: bool = False
    twice_by_network: bool = False
    quirks: Fault = field(default_factory=dict)  # traits of the modem
    pin: str = ""  # that the configuration has
    card_pin: str = ""  # that the card wants
    replies_s: float = 0.0  # between two texts that come in meanwhile; 0: none come
    house: Fault = field(default_factory=dict)  # further keys of the bureau's table in our configuration
    bureau: Fault = field(default_factory=dict)  # further settings of its SMPP centre or its TAP terminal
    tls: bool = False
    host: str = "127.0.0.1"
    texts: int = TEXTS
    delivered: bool = False  # the bureau sends a receipt for each text, and none may be missed
    answered: bool = False  # each text is a page whose incident is answered while the bureau keeps it: it is asked back


def _named(kind: str, options: Fault) -> str:
    told = (f"{key}={str(value).lower() if isinstance(value, bool) else value}" for key, value in options.items())
    return " ".join((f"`{kind}`", *told))


def rule(kind: str, *, lasts_s: float = LASTS_S, lies: bool = False, short: bool = False, **options: Any) -> Row:
    """It strikes every submission (or bind, or block) while it lasts."""
    twice = kind in {"deliver_twice", "page_twice", "tap_page_twice"}
    fault = {"kind": kind, **options}
    name = _named(kind, options)
    return Row(name, (fault,), lasts_s=lasts_s, lies=lies, short=short, twice_by_network=twice)


def blow(kind: str, *, short: bool = False, after: tuple[Fault, ...] = (), **options: Any) -> Row:
    """It happens again with each text."""
    return Row(_named(kind, options), with_texts=({"kind": kind, **options},), after=after, short=short)


def state(kind: str, *after: Fault, lasts_s: float = LASTS_S, short: bool = False, **options: Any) -> Row:
    """It happens once, and stays so until `after`, or as long as it says itself."""
    lasts_s = float(options.get("seconds") or options.get("back_after_s") or lasts_s)
    return Row(_named(kind, options), ({"kind": kind, **options},), after=after, lasts_s=lasts_s, short=short)


def both(kind: str, *, lasts_s: float = LASTS_S, short: bool = False, **options: Any) -> tuple[Row, Row]:
    """The network took it, or it did not; whoever sent it hears the same."""
    taken = rule(kind, lasts_s=lasts_s, short=short, submitted=True, **options)
    return taken, rule(kind, lasts_s=lasts_s, submitted=False, **options)
