"""Builds SMPP PDUs as a bureau would, for the tests. Shares no code with gatewayd: octets are typed in by the tables of
SMPP 3.4 (4.1 to 4.12, 5.1 to 5.3)."""

from __future__ import annotations

# command_id, 5.1.2.1
NACK = 0x80000000
BIND_RX_RESP, BIND_TX_RESP, BIND_TRX_RESP = 0x80000001, 0x80000002, 0x80000009
SUBMIT_RESP, DELIVER, DELIVER_RESP = 0x80000004, 0x00000005, 0x80000005
UNBIND, UNBIND_RESP = 0x00000006, 0x80000006
ENQUIRE, ENQUIRE_RESP = 0x00000015, 0x80000015
DATA, DATA_RESP = 0x00000103, 0x80000103


def u32(value: int) -> bytes:
    return value.to_bytes(4, "big")


def pdu(command: int, sequence: int, body: bytes = b"", *, status: int = 0) -> bytes:
    return u32(16 + len(body)) + u32(command) + u32(status) + u32(sequence) + body


def tlv(tag: int, value: bytes) -> bytes:
    return tag.to_bytes(2, "big") + len(value).to_bytes(2, "big") + value


def message(
    text: bytes,
    *,
    source: tuple[int, int, str] = (1, 1, "447700900123"),
    destination: tuple[int, int, str] = (0, 1, "60777"),
    esm: int = 0,
    coding: int = 0,
    tlvs: bytes = b"",
) -> bytes:
    """The body of a deliver_sm (4.6.1)."""
    return (
        b"\0"  # service_type
        + bytes(source[:2]) + source[2].encode() + b"\0"
        + bytes(destination[:2]) + destination[2].encode() + b"\0"
        + bytes((esm, 0, 0))  # protocol_id, priority_flag
        + b"\0\0"  # schedule_delivery_time, validity_period
        + bytes((0, 0, coding, 0, len(text)))  # registered_delivery, replace_if_present, data_coding, sm_default_msg_id
        + text + tlvs
    )  # fmt: skip


def data(
    text: bytes,
    *,
    source: tuple[int, int, str] = (1, 1, "447700900123"),
    destination: tuple[int, int, str] = (0, 1, "60777"),
    esm: int = 0,
    coding: int = 0,
    tlvs: bytes = b"",
) -> bytes:
    """The body of a data_sm (4.7.1), its text in message_payload."""
    return (
        b"\0"
        + bytes(source[:2]) + source[2].encode() + b"\0"
        + bytes(destination[:2]) + destination[2].encode() + b"\0"
        + bytes((esm, 0, coding))  # registered_delivery between the two
        + tlvs + tlv(0x0424, text)
    )  # fmt: skip
