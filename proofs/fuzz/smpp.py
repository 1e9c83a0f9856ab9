"""SMPP PDUs, receipts and texts: SmppError or a value, and of what came in never an exception."""

from __future__ import annotations

from datetime import UTC

from gatewayd.wire.smpp_address import Address, Numbering, read_address
from gatewayd.wire.smpp_message_id import IdMode, matching_keys, stored_key
from gatewayd.wire.smpp_octets import Reader, SmppError
from gatewayd.wire.smpp_pdu import PDU_OCTETS_MAX, DataMessage, Framer, Message, decode, encode
from gatewayd.wire.smpp_receipt import Receipt, read_receipt
from gatewayd.wire.smpp_status import classify
from gatewayd.wire.smpp_text import Default, Long, read_content, write_text
from gatewayd.wire.smpp_tlv import read_tlvs
from proofs.fuzz.course import Core, Course, must
from proofs.fuzz.damage import portions
from tests.wire import smpp_builder as bureau

RECEIPTS = [
    text.encode("latin-1")
    for text in (
        "id:0123456789 sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:DELIVRD err:000 Text:disk",
        "id:3b08ca73-4244-4717-9e88-082414ff3d2e stat:UNDELIV err:0x1F", 'ID:"0042" SUB:001 STAT:EXPIRED',
        "stat:DELIVRD err:000 done date:261122120133 id:0042", "id=0042,sub=001,done date=20261122120133,stat=8",
        "done date:1809031208 DELIVRD err:000 id:a29f6845555647139e5c8f3b817f2c9a",
        "text:disk full id:0042 stat:ENROUTE",
        "00,2611221201,2611221200,000,447700900123,60000,0", "DLR id: 0042\nstat: REJECTD\n", "id:0 stat:ACCEPTD sub:",
    )
]  # fmt: skip
TEXTS = [
    b"ok 42", b"\x1b\x65 \x1b(a\x1b)", b"\x00\x01\x02\x10\x1b", "привет 😀".encode("utf-16-be"), b"\xff\xfeo\0k\0",
    bytes.fromhex("0003AB0201") + b"half of a text", bytes.fromhex("060804ABCD0302") + "диск".encode("utf-16-be"),
    bytes.fromhex("0605040B8423F0") + bytes(20), bytes.fromhex("03240101") + b"ok", bytes.fromhex("0325010D") + b"ok",
    "тест".encode("iso8859-5"), "テスト".encode("iso2022_jp"), "시험".encode("euc_kr"), b"", b"x" * 254,
]  # fmt: skip
_CODINGS = (
    0,
    0,
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    8,
    9,
    0x0A,
    0x0D,
    0x0E,
    0x10,
    0x18,
    0x20,
    0xC8,
    0xD0,
    0xE0,
    0xF0,
    0xF5,
    0xFF,
)
_ESM = (0x00, 0x04, 0x08, 0x10, 0x20, 0x24, 0x40, 0x44, 0x80, 0xC0, 0xFF)
_RECEIPT_TLVS = bureau.tlv(0x001E, b"0042\0") + bureau.tlv(0x0427, b"\x02") + bureau.tlv(0x0423, b"\x03\x00\x08")
_SAR = bureau.tlv(0x020C, b"\0\7") + bureau.tlv(0x020E, b"\3") + bureau.tlv(0x020F, b"\1") + bureau.tlv(0x0204, b"\1\2")

PDUS = [
    bureau.pdu(bureau.BIND_TRX_RESP, 1, b"SC\0" + bureau.tlv(0x0210, b"\x34")),
    bureau.pdu(bureau.BIND_TX_RESP, 1, status=0x0E),
    bureau.pdu(bureau.SUBMIT_RESP, 2, b"0123456789\0"),
    bureau.pdu(bureau.SUBMIT_RESP, 3, status=0x58),
    bureau.pdu(bureau.SUBMIT_RESP, 4, b"id" + bureau.tlv(0x001D, b"no room")),
    bureau.pdu(bureau.DATA_RESP, 5, b"abc\0" + bureau.tlv(0x0425, b"\1")),
    bureau.pdu(bureau.DELIVER, 6, bureau.message(b"ok 42")),
    bureau.pdu(bureau.DELIVER, 7, bureau.message(RECEIPTS[0], esm=4)),
    bureau.pdu(bureau.DELIVER, 8, bureau.message(b"", esm=4, tlvs=_RECEIPT_TLVS)),
    bureau.pdu(bureau.DELIVER, 9, bureau.message(TEXTS[5], esm=0x40)),
    bureau.pdu(bureau.DELIVER, 10, bureau.message("привет".encode("utf-16-be"), coding=8, tlvs=_SAR)),
    bureau.pdu(bureau.DATA, 11, bureau.data(b"done")),
    bureau.pdu(bureau.DATA, 12, bureau.data(RECEIPTS[1], esm=4, tlvs=_RECEIPT_TLVS)),
    bureau.pdu(bureau.ENQUIRE, 13),
    bureau.pdu(bureau.ENQUIRE_RESP, 14),
    bureau.pdu(bureau.UNBIND, 15),
    bureau.pdu(bureau.UNBIND_RESP, 16),
    bureau.pdu(bureau.NACK, 17, status=3),
    bureau.pdu(0x0000000B, 18, b"SC\0secret\0"),  # outbind
    bureau.pdu(0x00000102, 0, b"\1\1447700900123\0\0\00160000\0" + bureau.tlv(0x0422, b"\0")),  # alert_notification
    bureau.pdu(0x80000003, 19, b"0042\0\0\2\0"),  # query_sm_resp
    bureau.pdu(0x00010200, 20, b"vendor"),
]


