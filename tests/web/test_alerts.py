"""The three doors for alerts, as monitors meet them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.web.front import Front

ALERTS, ALERTMANAGER, EVENTS = "/api/v1/alerts", "/api/v1/intake/alertmanager", "/v2/enqueue"


def group(*alerts: dict[str, Any], key: str = "{}:{}", **more: Any) -> dict[str, Any]:
    return {"version": "4", "groupKey": key, "truncatedAlerts": 0, "status": "firing", "alerts": list(alerts), **more}


def alert(number: int, status: str = "firing", starts: str = "2026-05-01T02:03:04Z") -> dict[str, Any]:
    return {
        "status": status,
        "labels": {"alertname": "LinkDown", "severity": "critical", "instance": f"edge{number}", "rack": "r" * 100},
        "annotations": {"summary": f"edge{number} uplink down", "description": "d" * 150},
        "startsAt": starts,
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prom.example/graph?g0.expr=up+%3D%3D+0",
        "fingerprint": f"{number:016x}",
    }


# --- our own


async def test_an_alert_opens_an_incident_and_pages_before_the_202(house: Front) -> None:
    body = {"key": "k", "service": "net", "severity": "critical", "summary": "edge1 is down"}
    status, answer, _ = await house.ask("POST", ALERTS, body, token="monitor")
    assert (status, answer["result"], answer["incident"]) == (202, "opened", 1)
    assert set(answer) == {"key", "result", "incident", "reason"}
    _, incident, _ = await house.ask("GET", "/api/v1/incidents/1")
    assert (incident["service"], incident["severity"], incident["source"]) == ("net", "critical", "monitor")
    assert [page["person"] for page in incident["pages"]] == ["anna"]
    assert [message["kind"] for message in incident["messages"]] == ["page"]


async def test_a_list_is_answered_by_a_list_in_order(house: Front) -> None:
    body = [{"key": "a", "summary": "s"}, {"key": "b", "summary": "s"}, {"key": "a", "status": "resolved"}]
    status, answer, _ = await house.ask("POST", ALERTS, body)
    assert status == 202
    assert [(one["key"], one["result"]) for one in answer] == [("a", "opened"), ("b", "opened"), ("a", "resolved")]


async def test_one_wrong_alert_of_a_list_stops_all_of_it(house: Front) -> None:
    status, answer, _ = await house.ask("POST", ALERTS, [{"key": "a", "summary": "s"}, {"key": "b", "sumary": "s"}])
    assert status == 400
    assert answer["error"]["fields"] == [
        {"field": "[1].sumary", "message": "there is no field 'sumary'; did you mean 'summary'?"}
    ]
    assert (house.count("alert"), house.count("incident")) == (0, 0)


async def test_an_alert_with_blank_words_rings_by_its_key(house: Front) -> None:
    status, answer, _ = await house.ask("POST", "/api/v1/alerts", {"key": "db1/disk", "summary": "\u202e \u200b"})
    assert (status, answer["result"]) == (202, "opened")
    _, incident, _ = await house.ask("GET", "/api/v1/incidents/1")
    assert incident["summary"] == "db1/disk"
    assert ": db1/disk. Reply ok" in incident["messages"][0]["text"]


async def test_a_page_cannot_be_turned_around(house: Front) -> None:
    for body in (
        {"key": "a", "summary": "uplink \u202enwod\u202c"},
        {"key": "b", "summary": "\u2067uplink nwod\u2069"},
    ):
        await house.ask("POST", "/api/v1/alerts", body)
    _, listed, _ = await house.ask("GET", "/api/v1/messages")
    assert [": uplink nwod. Reply ok" in message["text"] for message in listed["messages"]] == [True, True]


# --- what is no JSON

POSTS = {
    "/api/v1/alerts": {"key": "k", "summary": "s"},
    ALERTMANAGER: {"alerts": [{"fingerprint": "f"}]},
    EVENTS: {"routing_key": "gw_monitor", "event_action": "trigger", "payload": {"summary": "s"}},
    "/api/v1/messages": {"to": "+447700900999", "text": "x"},
}


@pytest.mark.parametrize("path", POSTS)
async def test_a_bom_is_stepped_over(house: Front, path: str) -> None:
    status, _, _ = await house.ask("POST", path, b"\xef\xbb\xbf" + json.dumps(POSTS[path]).encode())
    assert status in (200, 202)


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        (lambda body: body[:-1] + b', "zz": 1, "zz": 2}', "'zz' is there twice"),
        (lambda body: body[:-1] + b', "zz": NaN}', "there is no number NaN"),
        (lambda body: body[:-1] + b', "zz": 1e999}', "the number 1e999 is too large"),
        (lambda body: body[:-1] + b', "zz": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "it is nested too deeply"),
        (lambda body: body.decode().encode("utf-16"), "it is in UTF-16, and JSON is sent in UTF-8"),
        (lambda body: body + body, "something follows its end"),
    ],
    ids=["twice", "NaN", "1e999", "deep", "UTF-16", "two"],
)
async def test_what_leaves_a_doubt_is_400_at_every_door(
    house: Front, path: str, spoilt: Callable[[bytes], bytes], told: str
) -> None:
    status, answer, _ = await house.ask("POST", path, spoilt(json.dumps(POSTS[path]).encode()))
    assert (status, told in str(answer)) == (400, True), answer
    assert (house.count("alert"), house.count("message")) == (0, 0)


async def test_a_name_that_is_there_twice_is_told_with_its_place(house: Front) -> None:
    body = b'[{"key": "a", "summary": "s"}, {"key": "b", "summary": "s", "severity": "info", "severity": "critical"}]'
    status, answer, _ = await house.ask("POST", "/api/v1/alerts", body)
    assert (status, answer["error"]["fields"]) == (
        400,
        [{"field": "[1].severity", "message": "'severity' is there twice"}],
    )


# --- Alertmanager


async def test_mixed_alerts_of_one_post_are_taken_together(house: Front) -> None:
    await house.ask("POST", ALERTMANAGER, group(alert(1), alert(2)), token="monitor")
    mixed = group(alert(1, "resolved"), alert(2), alert(3), alert(9, "resolved"), truncatedAlerts=4)
    status, answer, _ = await house.ask("POST", ALERTMANAGER, mixed, token="monitor")
    assert (status, answer) == (
        200,
        {"accepted": 4, "results": {"resolved": 1, "repeated": 1, "joined": 1, "ignored": 1}, "truncatedAlerts": 4},
    )
    _, listed, _ = await house.ask("GET", "/api/v1/incidents")
    assert [(i["state"], i["alerts_count"]) for i in listed["incidents"]] == [("open", 3)]


async def test_the_status_of_the_whole_closes_nothing(house: Front) -> None:
    await house.ask("POST", ALERTMANAGER, group(alert(1)))
    await house.ask("POST", ALERTMANAGER, group(status="resolved"))
    _, listed, _ = await house.ask("GET", "/api/v1/incidents?state=open")
    assert len(listed["incidents"]) == 1


async def test_the_same_post_again_pages_nobody_again(house: Front) -> None:
    body = group(alert(1), alert(2))
    for expected in ({"opened": 1, "joined": 1}, {"repeated": 2}, {"repeated": 2}):
        _, answer, _ = await house.ask("POST", ALERTMANAGER, body)
        assert answer["results"] == expected
    assert house.count("message") == 1


async def test_an_alert_that_came_back_late_does_not_open_again(house: Front) -> None:
    for body in (group(alert(1)), group(alert(1, "resolved")), group(alert(1)), group(alert(1, "resolved"))):
        status, _, _ = await house.ask("POST", ALERTMANAGER, body)
        assert status == 200
    assert house.count("incident") == 1


async def test_five_hundred_alerts_in_one_post(house: Front) -> None:
    body = json.dumps(group(*(alert(i) for i in range(500)))).encode()
    assert 200_000 < len(body) < 400_000
    loop = asyncio.get_running_loop()
    began = loop.time()
    status, answer, _ = await house.ask("POST", ALERTMANAGER, body)
    assert (status, answer["results"]) == (200, {"opened": 1, "joined": 499})
    assert loop.time() - began < 3  # 0.5 s is the aim on a quiet machine; see the benchmarks


async def test_a_monstrous_post_is_taken_in_several_bites(house: Front) -> None:
    body = group(*({"fingerprint": str(i)} for i in range(2_500)))
    status, answer, _ = await house.ask("POST", ALERTMANAGER, body)
    assert (status, answer["results"]) == (200, {"opened": 1, "joined": 2_499})


async def test_five_hundred_connections_at_once_and_none_is_refused(house: Front) -> None:
    host, port = house.url.removeprefix("http://").rsplit(":", 1)

    async def post(number: int) -> int:
        body = json.dumps(group(alert(number), key=f"{{}}:{number}")).encode()
        reader, writer = await asyncio.open_connection(host, int(port))
        head = f"POST {ALERTMANAGER} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer gw_monitor\r\nConnection: close\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return int(answer.split(b" ", 2)[1])

    assert await asyncio.gather(*(post(i) for i in range(500))) == [200] * 500
    assert house.count("incident") == 500


# --- PagerDuty Events API v2


def event(**changed: Any) -> dict[str, Any]:
    return {
        "routing_key": "gw_monitor",
        "event_action": "trigger",
        "dedup_key": "db1/disk",
        "payload": {"summary": "db1 disk 95%", "source": "db1", "severity": "critical"},
    } | changed


@pytest.mark.parametrize("path", [EVENTS, EVENTS + "/"])
async def test_an_event_is_answered_as_strict_clients_insist(house: Front, path: str) -> None:
    for body in (event(), event(), event(event_action="acknowledge"), event(event_action="resolve")):
        status, answer, response = await house.ask("POST", path, body, token=None)
        assert status == 202  # go-pagerduty and LibreNMS take nothing else
        assert answer == {"status": "success", "message": "Event processed", "dedup_key": "db1/disk"}
        assert response.content_type == "application/json"  # Zabbix parses it
    assert house.count("incident") == 1


async def test_a_key_nobody_knows_is_a_success_without_effect(house: Front) -> None:
    for action in ("acknowledge", "resolve"):
        status, answer, _ = await house.ask("POST", EVENTS, event(event_action=action, dedup_key="?"), token=None)
        assert (status, answer["dedup_key"]) == (202, "?")
    assert house.count("incident") == 0


async def test_a_trigger_without_a_key_is_told_the_one_it_got(house: Front) -> None:
    _, first, _ = await house.ask("POST", EVENTS, event(dedup_key=None), token=None)
    _, other, _ = await house.ask("POST", EVENTS, event(dedup_key=None), token=None)
    assert len(first["dedup_key"]) == 32
    assert first["dedup_key"] != other["dedup_key"]
    await house.ask("POST", EVENTS, event(event_action="resolve", dedup_key=first["dedup_key"]), token=None)
    _, listed, _ = await house.ask("GET", "/api/v1/incidents?state=active")
    assert len(listed["incidents"]) == 1


async def test_after_an_end_a_trigger_is_a_new_incident(house: Front) -> None:
    for body in (event(), event(event_action="resolve"), event()):
        await house.ask("POST", EVENTS, body, token=None)
    assert house.count("incident") == 2


async def test_an_acknowledgement_stops_the_paging(house: Front) -> None:
    await house.ask("POST", EVENTS, event(), token=None)
    await house.ask("POST", EVENTS, event(event_action="acknowledge"), token=None)
    _, incident, _ = await house.ask("GET", "/api/v1/incidents/1")
    assert (incident["state"], incident["acknowledged_by"]) == ("acknowledged", "monitor")
    assert incident["messages"][0]["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        (event(routing_key="nobody's"), ["'routing_key' is not known here"]),
        (event(routing_key="gw_reader"), ["'routing_key' lacks the scope 'alerts'"]),
        (event(event_action=""), ["'event_action' is missing or blank"]),
        (event(payload={}), ["'payload.summary' is missing or blank"]),
        (b"summary=x", None),
        (b"", None),
    ],
)
async def test_a_wrong_event_is_400_with_errors(house: Front, body: Any, errors: list[str] | None) -> None:
    status, answer, _ = await house.ask("POST", EVENTS, body, token=None)
    assert (status, answer["status"], answer["message"]) == (400, "invalid event", "Event object is invalid")
    assert answer["errors"] == errors if errors else answer["errors"][0].startswith("the body is not JSON")


async def test_events_have_a_limit_of_their_own(house: Front) -> None:
    status, answer, _ = await house.ask("POST", EVENTS, event(client="x" * 600_000), token=None)
    assert (status, answer["status"], answer["errors"]) == (413, "invalid event", ["the body is larger than 512 KiB"])
