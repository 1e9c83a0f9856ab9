"""Whatever JSON can spell: reports fit to keep and to send, or an IntakeError, and nothing else."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from gatewayd.intake import alertmanager, generic, pagerduty, words
from gatewayd.intake.faults import IntakeError
from gatewayd.model import Report
from tests.chance import examples

TEXTS = st.text(st.characters(), max_size=40) | st.sampled_from(["\ud800", "\x00", " ", "a" * 5_000, "\x1b[31m"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
ALERTS = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["firing", "resolved"]) | VALUES, "labels": st.dictionaries(TEXTS, VALUES) | VALUES,
        "annotations": st.dictionaries(st.just("summary") | TEXTS, TEXTS) | VALUES, "startsAt": VALUES,
        "fingerprint": VALUES, "generatorURL": VALUES,
    },
)  # fmt: skip
EVENTS = st.fixed_dictionaries(
    {"routing_key": TEXTS, "event_action": st.sampled_from(["trigger", "resolve", "acknowledge"])},
    optional={
        "dedup_key": VALUES, "links": VALUES, "client": VALUES,
        "payload": VALUES | st.fixed_dictionaries(
            {"summary": VALUES}, optional={"severity": VALUES, "custom_details": VALUES, "source": VALUES}
        ),
    },
)  # fmt: skip


def fit_to_keep(report: Report) -> None:
    texts = [report.key, report.service, report.summary, report.group, *report.details, *report.details.values()]
    for text in texts:
        text.encode()
        assert not words._UNFIT.search(text)
    assert report.summary or report.status != "firing"
    assert len(report.key) <= words.KEY_CHARACTERS_MAX
    assert len(report.service) <= words.SERVICE_CHARACTERS_MAX
    assert len(report.summary) <= words.SUMMARY_CHARACTERS_MAX
    assert len(json.dumps(report.details)) < 200_000


@examples(150)
@given(st.lists(ALERTS | VALUES, max_size=3), VALUES, VALUES)
def test_alertmanager(alerts: list[Any], group: Any, truncated: Any) -> None:
    body = json.dumps({"alerts": alerts, "groupKey": group, "truncatedAlerts": truncated}).encode()
    try:
        post = alertmanager.post(body, source="am")
    except IntakeError:
        assert not all(isinstance(alert, dict) for alert in alerts)
        return
    for report in post.reports:
        fit_to_keep(report)


@examples(150)
@given(EVENTS)
@example(
    {"routing_key": "k", "event_action": "trigger", "payload": {"summary": "s", "custom_details": {"n": 10**4299}}}
)
def test_pagerduty(event: dict[str, Any]) -> None:
    try:
        taken = pagerduty.event(json.dumps(event).encode(), fresh_key="fresh")
    except IntakeError:
        return
    fit_to_keep(taken.report)


@examples(150)
@given(
    st.fixed_dictionaries(
        {"key": TEXTS, "summary": TEXTS},
        optional={"details": st.dictionaries(TEXTS, VALUES), "service": TEXTS, "group": TEXTS, "starts_at": VALUES},
    )
)
def test_generic(alert: dict[str, Any]) -> None:
    try:
        ((report,), _) = generic.reports(json.dumps(alert).encode(), source="script")
    except IntakeError:
        return
    fit_to_keep(report)


@examples(300)
@given(st.binary(max_size=200) | st.sampled_from([b"[" * 990 + b"]" * 990, b'{"a":' * 500 + b"1" + b"}" * 500]))
@example(b'{"alerts":[{"labels":{"a":"\\ud800","b":' + b"[" * 600 + b"]" * 600 + b"}}]}")
@example(b"1" * 5_000)
@example(b'{"alerts":[],"truncatedAlerts":' + b"9" * 5_000 + b"}")
def test_any_bytes(body: bytes) -> None:
    for read in (
        lambda: alertmanager.post(body, source="x"),
        lambda: pagerduty.event(body, fresh_key="x"),
        lambda: generic.reports(body, source="x"),
    ):
        try:
            read()
        except IntakeError as error:
            assert error.faults
