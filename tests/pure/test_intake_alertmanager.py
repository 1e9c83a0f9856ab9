"""The webhook of Alertmanager, as its source and its users' reports describe it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gatewayd.intake import alertmanager, words
from gatewayd.intake.faults import IntakeError
from gatewayd.model import Report, Severity

FIRING = {
    "status": "firing",
    "labels": {"alertname": "LinkDown", "severity": "critical", "instance": "edge2", "job": "snmp"},
    "annotations": {"summary": "edge2 uplink down", "runbook": "http://wiki/uplink"},
    "startsAt": "2026-05-01T02:03:04.5Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "http://prom.example/graph?x",
    "fingerprint": "a1b2c3d4e5f60718",
}
RESOLVED = {
    "status": "resolved",
    "labels": {"alertname": "LinkDown", "severity": "critical", "instance": "edge1"},
    "annotations": {},
    "startsAt": "2026-05-01T01:00:00Z",
    "endsAt": "2026-05-01T02:02:00Z",
    "generatorURL": "",
    "fingerprint": "18f60a7b00000001",
}
GROUP = '{}/{team="net"}:{alertname="LinkDown"}'


def payload(*alerts: Any, **more: Any) -> bytes:
    return json.dumps(
        {"version": "4", "groupKey": GROUP, "truncatedAlerts": 0, "status": "firing", "receiver": "gatewayd",
         "groupLabels": {"alertname": "LinkDown"}, "commonLabels": {}, "commonAnnotations": {},
         "externalURL": "http://am.example:9093", "alerts": list(alerts), **more}
    ).encode()  # fmt: skip


def reports(*alerts: Any, **more: Any) -> list[Report]:
    return alertmanager.post(payload(*alerts, **more), source="am").reports


def test_firing_and_resolved_alerts_of_one_post_speak_for_themselves() -> None:
    firing, resolved = reports(FIRING, RESOLVED)
    assert firing == Report(
        source="am",
        key="a1b2c3d4e5f60718",
        service="snmp",
        severity=Severity.CRITICAL,
        summary="edge2 uplink down",
        status="firing",
        details={
            "alertname": "LinkDown", "severity": "critical", "instance": "edge2", "job": "snmp",
            "summary": "edge2 uplink down", "runbook": "http://wiki/uplink",
            "generatorURL": "http://prom.example/graph?x",
        },
        group=GROUP,
        starts_at=1_777_600_984_500_000,
        seldom=True,
    )  # fmt: skip
    assert (resolved.status, resolved.key, resolved.summary) == ("resolved", "18f60a7b00000001", "LinkDown edge1")


def test_unknown_keys_are_normal_and_missing_ones_have_an_answer() -> None:
    post = alertmanager.post(b'{"alerts":[{}],"notification_reason":"new alerts added","routeLabels":{}}', source="am")
    (report,) = post.reports
    assert (report.service, report.severity, report.summary) == ("alertmanager", Severity.ERROR, "alert")
    assert (report.status, report.group, report.starts_at, post.truncated) == ("firing", "", None, 0)
    assert report.key.startswith("labels:")


def test_a_fingerprint_of_our_own_depends_on_the_labels_alone() -> None:
    one = {"labels": {"alertname": "X", "instance": "a"}, "annotations": {"summary": "1"}}
    same = {"labels": {"instance": "a", "alertname": "X"}, "annotations": {"summary": "2"}, "status": "resolved"}
    other = {"labels": {"alertname": "X", "instance": "b"}}
    first, third, second = (report.key for report in reports(one, same, other))  # what is resolved comes last
    assert first == second != third


@pytest.mark.parametrize(
    ("label", "severity"),
    [
        ("critical", "critical"), ("page", "critical"), ("Disaster", "critical"), ("EMERGENCY", "critical"),
        ("error", "error"), ("high", "error"), ("major", "error"),
        ("warning", "warning"), ("minor", "warning"),
        ("info", "info"), ("none", "info"), ("low", "info"),
        ("", "error"), ("purple", "error"), (None, "error"), (7, "error"),
    ],
)  # fmt: skip
def test_severities_of_others_find_their_place_on_our_scale(label: object, severity: str) -> None:
    (report,) = reports({"labels": {"severity": label}})
    assert report.severity == severity


@pytest.mark.parametrize(
    ("annotations", "summary"),
    [
        ({"summary": "s", "description": "d"}, "s"),
        ({"message": "m", "description": "d"}, "m"),
        ({"summary": " \n", "description": "two\nlines"}, "two lines"),
        ({"runbook": "r"}, "Disk db1"),
    ],
)
def test_the_summary_is_the_first_annotation_that_says_something(annotations: dict[str, str], summary: str) -> None:
    (report,) = reports({"labels": {"alertname": "Disk", "instance": "db1"}, "annotations": annotations})
    assert report.summary == summary


def test_the_service_is_the_label_service_before_job() -> None:
    (one, two) = reports({"labels": {"service": "web", "job": "node"}}, {"labels": {"service": " ", "job": "node"}})
    assert one.service == "web"
    assert two.service == "alertmanager"  # a label that is there and blank names nothing


def test_what_is_left_out_is_counted_and_not_resolved() -> None:
    post = alertmanager.post(payload(FIRING, truncatedAlerts=12), source="am")
    assert (len(post.reports), post.truncated) == (1, 12)
    for nonsense in (True, -1, "12", 1.5, 10**40, None):
        assert alertmanager.post(payload(FIRING, truncatedAlerts=nonsense), source="am").truncated == 0


def test_grafana_speaks_the_same_with_version_1() -> None:
    grafana = FIRING | {"values": {"B": 95.2}, "valueString": "[ var='B' ]", "silenceURL": "https://graf/silence"}
    (report,) = reports(grafana, version="1", orgId=1, state="alerting", title="[FIRING:1] Disk")
    assert report.details["valueString"] == "[ var='B' ]"
    assert report.details["silenceURL"] == "https://graf/silence"


@pytest.mark.parametrize("version", ["3", "5", "", 3, 4.0, True, ["4"], {"4": 4}, "4 ", "x" * 10_000])
def test_a_version_that_nobody_has_read_is_refused_by_name(version: object) -> None:
    with pytest.raises(IntakeError) as refused:
        alertmanager.post(payload(FIRING, version=version), source="am")
    (fault,) = refused.value.faults
    assert fault.field == "version"
    assert "Alertmanager's is '4', Grafana's '1'" in fault.message
    assert len(fault.message) < 120


def test_a_version_that_is_not_told_is_taken_for_ours() -> None:
    assert len(reports(FIRING, version=None)) == len(reports(FIRING, version=4)) == 1
    told = json.loads(payload(FIRING))
    del told["version"]
    assert len(alertmanager.post(json.dumps(told).encode(), source="am").reports) == 1


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00Z", "", "yesterday", None, 17, "1969-12-31T23:59:59Z", "9" * 50])
def test_no_time_is_no_time(when: object) -> None:
    (report,) = reports({"startsAt": when})
    assert report.starts_at is None


def test_times_of_go_with_nine_digits_and_zones_are_read() -> None:
    one, two = reports({"startsAt": "2026-05-01T02:03:04.123456789Z"}, {"startsAt": "2026-05-01T04:03:04.123456+02:00"})
    assert one.starts_at == two.starts_at == 1_777_600_984_123_456


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", ""), (b"not json", ""), (b"[]", ""), (b'"x"', ""), (b"{}", "alerts"), (b'{"alerts":null}', "alerts"),
        (b'{"alerts":{}}', "alerts"), (b'{"alerts":[{},1]}', "alerts[1]"), (b"\xff\xfe", ""), (b"[" * 100_000, ""),
    ],
)  # fmt: skip
def test_what_is_no_such_post_is_refused_by_name(body: bytes, field: str) -> None:
    with pytest.raises(IntakeError) as refused:
        alertmanager.post(body, source="am")
    assert refused.value.faults[0].field == field


def test_a_flood_of_labels_is_cut_and_says_so() -> None:
    labels = {f"label{i}": "x" * 2_000 for i in range(100)}
    (report,) = reports({"labels": labels})
    assert report.details["label0"].endswith(words.CUT)
    assert len(report.details["label0"]) == words.DETAIL_CHARACTERS_MAX
    kept = len(report.details) - 1
    assert report.details["details_cut"] == f"{100 - kept} more"
    assert sum(len(k) + len(v) for k, v in report.details.items()) < words.DETAILS_CHARACTERS_MAX + 100


def test_five_hundred_alerts_are_read_in_order() -> None:
    many = [FIRING | {"fingerprint": f"{i:016x}"} for i in range(500)]
    assert [report.key for report in reports(*many)] == [f"{i:016x}" for i in range(500)]
