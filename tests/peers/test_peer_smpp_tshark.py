"""Wireshark's SMPP decoder reads what our channel and hwsim's bureau really say to each other."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from gatewayd.delivery.outcome import Accepted
from tests.peers.bureaus import OURS, PAGER, PASSWORD, SHORT, HwBureau, ours
from tests.peers.street import Run, program

pytestmark = pytest.mark.peer

PORT = 2775  # where tshark expects SMPP; ours was another one


class Tap:
    """Every octet of one connection, in order, with its direction: O is ours, I the bureau's."""

    def __init__(self) -> None:
        self.said: list[tuple[str, bytes]] = []
        self.port = 0

    def text(self) -> str:
        """As text2pcap reads it: a direction and a hexdump for each piece."""
        pieces = []
        for way, octets in self.said:
            rows = [f"{at:06x} {octets[at : at + 16].hex(' ')}" for at in range(0, len(octets), 16)]
            pieces.append(f"{way}\n" + "\n".join(rows) + f"\n{len(octets):06x}\n")
        return "\n".join(pieces)


@asynccontextmanager
async def tapped(port: int) -> AsyncIterator[Tap]:
    tap = Tap()

    async def carry(way: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while octets := await reader.read(4096):
            tap.said.append((way, octets))
            writer.write(octets)
            await writer.drain()
        writer.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(carry("O", reader, back), carry("I", there, writer))

    async with await asyncio.start_server(connected, "127.0.0.1", 0) as server:
        tap.port = server.sockets[0].getsockname()[1]
        yield tap


def dissected(tap: Tap, home: Path) -> list[dict[str, Any]]:
    """The layers of each packet, as tshark has them."""
    capture = home / "smpp.pcap"
    made = subprocess.run(
        [program("text2pcap"), "-q", "-D", "-T", f"{PORT},40000", "-", str(capture)],
        input=tap.text(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    words = [program("tshark"), "-n", "-r", str(capture), "-T", "json", "--no-duplicate-keys"]
    told = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 0, told.stderr
    return [packet["_source"]["layers"] for packet in json.loads(told.stdout)]


def complaints(layers: list[dict[str, Any]]) -> list[str]:
    """What tshark finds malformed or worth a word by its experts, and packets that it did not take for SMPP."""
    return [text for layer in layers if "_ws." in (text := json.dumps(layer)) or not layer.keys() >= {"tcp", "smpp"}]


def pdus(layers: list[dict[str, Any]], command: int) -> list[dict[str, Any]]:
    """All PDUs of that command, their names without the dissector's, their parameters among the others."""
    found = []
    for layer in layers:
        for told in layer["smpp"] if isinstance(layer["smpp"], list) else [layer["smpp"]]:
            if int(told["smpp.command_id"], 16) != command:
                continue
            parameters = told.pop("smpp.opt_params", {}).get("smpp.opt_param", [])
            for parameter in parameters if isinstance(parameters, list) else [parameters]:
                told |= {name: value for name, value in parameter.items() if "opt_param" not in name}
            found.append({name.removeprefix("smpp."): value for name, value in told.items()})
    return found


def octets(told: str) -> bytes:
    return bytes.fromhex(told.replace(":", ""))


async def test_tshark_reads_what_we_meant(run: Run, tmp_path: Path) -> None:
    bureau = HwBureau(run, tmp_path)
    async with tapped(bureau.smpp_port) as tap, ours(tap.port, references=True) as gateway:
        assert isinstance(await gateway.send("PROD 42 disk full on db2"), Accepted)
        assert isinstance(await gateway.send("диск полон", alphabet="ucs2", priority=0, validity_s=90), Accepted)
        assert isinstance(await gateway.send("to a short number", recipient=SHORT, report=False), Accepted)
        await gateway.hears(lambda: len(gateway.house.receipts) == 2)
        bureau.reply("ok 42")
        await gateway.hears(lambda: gateway.house.texts)
    layers = dissected(tap, tmp_path)
    assert complaints(layers) == []
    (bind,) = pdus(layers, 0x09)
    assert (bind["system_id"], bind["password"], bind["interface_version"]) == ("gateway", PASSWORD, "52")
    first, second, short = pdus(layers, 0x04)
    assert first | {
        "source_addr_ton": "0x00", "source_addr_npi": "0x01", "source_addr": OURS,
        "dest_addr_ton": "0x01", "dest_addr_npi": "0x01", "destination_addr": PAGER[1:],
        "esm.submit.msg_mode": "0x00", "esm.submit.msg_type": "0x00", "esm.submit.features": "0x00",
        "protocol_id": "0x00", "priority_flag": "0x01", "validity_period_r": "900.000000000",
        "schedule_delivery_time_r": "0.000000000", "regdel.receipt": "0x01", "regdel.acks": "0x00",
        "regdel.notif": "0x00", "replace_if_present_flag": "0x00", "data_coding": "0x00", "sm_default_msg_id": "0",
        "sm_length": "24", "user_message_reference": "0x0001",
    } == first  # fmt: skip
    assert octets(first["message"]) == b"PROD 42 disk full on db2"
    assert (second["message_text"], second["data_coding"], second["priority_flag"]) == ("диск полон", "0x08", "0x03")
    assert (second["validity_period_r"], second["user_message_reference"]) == ("90.000000000", "0x0002")
    assert (short["dest_addr_ton"], short["destination_addr"], short["regdel.receipt"]) == ("0x00", SHORT, "0x00")
    heard = pdus(layers, 0x05)
    answers = pdus(layers, 0x8000_0005)
    assert [answer["sequence_number"] for answer in answers] == [page["sequence_number"] for page in heard]
    assert {answer["command_status"] for answer in answers} == {"0x00000000"}
    ids = [answer["message_id"] for answer in pdus(layers, 0x8000_0004)]
    assert [page.get("receipted_message_id") for page in heard] == [*ids[:2], None]
    assert len(pdus(layers, 0x06)) == len(pdus(layers, 0x8000_0006)) == 1


@pytest.mark.parametrize("long", ["udh8", "udh16", "sar", "payload"])
async def test_tshark_reads_long_texts(run: Run, tmp_path: Path, long: str) -> None:
    bureau = HwBureau(run, tmp_path)
    text = "disk full on db2 (sda) " * 12
    async with tapped(bureau.smpp_port) as tap, ours(tap.port, long=long) as gateway:
        assert {type(outcome) for outcome in await gateway.send_all(text)} == {Accepted}
    layers = dissected(tap, tmp_path)
    assert complaints(layers) == []
    parts = pdus(layers, 0x04)
    if long == "payload":
        assert [(part["sm_length"], octets(part["message_payload"])) for part in parts] == [("0", text.encode())]
        return
    numbers = [("77", "2", "1"), ("77", "2", "2")]
    if long == "sar":
        names = ("sar_msg_ref_num", "sar_total_segments", "sar_segment_seqnum")
        assert [tuple(part[name] for name in names) for part in parts] == numbers
        assert b"".join(octets(part["message"]) for part in parts) == text.encode()
        return
    joined = [layer["gsm_sms_ud"] for layer in layers if "gsm_sms_ud" in layer]
    assert octets(joined[-1]["gsm_sms_ud.short_msg"]) == text.encode()
    for data, number in zip(joined, numbers, strict=True):
        (header,) = (told for name, told in data["User-Data Header"].items() if name.startswith("IE: Concatenated"))
        assert tuple(header[f"gsm_sms.udh.mm.{name}"] for name in ("msg_id", "msg_parts", "msg_part")) == number


@pytest.mark.parametrize("left_out", [1, 9])
def test_tshark_would_complain_of_a_text_that_is_cut_off(tmp_path: Path, left_out: int) -> None:
    """Else its silence would prove nothing."""
    numbers = b"\0\0\x0160000\0\1\x01447700900201\0"
    body = (numbers + bytes(8) + b"\1\0\0\0" + b"\x0cdisk is full")[:-left_out]
    tap = Tap()
    tap.said = [("O", b"".join(number.to_bytes(4, "big") for number in (16 + len(body), 4, 0, 2)) + body)]
    assert complaints(dissected(tap, tmp_path))
