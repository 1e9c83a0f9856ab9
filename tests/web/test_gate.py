"""Who gets in, how "no" is said, and what is never lost behind a 2xx."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Callable
from typing import Any

import pytest

from gatewayd.web.routes import ROUTES
from tests.web.front import ANNA, Front, front

ALERT = {"key": "k", "summary": "s"}


# --- tokens and scopes


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer gw_monitor"},
        {"Authorization": "bearer  gw_monitor "},
        {"Authorization": "Token gw_monitor"},
        {"Authorization": "Basic " + base64.b64encode(b"alertmanager:gw_monitor").decode()},
        {"Authorization": "Basic " + base64.b64encode(b"gw_monitor:").decode()},
        {"X-Api-Key": "gw_monitor"},
    ],
)
async def test_a_token_may_come_in_many_envelopes(house: Front, headers: dict[str, str]) -> None:
    status, _, _ = await house.ask("POST", "/api/v1/alerts", ALERT, token=None, **headers)
    assert status == 202


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer gw_monito"},
        {"Authorization": "Bearer gw_monitor2"},
        {"Authorization": "Digest gw_monitor"},
        {"Authorization": "Basic %%%"},
        {"Authorization": "Basic " + base64.b64encode(b"\xff\xfe:x").decode()},
        {"X-Api-Key": ""},
    ],
)
async def test_no_or_a_wrong_token_is_401_and_keeps_nothing(house: Front, headers: dict[str, str]) -> None:
    status, answer, response = await house.ask("POST", "/api/v1/alerts", ALERT, token=None, **headers)
    assert (status, answer["error"]["code"]) == (401, "unauthorized")
    wrong = headers.get("Authorization", "").startswith("Bearer gw_")
    assert answer["error"]["message"].startswith("the token is not known" if wrong else "a token is needed: ")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert house.count("alert") == 0


@pytest.mark.parametrize("route", [r for r in ROUTES if r.scopes], ids=lambda r: r.name)
async def test_every_scope_is_asked_for_by_name(house: Front, route: Any) -> None:
    path = route.path.replace("{id}", "1").replace("{name}", "anna")
    for token, scope in (("monitor", "alerts"), ("sender", "messages"), ("acker", "ack"), ("reader", "read")):
        status, answer, _ = await house.ask(route.method, path, token=token)
        if scope in route.scopes:
            assert status not in (401, 403)
        else:
            assert (status, answer["error"]["code"]) == (403, "forbidden")
            assert f"'{route.scopes[0]}'" in answer["error"]["message"]


async def test_metrics_are_open_or_not_as_the_operator_likes(house: Front, tmp_path: Any) -> None:
    assert (await house.ask("GET", "/metrics", token=None))[0] == 200
    async with front(tmp_path / "closed", metrics_open=False) as closed:
        assert (await closed.ask("GET", "/metrics", token=None))[0] == 401
        assert (await closed.ask("GET", "/metrics", token="monitor"))[0] == 403
        assert (await closed.ask("GET", "/metrics", token="reader"))[0] == 200


# --- paths and methods


async def test_what_is_not_there_and_what_is_not_taken(house: Front) -> None:
    status, answer, _ = await house.ask("GET", "/api/v2/alerts")
    assert (status, answer["error"]["code"]) == (404, "not_found")
    status, answer, response = await house.ask("DELETE", "/api/v1/messages")
    assert (status, answer["error"]["code"]) == (405, "method_not_allowed")
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert (await house.ask("POST", "/api/v1/alerts/", ALERT))[0] == 202  # a redirect would lose it


async def test_head_and_options_are_sane(house: Front) -> None:
    status, content, response = await house.ask("HEAD", "/healthz", token=None)
    assert (status, content, response.headers["Content-Length"]) == (200, b"", "15")
    status, content, response = await house.ask("OPTIONS", "/api/v1/incidents/1/ack", token=None)
    assert (status, content, response.headers["Allow"]) == (204, b"", "OPTIONS, POST")


async def test_the_operators_doors_are_not_there_for_others(house: Front) -> None:
    for route in ROUTES:
        if route.local:
            assert (await house.ask(route.method, route.path.replace("{name}", "all")))[0] == 404


# --- health and metrics


async def test_ready_means_stored_and_a_way_out(house: Front) -> None:
    status, answer, _ = await house.ask("GET", "/readyz", token=None)
    assert (status, answer["ready"]) == (200, True)
    house.ready["channels"] = "down"
    status, answer, _ = await house.ask("GET", "/readyz", token=None)
    assert (status, answer) == (503, {"ready": False, "checks": {"store": "writable", "channels": "down"}})
    assert (await house.ask("GET", "/healthz", token=None))[1] == {"status": "ok"}


async def figure(house: Front, name: str) -> float:
    _, text, response = await house.ask("GET", "/metrics")
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = re.search(rf"^{re.escape(name)} (\S+)$", text.decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


async def test_what_comes_in_is_counted_by_door_and_result(house: Front) -> None:
    opened = 'gatewayd_intake_reports_total{door="api",result="opened"}'
    refused = 'gatewayd_intake_reports_total{door="messages",result="refused"}'
    seen = 'gatewayd_http_requests_total{code="202",handler="alerts"}'
    before = [await figure(house, name) for name in (opened, refused, seen)]
    await house.ask("POST", "/api/v1/alerts", ALERT)
    await house.ask("POST", "/api/v1/messages", {"to": "?", "text": "x"})
    after = [await figure(house, name) for name in (opened, refused, seen)]
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, 1]


# --- the store says no


POSTS: dict[str, Callable[[str], Any]] = {
    "/api/v1/alerts": lambda key: {"key": key, "summary": "s"},
    "/api/v1/intake/alertmanager": lambda key: {"alerts": [{"fingerprint": key}]},
    "/v2/enqueue": lambda key: {
        "routing_key": "gw_all", "event_action": "trigger", "dedup_key": key, "payload": {"summary": "s"},
    },
    "/api/v1/messages": lambda key: {"to": ANNA, "text": f"text {key}"},
}  # fmt: skip


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("pragma", ["max_page_count = 1", "query_only = ON"], ids=["full", "read-only"])
async def test_what_cannot_be_kept_is_503_and_comes_in_when_there_is_room(house: Front, path: str, pragma: str) -> None:
    house.store._write.execute(f"PRAGMA {pragma}")
    for number in range(1_000):  # pages that are half full take a little more
        before = house.count("journal")
        status, answer, response = await house.ask("POST", path, POSTS[path](f"a{number}"))
        if status == 503:
            break
        assert house.count("journal") > before
    assert (status, response.headers["Retry-After"]) == (503, "5")
    assert "no room" in str(answer)
    assert house.count("journal") == before
    house.store._write.execute("PRAGMA max_page_count = 1000000")
    house.store._write.execute("PRAGMA query_only = OFF")
    house.store._look_again_at = 0.0
    status, answer, _ = await house.ask("POST", path, POSTS[path](f"a{number}"))
    assert status in (200, 202)
    assert house.count("journal") > before


async def test_a_fault_of_ours_is_a_500_in_json_and_the_next_request_is_served(
    house: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(house.desk, "report", lambda *a, **k: 1 / 0)
        status, answer, _ = await house.ask("POST", "/api/v1/alerts", ALERT)
    assert (status, answer["error"]["code"]) == (500, "internal")
    assert "Zero" not in str(answer)
    assert (await house.ask("POST", "/api/v1/alerts", ALERT))[0] == 202


# --- the end


async def test_what_was_begun_is_finished_when_the_server_stops(house: Front) -> None:
    host, port = house.url.removeprefix("http://").rsplit(":", 1)
    reader, writer = await asyncio.open_connection(host, int(port))
    body = b'{"key":"k","summary":"s"}'
    head = "POST /api/v1/alerts HTTP/1.1\r\nHost: x\r\nX-Api-Key: gw_all\r\nExpect: 100-continue\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode())
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100")
    stopping = asyncio.create_task(house.server.stop(10))
    writer.write(body)
    answer = await reader.read()
    await stopping
    writer.close()
    assert answer.startswith(b"HTTP/1.1 202")
    assert house.count("alert") == 1
    with pytest.raises(OSError, match=r"refused|Connect call failed"):
        await asyncio.open_connection(host, int(port))
