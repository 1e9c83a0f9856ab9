"""Our SMPP channel at bureaus that are not ours: node-smpp, and the test driver of Kannel's authors."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from gatewayd.delivery.outcome import Accepted, Uncertain
from tests.peers.bureaus import PASSWORD, SHORT, NodeBureau, certificate, ours
from tests.peers.street import House, Program, Run, call, free_port, program, wait_for

pytestmark = pytest.mark.peer


async def test_node_smpp_takes_a_page_and_tells_what_became_of_it(run: Run) -> None:
    # It says ASCII (1) of what it writes; its ASCII is GSM's, so what only GSM has is said to be that (0).
    replies = [{"short_message": "ok 42"}, {"short_message": "ok {€}", "data_coding": 0}, {"short_message": "да 42"}]
    bureau = NodeBureau(run, replies=replies)
    async with ours(bureau.port, sender="GATEWAY") as gateway:
        outcome = await gateway.send("PROD 42 disk full on db2 [x] €")
        assert isinstance(outcome, Accepted)
        assert outcome.reference is not None
        await gateway.hears(lambda: gateway.house.receipts and len(gateway.house.texts) == 3)
        (receipt,) = gateway.house.receipts
        assert receipt.reference == outcome.reference or set(receipt.references) & set(outcome.aliases)
        assert receipt.kind == "delivered"
        assert [reply.text for reply in gateway.house.texts] == ["ok 42", "ok {€}", "да 42"]
        assert {reply.sender for reply in gateway.house.texts} == {"+447700900201"}
        await gateway.hears(lambda: len(bureau.heard("reply answered")) == 3)
    assert [told["command_status"] for told in bureau.heard("receipt answered")] == [0]
    (bind,), (page,) = bureau.heard("bind_transceiver"), bureau.heard("submit_sm")
    assert (bind["system_id"], bind["password"], bind["interface_version"]) == ("gateway", PASSWORD, 0x34)
    assert page["text"] == "PROD 42 disk full on db2 [x] €"
    assert (page["dest_addr_ton"], page["dest_addr_npi"], page["destination_addr"]) == (1, 1, "447700900201")
    assert (page["source_addr_ton"], page["source_addr_npi"], page["source_addr"]) == (5, 0, "GATEWAY")
    assert (page["esm_class"], page["data_coding"], page["udh"], page["registered_delivery"]) == (0, 0, [], 1)
    ends = datetime.fromisoformat(page["validity_period"]) - datetime.now(UTC)
    assert timedelta(minutes=14) < ends < timedelta(minutes=16)
    wait_for(lambda: bureau.heard("unbind") and bureau.heard("closed"), "we leave in order")
    assert bureau.heard("error") == []


@pytest.mark.parametrize(("long", "header"), [("udh8", "00034d"), ("udh16", "0804004d"), ("sar", ""), ("payload", "")])
@pytest.mark.parametrize(
    ("text", "coding"),
    [("disk full on db2 [sda€] " * 15, 0), ("диск полон на db2 😀 " * 12, 8)],
    ids=["gsm7", "ucs2"],
)
async def test_node_smpp_reads_long_texts(run: Run, long: str, header: str, text: str, coding: int) -> None:
    bureau = NodeBureau(run)
    async with ours(bureau.port, long=long) as gateway:
        outcomes = await gateway.send_all(text)
        assert {type(outcome) for outcome in outcomes} == {Accepted}
        await gateway.hears(lambda: len(gateway.house.receipts) == len(outcomes))
    parts = bureau.heard("submit_sm")
    assert {part["data_coding"] for part in parts} == {coding}
    numbers = list(range(1, len(parts) + 1))
    if long == "payload":
        assert [part["message_payload"]["message"] for part in parts] == [text]
        return
    assert len(parts) > 1
    assert "".join(part["text"] for part in parts) == text
    if long == "sar":
        assert [part["sar_segment_seqnum"] for part in parts] == numbers
        assert {part["sar_total_segments"] for part in parts} == {len(parts)}
        assert {part["sar_msg_ref_num"] for part in parts} == {77}
        assert {part["esm_class"] for part in parts} == {0}
        return
    assert [part["udh"] for part in parts] == [[f"{header}{len(parts):02x}{number:02x}"] for number in numbers]
    assert {part["esm_class"] for part in parts} == {0x40}


async def test_node_smpp_throttles(run: Run) -> None:
    bureau = NodeBureau(run, throttled=2)
    async with ours(bureau.port) as gateway:
        assert isinstance(await gateway.send("first"), Accepted)
        assert isinstance(await gateway.send("second", recipient=SHORT), Accepted)
        await gateway.hears(lambda: len(gateway.house.receipts) == 2)
    assert [page["text"] for page in bureau.heard("submit_sm")] == ["first", "first", "first", "second"]
    numbers = [page["sequence_number"] for page in bureau.heard("submit_sm")]
    assert all(earlier < later for earlier, later in pairwise(numbers))
    assert [page["destination_addr"] for page in bureau.heard("submit_sm")][-1] == SHORT


NORTH = """
[[smpp]]
name = "north"
host = "127.0.0.1"
port = {port}
system_id = "gateway"
sender = "60000"
password_file = "{password}"
"""


def test_a_pager_is_alerted_over_node_smpp_and_its_answer_counts(run: Run, tmp_path: Path) -> None:
    bureau = NodeBureau(run, replies=[{"short_message": "ok 10"}])
    password = tmp_path / "north.password"
    password.write_text(PASSWORD)
    password.chmod(0o600)
    pager = f'kind = "pager", number = "{SHORT}", channel = "north"'
    house = House(run, tmp_path, NORTH.format(port=bureau.port, password=password), pager)
    alert = {"key": "disk", "service": "database", "severity": "critical", "summary": "disk full"}
    call(f"{house.url}/api/v1/alerts", alert, token=house.token)
    wait_for(lambda: house.incidents()[0]["state"] == "acknowledged", "the answer counts")
    wait_for(lambda: bureau.heard("reply answered"), "our answer to the reply")
    page = bureau.heard("submit_sm")[0]
    assert (page["destination_addr"], "disk full" in page["text"]) == (SHORT, True)
    house.process.stop()
    assert bureau.heard("unbind")
    assert bureau.heard("error") == []


async def test_node_smpp_by_tls(run: Run, tmp_path: Path) -> None:
    key, cert = certificate(tmp_path)
    bureau = NodeBureau(run, key=key, cert=cert)
    async with ours(bureau.port, tls=True, tls_name="localhost", tls_ca_file=cert) as gateway:
        assert isinstance(await gateway.send("by TLS"), Accepted)
        await gateway.hears(lambda: gateway.house.receipts)
    assert [page["text"] for page in bureau.heard("submit_sm")] == ["by TLS"]


@pytest.mark.parametrize("fault", ["an unknown authority", "another name"])
async def test_node_smpp_with_a_wrong_certificate_never_hears_the_password(
    run: Run, tmp_path: Path, fault: str
) -> None:
    key, cert = certificate(tmp_path)
    bureau = NodeBureau(run, key=key, cert=cert)
    settings: dict[str, object] = {"tls_name": "localhost"}
    if fault == "another name":
        settings = {"tls_name": "elsewhere.example", "tls_ca_file": cert}
    async with ours(bureau.port, bound=False, tls=True, **settings) as gateway:
        await gateway.hears(lambda: any("certificate" in health.reason for health in gateway.house.healths))
        assert not gateway.channel.ready()
    assert bureau.heard("bind_transceiver") == []


async def test_drive_smpp_gives_no_id(run: Run) -> None:
    """It is a part of Kannel's own tests: two binds, answers without an id, no receipts, replies at once."""
    port = free_port()
    words = (program("drive_smpp"), "-v", "0", "-p", str(port), "-m", "2")
    with fixed_bearerbox():
        driver = run(*words, name="drive_smpp")
        try:
            driver.says("Starting drive_smpp test")  # a probe of its port would be the one client that it takes
            async with ours(port, bind="transmitter and receiver") as gateway:
                await gateway.hears(lambda: len(gateway.house.texts) == 2)
                assert [(text.sender, text.text) for text in gateway.house.texts] == [("456", "1"), ("456", "2")]
                assert await gateway.send("PROD 42 disk full") == Accepted(None)
                driver.says("short_message = <PROD 42 disk full>")
                assert gateway.house.receipts == []

                halt(driver)
                halted = asyncio.create_task(gateway.send("PROD 43 disk full"))
                await gateway.hears(lambda: gateway.channel.room() < gateway.channel.window - gateway.channel.kept)
                driver.stop(signal.SIGKILL)
                assert isinstance(await halted, Uncertain)
        finally:
            driver.stop(signal.SIGKILL)  # it does not hear SIGTERM


def halt(program: Program) -> None:
    """Returns when each of its threads has halted."""
    program.process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, program.process.pid, os.WSTOPPED)


@contextmanager
def fixed_bearerbox() -> Iterator[None]:
    """drive_smpp ends after 3 s if nobody listens where it believes its other half, the bearerbox."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):  # somebody else listens there already: as good
            held.bind(("127.0.0.1", 13001))
            held.listen()
        yield
