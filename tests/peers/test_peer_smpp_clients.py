"""Clients that are not ours at hwsim's SMPP: smpplib, Perl's Net::SMPP, and Kannel with a bind for each direction."""

from __future__ import annotations

import json
import subprocess
import urllib.parse
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import smpplib.client
import smpplib.consts
import smpplib.gsm

from tests.peers.bureaus import OURS, PAGER, PASSWORD, HwBureau
from tests.peers.street import Run, absent, call, free_port, program

pytestmark = pytest.mark.peer


def test_smpplib_blocks_and_gets_there(run: Run, tmp_path: Path) -> None:
    bureau = HwBureau(run, tmp_path)
    answers: list[Any] = []
    heard: list[Any] = []
    client = smpplib.client.Client("127.0.0.1", bureau.smpp_port, timeout=1, allow_unknown_opt_params=True)
    client.set_message_sent_handler(lambda pdu: answers.append(pdu))
    client.set_message_received_handler(lambda pdu: heard.append(pdu))

    def until(count: int, *, within_s: float = 20) -> None:
        end = monotonic() + within_s
        while len(answers) + len(heard) < count:
            assert monotonic() < end, (answers, heard)
            client.read_once()  # after a silent second it asks by enquire_link

    client.connect()
    try:
        client.bind_transceiver(system_id="gateway", password=PASSWORD)
        long = "disk full on db2 [x] " * 12
        parts, coding, esm_class = smpplib.gsm.make_parts(long)
        assert len(parts) == 2
        for part in parts:
            client.send_message(
                source_addr_ton=smpplib.consts.SMPP_TON_UNK, source_addr_npi=smpplib.consts.SMPP_NPI_ISDN,
                source_addr=OURS, dest_addr_ton=smpplib.consts.SMPP_TON_INTL,
                dest_addr_npi=smpplib.consts.SMPP_NPI_ISDN,
                destination_addr=PAGER[1:], short_message=part, data_coding=coding, esm_class=esm_class,
                registered_delivery=True, validity_period="000000003000000R",
            )  # fmt: skip
        until(4)
        assert bureau.wait_texts(count=1) == [long]
        ids = {answer.message_id.decode() for answer in answers}
        assert {receipt.receipted_message_id.decode().rstrip("\0") for receipt in heard} == ids
        assert {receipt.message_state for receipt in heard} == {smpplib.consts.SMPP_MESSAGE_STATE_DELIVERED}
        bureau.fault("enquire")
        client.read_once()
        bureau.reply("ok 42")
        until(5)
        assert (heard[-1].short_message, heard[-1].source_addr) == (b"ok 42", PAGER[1:].encode())
        client.read_once()
    finally:
        client.unbind()
        client.disconnect()
    assert [entry["message_id"] for entry in bureau.ledger("accepted")] == sorted(ids)
    assert bureau.ledger("violation") == []


def test_net_smpp(run: Run, tmp_path: Path) -> None:
    perl = program("perl")
    probe = [perl, "-MNet::SMPP", "-e", "1"]
    if subprocess.run(probe, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False).returncode:
        absent("Net::SMPP is not installed (Debian package libnet-smpp-perl)")
    bureau = HwBureau(run, tmp_path)
    words = (
        str(Path(__file__).with_name("esme.pl")),
        str(bureau.smpp_port),
        PASSWORD,
        PAGER[1:],
        "disk full on db2",
        "2",
    )
    client = run(perl, *words, name="net-smpp")
    assert bureau.wait_texts(count=1) == ["disk full on db2"]
    bureau.fault("enquire")
    client.says('"asked"')
    bureau.reply("ok 42")
    client.says('"left"')
    assert client.process.wait(20) == 0
    told = [json.loads(line) for line in client.output().splitlines()]
    assert {line["status"] for line in told if "status" in line} == {0}
    (page,) = bureau.ledger("accepted")
    (answer,) = (line for line in told if line["command"] == "answered")
    assert (answer["message_id"], answer["ours"]) == (page["message_id"], 1)
    reply, receipt = sorted((line for line in told if line["command"] == "heard"), key=lambda line: line["esm_class"])
    assert receipt["text"].startswith(f"id:{page['message_id']} ")
    assert (receipt["esm_class"], "stat:DELIVRD" in receipt["text"]) == (4, True)
    assert (reply["text"], reply["source"], reply["esm_class"]) == ("ok 42", PAGER[1:], 0)
    bureau.wait_ledger("left")
    assert bureau.ledger("violation") == []


KANNEL = """\
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = unused
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
dlr-storage = internal
{binds}
group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes}
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1

group = sendsms-user
username = house
password = house
concatenation = true
max-messages = 5

group = sms-service
keyword = default
text = "Kannel heard %a"
"""
BIND = """
group = smsc
smsc = smpp
smsc-id = north
host = 127.0.0.1
{direction} = {smpp}
smsc-username = gateway
smsc-password = "{password}"
system-type = ""
source-addr-ton = 0
source-addr-npi = 1
dest-addr-ton = 1
dest-addr-npi = 1
enquire-link-interval = 1
"""


def test_kannel_with_a_bind_for_each_direction(run: Run, tmp_path: Path) -> None:
    """(With one bind for both: hw-sim/tests/test_peers.py.)"""
    bearerbox, smsbox = program("bearerbox"), program("smsbox")
    bureau = HwBureau(run, tmp_path)
    ports = {name: free_port() for name in ("admin", "boxes", "sendsms")}
    config = tmp_path / "kannel.conf"
    binds = "".join(
        BIND.format(direction=direction, smpp=bureau.smpp_port, password=PASSWORD)
        for direction in ("port", "receive-port")
    )
    config.write_text(KANNEL.format(binds=binds, **ports))
    bearer = run(bearerbox, "-v", "0", str(config), name="bearerbox")
    bureau.wait_ledger("bind", count=2)
    box = run(smsbox, "-v", "0", str(config), name="smsbox")
    box.says("Connected to bearerbox", within_s=30)

    text = "disk full on db2 [x] € " * 9
    asked = {"username": "house", "password": "house", "from": OURS, "to": PAGER, "text": text, "charset": "UTF-8"}
    words = urllib.parse.urlencode(asked | {"coding": 0, "dlr-mask": 3, "dlr-url": "http://127.0.0.1:9/"})
    assert "Accepted" in call(f"http://127.0.0.1:{ports['sendsms']}/cgi-bin/sendsms?{words}")
    assert bureau.wait_texts(count=1, within_s=30) == [text]
    bureau.reply("ok 42")
    assert bureau.wait_texts(count=2, within_s=30)[1] == "Kannel heard ok+42"
    bearer.says("type_name: enquire_link_resp")
    bureau.wait_ledger("handed", count=2)  # a receipt and the reply

    box.stop()
    bearer.stop()
    assert len(bureau.wait_ledger("left", count=2)) == 2
    assert {entry["how"] for entry in bureau.ledger("bind")} == {"transmitter", "receiver"}
    assert bureau.ledger("violation") == []
