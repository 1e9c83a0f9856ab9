"""Senders that break HTTP itself: they hear so at once, nothing is kept, and nobody is kept waiting for them."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import re
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from gatewayd.web.client import Client
from tests.web.front import Front, front

ALERT = b'{"key":"k","summary":"s"}'
POST = b"POST /api/v1/alerts HTTP/1.1\r\nHost: x\r\nX-Api-Key: gw_all\r\n"
WHOLE = POST + b"Content-Length: %d\r\n\r\n%b" % (len(ALERT), ALERT)
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
AT_ONCE_S = 5.0  # on a busy machine; the limit for a body in these tests is 30 s


async def connected(house: Front) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = house.url.removeprefix("http://").rsplit(":", 1)
    return await asyncio.open_connection(host, int(port))


async def seen(house: Front, *pieces: bytes, turns: int = 20, ends: bool = False) -> bytes:
    """All that comes back until the connection is closed; the other side has some turns between the pieces."""
    reader, writer = await connected(house)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            for _ in range(turns):
                await asyncio.sleep(0)
        if ends:
            writer.write_eof()
        return await asyncio.wait_for(reader.read(), AT_ONCE_S)
    finally:
        writer.close()


def answers(came: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] ([0-9]{3}) ", came)]


def told(came: bytes) -> str:
    return str(json.loads(came.rpartition(b"\r\n\r\n")[2])["error"]["message"])


# --- bodies that break off


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 4, 20])
@pytest.mark.parametrize(
    "broken",
    [b"zz\r\n", b"5\r\n12345XX\r\n", b"fffffffffffffffffff\r\n", b"-1\r\n"],
    ids=["size", "end", "huge", "minus"],
)
async def test_broken_chunks_are_400_at_once(
    house: Front, caplog: pytest.LogCaptureFixture, broken: bytes, turns: int
) -> None:
    for pieces in ((CHUNKED, broken), (CHUNKED + b"1\r\n{\r\n", broken), (CHUNKED + broken,)):
        came = await seen(house, *pieces, turns=turns)
        assert answers(came) == [400]
        assert told(came).startswith(("the body is damaged: it is not framed", "this is no HTTP that we can read: "))
    assert house.count("alert") == 0
    assert house.server.bodies.in_flight == 0
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 20])
@pytest.mark.parametrize(
    "begun",
    [
        POST + b"Content-Length: 50\r\n\r\n",
        POST + b"Content-Length: 50\r\n\r\n" + ALERT,
        CHUNKED,
        CHUNKED + b"19\r\n" + ALERT,
    ],
    ids=["none", "some", "no chunk", "no last chunk"],
)
async def test_a_body_that_ends_too_early_is_400_at_once(house: Front, begun: bytes, turns: int) -> None:
    came = await seen(house, begun, turns=turns, ends=True)
    assert answers(came) == [400]
    assert told(came) == "the body is damaged: it ends too early"
    assert house.count("alert") == 0
    assert house.server.bodies.in_flight == 0


async def test_a_sender_without_a_token_that_breaks_off_is_not_waited_for(house: Front) -> None:
    head = CHUNKED.replace(b"gw_all", b"nobody") + b"1\r\n{\r\n"
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert answers(await seen(house, head, b"zz\r\n")) == [401]
    assert answers(await seen(house, head, ends=True)) == [401]
    assert loop.time() - began < 1.5, "not even the time in which the rest of a body is thrown away"


# --- senders that say no more, and wait


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 20])
async def test_who_says_no_more_is_answered_and_the_connection_closed(house: Front, turns: int) -> None:
    assert answers(await seen(house, WHOLE, turns=turns, ends=True)) == [202]
    assert answers(await seen(house, GET + b"\r\n", turns=turns, ends=True)) == [200]
    assert house.count("alert") == 1


async def test_who_says_nothing_at_all_is_let_go_at_once(house: Front) -> None:
    assert await seen(house, ends=True) == b""
    assert await seen(house, b"", turns=0, ends=True) == b""
    assert await seen(house, b"GET /healthz HTT", ends=True) == b""


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 20])
async def test_all_that_was_asked_together_is_answered(house: Front, turns: int) -> None:
    assert answers(await seen(house, WHOLE * 3, turns=turns, ends=True)) == [202] * 3
    assert answers(await seen(house, (GET + b"\r\n") * 300, turns=turns, ends=True)) == [200] * 300
    assert answers(await seen(house, WHOLE * 2 + CHUNKED + b"1\r\n{", turns=turns, ends=True)) == [202, 202, 400]


# --- senders that do not read


@pytest.fixture
def deaf() -> Iterator[list[socket.socket]]:
    ears = [socket.socket() for _ in range(16)]
    yield ears
    for one in ears:
        one.close()


async def test_who_does_not_read_the_answers_is_left(tmp_path: Path, deaf: list[socket.socket]) -> None:
    async with front(tmp_path, request_s_max=0.3, connections_max=len(deaf)) as house:
        host, port = house.url.removeprefix("http://").rsplit(":", 1)
        loop = asyncio.get_running_loop()
        for one in deaf:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.setblocking(False)
            await loop.sock_connect(one, (host, int(port)))
            await loop.sock_sendall(one, b"GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 500)
        async with asyncio.timeout(AT_ONCE_S * 8):
            while (came := answers(await seen(house, GET + b"Connection: close\r\n\r\n"))) != [200]:
                assert came in ([503], [])  # until there is room again


async def test_who_is_turned_away_leaves_no_fault_behind(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with front(tmp_path, connections_max=16) as house:
        host, port = house.url.removeprefix("http://").rsplit(":", 1)
        taken = [await asyncio.open_connection(host, int(port)) for _ in range(16)]
        for _ in range(20):
            reader, writer = await asyncio.open_connection(host, int(port))
            assert b" 503 " in await asyncio.wait_for(reader.read(), AT_ONCE_S)
            writer.close()
        for _, writer in taken:
            writer.close()
    gc.collect()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


# --- what is no HTTP


@pytest.mark.parametrize(
    "request_",
    [
        POST + b"Content-Length: 25\r\nTransfer-Encoding: chunked\r\n\r\n19\r\n" + ALERT + b"\r\n0\r\n\r\n",
        POST + b"Content-Length: 25\r\nContent-Length: 26\r\n\r\n" + ALERT,
        POST + b"Content-Length: +25\r\n\r\n" + ALERT,
        POST + b"Content-Length: 99999999999999999999999\r\n\r\n" + ALERT,
        POST + b"Transfer-Encoding: identity\r\n\r\n" + ALERT,
        POST + b"X: a\x00b\r\nContent-Length: 25\r\n\r\n" + ALERT,
        POST + b"X: a\r\n b: c\r\nContent-Length: 25\r\n\r\n" + ALERT,
        POST.replace(b"Host: x\r\n", b"") + b"Content-Length: 25\r\n\r\n" + ALERT,
        POST.replace(b"Host: x", b"Host : x") + b"Content-Length: 25\r\n\r\n" + ALERT,
        POST + b"".join(b"X-%d: y\r\n" % i for i in range(200)) + b"Content-Length: 25\r\n\r\n" + ALERT,
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /\xe4 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
    ids=["length and chunks", "two lengths", "plus", "endless", "identity", "NUL", "folded", "no host", "blank",
         "200 headers", "long path", "raw path", "HTTP/2"],
)  # fmt: skip
async def test_what_two_readers_could_take_for_two_things_is_400(house: Front, request_: bytes) -> None:
    came = await seen(house, request_)
    assert answers(came) == [400]
    assert told(came).startswith("this is no HTTP that we can read: ")
    assert "bytearray" not in told(came)
    assert "\n" not in told(came)
    assert house.count("alert") == 0


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (b"TRACE /api/v1/alerts HTTP/1.1\r\nHost: x\r\nCookie: secret\r\n", 405),
        (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n", 404),
        (b"GET /api/../healthz HTTP/1.1\r\nHost: x\r\n", 404),
        (b"GET //healthz HTTP/1.1\r\nHost: x\r\n", 404),
        (b"GET /api/v1/messages/%00 HTTP/1.1\r\nHost: x\r\nX-Api-Key: gw_all\r\n", 404),
        (b"GET /api/v1/messages/%2e%2e%2f1 HTTP/1.1\r\nHost: x\r\nX-Api-Key: gw_all\r\n", 404),
        (b"HEAD /api/v1/alerts HTTP/1.1\r\nHost: x\r\n", 405),
        (b"HEAD /nothing HTTP/1.1\r\nHost: x\r\n", 404),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n", 200),
    ],
    ids=lambda value: value.split(b" HTTP")[0].decode() if isinstance(value, bytes) else "",
)
async def test_odd_questions_have_plain_answers(house: Front, request_: bytes, expected: int) -> None:
    came = await seen(house, request_ + b"Connection: close\r\n\r\n")
    assert answers(came) == [expected]
    assert b"secret" not in came
    if request_.startswith(b"HEAD"):
        assert came.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("kind", [b"text/plain", b"application/x-www-form-urlencoded", b"\xff", b"a" * 5_000])
async def test_the_content_type_makes_no_difference(house: Front, kind: bytes) -> None:
    assert answers(await seen(house, WHOLE.replace(b"Host", b"Content-Type: " + kind + b"\r\nHost"), ends=True)) == [
        202
    ]


# --- senders that are slow


@pytest.fixture
async def hasty(tmp_path: Path) -> AsyncIterator[Front]:
    async with front(tmp_path / "hasty", keepalive_s=0.3, request_s_max=0.3) as house:
        yield house


@pytest.mark.parametrize(
    "begun", [b"", b"P", POST, GET + b"\r\n" + GET], ids=["silent", "a letter", "headers", "second"]
)
async def test_headers_in_drops_end_with_the_time_for_them(hasty: Front, begun: bytes) -> None:
    reader, writer = await connected(hasty)
    writer.write(begun)

    async def drip() -> None:
        while True:
            writer.write(b"X: y\r\n" if begun.endswith(b"\n") else b"")
            await asyncio.sleep(0.02)

    dripping = asyncio.create_task(drip())
    try:
        came = await asyncio.wait_for(reader.read(), AT_ONCE_S)
    except ConnectionError:
        came = b""  # a drop fell on the closed door
    finally:
        dripping.cancel()
        writer.close()
    assert answers(came) in ([], [200])


async def test_a_body_in_drops_ends_with_the_time_for_it(hasty: Front) -> None:
    reader, writer = await connected(hasty)
    writer.write(POST + b"Content-Length: 5000\r\n\r\n")

    async def drip() -> None:
        while True:
            writer.write(b" ")
            await asyncio.sleep(0.02)

    dripping = asyncio.create_task(drip())
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n"), AT_ONCE_S)
        assert head == b"HTTP/1.1 503 Service Unavailable\r\n"
    finally:
        dripping.cancel()
        writer.close()


async def test_a_token_that_is_revoked_while_its_body_arrives_opens_nothing(house: Front) -> None:
    reader, writer = await connected(house)
    body = b'{"key": "edge2", "summary": "edge2 down"}'
    begun = POST.replace(b"gw_all", b"gw_monitor")
    assert begun != POST
    writer.write(begun + b"Content-Length: %d\r\n\r\n" % len(body) + body[:9])
    await writer.drain()
    async with Client(house.doors.socket or Path()) as operator:
        await operator.delete("/api/v1/admin/tokens/monitor")
    writer.write(body[9:])
    assert await asyncio.wait_for(reader.readuntil(b"\r\n"), AT_ONCE_S) == b"HTTP/1.1 401 Unauthorized\r\n"
    writer.close()
    assert house.count("alert") == 0
