"""JSON that leaves no room for doubt is read; any other is refused, with the place and in plain words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.intake import alertmanager, generic, jsontext, pagerduty
from gatewayd.intake.faults import IntakeError
from tests.chance import examples

DOORS = {
    "alerts": lambda body: generic.reports(body, source="x"),
    "alertmanager": lambda body: alertmanager.post(body, source="x"),
    "pagerduty": lambda body: pagerduty.event(body, fresh_key="x"),
}


def faults(body: bytes, *, forgiving: bool = False) -> list[tuple[str, str]]:
    with pytest.raises(IntakeError) as refused:
        jsontext.read(body, forgiving=forgiving)
    return [tuple(fault) for fault in refused.value.faults]


def why(body: bytes) -> str:
    """The one fault of a body that is no JSON."""
    ((field, message),) = faults(body)
    assert field == ""
    assert message.startswith("the body is not JSON: ")
    return message.removeprefix("the body is not JSON: ")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@examples(200)
@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_what_others_write_is_read(value: Any, ascii_only: bool, indent: int | None) -> None:
    body = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    assert jsontext.read(body) == jsontext.read(b"\xef\xbb\xbf" + body) == value


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"\xef\xbb\xbf", "it is empty"),
        (b"nonsense", "a value is expected (line 1, column 1)"),
        (b'{"key": "k",}', "a name in double quotes is expected (line 1, column 13)"),
        (b"{'key': 'k'}", "a name in double quotes is expected (line 1, column 2)"),
        (b'{"key": "k"\n "summary": "s"}', "a ',' is expected (line 2, column 2)"),
        (b'{"key" "k"}', "a ':' is expected (line 1, column 8)"),
        (b'{"key": "k', "a text begins and does not end (line 1, column 9)"),
        (b'{"key": "a\nb"}', "a bare control character stands in a text (line 1, column 11)"),
        (b'"\\x41"', "there is no such escape (line 1, column 2)"),
        (b'"\\u00g0"', "four hexadecimal digits belong to \\u (line 1, column 3)"),
        (b'{"key": "k"} {"key": "l"}', "something follows its end (line 1, column 14)"),
        (b'{"a": NaN}', "there is no number NaN"),
        (b"[Infinity]", "there is no number Infinity"),
        (b"[-Infinity]", "there is no number -Infinity"),
        (b"[1e999]", "the number 1e999 is too large"),
        (b"[-1e999]", "the number -1e999 is too large"),
        (b"[" + b"9" * 5_000 + b"]", "the number 99999999999999999999... has 5000 digits"),
        (b"[" * 10_000, "it is nested too deeply"),
        (b"[" * 10_000 + b"]" * 10_000, "it is nested too deeply"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "it is nested too deeply"),
        (b'{"key": "\xe4"}', "octet 0xE4 at position 9 is not UTF-8"),
        (b'"\xed\xa0\x80"', "octet 0xED at position 1 is not UTF-8"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_what_is_no_json_is_told_in_plain_words(body: bytes, told: str) -> None:
    assert why(body) == told


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_another_encoding_is_named(encoding: str) -> None:
    body = '{"key": "k", "summary": "s"}'.encode(encoding)
    assert why(body) == f"it is in {encoding[:6].upper()}, and JSON is sent in UTF-8"


def test_a_number_at_the_edge_is_read() -> None:
    assert jsontext.read(b"[1e308, 1e-999, -0.0, " + b"9" * 310 + b"]") == [1e308, 0.0, -0.0, 10**310 - 1]


# --- names that are there twice


def test_a_name_that_is_there_twice_is_told_with_its_place() -> None:
    assert faults(b'{"key": "a", "key": "b"}') == [("key", "'key' is there twice")]
    assert faults(b'{"key": 1, "k\\u0065y": 2}') == [("key", "'key' is there twice")], "however it is spelt"
    assert faults(b'[{"a": 1}, {"a": {"b": 1, "b": 2, "c": 3, "c": 4, "c": 5}}]') == [
        ("[1].a.b", "'b' is there twice"),
        ("[1].a.c", "'c' is there twice"),
    ]


def test_a_body_full_of_twins_is_answered_with_a_page() -> None:
    found = faults(b"[" + b",".join([b'{"a":1,"a":2}'] * 5_000) + b"]")
    assert found[0] == ("[0].a", "'a' is there twice")
    assert len(found) == 20


def test_a_long_name_and_a_deep_place_are_cut() -> None:
    ((field, message),) = faults(b'{"%b": 1, "%b": 2}' % ((b"x" * 5_000,) * 2))
    assert len(field) == 100
    assert len(message) < 130
    ((field, _),) = faults(b'{"a":' * 100 + b'{"b":1,"b":2}' + b"}" * 100)
    assert field == ".".join("a" * 12) + "..."


def test_a_fault_far_behind_is_still_a_fault() -> None:
    begin = b"[" + b"0," * 200_000
    assert faults(begin + b'{"a":1,"a":2}]') == [("", "'a' is there twice in one object")]
    ((field, message),) = faults(begin + b'"\\ud800"]')
    assert (field, "lone surrogate" in message) == ("", True)
    assert jsontext.read(begin + b'"\\\\ud800"]')[-1] == "\\ud800"


# --- half signs


def test_half_a_sign_is_told_with_its_place() -> None:
    half = "half a sign (a lone surrogate) stands in it"
    assert faults(b'{"a": ["x", "\\ud83d!"]}') == [("a[1]", half)]
    assert faults(b'{"a": {"\\ude00": 1}}') == [("a.\ude00", f"its name: {half}")]


def test_a_whole_sign_is_none() -> None:
    assert jsontext.read(b'"\\ud83d\\ude00 \\\\ud83d"') == "😀 \\ud83d"


def test_monitors_are_forgiven_half_a_sign() -> None:
    """Cut in the middle of an emoji: the alert matters more."""
    fired = b'{"alerts": [{"fingerprint": "f", "annotations": {"summary": "fire \\ud83d"}}]}'
    assert alertmanager.post(fired, source="x").reports[0].summary == "fire"
    rang = b'{"routing_key": "r", "event_action": "trigger", "payload": {"summary": "fire \\ud83d"}}'
    assert pagerduty.event(rang, fresh_key="k").report.summary == "fire"


# --- all doors alike


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "body",
    [b'{"alerts": [], "alerts": []}', b'{"a": NaN}', b'{"a": 1e999}', b'{"a":' * 10_000, "{}".encode("utf-16")],
    ids=["twice", "NaN", "1e999", "deep", "UTF-16"],
)
def test_every_door_refuses_alike(door: str, body: bytes) -> None:
    with pytest.raises(IntakeError) as refused:
        DOORS[door](body)
    assert "must be" not in str(refused.value)
