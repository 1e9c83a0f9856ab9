"""Refusals: every code has a meaning for the text, and none of them claims more than it says."""

from __future__ import annotations

import pytest

from gatewayd.wire.at import Kind, Result
from gatewayd.wire.modem_errors import CME, CMS, VENDORS, Fate, Scope, SubscriptionWatch, classify, number_of
from tests.wire.dialogue import result_of


def fate(text: str, *, vendor: str = "", took_s: float = 1.0) -> tuple[Fate, Scope]:
    result = result_of(text)
    verdict = classify(Result(result.kind, (), result.code, result.text, took_s), vendor=vendor)
    return verdict.fate, verdict.scope


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+CMS ERROR: 1", ("refused", "recipient")),
        ("+CMS ERROR: 28", ("refused", "channel")),
        ("+CMS ERROR: 304", ("refused", "message")),
        ("+CMS ERROR: 38", ("deferred", "channel")),
        ("+CMS ERROR: 41", ("deferred", "message")),
        ("+CMS ERROR: 42", ("deferred", "channel")),
        ("+CMS ERROR: 197", ("accepted", "message")),
        ("+CMS ERROR: 310", ("deferred", "channel")),
        ("+CMS ERROR: 331", ("deferred", "channel")),
        ("+CMS ERROR: 332", ("uncertain", "message")),
        ("+CMS ERROR: network timeout", ("uncertain", "message")),
        ("+CMS ERROR: 500", ("deferred", "message")),
        ("+CMS ERROR: 513", ("uncertain", "message")),
        ("+CMS ERROR: 350", ("deferred", "message")),
        ("+CME ERROR: 10", ("deferred", "channel")),
        ("+CME ERROR: 515", ("deferred", "channel")),
        ("+CME ERROR: SIM busy", ("deferred", "channel")),
        ("ERROR", ("deferred", "message")),
    ],
)
def test_codes(text: str, expected: tuple[Fate, Scope]) -> None:
    assert fate(text) == expected


@pytest.mark.parametrize("text", ["+CMS ERROR: 500", "+CMS ERROR: 350", "+CMS ERROR: 300", "ERROR", "+CME ERROR: 100"])
def test_a_vague_error_after_a_long_wait_leaves_the_fate_open(text: str) -> None:
    """A Quectel answered 350 after 135 s: nobody knows what the network did meanwhile."""
    assert fate(text, took_s=135.0)[0] == "uncertain"
    assert fate("+CMS ERROR: 41", took_s=135.0)[0] == "deferred"


def test_the_same_number_of_two_vendors() -> None:
    assert fate("+CMS ERROR: 513", vendor="wavecom")[0] == "uncertain"
    assert fate("+CMS ERROR: 513", vendor="simcom")[0] == "refused"
    assert fate("+CMS ERROR: 515", vendor="siemens") == ("refused", "recipient")
    assert fate("+CMS ERROR: 515", vendor="wavecom") == ("deferred", "channel")


def test_before_the_pdu_nothing_is_uncertain() -> None:
    for codes, kind in ((CMS, "CMS"), (CME, "CME"), *((codes, "CMS") for codes in VENDORS.values())):
        for code in codes:
            verdict = classify(result_of(f"+{kind} ERROR: {code}"), submitted=False)
            assert verdict.fate in {"refused", "deferred"}, code


def test_every_row_says_something() -> None:
    for codes in (CMS, CME, *VENDORS.values()):
        for code, row in codes.items():
            assert row.reason, code
            assert row.fate != "deferred" or row.after_s > 0, code


def test_a_code_that_nobody_knows_is_shown_as_it_came() -> None:
    verdict = classify(result_of("+CMS ERROR: 4711"))
    assert verdict.code == "cms 4711"
    assert "4711" in verdict.reason


def test_words() -> None:
    assert number_of(result_of("+CME ERROR: SIM PIN required")) == (Kind.CME, 11)
    assert number_of(result_of("+CMS ERROR: whatever")) == (Kind.CMS, None)


def test_two_barred_recipients_mean_a_barred_sim() -> None:
    watch = SubscriptionWatch()
    barred = classify(result_of("+CMS ERROR: 21"))
    assert watch.saw("+441", barred).scope == "message"
    assert watch.saw("+441", barred).scope == "message"
    assert watch.saw("+442", barred).scope == "channel"
    watch.saw("+443", classify(result_of("+CMS ERROR: 197")))
    assert watch.saw("+442", barred).scope == "message"
