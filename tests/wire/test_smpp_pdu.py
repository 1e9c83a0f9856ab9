"""The SMPP codec against PDUs that were put together by hand from the tables of the standard."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.wire import smpp_pdu
from gatewayd.wire.smpp_octets import SmppError
from gatewayd.wire.smpp_pdu import (
    Alert,
    Bind,
    BindResp,
    Body,
    Cancel,
    Command,
    DataMessage,
    Empty,
    Framer,
    Message,
    MessageResp,
    Outbind,
    Pdu,
    Query,
    QueryResp,
    Replace,
    Unknown,
    decode,
    encode,
)
from gatewayd.wire.smpp_tlv import Tag, Tlv, number_of, number_tlv, octets_of, text_of
from tests.wire import smpp_builder as bureau

SUBMIT = Message(
    service_type="CMT",
    source_addr_ton=5,
    source_addr="Gateway",
    dest_addr_ton=1,
    dest_addr_npi=1,
    destination_addr="447700900123",
    esm_class=0,
    priority_flag=3,
    validity_period="000000003000000R",
    registered_delivery=0x11,
    short_message=b"disk full",
    tlvs=(Tlv(Tag.USER_MESSAGE_REFERENCE, b"\x12\x34"),),
)

# Octets typed in from the tables of chapter 4; the first one is the example of section 3.2.3 of the specification.
BY_HAND: dict[str, tuple[str, Pdu]] = {
    "bind_transmitter": (
        "0000002F 00000002 00000000 00000001 534D50503354455354 00 7365637265743038 00 5355424D495431 00 00 01 01 00",
        Pdu(2, 1, 0, Bind(system_id="SMPP3TEST", password="secret08", system_type="SUBMIT1", addr_ton=1, addr_npi=1)),
    ),
    "bind_receiver": (
        "00000018 00000001 00000000 00000002 00 00 00 34 00 00 2A 00",
        Pdu(1, 2, 0, Bind(interface_version=0x34, address_range="*")),
    ),
    "bind_transceiver": (
        "0000001A 00000009 00000000 00000003 61 00 62 00 63 00 34 00 00 00",
        Pdu(9, 3, 0, Bind(system_id="a", password="b", system_type="c", interface_version=0x34)),
    ),
    "bind_transceiver_resp": (
        "0000001A 80000009 00000000 00000003 53432D31 00 0210 0001 34",
        Pdu(0x80000009, 3, 0, BindResp(system_id="SC-1", tlvs=(Tlv(0x0210, b"\x34"),))),
    ),
    "outbind": (
        "00000016 0000000B 00000000 00000001 534331 00 70 00",
        Pdu(0x0B, 1, 0, Outbind(system_id="SC1", password="p")),
    ),
    "unbind": ("00000010 00000006 00000000 0000007F", Pdu(6, 127)),
    "unbind_resp": ("00000010 80000006 00000000 0000007F", Pdu(0x80000006, 127)),
    "enquire_link": ("00000010 00000015 00000000 7FFFFFFF", Pdu(0x15, 0x7FFFFFFF)),
    "enquire_link_resp": ("00000010 80000015 00000000 7FFFFFFF", Pdu(0x80000015, 0x7FFFFFFF)),
    "generic_nack": ("00000010 80000000 00000003 00000000", Pdu(0x80000000, 0, 3)),
    "submit_sm": (
        (
            "00000056 00000004 00000000 00000009"
            "434D5400 05 00 4761746577617900 01 01 34343737303039303031323300"
            "00 00 03 00 30303030303030303330303030303052 00 11 00 00 00 09 6469736B2066756C6C"
            "0204 0002 1234"
        ),
        Pdu(4, 9, 0, SUBMIT),
    ),
    "submit_sm_resp": (
        "00000017 80000004 00000000 00000009 303041463131 00",
        Pdu(0x80000004, 9, 0, MessageResp(message_id="00AF11")),
    ),
    "deliver_sm": (
        (
            "00000042 00000005 00000000 0000000A"
            "00 01 01 34343737303039303031323300 00 01 363037373700 04 00 00 00 00 00 00 08 00 04 006F006B"
            "001E 0003 373700 0427 0001 02"
        ),
        Pdu(
            5,
            10,
            0,
            Message(
                source_addr_ton=1,
                source_addr_npi=1,
                source_addr="447700900123",
                dest_addr_npi=1,
                destination_addr="60777",
                esm_class=4,
                data_coding=8,
                short_message="ok".encode("utf-16-be"),
                tlvs=(Tlv(0x001E, b"77\0"), Tlv(0x0427, b"\2")),
            ),
        ),
    ),
    "deliver_sm_resp": ("00000011 80000005 00000064 0000000A 00", Pdu(0x80000005, 10, 0x64, MessageResp())),
    "data_sm": (
        "00000024 00000103 00000000 0000000B00 01 01 343400 00 00 3100 40 01 F5 0424 0003 6F6B21",
        Pdu(
            0x103,
            11,
            0,
            DataMessage(
                source_addr_ton=1,
                source_addr_npi=1,
                source_addr="44",
                destination_addr="1",
                esm_class=0x40,
                registered_delivery=1,
                data_coding=0xF5,
                tlvs=(Tlv(0x0424, b"ok!"),),
            ),
        ),
    ),
    "data_sm_resp": (
        "0000001A 80000103 00000000 0000000B 373700 0423 0003 030011",
        Pdu(0x80000103, 11, 0, MessageResp(message_id="77", tlvs=(Tlv(0x0423, b"\3\0\x11"),))),
    ),
    "query_sm": (
        "00000017 00000003 00000000 0000000C 373700 01 01 3100",
        Pdu(3, 12, 0, Query(message_id="77", source_addr_ton=1, source_addr_npi=1, source_addr="1")),
    ),
    "query_sm_resp": (
        "00000026 80000003 00000000 0000000C 373700 3236313132323135333030303030302B 00 02 00",
        Pdu(
            0x80000003, 12, 0, QueryResp(message_id="77", final_date="261122153000000+", message_state=2, error_code=0)
        ),
    ),
    "cancel_sm": (
        "0000001C 00000008 00000000 0000000D 00 373700 01 01 3100 01 01 3200",
        Pdu(
            8,
            13,
            0,
            Cancel(
                message_id="77",
                source_addr_ton=1,
                source_addr_npi=1,
                source_addr="1",
                dest_addr_ton=1,
                dest_addr_npi=1,
                destination_addr="2",
            ),
        ),
    ),
    "cancel_sm_resp": ("00000010 80000008 00000011 0000000D", Pdu(0x80000008, 13, 0x11)),
    "replace_sm": (
        "0000001E 00000007 00000000 0000000E 373700 01 01 3100 00 00 01 00 02 6869",
        Pdu(
            7,
            14,
            0,
            Replace(
                message_id="77",
                source_addr_ton=1,
                source_addr_npi=1,
                source_addr="1",
                registered_delivery=1,
                short_message=b"hi",
            ),
        ),
    ),
    "replace_sm_resp": ("00000010 80000007 00000013 0000000E", Pdu(0x80000007, 14, 0x13)),
    "alert_notification": (
        "0000001D 00000102 00000000 0000000F 01 01 3100 00 00 3200 0422 0001 00",
        Pdu(
            0x102,
            15,
            0,
            Alert(
                source_addr_ton=1,
                source_addr_npi=1,
                source_addr="1",
                esme_addr="2",
                tlvs=(Tlv(0x0422, b"\0"),),
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_a_pdu_of_the_standard_is_read_and_written(name: str) -> None:
    octets, pdu = BY_HAND[name]
    frame = bytes.fromhex(octets)
    assert decode(frame) == pdu
    assert encode(pdu) == frame
    assert smpp_pdu.command_name(pdu.command) == name


def test_a_password_does_not_show() -> None:
    assert "secret08" not in repr(BY_HAND["bind_transmitter"][1])


# -- lenient in reading ------------------------------------------------------------------------------------------------


def test_a_refusal_may_have_no_body() -> None:
    for command in (Command.SUBMIT_SM_RESP, Command.BIND_TRANSCEIVER_RESP, Command.DATA_SM_RESP, Command.QUERY_SM_RESP):
        pdu = decode(bureau.pdu(command, 7, status=0x58))
        assert (pdu.status, pdu.sequence) == (0x58, 7)


def test_an_id_without_its_terminator_is_whole() -> None:
    body = decode(bureau.pdu(bureau.SUBMIT_RESP, 7, b"ABC12")).body
    assert isinstance(body, MessageResp)
    assert body.message_id == "ABC12"
    assert text_of([Tlv(Tag.RECEIPTED_MESSAGE_ID, b"ABC12")], Tag.RECEIPTED_MESSAGE_ID) == "ABC12"


def test_the_last_string_of_a_request_may_lack_its_terminator() -> None:
    body = decode(bureau.pdu(0x0B, 1, b"SC1\0secret")).body
    assert body == Outbind(system_id="SC1", password="secret")


def test_strings_longer_than_allowed_are_read() -> None:
    sender = "4" * 40
    body = decode(bureau.pdu(bureau.DELIVER, 1, bureau.message(b"ok", source=(1, 1, sender)))).body
    assert isinstance(body, Message)
    assert (body.source_addr, body.short_message) == (sender, b"ok")


def test_a_response_cut_off_in_the_middle_keeps_what_was_there() -> None:
    body = decode(bureau.pdu(0x80000003, 1, b"77\x00261122153000000+\0")).body
    assert body == QueryResp(message_id="77", final_date="261122153000000+")


def test_what_nobody_knows_is_kept() -> None:
    unknown = decode(bureau.pdu(0x00010200, 5, b"\1\2\3", status=0x0432))
    assert unknown == Pdu(0x00010200, 5, 0x0432, Unknown(rest=b"\1\2\3"))
    body = decode(
        bureau.pdu(
            bureau.DELIVER,
            5,
            bureau.message(b"ok", source=(9, 0x77, "x"), coding=0xAB, tlvs=bureau.tlv(0x1501, b"vendor")),
        )
    ).body
    assert isinstance(body, Message)
    assert (body.source_addr_ton, body.source_addr_npi, body.data_coding) == (9, 0x77, 0xAB)
    assert octets_of(body.tlvs, 0x1501) == b"vendor"


def test_parameters_in_pdus_that_the_standard_does_not_give_them_to() -> None:
    tlvs = bureau.tlv(0x0005, b"\1") + bureau.tlv(0x1380, b"\2") + bureau.tlv(0x001D, b"fine\0")
    body = decode(bureau.pdu(bureau.DELIVER, 5, bureau.message(b"ok", tlvs=tlvs))).body
    assert [tlv.tag for tlv in body.tlvs] == [0x0005, 0x1380, 0x001D]
    body = decode(bureau.pdu(bureau.SUBMIT_RESP, 5, b"1\0" + bureau.tlv(0x0423, b"\3\0\1"))).body
    assert octets_of(body.tlvs, Tag.NETWORK_ERROR_CODE) == b"\3\0\1"


@pytest.mark.parametrize("state", [b"\2", b"\0\2", b"\0\0\0\2"])
def test_numbers_of_any_length(state: bytes) -> None:
    tlvs = bureau.tlv(0x0427, state) + bureau.tlv(0x0204, b"\x12\x34")
    body = decode(bureau.pdu(bureau.DELIVER, 5, bureau.message(b"", tlvs=tlvs))).body
    assert number_of(body.tlvs, Tag.MESSAGE_STATE) == 2
    assert number_of(body.tlvs, Tag.USER_MESSAGE_REFERENCE) == 0x1234


def test_absent_empty_and_absurd_numbers_are_none() -> None:
    tlvs = (Tlv(1, b""), Tlv(2, bytes(9)))
    assert [number_of(tlvs, tag) for tag in (1, 2, 3)] == [None, None, None]


@pytest.mark.parametrize("garbage", [b"\x04", b"\x04\x27\x00", b"\x04\x24\xff\xff12345"])
def test_garbage_behind_the_parameters_is_kept_apart(garbage: bytes) -> None:
    body = decode(bureau.pdu(bureau.DELIVER, 5, bureau.message(b"ok", tlvs=bureau.tlv(0x0427, b"\2") + garbage))).body
    assert isinstance(body, Message)
    assert (body.short_message, body.tlvs, body.rest) == (b"ok", (Tlv(0x0427, b"\2"),), garbage)


def test_a_request_cut_off_inside_its_fields_is_refused_not_guessed() -> None:
    whole = bureau.message(b"ok 42")
    for cut in range(len(whole)):
        with pytest.raises(SmppError) as refusal:
            decode(bureau.pdu(bureau.DELIVER, 5, whole[:cut]))
        assert not refusal.value.stream_lost


def test_a_text_shorter_than_it_says_is_refused() -> None:
    with pytest.raises(SmppError, match="sm_length 5, 2 octets there") as refusal:
        decode(bureau.pdu(bureau.DELIVER, 5, bureau.message(b"ok 42")[:-3]))
    assert refusal.value.status == 0x01


# -- strict in writing -------------------------------------------------------------------------------------------------


def with_(**changes: Any) -> Message:
    values = {name: getattr(SUBMIT, name) for name in SUBMIT.__dataclass_fields__}
    return Message(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"destination_addr": "4" * 21}, "destination_addr has 21 octets, at most 20"),
        ({"destination_addr": "44\x0077"}, "destination_addr contains NUL"),
        ({"source_addr": "Ωmega"}, "source_addr has characters"),
        ({"validity_period": "000000003000000R0"}, "validity_period has 17 octets"),
        ({"short_message": bytes(255)}, "short_message of 255 octets"),
        ({"data_coding": 256}, "data_coding 256 is not an octet"),
        ({"priority_flag": -1}, "priority_flag -1 is not an octet"),
        ({"tlvs": (Tlv(Tag.MESSAGE_PAYLOAD, b"x"),)}, "another one in message_payload"),
        ({"tlvs": (Tlv(Tag.SAR_MSG_REF_NUM, b"x"),)}, "sar_msg_ref_num of 1 octets, allowed are 2 to 2"),
        ({"tlvs": (Tlv(Tag.MESSAGE_STATE, b"xx"),)}, "message_state of 2 octets"),
        ({"tlvs": (Tlv(0x1501, b""), Tlv(0x1501, b""))}, "parameter 0x1501 twice"),
        ({"tlvs": (Tlv(0x10000, b""),)}, "does not fit 16 bits"),
        ({"rest": b"x"}, "cannot be written"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_the_standard_forbids_is_not_written(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(SmppError, match=reason):
        encode(Pdu(Command.SUBMIT_SM, 1, 0, with_(**changes)))


@pytest.mark.parametrize(
    "pdu",
    [
        Pdu(Command.SUBMIT_SM, 0, 0, SUBMIT),
        Pdu(Command.SUBMIT_SM, 0x80000000, 0, SUBMIT),
        Pdu(Command.SUBMIT_SM, 1, 1 << 32, SUBMIT),
        Pdu(Command.SUBMIT_SM, 1, 0, Empty()),
        Pdu(Command.ENQUIRE_LINK_RESP, 1 << 32),
        Pdu(0x00010200, 1),
        Pdu(Command.BIND_TRANSCEIVER, 1, 0, Bind(password="ninechars")),
    ],
    ids=repr,
)
def test_a_pdu_that_cannot_be_is_not_written(pdu: Pdu) -> None:
    with pytest.raises(SmppError):
        encode(pdu)


def test_a_pdu_beyond_the_limit_is_not_written() -> None:
    payload = Message(tlvs=(Tlv(Tag.MESSAGE_PAYLOAD, bytes(300)),))
    with pytest.raises(SmppError, match="at most 256 are allowed"):
        encode(Pdu(Command.SUBMIT_SM, 1, 0, payload), octets_max=256)


def test_a_number_has_the_length_that_the_standard_gives_it() -> None:
    assert number_tlv(Tag.USER_MESSAGE_REFERENCE, 7) == Tlv(0x0204, b"\0\7")
    assert number_tlv(Tag.SAR_TOTAL_SEGMENTS, 7) == Tlv(0x020E, b"\7")
    with pytest.raises(SmppError, match="does not fit 1 octets"):
        number_tlv(Tag.SAR_TOTAL_SEGMENTS, 256)


# -- the stream --------------------------------------------------------------------------------------------------------

STREAM = b"".join(bytes.fromhex(octets) for octets, _ in BY_HAND.values())


def frames(portions: list[bytes]) -> list[Pdu]:
    framer, found = Framer(), []
    for portion in portions:
        framer.feed(portion)
        while (frame := framer.next_frame()) is not None:
            found.append(decode(frame))
    return found


def test_octet_by_octet_is_the_same_as_at_once() -> None:
    whole = frames([STREAM])
    assert whole == [pdu for _, pdu in BY_HAND.values()]
    assert frames([bytes((octet,)) for octet in STREAM]) == whole


@given(st.lists(st.integers(0, len(STREAM)), max_size=20))
def test_any_portions(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    portions = [STREAM[start:end] for start, end in itertools.pairwise(edges)]
    assert frames(portions) == [pdu for _, pdu in BY_HAND.values()]


@pytest.mark.parametrize("length", [0, 2, 8, 15, 131_073, 0xFFFF_FFFF])
def test_an_impossible_length_ends_the_stream_at_once(length: int) -> None:
    framer = Framer()
    framer.feed(bureau.pdu(bureau.ENQUIRE, 1) + length.to_bytes(4, "big"))
    assert framer.next_frame() == bureau.pdu(bureau.ENQUIRE, 1)
    with pytest.raises(SmppError) as refusal:
        framer.next_frame()
    assert refusal.value.stream_lost


def test_the_limit_of_a_pdu_can_be_set() -> None:
    framer = Framer(100)
    framer.feed(bureau.pdu(bureau.DELIVER, 1, bytes(85)))
    with pytest.raises(SmppError, match="101 octets, possible are 16 to 100"):
        framer.next_frame()


# -- chance ------------------------------------------------------------------------------------------------------------

octet = st.integers(0, 255)
tags = st.sampled_from([0x1501, 0x1502, 0x3FFF])


def strings(octets_max: int) -> st.SearchStrategy[str]:
    return st.binary(max_size=octets_max - 1).map(lambda b: b.replace(b"\0", b"0").decode("latin-1"))


def bodies(kind: type[Body]) -> st.SearchStrategy[Body]:
    parts: dict[str, st.SearchStrategy[Any]] = {
        "tlvs": st.lists(st.builds(Tlv, tags, st.binary(max_size=40)), max_size=3, unique_by=lambda t: t.tag).map(tuple)
    }
    for name, what, octets_max in smpp_pdu._LAYOUTS[kind]:
        parts[name] = {"text": strings(octets_max or 1), "octet": octet}.get(what, st.binary(max_size=254))
    return st.builds(kind, **parts)


any_pdu = st.sampled_from(sorted(smpp_pdu.BODIES)).flatmap(
    lambda command: st.builds(
        Pdu, st.just(command), st.integers(1, 0x7FFFFFFF), st.integers(0, 0xFFFFFFFF), bodies(smpp_pdu.BODIES[command])
    )
)


@given(any_pdu)
def test_what_is_written_is_read_again(pdu: Pdu) -> None:
    assert decode(encode(pdu)) == pdu


@given(any_pdu, st.data())
def test_damaged_octets_raise_nothing_else(pdu: Pdu, chance: st.DataObject) -> None:
    octets = bytearray(encode(pdu))
    for _ in range(chance.draw(st.integers(1, 6))):
        octets[chance.draw(st.integers(0, len(octets) - 1))] = chance.draw(octet)
    cut = chance.draw(st.integers(0, len(octets)))
    body = bytes(octets[16:cut])
    try:
        decode(len(body + bytes(16)).to_bytes(4, "big") + bytes(octets[4:16]) + body)
        decode(bytes(octets[:cut]))
    except SmppError as error:
        assert str(error)


@given(st.binary(max_size=200))
def test_any_octets(octets: bytes) -> None:
    framer = Framer()
    framer.feed(octets)
    try:
        while (frame := framer.next_frame()) is not None:
            decode(frame)
    except SmppError as error:
        assert str(error)
