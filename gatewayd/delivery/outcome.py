"""What a channel says of one try of one part (law 7: the sender classifies, the policy decides)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scope = Literal["message", "recipient", "channel"]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The network took it. `reference` is TP-MR (0-255) on a modem, a bureau's message id elsewhere.

    `reason`: what it said of it besides, in words: that it cut the text, or keeps it for later.
    """

    reference: str | None
    code: str = "ok"
    aliases: tuple[str, ...] = ()  # under which a report may speak of it
    spelling: str | None = None  # what to call it when speaking to the network, if that is not the reference
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Will never succeed this way: do not try this part over this channel again.

    scope "message": the content; "recipient": this number; "channel": this SIM or modem (others may do it).
    `for_good`: with that scope, it is the number or the text that this channel refuses, and will again.
    """

    reason: str
    code: str
    scope: Scope = "message"
    for_good: bool = False


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not sent; may succeed after `after_s`. scope "channel": the modem needs rest, not the message.

    `perhaps_sent`: the channel said too little to be quite sure of it, see modem_errors.py.
    """

    reason: str
    code: str
    after_s: float
    scope: Scope = "message"
    perhaps_sent: bool = False


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The bytes were on the wire and no answer tells the fate. Never taken for a failure, nor for success.

    `whole`: nor is it known any more of the parts of the same text that had been told as accepted.
    """

    reason: str
    code: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Booking said no (acknowledged or withdrawn meanwhile): nothing was put on the wire."""


Outcome = Accepted | Refused | Deferred | Uncertain | Withdrawn
