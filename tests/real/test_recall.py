"""A copy of a page that the bureau still keeps is taken back when somebody has taken the incident."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from gatewayd.web.client import Client
from tests.cli.house import House
from tests.real.test_bureaus import ALERT, ANNA_PHONE, BEN_PHONE, PASSWORD, Street, hwsim

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
recalls = true

[[people]]
name = "anna"
devices = [{{ number = "{phone}", channel = "north" }}]
[[people]]
name = "ben"
devices = [{{ number = "{ben}", channel = "north" }}]

[[policies]]
name = "everybody"
steps = [{{ page = ["anna"], wait_s = 300 }}]
fallback = ["ben"]
"""


async def test_a_text_that_nobody_needs_any_more_is_taken_back(tmp_path: Path) -> None:
    password = tmp_path / "north.password"
    password.write_text(PASSWORD)
    password.chmod(0o640)
    phone = quote(ANNA_PHONE, safe="")
    with hwsim(tmp_path) as addresses:
        async with Client(addresses["control"]) as control:
            street = Street(control, addresses)
            toml = CONFIG.format(home=tmp_path, port=street.port, phone=ANNA_PHONE, ben=BEN_PHONE)
            await control.post(f"/phones/{phone}/power", {"on": False})
            with House(tmp_path, toml) as house:
                house.wait_for("north is up")
                async with Client(tmp_path / "state" / "gatewayd.sock") as gateway:
                    await gateway.post("/api/v1/alerts", ALERT)
                    house.wait_for("attempt_accepted")
                    await gateway.post("/api/v1/incidents/1/ack", {"by": "ben"})
                    house.wait_for("smpp_recalled")
                    assert [entry["to"] for entry in await street.ledger("deleted")] == [ANNA_PHONE]
                    await control.post(f"/phones/{phone}/power", {"on": True})
                    await street.shows("taken by Ben", phone=ANNA_PHONE)
                    inbox = (await control.get(f"/phones/{phone}"))["inbox"]
                    assert [t["text"] for t in inbox if "CRITICAL" in t["text"]] == []
                    assert not await street.ledger("violation")
