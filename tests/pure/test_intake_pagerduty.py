"""Events API v2, as dozens of tools speak it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gatewayd.intake import pagerduty
from gatewayd.intake.faults import IntakeError
from gatewayd.model import Severity

KEY = "0123456789abcdef0123456789abcdef"
TRIGGER: dict[str, Any] = {
    "routing_key": KEY,
    "event_action": "trigger",
    "dedup_key": "db1/disk",
    "payload": {
        "summary": "db1 disk 95%", "source": "db1", "severity": "critical", "timestamp": "2026-05-01T02:00:00Z",
        "component": "disk", "group": "storage", "class": "capacity", "custom_details": {"used": "95%", "free": 5},
    },
    "links": [{"href": "https://x", "text": "graph"}],
    "images": [],
    "client": "acme-mon",
    "client_url": "https://mon",
}  # fmt: skip


def event(**changed: Any) -> pagerduty.Event:
    return pagerduty.event(json.dumps(TRIGGER | changed).encode(), fresh_key="fresh")


def about(**changed: Any) -> pagerduty.Event:
    return event(payload=TRIGGER["payload"] | changed)


def test_a_trigger_is_a_firing_alert() -> None:
    taken = event()
    assert (taken.routing_key, taken.dedup_key) == (KEY, "db1/disk")
    report = taken.report
    assert (report.key, report.status, report.severity) == ("db1/disk", "firing", Severity.CRITICAL)
    assert (report.service, report.summary, report.group) == ("disk", "db1 disk 95%", "")
    assert report.starts_at is None  # the event's time is not the fault's
    assert report.details == {
        "source": "db1", "component": "disk", "group": "storage", "class": "capacity",
        "timestamp": "2026-05-01T02:00:00Z", "used": "95%", "free": "5", "link 1": "https://x",
        "client": "acme-mon", "client_url": "https://mon",
    }  # fmt: skip


@pytest.mark.parametrize(("action", "status"), [("acknowledge", "acknowledged"), ("resolve", "resolved")])
def test_the_other_actions_need_a_key_and_nothing_else(action: str, status: str) -> None:
    short = json.dumps({"routing_key": KEY, "event_action": action, "dedup_key": "db1/disk"}).encode()
    assert pagerduty.event(short, fresh_key="fresh").report.status == status
    with pytest.raises(IntakeError, match="'dedup_key' is missing or blank"):
        event(event_action=action, dedup_key="")


def test_a_trigger_without_a_key_gets_a_fresh_one() -> None:
    assert event(dedup_key=None).dedup_key == event(dedup_key="").report.key == "fresh"


def test_what_tools_really_send_is_taken() -> None:
    assert about(custom_details="one text").report.details["custom_details"] == "one text"
    assert about(custom_details={"a": {"b": [1, None]}}).report.details["a"] == '{"b":[1,null]}'
    assert about(severity="ok").report.severity is Severity.INFO
    assert about(severity=None).report.severity is Severity.ERROR
    assert about(device_groups=["x"]).report.summary == "db1 disk 95%"
    assert about(component="", group=None).report.service == "db1"
    assert len(about(summary="x" * 3_000).report.summary) == 1_000
    assert event(dedup_key=42).dedup_key == "42"
    assert event(event_action="Trigger").report.status == "firing"
    assert event(links="https://x").report.key == "db1/disk"


@pytest.mark.parametrize("blank", ["", " \x00 ", "\u202e", "\u200b"], ids=ascii)
def test_who_it_is_about_stands_in_for_a_summary_that_shows_nothing(blank: str) -> None:
    assert about(summary=blank).report.summary == "db1"
    assert about(summary=blank, source="\u200b", component="disk").report.summary == "disk"
    assert event(payload={"summary": blank}).report.summary == "db1/disk"
    nameless = event(dedup_key=None, payload={"summary": blank})
    assert (nameless.report.summary, nameless.dedup_key) == ("event", "fresh")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"routing_key": ""}, "'routing_key' is missing or blank"),
        ({"event_action": None}, "'event_action' is missing or blank"),
        ({"event_action": "explode"}, "'event_action' must be one of 'trigger', 'acknowledge' or 'resolve'"),
        ({"payload": None}, "'payload' is missing or blank"),
        ({"payload": "x"}, "'payload' is missing or blank"),
        ({"payload": {"severity": "info"}}, "'payload.summary' is missing or blank"),
        ({"payload": {"summary": ["x"]}}, "'payload.summary' is missing or blank"),
    ],
)
def test_what_is_missing_is_said_in_their_words(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(IntakeError) as refused:
        event(**changed)
    assert [fault.message for fault in refused.value.faults] == [message]


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(IntakeError) as refused:
        pagerduty.event(b"{}", fresh_key="fresh")
    assert len(refused.value.faults) == 2


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"routing_key=1", b"\x00"])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(IntakeError):
        pagerduty.event(body, fresh_key="fresh")
