"""The operator's socket, through the client that the command line uses."""

from __future__ import annotations

import errno
import stat
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
        ({"name": "operator", "scopes": ["read"]}, "there is a token 'operator' already"),
        ({"name": "x", "scopes": ["reed"]}, "scopes[0]: must be 'alerts', 'messages', 'ack' or 'read'; did you mean"),
        ({"name": "x", "scopes": []}, "scopes: must not be empty"),
        ({"name": "Ä", "scopes": ["read"]}, "name: must be a name: at most 40 small letters, digits"),
        (
            {"name": "x", "scopes": ["read"], "prefixes": ["+44x"]},
            "prefixes[0]: must be the beginning of a number: digits",
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


async def test_a_reload_tells_what_is_wrong(house: Front) -> None:
    async with Client(socket_of(house)) as client:
        assert await client.post("/api/v1/admin/reload") == {"reloaded": True}
        house.problems[:] = ["line 3: people[0].name: is missing", "line 9: x: y"]
        with pytest.raises(ClientError, match=r"nothing was changed: line 3: people.* line 9"):
            await client.post("/api/v1/admin/reload")


async def test_a_backup_is_a_whole_database(house: Front, tmp_path: Path) -> None:
    async with Client(socket_of(house)) as client:
        target = tmp_path / "copy.db"
        assert await client.post("/api/v1/admin/backup", {"path": str(target)}) == {"path": str(target)}
        assert target.read_bytes().startswith(b"SQLite format 3")
        for path, status in ((str(target), 503), ("copy.db", 400), ("/nowhere/at/all.db", 503)):
            with pytest.raises(ClientError) as refused:
                await client.post("/api/v1/admin/backup", {"path": path})
            assert refused.value.status == status


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
        await server.start(house.doors)
    assert refused.value.errno == errno.EADDRINUSE
    assert path.read_text() == "somebody's notes"


async def test_an_address_in_use_is_named_and_nothing_is_left_listening(house: Front, tmp_path: Path) -> None:
    taken = house.url.removeprefix("http://")
    with pytest.raises(OSError, match=f"cannot listen on {taken}"):
        async with front(tmp_path / "two", listen=("127.0.0.1:0", taken)):
            pass
    assert not (tmp_path / "two" / "s").exists()
