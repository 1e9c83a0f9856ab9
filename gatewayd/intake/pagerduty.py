"""PagerDuty Events API v2, the door that dozens of tools know.

Liberal in what it takes (custom_details as text, severities such as "ok", unknown keys, no dedup_key), because a
refused event is an alert nobody hears of. The words of its errors are those that clients print.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from gatewayd.intake import words
from gatewayd.intake.faults import Fault, IntakeError
from gatewayd.model import Report, Severity

BODY_BYTES_MAX = 512 * 1024  # as PagerDuty has it; here the sender is known only after the body was read

_STATUS: dict[str, Literal["firing", "resolved", "acknowledged"]] = {
    "trigger": "firing",
    "acknowledge": "acknowledged",
    "resolve": "resolved",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `routing_key` is the secret of a token; `dedup_key` is told back to the client as it was given."""

    routing_key: str
    dedup_key: str
    report: Report  # its source is empty until the token is known


def event(body: bytes, *, fresh_key: str) -> Event:
    """`fresh_key` becomes the dedup_key of a trigger that has none. Raises IntakeError."""
    payload = words.load(body)
    if not isinstance(payload, dict):
        raise IntakeError(Fault("", "Event object must be a JSON object"))
    faults = []
    routing_key = _text(payload.get("routing_key")) or _text(payload.get("service_key"))
    if not routing_key:
        faults.append(Fault("routing_key", "'routing_key' is missing or blank"))
    action = _text(payload.get("event_action")).lower()
    if not action:
        faults.append(Fault("event_action", "'event_action' is missing or blank"))
    elif action not in _STATUS:
        faults.append(Fault("event_action", "'event_action' must be one of 'trigger', 'acknowledge' or 'resolve'"))
    dedup_key = _text(payload.get("dedup_key"))
    about = payload.get("payload")
    if action in {"acknowledge", "resolve"} and not dedup_key:
        faults.append(Fault("dedup_key", "'dedup_key' is missing or blank"))
    if action == "trigger":
        if not isinstance(about, dict):
            faults.append(Fault("payload", "'payload' is missing or blank"))
        elif not isinstance(about.get("summary"), str | int | float):
            faults.append(Fault("payload.summary", "'payload.summary' is missing or blank"))
    if faults:
        raise IntakeError(*faults)
    known_by, dedup_key = dedup_key, dedup_key or fresh_key
    about = about if isinstance(about, dict) else {}
    report = _report(payload, about, _STATUS[action], words.key(dedup_key))
    if action == "trigger" and not report.summary:  # its words were lost on the way; who it is about must do
        report = replace(report, summary=_stand_in(about, known_by))
    return Event(routing_key, dedup_key, report)


def _report(
    payload: dict[str, Any],
    about: dict[str, Any],
    status: Literal["firing", "resolved", "acknowledged"],
    key: str,
) -> Report:
    service = next((t for t in (_text(about.get(n)) for n in ("component", "group", "source")) if t), "")
    return Report(
        source="",
        key=key,
        service=words.one_line(service, words.SERVICE_CHARACTERS_MAX) or "pagerduty",
        severity=words.severity(about.get("severity")) if status == "firing" else Severity.ERROR,
        summary=_summary(about),
        status=status,
        details=_details(payload, about),
        # the payload's timestamp is the event's and not the fault's: a repeated trigger carries a new one
        starts_at=None,
    )


def _summary(about: dict[str, Any]) -> str:
    return words.one_line(_text(about.get("summary")), words.SUMMARY_CHARACTERS_MAX)


def _stand_in(about: dict[str, Any], dedup_key: str) -> str:
    told = (*(_text(about.get(name)) for name in ("source", "component", "group", "class")), dedup_key)
    plain = (words.one_line(text, words.SUMMARY_CHARACTERS_MAX) for text in told)
    return next(filter(None, plain), "event")


def _details(payload: dict[str, Any], about: dict[str, Any]) -> dict[str, str]:
    pairs = [(name, about.get(name)) for name in ("source", "component", "group", "class", "timestamp")]
    custom = about.get("custom_details")
    pairs += custom.items() if isinstance(custom, dict) else [("custom_details", custom)]
    links = payload.get("links")
    for i, link in enumerate(links[:10] if isinstance(links, list) else []):
        pairs.append((f"link {i + 1}", link.get("href") if isinstance(link, dict) else link))
    pairs += [(name, payload.get(name)) for name in ("client", "client_url")]
    return words.details(pairs)


def _text(value: Any) -> str:
    """Text with something in it, or nothing. Numbers are taken as they are written."""
    return words.spoken(value).strip() if isinstance(value, str | int | float) else ""
