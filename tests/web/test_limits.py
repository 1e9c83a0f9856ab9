"""Everything has a limit, and says so."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import time
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.front import Front, front

ALERT = b'{"key":"k","summary":"s"}'
POST = "POST /api/v1/alerts HTTP/1.1\r\nHost: x\r\nX-Api-Key: gw_all\r\n"


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Front]:
    async with front(
        tmp_path / "small", body_bytes_max=65_536, bytes_in_flight_max=65_536, connections_max=16, request_s_max=0.3
    ) as house:
        yield house


async def connected(house: Front) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = house.url.removeprefix("http://").rsplit(":", 1)
    return await asyncio.open_connection(host, int(port))


async def told(reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
    """(status, head, body) of the next answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    return int(head.split(b" ")[1]), head, await reader.readexactly(length)


# --- size


async def test_a_body_of_eight_mib_is_taken(house: Front) -> None:
    filler = "x" * 1_000_000
    body = json.dumps({"alerts": [{"labels": {str(i): filler for i in range(8)}}]}).encode()
    assert 8_000_000 < len(body) < 8 << 20
    status, answer, _ = await house.ask("POST", "/api/v1/intake/alertmanager", body)
    assert (status, answer["accepted"]) == (200, 1)


async def test_a_body_that_is_too_large_is_413_naming_the_limit(house: Front, small: Front) -> None:
    for where, size, limit in ((house, (8 << 20) + 1, "8 MiB"), (small, 65_537, "64 KiB")):
        status, answer, _ = await where.ask("POST", "/api/v1/alerts", b" " * size)
        assert (status, answer["error"]["code"]) == (413, "too_large")
        assert answer["error"]["message"] == f"the body is larger than {limit}"
    assert small.count("alert") == 0


async def test_chunks_are_counted_too(small: Front) -> None:
    async def chunks(number: int) -> AsyncIterator[bytes]:
        for _ in range(number):
            yield b" " * 16_000
        yield ALERT

    url = small.url + "/api/v1/alerts"
    for number, expected in ((3, 202), (40, 413)):
        async with small.session.post(url, data=chunks(number), headers={"X-Api-Key": "gw_all"}) as answer:
            assert answer.status == expected


async def test_a_small_parcel_that_unpacks_to_a_large_one_is_refused(small: Front) -> None:
    for size, expected in ((60_000, 202), (50 << 20, 413)):
        parcel = gzip.compress(b" " * size + ALERT)
        assert len(parcel) < 60_000
        status, _, _ = await small.ask("POST", "/api/v1/alerts", parcel, Content_Encoding="gzip")
        assert status == expected


SOUND = gzip.compress(ALERT, mtime=0)  # without a date: two runners must name these cases alike


@pytest.mark.parametrize(
    ("parcel", "encoding"),
    [
        (b"no gzip at all", "gzip"),
        (SOUND[:-6], "gzip"),
        (SOUND + b"x", "gzip"),
        (SOUND + SOUND, "gzip"),
        (zlib.compress(ALERT)[:-2], "deflate"),
        (b"\xff" * 20, "deflate"),
        (ALERT, "br"),
        (gzip.compress(SOUND, mtime=0), "gzip, gzip"),
    ],
)
async def test_a_damaged_parcel_is_400(
    small: Front, caplog: pytest.LogCaptureFixture, parcel: bytes, encoding: str
) -> None:
    status, answer, _ = await small.ask("POST", "/api/v1/alerts", parcel, Content_Encoding=encoding)
    assert (status, answer["error"]["code"]) == (400, "invalid")
    assert encoding in answer["error"]["message"]
    assert small.count("alert") == 0
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_sound_parcel_is_taken(small: Front) -> None:
    bare = zlib.compressobj(wbits=-15)
    for parcel, encoding in (
        (SOUND, "gzip"),
        (SOUND, "X-GZIP"),
        (zlib.compress(ALERT), "deflate"),
        (bare.compress(ALERT) + bare.flush(), "deflate"),
        (ALERT, "identity"),
    ):
        status, _, _ = await small.ask("POST", "/api/v1/alerts", parcel, Content_Encoding=encoding)
        assert status == 202


async def test_a_parcel_in_drops_is_taken(small: Front) -> None:
    reader, writer = await connected(small)
    writer.write(f"{POST}Content-Encoding: gzip\r\nContent-Length: {len(SOUND)}\r\n\r\n".encode())
    for drop in SOUND:
        writer.write(bytes((drop,)))
        await writer.drain()
        await asyncio.sleep(0)
    assert (await told(reader))[0] == 202
    writer.close()


async def test_damaged_chunks_are_no_fault_of_ours(small: Front, caplog: pytest.LogCaptureFixture) -> None:
    reader, writer = await connected(small)
    head = "POST /api/v1/alerts HTTP/1.1\r\nHost: x\r\nX-Api-Key: nobody\r\nTransfer-Encoding: chunked\r\n\r\n"
    writer.write(f"{head}1\r\n{{\r\n".encode())
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.write(b"zz\r\n")
    assert (await told(reader))[0] == 401
    await asyncio.wait_for(reader.read(), 5)
    writer.close()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_bombs_do_not_stop_the_house(house: Front) -> None:
    packer = zlib.compressobj(wbits=31)
    nothing = b"\0" * (1 << 20)
    bomb = b"".join(packer.compress(nothing) for _ in range(640)) + packer.flush()
    for token, expected in (("nobody", {401}), ("reader", {403}), ("all", {413, 503})):  # 503: no room for ten
        asked = [
            asyncio.create_task(house.ask("POST", "/api/v1/alerts", bomb, token=token, Content_Encoding="gzip"))
            for _ in range(10)
        ]
        slowest = 0.0
        while not all(task.done() for task in asked):
            begin = time.monotonic()
            assert (await house.ask("GET", "/healthz"))[0] == 200
            slowest = max(slowest, time.monotonic() - begin)
        assert slowest < 1
        assert {(await task)[0] for task in asked} <= expected
    assert house.server.bodies.in_flight == 0


