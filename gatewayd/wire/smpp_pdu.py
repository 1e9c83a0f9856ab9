"""SMPP 3.4 PDUs: octets to values and back (chapters 3 to 5 of the specification, issue 1.2).

A body class lists its fields in the order of the wire, each with the kind and the limit of the standard; one reader
and one writer serve them all. Lenient in reading: unknown commands, statuses, enumerations and parameters are kept,
C-strings may be too long or lack their last NUL, a response may end anywhere. Strict in writing. SmppError is the
only error.

A request that is cut off inside its fixed fields is refused, not guessed: half a reply could acknowledge the wrong
thing.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import NamedTuple

from gatewayd.wire.smpp_octets import (
    INVALID_COMMAND,
    INVALID_MESSAGE_LENGTH,
    Reader,
    SmppError,
    write_cstring,
    write_octet,
)
from gatewayd.wire.smpp_tlv import Tag, Tlv, octets_of, read_tlvs, write_tlvs

HEADER_OCTETS = 16
PDU_OCTETS_MAX = 131_072  # message_payload alone may have 65,535
SHORT_MESSAGE_OCTETS_MAX = 254
SEQUENCE_MAX = 0x7FFF_FFFF
RESPONSE = 0x8000_0000

_HEADER = struct.Struct(">IIII")


class Command(IntEnum):
    """command_id (5.1.2.1). Others are plain integers."""

    BIND_RECEIVER = 0x0000_0001
    BIND_TRANSMITTER = 0x0000_0002
    QUERY_SM = 0x0000_0003
    SUBMIT_SM = 0x0000_0004
    DELIVER_SM = 0x0000_0005
    UNBIND = 0x0000_0006
    REPLACE_SM = 0x0000_0007
    CANCEL_SM = 0x0000_0008
    BIND_TRANSCEIVER = 0x0000_0009
    OUTBIND = 0x0000_000B
    ENQUIRE_LINK = 0x0000_0015
    ALERT_NOTIFICATION = 0x0000_0102
    DATA_SM = 0x0000_0103
    GENERIC_NACK = 0x8000_0000
    BIND_RECEIVER_RESP = 0x8000_0001
    BIND_TRANSMITTER_RESP = 0x8000_0002
    QUERY_SM_RESP = 0x8000_0003
    SUBMIT_SM_RESP = 0x8000_0004
    DELIVER_SM_RESP = 0x8000_0005
    UNBIND_RESP = 0x8000_0006
    REPLACE_SM_RESP = 0x8000_0007
    CANCEL_SM_RESP = 0x8000_0008
    BIND_TRANSCEIVER_RESP = 0x8000_0009
    ENQUIRE_LINK_RESP = 0x8000_0015
    DATA_SM_RESP = 0x8000_0103


def command_name(command: int) -> str:
    """For logs and reasons: "submit_sm", "command 0x00000021"."""
    try:
        return Command(command).name.lower()
    except ValueError:
        return f"command 0x{command:08X}"


def _text(octets_max: int, *, shown: bool = True) -> str:
    """A C-octet string; its limit counts the NUL."""
    return field(default="", repr=shown, metadata={"kind": "text", "octets_max": octets_max})


def _octet() -> int:
    return field(default=0, metadata={"kind": "octet"})


def _short_message() -> bytes:
    """sm_length and the octets themselves."""
    return field(default=b"", metadata={"kind": "short message"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What every body has at its end. `rest` are octets that are no parameters; it is never written."""

    tlvs: tuple[Tlv, ...] = ()
    rest: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty(Body):
    """enquire_link, unbind, generic_nack and the responses without content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown(Body):
    """A command that is not in SMPP 3.4, or not for a client: all of it is in `rest`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind(Body):
    system_id: str = _text(16)
    password: str = _text(9, shown=False)
    system_type: str = _text(13)
    interface_version: int = _octet()
    addr_ton: int = _octet()
    addr_npi: int = _octet()
    address_range: str = _text(41)


