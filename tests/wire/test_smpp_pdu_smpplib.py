"""The SMPP codec against smpplib's, both ways, where smpplib holds to the standard."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import smpplib.pdu
import smpplib.smpp
from hypothesis import given
from hypothesis import strategies as st

from gatewayd.wire.smpp_pdu import (
    Bind,
    BindResp,
    Command,
    DataMessage,
    Message,
    MessageResp,
    Pdu,
    Query,
    decode,
    encode,
)
from gatewayd.wire.smpp_tlv import Tag, Tlv, number_tlv


class Shim:
    """The little that smpplib's codec wants of a client."""

    def __init__(self, sequence: int = 0) -> None:
        self.sequence = sequence

    def next_sequence(self) -> int:
        return self.sequence


def theirs(name: str, sequence: int, **fields: Any) -> bytes:
    return bytes(smpplib.smpp.make_pdu(name, client=Shim(sequence), **fields).generate())


def read_by_them(octets: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return smpplib.smpp.parse_pdu(octets, client=Shim(), allow_unknown_opt_params=True)


def words(octets_max: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=octets_max - 1)


octet = st.integers(0, 255)
small = st.integers(0, 127)
sequences = st.integers(1, 0x7FFFFFFF)
reference = st.integers(0, 65535).map(lambda n: number_tlv(Tag.USER_MESSAGE_REFERENCE, n))
messages = st.builds(
    Message,
    service_type=words(6),
    source_addr_ton=octet,
    source_addr_npi=octet,
    source_addr=words(21),
    dest_addr_ton=octet,
    dest_addr_npi=octet,
    destination_addr=words(21),
    esm_class=octet,
    protocol_id=octet,
    priority_flag=octet,
    schedule_delivery_time=words(17),
    validity_period=words(17),
    registered_delivery=octet,
    replace_if_present_flag=octet,
    data_coding=octet,
    sm_default_msg_id=octet,
    short_message=st.binary(min_size=1, max_size=254),
    tlvs=st.tuples(reference),
)
FIELDS = [name for name in Message.__dataclass_fields__ if name not in ("tlvs", "rest")]


@given(messages, sequences)
def test_they_read_our_submit_sm(message: Message, sequence: int) -> None:
    pdu = read_by_them(encode(Pdu(Command.SUBMIT_SM, sequence, 0, message)))
    assert (pdu.command, pdu.sequence, pdu.status) == ("submit_sm", sequence, 0)
    for name in FIELDS:
        value = getattr(message, name)
        assert getattr(pdu, name) == (value.encode() if isinstance(value, str) else value), name
    assert pdu.user_message_reference == int.from_bytes(message.tlvs[0].value, "big")


@given(messages, sequences, st.sampled_from(["submit_sm", "deliver_sm"]))
def test_we_read_their_messages_and_write_the_same_octets(message: Message, sequence: int, name: str) -> None:
    fields = {field: getattr(message, field) for field in FIELDS}
    octets = theirs(name, sequence, **fields, user_message_reference=int.from_bytes(message.tlvs[0].value, "big"))
    pdu = decode(octets)
    assert pdu.body == message
    assert encode(pdu) == octets


@pytest.mark.parametrize("name", ["bind_receiver", "bind_transmitter", "bind_transceiver"])
def test_we_write_their_bind(name: str) -> None:
    octets = theirs(name, 7, system_id="gateway", password="secret", system_type="VMA", address_range="^44")
    body = Bind(system_id="gateway", password="secret", system_type="VMA", interface_version=0x34, address_range="^44")
    assert decode(octets) == Pdu(Command[name.upper()], 7, 0, body)
    assert encode(Pdu(Command[name.upper()], 7, 0, body)) == octets


def test_they_read_our_responses() -> None:
    pdu = read_by_them(encode(Pdu(Command.DELIVER_SM_RESP, 9, 0x64, MessageResp())))
    assert (pdu.command, pdu.sequence, pdu.status) == ("deliver_sm_resp", 9, 0x64)
    pdu = read_by_them(encode(Pdu(Command.ENQUIRE_LINK_RESP, 0x7FFFFFFF)))
    assert (pdu.command, pdu.sequence) == ("enquire_link_resp", 0x7FFFFFFF)
    pdu = read_by_them(encode(Pdu(Command.GENERIC_NACK, 0, 3)))
    assert (pdu.command, pdu.status) == ("generic_nack", 3)


def test_we_read_their_responses() -> None:
    assert decode(theirs("submit_sm_resp", 4, message_id="00AF11")).body == MessageResp(message_id="00AF11")
    body = BindResp(system_id="SC", tlvs=(Tlv(Tag.SC_INTERFACE_VERSION, b"\x34"),))
    assert decode(theirs("bind_transceiver_resp", 4, system_id="SC", sc_interface_version=0x34)).body == body


def test_data_sm_and_query_sm_both_ways() -> None:
    data = DataMessage(
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr="447700900123",
        dest_addr_ton=1,
        dest_addr_npi=1,
        destination_addr="60777",
        registered_delivery=1,
        tlvs=(Tlv(Tag.MESSAGE_PAYLOAD, b"ok 42"),),
    )
    pdu = read_by_them(encode(Pdu(Command.DATA_SM, 5, 0, data)))
    assert (pdu.source_addr, pdu.destination_addr, pdu.message_payload) == (b"447700900123", b"60777", b"ok 42")
    query = Query(message_id="77", source_addr_ton=1, source_addr_npi=1, source_addr="60777")
    octets = theirs("query_sm", 6, message_id="77", source_addr_ton=1, source_addr_npi=1, source_addr="60777")
    assert decode(octets).body == query
    assert encode(Pdu(Command.QUERY_SM, 6, 0, query)) == octets
