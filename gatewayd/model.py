"""The nouns of the house. ARCHITECTURE.md tells how they hang together; mission words, no behaviour but naming."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Literal, NamedTuple

SECOND = 1_000_000  # microseconds


class Severity(StrEnum):
    """How bad a monitor says it is. Order: `Severity.rank`, most urgent first."""

    CRITICAL = "critical"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        return _SEVERITIES.index(self)


_SEVERITIES = list(Severity)


class Priority(IntEnum):
    """Lane of a message; a lower number goes first."""

    CRITICAL = 0
    HIGH = 1
    NORMAL = 2
    LOW = 3

    @property
    def called(self) -> str:
        return self.name.lower()


class MessageState(StrEnum):
    """Life of one text to one device.

    queued -> started -> sent | in_doubt | failed | queued again; queued -> expired | withdrawn;
    sent -> delivered | undelivered | unconfirmed (no receipt in time).
    """

    QUEUED = "queued"
    STARTED = "started"
    SENT = "sent"
    IN_DOUBT = "in_doubt"
    FAILED = "failed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    UNCONFIRMED = "unconfirmed"


class AttemptState(StrEnum):
    """Fate of one try of one part over one channel."""

    STARTED = "started"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DEFERRED = "deferred"
    IN_DOUBT = "in_doubt"


class PageState(StrEnum):
    """This person must know of this incident."""

    PLANNED = "planned"
    REACHED = "reached"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"


OWN_SERVICE = "gatewayd"  # what is wrong with the house itself, or what it must tell its operator
SITE_ALARM = "site-visit"  # the source of an alarm that no rule, silence or maintenance keeps
# Who did it, in the books, when it was nobody of the directory and no token. Whoever were called so would own that, and
# what a person called "monitor" closed would never ring again.
OWN_NAMES = frozenset({"operator", "desk", "monitor", "drill", SITE_ALARM})

MessageKind = Literal[
    "page", "copy", "taken", "joined", "cleared", "answer", "hand_over", "text", "test", "digest", "notice", "proof"
]


@dataclass(frozen=True, slots=True)
class Report:
    """What one monitor says of one fault, whatever format it spoke.

    `source` scopes `key`; `group` joins alerts into one incident ("" = the alert stands alone);
    `starts_at` (microseconds UTC) tells a repeat from a new occurrence where the monitor gives it.
    """

    source: str
    key: str
    service: str
    severity: Severity
    summary: str
    status: Literal["firing", "resolved", "acknowledged"]
    details: dict[str, str] = field(default_factory=dict)
    group: str = ""
    starts_at: int | None = None
    seldom: bool = False  # from a monitor that tells how things stand when they change, and then for hours no more


@dataclass(frozen=True, slots=True)
class Reported:
    """What became of a report."""

    result: Literal["opened", "joined", "repeated", "resolved", "acknowledged", "ignored"]
    incident_id: int | None
    reason: str


class NewMessage(NamedTuple):
    """One text to one device, ready to be queued. Text has been checked against the alphabet and the parts limit."""

    kind: MessageKind
    recipient: str  # E.164 with "+", or the digits of a short code
    text: str
    priority: Priority
    expires_at: int  # microseconds UTC
    person: str = ""
    device: str = ""  # name of the device within the person
    channel: str = ""  # only by this channel; "" = any
    page_ids: tuple[int, ...] = ()
    incident_id: int | None = None  # what it speaks of, as the journal tells it
    origin: str = ""  # name of the token, or "desk"
    report: bool = True  # ask the network for a delivery report
    about: str = ""  # the service that a page speaks of; "" = of several
    parts: int = 0  # on the air; 0 = not counted yet
    ahead_us: int = 0  # it goes before others of its lane that were queued up to so long ago


@dataclass(frozen=True, slots=True)
class Incoming:
    """One text (or one part of a long one) that came in."""

    channel: str
    sim: str  # stable opaque id of the SIM or bureau account; never the full IMSI
    sender: str  # "+44...", digits of a short code, or letters
    sender_alphanumeric: bool
    text: str | None  # None when the body is binary or could not be decoded
    sent_at: int | None  # the SMSC's time stamp, microseconds UTC; None when it is invalid
    raw: str  # the PDU in hex (or the bureau's octets in hex), kept for undecodable ones
    concat: tuple[int, int, int, int] | None = None  # (reference, width in bits, total, number from 1)
    note: str = ""  # why it is not a plain text: "class 0", "binary port 1234", "undecodable: ..."
    identity: str = ""  # without a stamp, what the bureau tells texts of the same words apart by
    by_machine: bool = False  # a delivery report that says nothing we understand: kept, and nobody's reply
    damaged: bool = False  # so that it says nothing: two that look alike may still be two
    fresh: bool = False  # without a stamp, but the channel knows that it is not an earlier one come again


def lane(severity_rank: int) -> Priority:
    """Priority of a page by its severity's rank: critical, error -> high, the rest -> normal."""
    return (Priority.CRITICAL, Priority.HIGH, Priority.NORMAL, Priority.NORMAL)[severity_rank]


class Refusal(Exception):
    """What was asked cannot be done, and why; nothing was changed.

    kind "unknown": there is no such thing; "conflict": its state does not allow it; "invalid": the request is wrong.
    """

    def __init__(self, kind: Literal["unknown", "conflict", "invalid"], reason: str, *, field: str = "") -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.field = field
