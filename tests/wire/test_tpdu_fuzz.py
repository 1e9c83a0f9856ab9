"""Damaged PDUs: 20 000 of them, always the same, and never another error than PduError."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from gatewayd.wire.tpdu import Deliver, PduError, decode, decode_submit, encode_submit
from gatewayd.wire.udh import read_header
from tests.wire.tpdu_builder import body7, body8, deliver, status_report

GOOD = [
    deliver("+447700900123", body7("ok 42")),
    deliver("+447700900123", body7("x" * 150, bytes.fromhex("0003AB0201")), udh=True),
    deliver("+447700900123", body7("x" * 150, bytes.fromhex("0804ABCD0201")), udh=True),
    deliver("+447700900123", body7("ol\u00e0", bytes.fromhex("240103250103")), udh=True),
    deliver("Bureau", body8("привет 😀".encode("utf-16-be")), dcs=0x08),
    deliver("12345", body8(bytes(30), bytes.fromhex("050404D2162E")), udh=True, dcs=0xF5),
    status_report(7, "+447700900123", 0x46),
    encode_submit("+447700900123", "disk full", alphabet="gsm7", validity_s=900, report=True).hex,
]


def damaged(dice: random.Random) -> str:
    kind = dice.randrange(4)
    if kind == 0:
        return dice.randbytes(dice.randrange(60)).hex()
    pdu = dice.choice(GOOD)
    if kind == 1:
        octets = bytearray(bytes.fromhex(pdu))
        for _ in range(dice.randint(1, 8)):
            octets[dice.randrange(len(octets))] ^= 1 << dice.randrange(8)
        return octets.hex()
    if kind == 2:
        return pdu[: dice.randrange(len(pdu))]
    at = dice.randrange(len(pdu))
    return (
        pdu[:at]
        + dice.choice(["", "g", " ", "\r\n", "\0", "é", "+CMTI: 1", "FF" * 300])
        + pdu[at + dice.randrange(3) :]
    )


def test_twenty_thousand_damaged_pdus() -> None:
    dice = random.Random(20_000)
    fates: Counter[str] = Counter()
    for _ in range(20_000):
        pdu = damaged(dice)
        for read in (decode, decode_submit):
            try:
                message = read(pdu)
            except PduError as error:
                assert str(error)
                fates["refused"] += 1
            else:
                fates[type(message).__name__] += 1
                if isinstance(message, Deliver):
                    message.sender.encode()
                    assert message.text is not None or message.note
                    (message.text or "").encode()
    assert min(fates[fate] for fate in ("refused", "Deliver", "StatusReport", "Submit")) > 500


@given(st.text(max_size=80))
def test_any_line(line: str) -> None:
    for read in (decode, decode_submit):
        try:
            read(line)
        except PduError:
            continue


@given(st.binary(max_size=140))
def test_any_header(header: bytes) -> None:
    read_header(header)
