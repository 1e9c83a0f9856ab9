"""The operator's socket, through the client that the command line uses."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from gatewayd.web import server
from gatewayd.web.client import Client, ClientError
from tests.web.front import ANNA, Front, front


def socket_of(house: Front) -> Path:
    assert house.doors.socket is not None
    return house.doors.socket


async def test_only_owner_and_group_may_open_it(house: Front) -> None:
    assert stat.S_IMODE(socket_of(house).stat().st_mode) == 0o660


async def test_the_operator_needs_no_token_and_may_everything(house: Front) -> None:
    async with Client(socket_of(house)) as client:
        assert (await client.get("/readyz"))["ready"]
        taken = await client.post("/api/v1/messages", {"to": ANNA, "text": "x"})
        message = await client.get(f"/api/v1/messages/{taken['messages'][0]['id']}")
        assert (message["recipient"], message["origin"]) == (ANNA, "operator")
        assert len((await client.post("/api/v1/people/anna/test-page"))["messages"]) == 2
        assert await client.get("/api/v1/messages", state=None, limit=1) != {"messages": []}
        assert "gatewayd_build_info" in await client.get("/metrics")


async def test_a_token_works_at_once_and_until_it_is_revoked(house: Front) -> None:
    async with Client(socket_of(house)) as client:
        asked = {"name": "grafana", "scopes": ["alerts", "read", "read"], "prefixes": []}
        made = await client.post("/api/v1/admin/tokens", asked)
        assert made["secret"].startswith("gw_")
        assert made["scopes"] == ["alerts", "read"]
        assert (await house.ask("POST", "/api/v1/alerts", {"key": "k", "summary": "s"}, token=made["secret"]))[0] == 202
        listed = {token["name"]: token for token in (await client.get("/api/v1/admin/tokens"))["tokens"]}
        assert listed["grafana"]["scopes"] == ["alerts", "read"]
        assert "secret" not in listed["grafana"]
        assert await client.delete("/api/v1/admin/tokens/grafana") == {"revoked": "grafana"}
        assert (await house.ask("GET", "/api/v1/inbox", token=made["secret"]))[0] == 401
        again = await client.post("/api/v1/admin/tokens", asked)  # the name is free, the secret another
        assert again["secret"] != made["secret"]


async def test_the_secret_is_nowhere_on_disk(house: Front) -> None:
    async with Client(socket_of(house)) as client:
        made = await client.post("/api/v1/admin/tokens", {"name": "x", "scopes": ["read"]})
    on_disk = b"".join(file.read_bytes() for file in house.store.path.parent.iterdir())
    assert b"token_added" in on_disk
    assert made["secret"].encode() not in on_disk


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"name": "all", "scopes": ["read"]}, "there is a token 'all' already"),
        ({"name": "operator", "scopes": ["read"]}, "'operator' is what the house calls itself; choose another name"),
        ({"name": "monitor", "scopes": ["alerts", "ack"]}, "'monitor' is what the house calls itself; choose another"),
        (
            {"name": "x", "scopes": ["reed"]},
            "scopes[0]: must be 'alerts', 'messages', 'ack', 'duty' or 'read'; did you mean",
        ),
        ({"name": "x", "scopes": []}, "scopes: must not be empty"),
        ({"name": "Ä", "scopes": ["read"]}, "name: must be a name: at most 40 small letters, digits"),
        (
            {"name": "x", "scopes": ["messages"], "prefixes": ["+44x"]},
            "prefixes[0]: must be the beginning of a number: digits",
        ),
        (
            {"name": "x", "scopes": ["messages"], "prefixes": ["+44", "+440770"]},
            "prefixes[1]: after '+44' the '0' of national numbers is left out",
        ),
        (
            {"name": "x", "scopes": ["alerts", "read"], "prefixes": ["+44"]},
            "prefixes: they limit whom texts go to, and only the scope 'messages' sends texts",
        ),
        ({"name": "x", "scope": ["read"]}, "scopes: is missing"),
    ],
)
async def test_a_token_that_cannot_be(house: Front, body: object, message: str) -> None:
    async with Client(socket_of(house)) as client:
        with pytest.raises(ClientError) as refused:
            await client.post("/api/v1/admin/tokens", body)
    assert refused.value.status in (400, 409)
    assert refused.value.message.startswith(message)


async def test_a_prefix_is_kept_as_numbers_are_so_that_it_limits_what_it_says(house: Front) -> None:
    async with Client(socket_of(house)) as client:
        asked = ["07700", "+447700", "4711", "60777", "0055"]
        uk = {"name": "uk", "scopes": ["messages", "alerts"], "prefixes": asked}
        made = await client.post("/api/v1/admin/tokens", uk)
        assert made["prefixes"] == ["+447700", "4711", "60777", "0055"], "one is a group's, and no number of Brazil"
    for to, status in (
        (ANNA, 202),
        ("person:cara", 202),  # a pager
        ("short:60777", 202),
        ("short:60888", 403),
        ("+447800900001", 403),
    ):
        sent = await house.ask("POST", "/api/v1/messages", {"to": to, "text": "x"}, token=made["secret"])
        assert (to, sent[0]) == (to, status)


async def test_a_reload_tells_what_is_wrong(house: Front) -> None:
    async with Client(socket_of(house)) as client:
        assert await client.post("/api/v1/admin/reload") == {"reloaded": True, "file": str(house.doors.file)}
        house.problems[:] = ["line 3: people[0].name: is missing", "line 9: x: y"]
        with pytest.raises(ClientError, match=r"nothing was changed: line 3: people.* line 9"):
            await client.post("/api/v1/admin/reload")


def counted(database: Path, table: str) -> int:
    with closing(sqlite3.connect(database)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(copy.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])


async def test_a_backup_is_a_whole_database_that_only_its_owner_reads(house: Front, tmp_path: Path) -> None:
    for number in range(30):
        await house.ask("POST", "/api/v1/alerts", {"key": str(number), "summary": "s"})
    async with Client(socket_of(house)) as client:
        target = tmp_path / "copy.db"
        assert await client.post("/api/v1/admin/backup", {"path": str(target)}) == {"path": str(target)}
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert counted(target, "incident") == 30
    assert counted(target, "journal") == house.count("journal")


async def test_a_backup_is_refused_in_plain_words_and_touches_nothing(house: Front, tmp_path: Path) -> None:
    there, folder, link = (tmp_path / name for name in ("there.db", "folder", "link"))
    there.write_text("the backup of yesterday")
    folder.mkdir()
    link.symlink_to(tmp_path / "nothing")
    live = house.store.path
    before = sorted(os.walk(tmp_path))
    async with Client(socket_of(house)) as client:
        for path, status, told in (
            (str(there), 409, f"there is a file {there} already; name a new one"),
            (str(live), 409, f"there is a file {live} already; name a new one"),
            (str(link), 409, f"there is a file {link} already; name a new one"),
            (str(folder), 409, f"{folder} is a folder; name a new file in it"),
            (str(tmp_path / "nowhere" / "copy.db"), 400, f"there is no folder {tmp_path / 'nowhere'}"),
            (str(there / "copy.db"), 400, f"{there} is no folder"),
            ("/proc/copy.db", 400, "there is no folder /proc"),
            (str(tmp_path / ("x" * 300)), 400, f"{tmp_path / ('x' * 300)} cannot be made: File name too long"),
        ):
            with pytest.raises(ClientError) as refused:
                await client.post("/api/v1/admin/backup", {"path": path})
            assert (refused.value.status, refused.value.message) == (status, f"no backup was made: {told}")
        for path in ("copy.db", "", "/a\0b"):
            with pytest.raises(ClientError, match="path: must") as refused:
                await client.post("/api/v1/admin/backup", {"path": path})
            assert refused.value.status == 400
    assert there.read_text() == "the backup of yesterday"
    assert sorted(os.walk(tmp_path)) == before
    assert house.count("incident") == 0, "the store lives on"


async def test_a_backup_where_the_daemon_may_not_write(house: Front) -> None:
    """Nobody may, in /sys; not even root."""
    async with Client(socket_of(house)) as client:
        with pytest.raises(ClientError, match=r"^no backup was made: the daemon (may not|cannot) write in /sys"):
            await client.post("/api/v1/admin/backup", {"path": "/sys/copy.db"})


async def test_a_backup_that_fails_half_way_leaves_nothing_behind(house: Front, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    async with Client(socket_of(house)) as client:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, hard))  # the disk is full
        try:
            with pytest.raises(ClientError, match=r"^no backup was made: ") as refused:
                await client.post("/api/v1/admin/backup", {"path": str(target)})
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert refused.value.status == 503
    assert not target.exists()


async def test_the_client_says_when_nobody_is_there(tmp_path: Path) -> None:
    async with Client(tmp_path / "nobody") as client:
        with pytest.raises(ClientError, match="no gatewayd answers at") as refused:
            await client.get("/readyz")
    assert refused.value.status == 0


async def test_the_client_tells_what_is_not_ready(house: Front) -> None:
    house.ready["channels"] = "down"
    async with Client(socket_of(house)) as client:
        with pytest.raises(ClientError, match="not ready: store: writable; channels: down"):
            await client.get("/readyz")


# --- starting


async def test_a_socket_left_behind_is_replaced_and_other_files_are_not(house: Front, tmp_path: Path) -> None:
    path = socket_of(house)
    await house.server.stop(1)
    assert not path.exists()
    path.write_text("somebody's notes")
    with pytest.raises(OSError, match="cannot listen on") as refused:
        await server.Server(house.doors).listen()
    assert refused.value.errno == errno.EADDRINUSE
    assert path.read_text() == "somebody's notes"


async def test_an_address_in_use_is_named_and_nothing_is_left_listening(house: Front, tmp_path: Path) -> None:
    taken = house.url.removeprefix("http://")
    with pytest.raises(OSError, match=f"cannot listen on {taken}"):
        async with front(tmp_path / "two", listen=("127.0.0.1:0", taken)):
            pass
    assert not (tmp_path / "two" / "s").exists()


async def test_the_socket_of_another_daemon_that_lives_stays_its_own(house: Front) -> None:
    with pytest.raises(OSError, match=f"cannot listen on {socket_of(house)}: Address already in use"):
        await server.Server(house.doors).listen()
    async with Client(socket_of(house)) as client:
        assert (await client.get("/readyz"))["ready"]


async def test_who_comes_before_we_are_ready_is_answered_when_we_are(house: Front) -> None:
    await house.server.stop(1)
    starting = server.Server(house.doors)
    await starting.listen()
    async with Client(socket_of(house)) as operator, Client(starting.urls[0]) as monitor:
        asked = [asyncio.ensure_future(one.get("/readyz")) for one in (operator, monitor)]
        done, _ = await asyncio.wait(asked, timeout=0.2)
        assert not done
        await starting.serve()
        assert [one["ready"] for one in await asyncio.gather(*asked)] == [True, True]
    await starting.stop(1)