@dataclass(frozen=True, slots=True, kw_only=True)
class BindResp(Body):
    system_id: str = _text(16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbind(Body):
    system_id: str = _text(16)
    password: str = _text(9, shown=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Body):
    """submit_sm and deliver_sm."""

    service_type: str = _text(6)
    source_addr_ton: int = _octet()
    source_addr_npi: int = _octet()
    source_addr: str = _text(21)
    dest_addr_ton: int = _octet()
    dest_addr_npi: int = _octet()
    destination_addr: str = _text(21)
    esm_class: int = _octet()
    protocol_id: int = _octet()
    priority_flag: int = _octet()
    schedule_delivery_time: str = _text(17)
    validity_period: str = _text(17)
    registered_delivery: int = _octet()
    replace_if_present_flag: int = _octet()
    data_coding: int = _octet()
    sm_default_msg_id: int = _octet()
    short_message: bytes = _short_message()


@dataclass(frozen=True, slots=True, kw_only=True)
class DataMessage(Body):
    """data_sm: its text is in the parameter message_payload."""

    service_type: str = _text(6)
    source_addr_ton: int = _octet()
    source_addr_npi: int = _octet()
    source_addr: str = _text(65)
    dest_addr_ton: int = _octet()
    dest_addr_npi: int = _octet()
    destination_addr: str = _text(65)
    esm_class: int = _octet()
    registered_delivery: int = _octet()
    data_coding: int = _octet()


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageResp(Body):
    """submit_sm_resp, deliver_sm_resp, data_sm_resp. "" where the peer gave no id."""

    message_id: str = _text(65)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query(Body):
    message_id: str = _text(65)
    source_addr_ton: int = _octet()
    source_addr_npi: int = _octet()
    source_addr: str = _text(21)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryResp(Body):
    message_id: str = _text(65)
    final_date: str = _text(17)
    message_state: int = _octet()
    error_code: int = _octet()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(Body):
    service_type: str = _text(6)
    message_id: str = _text(65)
    source_addr_ton: int = _octet()
    source_addr_npi: int = _octet()
    source_addr: str = _text(21)
    dest_addr_ton: int = _octet()
    dest_addr_npi: int = _octet()
    destination_addr: str = _text(21)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replace(Body):
    message_id: str = _text(65)
    source_addr_ton: int = _octet()
    source_addr_npi: int = _octet()
    source_addr: str = _text(21)
    schedule_delivery_time: str = _text(17)
    validity_period: str = _text(17)
    registered_delivery: int = _octet()
    sm_default_msg_id: int = _octet()
    short_message: bytes = _short_message()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert(Body):
    """alert_notification: a phone that was away can be reached again. It has no response."""

    source_addr_ton: int = _octet()
    source_addr_npi: int = _octet()
    source_addr: str = _text(65)
    esme_addr_ton: int = _octet()
    esme_addr_npi: int = _octet()
    esme_addr: str = _text(65)


BODIES: dict[int, type[Body]] = {
    Command.GENERIC_NACK: Empty,
    Command.BIND_RECEIVER: Bind,
    Command.BIND_TRANSMITTER: Bind,
    Command.BIND_TRANSCEIVER: Bind,
    Command.BIND_RECEIVER_RESP: BindResp,
    Command.BIND_TRANSMITTER_RESP: BindResp,
    Command.BIND_TRANSCEIVER_RESP: BindResp,
    Command.OUTBIND: Outbind,
    Command.UNBIND: Empty,
    Command.UNBIND_RESP: Empty,
    Command.ENQUIRE_LINK: Empty,
    Command.ENQUIRE_LINK_RESP: Empty,
    Command.SUBMIT_SM: Message,
    Command.SUBMIT_SM_RESP: MessageResp,
    Command.DELIVER_SM: Message,
    Command.DELIVER_SM_RESP: MessageResp,
    Command.DATA_SM: DataMessage,
    Command.DATA_SM_RESP: MessageResp,
    Command.QUERY_SM: Query,
    Command.QUERY_SM_RESP: QueryResp,
    Command.CANCEL_SM: Cancel,
    Command.CANCEL_SM_RESP: Empty,
    Command.REPLACE_SM: Replace,
    Command.REPLACE_SM_RESP: Empty,
    Command.ALERT_NOTIFICATION: Alert,
}

# Name, kind and limit of each field of a body, in the order of the wire.
_LAYOUTS: dict[type[Body], list[tuple[str, str, int]]] = {
    kind: [(f.name, f.metadata["kind"], f.metadata.get("octets_max", 0)) for f in fields(kind) if f.metadata]
    for kind in BODIES.values()
}


class Pdu(NamedTuple):
    command: int
    sequence: int
    status: int = 0
    body: Body = Empty()


class Header(NamedTuple):
    """The first 16 octets of a PDU."""

    length: int
    command: int
    status: int
    sequence: int


class Framer:
    """Cuts a stream into PDUs, in whatever portions it comes; holds at most one unfinished PDU."""

    def __init__(self, octets_max: int = PDU_OCTETS_MAX) -> None:
        self._octets_max = octets_max
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def next_frame(self) -> bytes | None:
        """One whole PDU, or None until there is one. SmppError (stream_lost) for an impossible length."""
        if len(self._buffer) < 4:
            return None
        length = int.from_bytes(self._buffer[:4], "big")
        if not HEADER_OCTETS <= length <= self._octets_max:
            self._buffer.clear()
            raise SmppError(
                f"PDU of {length} octets, possible are {HEADER_OCTETS} to {self._octets_max}", stream_lost=True
            )
        if len(self._buffer) < length:
            return None
        frame = bytes(self._buffer[:length])
        del self._buffer[:length]
        return frame


def read_header(frame: bytes) -> Header:
    if len(frame) < HEADER_OCTETS:
        raise SmppError(f"PDU of {len(frame)} octets has no header", stream_lost=True)
    return Header(*_HEADER.unpack_from(frame))


def decode(frame: bytes) -> Pdu:
    """One whole PDU. SmppError when its length is not the one it says, or a request is cut off."""
    header = read_header(frame)
    if header.length != len(frame):
        raise SmppError(f"PDU says {header.length} octets and has {len(frame)}", stream_lost=True)
    kind = BODIES.get(header.command, Unknown)
    body = _read_body(kind, Reader(frame[HEADER_OCTETS:]), lenient=header.command >= RESPONSE)
    return Pdu(header.command, header.sequence, header.status, body)


def _read_body(kind: type[Body], reader: Reader, *, lenient: bool) -> Body:
    if kind is Unknown:
        return Unknown(rest=reader.rest())
    values: dict[str, str | int | bytes] = {}
    try:
        for name, what, _ in _LAYOUTS[kind]:
            values[name] = _read_field(reader, what, name)
    except SmppError:
        if not lenient:
            raise
        # a refusal usually has no body, and some peers stop in the middle of one
        return kind(**values, rest=reader.rest())  # type: ignore[arg-type]
    tlvs, rest = read_tlvs(reader)
    return kind(**values, tlvs=tlvs, rest=rest)


def _read_field(reader: Reader, what: str, name: str) -> str | int | bytes:
    if what == "text":
        return reader.cstring(name)
    if what == "octet":
        return reader.octet(name)
    length = reader.octet("sm_length")
    if length > len(reader):
        raise SmppError(f"sm_length {length}, {len(reader)} octets there", status=INVALID_MESSAGE_LENGTH)
    return reader.take(length, name)


def encode(pdu: Pdu, *, octets_max: int = PDU_OCTETS_MAX) -> bytes:
    """SmppError for everything that the standard does not allow; nothing is ever cut short to fit."""
    kind = BODIES.get(pdu.command)
    if kind is None:
        raise SmppError(f"{command_name(pdu.command)} is not in SMPP 3.4", status=INVALID_COMMAND)
    if type(pdu.body) is not kind:
        raise SmppError(f"{command_name(pdu.command)} with a body of {type(pdu.body).__name__}")
    if not 0 <= pdu.status <= 0xFFFF_FFFF:
        raise SmppError(f"command_status {pdu.status} does not fit 32 bits")
    # a response repeats whatever number the peer chose
    if not (0 <= pdu.sequence <= 0xFFFF_FFFF if pdu.command >= RESPONSE else 1 <= pdu.sequence <= SEQUENCE_MAX):
        raise SmppError(f"sequence number {pdu.sequence} is not possible")
    if pdu.body.rest:
        raise SmppError("octets that are no parameters cannot be written")
    written = b"".join([_write_field(pdu.body, *item) for item in _LAYOUTS[kind]]) + write_tlvs(pdu.body.tlvs)
    if getattr(pdu.body, "short_message", b"") and octets_of(pdu.body.tlvs, Tag.MESSAGE_PAYLOAD) is not None:
        raise SmppError("a text in short_message and another one in message_payload")
    length = HEADER_OCTETS + len(written)
    if length > octets_max:
        raise SmppError(f"PDU of {length} octets, at most {octets_max} are allowed")
    return _HEADER.pack(length, pdu.command, pdu.status, pdu.sequence) + written


def _write_field(body: Body, name: str, what: str, octets_max: int) -> bytes:
    value = getattr(body, name)
    if what == "text":
        return write_cstring(value, octets_max, name)
    if what == "octet":
        return write_octet(value, name)
    if len(value) > SHORT_MESSAGE_OCTETS_MAX:
        raise SmppError(
            f"short_message of {len(value)} octets, at most {SHORT_MESSAGE_OCTETS_MAX} are allowed",
            status=INVALID_MESSAGE_LENGTH,
        )
    return bytes((len(value),)) + bytes(value)
