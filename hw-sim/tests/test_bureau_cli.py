"""A bureau from the command line and from a scene, met by a client of other people's making; its control API."""

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tty
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import smpplib.client

SCENE = """
[[pager]]
number = "+447700900201"
name = "Anna"
two_way = true
script = [{ text = "ok 42", contains = "42" }]

[[pager]]
number = "+447700900202"
name = "Ben"
cap = "4711"

[[group]]
number = "4999"
members = ["+447700900201", "+447700900202"]

[[bureau]]
name = "north"
settings = { repeat_s = [60.0] }
tap = { banner = "Night desk" }
line = [{ name = "tcp", end = "tcp:0" }, { name = "serial" }, { name = "dial-in", number = "01523530300" }]
smpp = { ends = ["tcp:0", { end = "tcp:0", tls = true }], receipt_delay_s = 0.01, receipt_style = "seconds" }
account = [{ system_id = "gw", password = "pw", numbers = ["60066"] }]
faults = [{ kind = "throttle", times = 1 }]

[[dialup]]
settings = { dial_s = 0.05, speed = 2400 }
"""


@pytest.fixture
def street(tmp_path):
    """A street in a process of its own: its addresses, and functions to ask its control API."""
    (tmp_path / "scene.toml").write_text(SCENE)
    command = [sys.executable, "-m", "hwsim", "--dir", str(tmp_path), "--scene", str(tmp_path / "scene.toml")]
    process = subprocess.Popen(
        [*command, "--control", "127.0.0.1:0", "--ledger", str(tmp_path / "ledger")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    yield Running(json.loads(line))
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, "")


class Running:
    def __init__(self, addresses):
        self.addresses = addresses
        self.port = int(addresses["bureaus"]["north"]["smpp"][0].rpartition(":")[2])

    def call(self, path, body=None, method=None):
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.addresses["control"] + path, data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as wrong:
            with wrong:
                return wrong.code, json.load(wrong)


def page(client, text):
    return client.send_message(
        source_addr_ton=3, source_addr_npi=0, source_addr="60066", dest_addr_ton=1, dest_addr_npi=1,
        destination_addr="447700900201", short_message=text, registered_delivery=1,
    )  # fmt: skip


def test_smpplib_pages_and_hears(street):
    client = smpplib.client.Client("127.0.0.1", street.port, timeout=10, allow_unknown_opt_params=True)
    answers, arrivals = [], []
    client.set_message_sent_handler(lambda pdu, **_: answers.append((pdu.status, pdu.message_id)))
    client.set_message_received_handler(lambda pdu, **_: arrivals.append(pdu))
    client.set_error_pdu_handler(lambda pdu: None)
    client.connect()
    try:
        client.bind_transceiver(system_id="gw", password="pw")
        page(client, b"41 first")
        page(client, b"42 disk full")
        while len(arrivals) < 2:
            client.read_once()
        assert [status for status, _ in answers] == [0x58, 0]
        receipt, reply = sorted(arrivals, key=lambda pdu: pdu.esm_class, reverse=True)
        assert receipt.short_message.startswith(b"id:" + answers[1][1] + b" sub:001")
        assert b" stat:DELIVRD " in receipt.short_message
        assert (reply.short_message, reply.source_addr, reply.destination_addr) == (b"ok 42", b"447700900201", b"60066")
        client.unbind()
    finally:
        client.disconnect()
    _, ledger = street.call("/ledger?event=violation")
    assert ledger["entries"] == []


def test_the_control_api_of_pagers_and_bureaus(street):
    assert street.addresses["pagers"]["+447700900202"] == {"name": "Ben", "cap": "4711"}
    assert len(street.addresses["bureaus"]["north"]["smpp"]) == 2
    anna, ben = "/pagers/%2B447700900201", "/pagers/%2B447700900202"
    client = smpplib.client.Client("127.0.0.1", street.port, timeout=10, allow_unknown_opt_params=True)
    client.connect()
    try:
        client.bind_transmitter(system_id="gw", password="pw")
        assert street.call("/bureaus/north/fault", method="DELETE") == (200, {"faults": []})
        assert street.call("/people/Anna/tube", {"inside": True}) == (
            200,
            {"inside": True, "carried": ["+447700900201"]},
        )
        page(client, b"are you there?")
        client.read_once()
        status, shown = street.call("/wait?pager=%2B447700900201&timeout_s=0.1")
        assert (status, shown["texts"]) == (408, [])
        assert street.call(anna + "/power", {"on": True})[1] == {"on": True}
        status, shown = street.call("/wait?pager=%2B447700900201&contains=there")
        assert (status, shown["texts"][0]["text"]) == (200, "are you there?")
        assert street.call(anna + "/reply", {"text": "yes"})[1] == {"sent": True, "to": "60066"}
        assert street.call(anna)[1]["sent"][0]["text"] == "yes"
        assert street.call(anna + "/clear", {})[0] == 200
        status, error = street.call(ben + "/send", {"to": "60066", "text": "no"})
        assert (status, error["error"]) == (400, "+447700900202 is a one-way pager")
        status, error = street.call(anna + "/ack", {})
        assert (status, error["error"]) == (400, "there is no page to acknowledge")
        status, bureau = street.call("/bureaus/north/smpp", {"window": 3})
        assert (bureau["smpp"]["settings"]["window"], bureau["smpp"]["accounts"][0]["binds"]) == (3, 1)
        assert street.call("/bureaus/north", {"air_delay_s": 1})[1]["settings"]["air_delay_s"] == 1.0
        assert street.call("/bureaus/north/smpp", {"window_policy": "open"})[0] == 400
        assert street.call("/bureaus/north/fault", {"kind": "slow", "times": 1})[1]["faults"][0]["kind"] == "slow"
        assert street.call("/bureaus/south")[0] == 404
        assert street.call("/pagers/9")[0] == 404
        assert street.call("/people/Nobody/tube", {})[0] == 404
        assert street.call("/pagers", {"number": "+447700900209", "kind": "numeric"})[0] == 201
        assert street.call("/pagers", {"number": "+447700900209"})[0] == 400
        assert street.call("/pagers", {"number": "5", "kind": "loud"})[0] == 400
        state = street.call("/state")[1]
        assert [pager["name"] for pager in state["pagers"]] == ["Anna", "Ben", "+447700900209"]
        assert state["groups"][0]["number"] == "4999"
        assert street.call("/groups", {"number": "4998", "members": ["+447700900209"]})[0] == 201
        assert street.call("/groups", {"number": "4998", "members": ["+447700900209"]})[0] == 400
        assert [group["cap"] for group in street.call("/groups")[1]] == ["4999", "4998"]
        client.unbind()
    finally:
        client.disconnect()


def test_the_scene_of_the_readme_can_be_built(tmp_path):
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    scene = next(part for part in re.findall(r"```toml\n(.*?)```", readme, re.DOTALL) if "[[bureau]]" in part)
    scene = re.sub(r"tcp:\d+", "tcp:0", scene).replace("/tmp/street", str(tmp_path))
    scene = scene.replace('"+447700900202"]', '"+447700900201"]')
    (tmp_path / "scene.toml").write_text(scene)
    command = [sys.executable, "-m", "hwsim", "--dir", str(tmp_path), "--scene", str(tmp_path / "scene.toml")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=10)
    assert errors == ""
    assert list(json.loads(line)["bureaus"]["north"]["tap"]) == ["tcp", "serial", "dial-in"]


def talk(port, data, until):
    os.write(port, data)
    heard = b""
    while until not in heard:
        assert select.select([port], [], [], 10)[0], heard
        heard += os.read(port, 4096)
    return heard


LOGON = ((b"\r", b"ID="), (b"\x1bPG1\r", b"110 1.8\r114 Night desk\r\x06\r\x1b[p\r"))
PAGE = (b"\x024711\rCRITICAL web1 down\r\x0369>\r", b"211 Page accepted\r\x06\r")
BYE = (b"\x04\r", b"115 Goodbye\r\x1b\x04\r")


@pytest.mark.parametrize("way", ["tcp", "serial", "dial-in"])
def test_a_tap_call(street, way):
    tap = street.addresses["bureaus"]["north"]["tap"]
    if way == "tcp":
        peer = socket.create_connection(("127.0.0.1", int(tap["tcp"].rpartition(":")[2])), timeout=10)
        port = peer.fileno()
    else:
        port = os.open(
            tap["serial"] if way == "serial" else street.addresses["dialups"]["dial1"], os.O_RDWR | os.O_NOCTTY
        )
        tty.setraw(port)
    if way == "dial-in":
        talk(port, b"ATE0\r", b"OK\r\n")
        talk(port, b"ATDT01523530300\r", b"CONNECT 2400\r\n")
    for said, answer in (*LOGON, PAGE, BYE):
        assert talk(port, said, answer) == answer
    if way == "dial-in":
        talk(port, b"", b"NO CARRIER\r\n")
    if way == "tcp":
        peer.close()
    else:
        os.close(port)
    assert street.call("/pagers/%2B447700900202")[1]["inbox"][0]["text"] == "CRITICAL web1 down"
    booked = street.call(f"/ledger?event=accepted&line={way}")[1]["entries"]
    assert [(entry["to"], entry["cap"]) for entry in booked] == [("+447700900202", "4711")]
    assert street.call("/ledger?event=violation")[1]["entries"] == []
    assert street.call("/bureaus/north/tap", {"password": "x"})[1]["tap"]["settings"]["password"] == "x"
    assert street.call("/dialups/dial1/fault", {"kind": "dial", "result": "BUSY"})[1]["faults"][0]["result"] == "BUSY"
    assert street.call("/dialups/dial1/fault", method="DELETE")[1]["faults"] == []
    assert street.call("/dialups/dial9/fault", {"kind": "ring"})[0] == 404
    assert street.call("/dialups")[1][0]["dialled"] == (way == "dial-in")


def test_a_bureau_from_the_command_line(tmp_path):
    command = [sys.executable, "-m", "hwsim", "--dir", str(tmp_path), "--smpp", "tcp:0", "--account", "gw:pw:60066"]
    command += ["--tap", "tcp:0", "--tap", f"pty:{tmp_path}/tap", "--dial", "01523530300", "--pager", "4711:Ben"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    addresses = json.loads(process.stdout.readline())
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert addresses["modems"] == {}
    assert addresses["pagers"] == {"4711": {"name": "Ben", "cap": "4711"}}
    bureau = addresses["bureaus"]["bureau1"]
    assert list(bureau["tap"]) == ["tap1", "tap2", "dial-in"]
    assert (bureau["tap"]["tap2"], bureau["tap"]["dial-in"]) == (f"{tmp_path}/tap", "tel:01523530300")
    assert addresses["dialups"] == {"dial1": f"{tmp_path}/dial1"}


@pytest.mark.parametrize(
    ("scene", "words"),
    [
        ("[[bureau]]\nline = [{ colour = 1 }]", "a line has no 'colour'"),
        ("[[bureau]]\nline = [{ end = 'pigeon' }]", "no such end: 'pigeon'"),
        ("[[bureau]]\ntap = { parity = 'odd' }", "'parity' is one of none, even, ignore, not 'odd'"),
        ("[[dialup]]\nspeed = 300", "a dialup has no 'speed'"),
        ("[[dialup]]\nfaults = [{ kind = 'moth' }]", "unknown fault 'moth'"),
        ("[[pager]]\nnumber = '1'\ncolour = 'red'", "a pager has no 'colour'"),
        ("[[pager]]\nnumber = '1'\nkind = 'loud'", "a pager is alpha, numeric, tone, not 'loud'"),
        ("[[group]]\nnumber = '1'\nmembers = ['2']", "there is no pager '2'"),
        ("[[bureau]]\nsmpp = { speed = 1 }", "smpp has no setting 'speed'"),
        ("[[bureau]]\nsmpp = { ends = ['carrier pigeon'] }", "no such end: 'carrier pigeon'"),
        ("[[bureau]]\naccount = [{ name = 'x' }]", "an account has no 'name'"),
        ("[[bureau]]\nfaults = [{ kind = 'rain' }]", "unknown fault 'rain'"),
        ("[[bureau]]\nname = 'a'\n[[bureau]]\nname = 'a'", "there is a bureau 'a' already"),
    ],
)
def test_a_wrong_scene_is_told(tmp_path, scene, words):
    (tmp_path / "scene.toml").write_text(scene)
    command = [sys.executable, "-m", "hwsim", "--dir", str(tmp_path), "--scene", str(tmp_path / "scene.toml")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 2
    assert words in done.stderr
