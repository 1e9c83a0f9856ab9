"""Two things at once at the desk: nobody is paged twice for one, nothing is lost, and nobody is without."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from gatewayd.web.client import Client, ClientError
from tests.tale import PHONES, Tale, person, policy, tell, weekly

POLICY = policy("rota:noc 300", "backup:noc 300")
ROTA = weekly("anna", "ben", "cara", start="2026-11-16")  # Anna's week; Ben's begins on Monday the 23rd at 09:00


async def states(t: Tale) -> dict[str, int]:
    found = (await t.get("/api/v1/incidents", limit=500))["incidents"]
    return {state: sum(i["state"] == state for i in found) for state in sorted({i["state"] for i in found})}


def test_a_storm_over_the_hand_over_is_all_the_new_ones(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.wait_until("2026-11-23 08:59:58")
        for n in range(40):
            await t.fault(f"host {n} down", service=f"s{n % 8}")
            await t.pass_time(0.1)
        await t.wait_until("2026-11-23 09:02")
        assert t.heard("ben", "You are on call")
        assert len(t.heard("ben")) <= 14, t.heard("ben")
        t.says("ben", "ok all")
        await t.minutes(2)
        assert await states(t) == {"acknowledged": 40}
        await t.minutes(20)
        assert [words.startswith("18 taken by Ben: ") for words in t.heard("anna", "taken by")] == [False] * 3 + [True]
        assert len(t.heard("anna")) == 14
        assert t.silent("cara", "dan")

    tell(tmp_path, story, POLICY, ROTA, at="2026-11-23 08:59:30")


def test_an_override_in_the_middle_of_a_step_pages_the_new_one_once(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down")
        await t.minutes(1)
        made = await t.change(kind="override", since="now", rota="noc", person="cara", until="+2h")
        await t.hears("cara", "10 CRITICAL", 20)
        async with Client(t.daemon.config.socket) as client:
            await client.delete(f"/api/v1/changes/{made['id']}")
        await t.minutes(1)
        await t.change(kind="override", since="now", rota="noc", person="cara", until="+2h")
        await t.minutes(1)
        assert len(t.heard("cara", "10 CRITICAL")) == len(t.heard("anna", "10 CRITICAL")) == 1
        t.says("anna", "ok")
        await t.hears("anna", "10 is yours")
        await t.minutes(20)
        assert t.silent("ben", "dan")

    tell(tmp_path, story, POLICY, ROTA)


@pytest.mark.parametrize("first", ["text", "http"])
def test_an_ok_by_text_and_one_over_http_at_once_have_one_owner(tmp_path: Path, first: str) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down")
        await t.hears("anna", "edge2 down")
        await t.minutes(0.3)
        if first == "text":
            t.says("anna", "ok")
            await t.pass_time(0.05)
        with suppress(ClientError):  # it is with Anna already
            await t.post("/api/v1/incidents/1/ack", {"by": "ben"})
        if first == "http":
            t.says("anna", "ok")
        await t.minutes(2)
        owner, (_, told) = (await t.incident())["acknowledged_by"], t.heard("anna")
        assert ("is yours" in told) == (owner == "anna")
        assert t.silent("ben", "cara", "dan")

    tell(tmp_path, story, POLICY, ROTA)


def test_who_leaves_the_file_while_paged_is_followed_and_their_ok_counts_no_more(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.fault("edge2 down")
        await t.hears("anna", "edge2 down")
        t.toml = t.toml.replace(person("anna"), "").replace('"anna", ', "")
        t.path.write_text(t.toml)
        assert (await t.post("/api/v1/admin/reload"))["reloaded"]
        await t.minutes(1)
        assert await t.on_call() != "anna"
        heir = await t.on_call()
        assert t.heard(heir, "10 CRITICAL"), "the duty is theirs now"
        t.says("anna", "ok")
        await t.minutes(1)
        assert (await t.incident())["state"] == "open"
        t.says(heir, "ok")
        await t.hears(heir, "10 is yours")
        assert not t.heard("anna", "taken by"), "it is nobody's number any more"

    tell(tmp_path, story, POLICY, ROTA)


def test_another_gateway_that_answers_everything_is_left_alone_soon(tmp_path: Path) -> None:
    """Its answers differ each time, and sound like ours."""

    async def story(t: Tale) -> None:
        said = iter(range(10_000))
        seen = 0
        await t.fault("edge2 down")
        await t.hears("anna", "edge2 down")
        for _ in range(250):
            await t.pass_time(4)
            now = len(t.heard("anna"))
            for _ in range(now - seen):
                t.says("anna", f"Gateway 2, no. {next(said)}: not understood. Reply ? for the list, or ok CODE")
            seen = now
        assert next(said) < 10
        assert (await t.incident())["state"] == "open"

    tell(tmp_path, story, policy("anna 4000", more="repeat = 0"))


def test_a_reload_between_the_devices_of_a_digest(tmp_path: Path) -> None:
    async def story(t: Tale) -> None:
        await t.fault("disk 80 % full", severity="warning")
        await t.fault("fan is slow", severity="warning")
        await t.wait_until("2026-11-23 08:30")
        t.off("anna")
        await t.minutes(0.5)
        t.toml = t.toml.replace("08:30", "08:40").replace(PHONES["anna"], PHONES["cara"], 1)
        t.path.write_text(t.toml)
        assert (await t.post("/api/v1/admin/reload"))["reloaded"]
        await t.hears("cara", "2 open: ", 200)
        await t.minutes(30)
        assert len(t.heard("cara")) == 1
        assert t.silent("ben", "dan")

    rule = '[[rules]]\nname = "m"\nseverities = ["warning"]\nzone = "Europe/London"\ndigest = "08:30"\n'
    people = person("anna") + person("ben") + person("dan")
    tell(tmp_path, story, policy("anna 300"), rule, people=people, at="2026-11-23 08:26")
