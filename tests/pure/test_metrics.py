"""Every counter is there before its first event: increase() does not see the one that makes a series."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

import pytest

from gatewayd import metrics
from gatewayd.delivery.receipts import Match
from gatewayd.model import Reported
from gatewayd.oncall.escalation import EnterStep
from gatewayd.store import sqlite


def words(kind: type, field: str) -> set[str]:
    return set(get_args(get_type_hints(kind)[field]))


def told(name: str, label: str, **others: str) -> set[str]:
    """The values of a label, among the series that are there."""
    return {
        sample.labels[label]
        for family in metrics.REGISTRY.collect()
        for sample in family.samples
        if sample.name == name and others.items() <= sample.labels.items()
    }


@pytest.mark.parametrize(
    ("name", "label", "values"),
    [
        ("gatewayd_intake_reports_total", "result", words(Reported, "result") | {"refused", "failed", "accepted"}),
        ("gatewayd_escalations_total", "kind", words(EnterStep, "kind")),
        ("gatewayd_store_failures_total", "error", {*sqlite._COUNTED, "other"}),
        (
            "gatewayd_messages_accepted_total",
            "kind",
            {
                "page",
                "copy",
                "taken",
                "joined",
                "cleared",
                "answer",
                "hand_over",
                "text",
                "test",
                "digest",
                "notice",
                "proof",
            },
        ),
        ("gatewayd_messages_accepted_total", "priority", {"critical", "high", "normal", "low"}),
        ("gatewayd_doubts_settled_total", "by", {"answer", "late answer", "receipt", "person"}),
        ("gatewayd_clock_steps_total", "direction", {"forward", "back"}),
        ("gatewayd_config_reloads_total", "result", {"done", "refused"}),
    ],
)
def test_what_may_be_counted_begins_at_nought(name: str, label: str, values: set[str]) -> None:
    assert told(name, label) == values


def test_a_channel_brings_its_counters_with_it() -> None:
    channel: dict[str, Any] = {"channel": "fresh"}
    assert not told("gatewayd_modem_resets_total", "channel", **channel)
    metrics.begin_channel("fresh")
    assert told("gatewayd_modem_resets_total", "channel", **channel) == {"fresh"}
    assert told("gatewayd_spend_total", "channel", **channel) == {"fresh"}
    assert told("gatewayd_bureau_throttled_total", "of", **channel) == {"bureau", "number"}
    assert told("gatewayd_delivery_reports_total", "verdict", **channel) == words(Match, "verdict")
    assert told("gatewayd_delivery_reports_total", "class", **channel) >= {"delivered", "failed", "gave_up"}
    assert told("gatewayd_incoming_total", "kind", **channel) >= {"acknowledged", "answered", "stray", "late_part"}
    assert told("gatewayd_attempt_duration_seconds_count", "channel", **channel) == {"fresh"}
