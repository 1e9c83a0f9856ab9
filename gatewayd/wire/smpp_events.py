"""What happens in an SMPP session, as values; and the settings of one. See smpp_session for how it comes about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from gatewayd.wire.smpp_pdu import PDU_OCTETS_MAX, Alert, Body, DataMessage, Message, Outbind, Pdu

Mode = Literal["transceiver", "transmitter", "receiver"]
Cause = Literal["refused", "no answer", "unbound", "peer left", "dead link", "stream lost", "lost"]


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """One bind. The limits are the bureau's where it names them."""

    system_id: str
    password: str = field(repr=False)
    mode: Mode = "transceiver"
    system_type: str = ""
    interface_version: int = 0x34
    addr_ton: int = 0
    addr_npi: int = 0
    address_range: str = ""
    window_max: int = 10  # requests of ours without an answer
    bind_wait_s: float = 30.0
    answer_wait_s: float = 60.0
    idle_s: float = 30.0  # nothing heard for so long: enquire_link
    enquire_wait_s: float = 15.0  # still nothing heard: the link is dead
    drain_wait_s: float = 5.0  # before our unbind, for the answers that are still out
    unbind_wait_s: float = 5.0
    parting_wait_s: float = 2.0  # before we agree to the peer's unbind, for the same answers
    pdu_octets_max: int = PDU_OCTETS_MAX
    arrived_max: int = 100  # messages of the peer that are with the caller at once; more wait here
    held_octets_max: int = 1_000_000  # of those that wait: then nothing more should be read
    unread_max: int = 50_000  # answers of ours that the peer does not take: the link is of no use then
    late_max: int = 1000  # unanswered requests that are remembered, for answers that come late


class Pending(NamedTuple):
    """One request of ours. `key` is the caller's own."""

    sequence: int
    command: int
    key: str
    asked_at: float


@dataclass(frozen=True, slots=True)
class Bound:
    system_id: str
    version: int | None  # sc_interface_version; below 0x34 the peer knows no optional parameters


@dataclass(frozen=True, slots=True)
class BindRefused:
    """Ended follows. `status` 0: a generic_nack that did not say why."""

    status: int


class Answered(NamedTuple):
    """The peer's word on one request. `late`: after its Unanswered; it settles that doubt.

    `nack`: generic_nack in place of a response. `message_id` is "" where the peer gave none.
    """

    pending: Pending
    status: int
    message_id: str
    body: Body
    took_s: float
    late: bool = False
    nack: bool = False


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Written, and no answer in time: its fate is uncertain. A late answer may still come."""

    pending: Pending


@dataclass(frozen=True, slots=True)
class NotSent:
    """Taken back before its first octet left: certainly not sent."""

    pending: Pending


@dataclass(frozen=True, slots=True)
class Arrived:
    """A receipt or a text; to be answered by `SmppSession.answer` once it is on disk."""

    number: int  # ours, since a peer may use a sequence number twice
    command: int
    sequence: int
    body: Message | DataMessage


@dataclass(frozen=True, slots=True)
class Alerted:
    """alert_notification: a phone can be reached again."""

    body: Alert


@dataclass(frozen=True, slots=True)
class OutbindAsked:
    """The peer asks for a bind as receiver."""

    body: Outbind


@dataclass(frozen=True, slots=True)
class PeerLeaves:
    """The peer wants to unbind; Ended follows, after the last answers or a short wait."""


@dataclass(frozen=True, slots=True)
class Strange:
    """A PDU that fits nothing of ours: an answer to nobody, a command that is not for a client."""

    pdu: Pdu
    reason: str


@dataclass(frozen=True, slots=True)
class Damaged:
    """Octets that are no good PDU. They have been refused to the peer."""

    reason: str
    octets: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over: write what `data_to_send` still has, then close.

    `uncertain` were written and never answered; `unsent` never left, so they certainly were not sent. Requests that
    had their Unanswered before are in neither.
    """

    cause: Cause
    reason: str
    uncertain: tuple[Pending, ...] = ()
    unsent: tuple[Pending, ...] = ()


Event = (
    Bound
    | BindRefused
    | Answered
    | Unanswered
    | NotSent
    | Arrived
    | Alerted
    | OutbindAsked
    | PeerLeaves
    | Strange
    | Damaged
    | Ended
)
