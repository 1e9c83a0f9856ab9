"""The whole daemon and a paging bureau, each a process of its own: from the alert to the pager, and back."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from gatewayd.web.client import Client, ClientError
from tests.cli.house import House

ANNA_PAGER, ANNA_PHONE, BEN_PHONE = "4711", "+447700900111", "+447700900112"
PASSWORD = "opensesa"
ALERT = {"key": "edge2", "service": "network", "severity": "critical", "summary": "edge2 uplink down"}

CONFIG = """\
state_dir = "{home}/state"
[web]
listen = ["127.0.0.1:0"]

[[smpp]]
name = "north"
host = "127.0.0.1"
port = {port}
system_id = "gateway"
password_file = "{home}/north.password"
sender = "60000"
reopen_s_max = 1
{more}

[[people]]
name = "anna"
full_name = "Anna"
devices = [
  {{ kind = "pager", number = "{pager}", name = "pager", channel = "north" }},
  {{ number = "{phone}", name = "mobile", channel = "north" }},
]
[[people]]
name = "ben"
full_name = "Ben"
devices = [{{ number = "{ben}", channel = "north" }}]

[[policies]]
name = "everybody"
steps = [{{ page = ["anna"], wait_s = 300 }}]
fallback = ["ben"]
"""


class Street:
    """What the outside world saw. `control` is its API."""

    def __init__(self, control: Client, addresses: dict[str, Any]) -> None:
        self.control = control
        self.addresses = addresses

    @property
    def port(self) -> int:
        return int(self.addresses["bureaus"]["bureau1"]["smpp"][0].rpartition(":")[2])

    async def shows(self, words: str, *, within_s: float = 20, **whose: str) -> Any:
        """Once that pager or phone shows these words."""
        return await self.control.get("/wait", contains=words, timeout_s=within_s, **whose)

    async def ledger(self, event: str, **which: str) -> list[dict[str, Any]]:
        found = await self.control.get("/ledger", event=event, **which)
        return list(found["entries"])


@contextmanager
def hwsim(home: Path) -> Iterator[dict[str, Any]]:
    """`python -m hwsim` with one bureau, until the end; its addresses."""
    command = [
        "--modems=1", f"--pager={ANNA_PAGER}:Anna", f"--phone={ANNA_PHONE}:Anna", f"--phone={BEN_PHONE}:Ben",
        "--smpp=tcp:0", f"--account=gateway:{PASSWORD}:60000", "--tap=tcp:0", f"--tap=pty:{home}/tapline",
        "--dial=01523530300", "--control=127.0.0.1:0", f"--dir={home}/street",
    ]  # fmt: skip
    with (home / "street.log").open("w") as log:
        street = subprocess.Popen([sys.executable, "-m", "hwsim", *command], stdout=subprocess.PIPE, stderr=log)
    try:
        assert street.stdout is not None
        first = street.stdout.readline()
        assert first, (home / "street.log").read_text()
        yield json.loads(first)
    finally:
        street.terminate()
        street.wait(10)
        if street.stdout is not None:
            street.stdout.close()


@asynccontextmanager
async def world(home: Path, more: str = "") -> AsyncIterator[tuple[House, Client, Street]]:
    password = home / "north.password"
    password.write_text(PASSWORD + "\n")
    password.chmod(0o640)
    with hwsim(home) as addresses:
        async with Client(addresses["control"]) as control:
            street = Street(control, addresses)
            toml = CONFIG.format(
                home=home, port=street.port, pager=ANNA_PAGER, phone=ANNA_PHONE, ben=BEN_PHONE, more=more
            )
            with House(home, toml) as house:
                house.wait_for("north is up")
                async with Client(home / "state" / "gatewayd.sock") as gateway:
                    yield house, gateway, street


async def say(street: Street, number: str, words: str) -> None:
    await street.control.post(f"/phones/{quote(number, safe='')}/send", {"to": "60000", "text": words})


async def test_an_alert_reaches_the_pager_and_an_ok_comes_back(tmp_path: Path) -> None:
    async with world(tmp_path) as (house, gateway, street):
        assert (await gateway.get("/readyz"))["checks"]["north"] == "up"
        await gateway.post("/api/v1/alerts", ALERT)
        await street.shows("edge2 uplink down", pager=ANNA_PAGER)
        house.wait_for("says=delivered")
        message = await gateway.get("/api/v1/messages/1")
        assert (message["state"], message["recipient"], message["device"]) == ("delivered", ANNA_PAGER, "pager")
        assert [r["says"] for r in message["receipts"]] == ["delivered"]
        (page,) = await street.ledger("accepted", bureau="bureau1")
        assert (page["to"], page["text"]) == (ANNA_PAGER, message["text"])

        await say(street, ANNA_PHONE, "ok 10")
        await street.shows("is yours", phone=ANNA_PHONE)
        incident = await gateway.get("/api/v1/incidents/1")
        assert (incident["state"], incident["acknowledged_by"]) == ("acknowledged", "anna")
        assert not await street.ledger("violation")
        assert house.stop() == 0
        told = house.log.read_text()
        assert PASSWORD not in told
        assert ANNA_PHONE not in told


async def test_one_flapping_service_does_not_use_up_a_pagers_hour(tmp_path: Path) -> None:
    """Four pages in an hour: one service gets one of them, one is kept for what is critical; a restart keeps count."""
    async with world(tmp_path, more="per_recipient_per_hour = 4") as (house, _, street):

        async def alert(service: str, severity: str, words: str) -> None:
            told = {"key": words, "service": service, "severity": severity, "summary": words}
            async with Client(tmp_path / "state" / "gatewayd.sock") as client:
                await client.post("/api/v1/alerts", told)

        await alert("disk", "warning", "flap one")
        await street.shows("flap one", pager=ANNA_PAGER)
        await alert("disk", "warning", "flap two")
        await street.shows("flap two", phone=ANNA_PHONE)
        assert house.stop() == 0
        with House(tmp_path, (tmp_path / "gateway.toml").read_text()):
            await alert("disk", "warning", "flap three")
            await street.shows("flap three", phone=BEN_PHONE)
            for number in range(6):
                await alert(f"core{number}", "critical", f"core {number}")
                await street.shows(f"core {number}", pager=ANNA_PAGER)
        paged = [entry["text"] for entry in await street.ledger("accepted", to=ANNA_PAGER)]
        assert sum("flap" in words for words in paged) == 1


async def test_a_pager_that_can_write_takes_an_incident_itself(tmp_path: Path) -> None:
    async with world(tmp_path) as (house, gateway, street):
        two_way = {"number": "7654321", "name": "Ben", "two_way": True}
        await street.control.post("/pagers", two_way)
        pager = '{ kind = "pager", number = "7654321", channel = "north" }'
        toml = house.config.read_text().replace(f'{{ number = "{BEN_PHONE}", channel = "north" }}', pager)
        house.config.write_text(toml.replace('page = ["anna"]', 'page = ["ben"]'))
        assert (await gateway.post("/api/v1/admin/reload"))["reloaded"]
        await gateway.post("/api/v1/alerts", ALERT)
        await street.shows("edge2 uplink down", pager="7654321")
        await street.control.post("/pagers/7654321/reply", {"text": "ok 10"})
        await street.shows("is yours", pager="7654321")
        assert (await gateway.get("/api/v1/incidents/1"))["acknowledged_by"] == "ben"


async def test_a_wrong_password_waits_for_a_person_and_a_reload_mends_it(tmp_path: Path) -> None:
    async with world(tmp_path) as (house, gateway, street):
        secret = tmp_path / "north.password"
        secret.write_text("closed")
        await gateway.post("/api/v1/admin/reload")
        said = house.wait_for("north is needs_human")
        assert "login refused" in said
        assert "closed" not in said
        with pytest.raises(ClientError) as refused:
            await gateway.get("/readyz")
        assert refused.value.status == 503
        await gateway.post("/api/v1/alerts", ALERT)
        secret.write_text(PASSWORD)
        await gateway.post("/api/v1/admin/reload")
        await street.shows("edge2 uplink down", pager=ANNA_PAGER)
        assert len(await street.ledger("accepted")) == 1


async def test_stopped_while_the_bureau_thinks(tmp_path: Path) -> None:
    """What is on the wire may end: after the next start nothing is in doubt."""
    async with world(tmp_path) as (house, gateway, street):
        await street.control.post("/bureaus/bureau1/fault", {"kind": "slow", "seconds": 3, "times": 1})
        await gateway.post("/api/v1/messages", {"to": "person:anna", "text": "come in"})
        await street.shows("come in", pager=ANNA_PAGER)
        assert house.stop() == 0
        with House(tmp_path, house.config.read_text()) as again:
            message = json.loads(again.types("message", "1", "--json").out)
            assert (message["state"], len(message["attempts"])) == ("delivered", 1)
        assert len(await street.ledger("accepted")) == 1


async def test_renamed_while_the_bureau_thinks(tmp_path: Path) -> None:
    """The new name does not wait for the old one, which ends what it has on the wire."""
    async with world(tmp_path) as (house, gateway, street):
        await street.control.post("/bureaus/bureau1/fault", {"kind": "slow", "seconds": 5, "times": 1})
        await gateway.post("/api/v1/messages", {"to": "person:anna", "text": "by the old name"})
        await street.shows("by the old name", pager=ANNA_PAGER)
        house.config.write_text(house.config.read_text().replace('"north"', '"northern"'))
        await gateway.post("/api/v1/admin/reload")
        house.wait_for("northern is up", within_s=4)
        await gateway.post("/api/v1/messages", {"to": "person:anna", "text": "by the new name"})
        await street.shows("by the new name", pager=ANNA_PAGER)
        house.wait_for("attempt_accepted message=1 ")
        assert {entry["text"] for entry in await street.ledger("accepted")} == {"by the old name", "by the new name"}
        attempts = (await gateway.get("/api/v1/messages/1"))["attempts"]
        assert [(attempt["channel"], attempt["state"]) for attempt in attempts] == [("north", "accepted")]


async def test_a_bureau_carries_what_names_it_and_more_only_where_it_is_told_to(tmp_path: Path) -> None:
    async with world(tmp_path) as (house, gateway, street):
        named = house.config.read_text()
        free = named.replace(f'"{BEN_PHONE}", channel = "north"', f'"{BEN_PHONE}"')
        house.config.write_text(f'{free}[[modems]]\nname = "modem1"\nport = "{tmp_path}/no-such-modem"\n')
        await gateway.post("/api/v1/admin/reload")
        metrics = await gateway.get("/metrics")
        assert 'gatewayd_channel_up{channel="north"} 1.0' in metrics
        assert 'gatewayd_channel_up{channel="modem1"} 0.0' in metrics
        assert 'gatewayd_modem_registered{channel="north"}' not in metrics

        await gateway.post("/api/v1/messages", {"to": "person:ben", "text": "by any way"})
        await gateway.post("/api/v1/messages", {"to": BEN_PHONE, "text": "by the bureau", "channel": "north"})
        await street.shows("by the bureau", phone=BEN_PHONE)
        assert (await gateway.get("/api/v1/messages/1"))["state"] == "queued"
        house.config.write_text(house.config.read_text().replace("reopen_s_max", "any_phone = true\nreopen_s_max"))
        await gateway.post("/api/v1/admin/reload")
        await street.shows("by any way", phone=BEN_PHONE)


async def test_what_waits_for_a_pager_whose_bureau_leaves_goes_to_the_next_device(tmp_path: Path) -> None:
    """And never to that id by another channel."""
    async with world(tmp_path) as (house, gateway, street):
        await street.control.post("/bureaus/bureau1/fault", {"kind": "drop", "refuse": True, "back_after_s": 600})
        house.wait_for("north is down")
        await gateway.post("/api/v1/alerts", ALERT)
        modem = f'[[modems]]\nname = "modem1"\nport = "{street.addresses["modems"]["modem1"]["address"]}"\n'
        toml = house.config.read_text()
        people = toml[toml.index("[[people]]") :].replace(', channel = "north"', "").replace('kind = "pager", ', "")
        people = people.replace(f'"{ANNA_PAGER}"', f'"{ANNA_PHONE}"')
        house.config.write_text(toml[: toml.index("[[smpp]]")] + modem + people)
        await gateway.post("/api/v1/admin/reload")
        await street.shows("edge2 uplink down", phone=ANNA_PHONE)
        first = await gateway.get("/api/v1/messages/1")
        assert (first["state"], first["reason"]) == ("withdrawn", "the number is gone")
        assert {entry["to"] for entry in await street.ledger("accepted")} == {ANNA_PHONE}
        metrics = await gateway.get("/metrics")
        assert 'gatewayd_channel_up{channel="north"}' not in metrics


async def test_a_page_by_each_sort_of_tap_line(tmp_path: Path) -> None:
    """A socket, a serial line, and a telephone number that a modem dials. No receipt comes by TAP."""
    async with world(tmp_path) as (house, gateway, street):
        lines = street.addresses["bureaus"]["bureau1"]["tap"]
        ends = {
            "socket": f'end = "{lines["tap1"].replace("tcp:", "tcp://")}"',
            "serial": f'end = "{lines["tap2"]}"\nparity = "8N1"',
            "dialled": f'end = "{street.addresses["dialups"]["dial1"]}"\nparity = "8N1"\ndial = "01523530300"',
        }
        bureaus = "".join(f'[[tap]]\nname = "{name}"\n{keys}\n' for name, keys in ends.items())
        devices = ",".join(f'{{ kind = "pager", number = "{ANNA_PAGER}", channel = "{name}" }}' for name in ends)
        people = f'[[people]]\nname = "cara"\ndevices = [{devices}]\n'
        house.config.write_text(house.config.read_text() + bureaus + people)
        assert house.types("check").out.endswith("good (1 SMPP bureau, 3 TAP bureaus, 3 people, 0 teams, 1 policy)\n")
        await gateway.post("/api/v1/admin/reload")
        for name in ends:
            house.wait_for(f"{name} is up")
        posted = await gateway.post("/api/v1/people/cara/test-page")
        for number in posted["messages"]:
            house.wait_for(f"attempt_accepted message={number} ", within_s=60)
        pages = await street.ledger("accepted", to=ANNA_PAGER)
        assert sorted(page["line"] for page in pages) == ["dial-in", "tap1", "tap2"]
        assert not await street.ledger("violation")
        assert house.stop() == 0
