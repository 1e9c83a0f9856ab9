"""The HTTP doors under load. A modem with a network as slow as real ones (3 s) sends meanwhile, as it would."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import count

from bench.figures import Figure, Run
from bench.load import Load, blast, one, percentile, request
from bench.parts import PHONE, BenchError, home, house

REAL_LATENCY_S = 3.0
WARM_S = 1.0
EACH_ALONE = "\n[storms]\npage_texts = 0\n"


def _checked(load: Load) -> Load:
    if load.failed:
        raise BenchError(f"answers that are no 2xx: {load.statuses}")
    return load


def _texts(token: str) -> Iterator[bytes]:
    for number in count():
        body = f'{{"to":"{PHONE}","text":"Disk {number} of db1 is full, and nobody has looked at it yet"}}'
        yield request("/api/v1/messages", token, body.encode())


def _messages(run: Run, connections: int, p99_ms: float) -> list[Figure]:
    name = f"messages-{connections}"
    with home() as directory, house(directory, latency_s=REAL_LATENCY_S, profile=run.profile_of(name)) as parts:
        requests = _texts(parts.daemon.token)
        blast(parts.daemon.address, requests, connections=connections, seconds=WARM_S)
        seconds = 2.0 if run.short else 10.0
        load = _checked(blast(parts.daemon.address, requests, connections=connections, seconds=seconds))
    return [
        Figure("", load.rate, "/s", reach=3000, floor=150, better="more"),
        Figure("p99", percentile(load.times_s, 0.99) * 1000, "ms", reach=p99_ms, floor=2000),
    ]


def messages_20(run: Run) -> list[Figure]:
    return _messages(run, 20, 40)


def messages_100(run: Run) -> list[Figure]:
    return _messages(run, 100, 90)


def _alert(token: str, number: int) -> bytes:
    told = {
        "key": f"disk-{number}",
        "service": "database",
        "severity": "critical",
        "summary": f"Disk {number} of db1 is full",
        "details": {"host": "db1", "mount": f"/data/{number}", "used": "99 %"},
    }
    return request("/api/v1/alerts", token, json.dumps(told).encode())


def alerts_new(run: Run) -> list[Figure]:
    """Each alert is a new incident, with a page of its own queued in the same commit."""
    return _new(run, "alerts-new", more=EACH_ALONE)


def alerts_storm(run: Run) -> list[Figure]:
    """As they come as delivered: after three pages to one person the next ones are gathered into one text."""
    return _new(run, "alerts-storm")


def _new(run: Run, name: str, more: str = "") -> list[Figure]:
    profile = run.profile_of(name)
    with home() as directory, house(directory, latency_s=REAL_LATENCY_S, profile=profile, more=more) as parts:
        requests = (_alert(parts.daemon.token, number) for number in count())
        seconds = 1.5 if run.short else 8.0
        load = _checked(blast(parts.daemon.address, requests, connections=64, seconds=seconds))
    return [
        Figure("", load.rate, "/s", reach=1500, floor=20, better="more"),
        Figure("p99", percentile(load.times_s, 0.99) * 1000, "ms"),
    ]


def alerts_repeated(run: Run) -> list[Figure]:
    """Alerts that fire already are told again, as monitors do all the time: 50 different ones."""
    with home() as directory, house(directory, latency_s=REAL_LATENCY_S, profile=run.profile_of("repeated")) as parts:
        requests = (_alert(parts.daemon.token, number % 50) for number in count())
        blast(parts.daemon.address, requests, connections=64, seconds=WARM_S)
        seconds = 1.5 if run.short else 8.0
        load = _checked(blast(parts.daemon.address, requests, connections=64, seconds=seconds))
    return [
        Figure("", load.rate, "/s", reach=1500, floor=75, better="more"),
        Figure("p99", percentile(load.times_s, 0.99) * 1000, "ms"),
    ]


def alertmanager_post(post: int, alerts: int = 500) -> bytes:
    """One group of 500 alerts, about 270 KB, as Alertmanager writes it."""
    told = [
        {
            "status": "firing",
            "labels": {
                "alertname": "DiskFull",
                "instance": f"db{number}.example.net:9100",
                "job": "node",
                "mountpoint": f"/srv/data/{post}/{number}",
                "severity": "critical",
                "service": "database",
                "cluster": "north-1",
            },
            "annotations": {
                "summary": f"Disk /srv/data/{number} of db{number} is full",
                "description": f"The file system has 0.{number % 10} % left and will be full in an hour at this pace.",
            },
            "startsAt": "2026-02-03T04:05:06.789Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus.example.net:9090/graph?g0.expr=node_filesystem_avail_bytes&g0.tab=1",
            "fingerprint": f"{post:08x}{number:08x}",
        }
        for number in range(alerts)
    ]
    group = {"alertname": "DiskFull", "post": str(post)}
    return json.dumps(
        {
            "version": "4",
            "groupKey": f'{{}}:{{alertname="DiskFull",post="{post}"}}',
            "truncatedAlerts": 0,
            "status": "firing",
            "receiver": "gatewayd",
            "groupLabels": group,
            "commonLabels": {"alertname": "DiskFull", "severity": "critical"},
            "commonAnnotations": {},
            "externalURL": "http://alertmanager.example.net:9093",
            "alerts": told,
        }
    ).encode()


def alertmanager(run: Run) -> list[Figure]:
    """The median of several posts, each a group of its own."""
    times: list[float] = []
    with home() as directory, house(directory, latency_s=REAL_LATENCY_S, profile=run.profile_of("am")) as parts:
        for number in range(3 if run.short else 11):
            body = alertmanager_post(number)
            data = request("/api/v1/intake/alertmanager", parts.daemon.token, body)
            began = time.perf_counter()
            status, answer = one(parts.daemon.address, data)
            times.append(time.perf_counter() - began)
            if status != 200 or json.loads(answer)["accepted"] != 500:
                raise BenchError(f"{status}: {answer[:300]!r}")
    return [Figure(f"500 alerts, {len(body) // 1000} KB", percentile(times, 0.5), "s", reach=0.5, floor=5)]
