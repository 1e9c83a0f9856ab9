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


@pytest.mark.parametrize("blank", ["", " ", "\u202e", "\u200b\ufeff", "\x00\x07", "\u2800"], ids=ascii)
def test_the_key_stands_in_for_a_summary_that_shows_nothing(blank: str) -> None:
    """A template left its words empty: the alert must ring all the same."""
    (report,), _ = generic.reports(json.dumps({"key": "db1/\u202edisk", "summary": blank}).encode(), source="script")
    assert (report.key, report.summary) == ("db1/\u202edisk", "db1/disk")


def test_what_turns_the_writing_direction_around_is_left_out() -> None:
    told = {
        "key": "k",
        "summary": "pay \u202e001\u202c now",
        "service": "\u2067db\u2069",
        "details": {"a\u202eb": "c\u202ed"},
    }
    (report,), _ = generic.reports(json.dumps(told).encode(), source="script")
    assert (report.summary, report.service, report.details) == ("pay 001 now", "db", {"ab": "cd"})


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
        ({"summary": None}, ("summary", "must be a text")),
        ({"summary": "x" * 10_001}, ("summary", "has 10001 characters, at most 10000 are allowed")),
        ({"key": ""}, ("key", "must not be empty")),
        ({"key": " "}, ("key", "must not be blank: nothing in it can be seen")),
        ({"key": "\u202e\u200b"}, ("key", "must not be blank: nothing in it can be seen")),
        ({"starts_at": "2026-05-01T02:00:00"},
         ("starts_at", "lacks its zone; write 2026-05-01T02:03:04Z or 2026-05-01T02:03:04+02:00")),
        ({"starts_at": "yesterday"}, ("starts_at", "must be a time, as in 2026-05-01T02:03:04Z")),
        ({"starts_at": 1_777_600_800}, ("starts_at", "must be a time, as in 2026-05-01T02:03:04Z")),
        ({"starts_at": [1]}, ("starts_at", "must be a time, as in 2026-05-01T02:03:04Z")),
        ({"details": []}, ("details", "must be an object")),
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
    assert faults([good, {"key": "k"}]) == [("[1].summary", "is missing: a firing alert says in words what is wrong")]


def test_a_thousand_faults_are_told_as_a_page() -> None:
    for body in ([{}] * 1_000, [{"key": "k"}] * 1_000):
        found = faults(body)
        assert len(found) == 21
        assert found[-1] == ("", "and 980 more")


@pytest.mark.parametrize("body", [b"1", b'"x"', b"null", b"[1]"])
def test_what_is_no_alert_says_so(body: bytes) -> None:
    assert [message for _, message in faults(body)] == ["must be an object"]
