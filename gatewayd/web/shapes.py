"""What goes in and out over HTTP, as models. Requests are validated by them; answers are described by them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from gatewayd.oncall.directory import Name

Id = Annotated[int, Field(ge=1, le=2**53)]
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Target = Annotated[str, StringConstraints(min_length=1, max_length=200)]
MessageState = Literal[
    "queued", "started", "sent", "in_doubt", "failed", "expired", "withdrawn", "delivered", "undelivered", "unconfirmed"
]
Priority = Literal["critical", "high", "normal", "low"]
Severity = Literal["critical", "error", "warning", "info"]
Scope = Literal["alerts", "messages", "ack", "duty", "read"]


def _listed(given: Any) -> list[Any]:
    if isinstance(given, list):
        return given
    if isinstance(given, str):
        return [given]
    raise ValueError("must be a text or a list of texts")


_TARGET = {"type": "string", "minLength": 1, "maxLength": 200}
Targets = Annotated[
    list[Target],
    Field(min_length=1, max_length=100),
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [_TARGET, {"type": "array", "items": _TARGET, "minItems": 1, "maxItems": 100}]}),
]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class MessageIn(Body):
    """A text to somebody."""

    to: Targets = Field(description="'+447700900123', 'short:60777', 'person:anna', 'team:noc', or a list of these")
    text: str = Field(min_length=1, max_length=10_000)
    priority: Priority = "normal"
    validity_s: int | None = Field(None, ge=60, le=7 * 86_400, description="Not sent after this long")
    channel: Annotated[str, StringConstraints(max_length=40)] | None = Field(None, description="Only by this channel")
    report: bool = Field(default=True, description="Ask the network for a delivery report")


class SettleIn(Body):
    """What a person knows of a text in doubt."""

    sent: bool


class AckIn(Body):
    """Who takes the incident; default: the holder of the token."""

    by: Name | None = Field(None, description="Name of a person in the directory")
    note: str = Field("", max_length=1_000)


class ResolveIn(Body):
    by: Name | None = Field(None, description="Name of a person in the directory")


class TokenIn(Body):
    name: Name
    scopes: list[Scope] = Field(min_length=1, max_length=5)
    prefixes: list[Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{1,15}$")]] = Field(default=[], max_length=100)


class BackupIn(Body):
    path: str = Field(
        min_length=2, max_length=4_000, pattern=r"^/[^\x00]+$", description="Absolute; must not exist yet"
    )


class NothingIn(Body):
    """An empty object, or no body at all."""


class Query(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MessagesQuery(Query):
    state: MessageState | None = None
    person: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = Field(
        None, description="Only texts to this person, also one who has left; 'team:noc': calls of that group"
    )
    limit: int = Field(100, ge=1, le=500)
    before: Id | None = Field(None, description="Only older ones than this id")


class WayQuery(Query):
    to: Target = Field(description="'+447700900123', 'short:60777', 'person:anna' or 'team:noc'")
    priority: Priority = "normal"
    at: AwareDatetime | None = Field(None, description="Then, as far as hours go; default: now")


class IncidentsQuery(Query):
    state: Literal["open", "acknowledged", "resolved", "active"] | None = None
    code: str | None = Field(None, max_length=8, description="Only with this code; one at most is active")
    limit: int = Field(100, ge=1, le=500)
    before: Id | None = Field(None, description="Only older ones than this id")


class InboxQuery(Query):
    all: bool = Field(default=False, description="Also those that were understood")
    limit: int = Field(100, ge=1, le=500)
    before: Id | None = Field(None, description="Only older ones than this id")


class JournalQuery(Query):
    after: Annotated[int, Field(ge=0, le=2**53)] | None = Field(None, description="Lines after this one; default: last")
    limit: int = Field(200, ge=1, le=1_000)
    incident: Id | None = None
    message: Id | None = None
    verify: bool = Field(default=False, description="Check the whole chain (slow)")


class NoQuery(Query):
    pass


# --- answers


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FaultOut(Answer):
    field: str
    message: str


class ErrorBody(Answer):
    code: str
    message: str
    fields: list[FaultOut]


class ErrorOut(Answer):
    error: ErrorBody


class ReportedOut(Answer):
    key: str
    result: Literal["opened", "joined", "repeated", "resolved", "acknowledged", "ignored"]
    incident: int | None
    reason: str


class AlertmanagerOut(Answer):
    accepted: int
    results: dict[str, int]
    truncatedAlerts: int  # noqa: N815 - their word


class EventOut(Answer):
    status: Literal["success"]
    message: str
    dedup_key: str


class EventErrorOut(Answer):
    status: str
    message: str
    errors: list[str]


class MessageTaken(Answer):
    id: int
    to: str
    segments: int
    alphabet: Literal["gsm7", "ucs2"]


class MessagesTaken(Answer):
    messages: list[MessageTaken]


class AttemptOut(Answer):
    id: int
    round: int
    part: int
    channel: str
    state: Literal["started", "accepted", "refused", "deferred", "in_doubt"]
    reference: str | None
    code: str
    reason: str
    settled_by: str
    receipt: str
    cost: float
    started_at: Time
    ended_at: Time | None
    receipt_at: Time | None


class BucketOut(Answer):
    at_once: int = Field(description="Parts that may go at once now; below 0: it is overdrawn")


class BudgetOut(Answer):
    month: str
    used: float = Field(description="1 is all of it")
    cost: float
    parts: int
    cost_max: float | None
    parts_max: int | None
    stops: bool = Field(description="All but what is critical, and answers")


class ChannelSays(Answer):
    channel: str
    says: str
    bucket: BucketOut | None
    budget: BudgetOut | None


class WayOut(Answer):
    to: str
    device: str = Field(description="Of a person's, which; else ''")
    priority: Priority
    at: Time
    by: list[str] = Field(description="Whichever of these is free first; empty: there is no way")
    goes_at: Time | None
    reason: str
    channels: list[ChannelSays]


class WaysOut(Answer):
    ways: list[WayOut]


class ReceiptOut(Answer):
    id: int
    attempt: int
    channel: str
    reference: str
    status: int
    says: str
    verdict: str
    sent_at: Time | None
    done_at: Time | None
    received_at: Time


class PageOfMessage(Answer):
    incident: int
    code: str
    person: str
    state: str
    reason: str


class MessageOut(Answer):
    id: int
    kind: str
    state: MessageState
    reason: str
    recipient: str = Field(description="Masked unless the token has the scope messages")
    person: str
    device: str
    text: str
    priority: Priority
    parts: int
    channel: str
    waits_for: str = Field(description="What keeps it although it is due, and until when; empty: nothing does")
    repeats: int
    report: bool
    cost: float = Field(description="Of what was accepted so far, as the configuration says")
    origin: str
    created_at: Time
    due_at: Time
    expires_at: Time
    ended_at: Time | None


class MessageDetail(MessageOut):
    attempts: list[AttemptOut]
    receipts: list[ReceiptOut]
    pages: list[PageOfMessage]


class MessagesOut(Answer):
    messages: list[MessageOut]


class DoneOut(Answer):
    id: int
    state: str


class IncidentDoneOut(DoneOut):
    code: str


class PageOut(Answer):
    person: str
    state: str
    reason: str


class IncidentOut(Answer):
    id: int
    code: str
    service: str
    severity: Severity
    summary: str
    source: str
    state: Literal["open", "acknowledged", "resolved"]
    alerts_count: int
    pages: list[PageOut]
    opened_at: Time
    acknowledged_at: Time | None
    acknowledged_by: str | None
    resolved_at: Time | None
    held_for: str = Field(description="Why nobody is paged: silence, maintenance, inhibited, hold, digest; '' = paged")
    held_why: str
    held_until: Time | None


class AlertOut(Answer):
    key: str
    status: Literal["firing", "resolved"]
    severity: Severity
    summary: str
    details: dict[str, str]
    count: int
    starts_at: Time | None
    first_at: Time
    last_at: Time
    resolved_at: Time | None


class IncidentText(MessageOut):
    receipts: list[ReceiptOut]


class IncidentDetail(IncidentOut):
    alerts: list[AlertOut]
    messages: list[IncidentText]


class IncidentsOut(Answer):
    incidents: list[IncidentOut]


class IncomingOut(Answer):
    id: int
    channel: str
    sender: str = Field(description="Masked unless the token has the scope messages")
    person: str
    text: str | None
    note: str
    result: str
    incident: int | None
    sent_at: Time | None
    received_at: Time


class InboxOut(Answer):
    texts: list[IncomingOut]


class JournalLine(Answer):
    seq: int
    at: Time
    event: str
    incident: int | None
    message: int | None
    attempt: int | None
    facts: dict[str, Any]
    words: dict[str, Any] | None = Field(description="null: there are none, or they were erased")
    previous: str
    hash: str


class ChainOut(Answer):
    whole: bool
    breaks: list[str]


class JournalOut(Answer):
    lines: list[JournalLine]
    chain: ChainOut | None


class HealthOut(Answer):
    status: Literal["ok"]


class ReadyOut(Answer):
    ready: bool
    checks: dict[str, str]


class TestPageOut(Answer):
    messages: list[int]
