"""Our own format: strict, and helpful about it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gatewayd.intake import generic
from gatewayd.intake.faults import IntakeError
from gatewayd.model import Report, Severity


def faults(body: Any) -> list[tuple[str, str]]:
    with pytest.raises(IntakeError) as refused:
        generic.reports(body if isinstance(body, bytes) else json.dumps(body).encode(), source="script")
    return [tuple(fault) for fault in refused.value.faults]


def test_the_least_that_must_be_said() -> None:
    (report,), is_list = generic.reports(b'{"key":"k","summary":"s"}', source="script")
    assert not is_list
    assert report == Report(
        source="script", key="k", service="script", severity=Severity.ERROR, summary="s", status="firing"
    )


def test_everything_that_can_be_said() -> None:
    told = {
        "key": "db1/disk", "status": "firing", "service": " data \n bases ", "severity": "warning",
        "summary": "95 %\nfull", "details": {"used": "95%", "free": 5, "ro": False, "none": None, "deep": {"a": [1]}},
        "group": "storage", "starts_at": "2026-05-01T02:00:00+00:00",
    }  # fmt: skip
    (report,), _ = generic.reports(json.dumps(told).encode(), source="script")
    assert (report.service, report.summary, report.group) == ("data bases", "95 % full", "storage")
    assert report.details == {"used": "95%", "free": "5", "ro": "false", "deep": '{"a":[1]}'}
    assert report.starts_at == 1_777_600_800_000_000


def test_an_end_needs_no_words() -> None:
    (report,), is_list = generic.reports(b' [{"key":"k","status":"resolved"}]', source="script")
    assert is_list
    assert (report.status, report.summary) == ("resolved", "")


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"sumary": "x"}, ("sumary", "there is no field 'sumary'; did you mean 'summary'?")),
        ({"Severity": "info"}, ("Severity", "there is no field 'Severity'; did you mean 'severity'?")),
        ({"zzz": 1}, ("zzz", "there is no field 'zzz'")),
        ({"severity": "critcal"},
         ("severity", "must be 'critical', 'error', 'warning' or 'info'; did you mean 'critical'?")),
        ({"status": "resolve"}, ("status", "must be 'firing' or 'resolved'; did you mean 'resolved'?")),
        ({"severity": 3}, ("severity", "must be 'critical', 'error', 'warning' or 'info'")),
        ({"summary": " "}, ("summary", "is missing: a firing alert says in words what is wrong")),
        ({"key": ""}, ("key", "string should have at least 1 character")),
        ({"starts_at": "2026-05-01T02:00:00"}, ("starts_at", "input should have timezone info")),
        ({"details": []}, ("details", "input should be an object")),
    ],
)  # fmt: skip
def test_each_fault_names_its_field(changed: dict[str, Any], fault: tuple[str, str]) -> None:
    assert faults({"key": "k", "summary": "s"} | changed) == [fault]


def test_a_list_tells_which_one_and_takes_none() -> None:
    good = {"key": "k", "summary": "s"}
    assert faults([good, {"summary": "s"}, good | {"severity": "x"}]) == [
        ("[1].key", "is missing"),
        ("[2].severity", "must be 'critical', 'error', 'warning' or 'info'"),
    ]
    assert faults([good, {"key": "k"}]) == [
        ("[1].summary", "is missing: a firing alert says in words what is wrong")
    ]  # fmt: skip


def test_a_thousand_faults_are_told_as_a_page() -> None:
    found = faults([{}] * 1_000)
    assert len(found) == 21
    assert found[-1] == ("", "and 980 more")


@pytest.mark.parametrize("body", [b"", b"{", b"nonsense", b'{"key": "\xff"}', b"[" * 10_000, b'{"key":"\\ud800"}'])
def test_what_is_not_json_says_so(body: bytes) -> None:
    ((field, message),) = faults(body)
    assert field in ("", "[0]")
    assert "JSON" in message
