"""The webhook of Prometheus Alertmanager (version "4") and of those who speak like it (Grafana, vmalert).

Tolerant: unknown keys are normal (each release adds some), missing ones have an answer. A version that nobody here
has read is refused: what its fields mean is not known. The top-level status says "firing" when any alert fires, so it
is never used; each alert speaks for itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from gatewayd.intake import words
from gatewayd.intake.faults import Fault, IntakeError
from gatewayd.model import Report

ALERTS_MAX = 20_000
VERSIONS = ("4", "1")  # Alertmanager's, and Grafana's of the same shape
SERVICE_LABELS = ("service", "job")
SUMMARY_ANNOTATIONS = ("summary", "message", "description", "title")


@dataclass(frozen=True, slots=True)
class Post:
    """One post: its reports, and how many alerts the sender left out (those are not resolved).

    What fires comes first: else a group whose last alert clears while another begins would close and open again.
    """

    reports: list[Report]
    truncated: int


def post(body: bytes, *, source: str) -> Post:
    """Raises IntakeError when this is not JSON, is of a version we do not know, or has no list of alerts."""
    payload = words.load(body)
    if not isinstance(payload, dict):
        raise IntakeError(Fault("", "expected an object with a list 'alerts'"))
    version = payload.get("version")
    if version is not None and (type(version) not in (str, int) or str(version) not in VERSIONS):
        told = words.one_line(words.spoken(version)[:100], 40)
        raise IntakeError(Fault("version", f"'{told}' is not known here; Alertmanager's is '4', Grafana's '1'"))
    alerts = payload.get("alerts")
    if not isinstance(alerts, list):
        raise IntakeError(Fault("alerts", "is missing" if alerts is None else "must be a list"))
    if len(alerts) > ALERTS_MAX:
        raise IntakeError(Fault("alerts", f"{len(alerts)} alerts; at most {ALERTS_MAX} in one post"))
    group = payload.get("groupKey")
    grouping = words.key(group) if isinstance(group, str) else ""
    faults = [
        Fault(f"alerts[{i}]", "must be an object") for i, alert in enumerate(alerts) if not isinstance(alert, dict)
    ]
    if faults:
        raise IntakeError(*faults[:20])
    truncated = payload.get("truncatedAlerts")
    return Post(
        sorted((_report(alert, source, grouping) for alert in alerts), key=lambda report: report.status == "resolved"),
        truncated if type(truncated) is int and 0 < truncated < 2**53 else 0,
    )


def _report(alert: dict[str, Any], source: str, grouping: str) -> Report:
    labels, annotations = _texts(alert.get("labels")), _texts(alert.get("annotations"))
    service = next((labels[name] for name in SERVICE_LABELS if labels.get(name)), "")
    extra = [(name, alert.get(name)) for name in ("generatorURL", "silenceURL", "valueString")]
    return Report(
        source=source,
        key=_key(alert, labels),
        service=words.one_line(service, words.SERVICE_CHARACTERS_MAX) or "alertmanager",
        severity=words.severity(labels.get("severity")),
        summary=_summary(labels, annotations),
        status="resolved" if alert.get("status") == "resolved" else "firing",
        details=words.details([*labels.items(), *annotations.items(), *extra]),
        group=grouping,
        starts_at=words.moment(alert.get("startsAt")),
        seldom=True,
    )


def _texts(value: Any) -> dict[str, str]:
    return {name: words.spoken(text) for name, text in value.items()} if isinstance(value, dict) else {}


def _key(alert: dict[str, Any], labels: dict[str, str]) -> str:
    """The fingerprint, or one of our own over the sorted labels (Alertmanager's is such a hash, too)."""
    fingerprint = alert.get("fingerprint")
    if isinstance(fingerprint, str) and fingerprint.strip():
        return words.key(fingerprint)
    told = "\xff".join(f"{name}\xff{labels[name]}" for name in sorted(labels))
    return "labels:" + sha256(told.encode(errors="replace")).hexdigest()[:32]


def _summary(labels: dict[str, str], annotations: dict[str, str]) -> str:
    for name in SUMMARY_ANNOTATIONS:
        if text := words.one_line(annotations.get(name, ""), words.SUMMARY_CHARACTERS_MAX):
            return text
    text = f"{labels.get('alertname', 'alert')} {labels.get('instance', '')}"
    return words.one_line(text, words.SUMMARY_CHARACTERS_MAX) or "alert"