def frames(course: Course) -> None:
    """A stream of PDUs, some damaged: cut, decoded, and what was decoded can be written or is refused."""
    octets = b"".join(
        course.damage(PDUS) if course.maybe(0.8) else course.say(course.dice.choice(PDUS))
        for _ in range(course.dice.choice((1, 1, 2, 3)))
    )
    framer = Framer()
    try:
        for portion in portions(octets, course.dice):
            framer.feed(portion)
            while (frame := framer.next_frame()) is not None:
                _frame(course, frame)
    except SmppError as error:
        must(error.stream_lost, "a frame that cannot be cut out ends the stream")
        course.fates["stream lost"] += 1
    _frame(course, octets[:PDU_OCTETS_MAX])


def _frame(course: Course, frame: bytes) -> None:
    try:
        pdu = decode(frame)
    except SmppError as error:
        must(str(error), "a refusal says why")
        course.fates["refused"] += 1
        return
    course.fates[type(pdu.body).__name__] += 1
    if isinstance(pdu.body, Message | DataMessage):
        _content(course, pdu.body)
        _receipt(course, pdu.body)
    classify(pdu.status)
    try:
        again = encode(pdu)
    except SmppError:
        return
    must(decode(again) == pdu, "what was written reads otherwise")


def _message(course: Course, samples: list[bytes]) -> Message | DataMessage:
    dice = course.dice
    octets = course.damage(samples)
    esm, coding = dice.choice(_ESM), dice.choice(_CODINGS)
    parameters = b"" if dice.randrange(3) else course.damage([_RECEIPT_TLVS, _SAR])
    tlvs, rest = read_tlvs(Reader(parameters))
    number = dice.choice(("447700900123", "", "Bureau", "+44", "\xff" * 30))
    more = {"source_addr_ton": dice.choice((0, 1, 5, 255)), "source_addr": number, "esm_class": esm}
    if dice.randrange(2):
        return Message(**more, data_coding=coding, short_message=octets, tlvs=tlvs, rest=rest)  # type: ignore[arg-type]
    payload, _ = read_tlvs(Reader(bureau.tlv(0x0424, octets[:0xFFFF])))
    return DataMessage(**more, data_coding=coding, tlvs=(*payload, *tlvs), rest=rest)  # type: ignore[arg-type]


def receipts(course: Course) -> None:
    _receipt(course, _message(course, RECEIPTS))


def _receipt(course: Course, message: Message | DataMessage) -> None:
    receipt = read_receipt(message, zone=UTC, by_text=course.maybe(0.5))
    course.fates["receipt" if receipt else "no receipt"] += 1
    if receipt is None:
        return
    must(isinstance(receipt, Receipt) and (receipt.state is not None or not receipt.final), "final without a state")
    for word in (*receipt.ids, receipt.error, receipt.text, *receipt.notes):
        word.encode("utf-8", "strict")
    modes: tuple[IdMode, ...] = ("exact", "strip", "answer-hex", "receipt-hex", "auto")
    for told in receipt.ids:
        for mode in modes:
            must(all(matching_keys(told, mode)), "an empty key of an id")
            stored_key(told, mode)


def texts(course: Course) -> None:
    """What came in; and what is written reads back as it was."""
    _content(course, _message(course, TEXTS))
    dice = course.dice
    text = "".join(dice.choice("ok 42\n€[]{}àñПЖ😀\u200b\0\ud800") for _ in range(dice.choice((0, 1, 5, 71, 161, 400))))
    long: Long = dice.choice(("udh8", "udh16", "sar", "payload"))
    default: Default = dice.choice(("gsm7", "latin1", "ascii"))
    try:
        contents = write_text(
            text, reference=dice.randrange(70_000), long=long, default=default, latin1=course.maybe(0.5)
        )
    except SmppError:
        course.fates["not written"] += 1
        return
    course.fates["written"] += 1
    parts = [
        read_content(
            Message(
                data_coding=content.data_coding,
                esm_class=content.esm_class,
                short_message=content.short_message,
                tlvs=content.tlvs,
            ),
            default,
        )
        for content in contents
    ]
    must(all(part.text is not None for part in parts), "a text of ours is no text")
    must(len({part.concat.reference for part in parts if part.concat}) <= 1, "parts of one text with two references")
    must("".join(part.text or "" for part in parts).strip() == _tidied(text), "what was written reads otherwise")


def _tidied(text: str) -> str:
    from gatewayd.text import fit

    return "".join(fit(text, segments_max=255, transliterate=False).segments).strip()


def _content(course: Course, message: Message | DataMessage) -> None:
    default: Default = course.dice.choice(("gsm7", "latin1", "ascii"))
    incoming = read_content(message, default)
    must((incoming.text is None) != (incoming.data is None), "exactly one of text and data")
    course.fates["data" if incoming.text is None else "text"] += 1
    must("\0" not in (incoming.text or ""), "a text with NUL")
    (incoming.text or "").encode()
    read_address(Address(message.source_addr_ton, message.source_addr_npi, message.source_addr), Numbering())


CORES = (Core("smpp-pdu", frames, 75_000), Core("smpp-receipt", receipts, 75_000), Core("smpp-text", texts, 37_500))
