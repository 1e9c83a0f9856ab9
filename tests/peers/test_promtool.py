"""Prometheus' own linter on what the daemon really shows."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.peers.street import House, Street, call, figure, program

pytestmark = pytest.mark.peer


def test_metrics_are_as_prometheus_wants_them(street: Street, house: House) -> None:
    promtool = program("promtool")
    alert = {"key": "disk", "service": "database", "severity": "critical", "summary": "disk full"}
    call(f"{house.url}/api/v1/alerts", alert, token=house.token)
    street.wait_text("disk full")
    call(f"{house.url}/api/v1/alerts", alert | {"status": "resolved"}, token=house.token)
    street.wait_text("cleared")
    street.anna_sends("lovely weather on the moor")
    street.wait_text("Not understood")
    with pytest.raises(AssertionError, match="401"):
        call(f"{house.url}/api/v1/alerts", alert, token="gw_wrong")

    shown = house.metrics()
    assert figure(shown, "gatewayd_intake_reports_total", door="api", result="opened") == 1
    checked = subprocess.run(
        [promtool, "check", "metrics"], input=shown, capture_output=True, text=True, timeout=60, check=False
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_our_rules_are_rules_for_prometheus() -> None:
    rules = Path(__file__).parents[2] / "config" / "prometheus-rules.yml"
    checked = subprocess.run(
        [program("promtool"), "check", "rules", "--lint-fatal", rules],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
