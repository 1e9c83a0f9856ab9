"""A real Alertmanager in front of the daemon: what goes in at its API comes out on a phone, once."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.peers.street import House, Program, Run, Street, call, figure, free_port, program, wait_for

pytestmark = pytest.mark.peer

WEBHOOK = """\
    webhook_configs:
      - url: {house.url}/api/v1/intake/alertmanager
        http_config: {{ authorization: {{ credentials: {house.token} }} }}
"""
PAGERDUTY = """\
    pagerduty_configs:
      - url: {house.url}/v2/enqueue
        routing_key: {house.token}
"""
CONFIG = """\
route:
  receiver: gatewayd
  group_by: [{group_by}]
  group_wait: 0s
  group_interval: 1s
  repeat_interval: {repeat}
receivers:
  - name: gatewayd
"""
BEGAN, OVER = "2026-01-01T00:00:01Z", "2026-01-01T00:00:02Z"


@dataclass
class Alertmanager:
    url: str
    process: Program

    def post(self, *alerts: dict[str, Any]) -> None:
        call(f"{self.url}/api/v2/alerts", list(alerts))

    def figure(self, name: str, integration: str = "webhook") -> float:
        return figure(call(f"{self.url}/metrics"), f"alertmanager_{name}", integration=integration)


Start = Callable[..., Alertmanager]


@pytest.fixture
def start(run: Run, tmp_path: Path, house: House) -> Start:
    binary = program("prometheus-alertmanager")

    def started(receiver: str = WEBHOOK, *, group_by: str = "alertname", repeat: str = "1h") -> Alertmanager:
        config, port = tmp_path / "alertmanager.yml", free_port()
        config.write_text(CONFIG.format(group_by=group_by, repeat=repeat) + receiver.format(house=house))
        process = run(
            binary,
            f"--config.file={config}",
            f"--storage.path={tmp_path / 'alertmanager'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
            name="alertmanager",
        )
        process.says("Listening on")
        return Alertmanager(f"http://127.0.0.1:{port}", process)

    return started


def alert(name: str, instance: str, *, over: bool = False) -> dict[str, Any]:
    return {
        "labels": {"alertname": name, "instance": instance, "severity": "critical", "service": "database"},
        "annotations": {"summary": f"{name} on {instance}"},
        "startsAt": BEGAN,
    } | ({"endsAt": OVER} if over else {})


def told(house: House, door: str = "alertmanager") -> Callable[[str], float]:
    """How many reports had this result."""
    return lambda result: figure(house.metrics(), "gatewayd_intake_reports_total", door=door, result=result)


def test_fires_repeats_and_clears(start: Start, house: House, street: Street) -> None:
    alertmanager, results = start(repeat="1s"), told(house)
    alertmanager.post(alert("DiskFull", "db1"))
    street.wait_text("CRITICAL database: DiskFull on db1")
    alertmanager.post(alert("DiskFull", "db1"))
    wait_for(lambda: results("repeated") >= 3, "Alertmanager repeats what goes on")
    alertmanager.post(alert("DiskFull", "db1", over=True))
    street.wait_text("cleared: DiskFull on db1")
    [incident] = house.incidents()
    assert incident["state"] == "resolved"
    assert len(street.texts()) == 2
    assert (results("opened"), results("resolved"), results("refused"), results("failed")) == (1, 1, 0, 0)


def test_one_of_two_clears_and_then_the_other(start: Start, house: House, street: Street) -> None:
    alertmanager, results = start(), told(house)
    alertmanager.post(alert("LinkDown", "edge1"), alert("LinkDown", "edge2"))
    street.wait_text("LinkDown on edge")
    wait_for(lambda: results("opened") + results("joined") == 2, "both are known")
    alertmanager.post(alert("LinkDown", "edge1", over=True))  # its post says "firing" above, and "resolved" within
    wait_for(lambda: results("resolved") == 1, "one is over")
    [incident] = house.incidents()
    assert incident["state"] == "open"
    assert {a["summary"]: a["status"] for a in house.alerts(incident)} == {
        "LinkDown on edge1": "resolved",
        "LinkDown on edge2": "firing",
    }
    alertmanager.post(alert("LinkDown", "edge2", over=True))
    street.wait_text("cleared")
    assert [i["state"] for i in house.incidents()] == ["resolved"]
    assert len(street.texts()) == 2


def test_a_gust_of_500_ungrouped_loses_none_and_is_refused_none(start: Start, house: House, street: Street) -> None:
    alertmanager = start(group_by="'...'")
    sent = {f"LinkDown on edge{n}" for n in range(500)}
    alertmanager.post(*(alert("LinkDown", f"edge{n}") for n in range(500)))
    wait_for(lambda: len(house.incidents()) >= 500, "every alert is an incident", within_s=60)
    found = house.incidents()
    assert (len(found), {i["summary"] for i in found}) == (500, sent)
    assert len({i["code"] for i in found}) == 500
    wait_for(lambda: alertmanager.figure("notifications_total") == 500, "Alertmanager has every answer")
    assert alertmanager.figure("notification_requests_failed_total") == 0
    assert alertmanager.figure("notifications_failed_total") == 0
    wait_for(lambda: _paged(street) == sent, "Anna reads of every one", within_s=120)
    alertmanager.post(*(alert("LinkDown", f"edge{n}", over=True) for n in range(500)))
    wait_for(lambda: {i["state"] for i in house.incidents()} == {"resolved"}, "every one is over", within_s=60)
    assert alertmanager.figure("notification_requests_failed_total") == 0
    assert street.twice() == []


def _paged(street: Street) -> set[str]:
    """The summaries of all pages that Anna has."""
    return {text.partition(": ")[2].partition(". Reply")[0] for text in street.texts("CRITICAL")}


def test_its_pagerduty_receiver(start: Start, house: House, street: Street) -> None:
    alertmanager, results = start(PAGERDUTY), told(house, "pagerduty")
    alertmanager.post(alert("DiskFull", "db1"))
    street.wait_text("DiskFull")
    alertmanager.post(alert("DiskFull", "db1", over=True))
    street.wait_text("cleared")
    assert [i["state"] for i in house.incidents()] == ["resolved"]
    assert (results("opened"), results("resolved"), results("refused"), results("failed")) == (1, 1, 0, 0)
    assert alertmanager.figure("notifications_failed_total", "pagerduty") == 0


def test_a_daemon_that_is_down_hears_of_it_later(start: Start, house: House, street: Street) -> None:
    alertmanager = start()
    house.process.stop()
    alertmanager.post(*(alert("LinkDown", f"edge{n}") for n in range(5)), alert("DiskFull", "db1"))
    wait_for(lambda: alertmanager.figure("notification_requests_failed_total") >= 4, "Alertmanager tries, and again")
    assert street.texts() == []
    house.start()
    street.wait_text("DiskFull on db1", within_s=60)
    street.wait_text("LinkDown on edge", within_s=60)
    assert sorted(i["alerts_count"] for i in house.incidents()) == [1, 5]
    _ends_once(alertmanager, house, street, ("LinkDown", [f"edge{n}" for n in range(5)]), ("DiskFull", ["db1"]))


def test_a_daemon_that_is_killed_pages_nobody_twice(start: Start, house: House, street: Street) -> None:
    alertmanager = start(repeat="1s")
    alertmanager.post(alert("DiskFull", "db1"))
    street.wait_text("DiskFull on db1")
    settled = 'gatewayd_attempts_total{channel="modem1",outcome="accepted"}'
    wait_for(lambda: settled in house.metrics(), "the modem's answer is booked")
    house.process.stop(signal.SIGKILL)
    wait_for(lambda: alertmanager.figure("notification_requests_failed_total") >= 1, "Alertmanager finds nobody")
    house.start()
    wait_for(lambda: told(house)("repeated") >= 2, "Alertmanager repeats what goes on", within_s=60)
    _ends_once(alertmanager, house, street, ("DiskFull", ["db1"]))


def _ends_once(alertmanager: Alertmanager, house: House, street: Street, *groups: tuple[str, Iterable[str]]) -> None:
    """All clears; each group was told to Anna once, and was cleared once."""
    alertmanager.post(*(alert(name, instance, over=True) for name, instances in groups for instance in instances))
    street.wait_text("cleared", count=len(groups), within_s=60)
    assert [i["state"] for i in house.incidents()] == ["resolved"] * len(groups)
    assert len(street.texts()) == 2 * len(groups)
    assert street.twice() == []
