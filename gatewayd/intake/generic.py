"""POST /api/v1/alerts: our own format, for whoever writes a script. Strict, so that a misspelt field is noticed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)

from gatewayd.intake import jsontext, words
from gatewayd.intake.faults import TIME_FORM, Fault, from_validation, told
from gatewayd.model import Report, Severity
from gatewayd.text import visible

ALERTS_MAX = 1_000  # of one transaction


def _not_blank(given: str) -> str:
    if not visible(given):
        raise ValueError("must not be blank: nothing in it can be seen")
    return given


def _written(given: Any) -> Any:
    """Seconds since 1970 are no RFC 3339, and a guess at their unit may be wrong by a thousand."""
    if isinstance(given, str):
        return given
    raise ValueError(TIME_FORM)


class AlertIn(BaseModel):
    """One fault, or its end."""

    model_config = ConfigDict(extra="forbid", strict=True, title="Alert")

    key: Annotated[str, AfterValidator(_not_blank)] = Field(
        min_length=1,
        max_length=255,
        json_schema_extra={"pattern": r"\S"},
        description="Identifies the fault; the same key joins or closes it",
    )
    status: Literal["firing", "resolved"] = "firing"
    service: str = Field("", max_length=255, description="Chooses the escalation policy; default: the token's name")
    severity: Literal["critical", "error", "warning", "info"] = "error"
    summary: str = Field(
        "",
        max_length=10_000,
        description="What people read first; needed while firing. The key stands in for one that shows nothing",
    )
    details: dict[str, Any] = Field(default={}, description="More facts; any value is kept as text, cut when very long")
    group: str = Field("", max_length=1_000, description="Alerts of one group and service make one incident")
    starts_at: Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_written)] | None = Field(
        None, description="When the fault began; tells a repeat from a new one"
    )


_ONE = TypeAdapter(AlertIn)
_MANY = TypeAdapter(Annotated[list[AlertIn], Field(max_length=ALERTS_MAX)])


def reports(body: bytes, *, source: str) -> tuple[list[Report], bool]:
    """The reports, and whether a list was posted. All or nothing: raises IntakeError naming each wrong field."""
    value = jsontext.read(body)
    is_list = isinstance(value, list)
    try:
        alerts = _MANY.validate_python(value) if is_list else [_ONE.validate_python(value)]
    except ValidationError as error:
        raise from_validation(error, AlertIn) from None
    faults = [
        Fault(f"[{i}].summary" if is_list else "summary", "is missing: a firing alert says in words what is wrong")
        for i, alert in enumerate(alerts)
        if alert.status == "firing" and "summary" not in alert.model_fields_set
    ]
    if faults:
        raise told(faults)
    return [_report(alert, source) for alert in alerts], is_list


def _summary(alert: AlertIn) -> str:
    """What is on fire must ring even when a template left its words empty."""
    said = words.one_line(alert.summary, words.SUMMARY_CHARACTERS_MAX)
    return said or (words.one_line(alert.key, words.SUMMARY_CHARACTERS_MAX) if alert.status == "firing" else "")


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
