"""Whatever bytes come in: an answer in JSON, never a 500, and nothing kept behind a 4xx."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gatewayd.web.routes import ROUTES
from tests.chance import examples
from tests.web.threaded import Caller, running

POSTS = [r for r in ROUTES if r.method == "POST" and not r.local]
TEXTS = st.text(st.characters(), max_size=30) | st.sampled_from(["+447700900123", "person:anna", "\ud800", "\x00"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["key", "summary", "severity", "status", "details", "starts_at", "to", "text", "priority", "validity_s", "channel",
     "alerts", "groupKey", "routing_key", "event_action", "dedup_key", "payload", "by", "note", "sent", "report"]
)  # fmt: skip
BODIES = st.one_of(
    st.binary(max_size=100),
    VALUES.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(NAMES | TEXTS, VALUES, max_size=6).map(lambda value: json.dumps(value).encode()),
    st.lists(st.dictionaries(NAMES, VALUES, max_size=4), max_size=3).map(lambda value: json.dumps(value).encode()),
)


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    with running(tmp_path_factory.mktemp("hostile")) as house:
        one = Caller(house.url)
        yield one
        one.close()


@examples(400)
@given(route=st.sampled_from(POSTS), body=BODIES, number=st.sampled_from(["1", "2", "999", "x"]))
@example(route=POSTS[0], body=b"[" * 50_000, number="1")
@example(
    route=POSTS[1], body=b'{"alerts":[{"labels":{"a":"\\ud800","b":' + b"[" * 700 + b"]" * 700 + b"}}]}", number="1"
)
@example(
    route=POSTS[2], body=b'{"routing_key":"\\udcff","event_action":"trigger","payload":{"summary":"x"}}', number="1"
)
@example(route=POSTS[3], body=b'{"to":"+447700900123","text":"\\u0000"}', number="1")
@example(route=POSTS[3], body=b'{"to":"+447700900123","text":"x","validity_s":1e300}', number="1")
def test_any_body_at_any_door(caller: Caller, route: Any, body: bytes, number: str) -> None:
    path = route.path.replace("{id}", number).replace("{name}", "anna")
    status, answer = caller.ask("POST", path, body)
    assert status in (200, 202, 400, 403, 404, 409), answer
    content = json.loads(answer)
    if status >= 400 and route.name == "pagerduty":
        assert content["errors"]
    elif status >= 400:
        assert content["error"]["message"]
        assert all(set(fault) == {"field", "message"} for fault in content["error"]["fields"])


@examples(200)
@given(
    path=st.sampled_from([r.path for r in ROUTES]) | st.text(st.characters(min_codepoint=33, max_codepoint=126)),
    argument=st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="?#"), max_size=20),
    query=st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="#"), max_size=30),
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "FOO", "TRACE"]),
)
@example(path="/api/v1/people/{name}/test-page", argument="%ff%00", query="", method="POST")
@example(path="/api/v1/messages", argument="", query="before=99999999999999999999", method="GET")
@example(path="/api/v1/messages", argument="", query="limit=1_0&state=%ed%a0%80", method="GET")
def test_any_path_and_query(caller: Caller, path: str, argument: str, query: str, method: str) -> None:
    path = "/" + path.replace("{id}", argument).replace("{name}", argument).lstrip("/")
    status, answer = caller.ask(method, f"{path}?{query}" if query else path, b"")
    assert status in (200, 202, 204, 400, 404, 405, 409), answer


@examples(100)
@given(
    name=st.sampled_from(["Authorization", "X-Api-Key", "Idempotency-Key", "Content-Type", "Expect"]),
    value=st.binary(max_size=40).map(lambda b: b.replace(b"\r", b"").replace(b"\n", b"").decode("latin-1")),
)
def test_any_header(caller: Caller, name: str, value: str) -> None:
    body = b'{"to":"+447700900123","text":"x"}'
    status, answer = caller.ask("POST", "/api/v1/messages", body, **{name: value})
    assert status in (202, 400, 401, 409), answer