async def test_headers_have_a_limit(small: Front) -> None:
    status, answer, _ = await small.ask("GET", "/healthz", X_Long="x" * 20_000)
    assert (status, answer["error"]["code"]) == (400, "invalid")


# --- all bodies together


async def test_too_many_bytes_in_flight_is_503_and_the_connection_goes_on(small: Front) -> None:
    slow_reader, slow = await connected(small)
    slow.write(f"{POST}Content-Length: 60000\r\nExpect: 100-continue\r\n\r\n".encode())
    assert (await slow_reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100")  # its 60 000 bytes are set apart
    reader, writer = await connected(small)
    body = ALERT + b" " * 10_000
    writer.write(f"{POST}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    status, head, answer = await told(reader)
    assert (status, json.loads(answer)["error"]["code"]) == (503, "overloaded")
    assert b"Retry-After: 5" in head
    writer.write(f"{POST}Content-Length: {len(ALERT)}\r\n\r\n".encode() + ALERT)
    assert (await told(reader))[0] == 202
    slow.write(ALERT + b" " * (60_000 - len(ALERT)))
    assert (await told(slow_reader))[0] == 202
    writer.write(f"{POST}Content-Length: {len(body)}\r\n\r\n".encode() + body)  # there is room again
    assert (await told(reader))[0] == 202
    for one in (slow, writer):
        one.close()


async def test_who_has_no_token_cannot_shut_out_those_who_have_one(tmp_path: Path) -> None:
    async with front(tmp_path, body_bytes_max=65_536, bytes_in_flight_max=262_144) as house:
        strange = "POST /v2/enqueue HTTP/1.1\r\nHost: x\r\n"
        strangers = [await connected(house) for _ in range(10)]
        for _, writer in strangers:
            writer.write(f"{strange}Content-Length: 32768\r\nExpect: 100-continue\r\n\r\n".encode())
        heads = [await reader.readuntil(b"\r\n") for reader, _ in strangers]
        assert sum(head.startswith(b"HTTP/1.1 100") for head in heads) == 2, "a quarter of the room"
        assert sum(head.startswith(b"HTTP/1.1 503") for head in heads) == 8
        assert (await house.ask("POST", "/api/v1/alerts", ALERT + b" " * 60_000))[0] == 202
        for _, writer in strangers:
            writer.close()
        await let_go(house)


async def let_go(house: Front) -> None:
    for _ in range(1_000):
        if house.server.bodies.in_flight == 0:
            break
        await house.ask("GET", "/healthz")
    assert house.server.bodies.in_flight == 0


async def test_every_way_out_gives_the_room_back(small: Front) -> None:
    await small.ask("POST", "/api/v1/alerts", ALERT)
    await small.ask("POST", "/api/v1/alerts", b"{" + b" " * 50_000)
    await small.ask("POST", "/api/v1/alerts", gzip.compress(b" " * 1_000_000), Content_Encoding="gzip")
    _, writer = await connected(small)
    writer.write(f"{POST}Content-Length: 50000\r\n\r\n{{".encode())
    await writer.drain()
    writer.close()
    await small.ask("GET", "/healthz")
    await let_go(small)


# --- time and number


async def test_a_body_that_does_not_come_is_503_and_the_connection_is_closed(small: Front) -> None:
    reader, writer = await connected(small)
    writer.write(f"{POST}Content-Length: 100\r\n\r\n{{".encode())
    status, head, answer = await told(reader)
    assert (status, json.loads(answer)["error"]["code"]) == (503, "timeout")
    assert b"connection: close" in head.lower()
    writer.close()


async def test_headers_that_do_not_come_end_the_connection(tmp_path: Path) -> None:
    async with front(tmp_path, keepalive_s=0.2) as house:
        reader, writer = await connected(house)
        writer.write(b"POST /api/v1/alerts HTTP/1.1\r\nHost:")
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()


async def test_one_connection_too_many_hears_503(small: Front) -> None:
    kept = [await connected(small) for _ in range(16)]
    for reader, writer in kept:
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await told(reader))[0] == 200
    reader, writer = await connected(small)
    status, head, answer = await told(reader)
    assert (status, json.loads(answer)["error"]["code"]) == (503, "overloaded")
    assert b"Retry-After" in head
    for one in (writer, *(writer for _, writer in kept)):
        one.close()


async def test_what_is_no_http_is_400_in_json(house: Front) -> None:
    for garbage in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n", b"POST / HTTP/9.9\r\n\r\n"):
        reader, writer = await connected(house)
        writer.write(garbage + b"\r\n\r\n")
        status, _, answer = await told(reader)
        assert (status, json.loads(answer)["error"]["code"]) == (400, "invalid")
        writer.close()
