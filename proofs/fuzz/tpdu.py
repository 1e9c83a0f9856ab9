"""TPDUs in hex, as a modem shows them: PduError or a value that any store takes, nothing else."""

from __future__ import annotations

from gatewayd.wire.tpdu import Deliver, PduError, Submit, decode, decode_submit, encode_submit
from proofs.fuzz.course import Core, Course, must
from tests.wire.tpdu_builder import body7, body8, deliver, status_report

NUMBER = "+447700900123"
_JOINED8, _JOINED16 = bytes.fromhex("0003AB0201"), bytes.fromhex("0804ABCD0201")
SAMPLES = [
    bytes.fromhex(pdu)
    for pdu in (
        deliver(NUMBER, body7("ok 42")),
        deliver(NUMBER, body7("x" * 160)),
        deliver(NUMBER, body7("x" * 150, _JOINED8), udh=True),
        deliver(NUMBER, body7("x" * 150, _JOINED16), udh=True),
        deliver(NUMBER, body7("ol\u00e0", bytes.fromhex("240103250103")), udh=True),
        deliver("Bureau", body8("привет 😀".encode("utf-16-be")), dcs=0x08),
        deliver("12345", body8(bytes(30), bytes.fromhex("050404D2162E")), udh=True, dcs=0xF5),
        deliver("", body7("")),
        status_report(7, NUMBER, 0x46),
        status_report(255, "12345", 0, tail=bytes.fromhex("01000548656C6C6F")),
        encode_submit(NUMBER, "disk full", alphabet="gsm7", validity_s=900, report=True).hex,
        encode_submit(NUMBER, "диск", alphabet="ucs2", validity_s=None, report=False, flash=True).hex,
    )
]


def play(course: Course) -> None:
    octets = course.damage(SAMPLES)
    line = octets.hex()
    if course.maybe(0.1):  # the line itself is damaged, too
        at = course.dice.randrange(len(line) + 1)
        line = line[:at] + course.dice.choice(("g", " ", "\r\n", "\0", "é", "+CMTI: 1", "F")) + line[at:]
    for read in (decode, decode_submit):
        try:
            message = read(line, with_smsc=not course.maybe(0.2))
        except PduError as error:
            must(str(error), "a refusal says why")
            course.fates["refused"] += 1
            continue
        course.fates[type(message).__name__] += 1
        if isinstance(message, Deliver | Submit):
            must(
                message.text is not None or message.data is not None or message.note, "no text, no data and no word why"
            )
            (message.text or "").encode()
        who = message.sender if isinstance(message, Deliver) else message.recipient
        who.encode()


CORES = (Core("tpdu", play, 150_000),)
