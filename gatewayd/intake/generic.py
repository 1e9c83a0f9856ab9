"""POST /api/v1/alerts: our own format, for whoever writes a script. Strict, so that a misspelt field is noticed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from gatewayd.intake import words
from gatewayd.intake.faults import Fault, IntakeError, from_validation
from gatewayd.model import Report, Severity

ALERTS_MAX = 1_000  # of one transaction


class AlertIn(BaseModel):
    """One fault, or its end."""

    model_config = ConfigDict(extra="forbid", strict=True, title="Alert")

    key: str = Field(
        min_length=1, max_length=255, pattern=r"\S", description="Identifies the fault; the same key joins or closes it"
    )
    status: Literal["firing", "resolved"] = "firing"
    service: str = Field("", max_length=255, description="Chooses the escalation policy; default: the token's name")
    severity: Literal["critical", "error", "warning", "info"] = "error"
    summary: str = Field("", max_length=10_000, description="What people read first; needed while firing")
    details: dict[str, Any] = Field(default={}, description="More facts; any value is kept as text, cut when very long")
    group: str = Field("", max_length=1_000, description="Alerts of one group make one incident")
    starts_at: Annotated[AwareDatetime, Field(strict=False)] | None = Field(
        None, description="When the fault began; tells a repeat from a new one"
    )


_ONE = TypeAdapter(AlertIn)
_MANY = TypeAdapter(Annotated[list[AlertIn], Field(max_length=ALERTS_MAX)])


def reports(body: bytes, *, source: str) -> tuple[list[Report], bool]:
    """The reports, and whether a list was posted. All or nothing: raises IntakeError naming each wrong field."""
    is_list = body.lstrip()[:1] == b"["
    try:
        alerts = _MANY.validate_json(body) if is_list else [_ONE.validate_json(body)]
    except ValidationError as error:
        raise from_validation(error, AlertIn) from None
    faults = [
        Fault(f"[{i}].{name}" if is_list else name, message)
        for i, alert in enumerate(alerts)
        for name, message in _incomplete(alert)
    ]
    if faults:
        raise IntakeError(*faults[:20])
    return [_report(alert, source) for alert in alerts], is_list


def _incomplete(alert: AlertIn) -> list[tuple[str, str]]:
    if alert.status == "firing" and not _summary(alert):
        return [("summary", "is missing: a firing alert says in words what is wrong")]
    return []


def _summary(alert: AlertIn) -> str:
    return words.one_line(alert.summary, words.SUMMARY_CHARACTERS_MAX)


def _report(alert: AlertIn, source: str) -> Report:
    return Report(
        source=source,
        key=words.key(alert.key),
        service=words.one_line(alert.service, words.SERVICE_CHARACTERS_MAX) or source,
        severity=Severity(alert.severity),
        summary=_summary(alert),
        status=alert.status,
        details=words.details(alert.details.items()),
        group=words.key(alert.group),
        starts_at=words.microseconds(alert.starts_at) if alert.starts_at else None,
    )
